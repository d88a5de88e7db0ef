//! The pool and its operations.

use dendra_primitives::{
    AlphaBalance, Rounding,
    wide::{self, U256},
};

use crate::{MathError, Position};

/// Shares per unit are at most 2 to this, which the first deposit gets.
const FINEST: u32 = 64;
/// Shares per unit are at least 2 to this.
const COARSEST: u32 = 32;
/// One step of the scale splits a share in 2 to this.
const STEP: u32 = 32;

/// The value and the shares of a pool, without its positions.
///
/// Operations take a position and return the pool and the position that follow; they change
/// nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SharePool {
    value: AlphaBalance,
    shares: u128,
    scale: u32,
}

impl SharePool {
    /// A pool from its stored parts.
    ///
    /// **Errors:** `InvalidPool` unless `value·2^32 ≤ shares ≤ value·2^64`.
    pub fn from_parts(value: AlphaBalance, shares: u128, scale: u32) -> Result<Self, MathError> {
        let wide_shares = U256::from(shares);
        let is_possible =
            shares_of(value, COARSEST) <= wide_shares && wide_shares <= shares_of(value, FINEST);
        if is_possible {
            Ok(Self {
                value,
                shares,
                scale,
            })
        } else {
            Err(MathError::InvalidPool)
        }
    }

    /// What the pool is worth.
    #[must_use]
    pub const fn value(&self) -> AlphaBalance {
        self.value
    }

    /// All shares, in the present scale.
    #[must_use]
    pub const fn shares(&self) -> u128 {
        self.shares
    }

    /// How often shares were split.
    #[must_use]
    pub const fn scale(&self) -> u32 {
        self.scale
    }

    /// What a position is worth: `⌊V·n/N⌋`.
    ///
    /// **Rounding:** down. **Errors:** `ForeignPosition`. **Source:** section 8.1.
    pub fn worth(&self, position: Position) -> Result<AlphaBalance, MathError> {
        let shares = self.rescaled(position)?;
        if shares == 0 {
            return Ok(AlphaBalance::ZERO);
        }
        // n ≤ N, so the quotient is at most V.
        scaled(self.value.get().into(), shares, self.shares, Rounding::Down)
            .and_then(|worth| u64::try_from(worth).ok())
            .map(AlphaBalance::new)
            .ok_or(MathError::ForeignPosition)
    }

    /// The pool and the position after `amount` is added to the position.
    ///
    /// The position gets `⌊amount·N/V⌋` shares, or `amount·2^64` in an empty pool. Because a unit
    /// is worth at least 2^32 shares, no deposit rounds down to nothing.
    ///
    /// **Rounding:** against the depositor, by less than 2^-32 units, before the worth is rounded
    /// down. **Errors:** `ZeroAmount`, `ForeignPosition`, `Overflow`. **Source:** section 8.1.
    pub fn deposit(
        &self,
        position: Position,
        amount: AlphaBalance,
    ) -> Result<(Self, Position), MathError> {
        if amount.is_zero() {
            return Err(MathError::ZeroAmount);
        }
        let held = self.rescaled(position)?;
        let value = self.value.checked_add(amount).ok_or(MathError::Overflow)?;
        let new_shares = if self.value.is_zero() {
            // 64 bits moved by 64.
            u128::from(amount.get()).checked_shl(FINEST)
        } else {
            let (amount, value) = (u128::from(amount.get()), u128::from(self.value.get()));
            scaled(amount, self.shares, value, Rounding::Down)
        }
        .ok_or(MathError::Overflow)?;
        // At most 2^64 per unit of value.
        let shares = self
            .shares
            .checked_add(new_shares)
            .ok_or(MathError::Overflow)?;
        let held = held.checked_add(new_shares).ok_or(MathError::Overflow)?;
        let pool = Self {
            value,
            shares,
            ..*self
        };
        Ok((pool.settled()?, self.position(held)))
    }

