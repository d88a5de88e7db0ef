//! What owners do to the schedule (section 2.4).

use super::*;

fn trigger(owner: u8) -> DispatchResult {
    SubtensorModule::trigger_epoch(signed(&account(owner)), SUBNET)
}

#[test]
fn an_epoch_is_triggered_ten_blocks_ahead() {
    chain(1).run(|| {
        schedule(SUBNET, 360, 1);
        run_to_block(5);
        assert_ok!(trigger(1));
        let triggered = Event::EpochTriggered {
            netuid: SUBNET,
            by: account(1),
            fires_at: 15,
        };
        assert_eq!(events().last(), Some(&triggered));
        assert_eq!(PendingEpochAt::<Test>::get(SUBNET), 15);
        run_to_block(14);
        assert_eq!(epochs(SUBNET), 0);
        run_to_block(15);
        assert_eq!(epochs(SUBNET), 1);
    });
}

#[test]
fn triggering_is_refused_with_the_reason() {
    chain(1).run(|| {
        schedule(SUBNET, 360, 1);
        assert_noop!(
            SubtensorModule::trigger_epoch(signed(&account(1)), NetUid::new(9)),
            Error::<Test>::SubnetNotExists
        );
        assert_noop!(trigger(2), Error::<Test>::NotSubnetOwner);
        assert_noop!(
            SubtensorModule::trigger_epoch(RuntimeOrigin::root(), SUBNET),
            sp_runtime::DispatchError::BadOrigin
        );
        CommitRevealWeightsEnabled::<Test>::insert(SUBNET, true);
        assert_noop!(trigger(1), Error::<Test>::DynamicTempoBlockedByCommitReveal);
        CommitRevealWeightsEnabled::<Test>::insert(SUBNET, false);
        // The next epoch is in block 361.
        System::set_block_number(352);
        assert_noop!(trigger(1), Error::<Test>::AutoEpochAlreadyImminent);
        System::set_block_number(351);
        assert_ok!(trigger(1));
        assert_noop!(trigger(1), Error::<Test>::EpochTriggerAlreadyPending);
    });
}

#[test]
fn triggering_is_limited_like_a_hyperparameter() {
    chain(1).run(|| {
        schedule(SUBNET, 360, 1);
        assert_ok!(trigger(1));
        run_to_block(12);
        assert_eq!(LastEpochBlock::<Test>::get(SUBNET), 11);
        assert_noop!(trigger(1), Error::<Test>::TxRateLimitExceeded);
        run_to_block(720);
        assert_noop!(trigger(1), Error::<Test>::TxRateLimitExceeded);
        // Two tempos after block 1; the next epoch is ten blocks away.
        run_to_block(721);
        assert_ok!(trigger(1));
    });
}

#[test]
fn a_deferred_epoch_counts_as_pending() {
    chain(3).run(|| {
        MaxEpochsPerBlock::<Test>::put(1);
        for netuid in netuids(3) {
            schedule(netuid, 360, 1);
        }
        run_to_block(361);
        let late = deferrals()[0].0;
        let owner = account(late.get() as u8 - 1);
        assert_noop!(
            SubtensorModule::trigger_epoch(signed(&owner), late),
            Error::<Test>::EpochTriggerAlreadyPending
        );
    });
}

#[test]
fn a_new_tempo_begins_a_full_cycle() {
    chain(1).run(|| {
        schedule(SUBNET, 360, 1);
        let set = |tempo| SubtensorModule::set_tempo(signed(&account(1)), SUBNET, tempo);
        assert_noop!(set(359), Error::<Test>::TempoOutOfBounds);
        assert_noop!(set(50_401), Error::<Test>::TempoOutOfBounds);
        run_to_block(300);
        assert_ok!(set(400));
        assert_eq!(Tempo::<Test>::get(SUBNET), 400);
        assert_eq!(LastEpochBlock::<Test>::get(SUBNET), 300);
        assert!(events().contains(&Event::TempoSet(SUBNET, 400)));
        run_to_block(699);
        assert_eq!(epochs(SUBNET), 0);
        run_to_block(700);
        assert_eq!(epochs(SUBNET), 1);
        // Root is bound by no range; 5 is below that of owners.
        let by_root = SubtensorModule::set_tempo(RuntimeOrigin::root(), SUBNET, 5);
        assert_ok!(by_root);
        run_to_block(705);
        assert_eq!(epochs(SUBNET), 2);
    });
}
