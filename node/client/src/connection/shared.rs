//! What requests and the task that connects have in common.

use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};

use subxt::ext::jsonrpsee::core::client::Client;
use tokio::sync::{Semaphore, watch};

use crate::{ChainError, Head, Options, RuntimeVersion, runtime::Runtime};

/// Metadata of this many runtimes is kept.
const MOST_RUNTIMES: usize = 4;

/// A connection that was established once, until it breaks.
pub(crate) struct Session {
    pub(super) id: u64,
    pub(super) client: Client,
    pub(super) runtime: RwLock<Arc<Runtime>>,
}

impl Session {
    pub(super) fn runtime(&self) -> Arc<Runtime> {
        let runtime = self.runtime.read();
        runtime.unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn set_runtime(&self, runtime: Arc<Runtime>) {
        let place = self.runtime.write();
        *place.unwrap_or_else(PoisonError::into_inner) = runtime;
    }
}

/// What there is of a connection at a moment.
#[derive(Clone)]
pub(super) enum Link {
    Down(String),
    Up(Arc<Session>),
    OtherChain(ChainError),
}

/// Shared by all requests and the task.
pub(super) struct Shared {
    pub(super) url: String,
    pub(super) options: Options,
    pub(super) link: watch::Sender<Link>,
    pub(super) heads: watch::Sender<Option<Head>>,
    pub(super) finalized: watch::Sender<Option<Head>>,
    pub(super) genesis: OnceLock<[u8; 32]>,
    pub(super) runtimes: Mutex<Vec<Arc<Runtime>>>,
    pub(super) requests: Semaphore,
}

impl Shared {
    /// The runtime of this version, if its metadata was read before.
    pub(super) fn known(&self, version: &RuntimeVersion) -> Option<Arc<Runtime>> {
        let runtimes = self.runtimes.lock();
        let runtimes = runtimes.unwrap_or_else(PoisonError::into_inner);
        runtimes
            .iter()
            .find(|runtime| runtime.version() == version)
            .cloned()
    }

    /// Keeps the metadata of a version. Errors: it cannot be read.
    pub(super) fn learn(
        &self,
        version: RuntimeVersion,
        answer: &[u8],
    ) -> Result<Arc<Runtime>, ChainError> {
        let genesis = self.genesis.get().copied().unwrap_or_default();
        let runtime = Arc::new(Runtime::new(version, genesis, answer)?);
        let runtimes = self.runtimes.lock();
        let mut runtimes = runtimes.unwrap_or_else(PoisonError::into_inner);
        if runtimes.len() >= MOST_RUNTIMES {
            runtimes.remove(0);
        }
        runtimes.push(runtime.clone());
        Ok(runtime)
    }
}
