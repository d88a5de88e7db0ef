//! What a swap of a hotkey does.

use frame_support::assert_ok;

use super::*;
use crate::{types::RateLimitKey, *};

#[test]
fn a_swap_on_all_subnets_moves_every_uid_and_every_position() {
    chain().run(|| {
        assert_ok!(SubtensorModule::swap_hotkey(
            signed(&owner()),
            old(),
            new(),
            None
        ));
        for netuid in [NETUID, OTHER] {
            assert_eq!(Keys::<Test>::get(netuid, 1), new());
            assert_eq!(Uids::<Test>::get(netuid, new()), Some(1));
            assert_eq!(Uids::<Test>::get(netuid, old()), None);
        }
        assert_eq!(stake(&new(), &owner(), NETUID), 70 * UNIT);
        assert_eq!(stake(&new(), &staker(), NETUID), 30 * UNIT);
        assert_eq!(stake(&new(), &staker(), OTHER), 11 * UNIT);
        assert_eq!(StakingHotkeys::<Test>::get(staker()).into_inner(), [new()]);
        assert_eq!(OwnedHotkeys::<Test>::get(owner()).into_inner(), [new()]);
        assert!(!SubtensorModule::is_owned(&old()));
        let done = Event::HotkeySwapped {
            coldkey: owner(),
            old_hotkey: old(),
            new_hotkey: new(),
        };
        assert!(events().contains(&done));
    });
}

#[test]
fn the_cost_is_recycled() {
    chain().run(|| {
        for (netuid, cost) in [(Some(NETUID), UNIT / 1_000), (None, UNIT / 10)] {
            let (issuance, held) = (Balances::total_issuance(), Balances::free_balance(owner()));
            assert_ok!(SubtensorModule::swap_hotkey(
                signed(&owner()),
                old(),
                new_for(netuid),
                netuid
            ));
            assert_eq!(issuance - Balances::total_issuance(), cost);
            assert_eq!(held - Balances::free_balance(owner()), cost);
        }
    });
}

fn new_for(netuid: Option<NetUid>) -> AccountId {
    if netuid.is_some() { new() } else { many(3) }
}

#[test]
fn a_swap_on_one_subnet_leaves_the_others() {
    chain().run(|| {
        assert_ok!(swap_on(NETUID, false));
        assert_eq!(Uids::<Test>::get(NETUID, new()), Some(1));
        assert_eq!(Uids::<Test>::get(OTHER, old()), Some(1));
        assert_eq!(Uids::<Test>::get(OTHER, new()), None);
        assert_eq!(stake(&new(), &staker(), NETUID), 30 * UNIT);
        assert_eq!(stake(&old(), &staker(), OTHER), 11 * UNIT);
        // The staker is on both now, the owner on the new one only.
        let both = StakingHotkeys::<Test>::get(staker()).into_inner();
        assert_eq!(both, [old(), new()]);
        assert_eq!(StakingHotkeys::<Test>::get(owner()).into_inner(), [new()]);
        let owned = OwnedHotkeys::<Test>::get(owner()).into_inner();
        assert_eq!(owned, [old(), new()]);
        let done = Event::HotkeySwappedOnSubnet {
            coldkey: owner(),
            old_hotkey: old(),
            new_hotkey: new(),
            netuid: NETUID,
        };
        assert!(events().contains(&done));
    });
}

#[test]
fn stake_that_is_kept_stays_with_all_that_depends_on_it() {
    for netuid in [None, Some(NETUID)] {
        chain().run(|| {
            let edges = types::Children::truncate_from(vec![(5, account(41))]);
            lend(NETUID, &old(), &edges);
            SubtensorModule::put_pending_children(&old(), NETUID, edges.clone(), 9);
            AutoStakeDestination::<Test>::insert(staker(), NETUID, old());
            AutoStakers::<Test>::insert(NETUID, staker(), ());
            LastColdkeyHotkeyStakeBlock::<Test>::insert(staker(), old(), 4);
            Delegates::<Test>::insert(old(), 70);

            let moved =
                SubtensorModule::swap_hotkey_v2(signed(&owner()), old(), new(), netuid, true);
            assert_ok!(moved);
            assert_eq!(Uids::<Test>::get(NETUID, new()), Some(1));
            assert_eq!(Uids::<Test>::get(NETUID, old()), None);
            assert_eq!(stake(&old(), &staker(), NETUID), 30 * UNIT);
            assert_eq!(stake(&new(), &staker(), NETUID), 0);
            assert_eq!(ChildKeys::<Test>::get(old(), NETUID), edges);
            assert_eq!(PendingChildKeys::<Test>::get(NETUID, old()), (edges, 9));
            assert!(Lenders::<Test>::contains_key(NETUID, old()));
            assert!(!Lenders::<Test>::contains_key(NETUID, new()));
            let destination = AutoStakeDestination::<Test>::get(staker(), NETUID);
            assert_eq!(destination, Some(old()));
            let staked = LastColdkeyHotkeyStakeBlock::<Test>::get(staker(), old());
            assert_eq!(staked, Some(4));
            // Takes from what stake earns are still paid to somebody.
            assert_eq!(Owner::<Test>::get(old()), owner());
            assert_eq!(Delegates::<Test>::get(old()), 70);
            assert_eq!(Delegates::<Test>::get(new()), 70);
        });
    }
}

