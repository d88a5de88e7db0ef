//! The ledger of stake: a pool of shares per hotkey and subnet, a position per coldkey in it.
//!
//! Positions are kept by subnet first, so that a dissolved subnet is paid out in pieces. Every change goes
//! through [`Pallet::deposit`], [`Pallet::withdraw`], [`Pallet::reward`] and [`Pallet::close`].

use dendra_primitives::{AlphaBalance, NetUid};
use frame_support::{BoundedVec, pallet_prelude::ConstU32};
use share_ledger::{MathError, Position, SharePool};
use sp_runtime::{DispatchError, DispatchResult};

use crate::{
    AccountId, Config, DissolveCleanupQueue, Error, HotkeyPools, LastColdkeyHotkeyStakeBlock,
    Pallet, Positions, StakingHotkeys, SubnetList, TotalAlphaStaked, TotalHotkeyAlpha,
    types::{MAX_STAKING_HOTKEYS, PoolShares, StoredPosition},
};

impl<T: Config> Pallet<T> {
    pub(super) fn share_pool(hotkey: &AccountId, netuid: NetUid) -> Result<SharePool, DispatchError> {
        let PoolShares { shares, scale } = HotkeyPools::<T>::get(hotkey, netuid);
        SharePool::from_parts(TotalHotkeyAlpha::<T>::get(hotkey, netuid), shares, scale)
            .map_err(Self::ledger_error)
    }

    pub(super) fn write_pool(hotkey: &AccountId, netuid: NetUid, pool: SharePool) -> DispatchResult {
        let before = TotalHotkeyAlpha::<T>::get(hotkey, netuid);
        TotalAlphaStaked::<T>::try_mutate_exists(netuid, |total| {
            let sum = total
                .unwrap_or_default()
                .checked_sub(before)
                .and_then(|rest| rest.checked_add(pool.value()))
                .ok_or(Error::<T>::Overflow)?;
            *total = (!sum.is_zero()).then_some(sum);
            Ok::<_, DispatchError>(())
        })?;
        if pool.shares() == 0 && pool.value().is_zero() {
            TotalHotkeyAlpha::<T>::remove(hotkey, netuid);
            HotkeyPools::<T>::remove(hotkey, netuid);
        } else {
            TotalHotkeyAlpha::<T>::insert(hotkey, netuid, pool.value());
            HotkeyPools::<T>::insert(hotkey, netuid, PoolShares::from(pool));
        }
        Ok(())
    }

    pub(super) fn position(hotkey: &AccountId, coldkey: &AccountId, netuid: NetUid) -> Position {
        Positions::<T>::get((netuid, hotkey, coldkey)).into()
    }

    fn write_position(hotkey: &AccountId, coldkey: &AccountId, netuid: NetUid, position: Position) {
        if position.is_empty() {
            Positions::<T>::remove((netuid, hotkey, coldkey));
            Self::leave_staking(hotkey, coldkey);
        } else {
            Positions::<T>::insert((netuid, hotkey, coldkey), StoredPosition::from(position));
        }
    }

    /// Removes a hotkey from those a coldkey stakes on, and the note of when it did, if it holds nothing there
    /// any more: neither on a subnet nor on one that is still being cleaned up.
    fn leave_staking(hotkey: &AccountId, coldkey: &AccountId) {
        let holds = |netuid: &NetUid| Positions::<T>::contains_key((*netuid, hotkey, coldkey));
        if SubnetList::<T>::get().iter().any(holds)
            || DissolveCleanupQueue::<T>::get().iter().any(holds)
        {
            return;
        }
        LastColdkeyHotkeyStakeBlock::<T>::remove(coldkey, hotkey);
        StakingHotkeys::<T>::mutate_exists(coldkey, |list| {
            if let Some(hotkeys) = list {
                hotkeys.retain(|other| other != hotkey);
                if hotkeys.is_empty() {
                    *list = None;
                }
            }
        });
    }

    /// What a coldkey holds on a hotkey, rounded down.
    pub fn stake_of(hotkey: &AccountId, coldkey: &AccountId, netuid: NetUid) -> AlphaBalance {
        Self::share_pool(hotkey, netuid)
            .ok()
            .and_then(|pool| pool.worth(Self::position(hotkey, coldkey, netuid)).ok())
            .unwrap_or_default()
    }

