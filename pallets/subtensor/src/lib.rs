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
mod events;
mod genesis;
mod storage;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod block_weights;
mod delegation;
mod dividends;
mod emission;
mod epochs;
pub mod extension;
mod fees;
mod hooks;
pub mod hyperparameters;
pub mod invariants;
mod keys;
#[cfg(test)]
mod mock;
mod money;
mod neurons;
mod payout;
mod pools;
mod serving;
mod stake;
mod subnets;
#[cfg(test)]
mod tests;
mod traits;
pub mod types;
mod views;
mod weights;

pub use block_weights::WeightInfo;
pub use pallet::*;
pub use stake::HotkeyStake;
pub use traits::{Nested, NestedCalls, NeuronRecords, PoolSettings};
pub use types::AccountId;

/// Declarations of the pallet.
#[allow(clippy::expect_used, reason = "the macros of the SDK write it")]
#[allow(
    clippy::too_many_arguments,
    reason = "the arguments of calls are what clients send"
)]
#[import_section(storage::storage)]
#[import_section(genesis::genesis)]
#[import_section(calls::calls)]
#[import_section(errors::errors)]
#[import_section(events::events)]
#[frame_support::pallet]
pub mod pallet {
    use alloc::vec::Vec;

    use dendra_primitives::{
        AlphaBalance, I64F64, I96F32, MechId, NetUid, NetUidIndex, TaoBalance, U64F64, records::*,
    };
    use frame_support::{
        pallet_prelude::*,
        traits::{ConstBool, ConstU8, ConstU16, ConstU64, Get, fungible},
    };
    use frame_system::pallet_prelude::*;
    use sp_core::{H160, H256};

    use crate::{
        block_weights::WeightInfo,
        serving::Endpoint,
        traits::{NestedCalls, NeuronRecords, PoolSettings},
        types::*,
        weights::Reveal,
    };

    /// The pallet.
    #[pallet::pallet]
    pub struct Pallet<T>(_);

    /// What the pallet needs of its runtime.
    #[pallet::config]
    pub trait Config: frame_system::Config<AccountId = AccountId, Hash = H256> {
        /// TAO.
        type Currency: fungible::Mutate<AccountId, Balance = u64>;
        /// Settings of the pools.
        type Pools: PoolSettings;
        /// What is kept elsewhere about neurons.
        type Records: NeuronRecords;
        /// Calls that contain others.
        type Nested: NestedCalls<<Self as frame_system::Config>::RuntimeCall>;
        /// Who made the block and is paid the fees of trades.
        type Author: Get<Option<AccountId>>;
        /// The part of a block that the hook may use.
        type HookBudget: Get<Weight>;
        /// Blocks before a subnet can be started, as a constant that clients read.
        #[pallet::constant]
        type InitialStartCallDelay: Get<u64>;
        /// What swapping a key costs, in rao.
        #[pallet::constant]
        type KeySwapCost: Get<u64>;
        /// Weights of calls and of the steps of the hook.
        type WeightInfo: WeightInfo;
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn on_initialize(_: BlockNumberFor<T>) -> Weight {
            Self::begin_block()
        }

        fn on_finalize(_: BlockNumberFor<T>) {
            Self::publish_issuance();
        }

        fn integrity_test() {
            Self::assert_epochs_fit();
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }
}
