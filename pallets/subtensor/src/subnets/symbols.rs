//! Symbols of the subnets' alpha: one character each, out of a fixed catalogue (section F.7 of the
//! interface).

use alloc::vec::Vec;
use core::ops::RangeInclusive;

use dendra_primitives::NetUid;
use frame_support::{BoundedVec, ensure, pallet_prelude::ConstU32, traits::Get};
use frame_system::ensure_signed_or_root;
use sp_runtime::DispatchResult;

use crate::{Config, Error, Event, Pallet, SymbolsInUse, TokenSymbol, types::RootSymbol};

/// A symbol in UTF-8.
pub(crate) type Symbol = BoundedVec<u8, ConstU32<8>>;

/// Number of symbols in the catalogue.
pub(crate) const SYMBOLS: u16 = 439;

/// The catalogue: letters and signs that stand alone and are written from left to right. The order is
/// the order in which subnets get them; it never changes, and new ones go to the end.
const CATALOGUE: [RangeInclusive<char>; 15] = [
    // The mathematical tau of root and of subnets beyond the catalogue.
    '\u{1d70f}'..='\u{1d70f}',
    // Greek small letters without omicron, which is no different from o, and without the final sigma.
    '\u{03b1}'..='\u{03be}',
    '\u{03c0}'..='\u{03c1}',
    '\u{03c3}'..='\u{03c9}',
    // Georgian letters.
    '\u{10d0}'..='\u{10f0}',
    // Armenian small letters.
    '\u{0561}'..='\u{0586}',
    // Cyrillic small letters.
    '\u{0430}'..='\u{044f}',
    // Thai consonants.
    '\u{0e01}'..='\u{0e2e}',
    // Runes.
    '\u{16a0}'..='\u{16ea}',
    // Tifinagh letters.
    '\u{2d30}'..='\u{2d65}',
    // Ethiopic syllables.
    '\u{1200}'..='\u{123f}',
    // Mathematical signs: quantifiers and sets, infinity and angles, logic and integrals, order and circles.
    '\u{2200}'..='\u{2211}',
    '\u{221d}'..='\u{2222}',
    '\u{2227}'..='\u{2233}',
    '\u{2282}'..='\u{22a5}',
];

/// The characters of the catalogue in their order.
pub(crate) fn characters() -> impl Iterator<Item = char> + Clone {
    CATALOGUE.iter().cloned().flatten()
}

fn encode(character: char) -> Symbol {
    let mut bytes = [0; 4];
    // A character has at most four bytes.
    Symbol::truncate_from(character.encode_utf8(&mut bytes).as_bytes().to_vec())
}

/// Whether bytes are a symbol of the catalogue.
pub(crate) fn is_in_catalogue(bytes: &[u8]) -> bool {
    let Ok(text) = core::str::from_utf8(bytes) else {
        return false;
    };
    let mut letters = text.chars();
    match (letters.next(), letters.next()) {
        (Some(only), None) => CATALOGUE.iter().any(|range| range.contains(&only)),
        _ => false,
    }
}

impl<T: Config> Pallet<T> {
    /// Gives a new subnet a symbol: root its own, any other the first free one from the place of its
    /// netuid on, and that of root if none is free.
    ///
    /// **Storage reads:** at most one per symbol of the catalogue; one while there are fewer subnets.
    pub(crate) fn give_free_symbol(netuid: NetUid) {
        if netuid.is_root() {
            return Self::take_symbol(netuid, RootSymbol::get());
        }
        let others = usize::from(SYMBOLS).saturating_sub(1);
        let free = characters()
            .skip(1)
            .cycle()
            .skip(Self::symbol_place(netuid))
            .take(others)
            .map(encode)
            .find(|symbol| !SymbolsInUse::<T>::contains_key(symbol));
        match free {
            Some(symbol) => Self::take_symbol(netuid, symbol),
            // Shared, so it is nobody's but root's.
            None => TokenSymbol::<T>::insert(netuid, RootSymbol::get()),
        }
    }

    /// Where the search for a symbol begins, among those that follow that of root.
    fn symbol_place(netuid: NetUid) -> usize {
        let others = SYMBOLS.saturating_sub(1);
        let place = netuid.get().saturating_sub(1).checked_rem(others);
        usize::from(place.unwrap_or(0))
    }

    /// Gives a subnet a symbol in place of its present one.
    fn take_symbol(netuid: NetUid, symbol: Symbol) {
        Self::free_symbol(netuid);
        SymbolsInUse::<T>::insert(&symbol, netuid);
        TokenSymbol::<T>::insert(netuid, symbol);
    }

    /// Makes the symbol of a subnet available to others, unless the subnet merely shared it.
    pub(crate) fn free_symbol(netuid: NetUid) {
        let symbol = TokenSymbol::<T>::get(netuid);
        if SymbolsInUse::<T>::get(&symbol) == Some(netuid) {
            SymbolsInUse::<T>::remove(symbol);
        }
    }

    /// Changes the symbol of a subnet; for its owner and root.
    ///
    /// **Errors:** `SubnetNotExists`, `NotSubnetOwner`, `SymbolDoesNotExist`, `SymbolAlreadyInUse`.
    pub(crate) fn do_update_symbol(
        origin: T::RuntimeOrigin,
        netuid: NetUid,
        symbol: Vec<u8>,
    ) -> DispatchResult {
        match ensure_signed_or_root(origin)? {
            Some(coldkey) => Self::ensure_owner(&coldkey, netuid)?,
            None => Self::ensure_exists(netuid)?,
        }
        ensure!(is_in_catalogue(&symbol), Error::<T>::SymbolDoesNotExist);
        let bytes = Symbol::try_from(symbol.clone()).map_err(|_| Error::<T>::SymbolDoesNotExist)?;
        ensure!(
            !SymbolsInUse::<T>::contains_key(&bytes),
            Error::<T>::SymbolAlreadyInUse
        );
        Self::take_symbol(netuid, bytes);
        Self::deposit_event(Event::SymbolUpdated { netuid, symbol });
        Ok(())
    }
}
