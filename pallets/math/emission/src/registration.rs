//! The price of registering a neuron (section 10.1).

use dendra_primitives::{
    Rounding, TaoBalance,
    wide::{self, U256},
};

use crate::MathError;

/// The factor by which a price falls in one block, as a 32-bit fraction below one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecayFactor(u32);

impl DecayFactor {
    /// The largest factor that at least halves a price in `half_life` blocks.
    ///
    /// "Halves" is said of repeated squaring with every product rounded down to 32 fractional bits.
    /// That is what the protocol fixes, and the rounded power grows with the factor, so bisection
    /// finds the largest.
    ///
    /// **Complexity:** 32 powers, about a thousand multiplications; worth storing per half-life.
    /// **Errors:** `ZeroHalfLife`. **Source:** section 10.1.
    pub fn from_half_life(half_life: u16) -> Result<Self, MathError> {
        if half_life == 0 {
            return Err(MathError::ZeroHalfLife);
        }
        let mut factor = 0u32;
        for bit in (0..u32::BITS).rev() {
            let candidate = factor | 1u32.checked_shl(bit).unwrap_or(0);
            if power(candidate, half_life) <= 1 << 31 {
                factor = candidate;
            }
        }
        Ok(Self(factor))
    }

    /// The factor, in units of 2^-32.
    #[must_use]
    pub const fn bits(self) -> u32 {
        self.0
    }
}

/// `factor^exponent` with 32 fractional bits, each product rounded down.
fn power(factor: u32, mut exponent: u16) -> u64 {
    // Neither ever exceeds 2^32, so the products fit 65 bits.
    let shifted = |a: u64, b: u64| {
        u128::from(a)
            .saturating_mul(u128::from(b))
            .checked_shr(32)
            .unwrap_or(0) as u64
    };
    let mut result = 1u64 << 32;
    let mut base = u64::from(factor);
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = shifted(result, base);
        }
        base = shifted(base, base);
        exponent >>= 1;
    }
    result
}

/// The price of registering a neuron, with the bounds it keeps.
///
/// It falls in every block and rises with every registration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RegistrationPrice {
    price: TaoBalance,
    min: TaoBalance,
    max: TaoBalance,
}

impl RegistrationPrice {
    /// The factor 1.26 by which a registration raises the price by default, with 64 fractional
    /// bits.
    ///
    /// Rounded up: rounded down it would turn 10^9 into 1 259 999 999.
    pub const DEFAULT_RISE: u128 = 23_242_897_532_874_035_037;

    /// A price and its bounds; a price outside is brought to the nearer bound.
    ///
    /// **Errors:** `BoundsCross`.
    pub fn new(price: TaoBalance, min: TaoBalance, max: TaoBalance) -> Result<Self, MathError> {
        if min > max {
            return Err(MathError::BoundsCross);
        }
        Ok(Self {
            price: price.clamp(min, max),
            min,
            max,
        })
    }

    /// The price, in rao.
    #[must_use]
    pub const fn get(self) -> TaoBalance {
        self.price
    }

    /// The price one block later: `price·factor`, not below the lower bound.
    ///
    /// **Rounding:** down.
    #[must_use]
    pub fn decayed(self, factor: DecayFactor) -> Self {
        // The factor is below one, so the result fits.
        let price = self
            .price
            .checked_mul_div(u64::from(factor.bits()), 1 << 32, Rounding::Down)
            .unwrap_or(self.price);
        Self {
            price: price.max(self.min),
            ..self
        }
    }

    /// The price after one more registration: `price·rise`, within the bounds.
    ///
    /// `rise`: a factor with 64 fractional bits. **Rounding:** down. A product beyond 64 bits is
    /// beyond the upper bound too, so it becomes that bound.
    #[must_use]
    pub fn raised(self, rise: u128) -> Self {
        let price = wide::product(rise, u128::from(self.price.get()))
            .checked_div(U256::from(1u128 << 64))
            .and_then(wide::to_u64)
            .map_or(self.max, TaoBalance::new);
        Self {
            price: price.clamp(self.min, self.max),
            ..self
        }
    }
}
