//! When a commit opens, what it writes, and what it closes.

use super::*;

#[test]
fn a_reveal_writes_the_row_and_closes_the_commit() {
    chain(|| {
        run_to_block(15);
        let hidden = Reveal {
            values: vec![1, 4],
            ..secret(&[3, 2], 1)
        };
        assert_ok!(commit(&hidden));
        run_to_block(22);
        System::reset_events();
        assert_ok!(reveal(&hidden));
        assert_eq!(row(0, 1), [(3, 16_384), (2, 65_535)]);
        let revealed = Event::WeightsRevealed(hotkey(1), INDEX, hash_of(1, INDEX, &hidden));
        assert_eq!(events(), [revealed]);
        assert!(!WeightCommits::<Test>::contains_key(INDEX, hotkey(1)));
        assert_noop!(reveal(&hidden), Error::<Test>::NoWeightsCommitFound);
    });
}

#[test]
fn the_commit_is_the_update_and_the_reveal_is_not() {
    chain(|| {
        run_to_block(15);
        let hidden = secret(&[2], 1);
        assert_ok!(commit(&hidden));
        assert_eq!(LastUpdate::<Test>::get(INDEX)[1], 15);
        run_to_block(25);
        assert_ok!(reveal(&hidden));
        assert_eq!(LastUpdate::<Test>::get(INDEX)[1], 15);
    });
}

#[test]
fn the_window_is_one_epoch_the_period_after_the_commit() {
    for period in [1, 2, 5, 100] {
        chain(|| {
            Tempo::<Test>::insert(SUBNET, 3);
            RevealPeriodEpochs::<Test>::insert(SUBNET, period);
            run_to_block(6);
            let hidden = secret(&[2], 1);
            assert_ok!(commit(&hidden));
            // Epochs in 5, 8, 11 …: the commit is of epoch 2, which ends with block 7.
            let opens = 5 + 3 * period;
            for block in 6..opens + 6 {
                run_to_block(block);
                let expected = match block {
                    block if block < opens => refused(Error::RevealTooEarly),
                    block if block < opens + 3 => Ok(()),
                    _ => refused(Error::ExpiredWeightCommit),
                };
                assert_eq!(would_reveal(&hidden), expected, "block {block} of {period}");
            }
        });
    }
}

#[test]
fn a_period_that_changes_moves_the_windows_of_open_commits() {
    chain(|| {
        let hidden = secret(&[2], 1);
        assert_ok!(commit(&hidden));
        RevealPeriodEpochs::<Test>::insert(SUBNET, 2);
        run_to_block(12);
        assert_eq!(would_reveal(&hidden), refused(Error::RevealTooEarly));
        run_to_block(22);
        assert_ok!(would_reveal(&hidden));
        RevealPeriodEpochs::<Test>::insert(SUBNET, 1);
        assert_eq!(would_reveal(&hidden), refused(Error::ExpiredWeightCommit));
    });
}

#[test]
fn a_slot_that_is_deferred_counts_as_the_new_epoch() {
    subnet_of(&[0, 1_000, 0])
        .subnet(3, account(2), account(103))
        .subnet(4, account(3), account(104))
        .subnet(5, account(4), account(105))
        .commit_reveal()
        .run(|| {
            epoch();
            let hidden = secret(&[2], 1);
            assert_ok!(commit(&hidden));
            MaxEpochsPerBlock::<Test>::put(1);
            // Three others are due from block 28 on, so the subnet waits one block.
            for (netuid, last) in [(2, 10), (3, 8), (4, 8), (5, 8)] {
                let netuid = NetUid::new(netuid);
                Tempo::<Test>::insert(netuid, 20);
                LastEpochBlock::<Test>::insert(netuid, last);
            }
            run_to_block(29);
            assert_eq!(SubnetEpochIndex::<Test>::get(SUBNET), 1);
            assert_eq!(would_reveal(&hidden), refused(Error::RevealTooEarly));
            run_to_block(30);
            // Deferred: the counter stands, the number does not.
            assert_eq!(SubnetEpochIndex::<Test>::get(SUBNET), 1);
            assert_eq!(SubtensorModule::epoch_number(SUBNET), 2);
            assert_ok!(would_reveal(&hidden));
            let next = secret(&[2], 2);
            assert_ok!(commit(&next));
            let queue = WeightCommits::<Test>::get(INDEX, hotkey(1)).unwrap();
            assert_eq!(queue[1], (hash_of(1, INDEX, &next), 2, 30, 0));
            run_to_block(31);
            assert_eq!(SubnetEpochIndex::<Test>::get(SUBNET), 2);
            assert_eq!(SubtensorModule::epoch_number(SUBNET), 2);
            assert_ok!(would_reveal(&hidden));
            assert_eq!(would_reveal(&next), refused(Error::RevealTooEarly));
        });
}

#[test]
fn errors_of_a_reveal_name_the_cause() {
    chain(|| {
        let hidden = secret(&[2], 1);
        assert_eq!(reveal(&hidden), refused(Error::NoWeightsCommitFound));
        assert_ok!(commit(&hidden));
        for other in [
            secret(&[3], 1),
            secret(&[2], 2),
            Reveal {
                values: vec![2],
                ..hidden.clone()
            },
            Reveal {
                version_key: 1,
                ..hidden.clone()
            },
        ] {
            assert_eq!(
                reveal(&other),
                refused(Error::InvalidRevealCommitHashNotMatch)
            );
        }
        assert_eq!(reveal(&hidden), refused(Error::RevealTooEarly));
        run_to_block(22);
        assert_eq!(reveal(&hidden), refused(Error::ExpiredWeightCommit));
        let long = Reveal {
            salt: vec![1; 257],
            ..hidden
        };
        assert_eq!(reveal(&long), refused(Error::SaltTooLong));
    });
}

