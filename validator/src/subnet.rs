//! What the validator does for one subnet: rounds, and handing in what comes of them.
//!
//! Two tasks share the [`Submission`]: one runs a round in every epoch, the other looks at every block whether something is to be sent,
//! so that a reveal never waits for a slow round. Both go on while the chain is away.

mod handing;
mod rounds;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use neuron_operator::stop::Stop;
use sp_core::sr25519::Pair;
use tokio::sync::{Mutex, Notify};

use crate::{
    chain::{Away, ChainAccess},
    duty::{Duty, SharedModels},
    hotkey::Hotkey,
    metrics::Metrics,
    query::Asker,
    store::{Keep, Store, StoreError},
    submission::Submission,
};

/// What all subnets of a validator share.
#[derive(Clone)]
pub struct Validator<C> {
    /// The chain.
    pub chain: C,
    /// What survives the process.
    pub store: Arc<Store>,
    /// Asks miners.
    pub asker: Asker,
    /// Signs receipts.
    pub pair: Arc<Pair>,
    /// What is counted.
    pub metrics: Metrics,
    /// Loads models.
    pub models: SharedModels,
    /// This validator.
    pub own: Hotkey,
    /// How much of a score counts in the average.
    pub smoothing: f64,
    /// How many epochs are kept.
    pub keep: Keep,
    /// The account sends one transaction at a time.
    pub turn: Arc<Mutex<()>>,
    /// Ends everything.
    pub stop: Stop,
}

/// What the two tasks of a subnet share.
#[derive(Clone)]
struct Desk {
    submission: Arc<Mutex<Submission>>,
    wish: Arc<Notify>,
}

/// Serves a subnet until it is told to stop. **Errors:** the data folder cannot be read.
pub async fn serve<C: ChainAccess>(validator: Validator<C>, duty: Duty) -> Result<(), StoreError> {
    let desk = Desk {
        submission: Arc::new(Mutex::new(validator.store.submission(duty.netuid)?)),
        wish: Arc::new(Notify::new()),
    };
    let newest = validator
        .store
        .last_round(duty.netuid)?
        .map(|round| round.epoch);
    tracing::info!(netuid = duty.netuid, template = ?duty, newest, "serving");
    let rounds = rounds::Rounds::new(validator.clone(), duty.clone(), desk.clone(), newest);
    let handing = handing::Handing::new(validator, duty.netuid, desk);
    tokio::join!(rounds.run(), handing.run());
    Ok(())
}

/// Runs blocking work of the database beside the loop.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, String> {
    tokio::task::spawn_blocking(work).await.map_err(|error| {
        let Ok(panic) = error.try_into_panic() else {
            return "cancelled".into();
        };
        let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
        let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
        text.unwrap_or_else(|| "without a word".into())
    })
}

/// Logs once when something starts being wrong, and once when it is well again.
#[derive(Debug, Default)]
struct Trouble(Option<String>);

impl Trouble {
    /// Whether this is news.
    fn is_new(&mut self, text: &str) -> bool {
        let is_new = self.0.as_deref() != Some(text);
        self.0 = Some(text.into());
        is_new
    }

    /// All is well. Whether that is news.
    fn is_over(&mut self) -> bool {
        self.0.take().is_some()
    }

    fn away(&mut self, netuid: u16, error: &Away) {
        if self.is_new(&error.0) {
            tracing::warn!(
                netuid,
                %error,
                "the chain does not answer; nothing is earned anew until it does, what was set stays; check the node and --chain"
            );
        }
    }
}