    /// Adds alpha to a position. The alpha has to be in `SubnetAlphaOut` and to belong to nobody.
    ///
    /// **Errors:** `AmountTooLow` for nothing, `TooManyStakingHotkeys`, `Overflow`; nothing is written then.
    pub fn deposit(
        hotkey: &AccountId,
        coldkey: &AccountId,
        netuid: NetUid,
        alpha: AlphaBalance,
    ) -> DispatchResult {
        let held = Self::position(hotkey, coldkey, netuid);
        let (pool, position) = Self::share_pool(hotkey, netuid)?
            .deposit(held, alpha)
            .map_err(Self::ledger_error)?;
        // Who holds something on a hotkey has it in the list.
        let staking = held
            .is_empty()
            .then(|| Self::staking_with(hotkey, coldkey))
            .transpose()?
            .flatten();
        Self::write_pool(hotkey, netuid, pool)?;
        if let Some(staking) = staking {
            StakingHotkeys::<T>::insert(coldkey, staking);
        }
        Self::write_position(hotkey, coldkey, netuid, position);
        Ok(())
    }

    /// The list of hotkeys on which a coldkey stakes with one more; none if that is in it.
    fn staking_with(
        hotkey: &AccountId,
        coldkey: &AccountId,
    ) -> Result<Option<BoundedVec<AccountId, ConstU32<MAX_STAKING_HOTKEYS>>>, DispatchError> {
        let mut staking = StakingHotkeys::<T>::get(coldkey);
        if staking.contains(hotkey) {
            return Ok(None);
        }
        staking
            .try_push(hotkey.clone())
            .map_err(|_| Error::<T>::TooManyStakingHotkeys)?;
        Ok(Some(staking))
    }

    /// Takes alpha from a position; it belongs to nobody afterwards.
    ///
    /// **Errors:** `NotEnoughStakeToWithdraw`, `AmountTooLow` for nothing.
    pub fn withdraw(
        hotkey: &AccountId,
        coldkey: &AccountId,
        netuid: NetUid,
        alpha: AlphaBalance,
    ) -> DispatchResult {
        let (pool, position) = Self::share_pool(hotkey, netuid)?
            .withdraw(Self::position(hotkey, coldkey, netuid), alpha)
            .map_err(Self::ledger_error)?;
        Self::write_pool(hotkey, netuid, pool)?;
        Self::write_position(hotkey, coldkey, netuid, position);
        Ok(())
    }

    /// Adds alpha to all positions of a hotkey, in proportion.
    ///
    /// **Errors:** `NotEnoughStake` if there is no position to own it; nothing is written then.
    pub(crate) fn reward(
        hotkey: &AccountId,
        netuid: NetUid,
        alpha: AlphaBalance,
    ) -> DispatchResult {
        let pool = Self::share_pool(hotkey, netuid)?
            .add_value(alpha)
            .map_err(Self::ledger_error)?;
        Self::write_pool(hotkey, netuid, pool)
    }

    /// Ends a position and returns its worth, which belongs to nobody afterwards. With the last position
    /// of a hotkey its dust goes too and is returned as well.
    pub(crate) fn close(
        hotkey: &AccountId,
        coldkey: &AccountId,
        netuid: NetUid,
    ) -> Result<(AlphaBalance, AlphaBalance), DispatchError> {
        let (pool, worth) = Self::share_pool(hotkey, netuid)?
            .close(Self::position(hotkey, coldkey, netuid))
            .map_err(Self::ledger_error)?;
        Self::write_position(hotkey, coldkey, netuid, Position::default());
        if pool.shares() == 0 {
            let dust = pool.value();
            Self::write_pool(hotkey, netuid, SharePool::default())?;
            Ok((worth, dust))
        } else {
            Self::write_pool(hotkey, netuid, pool)?;
            Ok((worth, AlphaBalance::ZERO))
        }
    }

    pub(super) fn ledger_error(error: MathError) -> DispatchError {
        match error {
            MathError::ZeroAmount => Error::<T>::AmountTooLow,
            MathError::ExceedsPosition => Error::<T>::NotEnoughStakeToWithdraw,
            MathError::NoPositions => Error::<T>::NotEnoughStake,
            _ => Error::<T>::Overflow,
        }
        .into()
    }
}
