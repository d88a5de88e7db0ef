//! Stake rebuilt from events alone: each of them says what was put into a position or taken from one.

use std::collections::{BTreeMap, BTreeSet};

use share_ledger::{Position, SharePool};

use super::*;
use crate::{
    tests::state_machine::rng::Rng,
    types::{HotkeyPool, StoredPosition},
};

type Place = (AccountId, AccountId, NetUid);

/// A ledger that knows nothing but events.
#[derive(Default)]
struct Replay {
    pools: BTreeMap<(AccountId, NetUid), SharePool>,
    positions: BTreeMap<Place, Position>,
    /// How often each kind of event was seen.
    seen: BTreeMap<&'static str, u32>,
}

impl Replay {
    fn deposit(
        &mut self,
        coldkey: AccountId,
        hotkey: AccountId,
        netuid: NetUid,
        alpha: AlphaBalance,
    ) {
        let pool = self.pools.entry((hotkey.clone(), netuid)).or_default();
        let position = self.positions.entry((coldkey, hotkey, netuid)).or_default();
        (*pool, *position) = pool.deposit(*position, alpha).unwrap();
    }

    fn withdraw(
        &mut self,
        coldkey: AccountId,
        hotkey: AccountId,
        netuid: NetUid,
        alpha: AlphaBalance,
    ) {
        let pool = self.pools.get_mut(&(hotkey.clone(), netuid)).unwrap();
        let place = (coldkey, hotkey, netuid);
        let position = self.positions.get_mut(&place).unwrap();
        (*pool, *position) = pool.withdraw(*position, alpha).unwrap();
        if position.is_empty() {
            self.positions.remove(&place);
        }
    }

    fn dividend(&mut self, hotkey: AccountId, netuid: NetUid, alpha: AlphaBalance) {
        let pool = self.pools.get_mut(&(hotkey, netuid)).unwrap();
        *pool = pool.add_value(alpha).unwrap();
    }

    /// A position is closed, and its worth joins that on another hotkey.
    fn join(&mut self, coldkey: AccountId, from: AccountId, to: AccountId, netuid: NetUid) -> u64 {
        let pool = self.pools.get_mut(&(from.clone(), netuid)).unwrap();
        let position = self.positions.remove(&(coldkey.clone(), from, netuid));
        let (rest, worth) = pool.close(position.unwrap()).unwrap();
        *pool = rest;
        if !worth.is_zero() {
            self.deposit(coldkey, to, netuid, worth);
        }
        worth.get()
    }

    fn rename(&mut self, netuid: NetUid, old: &AccountId, new: &AccountId) {
        let pool = self.pools.remove(&(old.clone(), netuid)).unwrap();
        self.pools.insert((new.clone(), netuid), pool);
        let positions = std::mem::take(&mut self.positions);
        self.positions = positions
            .into_iter()
            .map(|((coldkey, hotkey, other), position)| {
                let is_moved = other == netuid && hotkey == *old;
                let hotkey = if is_moved { new.clone() } else { hotkey };
                ((coldkey, hotkey, other), position)
            })
            .collect();
    }

    fn read_all(&mut self, events: Vec<Event<Test>>) {
        let joined: BTreeSet<(NetUid, AccountId, AccountId)> = events
            .iter()
            .filter_map(|event| match event {
                Event::HotkeyStakeMerged {
                    netuid,
                    old_hotkey,
                    new_hotkey,
                    ..
                } => Some((*netuid, old_hotkey.clone(), new_hotkey.clone())),
                _ => None,
            })
            .collect();
        for event in events {
            match event {
                Event::AlphaMoved {
                    netuid,
                    from,
                    to,
                    alpha,
                } if joined.contains(&(netuid, from.0.clone(), to.0.clone())) => {
                    let worth = self.join(from.1, from.0, to.0, netuid);
                    assert_eq!(worth, alpha.get());
                    *self.seen.entry("joined").or_default() += 1;
                }
                other => self.read(other),
            }
        }
    }

