//! The real chain.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
};

use dendra_client::{Call, Chain, ChainError, Metagraph, SubmitError, Value, Wait};
use sp_core::sr25519::Pair;
use tokio::sync::watch;

use super::{Away, ChainAccess, Epoch, Head, Neuron, Subnet};
use crate::{
    hotkey::Hotkey,
    submission::{Action, OnChain, Order, Outcome},
};

/// Blocks that may pass between a look at the chain and the signature of what follows from it.
const MARGIN: u32 = 8;

/// A node of the chain, and the key that signs.
#[derive(Clone)]
pub struct Live {
    chain: Chain,
    /// Missing where nothing is ever sent.
    pair: Option<Arc<Pair>>,
    heads: watch::Receiver<Option<Head>>,
}

impl Live {
    /// Reads and writes through this connection. Must be called within a runtime.
    pub fn new(chain: Chain, pair: Arc<Pair>) -> Self {
        Self::make(chain, Some(pair))
    }

    /// Reads through this connection. Must be called within a runtime.
    pub fn reading(chain: Chain) -> Self {
        Self::make(chain, None)
    }

    fn make(chain: Chain, pair: Option<Arc<Pair>>) -> Self {
        let mut theirs = chain.heads();
        let (ours, heads) = watch::channel(None);
        tokio::spawn(async move {
            loop {
                let head = *theirs.borrow_and_update();
                if let Some(head) = head {
                    let (number, hash) = (head.number, head.hash);
                    ours.send_replace(Some(Head { number, hash }));
                }
                tokio::select! {
                    () = ours.closed() => return,
                    changed = theirs.changed() => if changed.is_err() { return },
                }
            }
        });
        Self { chain, pair, heads }
    }

    /// The connection.
    pub fn connection(&self) -> &Chain {
        &self.chain
    }
}

impl From<ChainError> for Away {
    fn from(error: ChainError) -> Self {
        Self(error.to_string())
    }
}

/// Where a neuron serves, if it said so and it can be somewhere. An address of version 4 is in the low 32 bits.
fn address(ip: u128, port: u16, version: u8) -> Option<SocketAddr> {
    let ip = match version {
        4 => IpAddr::V4(Ipv4Addr::from(u32::try_from(ip).ok()?)),
        6 => IpAddr::V6(Ipv6Addr::from(ip)),
        _ => return None,
    };
    let serves = port != 0 && !ip.is_unspecified() && !ip.is_multicast();
    serves.then_some(SocketAddr::new(ip, port))
}

impl Subnet {
    /// The subnet of a metagraph. Columns that are shorter than the list of hotkeys are filled with nothing.
    pub fn from_metagraph(graph: &Metagraph) -> Self {
        let neurons = graph.hotkeys.iter().zip(0_u16..).map(|(hotkey, uid)| {
            let at = usize::from(uid);
            Neuron {
                uid,
                hotkey: Hotkey(*hotkey.as_ref()),
                address: graph
                    .axons
                    .get(at)
                    .and_then(|axon| address(axon.ip, axon.port, axon.ip_type)),
                is_permitted: graph.validator_permit.get(at).copied().unwrap_or(false),
                is_active: graph.active.get(at).copied().unwrap_or(false),
                last_update: graph.last_update.get(at).map_or(0, |value| value.0),
                registered_at: graph
                    .block_at_registration
                    .get(at)
                    .map_or(0, |value| value.0),
                stake: graph.total_stake.get(at).map_or(0, |value| value.0.get()),
                incentive: graph.incentives.get(at).map_or(0, |value| value.0),
                dividends: graph.dividends.get(at).map_or(0, |value| value.0),
                consensus: graph.consensus.get(at).map_or(0, |value| value.0),
                emission: graph.emission.get(at).map_or(0, |value| value.0.get()),
            }
        });
        Self {
            netuid: graph.netuid.0.into(),
            block: graph.block.0,
            tempo: graph.tempo.0,
            min_allowed_weights: graph.min_allowed_weights.0,
            max_weights_limit: graph.max_weights_limit.0,
            weights_version: graph.weights_version.0,
            weights_rate_limit: graph.weights_rate_limit.0,
            activity_cutoff: graph.activity_cutoff.0,
            commit_reveal: graph.commit_reveal_weights_enabled,
            reveal_period: graph.commit_reveal_period.0,
            kappa: graph.kappa.0,
            burn: graph.burn.0.get(),
            owner: Hotkey(*graph.owner_hotkey.as_ref()),
            neurons: neurons.collect(),
        }
    }
}

impl ChainAccess for Live {
    fn heads(&self) -> watch::Receiver<Option<Head>> {
        self.heads.clone()
    }

    async fn subnet(&self, netuid: u16) -> Result<Option<Subnet>, Away> {
        let metagraph = self.chain.metagraph(netuid).await?;
        Ok(metagraph.as_ref().map(Subnet::from_metagraph))
    }

