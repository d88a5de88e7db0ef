//! Random swaps of hotkeys and coldkeys, and their events in the books.

use std::collections::BTreeSet;

use dendra_primitives::{NetUid, TaoBalance};
use frame_support::traits::Get;
use sp_runtime::traits::{BlakeTwo256, Hash};

use super::{books::Books, chain_calls::Signed, draw, honest, rng::Rng};
use crate::{
    AccountId, Call, ColdkeySwapAnnouncements, Config, Event, Keys, OwnedHotkeys, Owner,
    SubnetworkN,
    mock::{Test, UNIT, account, many},
};

/// What a swap of a hotkey on one subnet costs.
const COST_ON_SUBNET: u64 = 1_000_000;

/// A call and who signs it.
pub(super) fn random(rng: &mut Rng) -> Signed {
    if rng.chance(50) {
        hotkey_swap(rng)
    } else {
        coldkey_swap(rng)
    }
}

fn hotkey_swap(rng: &mut Rng) -> Signed {
    let netuid = match rng.below(10) {
        0..=3 => None,
        4 => Some(draw::netuid(rng)),
        5 => Some(NetUid::ROOT),
        _ => draw::open_netuid(rng),
    };
    let neurons = netuid.map_or(0, SubnetworkN::<Test>::get);
    let hotkey = match netuid {
        Some(netuid) if neurons > 0 && rng.chance(80) => {
            Keys::<Test>::get(netuid, rng.below(neurons.into()) as u16)
        }
        _ => draw::hotkey(rng),
    };
    let owner = Owner::<Test>::get(&hotkey);
    let is_strange = honest::accounts().contains(&owner) || owner == AccountId::new([0; 32]);
    let signer = if !is_strange && rng.chance(90) {
        owner
    } else {
        draw::stranger(rng)
    };
    let own = OwnedHotkeys::<Test>::get(&signer);
    let new_hotkey = match rng.below(10) {
        0..=4 if !own.is_empty() => AccountId::clone(rng.pick(&own)),
        5..=8 => many(rng.below(draw::HOTKEYS.into()) as u32),
        _ => draw::hotkey(rng),
    };
    let call = if rng.chance(30) {
        Call::swap_hotkey {
            hotkey,
            new_hotkey,
            netuid,
        }
    } else {
        Call::swap_hotkey_v2 {
            hotkey,
            new_hotkey,
            netuid,
            keep_stake: rng.chance(40),
        }
    };
    (Some(signer), call)
}

/// The coldkey that takes the place of one of the random ones; and the other way round.
fn successor(coldkey: &AccountId) -> AccountId {
    let bytes: &[u8; 32] = coldkey.as_ref();
    match bytes[0] {
        number @ 1..=draw::COLDKEYS => account(number + 100),
        number if (1..=draw::COLDKEYS).contains(&number.wrapping_sub(100)) => account(number - 100),
        _ => account(60),
    }
}

fn coldkey_swap(rng: &mut Rng) -> Signed {
    let announced: Vec<AccountId> = ColdkeySwapAnnouncements::<Test>::iter_keys().collect();
    let coldkey = draw::coldkey(rng);
    let coldkey = if rng.chance(30) {
        successor(&coldkey)
    } else {
        coldkey
    };
    let waiting = if announced.is_empty() || rng.chance(10) {
        coldkey.clone()
    } else {
        rng.pick(&announced).clone()
    };
    let choose = |rng: &mut Rng, coldkey: &AccountId| {
        if rng.chance(95) {
            successor(coldkey)
        } else {
            draw::hotkey(rng)
        }
    };
    let call = match rng.below(15) {
        0..=3 => {
            // Some have announced one already.
            let who = if rng.chance(40) { waiting } else { coldkey };
            let new_coldkey_hash = BlakeTwo256::hash_of(&choose(rng, &who));
            let call = Call::announce_coldkey_swap { new_coldkey_hash };
            return (Some(who), call);
        }
        4..=8 => Call::swap_coldkey_announced {
            new_coldkey: choose(rng, &waiting),
        },
        9 => Call::dispute_coldkey_swap {},
        10 => Call::clear_coldkey_swap_announcement {},
        11 => {
            let call = Call::reset_coldkey_swap {
                coldkey: waiting.clone(),
            };
            return (rng.chance(20).then_some(waiting), call);
        }
        12 | 13 => {
            let call = Call::swap_coldkey {
                new_coldkey: choose(rng, &coldkey),
                old_coldkey: coldkey.clone(),
                swap_cost: TaoBalance::new(rng.below(UNIT)),
            };
            return (rng.chance(20).then_some(coldkey), call);
        }
        _ => Call::schedule_swap_coldkey {
            new_coldkey: coldkey,
        },
    };
    (Some(waiting), call)
}

/// What the events of a call have to be read with.
pub(super) struct Swaps {
    /// Hotkeys whose stake is joined with that of another one.
    merged: BTreeSet<(NetUid, AccountId, AccountId)>,
    /// A coldkey and its successor.
    pub(super) coldkeys: Option<(AccountId, AccountId)>,
}

