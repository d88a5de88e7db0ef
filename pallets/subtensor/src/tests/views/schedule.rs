//! Tests of when the next epoch is due, against the schedule that runs it.

use super::*;
use crate::mock::{SubtensorModule, run_to_block};

/// Block 1 of a chain whose second subnet has this tempo, from this block on.
fn with_tempo(tempo: u16, last: u64, test: impl FnOnce()) {
    ExtBuilder::new().subnet(2, account(1), account(2)).run(|| {
        Tempo::<Test>::insert(SUBNET, tempo);
        LastEpochBlock::<Test>::insert(SUBNET, last);
        test();
    });
}

fn next() -> Option<u64> {
    SubtensorModule::next_epoch_start_block(SUBNET)
}

/// Runs to the block that is shown, and checks that the epoch runs in it and not before.
fn assert_runs_in(block: u64) {
    assert_eq!(next(), Some(block));
    let before = SubnetEpochIndex::<Test>::get(SUBNET);
    run_to_block(block - 1);
    assert_eq!(SubnetEpochIndex::<Test>::get(SUBNET), before);
    assert_eq!(next(), Some(block));
    run_to_block(block);
    assert_eq!(SubnetEpochIndex::<Test>::get(SUBNET), before + 1);
}

#[test]
fn subnet_without_tempo_has_no_next_epoch_even_if_one_was_triggered() {
    with_tempo(0, 0, || {
        PendingEpochAt::<Test>::insert(SUBNET, 5);
        BlocksSinceLastStep::<Test>::insert(SUBNET, 60_000);
        assert_eq!(next(), None);
        run_to_block(6);
        assert_eq!(SubnetEpochIndex::<Test>::get(SUBNET), 0);
    });
}

#[test]
fn root_has_no_next_epoch() {
    ExtBuilder::new().run(|| {
        assert_eq!(Tempo::<Test>::get(NetUid::ROOT), 100);
        assert_eq!(SubtensorModule::next_epoch_start_block(NetUid::ROOT), None);
    });
}

#[test]
fn next_epoch_is_a_tempo_after_the_last_one() {
    with_tempo(7, 0, || {
        for block in [7, 14, 21] {
            assert_runs_in(block);
        }
    });
}

#[test]
fn epoch_that_was_triggered_comes_first() {
    with_tempo(9, 0, || {
        PendingEpochAt::<Test>::insert(SUBNET, 4);
        assert_runs_in(4);
        assert_runs_in(13);
    });
}

#[test]
fn epoch_that_was_triggered_for_later_does_not_hold_up_the_tempo() {
    with_tempo(9, 0, || {
        PendingEpochAt::<Test>::insert(SUBNET, 30);
        assert_runs_in(9);
    });
}

#[test]
fn subnet_that_paused_too_long_does_not_wait_for_its_tempo() {
    with_tempo(60_000, 1, || {
        BlocksSinceLastStep::<Test>::insert(SUBNET, 50_396);
        assert_runs_in(6);
        // All blocks of the new tempo still come, but the pause ends first.
        assert_eq!(next(), Some(6 + 50_401));
    });
}

#[test]
fn epoch_that_was_deferred_may_run_in_the_next_block() {
    ExtBuilder::new()
        .subnet(2, account(1), account(2))
        .subnet(3, account(6), account(7))
        .run(|| {
            MaxEpochsPerBlock::<Test>::put(1);
            for netuid in [SUBNET, OTHER] {
                Tempo::<Test>::insert(netuid, 10);
                LastEpochBlock::<Test>::insert(netuid, 0);
            }
            run_to_block(10);
            let mut shown = [SUBNET, OTHER].map(SubtensorModule::next_epoch_start_block);
            shown.sort_unstable();
            assert_eq!(shown, [Some(11), Some(20)]);
            run_to_block(11);
            let ran = [SUBNET, OTHER].map(SubnetEpochIndex::<Test>::get);
            assert_eq!(ran, [1, 1]);
        });
}
