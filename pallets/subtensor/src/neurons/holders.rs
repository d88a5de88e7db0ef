//! Who has which uid, as one record for each subnet.
//!
//! `Keys`, `BlockAtRegistration` and `Owner` are what clients read; an epoch or a view of the whole subnet
//! would have to read each of them for every neuron. The record is written where they are.

use alloc::vec::Vec;

use dendra_primitives::NetUid;
use sp_runtime::{DispatchError, DispatchResult};

use crate::{
    AccountId, BlockAtRegistration, Config, Keys, Owner, Pallet, UidHolders, types::UidHolder,
};

impl<T: Config> Pallet<T> {
    /// Who has the uids of a subnet, ascending.
    pub(crate) fn uid_holders(netuid: NetUid) -> Vec<UidHolder> {
        UidHolders::<T>::get(netuid).into_inner()
    }

    /// Writes who has a uid: the next one, or one that is taken.
    pub(crate) fn write_holder(
        netuid: NetUid,
        uid: u16,
        hotkey: &AccountId,
        registered_at: u64,
    ) -> DispatchResult {
        Keys::<T>::insert(netuid, uid, hotkey);
        BlockAtRegistration::<T>::insert(netuid, uid, registered_at);
        let holder = UidHolder {
            hotkey: hotkey.clone(),
            coldkey: Owner::<T>::get(hotkey),
            registered_at,
        };
        UidHolders::<T>::try_mutate(netuid, |holders| {
            match holders.get_mut(usize::from(uid)) {
                Some(place) => *place = holder,
                None => holders
                    .try_push(holder)
                    .map_err(|_| DispatchError::Exhausted)?,
            }
            Ok(())
        })
    }

    /// Puts a coldkey in the place of another one wherever that owns a neuron of a subnet.
    pub(crate) fn replace_owner(netuid: NetUid, old: &AccountId, new: &AccountId) {
        UidHolders::<T>::mutate(netuid, |holders| {
            let own = holders.iter_mut().filter(|holder| holder.coldkey == *old);
            own.for_each(|holder| holder.coldkey.clone_from(new));
        });
    }

    /// The size of the record of a subnet, in keys.
    pub(crate) fn holders_as_keys(netuid: NetUid) -> usize {
        // Two keys and a number.
        UidHolders::<T>::decode_len(netuid)
            .unwrap_or(0)
            .saturating_mul(3)
    }
}
