//! Swapping a coldkey: announcement, dispute, execution.

use dendra_primitives::TaoBalance;
use frame_support::dispatch::DispatchResultWithPostInfo;
use sp_core::H256;
use sp_runtime::DispatchResult;

use crate::{AccountId, Config, Error, Pallet};

impl<T: Config> Pallet<T> {
    /// The call `announce_coldkey_swap`.
    pub(crate) fn do_announce_coldkey_swap(coldkey: &AccountId, hash: H256) -> DispatchResult {
        let _ = (coldkey, hash);
        Err(Error::<T>::DisabledTemporarily.into())
    }

    /// The call `swap_coldkey_announced`.
    pub(crate) fn do_swap_coldkey_announced(
        coldkey: &AccountId,
        new: &AccountId,
    ) -> DispatchResultWithPostInfo {
        let _ = (coldkey, new);
        Err(Error::<T>::DisabledTemporarily.into())
    }

    /// The call `swap_coldkey`.
    pub(crate) fn do_swap_coldkey(
        old: &AccountId,
        new: &AccountId,
        cost: TaoBalance,
    ) -> DispatchResultWithPostInfo {
        let _ = (old, new, cost);
        Err(Error::<T>::DisabledTemporarily.into())
    }

    /// The call `dispute_coldkey_swap`.
    pub(crate) fn do_dispute_coldkey_swap(coldkey: &AccountId) -> DispatchResult {
        let _ = (coldkey,);
        Err(Error::<T>::DisabledTemporarily.into())
    }

    /// The call `reset_coldkey_swap`.
    pub(crate) fn do_reset_coldkey_swap(coldkey: &AccountId) -> DispatchResult {
        let _ = (coldkey,);
        Err(Error::<T>::DisabledTemporarily.into())
    }

    /// The call `clear_coldkey_swap_announcement`.
    pub(crate) fn do_clear_coldkey_swap(coldkey: &AccountId) -> DispatchResult {
        let _ = (coldkey,);
        Err(Error::<T>::DisabledTemporarily.into())
    }
}
