//! Children and parents of hotkeys that are swapped.

use frame_support::{BoundedVec, assert_noop, assert_ok};

use super::*;
use crate::*;

/// One more child.
fn lend(parent: &AccountId, child: &AccountId, part: u64) {
    let mut children = ChildKeys::<Test>::get(parent, NETUID).into_inner();
    children.push((part, child.clone()));
    crate::mock::lend(NETUID, parent, &children);
}

fn schedule(parent: &AccountId, children: &[(u64, AccountId)]) {
    let children = BoundedVec::truncate_from(children.to_vec());
    SubtensorModule::put_pending_children(parent, NETUID, children, 90);
}

fn scheduled(parent: &AccountId) -> Vec<(u64, AccountId)> {
    PendingChildKeys::<Test>::get(NETUID, parent).0.into_inner()
}

#[test]
fn both_ends_of_an_edge_are_renamed() {
    let (parent, child) = (account(40), account(41));
    chain().run(|| {
        lend(&parent, &account(43), 1);
        lend(&parent, &old(), 2);
        lend(&old(), &child, 3);
        lend(&account(43), &child, 4);
        let weight = |hotkey: &AccountId| SubtensorModule::stake_on(hotkey, NETUID);
        let before = [weight(&parent), weight(&child), weight(&old())];
        assert_ok!(swap_on(NETUID, false));
        let edges = |list: Vec<(u64, AccountId)>, expected: &[(u64, AccountId)]| {
            assert_eq!(list, expected);
        };
        let children = |hotkey| ChildKeys::<Test>::get(hotkey, NETUID).into_inner();
        let parents = |hotkey| ParentKeys::<Test>::get(hotkey, NETUID).into_inner();
        edges(children(parent.clone()), &[(1, account(43)), (2, new())]);
        edges(parents(new()), &[(2, parent.clone())]);
        edges(children(new()), &[(3, child.clone())]);
        edges(parents(child.clone()), &[(3, new()), (4, account(43))]);
        edges(children(old()), &[]);
        edges(parents(old()), &[]);
        assert!(Lenders::<Test>::contains_key(NETUID, new()));
        assert!(!Lenders::<Test>::contains_key(NETUID, old()));
        assert_eq!([weight(&parent), weight(&child), weight(&new())], before);
    });
}

#[test]
fn parents_lend_to_the_neuron_and_children_borrow_the_stake() {
    let (parent, child) = (account(40), account(41));
    chain().run(|| {
        lend(&parent, &old(), 2);
        lend(&old(), &child, 3);
        SubtensorModule::write_childkey_take(&old(), NETUID, 50);
        assert_ok!(swap_on(NETUID, true));
        let of = |edges: Vec<(u64, AccountId)>| edges;
        let parents = ParentKeys::<Test>::get(new(), NETUID).into_inner();
        assert_eq!(of(parents), [(2, parent.clone())]);
        let children = ChildKeys::<Test>::get(&parent, NETUID).into_inner();
        assert_eq!(of(children), [(2, new())]);
        let children = ChildKeys::<Test>::get(old(), NETUID).into_inner();
        assert_eq!(of(children), [(3, child.clone())]);
        let parents = ParentKeys::<Test>::get(&child, NETUID).into_inner();
        assert_eq!(of(parents), [(3, old())]);
        assert_eq!(ChildkeyTake::<Test>::get(new(), NETUID), 50);
        assert!(!ChildkeyTake::<Test>::contains_key(old(), NETUID));
        for hotkey in [old(), new()] {
            assert!(Lenders::<Test>::contains_key(NETUID, hotkey));
        }
    });
}

