//! What a chain says of one subnet at one block, read from its storage: the amounts that have to add up.
//!
//! Nothing here is computed by this crate: every number is a storage value of the block, read by its key. The
//! sums that are made of them are in [`crate::verdict`].

use std::collections::BTreeMap;

use codec::{Decode, Encode};
use serde_json::json;
use sp_crypto_hashing::{blake2_128, twox_128};

use crate::{
    failure::{Failure, Outcome},
    rpc::Rpc,
};

/// The pallet that holds all of it.
const PALLET: &str = "SubtensorModule";

/// A hotkey.
pub type Key = [u8; 32];

/// What waits for the next epoch, in units of alpha.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Decode)]
pub struct Pending {
    /// For miners.
    pub server: u64,
    /// For validators and their stakers.
    pub validator: u64,
    /// For root stakers.
    pub root: u64,
    /// For the owner.
    pub owner: u64,
}

impl Pending {
    /// All of it. 128 bits hold any sum of four.
    pub fn total(&self) -> u128 {
        [self.server, self.validator, self.root, self.owner]
            .map(u128::from)
            .iter()
            .sum()
    }
}

/// The books of a subnet at a block. Amounts of alpha and TAO in their smallest units.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Books {
    /// The block.
    pub block: u64,
    /// How many epochs the subnet has had.
    pub epochs: u64,
    /// Alpha outside of the pool.
    pub alpha_out: u64,
    /// Alpha staked on all hotkeys together.
    pub staked: u64,
    /// Alpha that the chain itself bought.
    pub protocol: u64,
    /// What waits for the next epoch.
    pub pending: Pending,
    /// What the last epoch left over.
    pub residual: u64,
    /// What is kept for root stakers.
    pub root_pot: u64,
    /// Alpha burned for good.
    pub burned: u64,
    /// Alpha that this block minted for the participants.
    pub minted: u64,
    /// TAO that this block put into the pool.
    pub tao_issued: u64,
    /// TAO in the pool.
    pub tao_in: u64,
    /// What each uid earned in the last epoch, in alpha.
    pub emission: Vec<u64>,
    /// Alpha staked on each hotkey that was asked for.
    pub stake: BTreeMap<Key, u64>,
}

/// The key of a value: the hashes of pallet and item, then what the map's hashers make of its keys.
fn storage_key(item: &str, keys: &[&[u8]]) -> String {
    let mut bytes = [twox_128(PALLET.as_bytes()), twox_128(item.as_bytes())].concat();
    for key in keys {
        bytes.extend_from_slice(key);
    }
    format!("0x{}", hex::encode(bytes))
}

/// Hasher `Blake2_128Concat`.
fn hashed(key: &[u8]) -> Vec<u8> {
    [&blake2_128(key)[..], key].concat()
}

/// The values of some keys at a block.
struct Values(BTreeMap<String, Vec<u8>>);

impl Values {
    fn read(rpc: &Rpc, keys: &[String], hash: &str) -> Outcome<Self> {
        let failed = |problem: String| Failure::new(format!("state at block {hash}: {problem}"));
        let answer = rpc
            .call("state_queryStorageAt", json!([keys, hash]))
            .map_err(failed)?;
        let mut values = BTreeMap::new();
        for change in answer[0]["changes"].as_array().into_iter().flatten() {
            let (Some(key), Some(value)) = (change[0].as_str(), change[1].as_str()) else {
                continue;
            };
            let bytes = hex::decode(value.trim_start_matches("0x"))
                .map_err(|error| failed(error.to_string()))?;
            values.insert(key.to_owned(), bytes);
        }
        Ok(Self(values))
    }

    /// A value; what its item has by default if it is not stored.
    fn get<T: Decode + Default>(&self, key: &str) -> Outcome<T> {
        match self.0.get(key) {
            None => Ok(T::default()),
            Some(bytes) => T::decode(&mut &bytes[..]).map_err(|error| {
                Failure::new(format!("the value of {key} is not what it was: {error}"))
                    .advise("the runtime has changed; read zombienet/src/books.rs")
            }),
        }
    }
}

