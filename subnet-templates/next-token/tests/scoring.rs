//! The scoring rule is proper, and refuses what is no distribution.

use next_token_subnet::{Baseline, Invalid, Prediction, log_loss, score};
use proptest::prelude::*;

fn prediction(bytes: &[u8], probabilities: &[f64], rest: f64) -> Prediction {
    Prediction {
        bytes: bytes.to_vec(),
        probabilities: probabilities.to_vec(),
        rest,
    }
}

/// What a prediction costs on average when each byte comes with its true probability.
fn expected_loss(truth: &[f64], prediction: &Prediction) -> f64 {
    let bytes = (0..=255u8).zip(truth).filter(|(_, truth)| **truth > 0.0);
    bytes
        .map(|(byte, truth)| truth * log_loss(prediction, byte, 256).unwrap())
        .sum()
}

/// The true probabilities of the listed bytes, and what remains.
fn honest(truth: &[f64], listed: &[u8]) -> Prediction {
    let probabilities: Vec<f64> = listed.iter().map(|b| truth[usize::from(*b)]).collect();
    // Not what the listed lack: beside numbers near 1 a tiny rest is lost.
    let rest = (0..=255u8).filter(|byte| !listed.contains(byte));
    let rest = rest.map(|byte| truth[usize::from(byte)]).sum();
    prediction(listed, &probabilities, rest)
}

/// Distributions over all bytes: even ones, steep ones, and ones with impossible bytes.
fn truth() -> impl Strategy<Value = Vec<f64>> {
    (prop::collection::vec(0f64..1.0, 256), 1i32..12).prop_map(|(values, power)| {
        let weights: Vec<f64> = values.iter().map(|value| value.powi(power)).collect();
        let all: f64 = weights.iter().sum();
        weights.iter().map(|weight| weight / all).collect()
    })
}

fn listed() -> impl Strategy<Value = Vec<u8>> {
    let all: Vec<u8> = (0..=255).collect();
    (Just(all).prop_shuffle(), 1usize..=256).prop_map(|(mut all, count)| {
        all.truncate(count);
        all
    })
}

proptest! {
    #[test]
    fn honest_probabilities_are_best_for_whatever_is_listed(
        truth in truth(), listed in listed(), lie in prop::collection::vec(1e-6f64..1.0, 257),
    ) {
        let best = expected_loss(&truth, &honest(&truth, &listed));
        let all: f64 = lie[..=listed.len()].iter().sum();
        let probabilities: Vec<f64> = lie[..listed.len()].iter().map(|value| value / all).collect();
        let other = prediction(&listed, &probabilities, lie[listed.len()] / all);
        prop_assert!(best <= expected_loss(&truth, &other) + 1e-9);
    }

    #[test]
    fn every_shift_of_honest_probabilities_costs(
        truth in truth(), listed in listed(), from in any::<prop::sample::Index>(), to in any::<prop::sample::Index>(), share in 0.01f64..1.0,
    ) {
        prop_assume!(listed.len() >= 2);
        let (from, to) = (from.index(listed.len()), to.index(listed.len()));
        let honest = honest(&truth, &listed);
        let moved = honest.probabilities[from] * share;
        prop_assume!(from != to && moved > 1e-6);
        let mut shifted = honest.clone();
        shifted.probabilities[from] -= moved;
        shifted.probabilities[to] += moved;
        prop_assert!(expected_loss(&truth, &honest) < expected_loss(&truth, &shifted));
    }

    #[test]
    fn certainty_about_everything_loses(truth in truth(), confidence in 0.0f64..0.001) {
        let surest = (0..=255u8).max_by(|a, b| truth[usize::from(*a)].total_cmp(&truth[usize::from(*b)])).unwrap();
        prop_assume!(truth[usize::from(surest)] < 0.95);
        let certain = prediction(&[surest], &[1.0], 0.0);
        prop_assert_eq!(expected_loss(&truth, &certain), f64::INFINITY);
        let nearly = prediction(&[surest], &[1.0 - confidence], confidence);
        let all: Vec<u8> = (0..=255).collect();
        prop_assert!(expected_loss(&truth, &nearly) > expected_loss(&truth, &honest(&truth, &all)));
        prop_assert_eq!(score(f64::INFINITY, 3.0, 3.0), 0.0);
    }

    #[test]
    fn claiming_more_than_everything_gains_nothing(truth in truth(), listed in listed(), excess in 1.0f64..1.0009) {
        let honest = honest(&truth, &listed);
        let mut more = honest.clone();
        more.probabilities.iter_mut().for_each(|value| *value *= excess);
        more.rest *= excess;
        let (plain, inflated) = (expected_loss(&truth, &honest), expected_loss(&truth, &more));
        prop_assert!((plain - inflated).abs() < 1e-9);
    }

    #[test]
    fn loss_is_the_one_of_the_distribution_written_out(listed in listed(), values in prop::collection::vec(0.001f64..1.0, 257), hidden in any::<u8>()) {
        let all: f64 = values[..=listed.len()].iter().sum();
        let probabilities: Vec<f64> = values[..listed.len()].iter().map(|value| value / all).collect();
        let rest = values[listed.len()] / all;
        let mut whole = vec![None; 256];
        for (byte, probability) in listed.iter().zip(&probabilities) {
            whole[usize::from(*byte)] = Some(*probability);
        }
        let others = whole.iter().filter(|value| value.is_none()).count();
        let whole: Vec<f64> = whole.into_iter().map(|value| value.unwrap_or(rest / others as f64)).collect();
        let sum = probabilities.iter().sum::<f64>() + rest;
        let naive = -(whole[usize::from(hidden)] / sum).ln();
        let loss = log_loss(&prediction(&listed, &probabilities, rest), hidden, 256).unwrap();
        prop_assert!((loss - naive).abs() < 1e-9);
    }

    #[test]
    fn score_falls_with_the_loss(loss in 0f64..20.0, more in 0f64..5.0, baseline in 1f64..5.0, entropy in 1f64..5.0) {
        let better = score(loss, baseline, entropy);
        let worse = score(loss + more, baseline, entropy);
        prop_assert!((0.0..=1.0).contains(&better));
        prop_assert!(worse <= better);
        if loss >= baseline {
            prop_assert_eq!(better, 0.0);
        } else if more > 1e-6 && baseline - loss < entropy {
            prop_assert!(worse < better);
        }
    }

    #[test]
    fn baseline_is_a_distribution(text in ".{0,300}") {
        let baseline = Baseline::of(&text);
        let sum: f64 = (0..=255).map(|byte| (-baseline.loss(byte)).exp()).sum();
        prop_assert!((sum - 1.0).abs() < 1e-9);
        prop_assert!(baseline.entropy() > 0.0 && baseline.entropy() <= 256f64.ln() + 1e-9);
    }
}

