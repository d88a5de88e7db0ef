//! Why a registration is refused. A refused one changes nothing.

use dendra_primitives::{AlphaBalance, NetUid};
use frame_support::{BoundedVec, assert_noop, traits::fungible::Mutate};
use sp_runtime::DispatchError;

use super::{NETUID, chain, register};
use crate::{mock::*, types::MAX_OWNED_HOTKEYS, *};

#[test]
fn only_a_signed_origin_registers() {
    chain().run(|| {
        for origin in [RuntimeOrigin::root(), RuntimeOrigin::none()] {
            assert_noop!(
                SubtensorModule::burned_register(origin, NETUID, account(4)),
                DispatchError::BadOrigin
            );
        }
    });
}

#[test]
fn root_is_not_registered_on_this_way() {
    chain().run(|| {
        assert_noop!(
            SubtensorModule::burned_register(signed(&account(3)), NetUid::ROOT, account(4)),
            Error::<Test>::RegistrationNotPermittedOnRootSubnet
        );
    });
}

#[test]
fn a_missing_subnet_is_refused() {
    chain().run(|| {
        assert_noop!(
            SubtensorModule::burned_register(signed(&account(3)), NetUid::new(3), account(4)),
            Error::<Test>::SubnetNotExists
        );
    });
}

#[test]
fn a_closed_subnet_is_refused() {
    chain().run(|| {
        NetworkRegistrationAllowed::<Test>::insert(NETUID, false);
        assert_noop!(
            register(&account(3), &account(4)),
            Error::<Test>::SubNetRegistrationDisabled
        );
    });
}

#[test]
fn a_subnet_that_was_not_started_is_refused() {
    ExtBuilder::new().run(|| {
        SubtensorModule::register_network(signed(&account(1)), account(2)).unwrap();
        assert_noop!(
            register(&account(3), &account(4)),
            Error::<Test>::SubtokenDisabled
        );
        SubtensorModule::start_call(signed(&account(1)), NETUID).unwrap();
        assert_eq!(register(&account(3), &account(4)), Ok(()));
    });
}

#[test]
fn a_hotkey_registers_once() {
    chain().run(|| {
        register(&account(3), &account(4)).unwrap();
        for hotkey in [account(2), account(4)] {
            assert_noop!(
                register(&account(3), &hotkey),
                Error::<Test>::HotKeyAlreadyRegisteredInSubNet
            );
        }
    });
}

#[test]
fn the_hotkey_of_another_coldkey_is_refused() {
    chain().run(|| {
        SubtensorModule::associate(&account(5), &account(4)).unwrap();
        assert_noop!(
            register(&account(3), &account(4)),
            Error::<Test>::NonAssociatedColdKey
        );
    });
}

#[test]
fn accounts_of_the_chain_are_refused_as_hotkeys() {
    chain().run(|| {
        for hotkey in [
            AccountId::new([0; 32]),
            SubtensorModule::subnet_account(NETUID),
        ] {
            assert_noop!(
                register(&account(3), &hotkey),
                Error::<Test>::CannotUseSystemAccount
            );
        }
    });
}

#[test]
fn a_price_above_the_limit_is_refused() {
    chain().run(|| {
        let limited =
            |limit| SubtensorModule::register_limit(signed(&account(3)), NETUID, account(4), limit);
        assert_noop!(
            limited(UNIT - 1),
            Error::<Test>::RegistrationPriceLimitExceeded
        );
        assert_eq!(limited(UNIT), Ok(()));
    });
}

#[test]
fn the_price_and_the_existential_deposit_have_to_be_there() {
    chain().run(|| {
        Balances::mint_into(&many(1), UNIT + 499).unwrap();
        assert_noop!(
            register(&many(1), &account(4)),
            Error::<Test>::NotEnoughBalanceToStake
        );
    });
}

#[test]
fn a_pool_that_would_be_left_too_small_is_refused() {
    chain().run(|| {
        SubnetAlphaIn::<Test>::insert(NETUID, AlphaBalance::new(1_000_000));
        assert_noop!(
            register(&account(3), &account(4)),
            Error::<Test>::InsufficientLiquidity
        );
    });
}

#[test]
fn a_coldkey_with_as_many_hotkeys_as_it_may_own_is_refused() {
    chain().build().execute_with(|| {
        let full: Vec<_> = (0..MAX_OWNED_HOTKEYS).map(many).collect();
        OwnedHotkeys::<Test>::insert(account(3), BoundedVec::truncate_from(full));
        assert_noop!(
            register(&account(3), &account(4)),
            Error::<Test>::TooManyOwnedHotkeys
        );
    });
}
