//! Seats of the root network (section 11 of the economics).

use dendra_primitives::NetUid;
use frame_support::ensure;
use sp_runtime::DispatchResult;

use crate::{
    AccountId, Config, DefaultDelegateTake, Delegates, Error, Event, Keys, MaxAllowedUids,
    MaxRegistrationsPerBlock, NetworkRegistrationAllowed, Pallet, RegistrationsThisBlock,
    RegistrationsThisInterval, SubnetworkN, TargetRegistrationsPerInterval, TotalHotkeyAlpha, Uids,
    neurons::slot::Slot,
};

impl<T: Config> Pallet<T> {
    /// Gives a hotkey a seat on root: a free one, or that of the member with the least stake, if the hotkey
    /// has more. Of equal members the one with the lowest uid goes.
    pub(crate) fn do_root_register(coldkey: &AccountId, hotkey: &AccountId) -> DispatchResult {
        let root = NetUid::ROOT;
        ensure!(Self::exists(root), Error::<T>::RootNetworkDoesNotExist);
        ensure!(
            NetworkRegistrationAllowed::<T>::get(root),
            Error::<T>::SubNetRegistrationDisabled
        );
        ensure!(
            RegistrationsThisBlock::<T>::get(root) < MaxRegistrationsPerBlock::<T>::get(root),
            Error::<T>::TooManyRegistrationsThisBlock
        );
        let most = TargetRegistrationsPerInterval::<T>::get(root).saturating_mul(3);
        ensure!(
            Self::is_interval_over(root) || RegistrationsThisInterval::<T>::get(root) < most,
            Error::<T>::TooManyRegistrationsThisInterval
        );
        ensure!(
            !Uids::<T>::contains_key(root, hotkey),
            Error::<T>::HotKeyAlreadyRegisteredInSubNet
        );
        Self::ensure_ordinary_account(hotkey)?;
        Self::ensure_own_or_new(coldkey, hotkey)?;

        let members = SubnetworkN::<T>::get(root);
        let slot = if members < MaxAllowedUids::<T>::get(root) {
            Slot::Append
        } else {
            let (least, uid) = (0..members)
                .map(|uid| {
                    let member = Keys::<T>::get(root, uid);
                    (TotalHotkeyAlpha::<T>::get(member, root), uid)
                })
                .min()
                .ok_or(Error::<T>::NoNeuronIdAvailable)?;
            ensure!(
                TotalHotkeyAlpha::<T>::get(hotkey, root) > least,
                Error::<T>::StakeTooLowForRoot
            );
            Slot::Replace(uid)
        };
        Self::associate(coldkey, hotkey)?;
        Self::take_slot(root, slot, hotkey)?;
        Self::count_registration(root);
        if !Delegates::<T>::contains_key(hotkey) {
            let take = DefaultDelegateTake::<T>::get();
            Delegates::<T>::insert(hotkey, take);
            Self::deposit_event(Event::DelegateAdded(coldkey.clone(), hotkey.clone(), take));
        }
        Ok(())
    }
}
