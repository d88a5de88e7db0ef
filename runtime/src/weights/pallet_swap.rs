//! What the calls of `pallet_swap` cost. Counted by hand until `cargo xtask weights` writes this file.
//!
//! Not measured: for each call the storage it touches, and more computation than a setter of a neighbouring
//! pallet takes.

#![allow(unused_parens, unused_imports, missing_docs, clippy::unnecessary_cast)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// Weights.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: ::frame_system::Config> ::pallet_swap::WeightInfo for WeightInfo<T> {
    /// Storage: `SubtensorModule::NetworksAdded` (r:1 w:0)
    /// Proof: `SubtensorModule::NetworksAdded` (`max_values`: None, `max_size`: Some(3), added: 2478, mode: `MaxEncodedLen`)
    /// Storage: `Swap::FeeRate` (r:0 w:1)
    /// Proof: `Swap::FeeRate` (`max_values`: None, `max_size`: Some(12), added: 2487, mode: `MaxEncodedLen`)
    fn set_fee_rate() -> Weight {
        Weight::from_parts(20_000_000, 3468)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }
}