impl Swaps {
    /// Those among some events.
    pub(super) fn among(events: &[Event<Test>]) -> Self {
        let mut swaps = Self {
            merged: BTreeSet::new(),
            coldkeys: None,
        };
        for event in events {
            match event {
                Event::HotkeyStakeMerged {
                    netuid,
                    old_hotkey,
                    new_hotkey,
                    ..
                } => {
                    let merged = (*netuid, old_hotkey.clone(), new_hotkey.clone());
                    swaps.merged.insert(merged);
                }
                Event::ColdkeySwapped {
                    old_coldkey,
                    new_coldkey,
                } => swaps.coldkeys = Some((old_coldkey.clone(), new_coldkey.clone())),
                _ => {}
            }
        }
        swaps
    }

    /// Whether an event moves a position to a hotkey with which it is joined.
    pub(super) fn joins(&self, event: &Event<Test>) -> bool {
        matches!(event, Event::AlphaMoved { netuid, from, to, .. }
            if self.merged.contains(&(*netuid, from.0.clone(), to.0.clone())))
    }
}

impl Books {
    /// A position is closed and its worth joins that on another hotkey.
    pub(super) fn read_joined(&mut self, event: &Event<Test>) {
        if let Event::AlphaMoved {
            netuid,
            from,
            to,
            alpha,
        } = event
        {
            let worth = self.close((*netuid, from.0.clone(), from.1.clone()));
            assert_eq!(worth, alpha.get(), "a position is joined with its worth");
            if worth > 0 {
                self.deposit((*netuid, to.0.clone(), to.1.clone()), worth);
            }
        }
    }

    /// Reads an event of a swap. What the new coldkey is given is an event of another pallet.
    pub(super) fn read_swap(&mut self, event: &Event<Test>) {
        match event {
            Event::HotkeySwapped {
                coldkey,
                old_hotkey,
                new_hotkey,
            } => {
                self.burn(coldkey, <Test as Config>::KeySwapCost::get());
                for netuid in self.subnets.keys().copied().collect::<Vec<_>>() {
                    self.rename_neuron(netuid, old_hotkey, new_hotkey);
                }
                // It is still owned if its stake was kept.
                if !Owner::<Test>::contains_key(old_hotkey) {
                    self.owners.remove(old_hotkey);
                }
            }
            Event::HotkeySwappedOnSubnet {
                coldkey,
                old_hotkey,
                new_hotkey,
                netuid,
            } => {
                self.burn(coldkey, COST_ON_SUBNET);
                self.rename_neuron(*netuid, old_hotkey, new_hotkey);
            }
            Event::HotkeyStakeMoved {
                netuid,
                old_hotkey,
                new_hotkey,
            } => self.rename_stake(*netuid, old_hotkey, new_hotkey),
            Event::HotkeyStakeMerged {
                netuid,
                old_hotkey,
                new_hotkey,
                dust,
            } => {
                let left = self.pools.remove(&(*netuid, old_hotkey.clone()));
                // The books forget the dust of a subnet that is cleaned up with its last position.
                if !self.subnets[netuid].is_closing {
                    let left = left.map(|pool| (pool.shares(), pool.value()));
                    assert_eq!(left.unwrap_or_default(), (0, *dust), "what is left over");
                }
                if !dust.is_zero() {
                    let pool = self.pools.get_mut(&(*netuid, new_hotkey.clone())).unwrap();
                    *pool = pool.add_value(*dust).unwrap();
                }
            }
            // The first announcement is paid for, the others are not.
            Event::ColdkeySwapAnnounced { who, .. } if self.announced.insert(who.clone()) => {
                self.burn(who, <Test as Config>::KeySwapCost::get());
            }
            Event::ColdkeySwapCleared { who } | Event::ColdkeySwapReset { who } => {
                self.announced.remove(who);
            }
            Event::ColdkeySwapped {
                old_coldkey,
                new_coldkey,
            } => {
                self.announced.remove(old_coldkey);
                self.rename_coldkey(old_coldkey, new_coldkey);
            }
            _ => {}
        }
    }

    fn rename_neuron(&mut self, netuid: NetUid, old: &AccountId, new: &AccountId) {
        let subnet = self.subnets.get_mut(&netuid).unwrap();
        let own = subnet
            .neurons
            .iter_mut()
            .flatten()
            .filter(|key| *key == old);
        own.for_each(|key| key.clone_from(new));
    }

    fn rename_stake(&mut self, netuid: NetUid, old: &AccountId, new: &AccountId) {
        let pool = self.pools.remove(&(netuid, old.clone())).unwrap();
        let before = self.pools.insert((netuid, new.clone()), pool);
        assert_eq!(before, None, "a pool was overwritten");
        let positions = std::mem::take(&mut self.positions);
        self.positions = positions
            .into_iter()
            .map(|((other, hotkey, coldkey), position)| {
                let is_moved = other == netuid && hotkey == *old;
                let hotkey = if is_moved { new.clone() } else { hotkey };
                ((other, hotkey, coldkey), position)
            })
            .collect();
    }

    fn rename_coldkey(&mut self, old: &AccountId, new: &AccountId) {
        let positions = std::mem::take(&mut self.positions);
        let count = positions.len();
        self.positions = positions
            .into_iter()
            .map(|((netuid, hotkey, coldkey), position)| {
                let coldkey = if coldkey == *old {
                    new.clone()
                } else {
                    coldkey
                };
                ((netuid, hotkey, coldkey), position)
            })
            .collect();
        assert_eq!(self.positions.len(), count, "a position was overwritten");
        let own = self.owners.values_mut().filter(|owner| *owner == old);
        own.for_each(|owner| owner.clone_from(new));
    }
}
