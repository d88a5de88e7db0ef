//! What happens to the records of a hotkey that goes: on replacement, key swap and dissolution.
//!
//! [`Pallet::remove`], [`Pallet::clear_subnet`] and [`Pallet::move_hotkey`] share the one list of what a
//! hotkey owns here; a map added to the pallet has to be added to [`Pallet::remove_records`] and to
//! [`Pallet::move_hotkey`].

use alloc::vec::Vec;

use dendra_primitives::NetUid;

use crate::{
    CommitmentOf, Config, LastBondsReset, LastCommitment, Pallet, RevealedCommitments,
    TimelockedIndex, UsedSpaceOf,
};

/// Most hotkeys that one [`Pallet::clear_subnet`] removes; its cost is measured up to here.
pub const LARGEST_BATCH: u32 = 256;

/// How far [`Pallet::clear_subnet`] came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cleared {
    /// Hotkeys whose records were removed by this call.
    pub removed: u32,
    /// Whether the subnet has no record left.
    pub done: bool,
}

impl<T: Config> Pallet<T> {
    /// Removes every record of a hotkey on a subnet: its uid went to another one.
    ///
    /// The quota that it had used is forgotten too: who registers again pays for that.
    pub fn remove(netuid: NetUid, hotkey: &T::AccountId) {
        if Self::remove_records(netuid, hotkey) {
            TimelockedIndex::<T>::mutate(|index| index.remove(netuid, hotkey.clone()));
        }
    }

    /// Removes the records of at most `limit` hotkeys of a subnet that is being dissolved, never of more
    /// than [`LARGEST_BATCH`].
    ///
    /// Call it until it is done. The index of encrypted commitments is read and written at most once.
    pub fn clear_subnet(netuid: NetUid, limit: u32) -> Cleared {
        let hotkeys: Vec<T::AccountId> = LastCommitment::<T>::iter_key_prefix(netuid)
            .take(limit.min(LARGEST_BATCH) as usize)
            .collect();
        // At most `LARGEST_BATCH`.
        let removed = hotkeys.len() as u32;
        let timelocked: Vec<T::AccountId> = hotkeys
            .into_iter()
            .filter(|hotkey| Self::remove_records(netuid, hotkey))
            .collect();
        if !timelocked.is_empty() {
            TimelockedIndex::<T>::mutate(|index| {
                for hotkey in timelocked {
                    index.remove(netuid, hotkey);
                }
            });
        }
        Cleared {
            removed,
            done: LastCommitment::<T>::iter_key_prefix(netuid)
                .next()
                .is_none(),
        }
    }

    /// Gives every record of `old` on a subnet to `new`, which takes over its uid.
    ///
    /// Records that `new` had there give way. Nothing happens where the two are the same.
    pub fn move_hotkey(netuid: NetUid, old: &T::AccountId, new: &T::AccountId) {
        if old == new {
            return;
        }
        Self::remove(netuid, new);
        if let Some(registration) = CommitmentOf::<T>::take(netuid, old) {
            if registration.info.is_timelocked() {
                TimelockedIndex::<T>::mutate(|index| {
                    // What leaves makes the room for what enters.
                    index.remove(netuid, old.clone()) && index.insert(netuid, new.clone())
                });
            }
            CommitmentOf::<T>::insert(netuid, new, registration);
        }
        // `new` has nothing left, so an exchange is a move.
        RevealedCommitments::<T>::swap(netuid, old, netuid, new);
        LastCommitment::<T>::swap(netuid, old, netuid, new);
        LastBondsReset::<T>::swap(netuid, old, netuid, new);
        UsedSpaceOf::<T>::swap(netuid, old, netuid, new);
    }

    /// Removes all records but the entry in the index; whether there is such an entry.
    fn remove_records(netuid: NetUid, hotkey: &T::AccountId) -> bool {
        RevealedCommitments::<T>::remove(netuid, hotkey);
        LastCommitment::<T>::remove(netuid, hotkey);
        LastBondsReset::<T>::remove(netuid, hotkey);
        UsedSpaceOf::<T>::remove(netuid, hotkey);
        CommitmentOf::<T>::take(netuid, hotkey).is_some_and(|record| record.info.is_timelocked())
    }
}
