//! Alpha that its owner cannot move.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

use crate::{AlphaBalance, U64F64};

/// Alpha that a coldkey has locked behind a hotkey.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct LockState {
    /// What was locked at the last update.
    pub locked_mass: AlphaBalance,
    /// The conviction at the last update, in units of alpha.
    pub conviction: U64F64,
    /// Block of the last update.
    pub last_update: u64,
}

/// Alpha that stands behind a miner.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct MinerCollateralState {
    /// What is locked.
    pub locked: AlphaBalance,
    /// The part of what is earned that is set free.
    pub drain_ratio: U64F64,
    /// What has to stay locked.
    pub min_locked: AlphaBalance,
    /// What was earned so far.
    pub earned: AlphaBalance,
}
