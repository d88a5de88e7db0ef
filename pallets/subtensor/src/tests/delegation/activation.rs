//! Scheduled children begin to count.

use frame_support::{assert_ok, weights::Weight};

use super::*;
use crate::{
    ChildrenBacklog, ChildrenDue, Error, Event, PendingChildKeyCooldown, StakeWeight,
    mock::{Budget, RuntimeOrigin, events, give_stake, many},
    types::MAX_ACTIVATIONS,
};

/// Schedules sets of hotkeys `many(0)`, … one block after another, each for a child of its own.
fn schedule_many(count: u32, first_due: u64) {
    for number in 0..count {
        SubtensorModule::associate(&account(100), &many(number)).unwrap();
        let child = vec![(1, many(1_000 + number))].try_into().unwrap();
        let due = first_due + u64::from(number);
        SubtensorModule::put_pending_children(&many(number), NETUID, child, due);
    }
}

/// The numbers of the hotkeys whose set counts.
fn counting(count: u32) -> Vec<u32> {
    (0..count)
        .filter(|number| ChildKeys::<Test>::contains_key(many(*number), NETUID))
        .collect()
}

#[test]
fn children_count_from_the_first_epoch_after_the_cooldown() {
    run(|| {
        assert_ok!(set(11, &[(WHOLE, 12)]));
        epoch_in(7_200);
        assert_eq!(children(11), []);
        jump(7_210);
        // The cooldown is over, and nothing counts before an epoch.
        assert_eq!(children(11), []);
        System::reset_events();
        epoch_in(7_300);
        assert_eq!(children(11), edges(&[(WHOLE, 12)]));
        assert_eq!(parents(12), edges(&[(WHOLE, 11)]));
        assert_eq!(pending(11), None);
        assert_eq!(ChildrenDue::<Test>::iter().count(), 0);
        let counts = Event::SetChildren(account(11), NETUID, children(11));
        assert_eq!(events().first(), Some(&counts));
    });
}

#[test]
fn the_epoch_in_which_they_begin_to_count_weighs_them() {
    run(|| {
        PendingChildKeyCooldown::<Test>::put(5);
        give_stake(NETUID, &account(11), &account(21), 1_000);
        give_stake(NETUID, &account(12), &account(22), 1_000);
        for hotkey in [11, 12] {
            SubtensorModule::append_neuron(NETUID, &account(hotkey)).unwrap();
        }
        assert_ok!(set(11, &[(WHOLE / 5, 12)]));
        epoch_in(5);
        assert_eq!(
            StakeWeight::<Test>::get(NETUID).into_inner(),
            [0, 32_767, 32_767]
        );
        epoch_in(6);
        // Two and three fifths of the whole.
        assert_eq!(
            StakeWeight::<Test>::get(NETUID).into_inner(),
            [0, 26_213, 39_320]
        );
    });
}

#[test]
fn no_children_end_a_loan_at_the_epoch_too() {
    run(|| {
        crate::mock::lend(NETUID, &account(11), &[(WHOLE, account(12))]);
        assert_ok!(set(11, &[]));
        epoch_in(7_200);
        assert_eq!(children(11), edges(&[(WHOLE, 12)]));
        epoch_in(7_201);
        assert_eq!(children(11), []);
        assert_eq!(pending(11), None);
    });
}

#[test]
fn of_two_who_name_each_other_the_first_one_lends() {
    run(|| {
        crate::mock::lend(NETUID, &account(12), &[(3, account(14))]);
        assert_ok!(set(11, &[(WHOLE, 12)]));
        jump(2);
        assert_ok!(set(12, &[(WHOLE - 1, 11), (1, 13)]));
        System::reset_events();
        epoch_in(7_300);
        assert_eq!(children(11), edges(&[(WHOLE, 12)]));
        // All of the set is dropped, and what was before stays.
        assert_eq!(children(12), edges(&[(3, 14)]));
        assert_eq!(parents(13), []);
        assert_eq!(pending(12), None);
        assert!(events().contains(&Event::ChildrenDropped {
            hotkey: account(12),
            netuid: NETUID,
            error: Error::<Test>::ChildParentInconsistency.into(),
        }));
    });
}

#[test]
fn before_an_epoch_a_bounded_number_begins_to_count_and_the_rest_right_after() {
    run(|| {
        let most = MAX_ACTIVATIONS;
        schedule_many(3 * most, 2);
        epoch_in(1_000);
        assert_eq!(counting(3 * most), (0..most).collect::<Vec<_>>());
        assert_eq!(ChildrenBacklog::<Test>::get().into_inner(), [NETUID]);
        jump(1_001);
        assert_eq!(counting(3 * most), (0..2 * most).collect::<Vec<_>>());
        jump(1_002);
        assert_eq!(counting(3 * most), (0..3 * most).collect::<Vec<_>>());
        jump(1_003);
        assert!(!ChildrenBacklog::<Test>::exists());
    });
}

