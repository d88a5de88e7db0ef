//! What miners and validators read of the chain.

use codec::{Compact, Decode as _};
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

use crate::{
    AccountId32, Chain, ChainError, Epoch, Hyperparameters, WeightCommit,
    chain::{account, number},
    receipt, storage_index,
    wallet::to_ss58,
};

impl Chain {
    /// Everything about a subnet and its neurons; `None` without the subnet.
    pub async fn metagraph(&self, netuid: u16) -> Result<Option<Metagraph>, ChainError> {
        self.view("SubnetInfoRuntimeApi_get_metagraph", NetUid::from(netuid))
            .await
    }

    /// The hyperparameters of a subnet; `None` without the subnet.
    pub async fn hyperparameters(
        &self,
        netuid: u16,
    ) -> Result<Option<Hyperparameters>, ChainError> {
        let entries: Option<Vec<HyperparamEntry>> = self
            .view(
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
            .view_at(
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
            .view(
                "StakeInfoRuntimeApi_get_stake_info_for_hotkey_coldkey_netuid",
                (hotkey, coldkey, NetUid::from(netuid)),
            )
            .await?;
        Ok(info.map_or(0, |info| {
            let Compact(stake) = info.stake;
            stake.get()
        }))
    }

    /// Transactions of an account in blocks up to the best one.
    pub async fn nonce(&self, of: &AccountId32) -> Result<u32, ChainError> {
        self.view("AccountNonceApi_account_nonce", of).await
    }

    /// The next nonce of an account, its transactions in the pool counted.
    pub async fn next_nonce(&self, of: &AccountId32) -> Result<u32, ChainError> {
        self.connection
            .read("account_nextIndex", serde_json::json!([to_ss58(of)]))
            .await
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
