//! The miner's key.

use dendra_client::wallet::Wallet;
use neuron_operator::exit::Failure;
use neuron_protocol::Hotkey;
use sp_core::Pair as _;

use crate::settings::Settings;

/// Opens the wallet, or makes one from a secret. Reads a hotkey and the public part of a coldkey, never a coldkey.
/// **Errors:** with what to do.
pub fn open(settings: &Settings) -> Result<Wallet, Failure> {
    settings
        .account
        .open("without its hotkey a miner cannot prove who it is, so nothing is earned.")
}

/// The public key of a wallet's hotkey.
pub fn hotkey(wallet: &Wallet) -> Hotkey {
    wallet.pair().public().0
}
