//! Alpha that its holder gives up.

use dendra_primitives::{AlphaBalance, NetUid};
use sp_runtime::DispatchResult;

use crate::{AccountId, Config, Error, Pallet};

impl<T: Config> Pallet<T> {
    /// The call `recycle_alpha`.
    pub(crate) fn do_recycle_alpha(
        coldkey: &AccountId,
        hotkey: &AccountId,
        alpha: AlphaBalance,
        netuid: NetUid,
    ) -> DispatchResult {
        let _ = (coldkey, hotkey, alpha, netuid);
        Err(Error::<T>::DisabledTemporarily.into())
    }

    /// The call `burn_alpha`.
    pub(crate) fn do_burn_alpha(
        coldkey: &AccountId,
        hotkey: &AccountId,
        alpha: AlphaBalance,
        netuid: NetUid,
    ) -> DispatchResult {
        let _ = (coldkey, hotkey, alpha, netuid);
        Err(Error::<T>::DisabledTemporarily.into())
    }
}
