//! Miners in the process: real sockets, real signatures, the work of [`toy`](super::toy).

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU8, AtomicUsize, Ordering},
    },
};

use axum::{
    Router,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, Method, StatusCode},
    response::{IntoResponse, Response},
    routing::post,
};
use neuron_operator::{
    server::{self, Limits},
    stop::Stop,
};
use neuron_protocol::{
    Claim, Verifier, Window, body_hash, headers as names, sign_answer, task_path,
};
use sp_core::{Pair as _, sr25519::Pair};

use super::toy;
use crate::{
    chain::{Neuron, Subnet},
    hotkey::Hotkey,
};

/// A miner.
#[derive(Clone)]
pub struct Miner {
    pair: Pair,
    verifier: Arc<Verifier>,
    quality: Arc<AtomicU8>,
    answered: Arc<AtomicUsize>,
    /// Where it serves.
    pub address: SocketAddr,
}

/// The key with this number.
pub fn pair(number: u16) -> Pair {
    Pair::from_seed(&body_hash(&number.to_le_bytes()))
}

/// The hotkey with this number.
pub fn hotkey(number: u16) -> Hotkey {
    Hotkey(pair(number).public().0)
}

impl Miner {
    /// Starts one with the key of this number, on a port of its own. **Errors:** there is no port.
    pub async fn start(number: u16, quality: u8, stop: &Stop) -> anyhow::Result<Self> {
        let listener = server::bind(([127, 0, 0, 1], 0).into()).await?;
        let pair = pair(number);
        let window = Window {
            past: 50,
            future: 50,
        };
        let miner = Self {
            verifier: Arc::new(Verifier::new(pair.public().0, window, None)),
            pair,
            quality: Arc::new(AtomicU8::new(quality)),
            answered: Arc::default(),
            address: listener.local_addr()?,
        };
        let app = Router::new()
            .route("/v1/task/{netuid}/{template}", post(answer))
            .with_state(miner.clone());
        let limits = Limits {
            grace: std::time::Duration::from_millis(100),
            ..Limits::default()
        };
        tokio::spawn(server::serve(listener, app, limits, None, stop.clone()));
        Ok(miner)
    }

    /// Its hotkey.
    pub fn hotkey(&self) -> Hotkey {
        Hotkey(self.pair.public().0)
    }

    /// Makes it better or worse.
    pub fn set_quality(&self, quality: u8) {
        self.quality.store(quality, Ordering::Relaxed);
    }

    /// How many challenges it has answered.
    pub fn answered(&self) -> usize {
        self.answered.load(Ordering::Relaxed)
    }
}

async fn answer(
    State(miner): State<Miner>,
    Path((netuid, template)): Path<(u16, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let path = task_path(netuid, &template);
    // It believes the sender about the time: what is tested here is the validator.
    let block = headers
        .get(names::BLOCK)
        .and_then(|block| block.to_str().ok()?.parse().ok());
    let now: u32 = block.unwrap_or(0);
    let checked = Claim::read(&Method::POST, &path, &headers)
        .and_then(|claim| miner.verifier.head(claim, now))
        .and_then(|head| miner.verifier.body(head, body.to_vec(), now));
    match checked {
        Ok(request) => {
            let quality = miner.quality.load(Ordering::Relaxed);
            let answer = toy::answer(&request.get().body, quality);
            miner.answered.fetch_add(1, Ordering::Relaxed);
            let signature = sign_answer(&miner.pair, request.id(), StatusCode::OK, &answer);
            (signature, answer).into_response()
        }
        Err(rejection) => (StatusCode::UNAUTHORIZED, rejection.to_string()).into_response(),
    }
}

/// A neuron that was there from the start.
pub fn neuron(uid: u16, hotkey: Hotkey, address: Option<SocketAddr>) -> Neuron {
    Neuron {
        uid,
        hotkey,
        address,
        is_permitted: false,
        is_active: true,
        last_update: 0,
        registered_at: 0,
        stake: 0,
        incentive: 0,
        dividends: 0,
        consensus: 0,
        emission: 0,
    }
}

/// A subnet of a validator at uid 0 and these miners after it, with open weights at any time.
pub fn subnet(netuid: u16, tempo: u16, validator: Hotkey, miners: &[Miner]) -> Subnet {
    let mut first = neuron(0, validator, None);
    first.is_permitted = true;
    first.stake = 1_000_000_000_000;
    let others = miners.iter().zip(1_u16..);
    let others = others.map(|(miner, uid)| neuron(uid, miner.hotkey(), Some(miner.address)));
    Subnet {
        netuid,
        block: 1,
        tempo,
        min_allowed_weights: 1,
        max_weights_limit: u16::MAX,
        weights_version: 0,
        weights_rate_limit: 0,
        activity_cutoff: 5000,
        commit_reveal: false,
        reveal_period: 1,
        kappa: 32_767,
        burn: 1_000_000_000,
        owner: Hotkey([0xee; 32]),
        neurons: std::iter::once(first).chain(others).collect(),
    }
}
