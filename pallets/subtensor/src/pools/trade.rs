//! Buying alpha and selling it (sections 6.1 and 6.2 of the economics).

use dendra_primitives::{AlphaBalance, NetUid, Price, TaoBalance};
use frame_support::{ensure, traits::Get};
use sp_runtime::{DispatchError, DispatchResult};
use weighted_pool::{FeeRate, Market, PriceLimit};

use super::{Fee, Purchase, Sale};
use crate::{AccountId, Config, Error, Pallet, SubnetResidual};

impl<T: Config> Pallet<T> {
    /// What a purchase for `tao`, the fee included, would do.
    ///
    /// **Errors:** `SubnetNotExists`, `SlippageTooHigh` if the price has reached the limit,
    /// `InsufficientLiquidity`, `AmountTooLow`, `Overflow`.
    pub(crate) fn quote_buy(
        netuid: NetUid,
        tao: TaoBalance,
        limit: Option<PriceLimit>,
        fee: Fee,
    ) -> Result<Purchase, DispatchError> {
        Ok(Self::compute_buy(netuid, tao, limit, fee)?.0)
    }

    /// Buys alpha for TAO of `payer`, the fee included. The alpha is in `SubnetAlphaOut` afterwards and
    /// belongs to whoever the caller credits.
    ///
    /// **Errors:** `NotEnoughBalanceToStake` and those of [`Self::quote_buy`].
    pub(crate) fn buy(
        payer: &AccountId,
        netuid: NetUid,
        tao: TaoBalance,
        limit: Option<PriceLimit>,
        fee: Fee,
    ) -> Result<Purchase, DispatchError> {
        ensure!(
            Self::spendable(payer) >= tao,
            Error::<T>::NotEnoughBalanceToStake
        );
        let (purchase, after) = Self::compute_buy(netuid, tao, limit, fee)?;
        Self::charge(payer, netuid, purchase.used)?;
        Self::pay_author(payer, purchase.fee)?;
        Self::book_purchase(netuid, after, purchase.used, purchase.alpha)?;
        Ok(purchase)
    }

    fn compute_buy(
        netuid: NetUid,
        tao: TaoBalance,
        limit: Option<PriceLimit>,
        fee: Fee,
    ) -> Result<(Purchase, Market), DispatchError> {
        match Self::market(netuid)? {
            Market::Pool(pool) => {
                let buy = pool
                    .buy(tao, Self::fee_rate(netuid, fee), limit)
                    .map_err(Self::trade_error)?;
                let purchase = Purchase {
                    alpha: buy.alpha_out,
                    used: buy.used,
                    fee: buy.fee,
                    unspent: buy.unspent,
                };
                Ok((purchase, Market::Pool(buy.pool)))
            }
            Market::Par => {
                ensure!(!tao.is_zero(), Error::<T>::AmountTooLow);
                ensure!(
                    limit.is_none_or(|limit| Price::from_rao(limit.rao()) >= Some(Price::ONE)),
                    Error::<T>::SlippageTooHigh
                );
                let purchase = Purchase {
                    alpha: AlphaBalance::new(tao.get()),
                    used: tao,
                    fee: TaoBalance::ZERO,
                    unspent: TaoBalance::ZERO,
                };
                Ok((purchase, Market::Par))
            }
        }
    }

    /// What a sale of `alpha`, the fee included, would do.
    ///
    /// **Errors:** as for [`Self::quote_buy`].
    pub(crate) fn quote_sell(
        netuid: NetUid,
        alpha: AlphaBalance,
        limit: Option<PriceLimit>,
        fee: Fee,
    ) -> Result<Sale, DispatchError> {
        Ok(Self::compute_sell(netuid, alpha, limit, fee)?.0)
    }

    /// Sells alpha that belongs to nobody and pays `payee`. What the caller has to take from its owner before is
    /// `used` and `fee` of the quote; `unspent` stays where it is.
    ///
    /// **Errors:** those of [`Self::quote_sell`], and those of a payment that cannot open an account.
    pub(crate) fn sell(
        payee: &AccountId,
        netuid: NetUid,
        alpha: AlphaBalance,
        limit: Option<PriceLimit>,
        fee: Fee,
    ) -> Result<Sale, DispatchError> {
        let (sale, after) = Self::compute_sell(netuid, alpha, limit, fee)?;
        Self::book_sale(netuid, after, sale.tao, sale.used)?;
        Self::pay_from_pool(netuid, payee, sale.tao)?;
        Self::settle_alpha_fee(netuid, sale.fee)?;
        Ok(sale)
    }

    fn compute_sell(
        netuid: NetUid,
        alpha: AlphaBalance,
        limit: Option<PriceLimit>,
        fee: Fee,
    ) -> Result<(Sale, Market), DispatchError> {
        match Self::market(netuid)? {
            Market::Pool(pool) => {
                let sell = pool
                    .sell(alpha, Self::fee_rate(netuid, fee), limit)
                    .map_err(Self::trade_error)?;
                let sale = Sale {
                    tao: sell.tao_out,
                    used: sell.used,
                    fee: sell.fee,
                    unspent: sell.unspent,
                };
                Ok((sale, Market::Pool(sell.pool)))
            }
            Market::Par => {
                ensure!(!alpha.is_zero(), Error::<T>::AmountTooLow);
                ensure!(
                    limit.is_none_or(|limit| Price::from_rao(limit.rao()) <= Some(Price::ONE)),
                    Error::<T>::SlippageTooHigh
                );
                let tao = TaoBalance::new(alpha.get());
                ensure!(
                    crate::SubnetTAO::<T>::get(netuid) >= tao,
                    Error::<T>::InsufficientLiquidity
                );
                let sale = Sale {
                    tao,
                    used: alpha,
                    fee: AlphaBalance::ZERO,
                    unspent: AlphaBalance::ZERO,
                };
                Ok((sale, Market::Par))
            }
        }
    }

    /// Turns the alpha fee of a trade into TAO of the author. The alpha belongs to nobody.
    ///
    /// Without an author it is burned. What the pool cannot take, because it would yield nothing or leave too
    /// little, joins the residual.
    pub(super) fn settle_alpha_fee(netuid: NetUid, alpha: AlphaBalance) -> DispatchResult {
        if alpha.is_zero() {
            return Ok(());
        }
        if T::Author::get().is_none() {
            return Self::count_burned(netuid, alpha);
        }
        let Ok(sell) = Self::pool(netuid).and_then(|pool| {
            pool.sell(alpha, FeeRate::ZERO, None)
                .map_err(Self::trade_error)
        }) else {
            return SubnetResidual::<T>::try_mutate(netuid, |residual| {
                *residual = residual.checked_add(alpha).ok_or(Error::<T>::Overflow)?;
                Ok(())
            });
        };
        Self::book_sale(netuid, Market::Pool(sell.pool), sell.tao_out, alpha)?;
        Self::pay_author(&Self::subnet_account(netuid), sell.tao_out)
    }
}
