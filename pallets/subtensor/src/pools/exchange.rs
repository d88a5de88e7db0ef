//! Alpha of one subnet against that of another (section 8.2 of the economics).

use dendra_primitives::{AlphaBalance, NetUid, TaoBalance};
use frame_support::ensure;
use sp_runtime::DispatchError;
use weighted_pool::{Exchange as Quote, Market};

use super::{Exchange, Fee};
use crate::{Config, Error, Pallet, SubnetTAO};

impl<T: Config> Pallet<T> {
    /// What exchanging `alpha` of one subnet, the fee included, would do.
    ///
    /// `ratio`: the least alpha bought per 10^9 alpha sold, fee apart, over the whole amount. The fee is taken
    /// once: in alpha on `from`, or in TAO, at the rate of `to`, if `from` has no pool.
    ///
    /// **Errors:** `SameNetuid`, `SubnetNotExists`, `SlippageTooHigh` if not even a unit gets the ratio,
    /// `InsufficientLiquidity`, `AmountTooLow`, `Overflow`.
    pub(crate) fn quote_exchange(
        from: NetUid,
        to: NetUid,
        alpha: AlphaBalance,
        ratio: Option<u64>,
    ) -> Result<Exchange, DispatchError> {
        Self::summary(&Self::compute_exchange(from, to, alpha, ratio)?)
    }

    /// Exchanges alpha that belongs to nobody. The alpha bought is in `SubnetAlphaOut` of `to` afterwards and
    /// belongs to whoever the caller credits. What the caller has to take from its owner before is `sold` of the
    /// quote.
    ///
    /// **Errors:** those of [`Self::quote_exchange`].
    pub(crate) fn exchange(
        from: NetUid,
        to: NetUid,
        alpha: AlphaBalance,
        ratio: Option<u64>,
    ) -> Result<Exchange, DispatchError> {
        let quote = Self::compute_exchange(from, to, alpha, ratio)?;
        let exchange = Self::summary(&quote)?;
        Self::book_sale(from, quote.origin, quote.tao, quote.used)?;
        Self::pay_from_pool(from, &Self::subnet_account(to), quote.tao)?;
        Self::book_purchase(to, quote.destination, quote.tao, quote.alpha_out)?;
        match quote.origin {
            Market::Pool(_) => Self::settle_alpha_fee(from, quote.fee)?,
            Market::Par => {
                let fee = TaoBalance::new(quote.fee.get());
                Self::shrink(from, fee)?;
                Self::destroy_alpha(from, quote.fee)?;
                Self::pay_author(&Self::subnet_account(from), fee)?;
            }
        }
        Ok(exchange)
    }

    fn compute_exchange(
        from: NetUid,
        to: NetUid,
        alpha: AlphaBalance,
        ratio: Option<u64>,
    ) -> Result<Quote, DispatchError> {
        ensure!(from != to, Error::<T>::SameNetuid);
        let origin = Self::market(from)?;
        let destination = Self::market(to)?;
        let charged = match origin {
            Market::Pool(_) => from,
            Market::Par => to,
        };
        let rate = Self::fee_rate(charged, Fee::Charged);
        let quote =
            Quote::quote(&origin, &destination, alpha, rate, ratio).map_err(Self::trade_error)?;
        if origin == Market::Par {
            let leaving = quote.used.saturating_add(quote.fee);
            ensure!(
                SubnetTAO::<T>::get(from).get() >= leaving.get(),
                Error::<T>::InsufficientLiquidity
            );
        }
        Ok(quote)
    }

    fn summary(quote: &Quote) -> Result<Exchange, DispatchError> {
        Ok(Exchange {
            sold: quote
                .used
                .checked_add(quote.fee)
                .ok_or(Error::<T>::Overflow)?,
            fee: quote.fee,
            unspent: quote.unspent,
            tao: quote.tao,
            bought: quote.alpha_out,
        })
    }
}
