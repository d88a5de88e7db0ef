//! Who has root stake or kept dividends: hotkeys by coldkey, and a numbered list of coldkeys from which
//! automatic claims draw.

use crate::{
    AccountId, Config, Pallet, RootHoldings, RootStakerCount, RootStakerNumber, RootStakers,
    types::RootHolding,
};

impl<T: Config> Pallet<T> {
    /// Writes what a coldkey has of root on a hotkey, and keeps the list.
    pub(super) fn write_holding(
        hotkey: &AccountId,
        coldkey: &AccountId,
        before: RootHolding,
        after: RootHolding,
    ) {
        if before == after {
            return;
        }
        if after.is_empty() {
            RootHoldings::<T>::remove(coldkey, hotkey);
            Self::leave_root_stakers(coldkey);
        } else {
            RootHoldings::<T>::insert(coldkey, hotkey, after);
            if before.is_empty() {
                Self::enter_root_stakers(coldkey);
            }
        }
    }

    fn enter_root_stakers(coldkey: &AccountId) {
        if RootStakerNumber::<T>::contains_key(coldkey) {
            return;
        }
        let number = RootStakerCount::<T>::get();
        // Whoever finds no number claims by calls; there are fewer accounts than numbers.
        let Some(next) = number.checked_add(1) else {
            return;
        };
        RootStakers::<T>::insert(number, coldkey);
        RootStakerNumber::<T>::insert(coldkey, number);
        RootStakerCount::<T>::put(next);
    }

    /// Takes a coldkey without holdings from the list; the last one gets its number.
    fn leave_root_stakers(coldkey: &AccountId) {
        if RootHoldings::<T>::iter_key_prefix(coldkey).next().is_some() {
            return;
        }
        let Some(number) = RootStakerNumber::<T>::take(coldkey) else {
            return;
        };
        let last = RootStakerCount::<T>::get().saturating_sub(1);
        RootStakerCount::<T>::put(last);
        match RootStakers::<T>::take(last) {
            Some(moved) if number != last => {
                RootStakerNumber::<T>::insert(&moved, number);
                RootStakers::<T>::insert(number, moved);
            }
            _ => {}
        }
    }
}
