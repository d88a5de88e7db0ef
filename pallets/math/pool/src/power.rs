//! Powers with real exponents, between proven bounds.
//!
//! `r^e` is `2^(e·log2 r)`. Everything is unsigned fixed point with 126 fractional bits; an *ulp*
//! is `2^-126`. Each step rounds in a known direction and its error is bounded, so that the result
//! is an interval that contains the exact power.
//!
//! **Logarithm.** `r = 2^k·m` with `1 ≤ m < 2`, then 126 times: square `m`; if the result is at
//! least 2, the next bit is 1 and `m` is halved. One rounding down of an `m ≥ 1` costs less than
//! `log2(1 + ulp) < 1.45 ulp`, and of the error made in step `i` only `2^-i` counts, so all of them
//! cost less than 2.9 ulp; the bits not computed are worth less than 1 ulp. The logarithm is
//! therefore in `[L, L + 4 ulp)` ([`LOG_ERROR`]).
//!
//! **Exponential.** `2^f = Σ z^k/k!` with `z = f·ln 2 < 0.694`, all terms positive. Rounding `ln 2`
//! and `z` down costs less than 2 ulp of the exponent and thus 4 ulp of the result. An error of one
//! term reaches the next by a factor of at most `0.694/2`, so each term errs by less than 1.54 ulp;
//! the 31 terms that are not zero err by less than 48 ulp, and those cut off sum to less than 3
//! ulp. The result is therefore in `[S, S + 64 ulp)` ([`EXP_ERROR`]).
//!
//! **Power of at most one.** With exponent `e ≤ 99`, the bounds of `e·log2 r` are at most
//! `4·99 + 2` ulp apart, those of the power at most `398·ln 2 + 32 + 2 < 2^9` ulp: a width of
//! `2^-117`.
//!
//! **Power of a base near one.** Most trades move a pool by little, and the chain trades with every
//! pool in every block. For `r = 1 − u` with `u ≤ 2^-16`, `−ln r = Σ u^k/k` ends after 8 terms. With
//! 142 fractional bits each power of `u` is rounded down by less than 1.01 of its ulp and each
//! quotient by one more, so the logarithm errs by less than `1.01 + 7·1 + 1.01·Σ 1/k + 1 < 12` of these
//! ulp ([`NEAR_LOG_ERROR`]), even times 99 far less than `2^-126`. Then `e^-z` with `z ≤ 2^-8` is the
//! difference of the even and the odd terms of its series, at most 8 each, that err by less than 1.6 ulp
//! each, and what is cut off by less than one ([`NEAR_EXP_ERROR`]). The bounds are at most 40 ulp apart.

use dendra_primitives::{
    Rounding,
    wide::{self, U256},
};

use crate::MathError;

/// Fractional bits.
pub(crate) const BITS: u32 = 126;
/// One.
pub(crate) const ONE: u128 = 1 << BITS;
/// `⌊ln 2 · 2^126⌋`.
const LN_2: u128 = 58_966_440_806_378_323_534_486_035_691_038_621_099;
/// The logarithm is less than this many ulp above the computed one.
const LOG_ERROR: u8 = 4;
/// The exponential is less than this many ulp above the computed one.
const EXP_ERROR: u128 = 64;

/// A base this many bits below one, or nearer, is near one.
const NEAR_BITS: u32 = 16;
/// Bits of its logarithm beyond those of everything else.
const NEAR_GUARD: u32 = 16;
/// The logarithm of a base near one is less than this many of its ulp above the computed one.
const NEAR_LOG_ERROR: u8 = 16;
/// The sum of the even terms of the exponential, and that of the odd ones, is less than this many ulp above
/// the computed one.
const NEAR_EXP_ERROR: u128 = 16;

/// An exponent, as a ratio of two positive integers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exponent {
    /// Dividend.
    pub numerator: u64,
    /// Divisor, not zero.
    pub denominator: u64,
}

/// Bounds of a power between zero and one: `low ≤ power ≤ high`, in units of `2^-126`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PowerBounds {
    /// Not above the power.
    pub low: u128,
    /// Not below the power, and at most one.
    pub high: u128,
}

impl PowerBounds {
    /// Units of one.
    pub const ONE: u128 = ONE;
}

