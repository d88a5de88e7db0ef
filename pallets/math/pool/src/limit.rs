//! Price limits and the input that reaches them.

use dendra_primitives::{
    Price, Rounding, block,
    wide::{self, U256},
};

use crate::{
    MathError, Pool, Weights,
    power::{Exponent, scale_by_power_above_one},
};

/// The worst price at which a trader accepts to trade, in rao for 10^9 alpha units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PriceLimit(u64);

impl PriceLimit {
    /// The limit of a purchase that names none: a price of 10^6.
    pub const BUY_DEFAULT: Self = Self(1_000_000_000_000_000);
    /// The limit of a sale that names none: a price of 10^-6.
    pub const SELL_DEFAULT: Self = Self(1_000);

    /// This many rao for 10^9 alpha units.
    #[must_use]
    pub const fn from_rao(rao: u64) -> Self {
        Self(rao)
    }

    /// Rao for 10^9 alpha units.
    #[must_use]
    pub const fn rao(self) -> u64 {
        self.0
    }
}

impl Pool {
    /// The most TAO, without fee, that can be traded in before the price passes `limit`.
    ///
    /// `y·((P′/P)^w1 − 1)`, and for equal weights exactly `⌊√(x·y·P′)⌋ − y`. **Rounding:** down, so
    /// that the limit is kept; with unequal weights the exact floor or, where the exact value is
    /// within 2^-40 of an integer, one less. Saturates at 64 bits, more than anybody has.
    /// **Errors:** `PriceLimitExceeded` unless the limit is above the price. **Source:** section
    /// 6.1.
    pub fn tao_to_reach(&self, limit: PriceLimit) -> Result<u64, MathError> {
        let target = Price::from_rao(limit.rao()).ok_or(MathError::PriceLimitExceeded)?;
        if target <= self.price()? {
            return Err(MathError::PriceLimitExceeded);
        }
        let (low, high) = self.cross(limit)?;
        self.input_to_reach(self.tao().get(), high, low, self.weights().alpha())
    }

    /// The most alpha, without fee, that can be traded in before the price passes `limit`.
    ///
    /// `x·((P/P′)^w2 − 1)`, and for equal weights exactly `⌊√(x·y/P′)⌋ − x`. A limit of zero is
    /// never reached.
    ///
    /// **Rounding, errors, source:** as for [`Pool::tao_to_reach`], with the limit below the price.
    pub fn alpha_to_reach(&self, limit: PriceLimit) -> Result<u64, MathError> {
        let Some(target) = Price::from_rao(limit.rao()) else {
            return Ok(u64::MAX);
        };
        if target >= self.price()? {
            return Err(MathError::PriceLimitExceeded);
        }
        let (low, high) = self.cross(limit)?;
        self.input_to_reach(self.alpha().get(), low, high, self.weights().tao())
    }

    /// Present price and limit over a common denominator: `10^9·w1·y` and `limit·w2·x`, at most 188
    /// bits.
    fn cross(&self, limit: PriceLimit) -> Result<(U256, U256), MathError> {
        let (numerator, denominator) = self.price()?.ratio();
        Ok((
            wide::product(numerator, u128::from(block::UNITS_PER_TOKEN)),
            wide::product(denominator, u128::from(limit.rao())),
        ))
    }

    /// `reserve·((numerator/denominator)^weight − 1)`, rounded down.
    fn input_to_reach(
        &self,
        reserve: u64,
        numerator: U256,
        denominator: U256,
        weight: u64,
    ) -> Result<u64, MathError> {
        let reached = if self.weights().are_equal() {
            // √(reserve²·numerator/denominator): 128 bits and 124 + 64, the usual case within 256.
            let square = wide::product(u128::from(reserve), u128::from(reserve));
            wide::mul_div(square, numerator, denominator, Rounding::Down)
                .and_then(|square| wide::to_u64(square.integer_sqrt()))
        } else {
            let exponent = Exponent {
                numerator: weight,
                denominator: Weights::SCALE,
            };
            scale_by_power_above_one(reserve, numerator, denominator, exponent)?
        };
        Ok(reached.map_or(u64::MAX, |reached| reached.saturating_sub(reserve)))
    }
}
