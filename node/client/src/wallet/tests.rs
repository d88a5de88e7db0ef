//! Wallets of every form, and damaged ones.

use std::{fs, path::PathBuf};

use proptest::prelude::*;
use serde_json::{Value, json};
use sp_core::Pair as _;
use tempfile::TempDir;

use super::*;

/// The phrase of the development accounts, without a path.
const PHRASE: &str = "bottom drive obey lake curtain smoke basket hold race lonely fit walk";
const SEED: &str = "0xfac7959dbfe72f052e5a0c3c8d6530f202b02fd8f9f5ca3580ec8deb7797479e";
const ADDRESS: &str = "5DfhGyQdFobKM8NsWvEeAKk5EQQgYe9AydgJ7rMB6E1EqRzV";
const PUBLIC: &str = "0x46ebddef8cd9bb167dc30878d7113b7e168e6f0646beffd77d69d39bad76b47a";

/// A wallet `w` with this content of the hotkey `h` and the file of its coldkey.
fn wallet(hotkey: &str, coldkey: Option<&str>) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let wallet = folder.path().join("w");
    fs::create_dir_all(wallet.join("hotkeys")).unwrap();
    fs::write(wallet.join("hotkeys/h"), hotkey).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let file = wallet.join("hotkeys/h");
        fs::set_permissions(file, fs::Permissions::from_mode(0o600)).unwrap();
    }
    if let Some(coldkey) = coldkey {
        fs::write(wallet.join("coldkeypub.txt"), coldkey).unwrap();
    }
    folder
}

fn open(hotkey: &str, coldkey: Option<&str>) -> Result<Wallet, WalletError> {
    let folder = wallet(hotkey, coldkey);
    Wallet::open(Some(folder.path()), "w", "h")
}

/// A hotkey's file as wallets write it, with some fields changed; `null` removes one.
fn keyfile(changes: Value) -> String {
    let mut fields = json!({
        "accountId": PUBLIC,
        "publicKey": PUBLIC,
        "secretPhrase": PHRASE,
        "secretSeed": SEED,
        "ss58Address": ADDRESS,
    });
    for (name, value) in changes.as_object().unwrap() {
        fields[name] = value.clone();
    }
    fields.to_string()
}

fn own() -> AccountId32 {
    from_ss58(ADDRESS).unwrap()
}

#[test]
fn a_wallet_is_opened_with_its_coldkey() {
    let coldkey = json!({ "accountId": PUBLIC, "publicKey": PUBLIC, "ss58Address": ADDRESS });
    let wallet = open(&keyfile(json!({})), Some(&coldkey.to_string())).unwrap();
    assert_eq!(wallet.hotkey(), own());
    assert_eq!(wallet.coldkey(), Some(&own()));
    assert_eq!(wallet.name(), "w/h");
    assert_eq!(wallet.warnings(), &[] as &[String]);
    let signature = wallet.pair().sign(b"text");
    assert!(Pair::verify(&signature, b"text", &wallet.pair().public()));
}

#[test]
fn each_form_of_the_secret_is_enough() {
    let pair = Pair::from_string(PHRASE, None).unwrap();
    let private = format!("0x{}", hex::encode(pair.to_raw_vec()));
    for secret in [
        json!({ "secretPhrase": null }),
        json!({ "secretSeed": null }),
        json!({ "secretSeed": SEED.trim_start_matches("0x") }),
        json!({ "secretPhrase": null, "secretSeed": null, "privateKey": private }),
        // Without any public field to compare with.
        json!({ "accountId": null, "publicKey": null, "ss58Address": null }),
        json!({ "cryptoType": 1, "later": {"more": []} }),
    ] {
        let wallet = open(&keyfile(secret.clone()), None).unwrap();
        assert_eq!(wallet.hotkey(), own(), "{secret}");
    }
}

