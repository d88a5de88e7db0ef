//! The sale that pays a given amount of TAO.

use dendra_primitives::{AlphaBalance, Rounding, TaoBalance, mul_div, wide::U256};

use crate::{MathError, Pool, power::scale_by_power_above_one};

/// Units by which the power of an unequal pool may be below the exact one: one that its function takes,
/// and one for the floor.
const POWER_SLACK: u64 = 2;

impl Pool {
    /// Alpha whose sale without fee pays at least this much TAO.
    ///
    /// For equal weights it is the least such amount, `⌈x·Δy/(y − Δy)⌉`. Otherwise it is that of one rao
    /// more, `x·((y/(y − Δy))^(w2/w1) − 1)`, so that the output is enough whichever way it was rounded.
    ///
    /// **Rounding:** up. **Errors:** `ZeroInput` for no TAO, `ReservesTooLow` for all that the pool holds,
    /// `Overflow` for more alpha than 64 bits hold; the sale itself may still be refused. **Source:** the
    /// inverse of the sale of section 6.1.
    pub fn alpha_to_receive(&self, tao: TaoBalance) -> Result<AlphaBalance, MathError> {
        if tao.is_zero() {
            return Err(MathError::ZeroInput);
        }
        let (x, y) = (self.alpha().get(), self.tao().get());
        let left = |output: u64| {
            y.checked_sub(output)
                .filter(|left| *left > 0)
                .ok_or(MathError::ReservesTooLow)
        };
        let alpha = if self.weights().are_equal() {
            mul_div(x, tao.get(), left(tao.get())?, Rounding::Up).ok_or(MathError::Overflow)?
        } else {
            let output = tao.get().checked_add(1).ok_or(MathError::Overflow)?;
            let power = scale_by_power_above_one(
                x,
                U256::from(y),
                U256::from(left(output)?),
                self.weights().tao_over_alpha(),
            )?;
            power
                .and_then(|power| power.checked_add(POWER_SLACK))
                .and_then(|power| power.checked_sub(x))
                .ok_or(MathError::Overflow)?
        };
        Ok(AlphaBalance::new(alpha))
    }
}
