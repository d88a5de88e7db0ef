//! Root validators as parents of the owner hotkeys of new subnets.

use dendra_primitives::NetUid;
use sp_runtime::DispatchResult;

use super::Places;
use crate::{
    AccountId, AutoParentDelegationOff, ChildKeys, Config, Event, Keys, Pallet, ParentKeys,
    SubnetworkN,
    types::{Children, ROOT_SEATS},
};

impl<T: Config> Pallet<T> {
    /// The call `set_auto_parent_delegation_enabled`. Subnets that exist are not touched.
    ///
    /// **Errors:** `HotKeyAccountNotExists`, `NonAssociatedColdKey`.
    pub(crate) fn do_set_auto_parent_delegation(
        coldkey: &AccountId,
        hotkey: &AccountId,
        enabled: bool,
    ) -> DispatchResult {
        Self::ensure_hotkey_of(coldkey, hotkey)?;
        if enabled {
            AutoParentDelegationOff::<T>::remove(hotkey);
        } else {
            AutoParentDelegationOff::<T>::insert(hotkey, ());
        }
        Self::deposit_event(Event::AutoParentDelegationEnabledSet {
            hotkey: hotkey.clone(),
            enabled,
        });
        Ok(())
    }

    /// Makes every root validator that has not opted out lend all of its stake to the owner hotkey of a new
    /// subnet. It counts at once, as children do while the subtoken is disabled.
    ///
    /// Bounded by the seats of root. Children and parents that are there already stay.
    pub(crate) fn adopt_root_parents(netuid: NetUid, owner_hotkey: &AccountId) -> DispatchResult {
        let members = SubnetworkN::<T>::get(NetUid::ROOT).min(ROOT_SEATS);
        for uid in 0..members {
            let parent = Keys::<T>::get(NetUid::ROOT, uid);
            let lends = parent != *owner_hotkey
                && !AutoParentDelegationOff::<T>::contains_key(&parent)
                && !ChildKeys::<T>::contains_key(&parent, netuid)
                && !ParentKeys::<T>::contains_key(&parent, netuid);
            if lends {
                let whole = (u64::MAX, owner_hotkey.clone());
                let children = Children::truncate_from(alloc::vec![whole]);
                Self::write_children(&parent, netuid, children, Places::Free)?;
            }
        }
        Ok(())
    }
}
