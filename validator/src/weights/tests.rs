use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

const OPEN: Limits = Limits {
    neurons: 256,
    least: 1,
    highest: u16::MAX,
};

/// The chain's own condition (consensus 10.1, check 12), with truncated quotients of 32 binary digits.
fn chain_accepts(row: &Row, limits: &Limits) -> bool {
    let sum: u128 = row.values.iter().map(|value| u128::from(*value)).sum();
    let max = row.values.iter().copied().max().unwrap_or(0);
    let ratio = |part: u128, whole: u128| (part << 32).checked_div(whole).unwrap_or(0);
    let distinct: BTreeSet<&u16> = row.uids.iter().collect();
    row.uids.len() == row.values.len()
        && row.uids.len() <= usize::from(limits.neurons)
        && row.uids.len() >= usize::from(limits.least.min(limits.neurons))
        && distinct.len() == row.uids.len()
        && row.uids.iter().all(|uid| *uid < limits.neurons)
        && ratio(max.into(), sum) <= ratio(limits.highest.into(), 65_535)
}

/// The same row by bisection: the common factor of which the cut scores add up to one.
fn naive_shares(scores: &[(u16, f64)], highest: f64) -> Vec<(u16, f64)> {
    let total = |factor: f64| -> f64 {
        let each = scores
            .iter()
            .map(|(_, score)| (score * factor).min(highest));
        each.sum()
    };
    let (mut low, mut high) = (0.0_f64, 1.0_f64);
    while total(high) < 1.0 - 1e-12 && high < 1e300 {
        high *= 2.0;
    }
    for _ in 0..2_000 {
        let middle = low / 2.0 + high / 2.0;
        if total(middle) < 1.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
    scores
        .iter()
        .map(|(uid, score)| (*uid, (score * high).min(highest)))
        .collect()
}

#[test]
fn weights_are_proportional_to_scores() {
    let row = row(&[(3, 0.5), (1, 1.0), (2, 0.0), (7, 0.25)], &OPEN).expect("a row");
    assert_eq!(row.uids, [1, 3, 7]);
    assert_eq!(row.values, [65_535, 32_768, 16_384]);
}

#[test]
fn the_fewest_entries_are_filled_with_zeros() {
    let limits = Limits { least: 3, ..OPEN };
    let row = row(&[(0, 0.0), (1, 0.3), (2, 0.0), (3, 0.0)], &limits).expect("a row");
    assert_eq!(row.uids, [0, 1, 2]);
    assert_eq!(row.values, [0, 65_535, 0]);
}

#[test]
fn nobody_with_a_score_means_zeros_and_not_the_old_weights() {
    let row = row(&[(4, 0.0), (5, f64::NAN), (6, -1.0)], &OPEN).expect("a row");
    assert_eq!((row.uids, row.values), (vec![4], vec![0]));
}

#[test]
fn the_best_is_cut_to_the_highest_proportion() {
    // Half of the sum at most: 0.9 : 0.05 : 0.05 becomes 0.5 : 0.25 : 0.25.
    let limits = Limits {
        highest: 32_768,
        ..OPEN
    };
    let row = row(&[(0, 0.9), (1, 0.05), (2, 0.05)], &limits).expect("a row");
    assert_eq!(row.values[0], 65_535);
    assert!(row.values[1].abs_diff(32_767) <= 2, "{row:?}");
    assert!(chain_accepts(&row, &limits));
}

#[test]
fn a_proportion_that_few_cannot_fill_spreads_the_rest_evenly() {
    let limits = Limits {
        highest: 6_554,
        ..OPEN
    };
    let scores: Vec<(u16, f64)> = (0..20).map(|uid| (uid, f64::from(uid / 18))).collect();
    let row = row(&scores, &limits).expect("a row");
    assert_eq!(row.uids.len(), 20);
    assert_eq!(row.values[18..], [65_535, 65_535]);
    assert!(row.values[..18].iter().all(|value| *value == row.values[0]));
    assert!(chain_accepts(&row, &limits));
}

#[test]
fn what_cannot_be_is_said() {
    let limits = Limits { least: 5, ..OPEN };
    let error = row(&[(0, 1.0)], &limits).expect_err("too few");
    assert_eq!(
        error,
        NoRow::TooFew {
            there: 1,
            needed: 5
        }
    );
    let limits = Limits {
        highest: 20_000,
        ..OPEN
    };
    let error = row(&[(0, 1.0), (1, 1.0)], &limits).expect_err("too low");
    assert_eq!(
        error,
        NoRow::TooLow {
            highest: 20_000,
            there: 2
        }
    );
    assert!(matches!(
        row(&[], &OPEN),
        Err(NoRow::TooFew { there: 0, .. })
    ));
}

#[test]
fn a_uid_that_is_named_twice_or_does_not_exist_is_left_out() {
    let limits = Limits { neurons: 3, ..OPEN };
    let row = row(&[(1, 0.5), (1, 1.0), (3, 1.0), (9, 1.0), (2, 0.5)], &limits).expect("a row");
    assert_eq!((row.uids, row.values), (vec![1, 2], vec![65_535, 65_535]));
}

fn scores() -> impl Strategy<Value = Vec<(u16, f64)>> {
    let score = prop_oneof![
        2 => Just(0.0),
        1 => Just(1.0),
        1 => 1e-12..1e-6_f64,
        4 => 0.0..=1.0_f64,
    ];
    proptest::collection::btree_map(0_u16..300, score, 0..80)
        .prop_map(|map| map.into_iter().collect())
}

fn limits() -> impl Strategy<Value = Limits> {
    let highest = prop_oneof![
        Just(u16::MAX),
        Just(32_768),
        Just(32_767),
        Just(21_845),
        1..=u16::MAX
    ];
    (0_u16..320, 0_u16..60, highest).prop_map(|(neurons, least, highest)| Limits {
        neurons,
        least,
        highest,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn the_chain_accepts_every_row(scores in scores(), limits in limits()) {
        let there = scores.iter().filter(|(uid, _)| *uid < limits.neurons).count();
        match row(&scores, &limits) {
            Ok(row) => prop_assert!(chain_accepts(&row, &limits), "{row:?}"),
            Err(NoRow::TooFew { .. }) => prop_assert!(there < limits.needed()),
            Err(NoRow::TooLow { .. }) => {
                prop_assert!(there * usize::from(limits.highest) < 65_535);
            }
        }
    }

    #[test]
    fn a_better_score_never_gets_less(scores in scores(), limits in limits()) {
        let Ok(row) = row(&scores, &limits) else { return Ok(()) };
        let weight = |uid: u16| {
            let place = row.uids.iter().position(|other| *other == uid);
            place.and_then(|place| row.values.get(place)).copied().unwrap_or(0)
        };
        for (a, score_a) in scores.iter().filter(|(uid, _)| *uid < limits.neurons) {
            for (b, score_b) in scores.iter().filter(|(uid, _)| *uid < limits.neurons) {
                if score_a >= score_b {
                    prop_assert!(weight(*a) >= weight(*b), "{a} {b} {row:?}");
                }
            }
            prop_assert!(*score_a <= 0.0 || weight(*a) > 0, "{a} {row:?}");
        }
    }

    #[test]
    fn the_naive_twin_agrees(scores in scores(), limits in limits()) {
        let scores: Vec<_> = scores.into_iter().filter(|(uid, _)| *uid < limits.neurons).collect();
        let positive = scores.iter().filter(|(_, score)| *score > 0.0).count();
        let Ok(row) = row(&scores, &limits) else { return Ok(()) };
        prop_assume!(positive > 0 && positive * usize::from(limits.highest) >= 65_535);
        let twin = naive_shares(&scores, f64::from(limits.highest) / 65_535.0);
        let greatest = twin.iter().map(|(_, share)| *share).fold(0.0, f64::max);
        for (uid, share) in twin {
            let place = row.uids.iter().position(|other| *other == uid);
            let value = place.and_then(|place| row.values.get(place)).copied().unwrap_or(0);
            let expected = share / greatest * 65_535.0;
            prop_assert!((f64::from(value) - expected).abs() <= 1.01, "{uid}: {value}, {expected}");
        }
    }
}
