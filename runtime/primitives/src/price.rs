//! The price of alpha, as an exact ratio.

use core::cmp::Ordering;

use crate::{AlphaBalance, Rounding, TaoBalance, block, wide};
use wide::U256;

/// TAO per alpha: an exact ratio of two positive integers.
///
/// A price is never rounded before it is used: comparing and converting multiply out. Equality and
/// order are those of the ratio, so `1/2` equals `2/4`.
#[derive(Clone, Copy, Debug)]
pub struct Price {
    numerator: u128,
    denominator: u128,
}

impl Price {
    /// One TAO for one alpha.
    pub const ONE: Self = Self {
        numerator: 1,
        denominator: 1,
    };

    /// `numerator / denominator` TAO for one alpha; `None` if either is zero.
    #[must_use]
    pub const fn from_ratio(numerator: u128, denominator: u128) -> Option<Self> {
        if numerator == 0 || denominator == 0 {
            return None;
        }
        Some(Self {
            numerator,
            denominator,
        })
    }

    /// The price at which 10^9 alpha units cost this many rao; `None` for zero.
    #[must_use]
    pub const fn from_rao(rao: u64) -> Option<Self> {
        Self::from_ratio(rao as u128, block::UNITS_PER_TOKEN as u128)
    }

    /// The ratio as stated, not reduced.
    #[must_use]
    pub const fn ratio(self) -> (u128, u128) {
        (self.numerator, self.denominator)
    }

    /// Rao for 10^9 alpha units, rounded down; `None` if it exceeds 64 bits.
    #[must_use]
    pub fn to_rao(self) -> Option<u64> {
        self.tao_for(AlphaBalance::new(block::UNITS_PER_TOKEN), Rounding::Down)
            .map(TaoBalance::get)
    }

    /// The price as binary fixed point, rounded down; `None` if it exceeds 128 bits.
    ///
    /// `fraction_bits`: how many of the bits stand for the part below one, at most 127.
    #[must_use]
    pub fn to_bits(self, fraction_bits: u32) -> Option<u128> {
        self.scaled(1u128.checked_shl(fraction_bits)?, Rounding::Down)
    }

    /// The alpha that this much TAO is worth; `None` if it exceeds 64 bits.
    #[must_use]
    pub fn alpha_for(self, tao: TaoBalance, rounding: Rounding) -> Option<AlphaBalance> {
        let inverse = Self {
            numerator: self.denominator,
            denominator: self.numerator,
        };
        u64::try_from(inverse.scaled(u128::from(tao.get()), rounding)?)
            .ok()
            .map(AlphaBalance::new)
    }

    /// The TAO that this much alpha is worth; `None` if it exceeds 64 bits.
    #[must_use]
    pub fn tao_for(self, alpha: AlphaBalance, rounding: Rounding) -> Option<TaoBalance> {
        u64::try_from(self.scaled(u128::from(alpha.get()), rounding)?)
            .ok()
            .map(TaoBalance::new)
    }

    fn scaled(self, amount: u128, rounding: Rounding) -> Option<u128> {
        let value = wide::mul_div(
            U256::from(self.numerator),
            U256::from(amount),
            U256::from(self.denominator),
            rounding,
        )?;
        wide::to_u128(value)
    }
}

impl Ord for Price {
    fn cmp(&self, other: &Self) -> Ordering {
        wide::product(self.numerator, other.denominator)
            .cmp(&wide::product(other.numerator, self.denominator))
    }
}

impl PartialOrd for Price {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Eq for Price {}

impl PartialEq for Price {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
