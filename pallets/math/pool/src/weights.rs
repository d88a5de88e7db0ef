//! The weights of a pool's two reserves.

use crate::{MathError, power::Exponent};

/// Weights of alpha and TAO that sum to one, with 18 decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weights {
    tao: u64,
}

impl Weights {
    /// Both one half: the constant-product pool.
    pub const EQUAL: Self = Self {
        tao: Self::SCALE / 2,
    };
    /// One.
    pub const SCALE: u64 = 1_000_000_000_000_000_000;
    /// The least that either weight may be: 0.01.
    pub const MIN: u64 = Self::SCALE / 100;

    /// The weights with this much for TAO, in 10^-18.
    ///
    /// **Errors:** `WeightOutOfRange` if either weight is below [`Weights::MIN`].
    pub const fn from_tao(tao: u64) -> Result<Self, MathError> {
        if tao < Self::MIN || tao > Self::SCALE.saturating_sub(Self::MIN) {
            return Err(MathError::WeightOutOfRange);
        }
        Ok(Self { tao })
    }

    /// The weight of TAO, in 10^-18.
    #[must_use]
    pub const fn tao(self) -> u64 {
        self.tao
    }

    /// The weight of alpha, in 10^-18.
    #[must_use]
    pub const fn alpha(self) -> u64 {
        Self::SCALE.saturating_sub(self.tao)
    }

    /// Whether the weights are equal.
    #[must_use]
    pub const fn are_equal(self) -> bool {
        self.tao == Self::EQUAL.tao
    }

    /// Weight of alpha over weight of TAO.
    pub(crate) const fn alpha_over_tao(self) -> Exponent {
        Exponent {
            numerator: self.alpha(),
            denominator: self.tao,
        }
    }

    /// Weight of TAO over weight of alpha.
    pub(crate) const fn tao_over_alpha(self) -> Exponent {
        Exponent {
            numerator: self.tao,
            denominator: self.alpha(),
        }
    }
}

impl Default for Weights {
    fn default() -> Self {
        Self::EQUAL
    }
}
