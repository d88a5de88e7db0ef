//! Typed client of the chain, and wallets.
//!
//! # The problem
//!
//! Miners, validators and tools live longer than a node: it is restarted, upgraded, killed, replaced. They
//! must read the chain in types, sign transactions that the chain accepts, know what became of each, and
//! never pay twice for one intention because a connection broke at the wrong moment.
//!
//! # Terms
//!
//! | Term | Meaning |
//! |---|---|
//! | [`Chain`] | one owned connection to a node that comes back by itself; clones share it |
//! | [`Head`] | a block by height and hash |
//! | [`Call`] | what a transaction does, by names; encoded with the metadata of the running runtime |
//! | [`Wait`] | how far a submission is followed |
//! | [`Receipt`] | where a transaction was included, and its events |
//! | [`Wallet`](wallet::Wallet) | a hotkey with its secret, and the public part of its coldkey |
//!
//! # Life of a submission
//!
//! [`Chain::submit`] takes the turn of the key, asks for its next nonce, signs with an era of about two
//! minutes and hands the bytes to the pool. From then on there is one transaction: if the connection breaks,
//! the chain is asked what became of it, by nonce and by hash, and only if it is neither in a block nor in the
//! pool are the same bytes sent again. Two copies of the same bytes have one nonce, so one at most is included.
//! It ends with a [`Receipt`], or with a [`SubmitError`] that says whether trying again may help.
//!
//! # Invariants
//!
//! - Every request has a deadline; nothing waits forever and nothing queues without a bound.
//! - One chain for life: a node with another genesis is not read and not written to, whatever its address.
//! - Names come from metadata, which is fetched again whenever `spec_version` changes.
//! - Submissions of one key enter the pool one after the other.
//! - A coldkey is never read; secrets are wiped and never shown.
//! - This crate knows no pallet: it sees names, and the views of `dendra-runtime-api`.

#![forbid(unsafe_code)]

mod call;
mod chain;
mod commit;
mod connection;
mod error;
mod follow;
mod hyperparameters;
mod options;
mod payload;
mod reads;
mod receipt;
mod refusal;
mod rpc;
mod runtime;
#[cfg(test)]
#[path = "tests/scripted.rs"]
mod scripted;
mod send;
mod submit;
mod submit_error;
mod transaction;
mod views;
pub mod wallet;
mod whereabouts;

pub use call::Call;
pub use chain::Chain;
pub use commit::{commit_hash, storage_index};
pub use dendra_runtime_api::{AccountId as AccountId32, Metagraph};
pub use error::ChainError;
pub use hyperparameters::Hyperparameters;
pub use options::Options;
pub use receipt::{Receipt, Wait};
pub use sp_core::sr25519::Pair;
pub use submit_error::SubmitError;
pub use subxt::dynamic::Value;
pub use views::{Epoch, Head, RuntimeVersion, WeightCommit};
