//! How much one swap moves, and what it weighs.

use frame_support::{BoundedVec, assert_noop, assert_ok, dispatch::GetDispatchInfo};

use super::*;
use crate::{
    types::{MAX_MOVED_POSITIONS, MAX_STAKING_HOTKEYS},
    *,
};

/// Stakers on the old hotkey, one unit each.
fn stakers(count: u32) {
    for number in 0..count {
        give_stake(NETUID, &old(), &many(1_000_000 + number), 1);
    }
}

fn moves(result: DispatchResultWithPostInfo) -> u64 {
    result.unwrap().actual_weight.unwrap().ref_time()
}

#[test]
fn two_thousand_stakers_follow_a_hotkey() {
    chain().run(|| {
        stakers(2_000);
        let weighed = moves(swap_all(false));
        assert_eq!(stake(&new(), &many(1_001_999), NETUID), 1);
        // A position and the list of its holder each.
        assert!(
            (4_000..=u64::from(MAX_MOVED_POSITIONS)).contains(&weighed),
            "{weighed}"
        );
    });
}

#[test]
fn more_than_fit_a_block_stay_where_they_are() {
    chain().run(|| {
        stakers(2_600);
        for netuid in [None, Some(NETUID)] {
            let swap = |keeps_stake| {
                SubtensorModule::swap_hotkey_v2(signed(&owner()), old(), new(), netuid, keeps_stake)
            };
            let refused = Error::<Test>::TooManyPositionsToMove;
            assert_noop!(plain(swap(false)), refused);
            // It does not pay for more than was counted.
            let weighed = swap(false).unwrap_err().post_info.actual_weight.unwrap();
            assert!(weighed.ref_time() <= u64::from(MAX_MOVED_POSITIONS) + 1);
        }
        // As the error says.
        assert_ok!(swap_all(true));
        assert_eq!(Uids::<Test>::get(NETUID, new()), Some(1));
        assert_eq!(stake(&old(), &many(1_000_000), NETUID), 1);
    });
}

#[test]
fn a_swap_pays_for_what_it_moved() {
    chain().run(|| {
        let call = Call::<Test>::swap_hotkey {
            hotkey: old(),
            new_hotkey: new(),
            netuid: None,
        };
        let most = call.get_dispatch_info().call_weight.ref_time();
        assert_eq!(most, u64::from(MAX_MOVED_POSITIONS));
        let weighed = moves(swap_all(false));
        // Two neurons with eleven items each, three positions of two stakers, and some looks at four subnets.
        assert!((25..50).contains(&weighed), "{weighed}");
    });
}

#[test]
fn a_refused_swap_pays_for_what_was_looked_at() {
    chain().run(|| {
        let origin = signed(&owner());
        let failed = SubtensorModule::swap_hotkey(origin, old(), old(), None).unwrap_err();
        assert_eq!(failed.post_info.actual_weight.unwrap().ref_time(), 0);
    });
}

#[test]
fn claims_and_destinations_count() {
    let too_many = Error::<Test>::TooManyPositionsToMove;
    chain().stake(0, old(), staker(), UNIT).run(|| {
        for number in 0..MAX_MOVED_POSITIONS {
            RootClaimed::<Test>::insert((OTHER, old(), many(2_000_000 + number)), 1);
        }
        assert_noop!(plain(swap_all(false)), too_many);
        // On another subnet than root they stay.
        assert_ok!(swap_on(NETUID, false));
    });
    let too_many = Error::<Test>::TooManyPositionsToMove;
    chain().run(|| {
        for number in 0..MAX_MOVED_POSITIONS {
            let coldkey = many(2_000_000 + number);
            AutoStakeDestination::<Test>::insert(&coldkey, NETUID, old());
            AutoStakers::<Test>::insert(NETUID, coldkey, ());
        }
        assert_noop!(plain(swap_on(NETUID, false)), too_many);
        assert_ok!(swap_on(NETUID, true));
    });
}

#[test]
fn strangers_who_stake_elsewhere_do_not_count_much() {
    chain().run(|| {
        // Destinations that name others are only looked at.
        for number in 0..10_000 {
            let coldkey = many(2_000_000 + number);
            AutoStakeDestination::<Test>::insert(&coldkey, NETUID, account(2));
            AutoStakers::<Test>::insert(NETUID, coldkey, ());
        }
        let weighed = moves(swap_on(NETUID, false));
        assert!((2_500..2_600).contains(&weighed), "{weighed}");
    });
}

#[test]
fn a_staker_with_a_full_list_cannot_stand_in_the_way_of_all() {
    // The list is made up, so the invariants are not checked.
    chain().build().execute_with(|| {
        let mut list = vec![old()];
        list.extend((1..MAX_STAKING_HOTKEYS).map(|number| many(3_000_000 + number)));
        StakingHotkeys::<Test>::insert(staker(), BoundedVec::truncate_from(list));
        // It would stake on both hotkeys.
        let too_many = Error::<Test>::TooManyPositionsToMove;
        assert_noop!(plain(swap_on(NETUID, false)), too_many);
        assert_ok!(swap_on(NETUID, true));
        // Where nothing stays on the old one, the new one has its place.
        assert_ok!(SubtensorModule::swap_hotkey(
            signed(&owner()),
            old(),
            many(3),
            None
        ));
        let list = StakingHotkeys::<Test>::get(staker());
        assert!(list.contains(&many(3)) && !list.contains(&old()));
    });
}

#[test]
fn a_coldkey_with_too_much_stake_waits() {
    chain().run(|| {
        let whale = account(70);
        for number in 0..1_800 {
            let hotkey = many(4_000_000 + number);
            SubtensorModule::associate(&owner(), &hotkey).unwrap();
            give_stake(NETUID, &hotkey, &whale, 1);
        }
        let weighed = moves(swap_coldkey(&whale, &account(201)));
        assert!(
            (4_000..=u64::from(MAX_MOVED_POSITIONS)).contains(&weighed),
            "{weighed}"
        );
        let whale = account(201);
        for number in 1_800..2_600 {
            let hotkey = many(4_000_000 + number);
            SubtensorModule::associate(&owner(), &hotkey).unwrap();
            give_stake(NETUID, &hotkey, &whale, 1);
        }
        let too_many = Error::<Test>::TooManyPositionsToMove;
        assert_noop!(plain(swap_coldkey(&whale, &account(202))), too_many);
    });
}
