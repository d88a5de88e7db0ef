//! Unstaking: alpha of a position becomes TAO.

use dendra_primitives::{AlphaBalance, NetUid};
use sp_runtime::DispatchResult;

use crate::{AccountId, Config, Error, Pallet, types::TradeLimit};

impl<T: Config> Pallet<T> {
    /// The calls `remove_stake`, `remove_stake_limit` and `remove_stake_full_limit`; no amount is all of it.
    pub(crate) fn do_remove_stake(
        coldkey: &AccountId,
        hotkey: &AccountId,
        netuid: NetUid,
        alpha: Option<AlphaBalance>,
        limit: Option<TradeLimit>,
    ) -> DispatchResult {
        let _ = (coldkey, hotkey, netuid, alpha, limit);
        Err(Error::<T>::DisabledTemporarily.into())
    }

    /// The call `unstake_all`.
    pub(crate) fn do_unstake_all(coldkey: &AccountId, hotkey: &AccountId) -> DispatchResult {
        let _ = (coldkey, hotkey);
        Err(Error::<T>::DisabledTemporarily.into())
    }

    /// The call `unstake_all_alpha`.
    pub(crate) fn do_unstake_all_alpha(coldkey: &AccountId, hotkey: &AccountId) -> DispatchResult {
        let _ = (coldkey, hotkey);
        Err(Error::<T>::DisabledTemporarily.into())
    }
}
