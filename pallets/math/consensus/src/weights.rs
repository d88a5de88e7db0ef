//! Submitted weights: what is stored, and the largest share allowed (section 10.1).

#![allow(
    clippy::arithmetic_side_effects,
    reason = "an entry is at most the maximum, which is below 2^47: all products fit 128 bits"
)]

use alloc::vec::Vec;

use crate::fixed::{ONE, Proportion};

/// `round_half_up(entry·65535/max)` in numbers with 32 fractional bits, for `entry ≤ max`.
///
/// Above 32768 the factor `65535/max` is rounded down first; up to there the product comes first. So
/// the rule of section 10.1 has two roundings in one case and one in the other.
const fn upscale(entry: u64, max: u64) -> u16 {
    if max == 0 {
        return 0;
    }
    let (entry, wide) = (entry as u128, max as u128);
    let scaled = if max > 32_768 << 32 {
        (entry * ((65_535_u128 << 64) / wide)) >> 32
    } else {
        ((entry * 65_535) << 32) / wide
    };
    ((scaled + (1 << 31)) >> 32) as u16
}

/// Weights as they are stored: scaled so that the largest becomes 65535, in the order given.
/// A list of zeros stays as it is.
pub fn max_upscale(values: &[u16]) -> Vec<u16> {
    let max = values.iter().copied().max().unwrap_or(0);
    let fixed = |value: u16| u64::from(value) << 32;
    values
        .iter()
        .map(|&value| upscale(fixed(value), fixed(max)))
        .collect()
}

/// Is the largest value at most the proportion `limit` of the sum?
///
/// Both proportions are truncated quotients, as in the vectors of section 11.8. No values, or only
/// zeros, exceed nothing.
pub fn is_max_weight_within(values: &[u16], limit: u16) -> bool {
    let sum: u64 = values.iter().copied().map(u64::from).sum();
    let max = values.iter().copied().max().map_or(0, u64::from);
    Proportion::ratio(max, sum) <= Proportion::from_u16(limit)
}

const _: () = assert!(upscale(32_769 * ONE, 32_769 * ONE) == u16::MAX);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn golden_11_8_upscale_of_stored_values() {
        assert_eq!(max_upscale(&[0, 1]), [0, 65_535]);
        assert_eq!(max_upscale(&[0, 1, 65_534]), [0, 1, 65_535]);
        assert_eq!(max_upscale(&[45_874, 19_660]), [65_535, 28_086]);
        assert_eq!(max_upscale(&[43_690, 21_845]), [65_535, 32_768]);
        let stored = [16_383, 32_767, 49_149, 65_535];
        assert_eq!(max_upscale(&stored), stored);
        assert_eq!(max_upscale(&[0, 0]), [0, 0]);
        assert_eq!(max_upscale(&[]), []);
    }

    /// Halves show which operation comes first: `32767·65535/65534` is 32767.5, but the factor that is
    /// rounded down first stays below.
    #[test]
    fn above_32768_the_factor_is_rounded_first() {
        assert_eq!(max_upscale(&[32_767, 65_534]), [32_767, 65_535]);
        assert_eq!(max_upscale(&[16_384, 32_768]), [32_768, 65_535]);
    }

    #[test]
    fn golden_11_8_upscale_of_fractions() {
        let upscaled = |values: &[f64]| -> Vec<u16> {
            let bits: Vec<u64> = values
                .iter()
                .map(|value| (value * ONE as f64).round() as u64)
                .collect();
            let max = *bits.iter().max().unwrap();
            bits.iter().map(|&entry| upscale(entry, max)).collect()
        };
        assert_eq!(
            upscaled(&[0.0, 0.5, 1.0, 1.5, 2.0, 32_768.0]),
            [0, 1, 2, 3, 4, 65_535],
        );
        assert_eq!(
            upscaled(&[1e-6, 6e-6, 7e-6, 1e-4, 1e-3, 0.01, 0.1, 0.2, 0.3, 0.4]),
            [0, 1, 1, 16, 164, 1_638, 16_384, 32_768, 49_151, 65_535],
        );
    }

    #[test]
    fn every_maximum_becomes_the_top_and_order_is_kept() {
        for max in 1..=u16::MAX {
            let half = max / 2;
            let [low, middle, high] = max_upscale(&[max.min(1), half, max])[..] else {
                panic!("three values")
            };
            assert_eq!(high, u16::MAX);
            assert!((half == 0 || low <= middle) && middle <= high);
        }
    }

    #[test]
    fn golden_11_8_max_weight() {
        const M: u16 = u16::MAX;
        assert!(!is_max_weight_within(&[0, M, M], 32_767));
        assert!(is_max_weight_within(&[0, M, M], 32_768));
        assert!(!is_max_weight_within(&[0, M, M, M], 21_844));
        assert!(is_max_weight_within(&[0, M, M, M], 21_845));
        assert!(is_max_weight_within(&[], 0));
        assert!(is_max_weight_within(&[0], 0));
        assert!(is_max_weight_within(&[9], M));
    }
}
