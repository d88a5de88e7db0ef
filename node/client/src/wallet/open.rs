//! Opening a wallet's folder.

use std::{
    fs::File,
    io::Read,
    path::{Component, Path, PathBuf},
};

use sp_core::crypto::Zeroize;

use super::{Wallet, from_ss58, keyfile};
use crate::AccountId32;

/// No keyfile is larger.
const LARGEST: u64 = 64 * 1024;

/// A wallet that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WalletError {
    /// A secret URI that cannot be read. It is not repeated here.
    #[error("the secret URI cannot be read; write it like //Alice, or use a wallet")]
    Suri,
    /// A name that is a path.
    #[error("'{name}' cannot be the name of a {what}; it is one folder or file, without slashes")]
    Name {
        /// Wallet or hotkey.
        what: &'static str,
        /// What was given.
        name: String,
    },
    /// Nobody knows where wallets are.
    #[error("the home folder is unknown; say where the wallets are with --wallet-path")]
    NoHome,
    /// A file that is not there.
    #[error("there is no {what} at {}; {hint}", path.display())]
    Absent {
        /// What was looked for.
        what: &'static str,
        /// Where.
        path: PathBuf,
        /// What to do.
        hint: String,
    },
    /// A file that cannot be read.
    #[error("{} cannot be read: {reason}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why not.
        reason: String,
    },
    /// A hotkey that is encrypted.
    #[error(
        "the hotkey {} is encrypted ({form}), and a program that runs without people cannot ask for its password; \
         store it unencrypted with `btcli wallet regen-hotkey --no-use-password`",
        path.display()
    )]
    Encrypted {
        /// The file.
        path: PathBuf,
        /// How it is encrypted.
        form: &'static str,
    },
    /// A file that is no keyfile, or a damaged one. Its content is not repeated here.
    #[error("{} is no usable keyfile: {reason}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
}

impl Wallet {
    /// Opens the hotkey `hotkey` of the wallet `name`, and the public part of its coldkey.
    ///
    /// `path`: the folder of all wallets; `None` for `~/.bittensor/wallets`. Never reads a coldkey.
    ///
    /// **Errors:** the hotkey is absent, unreadable, encrypted or damaged; `coldkeypub.txt` is damaged. Its absence
    /// is a warning.
    pub fn open(path: Option<&Path>, name: &str, hotkey: &str) -> Result<Self, WalletError> {
        single("wallet", name)?;
        single("hotkey", hotkey)?;
        let wallets = match path {
            Some(path) => path.to_owned(),
            None => std::env::home_dir()
                .ok_or(WalletError::NoHome)?
                .join(".bittensor")
                .join("wallets"),
        };
        let folder = wallets.join(name);
        if !folder.is_dir() {
            return Err(WalletError::Absent {
                what: "wallet",
                path: folder,
                hint: format!("create it with `btcli wallet create --wallet-name {name}`"),
            });
        }
        let mut warnings = Vec::new();

        let file = folder.join("hotkeys").join(hotkey);
        let mut content = read(&file, "hotkey", || {
            format!(
                "create it with `btcli wallet new-hotkey --wallet-name {name} --hotkey {hotkey}`"
            )
        })?;
        let pair = keyfile::pair(&file, &content);
        content.zeroize();
        let pair = pair?;
        warnings.extend(open_to_others(&file));

        let coldkey = coldkey(&folder.join("coldkeypub.txt"), &mut warnings)?;
        Ok(Self {
            name: format!("{name}/{hotkey}"),
            pair,
            coldkey,
            warnings,
        })
    }
}

/// The account in a `coldkeypub.txt`.
fn coldkey(file: &Path, warnings: &mut Vec<String>) -> Result<Option<AccountId32>, WalletError> {
    match read(file, "coldkey", String::new) {
        Ok(content) => keyfile::account(file, &content).map(Some),
        Err(WalletError::Absent { path, .. }) => {
            warnings.push(format!(
                "there is no {}; the balance of the coldkey cannot be shown",
                path.display()
            ));
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

fn single(what: &'static str, name: &str) -> Result<(), WalletError> {
    let mut components = Path::new(name).components();
    match (components.next(), components.next()) {
        (Some(Component::Normal(only)), None) if only == name && !name.contains('\\') => Ok(()),
        _ => Err(WalletError::Name {
            what,
            name: name.chars().take(64).collect(),
        }),
    }
}

fn read(
    path: &Path,
    what: &'static str,
    hint: impl FnOnce() -> String,
) -> Result<Vec<u8>, WalletError> {
    let unreadable = |reason: String| WalletError::Unreadable {
        path: path.to_owned(),
        reason,
    };
    // Whatever links lead to, a coldkey is not opened.
    let target = match path.canonicalize() {
        Ok(target) => target,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(WalletError::Absent {
                what,
                path: path.to_owned(),
                hint: hint(),
            });
        }
        Err(error) => return Err(unreadable(error.to_string())),
    };
    if target.file_name().is_some_and(|name| name == "coldkey") {
        return Err(unreadable("it is a link to a coldkey".into()));
    }
    let file = File::open(&target).map_err(|error| unreadable(error.to_string()))?;
    let metadata = file
        .metadata()
        .map_err(|error| unreadable(error.to_string()))?;
    if !metadata.is_file() {
        return Err(unreadable("it is not a file".into()));
    }
    if metadata.len() > LARGEST {
        return Err(unreadable("it is too large for a keyfile".into()));
    }
    // As large as the file at once: growing would leave copies of the secret behind.
    let mut content = Vec::with_capacity(LARGEST as usize + 1);
    let read = file.take(LARGEST).read_to_end(&mut content);
    read.map_err(|error| {
        content.zeroize();
        unreadable(error.to_string())
    })?;
    Ok(content)
}

/// A warning about a secret that other users of the machine can read.
#[cfg(unix)]
fn open_to_others(path: &Path) -> Option<String> {
    use std::os::unix::fs::PermissionsExt;

    let mode = std::fs::metadata(path).ok()?.permissions().mode();
    (mode & 0o077 != 0).then(|| {
        format!(
            "other users of this machine may read the hotkey {0}; close it with `chmod 600 {0}`",
            path.display()
        )
    })
}

#[cfg(not(unix))]
fn open_to_others(_: &Path) -> Option<String> {
    None
}

/// The account in a text that is an address or a key in hex.
pub(super) fn plain_account(path: &Path, text: &str) -> Result<AccountId32, WalletError> {
    from_ss58(text.trim()).map_err(|error| WalletError::Damaged {
        path: path.to_owned(),
        reason: error.reason,
    })
}
