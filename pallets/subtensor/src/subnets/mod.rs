//! Subnets: what exists, who owns it, how it begins and ends.

mod cost;
mod create;
mod dissolve;
mod first;
mod identity;
mod owner;
mod prune;
mod start;
pub(crate) mod symbols;

use dendra_primitives::NetUid;
use frame_support::ensure;
use sp_runtime::{DispatchError, DispatchResult};

use crate::{
    AccountId, Config, DissolveCleanupQueue, Error, NetworksAdded, Pallet, SubnetList, SubnetOwner,
    TotalNetworks, types::MAX_NETUIDS,
};

impl<T: Config> Pallet<T> {
    /// Whether a subnet exists.
    pub fn exists(netuid: NetUid) -> bool {
        NetworksAdded::<T>::get(netuid)
    }

    pub(crate) fn ensure_exists(netuid: NetUid) -> DispatchResult {
        ensure!(Self::exists(netuid), Error::<T>::SubnetNotExists);
        Ok(())
    }

    /// That the subnet exists and `coldkey` owns it.
    pub(crate) fn ensure_owner(coldkey: &AccountId, netuid: NetUid) -> DispatchResult {
        Self::ensure_exists(netuid)?;
        ensure!(
            SubnetOwner::<T>::get(netuid) == *coldkey,
            Error::<T>::NotSubnetOwner
        );
        Ok(())
    }

    /// Adds a subnet to those that exist.
    pub(crate) fn add_to_list(netuid: NetUid) -> DispatchResult {
        SubnetList::<T>::try_mutate(|list| {
            if let Err(place) = list.binary_search(&netuid) {
                list.try_insert(place, netuid)
                    .map_err(|_| Error::<T>::SubnetLimitReached)?;
            }
            TotalNetworks::<T>::put(list.len() as u16);
            NetworksAdded::<T>::insert(netuid, true);
            Ok(())
        })
    }

    /// Takes a subnet from those that exist.
    pub(crate) fn remove_from_list(netuid: NetUid) {
        SubnetList::<T>::mutate(|list| {
            if let Ok(place) = list.binary_search(&netuid) {
                list.remove(place);
            }
            TotalNetworks::<T>::put(list.len() as u16);
        });
        NetworksAdded::<T>::remove(netuid);
    }

    /// The lowest netuid that no subnet has and that no clean-up is busy with.
    pub(crate) fn free_netuid() -> Result<NetUid, DispatchError> {
        let busy = DissolveCleanupQueue::<T>::get();
        let list = SubnetList::<T>::get();
        (1..MAX_NETUIDS)
            .map(NetUid::new)
            .find(|netuid| list.binary_search(netuid).is_err() && !busy.contains(netuid))
            .ok_or(Error::<T>::SubnetLimitReached.into())
    }
}
