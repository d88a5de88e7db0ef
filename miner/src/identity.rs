//! The miner's key.

use dendra_client::wallet::Wallet;
use neuron_operator::exit::{Code, Failure};
use neuron_protocol::Hotkey;
use sp_core::Pair as _;

use crate::settings::Settings;

/// Opens the wallet, or makes one from a secret. Reads a hotkey and the public part of a coldkey, never a coldkey.
/// **Errors:** with what to do.
pub fn open(settings: &Settings) -> Result<Wallet, Failure> {
    let wallet = match &settings.suri {
        Some(suri) => Wallet::from_suri(suri),
        None => Wallet::open(
            settings.wallet_path.as_deref(),
            &settings.wallet,
            &settings.hotkey,
        ),
    };
    let wallet = wallet.map_err(|error| {
        Failure::new(
            Code::Wallet,
            format!("the hotkey cannot be used: {error}."),
            "without its hotkey a miner cannot prove who it is, so nothing is earned.",
            "name a wallet with --wallet and --hotkey (and --wallet-path); for development, --suri //Alice.",
        )
    })?;
    for warning in wallet.warnings() {
        tracing::warn!("{warning}");
    }
    Ok(wallet)
}

/// The public key of a wallet's hotkey.
pub fn hotkey(wallet: &Wallet) -> Hotkey {
    wallet.pair().public().0
}
