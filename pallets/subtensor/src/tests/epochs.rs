//! What an epoch reads and writes (sections 4 and 8 of the consensus).

mod golden;

use dendra_primitives::{AlphaBalance, NetUid};
use frame_support::{assert_ok, weights::Weight};

use super::validators::{
    INDEX, SUBNET, bonds_toward, coldkey, epoch, epoch_in, hotkey, incentive, restore_stakes, row,
    set, stake, subnet_of, units, vector_epoch_in, without_owner_uid,
};
use crate::{
    Active, ActivityCutoffFactorMilli, BlocksSinceLastStep, Bonds, BondsMovingAverage,
    BondsPenalty, Consensus, Dividends, Emission, Error, Event, Kappa, LastEpochBlock,
    LastMechansimStepBlock, MaxAllowedUids, MaxAllowedValidators, PendingEmissions, StakeThreshold,
    StakeWeight, SubnetEpochIndex, Tempo, ValidatorPermit, ValidatorTrust, Yuma3On,
    mock::{
        ExtBuilder, SubtensorModule, System, Test, account, events, give_pending, give_stake, many,
        run_to_block,
    },
};

/// A subnet as the vectors describe it: Yuma2, no owner uid, as many permits as neurons.
fn vector(stakes: &'static [u64], test: impl FnOnce()) {
    subnet_of(stakes).run(|| {
        without_owner_uid();
        Yuma3On::<Test>::insert(SUBNET, false);
        MaxAllowedValidators::<Test>::insert(SUBNET, stakes.len() as u16);
        test();
    });
}

fn emission() -> Vec<u64> {
    units(Emission::<Test>::get(SUBNET))
}

fn dividends() -> Vec<u16> {
    Dividends::<Test>::get(SUBNET).into_inner()
}

fn consensus() -> Vec<u16> {
    Consensus::<Test>::get(SUBNET).into_inner()
}

fn trust() -> Vec<u16> {
    ValidatorTrust::<Test>::get(SUBNET).into_inner()
}

fn permits() -> Vec<bool> {
    ValidatorPermit::<Test>::get(SUBNET).into_inner()
}

#[test]
fn a_neuron_is_active_up_to_the_cutoff() {
    vector(&[1; 4], || {
        // 7 · 1.5 is 10.5: ten blocks.
        Tempo::<Test>::insert(SUBNET, 7);
        ActivityCutoffFactorMilli::<Test>::insert(SUBNET, 1_500);
        epoch_in(11);
        assert_eq!(Active::<Test>::get(SUBNET).into_inner(), [true; 4]);
        assert_ok!(set(1, &[1], &[1]));
        epoch_in(12);
        assert_eq!(
            Active::<Test>::get(SUBNET).into_inner(),
            [false, true, false, false]
        );
    });
}

/// Validators 1 and 2 with permits, a miner at 3, and an owner without stake.
fn chain(test: impl FnOnce()) {
    subnet_of(&[0, 3_000, 1_000, 0]).run(|| {
        epoch();
        System::reset_events();
        test();
    });
}

#[test]
fn an_epoch_counts_and_notes_its_block() {
    chain(|| {
        give_pending(SUBNET, 600, 400);
        epoch_in(9);
        assert_eq!(SubnetEpochIndex::<Test>::get(SUBNET), 2);
        assert_eq!(LastEpochBlock::<Test>::get(SUBNET), 9);
        assert_eq!(LastMechansimStepBlock::<Test>::get(SUBNET), 9);
        assert_eq!(BlocksSinceLastStep::<Test>::get(SUBNET), 0);
        assert_eq!(crate::PendingEpochAt::<Test>::get(SUBNET), 0);
        assert!(!PendingEmissions::<Test>::contains_key(SUBNET));
        let ran = Event::EpochRan {
            netuid: SUBNET,
            index: 2,
            divided: AlphaBalance::new(1_000),
            residual: AlphaBalance::ZERO,
        };
        assert!(events().contains(&ran), "{:?}", events());
        run_to_block(12);
        assert_eq!(BlocksSinceLastStep::<Test>::get(SUBNET), 3);
        assert_eq!(LastMechansimStepBlock::<Test>::get(SUBNET), 9);
    });
}

