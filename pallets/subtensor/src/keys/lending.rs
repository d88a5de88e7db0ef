//! Children and parents of a hotkey under another one. The new hotkey has neither, so lists keep their lengths and
//! the numbers of edges are the same.

use alloc::vec::Vec;

use dendra_primitives::NetUid;
use frame_support::{BoundedVec, traits::Get};
use sp_runtime::DispatchResult;

use super::{Succession, Tally, hotkey::HotkeySwap};
use crate::{
    AccountId, ChildKeys, ChildkeyTake, Config, FurtherPlaces, Pallet, ParentKeys,
    PendingChildKeys, types::Edges,
};

impl<T: Config> Pallet<T> {
    /// Moves what is lent on a subnet.
    ///
    /// Parents lend to the neuron, and the take as a child is what it asks for: they move. Children borrow the
    /// stake: they, and those that are scheduled, move with it.
    pub(super) fn move_lending(
        swap: &HotkeySwap,
        netuid: NetUid,
        tally: &mut Tally,
    ) -> DispatchResult {
        let Succession { old, new } = swap.keys;
        let parents = ParentKeys::<T>::take(old, netuid);
        tally.moving::<T>(parents.len() as u32)?;
        for (_, parent) in &parents {
            ChildKeys::<T>::mutate_exists(parent, netuid, |edges| rename(edges, swap.keys));
        }
        if !parents.is_empty() {
            ParentKeys::<T>::insert(new, netuid, parents);
            Self::rename_places(swap.keys, netuid, tally)?;
        }
        if ChildkeyTake::<T>::contains_key(old, netuid) {
            ChildkeyTake::<T>::insert(new, netuid, ChildkeyTake::<T>::take(old, netuid));
        }
        if !swap.keeps_stake {
            let children = ChildKeys::<T>::take(old, netuid);
            tally.moving::<T>(children.len() as u32)?;
            for (_, child) in &children {
                ParentKeys::<T>::mutate_exists(child, netuid, |edges| rename(edges, swap.keys));
            }
            if !children.is_empty() {
                ChildKeys::<T>::insert(new, netuid, children);
            }
            if PendingChildKeys::<T>::contains_key(netuid, old) {
                tally.moving::<T>(1)?;
                if let Some((children, block)) = Self::unschedule_children(old, netuid) {
                    Self::put_pending_children(new, netuid, children, block);
                }
            }
        }
        Self::rename_scheduled(swap.keys, netuid, tally)?;
        Self::note_lender(old, netuid);
        Self::note_lender(new, netuid);
        Ok(())
    }

    /// Renames a child in the list of those that have many parents.
    fn rename_places(keys: Succession, netuid: NetUid, tally: &mut Tally) -> DispatchResult {
        let places = FurtherPlaces::<T>::decode_len(netuid).unwrap_or(0);
        tally.rewriting::<T>(places)?;
        FurtherPlaces::<T>::mutate_exists(netuid, |stored| {
            let own = stored
                .iter_mut()
                .flatten()
                .filter(|child| keys.replaces(child));
            own.for_each(|child| child.clone_from(keys.new));
        });
        Ok(())
    }

    /// Renames a child in what others have scheduled. All that is scheduled on the subnet is looked at.
    fn rename_scheduled(keys: Succession, netuid: NetUid, tally: &mut Tally) -> DispatchResult {
        let mut named: Vec<AccountId> = Vec::new();
        for (parent, (children, _)) in PendingChildKeys::<T>::iter_prefix(netuid) {
            tally.seeing::<T>(1)?;
            // What the old hotkey has scheduled for the new one has become that of the new one itself.
            let is_own = parent == *keys.new;
            let is_named = children
                .iter()
                .any(|(_, child)| keys.replaces(child) || (is_own && child == keys.new));
            if is_named {
                tally.moving::<T>(1)?;
                named.push(parent);
            }
        }
        for parent in named {
            PendingChildKeys::<T>::mutate(netuid, &parent, |(children, _)| {
                merge(children, keys);
                // Nobody lends to itself.
                children.retain(|(_, child)| *child != parent);
            });
        }
        Ok(())
    }
}

/// Puts a hotkey in the place of another one. The list may be gone already where a subnet is being cleaned up.
fn rename<Bound: Get<u32>>(edges: &mut Option<Edges<Bound>>, keys: Succession) {
    let all = edges.iter_mut().flatten();
    let own = all.filter(|(_, key)| keys.replaces(key));
    own.for_each(|(_, key)| key.clone_from(keys.new));
}

/// The same in a list that may name both: their proportions become one, which is not above the sum of all.
fn merge<Bound: Get<u32>>(edges: &mut Edges<Bound>, keys: Succession) {
    let sum = edges
        .iter()
        .filter(|(_, key)| keys.replaces(key) || key == keys.new)
        .fold(0_u64, |sum, (part, _)| sum.saturating_add(*part));
    let mut kept: Vec<(u64, AccountId)> = Vec::new();
    for (part, key) in edges.iter() {
        if !keys.replaces(key) && key != keys.new {
            kept.push((*part, key.clone()));
        } else if !kept.iter().any(|(_, key)| key == keys.new) {
            kept.push((sum, keys.new.clone()));
        }
    }
    // Not longer than what was there.
    *edges = BoundedVec::truncate_from(kept);
}
