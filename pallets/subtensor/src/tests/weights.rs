//! Setting weights in the open (section 10.1 of the consensus).

mod batches;
mod order;

use codec::Compact;
use dendra_primitives::{MechId, NetUid};
use frame_support::{assert_noop, assert_ok, storage::with_storage_layer};
use sp_runtime::{DispatchError, DispatchResult};

use super::validators::{
    INDEX, SUBNET, coldkey, epoch, hotkey, index, row, set, set_on, subnet_of,
};
use crate::{
    AccountId, CommitRevealWeightsEnabled, Error, Event, LastUpdate, MaxAllowedUids,
    MaxWeightsLimit, MinAllowedWeights, StakeThreshold, SubnetOwnerHotkey, ValidatorPermit,
    WeightsSetRateLimit, WeightsVersionKey,
    mock::{
        ExtBuilder, RuntimeOrigin, SubtensorModule, System, Test, account, events, run_to_block,
        signed,
    },
};

/// A validator at uid 1 with permit, miners at 2 and 3, an owner without stake at 0.
fn chain() -> ExtBuilder {
    subnet_of(&[0, 1_000, 0, 0, 0])
}

fn with_permits(test: impl FnOnce()) {
    chain().run(|| {
        epoch();
        assert_eq!(
            ValidatorPermit::<Test>::get(SUBNET).into_inner(),
            [true, true, false, false, false]
        );
        System::reset_events();
        test();
    });
}

#[test]
fn a_refused_row_changes_nothing() {
    with_permits(|| {
        assert_noop!(
            set(1, &[2, 77], &[1, 1]),
            Error::<Test>::UidVecContainInvalidOne
        );
        assert_eq!(row(0, 1), []);
    });
}

#[test]
fn only_a_signature_sets_weights() {
    with_permits(|| {
        for origin in [RuntimeOrigin::root(), RuntimeOrigin::none()] {
            let set = SubtensorModule::set_weights(origin, SUBNET, vec![2], vec![1], 0);
            assert_eq!(set, Err(DispatchError::BadOrigin));
        }
    });
}

#[test]
fn a_row_is_stored_in_the_order_sent_with_its_maximum_raised() {
    with_permits(|| {
        run_to_block(9);
        assert_ok!(set(1, &[4, 2, 3], &[21_845, 0, 43_690]));
        // 21845·65535/43690 is 32767.5 and rounds up.
        assert_eq!(row(0, 1), [(4, 32_768), (2, 0), (3, 65_535)]);
        assert_eq!(LastUpdate::<Test>::get(INDEX).into_inner(), [1, 9, 1, 1, 1]);
        assert_eq!(events(), [Event::WeightsSet(INDEX, 1)]);
    });
}

#[test]
fn a_row_replaces_the_one_before() {
    with_permits(|| {
        assert_ok!(set(1, &[2, 3, 4], &[1, 2, 3]));
        assert_ok!(set(1, &[2], &[7]));
        assert_eq!(row(0, 1), [(2, 65_535)]);
    });
}

#[test]
fn a_row_of_zeros_stays() {
    with_permits(|| {
        assert_ok!(set(1, &[2, 3], &[0, 0]));
        assert_eq!(row(0, 1), [(2, 0), (3, 0)]);
    });
}

#[test]
fn a_neuron_without_permit_may_weigh_itself_alone() {
    with_permits(|| {
        MinAllowedWeights::<Test>::insert(SUBNET, 4);
        MaxWeightsLimit::<Test>::insert(SUBNET, 10);
        assert_ok!(set(2, &[2], &[9]));
        assert_eq!(row(0, 2), [(2, 65_535)]);
        assert_noop!(set(2, &[3], &[9]), Error::<Test>::NeuronNoValidatorPermit);
        assert_noop!(
            set(2, &[2, 3], &[9, 1]),
            Error::<Test>::NeuronNoValidatorPermit
        );
        assert_noop!(set(2, &[], &[]), Error::<Test>::NeuronNoValidatorPermit);
    });
}

#[test]
fn the_owner_needs_no_permit_and_no_stake() {
    with_permits(|| {
        ValidatorPermit::<Test>::mutate(SUBNET, |column| column[0] = false);
        StakeThreshold::<Test>::put(1_000_000);
        assert_ok!(set(0, &[2, 3], &[1, 1]));
        // The rest binds the owner too.
        MinAllowedWeights::<Test>::insert(SUBNET, 3);
        assert_noop!(
            set(0, &[2, 3], &[1, 1]),
            Error::<Test>::WeightVecLengthIsLow
        );
        // The exemption is the owner hotkey's, not that of uid 0.
        SubnetOwnerHotkey::<Test>::insert(SUBNET, hotkey(4));
        assert_ok!(set(4, &[1, 2, 3], &[1, 1, 1]));
        assert_noop!(
            set(0, &[1, 2, 3], &[1, 1, 1]),
            Error::<Test>::NotEnoughStakeToSetWeights
        );
    });
}

#[test]
fn the_threshold_is_reached_by_equality() {
    with_permits(|| {
        StakeThreshold::<Test>::put(1_000);
        assert_ok!(set(1, &[2], &[1]));
        StakeThreshold::<Test>::put(1_001);
        assert_noop!(
            set(1, &[2], &[1]),
            Error::<Test>::NotEnoughStakeToSetWeights
        );
        // A self-weight is no exception.
        assert_noop!(
            set(1, &[1], &[1]),
            Error::<Test>::NotEnoughStakeToSetWeights
        );
    });
}

