//! Selling alpha of one subnet to buy that of another.

use dendra_primitives::{AlphaBalance, Price, TaoBalance};

use crate::{FeeRate, MathError, Pool, search::alpha_within_ratio, trade::Input};

/// Where alpha of a subnet is exchanged for TAO.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Market {
    /// A unit for a rao, whatever the amount.
    Par,
    /// At the price of a pool.
    Pool(Pool),
}

impl Market {
    /// The price of an infinitely small amount. **Errors:** as [`Pool::price`].
    pub fn price(&self) -> Result<Price, MathError> {
        match self {
            Self::Par => Ok(Price::ONE),
            Self::Pool(pool) => pool.price(),
        }
    }

    pub(crate) fn sell(&self, alpha: AlphaBalance) -> Result<(TaoBalance, Self), MathError> {
        match self {
            Self::Par => Ok((TaoBalance::new(alpha.get()), Self::Par)),
            Self::Pool(pool) => {
                let sell = pool.sell(alpha, FeeRate::ZERO, None)?;
                Ok((sell.tao_out, Self::Pool(sell.pool)))
            }
        }
    }

    pub(crate) fn buy(&self, tao: TaoBalance) -> Result<(AlphaBalance, Self), MathError> {
        match self {
            Self::Par => Ok((AlphaBalance::new(tao.get()), Self::Par)),
            Self::Pool(pool) => {
                let buy = pool.buy(tao, FeeRate::ZERO, None)?;
                Ok((buy.alpha_out, Self::Pool(buy.pool)))
            }
        }
    }
}

/// Alpha sold on one market for TAO that buys alpha on another. `used`, `fee` and `unspent` sum to
/// the alpha offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// Alpha that is sold.
    pub used: AlphaBalance,
    /// Alpha that is the fee.
    pub fee: AlphaBalance,
    /// Alpha that its owner keeps because the limit was reached.
    pub unspent: AlphaBalance,
    /// TAO that leaves the origin and enters the destination.
    pub tao: TaoBalance,
    /// Alpha that is bought.
    pub alpha_out: AlphaBalance,
    /// The origin afterwards.
    pub origin: Market,
    /// The destination afterwards.
    pub destination: Market,
}

impl Exchange {
    /// An exchange of `alpha`, the fee included.
    ///
    /// `ratio`: the least alpha bought per 10^9 alpha sold, without fee and over the whole amount;
    /// none, or zero, for whatever it yields. If all of the offer would get less, the largest part
    /// that gets it is used, with `fee = ⌊used·rate/(65535 − rate)⌋`, and the rest is unspent.
    ///
    /// **Rounding:** both outputs down; the ratio holds for what is bought after rounding.
    /// **Complexity:** two powers, and with a limit that is reached those of
    /// [`alpha_within_ratio`]. **Errors:** as [`Pool::sell`] and [`Pool::buy`];
    /// `PriceLimitExceeded` if nothing at all gets the ratio. **Source:** sections 6.2 and 8.2.
    pub fn quote(
        origin: &Market,
        destination: &Market,
        alpha: AlphaBalance,
        rate: FeeRate,
        ratio: Option<u64>,
    ) -> Result<Self, MathError> {
        let all = Input::within(alpha.get(), rate, u64::MAX)?;
        let Some(ratio) = ratio.filter(|ratio| *ratio > 0) else {
            return Self::of(origin, destination, all);
        };
        let most = alpha_within_ratio(origin, destination, ratio, AlphaBalance::new(all.used))?;
        if most.is_zero() {
            return Err(MathError::PriceLimitExceeded);
        }
        Self::of(
            origin,
            destination,
            Input::within(alpha.get(), rate, most.get())?,
        )
    }

    fn of(origin: &Market, destination: &Market, input: Input) -> Result<Self, MathError> {
        if input.used == 0 {
            return Err(MathError::ZeroInput);
        }
        let used = AlphaBalance::new(input.used);
        let (tao, origin) = origin.sell(used)?;
        let (alpha_out, destination) = destination.buy(tao)?;
        Ok(Self {
            used,
            fee: AlphaBalance::new(input.fee),
            unspent: AlphaBalance::new(input.unspent),
            tao,
            alpha_out,
            origin,
            destination,
        })
    }
}
