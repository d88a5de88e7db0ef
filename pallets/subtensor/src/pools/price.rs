//! Prices at this moment.

use alloc::vec::Vec;

use dendra_primitives::{NetUid, Price};

use crate::{Config, Pallet, SubnetList};

impl<T: Config> Pallet<T> {
    /// The price of an infinitely small amount of alpha; 1 without a pool. None for a pool without a reserve.
    pub fn spot_price(netuid: NetUid) -> Option<Price> {
        if Self::has_pool(netuid) {
            Self::pool(netuid).ok()?.price().ok()
        } else {
            Some(Price::ONE)
        }
    }

    /// The median of the spot prices of all subnets but root; of two in the middle the higher. 1 without
    /// subnets.
    pub(crate) fn median_price() -> Option<Price> {
        let mut prices: Vec<(u128, Price)> = SubnetList::<T>::get()
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
            None => Some(Price::ONE),
        }
    }
}
