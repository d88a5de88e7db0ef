//! Opening what commands need: the wallet, the data, the chain.

use std::{path::Path, time::Duration};

use dendra_client::{Options as ChainOptions, wallet::Wallet};
use neuron_operator::{
    exit::{Code, Failure},
    stop::Stop,
};
use sp_core::Pair as _;

use crate::{
    chain::ChainAccess,
    hotkey::Hotkey,
    settings::Settings,
    store::{Store, StoreError},
};

/// How rarely a trouble that lasts is said again.
pub(crate) const LONGEST_PAUSE: Duration = Duration::from_secs(600);

/// Opens the wallet, or makes one from a secret. Reads a hotkey and the public part of a coldkey, never a coldkey.
pub(crate) fn wallet(settings: &Settings) -> Result<Wallet, Failure> {
    settings.account.open(
        "without its hotkey a validator cannot ask miners or set weights, so nothing is earned.",
    )
}

/// The hotkey of a wallet.
pub(crate) fn hotkey(wallet: &Wallet) -> Hotkey {
    Hotkey(wallet.pair().public().0)
}

/// Options of a connection for somebody who waits at a terminal.
pub(crate) fn patient() -> ChainOptions {
    ChainOptions::within(Settings::PATIENCE)
}

/// The folder, and its data for reading.
pub(crate) fn stored(settings: &Settings) -> Result<(Hotkey, Store), Failure> {
    // Whose data it is says the wallet, or the folder itself.
    let folder = match &settings.data {
        Some(folder) => folder.clone(),
        None => settings.data(&hotkey(&wallet(settings)?))?,
    };
    let store = Store::read_only(&folder).map_err(|error| data_failure(&folder, &error))?;
    let own = store
        .hotkey()
        .map_err(|error| data_failure(&folder, &error))?;
    Ok((own.unwrap_or(Hotkey([0; 32])), store))
}

/// What an error of the data folder means.
pub(crate) fn data_failure(folder: &Path, error: &StoreError) -> Failure {
    Failure::new(
        Code::Data,
        format!(
            "the data folder {} cannot be used: {error}.",
            folder.display()
        ),
        "without it a validator would forget averages and salts, so it does not run: nothing is earned.",
        "correct what the text says, or name another folder with --data.",
    )
}

/// Waits for the first block, and says so if it takes long: after 5 s, and then ever more rarely. False if told to stop before.
pub(crate) async fn first_block(chain: &impl ChainAccess, stop: &Stop, url: &str) -> bool {
    let mut heads = chain.heads();
    let mut patience = Duration::from_secs(5);
    loop {
        tokio::select! {
            () = stop.requested() => return false,
            head = heads.wait_for(Option::is_some) => return head.is_ok(),
            () = tokio::time::sleep(patience) => {
                tracing::warn!(url, "waiting for the node: no block yet; nothing is earned until there is one");
                patience = (patience * 2).min(LONGEST_PAUSE);
            }
        }
    }
}
