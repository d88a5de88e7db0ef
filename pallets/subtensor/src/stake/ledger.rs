//! The ledger of stake: a pool of shares per hotkey and subnet, a position per coldkey in it.
//!
//! Positions are kept by subnet first, so that a dissolved subnet is paid out in pieces. Every change goes
//! through [`Pallet::deposit`], [`Pallet::withdraw`], [`Pallet::reward`] and [`Pallet::close`]. A change of stake
//! on root corrects what its coldkey has claimed of root dividends.

use dendra_primitives::{AlphaBalance, NetUid};
use share_ledger::{MathError, Position, SharePool};
use sp_runtime::{DispatchError, DispatchResult};

use crate::{
    AccountId, Config, Error, HotkeyPools, LastColdkeyHotkeyStakeBlock, Pallet, PositionCounts,
    Positions, StakingHotkeys, TotalAlphaStaked, TotalHotkeyAlpha,
    types::{HotkeyPool, StoredPosition},
};

impl<T: Config> Pallet<T> {
    pub(super) fn share_pool(
        hotkey: &AccountId,
        netuid: NetUid,
    ) -> Result<SharePool, DispatchError> {
        Self::read_pool(HotkeyPools::<T>::get(hotkey, netuid))
    }

    fn read_pool(stored: HotkeyPool) -> Result<SharePool, DispatchError> {
        let HotkeyPool {
            value,
            shares,
            scale,
        } = stored;
        SharePool::from_parts(value, shares, scale).map_err(Self::ledger_error)
    }

    pub(super) fn write_pool(hotkey: &AccountId, netuid: NetUid, pool: SharePool) {
        if pool.shares() == 0 && pool.value().is_zero() {
            TotalHotkeyAlpha::<T>::remove(hotkey, netuid);
            HotkeyPools::<T>::remove(hotkey, netuid);
        } else {
            TotalHotkeyAlpha::<T>::insert(hotkey, netuid, pool.value());
            HotkeyPools::<T>::insert(hotkey, netuid, HotkeyPool::from(pool));
        }
    }

    /// Counts alpha that entered positions. No more than the supply of a subnet is ever staked.
    pub(crate) fn count_staked(netuid: NetUid, alpha: AlphaBalance) -> DispatchResult {
        if alpha.is_zero() {
            return Ok(());
        }
        TotalAlphaStaked::<T>::try_mutate(netuid, |total| {
            *total = total.checked_add(alpha).ok_or(Error::<T>::Overflow)?;
            Ok(())
        })
    }

    /// Counts alpha that left positions.
    fn count_unstaked(netuid: NetUid, alpha: AlphaBalance) -> DispatchResult {
        TotalAlphaStaked::<T>::try_mutate_exists(netuid, |total| {
            let rest = total
                .unwrap_or_default()
                .checked_sub(alpha)
                .ok_or(Error::<T>::Overflow)?;
            *total = (!rest.is_zero()).then_some(rest);
            Ok(())
        })
    }

    pub(super) fn position(hotkey: &AccountId, coldkey: &AccountId, netuid: NetUid) -> Position {
        Positions::<T>::get((netuid, hotkey, coldkey)).into()
    }

    /// Writes a position that was there before, or ends it.
    fn write_position(hotkey: &AccountId, coldkey: &AccountId, netuid: NetUid, position: Position) {
        if !position.is_empty() {
            Positions::<T>::insert((netuid, hotkey, coldkey), StoredPosition::from(position));
        } else if Positions::<T>::contains_key((netuid, hotkey, coldkey)) {
            Positions::<T>::remove((netuid, hotkey, coldkey));
            Self::leave_hotkey(hotkey, coldkey);
        }
    }

    /// Counts one position more; the first one puts the hotkey into the list of those the coldkey stakes on.
    fn join_hotkey(hotkey: &AccountId, coldkey: &AccountId) -> DispatchResult {
        let count = PositionCounts::<T>::get(hotkey, coldkey);
        if count == 0 {
            let is_first = StakingHotkeys::<T>::decode_len(coldkey).unwrap_or(0) == 0;
            StakingHotkeys::<T>::try_append(coldkey, hotkey)
                .map_err(|()| Error::<T>::TooManyStakingHotkeys)?;
            if is_first {
                Self::keep_account(coldkey);
            }
        }
        // There are fewer subnets than 65535.
        PositionCounts::<T>::insert(hotkey, coldkey, count.saturating_add(1));
        Ok(())
    }

