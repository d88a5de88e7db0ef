//! Swapping a hotkey.

use dendra_primitives::NetUid;
use frame_support::dispatch::DispatchResultWithPostInfo;

use crate::{AccountId, Config, Error, Pallet};

impl<T: Config> Pallet<T> {
    /// The calls `swap_hotkey` and `swap_hotkey_v2`.
    pub(crate) fn do_swap_hotkey(
        coldkey: &AccountId,
        old: &AccountId,
        new: &AccountId,
        netuid: Option<NetUid>,
        keep_stake: bool,
    ) -> DispatchResultWithPostInfo {
        let _ = (coldkey, old, new, netuid, keep_stake);
        Err(Error::<T>::DisabledTemporarily.into())
    }
}