#[test]
fn stake_on_root_counts_by_its_weight() {
    // The weight is 971718665099567868/(2^64−1), about 0.05268: 18984 rao weigh 1000.02, one less 999.97.
    let root = |stake| subnet_of(&[0, 0]).stake(0, hotkey(1), coldkey(1), stake);
    root(18_984).run(|| {
        StakeThreshold::<Test>::put(1_000);
        assert_ok!(set(1, &[1], &[1]));
    });
    root(18_983).run(|| {
        StakeThreshold::<Test>::put(1_000);
        assert_noop!(
            set(1, &[1], &[1]),
            Error::<Test>::NotEnoughStakeToSetWeights
        );
    });
}

#[test]
fn a_version_of_zero_asks_for_none() {
    with_permits(|| {
        let version =
            |key| SubtensorModule::set_weights(signed(&hotkey(1)), SUBNET, vec![2], vec![1], key);
        assert_ok!(version(0));
        WeightsVersionKey::<Test>::insert(SUBNET, 7);
        assert_ok!(version(7));
        assert_ok!(version(u64::MAX));
        assert_noop!(version(6), Error::<Test>::IncorrectWeightVersionKey);
    });
}

#[test]
fn weights_wait_for_the_rate_limit() {
    with_permits(|| {
        WeightsSetRateLimit::<Test>::insert(SUBNET, 10);
        run_to_block(11);
        assert_ok!(set(1, &[2], &[1]));
        run_to_block(20);
        assert_noop!(set(1, &[2], &[1]), Error::<Test>::SettingWeightsTooFast);
        run_to_block(21);
        assert_ok!(set(1, &[2], &[1]));
        // Others do not wait for it.
        assert_ok!(set(0, &[2], &[1]));
    });
}

#[test]
fn a_registration_counts_as_an_update() {
    with_permits(|| {
        WeightsSetRateLimit::<Test>::insert(SUBNET, 10);
        run_to_block(10);
        assert_noop!(set(2, &[2], &[1]), Error::<Test>::SettingWeightsTooFast);
        run_to_block(11);
        assert_ok!(set(2, &[2], &[1]));
    });
}

#[test]
fn who_never_updated_does_not_wait() {
    with_permits(|| {
        WeightsSetRateLimit::<Test>::insert(SUBNET, u64::MAX);
        LastUpdate::<Test>::mutate(INDEX, |column| column[1] = 0);
        assert_ok!(set(1, &[2], &[1]));
        assert_noop!(set(1, &[2], &[1]), Error::<Test>::SettingWeightsTooFast);
    });
}

#[test]
fn mechanisms_have_separate_rows_and_rate_limits() {
    with_permits(|| {
        MaxAllowedUids::<Test>::insert(SUBNET, 64);
        assert_ok!(SubtensorModule::change_mechanism_count(
            SUBNET,
            MechId::new(2)
        ));
        WeightsSetRateLimit::<Test>::insert(SUBNET, 10);
        run_to_block(20);
        assert_ok!(set_on(0, 1, &[2], &[1]));
        run_to_block(22);
        assert_ok!(set_on(1, 1, &[3], &[1]));
        run_to_block(30);
        assert_ok!(set_on(0, 1, &[4], &[1]));
        assert_noop!(
            set_on(1, 1, &[4], &[1]),
            Error::<Test>::SettingWeightsTooFast
        );
        assert_eq!(row(0, 1), [(4, 65_535)]);
        assert_eq!(row(1, 1), [(3, 65_535)]);
        assert_eq!(LastUpdate::<Test>::get(index(0))[1], 30);
        assert_eq!(LastUpdate::<Test>::get(index(1))[1], 22);
        assert_noop!(
            set_on(2, 1, &[4], &[1]),
            Error::<Test>::MechanismDoesNotExist
        );
        assert_noop!(
            set_on(16, 1, &[4], &[1]),
            Error::<Test>::MechanismDoesNotExist
        );
    });
}

#[test]
fn no_more_weights_are_needed_than_there_are_neurons() {
    with_permits(|| {
        MinAllowedWeights::<Test>::insert(SUBNET, 1_024);
        assert_noop!(
            set(1, &[0, 1, 2, 3], &[1; 4]),
            Error::<Test>::WeightVecLengthIsLow
        );
        assert_ok!(set(1, &[0, 1, 2, 3, 4], &[1; 5]));
    });
}

#[test]
fn a_weight_may_be_exactly_the_greatest_part() {
    with_permits(|| {
        // Vectors of section 11.8.
        MaxWeightsLimit::<Test>::insert(SUBNET, 32_768);
        assert_ok!(set(1, &[2, 3, 4], &[0, 65_535, 65_535]));
        MaxWeightsLimit::<Test>::insert(SUBNET, 32_767);
        assert_noop!(
            set(1, &[2, 3, 4], &[0, 65_535, 65_535]),
            Error::<Test>::MaxWeightExceeded
        );
    });
}

#[test]
fn a_subnet_that_does_not_exist_takes_no_weights() {
    with_permits(|| {
        for netuid in [NetUid::new(3), NetUid::new(4_096), NetUid::new(u16::MAX)] {
            CommitRevealWeightsEnabled::<Test>::insert(netuid, false);
            let set = SubtensorModule::set_weights(signed(&hotkey(1)), netuid, vec![2], vec![1], 0);
            assert_noop!(set, Error::<Test>::SubnetNotExists);
        }
    });
}