impl Books {
    /// Reads the books of a subnet after a block.
    ///
    /// `hotkeys`: whose stake to read as well. **Errors:** the node does not answer, or has forgotten the block.
    pub fn read(rpc: &Rpc, netuid: u16, block: u64, hotkeys: &[Key]) -> Outcome<Self> {
        let hash = rpc
            .hash(block)
            .map_err(Failure::new)?
            .ok_or_else(|| Failure::new(format!("the chain has no block {block}")))?;
        let subnet = netuid.encode();
        let of = |item: &str| storage_key(item, &[&subnet]);
        let stakes: Vec<(Key, String)> = hotkeys
            .iter()
            .map(|key| {
                let path = storage_key("TotalHotkeyAlpha", &[&hashed(key), &subnet]);
                (*key, path)
            })
            .collect();
        let items = [
            "SubnetEpochIndex",
            "SubnetAlphaOut",
            "TotalAlphaStaked",
            "SubnetProtocolAlpha",
            "PendingEmissions",
            "SubnetResidual",
            "RootDividendPot",
            "BurnedAlpha",
            "SubnetAlphaOutEmission",
            "SubnetTaoInEmission",
            "SubnetTAO",
            "Emission",
        ];
        let keys: Vec<String> = items
            .iter()
            .map(|item| of(item))
            .chain(stakes.iter().map(|(_, path)| path.clone()))
            .collect();
        let values = Values::read(rpc, &keys, &hash)?;
        let number = |item: &str| values.get::<u64>(&of(item));
        Ok(Self {
            block,
            epochs: number("SubnetEpochIndex")?,
            alpha_out: number("SubnetAlphaOut")?,
            staked: number("TotalAlphaStaked")?,
            protocol: number("SubnetProtocolAlpha")?,
            pending: values.get(&of("PendingEmissions"))?,
            residual: number("SubnetResidual")?,
            root_pot: number("RootDividendPot")?,
            burned: number("BurnedAlpha")?,
            minted: number("SubnetAlphaOutEmission")?,
            tao_issued: number("SubnetTaoInEmission")?,
            tao_in: number("SubnetTAO")?,
            emission: values.get(&of("Emission"))?,
            stake: stakes
                .into_iter()
                .map(|(key, path)| Ok((key, values.get(&path)?)))
                .collect::<Outcome<_>>()?,
        })
    }

    /// What is outside of the pool, added up from its parts.
    pub fn parts(&self) -> u128 {
        let parts = [
            self.staked,
            self.protocol,
            self.residual,
            self.root_pot,
            self.burned,
        ];
        parts.map(u128::from).iter().sum::<u128>() + self.pending.total()
    }

    /// The stake on a hotkey that was asked for.
    pub fn stake_of(&self, hotkey: &Key) -> u64 {
        self.stake.get(hotkey).copied().unwrap_or_default()
    }
}

/// Calls a runtime API after a block and decodes what it answers.
///
/// **Errors:** the node does not answer, or something else than `T`.
pub fn ask<T: Decode>(rpc: &Rpc, method: &str, arguments: &[u8], hash: &str) -> Outcome<T> {
    let arguments = format!("0x{}", hex::encode(arguments));
    let answer = rpc
        .call("state_call", json!([method, arguments, hash]))
        .map_err(Failure::new)?;
    let odd = || Failure::new(format!("{method} answered something unknown"));
    let text = answer.as_str().ok_or_else(odd)?;
    let bytes = hex::decode(text.trim_start_matches("0x")).map_err(|_| odd())?;
    T::decode(&mut &bytes[..]).map_err(|_| odd())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_those_that_clients_compute() {
        // `System.Number`, known to everybody, has the same form.
        let known = "26aa394eea5630e07c48ae0c9558cef702a5c1b19ab7a04f536c519aca4983ac";
        let own = [twox_128(b"System"), twox_128(b"Number")].concat();
        assert_eq!(hex::encode(own), known);
        let key = storage_key("SubnetTAO", &[&2_u16.encode()]);
        assert!(key.ends_with("0200"), "{key}");
        assert_eq!(key.len(), 2 + 2 * (32 + 2));
    }

    #[test]
    fn parts_are_added_without_overflow() {
        let books = Books {
            staked: u64::MAX,
            protocol: u64::MAX,
            residual: 1,
            pending: Pending {
                owner: u64::MAX,
                ..Pending::default()
            },
            ..Books::default()
        };
        assert_eq!(books.parts(), 3 * u128::from(u64::MAX) + 1);
    }
}
