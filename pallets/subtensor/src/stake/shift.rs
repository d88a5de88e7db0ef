//! Stake that goes to another hotkey, subnet or coldkey.

use dendra_primitives::{AlphaBalance, NetUid};
use sp_runtime::DispatchResult;

use crate::{AccountId, Config, Error, Pallet, types::TradeLimit};

impl<T: Config> Pallet<T> {
    /// The calls `move_stake` and `move_stake_limit`.
    pub(crate) fn do_move_stake(
        coldkey: &AccountId,
        from: (&AccountId, NetUid),
        to: (&AccountId, NetUid),
        alpha: AlphaBalance,
        limit: Option<TradeLimit>,
    ) -> DispatchResult {
        let _ = (coldkey, from, to, alpha, limit);
        Err(Error::<T>::DisabledTemporarily.into())
    }

    /// The call `transfer_stake`.
    pub(crate) fn do_transfer_stake(
        coldkey: &AccountId,
        destination_coldkey: &AccountId,
        hotkey: &AccountId,
        subnets: (NetUid, NetUid),
        alpha: AlphaBalance,
    ) -> DispatchResult {
        let _ = (coldkey, destination_coldkey, hotkey, subnets, alpha);
        Err(Error::<T>::DisabledTemporarily.into())
    }

    /// The calls `swap_stake` and `swap_stake_limit`.
    pub(crate) fn do_swap_stake(
        coldkey: &AccountId,
        hotkey: &AccountId,
        subnets: (NetUid, NetUid),
        alpha: AlphaBalance,
        limit: Option<TradeLimit>,
    ) -> DispatchResult {
        let _ = (coldkey, hotkey, subnets, alpha, limit);
        Err(Error::<T>::DisabledTemporarily.into())
    }
}
