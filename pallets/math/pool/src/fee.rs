//! The fee of a trade.

use dendra_primitives::{Proportion16, Rounding, mul_div};

use crate::MathError;

/// The part of a trade's input that is not traded but paid to the block author, in 1/65535.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeeRate(u16);

impl FeeRate {
    /// The rate of a new pool, about 0.05 %.
    pub const DEFAULT: Self = Self(33);
    /// The highest rate.
    pub const MAX: u16 = 10_000;
    /// No fee, as for the chain's own purchases.
    pub const ZERO: Self = Self(0);

    /// This many parts of 65535.
    ///
    /// **Errors:** `FeeRateTooHigh` above [`FeeRate::MAX`].
    pub const fn from_parts(parts: u16) -> Result<Self, MathError> {
        if parts > Self::MAX {
            Err(MathError::FeeRateTooHigh)
        } else {
            Ok(Self(parts))
        }
    }

    /// The rate in parts of 65535.
    #[must_use]
    pub const fn parts(self) -> u16 {
        self.0
    }

    /// The fee of an input that includes it: `⌊input·rate/65535⌋`.
    #[must_use]
    pub fn of_gross(self, input: u64) -> u64 {
        Proportion16::from_parts(self.0).part_of(input)
    }

    /// The fee that belongs to an input without it: `⌊net·rate/(65535 − rate)⌋`. If `net` is less
    /// than what [`FeeRate::of_gross`] left of an input, net and fee together are less than that
    /// input.
    ///
    /// **Errors:** none in practice: the rate is below one half (`Overflow` is unreachable).
    pub fn of_net(self, net: u64) -> Result<u64, MathError> {
        let rest = Proportion16::from_parts(self.0).complement().parts();
        mul_div(net, u64::from(self.0), u64::from(rest), Rounding::Down).ok_or(MathError::Overflow)
    }
}

impl Default for FeeRate {
    fn default() -> Self {
        Self::DEFAULT
    }
}