    async fn epoch(&self, netuid: u16) -> Result<Option<Epoch>, Away> {
        let Some(epoch) = self.chain.epoch(netuid).await? else {
            return Ok(None);
        };
        let at = self.chain.hash_of(epoch.block).await?;
        let key = vec![Value::u128(netuid.into())];
        let started = self
            .chain
            .stored("SubtensorModule", "LastEpochBlock", key, at)
            .await?;
        Ok(Some(Epoch {
            block: epoch.block,
            index: epoch.index,
            started: started.unwrap_or(0),
            next_start: epoch.next_start,
            tempo: epoch.tempo,
        }))
    }

    async fn hash_of(&self, number: u32) -> Result<Option<[u8; 32]>, Away> {
        Ok(self.chain.hash_of(number).await?)
    }

    async fn nonce(&self, of: &Hotkey) -> Result<u64, Away> {
        Ok(self.chain.nonce(&of.account()).await?.into())
    }

    async fn commits(&self, netuid: u16, of: &Hotkey) -> Result<Vec<OnChain>, Away> {
        let commits = self.chain.weight_commits(netuid, &of.account()).await?;
        let each = commits.into_iter().map(|commit| OnChain {
            hash: commit.hash,
            epoch: commit.epoch,
            block: commit.block,
        });
        Ok(each.collect())
    }

    async fn weights(&self, netuid: u16, uid: u16) -> Result<Vec<(u16, u16)>, Away> {
        Ok(self.chain.weights(netuid, uid).await?)
    }

    async fn commitment(&self, netuid: u16, of: &Hotkey) -> Result<Option<Vec<u8>>, Away> {
        Ok(self.chain.commitment(netuid, &of.account()).await?)
    }

    async fn block_time(&self) -> Result<u64, Away> {
        Ok(self.chain.slot_duration_ms().await?)
    }

    async fn clock(&self) -> Result<u64, Away> {
        Ok(self.chain.now_ms().await?)
    }

    async fn runtime(&self) -> Result<(String, u32), Away> {
        let version = self.chain.runtime_version().await?;
        Ok((version.spec_name, version.spec_version))
    }

    async fn validity(&self) -> Result<u32, Away> {
        // It may be signed some blocks later.
        Ok(self.chain.validity().await?.saturating_add(MARGIN))
    }

    async fn send(&self, netuid: u16, order: &Order) -> Outcome {
        let mechanism = 0;
        let call = match order.action.clone() {
            Action::Set { row, version_key } => Call::SetWeights {
                netuid,
                mechanism,
                dests: row.uids,
                weights: row.values,
                version_key,
            },
            Action::Commit { hash } => Call::CommitWeights {
                netuid,
                mechanism,
                hash,
            },
            Action::Reveal {
                row,
                salt,
                version_key,
            } => Call::RevealWeights {
                netuid,
                mechanism,
                uids: row.uids,
                values: row.values,
                salt,
                version_key,
            },
        };
        let Ok(nonce) = u32::try_from(order.nonce) else {
            return Outcome::Refused(format!("the nonce {} does not exist", order.nonce));
        };
        let Some(pair) = &self.pair else {
            return Outcome::Refused("this connection only reads".into());
        };
        match self
            .chain
            .submit_with_nonce(pair, call, nonce, Wait::Best)
            .await
        {
            Ok(_) => Outcome::Included,
            Err(error) => outcome(&error),
        }
    }
}

/// What an error says about the fate of an order.
fn outcome(error: &SubmitError) -> Outcome {
    let text = error.to_string();
    match error {
        SubmitError::Failed { .. } => Outcome::Failed(text),
        SubmitError::Refused { .. } | SubmitError::Call { .. } => Outcome::Refused(text),
        // Another transaction with the nonce may be an earlier try of the same order.
        SubmitError::Dropped { .. }
        | SubmitError::Usurped { .. }
        | SubmitError::Expired { .. }
        | SubmitError::Deadline { .. }
        | SubmitError::Connection(_) => Outcome::Unknown(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_as_announced() {
        let shown =
            |ip, port, version| address(ip, port, version).map(|address| address.to_string());
        assert_eq!(
            shown(0x7f00_0001, 8091, 4).as_deref(),
            Some("127.0.0.1:8091")
        );
        assert_eq!(shown(1, 80, 6).as_deref(), Some("[::1]:80"));
        for (ip, port, version) in [
            (0, 0, 0),
            (0x0102_0304, 0, 4),
            (0, 80, 4),
            (1 << 40, 80, 4),
            (1, 80, 5),
        ] {
            assert_eq!(shown(ip, port, version), None, "{ip} {port} {version}");
        }
    }

    #[test]
    fn only_what_never_left_is_made_anew() {
        let reason = String::new();
        let refused = SubmitError::Refused {
            code: Some(6),
            meaning: reason.clone(),
        };
        assert!(matches!(outcome(&refused), Outcome::Refused(_)));
        for unclear in [
            SubmitError::Dropped {
                reason: reason.clone(),
            },
            SubmitError::Usurped { nonce: 3 },
            SubmitError::Deadline {
                extrinsic: [0; 32],
                reason,
            },
        ] {
            assert!(
                matches!(outcome(&unclear), Outcome::Unknown(_)),
                "{unclear:?}"
            );
        }
    }
}
