//! The call, and what the core pallet sees.

use dendra_primitives::NetUid;
use frame_support::{
    assert_noop, assert_ok,
    traits::{Get, StorageInfoTrait},
};
use pallet_subtensor::PoolSettings;
use sp_runtime::DispatchError;
use weighted_pool::{FeeRate as Rate, Weights};

use crate::{Error, Event, FeeRate, PoolWeights, WeightInfo, mock::*, pallet};

fn set(netuid: NetUid, rate: u16) -> Result<(), DispatchError> {
    Swap::set_fee_rate(RuntimeOrigin::root(), netuid, rate)
}

#[test]
fn only_root_sets_the_fee() {
    run(|| {
        for origin in [RuntimeOrigin::signed(1), RuntimeOrigin::none()] {
            assert_noop!(
                Swap::set_fee_rate(origin, FIRST, 100),
                DispatchError::BadOrigin
            );
        }
        assert_eq!(Swap::fee_rate(FIRST), Rate::DEFAULT);
    });
}

#[test]
fn a_subnet_that_does_not_exist_has_no_fee() {
    run(|| {
        for netuid in [0, 3, u16::MAX] {
            assert_noop!(
                set(NetUid::new(netuid), 100),
                Error::<Test>::SubnetNotExists
            );
        }
    });
}

#[test]
fn a_fee_above_the_highest_is_refused() {
    run(|| {
        for rate in [10_001, u16::MAX] {
            assert_noop!(set(FIRST, rate), Error::<Test>::FeeRateTooHigh);
        }
        assert_ok!(set(FIRST, 10_000));
    });
}

#[test]
fn the_fee_of_one_subnet_changes_and_is_announced() {
    run(|| {
        assert_ok!(set(FIRST, 100));
        assert_eq!(FeeRate::<Test>::get(FIRST), 100);
        assert_eq!(Swap::fee_rate(FIRST).parts(), 100);
        assert_eq!(Swap::fee_rate(SECOND).parts(), 33);
        System::assert_last_event(
            Event::FeeRateSet {
                netuid: FIRST,
                rate: 100,
            }
            .into(),
        );
        assert_ok!(set(FIRST, 0));
        assert_eq!(Swap::fee_rate(FIRST), Rate::ZERO);
        assert!(FeeRate::<Test>::contains_key(FIRST));
    });
}

#[test]
fn a_new_pool_has_the_usual_fee_and_equal_weights() {
    run(|| {
        assert_eq!(FeeRate::<Test>::get(FIRST), 33);
        assert_eq!(PoolWeights::<Test>::get(FIRST), 500_000_000_000_000_000);
        assert_eq!(Swap::fee_rate(FIRST), Rate::DEFAULT);
        assert_eq!(Swap::weights(FIRST), Weights::EQUAL);
        assert_eq!(<pallet::DefaultFeeRate as Get<u16>>::get(), 33);
    });
}

#[test]
fn weights_are_those_that_were_set() {
    run(|| {
        for percent in [1, 60, 99] {
            let weights = Weights::from_tao(Weights::SCALE / 100 * percent).unwrap();
            Swap::set_weights(FIRST, weights);
            assert_eq!(Swap::weights(FIRST), weights);
            assert_eq!(PoolWeights::<Test>::get(FIRST), weights.tao());
            assert_eq!(Swap::weights(SECOND), Weights::EQUAL);
        }
    });
}

#[test]
fn a_dissolved_subnet_leaves_nothing() {
    run(|| {
        for netuid in [FIRST, SECOND] {
            assert_ok!(set(netuid, 7));
            Swap::set_weights(netuid, Weights::from_tao(Weights::MIN).unwrap());
        }
        Swap::remove(FIRST);
        assert!(!FeeRate::<Test>::contains_key(FIRST));
        assert!(!PoolWeights::<Test>::contains_key(FIRST));
        assert_eq!(Swap::fee_rate(FIRST), Rate::DEFAULT);
        assert_eq!(Swap::weights(FIRST), Weights::EQUAL);
        assert_eq!(Swap::fee_rate(SECOND).parts(), 7);
        assert_eq!(Swap::weights(SECOND).tao(), Weights::MIN);
        // No other item exists that could be left.
        assert_eq!(Swap::storage_info().len(), 2);
    });
}

#[test]
fn settings_that_no_pool_may_have_are_noticed_and_not_used() {
    new_test_ext().execute_with(|| {
        FeeRate::<Test>::insert(FIRST, 10_001);
        assert!(Swap::do_try_state().is_err());
        assert_eq!(Swap::fee_rate(FIRST), Rate::DEFAULT);
        FeeRate::<Test>::remove(FIRST);
        assert!(Swap::do_try_state().is_ok());
        PoolWeights::<Test>::insert(FIRST, Weights::MIN - 1);
        assert!(Swap::do_try_state().is_err());
        assert_eq!(Swap::weights(FIRST), Weights::EQUAL);
    });
}

#[test]
fn the_call_costs_what_the_runtime_says() {
    use frame_support::dispatch::GetDispatchInfo;
    let call = pallet::Call::<Test>::set_fee_rate {
        netuid: FIRST,
        rate: 1,
    };
    assert_eq!(
        call.get_dispatch_info().call_weight,
        <() as WeightInfo>::set_fee_rate()
    );
}
