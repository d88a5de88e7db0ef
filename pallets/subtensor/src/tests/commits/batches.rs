//! Several commits, and several reveals, in one call.

use super::*;

#[test]
fn a_batch_reveals_what_it_names_and_leaves_the_rest() {
    chain(|| {
        let hidden: Vec<Reveal> = (0..3).map(|salt| secret(&[2 + salt], salt)).collect();
        for (block, secret) in [3, 5, 7].into_iter().zip(&hidden) {
            run_to_block(block);
            assert_ok!(commit(secret));
        }
        run_to_block(12);
        assert_ok!(batch_reveal(&[&hidden[0], &hidden[2]]));
        assert_eq!(open_hashes(), [hash_of(1, INDEX, &hidden[1])]);
        assert_eq!(row(0, 1), [(4, 65_535)]);
    });
}

#[test]
fn a_batch_of_reveals_is_all_or_nothing() {
    chain(|| {
        let hidden: Vec<Reveal> = (0..3).map(|salt| secret(&[2 + salt], salt)).collect();
        for secret in &hidden[..2] {
            assert_ok!(commit(secret));
        }
        run_to_block(12);
        assert_noop!(
            batch_reveal(&[&hidden[0], &hidden[2], &hidden[1]]),
            Error::<Test>::InvalidRevealCommitHashNotMatch
        );
        // The same commit opens once.
        assert_noop!(
            batch_reveal(&[&hidden[0], &hidden[0]]),
            Error::<Test>::InvalidRevealCommitHashNotMatch
        );
        assert_eq!(row(0, 1), []);
        assert_eq!(open_hashes().len(), 2);
    });
}

#[test]
fn lists_of_a_batch_of_reveals_are_equally_long_and_at_most_64() {
    chain(|| {
        let lists = |lengths: [usize; 4]| {
            SubtensorModule::batch_reveal_weights(
                signed(&hotkey(1)),
                SUBNET,
                vec![vec![2]; lengths[0]],
                vec![vec![1]; lengths[1]],
                vec![vec![1]; lengths[2]],
                vec![0; lengths[3]],
            )
        };
        for short in 0..4 {
            let mut lengths = [2; 4];
            lengths[short] = 1;
            assert_noop!(lists(lengths), Error::<Test>::InputLengthsUnequal);
        }
        assert_noop!(lists([65; 4]), Error::<Test>::BatchTooLong);
        assert_noop!(lists([64; 4]), Error::<Test>::NoWeightsCommitFound);
    });
}

#[test]
fn commits_of_a_batch_fail_alone() {
    chain(|| {
        let hash = H256::repeat_byte;
        let commits = |netuids: &[u16], hashes: Vec<H256>| {
            let netuids = netuids
                .iter()
                .copied()
                .map(NetUid::new)
                .map(Compact)
                .collect();
            SubtensorModule::batch_commit_weights(signed(&hotkey(1)), netuids, hashes)
        };
        assert_ok!(commits(&[9, 2, 0, 2], (1..5).map(hash).collect()));
        let failed = |index, error: Error<Test>| Event::BatchWeightItemFailed {
            index,
            error: error.into(),
        };
        assert_eq!(
            events(),
            [
                failed(0, Error::SubnetNotExists),
                Event::WeightsCommitted(hotkey(1), INDEX, hash(2)),
                failed(2, Error::CanNotSetRootNetworkWeights),
                Event::WeightsCommitted(hotkey(1), INDEX, hash(4)),
                Event::BatchCompleted {
                    succeeded: 2,
                    failed: 2
                },
            ]
        );
        assert_eq!(open_hashes(), [hash(2), hash(4)]);
        assert_noop!(
            commits(&[2, 2], vec![hash(1)]),
            Error::<Test>::InputLengthsUnequal
        );
        assert_noop!(
            commits(&[2; 65], vec![hash(1); 65]),
            Error::<Test>::BatchTooLong
        );
    });
}