#[test]
fn a_neuron_is_as_old_as_before() {
    chain().run(|| {
        ImmunityPeriod::<Test>::insert(NETUID, 100);
        let registered = BlockAtRegistration::<Test>::get(NETUID, 1);
        System::set_block_number(registered + 100);
        assert!(!SubtensorModule::is_immune(NETUID, registered));
        assert_ok!(swap_on(NETUID, false));
        assert_eq!(BlockAtRegistration::<Test>::get(NETUID, 1), registered);
        let neurons = SubtensorModule::candidates(NETUID);
        assert!(!SubtensorModule::is_immune(NETUID, neurons[1].registered));
    });
}

#[test]
fn a_swap_shortens_no_pause_of_weights_or_endpoints() {
    chain().run(|| {
        System::set_block_number(200);
        let serve = |hotkey: AccountId| {
            SubtensorModule::serve_axon(signed(&hotkey), NETUID, 1, 0x0808_0808, 80, 4, 4, 0, 0)
        };
        assert_ok!(serve(old()));
        let set = |hotkey: AccountId| {
            SubtensorModule::set_weights(signed(&hotkey), NETUID, vec![1], vec![1], 0)
        };
        WeightsSetRateLimit::<Test>::insert(NETUID, 100);
        assert_ok!(set(old()));
        assert_ok!(swap_on(NETUID, false));
        assert_eq!(
            serve(new()),
            Err(Error::<Test>::ServingRateLimitExceeded.into())
        );
        assert_eq!(set(new()), Err(Error::<Test>::SettingWeightsTooFast.into()));
        // What the old one says is not heard any more.
        assert_eq!(
            set(old()),
            Err(Error::<Test>::HotKeyNotRegisteredInSubNet.into())
        );
    });
}

#[test]
fn rows_and_bonds_stay_with_the_uid() {
    chain().run(|| {
        let index = SubtensorModule::mechanisms(NETUID)[0];
        let row = types::Row::truncate_from(vec![(0, 3), (1, 4)]);
        Weights::<Test>::insert(index, 1, &row);
        Bonds::<Test>::insert(index, 0, &row);
        let permits = ValidatorPermit::<Test>::get(NETUID);
        assert_ok!(swap_all(false));
        assert_eq!(Weights::<Test>::get(index, 1), row);
        assert_eq!(Bonds::<Test>::get(index, 0), row);
        assert_eq!(ValidatorPermit::<Test>::get(NETUID), permits);
    });
}

#[test]
fn the_owner_hotkey_stays_the_owner_hotkey() {
    for (netuid, keeps_stake) in [(None, false), (Some(NETUID), false), (None, true)] {
        chain().run(|| {
            let origin = signed(&account(1));
            let swapped =
                SubtensorModule::swap_hotkey_v2(origin, account(2), new(), netuid, keeps_stake);
            assert_ok!(swapped);
            assert_eq!(SubnetOwnerHotkey::<Test>::get(NETUID), new());
            assert_eq!(SubnetOwnerHotkey::<Test>::get(OTHER), account(4));
            assert!(SubtensorModule::protected_uids(NETUID).contains(&0));
        });
    }
}

#[test]
fn a_swap_on_another_subnet_leaves_the_owner_hotkey() {
    chain().neuron(3, account(2), account(1)).run(|| {
        let origin = signed(&account(1));
        assert_ok!(SubtensorModule::swap_hotkey(
            origin,
            account(2),
            new(),
            Some(OTHER)
        ));
        assert_eq!(SubnetOwnerHotkey::<Test>::get(NETUID), account(2));
        // The new one is the owner's as well: nothing is earned by it as a miner either.
        assert_eq!(Owner::<Test>::get(new()), account(1));
    });
}

/// The hotkey with dividends on two subnets, one staker who came late and one who left.
fn root_chain() -> ExtBuilder {
    chain()
        .neuron(0, old(), owner())
        .stake(0, old(), staker(), 5 * UNIT)
        .stake(0, old(), account(33), UNIT)
}

fn pay_both() {
    for netuid in [NETUID, OTHER] {
        pay_root(netuid, &old(), 3 * UNIT + 1);
    }
    give_stake(ROOT, &old(), &staker(), UNIT);
    leave_root(&old(), &account(33));
    for netuid in [NETUID, OTHER] {
        assert!(RootClaimed::<Test>::contains_key((netuid, old(), staker())));
        assert!(RootKept::<Test>::contains_key((netuid, old(), account(33))));
    }
}

fn all_owed(hotkey: &AccountId) -> Vec<u64> {
    owed(hotkey, &[staker(), account(33)])
}

