//! Which coldkey owns a hotkey.

use dendra_primitives::NetUid;
use frame_support::{BoundedVec, assert_noop, assert_ok};
use sp_runtime::{DispatchError, DispatchResult};

use super::{chain, register};
use crate::{mock::*, types::MAX_OWNED_HOTKEYS, *};

fn associate(coldkey: &AccountId, hotkey: &AccountId) -> DispatchResult {
    SubtensorModule::try_associate_hotkey(signed(coldkey), hotkey.clone())
}

#[test]
fn a_hotkey_that_nobody_owns_becomes_the_signers() {
    ExtBuilder::new().run(|| {
        assert_eq!(Owner::<Test>::get(many(1)), AccountId::new([0; 32]));
        assert!(!SubtensorModule::is_owned(&many(1)));
        assert_ok!(associate(&account(1), &many(1)));
        assert_eq!(Owner::<Test>::get(many(1)), account(1));
        assert_eq!(
            OwnedHotkeys::<Test>::get(account(1)).into_inner(),
            vec![many(1)]
        );
        let expected = Event::HotkeyAssociated {
            coldkey: account(1),
            hotkey: many(1),
        };
        assert_eq!(events(), [expected]);
    });
}

#[test]
fn a_hotkey_can_sign_without_holding_anything() {
    ExtBuilder::new().run(|| {
        assert!(!System::account_exists(&many(1)));
        assert_ok!(associate(&account(1), &many(1)));
        assert!(System::account_exists(&many(1)));
        let stored = System::account(many(1));
        assert_eq!((stored.sufficients, stored.providers), (1, 0));
        assert_eq!(stored.data.free, 0);
        // Once is enough, however often it is associated.
        assert_ok!(associate(&account(1), &many(1)));
        assert_eq!(System::sufficients(&many(1)), 1);
    });
}

#[test]
fn a_registered_hotkey_has_its_reference_too() {
    chain().run(|| {
        register(&account(3), &many(1)).unwrap();
        assert_eq!(System::sufficients(&many(1)), 1);
        assert_eq!(System::sufficients(&account(2)), 1);
        let origin = signed(&account(3));
        assert_noop!(
            SubtensorModule::burned_register(origin, NetUid::new(1), many(1)),
            Error::<Test>::SubtokenDisabled
        );
    });
}

#[test]
fn the_hotkey_of_somebody_else_stays_with_its_owner() {
    ExtBuilder::new().run(|| {
        assert_ok!(associate(&account(1), &many(1)));
        System::reset_events();
        assert_ok!(associate(&account(2), &many(1)));
        assert_eq!(Owner::<Test>::get(many(1)), account(1));
        assert!(!OwnedHotkeys::<Test>::contains_key(account(2)));
        assert_eq!(events(), []);
    });
}

#[test]
fn an_own_hotkey_is_listed_once() {
    ExtBuilder::new().run(|| {
        for _ in 0..3 {
            assert_ok!(associate(&account(1), &many(1)));
        }
        assert_eq!(OwnedHotkeys::<Test>::get(account(1)).len(), 1);
    });
}

#[test]
fn a_key_can_be_its_own_hotkey() {
    ExtBuilder::new().run(|| {
        assert_ok!(associate(&account(1), &account(1)));
        assert_eq!(Owner::<Test>::get(account(1)), account(1));
    });
}

#[test]
fn accounts_of_the_chain_and_unsigned_origins_are_refused() {
    ExtBuilder::new().run(|| {
        for hotkey in [
            AccountId::new([0; 32]),
            SubtensorModule::subnet_account(NetUid::new(9)),
        ] {
            assert_noop!(
                associate(&account(1), &hotkey),
                Error::<Test>::CannotUseSystemAccount
            );
        }
        for origin in [RuntimeOrigin::root(), RuntimeOrigin::none()] {
            assert_noop!(
                SubtensorModule::try_associate_hotkey(origin, many(1)),
                DispatchError::BadOrigin
            );
        }
    });
}

#[test]
fn a_coldkey_owns_a_bounded_number_of_hotkeys() {
    ExtBuilder::new().build().execute_with(|| {
        let full: Vec<_> = (1..MAX_OWNED_HOTKEYS).map(many).collect();
        OwnedHotkeys::<Test>::insert(account(1), BoundedVec::truncate_from(full));
        assert_ok!(associate(&account(1), &account(2)));
        assert_noop!(
            associate(&account(1), &account(3)),
            Error::<Test>::TooManyOwnedHotkeys
        );
    });
}