    /// The pool and the position after `amount` is taken from the position.
    ///
    /// `⌈amount·N/V⌉` shares are returned. Whoever takes all that the position is worth returns all
    /// of its shares; a rest of less than one unit then belongs to the other positions.
    ///
    /// **Rounding:** against the holder, by less than 2^-32 units.
    /// **Errors:** `ZeroAmount`, `ExceedsPosition`, `ForeignPosition`. **Source:** section 8.1.
    pub fn withdraw(
        &self,
        position: Position,
        amount: AlphaBalance,
    ) -> Result<(Self, Position), MathError> {
        if amount.is_zero() {
            return Err(MathError::ZeroAmount);
        }
        let held = self.rescaled(position)?;
        let worth = self.worth(position)?;
        let value = self
            .value
            .checked_sub(amount)
            .ok_or(MathError::ExceedsPosition)?;
        let returned = match amount.cmp(&worth) {
            core::cmp::Ordering::Greater => return Err(MathError::ExceedsPosition),
            core::cmp::Ordering::Equal => held,
            // Leaves a share: amount ≤ V·n/N − 1, hence amount·N/V ≤ n − N/V ≤ n − 2^32.
            core::cmp::Ordering::Less => {
                let (amount, value) = (u128::from(amount.get()), u128::from(self.value.get()));
                scaled(amount, self.shares, value, Rounding::Up).ok_or(MathError::Overflow)?
            }
        };
        let shares = self
            .shares
            .checked_sub(returned)
            .ok_or(MathError::ForeignPosition)?;
        let held = held
            .checked_sub(returned)
            .ok_or(MathError::ExceedsPosition)?;
        let pool = Self {
            value,
            shares,
            ..*self
        };
        Ok((pool.settled()?, self.position(held)))
    }

    /// The pool after the position returns all of its shares, and what it is paid: its worth.
    ///
    /// Unlike [`SharePool::withdraw`] this also ends a position that is worth less than one unit;
    /// it is paid nothing.
    ///
    /// **Rounding:** down. **Errors:** `ForeignPosition`.
    pub fn close(&self, position: Position) -> Result<(Self, AlphaBalance), MathError> {
        let held = self.rescaled(position)?;
        let worth = self.worth(position)?;
        let value = self
            .value
            .checked_sub(worth)
            .ok_or(MathError::ForeignPosition)?;
        let shares = self
            .shares
            .checked_sub(held)
            .ok_or(MathError::ForeignPosition)?;
        let pool = Self {
            value,
            shares,
            ..*self
        };
        Ok((pool.settled()?, worth))
    }

    /// The pool after its value grows by `amount`, to the good of all positions.
    ///
    /// **Rounding:** none. **Errors:** `NoPositions` if nobody would own it, `Overflow`.
    /// **Source:** section 8.1.
    pub fn add_value(&self, amount: AlphaBalance) -> Result<Self, MathError> {
        if self.shares == 0 {
            return Err(MathError::NoPositions);
        }
        let value = self.value.checked_add(amount).ok_or(MathError::Overflow)?;
        Self { value, ..*self }.settled()
    }

    /// The position as shares of the present scale.
    fn rescaled(&self, position: Position) -> Result<u128, MathError> {
        if position.is_empty() {
            return Ok(0);
        }
        let steps = self
            .scale
            .checked_sub(position.scale())
            .ok_or(MathError::ForeignPosition)?;
        let shares = split(position.shares(), steps).ok_or(MathError::ForeignPosition)?;
        if shares > self.shares {
            Err(MathError::ForeignPosition)
        } else {
            Ok(shares)
        }
    }

    /// The pool, with shares split until they are fine enough.
    ///
    /// Only a growing value and a closed position coarsen shares: a deposit brings at least as many
    /// per unit as the least, and `⌈amount·N/V⌉` leaves as many. A position counted before the
    /// split stays valid, because it knows its scale.
    fn settled(mut self) -> Result<Self, MathError> {
        let least = shares_of(self.value, COARSEST);
        // At most three steps: a pool of any value has a share, and 2^96 are always enough.
        while self.shares > 0 && U256::from(self.shares) < least {
            self.shares = split(self.shares, 1).ok_or(MathError::Overflow)?;
            self.scale = self.scale.checked_add(1).ok_or(MathError::Overflow)?;
        }
        Ok(self)
    }

    /// A position with this many shares of the present scale. One without shares is the default
    /// one, so that it compares equal and is not stored.
    fn position(&self, shares: u128) -> Position {
        Position::from_parts(shares, if shares == 0 { 0 } else { self.scale })
    }
}

/// `value · 2^bits` shares: at most 128 bits.
fn shares_of(value: AlphaBalance, bits: u32) -> U256 {
    wide::product(
        u128::from(value.get()),
        1u128.checked_shl(bits).unwrap_or(0),
    )
}

/// `shares · 2^(32·steps)`; `None` if it exceeds 128 bits.
fn split(shares: u128, steps: u32) -> Option<u128> {
    let bits = STEP.checked_mul(steps)?;
    let result = shares.checked_shl(bits)?;
    (result.checked_shr(bits)? == shares).then_some(result)
}

/// `a · b / c` with a 256-bit product.
fn scaled(a: u128, b: u128, c: u128, rounding: Rounding) -> Option<u128> {
    wide::mul_div(U256::from(a), U256::from(b), U256::from(c), rounding).and_then(wide::to_u128)
}
