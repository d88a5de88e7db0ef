//! What depends on stake and is not a position: claims of root dividends, destinations, locks, lists of hotkeys.

use alloc::{collections::BTreeMap, vec::Vec};

use dendra_primitives::NetUid;
use frame_support::ensure;
use sp_runtime::DispatchResult;

use super::{Succession, Tally};
use crate::{
    AccountId, AlphaDividendsPerSubnet, AutoStakeDestination, AutoStakers, Config,
    DecayingHotkeyLock, Error, HotkeyLock, LastColdkeyHotkeyStakeBlock, Lock, LockingColdkeys,
    Pallet, Positions, RootClaimable, RootClaimed, RootKept, RootRates, StakingHotkeys,
    TaoDividendsPerSubnet, TotalHotkeyAlpha,
};

/// Coldkeys with something on the old hotkey, and whether they have something on the new one then.
pub(super) type Stakers = BTreeMap<AccountId, bool>;

fn note(stakers: &mut Stakers, coldkey: AccountId, holds: bool) {
    let entry = stakers.entry(coldkey).or_default();
    *entry |= holds;
}

impl<T: Config> Pallet<T> {
    /// Moves the stake on a hotkey of one subnet, and what goes with it.
    pub(super) fn move_stake_on(
        keys: Succession,
        netuid: NetUid,
        stakers: &mut Stakers,
        tally: &mut Tally,
    ) -> DispatchResult {
        let Succession { old, new } = keys;
        for (coldkey, holds) in Self::move_positions(keys, netuid, tally)? {
            note(stakers, coldkey, holds);
        }
        if AlphaDividendsPerSubnet::<T>::contains_key(netuid, old) {
            let alpha = AlphaDividendsPerSubnet::<T>::take(netuid, old);
            AlphaDividendsPerSubnet::<T>::mutate(netuid, new, |sum| {
                *sum = sum.saturating_add(alpha);
            });
        }
        if TaoDividendsPerSubnet::<T>::contains_key(netuid, old) {
            let tao = TaoDividendsPerSubnet::<T>::take(netuid, old);
            TaoDividendsPerSubnet::<T>::mutate(netuid, new, |sum| *sum = sum.saturating_add(tao));
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
        let mut holders: Vec<AccountId> = Vec::new();
        for (coldkey, ()) in LockingColdkeys::<T>::iter_prefix((netuid, old)) {
            tally.moving::<T>(2)?;
            holders.push(coldkey);
        }
        for coldkey in holders {
            LockingColdkeys::<T>::remove((netuid, old, &coldkey));
            LockingColdkeys::<T>::insert((netuid, new, &coldkey), ());
            if let Some(lock) = Lock::<T>::take((&coldkey, netuid, old)) {
                Lock::<T>::insert((&coldkey, netuid, new), lock);
            }
        }
        Ok(())
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
        if RootRates::<T>::contains_key(netuid, old) {
            RootRates::<T>::insert(netuid, new, RootRates::<T>::take(netuid, old));
        }
        let mut claimed = Vec::new();
        for entry in RootClaimed::<T>::iter_prefix((netuid, old)) {
            tally.moving::<T>(1)?;
            claimed.push(entry);
        }
        for (coldkey, amount) in claimed {
            RootClaimed::<T>::remove((netuid, old, &coldkey));
            RootClaimed::<T>::insert((netuid, new, &coldkey), amount);
        }
        let mut kept = Vec::new();
        for entry in RootKept::<T>::iter_prefix((netuid, old)) {
            tally.moving::<T>(1)?;
            kept.push(entry);
        }
        for (coldkey, amount) in kept {
            RootKept::<T>::remove((netuid, old, &coldkey));
            RootKept::<T>::insert((netuid, new, &coldkey), amount);
            note(stakers, coldkey, true);
        }
        Ok(())
    }

    /// Moves the rates of a hotkey, which the new one has none of.
    pub(super) fn move_root_rates(keys: Succession) {
        if RootClaimable::<T>::contains_key(keys.old) {
            RootClaimable::<T>::insert(keys.new, RootClaimable::<T>::take(keys.old));
        }
    }

    /// Corrects on which hotkeys coldkeys stake, and since when.
    ///
    /// **Errors:** `TooManyPositionsToMove` also if a coldkey stakes on as many hotkeys as it may and would stake on
    /// both.
    pub(super) fn move_stakers(
        keys: Succession,
        stakers: Stakers,
        tally: &mut Tally,
    ) -> DispatchResult {
        let Succession { old, new } = keys;
        let held_on: Vec<NetUid> = TotalHotkeyAlpha::<T>::iter_key_prefix(old).collect();
        let kept_on: Vec<NetUid> = Self::subnets_with_leftovers()
            .into_iter()
            .filter(|netuid| {
                RootKept::<T>::iter_key_prefix((*netuid, old))
                    .next()
                    .is_some()
            })
            .collect();
        for (coldkey, arrives) in stakers {
            let known = StakingHotkeys::<T>::decode_len(&coldkey).unwrap_or(0);
            tally.rewriting::<T>(known)?;
            tally.moving::<T>(1)?;
            let stays = Self::has_any(&held_on, tally, |netuid| {
                Positions::<T>::contains_key((netuid, old, &coldkey))
            })? || Self::has_any(&kept_on, tally, |netuid| {
                RootKept::<T>::contains_key((netuid, old, &coldkey))
            })?;
            let mut hotkeys = StakingHotkeys::<T>::get(&coldkey);
            let is_listed = hotkeys.contains(old);
            if !stays {
                hotkeys.retain(|hotkey| hotkey != old);
            }
            if is_listed && arrives && !hotkeys.contains(new) {
                let pushed = hotkeys.try_push(new.clone());
                ensure!(pushed.is_ok(), Error::<T>::TooManyPositionsToMove);
            }
            if hotkeys.is_empty() {
                StakingHotkeys::<T>::remove(&coldkey);
            } else {
                StakingHotkeys::<T>::insert(&coldkey, hotkeys);
            }
            if let Some(block) = LastColdkeyHotkeyStakeBlock::<T>::get(&coldkey, old) {
                if arrives {
                    let own = LastColdkeyHotkeyStakeBlock::<T>::get(&coldkey, new).unwrap_or(0);
                    LastColdkeyHotkeyStakeBlock::<T>::insert(&coldkey, new, block.max(own));
                }
                if !stays {
                    LastColdkeyHotkeyStakeBlock::<T>::remove(&coldkey, old);
                }
            }
        }
        Ok(())
    }

    /// Whether one of the subnets has something.
    fn has_any(
        netuids: &[NetUid],
        tally: &mut Tally,
        has: impl Fn(NetUid) -> bool,
    ) -> Result<bool, sp_runtime::DispatchError> {
        for netuid in netuids {
            tally.seeing::<T>(1)?;
            if has(*netuid) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