#[test]
fn each_form_of_a_public_coldkey_is_read() {
    for coldkey in [
        ADDRESS.to_owned(),
        format!("{ADDRESS}\n"),
        PUBLIC.to_owned(),
        json!({ "ss58Address": ADDRESS }).to_string(),
        json!({ "publicKey": PUBLIC, "ss58Address": null }).to_string(),
    ] {
        let wallet = open(&keyfile(json!({})), Some(&coldkey)).unwrap();
        assert_eq!(wallet.coldkey(), Some(&own()), "{coldkey}");
    }
    for coldkey in [
        "",
        "{}",
        "[]",
        "nonsense",
        "0x00",
        &format!("{ADDRESS}x"),
        &json!({ "ss58Address": ADDRESS, "publicKey": format!("0x{}", "00".repeat(32)) })
            .to_string(),
    ] {
        let error = open(&keyfile(json!({})), Some(coldkey)).unwrap_err();
        assert!(matches!(error, WalletError::Damaged { .. }), "{coldkey}");
        assert!(error.to_string().contains("coldkeypub.txt"), "{error}");
    }
}

#[test]
fn an_absent_coldkey_is_a_warning() {
    let wallet = open(&keyfile(json!({})), None).unwrap();
    assert_eq!(wallet.coldkey(), None);
    assert!(wallet.warnings()[0].contains("coldkeypub.txt"));
}

#[test]
fn encrypted_hotkeys_are_named_with_a_way_out() {
    for (content, form) in [
        ("$NACL\u{1}\u{2}", "NaCl"),
        ("$ANSIBLE_VAULT;1.1;AES256\n6162", "Ansible"),
        ("gAAAAABk", "oldest"),
    ] {
        let error = open(content, None).unwrap_err();
        assert!(matches!(error, WalletError::Encrypted { .. }));
        let text = error.to_string();
        assert!(text.contains(form) && text.contains("btcli"), "{text}");
    }
}

#[test]
fn damaged_hotkeys_are_refused_and_their_secrets_not_repeated() {
    let zeros = format!("0x{}", "00".repeat(32));
    for (content, word) in [
        (String::new(), "empty"),
        (" \n".into(), "empty"),
        ("{".into(), "line 1"),
        ("[]".into(), "JSON"),
        ("null".into(), "JSON"),
        ("{}".into(), "no secret"),
        (format!("{{\"secretSeed\": \"{SEED}\""), "line 1"),
        (json!({ "secretSeed": 7 }).to_string(), "JSON"),
        (ADDRESS.to_owned(), "address only"),
        (PUBLIC.to_owned(), "address only"),
        (
            keyfile(json!({ "secretSeed": null, "secretPhrase": null })),
            "no secret",
        ),
        (keyfile(json!({ "secretSeed": "0x12" })), "length"),
        (keyfile(json!({ "secretSeed": "seed" })), "not hex"),
        (
            keyfile(json!({ "secretSeed": null, "secretPhrase": "bottom drive" })),
            "secretPhrase",
        ),
        (
            keyfile(json!({ "secretSeed": null, "secretPhrase": null, "privateKey": SEED[..20] })),
            "privateKey",
        ),
        (keyfile(json!({ "secretSeed": zeros })), "does not belong"),
        (keyfile(json!({ "ss58Address": "5x" })), "ss58Address"),
        (keyfile(json!({ "publicKey": zeros })), "publicKey"),
        (keyfile(json!({ "accountId": zeros })), "accountId"),
    ] {
        let error = open(&content, None).unwrap_err();
        assert!(matches!(error, WalletError::Damaged { .. }), "{error:?}");
        for text in [error.to_string(), format!("{error:?}")] {
            assert!(text.contains(word), "{word}: {text}");
            for secret in [&SEED[2..], PHRASE] {
                assert!(!text.contains(secret), "{text}");
            }
        }
    }
}

#[test]
fn what_is_not_there_is_said_with_where_and_how() {
    let folder = wallet(&keyfile(json!({})), None);
    for (name, hotkey, word) in [
        ("other", "h", "wallet create"),
        ("w", "other", "new-hotkey"),
    ] {
        let error = Wallet::open(Some(folder.path()), name, hotkey).unwrap_err();
        let text = error.to_string();
        assert!(text.contains("other") && text.contains(word), "{text}");
    }
}

