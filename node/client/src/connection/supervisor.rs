//! The task that connects, and connects again.

use std::{
    sync::{Arc, RwLock},
    time::Duration,
};

use codec::Encode;
use serde_json::json;
use subxt::ext::jsonrpsee::{
    core::client::{Client, ClientT, Error as RpcError, Subscription, SubscriptionClientT},
    ws_client::{PingConfig, WsClientBuilder},
};
use tokio::{
    sync::watch,
    time::{Instant, sleep, timeout},
};

use super::shared::{Link, Session, Shared};
use crate::{
    ChainError, Head, RuntimeVersion,
    rpc::{self, Header},
    runtime::Runtime,
};

/// Pauses between attempts double from the first to the last.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LAST_PAUSE: Duration = Duration::from_secs(5);
/// After a connection that lasted this long the pauses start anew.
const STEADY: Duration = Duration::from_secs(1);
/// A connection on which nothing comes back for this long is given up.
const PING: Duration = Duration::from_secs(10);
const SILENCE: Duration = Duration::from_secs(25);
/// The largest answer: a metagraph of a full subnet is below 1 MiB, a block below 16 MiB in hex.
const LARGEST_ANSWER: u32 = 64 * 1024 * 1024;

/// What a session listens to.
struct Streams {
    heads: Subscription<Header>,
    finalized: Subscription<Header>,
    versions: Subscription<RuntimeVersion>,
}

/// Connects, listens until the connection breaks, connects again.
pub(super) async fn supervise(shared: Arc<Shared>) {
    let mut pause = FIRST_PAUSE;
    for id in 1.. {
        let limit = shared.options.request_timeout;
        let down = match timeout(limit, open(&shared, id)).await {
            Ok(Ok((session, streams))) => {
                tracing::info!(url = shared.url, session = id, "connected to the node");
                let since = Instant::now();
                shared.link.send_replace(Link::Up(session.clone()));
                let reason = attend(&shared, &session, streams).await;
                tracing::warn!(
                    url = shared.url,
                    reason,
                    "the connection to the node broke; connecting again"
                );
                if since.elapsed() > STEADY {
                    pause = FIRST_PAUSE;
                }
                Link::Down(reason)
            }
            Ok(Err(link)) => link,
            Err(_) => Link::Down(format!("no answer within {} s", limit.as_secs())),
        };
        match &down {
            Link::OtherChain(error) => tracing::error!(%error, "another chain"),
            Link::Down(reason) => tracing::debug!(url = shared.url, reason, "not connected"),
            Link::Up(_) => {}
        }
        shared.link.send_replace(down);
        sleep(pause).await;
        pause = (pause * 2).min(LAST_PAUSE);
    }
}

/// A connection to the chain that this client is for; otherwise what to show instead.
async fn open(shared: &Shared, id: u64) -> Result<(Arc<Session>, Streams), Link> {
    let down = |error: RpcError| Link::Down(plain(&error));
    let client = WsClientBuilder::new()
        .max_response_size(LARGEST_ANSWER)
        .max_concurrent_requests(shared.options.most_requests.saturating_mul(2).max(16))
        .request_timeout(shared.options.request_timeout)
        .connection_timeout(shared.options.request_timeout)
        .set_tcp_no_delay(true)
        .enable_ws_ping(
            PingConfig::new()
                .ping_interval(PING)
                .inactive_limit(SILENCE)
                .max_failures(1),
        )
        .build(&shared.url)
        .await
        .map_err(down)?;

    let genesis: String = client
        .request("chain_getBlockHash", rpc::params(json!([0])))
        .await
        .map_err(down)?;
    let genesis = rpc::hash(&genesis).map_err(|error| Link::Down(error.to_string()))?;
    let expected = shared.genesis.get_or_init(|| genesis);
    if *expected != genesis {
        return Err(Link::OtherChain(ChainError::OtherChain {
            url: shared.url.clone(),
            expected: rpc::hex(expected),
            found: rpc::hex(&genesis),
        }));
    }
    let runtime = running(shared, &client).await.map_err(Link::Down)?;
    let none = || rpc::params(json!([]));
    let heads = client
        .subscribe(
            "chain_subscribeNewHeads",
            none(),
            "chain_unsubscribeNewHeads",
        )
        .await
        .map_err(down)?;
    let finalized = client
        .subscribe(
            "chain_subscribeFinalizedHeads",
            none(),
            "chain_unsubscribeFinalizedHeads",
        )
        .await
        .map_err(down)?;
    let versions = client
        .subscribe(
            "state_subscribeRuntimeVersion",
            none(),
            "state_unsubscribeRuntimeVersion",
        )
        .await
        .map_err(down)?;
    let session = Session {
        id,
        client,
        runtime: RwLock::new(runtime),
    };
    let streams = Streams {
        heads,
        finalized,
        versions,
    };
    Ok((Arc::new(session), streams))
}

