//! Sets of children that wait for their epoch: one for each hotkey and subnet, found by age.

use dendra_primitives::NetUid;

use crate::{AccountId, ChildrenDue, Config, Pallet, PendingChildKeys, types::Children};

impl<T: Config> Pallet<T> {
    /// Writes the set that waits, in the place of an earlier one.
    pub(crate) fn put_pending_children(
        hotkey: &AccountId,
        netuid: NetUid,
        children: Children,
        block: u64,
    ) {
        Self::unschedule_children(hotkey, netuid);
        PendingChildKeys::<T>::insert(netuid, hotkey, (children, block));
        ChildrenDue::<T>::insert((netuid, block.to_be_bytes(), hotkey), ());
    }

    /// Takes the set that waits out; the set and its block.
    pub(crate) fn unschedule_children(
        hotkey: &AccountId,
        netuid: NetUid,
    ) -> Option<(Children, u64)> {
        let (children, block) = PendingChildKeys::<T>::try_get(netuid, hotkey).ok()?;
        PendingChildKeys::<T>::remove(netuid, hotkey);
        ChildrenDue::<T>::remove((netuid, block.to_be_bytes(), hotkey));
        Some((children, block))
    }

    /// The hotkey whose set has waited longest, if it counts in this block.
    pub(crate) fn next_due_children(netuid: NetUid, block: u64) -> Option<AccountId> {
        let (due, hotkey) = ChildrenDue::<T>::iter_key_prefix((netuid,)).next()?;
        (u64::from_be_bytes(due) <= block).then_some(hotkey)
    }
}