/// Bounds of `(numerator / denominator)^exponent` for a base of at most one.
///
/// **Rounding:** outwards; for exponents up to 99 the bounds are at most `2^-117` apart.
/// **Complexity:** 126 squarings and about 31 terms; for a base within `2^-16` of one, which is what
/// most trades ask, about 10 terms for a distance of `2^-26`. **Errors:** `ZeroReserve` if numerator or
/// denominator is zero or the base exceeds one, `Overflow` for an exponent without denominator.
pub fn power_below_one(
    numerator: u128,
    denominator: u128,
    exponent: Exponent,
) -> Result<PowerBounds, MathError> {
    if numerator == 0 || numerator > denominator {
        return Err(MathError::ZeroReserve);
    }
    if numerator == denominator {
        return Ok(PowerBounds {
            low: ONE,
            high: ONE,
        });
    }
    if let Some(bounds) = power_near_one(numerator, denominator, exponent) {
        return Ok(bounds);
    }
    let log = log2(U256::from(denominator), U256::from(numerator))?;
    let log_above = log
        .checked_add(U256::from(LOG_ERROR))
        .ok_or(MathError::Overflow)?;
    let least = scale(log, exponent, Rounding::Down)?;
    let most = scale(log_above, exponent, Rounding::Up)?;
    let (low, _) = exp2_negative(most)?;
    let (_, high) = exp2_negative(least)?;
    Ok(PowerBounds { low, high })
}

/// The bounds for a base near one; `None` if it is not, or if the power is not.
fn power_near_one(numerator: u128, denominator: u128, exponent: Exponent) -> Option<PowerBounds> {
    let missing = denominator.checked_sub(numerator)?;
    if missing > denominator >> NEAR_BITS {
        return None;
    }
    let log = log_near_one(missing, denominator)?;
    let scaled = |log: U256, rounding| {
        let divisor = wide::shift_left(U256::from(exponent.denominator), NEAR_GUARD)?;
        let scaled = wide::mul_div(log, U256::from(exponent.numerator), divisor, rounding)?;
        wide::to_u128(scaled).filter(|scaled| *scaled <= ONE >> 8)
    };
    let least = scaled(log, Rounding::Down)?;
    let most = scaled(log.checked_add(U256::from(NEAR_LOG_ERROR))?, Rounding::Up)?;
    let power = exp_of_small(least)?;
    Some(PowerBounds {
        // A step of the exponent is at least a step of the power.
        low: power
            .saturating_sub(NEAR_EXP_ERROR)
            .saturating_sub(most.saturating_sub(least)),
        high: power.saturating_add(NEAR_EXP_ERROR).min(ONE),
    })
}

/// `−ln(1 − missing/denominator)` with [`NEAR_GUARD`] bits more than usual, rounded down by less than
/// [`NEAR_LOG_ERROR`].
fn log_near_one(missing: u128, denominator: u128) -> Option<U256> {
    let bits = BITS.saturating_add(NEAR_GUARD);
    let scale = wide::shift_left(U256::one(), bits)?;
    // At most 2^-16, so 126 bits.
    let distance = wide::mul_div(
        U256::from(missing),
        scale,
        U256::from(denominator),
        Rounding::Down,
    )
    .and_then(wide::to_u128)?;
    let (mut power, mut sum) = (distance, distance);
    for divisor in 2..=BITS {
        power = wide::to_u128(wide::shift_right(wide::product(power, distance), bits))?;
        if power == 0 {
            break;
        }
        sum = sum.checked_add(power.checked_div(u128::from(divisor))?)?;
    }
    Some(U256::from(sum))
}

/// `e^-z` for `z ≤ 2^-8`, off by less than [`NEAR_EXP_ERROR`] in either direction.
fn exp_of_small(z: u128) -> Option<u128> {
    let (mut even, mut odd) = (ONE, 0u128);
    let mut term = ONE;
    for divisor in 1..=BITS {
        term = wide::to_u128(wide::shift_right(wide::product(term, z), BITS))?
            .checked_div(u128::from(divisor))?;
        if term == 0 {
            break;
        }
        let sum = if divisor.is_multiple_of(2) {
            &mut even
        } else {
            &mut odd
        };
        *sum = sum.checked_add(term)?;
    }
    even.checked_sub(odd)
}