#[test]
fn a_hash_opens_for_its_hotkey_and_its_mechanism_only() {
    chain(|| {
        MaxAllowedUids::<Test>::insert(SUBNET, 64);
        assert_ok!(SubtensorModule::change_mechanism_count(
            SUBNET,
            MechId::new(2)
        ));
        let hidden = secret(&[2], 1);
        // The owner sends what validator 1 hides.
        let copied = hash_of(1, INDEX, &hidden);
        assert_ok!(SubtensorModule::commit_weights(
            signed(&hotkey(0)),
            SUBNET,
            copied
        ));
        assert_ok!(SubtensorModule::commit_mechanism_weights(
            signed(&hotkey(1)),
            SUBNET,
            MechId::new(1),
            copied
        ));
        run_to_block(12);
        for (uid, mechanism) in [(0, 0), (1, 1)] {
            let Reveal {
                uids, values, salt, ..
            } = hidden.clone();
            let revealed = SubtensorModule::reveal_mechanism_weights(
                signed(&hotkey(uid)),
                SUBNET,
                MechId::new(mechanism),
                uids,
                values,
                salt,
                0,
            );
            assert_eq!(revealed, refused(Error::InvalidRevealCommitHashNotMatch));
        }
    });
}

#[test]
fn a_reveal_discards_older_commits() {
    chain(|| {
        let hidden: Vec<Reveal> = (0..3).map(|salt| secret(&[2 + salt], salt)).collect();
        for (block, secret) in [3, 5, 7].into_iter().zip(&hidden) {
            run_to_block(block);
            assert_ok!(commit(secret));
        }
        run_to_block(12);
        assert_ok!(reveal(&hidden[1]));
        assert_eq!(open_hashes(), [hash_of(1, INDEX, &hidden[2])]);
        assert_eq!(row(0, 1), [(3, 65_535)]);
        assert_eq!(
            reveal(&hidden[0]),
            refused(Error::InvalidRevealCommitHashNotMatch)
        );
        assert_ok!(reveal(&hidden[2]));
        assert_eq!(row(0, 1), [(4, 65_535)]);
    });
}

#[test]
fn a_reveal_keeps_later_commits_of_the_same_block() {
    chain(|| {
        let hidden: Vec<Reveal> = (0..3).map(|salt| secret(&[2 + salt], salt)).collect();
        for secret in &hidden {
            assert_ok!(commit(secret));
        }
        run_to_block(12);
        assert_ok!(reveal(&hidden[1]));
        assert_eq!(open_hashes(), [hash_of(1, INDEX, &hidden[2])]);
    });
}

#[test]
fn a_refused_reveal_keeps_the_commit() {
    chain(|| {
        let empty = secret(&[77], 1);
        assert_ok!(commit(&empty));
        run_to_block(12);
        assert_noop!(reveal(&empty), Error::<Test>::UidVecContainInvalidOne);
        assert_eq!(open_hashes(), [hash_of(1, INDEX, &empty)]);
    });
}

#[test]
fn a_reveal_meets_the_conditions_of_weights_but_for_the_rate() {
    chain(|| {
        WeightsSetRateLimit::<Test>::insert(SUBNET, 5);
        run_to_block(10);
        let hidden = secret(&[2, 3], 1);
        assert_ok!(commit(&hidden));
        run_to_block(12);
        let with = |change: fn()| {
            let mut result = Ok(());
            let _: DispatchResult = with_storage_layer(|| {
                change();
                result = reveal(&hidden);
                Err(DispatchError::Other("undone"))
            });
            result
        };
        let permit = || ValidatorPermit::<Test>::mutate(SUBNET, |column| column[1] = false);
        let cases: [(Error<Test>, fn()); 4] = [
            (Error::NotEnoughStakeToSetWeights, || {
                StakeThreshold::<Test>::put(1_001);
            }),
            (Error::IncorrectWeightVersionKey, || {
                WeightsVersionKey::<Test>::insert(SUBNET, 1);
            }),
            (Error::NeuronNoValidatorPermit, permit),
            (Error::WeightVecLengthIsLow, || {
                MinAllowedWeights::<Test>::insert(SUBNET, 3);
            }),
        ];
        for (error, change) in cases {
            assert_eq!(with(change), refused(error));
        }
        assert_ok!(with(|| ()));
    });
}

#[test]
fn the_same_hash_may_be_committed_in_two_epochs() {
    chain(|| {
        let hidden = secret(&[2], 1);
        run_to_block(5);
        assert_ok!(commit(&hidden));
        run_to_block(12);
        assert_ok!(commit(&hidden));
        assert_eq!(open_hashes().len(), 2);
        assert_ok!(reveal(&hidden));
        assert_eq!(open_hashes().len(), 1);
        assert_eq!(would_reveal(&hidden), refused(Error::RevealTooEarly));
        run_to_block(22);
        assert_ok!(would_reveal(&hidden));
    });
}

#[test]
fn a_triggered_slot_moves_the_window_too() {
    chain(|| {
        let hidden = secret(&[2], 1);
        assert_ok!(commit(&hidden));
        PendingEpochAt::<Test>::insert(SUBNET, 6);
        run_to_block(5);
        assert_eq!(would_reveal(&hidden), refused(Error::RevealTooEarly));
        run_to_block(6);
        assert_ok!(would_reveal(&hidden));
        run_to_block(16);
        assert_eq!(would_reveal(&hidden), refused(Error::ExpiredWeightCommit));
    });
}
