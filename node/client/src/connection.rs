//! The one connection to a node.

mod address;
mod shared;
mod supervisor;

use std::{
    sync::{Arc, Mutex, OnceLock},
    time::Duration,
};

use codec::Encode;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use subxt::ext::jsonrpsee::core::client::{
    ClientT, Error as RpcError, Subscription, SubscriptionClientT,
};
use tokio::{
    sync::{Semaphore, watch},
    task::AbortHandle,
    time::{Instant, timeout_at},
};

use self::shared::{Link, Session, Shared};
use crate::{
    ChainError, Head, Options, RuntimeVersion,
    rpc::{self, Header, Status},
    runtime::Runtime,
};

/// What the pool answered to a transaction.
pub(crate) enum Submitted {
    /// It is in the pool, which tells how it goes on.
    Accepted(Box<Subscription<Status>>),
    /// It is not in the pool.
    Refused(Refusal),
    /// It may be in the pool.
    Unknown(String),
}

/// What the pool says when it does not take a transaction.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    pub(crate) code: i32,
    pub(crate) message: String,
    pub(crate) data: String,
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
        address::check(url)?;
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
        let task = tokio::spawn(supervisor::supervise(shared.clone())).abort_handle();
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

    /// Waits for a connection.
    pub(crate) async fn wait(&self, waited: Duration) -> Result<(), ChainError> {
        self.session_within(waited).await.map(|_| ())
    }

    async fn session_within(&self, waited: Duration) -> Result<Arc<Session>, ChainError> {
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
            Ok(Err(RpcError::Call(error))) => Submitted::Refused(Refusal {
                code: error.code(),
                message: error.message().to_owned(),
                data: data_of(error.data().map(|data| data.get())),
            }),
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
