//! Changing the owner hotkey of a subnet.

use dendra_primitives::NetUid;
use frame_support::ensure;
use sp_runtime::DispatchResult;

use crate::{AccountId, Config, Error, Event, Owner, Pallet, SubnetOwner, SubnetOwnerHotkey};

impl<T: Config> Pallet<T> {
    /// Makes another hotkey of the owner the owner hotkey. It need not be registered.
    pub fn change_owner_hotkey(netuid: NetUid, hotkey: &AccountId) -> DispatchResult {
        Self::ensure_exists(netuid)?;
        ensure!(
            Owner::<T>::contains_key(hotkey),
            Error::<T>::HotKeyAccountNotExists
        );
        ensure!(
            Owner::<T>::get(hotkey) == SubnetOwner::<T>::get(netuid),
            Error::<T>::NonAssociatedColdKey
        );
        SubnetOwnerHotkey::<T>::insert(netuid, hotkey);
        Self::deposit_event(Event::SubnetOwnerHotkeySet(netuid, hotkey.clone()));
        Ok(())
    }
}