#[test]
fn permits_are_used_an_epoch_after_they_are_given() {
    subnet_of(&[0, 1_000, 0]).run(|| {
        // A self-weight needs no permit; a row of another kind is written below.
        assert_eq!(permits(), [false; 3]);
        give_pending(SUBNET, 500, 500);
        epoch();
        assert_eq!(permits(), [true, true, false]);
        assert_ok!(set(1, &[2], &[1]));
        ValidatorPermit::<Test>::mutate(SUBNET, |column| column[1] = false);
        give_pending(SUBNET, 500, 500);
        epoch();
        // Without the permit of the epoch before, the row does not count.
        assert_eq!(incentive(0), [0; 3]);
        assert_eq!(permits(), [true, true, false]);
        give_pending(SUBNET, 500, 500);
        epoch();
        assert_eq!(incentive(0), [0, 0, 65_535]);
    });
}

#[test]
fn the_owner_has_a_permit_beyond_the_limit_and_may_weigh_itself() {
    subnet_of(&[1, 3_000, 2_000, 0]).run(|| {
        MaxAllowedValidators::<Test>::insert(SUBNET, 1);
        epoch();
        assert_eq!(permits(), [true, true, false, false]);
        assert_ok!(set(0, &[0], &[1]));
        assert_ok!(set(1, &[0], &[1]));
        give_pending(SUBNET, 500, 500);
        epoch();
        // Both count, the owner's self-weight included.
        assert_eq!(trust(), [65_535, 65_535, 0, 0]);
        assert_eq!(incentive(0), [65_535, 0, 0, 0]);
        // Another neuron's self-weight says nothing.
        assert_ok!(set(1, &[1], &[1]));
        assert_ok!(set(0, &[1], &[1]));
        give_pending(SUBNET, 500, 500);
        epoch();
        assert_eq!(trust()[1], 0);
    });
}

#[test]
fn stake_below_the_threshold_counts_as_none_but_for_the_owner() {
    subnet_of(&[10, 3_000, 2_999, 0]).run(|| {
        StakeThreshold::<Test>::put(3_000);
        epoch();
        assert_eq!(permits(), [true, true, false, false]);
        // 10 and 3000 parts of 3010.
        let shares = StakeWeight::<Test>::get(SUBNET);
        assert_eq!(shares.into_inner(), [217, 65_317, 0, 0]);
    });
}

#[test]
fn bonds_go_with_the_permit() {
    subnet_of(&[0, 3_000, 2_000, 0]).run(|| {
        MaxAllowedValidators::<Test>::insert(SUBNET, 2);
        epoch();
        assert_ok!(set(1, &[3], &[1]));
        assert_ok!(set(2, &[3], &[1]));
        epoch();
        assert!(Bonds::<Test>::contains_key(INDEX, 1) && Bonds::<Test>::contains_key(INDEX, 2));
        give_stake(SUBNET, &hotkey(3), &coldkey(3), 9_000);
        epoch();
        assert_eq!(permits(), [true, true, false, true]);
        assert!(Bonds::<Test>::contains_key(INDEX, 1));
        assert!(!Bonds::<Test>::contains_key(INDEX, 2));
        // With the permit comes a new row, which begins from nothing.
        restore_stakes(&[0, 3_000, 2_000, 0]);
        epoch();
        assert_eq!(permits(), [true, true, true, false]);
        assert_eq!(bonds_toward(&[2], 3), [0]);
    });
}

#[test]
fn an_epoch_that_fails_leaves_its_amounts_and_consumes_the_slot() {
    chain(|| {
        assert_ok!(set(1, &[3], &[1]));
        epoch();
        let before = (
            emission(),
            incentive(0),
            row(0, 1),
            stake(&hotkey(1), &coldkey(1)),
        );
        BondsMovingAverage::<Test>::insert(SUBNET, 1_000_001);
        give_pending(SUBNET, 500, 400);
        System::reset_events();
        let block = System::block_number() + 5;
        epoch_in(block);
        assert_eq!(
            events(),
            [Event::EpochSkipped {
                netuid: SUBNET,
                error: Error::<Test>::EpochFailed.into()
            }]
        );
        assert_eq!(SubnetEpochIndex::<Test>::get(SUBNET), 3);
        assert_eq!(LastEpochBlock::<Test>::get(SUBNET), block);
        assert_eq!(LastMechansimStepBlock::<Test>::get(SUBNET), 3);
        // One block was begun since the last epoch that ran.
        assert_eq!(BlocksSinceLastStep::<Test>::get(SUBNET), 1);
        let pending = PendingEmissions::<Test>::get(SUBNET);
        assert_eq!((pending.server.get(), pending.validator.get()), (500, 400));
        let after = (
            emission(),
            incentive(0),
            row(0, 1),
            stake(&hotkey(1), &coldkey(1)),
        );
        assert_eq!(before, after);
        // They keep accumulating, and the next epoch divides all of it.
        give_pending(SUBNET, 500, 600);
        BondsMovingAverage::<Test>::insert(SUBNET, 900_000);
        epoch();
        assert!(!PendingEmissions::<Test>::contains_key(SUBNET));
        assert_eq!(emission().iter().sum::<u64>(), 2_000);
    });
}

