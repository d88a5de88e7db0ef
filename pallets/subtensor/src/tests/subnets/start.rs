//! Starting a subnet, and changing its owner hotkey.

use dendra_primitives::NetUid;
use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchError;

use super::create;
use crate::{mock::*, *};

const NEW: NetUid = NetUid::new(2);

fn start(coldkey: &AccountId, netuid: NetUid) -> Result<(), DispatchError> {
    SubtensorModule::start_call(signed(coldkey), netuid)
}

#[test]
fn a_start_enables_the_alpha_and_emits_from_the_next_block() {
    ExtBuilder::new().run(|| {
        create(&account(1), &account(2), 2);
        System::reset_events();
        System::set_block_number(41);
        assert_ok!(start(&account(1), NEW));
        assert!(SubtokenEnabled::<Test>::get(NEW));
        assert_eq!(FirstEmissionBlockNumber::<Test>::get(NEW), Some(42));
        assert!(!SubnetEmissionEnabled::<Test>::get(NEW));
        assert_eq!(events(), [Event::FirstEmissionBlockNumberSet(NEW, 42)]);
    });
}

#[test]
fn a_subnet_starts_once() {
    ExtBuilder::new().run(|| {
        create(&account(1), &account(2), 2);
        assert_ok!(start(&account(1), NEW));
        System::set_block_number(50);
        assert_noop!(
            start(&account(1), NEW),
            Error::<Test>::FirstEmissionBlockNumberAlreadySet
        );
    });
}

#[test]
fn only_the_owner_starts() {
    ExtBuilder::new().run(|| {
        create(&account(1), &account(2), 2);
        for other in [account(2), account(3)] {
            assert_noop!(start(&other, NEW), Error::<Test>::NotSubnetOwner);
        }
        assert_noop!(
            start(&account(1), NetUid::new(1)),
            Error::<Test>::NotSubnetOwner
        );
        for origin in [RuntimeOrigin::root(), RuntimeOrigin::none()] {
            assert_noop!(
                SubtensorModule::start_call(origin, NEW),
                DispatchError::BadOrigin
            );
        }
    });
}

#[test]
fn a_missing_subnet_and_root_cannot_be_started() {
    ExtBuilder::new().run(|| {
        assert_noop!(start(&account(1), NEW), Error::<Test>::SubnetNotExists);
        SubnetOwner::<Test>::insert(NetUid::ROOT, account(1));
        assert_noop!(
            start(&account(1), NetUid::ROOT),
            Error::<Test>::RegistrationNotPermittedOnRootSubnet
        );
    });
}

#[test]
fn a_start_waits_for_the_delay() {
    ExtBuilder::new().run(|| {
        StartCallDelay::<Test>::put(10);
        System::set_block_number(100);
        create(&account(1), &account(2), 2);
        System::set_block_number(109);
        assert_noop!(
            start(&account(1), NEW),
            Error::<Test>::NeedWaitingMoreBlocksToStarCall
        );
        System::set_block_number(110);
        assert_ok!(start(&account(1), NEW));
    });
}

#[test]
fn another_hotkey_of_the_owner_can_become_the_owner_hotkey() {
    ExtBuilder::new().run(|| {
        create(&account(1), &account(2), 2);
        SubtensorModule::associate(&account(1), &account(3)).unwrap();
        System::reset_events();
        assert_ok!(SubtensorModule::change_owner_hotkey(NEW, &account(3)));
        assert_eq!(SubnetOwnerHotkey::<Test>::get(NEW), account(3));
        assert_eq!(events(), [Event::SubnetOwnerHotkeySet(NEW, account(3))]);
    });
}

#[test]
fn an_owner_hotkey_has_to_be_the_owners() {
    ExtBuilder::new().run(|| {
        create(&account(1), &account(2), 2);
        SubtensorModule::associate(&account(4), &account(5)).unwrap();
        let refusals = [
            (NEW, 3, Error::<Test>::HotKeyAccountNotExists),
            (NEW, 5, Error::<Test>::NonAssociatedColdKey),
            (NetUid::new(3), 2, Error::<Test>::SubnetNotExists),
        ];
        for (netuid, hotkey, error) in refusals {
            assert_noop!(
                SubtensorModule::change_owner_hotkey(netuid, &account(hotkey)),
                error
            );
        }
    });
}
