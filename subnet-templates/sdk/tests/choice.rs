//! How tokens are chosen: against a naive twin, and against the probabilities that they should have.

use proptest::prelude::*;
use subnet_sdk::{Logits, Sampling, noise};

/// The rule as it is written, without shortcuts: the tokens that take part, and their scores.
fn naive(logits: &[f32], sampling: &Sampling, position: u64) -> Vec<Option<f32>> {
    let temperature = f64::from(sampling.temperature);
    let mut order: Vec<usize> = (0..logits.len()).collect();
    order.sort_by(|a, b| logits[*b].total_cmp(&logits[*a]).then(a.cmp(b)));
    let weight =
        |id: usize| ((f64::from(logits[id]) - f64::from(logits[order[0]])) / temperature).exp();
    let all: f64 = (0..logits.len()).map(weight).sum();
    let mut scores = vec![None; logits.len()];
    let mut reached = 0.0;
    for id in order.iter().copied() {
        if reached > 0.0 && sampling.top_p < 1.0 && reached >= f64::from(sampling.top_p) * all {
            break;
        }
        reached += weight(id);
        scores[id] =
            Some(logits[id] + sampling.temperature * noise(sampling.seed, position, id as u32));
    }
    scores
}

fn winner(scores: &[Option<f32>]) -> u32 {
    let mut best: Option<(usize, f32)> = None;
    for (id, score) in scores.iter().enumerate() {
        if let Some(score) = score
            && best.is_none_or(|(_, best)| *score > best)
        {
            best = Some((id, *score));
        }
    }
    best.unwrap().0 as u32
}

fn vocabulary() -> impl Strategy<Value = Vec<f32>> {
    prop_oneof![
        prop::collection::vec(-20f32..20.0, 1..300),
        // Many equals.
        prop::collection::vec((-3i8..3).prop_map(f32::from), 1..300),
        prop::collection::vec(-0.001f32..0.001, 1..50),
    ]
}

