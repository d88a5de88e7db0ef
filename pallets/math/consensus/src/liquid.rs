//! Liquid alpha: a bond's rate from the distance between a weight and the consensus (section 6.6).
//!
//! The logistic function needs `e^-z` for `0 ≤ z ≤ 20`. It is the product of a tabulated
//! `e^-⌊z⌋`, a tabulated `e^-(j/128)` and `1 − g` for the rest `f < 1/128`, with
//! `g = f − f²/2 + f³/6` kept to 39 fractional bits. The tables are computed at compile time.
//!
//! **Error**: below `2^-29` in the logistic value (tested against `f64` over the whole range), five
//! hundred times finer than the `1e-6` within which section 6.6 calls implementations equivalent, and
//! far below the quantum `2^-16` of a stored bond. Beyond ±20 the argument is clamped, as in the
//! reference.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "table building is evaluated at compile time, where a fault is a build error; \
              bounds of the run-time products are stated beside them"
)]

use crate::error::ConsensusError;
use crate::fixed::{ONE, Proportion, mul};

/// Where the argument of the exponential is clamped.
const LIMIT: u64 = 20;
const STEPS: usize = 128;

/// `e^-i` for `i` in `0..=20`, in bits.
static POWERS: [u64; LIMIT as usize + 1] = powers(exp_minus_one_over(1));
/// `e^-(j/128)` for `j` in `0..128`, in bits.
static FRACTIONS: [u64; STEPS] = powers(exp_minus_one_over(STEPS as i128));

/// `e^(-1/n)` with 62 fractional bits, by its power series.
const fn exp_minus_one_over(n: i128) -> u128 {
    let mut sum = 1_i128 << 62;
    let mut term = sum;
    let mut k = 1;
    while term != 0 {
        term = -term / (n * k);
        sum += term;
        k += 1;
    }
    sum as u128
}

/// `base^0, base^1, …` rounded to nearest, from 62 fractional bits.
const fn powers<const N: usize>(base: u128) -> [u64; N] {
    let mut table = [0; N];
    let mut power = 1_u128 << 62;
    let mut index = 0;
    while index < N {
        table[index] = ((power + (1 << 29)) >> 30) as u64;
        power = (power * base) >> 62;
        index += 1;
    }
    table
}

/// `e^-z` for `z` in bits (32 fractional), at most [`LIMIT`].
#[inline(always)]
fn exp_minus(z: u64) -> u64 {
    let f = z & ((1 << 25) - 1);
    // f < 2^25: f² < 2^50 and (f²/2^18)·f < 2^57. `g` has 39 fractional bits and is below 2^32.
    let square = f * f;
    let g = (f << 7) - (square >> 26) + ((((square >> 18) * f) / 6) >> 39);
    let power = POWERS.get((z >> 32) as usize).copied().unwrap_or(0);
    let fraction = FRACTIONS
        .get((z >> 25) as usize & (STEPS - 1))
        .copied()
        .unwrap_or(0);
    let base = mul(power, fraction);
    base - ((base * g) >> 39)
}

/// `1/(1 + e^-z)` for `z ≥ 0` and, with `rising` false, `1/(1 + e^z)`.
#[inline(always)]
fn logistic(z: u64, rising: bool) -> u64 {
    let e = exp_minus(z);
    if e >= ONE {
        return ONE / 2;
    }
    // e < 2^32, so the numerator fits 64 bits.
    let divisor = ONE + e;
    if rising {
        ONE - (e << 32).div_ceil(divisor)
    } else {
        (e << 32) / divisor
    }
}

/// Parameters of liquid alpha (section 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LiquidAlpha {
    /// Lowest rate, a stored proportion.
    pub low: u16,
    /// Highest rate, a stored proportion, at least `low`.
    pub high: u16,
    /// Steepness in hundredths; a negative one lets the rate fall with the distance.
    pub steepness: i16,
}

impl LiquidAlpha {
    /// `α_ij` of one cell, for explaining a result.
    ///
    /// **Errors**: [`ConsensusError::AlphaBoundsCrossed`].
    pub fn rate(
        self,
        consensus: Proportion,
        weight: Proportion,
        bond: Proportion,
    ) -> Result<Proportion, ConsensusError> {
        let rate = LiquidRate::new(self)?;
        let bits = rate.rate(consensus.to_bits(), weight.to_bits(), bond.to_bits());
        Ok(Proportion::from_bits_bounded(bits))
    }
}

/// Liquid alpha, prepared for many cells.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LiquidRate {
    low: u64,
    span: u64,
    steepness_whole: u64,
    steepness_fraction: u64,
    rising: bool,
}

