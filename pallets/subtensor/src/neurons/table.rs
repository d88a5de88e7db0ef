//! The table of neurons: the only place where a uid is given, taken or moved.
//!
//! Rows of weights toward a uid that changes hands are not touched here: a row counts only toward neurons
//! that registered before it was known (`WeightsFrom`), and the next epoch writes zeros where it does not.

use alloc::vec::Vec;

use dendra_primitives::{AlphaBalance, MechId, NetUid, NetUidIndex};
use frame_support::{BoundedVec, pallet_prelude::ConstU32};
use sp_runtime::{DispatchError, DispatchResult};

use crate::{
    AccountId, Active, AssociatedEvmAddress, Axons, Bonds, Config, Consensus, Dividends, Emission,
    Error, Event, Incentive, IsNetworkMember, Keys, LastUpdate, MechanismCountCurrent,
    NeuronCertificates, NeuronRecords, Pallet, Prometheus, StakeWeight, SubnetworkN, Uids,
    ValidatorPermit, ValidatorTrust, WeightCommits, Weights, WeightsFrom, types::MAX_UIDS,
};

impl<T: Config> Pallet<T> {
    /// The keys of the mechanisms of a subnet.
    pub fn mechanisms(netuid: NetUid) -> Vec<NetUidIndex> {
        let count = MechanismCountCurrent::<T>::get(netuid).get();
        (0..count)
            .filter_map(|mechanism| NetUidIndex::from_parts(netuid, MechId::new(mechanism)))
            .collect()
    }

    /// Gives the next uid to a hotkey.
    pub(crate) fn append_neuron(netuid: NetUid, hotkey: &AccountId) -> Result<u16, DispatchError> {
        let uid = SubnetworkN::<T>::get(netuid);
        let next = uid.checked_add(1).ok_or(Error::<T>::NoNeuronIdAvailable)?;
        SubnetworkN::<T>::insert(netuid, next);
        Self::enter(netuid, uid, hotkey)?;
        Ok(uid)
    }

    /// Gives the uid of a neuron to another hotkey. Stake stays with the old one.
    pub(crate) fn replace_neuron(netuid: NetUid, uid: u16, hotkey: &AccountId) -> DispatchResult {
        Self::leave(netuid, uid);
        for index in Self::mechanisms(netuid) {
            Weights::<T>::remove(index, uid);
            Bonds::<T>::remove(index, uid);
        }
        Self::enter(netuid, uid, hotkey)
    }

    /// Writes a hotkey at a uid, with nothing earned and nothing said.
    fn enter(netuid: NetUid, uid: u16, hotkey: &AccountId) -> DispatchResult {
        let now = Self::block();
        Self::write_holder(netuid, uid, hotkey, now)?;
        Uids::<T>::insert(netuid, hotkey, uid);
        IsNetworkMember::<T>::insert(hotkey, netuid, true);
        ValidatorPermit::<T>::try_mutate(netuid, |values| put(values, uid, false))?;
        Active::<T>::try_mutate(netuid, |values| put(values, uid, true))?;
        Consensus::<T>::try_mutate(netuid, |values| put(values, uid, 0))?;
        Dividends::<T>::try_mutate(netuid, |values| put(values, uid, 0))?;
        Emission::<T>::try_mutate(netuid, |values| put(values, uid, AlphaBalance::ZERO))?;
        ValidatorTrust::<T>::try_mutate(netuid, |values| put(values, uid, 0))?;
        StakeWeight::<T>::try_mutate(netuid, |values| put(values, uid, 0))?;
        for index in Self::mechanisms(netuid) {
            LastUpdate::<T>::try_mutate(index, |values| put(values, uid, now))?;
            WeightsFrom::<T>::try_mutate(index, |values| put(values, uid, 0))?;
            Incentive::<T>::try_mutate(index, |values| put(values, uid, 0))?;
        }
        Self::deposit_event(Event::NeuronRegistered(netuid, uid, hotkey.clone()));
        Ok(())
    }

    /// Removes what is kept about the hotkey at a uid, but for the columns of the table.
    pub(crate) fn leave(netuid: NetUid, uid: u16) {
        let hotkey = Keys::<T>::get(netuid, uid);
        Self::forget_hotkey(netuid, &hotkey);
        AssociatedEvmAddress::<T>::remove(netuid, uid);
        Self::deposit_event(Event::NeuronRemoved {
            netuid,
            uid,
            hotkey,
        });
    }

    /// Removes what is kept by hotkey about a neuron.
    pub(crate) fn forget_hotkey(netuid: NetUid, hotkey: &AccountId) {
        Uids::<T>::remove(netuid, hotkey);
        IsNetworkMember::<T>::remove(hotkey, netuid);
        Axons::<T>::remove(netuid, hotkey);
        Prometheus::<T>::remove(netuid, hotkey);
        NeuronCertificates::<T>::remove(netuid, hotkey);
        for index in Self::mechanisms(netuid) {
            WeightCommits::<T>::remove(index, hotkey);
        }
        T::Records::forget(netuid, hotkey);
    }
}

/// Writes one value of a column that has a value for each lower uid, or is shorter and is filled with
/// the default.
pub(crate) fn put<V: Clone + Default>(
    column: &mut BoundedVec<V, ConstU32<MAX_UIDS>>,
    uid: u16,
    value: V,
) -> DispatchResult {
    let index = usize::from(uid);
    while column.len() <= index {
        column
            .try_push(V::default())
            .map_err(|_| DispatchError::Exhausted)?;
    }
    if let Some(place) = column.get_mut(index) {
        *place = value;
    }
    Ok(())
}
