//! Adding liquidity without moving the price.

use dendra_primitives::{
    AlphaBalance, Rounding, TaoBalance,
    wide::{self, U256},
};

use crate::{MathError, Pool, Weights};

impl Pool {
    /// The pool after both amounts are added to its reserves at an unchanged price; the weights
    /// absorb what does not match the price.
    ///
    /// `w2′ = w2·x·(y+Δy) / (w1·y·(x+Δx) + w2·x·(y+Δy))`.
    ///
    /// **Rounding:** the weight once, to the nearest 10^-18. The price therefore moves by less than
    /// `5.1·10^-17` of itself, and by `2·10^-18` at equal weights. **Errors:** `WeightOutOfRange`
    /// if a weight would fall below 0.01; then nothing should be injected. `Overflow`. **Source:**
    /// section 6.3; the reference rounds each product first, which for small reserves is up to
    /// 5·10^-5 of a weight.
    pub fn inject(&self, alpha: AlphaBalance, tao: TaoBalance) -> Result<Self, MathError> {
        let new_alpha = self.alpha().checked_add(alpha).ok_or(MathError::Overflow)?;
        let new_tao = self.tao().checked_add(tao).ok_or(MathError::Overflow)?;
        let (numerator, denominator) = self.price()?.ratio();
        // 124 + 64 bits each.
        let alpha_side = wide::product(numerator, u128::from(new_alpha.get()));
        let tao_side = wide::product(denominator, u128::from(new_tao.get()));
        let total = alpha_side
            .checked_add(tao_side)
            .ok_or(MathError::Overflow)?;
        let weight = wide::mul_div(
            U256::from(Weights::SCALE),
            tao_side,
            total,
            Rounding::Nearest,
        )
        .and_then(wide::to_u64)
        .ok_or(MathError::Overflow)?;
        Self::new(new_alpha, new_tao, Weights::from_tao(weight)?)
    }
}
