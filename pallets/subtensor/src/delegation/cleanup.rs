//! Removing what delegation keeps about a dissolved subnet.

use alloc::vec::Vec;

use codec::Encode;
use dendra_primitives::NetUid;
use frame_support::storage::KeyPrefixIterator;

use crate::{
    AccountId, AutoStakeDestination, AutoStakers, ChildrenBacklog, ChildrenDue, Config,
    LastRateLimitedBlock, Pallet, PendingChildKeys, types::RateLimitKey,
};

impl<T: Config> Pallet<T> {
    /// Removes up to so many entries of each kind. Whether none is left.
    pub(crate) fn forget_delegation(netuid: NetUid, most: u32) -> bool {
        let lenders_are_gone = Self::forget_lenders(netuid, most);
        let most = most as usize;
        let pending = PendingChildKeys::<T>::drain_prefix(netuid)
            .take(most)
            .count();
        let due = ChildrenDue::<T>::drain_prefix((netuid,)).take(most).count();
        let stakers: Vec<AccountId> = AutoStakers::<T>::iter_key_prefix(netuid)
            .take(most)
            .collect();
        for coldkey in &stakers {
            AutoStakeDestination::<T>::remove(coldkey, netuid);
            AutoStakers::<T>::remove(netuid, coldkey);
        }
        let pauses_are_over = Self::forget_pauses(netuid, most);
        ChildrenBacklog::<T>::mutate_exists(|stored| {
            if let Some(backlog) = stored {
                backlog.retain(|other| *other != netuid);
                if backlog.is_empty() {
                    *stored = None;
                }
            }
        });
        lenders_are_gone
            && pauses_are_over
            && [pending, due, stakers.len()].iter().all(|n| *n < most)
    }

    /// Removes when hotkeys last did what each may do on a subnet only once in a while. The keys begin with the
    /// action and the subnet, unhashed.
    fn forget_pauses(netuid: NetUid, most: usize) -> bool {
        let nobody = AccountId::new([0; 32]);
        let actions = [
            RateLimitKey::SetChildren(netuid, nobody.clone()),
            RateLimitKey::ChildkeyTake(netuid, nobody.clone()),
            RateLimitKey::HotkeySwapOnSubnet(netuid, nobody),
        ];
        let mut are_gone = true;
        for action in actions {
            let mut prefix = LastRateLimitedBlock::<T>::hashed_key_for(&action);
            let account = AccountId::new([0; 32]).encoded_size();
            prefix.truncate(prefix.len().saturating_sub(account));
            let removed = KeyPrefixIterator::<()>::new(prefix.clone(), prefix, |_| Ok(()))
                .drain()
                .take(most)
                .count();
            are_gone &= removed < most;
        }
        are_gone
    }
}
