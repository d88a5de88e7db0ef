//! Staking: TAO becomes alpha of a position.

use dendra_primitives::{NetUid, TaoBalance};
use sp_runtime::DispatchResult;

use crate::{AccountId, Config, Error, Pallet, types::TradeLimit};

impl<T: Config> Pallet<T> {
    /// The calls `add_stake` and `add_stake_limit`.
    pub(crate) fn do_add_stake(
        coldkey: &AccountId,
        hotkey: &AccountId,
        netuid: NetUid,
        tao: TaoBalance,
        limit: Option<TradeLimit>,
    ) -> DispatchResult {
        let _ = (coldkey, hotkey, netuid, tao, limit);
        Err(Error::<T>::DisabledTemporarily.into())
    }

    /// The call `add_stake_burn`.
    pub(crate) fn do_add_stake_burn(
        coldkey: &AccountId,
        hotkey: &AccountId,
        netuid: NetUid,
        tao: TaoBalance,
        limit: Option<TaoBalance>,
    ) -> DispatchResult {
        let _ = (coldkey, hotkey, netuid, tao, limit);
        Err(Error::<T>::DisabledTemporarily.into())
    }
}
