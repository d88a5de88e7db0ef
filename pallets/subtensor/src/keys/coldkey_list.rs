//! What moves with a coldkey.

use alloc::{collections::BTreeSet, vec::Vec};

use dendra_primitives::NetUid;
use sp_runtime::{DispatchError, DispatchResult};

use super::{Succession, Tally};
use crate::{
    AccountFlags, AccountId, AutoStakeDestination, AutoStakers, Config, DecayingLock,
    DissolveCleanupQueue, IdentitiesV2, IsNetworkMember, LastColdkeyHotkeyStakeBlock,
    LastRateLimitedBlock, Lock, LockingColdkeys, OwnedHotkeys, Owner, Pallet, PositionCounts,
    RootClaimType, RootClaimable, RootClaimed, RootHoldings, RootKept, RootStakerNumber,
    RootStakers, StakingHotkeys, SubnetOwner, TotalHotkeyAlpha, types::RateLimitKey,
};

/// Items that are read for each subnet, whatever is there.
const LOOKS_PER_SUBNET: u32 = 5;
/// Items that are read once.
const LOOKS: u32 = 12;

impl<T: Config> Pallet<T> {
    /// Puts a coldkey in the place of another one: the list of what moves. The free balance follows elsewhere.
    ///
    /// | what | how |
    /// |---|---|
    /// | positions on all hotkeys and subnets, what it has of root, claims of root dividends, when it staked, locks | as they are |
    /// | its name in the records of neurons | everywhere |
    /// | hotkeys, subnets, identity, destinations of income, kind of claims, switches | in the place of what the new one has |
    /// | its number among those whose dividends are claimed automatically | the same number |
    /// | pauses | the later one counts |
    /// | announcement and dispute | end |
    ///
    /// Subnets that are being cleaned up count as subnets here.
    ///
    /// **Errors:** `TooManyPositionsToMove`; the caller undoes what was written.
    pub(crate) fn move_coldkey(keys: Succession, tally: &mut Tally) -> DispatchResult {
        tally.seeing::<T>(LOOKS)?;
        let subnets = Self::subnets_with_leftovers();
        Self::move_stake_of(keys, tally)?;
        Self::move_locks_of(keys, tally)?;
        Self::move_owned(keys, tally)?;
        for netuid in &subnets {
            tally.seeing::<T>(LOOKS_PER_SUBNET)?;
            Self::move_on_subnet(keys, *netuid, tally)?;
        }
        Self::move_facts(keys);
        Ok(())
    }

    fn move_stake_of(keys: Succession, tally: &mut Tally) -> DispatchResult {
        let Succession { old, new } = keys;
        let closing = DissolveCleanupQueue::<T>::get();
        let known = StakingHotkeys::<T>::decode_len(old).unwrap_or(0);
        tally.rewriting::<T>(known)?;
        let listed = StakingHotkeys::<T>::take(old);
        // Dividends are kept also where nothing is staked any more.
        let mut hotkeys: BTreeSet<AccountId> = listed.iter().cloned().collect();
        hotkeys.extend(Self::move_root_holdings(keys, tally)?);
        if !hotkeys.is_empty() {
            Self::keep_account(new);
        }
        for hotkey in &hotkeys {
            tally.moving::<T>(1)?;
            if PositionCounts::<T>::contains_key(hotkey, old) {
                let count = PositionCounts::<T>::take(hotkey, old);
                PositionCounts::<T>::insert(hotkey, new, count);
            }
            for netuid in TotalHotkeyAlpha::<T>::iter_key_prefix(hotkey) {
                tally.seeing::<T>(2)?;
                if Self::move_position(keys, netuid, hotkey) {
                    tally.moving::<T>(1)?;
                }
            }
            // Subnets that ever paid its root stakers, and those that are being cleaned up, where rates may be gone
            // before claims are.
            let paying = RootClaimable::<T>::get(hotkey).into_inner();
            for netuid in paying.keys().chain(&closing) {
                tally.seeing::<T>(2)?;
                Self::move_root_account(keys, *netuid, hotkey, tally)?;
            }
            if let Some(block) = LastColdkeyHotkeyStakeBlock::<T>::take(old, hotkey) {
                LastColdkeyHotkeyStakeBlock::<T>::insert(new, hotkey, block);
            }
        }
        if !listed.is_empty() {
            StakingHotkeys::<T>::insert(new, listed);
        }
        Ok(())
    }

    /// Moves what the coldkey has of root; the hotkeys on which it has that. The new one, without a number, has
    /// nothing.
    fn move_root_holdings(
        keys: Succession,
        tally: &mut Tally,
    ) -> Result<Vec<AccountId>, DispatchError> {
        let mut holdings = Vec::new();
        for entry in RootHoldings::<T>::iter_prefix(keys.old) {
            tally.moving::<T>(1)?;
            holdings.push(entry);
        }
        for (hotkey, holding) in &holdings {
            RootHoldings::<T>::remove(keys.old, hotkey);
            RootHoldings::<T>::insert(keys.new, hotkey, holding);
        }
        Ok(holdings.into_iter().map(|(hotkey, _)| hotkey).collect())
    }

