//! Selling in one pool to buy in another.

use dendra_primitives::{
    AlphaBalance, block,
    wide::{self, U256},
};

use crate::{MathError, Pool};

/// The most alpha of `origin` that can be exchanged for alpha of `destination`, without fee, at a
/// worst average ratio.
///
/// `ratio`: alpha bought per 10^9 alpha sold, over the whole amount. The result is
/// `x2·y1/((y1+y2)·ℓ) − x1·y2/(y1+y2)`, zero if even the first unit would get less; a ratio of zero
/// is always kept, and the result saturates at 64 bits.
///
/// **Rounding:** down. **Errors:** `UnequalWeights` unless both pools have equal weights, for which
/// alone the formula holds. **Source:** section 8.2.
pub fn alpha_within_ratio(
    origin: &Pool,
    destination: &Pool,
    ratio: u64,
) -> Result<AlphaBalance, MathError> {
    if !origin.weights().are_equal() || !destination.weights().are_equal() {
        return Err(MathError::UnequalWeights);
    }
    if ratio == 0 {
        return Ok(AlphaBalance::new(u64::MAX));
    }
    let reserves = |pool: &Pool| (u128::from(pool.alpha().get()), u128::from(pool.tao().get()));
    let (alpha_1, tao_1) = reserves(origin);
    let (alpha_2, tao_2) = reserves(destination);
    // (x2·y1·10^9 − x1·y2·ℓ) / ((y1 + y2)·ℓ), at most 192 bits over 129.
    let product = |a: u128, b: u128, c: u64| wide::product(a, b).checked_mul(U256::from(c));
    let gain = product(alpha_2, tao_1, block::UNITS_PER_TOKEN).ok_or(MathError::Overflow)?;
    let cost = product(alpha_1, tao_2, ratio).ok_or(MathError::Overflow)?;
    let tao = tao_1.checked_add(tao_2).ok_or(MathError::Overflow)?;
    let most = gain
        .saturating_sub(cost)
        .checked_div(wide::product(tao, u128::from(ratio)))
        .ok_or(MathError::Overflow)?;
    Ok(AlphaBalance::new(wide::to_u64(most).unwrap_or(u64::MAX)))
}