/// The runtime of the best block; otherwise why there is none.
async fn running(shared: &Shared, client: &Client) -> Result<Arc<Runtime>, String> {
    let version: RuntimeVersion = client
        .request("state_getRuntimeVersion", rpc::params(json!([])))
        .await
        .map_err(|error| plain(&error))?;
    if let Some(known) = shared.known(&version) {
        return Ok(known);
    }
    let list = json!(["Metadata_metadata_at_version", rpc::hex(&15u32.encode())]);
    let answer: String = client
        .request("state_call", rpc::params(list))
        .await
        .map_err(|error| plain(&error))?;
    rpc::bytes("the metadata", &answer)
        .and_then(|answer| shared.learn(version, &answer))
        .map_err(|error| error.to_string())
}

/// Listens until the connection breaks; says why it did.
async fn attend(shared: &Shared, session: &Session, mut streams: Streams) -> String {
    loop {
        tokio::select! {
            header = streams.heads.next() => match header {
                Some(Ok(header)) => publish(&shared.heads, &header),
                Some(Err(error)) => return format!("a block cannot be read: {error}"),
                None => return reason(session).await,
            },
            header = streams.finalized.next() => match header {
                Some(Ok(header)) => publish(&shared.finalized, &header),
                Some(Err(error)) => return format!("a block cannot be read: {error}"),
                None => return reason(session).await,
            },
            version = streams.versions.next() => match version {
                Some(Ok(version)) => {
                    if session.runtime().version() == &version {
                        continue;
                    }
                    let limit = shared.options.request_timeout;
                    match timeout(limit, running(shared, &session.client)).await {
                        Ok(Ok(runtime)) => {
                            tracing::info!(
                                from = session.runtime().version().spec_version,
                                to = runtime.version().spec_version,
                                "the chain's runtime was upgraded"
                            );
                            session.set_runtime(runtime);
                        }
                        Ok(Err(error)) => return format!("the new runtime cannot be read: {error}"),
                        Err(_) => return "the new runtime was not sent in time".into(),
                    }
                }
                Some(Err(error)) => return format!("a runtime's version cannot be read: {error}"),
                None => return reason(session).await,
            },
            () = session.client.on_disconnect() => return reason(session).await,
        }
    }
}

fn publish(heads: &watch::Sender<Option<Head>>, header: &Header) {
    match rpc::head(header) {
        Ok(head) => {
            heads.send_replace(Some(head));
        }
        Err(error) => tracing::warn!(%error, "a block is left out"),
    }
}

/// Why the connection broke; the client knows only once it is closed.
async fn reason(session: &Session) -> String {
    if session.client.is_connected() {
        return "a subscription ended".into();
    }
    match timeout(Duration::from_secs(1), session.client.disconnect_reason()).await {
        Ok(error) => plain(&error),
        Err(_) => "the connection was closed".into(),
    }
}

/// An error without the advice to restart, which happens by itself.
fn plain(error: &RpcError) -> String {
    match error {
        RpcError::RestartNeeded(inner) => inner.to_string(),
        other => other.to_string(),
    }
}
