//! Naming children: what is refused, what waits, what counts at once.

use frame_support::{assert_noop, assert_ok};

use super::*;
use crate::{
    Error, Event, Lenders, LentEdges, PendingChildKeyCooldown, StakeThreshold, TaoWeight,
    mock::{events, give_stake},
};

#[test]
fn children_wait_for_their_epoch() {
    run(|| {
        assert_ok!(set(11, &[(WHOLE / 2, 12), (5, 13)]));
        let named = edges(&[(WHOLE / 2, 12), (5, 13)]);
        assert_eq!(pending(11), Some((named.clone(), 7_201)));
        assert_eq!(children(11), []);
        assert_eq!(parents(12), []);
        assert!(!SubtensorModule::lenders_exist(NETUID));
        assert_eq!(
            events(),
            [Event::SetChildrenScheduled(
                account(11),
                NETUID,
                7_201,
                named
            )]
        );
    });
}

#[test]
fn children_count_at_once_while_the_subtoken_is_disabled() {
    run(|| {
        assert_ok!(set(11, &[(1, 14)]));
        stop_subtoken();
        System::set_block_number(151);
        System::reset_events();
        assert_ok!(set(11, &[(WHOLE / 2, 12), (5, 13)]));
        // What waited is gone.
        assert_eq!(pending(11), None);
        assert_eq!(children(11), edges(&[(WHOLE / 2, 12), (5, 13)]));
        assert_eq!(parents(12), edges(&[(WHOLE / 2, 11)]));
        assert_eq!(parents(13), edges(&[(5, 11)]));
        assert_eq!(LentEdges::<Test>::get(NETUID), 2);
        assert_eq!(Lenders::<Test>::iter_prefix(NETUID).count(), 3);
        let set_now = Event::SetChildren(account(11), NETUID, children(11));
        assert_eq!(events(), [set_now]);
    });
}

#[test]
fn new_children_take_the_place_of_the_old_ones() {
    run(|| {
        stop_subtoken();
        assert_ok!(set(11, &[(1, 12), (2, 13), (3, 14)]));
        assert_ok!(set(15, &[(9, 13)]));
        System::set_block_number(151);
        assert_ok!(set(11, &[(7, 13), (8, 16)]));
        assert_eq!(children(11), edges(&[(7, 13), (8, 16)]));
        assert_eq!([parents(12), parents(14)], [vec![], vec![]]);
        assert_eq!(parents(13), edges(&[(7, 11), (9, 15)]));
        assert_eq!(parents(16), edges(&[(8, 11)]));
        System::set_block_number(301);
        assert_ok!(set(11, &[]));
        assert!(!ChildKeys::<Test>::contains_key(account(11), NETUID));
        assert!(!ParentKeys::<Test>::contains_key(account(16), NETUID));
        assert_eq!(parents(13), edges(&[(9, 15)]));
        System::set_block_number(451);
        assert_ok!(set(15, &[]));
        assert_eq!(Lenders::<Test>::iter().count(), 0);
        assert!(!LentEdges::<Test>::contains_key(NETUID));
    });
}

#[test]
fn lists_that_make_no_sense_are_refused() {
    run(|| {
        let half = WHOLE / 2 + 1;
        let six: Vec<(u64, u8)> = (12..18).map(|key| (1, key)).collect();
        assert_noop!(set(11, &six), Error::<Test>::TooManyChildren);
        assert_noop!(set(11, &[(1, 12), (1, 11)]), Error::<Test>::InvalidChild);
        assert_noop!(set(11, &[(1, 12), (2, 12)]), Error::<Test>::DuplicateChild);
        // Two halves of a whole that has an odd number of parts are more than it.
        assert_noop!(
            set(11, &[(half, 12), (half, 13)]),
            Error::<Test>::ProportionOverflow
        );
        // Twice a half of the same one is named as what it is.
        assert_noop!(
            set(11, &[(half, 12), (half, 12)]),
            Error::<Test>::DuplicateChild
        );
        assert_noop!(
            set(11, &[(WHOLE, 12), (1, 13)]),
            Error::<Test>::ProportionOverflow
        );
        assert_noop!(set(11, &[(0, 12)]), Error::<Test>::InvalidValue);
        assert_noop!(set(11, &[(1, 0)]), Error::<Test>::CannotUseSystemAccount);
        let pool = (1, SubtensorModule::subnet_account(NETUID));
        assert_noop!(
            SubtensorModule::set_children(signed(&account(21)), account(11), NETUID, vec![pool]),
            Error::<Test>::CannotUseSystemAccount
        );
        assert_ok!(set(11, &[(half, 12), (half - 1, 13)]));
    });
}