#[test]
fn one_subnet_that_fails_does_not_stop_another() {
    ExtBuilder::new()
        .subnet(2, coldkey(0), hotkey(0))
        .subnet(3, account(2), many(500))
        .run(|| {
            for netuid in [2, 3].map(NetUid::new) {
                Tempo::<Test>::insert(netuid, 4);
                LastEpochBlock::<Test>::insert(netuid, 1);
            }
            BondsMovingAverage::<Test>::insert(SUBNET, u64::MAX);
            run_to_block(5);
            assert_eq!(SubnetEpochIndex::<Test>::get(SUBNET), 1);
            assert_eq!(LastMechansimStepBlock::<Test>::get(SUBNET), 0);
            assert_eq!(LastMechansimStepBlock::<Test>::get(NetUid::new(3)), 5);
        });
}

#[test]
fn bonds_toward_a_new_neuron_are_not_those_of_its_predecessor() {
    chain(|| {
        for uid in [1, 2] {
            assert_ok!(set(uid, &[3], &[1]));
        }
        epoch();
        assert_eq!(bonds_toward(&[1, 2], 3), [6_553, 6_553]);
        // In the block of an epoch, after it: the epoch made bonds toward the predecessor.
        SubtensorModule::associate(&coldkey(9), &hotkey(9)).unwrap();
        assert_ok!(SubtensorModule::replace_neuron(SUBNET, 3, &hotkey(9)));
        epoch();
        assert_eq!(bonds_toward(&[1, 2], 3), [0, 0]);
        assert_ok!(set(1, &[3], &[1]));
        assert_ok!(set(2, &[3], &[1]));
        epoch();
        assert_eq!(bonds_toward(&[1, 2], 3), [6_553, 6_553]);
    });
}

#[test]
fn results_of_a_neuron_end_with_it() {
    chain(|| {
        for uid in [1, 2] {
            assert_ok!(set(uid, &[3], &[1]));
        }
        give_pending(SUBNET, 500, 500);
        epoch();
        for uid in [1, 3] {
            assert_ne!(emission()[uid], 0);
            SubtensorModule::associate(&coldkey(9), &hotkey(20 + uid as u16)).unwrap();
            assert_ok!(SubtensorModule::replace_neuron(
                SUBNET,
                uid as u16,
                &hotkey(20 + uid as u16)
            ));
            assert_eq!(emission()[uid], 0);
            assert_eq!((consensus()[uid], incentive(0)[uid]), (0, 0));
            assert_eq!((dividends()[uid], trust()[uid]), (0, 0));
            assert_eq!(StakeWeight::<Test>::get(SUBNET)[uid], 0);
            assert!(!permits()[uid] && Active::<Test>::get(SUBNET)[uid]);
            assert!(!Bonds::<Test>::contains_key(INDEX, uid as u16));
            assert_eq!(row(0, uid as u16), []);
        }
    });
}

#[test]
fn an_epoch_without_room_waits() {
    chain(|| {
        crate::mock::Budget::set(&Weight::from_parts(3, 0));
        give_pending(SUBNET, 500, 500);
        // Prices, emission and schedule use up the three units.
        System::set_block_number(8);
        LastEpochBlock::<Test>::insert(SUBNET, 8);
        crate::PendingEpochAt::<Test>::insert(SUBNET, 9);
        run_to_block(10);
        assert_eq!(SubnetEpochIndex::<Test>::get(SUBNET), 1);
        let deferred = events()
            .into_iter()
            .filter(|event| matches!(event, Event::EpochDeferred { .. }))
            .collect::<Vec<_>>();
        let expected = Event::EpochDeferred {
            netuid: SUBNET,
            since: 9,
        };
        assert_eq!(deferred, [expected.clone(), expected]);
        crate::mock::Budget::set(&Weight::from_parts(4, 0));
        run_to_block(11);
        assert_eq!(SubnetEpochIndex::<Test>::get(SUBNET), 2);
        assert_eq!(LastEpochBlock::<Test>::get(SUBNET), 11);
    });
}