fn sampling() -> impl Strategy<Value = Sampling> {
    let top_p = prop_oneof![Just(1.0f32), 0.01f32..1.0];
    (0.05f32..3.0, top_p, any::<u64>()).prop_map(|(temperature, top_p, seed)| Sampling {
        temperature,
        top_p,
        seed,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn choice_is_the_one_of_the_naive_rule(
        logits in vocabulary(), sampling in sampling(), position in 0u64..5_000,
    ) {
        let scores = naive(&logits, &sampling, position);
        prop_assert_eq!(Logits::new(&logits).choose(&sampling, position), winner(&scores));
    }

    #[test]
    fn gap_is_nothing_for_the_choice_and_the_difference_of_scores_for_others(
        logits in vocabulary(), sampling in sampling(), position in 0u64..5_000, other in any::<prop::sample::Index>(),
    ) {
        let wrapped = Logits::new(&logits);
        let choice = wrapped.choose(&sampling, position);
        prop_assert_eq!(wrapped.gap(&sampling, position, choice), 0.0);
        let other = other.index(logits.len());
        let gap = wrapped.gap(&sampling, position, other as u32);
        prop_assert!(gap >= 0.0);
        let scores = naive(&logits, &sampling, position);
        let best = scores[choice as usize].unwrap();
        match scores[other] {
            Some(score) => prop_assert_eq!(gap, best - score),
            None => {
                let last = logits.iter().zip(&scores).filter(|(_, score)| score.is_some());
                let last = last.map(|(logit, _)| *logit).fold(f32::INFINITY, f32::min);
                prop_assert!(gap >= last - logits[other]);
            }
        }
    }

    #[test]
    fn greedy_takes_the_first_of_the_most_probable(logits in vocabulary(), position in any::<u64>()) {
        let wrapped = Logits::new(&logits);
        let greatest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let first = logits.iter().position(|logit| *logit == greatest).unwrap();
        prop_assert_eq!(wrapped.choose(&Sampling::GREEDY, position), first as u32);
        prop_assert_eq!(wrapped.rank(first as u32), 0);
        for (id, logit) in (0..).zip(&logits) {
            // Another token that is equally probable is no choice, but not wrong either.
            prop_assert_eq!(wrapped.gap(&Sampling::GREEDY, position, id), greatest - logit);
        }
    }

    #[test]
    fn probabilities_make_one_and_candidates_are_ordered(logits in vocabulary(), count in 0usize..400) {
        let wrapped = Logits::new(&logits);
        let ids = 0..logits.len() as u32;
        let sum: f64 = ids.map(|id| f64::from(wrapped.log_probability(id)).exp()).sum();
        prop_assert!((sum - 1.0).abs() < 1e-4);
        let mut order: Vec<u32> = (0..logits.len() as u32).collect();
        order.sort_by(|a, b| logits[*b as usize].total_cmp(&logits[*a as usize]).then(a.cmp(b)));
        order.truncate(count);
        let candidates = wrapped.most_probable(count);
        let ids: Vec<u32> = candidates.iter().map(|candidate| candidate.id).collect();
        prop_assert_eq!(ids, order);
        for candidate in candidates {
            prop_assert_eq!(candidate.log_probability, wrapped.log_probability(candidate.id));
            let above = logits.iter().filter(|logit| **logit > logits[candidate.id as usize]);
            prop_assert_eq!(wrapped.rank(candidate.id) as usize, above.count());
        }
    }
}

/// How often each token comes among `draws` positions.
fn frequencies(logits: &[f32], sampling: &Sampling, draws: u64) -> Vec<f64> {
    let mut counts = vec![0.0; logits.len()];
    for position in 0..draws {
        counts[Logits::new(logits).choose(sampling, position) as usize] += 1.0;
    }
    counts.iter().map(|count| count / draws as f64).collect()
}

#[test]
fn draws_have_the_probabilities_of_the_softmax_at_the_temperature() {
    let logits = [2.0f32, 1.0, 0.5, 0.0, -1.0, -3.0];
    for (seed, temperature) in [(1, 0.5), (2, 1.0), (u64::MAX, 2.0)] {
        let sampling = Sampling {
            temperature,
            top_p: 1.0,
            seed,
        };
        let weights = logits.map(|logit| f64::from(logit / temperature).exp());
        let all: f64 = weights.iter().sum();
        let draws = 40_000;
        let found = frequencies(&logits, &sampling, draws);
        for (found, weight) in found.iter().zip(weights) {
            let wanted = weight / all;
            // Five standard deviations.
            let allowed = 5.0 * (wanted * (1.0 - wanted) / draws as f64).sqrt();
            assert!((found - wanted).abs() < allowed, "{found} {wanted}");
        }
    }
}

#[test]
fn top_p_leaves_out_the_improbable_and_keeps_the_proportions_of_the_others() {
    let logits = [0.5f32, 0.3, 0.15, 0.05].map(f32::ln);
    let sampling = Sampling {
        temperature: 1.0,
        top_p: 0.75,
        seed: 7,
    };
    let found = frequencies(&logits, &sampling, 40_000);
    assert!((found[0] - 0.625).abs() < 0.015, "{found:?}");
    assert!((found[1] - 0.375).abs() < 0.015, "{found:?}");
    assert_eq!(found[2..], [0.0, 0.0]);
    let wrapped = Logits::new(&logits);
    assert!(wrapped.gap(&sampling, 0, 3) >= (0.3f32 / 0.05).ln() - 1e-6);
}

#[test]
fn damaged_logits_neither_panic_nor_win() {
    let sampling = Sampling {
        temperature: 1.0,
        top_p: 0.9,
        seed: 3,
    };
    let logits = [f32::NAN, 1.0, f32::NEG_INFINITY, f32::NAN];
    let wrapped = Logits::new(&logits);
    for position in 0..100 {
        assert_eq!(wrapped.choose(&sampling, position), 1);
        assert_eq!(wrapped.gap(&sampling, position, 1), 0.0);
        for id in [0, 2, 3, 4, u32::MAX] {
            assert_eq!(wrapped.gap(&sampling, position, id), f32::INFINITY);
        }
    }
    assert_eq!(wrapped.log_probability(1), 0.0);
    for id in [0, 2, 9] {
        assert_eq!(wrapped.log_probability(id), f32::NEG_INFINITY);
    }
    let none = [f32::NAN; 3];
    assert_eq!(Logits::new(&none).choose(&sampling, 5), 0);
    assert_eq!(Logits::new(&none).log_probability(0), f32::NEG_INFINITY);
}