#[test]
fn strangers_root_and_missing_subnets_are_refused() {
    run(|| {
        let set_on = |netuid| {
            let netuid = NetUid::new(netuid);
            SubtensorModule::set_children(signed(&account(21)), account(99), netuid, vec![])
        };
        // In the order that clients rely on.
        assert_noop!(
            set_on(0),
            Error::<Test>::RegistrationNotPermittedOnRootSubnet
        );
        assert_noop!(set_on(9), Error::<Test>::SubnetNotExists);
        assert_noop!(set_on(2), Error::<Test>::NonAssociatedColdKey);
        assert_noop!(set_by(22, 11, &[]), Error::<Test>::NonAssociatedColdKey);
    });
}

#[test]
fn children_change_once_in_150_blocks_for_each_hotkey_and_subnet() {
    run(|| {
        assert_ok!(set(11, &[(1, 12)]));
        assert_noop!(set(11, &[]), Error::<Test>::TxRateLimitExceeded);
        assert_ok!(set(13, &[(1, 12)]));
        let first = NetUid::new(1);
        assert_ok!(SubtensorModule::set_children(
            signed(&account(21)),
            account(11),
            first,
            vec![]
        ));
        System::set_block_number(150);
        assert_noop!(set(11, &[]), Error::<Test>::TxRateLimitExceeded);
        System::set_block_number(151);
        assert_ok!(set(11, &[]));
        // The later one counts, from its own block on.
        assert_eq!(pending(11), Some((vec![], 7_351)));
    });
}

#[test]
fn who_lends_needs_stake_of_its_own() {
    run(|| {
        StakeThreshold::<Test>::put(1_000);
        TaoWeight::<Test>::put(WHOLE / 2);
        assert_noop!(
            set(11, &[(1, 12)]),
            Error::<Test>::NotEnoughStakeToSetChildkeys
        );
        // What others lend does not count.
        give_stake(NETUID, &account(13), &account(23), 5_000);
        crate::mock::lend(NETUID, &account(13), &[(WHOLE, account(11))]);
        assert_noop!(
            set(11, &[(1, 12)]),
            Error::<Test>::NotEnoughStakeToSetChildkeys
        );
        give_stake(NETUID, &account(11), &account(50), 499);
        give_stake(NetUid::ROOT, &account(11), &account(50), 1_002);
        assert_noop!(
            set(11, &[(1, 12)]),
            Error::<Test>::NotEnoughStakeToSetChildkeys
        );
        give_stake(NETUID, &account(11), &account(50), 1);
        assert_ok!(set(11, &[(1, 12)]));
        // The owner hotkey needs none, and ending a loan neither.
        assert_ok!(set_by(1, 2, &[(1, 12)]));
        assert_ok!(set(14, &[]));
    });
}

#[test]
fn a_parent_is_no_child() {
    run(|| {
        crate::mock::lend(NETUID, &account(12), &[(1, account(11))]);
        assert_noop!(
            set(11, &[(1, 13), (1, 12)]),
            Error::<Test>::ChildParentInconsistency
        );
        // On another subnet it may be.
        assert_ok!(SubtensorModule::set_children(
            signed(&account(21)),
            account(11),
            NetUid::new(1),
            edges(&[(1, 12)])
        ));
        // A longer circle lends nothing on: what is lent is one's own.
        assert_ok!(set(13, &[(1, 12)]));
    });
}

#[test]
fn a_cooldown_without_end_never_ends() {
    run(|| {
        PendingChildKeyCooldown::<Test>::put(u64::MAX);
        assert_ok!(set(11, &[(1, 12)]));
        assert_eq!(pending(11).map(|(_, block)| block), Some(u64::MAX));
        epoch_in(8_000);
        assert_eq!(children(11), []);
    });
}
