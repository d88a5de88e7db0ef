//! A pool and its price.

use dendra_primitives::{AlphaBalance, Price, TaoBalance};

use crate::{MathError, Weights};

/// The least that a trade may leave of the reserve it is paid from.
pub const MIN_RESERVE: u64 = 1_000_000;

/// How many times the reserve it is added to a trade's input may be, without fee.
pub const MAX_INPUT_RATIO: u64 = 1_000;

/// The reserves of a subnet's pool and their weights. Neither reserve is zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pool {
    alpha: AlphaBalance,
    tao: TaoBalance,
    weights: Weights,
}

impl Pool {
    /// A pool with these reserves.
    ///
    /// **Errors:** `ZeroReserve`.
    pub const fn new(
        alpha: AlphaBalance,
        tao: TaoBalance,
        weights: Weights,
    ) -> Result<Self, MathError> {
        if alpha.is_zero() || tao.is_zero() {
            return Err(MathError::ZeroReserve);
        }
        Ok(Self {
            alpha,
            tao,
            weights,
        })
    }

    /// The alpha reserve `x`.
    #[must_use]
    pub const fn alpha(&self) -> AlphaBalance {
        self.alpha
    }

    /// The TAO reserve `y`.
    #[must_use]
    pub const fn tao(&self) -> TaoBalance {
        self.tao
    }

    /// The weights of the reserves.
    #[must_use]
    pub const fn weights(&self) -> Weights {
        self.weights
    }

    /// The price at which an infinitely small amount trades: `w1·y / (w2·x)`.
    ///
    /// **Rounding:** none. **Errors:** none for a pool that [`Pool::new`] made (`ZeroReserve` is
    /// unreachable). **Source:** section 6.1.
    pub fn price(&self) -> Result<Price, MathError> {
        // 60 + 64 bits each.
        let side =
            |weight: u64, reserve: u64| u128::from(weight).saturating_mul(u128::from(reserve));
        Price::from_ratio(
            side(self.weights.alpha(), self.tao.get()),
            side(self.weights.tao(), self.alpha.get()),
        )
        .ok_or(MathError::ZeroReserve)
    }
}