    fn read(&mut self, event: Event<Test>) {
        let name = match event {
            Event::HotkeyStakeMoved {
                netuid,
                old_hotkey,
                new_hotkey,
            } => {
                self.rename(netuid, &old_hotkey, &new_hotkey);
                "HotkeyStakeMoved"
            }
            Event::HotkeyStakeMerged {
                netuid,
                old_hotkey,
                new_hotkey,
                dust,
            } => {
                let left = self.pools.remove(&(old_hotkey, netuid)).unwrap();
                assert_eq!((left.shares(), left.value()), (0, dust));
                if !dust.is_zero() {
                    self.dividend(new_hotkey, netuid, dust);
                }
                "HotkeyStakeMerged"
            }
            Event::HotkeySwapped { .. } => "HotkeySwapped",
            Event::HotkeySwappedOnSubnet { .. } => "HotkeySwappedOnSubnet",
            Event::HotkeyAssociated { .. } => "HotkeyAssociated",
            Event::StakeAdded(coldkey, hotkey, _, alpha, netuid, _) => {
                self.deposit(coldkey, hotkey, netuid, alpha);
                "StakeAdded"
            }
            Event::StakeRemoved(coldkey, hotkey, _, alpha, netuid, _) => {
                self.withdraw(coldkey, hotkey, netuid, alpha);
                "StakeRemoved"
            }
            Event::AlphaMoved {
                netuid,
                from,
                to,
                alpha,
            } => {
                self.withdraw(from.1, from.0, netuid, alpha);
                self.deposit(to.1, to.0, netuid, alpha);
                "AlphaMoved"
            }
            Event::AlphaRecycled(coldkey, hotkey, alpha, netuid) => {
                self.withdraw(coldkey, hotkey, netuid, alpha);
                "AlphaRecycled"
            }
            Event::AlphaBurned(coldkey, hotkey, alpha, netuid) => {
                self.withdraw(coldkey, hotkey, netuid, alpha);
                "AlphaBurned"
            }
            Event::StakeMoved(..) => "StakeMoved",
            Event::StakeTransferred(..) => "StakeTransferred",
            Event::StakeSwapped(..) => "StakeSwapped",
            Event::AddStakeBurn { .. } => "AddStakeBurn",
            other => panic!("not an event of stake: {other:?}"),
        };
        *self.seen.entry(name).or_default() += 1;
    }

    /// That the chain has the same pools and positions, to the share.
    fn assert_agrees(&self) {
        let positions: BTreeMap<Place, StoredPosition> = self
            .positions
            .iter()
            .map(|(place, position)| (place.clone(), (*position).into()))
            .collect();
        let stored = Positions::<Test>::iter()
            .map(|((netuid, hotkey, coldkey), position)| ((coldkey, hotkey, netuid), position))
            .collect();
        assert_eq!(positions, stored);
        for ((hotkey, netuid), pool) in &self.pools {
            let shares = HotkeyPools::<Test>::get(hotkey, netuid);
            let value = TotalHotkeyAlpha::<Test>::get(hotkey, netuid);
            assert_eq!(pool.value(), value);
            // A pool that is empty starts anew.
            let expected = if value.is_zero() {
                HotkeyPool::default()
            } else {
                HotkeyPool::from(*pool)
            };
            assert_eq!(shares, expected);
        }
    }
}

/// A second hotkey of the acting coldkey.
fn second() -> AccountId {
    account(12)
}

/// A third one, to which stake comes by swaps only.
fn third() -> AccountId {
    account(13)
}

/// Amounts of all sizes, among them those that are everything.
fn amount(rng: &mut Rng) -> u64 {
    match rng.below(8) {
        0 => u64::MAX,
        1 => rng.within(0, 3_000_000),
        2 => rng.within(1, 1_000 * UNIT),
        _ => rng.within(2_000_000, 20 * UNIT),
    }
}

