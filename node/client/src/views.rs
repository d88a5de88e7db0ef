//! What is read of the chain besides the views of the runtime.

use serde::Deserialize;

/// A block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Height.
    pub number: u32,
    /// BLAKE2b-256 of the header.
    pub hash: [u8; 32],
}

/// Which runtime a chain runs.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RuntimeVersion {
    /// Name of the runtime.
    pub spec_name: String,
    /// Raised with every change of the runtime.
    pub spec_version: u32,
    /// Raised with every change of how transactions are encoded.
    pub transaction_version: u32,
}

/// Where a subnet stands in its schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Epoch {
    /// Blocks between epochs; 0 means never.
    pub tempo: u16,
    /// Block in which the next epoch starts; [`u64::MAX`] for never.
    pub next_start: u64,
    /// The chain's counter of epochs, the clock of commit and reveal: it counts up in the block in which an
    /// epoch starts, before the transactions of that block.
    pub index: u64,
    /// Block of this view.
    pub block: u32,
}

/// A commit that is not revealed yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WeightCommit {
    /// What was committed, see [`commit_hash`](crate::commit_hash).
    pub hash: [u8; 32],
    /// [`Epoch::index`] when it was committed. It can be revealed exactly in the epoch that many
    /// `commit_reveal_period` later.
    pub epoch: u64,
    /// Block that included it.
    pub block: u64,
}
