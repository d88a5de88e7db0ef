//! Trades with the pools of subnets: the reserves in storage, the formulas in `weighted-pool`.
//!
//! A subnet of mechanism 1 has a pool; on root and on subnets of mechanism 0 a unit of alpha is a rao.
//! What is bought enters `SubnetAlphaOut`.

use dendra_primitives::{AlphaBalance, NetUid, Price, TaoBalance};
use sp_runtime::DispatchError;
use weighted_pool::{MathError, Pool, PriceLimit};

use crate::{
    AccountId, Config, Error, Pallet, PoolSettings, SubnetAlphaIn, SubnetAlphaOut, SubnetList,
    SubnetMechanism, SubnetTAO, SubnetVolume, TotalStake,
};

/// A purchase that was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Purchase {
    /// Alpha that left the pool.
    pub(crate) alpha: AlphaBalance,
    /// TAO that entered it.
    pub(crate) used: TaoBalance,
    /// TAO that the block author was paid.
    pub(crate) fee: TaoBalance,
}

impl<T: Config> Pallet<T> {
    /// Whether alpha of the subnet is traded in a pool.
    pub(crate) fn has_pool(netuid: NetUid) -> bool {
        !netuid.is_root() && SubnetMechanism::<T>::get(netuid) == 1
    }

    fn pool(netuid: NetUid) -> Result<Pool, DispatchError> {
        Pool::new(
            SubnetAlphaIn::<T>::get(netuid),
            SubnetTAO::<T>::get(netuid),
            T::Pools::weights(netuid),
        )
        .map_err(Self::trade_error)
    }

    /// The price of an infinitely small amount of alpha; 1 without a pool.
    pub fn spot_price(netuid: NetUid) -> Option<Price> {
        if Self::has_pool(netuid) {
            Self::pool(netuid).ok()?.price().ok()
        } else {
            Price::from_ratio(1, 1)
        }
    }

    /// The median of the spot prices of all subnets but root; of two in the middle the higher. 1 without
    /// subnets.
    pub(crate) fn median_price() -> Option<Price> {
        let mut prices: alloc::vec::Vec<(u128, Price)> = SubnetList::<T>::get()
            .into_iter()
            .filter(|netuid| Self::has_pool(*netuid))
            .filter_map(|netuid| {
                let price = Self::spot_price(netuid)?;
                Some((price.to_bits(64)?, price))
            })
            .collect();
        prices.sort_unstable_by_key(|(bits, _)| *bits);
        match prices.get(prices.len().checked_div(2).unwrap_or(0)) {
            Some((_, price)) => Some(*price),
            None => Price::from_ratio(1, 1),
        }
    }

    /// Buys alpha for TAO of `payer`, the fee included. The alpha is in `SubnetAlphaOut` afterwards and
    /// belongs to whoever the caller credits.
    ///
    /// **Errors:** `NotEnoughBalanceToStake`, `SlippageTooHigh`, `InsufficientLiquidity`, `AmountTooLow`,
    /// `Overflow`.
    pub(crate) fn buy(
        payer: &AccountId,
        netuid: NetUid,
        tao: TaoBalance,
        limit: Option<PriceLimit>,
    ) -> Result<Purchase, DispatchError> {
        frame_support::ensure!(
            Self::spendable(payer) >= tao,
            Error::<T>::NotEnoughBalanceToStake
        );
        let purchase = if Self::has_pool(netuid) {
            let pool = Self::pool(netuid)?;
            let buy = pool
                .buy(tao, T::Pools::fee_rate(netuid), limit)
                .map_err(Self::trade_error)?;
            SubnetAlphaIn::<T>::insert(netuid, buy.pool.alpha());
            Purchase {
                alpha: buy.alpha_out,
                used: buy.used,
                fee: buy.fee,
            }
        } else {
            Purchase {
                alpha: AlphaBalance::new(tao.get()),
                used: tao,
                fee: TaoBalance::ZERO,
            }
        };
        Self::charge(payer, netuid, purchase.used)?;
        Self::pay_author(payer, purchase.fee)?;
        Self::grow(netuid, purchase.used)?;
        SubnetAlphaOut::<T>::try_mutate(netuid, |out| {
            *out = out
                .checked_add(purchase.alpha)
                .ok_or(Error::<T>::Overflow)?;
            Ok::<_, DispatchError>(())
        })?;
        // A sum of amounts of 64 bits over all blocks stays below 128 bits.
        SubnetVolume::<T>::mutate(netuid, |volume| {
            *volume = volume.saturating_add(u128::from(purchase.used.get()));
        });
        Ok(purchase)
    }

    /// Counts TAO that entered the pool.
    pub(crate) fn grow(netuid: NetUid, tao: TaoBalance) -> Result<(), DispatchError> {
        SubnetTAO::<T>::try_mutate(netuid, |pool| {
            *pool = pool.checked_add(tao).ok_or(Error::<T>::Overflow)?;
            Ok::<_, DispatchError>(())
        })?;
        TotalStake::<T>::try_mutate(|total| {
            *total = total.checked_add(tao).ok_or(Error::<T>::Overflow)?;
            Ok(())
        })
    }

    /// Takes alpha that belongs to nobody out of existence.
    pub(crate) fn destroy_alpha(netuid: NetUid, alpha: AlphaBalance) -> Result<(), DispatchError> {
        SubnetAlphaOut::<T>::try_mutate(netuid, |out| {
            *out = out.checked_sub(alpha).ok_or(Error::<T>::Overflow)?;
            Ok(())
        })
    }

    fn trade_error(error: MathError) -> DispatchError {
        match error {
            MathError::PriceLimitExceeded => Error::<T>::SlippageTooHigh,
            MathError::ZeroInput | MathError::ZeroOutput => Error::<T>::AmountTooLow,
            MathError::Overflow => Error::<T>::Overflow,
            _ => Error::<T>::InsufficientLiquidity,
        }
        .into()
    }
}