#[test]
fn root_dividends_follow_the_root_stake() {
    root_chain().run(|| {
        pay_both();
        let before = all_owed(&old());
        assert!(before.iter().all(|owed| *owed > 0));
        // A subnet where the hotkey mines is not where its root stake is.
        assert_ok!(swap_on(NETUID, false));
        assert_eq!(all_owed(&old()), before);
        assert_eq!(all_owed(&new()), [0; 4]);
        assert!(RootDividendRest::<Test>::contains_key(NETUID, old()));
        // Neither is stake that is kept.
        let origin = signed(&owner());
        assert_ok!(SubtensorModule::swap_hotkey_v2(
            origin,
            old(),
            many(3),
            Some(ROOT),
            true
        ));
        assert_eq!(all_owed(&old()), before);
        assert_eq!(Keys::<Test>::get(ROOT, 0), many(3));
        assert_eq!(stake(&old(), &staker(), ROOT), 6 * UNIT);
    });
}

#[test]
fn a_swap_on_root_takes_the_claims_of_all_subnets_along() {
    root_chain().run(|| {
        pay_both();
        let before = all_owed(&old());
        let rests = [NETUID, OTHER].map(|netuid| RootDividendRest::<Test>::get(netuid, old()));
        let holdings = |hotkey: &AccountId| {
            [staker(), account(33)].map(|coldkey| RootHoldings::<Test>::get(coldkey, hotkey))
        };
        let held = holdings(&old());
        assert_ok!(swap_on(ROOT, false));
        assert_eq!(all_owed(&new()), before);
        assert_eq!(all_owed(&old()), [0; 4]);
        let moved = [NETUID, OTHER].map(|netuid| RootDividendRest::<Test>::get(netuid, new()));
        assert_eq!(moved, rests);
        assert_eq!(holdings(&new()), held);
        assert!(holdings(&old()).iter().all(types::RootHolding::is_empty));
        assert_eq!(stake(&new(), &staker(), ROOT), 6 * UNIT);
        assert_eq!(stake(&old(), &staker(), NETUID), 30 * UNIT);
        assert!(Delegates::<Test>::get(new()) == Delegates::<Test>::get(old()));
        // Who left claims what is kept for it.
        let claimed = SubtensorModule::claim_root(signed(&account(33)), [NETUID, OTHER].into());
        assert_ok!(plain(claimed));
        assert_eq!(owed(&new(), &[account(33)]), [0, 0]);
    });
}

#[test]
fn a_neuron_is_recorded_under_the_new_hotkey_with_its_age() {
    chain().run(|| {
        set_registered(NETUID, 1, 77);
        assert_ok!(swap_on(NETUID, false));
        let holder = SubtensorModule::uid_holders(NETUID)[1].clone();
        let expected = types::UidHolder {
            hotkey: new(),
            coldkey: owner(),
            registered_at: 77,
        };
        assert_eq!(holder, expected);
        assert_eq!(SubtensorModule::uid_holders(OTHER)[1].hotkey, old());
    });
}

#[test]
fn positions_are_counted_on_both_hotkeys() {
    let joined = chain().stake(2, new(), owner(), UNIT);
    joined.stake(2, new(), staker(), 3 * UNIT).run(|| {
        let counts = || {
            [old(), new()].map(|hotkey| {
                [owner(), staker()].map(|coldkey| PositionCounts::<Test>::get(&hotkey, coldkey))
            })
        };
        assert_eq!(counts(), [[1, 2], [1, 1]]);
        // Two positions become one.
        assert_ok!(swap_on(NETUID, false));
        assert_eq!(counts(), [[0, 1], [1, 1]]);
        System::set_block_number(8_000);
        assert_ok!(swap_on(OTHER, false));
        assert_eq!(counts(), [[0, 0], [1, 2]]);
    });
}

#[test]
fn a_hotkey_keeps_its_tao_and_its_account() {
    chain().run(|| {
        frame_support::assert_ok!(Balances::force_set_balance(
            RuntimeOrigin::root(),
            old(),
            UNIT
        ));
        assert_ok!(swap_all(false));
        assert_eq!(Balances::free_balance(old()), UNIT);
        assert_eq!(System::sufficients(&old()), 0);
        assert_eq!(System::sufficients(&new()), 1);
        // It belongs to nobody, and may begin again.
        SubtensorModule::associate(&account(30), &old()).unwrap();
        assert_eq!(System::sufficients(&old()), 1);
    });
}

#[test]
fn there_and_back_is_as_before() {
    chain().run(|| {
        let shares = |hotkey: AccountId| Positions::<Test>::get((NETUID, hotkey, staker()));
        let before = shares(old());
        assert_ok!(swap_all(false));
        assert_eq!(shares(new()), before);
        System::set_block_number(5_000);
        assert_ok!(SubtensorModule::swap_hotkey(
            signed(&owner()),
            new(),
            old(),
            None
        ));
        assert_eq!(shares(old()), before);
        assert_eq!(Uids::<Test>::get(OTHER, old()), Some(1));
        let key = RateLimitKey::LastTxBlock(owner());
        assert_eq!(LastRateLimitedBlock::<Test>::get(key), 5_000);
    });
}
