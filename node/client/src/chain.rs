//! The chain, as its clients see it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use codec::{Decode, Encode};
use subxt::{dynamic::Value, ext::scale_decode::DecodeAsType};
use tokio::sync::watch;

use crate::{AccountId32, ChainError, Head, Options, RuntimeVersion, connection::Connection};

/// Whose turn it is to send, for each key.
pub(crate) type Turns = Mutex<HashMap<[u8; 32], Arc<tokio::sync::Mutex<()>>>>;

/// One owned connection to a node; clones share it. It comes back by itself after the node does.
#[derive(Clone)]
pub struct Chain {
    pub(crate) connection: Arc<Connection>,
    pub(crate) turns: Arc<Turns>,
}

impl std::fmt::Debug for Chain {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Chain({})", self.connection.url())
    }
}

impl Chain {
    /// Connects to a node, `ws://` or `wss://`.
    ///
    /// **Errors:** the address is malformed; there was no connection within 15 s.
    pub async fn connect(url: &str) -> Result<Self, ChainError> {
        Self::connect_with(url, Options::default()).await
    }

    /// [`Self::connect`] with these settings.
    ///
    /// **Errors:** the address is malformed; there was no connection within `connect_timeout`.
    pub async fn connect_with(url: &str, options: Options) -> Result<Self, ChainError> {
        let timeout = options.connect_timeout;
        let chain = Self::connect_lazily(url, options)?;
        chain.connection.wait(timeout).await?;
        Ok(chain)
    }

    /// Starts connecting to a node and goes on for as long as this value or a clone lives. Needs a runtime of
    /// tokio.
    ///
    /// **Errors:** the address is malformed; never that the node is absent.
    pub fn connect_lazily(url: &str, options: Options) -> Result<Self, ChainError> {
        Ok(Self {
            connection: Arc::new(Connection::start(url, options)?),
            turns: Arc::default(),
        })
    }

    /// Address of the node.
    #[must_use]
    pub fn url(&self) -> &str {
        self.connection.url()
    }

    /// Whether there is a connection at this moment.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        self.connection.is_up()
    }

    /// The best block.
    pub async fn head(&self) -> Result<Head, ChainError> {
        let hash: String = self
            .connection
            .read("chain_getBlockHash", serde_json::json!([]))
            .await?;
        self.connection.head(crate::rpc::hash(&hash)?).await
    }

    /// The last final block.
    pub async fn finalized(&self) -> Result<Head, ChainError> {
        let hash: String = self
            .connection
            .read("chain_getFinalizedHead", serde_json::json!([]))
            .await?;
        self.connection.head(crate::rpc::hash(&hash)?).await
    }

    /// Best blocks as they come, over all reconnections. `None` before the first one; the last one stays while the
    /// node is away. Slow readers see the latest only.
    #[must_use]
    pub fn heads(&self) -> watch::Receiver<Option<Head>> {
        self.connection.heads()
    }

    /// Final blocks as they come, over all reconnections.
    #[must_use]
    pub fn finalized_heads(&self) -> watch::Receiver<Option<Head>> {
        self.connection.finalized_heads()
    }

    /// Hash of the best chain's block at this height; `None` where there is none yet.
    pub async fn hash_of(&self, number: u32) -> Result<Option<[u8; 32]>, ChainError> {
        let hash: Option<String> = self
            .connection
            .read("chain_getBlockHash", serde_json::json!([number]))
            .await?;
        hash.as_deref().map(crate::rpc::hash).transpose()
    }

    /// Hash of block 0.
    pub async fn genesis(&self) -> Result<[u8; 32], ChainError> {
        Ok(self.connection.runtime().await?.genesis())
    }

    /// The running runtime.
    pub async fn runtime_version(&self) -> Result<RuntimeVersion, ChainError> {
        self.connection
            .read("state_getRuntimeVersion", serde_json::json!([]))
            .await
    }

    /// The chain's clock at the best block, in ms since 1970.
    pub async fn now_ms(&self) -> Result<u64, ChainError> {
        self.value("Timestamp", "Now", vec![]).await
    }

    /// Time between two blocks, in ms.
    pub async fn slot_duration_ms(&self) -> Result<u64, ChainError> {
        self.connection
            .runtime()
            .await?
            .constant("Aura", "SlotDuration")
    }

    /// Waits for a best block of at least this height. Gives up after `timeout`.
    ///
    /// **Errors:** [`ChainError::Deadline`].
    pub async fn wait_for_block(&self, number: u32, timeout: Duration) -> Result<Head, ChainError> {
        let mut heads = self.heads();
        let reached = heads.wait_for(|head| head.is_some_and(|head| head.number >= number));
        match tokio::time::timeout(timeout, reached).await {
            Ok(Ok(head)) => Ok((*head).unwrap_or(Head {
                number,
                hash: [0; 32],
            })),
            _ => Err(ChainError::Deadline {
                method: format!("block {number}"),
                waited: timeout,
            }),
        }
    }

    /// A value of any storage item, decoded by the metadata; `None` where nothing is stored.
    pub async fn stored<T: DecodeAsType>(
        &self,
        pallet: &str,
        item: &str,
        keys: Vec<Value>,
        at: Option<[u8; 32]>,
    ) -> Result<Option<T>, ChainError> {
        let runtime = self.connection.runtime().await?;
        let key = runtime.key(pallet, item, keys)?;
        match self.connection.storage(&key, at).await? {
            Some(bytes) => runtime.decode(pallet, item, &bytes).map(Some),
            None => Ok(None),
        }
    }

    pub(crate) async fn value<T: DecodeAsType>(
        &self,
        pallet: &str,
        item: &str,
        keys: Vec<Value>,
    ) -> Result<T, ChainError> {
        self.value_at(pallet, item, keys, None).await
    }

    /// A stored value, or the default that the metadata names.
    pub(crate) async fn value_at<T: DecodeAsType>(
        &self,
        pallet: &str,
        item: &str,
        keys: Vec<Value>,
        at: Option<[u8; 32]>,
    ) -> Result<T, ChainError> {
        match self.stored(pallet, item, keys, at).await? {
            Some(value) => Ok(value),
            None => self.connection.runtime().await?.default(pallet, item),
        }
    }

    /// Asks the runtime at the best block, by the name `Api_method`.
    ///
    /// **Errors:** the runtime has no such method; the answer is of another type; the node does not answer.
    pub async fn view<T: Decode>(
        &self,
        method: &str,
        arguments: impl Encode,
    ) -> Result<T, ChainError> {
        self.view_at(method, arguments, None).await
    }

    /// [`Self::view`] at this block. Bytes after the value are fields that newer runtimes added.
    pub async fn view_at<T: Decode>(
        &self,
        method: &str,
        arguments: impl Encode,
        at: Option<[u8; 32]>,
    ) -> Result<T, ChainError> {
        let answer = self
            .connection
            .call(method, &arguments.encode(), at)
            .await?;
        T::decode(&mut &answer[..]).map_err(|error| ChainError::unreadable(method, error))
    }
}

pub(crate) fn number(value: u16) -> Value {
    Value::u128(value.into())
}

pub(crate) fn account(of: &AccountId32) -> Value {
    let bytes: &[u8] = of.as_ref();
    Value::from_bytes(bytes)
}
