//! Takes of delegates: the part of a hotkey's dividends that its owner is paid.
//!
//! The calls carry no fee, so the validity stage asks the same checks, and what an owner can do for nothing is
//! bounded: a rise waits for the rate limit, and a fall lowers the take by a thousandth at least.

use frame_support::ensure;
use sp_runtime::DispatchResult;

use crate::{
    AccountId, Config, Delegates, Error, Event, LastRateLimitedBlock, MaxDelegateTake,
    MinDelegateTake, Owner, Pallet, TxDelegateTakeRateLimit,
    types::{LEAST_FALL, RateLimitKey},
};

impl<T: Config> Pallet<T> {
    /// The call `decrease_take`: at any time.
    pub(crate) fn do_decrease_take(
        coldkey: &AccountId,
        hotkey: &AccountId,
        take: u16,
    ) -> DispatchResult {
        Self::check_decrease_take(coldkey, hotkey, take)?;
        Self::write_take(hotkey, take);
        Self::deposit_event(Event::TakeDecreased(coldkey.clone(), hotkey.clone(), take));
        Ok(())
    }

    /// The call `increase_take`: once in `TxDelegateTakeRateLimit` blocks.
    pub(crate) fn do_increase_take(
        coldkey: &AccountId,
        hotkey: &AccountId,
        take: u16,
    ) -> DispatchResult {
        Self::check_increase_take(coldkey, hotkey, take)?;
        Self::write_take(hotkey, take);
        Self::deposit_event(Event::TakeIncreased(coldkey.clone(), hotkey.clone(), take));
        Ok(())
    }

    /// Whether the take can be lowered to this. Who never chose one has the default.
    ///
    /// **Errors:** `HotKeyAccountNotExists`, `NonAssociatedColdKey`; `DelegateTakeTooLow` below `MinDelegateTake`,
    /// for what does not lower the take, and for what lowers it by less than 65 and not to the minimum.
    pub(crate) fn check_decrease_take(
        coldkey: &AccountId,
        hotkey: &AccountId,
        take: u16,
    ) -> DispatchResult {
        Self::ensure_hotkey_of(coldkey, hotkey)?;
        let least = MinDelegateTake::<T>::get();
        let fall = Delegates::<T>::get(hotkey).saturating_sub(take);
        ensure!(
            take >= least && (fall >= LEAST_FALL || (fall > 0 && take == least)),
            Error::<T>::DelegateTakeTooLow
        );
        Ok(())
    }

    /// Whether the take can be raised to this now. The pause counts from the last change, a fall included.
    ///
    /// **Errors:** `HotKeyAccountNotExists`, `NonAssociatedColdKey`; `DelegateTakeTooHigh` above
    /// `MaxDelegateTake`; `DelegateTakeTooLow` for what does not raise the take or stays below
    /// `MinDelegateTake`; `DelegateTxRateLimitExceeded`.
    pub(crate) fn check_increase_take(
        coldkey: &AccountId,
        hotkey: &AccountId,
        take: u16,
    ) -> DispatchResult {
        Self::ensure_hotkey_of(coldkey, hotkey)?;
        ensure!(
            take <= MaxDelegateTake::<T>::get(),
            Error::<T>::DelegateTakeTooHigh
        );
        ensure!(
            take > Delegates::<T>::get(hotkey) && take >= MinDelegateTake::<T>::get(),
            Error::<T>::DelegateTakeTooLow
        );
        let key = RateLimitKey::LastTxBlockDelegateTake(hotkey.clone());
        ensure!(
            Self::has_rested(&key, TxDelegateTakeRateLimit::<T>::get()),
            Error::<T>::DelegateTxRateLimitExceeded
        );
        Ok(())
    }

    fn write_take(hotkey: &AccountId, take: u16) {
        Delegates::<T>::insert(hotkey, take);
        Self::note_change(RateLimitKey::LastTxBlockDelegateTake(hotkey.clone()));
    }

    /// That somebody owns the hotkey, and that it is this coldkey.
    pub(crate) fn ensure_hotkey_of(coldkey: &AccountId, hotkey: &AccountId) -> DispatchResult {
        ensure!(Self::is_owned(hotkey), Error::<T>::HotKeyAccountNotExists);
        ensure!(
            Owner::<T>::get(hotkey) == *coldkey,
            Error::<T>::NonAssociatedColdKey
        );
        Ok(())
    }

    /// Whether a rate-limited action was last done at least so many blocks ago, or never.
    pub(crate) fn has_rested(key: &RateLimitKey<AccountId>, pause: u64) -> bool {
        let last = LastRateLimitedBlock::<T>::get(key);
        last == 0 || Self::block().saturating_sub(last) >= pause
    }

    /// Notes that a rate-limited action was done now.
    pub(crate) fn note_change(key: RateLimitKey<AccountId>) {
        LastRateLimitedBlock::<T>::insert(key, Self::block());
    }
}
