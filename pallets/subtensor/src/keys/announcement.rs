//! Announcing the swap of a coldkey, disputing it, withdrawing it.

use dendra_primitives::TaoBalance;
use frame_support::{ensure, traits::Get};
use sp_core::H256;
use sp_runtime::{
    DispatchResult,
    traits::{BlakeTwo256, Hash},
};

use crate::{
    AccountId, ColdkeySwapAnnouncementDelay, ColdkeySwapAnnouncements, ColdkeySwapDisputes,
    ColdkeySwapReannouncementDelay, Config, Error, Event, Pallet,
};

impl<T: Config> Pallet<T> {
    /// The call `announce_coldkey_swap`. The first announcement costs what a swap costs; one that replaces it is
    /// free.
    ///
    /// **Errors:** `ColdkeySwapDisputed`, `ColdkeySwapReannouncedTooEarly`, `NotEnoughBalanceToPaySwapColdKey`.
    pub(crate) fn do_announce_coldkey_swap(coldkey: &AccountId, hash: H256) -> DispatchResult {
        Self::ensure_undisputed(coldkey)?;
        if let Some((due, _)) = ColdkeySwapAnnouncements::<T>::get(coldkey) {
            ensure!(
                Self::may_change(due),
                Error::<T>::ColdkeySwapReannouncedTooEarly
            );
        } else {
            let cost = TaoBalance::new(T::KeySwapCost::get());
            ensure!(
                Self::spendable(coldkey) >= cost,
                Error::<T>::NotEnoughBalanceToPaySwapColdKey
            );
            Self::recycle_from(coldkey, cost)?;
        }
        let due = Self::short_block().saturating_add(ColdkeySwapAnnouncementDelay::<T>::get());
        ColdkeySwapAnnouncements::<T>::insert(coldkey, (due, hash));
        Self::deposit_event(Event::ColdkeySwapAnnounced {
            who: coldkey.clone(),
            new_coldkey_hash: hash,
        });
        Ok(())
    }

    /// That the announced swap to a coldkey may be executed now.
    ///
    /// **Errors,** in this order: `ColdkeySwapAnnouncementNotFound`, `ColdkeySwapDisputed`,
    /// `AnnouncedColdkeyHashDoesNotMatch`, `ColdkeySwapTooEarly`.
    pub(crate) fn check_announced(coldkey: &AccountId, new: &AccountId) -> DispatchResult {
        let (due, hash) = ColdkeySwapAnnouncements::<T>::get(coldkey)
            .ok_or(Error::<T>::ColdkeySwapAnnouncementNotFound)?;
        Self::ensure_undisputed(coldkey)?;
        ensure!(
            BlakeTwo256::hash_of(new) == hash,
            Error::<T>::AnnouncedColdkeyHashDoesNotMatch
        );
        ensure!(Self::short_block() >= due, Error::<T>::ColdkeySwapTooEarly);
        Ok(())
    }

    /// The call `dispute_coldkey_swap`: whoever holds the key can stop a swap that another holder of it announced.
    ///
    /// **Errors:** `ColdkeySwapAnnouncementNotFound`, `ColdkeySwapAlreadyDisputed`.
    pub(crate) fn do_dispute_coldkey_swap(coldkey: &AccountId) -> DispatchResult {
        ensure!(
            ColdkeySwapAnnouncements::<T>::contains_key(coldkey),
            Error::<T>::ColdkeySwapAnnouncementNotFound
        );
        ensure!(
            !ColdkeySwapDisputes::<T>::contains_key(coldkey),
            Error::<T>::ColdkeySwapAlreadyDisputed
        );
        ColdkeySwapDisputes::<T>::insert(coldkey, Self::short_block());
        Self::deposit_event(Event::ColdkeySwapDisputed {
            coldkey: coldkey.clone(),
        });
        Ok(())
    }

    /// The call `reset_coldkey_swap`.
    ///
    /// **Errors:** `ColdkeySwapAnnouncementNotFound` if there is nothing to end.
    pub(crate) fn do_reset_coldkey_swap(coldkey: &AccountId) -> DispatchResult {
        ensure!(
            Self::forget_announcement(coldkey),
            Error::<T>::ColdkeySwapAnnouncementNotFound
        );
        Self::deposit_event(Event::ColdkeySwapReset {
            who: coldkey.clone(),
        });
        Ok(())
    }

    /// The call `clear_coldkey_swap_announcement`.
    ///
    /// **Errors:** `ColdkeySwapAnnouncementNotFound`, `ColdkeySwapDisputed`, `ColdkeySwapClearTooEarly`.
    pub(crate) fn do_clear_coldkey_swap(coldkey: &AccountId) -> DispatchResult {
        let (due, _) = ColdkeySwapAnnouncements::<T>::get(coldkey)
            .ok_or(Error::<T>::ColdkeySwapAnnouncementNotFound)?;
        Self::ensure_undisputed(coldkey)?;
        ensure!(Self::may_change(due), Error::<T>::ColdkeySwapClearTooEarly);
        Self::forget_announcement(coldkey);
        Self::deposit_event(Event::ColdkeySwapCleared {
            who: coldkey.clone(),
        });
        Ok(())
    }

    /// Removes announcement and dispute; whether there was one of them.
    pub(super) fn forget_announcement(coldkey: &AccountId) -> bool {
        let announced = ColdkeySwapAnnouncements::<T>::take(coldkey).is_some();
        let disputed = ColdkeySwapDisputes::<T>::take(coldkey).is_some();
        announced || disputed
    }

    fn ensure_undisputed(coldkey: &AccountId) -> DispatchResult {
        ensure!(
            !ColdkeySwapDisputes::<T>::contains_key(coldkey),
            Error::<T>::ColdkeySwapDisputed
        );
        Ok(())
    }

    /// Whether an announcement that was due in a block may be replaced or withdrawn: its owner had time to dispute
    /// it, and to execute it.
    fn may_change(due: u32) -> bool {
        Self::short_block() >= due.saturating_add(ColdkeySwapReannouncementDelay::<T>::get())
    }

    /// The number of the present block, as announcements store it.
    fn short_block() -> u32 {
        u32::try_from(Self::block()).unwrap_or(u32::MAX)
    }
}
