#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::expect_used,
        clippy::float_arithmetic,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::unwrap_used
    )
)]

pub use pallet::*;
pub use subnets::Subnets;
pub use weights::WeightInfo;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod invariants;
#[cfg(test)]
mod mock;
mod settings;
mod subnets;
#[cfg(test)]
mod tests;
mod weights;

/// Declarations of the pallet.
#[allow(clippy::expect_used, reason = "the macros of the SDK write it")]
#[frame_support::pallet]
pub mod pallet {
    use dendra_primitives::NetUid;
    use frame_support::pallet_prelude::*;
    use frame_system::pallet_prelude::*;
    use weighted_pool::{FeeRate as Rate, Weights};

    use crate::{Subnets, WeightInfo};

    /// The pallet.
    #[pallet::pallet]
    pub struct Pallet<T>(_);

    /// What the pallet needs of its runtime.
    #[pallet::config]
    pub trait Config: frame_system::Config {
        /// Which subnets there are.
        type Subnets: Subnets;

        /// Costs of the calls.
        type WeightInfo: WeightInfo;
    }

    /// The rate of a new pool.
    pub struct DefaultFeeRate;
    impl Get<u16> for DefaultFeeRate {
        fn get() -> u16 {
            Rate::DEFAULT.parts()
        }
    }

    /// The weight of TAO in a new pool.
    pub struct DefaultWeight;
    impl Get<u64> for DefaultWeight {
        fn get() -> u64 {
            Weights::EQUAL.tao()
        }
    }

    // The hasher of the rates is that of interface D.2. Callers cannot choose netuids: both maps have at most
    // one entry per subnet.

    /// The part of a trade's input that is the fee, in 1/65535.
    #[pallet::storage]
    pub type FeeRate<T: Config> =
        StorageMap<_, Twox64Concat, NetUid, u16, ValueQuery, DefaultFeeRate>;

    /// The weight of TAO in the pool, in 10^-18; the weight of alpha is the rest. Own item.
    #[pallet::storage]
    pub type PoolWeights<T: Config> =
        StorageMap<_, Identity, NetUid, u64, ValueQuery, DefaultWeight>;

    /// What happened.
    #[pallet::event]
    #[pallet::generate_deposit(pub(crate) fn deposit_event)]
    pub enum Event<T: Config> {
        /// The fee of a pool changed.
        FeeRateSet {
            /// The subnet.
            netuid: NetUid,
            /// The part of a trade's input that is the fee from now on, in 1/65535.
            rate: u16,
        },
    }

    /// Why a call failed.
    #[pallet::error]
    pub enum Error<T> {
        /// The subnet does not exist; choose one that does.
        SubnetNotExists,
        /// The fee rate is at most 10000 parts of 65535; choose a lower one.
        FeeRateTooHigh,
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

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Sets the fee of a subnet's pool, in 1/65535 of what is traded in (root only).
        ///
        /// At most 10000. Applies from the next trade on.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::set_fee_rate())]
        pub fn set_fee_rate(origin: OriginFor<T>, netuid: NetUid, rate: u16) -> DispatchResult {
            ensure_root(origin)?;
            Self::do_set_fee_rate(netuid, rate)
        }
    }
}
