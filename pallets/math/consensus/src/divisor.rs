//! Exact division of many numbers by one divisor, without dividing.
//!
//! The epoch divides a row by its sum, and a column by its sum or its maximum. The divisor is the
//! same for the whole row or column, so one reciprocal is computed and each quotient costs two
//! multiplications and a correction. The result is the exact truncated quotient, not an estimate.

#![allow(
    clippy::arithmetic_side_effects,
    reason = "the bounds are derived beside each expression; the remainders are meant to wrap"
)]

use crate::fixed::ONE;

/// A divisor `d` for numerators `x ≤ min(d, 2^32)`, giving `⌊x·2^32/d⌋`.
///
/// With `s = ⌊log2 d⌋` and `m = ⌊2^(32+s)/d⌋` (which lies in `2^31..=2^32`; `2^32` is replaced by
/// `2^32 − 1`), the estimate `⌊x·m/2^s⌋` never exceeds the quotient, and falls short of `x·2^32/d`
/// by less than `x/2^s ≤ 2` plus its own rounding. So it is at most 2 too small, the remainder is
/// below `3d`, and two comparisons finish the job.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Divisor {
    divisor: u64,
    reciprocal: u64,
    shift: u32,
}

impl Divisor {
    /// Largest supported divisor: three of it, the bound of the remainder, fit 64 bits.
    pub(crate) const MAX: u64 = 1 << 62;

    /// `None` for 0, by which the specification divides to 0, and above [`Self::MAX`].
    #[inline]
    pub(crate) fn new(divisor: u64) -> Option<Self> {
        if divisor > Self::MAX {
            return None;
        }
        let shift = divisor.checked_ilog2()?;
        let reciprocal = match 1_u64.checked_shl(shift + 32) {
            Some(power) => power.checked_div(divisor)?,
            None => u64::try_from((1_u128 << (shift + 32)) / u128::from(divisor)).ok()?,
        };
        Some(Self {
            divisor,
            reciprocal: reciprocal.min(ONE - 1),
            shift,
        })
    }

    /// `⌊x·2^32/d⌋` for `x ≤ min(d, 2^32)`.
    #[inline(always)]
    pub(crate) fn divide(&self, x: u64) -> u64 {
        debug_assert!(x <= self.divisor && x <= ONE);
        // x ≤ 2^32 and reciprocal < 2^32: the product fits 64 bits.
        let estimate = (x * self.reciprocal) >> self.shift;
        // The true difference is in 0..3d, so it survives the wrap of x·2^32 at x = 2^32.
        let remainder = (x << 32).wrapping_sub(estimate.wrapping_mul(self.divisor));
        estimate + u64::from(remainder >= self.divisor) + u64::from(remainder >= 2 * self.divisor)
    }
}

/// The sum of a row of stored `u16` values, giving `⌊v·2^32/sum⌋` for each value `v ≤ sum`.
///
/// `m = ⌊2^48/sum⌋` makes `⌊v·m/2^16⌋` fall short of the quotient by less than
/// `v/2^16 + 1 < 2`, so one comparison finishes the job.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RowSum {
    sum: u64,
    reciprocal: u64,
}

impl RowSum {
    /// `None` for 0. (A valid row sums to less than `2^32`; one that names targets twice may exceed
    /// that, and is refused later.)
    #[inline]
    pub(crate) fn new(sum: u64) -> Option<Self> {
        Some(Self {
            sum,
            reciprocal: (1_u64 << 48).checked_div(sum)?,
        })
    }

    /// `⌊value·2^32/sum⌋` for `value ≤ sum`.
    #[inline(always)]
    pub(crate) fn divide(&self, value: u16) -> u64 {
        let value = u64::from(value);
        debug_assert!(value <= self.sum);
        // value < 2^16 and reciprocal ≤ 2^48: the product fits 64 bits.
        let estimate = (value * self.reciprocal) >> 16;
        let remainder = (value << 32) - estimate * self.sum;
        estimate + u64::from(remainder >= self.sum)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exact(x: u64, d: u64) -> u64 {
        ((u128::from(x) << 32) / u128::from(d)) as u64
    }

    /// A small deterministic generator, so that the test needs no dependency.
    fn numbers(mut state: u64) -> impl FnMut() -> u64 {
        move || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state
        }
    }

    #[test]
    fn quotients_are_exact_at_every_magnitude_and_edge() {
        let mut next = numbers(0x9e37_79b9_7f4a_7c15);
        for bits in 0..=62 {
            let power = 1_u64 << bits;
            for round in 0..400 {
                let d = match round {
                    0 => power,
                    1 => (power * 2 - 1).min(Divisor::MAX),
                    2 => (power + 1).min(Divisor::MAX),
                    _ => (power + next() % power).min(Divisor::MAX),
                };
                let divisor = Divisor::new(d).unwrap();
                let top = d.min(ONE);
                for x in [0, 1, top, top - 1, top / 2, top / 3, next() % (top + 1)] {
                    assert_eq!(divisor.divide(x), exact(x, d), "{x}·2^32/{d}");
                }
            }
        }
    }

    #[test]
    fn quotients_are_exact_around_multiples() {
        let mut next = numbers(7);
        for _ in 0..200_000 {
            let d = next() >> (next() % 63).max(2);
            let Some(divisor) = Divisor::new(d) else {
                continue;
            };
            let q = next() % (ONE + 1);
            let near = ((u128::from(q) * u128::from(d)) >> 32) as u64;
            for x in [near.saturating_sub(1), near, near + 1] {
                let x = x.min(d).min(ONE);
                assert_eq!(divisor.divide(x), exact(x, d));
            }
        }
    }

    #[test]
    fn golden_11_8_column_upscale() {
        let upscale = Divisor::new(4).unwrap();
        let quarters = [0, 1, 2, 3, 4].map(|value| upscale.divide(value));
        assert_eq!(quarters, [0, ONE / 4, ONE / 2, ONE / 4 * 3, ONE]);
    }

    #[test]
    fn zero_is_not_a_divisor() {
        assert!(Divisor::new(0).is_none());
        assert!(Divisor::new(Divisor::MAX + 1).is_none());
        assert!(RowSum::new(0).is_none());
    }

    #[test]
    fn row_quotients_are_exact() {
        let mut next = numbers(3);
        for _ in 0..300_000 {
            let value = next() as u16;
            let sum = (u64::from(value) + ((next() % ONE) >> (next() % 32))).clamp(1, ONE - 1);
            assert_eq!(
                RowSum::new(sum).unwrap().divide(value),
                exact(u64::from(value), sum)
            );
        }
        for value in [1, 2, 65_534, 65_535_u16] {
            let v = u64::from(value);
            for sum in [v, v + 1, 2 * v, 65_535 * 65_536, 65_535 * 65_536 - 1] {
                assert_eq!(RowSum::new(sum).unwrap().divide(value), exact(v, sum));
            }
        }
    }
}
