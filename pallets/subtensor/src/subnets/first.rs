//! The networks of the genesis: root, and a subnet without owner.

use dendra_primitives::{AlphaBalance, NetUid, TaoBalance};
use frame_support::traits::{
    Get,
    fungible::{Inspect, Mutate},
};
use sp_runtime::DispatchResult;

use crate::{
    AccountId, Config, MaxAllowedUids, MaxAllowedValidators, MechanismCountCurrent,
    MinAllowedWeights, NetworkRegistrationAllowed, OwnedHotkeys, Owner, Pallet, SubnetAlphaOut,
    SubnetLocked, SubnetMechanism, SubnetOwner, SubnetOwnerHotkey, SubnetResidual, Tempo,
    types::{OneMechanism, ROOT_SEATS, ZeroAccount},
};

/// Tempo of both, in blocks.
const TEMPO: u16 = 100;
/// TAO, and alpha, in the pool of the first subnet.
const RESERVE: u64 = 10_000_000_000;
/// Alpha outside of it, which nobody owns.
const OUTSTANDING: AlphaBalance = AlphaBalance::new(1_000_000_000);

impl<T: Config> Pallet<T> {
    /// Opens root and the first subnet.
    pub(crate) fn open_first_networks(
        root_owner: Option<(AccountId, AccountId)>,
    ) -> DispatchResult {
        let zero = ZeroAccount::get();
        let root = NetUid::ROOT;
        Self::add_to_list(root)?;
        Self::give_free_symbol(root);
        Tempo::<T>::insert(root, TEMPO);
        MaxAllowedUids::<T>::insert(root, ROOT_SEATS);
        MaxAllowedValidators::<T>::insert(root, ROOT_SEATS);
        MinAllowedWeights::<T>::insert(root, 0);
        NetworkRegistrationAllowed::<T>::insert(root, true);
        MechanismCountCurrent::<T>::insert(root, OneMechanism::get());
        SubnetMechanism::<T>::insert(root, 0);
        // A deposit of its own, so that all stake can leave and what is left is not swept away as dust.
        T::Currency::mint_into(&Self::subnet_account(root), T::Currency::minimum_balance())?;
        if let Some((coldkey, hotkey)) = root_owner {
            SubnetOwner::<T>::insert(root, coldkey);
            SubnetOwnerHotkey::<T>::insert(root, hotkey);
        }

        let first = NetUid::new(1);
        Owner::<T>::insert(&zero, &zero);
        OwnedHotkeys::<T>::try_mutate(&zero, |owned| owned.try_push(zero.clone()))
            .map_err(|_| sp_runtime::DispatchError::Exhausted)?;
        Self::open_subnet(first, &zero, &zero, TEMPO)?;
        MinAllowedWeights::<T>::insert(first, 0);
        Self::append_neuron(first, &zero)?;
        T::Currency::mint_into(&Self::subnet_account(first), RESERVE)?;
        Self::fill_pool(first, TaoBalance::new(RESERVE), AlphaBalance::new(RESERVE))?;
        SubnetAlphaOut::<T>::insert(first, OUTSTANDING);
        SubnetResidual::<T>::insert(first, OUTSTANDING);
        SubnetLocked::<T>::insert(first, TaoBalance::new(1));
        Ok(())
    }
}
