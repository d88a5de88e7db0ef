//! The one connection to a node, and the task that brings it back.

use std::{
    sync::{Arc, Mutex, OnceLock, PoisonError, RwLock},
    time::Duration,
};

use codec::Encode;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use subxt::ext::jsonrpsee::{
    core::client::{Client, ClientT, Error as RpcError, Subscription, SubscriptionClientT},
    ws_client::{PingConfig, WsClientBuilder},
};
use tokio::{
    sync::{Semaphore, watch},
    task::AbortHandle,
    time::{Instant, sleep, timeout, timeout_at},
};

use crate::{
    ChainError, Head, Options, RuntimeVersion,
    rpc::{self, Header, Status},
    runtime::Runtime,
};

/// Pauses between attempts double from the first to the last.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LAST_PAUSE: Duration = Duration::from_secs(5);
/// A connection on which nothing comes back for this long is given up.
const PING: Duration = Duration::from_secs(10);
const SILENCE: Duration = Duration::from_secs(25);
/// The largest answer: a metagraph of a full subnet is below 1 MiB, a block below 8 MiB in hex.
const LARGEST_ANSWER: u32 = 64 * 1024 * 1024;
/// Metadata of this many runtimes is kept.
const MOST_RUNTIMES: usize = 4;

/// A connection that was established once, until it breaks.
pub(crate) struct Session {
    id: u64,
    client: Client,
    runtime: RwLock<Arc<Runtime>>,
}

