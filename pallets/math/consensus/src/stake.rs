//! Stake weight, activity and active stake (section 4).

#![allow(
    clippy::arithmetic_side_effects,
    reason = "sums of at most 65 536 stake weights of 128 bits are kept in two words with room to spare"
)]

use alloc::vec::Vec;

use crate::fixed::{Proportion, normalise};

/// Stake weight of a neuron before threshold and normalisation: 64 integer and 64 fractional bits
/// (the `F64` of section 1).
///
/// **Unit**: smallest stake unit. The reference's format is signed and ends at `2^63`, far above the
/// supply cap; this one ends at `2^64`, and sums of it are exact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(transparent)]
pub struct StakeWeight(u128);

impl StakeWeight {
    /// A whole number of units.
    pub const fn from_units(units: u64) -> Self {
        Self((units as u128) << 64)
    }

    /// Raw bits, in `2^-64` units.
    pub const fn from_bits(bits: u128) -> Self {
        Self(bits)
    }

    /// Raw bits, in `2^-64` units.
    pub const fn to_bits(self) -> u128 {
        self.0
    }

    /// `alpha + TaoWeight·tao` (section 4.2), with `TaoWeight = tao_weight/(2^64 − 1)` truncated to
    /// 64 fractional bits. Saturates at the end of the range.
    pub const fn combine(alpha: u64, tao: u64, tao_weight: u64) -> Self {
        // 2^64 = (2^64 − 1) + 1, so the truncated quotient is `tao_weight`, plus one at the top.
        let factor = tao_weight as u128 + (tao_weight == u64::MAX) as u128;
        Self(((alpha as u128) << 64).saturating_add(tao as u128 * factor))
    }

    /// Whole units, rounded down; what a threshold is compared with.
    pub const fn units(self) -> u64 {
        (self.0 >> 64) as u64
    }
}

/// `max(1, ⌊factor_milli·tempo/1000⌋)`: the activity cutoff in blocks (section 4.1).
pub const fn activity_cutoff(factor_milli: u32, tempo: u16) -> u64 {
    let blocks = factor_milli as u64 * tempo as u64 / 1000;
    if blocks == 0 { 1 } else { blocks }
}

/// Is a neuron active that last updated at `last_update`, seen from `block` (section 4.1)?
pub const fn is_active(last_update: u64, cutoff: u64, block: u64) -> bool {
    last_update.saturating_add(cutoff) >= block
}

/// Writes `S`: stakes below the threshold count as 0 (the owner's is exempt), the rest is divided by
/// its exact sum (section 4.2).
///
/// **Rounding**: down to 32 fractional bits; dividing in 64 fractional bits and narrowing gives the
/// same, as both steps truncate.
pub(crate) fn normalised_stake(
    stake: &[StakeWeight],
    threshold: u64,
    owner: Option<usize>,
    out: &mut Vec<Proportion>,
) {
    let counted = |(index, weight): (usize, &StakeWeight)| {
        if weight.units() < threshold && owner != Some(index) {
            StakeWeight(0)
        } else {
            *weight
        }
    };
    let mut whole = 0_u128;
    let mut fraction = 0_u128;
    for weight in stake.iter().enumerate().map(counted) {
        whole += weight.0 >> 64;
        fraction += weight.0 & u128::from(u64::MAX);
    }
    let total = Total {
        whole: whole + (fraction >> 64),
        fraction: fraction as u64,
    };
    out.clear();
    out.extend(
        stake
            .iter()
            .enumerate()
            .map(counted)
            .map(|weight| total.share(weight)),
    );
}

/// An exact sum of stake weights: `whole + fraction·2^-64`, below `2^80`.
struct Total {
    whole: u128,
    fraction: u64,
}

impl Total {
    /// `⌊weight·2^32/self⌋`; 0 if there is nothing.
    fn share(&self, weight: StakeWeight) -> Proportion {
        if weight.0 == 0 {
            return Proportion::ZERO;
        }
        if self.fraction == 0 && weight.0 as u64 == 0 {
            // Whole units, the common case: at most 96 by 80 bits.
            let units = weight.0 >> 64;
            let bits = match (u64::try_from(units << 32), u64::try_from(self.whole)) {
                (Ok(part), Ok(whole)) => part.checked_div(whole).unwrap_or(0),
                _ => (units << 32).checked_div(self.whole).unwrap_or(0) as u64,
            };
            return Proportion::from_bits_bounded(bits);
        }
        // Long division, one quotient bit per step: `rest < total < 2^80` before each doubling.
        let (mut rest, mut rest_fraction) = (weight.0 >> 64, weight.0 as u64);
        let mut quotient = 0_u64;
        for step in 0..=32 {
            if step > 0 {
                rest = (rest << 1) | u128::from(rest_fraction >> 63);
                rest_fraction <<= 1;
                quotient <<= 1;
            }
            if (rest, rest_fraction) >= (self.whole, self.fraction) {
                let (difference, borrow) = rest_fraction.overflowing_sub(self.fraction);
                rest -= self.whole + u128::from(borrow);
                rest_fraction = difference;
                quotient |= 1;
            }
        }
        Proportion::from_bits_bounded(quotient)
    }
}

