//! Children: hotkeys to which a hotkey lends its stake.

use alloc::vec::Vec;

use dendra_primitives::NetUid;
use sp_runtime::DispatchResult;

use crate::{AccountId, Config, Error, Pallet};

impl<T: Config> Pallet<T> {
    /// The call `set_children`.
    pub(crate) fn do_set_children(
        coldkey: &AccountId,
        hotkey: &AccountId,
        netuid: NetUid,
        children: Vec<(u64, AccountId)>,
    ) -> DispatchResult {
        let _ = (coldkey, hotkey, netuid, children);
        Err(Error::<T>::DisabledTemporarily.into())
    }

    /// The call `set_childkey_take`.
    pub(crate) fn do_set_childkey_take(
        coldkey: &AccountId,
        hotkey: &AccountId,
        netuid: NetUid,
        take: u16,
    ) -> DispatchResult {
        let _ = (coldkey, hotkey, netuid, take);
        Err(Error::<T>::DisabledTemporarily.into())
    }

    /// The call `set_auto_parent_delegation_enabled`.
    pub(crate) fn do_set_auto_parent_delegation(
        coldkey: &AccountId,
        hotkey: &AccountId,
        enabled: bool,
    ) -> DispatchResult {
        let _ = (coldkey, hotkey, enabled);
        Err(Error::<T>::DisabledTemporarily.into())
    }

    /// The call `sudo_set_tx_childkey_take_rate_limit`.
    pub(crate) fn do_set_childkey_take_rate_limit(
        origin: T::RuntimeOrigin,
        blocks: u64,
    ) -> DispatchResult {
        let _ = (origin, blocks);
        Err(Error::<T>::DisabledTemporarily.into())
    }

    /// The call `sudo_set_min_childkey_take`.
    pub(crate) fn do_set_min_childkey_take(origin: T::RuntimeOrigin, take: u16) -> DispatchResult {
        let _ = (origin, take);
        Err(Error::<T>::DisabledTemporarily.into())
    }

    /// The call `sudo_set_max_childkey_take`.
    pub(crate) fn do_set_max_childkey_take(origin: T::RuntimeOrigin, take: u16) -> DispatchResult {
        let _ = (origin, take);
        Err(Error::<T>::DisabledTemporarily.into())
    }

    /// The call `set_pending_childkey_cooldown`.
    pub(crate) fn do_set_childkey_cooldown(
        origin: T::RuntimeOrigin,
        blocks: u64,
    ) -> DispatchResult {
        let _ = (origin, blocks);
        Err(Error::<T>::DisabledTemporarily.into())
    }
}
