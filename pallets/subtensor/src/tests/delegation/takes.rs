//! Takes of delegates: bounds, the pause before a rise, and what the validity stage says.

use frame_support::{assert_noop, assert_ok, dispatch::GetDispatchInfo, dispatch::Pays};
use proptest::prelude::*;
use sp_runtime::traits::Dispatchable;

use super::*;
use crate::{
    Call, Delegates, Error, Event, MaxDelegateTake, MinDelegateTake, TxDelegateTakeRateLimit,
    extension::Refusal,
    mock::{RuntimeCall, events},
    types::LEAST_FALL,
};

const DEFAULT: u16 = 11_796;

fn raise(take: u16) -> DispatchResult {
    SubtensorModule::increase_take(signed(&account(21)), account(11), take)
}

fn lower(take: u16) -> DispatchResult {
    SubtensorModule::decrease_take(signed(&account(21)), account(11), take)
}

fn take() -> u16 {
    Delegates::<Test>::get(account(11))
}

#[test]
fn a_take_falls_at_any_time_and_makes_a_delegate() {
    run(|| {
        assert!(!Delegates::<Test>::contains_key(account(11)));
        assert_ok!(lower(5_000));
        assert_eq!(Delegates::<Test>::try_get(account(11)), Ok(5_000));
        assert_ok!(lower(0));
        assert_eq!(take(), 0);
        assert_eq!(
            events(),
            [
                Event::TakeDecreased(account(21), account(11), 5_000),
                Event::TakeDecreased(account(21), account(11), 0),
            ]
        );
    });
}

#[test]
fn a_take_rises_once_in_thirty_days() {
    run(|| {
        Delegates::<Test>::insert(account(11), 0);
        assert_ok!(raise(100));
        assert_eq!(
            events(),
            [Event::TakeIncreased(account(21), account(11), 100)]
        );
        System::set_block_number(216_000);
        assert_noop!(raise(200), Error::<Test>::DelegateTxRateLimitExceeded);
        System::set_block_number(216_001);
        assert_ok!(raise(200));
        // The limit is a setting.
        TxDelegateTakeRateLimit::<Test>::put(0);
        assert_ok!(raise(300));
        assert_eq!(take(), 300);
    });
}

#[test]
fn a_fall_delays_the_next_rise() {
    run(|| {
        assert_ok!(lower(100));
        assert_noop!(raise(200), Error::<Test>::DelegateTxRateLimitExceeded);
        System::set_block_number(216_001);
        assert_ok!(raise(200));
    });
}

#[test]
fn a_rise_has_to_raise_and_a_fall_to_lower() {
    run(|| {
        for same_or_less in [DEFAULT, DEFAULT - 1, 0] {
            assert_noop!(raise(same_or_less), Error::<Test>::DelegateTakeTooLow);
        }
        for same_or_more in [DEFAULT, DEFAULT + 1, u16::MAX] {
            assert_noop!(lower(same_or_more), Error::<Test>::DelegateTakeTooLow);
        }
        for too_much in [DEFAULT + 1, u16::MAX] {
            assert_noop!(raise(too_much), Error::<Test>::DelegateTakeTooHigh);
        }
        MinDelegateTake::<Test>::put(500);
        assert_noop!(lower(499), Error::<Test>::DelegateTakeTooLow);
        assert_ok!(lower(500));
        // Below the least one a rise has to reach it.
        Delegates::<Test>::insert(account(11), 10);
        TxDelegateTakeRateLimit::<Test>::put(0);
        assert_noop!(raise(499), Error::<Test>::DelegateTakeTooLow);
        assert_ok!(raise(500));
        MaxDelegateTake::<Test>::put(600);
        assert_noop!(raise(601), Error::<Test>::DelegateTakeTooHigh);
        assert_ok!(raise(600));
    });
}

#[test]
fn falls_that_carry_no_fee_are_no_dust() {
    run(|| {
        assert_noop!(
            lower(DEFAULT - LEAST_FALL + 1),
            Error::<Test>::DelegateTakeTooLow
        );
        // As many as there can be between two rises.
        let mut falls = 0;
        while take() > 0 {
            let next = take().saturating_sub(LEAST_FALL);
            assert_ok!(lower(next));
            falls += 1;
        }
        assert_eq!(falls, 182);
        // The last step may be as small as it is.
        Delegates::<Test>::insert(account(11), 1);
        assert_ok!(lower(0));
        assert_noop!(lower(0), Error::<Test>::DelegateTakeTooLow);
    });
}

#[test]
fn only_the_owner_sets_a_take() {
    run(|| {
        for stranger in [22, 11] {
            let signer = signed(&account(stranger));
            assert_noop!(
                SubtensorModule::decrease_take(signer.clone(), account(11), 0),
                Error::<Test>::NonAssociatedColdKey
            );
            assert_noop!(
                SubtensorModule::increase_take(signer, account(11), 1),
                Error::<Test>::NonAssociatedColdKey
            );
        }
        let signer = signed(&account(21));
        assert_noop!(
            SubtensorModule::decrease_take(signer.clone(), account(99), 0),
            Error::<Test>::HotKeyAccountNotExists
        );
        assert_noop!(
            SubtensorModule::increase_take(signer, account(99), 1),
            Error::<Test>::HotKeyAccountNotExists
        );
    });
}

#[test]
fn refusals_have_the_numbers_that_clients_know() {
    let number = |error: Error<Test>| Refusal::of::<Test>(error.into()).map(|code| code as u8);
    run(|| {
        assert_eq!(number(Error::HotKeyAccountNotExists), Some(4));
        assert_eq!(number(Error::DelegateTxRateLimitExceeded), Some(6));
        assert_eq!(number(Error::NonAssociatedColdKey), Some(25));
        assert_eq!(number(Error::DelegateTakeTooLow), Some(26));
        assert_eq!(number(Error::DelegateTakeTooHigh), Some(27));
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// The calls are free, so what the validity stage foresees has to be what running them gives.
    #[test]
    fn what_is_foreseen_is_what_happens(
        steps in prop::collection::vec(
            (0..3_u8, 10..13_u8, any::<bool>(), prop_oneof![0..12_000_u16, any::<u16>()], 0..20_u64),
            1..12,
        ),
        least in 0..200_u16,
        pause in 0..30_u64,
    ) {
        run(|| {
            MinDelegateTake::<Test>::put(least);
            TxDelegateTakeRateLimit::<Test>::put(pause);
            for (stranger, key, is_rise, take, blocks) in steps {
                System::set_block_number(System::block_number() + blocks);
                let hotkey = account(key);
                let signer = account(key + 10 - stranger / 2);
                let call: Call<Test> = if is_rise {
                    Call::increase_take { hotkey, take }
                } else {
                    Call::decrease_take { hotkey, take }
                };
                assert_eq!(call.get_dispatch_info().pays_fee, Pays::No);
                let foreseen = SubtensorModule::foresee(&signer, &call);
                let result = RuntimeCall::from(call).dispatch(signed(&signer));
                let result = result.map(|_| ()).map_err(|failed| failed.error);
                assert_eq!(foreseen, Some(result));
            }
        });
    }
}
