//! A miner that does not play fair, or only slowly: it speaks the real protocol, signs its answers, announces itself on
//! chain, and answers with whatever its [`Trick`] makes up.
//!
//! It is as small as a cheat would have it: no admission, no limits but the size of a request, no metrics. What it
//! is for is to earn nothing.

mod trick;

use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, SystemTime},
};

use axum::{
    Router,
    body::to_bytes,
    extract::{Request, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::post,
};
use dendra_client::{AccountId32, Call, Chain, Pair, Wait};
use neuron_operator::stop::Stop;
use neuron_protocol::{Verifier, Window, sign_answer, task_path};
use sp_core::Pair as _;

pub use trick::{Trick, Tricks};

use crate::{
    failure::{Failure, Outcome},
    keys,
};

/// How long the chain may be away at the start, and how long an announcement may take.
const PATIENCE: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(250);
/// Bytes of a request that are read.
const REQUEST_LIMIT: usize = 1 << 20;

/// What the miner does, and where.
#[derive(Clone, Debug)]
pub struct Options {
    /// Address of the node.
    pub chain: String,
    /// Seed of its hotkey.
    pub suri: String,
    /// Subnet.
    pub netuid: u16,
    /// Name of its template.
    pub template: String,
    /// Where it listens, and what it announces.
    pub listen: SocketAddr,
    /// How it comes by its answers.
    pub trick: Trick,
    /// The model that it uses, if its trick needs one.
    pub model: Option<String>,
    /// How long it waits before each answer.
    pub delay: Duration,
}

/// What the handler knows.
struct Server {
    pair: Pair,
    verifier: Verifier,
    chain: Chain,
    tricks: Tricks,
    delay: Duration,
}

/// Serves until it is told to stop.
///
/// **Errors:** the model or template cannot be used, the port is taken, the chain does not let it announce itself.
pub async fn serve(options: Options, stop: Stop) -> Outcome {
    let pair = keys::pair(&options.suri);
    let chain = Chain::connect(&options.chain)
        .await
        .map_err(|error| Failure::new(error.to_string()))?;
    let slot = chain
        .slot_duration_ms()
        .await
        .map_err(|error| Failure::new(error.to_string()))?;
    let made = options.clone();
    let tricks = tokio::task::spawn_blocking(move || Tricks::prepare(&made))
        .await
        .map_err(|error| Failure::new(error.to_string()))??;
    let listener = tokio::net::TcpListener::bind(options.listen)
        .await
        .map_err(|error| Failure::new(format!("{} cannot be used: {error}", options.listen)))?;
    announce(&chain, &pair, &options).await?;
    let server = Arc::new(Server {
        verifier: Verifier::new(pair.public().0, Window::for_block_time(slot), None),
        pair,
        chain,
        tricks,
        delay: options.delay,
    });
    let router = Router::new()
        .route(&task_path(options.netuid, &options.template), post(answer))
        .with_state(server);
    axum::serve(listener, router)
        .with_graceful_shutdown(async move { stop.requested().await })
        .await?;
    Ok(())
}

/// Says on chain where it serves, unless the chain knows.
async fn announce(chain: &Chain, pair: &Pair, options: &Options) -> Outcome {
    let started = SystemTime::now();
    let hotkey = AccountId32::new(pair.public().0);
    let mut last = "not tried".to_owned();
    while started.elapsed().is_ok_and(|waited| waited < PATIENCE) {
        if is_announced(chain, &hotkey, options).await {
            return Ok(());
        }
        let call = Call::serve_at(options.netuid, 1, options.listen);
        match chain.submit(pair, call, Wait::Best).await {
            Ok(_) => return Ok(()),
            Err(error) => last = error.to_string(),
        }
        tokio::time::sleep(PAUSE).await;
    }
    Err(Failure::new(format!("the chain knows no endpoint: {last}")))
}

async fn is_announced(chain: &Chain, hotkey: &AccountId32, options: &Options) -> bool {
    let Ok(Some(graph)) = chain.metagraph(options.netuid).await else {
        return false;
    };
    let place = graph.hotkeys.iter().position(|key| key == hotkey);
    place
        .and_then(|uid| graph.axons.get(uid))
        .is_some_and(|axon| axon.port == options.listen.port())
}

async fn answer(State(server): State<Arc<Server>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, REQUEST_LIMIT).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let Some(head) = *server.chain.heads().borrow() else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let verified = match server.verifier.verify(&parts, body.to_vec(), head.number) {
        Ok(verified) => verified,
        Err(rejection) => return (StatusCode::UNAUTHORIZED, rejection.to_string()).into_response(),
    };
    tokio::time::sleep(server.delay).await;
    let id = *verified.id();
    let working = server.clone();
    let made =
        tokio::task::spawn_blocking(move || working.tricks.answer(&verified.get().body)).await;
    let (status, body) = match made {
        Ok(Ok(body)) => (StatusCode::OK, body),
        Ok(Err(problem)) => (StatusCode::BAD_REQUEST, problem.into_bytes()),
        Err(_) => (StatusCode::INTERNAL_SERVER_ERROR, Vec::new()),
    };
    let headers = sign_answer(&server.pair, &id, status, &body);
    (status, headers, body).into_response()
}
