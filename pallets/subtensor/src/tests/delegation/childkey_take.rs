//! The take of a child.

use frame_support::{assert_noop, assert_ok};

use super::*;
use crate::{
    ChildkeyTake, Error, Event, Lenders, MaxChildkeyTake, MinChildkeyTake,
    MinChildkeyTakePerSubnet, TxChildkeyTakeRateLimit, mock::events,
};

fn set_take_on(netuid: NetUid, take: u16) -> DispatchResult {
    SubtensorModule::set_childkey_take(signed(&account(21)), account(11), netuid, take)
}

fn set_take(take: u16) -> DispatchResult {
    set_take_on(NETUID, take)
}

#[test]
fn a_take_rises_once_in_thirty_days_and_falls_at_any_time() {
    run(|| {
        assert_ok!(set_take(100));
        assert_noop!(
            set_take(101),
            Error::<Test>::TxChildkeyTakeRateLimitExceeded
        );
        assert_ok!(set_take(100));
        assert_ok!(set_take(50));
        System::set_block_number(216_000);
        assert_noop!(set_take(51), Error::<Test>::TxChildkeyTakeRateLimitExceeded);
        System::set_block_number(216_001);
        assert_ok!(set_take(51));
        assert_eq!(ChildkeyTake::<Test>::get(account(11), NETUID), 51);
        let takes = [100, 100, 50, 51].map(|take| Event::ChildKeyTakeSet(account(11), take));
        assert_eq!(events(), takes);
        TxChildkeyTakeRateLimit::<Test>::put(0);
        assert_ok!(set_take(11_796));
    });
}

#[test]
fn each_subnet_has_a_take_and_a_pause_of_its_own() {
    run(|| {
        assert_ok!(set_take(100));
        assert_ok!(set_take_on(NetUid::new(1), 7));
        assert_eq!(ChildkeyTake::<Test>::get(account(11), NETUID), 100);
        assert_eq!(ChildkeyTake::<Test>::get(account(11), NetUid::new(1)), 7);
    });
}

#[test]
fn a_take_is_within_the_bounds_of_the_network_and_of_the_subnet() {
    run(|| {
        assert_noop!(set_take(11_797), Error::<Test>::InvalidChildkeyTake);
        MinChildkeyTake::<Test>::put(10);
        assert_noop!(set_take(9), Error::<Test>::InvalidChildkeyTake);
        MinChildkeyTakePerSubnet::<Test>::insert(NETUID, 20);
        assert_noop!(set_take(19), Error::<Test>::InvalidChildkeyTake);
        assert_ok!(set_take(20));
        assert_ok!(set_take_on(NetUid::new(1), 10));
        MaxChildkeyTake::<Test>::put(15);
        assert_noop!(set_take(20), Error::<Test>::InvalidChildkeyTake);
    });
}

#[test]
fn bounds_that_change_bind_takes_that_were_chosen_before() {
    run(|| {
        let counts = || SubtensorModule::childkey_take(&account(11), NETUID);
        assert_eq!(counts(), 0);
        MinChildkeyTakePerSubnet::<Test>::insert(NETUID, 20);
        assert_eq!(counts(), 20);
        MinChildkeyTake::<Test>::put(30);
        assert_eq!(counts(), 30);
        assert_ok!(set_take(5_000));
        assert_eq!(counts(), 5_000);
        MaxChildkeyTake::<Test>::put(4_000);
        assert_eq!(counts(), 4_000);
    });
}

#[test]
fn who_takes_nothing_leaves_nothing() {
    run(|| {
        assert_ok!(set_take(100));
        assert!(Lenders::<Test>::contains_key(NETUID, account(11)));
        assert_ok!(set_take(0));
        assert!(!ChildkeyTake::<Test>::contains_key(account(11), NETUID));
        assert!(!Lenders::<Test>::contains_key(NETUID, account(11)));
    });
}

#[test]
fn strangers_root_and_missing_subnets_are_refused() {
    run(|| {
        let set = |coldkey, hotkey, netuid| {
            let (signer, netuid) = (signed(&account(coldkey)), NetUid::new(netuid));
            SubtensorModule::set_childkey_take(signer, account(hotkey), netuid, 1)
        };
        assert_noop!(
            set(21, 11, 0),
            Error::<Test>::RegistrationNotPermittedOnRootSubnet
        );
        assert_noop!(set(21, 11, 9), Error::<Test>::SubnetNotExists);
        assert_noop!(set(22, 11, 2), Error::<Test>::NonAssociatedColdKey);
        assert_noop!(set(21, 99, 2), Error::<Test>::HotKeyAccountNotExists);
    });
}
