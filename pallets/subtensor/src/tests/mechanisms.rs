//! Several mechanisms of one subnet (section 9 of the consensus).

use dendra_primitives::MechId;
use frame_support::{BoundedVec, assert_noop, assert_ok};

use super::validators::{
    SUBNET, coldkey, epoch, hotkey, incentive, index, row, set_on, stake, subnet_of, units,
};
use crate::{
    Bonds, CommitRevealWeightsEnabled, Consensus, Dividends, Emission, Error, Event, Incentive,
    LastUpdate, MaxAllowedUids, MaxMechanismCount, MechanismCountCurrent, MechanismEmissionSplit,
    StakeWeight, ValidatorPermit, ValidatorTrust, WeightCommits, Weights, WeightsFrom,
    mock::{SubtensorModule, Test, events, give_pending, run_to_block, signed},
};

/// What an epoch of these tests divides. An odd amount leaves a remainder.
const DIVIDED: u64 = 1_000_000_001;

/// Validators 1 and 2 with equal stake and permits, miners 3 and 4, and two mechanisms.
fn chain(test: impl FnOnce()) {
    subnet_of(&[0, 1_000, 1_000, 0, 0]).run(|| {
        MaxAllowedUids::<Test>::insert(SUBNET, 64);
        assert_ok!(change_count(2));
        epoch();
        test();
    });
}

fn change_count(count: u8) -> sp_runtime::DispatchResult {
    SubtensorModule::change_mechanism_count(SUBNET, MechId::new(count))
}

/// Splits the emission as an owner does.
fn split(shares: [u16; 2]) {
    let shares = BoundedVec::truncate_from(shares.to_vec());
    MechanismEmissionSplit::<Test>::insert(SUBNET, shares);
}

/// On mechanism 0 all is for miner 3, on mechanism 1 for miner 4.
fn set_all() {
    for uid in [1, 2] {
        assert_ok!(set_on(0, uid, &[3], &[1]));
        assert_ok!(set_on(1, uid, &[4], &[1]));
    }
}

fn run_epoch() {
    give_pending(SUBNET, DIVIDED / 2, DIVIDED - DIVIDED / 2);
    epoch();
}

/// `⌊Σ ω·value⌋` with `ω = E_m/E` truncated to 64 fractional bits.
fn weighted(terms: &[(u64, u64)]) -> u64 {
    let sum: u128 = terms
        .iter()
        .map(|(part, value)| ((u128::from(*part) << 64) / u128::from(DIVIDED)) * u128::from(*value))
        .sum();
    (sum >> 64) as u64
}

/// Checks the results of an epoch whose mechanisms divided these parts.
fn assert_divided(parts: [u64; 2]) {
    let [first, second] = parts;
    assert_eq!(first + second, DIVIDED);
    // Incentive stays with the mechanism.
    assert_eq!(incentive(0), [0, 0, 0, 65_535, 0]);
    assert_eq!(incentive(1), [0, 0, 0, 0, 65_535]);
    for mechanism in 0..2 {
        for uid in [1, 2] {
            let target = 3 + u16::from(mechanism);
            let bonds = Bonds::<Test>::get(index(mechanism), uid).into_inner();
            assert_eq!(bonds, [(target, 6_553)]);
        }
    }
    let both = |value| weighted(&[(first, value), (second, value)]) as u16;
    let one = |part| weighted(&[(part, 65_535)]) as u16;
    assert_eq!(
        Consensus::<Test>::get(SUBNET).into_inner(),
        [0, 0, 0, one(first), one(second)]
    );
    assert_eq!(
        Dividends::<Test>::get(SUBNET).into_inner(),
        [0, both(32_767), both(32_767), 0, 0]
    );
    assert_eq!(
        StakeWeight::<Test>::get(SUBNET).into_inner(),
        [0, both(32_767), both(32_767), 0, 0]
    );
    assert_eq!(
        ValidatorTrust::<Test>::get(SUBNET).into_inner(),
        [0, both(65_535), both(65_535), 0, 0]
    );
    // Half of each part is for its miner, a quarter for each validator.
    let validator = weighted(&[(first, first / 4), (second, second / 4)]);
    assert_eq!(
        units(Emission::<Test>::get(SUBNET)),
        [
            0,
            validator,
            validator,
            weighted(&[(first, first / 2)]),
            weighted(&[(second, second / 2)]),
        ]
    );
    // What is paid are the amounts themselves.
    assert_eq!(stake(&hotkey(3), &coldkey(3)), first / 2);
    assert_eq!(stake(&hotkey(4), &coldkey(4)), second / 2);
    let amounts = events().into_iter().find_map(|event| match event {
        Event::IncentiveAlphaEmittedToMiners { emissions, .. } => {
            Some(units(emissions)).filter(|amounts| amounts.iter().any(|amount| *amount > 0))
        }
        _ => None,
    });
    assert_eq!(amounts, Some(vec![0, 0, 0, first / 2, second / 2]));
}

#[test]
fn an_even_split_leaves_its_remainder_to_the_first_mechanism() {
    chain(|| {
        set_all();
        run_epoch();
        assert_divided([500_000_001, 500_000_000]);
    });
}