#[test]
fn a_new_hotkey_that_lends_or_borrows_is_refused() {
    // Its stake would be lent at once, without the pause that children need.
    let cases: [fn(); 4] = [
        || lend(&new(), &account(41), 1),
        || lend(&account(41), &new(), 1),
        || schedule(&new(), &[(1, account(41))]),
        || SubtensorModule::write_childkey_take(&new(), NETUID, 9),
    ];
    for prepare in cases {
        chain().run(|| {
            prepare();
            for keeps_stake in [false, true] {
                let refused = Error::<Test>::NewHotKeyLends;
                assert_noop!(plain(swap_on(NETUID, keeps_stake)), refused);
                let refused = Error::<Test>::NewHotKeyLends;
                assert_noop!(plain(swap_all(keeps_stake)), refused);
            }
            // On other subnets that does not matter.
            assert_ok!(swap_on(OTHER, false));
        });
    }
}

#[test]
fn what_is_scheduled_names_the_new_hotkey() {
    chain().run(|| {
        schedule(
            &account(40),
            &[(1, account(41)), (2, old()), (3, account(42))],
        );
        // Both are named: their parts become one.
        schedule(&account(44), &[(5, new()), (6, account(41)), (7, old())]);
        schedule(&account(45), &[(8, new())]);
        schedule(&old(), &[(9, account(41)), (10, new())]);
        assert_ok!(swap_on(NETUID, false));
        let expected = [(1, account(41)), (2, new()), (3, account(42))];
        assert_eq!(scheduled(&account(40)), expected);
        assert_eq!(scheduled(&account(44)), [(12, new()), (6, account(41))]);
        assert_eq!(scheduled(&account(45)), [(8, new())]);
        // Nobody lends to itself.
        assert_eq!(scheduled(&new()), [(9, account(41))]);
        assert!(!PendingChildKeys::<Test>::contains_key(NETUID, old()));
    });
}

#[test]
fn what_is_scheduled_for_kept_stake_stays_scheduled() {
    chain().run(|| {
        schedule(&old(), &[(9, new()), (4, account(41))]);
        schedule(&account(40), &[(2, old())]);
        assert_ok!(swap_on(NETUID, true));
        // The neuron that others mean has another name; the stake can be lent to it.
        assert_eq!(scheduled(&old()), [(9, new()), (4, account(41))]);
        assert_eq!(scheduled(&account(40)), [(2, new())]);
    });
}

#[test]
fn what_waits_keeps_its_turn() {
    chain().run(|| {
        schedule(&old(), &[(9, account(41))]);
        let due =
            || -> Vec<AccountId> { ChildrenDue::<Test>::iter_keys().map(|key| key.2).collect() };
        assert_eq!(due(), [old()]);
        assert_ok!(swap_on(NETUID, false));
        assert_eq!(due(), [new()]);
        assert_eq!(PendingChildKeys::<Test>::get(NETUID, new()).1, 90);
        assert_eq!(SubtensorModule::next_due_children(NETUID, 90), Some(new()));
    });
}

#[test]
fn places_beyond_the_free_ones_are_the_new_hotkeys() {
    for keeps_stake in [false, true] {
        chain().run(|| {
            for number in 40..45 {
                lend(&account(number), &old(), 1);
                lend(&account(number), &account(46), 1);
            }
            let edges = LentEdges::<Test>::get(NETUID);
            let places = |hotkey: &AccountId| {
                let all = FurtherPlaces::<Test>::get(NETUID);
                all.iter().filter(|child| *child == hotkey).count()
            };
            assert_eq!([places(&old()), places(&account(46))], [3, 3]);
            assert_ok!(swap_on(NETUID, keeps_stake));
            assert_eq!([places(&old()), places(&new())], [0, 3]);
            assert_eq!(LentEdges::<Test>::get(NETUID), edges);
            // They are given back one by one.
            for number in 40..45 {
                crate::mock::lend(NETUID, &account(number), &[]);
            }
            assert!(!FurtherPlaces::<Test>::contains_key(NETUID));
        });
    }
}

#[test]
fn a_rise_of_the_take_as_a_child_waits_as_it_would_have() {
    chain().run(|| {
        let key = |hotkey| types::RateLimitKey::ChildkeyTake(NETUID, hotkey);
        LastRateLimitedBlock::<Test>::insert(key(old()), 1);
        assert_ok!(swap_on(NETUID, false));
        assert_eq!(LastRateLimitedBlock::<Test>::get(key(new())), 1);
    });
}
