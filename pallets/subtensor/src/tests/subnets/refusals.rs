//! Why a creation is refused. A refused one changes nothing.

use dendra_primitives::{NetUid, records::SubnetIdentityV3};
use frame_support::{BoundedVec, assert_noop, assert_ok, traits::fungible::Mutate};
use sp_runtime::DispatchError;

use super::{create, held};
use crate::{mock::*, types::MAX_OWNED_HOTKEYS, *};

fn try_create(coldkey: &AccountId, hotkey: &AccountId) -> Result<(), DispatchError> {
    SubtensorModule::register_network(signed(coldkey), hotkey.clone())
}

#[test]
fn only_a_signed_origin_creates() {
    ExtBuilder::new().run(|| {
        for origin in [RuntimeOrigin::root(), RuntimeOrigin::none()] {
            assert_noop!(
                SubtensorModule::register_network(origin, account(2)),
                DispatchError::BadOrigin
            );
        }
    });
}

#[test]
fn the_hotkey_of_another_coldkey_is_refused() {
    ExtBuilder::new().run(|| {
        create(&account(1), &account(2), 2);
        assert_noop!(
            try_create(&account(3), &account(2)),
            Error::<Test>::NonAssociatedColdKey
        );
    });
}

#[test]
fn accounts_of_the_chain_are_refused_as_hotkeys() {
    ExtBuilder::new().run(|| {
        let accounts = [
            AccountId::new([0; 32]),
            SubtensorModule::subnet_account(NetUid::ROOT),
            SubtensorModule::subnet_account(NetUid::new(77)),
        ];
        for hotkey in accounts {
            assert_noop!(
                try_create(&account(1), &hotkey),
                Error::<Test>::CannotUseSystemAccount
            );
        }
    });
}

#[test]
fn a_second_creation_waits_for_the_rate_limit() {
    ExtBuilder::new().run(|| {
        NetworkRateLimit::<Test>::put(7_200);
        System::set_block_number(10);
        create(&account(1), &account(2), 2);
        System::set_block_number(7_209);
        assert_noop!(
            try_create(&account(3), &account(4)),
            Error::<Test>::NetworkTxRateLimitExceeded
        );
        System::set_block_number(7_210);
        assert_ok!(try_create(&account(3), &account(4)));
    });
}

#[test]
fn the_cost_and_the_existential_deposit_have_to_be_there() {
    ExtBuilder::new().run(|| {
        Balances::mint_into(&many(1), 1_000 * UNIT + 499).unwrap();
        assert_noop!(
            try_create(&many(1), &account(2)),
            Error::<Test>::CannotAffordLockCost
        );
        Balances::mint_into(&many(1), 1).unwrap();
        assert_ok!(try_create(&many(1), &account(2)));
        assert_eq!(held(&many(1)), 500);
    });
}

#[test]
fn an_identity_that_is_too_long_is_refused() {
    ExtBuilder::new().run(|| {
        let long = SubnetIdentityV3 {
            subnet_name: vec![b'a'; 257],
            ..Default::default()
        };
        assert_noop!(
            SubtensorModule::register_network_with_identity(
                signed(&account(1)),
                account(2),
                Some(long)
            ),
            Error::<Test>::InvalidIdentity
        );
    });
}

#[test]
fn a_coldkey_with_as_many_hotkeys_as_it_may_own_is_refused() {
    ExtBuilder::new().build().execute_with(|| {
        let full: Vec<_> = (0..MAX_OWNED_HOTKEYS).map(many).collect();
        OwnedHotkeys::<Test>::insert(account(1), BoundedVec::truncate_from(full));
        assert_noop!(
            try_create(&account(1), &account(2)),
            Error::<Test>::TooManyOwnedHotkeys
        );
    });
}