impl Session {
    fn runtime(&self) -> Arc<Runtime> {
        let runtime = self.runtime.read();
        runtime.unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set_runtime(&self, runtime: Arc<Runtime>) {
        let place = self.runtime.write();
        *place.unwrap_or_else(PoisonError::into_inner) = runtime;
    }
}

#[derive(Clone)]
enum Link {
    Down(String),
    Up(Arc<Session>),
    OtherChain(ChainError),
}

struct Shared {
    url: String,
    options: Options,
    link: watch::Sender<Link>,
    heads: watch::Sender<Option<Head>>,
    finalized: watch::Sender<Option<Head>>,
    genesis: OnceLock<[u8; 32]>,
    runtimes: Mutex<Vec<Arc<Runtime>>>,
    requests: Semaphore,
}

/// What the pool answered to a transaction.
pub(crate) enum Submitted {
    /// It is in the pool. The number is that of the session.
    Accepted(Box<Subscription<Status>>),
    /// It is not in the pool.
    Refused {
        code: i32,
        message: String,
        data: String,
    },
    /// It may be in the pool.
    Unknown(String),
}

/// Owns the task that connects; requests go through it.
pub(crate) struct Connection {
    shared: Arc<Shared>,
    task: AbortHandle,
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Connection {
    /// Starts to connect. Errors: the address is malformed.
    pub(crate) fn start(url: &str, options: Options) -> Result<Self, ChainError> {
        check_url(url)?;
        let requests = Semaphore::new(options.most_requests.clamp(1, Semaphore::MAX_PERMITS));
        let shared = Arc::new(Shared {
            url: url.to_owned(),
            options,
            link: watch::Sender::new(Link::Down("not connected yet".into())),
            heads: watch::Sender::new(None),
            finalized: watch::Sender::new(None),
            genesis: OnceLock::new(),
            runtimes: Mutex::default(),
            requests,
        });
        let task = tokio::spawn(supervise(shared.clone())).abort_handle();
        Ok(Self { shared, task })
    }

    pub(crate) fn url(&self) -> &str {
        &self.shared.url
    }

    pub(crate) fn options(&self) -> &Options {
        &self.shared.options
    }

    pub(crate) fn is_up(&self) -> bool {
        matches!(*self.shared.link.borrow(), Link::Up(_))
    }

    pub(crate) fn heads(&self) -> watch::Receiver<Option<Head>> {
        self.shared.heads.subscribe()
    }

    pub(crate) fn finalized_heads(&self) -> watch::Receiver<Option<Head>> {
        self.shared.finalized.subscribe()
    }

    /// The connection, as soon as there is one.
    pub(crate) async fn session_within(
        &self,
        waited: Duration,
    ) -> Result<Arc<Session>, ChainError> {
        self.session(Instant::now() + waited, waited, None).await
    }

    /// The connection, as soon as there is one that is not `broken`.
    async fn session(
        &self,
        deadline: Instant,
        waited: Duration,
        broken: Option<u64>,
    ) -> Result<Arc<Session>, ChainError> {
        let mut link = self.shared.link.subscribe();
        loop {
            let reason = match &*link.borrow_and_update() {
                Link::Up(session) if Some(session.id) != broken => return Ok(session.clone()),
                Link::Up(_) => "the connection broke".into(),
                Link::OtherChain(error) => return Err(error.clone()),
                Link::Down(reason) => reason.clone(),
            };
            let unreachable = || ChainError::Unreachable {
                url: self.shared.url.clone(),
                reason,
                waited,
            };
            match timeout_at(deadline, link.changed()).await {
                Ok(Ok(())) => {}
                _ => return Err(unreachable()),
            }
        }
    }

    /// The runtime of the best block, as last heard.
    pub(crate) async fn runtime(&self) -> Result<Arc<Runtime>, ChainError> {
        let session = self
            .session_within(self.shared.options.request_timeout)
            .await?;
        Ok(session.runtime())
    }

    /// Asks which runtime runs now. Errors: no answer.
    pub(crate) async fn refresh_runtime(&self) -> Result<(), ChainError> {
        let session = self
            .session_within(self.shared.options.request_timeout)
            .await?;
        session.set_runtime(self.runtime_at(None).await?);
        Ok(())
    }

    /// The runtime in the state after a block, that is, the one that makes the next block.
    pub(crate) async fn runtime_at(
        &self,
        block: Option<[u8; 32]>,
    ) -> Result<Arc<Runtime>, ChainError> {
        let version: RuntimeVersion = self
            .read("state_getRuntimeVersion", at(json!([]), block))
            .await?;
        if let Some(known) = self.shared.known(&version) {
            return Ok(known);
        }
        let answer = self
            .call("Metadata_metadata_at_version", &15u32.encode(), block)
            .await?;
        self.shared.learn(version, &answer)
    }

    /// A request that changes nothing. Waits for the connection and tries again on another one within the
    /// deadline.
    pub(crate) async fn read<T: DeserializeOwned>(
        &self,
        method: &str,
        list: Value,
    ) -> Result<T, ChainError> {
        let waited = self.shared.options.request_timeout;
        let deadline = Instant::now() + waited;
        let late = || ChainError::Deadline {
            method: method.to_owned(),
            waited,
        };
        let Ok(Ok(_permit)) = timeout_at(deadline, self.shared.requests.acquire()).await else {
            return Err(late());
        };
        let params = rpc::params(list);
        let mut broken = None;
        loop {
            let session = self.session(deadline, waited, broken).await?;
            let answer = session.client.request::<T, _>(method, params.clone());
            match timeout_at(deadline, answer).await {
                Ok(Ok(answer)) => return Ok(answer),
                Err(_) | Ok(Err(RpcError::RequestTimeout)) => return Err(late()),
                Ok(Err(RpcError::Call(error))) => {
                    let data = data_of(error.data().map(|data| data.get()));
                    let message = match data.is_empty() {
                        true => error.message().to_owned(),
                        false => format!("{}: {data}", error.message()),
                    };
                    return Err(ChainError::Rpc {
                        method: method.to_owned(),
                        code: error.code(),
                        message,
                    });
                }
                Ok(Err(RpcError::ParseError(error))) => {
                    return Err(ChainError::unreadable(method, error));
                }
                Ok(Err(_)) => broken = Some(session.id),
            }
        }
    }

    /// Hands a transaction to the pool, once. Errors: it was certainly not sent.
    pub(crate) async fn submit(&self, bytes: &[u8]) -> Result<Submitted, ChainError> {
        const METHOD: &str = "author_submitAndWatchExtrinsic";
        let waited = self.shared.options.request_timeout;
        let deadline = Instant::now() + waited;
        let session = self.session(deadline, waited, None).await?;
        let watch = session.client.subscribe::<Status, _>(
            METHOD,
            rpc::params(json!([rpc::hex(bytes)])),
            "author_unwatchExtrinsic",
        );
        Ok(match timeout_at(deadline, watch).await {
            Ok(Ok(watch)) => Submitted::Accepted(Box::new(watch)),
            Ok(Err(RpcError::Call(error))) => Submitted::Refused {
                code: error.code(),
                message: error.message().to_owned(),
                data: data_of(error.data().map(|data| data.get())),
            },
            Ok(Err(error)) => Submitted::Unknown(error.to_string()),
            Err(_) => Submitted::Unknown(format!("no answer within {} s", waited.as_secs())),
        })
    }

    /// The block with this hash.
    pub(crate) async fn head(&self, hash: [u8; 32]) -> Result<Head, ChainError> {
        let header: Option<Header> = self
            .read("chain_getHeader", json!([rpc::hex(&hash)]))
            .await?;
        header
            .as_ref()
            .map(rpc::head)
            .transpose()?
            .ok_or_else(|| ChainError::missing(format!("block {}", rpc::hex(&hash))))
    }

    /// A value of the state, `None` where there is none.
    pub(crate) async fn storage(
        &self,
        key: &[u8],
        block: Option<[u8; 32]>,
    ) -> Result<Option<Vec<u8>>, ChainError> {
        let value: Option<String> = self
            .read("state_getStorage", at(json!([rpc::hex(key)]), block))
            .await?;
        value
            .map(|text| rpc::bytes("state_getStorage", &text))
            .transpose()
    }

    /// All keys and values below a prefix at a block.
    pub(crate) async fn pairs(
        &self,
        prefix: &[u8],
        block: [u8; 32],
    ) -> Result<Vec<(Vec<u8>, Vec<u8>)>, ChainError> {
        const PAGE: usize = 512;
        let mut found = Vec::new();
        let mut last: Option<String> = None;
        loop {
            let keys: Vec<String> = self
                .read(
                    "state_getKeysPaged",
                    json!([rpc::hex(prefix), PAGE, last, rpc::hex(&block)]),
                )
                .await?;
            let sets: Vec<Changes> = self
                .read("state_queryStorageAt", json!([keys, rpc::hex(&block)]))
                .await?;
            for (key, value) in sets.into_iter().flat_map(|set| set.changes) {
                if let Some(value) = value {
                    found.push((rpc::bytes("a key", &key)?, rpc::bytes("a value", &value)?));
                }
            }
            if keys.len() < PAGE {
                return Ok(found);
            }
            last = keys.into_iter().next_back();
        }
    }

    /// Calls the runtime.
    pub(crate) async fn call(
        &self,
        method: &str,
        arguments: &[u8],
        block: Option<[u8; 32]>,
    ) -> Result<Vec<u8>, ChainError> {
        let answer: String = self
            .read(
                "state_call",
                at(json!([method, rpc::hex(arguments)]), block),
            )
            .await
            .map_err(|error| name_call(error, method))?;
        rpc::bytes(method, &answer)
    }
}

/// The answer of `state_queryStorageAt`.
#[derive(serde::Deserialize)]
struct Changes {
    changes: Vec<(String, Option<String>)>,
}

/// The method of the runtime says more than `state_call`.
fn name_call(error: ChainError, name: &str) -> ChainError {
    match error {
        ChainError::Rpc { code, message, .. } if message.contains("is not found") => {
            tracing::debug!(code, message, "no such method");
            ChainError::missing(format!("method {name}"))
        }
        ChainError::Rpc { code, message, .. } => ChainError::Rpc {
            method: name.to_owned(),
            code,
            message,
        },
        ChainError::Deadline { waited, .. } => ChainError::Deadline {
            method: name.to_owned(),
            waited,
        },
        other => other,
    }
}

/// The list with a block at its end, where one is given.
fn at(mut list: Value, block: Option<[u8; 32]>) -> Value {
    if let (Value::Array(items), Some(hash)) = (&mut list, block) {
        items.push(json!(rpc::hex(&hash)));
    }
    list
}

/// The text of an error's data, which is JSON itself.
fn data_of(data: Option<&str>) -> String {
    data.map(|data| serde_json::from_str(data).unwrap_or_else(|_| data.to_owned()))
        .unwrap_or_default()
}

/// Refuses an address to which no attempt can succeed.
fn check_url(url: &str) -> Result<(), ChainError> {
    let fail = |reason: &str| ChainError::Url {
        url: url.chars().take(256).collect(),
        reason: reason.to_owned(),
    };
    let rest = url
        .strip_prefix("ws://")
        .or_else(|| url.strip_prefix("wss://"))
        .ok_or_else(|| fail("it starts with neither ws:// nor wss://"))?;
    if url
        .chars()
        .any(|letter| letter.is_whitespace() || letter.is_control())
    {
        return Err(fail("it contains a space"));
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host_and_port = authority.rsplit('@').next().unwrap_or_default();
    let (host, port) = match host_and_port.rsplit_once(':') {
        // The colons of an address of version 6 stand in brackets.
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (host_and_port, None),
    };
    if host.is_empty() {
        return Err(fail("it names no host"));
    }
    match port.map(str::parse::<u16>) {
        None | Some(Ok(1..)) => Ok(()),
        Some(_) => Err(fail("its port is no number from 1 to 65535")),
    }
}

impl Shared {
    fn known(&self, version: &RuntimeVersion) -> Option<Arc<Runtime>> {
        let runtimes = self.runtimes.lock();
        let runtimes = runtimes.unwrap_or_else(PoisonError::into_inner);
        runtimes
            .iter()
            .find(|runtime| runtime.version() == version)
            .cloned()
    }

    fn learn(&self, version: RuntimeVersion, answer: &[u8]) -> Result<Arc<Runtime>, ChainError> {
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

/// What a session listens to.
struct Streams {
    heads: Subscription<Header>,
    finalized: Subscription<Header>,
    versions: Subscription<RuntimeVersion>,
}

/// Connects, listens until the connection breaks, connects again.
async fn supervise(shared: Arc<Shared>) {
    let mut pause = FIRST_PAUSE;
    let mut id = 0;
    loop {
        id += 1;
        let limit = shared.options.request_timeout;
        let opened = timeout(limit, open(&shared, id)).await;
        let down = match opened {
            Ok(Ok((session, streams))) => {
                tracing::info!(url = shared.url, session = id, "connected to the node");
                pause = FIRST_PAUSE;
                shared.link.send_replace(Link::Up(session.clone()));
                let reason = attend(&shared, &session, streams).await;
                tracing::warn!(
                    url = shared.url,
                    reason,
                    "the connection to the node broke; connecting again"
                );
                Link::Down(reason)
            }
            Ok(Err(error @ ChainError::OtherChain { .. })) => {
                tracing::error!(%error, "wrong chain");
                Link::OtherChain(error)
            }
            Ok(Err(error)) => Link::Down(error.to_string()),
            Err(_) => Link::Down(format!("no answer within {} s", limit.as_secs())),
        };
        if let Link::Down(reason) = &down {
            tracing::debug!(url = shared.url, reason, "not connected");
        }
        shared.link.send_replace(down);
        sleep(pause).await;
        pause = (pause * 2).min(LAST_PAUSE);
    }
}

async fn open(shared: &Shared, id: u64) -> Result<(Arc<Session>, Streams), ChainError> {
    let fail = |error: RpcError| ChainError::unreadable("the node", plain(&error));
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
        .map_err(fail)?;

    let genesis: String = client
        .request("chain_getBlockHash", rpc::params(json!([0])))
        .await
        .map_err(fail)?;
    let genesis = rpc::hash(&genesis)?;
    let expected = shared.genesis.get_or_init(|| genesis);
    if *expected != genesis {
        return Err(ChainError::OtherChain {
            url: shared.url.clone(),
            expected: rpc::hex(expected),
            found: rpc::hex(&genesis),
        });
    }
    let runtime = running(shared, &client).await?;
    let heads = client
        .subscribe(
            "chain_subscribeNewHeads",
            rpc::params(json!([])),
            "chain_unsubscribeNewHeads",
        )
        .await
        .map_err(fail)?;
    let finalized = client
        .subscribe(
            "chain_subscribeFinalizedHeads",
            rpc::params(json!([])),
            "chain_unsubscribeFinalizedHeads",
        )
        .await
        .map_err(fail)?;
    let versions = client
        .subscribe(
            "state_subscribeRuntimeVersion",
            rpc::params(json!([])),
            "state_unsubscribeRuntimeVersion",
        )
        .await
        .map_err(fail)?;
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

/// The runtime of the best block.
async fn running(shared: &Shared, client: &Client) -> Result<Arc<Runtime>, ChainError> {
    let fail = |error: RpcError| ChainError::unreadable("the node's runtime", plain(&error));
    let version: RuntimeVersion = client
        .request("state_getRuntimeVersion", rpc::params(json!([])))
        .await
        .map_err(fail)?;
    if let Some(known) = shared.known(&version) {
        return Ok(known);
    }
    let list = json!(["Metadata_metadata_at_version", rpc::hex(&15u32.encode())]);
    let answer: String = client
        .request("state_call", rpc::params(list))
        .await
        .map_err(fail)?;
    shared.learn(version, &rpc::bytes("the metadata", &answer)?)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_nodes_are_taken() {
        for url in [
            "ws://127.0.0.1:9944",
            "wss://node.example",
            "wss://node.example/path?key=1",
            "ws://[::1]:9944",
            "ws://[::1]",
        ] {
            assert_eq!(check_url(url), Ok(()), "{url}");
        }
    }

    #[test]
    fn other_addresses_are_refused_with_an_example() {
        for url in [
            "",
            "127.0.0.1:9944",
            "http://127.0.0.1:9944",
            "ws://",
            "ws://:9944",
            "ws://host:0",
            "ws://host:65536",
            "ws://host:port",
            "ws://ho st",
            "ws://host\n",
        ] {
            let error = check_url(url).unwrap_err();
            assert!(error.to_string().contains("ws://127.0.0.1:9944"), "{error}");
            assert!(!error.is_retryable());
        }
    }
}
