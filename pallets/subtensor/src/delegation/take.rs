//! Takes of delegates.

use sp_runtime::DispatchResult;

use crate::{AccountId, Config, Error, Pallet};

impl<T: Config> Pallet<T> {
    /// The call `decrease_take`.
    pub(crate) fn do_decrease_take(
        coldkey: &AccountId,
        hotkey: &AccountId,
        take: u16,
    ) -> DispatchResult {
        let _ = (coldkey, hotkey, take);
        Err(Error::<T>::DisabledTemporarily.into())
    }

    /// The call `increase_take`.
    pub(crate) fn do_increase_take(
        coldkey: &AccountId,
        hotkey: &AccountId,
        take: u16,
    ) -> DispatchResult {
        let _ = (coldkey, hotkey, take);
        Err(Error::<T>::DisabledTemporarily.into())
    }
}
