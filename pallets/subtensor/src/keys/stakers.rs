//! What depends on stake and is not a position: claims of root dividends, destinations, locks, lists of hotkeys.

use alloc::{collections::BTreeMap, vec::Vec};

use dendra_primitives::NetUid;
use frame_support::ensure;
use sp_runtime::{DispatchError, DispatchResult};

use super::{Succession, Tally};
use crate::{
    AccountId, AlphaDividendsPerSubnet, AutoStakeDestination, AutoStakers, Config,
    DecayingHotkeyLock, Error, HotkeyLock, LastColdkeyHotkeyStakeBlock, Lock, LockingColdkeys,
    Pallet, PositionCounts, RootClaimable, RootClaimed, RootDividendRest, RootHoldings, RootKept,
    StakingHotkeys,
};

/// How a coldkey's stake changes.
#[derive(Clone, Copy, Default)]
pub(super) struct Change {
    /// Positions that leave the old hotkey.
    leaving: u16,
    /// Those that the new one has more.
    arriving: u16,
    /// Whether what it has of root moves.
    of_root: bool,
}

/// Coldkeys with something on the old hotkey that moves.
pub(super) type Stakers = BTreeMap<AccountId, Change>;

impl<T: Config> Pallet<T> {
    /// Moves the stake on a hotkey of one subnet, and what goes with it.
    pub(super) fn move_stake_on(
        keys: Succession,
        netuid: NetUid,
        stakers: &mut Stakers,
        tally: &mut Tally,
    ) -> DispatchResult {
        let Succession { old, new } = keys;
        for (coldkey, is_more) in Self::move_positions(keys, netuid, tally)? {
            let change = stakers.entry(coldkey).or_default();
            // There are fewer subnets than 65535.
            change.leaving = change.leaving.saturating_add(1);
            change.arriving = change.arriving.saturating_add(is_more.into());
            change.of_root |= netuid.is_root();
        }
        if AlphaDividendsPerSubnet::<T>::contains_key(netuid, old) {
            let alpha = AlphaDividendsPerSubnet::<T>::take(netuid, old);
            AlphaDividendsPerSubnet::<T>::mutate(netuid, new, |sum| {
                *sum = sum.saturating_add(alpha);
            });
        }
        Self::move_destinations(keys, netuid, tally)?;
        Self::move_locks(keys, netuid, tally)
    }

    /// Renames the hotkey where income is staked. All coldkeys with a destination on the subnet are looked at.
    fn move_destinations(keys: Succession, netuid: NetUid, tally: &mut Tally) -> DispatchResult {
        for coldkey in AutoStakers::<T>::iter_key_prefix(netuid) {
            tally.seeing::<T>(2)?;
            let destination = AutoStakeDestination::<T>::get(&coldkey, netuid);
            if destination.is_some_and(|hotkey| keys.replaces(&hotkey)) {
                tally.moving::<T>(1)?;
                AutoStakeDestination::<T>::insert(&coldkey, netuid, keys.new);
            }
        }
        Ok(())
    }

    /// Moves locks. Nothing writes them yet; who does decides how two on one hotkey are joined.
    fn move_locks(keys: Succession, netuid: NetUid, tally: &mut Tally) -> DispatchResult {
        let Succession { old, new } = keys;
        HotkeyLock::<T>::swap(netuid, old, netuid, new);
        DecayingHotkeyLock::<T>::swap(netuid, old, netuid, new);
        let holders = LockingColdkeys::<T>::iter_key_prefix((netuid, old));
        for coldkey in Self::collect(holders, 2, tally)? {
            LockingColdkeys::<T>::remove((netuid, old, &coldkey));
            LockingColdkeys::<T>::insert((netuid, new, &coldkey), ());
            if let Some(lock) = Lock::<T>::take((&coldkey, netuid, old)) {
                Lock::<T>::insert((&coldkey, netuid, new), lock);
            }
        }
        Ok(())
    }

    /// The entries of a map before any of them moves; each counts as `values` that move.
    fn collect<Entry>(
        entries: impl Iterator<Item = Entry>,
        values: u32,
        tally: &mut Tally,
    ) -> Result<Vec<Entry>, DispatchError> {
        let mut collected = Vec::new();
        for entry in entries {
            tally.moving::<T>(values)?;
            collected.push(entry);
        }
        Ok(collected)
    }

