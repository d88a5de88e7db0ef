//! The price of registering: it falls in every block and rises with every registration (section 10.1 of the
//! economics).

use alloc::collections::BTreeMap;

use dendra_primitives::{NetUid, TaoBalance};
use frame_support::weights::{Weight, WeightMeter};
use subnet_emission::{DecayFactor, RegistrationPrice};

use crate::{
    AdjustmentInterval, Burn, BurnHalfLife, BurnIncreaseMult, Config, LastAdjustmentBlock, MaxBurn,
    MinBurn, Pallet, RegisteredThisBlock, RegistrationsThisBlock, RegistrationsThisInterval,
    SubnetList, WeightInfo,
};

impl<T: Config> Pallet<T> {
    /// The price with its bounds. The setters keep the bounds apart; were they to cross, the lower one counts.
    fn registration_price(netuid: NetUid) -> Option<RegistrationPrice> {
        let min = MinBurn::<T>::get(netuid);
        let max = MaxBurn::<T>::get(netuid).max(min);
        RegistrationPrice::new(Burn::<T>::get(netuid), min, max).ok()
    }

    /// The price of a registration now.
    pub fn burn(netuid: NetUid) -> TaoBalance {
        Self::registration_price(netuid)
            .map_or_else(|| Burn::<T>::get(netuid), RegistrationPrice::get)
    }

    /// Brings the price within its bounds, after they changed.
    pub(crate) fn clamp_burn(netuid: NetUid) {
        Burn::<T>::insert(netuid, Self::burn(netuid));
    }

    /// Raises the price and counts a registration.
    pub(crate) fn note_registration(netuid: NetUid) {
        let rise = BurnIncreaseMult::<T>::get(netuid).bits();
        if let Some(price) = Self::registration_price(netuid) {
            Burn::<T>::insert(netuid, price.raised(rise).get());
        }
        Self::count_registration(netuid);
    }

    /// Counts a registration in this block and in the running interval; a new interval begins with the
    /// first registration after the old one.
    pub(crate) fn count_registration(netuid: NetUid) {
        let now = Self::block();
        if Self::is_interval_over(netuid) {
            LastAdjustmentBlock::<T>::insert(netuid, now);
            RegistrationsThisInterval::<T>::remove(netuid);
        }
        RegistrationsThisInterval::<T>::mutate(netuid, |count| *count = count.saturating_add(1));
        RegistrationsThisBlock::<T>::mutate(netuid, |count| *count = count.saturating_add(1));
        RegisteredThisBlock::<T>::mutate(|list| {
            if !list.contains(&netuid) && list.try_push(netuid).is_err() {
                frame_support::defensive!("there are more subnets than netuids");
            }
        });
    }

    /// Whether the interval of registrations is over.
    pub(crate) fn is_interval_over(netuid: NetUid) -> bool {
        let interval = u64::from(AdjustmentInterval::<T>::get(netuid));
        Self::block().saturating_sub(LastAdjustmentBlock::<T>::get(netuid)) >= interval
    }

    /// The first step of the block hook: counters of the last block restart, prices fall.
    pub(crate) fn step_prices(meter: &mut WeightMeter) -> bool {
        let subnets = SubnetList::<T>::get();
        let weight: Weight = T::WeightInfo::step_prices(subnets.len() as u32);
        if meter.try_consume(weight).is_err() {
            return false;
        }
        for netuid in RegisteredThisBlock::<T>::take() {
            RegistrationsThisBlock::<T>::remove(netuid);
        }
        // Few half-lives differ, and finding their factors costs more than the rest.
        let mut factors = BTreeMap::new();
        for netuid in subnets.into_iter().filter(|netuid| !netuid.is_root()) {
            let half_life = BurnHalfLife::<T>::get(netuid);
            let factor = *factors
                .entry(half_life)
                .or_insert_with(|| DecayFactor::from_half_life(half_life).ok());
            // The setter keeps the half-life positive; a price without one stays.
            if let (Some(factor), Some(price)) = (factor, Self::registration_price(netuid)) {
                let next = price.decayed(factor).get();
                if next != Burn::<T>::get(netuid) {
                    Burn::<T>::insert(netuid, next);
                }
            }
        }
        true
    }
}
