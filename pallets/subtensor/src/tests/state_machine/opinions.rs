//! Random calls about weights: plain, committed, revealed, in batches.

use codec::Compact;
use dendra_primitives::{MechId, NetUid, NetUidIndex};
use sp_core::H256;

use super::{chain_calls::Signed, draw, rng::Rng};
use crate::{
    AccountId, Call, CommitRevealWeightsEnabled, MechanismCountCurrent,
    mock::{SubtensorModule, Test},
    weights::Reveal,
};

/// Commits that are remembered.
const REMEMBERED: usize = 300;

/// A commit that was sent.
struct Hidden {
    hotkey: AccountId,
    netuid: NetUid,
    mecid: MechId,
    reveal: Reveal,
}

/// What was committed and can be revealed.
#[derive(Default)]
pub(super) struct Opinions(Vec<Hidden>);

impl Opinions {
    /// A random call, most often of the kind that the subnet takes.
    pub(super) fn random(&mut self, rng: &mut Rng) -> Signed {
        let anywhere = draw::netuid(rng);
        let netuid = draw::open_netuid(rng)
            .filter(|_| rng.chance(75))
            .unwrap_or(anywhere);
        let hotkey = draw::speaker(rng, netuid);
        let is_hidden = CommitRevealWeightsEnabled::<Test>::get(netuid);
        if is_hidden == rng.chance(85) {
            self.hidden(rng, netuid, hotkey)
        } else {
            let call = plain(rng, netuid);
            (Some(hotkey), call)
        }
    }

    fn hidden(&mut self, rng: &mut Rng, netuid: NetUid, hotkey: AccountId) -> Signed {
        let call = match rng.below(20) {
            0..=4 => Call::commit_weights {
                netuid,
                commit_hash: self.hide(rng, &hotkey, netuid, MechId::new(0)),
            },
            5 | 6 => {
                let mecid = draw::mechanism(rng, netuid);
                Call::commit_mechanism_weights {
                    netuid,
                    mecid,
                    commit_hash: self.hide(rng, &hotkey, netuid, mecid),
                }
            }
            7 | 8 => self.batch_commit(rng, &hotkey, netuid),
            9..=17 => return self.reveal(rng, netuid, hotkey),
            _ => return self.batch_reveal(rng, netuid, hotkey),
        };
        (Some(hotkey), call)
    }

    /// Makes up weights and returns their hash; sometimes any hash.
    fn hide(&mut self, rng: &mut Rng, hotkey: &AccountId, netuid: NetUid, mecid: MechId) -> H256 {
        let (uids, values) = draw::row(rng, netuid);
        let reveal = Reveal {
            uids,
            values,
            salt: salt(rng),
            version_key: version(rng),
        };
        let index = NetUidIndex::from_parts(netuid, mecid);
        let hash = index.and_then(|index| reveal.hash(hotkey, index));
        let Some(hash) = hash.filter(|_| rng.chance(95)) else {
            return H256::repeat_byte(rng.next() as u8);
        };
        if self.0.len() == REMEMBERED {
            self.0.remove(0);
        }
        self.0.push(Hidden {
            hotkey: hotkey.clone(),
            netuid,
            mecid,
            reveal,
        });
        hash
    }

    fn batch_commit(&mut self, rng: &mut Rng, hotkey: &AccountId, netuid: NetUid) -> Call<Test> {
        let length = batch_length(rng);
        let mut netuids: Vec<Compact<NetUid>> = (0..length)
            .map(|_| {
                let other = draw::netuid(rng);
                Compact(if rng.chance(50) { netuid } else { other })
            })
            .collect();
        let commit_hashes: Vec<H256> = netuids
            .iter()
            .map(|other| self.hide(rng, hotkey, other.0, MechId::new(0)))
            .collect();
        if rng.chance(5) {
            netuids.pop();
        }
        Call::batch_commit_weights {
            netuids,
            commit_hashes,
        }
    }

    /// Reveals something remembered, most often at a time when that is possible; by its author or another.
    fn reveal(&mut self, rng: &mut Rng, netuid: NetUid, other: AccountId) -> Signed {
        let possible: Vec<&Hidden> = self.0.iter().filter(|hidden| hidden.is_ripe()).collect();
        let hidden = match rng.below(10) {
            0 if !self.0.is_empty() => rng.pick(&self.0),
            _ if !possible.is_empty() => rng.pick::<&Hidden>(&possible),
            _ if rng.chance(20) => return (Some(other), unheard(rng, netuid)),
            _ => {
                let commit_hash = self.hide(rng, &other, netuid, MechId::new(0));
                let call = Call::commit_weights {
                    netuid,
                    commit_hash,
                };
                return (Some(other), call);
            }
        };
        let signer = if rng.chance(95) {
            hidden.hotkey.clone()
        } else {
            other
        };
        let Reveal {
            uids,
            values,
            salt,
            version_key,
        } = hidden.reveal.clone();
        let netuid = hidden.netuid;
        let call = if hidden.mecid == MechId::new(0) && rng.chance(50) {
            Call::reveal_weights {
                netuid,
                uids,
                values,
                salt,
                version_key,
            }
        } else {
            Call::reveal_mechanism_weights {
                netuid,
                mecid: hidden.mecid,
                uids,
                values,
                salt,
                version_key,
            }
        };
        (Some(signer), call)
    }

