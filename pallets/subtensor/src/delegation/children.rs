//! Children: hotkeys to which a hotkey lends its stake.

use alloc::{collections::BTreeSet, vec::Vec};

use dendra_primitives::NetUid;
use frame_support::ensure;
use sp_runtime::{DispatchError, DispatchResult};
use subnet_hyperparameters::NetworkParameter;
use yuma_consensus::StakeWeight;

use super::Places;
use crate::{
    AccountId, Config, Error, Event, Owner, Pallet, ParentKeys, PendingChildKeyCooldown,
    StakeThreshold, SubnetOwnerHotkey, SubtokenEnabled, TaoWeight,
    types::{CHILDREN_PAUSE, Children, RateLimitKey},
};

impl<T: Config> Pallet<T> {
    /// The call `set_children`: the children count from the first epoch after the cooldown, and at once while
    /// the subtoken is disabled. No children end all lending. A second call before takes the place of the first.
    ///
    /// **Errors:** `RegistrationNotPermittedOnRootSubnet`, `SubnetNotExists`, `NonAssociatedColdKey`,
    /// `NotEnoughStakeToSetChildkeys`, `TxRateLimitExceeded` within 150 blocks, and those of
    /// [`Pallet::checked_children`].
    pub(crate) fn do_set_children(
        coldkey: &AccountId,
        hotkey: &AccountId,
        netuid: NetUid,
        children: Vec<(u64, AccountId)>,
    ) -> DispatchResult {
        ensure!(
            !netuid.is_root(),
            Error::<T>::RegistrationNotPermittedOnRootSubnet
        );
        Self::ensure_exists(netuid)?;
        // A hotkey of nobody has the zero account, which cannot sign.
        ensure!(
            Owner::<T>::get(hotkey) == *coldkey,
            Error::<T>::NonAssociatedColdKey
        );
        let children = Self::checked_children(hotkey, netuid, children)?;
        ensure!(
            children.is_empty() || Self::may_lend(hotkey, netuid),
            Error::<T>::NotEnoughStakeToSetChildkeys
        );
        let key = RateLimitKey::SetChildren(netuid, hotkey.clone());
        ensure!(
            Self::has_rested(&key, CHILDREN_PAUSE),
            Error::<T>::TxRateLimitExceeded
        );
        Self::note_change(key);
        if SubtokenEnabled::<T>::get(netuid) {
            Self::schedule_children(hotkey, netuid, children);
            Ok(())
        } else {
            Self::unschedule_children(hotkey, netuid);
            Self::write_children(hotkey, netuid, children, Places::Free)
        }
    }

    /// Children that a hotkey may have.
    ///
    /// **Errors:** `TooManyChildren` above five, `InvalidChild` for the hotkey itself, `DuplicateChild`,
    /// `InvalidValue` for a proportion of 0, `ProportionOverflow` for a sum above 2^64−1,
    /// `CannotUseSystemAccount`, `ChildParentInconsistency` for a parent of the hotkey.
    fn checked_children(
        hotkey: &AccountId,
        netuid: NetUid,
        children: Vec<(u64, AccountId)>,
    ) -> Result<Children, DispatchError> {
        let children = Children::try_from(children).map_err(|_| Error::<T>::TooManyChildren)?;
        let mut sum = Some(0_u64);
        let mut seen = BTreeSet::new();
        for (proportion, child) in &children {
            ensure!(child != hotkey, Error::<T>::InvalidChild);
            ensure!(seen.insert(child), Error::<T>::DuplicateChild);
            ensure!(*proportion > 0, Error::<T>::InvalidValue);
            Self::ensure_ordinary_account(child)?;
            sum = sum.and_then(|sum| sum.checked_add(*proportion));
        }
        ensure!(sum.is_some(), Error::<T>::ProportionOverflow);
        Self::ensure_no_parent_among(hotkey, netuid, &children)?;
        Ok(children)
    }

    /// That no child is a parent of the hotkey.
    pub(crate) fn ensure_no_parent_among(
        hotkey: &AccountId,
        netuid: NetUid,
        children: &Children,
    ) -> DispatchResult {
        let parents = ParentKeys::<T>::get(hotkey, netuid);
        let has_parent = parents
            .iter()
            .any(|(_, parent)| children.iter().any(|(_, child)| child == parent));
        ensure!(!has_parent, Error::<T>::ChildParentInconsistency);
        Ok(())
    }

    /// Whether the hotkey has enough stake of its own to lend it; the owner hotkey always has.
    fn may_lend(hotkey: &AccountId, netuid: NetUid) -> bool {
        let own = Self::own_stake(hotkey, netuid);
        let weight = StakeWeight::combine(own.alpha.get(), own.tao.get(), TaoWeight::<T>::get());
        weight.units() >= StakeThreshold::<T>::get()
            || SubnetOwnerHotkey::<T>::get(netuid) == *hotkey
    }

    fn schedule_children(hotkey: &AccountId, netuid: NetUid, children: Children) {
        let block = Self::block().saturating_add(PendingChildKeyCooldown::<T>::get());
        Self::put_pending_children(hotkey, netuid, children.clone(), block);
        Self::deposit_event(Event::SetChildrenScheduled(
            hotkey.clone(),
            netuid,
            block,
            children.into_inner(),
        ));
    }

    /// The call `set_pending_childkey_cooldown`.
    pub(crate) fn do_set_childkey_cooldown(
        origin: T::RuntimeOrigin,
        blocks: u64,
    ) -> DispatchResult {
        let parameter = NetworkParameter::PendingChildKeyCooldown;
        Self::set_network_parameter(origin, parameter, blocks.into()).map_err(Self::error_of)
    }
}
