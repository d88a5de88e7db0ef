//! The miner's port: validators' tasks, clients' completions, and a word on who is here.

mod body;
mod completions;
mod local;
mod refusal;
mod task;

use std::{
    sync::{Arc, OnceLock, PoisonError, RwLock},
    time::{Duration, Instant},
};

use axum::{
    Json, Router,
    extract::State,
    routing::{get, post},
};
use neuron_protocol::{Hotkey, Now, Verifier, Window, task_path};
use sp_core::{Pair as _, sr25519};
use subnet_sdk::{Description, Worker};
use tokio::sync::watch;

pub use refusal::Refusal;

use crate::{
    admission::Admission,
    metrics::Metrics,
    network::{BlockClock, Snapshot},
    work::Pool,
};

/// What the parts of the miner know together.
#[derive(Debug)]
pub struct View {
    /// The subnet, as far as it is known; the last one while the chain is away.
    pub network: watch::Sender<Option<Arc<Snapshot>>>,
    /// The time in blocks.
    pub clock: BlockClock,
    verifier: OnceLock<Verifier>,
    hotkey: Hotkey,
}

impl View {
    /// Nothing is known yet.
    pub fn new(hotkey: Hotkey) -> Self {
        Self {
            network: watch::Sender::new(None),
            clock: BlockClock::default(),
            verifier: OnceLock::new(),
            hotkey,
        }
    }

    /// Notes a block. The first one is the miner's start: requests signed before it are refused from then on.
    pub fn saw_block(&self, number: u32, at: Instant, slot: Duration) {
        self.clock.saw(number, at, slot);
        let slot_ms = u64::try_from(slot.as_millis()).unwrap_or(u64::MAX);
        self.verifier.get_or_init(|| {
            Verifier::new(self.hotkey, Window::for_block_time(slot_ms), Some(number))
        });
    }

    /// The subnet, and what is needed to check requests; `None` before the chain was there.
    fn known(&self, at: Instant) -> Option<(Arc<Snapshot>, &Verifier, Now)> {
        let snapshot = self.network.borrow().clone()?;
        Some((snapshot, self.verifier.get()?, self.clock.now(at)?))
    }
}

/// The miner's half of the template, when it is there.
#[derive(Clone)]
pub struct WorkerSlot(Arc<RwLock<Result<Arc<dyn Worker>, String>>>);

impl WorkerSlot {
    /// Empty; `why` tells those who ask.
    pub fn empty(why: impl Into<String>) -> Self {
        Self(Arc::new(RwLock::new(Err(why.into()))))
    }

    /// From now on this one answers.
    pub fn fill(&self, worker: Arc<dyn Worker>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Ok(worker);
    }

    /// Says why it is empty, if it is.
    pub fn explain(&self, why: impl Into<String>) {
        let mut slot = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if slot.is_err() {
            *slot = Err(why.into());
        }
    }

    /// The worker. **Errors:** why there is none.
    pub fn get(&self) -> Result<Arc<dyn Worker>, String> {
        self.0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// Who may use the completions endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Completions {
    /// Nobody: it is not there.
    Off,
    /// Programs on this machine.
    Local,
    /// Whoever sends this token, from anywhere.
    Token(String),
}

/// How the port behaves.
#[derive(Clone, Debug)]
pub struct Manner {
    /// Who may use the completions endpoint.
    pub completions: Completions,
    /// How long a body may take to arrive.
    pub body_time: Duration,
    /// How long a completion may take.
    pub completion_time: Duration,
}

impl Default for Manner {
    fn default() -> Self {
        Self {
            completions: Completions::Local,
            body_time: Duration::from_secs(5),
            completion_time: Duration::from_secs(120),
        }
    }
}

/// Everything that handlers need.
pub struct Gateway {
    /// Signs answers.
    pub pair: sr25519::Pair,
    /// Subnet.
    pub netuid: u16,
    /// Its template.
    pub description: Description,
    /// What is known of the chain.
    pub view: Arc<View>,
    /// Answers challenges.
    pub worker: WorkerSlot,
    /// Who may ask.
    pub admission: Admission,
    /// Where challenges are answered.
    pub tasks: Pool,
    /// Where completions are computed, so that clients cannot crowd validators out.
    pub clients: Pool,
    /// What is counted.
    pub metrics: Metrics,
    /// How the port behaves.
    pub manner: Manner,
}

impl Gateway {
    /// The routes.
    pub fn router(self: Arc<Self>) -> Router {
        let path = task_path(self.netuid, self.description.name);
        let mut router = Router::new()
            .route(&path, post(task::answer))
            .route("/health", get(health));
        if self.manner.completions != Completions::Off {
            router = router
                .route("/v1/completions", post(completions::complete))
                .route("/v1/models", get(completions::models));
        }
        router
            .fallback(refusal::no_such_path)
            .method_not_allowed_fallback(refusal::wrong_method)
            .with_state(self)
    }

    /// Counts how a request ended.
    fn count(&self, endpoint: &str, outcome: &str, started: Instant) {
        self.metrics
            .requests
            .with_label_values(&[endpoint, outcome])
            .inc();
        self.metrics
            .seconds
            .with_label_values(&[endpoint])
            .observe(started.elapsed().as_secs_f64());
    }
}

/// Who is here and whether it could answer: public, so nothing else.
async fn health(State(gateway): State<Arc<Gateway>>) -> Json<serde_json::Value> {
    Json(serde_json::json!({
        "hotkey": hex::encode(gateway.pair.public().0),
        "netuid": gateway.netuid,
        "template": gateway.description.name,
        "template_version": gateway.description.version,
        "ready": gateway.worker.get().is_ok(),
        "chain_known": gateway.view.known(Instant::now()).is_some(),
    }))
}