#[test]
fn names_that_are_paths_are_refused() {
    let folder = wallet(&keyfile(json!({})), None);
    for name in [
        "",
        ".",
        "..",
        "/",
        "/etc",
        "w/",
        "w/hotkeys",
        "../w",
        "a\\b",
    ] {
        for (wallet, hotkey) in [(name, "h"), ("w", name)] {
            let error = Wallet::open(Some(folder.path()), wallet, hotkey).unwrap_err();
            assert!(matches!(error, WalletError::Name { .. }), "{name}: {error}");
        }
    }
}

#[test]
fn what_is_no_file_of_this_size_is_refused() {
    let folder = wallet(&" ".repeat(70_000), None);
    let error = Wallet::open(Some(folder.path()), "w", "h").unwrap_err();
    assert!(error.to_string().contains("too large"), "{error}");
    fs::create_dir(folder.path().join("w/hotkeys/folder")).unwrap();
    let error = Wallet::open(Some(folder.path()), "w", "folder").unwrap_err();
    assert!(error.to_string().contains("not a file"), "{error}");
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    #[test]
    fn a_hotkey_that_others_can_read_is_a_warning() {
        let folder = wallet(&keyfile(json!({})), Some(ADDRESS));
        let file: PathBuf = folder.path().join("w/hotkeys/h");
        for (mode, warns) in [(0o600, false), (0o400, false), (0o640, true), (0o604, true)] {
            fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
            let wallet = Wallet::open(Some(folder.path()), "w", "h").unwrap();
            assert_eq!(wallet.warnings().len(), usize::from(warns), "{mode:o}");
            assert!(!warns || wallet.warnings()[0].contains("chmod 600"));
        }
    }

    #[test]
    fn a_coldkey_is_never_opened() {
        let folder = wallet(&keyfile(json!({})), Some(ADDRESS));
        let cold = folder.path().join("w/coldkey");
        fs::write(&cold, keyfile(json!({}))).unwrap();
        symlink(&cold, folder.path().join("w/hotkeys/link")).unwrap();
        let error = Wallet::open(Some(folder.path()), "w", "link").unwrap_err();
        assert!(error.to_string().contains("coldkey"), "{error}");
        // A coldkey that nobody may read changes nothing.
        fs::set_permissions(&cold, fs::Permissions::from_mode(0o000)).unwrap();
        assert!(Wallet::open(Some(folder.path()), "w", "h").is_ok());
    }
}

#[test]
fn secrets_are_not_shown() {
    let wallet = open(&keyfile(json!({})), None).unwrap();
    let shown = format!("{wallet:?}");
    assert!(shown.contains(ADDRESS), "{shown}");
    for secret in [&SEED[2..], PHRASE, &hex::encode(wallet.pair().to_raw_vec())] {
        assert!(!shown.contains(secret), "{shown}");
    }
    let error = Wallet::from_suri("not a phrase of words").unwrap_err();
    assert!(!format!("{error} {error:?}").contains("phrase of words"));
}

#[test]
fn development_keys_are_their_own_coldkeys() {
    let wallet = Wallet::from_suri("//Alice").unwrap();
    assert_eq!(
        to_ss58(&wallet.hotkey()),
        "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY"
    );
    assert_eq!(wallet.coldkey(), Some(&wallet.hotkey()));
}

proptest! {
    #[test]
    fn no_content_of_a_keyfile_panics(content in proptest::collection::vec(any::<u8>(), 0..400)) {
        let path = std::path::Path::new("file");
        let _ = keyfile::pair(path, &content);
        let _ = keyfile::account(path, &content);
    }

    #[test]
    fn a_changed_letter_never_gives_another_key(at in 0usize..300, letter in "[ -~]") {
        let mut content = super::tests::keyfile(json!({ "secretPhrase": null }));
        prop_assume!(at < content.len());
        content.replace_range(at..=at, &letter);
        if let Ok(pair) = super::keyfile::pair(std::path::Path::new("file"), content.as_bytes()) {
            prop_assert_eq!(AccountId32::new(pair.public().0), own());
        }
    }
}
