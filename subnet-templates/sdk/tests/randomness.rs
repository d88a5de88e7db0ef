//! Seeds, draws and noise.

use std::collections::BTreeSet;

use proptest::prelude::*;
use subnet_sdk::{Seed, noise};

fn round(epoch: u64) -> Seed {
    Seed::of_round(&[1; 32], 2, epoch, &[4; 32])
}

#[test]
fn every_argument_changes_the_seed() {
    let seeds = [
        Seed::of_round(&[1; 32], 2, 3, &[4; 32]),
        Seed::of_round(&[2; 32], 2, 3, &[4; 32]),
        Seed::of_round(&[1; 32], 3, 3, &[4; 32]),
        Seed::of_round(&[1; 32], 2, 4, &[4; 32]),
        Seed::of_round(&[1; 32], 2, 3, &[5; 32]),
        round(3).for_purpose("a", b""),
        round(3).for_purpose("", b"a"),
        round(3).for_purpose("ab", b"c"),
        round(3).for_purpose("a", b"bc"),
        round(3).for_index(0),
        round(3).for_index(1),
    ];
    let different: BTreeSet<_> = seeds.iter().map(Seed::bytes).collect();
    assert_eq!(different.len(), seeds.len());
}

/// What validators recorded must be replayed by later versions: these values never change. They come from an implementation
/// of its own, in another language.
#[test]
fn seeds_draws_and_noise_are_frozen() {
    let seed = round(3).for_purpose("question", &[7; 32]).for_index(5);
    let mut draws = seed.draws();
    let drawn: Vec<u64> = (0..4).map(|_| draws.below(1_000)).collect();
    let noises = [
        noise(0, 0, 0),
        noise(1, 2, 3),
        noise(u64::MAX, 4_095, 151_935),
    ];
    assert_eq!(
        (seed.number(), drawn, noises),
        (
            12_342_990_548_744_548_585,
            vec![951, 143, 863, 253],
            [-2.852_362_9, -0.193_052_9, 0.694_709_4],
        )
    );
}

#[test]
fn noise_is_gumbel_distributed_and_independent_of_its_neighbours() {
    let count = 200_000u32;
    let of = |token: u32| f64::from(noise(42, u64::from(token) / 300, token % 300));
    let values: Vec<f64> = (0..count).map(of).collect();
    let mean = values.iter().sum::<f64>() / f64::from(count);
    let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / f64::from(count);
    // Euler's constant and π²/6; five standard deviations of the means.
    assert!((mean - 0.577_216).abs() < 0.015, "{mean}");
    assert!((variance - 1.644_934).abs() < 0.06, "{variance}");
    for distance in [1, 2, 299, 300, 301] {
        let pairs = values.iter().zip(values.iter().skip(distance));
        let covariance = pairs.map(|(a, b)| (a - mean) * (b - mean)).sum::<f64>();
        let correlation = covariance / f64::from(count) / variance;
        assert!(correlation.abs() < 0.012, "{distance}: {correlation}");
    }
    for seed in [43, 42 + (1 << 32), !42] {
        let other = |token: u32| f64::from(noise(seed, u64::from(token) / 300, token % 300));
        let pairs = (0..count).map(|token| (of(token) - mean) * (other(token) - mean));
        let correlation = pairs.sum::<f64>() / f64::from(count) / variance;
        assert!(correlation.abs() < 0.012, "{seed}: {correlation}");
    }
}

#[test]
fn draws_below_a_bound_are_even() {
    let mut draws = round(1).draws();
    let mut counts = [0u32; 6];
    for _ in 0..60_000 {
        counts[draws.below(6) as usize] += 1;
    }
    // Five standard deviations are 456.
    assert!(
        counts.iter().all(|count| count.abs_diff(10_000) < 456),
        "{counts:?}"
    );
    let mean = (0..10_000).map(|_| draws.unit()).sum::<f64>() / 10_000.0;
    assert!((mean - 0.5).abs() < 0.015, "{mean}");
}

proptest! {
    #[test]
    fn draws_stay_in_their_range(bytes in any::<[u8; 32]>(), a in any::<u64>(), b in any::<u64>()) {
        let seed = Seed::from_bytes(bytes);
        let mut draws = seed.draws();
        prop_assert!(a == 0 || draws.below(a) < a);
        prop_assert_eq!(draws.below(0), 0);
        let drawn = draws.between(a, b);
        let is_inside = (a..=b).contains(&drawn) || (a > b && drawn == a);
        prop_assert!(is_inside);
        let unit = draws.unit();
        prop_assert!((0.0..1.0).contains(&unit));
        prop_assert_eq!(draws.pick::<u8>(&[]), None);
        prop_assert_eq!(seed.draws().below(a), seed.draws().below(a));
    }

    #[test]
    fn distinct_numbers_are_distinct(bytes in any::<[u8; 32]>(), count in 0usize..80, bound in 0usize..60) {
        let drawn = Seed::from_bytes(bytes).draws().distinct(count, bound);
        prop_assert_eq!(drawn.len(), count.min(bound));
        prop_assert!(drawn.iter().all(|number| *number < bound));
        let different: BTreeSet<_> = drawn.iter().collect();
        prop_assert_eq!(different.len(), drawn.len());
    }

    #[test]
    fn noise_is_finite_whatever_the_arguments(seed in any::<u64>(), position in any::<u64>(), token in any::<u32>()) {
        let value = noise(seed, position, token);
        prop_assert!((-3.0..17.5).contains(&value), "{}", value);
    }
}
