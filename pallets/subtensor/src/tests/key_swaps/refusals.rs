//! Swaps of hotkeys that are refused, and why.

use frame_support::{assert_noop, assert_ok, traits::fungible::Mutate};

use super::*;
use crate::{types::RateLimitKey, *};

fn refused(
    coldkey: &AccountId,
    from: &AccountId,
    to: &AccountId,
    netuid: Option<NetUid>,
    error: Error<Test>,
) {
    for keeps_stake in [false, true] {
        let call = || {
            plain(SubtensorModule::swap_hotkey_v2(
                signed(coldkey),
                from.clone(),
                to.clone(),
                netuid,
                keeps_stake,
            ))
        };
        assert_noop!(call(), error_of(&error));
    }
}

fn error_of(error: &Error<Test>) -> DispatchError {
    use codec::{Decode, Encode};
    Error::<Test>::decode(&mut error.encode().as_slice())
        .unwrap()
        .into()
}

#[test]
fn a_hotkey_is_not_swapped_for_itself() {
    chain().run(|| {
        for netuid in [None, Some(NETUID)] {
            refused(
                &owner(),
                &old(),
                &old(),
                netuid,
                Error::NewHotKeyIsSameWithOld,
            );
        }
    });
}

#[test]
fn only_the_owner_swaps_a_hotkey() {
    chain().run(|| {
        for netuid in [None, Some(NETUID)] {
            refused(
                &account(30),
                &old(),
                &new(),
                netuid,
                Error::NonAssociatedColdKey,
            );
            refused(
                &owner(),
                &many(5),
                &new(),
                netuid,
                Error::HotKeyAccountNotExists,
            );
            // The hotkey itself does not own itself.
            refused(&old(), &old(), &new(), netuid, Error::NonAssociatedColdKey);
        }
    });
}

#[test]
fn nobody_swaps_into_the_hotkey_of_somebody_else() {
    chain().run(|| {
        SubtensorModule::associate(&account(30), &many(7)).unwrap();
        for netuid in [None, Some(NETUID)] {
            // One that does nothing, the owner hotkey of the subnet, and one that is registered.
            for victim in [many(7), account(2), account(4)] {
                refused(
                    &owner(),
                    &old(),
                    &victim,
                    netuid,
                    Error::NonAssociatedColdKey,
                );
            }
        }
    });
}

#[test]
fn accounts_of_the_chain_are_no_hotkeys() {
    chain().run(|| {
        for account in [
            AccountId::new([0; 32]),
            SubtensorModule::subnet_account(NETUID),
        ] {
            refused(
                &owner(),
                &old(),
                &account,
                None,
                Error::CannotUseSystemAccount,
            );
        }
    });
}

#[test]
fn the_one_subnet_has_to_exist_and_to_have_the_old_hotkey_only() {
    chain().neuron(2, many(6), owner()).run(|| {
        let nowhere = Some(NetUid::new(9));
        refused(&owner(), &old(), &new(), nowhere, Error::SubnetNotExists);
        refused(
            &owner(),
            &old(),
            &many(6),
            Some(NETUID),
            Error::HotKeyAlreadyRegisteredInSubNet,
        );
        refused(
            &owner(),
            &many(6),
            &new(),
            Some(OTHER),
            Error::HotKeyNotRegisteredInSubNet,
        );
        refused(
            &owner(),
            &old(),
            &new(),
            Some(ROOT),
            Error::HotKeyNotRegisteredInSubNet,
        );
        // On all subnets, one is enough.
        refused(
            &owner(),
            &old(),
            &many(6),
            None,
            Error::HotKeyAlreadyRegisteredInSubNet,
        );
    });
}

#[test]
fn a_subnet_that_is_being_cleaned_up_is_not_the_one_subnet() {
    chain().run(|| {
        SubtensorModule::root_dissolve_network(RuntimeOrigin::root(), NETUID).unwrap();
        refused(
            &owner(),
            &old(),
            &new(),
            Some(NETUID),
            Error::SubnetNotExists,
        );
        // All of them include it.
        assert_ok!(swap_all(false));
        assert_eq!(stake(&new(), &staker(), NETUID), 30 * UNIT);
    });
}

