//! The chain, as its clients see it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use codec::{Compact, Decode, Encode};
use dendra_primitives::NetUid;
use dendra_runtime_api::{HyperparamEntry, Metagraph, StakeInfo};
use subxt::{
    dynamic::Value,
    ext::{
        scale_decode::DecodeAsType,
        scale_value::{Composite, ValueDef},
    },
    utils::{AccountId32 as Account, H256},
};
use tokio::sync::watch;

use crate::{
    AccountId32, ChainError, Epoch, Head, Hyperparameters, Options, RuntimeVersion, WeightCommit,
    connection::Connection, receipt, storage_index,
};

/// One owned connection to a node; clones share it. It comes back by itself after the node does.
#[derive(Clone)]
pub struct Chain {
    pub(crate) connection: Arc<Connection>,
    pub(crate) turns: Arc<Mutex<HashMap<[u8; 32], Arc<tokio::sync::Mutex<()>>>>>,
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
        chain.connection.session_within(timeout).await?;
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

    /// Best blocks as they come, over all reconnections. `None` before the first one. Slow readers see the latest
    /// only.
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

    /// Everything about a subnet and its neurons; `None` without the subnet.
    pub async fn metagraph(&self, netuid: u16) -> Result<Option<Metagraph>, ChainError> {
        self.ask("SubnetInfoRuntimeApi_get_metagraph", NetUid::from(netuid))
            .await
    }

    /// The hyperparameters of a subnet; `None` without the subnet.
    pub async fn hyperparameters(
        &self,
        netuid: u16,
    ) -> Result<Option<Hyperparameters>, ChainError> {
        let entries: Option<Vec<HyperparamEntry>> = self
            .ask(
                "SubnetInfoRuntimeApi_get_subnet_hyperparams_v3",
                NetUid::from(netuid),
            )
            .await?;
        entries
            .map(|entries| Hyperparameters::from_entries(&entries))
            .transpose()
    }

    /// Where a subnet stands in its schedule; `None` without the subnet. All of it at one block.
    pub async fn epoch(&self, netuid: u16) -> Result<Option<Epoch>, ChainError> {
        let head = self.head().await?;
        let at = Some(head.hash);
        let key = vec![number(netuid)];
        if !self.exists_at(netuid, at).await? {
            return Ok(None);
        }
        let next: Option<u64> = self
            .ask_at(
                "SubnetInfoRuntimeApi_get_next_epoch_start_block",
                NetUid::from(netuid),
                at,
            )
            .await?;
        Ok(Some(Epoch {
            tempo: self
                .value_at("SubtensorModule", "Tempo", key.clone(), at)
                .await?,
            next_start: next.unwrap_or(u64::MAX),
            index: self
                .value_at("SubtensorModule", "SubnetEpochIndex", key, at)
                .await?,
            block: head.number,
        }))
    }

    /// The uid of a hotkey on a subnet.
    pub async fn uid(&self, netuid: u16, hotkey: &AccountId32) -> Result<Option<u16>, ChainError> {
        self.stored(
            "SubtensorModule",
            "Uids",
            vec![number(netuid), account(hotkey)],
            None,
        )
        .await
    }

    /// TAO that an account can spend, in rao.
    pub async fn balance(&self, of: &AccountId32) -> Result<u64, ChainError> {
        let record: AccountRecord = self.value("System", "Account", vec![account(of)]).await?;
        Ok(record.data.free)
    }

    /// What registering a neuron costs now, in rao.
    pub async fn burn(&self, netuid: u16) -> Result<u64, ChainError> {
        self.value("SubtensorModule", "Burn", vec![number(netuid)])
            .await
    }

    /// The hotkey of a subnet's owner; `None` where nobody owns it.
    pub async fn owner_hotkey(&self, netuid: u16) -> Result<Option<AccountId32>, ChainError> {
        self.account_in("SubnetOwnerHotkey", vec![number(netuid)])
            .await
    }

    /// The coldkey of a subnet's owner; `None` where nobody owns it.
    pub async fn owner_coldkey(&self, netuid: u16) -> Result<Option<AccountId32>, ChainError> {
        self.account_in("SubnetOwner", vec![number(netuid)]).await
    }

    /// The coldkey that owns a hotkey; `None` for a hotkey that the chain does not know.
    pub async fn owner_of(&self, hotkey: &AccountId32) -> Result<Option<AccountId32>, ChainError> {
        self.account_in("Owner", vec![account(hotkey)]).await
    }

    /// Whether a subnet exists.
    pub async fn exists(&self, netuid: u16) -> Result<bool, ChainError> {
        self.exists_at(netuid, None).await
    }

    /// All subnets with root, ascending.
    pub async fn subnets(&self) -> Result<Vec<u16>, ChainError> {
        let runtime = self.connection.runtime().await?;
        let prefix = runtime.prefix("SubtensorModule", "NetworksAdded");
        let at = self.head().await?.hash;
        let mut found = Vec::new();
        for (key, value) in self.connection.pairs(&prefix, at).await? {
            // The key is not hashed: its last two bytes are the netuid.
            let netuid = key
                .get(prefix.len()..)
                .and_then(|mut rest| u16::decode(&mut rest).ok())
                .ok_or_else(|| ChainError::unreadable("the list of subnets", "an odd key"))?;
            if runtime.decode::<bool>("SubtensorModule", "NetworksAdded", &value)? {
                found.push(netuid);
            }
        }
        found.sort_unstable();
        Ok(found)
    }