    /// Reveals what an author can reveal on a subnet, all at once.
    fn batch_reveal(&mut self, rng: &mut Rng, netuid: NetUid, other: AccountId) -> Signed {
        let ripe: Vec<&Hidden> = self
            .0
            .iter()
            .filter(|hidden| hidden.is_ripe() && hidden.mecid == MechId::new(0))
            .collect();
        let (signer, netuid) = if ripe.is_empty() {
            (other, netuid)
        } else {
            let first = rng.pick(&ripe);
            (first.hotkey.clone(), first.netuid)
        };
        let most = batch_length(rng).max(1) as usize;
        let mut items: Vec<&Reveal> = ripe
            .iter()
            .filter(|hidden| hidden.hotkey == signer && hidden.netuid == netuid)
            .take(most)
            .map(|hidden| &hidden.reveal)
            .collect();
        // One commit cannot be revealed twice.
        if let Some(first) = items.first().copied().filter(|_| rng.chance(20)) {
            items.push(first);
        }
        let mut version_keys: Vec<u64> = items.iter().map(|item| item.version_key).collect();
        if rng.chance(5) {
            version_keys.push(0);
        }
        let call = Call::batch_reveal_weights {
            netuid,
            uids_list: items.iter().map(|item| item.uids.clone()).collect(),
            values_list: items.iter().map(|item| item.values.clone()).collect(),
            salts_list: items.iter().map(|item| item.salt.clone()).collect(),
            version_keys,
        };
        (Some(signer), call)
    }
}

impl Hidden {
    /// Whether the chain would open it now.
    fn is_ripe(&self) -> bool {
        self.mecid < MechanismCountCurrent::<Test>::get(self.netuid)
            && SubtensorModule::check_reveal(&self.hotkey, self.netuid, self.mecid, &self.reveal)
                .is_ok()
    }
}

fn plain(rng: &mut Rng, netuid: NetUid) -> Call<Test> {
    let kind = rng.below(10);
    if kind == 0 {
        return batch_set(rng);
    }
    let (dests, weights) = draw::row(rng, netuid);
    let version_key = version(rng);
    if kind < 6 {
        Call::set_weights {
            netuid,
            dests,
            weights,
            version_key,
        }
    } else {
        Call::set_mechanism_weights {
            netuid,
            mecid: draw::mechanism(rng, netuid),
            dests,
            weights,
            version_key,
        }
    }
}

/// A reveal of what nobody committed to.
fn unheard(rng: &mut Rng, netuid: NetUid) -> Call<Test> {
    let (uids, values) = draw::row(rng, netuid);
    Call::reveal_weights {
        netuid,
        uids,
        values,
        salt: salt(rng),
        version_key: version(rng),
    }
}

fn batch_set(rng: &mut Rng) -> Call<Test> {
    let length = batch_length(rng);
    let netuids: Vec<NetUid> = (0..length).map(|_| draw::netuid(rng)).collect();
    let weights = netuids
        .iter()
        .map(|netuid| {
            let (uids, values) = draw::row(rng, *netuid);
            uids.into_iter()
                .zip(values)
                .map(|(uid, value)| (Compact(uid), Compact(value)))
                .collect()
        })
        .collect();
    let others = if rng.chance(5) { length + 1 } else { length };
    Call::batch_set_weights {
        netuids: netuids.into_iter().map(Compact).collect(),
        weights,
        version_keys: (0..others).map(|_| Compact(version(rng))).collect(),
    }
}

fn batch_length(rng: &mut Rng) -> u64 {
    *rng.pick(&[0, 1, 2, 3, 5, 5, 64, 65])
}

fn salt(rng: &mut Rng) -> Vec<u16> {
    let length = if rng.chance(2) { 257 } else { rng.below(9) };
    (0..length).map(|_| rng.next() as u16).collect()
}

fn version(rng: &mut Rng) -> u64 {
    if rng.chance(80) { 10 } else { rng.hostile() }
}
