//! Where the income of a coldkey's miners is staked.

use dendra_primitives::NetUid;
use sp_runtime::DispatchResult;

use crate::{AccountId, Config, Error, Pallet};

impl<T: Config> Pallet<T> {
    /// The call `set_coldkey_auto_stake_hotkey`.
    pub(crate) fn do_set_auto_stake(
        coldkey: &AccountId,
        netuid: NetUid,
        hotkey: &AccountId,
    ) -> DispatchResult {
        let _ = (coldkey, netuid, hotkey);
        Err(Error::<T>::DisabledTemporarily.into())
    }
}
