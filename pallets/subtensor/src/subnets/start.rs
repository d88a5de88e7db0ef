//! Starting a subnet.

use dendra_primitives::NetUid;
use frame_support::ensure;
use sp_runtime::DispatchResult;

use crate::{
    AccountId, Config, Error, Event, FirstEmissionBlockNumber, NetworkRegisteredAt, Pallet,
    StartCallDelay, SubtokenEnabled,
};

impl<T: Config> Pallet<T> {
    /// Enables the alpha of a subnet and its emission from the next block on.
    pub(crate) fn do_start(coldkey: &AccountId, netuid: NetUid) -> DispatchResult {
        Self::ensure_owner(coldkey, netuid)?;
        ensure!(
            !netuid.is_root(),
            Error::<T>::RegistrationNotPermittedOnRootSubnet
        );
        ensure!(
            FirstEmissionBlockNumber::<T>::get(netuid).is_none(),
            Error::<T>::FirstEmissionBlockNumberAlreadySet
        );
        let now = Self::block();
        let age = now.saturating_sub(NetworkRegisteredAt::<T>::get(netuid));
        ensure!(
            age >= StartCallDelay::<T>::get(),
            Error::<T>::NeedWaitingMoreBlocksToStarCall
        );
        let first = now.saturating_add(1);
        FirstEmissionBlockNumber::<T>::insert(netuid, first);
        SubtokenEnabled::<T>::insert(netuid, true);
        Self::deposit_event(Event::FirstEmissionBlockNumberSet(netuid, first));
        Ok(())
    }
}
