//! What coldkeys and subnets say about themselves.
//!
//! A text that says nothing in any field removes what was said before.

use dendra_primitives::{
    NetUid,
    records::{ChainIdentityV2, Stored, SubnetIdentityV3},
};
use frame_support::ensure;
use sp_runtime::{DispatchError, DispatchResult};

use crate::{
    AccountId, Config, Error, Event, IdentitiesV2, OwnedHotkeys, Pallet, SubnetIdentitiesV3,
};

impl<T: Config> Pallet<T> {
    /// Sets what a coldkey says about itself. The coldkey has to own a hotkey: it is hotkeys that others
    /// look up, and an account that merely exists stores nothing.
    ///
    /// **Errors:** `HotKeyNotRegisteredInNetwork`, `InvalidIdentity`.
    pub(crate) fn do_set_identity(
        coldkey: &AccountId,
        identity: ChainIdentityV2,
    ) -> DispatchResult {
        Self::check_has_hotkey(coldkey)?;
        let identity = Stored::try_new(identity).ok_or(Error::<T>::InvalidIdentity)?;
        if *identity == ChainIdentityV2::default() {
            IdentitiesV2::<T>::remove(coldkey);
        } else {
            IdentitiesV2::<T>::insert(coldkey, identity);
        }
        Self::deposit_event(Event::ChainIdentitySet(coldkey.clone()));
        Ok(())
    }

    /// That a coldkey owns a hotkey.
    pub(crate) fn check_has_hotkey(coldkey: &AccountId) -> Result<(), Error<T>> {
        let hotkeys = OwnedHotkeys::<T>::decode_len(coldkey).unwrap_or(0);
        ensure!(hotkeys > 0, Error::HotKeyNotRegisteredInNetwork);
        Ok(())
    }

    /// Sets what a subnet says about itself.
    ///
    /// **Errors:** `SubnetNotExists`, `NotSubnetOwner`, `InvalidIdentity`.
    pub(crate) fn do_set_subnet_identity(
        coldkey: &AccountId,
        netuid: NetUid,
        identity: SubnetIdentityV3,
    ) -> DispatchResult {
        Self::ensure_owner(coldkey, netuid)?;
        Self::put_subnet_identity(netuid, Self::checked_subnet_identity(identity)?);
        Ok(())
    }

    /// An identity of a subnet whose fields are within their limits.
    pub(crate) fn checked_subnet_identity(
        identity: SubnetIdentityV3,
    ) -> Result<Stored<SubnetIdentityV3>, DispatchError> {
        Stored::try_new(identity).ok_or(Error::<T>::InvalidIdentity.into())
    }

    /// Stores the identity of a subnet, or removes it if it says nothing.
    pub(crate) fn put_subnet_identity(netuid: NetUid, identity: Stored<SubnetIdentityV3>) {
        if *identity != SubnetIdentityV3::default() {
            SubnetIdentitiesV3::<T>::insert(netuid, identity);
            Self::deposit_event(Event::SubnetIdentitySet(netuid));
        } else if SubnetIdentitiesV3::<T>::take(netuid).is_some() {
            Self::deposit_event(Event::SubnetIdentityRemoved(netuid));
        }
    }
}
