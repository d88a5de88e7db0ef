//! Swapping a coldkey: announced by itself, or by root.

use dendra_primitives::TaoBalance;
use frame_support::{
    dispatch::{DispatchErrorWithPostInfo, DispatchResultWithPostInfo},
    ensure,
    traits::{
        fungible::{Inspect, Mutate},
        tokens::{Fortitude, Preservation},
    },
};
use sp_runtime::DispatchResult;

use super::{Succession, Tally};
use crate::{
    AccountId, Config, Error, Event, OwnedHotkeys, Pallet, RootStakerNumber, StakingHotkeys,
    WeightInfo,
};

impl<T: Config> Pallet<T> {
    /// The call `swap_coldkey_announced`.
    ///
    /// The old account keeps the existential deposit: without an account, what its fee was too high could not be
    /// given back.
    ///
    /// **Errors:** those of [`Self::check_announced`] and [`Self::check_new_coldkey`], `TooManyPositionsToMove`.
    pub(crate) fn do_swap_coldkey_announced(
        old: &AccountId,
        new: &AccountId,
    ) -> DispatchResultWithPostInfo {
        Self::counted(|tally| {
            Self::check_announced(old, new)?;
            Self::replace_coldkey(Succession { old, new }, Preservation::Preserve, tally)
        })
    }

    /// The call `swap_coldkey`, by root. The cost is recycled; all that is free of the rest moves.
    ///
    /// **Errors:** `NotEnoughBalanceToPaySwapColdKey`, those of [`Self::check_new_coldkey`],
    /// `TooManyPositionsToMove`.
    pub(crate) fn do_swap_coldkey(
        old: &AccountId,
        new: &AccountId,
        cost: TaoBalance,
    ) -> DispatchResultWithPostInfo {
        Self::counted(|tally| {
            Self::check_new_coldkey(new)?;
            ensure!(
                Self::free_balance(old, Preservation::Expendable) >= cost.get(),
                Error::<T>::NotEnoughBalanceToPaySwapColdKey
            );
            Self::recycle_all_of(old, cost)?;
            Self::replace_coldkey(Succession { old, new }, Preservation::Expendable, tally)
        })
    }

    /// Runs a swap and says what it weighed, also if it failed.
    fn counted(swap: impl FnOnce(&mut Tally) -> DispatchResult) -> DispatchResultWithPostInfo {
        let mut tally = Tally::default();
        let result = swap(&mut tally);
        let post_info = Some(T::WeightInfo::swap_coldkey(tally.moves())).into();
        match result {
            Ok(()) => Ok(post_info),
            Err(error) => Err(DispatchErrorWithPostInfo { post_info, error }),
        }
    }

    /// That a coldkey can take the place of another one: it has nothing that would have to be joined.
    ///
    /// **Errors:** `CannotUseSystemAccount`, `NewColdKeyIsHotkey`, `ColdKeyAlreadyAssociated`.
    pub(crate) fn check_new_coldkey(new: &AccountId) -> DispatchResult {
        Self::ensure_ordinary_account(new)?;
        ensure!(!Self::is_owned(new), Error::<T>::NewColdKeyIsHotkey);
        ensure!(
            !StakingHotkeys::<T>::contains_key(new)
                && !OwnedHotkeys::<T>::contains_key(new)
                && !RootStakerNumber::<T>::contains_key(new),
            Error::<T>::ColdKeyAlreadyAssociated
        );
        Ok(())
    }

    fn replace_coldkey(
        keys: Succession,
        preservation: Preservation,
        tally: &mut Tally,
    ) -> DispatchResult {
        ensure!(keys.old != keys.new, Error::<T>::ColdKeyAlreadyAssociated);
        Self::check_new_coldkey(keys.new)?;
        Self::move_coldkey(keys, tally)?;
        Self::move_balance(keys, preservation)?;
        Self::deposit_event(Event::ColdkeySwapped {
            old_coldkey: keys.old.clone(),
            new_coldkey: keys.new.clone(),
        });
        Ok(())
    }

    /// Moves the free balance, last of all. What is reserved or held stays, with those for whom it is.
    ///
    /// What cannot open the new account, less than the existential deposit, stays too.
    fn move_balance(keys: Succession, preservation: Preservation) -> DispatchResult {
        let amount = Self::free_balance(keys.old, preservation);
        let opens =
            T::Currency::total_balance(keys.new) > 0 || amount >= T::Currency::minimum_balance();
        if amount > 0 && opens {
            T::Currency::transfer(keys.old, keys.new, amount, preservation)?;
        }
        Ok(())
    }

    fn free_balance(account: &AccountId, preservation: Preservation) -> u64 {
        T::Currency::reducible_balance(account, preservation, Fortitude::Polite)
    }
}
