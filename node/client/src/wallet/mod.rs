//! Wallets of the ecosystem: folders with keyfiles.
//!
//! A wallet NAME is the folder `NAME` below `~/.bittensor/wallets`, with the public part of its coldkey in
//! `coldkeypub.txt` and hotkeys in `hotkeys/`. Only these two are opened: the coldkey itself is never read.

mod keyfile;
mod open;
mod ss58;
#[cfg(test)]
mod tests;

use sp_core::{Pair as _, sr25519::Pair};

use crate::AccountId32;

pub use open::WalletError;
pub use ss58::{Ss58Error, from_ss58, to_ss58};

/// A hotkey with its secret, and the public part of its coldkey.
#[derive(Clone)]
pub struct Wallet {
    pub(crate) name: String,
    pub(crate) pair: Pair,
    pub(crate) coldkey: Option<AccountId32>,
    pub(crate) warnings: Vec<String>,
}

impl Wallet {
    /// A wallet for development from a secret URI such as `//Alice`. Its hotkey is its own coldkey.
    ///
    /// **Errors:** the URI cannot be read; the message does not contain it.
    pub fn from_suri(suri: &str) -> Result<Self, WalletError> {
        let pair = Pair::from_string(suri, None).map_err(|_| WalletError::Suri)?;
        let account = AccountId32::new(pair.public().0);
        Ok(Self {
            name: "(secret URI)".into(),
            pair,
            coldkey: Some(account),
            warnings: Vec::new(),
        })
    }

    /// What to call it: `NAME/HOTKEY`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The hotkey with its secret.
    #[must_use]
    pub fn pair(&self) -> &Pair {
        &self.pair
    }

    /// The hotkey's account.
    #[must_use]
    pub fn hotkey(&self) -> AccountId32 {
        AccountId32::new(self.pair.public().0)
    }

    /// The coldkey's account; `None` where the wallet does not say it.
    #[must_use]
    pub fn coldkey(&self) -> Option<&AccountId32> {
        self.coldkey.as_ref()
    }

    /// What is not as it should be but does not stop anybody, a sentence each.
    #[must_use]
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }
}

/// Shows accounts, never the secret.
impl std::fmt::Debug for Wallet {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Wallet")
            .field("name", &self.name)
            .field("hotkey", &self.hotkey().to_string())
            .field("coldkey", &self.coldkey.as_ref().map(ToString::to_string))
            .finish_non_exhaustive()
    }
}
