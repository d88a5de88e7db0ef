//! Edges from parents to children: the only place that writes them, but for swaps of keys, which rename.
//!
//! An edge stands in `ChildKeys` of the parent and in `ParentKeys` of the child, with one proportion. Who has
//! an edge, or a take as a child, stands in `Lenders`; `LentEdges` counts the edges of a subnet.
//!
//! An epoch has to read a bounded number of edges: every hotkey can have two parents, and beyond them all hotkeys
//! of a subnet together 512. When these are taken, or a child has 128, a parent that lends more than another
//! one takes its place. So nobody can hold places by lending next to nothing.

use alloc::vec::Vec;

use codec::Encode;
use dendra_primitives::{NetUid, Proportion64};
use frame_support::{ensure, pallet_prelude::ConstU32};
use sp_io::hashing::twox_64;
use sp_runtime::DispatchResult;
use yuma_consensus::StakeWeight;

use crate::{
    AccountId, ChildKeys, ChildkeyTake, Config, Error, Event, FurtherPlaces, Lenders, LentEdges,
    Pallet, ParentKeys, TaoWeight,
    types::{
        Children, DRAWN_CHILDREN, Edges, FREE_PARENTS, MAX_CHILDREN, MAX_FURTHER_PARENTS,
        MAX_PARENTS, edges_toward,
    },
};

/// Parents that are compared at most to find a place with one child.
pub(crate) const MAX_RIVALS: u32 = MAX_PARENTS * (1 + DRAWN_CHILDREN);

/// Which places of a child a new parent may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Places {
    /// Those that nobody has.
    Free,
    /// Also that of the parent that lends least, if the new one lends more.
    Contested,
}

impl<T: Config> Pallet<T> {
    /// Whether anybody lends stake on a subnet. One read.
    pub fn lenders_exist(netuid: NetUid) -> bool {
        LentEdges::<T>::get(netuid) > 0
    }

    /// The most edges that lead to the neurons of a subnet.
    pub(crate) fn edges_toward(netuid: NetUid, neurons: u32) -> u32 {
        let further = FurtherPlaces::<T>::decode_len(netuid).unwrap_or(0) as u32;
        edges_toward(neurons, further).min(LentEdges::<T>::get(netuid))
    }

    /// What a hotkey lends by an edge of this proportion, as a stake weight. Rounded down.
    pub(crate) fn lent_weight(parent: &AccountId, netuid: NetUid, proportion: u64) -> StakeWeight {
        let own = Self::own_stake(parent, netuid);
        let part = Proportion64::from_parts(proportion);
        StakeWeight::combine(
            part.part_of(own.alpha.get()),
            part.part_of(own.tao.get()),
            TaoWeight::<T>::get(),
        )
    }

    /// Gives a hotkey these children and no others. The caller has checked them against each other.
    ///
    /// **Errors:** `ChildParentInconsistency` if a child has no place for another parent; the caller undoes what
    /// was written.
    pub(crate) fn write_children(
        parent: &AccountId,
        netuid: NetUid,
        children: Children,
        places: Places,
    ) -> DispatchResult {
        let is_named = |key: &AccountId| children.iter().any(|(_, child)| child == key);
        for (_, child) in ChildKeys::<T>::get(parent, netuid) {
            if !is_named(&child) {
                Self::remove_parent(&child, netuid, parent);
            }
        }
        for (proportion, child) in &children {
            if places == Places::Contested {
                Self::make_place(parent, child, netuid, *proportion)?;
            }
            Self::put_parent(child, netuid, parent, *proportion)?;
        }
        if children.is_empty() {
            ChildKeys::<T>::remove(parent, netuid);
        } else {
            ChildKeys::<T>::insert(parent, netuid, &children);
        }
        Self::note_lender(parent, netuid);
        Self::deposit_event(Event::SetChildren(
            parent.clone(),
            netuid,
            children.into_inner(),
        ));
        Ok(())
    }

    fn put_parent(
        child: &AccountId,
        netuid: NetUid,
        parent: &AccountId,
        proportion: u64,
    ) -> DispatchResult {
        let mut parents = ParentKeys::<T>::get(child, netuid);
        if let Some(edge) = parents.iter_mut().find(|(_, key)| key == parent) {
            edge.0 = proportion;
        } else {
            ensure!(
                Self::has_place(netuid, parents.len() as u32),
                Error::<T>::ChildParentInconsistency
            );
            parents
                .try_push((proportion, parent.clone()))
                .map_err(|_| Error::<T>::ChildParentInconsistency)?;
            if parents.len() as u32 > FREE_PARENTS {
                FurtherPlaces::<T>::try_append(netuid, child)
                    .map_err(|()| Error::<T>::ChildParentInconsistency)?;
            }
            LentEdges::<T>::mutate(netuid, |count| *count = count.saturating_add(1));
        }
        ParentKeys::<T>::insert(child, netuid, parents);
        Self::note_lender(child, netuid);
        Ok(())
    }

    fn remove_parent(child: &AccountId, netuid: NetUid, parent: &AccountId) {
        let mut parents = ParentKeys::<T>::get(child, netuid);
        let before = parents.len() as u32;
        parents.retain(|(_, key)| key != parent);
        if parents.len() as u32 == before {
            frame_support::defensive!("an edge has one end only");
            return;
        }
        if before > FREE_PARENTS {
            Self::free_further_place(netuid, child);
        }
        LentEdges::<T>::mutate_exists(netuid, |stored| {
            let left = stored.unwrap_or_default().saturating_sub(1);
            *stored = (left > 0).then_some(left);
        });
        if parents.is_empty() {
            ParentKeys::<T>::remove(child, netuid);
        } else {
            ParentKeys::<T>::insert(child, netuid, parents);
        }
        Self::note_lender(child, netuid);
    }

