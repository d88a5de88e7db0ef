//! Weights of several subnets in one call.

use super::*;

fn compact(values: &[u16]) -> Vec<(Compact<u16>, Compact<u16>)> {
    values
        .iter()
        .map(|uid| (Compact(*uid), Compact(1)))
        .collect()
}

fn batch(netuids: &[u16], rows: &[&[u16]], versions: &[u64]) -> DispatchResult {
    SubtensorModule::batch_set_weights(
        signed(&hotkey(1)),
        netuids
            .iter()
            .copied()
            .map(NetUid::new)
            .map(Compact)
            .collect(),
        rows.iter().map(|row| compact(row)).collect(),
        versions.iter().copied().map(Compact).collect(),
    )
}

#[test]
fn items_of_a_batch_fail_alone() {
    with_permits(|| {
        CommitRevealWeightsEnabled::<Test>::insert(NetUid::new(9), false);
        WeightsVersionKey::<Test>::insert(SUBNET, 5);
        assert_ok!(batch(
            &[9, 2, 2, 1, 2],
            &[&[2], &[2, 3], &[2, 2], &[0], &[4]],
            &[5, 5, 5, 5, 4]
        ));
        assert_eq!(row(0, 1), [(2, 65_535), (3, 65_535)]);
        let failed = |index, error: Error<Test>| Event::BatchWeightItemFailed {
            index,
            error: error.into(),
        };
        assert_eq!(
            events(),
            [
                failed(0, Error::SubnetNotExists),
                Event::WeightsSet(INDEX, 1),
                failed(2, Error::DuplicateUids),
                failed(3, Error::CommitRevealEnabled),
                failed(4, Error::IncorrectWeightVersionKey),
                Event::BatchCompleted {
                    succeeded: 1,
                    failed: 4
                },
            ]
        );
    });
}

#[test]
fn lists_of_a_batch_are_equally_long() {
    with_permits(|| {
        for (netuids, rows, versions) in [
            (&[2, 2][..], &[&[2][..]][..], &[0, 0][..]),
            (&[2], &[&[2], &[2]], &[0]),
            (&[2], &[&[2]], &[0, 0]),
            (&[], &[&[2]], &[0]),
        ] {
            assert_noop!(
                batch(netuids, rows, versions),
                Error::<Test>::InputLengthsUnequal
            );
        }
    });
}

#[test]
fn a_batch_has_at_most_64_items() {
    with_permits(|| {
        let row: &[u16] = &[2];
        assert_noop!(
            batch(&[2; 65], &[row; 65], &[0; 65]),
            Error::<Test>::BatchTooLong
        );
        assert_ok!(batch(&[2; 64], &[row; 64], &[0; 64]));
        let done = Event::BatchCompleted {
            succeeded: 64,
            failed: 0,
        };
        assert_eq!(events().last(), Some(&done));
    });
}