#[test]
fn what_is_no_distribution_is_refused() {
    let nan = f64::NAN;
    let cases = [
        prediction(&[1, 2], &[0.5], 0.5),
        prediction(&[1], &[0.5, 0.5], 0.0),
        prediction(&[1, 1], &[0.5, 0.5], 0.0),
        prediction(&[1, 2, 3, 4], &[0.1; 4], 0.6),
        prediction(&[1], &[-0.1], 1.1),
        prediction(&[1], &[-0.1], 1.0),
        prediction(&[1], &[1.5], -0.5),
        prediction(&[1], &[nan], 0.5),
        prediction(&[1], &[0.5], nan),
        prediction(&[1], &[f64::INFINITY], 0.0),
        prediction(&[1], &[1.0], 1.0),
        prediction(&[1, 2], &[0.9, 0.9], 0.0),
        prediction(&[1], &[0.5], 0.4),
        prediction(&[], &[], 0.0),
    ];
    for case in cases {
        for hidden in [1, 2, 77] {
            assert!(log_loss(&case, hidden, 3).is_err(), "{case:?}");
        }
    }
    let twice = prediction(&[7, 7], &[0.5, 0.5], 0.0);
    assert_eq!(log_loss(&twice, 7, 3), Err(Invalid::Twice(7)));
}

#[test]
fn losses_of_known_predictions() {
    let half = prediction(&[97], &[0.5], 0.5);
    assert_eq!(log_loss(&half, 97, 1).unwrap(), 2f64.ln());
    assert_eq!(log_loss(&half, 98, 1).unwrap(), 510f64.ln());
    let nothing = prediction(&[], &[], 1.0);
    assert!((log_loss(&nothing, 3, 0).unwrap() - 256f64.ln()).abs() < 1e-12);
    let certain = prediction(&[97], &[1.0], 0.0);
    assert_eq!(log_loss(&certain, 97, 1).unwrap(), 0.0);
    assert_eq!(log_loss(&certain, 98, 1).unwrap(), f64::INFINITY);
    assert_eq!(score(1.0, 3.0, 4.0), 0.5);
    assert_eq!(score(3.0, 3.0, 4.0), 0.0);
    assert_eq!(score(f64::NAN, 3.0, 4.0), 0.0);
}
