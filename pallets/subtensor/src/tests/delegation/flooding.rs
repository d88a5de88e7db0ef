//! Attempts to fill the places of children with parents that lend next to nothing.

use frame_support::{assert_noop, assert_ok, traits::fungible::Mutate};

use super::*;
use crate::{
    Error, Event, FurtherPlaces, LentEdges, PendingChildKeyCooldown, TaoWeight,
    mock::{Balances, events, give_stake, lend, many},
    types::{FREE_PARENTS, MAX_FURTHER_PARENTS, MAX_PARENTS, edges_toward},
};

/// Parents of a child that lend one unit each, from `many(first)` on.
fn flood(child: u8, first: u32, count: u32) {
    for number in first..first + count {
        let parent = many(number);
        SubtensorModule::associate(&account(100), &parent).unwrap();
        give_stake(NETUID, &parent, &account(100), 1);
        lend(NETUID, &parent, &[(WHOLE, account(child))]);
    }
}

/// Fills all places of the subnet beyond the free ones: those of hotkeys 12 to 16.
fn flood_all() {
    let mut left = MAX_FURTHER_PARENTS;
    for (child, first) in (12..).zip((0..).step_by(1_000)) {
        let further = left.min(MAX_PARENTS - FREE_PARENTS);
        if further == 0 {
            return;
        }
        flood(child, first, FREE_PARENTS + further);
        left -= further;
    }
}

fn further() -> u32 {
    FurtherPlaces::<Test>::decode_len(NETUID).unwrap_or(0) as u32
}

fn dropped(hotkey: u8) -> Event<Test> {
    Event::ChildrenDropped {
        hotkey: account(hotkey),
        netuid: NETUID,
        error: Error::<Test>::ChildParentInconsistency.into(),
    }
}

fn begin_epochs() {
    PendingChildKeyCooldown::<Test>::put(0);
    // Root stake counts nothing unless a test says so.
    TaoWeight::<Test>::put(0);
    let root = SubtensorModule::subnet_account(NetUid::ROOT);
    Balances::mint_into(&root, 500).unwrap();
}

#[test]
fn who_lends_more_takes_the_place_of_who_lends_least() {
    run(|| {
        begin_epochs();
        flood(12, 0, MAX_PARENTS);
        // The weakest is not among the first, and lends to another child too.
        let weakest = many(77);
        lend(
            NETUID,
            &weakest,
            &[(WHOLE / 2, account(12)), (5, account(13))],
        );
        give_stake(NETUID, &account(11), &account(21), 2);
        assert_ok!(set(11, &[(WHOLE, 12)]));
        epoch_in(100);
        assert_eq!(parents(12).len() as u32, MAX_PARENTS);
        assert!(parents(12).contains(&(WHOLE, account(11))));
        assert_eq!(
            ChildKeys::<Test>::get(&weakest, NETUID).into_inner(),
            edges(&[(5, 13)])
        );
        let told = Event::SetChildren(weakest, NETUID, edges(&[(5, 13)]));
        assert!(events().contains(&told));
        assert_eq!(LentEdges::<Test>::get(NETUID), MAX_PARENTS + 1);
        assert_eq!(further(), MAX_PARENTS - FREE_PARENTS);
    });
}

#[test]
fn who_lends_no_more_than_the_least_finds_no_place() {
    run(|| {
        begin_epochs();
        flood(12, 0, MAX_PARENTS);
        lend(NETUID, &account(11), &[(9, account(13))]);
        // As much as each of the others.
        give_stake(NETUID, &account(11), &account(21), 1);
        assert_ok!(set(11, &[(WHOLE, 12)]));
        epoch_in(100);
        assert!(events().contains(&dropped(11)));
        assert_eq!(children(11), edges(&[(9, 13)]));
        // What counts is what is lent, not what there is.
        give_stake(NETUID, &account(14), &account(24), 1_000);
        assert_ok!(set(14, &[(WHOLE / 1_000, 12)]));
        epoch_in(200);
        assert!(events().contains(&dropped(14)));
        give_stake(NETUID, &account(15), &account(25), 1_000);
        assert_ok!(set(15, &[(WHOLE / 400, 12)]));
        epoch_in(300);
        assert_eq!(children(15), edges(&[(WHOLE / 400, 12)]));
    });
}

#[test]
fn stake_on_root_counts_with_its_weight() {
    run(|| {
        begin_epochs();
        flood(12, 0, MAX_PARENTS);
        TaoWeight::<Test>::put(WHOLE / 10);
        give_stake(NetUid::ROOT, &account(11), &account(21), 9);
        assert_ok!(set(11, &[(WHOLE, 12)]));
        epoch_in(100);
        assert_eq!(children(11), []);
        give_stake(NetUid::ROOT, &account(13), &account(23), 11);
        assert_ok!(set(13, &[(WHOLE, 12)]));
        epoch_in(200);
        assert_eq!(children(13), edges(&[(WHOLE, 12)]));
    });
}

