//! Hyperparameters: what owners and root set (section C.2 of the interface, 15 of the economics).
//!
//! The table of the crate `subnet-hyperparameters` says what each one is, who may set it, within which range, how
//! often and when not. Here stands what the table cannot know: in which storage item a value is kept
//! (`items`), what a change brings about (`change`), the older lists (`list`) and which error a refusal is
//! (`refusal`).

#[cfg(feature = "runtime-benchmarks")]
mod benchmark;
mod change;
mod items;
mod list;
mod refusal;

use sp_runtime::DispatchError;

/// Why a change failed.
pub type SettingError = subnet_hyperparameters::SettingError<DispatchError>;

#[cfg(test)]
pub(crate) use change::rate_limit_key;
