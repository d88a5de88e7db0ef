//! The settings: who changes them, and how the core pallet reads them.

use dendra_primitives::NetUid;
use frame_support::{dispatch::DispatchResult, ensure};
use pallet_subtensor::PoolSettings;
use weighted_pool::{FeeRate as Rate, Weights};

use crate::{Config, Error, Event, FeeRate, Pallet, PoolWeights, Subnets};

impl<T: Config> Pallet<T> {
    /// The call `set_fee_rate`.
    ///
    /// **Errors:** `SubnetNotExists`, `FeeRateTooHigh`.
    pub(crate) fn do_set_fee_rate(netuid: NetUid, rate: u16) -> DispatchResult {
        ensure!(T::Subnets::exists(netuid), Error::<T>::SubnetNotExists);
        let rate = Rate::from_parts(rate).map_err(|_| Error::<T>::FeeRateTooHigh)?;
        FeeRate::<T>::insert(netuid, rate.parts());
        Self::deposit_event(Event::FeeRateSet {
            netuid,
            rate: rate.parts(),
        });
        Ok(())
    }
}

impl<T: Config> PoolSettings for Pallet<T> {
    fn fee_rate(netuid: NetUid) -> Rate {
        // Only rates that can be one are stored.
        Rate::from_parts(FeeRate::<T>::get(netuid)).unwrap_or_default()
    }

    fn weights(netuid: NetUid) -> Weights {
        // Only weights that can be some are stored.
        Weights::from_tao(PoolWeights::<T>::get(netuid)).unwrap_or_default()
    }

    fn set_weights(netuid: NetUid, weights: Weights) {
        PoolWeights::<T>::insert(netuid, weights.tao());
    }

    fn remove(netuid: NetUid) {
        FeeRate::<T>::remove(netuid);
        PoolWeights::<T>::remove(netuid);
    }
}
