//! The block time of a chain, chosen once in its genesis.
//!
//! One runtime serves public networks (a block every 12 s) and local ones (every 250 ms). Block production,
//! the timestamp's minimum period and the metadata constant `Aura.SlotDuration` all read the one value kept here.
//!
//! **Life of the value.** The genesis writes it; no call changes it, because block producers read it once
//! when they start, and a slot number is the timestamp divided by it: changing it on a living chain would
//! move the chain to another slot.
//!
//! **Invariants** (`try_state`): the value lies within [`SHORTEST`] and [`LONGEST`] and is even, since the
//! timestamp may advance by half of it.

#![cfg_attr(not(feature = "std"), no_std)]
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects
)]

pub use pallet::*;

#[cfg(test)]
mod tests;

/// Shortest block time, in milliseconds.
pub const SHORTEST: u64 = 100;
/// Longest block time, in milliseconds.
pub const LONGEST: u64 = 60_000;
/// Block time of public networks, in milliseconds.
pub const PUBLIC: u64 = 12_000;
/// Block time of fast local networks, in milliseconds.
pub const FAST: u64 = 250;

/// Whether a block time can be used.
pub fn is_sound(milliseconds: u64) -> bool {
    (SHORTEST..=LONGEST).contains(&milliseconds) && milliseconds.is_multiple_of(2)
}

/// Declarations of the pallet.
#[allow(clippy::expect_used, reason = "the macros of the SDK write it")]
#[frame_support::pallet]
pub mod pallet {
    use frame_support::{pallet_prelude::*, traits::Get};
    use frame_system::pallet_prelude::*;

    /// The pallet.
    #[pallet::pallet]
    pub struct Pallet<T>(_);

    /// The pallet needs nothing of its runtime.
    #[pallet::config]
    pub trait Config: frame_system::Config {}

    /// [`PUBLIC`](crate::PUBLIC), for chains whose genesis says nothing.
    pub struct DefaultSlotDuration;
    impl Get<u64> for DefaultSlotDuration {
        fn get() -> u64 {
            crate::PUBLIC
        }
    }

    /// Milliseconds from one block to the next.
    #[pallet::storage]
    pub type SlotDuration<T> = StorageValue<_, u64, ValueQuery, DefaultSlotDuration>;

    /// What the genesis chooses.
    #[pallet::genesis_config]
    pub struct GenesisConfig<T: Config> {
        /// Milliseconds from one block to the next; even, between [`SHORTEST`](crate::SHORTEST) and
        /// [`LONGEST`](crate::LONGEST).
        pub slot_duration: u64,
        #[doc(hidden)]
        #[serde(skip)]
        pub _config: core::marker::PhantomData<T>,
    }

    impl<T: Config> Default for GenesisConfig<T> {
        fn default() -> Self {
            Self {
                slot_duration: crate::PUBLIC,
                _config: core::marker::PhantomData,
            }
        }
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            // A genesis can only be refused by a panic; it happens before there is a chain.
            assert!(
                crate::is_sound(self.slot_duration),
                "blockTime.slotDuration must be an even number of milliseconds between {} and {}, not {}",
                crate::SHORTEST,
                crate::LONGEST,
                self.slot_duration,
            );
            SlotDuration::<T>::put(self.slot_duration);
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        #[cfg(feature = "try-runtime")]
        fn try_state(
            _: BlockNumberFor<T>,
        ) -> Result<(), frame_support::sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    impl<T: Config> Pallet<T> {
        /// Milliseconds from one block to the next.
        pub fn slot_duration() -> u64 {
            SlotDuration::<T>::get()
        }

        /// Checks the invariants of the pallet.
        pub fn do_try_state() -> Result<(), frame_support::sp_runtime::TryRuntimeError> {
            ensure!(
                crate::is_sound(Self::slot_duration()),
                "the block time is odd or out of its range"
            );
            Ok(())
        }
    }
}