/// Writes `A`: the stake of active neurons that hold a permit, renormalised (section 4.4).
pub(crate) fn active_stake(
    stake: &[Proportion],
    active: &[bool],
    permits: impl Iterator<Item = bool>,
    out: &mut Vec<Proportion>,
) {
    out.clear();
    out.extend(
        stake
            .iter()
            .zip(active)
            .zip(permits)
            .map(|((&share, &active), permitted)| {
                if active && permitted {
                    share
                } else {
                    Proportion::ZERO
                }
            }),
    );
    normalise(out);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shares(stake: &[StakeWeight]) -> Vec<u64> {
        let mut out = Vec::new();
        normalised_stake(stake, 0, None, &mut out);
        out.into_iter().map(Proportion::to_bits).collect()
    }

    #[test]
    fn whole_units_are_divided_exactly_even_at_the_top() {
        let third = (1_u64 << 32) / 3;
        let top = StakeWeight::from_units(u64::MAX);
        assert_eq!(shares(&[top; 3]), [third; 3]);
        assert_eq!(shares(&[top]), [1 << 32]);
        assert_eq!(shares(&[StakeWeight::default(); 2]), [0, 0]);
    }

    #[test]
    fn fractions_count() {
        // 1.5 of 2 units, and the same scaled down to the last fractional bits.
        for shift in [0, 30, 62] {
            let large = StakeWeight::from_bits((3 << 63) >> shift);
            let small = StakeWeight::from_bits((1 << 63) >> shift);
            assert_eq!(shares(&[large, small]), [3 << 30, 1 << 30]);
        }
        let top = StakeWeight::from_bits(u128::MAX);
        assert_eq!(shares(&[top; 5]), [(1_u64 << 32) / 5; 5]);
        assert_eq!(
            shares(&[top, StakeWeight::from_bits(1)]),
            [(1 << 32) - 1, 0]
        );
    }

    #[test]
    fn long_division_agrees_with_short_division() {
        let mut state = 1_u64;
        for _ in 0..2_000 {
            let mut weights = [StakeWeight::default(); 3];
            for weight in &mut weights {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
                // At most 93 bits, so that the expected value fits 128.
                *weight = StakeWeight::from_bits(u128::from(state) << (state % 29) | 1);
            }
            let total: u128 = weights.iter().map(|weight| weight.0).sum();
            let expected = weights.map(|weight| ((weight.0 << 32) / total) as u64);
            assert_eq!(shares(&weights), expected);
        }
    }

    #[test]
    fn the_threshold_looks_at_whole_units_and_spares_the_owner() {
        let stake = [5, 4, 3].map(StakeWeight::from_units);
        let mut out = Vec::new();
        normalised_stake(&stake, 5, Some(2), &mut out);
        let bits: Vec<_> = out.iter().map(|share| share.to_bits()).collect();
        assert_eq!(bits, [(5 << 32) / 8, 0, (3 << 32) / 8]);
    }

    #[test]
    fn stake_weight_adds_the_weighted_root_stake() {
        assert_eq!(
            StakeWeight::combine(7, 9, u64::MAX),
            StakeWeight::from_units(16)
        );
        assert_eq!(StakeWeight::combine(7, 10, 1 << 63).units(), 12);
        assert_eq!(
            StakeWeight::combine(u64::MAX, u64::MAX, u64::MAX).to_bits(),
            u128::MAX
        );
    }

    #[test]
    fn cutoff_has_the_default_of_section_4() {
        assert_eq!(activity_cutoff(13_889, 360), 5_000);
        assert_eq!(activity_cutoff(1_000, 0), 1);
        assert!(is_active(0, 5_000, 5_000));
        assert!(!is_active(0, 5_000, 5_001));
        assert!(is_active(1, u64::MAX, u64::MAX));
    }
}
