//! Resetting the bonds toward a neuron (section 6.7 of the consensus).

use dendra_primitives::NetUid;
use frame_support::weights::Weight;

use crate::{
    AccountId, Bonds, BondsResetOn, Config, Event, Pallet, SubnetworkN, Uids, ValidatorPermit,
    WeightInfo,
    types::{MAX_OWNER_UIDS, Row},
};

impl<T: Config> Pallet<T> {
    /// Deletes all bonds toward a hotkey, in every mechanism, if the owner has switched that on. Whether it
    /// did, and what that cost.
    ///
    /// Only neurons with a permit have bonds, so only their rows are read.
    pub fn reset_bonds(netuid: NetUid, hotkey: &AccountId) -> (bool, Weight) {
        let target = Uids::<T>::get(netuid, hotkey).filter(|_| BondsResetOn::<T>::get(netuid));
        let Some(target) = target else {
            return (false, T::WeightInfo::reset_bonds(0));
        };
        let permits = ValidatorPermit::<T>::get(netuid);
        let mut rows = 0_u32;
        for index in Self::mechanisms(netuid) {
            for (uid, _) in (0..SubnetworkN::<T>::get(netuid))
                .zip(permits.iter())
                .filter(|(_, permit)| **permit)
            {
                rows = rows.saturating_add(1);
                Bonds::<T>::mutate_exists(index, uid, |row| {
                    let Some(pairs) = row else { return };
                    pairs.retain(|(other, _)| *other != target);
                    if *pairs == Row::default() {
                        *row = None;
                    }
                });
            }
        }
        Self::deposit_event(Event::BondsReset {
            netuid,
            hotkey: hotkey.clone(),
        });
        (true, T::WeightInfo::reset_bonds(rows))
    }

    /// The most that a reset costs: neurons times mechanisms are at most 256.
    pub fn greatest_reset_weight() -> Weight {
        T::WeightInfo::reset_bonds(u32::from(MAX_OWNER_UIDS))
    }
}
