//! Positions under another key, for key swaps.

use alloc::vec::Vec;

use dendra_primitives::NetUid;
use share_ledger::SharePool;
use sp_runtime::DispatchError;

use crate::{
    AccountId, Config, Event, HotkeyPools, Pallet, Positions, TotalHotkeyAlpha,
    keys::{Succession, Tally},
    types::StoredPosition,
};

impl<T: Config> Pallet<T> {
    /// Moves all positions on a hotkey of a subnet; the coldkeys, and whether each has a position more on the new one
    /// then. The caller keeps `PositionCounts`.
    ///
    /// Where the new hotkey has no pool, pool and positions keep their shares. Otherwise positions are closed and
    /// their worth is deposited: the sum of all is the same, and each is worth at most one unit less than before.
    ///
    /// **Errors:** `TooManyPositionsToMove`, `Overflow`; the caller undoes what was written.
    pub(crate) fn move_positions(
        keys: Succession,
        netuid: NetUid,
        tally: &mut Tally,
    ) -> Result<Vec<(AccountId, bool)>, DispatchError> {
        let Succession { old, new } = keys;
        let mut positions: Vec<(AccountId, StoredPosition)> = Vec::new();
        for position in Positions::<T>::iter_prefix((netuid, old)) {
            tally.moving::<T>(1)?;
            positions.push(position);
        }
        if positions.is_empty() {
            return Ok(Vec::new());
        }
        if HotkeyPools::<T>::contains_key(new, netuid) {
            return Self::merge_positions(keys, netuid, positions);
        }
        for (coldkey, position) in &positions {
            Positions::<T>::remove((netuid, old, coldkey));
            Positions::<T>::insert((netuid, new, coldkey), position);
        }
        TotalHotkeyAlpha::<T>::swap(old, netuid, new, netuid);
        HotkeyPools::<T>::swap(old, netuid, new, netuid);
        Self::deposit_event(Event::HotkeyStakeMoved {
            netuid,
            old_hotkey: old.clone(),
            new_hotkey: new.clone(),
        });
        Ok(positions
            .into_iter()
            .map(|(coldkey, _)| (coldkey, true))
            .collect())
    }

    fn merge_positions(
        keys: Succession,
        netuid: NetUid,
        positions: Vec<(AccountId, StoredPosition)>,
    ) -> Result<Vec<(AccountId, bool)>, DispatchError> {
        let Succession { old, new } = keys;
        let mut left = Self::share_pool(old, netuid)?;
        let mut joined = Self::share_pool(new, netuid)?;
        let mut holders = Vec::new();
        for (coldkey, stored) in positions {
            let (rest, worth) = left.close(stored.into()).map_err(Self::ledger_error)?;
            left = rest;
            Positions::<T>::remove((netuid, old, &coldkey));
            let mut held = Self::position(new, &coldkey, netuid);
            let is_first = held.is_empty();
            if !worth.is_zero() {
                (joined, held) = joined.deposit(held, worth).map_err(Self::ledger_error)?;
                Positions::<T>::insert((netuid, new, &coldkey), StoredPosition::from(held));
            }
            Self::deposit_event(Event::AlphaMoved {
                netuid,
                from: (old.clone(), coldkey.clone()),
                to: (new.clone(), coldkey.clone()),
                alpha: worth,
            });
            holders.push((coldkey, is_first && !held.is_empty()));
        }
        // Positions are worth no more than their pool; what they are worth less belongs to all who were joined.
        let dust = left.value();
        if !dust.is_zero() {
            joined = joined.add_value(dust).map_err(Self::ledger_error)?;
        }
        Self::write_pool(old, netuid, SharePool::default());
        Self::write_pool(new, netuid, joined);
        Self::deposit_event(Event::HotkeyStakeMerged {
            netuid,
            old_hotkey: old.clone(),
            new_hotkey: new.clone(),
            dust,
        });
        Ok(holders)
    }

    /// Moves the position of a coldkey to another one, which has none; whether there was one.
    pub(crate) fn move_position(keys: Succession, netuid: NetUid, hotkey: &AccountId) -> bool {
        let held = Positions::<T>::contains_key((netuid, hotkey, keys.old));
        if held {
            let position = Positions::<T>::take((netuid, hotkey, keys.old));
            Positions::<T>::insert((netuid, hotkey, keys.new), position);
        }
        held
    }
}
