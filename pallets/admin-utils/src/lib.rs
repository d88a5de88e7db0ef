#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        reason = "a test that goes wrong may panic"
    )
)]

extern crate alloc;

use frame_support::pallet_macros::import_section;

mod calls;
mod errors;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;
mod weights;

pub use pallet::*;
pub use weights::WeightInfo;

/// Accounts of the chain.
pub type AccountId = sp_runtime::AccountId32;

/// Declarations of the pallet.
#[allow(clippy::expect_used, reason = "the macros of the SDK write it")]
#[import_section(calls::calls)]
#[import_section(errors::errors)]
#[frame_support::pallet]
pub mod pallet {
    use alloc::vec::Vec;

    use dendra_primitives::{
        MechId, NetUid, TaoBalance, U64F64,
        records::{EpochConsensus, RecycleOrBurnEnum},
    };
    use frame_support::pallet_prelude::*;
    use frame_system::pallet_prelude::*;
    use subnet_hyperparameters::{Hyperparameter, MOST_UIDS, NetworkParameter, Settings};

    use crate::{AccountId, WeightInfo};

    /// The pallet.
    #[pallet::pallet]
    pub struct Pallet<T>(_);

    /// What the pallet needs of its runtime.
    #[pallet::config]
    pub trait Config: frame_system::Config {
        /// Whoever keeps the parameters and checks who sets them to what.
        type Settings: Settings<OriginFor<Self>, DispatchError>;
        /// Weights of the calls.
        type WeightInfo: WeightInfo;
        /// Prepares subnets for benchmarks.
        #[cfg(feature = "runtime-benchmarks")]
        type Benchmark: subnet_hyperparameters::BenchmarkSubnet<OriginFor<Self>>;
    }
}

use dendra_primitives::NetUid;
use frame_system::pallet_prelude::OriginFor;
use sp_runtime::DispatchResult;
use subnet_hyperparameters::{Hyperparameter, NetworkParameter, Settings, Value};

impl<T: Config> Pallet<T> {
    /// Every setter of a subnet.
    fn set(
        origin: OriginFor<T>,
        netuid: NetUid,
        parameter: Hyperparameter,
        value: impl Into<Value>,
    ) -> DispatchResult {
        T::Settings::set(origin, netuid, parameter, value.into()).map_err(Self::explain)
    }

    /// Every setter of the network.
    fn set_network(
        origin: OriginFor<T>,
        parameter: NetworkParameter,
        value: impl Into<Value>,
    ) -> DispatchResult {
        T::Settings::set_network(origin, parameter, value.into()).map_err(Self::explain)
    }
}
