//! The weight of root stake in a subnet (section 3.2).

use dendra_primitives::{
    AlphaBalance, MovingPrice, Proportion64, Rounding, TaoBalance,
    wide::{self, U256},
};

use crate::MathError;

/// How much of the stake behind a subnet is TAO on root: `ρ = w·T / (w·T + A)`, an exact ratio.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RootProportion {
    /// `w·T`, in 1/(2^64 − 1) rao.
    root: u128,
    /// `w·T + A` in the same unit, at least one.
    total: U256,
}

impl RootProportion {
    /// The proportion for the weight of TAO `w`, the TAO staked on root `T`, and the alpha of the
    /// subnet, in its pool and outside, `A`. It is zero if there is neither TAO nor alpha.
    ///
    /// **Rounding:** none. **Source:** section 3.2.
    #[must_use]
    pub fn new(
        tao_weight: Proportion64,
        root_tao: TaoBalance,
        alpha_issuance: AlphaBalance,
    ) -> Self {
        // Both products are at most (2^64 − 1)², and so is neither sum nor product beyond 129 bits.
        let root = u128::from(tao_weight.parts()).saturating_mul(u128::from(root_tao.get()));
        let alpha = wide::product(
            u128::from(Proportion64::SCALE),
            u128::from(alpha_issuance.get()),
        );
        let total = alpha.saturating_add(U256::from(root)).max(U256::one());
        Self { root, total }
    }

    /// This proportion of an amount, rounded down.
    #[must_use]
    pub fn part_of(self, alpha: AlphaBalance) -> AlphaBalance {
        // The part is never more than the amount, so the multiplication cannot fail.
        self.scale(U256::from(alpha.get()), U256::one())
            .map_or(alpha, AlphaBalance::new)
    }

    /// `amount · ρ / divisor`, rounded down; `None` if it exceeds 64 bits.
    pub(crate) fn scale(self, amount: U256, divisor: U256) -> Option<u64> {
        let total = self.total.checked_mul(divisor)?;
        wide::mul_div(amount, U256::from(self.root), total, Rounding::Down).and_then(wide::to_u64)
    }

    /// `amount · (1 − ρ) / divisor`, rounded down; `None` if it exceeds 64 bits.
    pub(crate) fn scale_complement(self, amount: U256, divisor: U256) -> Option<u64> {
        let alpha = self.total.checked_sub(U256::from(self.root))?;
        let total = self.total.checked_mul(divisor)?;
        wide::mul_div(amount, alpha, total, Rounding::Down).and_then(wide::to_u64)
    }
}

/// Whether the moving prices of the subnets sum to more than one, which is when root dividends are
/// paid; otherwise they are recycled.
///
/// **Errors:** `Overflow` for 2^31 prices or more. **Source:** section 3.3.
pub fn do_prices_exceed_one(
    prices: impl IntoIterator<Item = MovingPrice>,
) -> Result<bool, MathError> {
    let sum = prices
        .into_iter()
        .try_fold(0u128, |sum, price| sum.checked_add(price.bits()))
        .ok_or(MathError::Overflow)?;
    Ok(sum > MovingPrice::ONE.bits())
}