    /// Moves what root dividends of one subnet on one hotkey are counted by.
    fn move_root_account(
        keys: Succession,
        netuid: NetUid,
        hotkey: &AccountId,
        tally: &mut Tally,
    ) -> DispatchResult {
        let (from, to) = ((netuid, hotkey, keys.old), (netuid, hotkey, keys.new));
        if RootClaimed::<T>::contains_key(from) {
            tally.moving::<T>(1)?;
            RootClaimed::<T>::insert(to, RootClaimed::<T>::take(from));
        }
        if RootKept::<T>::contains_key(from) {
            tally.moving::<T>(1)?;
            RootKept::<T>::insert(to, RootKept::<T>::take(from));
        }
        Ok(())
    }

    fn move_locks_of(keys: Succession, tally: &mut Tally) -> DispatchResult {
        let Succession { old, new } = keys;
        let mut locks = Vec::new();
        for entry in Lock::<T>::iter_prefix((old,)) {
            tally.moving::<T>(2)?;
            locks.push(entry);
        }
        for ((netuid, hotkey), lock) in locks {
            Lock::<T>::remove((old, netuid, &hotkey));
            Lock::<T>::insert((new, netuid, &hotkey), lock);
            LockingColdkeys::<T>::remove((netuid, &hotkey, old));
            LockingColdkeys::<T>::insert((netuid, &hotkey, new), ());
        }
        Ok(())
    }

    fn move_owned(keys: Succession, tally: &mut Tally) -> DispatchResult {
        let known = OwnedHotkeys::<T>::decode_len(keys.old).unwrap_or(0);
        tally.rewriting::<T>(known)?;
        tally.moving::<T>(u32::try_from(known).unwrap_or(u32::MAX))?;
        let hotkeys = OwnedHotkeys::<T>::take(keys.old);
        let mut subnets = BTreeSet::new();
        for hotkey in &hotkeys {
            Owner::<T>::insert(hotkey, keys.new);
            for netuid in IsNetworkMember::<T>::iter_key_prefix(hotkey) {
                tally.seeing::<T>(1)?;
                subnets.insert(netuid);
            }
        }
        for netuid in subnets {
            tally.rewriting::<T>(Self::holders_as_keys(netuid))?;
            Self::replace_owner(netuid, keys.old, keys.new);
        }
        if !hotkeys.is_empty() {
            OwnedHotkeys::<T>::insert(keys.new, hotkeys);
        }
        Ok(())
    }

    fn move_on_subnet(keys: Succession, netuid: NetUid, tally: &mut Tally) -> DispatchResult {
        let Succession { old, new } = keys;
        if SubnetOwner::<T>::get(netuid) == *old {
            SubnetOwner::<T>::insert(netuid, new);
        }
        if let Some(hotkey) = AutoStakeDestination::<T>::take(old, netuid) {
            tally.moving::<T>(2)?;
            AutoStakeDestination::<T>::insert(new, netuid, hotkey);
            AutoStakers::<T>::remove(netuid, old);
            AutoStakers::<T>::insert(netuid, new, ());
        }
        if let Some(decays) = DecayingLock::<T>::take(old, netuid) {
            DecayingLock::<T>::insert(new, netuid, decays);
        }
        Self::move_pause(keys, |coldkey| {
            RateLimitKey::HotkeySwapOnSubnet(netuid, coldkey)
        });
        Ok(())
    }

    /// What there is once for each coldkey.
    fn move_facts(keys: Succession) {
        let Succession { old, new } = keys;
        if let Some(identity) = IdentitiesV2::<T>::take(old) {
            IdentitiesV2::<T>::insert(new, identity);
        }
        if AccountFlags::<T>::contains_key(old) {
            AccountFlags::<T>::insert(new, AccountFlags::<T>::take(old));
        }
        if RootClaimType::<T>::contains_key(old) {
            RootClaimType::<T>::insert(new, RootClaimType::<T>::take(old));
        }
        // The new coldkey has no number.
        if let Some(number) = RootStakerNumber::<T>::take(old) {
            RootStakerNumber::<T>::insert(new, number);
            RootStakers::<T>::insert(number, new);
        }
        Self::move_pause(keys, RateLimitKey::LastTxBlock);
        Self::forget_announcement(old);
    }

    /// Lets a pause of the old coldkey bind the new one: the later of the two counts.
    fn move_pause(keys: Succession, action: impl Fn(AccountId) -> RateLimitKey<AccountId>) {
        let last = LastRateLimitedBlock::<T>::take(action(keys.old.clone()));
        let key = action(keys.new.clone());
        if last > LastRateLimitedBlock::<T>::get(&key) {
            LastRateLimitedBlock::<T>::insert(key, last);
        }
    }
}
