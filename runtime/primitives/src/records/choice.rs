//! What accounts and owners choose among.

use alloc::collections::BTreeSet;

use codec::{Compact, CompactLen, Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

use super::Limited;
use crate::NetUid;

/// What becomes of the dividends that root stake earns on subnets.
///
/// Limit in storage: [`Self::MAX_SUBNETS`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub enum RootClaimTypeEnum {
    /// They are sold for TAO, which becomes root stake.
    #[default]
    Swap,
    /// They stay alpha, as stake on their subnet.
    Keep,
    /// They stay alpha on these subnets and are sold on all others.
    KeepSubnets {
        /// The subnets.
        subnets: BTreeSet<NetUid>,
    },
}

impl RootClaimTypeEnum {
    /// The most subnets that can be named.
    pub const MAX_SUBNETS: u32 = 128;
}

impl Limited for RootClaimTypeEnum {
    fn is_within_limits(&self) -> bool {
        match self {
            Self::Swap | Self::Keep => true,
            Self::KeepSubnets { subnets } => {
                u32::try_from(subnets.len()).is_ok_and(|count| count <= Self::MAX_SUBNETS)
            }
        }
    }

    fn longest_encoding() -> usize {
        let items = NetUid::max_encoded_len().saturating_mul(Self::MAX_SUBNETS as usize);
        // One byte for the variant.
        Compact::<u32>::compact_len(&Self::MAX_SUBNETS)
            .saturating_add(items)
            .saturating_add(1)
    }
}

/// What becomes of alpha that nobody may have.
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
pub enum RecycleOrBurnEnum {
    /// It stays part of the issuance, out of reach.
    #[default]
    Burn,
    /// It leaves the issuance and can be emitted again.
    Recycle,
}

/// How the epoch of a subnet divides what is pending.
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
pub enum EpochConsensus {
    /// By the weights of validators.
    #[default]
    Yuma,
    /// Without weights.
    Null,
}