    /// One further place of a child is free again.
    fn free_further_place(netuid: NetUid, child: &AccountId) {
        FurtherPlaces::<T>::mutate_exists(netuid, |stored| {
            let Some(places) = stored else { return };
            if let Some(place) = places.iter().position(|key| key == child) {
                places.swap_remove(place);
            }
            if places.is_empty() {
                *stored = None;
            }
        });
    }

    /// Whether a hotkey with so many parents has a place for one more.
    fn has_place(netuid: NetUid, parents: u32) -> bool {
        Self::has_place_beside(netuid, parents, 0)
    }

    /// The same once others have taken so many places on the subnet.
    fn has_place_beside(netuid: NetUid, parents: u32, taken: u32) -> bool {
        let further = FurtherPlaces::<T>::decode_len(netuid).unwrap_or(0) as u32;
        let further = further.saturating_add(taken);
        parents < FREE_PARENTS || (parents < MAX_PARENTS && further < MAX_FURTHER_PARENTS)
    }

    /// The most parents whose stake has to be compared to give a hotkey these children.
    pub(crate) fn rivals(netuid: NetUid, children: &Children) -> u32 {
        children.iter().fold(0_u32, |sum, (_, child)| {
            let parents = ParentKeys::<T>::decode_len(child, netuid).unwrap_or(0) as u32;
            sum.saturating_add(if Self::has_place_beside(netuid, parents, MAX_CHILDREN) {
                0
            } else {
                MAX_RIVALS
            })
        })
    }

    /// Where a child has no place for one more parent, one that lends less gives way: the weakest of that child, or,
    /// if the further places of the subnet are taken, the weakest of those and of two children that are drawn
    /// from all who have such places.
    ///
    /// **Errors:** `ChildParentInconsistency` if none of them lends less.
    fn make_place(
        parent: &AccountId,
        child: &AccountId,
        netuid: NetUid,
        proportion: u64,
    ) -> DispatchResult {
        let parents = ParentKeys::<T>::get(child, netuid);
        let is_parent = parents.iter().any(|(_, key)| key == parent);
        if is_parent || Self::has_place(netuid, parents.len() as u32) {
            return Ok(());
        }
        let drawn = if (parents.len() as u32) < MAX_PARENTS {
            Self::drawn_children(netuid, parent, child)
        } else {
            Vec::new()
        };
        let (least, loser, place) = drawn
            .into_iter()
            .filter(|other| other != child)
            .filter_map(|other| Self::weakest(netuid, &other, ParentKeys::<T>::get(&other, netuid)))
            .chain(Self::weakest(netuid, child, parents))
            .min()
            .ok_or(Error::<T>::ChildParentInconsistency)?;
        ensure!(
            Self::lent_weight(parent, netuid, proportion) > least,
            Error::<T>::ChildParentInconsistency
        );
        let mut rest = ChildKeys::<T>::get(&loser, netuid);
        rest.retain(|(_, key)| *key != place);
        Self::write_children(&loser, netuid, rest, Places::Free)
    }

    /// The parent that lends a child least: how much, who, and the child.
    fn weakest(
        netuid: NetUid,
        child: &AccountId,
        parents: Edges<ConstU32<MAX_PARENTS>>,
    ) -> Option<(StakeWeight, AccountId, AccountId)> {
        parents
            .into_iter()
            .map(|(part, key)| (Self::lent_weight(&key, netuid, part), key, child.clone()))
            .min()
    }

    /// Some of the children with further places, those with many more likely. Everyone can foresee the draw, but who
    /// holds places cannot choose for whom it is made.
    fn drawn_children(netuid: NetUid, parent: &AccountId, child: &AccountId) -> Vec<AccountId> {
        let places = FurtherPlaces::<T>::get(netuid);
        (0..DRAWN_CHILDREN)
            .filter_map(|number| {
                let seed = twox_64(&(Self::block(), parent, child, number).encode());
                let place = u64::from_le_bytes(seed).checked_rem(places.len() as u64)?;
                places.get(usize::try_from(place).ok()?).cloned()
            })
            .collect()
    }

    /// Writes the take of a child; 0 is none.
    pub(crate) fn write_childkey_take(hotkey: &AccountId, netuid: NetUid, take: u16) {
        if take == 0 {
            ChildkeyTake::<T>::remove(hotkey, netuid);
        } else {
            ChildkeyTake::<T>::insert(hotkey, netuid, take);
        }
        Self::note_lender(hotkey, netuid);
    }

    /// Keeps `Lenders` after a change.
    pub(crate) fn note_lender(hotkey: &AccountId, netuid: NetUid) {
        let is_lender = ChildKeys::<T>::contains_key(hotkey, netuid)
            || ParentKeys::<T>::contains_key(hotkey, netuid)
            || ChildkeyTake::<T>::contains_key(hotkey, netuid);
        if is_lender {
            Lenders::<T>::insert(netuid, hotkey, ());
        } else {
            Lenders::<T>::remove(netuid, hotkey);
        }
    }

    /// Removes everything by which some hotkeys lend on a subnet, with one end of their edges: for a subnet that
    /// is cleaned up. Whether none is left.
    pub(super) fn forget_lenders(netuid: NetUid, most: u32) -> bool {
        let hotkeys: Vec<AccountId> = Lenders::<T>::iter_key_prefix(netuid)
            .take(most as usize)
            .collect();
        for hotkey in &hotkeys {
            ChildKeys::<T>::remove(hotkey, netuid);
            ParentKeys::<T>::remove(hotkey, netuid);
            ChildkeyTake::<T>::remove(hotkey, netuid);
            Lenders::<T>::remove(netuid, hotkey);
        }
        (hotkeys.len() as u32) < most
    }
}
