//! Changing the number of mechanisms of a subnet (section 9 of the consensus).

use dendra_primitives::{MechId, NetUid, NetUidIndex};
use frame_support::ensure;
use sp_runtime::DispatchResult;

use crate::{
    Bonds, Config, Error, Incentive, LastUpdate, MaxAllowedUids, MaxMechanismCount,
    MechanismCountCurrent, MechanismEmissionSplit, Pallet, SubnetworkN, WeightCommits, Weights,
    WeightsFrom,
    types::{MAX_OWNER_UIDS, MAX_UIDS, PerNeuron},
};

impl<T: Config> Pallet<T> {
    /// Sets the number of mechanisms. Those that go lose their weights, bonds and commits; those that come
    /// start with none; a split of the emission is even again.
    ///
    /// Bounded: at most 256 neurons times mechanisms.
    ///
    /// **Errors:** `InvalidValue` for 0 or above `MaxMechanismCount`, `TooManyUIDsPerMechanism`.
    pub fn change_mechanism_count(netuid: NetUid, count: MechId) -> DispatchResult {
        Self::ensure_exists(netuid)?;
        let before = MechanismCountCurrent::<T>::get(netuid).get();
        let after = count.get();
        ensure!(
            (1..=MaxMechanismCount::<T>::get()).contains(&after),
            Error::<T>::InvalidValue
        );
        let columns = MaxAllowedUids::<T>::get(netuid).saturating_mul(u16::from(after));
        ensure!(
            after <= before || columns <= MAX_OWNER_UIDS,
            Error::<T>::TooManyUIDsPerMechanism
        );
        if before == after {
            return Ok(());
        }
        let neurons = SubnetworkN::<T>::get(netuid);
        for mechanism in after..before {
            if let Some(index) = NetUidIndex::from_parts(netuid, MechId::new(mechanism)) {
                Self::close_mechanism(index, neurons);
            }
        }
        for mechanism in before..after {
            let index = NetUidIndex::from_parts(netuid, MechId::new(mechanism))
                .ok_or(Error::<T>::MechanismDoesNotExist)?;
            let length = usize::from(neurons);
            // What a neuron has said nothing about was updated when it came, that is now.
            let now = Self::block();
            LastUpdate::<T>::insert(index, PerNeuron::truncate_from(alloc::vec![now; length]));
            WeightsFrom::<T>::insert(index, PerNeuron::truncate_from(alloc::vec![0; length]));
            Incentive::<T>::insert(index, PerNeuron::truncate_from(alloc::vec![0; length]));
        }
        MechanismCountCurrent::<T>::insert(netuid, count);
        MechanismEmissionSplit::<T>::remove(netuid);
        Ok(())
    }

    /// Removes what a mechanism keeps.
    fn close_mechanism(index: NetUidIndex, neurons: u16) {
        for uid in 0..neurons {
            Weights::<T>::remove(index, uid);
            Bonds::<T>::remove(index, uid);
        }
        LastUpdate::<T>::remove(index);
        WeightsFrom::<T>::remove(index);
        Incentive::<T>::remove(index);
        // A queue belongs to a neuron, so the bound is never reached.
        let rest = WeightCommits::<T>::clear_prefix(index, MAX_UIDS, None);
        if rest.maybe_cursor.is_some() {
            frame_support::defensive!("there are more queues of commits than neurons");
        }
    }
}
