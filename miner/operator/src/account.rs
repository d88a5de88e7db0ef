//! Which node a program asks, and as whom.

use std::{fmt, path::PathBuf};

use dendra_client::wallet::Wallet;
use serde::{Deserialize, Serialize};

use crate::exit::{Code, Failure};

/// Values of a configuration; flags for them are [`AccountFlags`](crate::flags::AccountFlags).
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Account {
    /// The node's address.
    pub chain: String,
    /// Folder of the wallets.
    pub wallet_path: Option<PathBuf>,
    /// The wallet's name.
    pub wallet: String,
    /// The hotkey's name.
    pub hotkey: String,
    /// Secret of a hotkey, for development, instead of a wallet.
    pub suri: Option<String>,
}

/// Without the secret.
impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account")
            .field("chain", &self.chain)
            .field("wallet_path", &self.wallet_path)
            .field("wallet", &self.wallet)
            .field("hotkey", &self.hotkey)
            .finish_non_exhaustive()
    }
}

impl Default for Account {
    fn default() -> Self {
        Self {
            chain: "ws://127.0.0.1:9944".into(),
            wallet_path: None,
            wallet: "default".into(),
            hotkey: "default".into(),
            suri: None,
        }
    }
}

impl Account {
    /// Opens the wallet, or makes one from the secret. Reads a hotkey and the public part of a coldkey, never a coldkey.
    /// **Errors:** with what to do; `earnings` is the sentence on what a program without its hotkey loses.
    pub fn open(&self, earnings: &str) -> Result<Wallet, Failure> {
        let wallet = match &self.suri {
            Some(suri) => Wallet::from_suri(suri),
            None => Wallet::open(self.wallet_path.as_deref(), &self.wallet, &self.hotkey),
        };
        let wallet = wallet.map_err(|error| {
            Failure::new(
                Code::Wallet,
                format!("the hotkey cannot be used: {error}."),
                earnings,
                "name a wallet with --wallet and --hotkey (and --wallet-path); for development, --suri //Alice.",
            )
        })?;
        for warning in wallet.warnings() {
            tracing::warn!("{warning}");
        }
        Ok(wallet)
    }

    /// Whether the node's address is that of a web socket.
    pub fn is_web_socket(&self) -> bool {
        self.chain.starts_with("ws://") || self.chain.starts_with("wss://")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_not_shown_to_those_who_look_for_faults() {
        let account = Account {
            suri: Some("//Alice///password".into()),
            ..Account::default()
        };
        let shown = format!("{account:?}");
        assert!(shown.contains("ws://127.0.0.1:9944") && !shown.contains("Alice"));
    }
}
