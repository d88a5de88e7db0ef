//! What moves with a hotkey.

use alloc::{collections::BTreeMap, vec::Vec};

use dendra_primitives::NetUid;
use sp_runtime::DispatchResult;

use super::{Tally, hotkey::HotkeySwap};
use crate::{
    AccountId, AutoParentDelegationOff, Config, Delegates, DissolveCleanupQueue,
    LastRateLimitedBlock, Pallet, SubnetList, SubnetOwnerHotkey, TotalHotkeyAlpha,
    types::RateLimitKey,
};

/// Items that are read for each subnet, whatever is there.
const LOOKS_PER_SUBNET: u32 = 16;

impl<T: Config> Pallet<T> {
    /// Puts a hotkey in the place of another one: the list of what moves, or stays with the stake.
    ///
    /// | what | moves |
    /// |---|---|
    /// | uid, endpoints, certificate, open commits, records of other pallets | always |
    /// | the role of owner hotkey; parents and the take as a child; what others have scheduled for it | always |
    /// | positions and their pools, last dividends, destinations of income, locks, children and those scheduled | with the stake |
    /// | rates, rests and claims of root dividends of all subnets, what coldkeys hold of root | with the stake on root |
    /// | delegate take and pauses of the hotkey | to both, unless nothing of the old one is left |
    /// | the choice not to lend to new subnets | to both, with root |
    /// | ownership | the new one is owned; the old one not any more if nothing of it is left |
    ///
    /// Subnets that are being cleaned up count as subnets here, since there is still something of the hotkey.
    ///
    /// **Errors:** `TooManyPositionsToMove`, `TooManyOwnedHotkeys`; the caller undoes what was written.
    pub(crate) fn move_hotkey(swap: &HotkeySwap, tally: &mut Tally) -> DispatchResult {
        let keys = swap.keys;
        let has_stakers = TotalHotkeyAlpha::<T>::iter_key_prefix(keys.new)
            .next()
            .is_some();
        if swap.is_whole() {
            Self::disown(swap.coldkey, keys.old);
        }
        Self::associate(swap.coldkey, keys.new)?;

        let mut stakers = BTreeMap::new();
        for netuid in Self::subnets_with_leftovers() {
            if swap.covers(netuid) {
                tally.seeing::<T>(LOOKS_PER_SUBNET)?;
                Self::move_neuron(keys, netuid, tally)?;
                if SubnetOwnerHotkey::<T>::get(netuid) == *keys.old {
                    SubnetOwnerHotkey::<T>::insert(netuid, keys.new);
                }
                Self::move_lending(swap, netuid, tally)?;
                Self::share_pause(swap, |hotkey| RateLimitKey::SetChildren(netuid, hotkey));
                Self::share_pause(swap, |hotkey| RateLimitKey::ChildkeyTake(netuid, hotkey));
                if !swap.keeps_stake {
                    Self::move_stake_on(keys, netuid, &mut stakers, tally)?;
                }
            }
            if !swap.keeps_stake && swap.covers(NetUid::ROOT) {
                Self::move_root_claims(keys, netuid, &mut stakers, tally)?;
            }
        }
        if !swap.keeps_stake && swap.covers(NetUid::ROOT) {
            Self::move_root_rates(keys);
        }
        Self::move_stakers(keys, stakers, tally)?;

        Self::share_take(swap, has_stakers);
        Self::share_pause(swap, RateLimitKey::LastTxBlockDelegateTake);
        Self::share_pause(swap, RateLimitKey::LastTxBlockChildKeyTake);
        if swap.covers(NetUid::ROOT) && AutoParentDelegationOff::<T>::contains_key(keys.old) {
            AutoParentDelegationOff::<T>::insert(keys.new, ());
        }
        if swap.is_whole() {
            AutoParentDelegationOff::<T>::remove(keys.old);
        }
        Ok(())
    }

    /// All subnets, and those that were dissolved and are still being cleaned up.
    pub(crate) fn subnets_with_leftovers() -> Vec<NetUid> {
        let mut netuids = SubnetList::<T>::get().into_inner();
        netuids.extend(DissolveCleanupQueue::<T>::get());
        netuids
    }

    /// Gives the new hotkey the take of the old one. Who stakes on the new one already does not pay more than
    /// before, and neither does who comes along: the lower take counts.
    fn share_take(swap: &HotkeySwap, has_stakers: bool) {
        let (old, new) = (swap.keys.old, swap.keys.new);
        if Delegates::<T>::contains_key(old) || Delegates::<T>::contains_key(new) {
            let mut take = Delegates::<T>::get(old);
            if has_stakers || Delegates::<T>::contains_key(new) {
                take = take.min(Delegates::<T>::get(new));
            }
            Delegates::<T>::insert(new, take);
        }
        if swap.is_whole() {
            Delegates::<T>::remove(old);
        }
    }

    /// Lets a pause of the old hotkey bind the new one too: the later of the two counts.
    fn share_pause(swap: &HotkeySwap, action: impl Fn(AccountId) -> RateLimitKey<AccountId>) {
        let (old, new) = (action(swap.keys.old.clone()), action(swap.keys.new.clone()));
        let last = LastRateLimitedBlock::<T>::get(&old);
        if last > LastRateLimitedBlock::<T>::get(&new) {
            LastRateLimitedBlock::<T>::insert(new, last);
        }
        if swap.is_whole() {
            LastRateLimitedBlock::<T>::remove(old);
        }
    }
}
