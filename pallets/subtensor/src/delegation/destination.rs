//! Where the income of a coldkey's miners is staked.

use dendra_primitives::NetUid;
use frame_support::ensure;
use sp_runtime::DispatchResult;

use crate::{AccountId, AutoStakeDestination, AutoStakers, Config, Error, Event, Pallet, Uids};

impl<T: Config> Pallet<T> {
    /// The call `set_coldkey_auto_stake_hotkey`: any hotkey with a uid on the subnet, also another owner's.
    ///
    /// **Errors:** `RegistrationNotPermittedOnRootSubnet`, `SubnetNotExists`, `HotKeyNotRegisteredInSubNet`,
    /// `SameAutoStakeHotkeyAlreadySet`.
    pub(crate) fn do_set_auto_stake(
        coldkey: &AccountId,
        netuid: NetUid,
        hotkey: &AccountId,
    ) -> DispatchResult {
        ensure!(
            !netuid.is_root(),
            Error::<T>::RegistrationNotPermittedOnRootSubnet
        );
        Self::ensure_exists(netuid)?;
        ensure!(
            Uids::<T>::contains_key(netuid, hotkey),
            Error::<T>::HotKeyNotRegisteredInSubNet
        );
        ensure!(
            AutoStakeDestination::<T>::get(coldkey, netuid).as_ref() != Some(hotkey),
            Error::<T>::SameAutoStakeHotkeyAlreadySet
        );
        AutoStakeDestination::<T>::insert(coldkey, netuid, hotkey);
        AutoStakers::<T>::insert(netuid, coldkey, ());
        Self::deposit_event(Event::AutoStakeDestinationSet {
            coldkey: coldkey.clone(),
            netuid,
            hotkey: hotkey.clone(),
        });
        Ok(())
    }
}
