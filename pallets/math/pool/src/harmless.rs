//! Sales that nobody gains from by trading around them.

use dendra_primitives::{
    AlphaBalance, Proportion16, Rounding,
    wide::{self, U256},
};

use crate::{FeeRate, Pool, Weights};

impl Pool {
    /// The most alpha that can be sold in a block, at whatever price there is, without making it worth
    /// while to trade around the sale: `x·w2·rate/2`.
    ///
    /// It moves the price by less than half of the fee. Whoever sells before and buys back after it
    /// gains what the seller loses by that, `Δx·m` of alpha, where `m` is how far the price was pushed
    /// before; pushing it and buying back costs a fee each. As long as the price was pushed by no more
    /// than a half, each of the two fees is more than the gain, also when the fee of the sale, being
    /// alpha, is itself sold before the purchase. So it does not pay for one who is paid one of the fees as
    /// the author of a block either.
    ///
    /// **Rounding:** down. Without a fee it is nothing. **Source:** section 5.5, with a bound.
    #[must_use]
    pub fn harmless_sale(&self, rate: FeeRate) -> AlphaBalance {
        // 64 + 60 + 16 bits, and 60 + 17 below.
        let parts = wide::product(u128::from(self.weights().tao()), u128::from(rate.parts()));
        let whole = wide::product(
            u128::from(Weights::SCALE),
            u128::from(Proportion16::SCALE).saturating_mul(2),
        );
        // A proportion below one half of the reserve.
        wide::mul_div(U256::from(self.alpha().get()), parts, whole, Rounding::Down)
            .and_then(wide::to_u64)
            .map_or(AlphaBalance::ZERO, AlphaBalance::new)
    }
}