    /// Counts one position less; with the last one the hotkey leaves the list, and when it was staked on last is
    /// forgotten.
    fn leave_hotkey(hotkey: &AccountId, coldkey: &AccountId) {
        let left = PositionCounts::<T>::get(hotkey, coldkey).saturating_sub(1);
        if left > 0 {
            PositionCounts::<T>::insert(hotkey, coldkey, left);
            return;
        }
        PositionCounts::<T>::remove(hotkey, coldkey);
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
        let total = TotalAlphaStaked::<T>::get(netuid)
            .checked_add(alpha)
            .ok_or(Error::<T>::Overflow)?;
        Self::deposit_uncounted(hotkey, coldkey, netuid, alpha)?;
        TotalAlphaStaked::<T>::insert(netuid, total);
        Ok(())
    }

    /// [`Self::deposit`] for one of many payments, whose sum the caller counts by [`Self::count_staked`].
    pub(crate) fn deposit_uncounted(
        hotkey: &AccountId,
        coldkey: &AccountId,
        netuid: NetUid,
        alpha: AlphaBalance,
    ) -> DispatchResult {
        // An epoch pays every neuron, so the keys of both records are made once.
        Positions::<T>::try_mutate_exists((netuid, hotkey, coldkey), |stored| {
            HotkeyPools::<T>::try_mutate(hotkey, netuid, |shared| {
                let held = Position::from(stored.unwrap_or_default());
                let (pool, position) = Self::read_pool(*shared)?
                    .deposit(held, alpha)
                    .map_err(Self::ledger_error)?;
                let on_root = netuid
                    .is_root()
                    .then(|| Self::root_stake_added(hotkey, coldkey, alpha))
                    .transpose()?;
                if held.is_empty() {
                    Self::join_hotkey(hotkey, coldkey)?;
                }
                *shared = HotkeyPool::from(pool);
                *stored = Some(StoredPosition::from(position));
                TotalHotkeyAlpha::<T>::insert(hotkey, netuid, pool.value());
                if let Some(change) = on_root {
                    Self::write_root_change(hotkey, coldkey, change);
                }
                Ok(())
            })
        })
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
        let left = pool.worth(position).map_err(Self::ledger_error)?;
        let on_root = netuid
            .is_root()
            .then(|| Self::root_stake_removed(hotkey, coldkey, alpha, left))
            .transpose()?;
        Self::count_unstaked(netuid, alpha)?;
        Self::write_pool(hotkey, netuid, pool);
        Self::write_position(hotkey, coldkey, netuid, position);
        if let Some(change) = on_root {
            Self::write_root_change(hotkey, coldkey, change);
        }
        Ok(())
    }

    /// Adds alpha to all positions of a hotkey, in proportion. The caller counts the sum of such payments by
    /// [`Self::count_staked`].
    ///
    /// **Errors:** `NotEnoughStake` if there is no position to own it; nothing is written then.
    pub(crate) fn reward_uncounted(
        hotkey: &AccountId,
        netuid: NetUid,
        alpha: AlphaBalance,
    ) -> DispatchResult {
        let pool = Self::share_pool(hotkey, netuid)?
            .add_value(alpha)
            .map_err(Self::ledger_error)?;
        Self::write_pool(hotkey, netuid, pool);
        Ok(())
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
        let on_root = netuid
            .is_root()
            .then(|| Self::root_stake_removed(hotkey, coldkey, worth, AlphaBalance::ZERO))
            .transpose()?;
        let (pool, dust) = if pool.shares() == 0 {
            (SharePool::default(), pool.value())
        } else {
            (pool, AlphaBalance::ZERO)
        };
        let gone = worth.checked_add(dust).ok_or(Error::<T>::Overflow)?;
        Self::count_unstaked(netuid, gone)?;
        Self::write_pool(hotkey, netuid, pool);
        Self::write_position(hotkey, coldkey, netuid, Position::default());
        if let Some(change) = on_root {
            Self::write_root_change(hotkey, coldkey, change);
        }
        Ok((worth, dust))
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
