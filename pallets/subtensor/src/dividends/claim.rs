//! Claims of root dividends.

use alloc::collections::BTreeSet;

use dendra_primitives::{NetUid, records::RootClaimTypeEnum};
use frame_support::dispatch::DispatchResultWithPostInfo;
use sp_runtime::DispatchResult;

use crate::{AccountId, Config, Error, Pallet};

impl<T: Config> Pallet<T> {
    /// The call `claim_root`.
    pub(crate) fn do_claim_root(
        coldkey: &AccountId,
        subnets: BTreeSet<NetUid>,
    ) -> DispatchResultWithPostInfo {
        let _ = (coldkey, subnets);
        Err(Error::<T>::DisabledTemporarily.into())
    }

    /// The call `claim_root_with_hotkey`.
    pub(crate) fn do_claim_root_with_hotkey(
        coldkey: &AccountId,
        hotkey: &AccountId,
    ) -> DispatchResultWithPostInfo {
        let _ = (coldkey, hotkey);
        Err(Error::<T>::DisabledTemporarily.into())
    }

    /// The call `set_root_claim_type`.
    pub(crate) fn do_set_root_claim_type(
        coldkey: &AccountId,
        kind: RootClaimTypeEnum,
    ) -> DispatchResult {
        let _ = (coldkey, kind);
        Err(Error::<T>::DisabledTemporarily.into())
    }

    /// The call `sudo_set_num_root_claims`.
    pub(crate) fn do_set_num_root_claims(origin: T::RuntimeOrigin, value: u64) -> DispatchResult {
        let _ = (origin, value);
        Err(Error::<T>::DisabledTemporarily.into())
    }

    /// The call `sudo_set_root_claim_threshold`.
    pub(crate) fn do_set_root_claim_threshold(
        origin: T::RuntimeOrigin,
        netuid: NetUid,
        value: u64,
    ) -> DispatchResult {
        let _ = (origin, netuid, value);
        Err(Error::<T>::DisabledTemporarily.into())
    }
}
