//! Prices of alpha, and trades that only compute (section B.6 of the interface).

use alloc::vec::Vec;

use dendra_primitives::{AlphaBalance, NetUid, Rounding, TaoBalance};
use dendra_runtime_api::{SimSwapResult, SubnetPrice};

use crate::{Config, Pallet, SubnetList, pools::Fee};

impl<T: Config> Pallet<T> {
    /// Rao of TAO for 10^9 units of alpha, rounded down; zero for a subnet that does not exist.
    pub fn alpha_price(netuid: NetUid) -> u64 {
        if !Self::exists(netuid) {
            return 0;
        }
        Self::spot_price(netuid).map_or(0, |price| price.to_rao().unwrap_or(u64::MAX))
    }

    /// The price on every subnet, root included, ascending.
    pub fn alpha_prices() -> Vec<SubnetPrice> {
        SubnetList::<T>::get()
            .into_iter()
            .map(|netuid| SubnetPrice {
                netuid,
                price: Self::alpha_price(netuid),
            })
            .collect()
    }

    /// What buying alpha for this much TAO, the fee included, would do; all zero if it would fail.
    ///
    /// The slippage is what the TAO is worth at the price before, rounded down, less what is bought: the fee is
    /// part of it.
    pub fn simulate_buy(netuid: NetUid, tao: TaoBalance) -> SimSwapResult {
        let Ok(purchase) = Self::quote_buy(netuid, tao, None, Fee::Charged) else {
            return SimSwapResult::default();
        };
        let at_price = Self::spot_price(netuid)
            .and_then(|price| price.alpha_for(tao, Rounding::Down))
            .unwrap_or_default();
        SimSwapResult {
            tao_amount: tao,
            alpha_amount: purchase.alpha,
            tao_fee: purchase.fee,
            alpha_slippage: at_price.saturating_sub(purchase.alpha),
            ..Default::default()
        }
    }

    /// What selling this much alpha, the fee included, would do; all zero if it would fail.
    ///
    /// The slippage as for [`Self::simulate_buy`].
    pub fn simulate_sell(netuid: NetUid, alpha: AlphaBalance) -> SimSwapResult {
        let Ok(sale) = Self::quote_sell(netuid, alpha, None, Fee::Charged) else {
            return SimSwapResult::default();
        };
        let at_price = Self::spot_price(netuid)
            .and_then(|price| price.tao_for(alpha, Rounding::Down))
            .unwrap_or_default();
        SimSwapResult {
            tao_amount: sale.tao,
            alpha_amount: alpha,
            alpha_fee: sale.fee,
            tao_slippage: at_price.saturating_sub(sale.tao),
            ..Default::default()
        }
    }
}
