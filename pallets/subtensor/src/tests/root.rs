//! Seats of the root network (section 11 of the economics).

use dendra_primitives::{NetUid, TaoBalance};
use frame_support::{assert_noop, assert_ok, traits::fungible::Inspect};
use sp_runtime::{DispatchError, DispatchResult};

use crate::{mock::*, *};

const ROOT: NetUid = NetUid::ROOT;

/// Coldkeys 1 to 99 own the hotkeys with their number plus 100; as many may take seats in one block as like.
fn chain(test: impl FnOnce()) {
    ExtBuilder::new().run(|| {
        for number in 1..100 {
            SubtensorModule::associate(&account(number), &account(100 + number)).unwrap();
        }
        MaxRegistrationsPerBlock::<Test>::insert(ROOT, 1_000);
        TargetRegistrationsPerInterval::<Test>::insert(ROOT, 1_000);
        System::reset_events();
        test();
    });
}

/// Coldkey `number` registers its hotkey.
fn register(number: u8) -> DispatchResult {
    SubtensorModule::root_register(signed(&account(number)), account(100 + number))
}

/// Stakes thousands of rao.
fn stake(number: u8, amount: u64) {
    give_stake(ROOT, &account(100 + number), &account(50), amount * 1_000);
}

fn seat(number: u8) -> Option<u16> {
    Uids::<Test>::get(ROOT, account(100 + number))
}

#[test]
fn a_free_seat_costs_nothing_and_makes_a_delegate() {
    chain(|| {
        for (number, uid) in [(1, 0), (2, 1)] {
            assert_ok!(register(number));
            assert_eq!(seat(number), Some(uid));
            assert!(Delegates::<Test>::contains_key(account(100 + number)));
            assert_eq!(Delegates::<Test>::get(account(100 + number)), 11_796);
            assert_eq!(Balances::total_balance(&account(number)), RICH);
        }
        assert_eq!(SubnetworkN::<Test>::get(ROOT), 2);
        assert_eq!(SubnetTAO::<Test>::get(ROOT), TaoBalance::ZERO);
        let expected = [
            Event::NeuronRegistered(ROOT, 0, account(101)),
            Event::DelegateAdded(account(1), account(101), 11_796),
            Event::NeuronRegistered(ROOT, 1, account(102)),
            Event::DelegateAdded(account(2), account(102), 11_796),
        ];
        assert_eq!(events(), expected);
    });
}

#[test]
fn a_delegate_keeps_its_take() {
    chain(|| {
        Delegates::<Test>::insert(account(101), 5);
        assert_ok!(register(1));
        assert_eq!(Delegates::<Test>::get(account(101)), 5);
        assert_eq!(events(), [Event::NeuronRegistered(ROOT, 0, account(101))]);
    });
}

#[test]
fn there_are_64_seats_and_the_65th_needs_more_stake() {
    chain(|| {
        for number in 1..=64 {
            assert_ok!(register(number));
        }
        assert_noop!(register(65), Error::<Test>::StakeTooLowForRoot);
        stake(65, 1);
        assert_ok!(register(65));
        assert_eq!(SubnetworkN::<Test>::get(ROOT), 64);
        // All of the members had the same stake: none.
        assert_eq!((seat(65), seat(1)), (Some(0), None));
    });
}

#[test]
fn the_member_with_the_least_stake_goes_if_the_newcomer_has_more() {
    chain(|| {
        MaxAllowedUids::<Test>::insert(ROOT, 3);
        for (number, amount) in [(1, 9), (2, 5), (3, 7), (4, 5)] {
            stake(number, amount);
        }
        for number in 1..=3 {
            assert_ok!(register(number));
        }
        assert_noop!(register(4), Error::<Test>::StakeTooLowForRoot);
        stake(4, 1);
        System::reset_events();
        assert_ok!(register(4));
        assert_eq!((seat(2), seat(4)), (None, Some(1)));
        let removed = Event::NeuronRemoved {
            netuid: ROOT,
            uid: 1,
            hotkey: account(102),
        };
        assert_eq!(
            events()[..2],
            [removed, Event::NeuronRegistered(ROOT, 1, account(104))]
        );
        // What it has stays its own.
        assert!(Delegates::<Test>::contains_key(account(102)));
        assert_eq!(
            SubtensorModule::own_stake(&account(102), ROOT).tao.get(),
            5_000
        );
        assert!(!IsNetworkMember::<Test>::get(account(102), ROOT));
    });
}

#[test]
fn one_registers_per_block() {
    chain(|| {
        MaxRegistrationsPerBlock::<Test>::remove(ROOT);
        assert_ok!(register(1));
        assert_noop!(register(2), Error::<Test>::TooManyRegistrationsThisBlock);
        run_to_block(2);
        assert_ok!(register(2));
    });
}

#[test]
fn three_times_the_target_register_in_an_interval() {
    chain(|| {
        TargetRegistrationsPerInterval::<Test>::remove(ROOT);
        System::set_block_number(1_000);
        for number in 1..=6 {
            assert_ok!(register(number));
        }
        assert_eq!(RegistrationsThisInterval::<Test>::get(ROOT), 6);
        for block in [1_000, 1_099] {
            System::set_block_number(block);
            assert_noop!(register(7), Error::<Test>::TooManyRegistrationsThisInterval);
        }
        System::set_block_number(1_100);
        assert_ok!(register(7));
        assert_eq!(RegistrationsThisInterval::<Test>::get(ROOT), 1);
        assert_eq!(LastAdjustmentBlock::<Test>::get(ROOT), 1_100);
    });
}

#[test]
fn a_refused_registration_does_not_count() {
    chain(|| {
        assert_noop!(
            SubtensorModule::root_register(signed(&account(1)), account(102)),
            Error::<Test>::NonAssociatedColdKey
        );
        assert_eq!(RegistrationsThisBlock::<Test>::get(ROOT), 0);
    });
}

#[test]
fn a_member_does_not_register_again() {
    chain(|| {
        assert_ok!(register(1));
        assert_noop!(register(1), Error::<Test>::HotKeyAlreadyRegisteredInSubNet);
    });
}

#[test]
fn a_hotkey_without_an_owner_becomes_the_signers_own() {
    chain(|| {
        assert_ok!(SubtensorModule::root_register(signed(&account(1)), many(1)));
        assert_eq!(crate::Owner::<Test>::get(many(1)), account(1));
        assert_eq!(crate::Uids::<Test>::get(NetUid::ROOT, many(1)), Some(0));
    });
}

#[test]
fn a_closed_root_network_takes_nobody() {
    chain(|| {
        NetworkRegistrationAllowed::<Test>::insert(ROOT, false);
        assert_noop!(register(1), Error::<Test>::SubNetRegistrationDisabled);
    });
}

#[test]
fn a_chain_without_root_has_no_seats() {
    ExtBuilder::new().bare().run(|| {
        assert_noop!(register(1), Error::<Test>::RootNetworkDoesNotExist);
    });
}

#[test]
fn only_a_signed_origin_registers() {
    chain(|| {
        for origin in [RuntimeOrigin::root(), RuntimeOrigin::none()] {
            assert_noop!(
                SubtensorModule::root_register(origin, account(101)),
                DispatchError::BadOrigin
            );
        }
    });
}
