//! What clients ask the runtime, and the shape of every answer.
//!
//! # The problem
//!
//! Clients call the runtime by names that they find in its metadata: the name of an API, of a method, of
//! its arguments, of a type and of its fields. They are written for these names and fail without them,
//! whatever the bytes. This crate holds the names, in one place that depends on no pallet: pallets fill the
//! views, the runtime answers with them, clients in Rust decode them.
//!
//! # Terms
//!
//! | Term | Meaning |
//! |---|---|
//! | API | a trait that the runtime implements; clients call `Trait_method` with encoded arguments |
//! | view | a struct that answers a call and is never stored |
//! | record | a struct that is stored and also part of views, see [`dendra_primitives::records`] |
//! | compact | an integer whose encoding is as long as it needs |
//!
//! # Life of a view
//!
//! A call to the runtime reads storage at one block, fills a view, and the client decodes it by the types of
//! the metadata of the same runtime. Nothing of it stays.
//!
//! # Invariants
//!
//! - Names, order, types and compactness are those of section B of the interface; `tests/wire`
//!   compares each of them, and the bytes with `tests/golden.txt`.
//! - Text that clients take as a list of integers is `Vec<Compact<u8>>`, everything else `Vec<u8>`.
//! - Views carry numbers and compute none, so there is no rounding here.
//! - A method is added at the end of its trait; none is removed or changed.

#![cfg_attr(not(feature = "std"), no_std)]
#![forbid(unsafe_code)]
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

extern crate alloc;

mod apis;
mod delegate;
mod dynamic;
mod hyperparameters;
mod metagraph;
mod neuron;
mod stake;
mod state;
mod summary;
mod swap;

pub use apis::*;
pub use delegate::{DelegateInfo, Delegation, SubnetStake};
pub use dynamic::DynamicInfo;
pub use hyperparameters::{
    HyperparamEntry, HyperparamValue, SubnetHyperparams, SubnetHyperparamsV2,
};
pub use metagraph::{Metagraph, Selection, SelectiveMetagraph, select};
pub use neuron::{NeuronInfo, NeuronInfoLite};
pub use stake::{StakeAvailability, StakeInfo};
pub use state::SubnetState;
pub use summary::{SubnetInfo, SubnetInfov2};
pub use swap::{SimSwapResult, SubnetPrice};

/// Accounts of the chain. Clients decode this type only, so it is not a parameter.
pub type AccountId = sp_runtime::AccountId32;
