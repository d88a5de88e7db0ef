//! A hotkey takes the place of another one.

use frame_support::{assert_noop, assert_ok};

use super::*;
use crate::{ChildkeyTake, ChildrenDue, Error, Lenders, LentEdges, mock::lend};

#[test]
fn edges_take_and_what_waits_go_to_the_new_hotkey() {
    run(|| {
        lend(NETUID, &account(11), &[(3, account(13)), (4, account(14))]);
        lend(NETUID, &account(15), &[(5, account(11)), (6, account(14))]);
        lend(NETUID, &account(16), &[(7, account(11))]);
        SubtensorModule::write_childkey_take(&account(11), NETUID, 99);
        assert_ok!(set(11, &[(8, 17)]));
        let before = LentEdges::<Test>::get(NETUID);
        assert_ok!(SubtensorModule::move_lending(
            &account(11),
            &account(12),
            NETUID
        ));
        assert_eq!(children(12), edges(&[(3, 13), (4, 14)]));
        assert_eq!(parents(12), edges(&[(5, 15), (7, 16)]));
        assert_eq!(children(15), edges(&[(5, 12), (6, 14)]));
        assert_eq!(parents(14), edges(&[(4, 12), (6, 15)]));
        assert_eq!(ChildkeyTake::<Test>::get(account(12), NETUID), 99);
        assert_eq!(pending(12), Some((edges(&[(8, 17)]), 7_201)));
        assert_eq!(LentEdges::<Test>::get(NETUID), before);
        // Nothing is left of the old one.
        assert_eq!([children(11), parents(11)], [vec![], vec![]]);
        assert!(!ChildkeyTake::<Test>::contains_key(account(11), NETUID));
        assert_eq!(pending(11), None);
        assert!(!Lenders::<Test>::contains_key(NETUID, account(11)));
        let due: Vec<AccountId> = ChildrenDue::<Test>::iter_keys().map(|key| key.2).collect();
        assert_eq!(due, [account(12)]);
        epoch_in(8_000);
        assert_eq!(children(12), edges(&[(8, 17)]));
    });
}

#[test]
fn other_subnets_are_not_touched() {
    run(|| {
        lend(NetUid::new(1), &account(11), &[(3, account(13))]);
        assert_ok!(SubtensorModule::move_lending(
            &account(11),
            &account(12),
            NETUID
        ));
        let there = ChildKeys::<Test>::get(account(11), NetUid::new(1));
        assert_eq!(there.into_inner(), edges(&[(3, 13)]));
        assert_eq!(Lenders::<Test>::iter_prefix(NETUID).count(), 0);
    });
}

#[test]
fn a_hotkey_that_lends_borrows_or_waits_takes_nobodys_place() {
    run(|| {
        let move_to =
            |hotkey| SubtensorModule::move_lending(&account(11), &account(hotkey), NETUID);
        lend(NETUID, &account(13), &[(3, account(14))]);
        assert_ok!(set(15, &[(1, 16)]));
        for hotkey in [13, 14, 15] {
            assert_noop!(move_to(hotkey), Error::<Test>::ChildParentInconsistency);
        }
    });
}