    /// The bytes that a hotkey has published on a subnet: those of the first field that carries plain bytes.
    pub async fn commitment(
        &self,
        netuid: u16,
        hotkey: &AccountId32,
    ) -> Result<Option<Vec<u8>>, ChainError> {
        let record: Option<Value> = self
            .stored(
                "Commitments",
                "CommitmentOf",
                vec![number(netuid), account(hotkey)],
                None,
            )
            .await?;
        Ok(record.as_ref().and_then(raw_field))
    }

    /// The weights that a neuron has set, as uid and weight.
    pub async fn weights(&self, netuid: u16, uid: u16) -> Result<Vec<(u16, u16)>, ChainError> {
        self.value(
            "SubtensorModule",
            "Weights",
            vec![number(netuid), number(uid)],
        )
        .await
    }

    /// The commits of a hotkey that are not revealed, oldest first, expired ones included until the next commit.
    pub async fn weight_commits(
        &self,
        netuid: u16,
        hotkey: &AccountId32,
    ) -> Result<Vec<WeightCommit>, ChainError> {
        let rows: Option<Vec<(H256, u64, u64, u64)>> = self
            .stored(
                "SubtensorModule",
                "WeightCommits",
                vec![number(storage_index(netuid, 0)), account(hotkey)],
                None,
            )
            .await?;
        Ok(rows
            .unwrap_or_default()
            .into_iter()
            .map(|(hash, epoch, block, _)| WeightCommit {
                hash: hash.0,
                epoch,
                block,
            })
            .collect())
    }

    /// What a coldkey has staked to a hotkey on a subnet: alpha, TAO on root.
    pub async fn stake(
        &self,
        hotkey: &AccountId32,
        coldkey: &AccountId32,
        netuid: u16,
    ) -> Result<u64, ChainError> {
        let info: Option<StakeInfo> = self
            .ask(
                "StakeInfoRuntimeApi_get_stake_info_for_hotkey_coldkey_netuid",
                (hotkey, coldkey, NetUid::from(netuid)),
            )
            .await?;
        Ok(info.map_or(0, |info| {
            let Compact(stake) = info.stake;
            stake.get()
        }))
    }

    /// The next nonce of an account, its transactions in the pool counted.
    pub async fn next_nonce(&self, of: &AccountId32) -> Result<u32, ChainError> {
        self.connection
            .read("account_nextIndex", serde_json::json!([of.to_string()]))
            .await
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

    async fn value<T: DecodeAsType>(
        &self,
        pallet: &str,
        item: &str,
        keys: Vec<Value>,
    ) -> Result<T, ChainError> {
        self.value_at(pallet, item, keys, None).await
    }

    /// A stored value, or the default that the metadata names.
    async fn value_at<T: DecodeAsType>(
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

    async fn account_in(
        &self,
        item: &str,
        keys: Vec<Value>,
    ) -> Result<Option<AccountId32>, ChainError> {
        let found: Option<Account> = self.stored("SubtensorModule", item, keys, None).await?;
        Ok(found
            .filter(|account| account.0 != [0; 32])
            .map(|account| AccountId32::new(account.0)))
    }

    async fn exists_at(&self, netuid: u16, at: Option<[u8; 32]>) -> Result<bool, ChainError> {
        self.value_at("SubtensorModule", "NetworksAdded", vec![number(netuid)], at)
            .await
    }

    async fn ask<T: Decode>(&self, method: &str, arguments: impl Encode) -> Result<T, ChainError> {
        self.ask_at(method, arguments, None).await
    }

    /// Calls the runtime. Bytes after the value are fields that newer runtimes added.
    async fn ask_at<T: Decode>(
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

#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct AccountRecord {
    data: AccountData,
}

#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct AccountData {
    free: u64,
}

pub(crate) fn number(value: u16) -> Value {
    Value::u128(value.into())
}

pub(crate) fn account(of: &AccountId32) -> Value {
    let bytes: &[u8] = of.as_ref();
    Value::from_bytes(bytes)
}

/// The bytes of the first field `Raw…` or `BigRaw` anywhere in a commitment.
fn raw_field(value: &Value) -> Option<Vec<u8>> {
    match &value.value {
        ValueDef::Variant(variant)
            if variant.name.starts_with("Raw") || variant.name == "BigRaw" =>
        {
            let whole = Composite::Unnamed(variant.values.values().cloned().collect());
            // A field of no bytes has no value inside.
            if whole.is_empty() {
                return Some(Vec::new());
            }
            receipt::bytes(&Value::without_context(ValueDef::Composite(whole)))
        }
        ValueDef::Variant(variant) => variant.values.values().find_map(raw_field),
        ValueDef::Composite(fields) => fields.values().find_map(raw_field),
        _ => None,
    }
}
