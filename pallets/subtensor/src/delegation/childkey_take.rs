//! The take of a child: the part of a stranger's dividend that the borrower keeps.

use dendra_primitives::NetUid;
use frame_support::ensure;
use sp_runtime::DispatchResult;
use subnet_hyperparameters::NetworkParameter;

use crate::{
    AccountId, ChildkeyTake, Config, Error, Event, MaxChildkeyTake, MinChildkeyTake,
    MinChildkeyTakePerSubnet, Pallet, TxChildkeyTakeRateLimit, types::RateLimitKey,
};

impl<T: Config> Pallet<T> {
    /// The call `set_childkey_take`: lower at any time, higher once in `TxChildkeyTakeRateLimit` blocks for each
    /// hotkey and subnet.
    ///
    /// **Errors:** `RegistrationNotPermittedOnRootSubnet`, `SubnetNotExists`, `HotKeyAccountNotExists`,
    /// `NonAssociatedColdKey`, `InvalidChildkeyTake` outside of the bounds of the network and of the subnet,
    /// `TxChildkeyTakeRateLimitExceeded`.
    pub(crate) fn do_set_childkey_take(
        coldkey: &AccountId,
        hotkey: &AccountId,
        netuid: NetUid,
        take: u16,
    ) -> DispatchResult {
        ensure!(
            !netuid.is_root(),
            Error::<T>::RegistrationNotPermittedOnRootSubnet
        );
        Self::ensure_exists(netuid)?;
        Self::ensure_hotkey_of(coldkey, hotkey)?;
        let (least, most) = Self::childkey_take_bounds(netuid);
        ensure!(
            (least..=most).contains(&take),
            Error::<T>::InvalidChildkeyTake
        );
        let key = RateLimitKey::ChildkeyTake(netuid, hotkey.clone());
        let is_rise = take > ChildkeyTake::<T>::get(hotkey, netuid);
        ensure!(
            !is_rise || Self::has_rested(&key, TxChildkeyTakeRateLimit::<T>::get()),
            Error::<T>::TxChildkeyTakeRateLimitExceeded
        );
        Self::note_change(key);
        Self::write_childkey_take(hotkey, netuid, take);
        Self::deposit_event(Event::ChildKeyTakeSet(hotkey.clone(), take));
        Ok(())
    }

    /// The take of a child that counts: what it chose, within the bounds as they are now.
    pub fn childkey_take(hotkey: &AccountId, netuid: NetUid) -> u16 {
        let (least, most) = Self::childkey_take_bounds(netuid);
        ChildkeyTake::<T>::get(hotkey, netuid).max(least).min(most)
    }

    /// The lowest and the highest take of a child on a subnet.
    fn childkey_take_bounds(netuid: NetUid) -> (u16, u16) {
        let least = MinChildkeyTake::<T>::get().max(MinChildkeyTakePerSubnet::<T>::get(netuid));
        (least, MaxChildkeyTake::<T>::get())
    }

    /// The call `sudo_set_tx_childkey_take_rate_limit`.
    pub(crate) fn do_set_childkey_take_rate_limit(
        origin: T::RuntimeOrigin,
        blocks: u64,
    ) -> DispatchResult {
        let parameter = NetworkParameter::TxChildkeyTakeRateLimit;
        Self::set_network_parameter(origin, parameter, blocks.into()).map_err(Self::error_of)
    }

    /// The call `sudo_set_min_childkey_take`.
    pub(crate) fn do_set_min_childkey_take(origin: T::RuntimeOrigin, take: u16) -> DispatchResult {
        let parameter = NetworkParameter::MinChildkeyTake;
        Self::set_network_parameter(origin, parameter, take.into()).map_err(Self::error_of)
    }

    /// The call `sudo_set_max_childkey_take`.
    pub(crate) fn do_set_max_childkey_take(origin: T::RuntimeOrigin, take: u16) -> DispatchResult {
        let parameter = NetworkParameter::MaxChildkeyTake;
        Self::set_network_parameter(origin, parameter, take.into()).map_err(Self::error_of)
    }
}
