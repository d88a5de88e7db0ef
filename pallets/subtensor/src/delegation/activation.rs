//! Scheduled children begin to count: before the epoch of their subnet, oldest first.
//!
//! Anybody can schedule, so the work is bounded: before an epoch as much is done as [`MAX_ACTIVATIONS`] sets need.
//! What is left is done in the blocks after it, as much in each, and counts at the next epoch: a set is late by
//! more than one epoch only if there are more of them than all blocks of a tempo can do.

use dendra_primitives::NetUid;
use frame_support::{
    storage::with_storage_layer,
    traits::Get,
    weights::{Weight, WeightMeter},
};
use sp_runtime::DispatchResult;

use super::{Places, edges::MAX_RIVALS};
use crate::{
    AccountId, ChildrenBacklog, Config, Event, LastEpochBlock, Pallet, PendingChildKeys,
    WeightInfo,
    types::{Children, MAX_ACTIVATIONS, MAX_CHILDREN},
};

impl<T: Config> Pallet<T> {
    /// Makes the sets count that are due, before an epoch. What finds no room is noted.
    pub(crate) fn activate_before_epoch(netuid: NetUid, meter: &mut WeightMeter) {
        if !Self::activate_children(netuid, Self::block(), meter) {
            ChildrenBacklog::<T>::mutate(|backlog| {
                // There is room for every subnet.
                if !backlog.contains(&netuid) && backlog.try_push(netuid).is_err() {
                    frame_support::defensive!("more subnets than there can be");
                }
            });
        }
    }

    /// The step of the block hook that goes on with what found no room before an epoch. False if it had no room.
    pub(crate) fn step_children(meter: &mut WeightMeter) -> bool {
        if meter
            .try_consume(T::DbWeight::get().reads_writes(2, 1))
            .is_err()
        {
            return false;
        }
        let Some(netuid) = ChildrenBacklog::<T>::get().first().copied() else {
            return true;
        };
        // What became due since then waits for the next epoch.
        let is_done = !Self::exists(netuid)
            || Self::activate_children(netuid, LastEpochBlock::<T>::get(netuid), meter);
        ChildrenBacklog::<T>::mutate_exists(|stored| {
            if let Some(backlog) = stored {
                backlog.remove(0);
                // Others come first the next time.
                if !is_done && backlog.try_push(netuid).is_err() {
                    frame_support::defensive!("more subnets than there can be");
                }
                if backlog.is_empty() {
                    *stored = None;
                }
            }
        });
        true
    }

    /// The most that is done for a subnet in one block.
    pub(crate) fn activation_limit() -> Weight {
        let most_rivals = MAX_CHILDREN.saturating_mul(MAX_RIVALS);
        T::WeightInfo::activate_children(0)
            .saturating_mul(u64::from(MAX_ACTIVATIONS))
            .max(T::WeightInfo::activate_children(most_rivals))
    }

    /// Makes the sets count that are due in a block, oldest first, as long as there is room. False if some are
    /// left.
    fn activate_children(netuid: NetUid, due: u64, meter: &mut WeightMeter) -> bool {
        let limit = Self::activation_limit().min(meter.remaining());
        let mut room = WeightMeter::with_limit(limit);
        let is_done = loop {
            let Some(hotkey) = Self::next_due_children(netuid, due) else {
                break true;
            };
            let (children, _) = PendingChildKeys::<T>::get(netuid, &hotkey);
            let rivals = Self::rivals(netuid, &children);
            if room
                .try_consume(T::WeightInfo::activate_children(rivals))
                .is_err()
            {
                break false;
            }
            Self::unschedule_children(&hotkey, netuid);
            if let Err(error) = with_storage_layer(|| Self::activate(&hotkey, netuid, children)) {
                Self::deposit_event(Event::ChildrenDropped {
                    hotkey,
                    netuid,
                    error,
                });
            }
        };
        meter.consume(room.consumed());
        is_done
    }

    /// Makes one set count.
    ///
    /// **Errors:** `ChildParentInconsistency` if a child has become a parent of the hotkey or has no place.
    fn activate(hotkey: &AccountId, netuid: NetUid, children: Children) -> DispatchResult {
        Self::ensure_no_parent_among(hotkey, netuid, &children)?;
        Self::write_children(hotkey, netuid, children, Places::Contested)
    }
}