/// `⌊amount · (numerator / denominator)^exponent⌋` for a base of at least one, or less by one where
/// the exact product is an integer or nearly so; `None` if it exceeds 64 bits.
pub(crate) fn scale_by_power_above_one(
    amount: u64,
    numerator: U256,
    denominator: U256,
    exponent: Exponent,
) -> Result<Option<u64>, MathError> {
    let log = scale(log2(numerator, denominator)?, exponent, Rounding::Down)?;
    let (whole, fraction) = parts(log);
    // 64 bits times at most 127.
    let product = wide::product(u128::from(amount), exp2_fraction(fraction)?);
    Ok(whole
        .and_then(|whole| wide::shift_left(product, whole))
        .and_then(|product| wide::to_u64(wide::shift_right(product, BITS))))
}

/// `log2(numerator / denominator)` for a ratio of at least one, rounded down by less than
/// [`LOG_ERROR`].
fn log2(numerator: U256, denominator: U256) -> Result<U256, MathError> {
    let (mut whole, mut aligned) = (
        denominator
            .leading_zeros()
            .saturating_sub(numerator.leading_zeros()),
        denominator,
    );
    // The ratio lies between 2^(whole−1) and 2^(whole+1).
    while let Some(shifted) = wide::shift_left(denominator, whole) {
        aligned = shifted;
        if aligned <= numerator || whole == 0 {
            break;
        }
        whole = whole.saturating_sub(1);
    }
    let mut mantissa = wide::mul_div(numerator, U256::from(ONE), aligned, Rounding::Down)
        .and_then(wide::to_u128)
        .ok_or(MathError::Overflow)?;
    let mut fraction = 0u128;
    for _ in 0..BITS {
        // Less than 2^127 squared.
        let square = wide::product(mantissa, mantissa);
        let is_two_or_more = square.bit(253);
        let shift = if is_two_or_more { 127 } else { BITS };
        mantissa = wide::to_u128(wide::shift_right(square, shift)).ok_or(MathError::Overflow)?;
        fraction = (fraction << 1) | u128::from(is_two_or_more);
    }
    wide::product(u128::from(whole), ONE)
        .checked_add(U256::from(fraction))
        .ok_or(MathError::Overflow)
}

/// `log · exponent`.
fn scale(log: U256, exponent: Exponent, rounding: Rounding) -> Result<U256, MathError> {
    let (numerator, denominator) = (exponent.numerator, exponent.denominator);
    wide::mul_div(
        log,
        U256::from(numerator),
        U256::from(denominator),
        rounding,
    )
    .ok_or(MathError::Overflow)
}

/// Whole part, `None` beyond 32 bits, and fraction.
fn parts(log: U256) -> (Option<u32>, u128) {
    let whole = u32::try_from(wide::shift_right(log, BITS)).ok();
    (whole, log.low_u128() & (ONE - 1))
}

/// Bounds of `2^-log`.
fn exp2_negative(log: U256) -> Result<(u128, u128), MathError> {
    let (whole, fraction) = parts(log);
    let Some(whole) = whole.filter(|whole| *whole < BITS) else {
        // Less than one ulp.
        return Ok((0, 1));
    };
    if fraction == 0 {
        let power = ONE >> whole;
        return Ok((power, power));
    }
    // 2^-(i + f) = 2^(1 − f) / 2^(i + 1), which needs no negative terms.
    let shift = whole.saturating_add(1);
    let mantissa = exp2_fraction(ONE.saturating_sub(fraction))?;
    let above = mantissa.saturating_add(EXP_ERROR);
    let low = mantissa.checked_shr(shift).unwrap_or(0);
    let high = above
        .checked_shr(shift)
        .unwrap_or(0)
        .saturating_add(1)
        .min(ONE);
    Ok((low, high))
}

/// `2^fraction` for a fraction below one, rounded down by less than [`EXP_ERROR`].
fn exp2_fraction(fraction: u128) -> Result<u128, MathError> {
    let exponent = wide::shift_right(wide::product(fraction, LN_2), BITS);
    let exponent = wide::to_u128(exponent).ok_or(MathError::Overflow)?;
    let mut term = ONE;
    let mut sum = ONE;
    for divisor in 1..=BITS {
        let product = wide::shift_right(wide::product(term, exponent), BITS);
        term = wide::to_u128(product)
            .and_then(|product| product.checked_div(u128::from(divisor)))
            .ok_or(MathError::Overflow)?;
        if term == 0 {
            break;
        }
        sum = sum.checked_add(term).ok_or(MathError::Overflow)?;
    }
    Ok(sum)
}