#[test]
fn a_split_of_the_owner_decides_who_divides_what() {
    chain(|| {
        split([16_384, 49_151]);
        set_all();
        run_epoch();
        // ⌊1000000001·49151/65535⌋ is 749996185.
        assert_divided([DIVIDED - 749_996_185, 749_996_185]);
    });
}

#[test]
fn a_mechanism_without_part_still_has_results() {
    chain(|| {
        split([65_535, 0]);
        set_all();
        run_epoch();
        assert_divided([DIVIDED, 0]);
    });
}

#[test]
fn an_epoch_that_divides_nothing_shows_the_first_mechanism() {
    chain(|| {
        set_all();
        epoch();
        assert_eq!(
            Consensus::<Test>::get(SUBNET).into_inner(),
            [0, 0, 0, 65_535, 0]
        );
        assert_eq!(incentive(1), [0, 0, 0, 0, 65_535]);
        assert_eq!(
            ValidatorPermit::<Test>::get(SUBNET).into_inner(),
            [true, true, true, false, false]
        );
    });
}

#[test]
fn activity_in_one_mechanism_is_activity() {
    chain(|| {
        // The cutoff of tempo 360 is 5000 blocks; in block 5001 what registered in block 1 is active.
        frame_system::Pallet::<Test>::set_block_number(5_000);
        assert_ok!(set_on(1, 1, &[4], &[1]));
        super::validators::epoch_in(5_003);
        assert_eq!(
            crate::Active::<Test>::get(SUBNET).into_inner(),
            [false, true, false, false, false]
        );
    });
}

#[test]
fn a_removed_mechanism_leaves_nothing_behind() {
    chain(|| {
        set_all();
        run_epoch();
        CommitRevealWeightsEnabled::<Test>::insert(SUBNET, true);
        for mechanism in 0..2 {
            assert_ok!(SubtensorModule::commit_mechanism_weights(
                signed(&hotkey(1)),
                SUBNET,
                MechId::new(mechanism),
                sp_core::H256::zero()
            ));
        }
        split([1, 65_534]);
        let before = (row(0, 1), incentive(0));
        assert_ok!(change_count(1));
        let gone = index(1);
        assert_eq!(Weights::<Test>::iter_prefix(gone).count(), 0);
        assert_eq!(Bonds::<Test>::iter_prefix(gone).count(), 0);
        assert_eq!(WeightCommits::<Test>::iter_prefix(gone).count(), 0);
        assert!(!LastUpdate::<Test>::contains_key(gone));
        assert!(!WeightsFrom::<Test>::contains_key(gone));
        assert!(!Incentive::<Test>::contains_key(gone));
        assert!(!MechanismEmissionSplit::<Test>::contains_key(SUBNET));
        assert_eq!((row(0, 1), incentive(0)), before);
        assert!(WeightCommits::<Test>::contains_key(index(0), hotkey(1)));
        // What comes back is empty.
        run_to_block(10);
        assert_ok!(change_count(2));
        assert_eq!(row(1, 1), []);
        assert_eq!(incentive(1), [0; 5]);
        assert_eq!(LastUpdate::<Test>::get(gone).into_inner(), [10; 5]);
    });
}

#[test]
fn the_number_of_mechanisms_has_bounds() {
    chain(|| {
        assert_noop!(change_count(0), Error::<Test>::InvalidValue);
        assert_noop!(change_count(3), Error::<Test>::InvalidValue);
        MaxMechanismCount::<Test>::put(16);
        assert_ok!(change_count(4));
        assert_noop!(change_count(5), Error::<Test>::TooManyUIDsPerMechanism);
        MaxAllowedUids::<Test>::insert(SUBNET, 51);
        assert_ok!(change_count(5));
        assert_eq!(MechanismCountCurrent::<Test>::get(SUBNET), MechId::new(5));
        // Going down is always possible.
        MaxAllowedUids::<Test>::insert(SUBNET, 256);
        assert_ok!(change_count(2));
    });
}

#[test]
fn a_new_neuron_begins_on_every_mechanism() {
    chain(|| {
        set_all();
        run_epoch();
        SubtensorModule::associate(&coldkey(9), &hotkey(9)).unwrap();
        assert_ok!(SubtensorModule::replace_neuron(SUBNET, 1, &hotkey(9)));
        for mechanism in 0..2 {
            assert_eq!(row(mechanism, 1), []);
            assert!(!Bonds::<Test>::contains_key(index(mechanism), 1));
            assert_eq!(LastUpdate::<Test>::get(index(mechanism))[1], 3);
        }
        SubtensorModule::associate(&coldkey(8), &hotkey(8)).unwrap();
        assert_ok!(SubtensorModule::replace_neuron(SUBNET, 4, &hotkey(8)));
        assert_eq!(incentive(1), [0; 5]);
        run_epoch();
        assert_eq!(incentive(1), [0; 5]);
        assert_eq!(row(1, 2), [(4, 0)]);
        // The other mechanism goes on.
        assert_eq!(incentive(0), [0, 0, 0, 65_535, 0]);
    });
}
