//! The content of a keyfile.

use std::path::Path;

use serde::Deserialize;
use sp_core::{Pair as _, crypto::Zeroize, sr25519::Pair};

use super::{
    open::{WalletError, plain_account},
    ss58::from_ss58,
};
use crate::AccountId32;

/// The fields that wallets write. Others, and the scheme of future ones, are left out.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Keyfile {
    account_id: Option<String>,
    public_key: Option<String>,
    private_key: Option<String>,
    secret_phrase: Option<String>,
    secret_seed: Option<String>,
    ss58_address: Option<String>,
}

impl Drop for Keyfile {
    fn drop(&mut self) {
        self.private_key.zeroize();
        self.secret_phrase.zeroize();
        self.secret_seed.zeroize();
    }
}

/// How a file is encrypted, if it is.
fn encryption(content: &[u8]) -> Option<&'static str> {
    const FORMS: [(&[u8], &str); 3] = [
        (b"$NACL", "NaCl"),
        (b"$ANSIBLE_VAULT", "Ansible Vault"),
        (b"gAAAAA", "the oldest form"),
    ];
    FORMS
        .iter()
        .find(|(start, _)| content.starts_with(start))
        .map(|(_, form)| *form)
}

fn damaged(path: &Path, reason: &str) -> WalletError {
    WalletError::Damaged {
        path: path.to_owned(),
        reason: reason.to_owned(),
    }
}

/// Errors of the JSON parser can quote the text, so they are not repeated.
fn parse(path: &Path, content: &[u8]) -> Result<Keyfile, WalletError> {
    serde_json::from_slice(content).map_err(|error| {
        let reason = format!(
            "it is not the JSON of a key (line {}, column {})",
            error.line(),
            error.column()
        );
        damaged(path, &reason)
    })
}

/// The key pair in a hotkey's file.
///
/// Of several secrets the seed counts, then the phrase, then the private key; all public fields must belong to
/// it.
///
/// **Errors:** the file is encrypted; it is not the JSON of a key; it has no secret; a field does not fit.
pub(super) fn pair(path: &Path, content: &[u8]) -> Result<Pair, WalletError> {
    if let Some(form) = encryption(content) {
        return Err(WalletError::Encrypted {
            path: path.to_owned(),
            form,
        });
    }
    if content.trim_ascii().is_empty() {
        return Err(damaged(path, "it is empty"));
    }
    if plain_text(content).is_some_and(|text| from_ss58(text).is_ok()) {
        return Err(damaged(path, "it holds an address only, and no secret"));
    }
    let keyfile = parse(path, content)?;
    let pair = if let Some(seed) = &keyfile.secret_seed {
        from_hex(path, "secretSeed", seed)?
    } else if let Some(phrase) = &keyfile.secret_phrase {
        Pair::from_phrase(phrase, None)
            .map_err(|_| damaged(path, "secretPhrase is no phrase of known words"))?
            .0
    } else if let Some(key) = &keyfile.private_key {
        from_hex(path, "privateKey", key)?
    } else {
        return Err(damaged(path, "it has no secret"));
    };
    let derived = AccountId32::new(pair.public().0);
    for (field, account) in public_fields(path, &keyfile)? {
        if account != derived {
            let reason = format!("{field} does not belong to its secret");
            return Err(damaged(path, &reason));
        }
    }
    Ok(pair)
}

/// The account in a `coldkeypub.txt`: the JSON of a key, an address, or 32 bytes in hex.
///
/// **Errors:** the file is none of them; its fields name different accounts.
pub(super) fn account(path: &Path, content: &[u8]) -> Result<AccountId32, WalletError> {
    if let Some(text) = plain_text(content) {
        return plain_account(path, text);
    }
    let keyfile = parse(path, content)?;
    let mut fields = public_fields(path, &keyfile)?.into_iter();
    let (_, first) = fields
        .next()
        .ok_or_else(|| damaged(path, "it names no account"))?;
    match fields.find(|(_, account)| *account != first) {
        Some((field, _)) => {
            let reason = format!("{field} names another account than the fields before it");
            Err(damaged(path, &reason))
        }
        None => Ok(first),
    }
}

/// The text of a file that is one word and no JSON.
fn plain_text(content: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(content).ok()?.trim();
    let is_word = !text.is_empty() && text.chars().all(|letter| letter.is_ascii_alphanumeric());
    is_word.then_some(text)
}

fn public_fields(
    path: &Path,
    keyfile: &Keyfile,
) -> Result<Vec<(&'static str, AccountId32)>, WalletError> {
    let fields = [
        ("ss58Address", &keyfile.ss58_address),
        ("publicKey", &keyfile.public_key),
        ("accountId", &keyfile.account_id),
    ];
    let mut found = Vec::new();
    for (field, text) in fields {
        if let Some(text) = text {
            let account = from_ss58(text).map_err(|error| {
                let reason = format!("{field} is no account: {}", error.reason);
                damaged(path, &reason)
            })?;
            found.push((field, account));
        }
    }
    Ok(found)
}

/// A pair from 32 bytes of seed or 64 of key, in hex.
fn from_hex(path: &Path, field: &str, text: &str) -> Result<Pair, WalletError> {
    let fail = |reason: &str| damaged(path, &format!("{field} {reason}"));
    let digits = text.strip_prefix("0x").unwrap_or(text);
    let mut bytes = hex::decode(digits).map_err(|_| fail("is not hex"))?;
    let pair = Pair::from_seed_slice(&bytes);
    bytes.zeroize();
    pair.map_err(|_| fail("has the wrong length"))
}