#[test]
fn a_parent_that_has_a_place_keeps_it_whatever_it_lends() {
    run(|| {
        begin_epochs();
        flood(12, 0, MAX_PARENTS - 1);
        lend(NETUID, &account(11), &[(WHOLE, account(12))]);
        assert_ok!(set(11, &[(1, 12)]));
        epoch_in(100);
        assert_eq!(children(11), edges(&[(1, 12)]));
    });
}

#[test]
fn a_flooded_subnet_leaves_every_hotkey_two_places() {
    run(|| {
        begin_epochs();
        flood_all();
        assert_eq!(further(), MAX_FURTHER_PARENTS);
        // Nobody of these owns anything.
        for parent in [11, 18] {
            assert_ok!(set(parent, &[(WHOLE, 17)]));
        }
        epoch_in(100);
        assert_eq!(parents(17).len(), 2);
        // A third one has to lend more than somebody.
        assert_ok!(set(19, &[(WHOLE, 17)]));
        epoch_in(300);
        assert!(events().contains(&dropped(19)));
        give_stake(NETUID, &account(19), &account(29), 1);
        assert_ok!(set(19, &[(WHOLE, 17)]));
        epoch_in(500);
        assert_eq!(parents(17).len(), 2);
        assert!(parents(17).contains(&(WHOLE, account(19))));
        assert_eq!(further(), MAX_FURTHER_PARENTS);
    });
}

#[test]
fn places_that_are_held_elsewhere_by_next_to_nothing_go_to_who_lends_more() {
    run(|| {
        begin_epochs();
        flood_all();
        // Two honest parents of 17, and three more who lend less than these.
        for (parent, stake) in [(11, 1_000), (18, 900), (19, 800)] {
            give_stake(NETUID, &account(parent), &account(parent + 10), stake);
            assert_ok!(set(parent, &[(WHOLE, 17)]));
            epoch_in(u64::from(parent) * 100);
        }
        assert_eq!(parents(17), edges(&[(WHOLE, 11), (WHOLE, 18), (WHOLE, 19)]));
        assert_eq!(further(), MAX_FURTHER_PARENTS);
        let flooded: usize = (12..17).map(|child| parents(child).len()).sum();
        assert_eq!(flooded as u32, MAX_FURTHER_PARENTS + 5 * FREE_PARENTS - 1);
    });
}

#[test]
fn one_set_can_win_several_places() {
    run(|| {
        begin_epochs();
        flood_all();
        give_stake(NETUID, &account(11), &account(21), 1_000);
        let fifth = WHOLE / 5;
        let five = [
            (fifth, 12),
            (fifth, 13),
            (fifth, 14),
            (fifth, 15),
            (fifth, 16),
        ];
        assert_ok!(set(11, &five));
        epoch_in(100);
        assert_eq!(children(11), edges(&five));
        assert_eq!(further(), MAX_FURTHER_PARENTS);
    });
}

#[test]
fn if_one_place_is_not_won_nothing_changes() {
    run(|| {
        begin_epochs();
        flood_all();
        let before = LentEdges::<Test>::get(NETUID);
        give_stake(NETUID, &account(11), &account(21), 1_000);
        // Less than a unit for the second.
        assert_ok!(set(11, &[(WHOLE / 2, 12), (1, 13)]));
        System::reset_events();
        epoch_in(100);
        assert_eq!(children(11), []);
        assert_eq!(LentEdges::<Test>::get(NETUID), before);
        let of_lending: Vec<_> = events()
            .into_iter()
            .filter(|event| matches!(event, Event::SetChildren(..)))
            .collect();
        assert_eq!(of_lending, []);
    });
}

#[test]
fn at_once_only_free_places_are_given() {
    run(|| {
        flood(12, 0, MAX_PARENTS);
        give_stake(NETUID, &account(11), &account(21), 1_000);
        stop_subtoken();
        assert_noop!(
            set(11, &[(WHOLE, 12)]),
            Error::<Test>::ChildParentInconsistency
        );
        assert_ok!(set(11, &[(WHOLE, 13)]));
    });
}

#[test]
fn an_epoch_reads_a_bounded_number_of_edges() {
    run(|| {
        flood_all();
        let neurons = 256;
        let most = edges_toward(neurons, MAX_FURTHER_PARENTS);
        assert_eq!(most, 1_024);
        assert_eq!(SubtensorModule::edges_toward(NETUID, 0), 512);
        // Two of each flooded hotkey and 512 beyond.
        assert_eq!(SubtensorModule::edges_toward(NETUID, neurons), 522);
        // As many as can lead to hotkeys without a uid do not make an epoch dearer.
        for number in 10_000..10_600 {
            let parent = many(number);
            lend(NETUID, &parent, &[(1, many(number + 10_000))]);
        }
        assert_eq!(SubtensorModule::edges_toward(NETUID, neurons), most);
    });
}
