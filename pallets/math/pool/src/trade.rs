//! Buying alpha from a pool and selling it.

use dendra_primitives::{
    AlphaBalance, Rounding, TaoBalance, mul_div,
    wide::{self, U256},
};

use crate::{
    FeeRate, MAX_INPUT_RATIO, MIN_RESERVE, MathError, Pool, PriceLimit,
    power::{Exponent, PowerBounds, power_below_one},
};

/// A purchase of alpha. `used`, `fee` and `unspent` sum to the TAO offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Buy {
    /// TAO that enters the pool.
    pub used: TaoBalance,
    /// TAO that goes to the block author.
    pub fee: TaoBalance,
    /// TAO that the buyer keeps because the price limit was reached.
    pub unspent: TaoBalance,
    /// Alpha that leaves the pool to the buyer.
    pub alpha_out: AlphaBalance,
    /// The pool afterwards; storing it is the execution.
    pub pool: Pool,
}

/// A sale of alpha. `used`, `fee` and `unspent` sum to the alpha offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sell {
    /// Alpha that enters the pool.
    pub used: AlphaBalance,
    /// Alpha that goes to the block author.
    pub fee: AlphaBalance,
    /// Alpha that the seller keeps because the price limit was reached.
    pub unspent: AlphaBalance,
    /// TAO that leaves the pool to the seller.
    pub tao_out: TaoBalance,
    /// The pool afterwards; storing it is the execution.
    pub pool: Pool,
}

impl Pool {
    /// A purchase of alpha for `tao`, the fee included, up to the price `limit`.
    ///
    /// Without a limit reached, `fee = ⌊tao·rate/65535⌋` and the rest is traded for
    /// `x·(1 − (y/(y+Δy))^(w2/w1))`. With it, what reaches the limit is traded,
    /// `fee = ⌊used·rate/(65535 − rate)⌋`, and the rest is unspent.
    ///
    /// **Rounding:** alpha down: exactly for equal weights, otherwise the exact floor or, where the
    /// exact value is an integer or within 2^-50 above one, one less. The pool keeps the
    /// difference. **Errors:** `ZeroInput`, `PriceLimitExceeded`, `InputTooLarge`, `ZeroOutput`,
    /// `ReservesTooLow`, `Overflow`. **Source:** sections 6.1 and 6.2.
    pub fn buy(
        &self,
        tao: TaoBalance,
        rate: FeeRate,
        limit: Option<PriceLimit>,
    ) -> Result<Buy, MathError> {
        let most = limit.map_or(Ok(u64::MAX), |limit| self.tao_to_reach(limit))?;
        let input = Input::within(tao.get(), rate, most)?;
        let (added, left, out) = trade(
            self.tao().get(),
            self.alpha().get(),
            self.weights().tao_over_alpha(),
            input.used,
        )?;
        Ok(Buy {
            used: TaoBalance::new(input.used),
            fee: TaoBalance::new(input.fee),
            unspent: TaoBalance::new(input.unspent),
            alpha_out: AlphaBalance::new(out),
            pool: Self::new(
                AlphaBalance::new(left),
                TaoBalance::new(added),
                self.weights(),
            )?,
        })
    }

    /// A sale of `alpha`, the fee included, down to the price `limit`.
    ///
    /// The seller gets `y·(1 − (x/(x+Δx))^(w1/w2))`; all else is as for [`Pool::buy`].
    pub fn sell(
        &self,
        alpha: AlphaBalance,
        rate: FeeRate,
        limit: Option<PriceLimit>,
    ) -> Result<Sell, MathError> {
        let most = limit.map_or(Ok(u64::MAX), |limit| self.alpha_to_reach(limit))?;
        let input = Input::within(alpha.get(), rate, most)?;
        let (added, left, out) = trade(
            self.alpha().get(),
            self.tao().get(),
            self.weights().alpha_over_tao(),
            input.used,
        )?;
        Ok(Sell {
            used: AlphaBalance::new(input.used),
            fee: AlphaBalance::new(input.fee),
            unspent: AlphaBalance::new(input.unspent),
            tao_out: TaoBalance::new(out),
            pool: Self::new(
                AlphaBalance::new(added),
                TaoBalance::new(left),
                self.weights(),
            )?,
        })
    }
}

/// What a trade takes of the amount offered.
pub(crate) struct Input {
    pub(crate) used: u64,
    pub(crate) fee: u64,
    pub(crate) unspent: u64,
}

impl Input {
    /// The input of a trade that may add at most `most` to the pool.
    pub(crate) fn within(offered: u64, rate: FeeRate, most: u64) -> Result<Self, MathError> {
        if offered == 0 {
            return Err(MathError::ZeroInput);
        }
        let fee = rate.of_gross(offered);
        let net = offered.checked_sub(fee).ok_or(MathError::Overflow)?;
        if net <= most {
            return Ok(Self {
                used: net,
                fee,
                unspent: 0,
            });
        }
        let fee = rate.of_net(most)?;
        let unspent = offered
            .checked_sub(most)
            .and_then(|rest| rest.checked_sub(fee))
            .ok_or(MathError::Overflow)?;
        Ok(Self {
            used: most,
            fee,
            unspent,
        })
    }
}

/// The reserves after `input` is traded in, and what is traded out.
fn trade(
    reserve_in: u64,
    reserve_out: u64,
    exponent: Exponent,
    input: u64,
) -> Result<(u64, u64, u64), MathError> {
    if input > reserve_in.saturating_mul(MAX_INPUT_RATIO) {
        return Err(MathError::InputTooLarge);
    }
    let added = reserve_in.checked_add(input).ok_or(MathError::Overflow)?;
    let out = output(reserve_in, added, reserve_out, exponent, input)?;
    if out == 0 {
        return Err(MathError::ZeroOutput);
    }
    let left = reserve_out.checked_sub(out).ok_or(MathError::Overflow)?;
    if left < MIN_RESERVE {
        return Err(MathError::ReservesTooLow);
    }
    Ok((added, left, out))
}

/// `reserve_out·(1 − (reserve_in/added)^exponent)`, rounded down.
fn output(
    reserve_in: u64,
    added: u64,
    reserve_out: u64,
    exponent: Exponent,
    input: u64,
) -> Result<u64, MathError> {
    if exponent.numerator == exponent.denominator {
        return mul_div(reserve_out, input, added, Rounding::Down).ok_or(MathError::Overflow);
    }
    let power = power_below_one(u128::from(reserve_in), u128::from(added), exponent)?;
    // What stays, rounded up, from the bound that leaves more.
    let stays = wide::mul_div(
        U256::from(reserve_out),
        U256::from(power.high),
        U256::from(PowerBounds::ONE),
        Rounding::Up,
    )
    .and_then(wide::to_u64)
    .ok_or(MathError::Overflow)?;
    reserve_out.checked_sub(stays).ok_or(MathError::Overflow)
}
