//! The moving price.

use dendra_primitives::{
    MovingPrice, Price, Rounding,
    wide::{self, U256},
};

use crate::MathError;

/// How fast the moving price follows the price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MovingRate {
    numerator: u64,
    denominator: u64,
    /// Blocks after the first emission at which the rate is half of its final value.
    halving_blocks: u64,
}

impl MovingRate {
    /// `3·10^-6`, half of it after 201 600 blocks.
    pub const DEFAULT: Self = Self {
        numerator: 3,
        denominator: 1_000_000,
        halving_blocks: 201_600,
    };

    /// The rate `numerator/denominator` in the long run, half of it after `halving_blocks`.
    ///
    /// **Errors:** `InvalidMovingRate` above one or without denominator.
    pub const fn new(
        numerator: u64,
        denominator: u64,
        halving_blocks: u64,
    ) -> Result<Self, MathError> {
        if denominator == 0 || numerator > denominator {
            return Err(MathError::InvalidMovingRate);
        }
        Ok(Self {
            numerator,
            denominator,
            halving_blocks,
        })
    }

    /// The moving price one block on: `α·min(P, 1) + (1 − α)·p̄` with `α = rate·b/(b + H)`.
    ///
    /// `blocks`: `b`, since the subnet's first emission. **Rounding:** the price down to 96
    /// fractional bits, the step towards it down, so that the average never overshoots. **Errors:**
    /// none in practice (`Overflow` is unreachable). **Source:** section 7; the reference keeps 32
    /// fractional bits, in which the average stops up to 0.2 % short of the price.
    pub fn advance(
        &self,
        average: MovingPrice,
        price: Price,
        blocks: u64,
    ) -> Result<MovingPrice, MathError> {
        if blocks == 0 {
            return Ok(average);
        }
        let target = if price >= Price::ONE {
            MovingPrice::ONE.bits()
        } else {
            price
                .to_bits(MovingPrice::FRACTION_BITS)
                .ok_or(MathError::Overflow)?
        };
        let matured = u128::from(blocks).saturating_add(u128::from(self.halving_blocks));
        let step = wide::mul_div(
            U256::from(target.abs_diff(average.bits())),
            wide::product(u128::from(self.numerator), u128::from(blocks)),
            wide::product(u128::from(self.denominator), matured),
            Rounding::Down,
        )
        .and_then(wide::to_u128)
        .ok_or(MathError::Overflow)?;
        let bits = if target >= average.bits() {
            average.bits().checked_add(step)
        } else {
            average.bits().checked_sub(step)
        };
        bits.and_then(MovingPrice::from_bits)
            .ok_or(MathError::Overflow)
    }
}

impl Default for MovingRate {
    fn default() -> Self {
        Self::DEFAULT
    }
}
