//! When the next epoch of a subnet is due.

use dendra_primitives::NetUid;

use crate::{BlocksSinceLastStep, Config, Pallet, PendingEpochAt, epochs::LONGEST_PAUSE};

impl<T: Config> Pallet<T> {
    /// The first block in which the next epoch may run; none for a tempo of 0 and for root, which have no
    /// epochs.
    ///
    /// A view is read after its block, whose epochs have run. So an epoch that is due by now was deferred,
    /// and the next block is the first chance that it has.
    pub fn next_epoch_start_block(netuid: NetUid) -> Option<u64> {
        if !Self::exists(netuid) || netuid.is_root() {
            return None;
        }
        let now = Self::block();
        let automatic = now.saturating_add(Self::blocks_until_next_epoch(netuid)?);
        let triggered = Some(PendingEpochAt::<T>::get(netuid)).filter(|block| *block > 0);
        // The pause has to be exceeded, and a block counts before it is compared.
        let rest = LONGEST_PAUSE
            .saturating_add(1)
            .saturating_sub(BlocksSinceLastStep::<T>::get(netuid));
        let overdue = now.saturating_add(rest);
        let first = triggered.unwrap_or(automatic).min(automatic).min(overdue);
        Some(first.max(now.saturating_add(1)))
    }
}
