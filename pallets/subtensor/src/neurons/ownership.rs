//! Which coldkey owns a hotkey.

use frame_support::ensure;
use sp_runtime::DispatchResult;

use crate::{AccountId, Config, Error, Event, OwnedHotkeys, Owner, Pallet};

impl<T: Config> Pallet<T> {
    /// Whether somebody owns the hotkey.
    pub fn is_owned(hotkey: &AccountId) -> bool {
        Owner::<T>::contains_key(hotkey)
    }

    /// That the hotkey is the coldkey's own or nobody's.
    pub(crate) fn ensure_own_or_new(coldkey: &AccountId, hotkey: &AccountId) -> DispatchResult {
        ensure!(
            !Self::is_owned(hotkey) || Owner::<T>::get(hotkey) == *coldkey,
            Error::<T>::NonAssociatedColdKey
        );
        Ok(())
    }

    /// Makes the hotkey the coldkey's own, if nobody owns it.
    ///
    /// The hotkey gets a reference of its own, so that it can sign the calls that carry no fee without
    /// holding TAO.
    pub(crate) fn associate(coldkey: &AccountId, hotkey: &AccountId) -> DispatchResult {
        if Self::is_owned(hotkey) {
            return Ok(());
        }
        OwnedHotkeys::<T>::try_mutate(coldkey, |owned| {
            owned
                .try_push(hotkey.clone())
                .map_err(|_| Error::<T>::TooManyOwnedHotkeys)
        })?;
        Owner::<T>::insert(hotkey, coldkey);
        frame_system::Pallet::<T>::inc_sufficients(hotkey);
        Self::deposit_event(Event::HotkeyAssociated {
            coldkey: coldkey.clone(),
            hotkey: hotkey.clone(),
        });
        Ok(())
    }

    /// Ends the ownership of a hotkey, for a swap. With its reference the account goes too, unless it holds TAO.
    pub(crate) fn disown(coldkey: &AccountId, hotkey: &AccountId) {
        Owner::<T>::remove(hotkey);
        OwnedHotkeys::<T>::mutate_exists(coldkey, |owned| {
            if let Some(hotkeys) = owned {
                hotkeys.retain(|other| other != hotkey);
                if hotkeys.is_empty() {
                    *owned = None;
                }
            }
        });
        frame_system::Pallet::<T>::dec_sufficients(hotkey);
    }

    /// The call `try_associate_hotkey`: a hotkey that has an owner stays with it.
    pub(crate) fn do_associate(coldkey: &AccountId, hotkey: &AccountId) -> DispatchResult {
        Self::ensure_ordinary_account(hotkey)?;
        Self::associate(coldkey, hotkey)
    }
}