#[test]
fn a_new_hotkey_with_root_stake_or_root_dividends_is_refused() {
    chain()
        .neuron(0, old(), owner())
        .stake(0, many(6), owner(), UNIT)
        .run(|| {
            for number in [7, 8] {
                SubtensorModule::associate(&owner(), &many(number)).unwrap();
            }
            for number in [7, 8] {
                give_stake(ROOT, &many(number), &staker(), UNIT);
                pay_root(OTHER, &many(number), UNIT);
                leave_root(&many(number), &staker());
            }
            // As a subnet that is being cleaned up loses them: kept dividends last.
            RootClaimable::<Test>::remove(many(7));
            RootDividendRest::<Test>::remove(OTHER, many(7));
            for number in [6, 7, 8] {
                for netuid in [None, Some(ROOT)] {
                    refused(
                        &owner(),
                        &old(),
                        &many(number),
                        netuid,
                        Error::NewHotKeyNotCleanForRootSwap,
                    );
                }
            }
            // Where root is not touched, it does not matter.
            assert_ok!(SubtensorModule::swap_hotkey(
                signed(&owner()),
                old(),
                many(6),
                Some(NETUID)
            ));
        });
}

#[test]
fn who_cannot_pay_and_stay_alive_does_not_swap() {
    chain().run(|| {
        let least = ExistentialDeposit::get();
        for (netuid, cost) in [(None, UNIT / 10), (Some(NETUID), UNIT / 1_000)] {
            Balances::set_balance(&owner(), cost + least - 1);
            refused(
                &owner(),
                &old(),
                &new(),
                netuid,
                Error::NotEnoughBalanceToPaySwapHotKey,
            );
        }
        Balances::set_balance(&owner(), UNIT / 10 + least);
        assert_ok!(swap_all(false));
        assert_eq!(Balances::free_balance(owner()), least);
    });
}

#[test]
fn a_coldkey_swaps_all_subnets_once_in_a_while() {
    chain().run(|| {
        System::set_block_number(10);
        assert_ok!(swap_all(false));
        // Another hotkey of it does not help, and neither does the new one.
        SubtensorModule::associate(&owner(), &many(5)).unwrap();
        System::set_block_number(1_009);
        for from in [new(), many(5)] {
            refused(
                &owner(),
                &from,
                &many(3),
                None,
                Error::HotKeySetTxRateLimitExceeded,
            );
        }
        System::set_block_number(1_010);
        assert_ok!(SubtensorModule::swap_hotkey(
            signed(&owner()),
            new(),
            many(3),
            None
        ));
        TxRateLimit::<Test>::put(0);
        assert_ok!(SubtensorModule::swap_hotkey(
            signed(&owner()),
            many(3),
            old(),
            None
        ));
    });
}

#[test]
fn a_coldkey_swaps_on_a_subnet_once_in_a_day() {
    chain().run(|| {
        System::set_block_number(10);
        assert_ok!(swap_on(NETUID, false));
        System::set_block_number(7_209);
        refused(
            &owner(),
            &new(),
            &many(3),
            Some(NETUID),
            Error::HotKeySwapOnSubnetIntervalNotPassed,
        );
        // Every subnet has its own day.
        assert_ok!(swap_on(OTHER, false));
        System::set_block_number(7_210);
        assert_ok!(SubtensorModule::swap_hotkey(
            signed(&owner()),
            new(),
            many(3),
            Some(NETUID)
        ));
        let key = RateLimitKey::HotkeySwapOnSubnet(NETUID, owner());
        assert_eq!(LastRateLimitedBlock::<Test>::get(key), 7_210);
    });
}

#[test]
fn a_swap_of_the_coldkey_does_not_shorten_the_pauses() {
    chain().run(|| {
        System::set_block_number(10);
        assert_ok!(swap_on(NETUID, false));
        assert_ok!(SubtensorModule::swap_hotkey(
            signed(&owner()),
            new(),
            many(3),
            None
        ));
        let successor = account(60);
        assert_ok!(swap_coldkey(&owner(), &successor));
        System::set_block_number(1_009);
        refused(
            &successor,
            &many(3),
            &many(4),
            None,
            Error::HotKeySetTxRateLimitExceeded,
        );
        refused(
            &successor,
            &many(3),
            &many(4),
            Some(NETUID),
            Error::HotKeySwapOnSubnetIntervalNotPassed,
        );
    });
}

#[test]
fn an_owner_with_as_many_hotkeys_as_possible_swaps_all_or_nothing() {
    chain().run(|| {
        for number in 1..types::MAX_OWNED_HOTKEYS {
            SubtensorModule::associate(&owner(), &many(100 + number)).unwrap();
        }
        let full = plain(swap_on(NETUID, false));
        assert_eq!(full, Err(Error::<Test>::TooManyOwnedHotkeys.into()));
        // The new one has the place of the old one.
        assert_ok!(swap_all(false));
    });
}