#[test]
fn what_is_due_after_the_epoch_waits_for_the_next_one() {
    run(|| {
        let most = MAX_ACTIVATIONS;
        // The last one is due in the block after the epoch.
        schedule_many(most + 2, 1_000 - u64::from(most));
        epoch_in(1_000);
        jump(1_001);
        jump(1_100);
        assert_eq!(counting(most + 2), (0..=most).collect::<Vec<_>>());
        assert!(!ChildrenBacklog::<Test>::exists());
        epoch_in(1_200);
        assert_eq!(counting(most + 2).len() as u32, most + 2);
    });
}

#[test]
fn a_block_without_room_does_what_it_can() {
    run(|| {
        schedule_many(5, 2);
        // Prices, emission, the schedule, and two sets; the epoch finds no room.
        Budget::set(&Weight::from_parts(5, 0));
        Tempo::<Test>::insert(NETUID, 1);
        LastEpochBlock::<Test>::insert(NETUID, 999);
        jump(1_000);
        assert_eq!(counting(5), [0, 1]);
        assert_eq!(LastEpochBlock::<Test>::get(NETUID), 999);
        // With one more, everything in time.
        Budget::set(&Weight::from_parts(7, 0));
        jump(1_001);
        assert_eq!(counting(5).len(), 5);
        assert_eq!(LastEpochBlock::<Test>::get(NETUID), 1_001);
        Budget::set(&Weight::MAX);
        jump(1_002);
        assert!(!ChildrenBacklog::<Test>::exists());
    });
}

#[test]
fn subnets_that_are_behind_take_turns() {
    chain().subnet(3, account(3), account(4)).run(|| {
        begin();
        let other = NetUid::new(3);
        let most = MAX_ACTIVATIONS;
        for number in 0..3 * most {
            SubtensorModule::associate(&account(100), &many(number)).unwrap();
            for netuid in [NETUID, other] {
                let child = vec![(1, many(1_000 + number))].try_into().unwrap();
                SubtensorModule::put_pending_children(&many(number), netuid, child, 2);
            }
        }
        let count = |netuid| {
            (0..3 * most)
                .filter(|number| ChildKeys::<Test>::contains_key(many(*number), netuid))
                .count() as u32
        };
        Tempo::<Test>::insert(other, 0);
        System::set_block_number(1_000);
        for netuid in [NETUID, other] {
            LastEpochBlock::<Test>::insert(netuid, 1_000);
            ChildrenBacklog::<Test>::try_append(netuid).unwrap();
        }
        jump(1_001);
        assert_eq!([count(NETUID), count(other)], [most, 0]);
        jump(1_002);
        assert_eq!([count(NETUID), count(other)], [most, most]);
        for block in 1_003..1_009 {
            jump(block);
        }
        assert_eq!([count(NETUID), count(other)], [3 * most, 3 * most]);
        assert!(!ChildrenBacklog::<Test>::exists());
    });
}

#[test]
fn a_dissolved_subnet_activates_nothing() {
    run(|| {
        schedule_many(2, 2);
        LastEpochBlock::<Test>::insert(NETUID, 1_000);
        ChildrenBacklog::<Test>::try_append(NETUID).unwrap();
        SubtensorModule::root_dissolve_network(RuntimeOrigin::root(), NETUID).unwrap();
        // Too little for the clean-up.
        Budget::set(&Weight::from_parts(2, 0));
        jump(1_001);
        assert!(counting(2).is_empty());
        Budget::set(&Weight::MAX);
        jump(1_002);
        assert!(!ChildrenBacklog::<Test>::exists());
        assert_eq!(ChildrenDue::<Test>::iter().count(), 0);
    });
}

#[test]
fn a_child_that_lost_its_uid_stays_a_child() {
    run(|| {
        let uid = SubtensorModule::append_neuron(NETUID, &account(12)).unwrap();
        crate::mock::lend(NETUID, &account(11), &[(WHOLE, account(12))]);
        crate::mock::lend(NETUID, &account(12), &[(WHOLE, account(13))]);
        SubtensorModule::write_childkey_take(&account(12), NETUID, 9);
        SubtensorModule::replace_neuron(NETUID, uid, &account(14)).unwrap();
        assert_eq!(children(11), edges(&[(WHOLE, 12)]));
        assert_eq!(parents(12), edges(&[(WHOLE, 11)]));
        assert_eq!(children(12), edges(&[(WHOLE, 13)]));
        assert_eq!(SubtensorModule::childkey_take(&account(12), NETUID), 9);
        // An epoch in which the child is no neuron reads nothing of it.
        epoch_in(1_000);
        assert_eq!(children(11), edges(&[(WHOLE, 12)]));
    });
}