    /// Moves what root dividends of one subnet are counted by, of all who stake or staked on root.
    pub(super) fn move_root_claims(
        keys: Succession,
        netuid: NetUid,
        stakers: &mut Stakers,
        tally: &mut Tally,
    ) -> DispatchResult {
        let Succession { old, new } = keys;
        tally.seeing::<T>(3)?;
        // The new hotkey has none of these.
        RootDividendRest::<T>::swap(netuid, old, netuid, new);
        let claimed = RootClaimed::<T>::iter_prefix((netuid, old));
        for (coldkey, amount) in Self::collect(claimed, 1, tally)? {
            RootClaimed::<T>::remove((netuid, old, &coldkey));
            RootClaimed::<T>::insert((netuid, new, &coldkey), amount);
        }
        let kept = RootKept::<T>::iter_prefix((netuid, old));
        for (coldkey, amount) in Self::collect(kept, 1, tally)? {
            RootKept::<T>::remove((netuid, old, &coldkey));
            RootKept::<T>::insert((netuid, new, &coldkey), amount);
            stakers.entry(coldkey).or_default().of_root = true;
        }
        Ok(())
    }

    /// Moves the rates of a hotkey, which the new one has none of.
    pub(super) fn move_root_rates(keys: Succession) {
        if RootClaimable::<T>::contains_key(keys.old) {
            RootClaimable::<T>::insert(keys.new, RootClaimable::<T>::take(keys.old));
        }
    }

    /// Corrects on which hotkeys coldkeys stake, on how many subnets and since when, and what they hold of root.
    ///
    /// **Errors:** `TooManyPositionsToMove` also if a coldkey stakes on as many hotkeys as it may and would stake on
    /// both.
    pub(super) fn move_stakers(
        keys: Succession,
        stakers: Stakers,
        tally: &mut Tally,
    ) -> DispatchResult {
        for (coldkey, change) in stakers {
            if change.of_root {
                tally.moving::<T>(1)?;
                // The new hotkey has no root stake and no dividends.
                RootHoldings::<T>::swap(&coldkey, keys.old, &coldkey, keys.new);
            }
            if change.leaving > 0 {
                Self::move_staker(keys, &coldkey, change, tally)?;
            }
        }
        Ok(())
    }

    fn move_staker(
        keys: Succession,
        coldkey: &AccountId,
        change: Change,
        tally: &mut Tally,
    ) -> DispatchResult {
        let Succession { old, new } = keys;
        let known = StakingHotkeys::<T>::decode_len(coldkey).unwrap_or(0);
        tally.rewriting::<T>(known)?;
        tally.moving::<T>(1)?;
        let left = PositionCounts::<T>::take(old, coldkey).saturating_sub(change.leaving);
        if left > 0 {
            PositionCounts::<T>::insert(old, coldkey, left);
        }
        let count = PositionCounts::<T>::get(new, coldkey).saturating_add(change.arriving);
        if change.arriving > 0 {
            PositionCounts::<T>::insert(new, coldkey, count);
        }
        let (stays, arrives) = (left > 0, count > 0);
        let mut hotkeys = StakingHotkeys::<T>::get(coldkey);
        if !stays {
            hotkeys.retain(|hotkey| hotkey != old);
        }
        if arrives && !hotkeys.contains(new) {
            let pushed = hotkeys.try_push(new.clone());
            ensure!(pushed.is_ok(), Error::<T>::TooManyPositionsToMove);
        }
        if hotkeys.is_empty() {
            StakingHotkeys::<T>::remove(coldkey);
        } else {
            StakingHotkeys::<T>::insert(coldkey, hotkeys);
        }
        if let Some(block) = LastColdkeyHotkeyStakeBlock::<T>::get(coldkey, old) {
            if arrives {
                let own = LastColdkeyHotkeyStakeBlock::<T>::get(coldkey, new).unwrap_or(0);
                LastColdkeyHotkeyStakeBlock::<T>::insert(coldkey, new, block.max(own));
            }
            if !stays {
                LastColdkeyHotkeyStakeBlock::<T>::remove(coldkey, old);
            }
        }
        Ok(())
    }
}