impl LiquidRate {
    pub(crate) fn new(parameters: LiquidAlpha) -> Result<Self, ConsensusError> {
        let LiquidAlpha {
            low,
            high,
            steepness,
        } = parameters;
        if low > high {
            return Err(ConsensusError::AlphaBoundsCrossed { low, high });
        }
        let low = Proportion::from_u16(low).to_bits();
        let steepness_bits = (u64::from(steepness.unsigned_abs()) << 32) / 100;
        Ok(Self {
            low,
            span: Proportion::from_u16(high).to_bits() - low,
            steepness_whole: steepness_bits >> 32,
            steepness_fraction: steepness_bits & (ONE - 1),
            rising: steepness >= 0,
        })
    }

    /// `α_ij` of a cell with consensus `c`, weight `w` and bond `u`, all in bits.
    #[inline(always)]
    pub(crate) fn rate(&self, consensus: u64, weight: u64, bond: u64) -> u64 {
        let distance = if weight >= bond {
            weight.saturating_sub(consensus)
        } else {
            bond - weight
        };
        let half = ONE / 2;
        // |d − 1/2| ≤ 2^31 and the steepness is below 328: both products fit.
        let from_half = distance.abs_diff(half);
        let z = self.steepness_whole * from_half + ((self.steepness_fraction * from_half) >> 32);
        let sigma = logistic(z.min(LIMIT << 32), (distance >= half) == self.rising);
        self.low + mul(self.span, sigma)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bits(value: f64) -> u64 {
        (value * ONE as f64).round() as u64
    }

    #[test]
    fn golden_11_9_rates() {
        let groups: [(&[[f64; 3]], f64, f64); 3] = [
            (&[[0.5, 0.5, 0.5], [1.0, 1.0, 1.0]], 0.701_346, 0.101_331),
            (&[[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]], 0.898_669, 0.298_654),
            (
                &[[0.0, 0.5, 0.0], [0.25, 0.75, 0.1], [0.5, 0.2, 0.7]],
                0.800_008,
                0.199_992,
            ),
        ];
        for (low, high, second) in [(45_875, 58_982, false), (6_553, 19_660, true)] {
            let rate = LiquidRate::new(LiquidAlpha {
                low,
                high,
                steepness: 1_000,
            })
            .unwrap();
            for (cells, first_value, second_value) in groups {
                let expected = if second { second_value } else { first_value };
                for &[c, w, u] in cells {
                    let found = rate.rate(bits(c), bits(w), bits(u)) as f64 / ONE as f64;
                    assert!((found - expected).abs() < 0.51e-6, "{c} {w} {u}: {found}");
                }
            }
        }
    }

    #[test]
    fn the_exponential_is_accurate_and_does_not_rise() {
        let mut worst = 0.0_f64;
        let mut previous = u64::MAX;
        // A prime stride visits every table entry at varying offsets.
        for z in (0..=LIMIT << 32).step_by(40_009) {
            let found = exp_minus(z);
            let exact = (-(z as f64 / ONE as f64)).exp() * ONE as f64;
            worst = worst.max((found as f64 - exact).abs());
            assert!(found <= previous, "rises at {z}");
            previous = found;
        }
        assert!(worst < 4.0, "off by {worst} units of 2^-32");
    }

    #[test]
    fn the_exponential_hardly_rises_at_the_joints() {
        for joint in 1..LIMIT * STEPS as u64 {
            let z = joint << 25;
            assert!(exp_minus(z) <= exp_minus(z - 1) + 2, "joint {joint}");
        }
    }

    #[test]
    fn the_logistic_function_is_accurate_and_symmetric() {
        for z in (0..=LIMIT << 32).step_by(400_009) {
            let (up, down) = (logistic(z, true), logistic(z, false));
            let exact = ONE as f64 / (1.0 + (-(z as f64 / ONE as f64)).exp());
            assert!((up as f64 - exact).abs() < 8.0, "{z}");
            assert!(ONE - up - down <= 1, "{z}");
        }
        assert_eq!(logistic(0, true), ONE / 2);
        assert_eq!(logistic(0, false), ONE / 2);
    }

    #[test]
    fn rates_stay_between_their_bounds_at_any_steepness() {
        for steepness in [i16::MIN, -1_000, -1, 0, 1, 99, 1_000, i16::MAX] {
            let rate = LiquidRate::new(LiquidAlpha {
                low: 1_638,
                high: 65_535,
                steepness,
            })
            .unwrap();
            let mut previous = None;
            for step in 0..=64_u64 {
                let found = rate.rate(0, step << 26, 0);
                assert!((Proportion::from_u16(1_638).to_bits()..=ONE).contains(&found));
                if let Some(previous) = previous {
                    assert!(if steepness >= 0 {
                        found >= previous
                    } else {
                        found <= previous
                    });
                }
                previous = Some(found);
            }
        }
    }

    #[test]
    fn crossed_bounds_are_refused() {
        let crossed = LiquidAlpha {
            low: 2,
            high: 1,
            steepness: 0,
        };
        let error = ConsensusError::AlphaBoundsCrossed { low: 2, high: 1 };
        assert_eq!(LiquidRate::new(crossed).unwrap_err(), error);
    }
}