fn draw(rng: &mut Rng, coldkeys: &[AccountId], hotkeys: &[AccountId]) -> (AccountId, Call<Test>) {
    let subnets = [ROOT, NETUID, OTHER];
    let who = rng.pick(coldkeys).clone();
    let hotkey = rng.pick(hotkeys).clone();
    let (origin_netuid, destination_netuid) = (*rng.pick(&subnets), *rng.pick(&subnets));
    let netuid = origin_netuid;
    let (paid, alpha_amount) = (tao(rng.within(1_000_000, 50 * UNIT)), alpha(amount(rng)));
    let limit_price = tao(rng.within(500_000_000, 2_000_000_000));
    let allow_partial = rng.chance(70);
    let call = match rng.below(17) {
        0..4 => add(hotkey, netuid, paid.get()),
        4 => Call::add_stake_limit {
            hotkey,
            netuid,
            amount_staked: paid,
            limit_price,
            allow_partial,
        },
        5 => remove(hotkey, netuid, alpha_amount.get()),
        6 => Call::remove_stake_limit {
            hotkey,
            netuid,
            amount_unstaked: alpha_amount,
            limit_price,
            allow_partial,
        },
        7 => Call::remove_stake_full_limit {
            hotkey,
            netuid,
            limit_price: allow_partial.then_some(limit_price),
        },
        8 => Call::move_stake {
            origin_hotkey: hotkey,
            destination_hotkey: rng.pick(hotkeys).clone(),
            origin_netuid,
            destination_netuid,
            alpha_amount,
        },
        9 => Call::move_stake_limit {
            origin_hotkey: hotkey,
            destination_hotkey: rng.pick(hotkeys).clone(),
            origin_netuid,
            destination_netuid,
            alpha_amount,
            limit_price,
            allow_partial,
        },
        10 => Call::transfer_stake {
            destination_coldkey: rng.pick(coldkeys).clone(),
            hotkey,
            origin_netuid,
            destination_netuid,
            alpha_amount,
        },
        11 => Call::swap_stake {
            hotkey,
            origin_netuid,
            destination_netuid,
            alpha_amount,
        },
        12 => Call::swap_stake_limit {
            hotkey,
            origin_netuid,
            destination_netuid,
            alpha_amount,
            limit_price,
            allow_partial,
        },
        13 if allow_partial => Call::unstake_all { hotkey },
        13 => Call::unstake_all_alpha { hotkey },
        14 if allow_partial => Call::recycle_alpha {
            hotkey,
            amount: alpha_amount,
            netuid,
        },
        14 => Call::burn_alpha {
            hotkey,
            amount: alpha_amount,
            netuid,
        },
        15 => {
            let mine = [own(), second(), third()];
            let uid = |hotkey: &&AccountId| Uids::<Test>::contains_key(NETUID, hotkey);
            let call = Call::swap_hotkey_v2 {
                hotkey: mine.iter().find(uid).unwrap().clone(),
                new_hotkey: rng.pick(&mine).clone(),
                netuid: allow_partial.then_some(NETUID),
                keep_stake: rng.chance(20),
            };
            return (me(), call);
        }
        _ => Call::add_stake_burn {
            hotkey,
            netuid,
            amount: paid,
            limit: allow_partial.then_some(limit_price),
        },
    };
    (who, call)
}

#[test]
fn replaying_the_events_of_random_calls_rebuilds_every_position() {
    let coldkeys = [me(), account(20), account(21), account(1)];
    let hotkeys = [own(), second(), foreign(), account(5)];
    let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
    for seed in 0..4 {
        chain().run(|| {
            let mut rng = Rng::new(seed);
            let mut replay = Replay::default();
            Author::set(&(seed % 2 == 0).then(|| account(100)));
            NominatorMinRequiredStake::<Test>::put(seed * 500_000_000);
            Tempo::<Test>::insert(NETUID, 10);
            TxRateLimit::<Test>::put(0);
            SubtensorModule::associate(&me(), &second()).unwrap();
            System::reset_events();
            for step in 0..1_200 {
                System::set_block_number(1 + step);
                let pause = types::RateLimitKey::HotkeySwapOnSubnet(NETUID, me());
                LastRateLimitedBlock::<Test>::remove(pause);
                let (who, call) = draw(&mut rng, &coldkeys, &hotkeys);
                System::reset_events();
                let hash = sp_io::storage::root(sp_runtime::StateVersion::V1);
                if send(&who, call).is_err() {
                    assert!(events().is_empty());
                    assert_eq!(hash, sp_io::storage::root(sp_runtime::StateVersion::V1));
                }
                replay.read_all(events());
                // What an epoch does to the pool of a hotkey.
                let (hotkey, netuid) = (rng.pick(&hotkeys), *rng.pick(&[NETUID, OTHER]));
                if rng.chance(20) && TotalHotkeyAlpha::<Test>::contains_key(hotkey, netuid) {
                    let dividend = alpha(rng.within(1, 3 * UNIT));
                    SubnetAlphaOut::<Test>::mutate(netuid, |out| {
                        *out = out.checked_add(dividend).unwrap();
                    });
                    crate::mock::reward(hotkey, netuid, dividend).unwrap();
                    replay.dividend(hotkey.clone(), netuid, dividend);
                }
                replay.assert_agrees();
            }
            for (name, times) in replay.seen {
                *seen.entry(name).or_default() += times;
            }
        });
    }
    for name in [
        "StakeAdded",
        "StakeRemoved",
        "AlphaMoved",
        "AlphaRecycled",
        "AlphaBurned",
        "StakeMoved",
        "StakeTransferred",
        "StakeSwapped",
        "AddStakeBurn",
        "HotkeySwapped",
        "HotkeySwappedOnSubnet",
        "HotkeyStakeMoved",
        "HotkeyStakeMerged",
        "joined",
    ] {
        let times = seen.get(name).copied().unwrap_or_default();
        assert!(times >= 10, "{name} was seen {times} times: {seen:?}");
    }
}
