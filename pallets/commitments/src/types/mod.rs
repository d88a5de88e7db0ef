//! Stored records.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use dendra_primitives::NetUid;
use frame_support::{BoundedBTreeSet, BoundedVec, traits::ConstU32};
use scale_info::{Type, TypeInfo};

mod data;

pub use data::{BIG_RAW_BYTES, Data, ENCRYPTED_BYTES, RAW_BYTES};

/// Most fields of a commitment that the wire can carry (consensus 10.5).
pub const MOST_FIELDS: u32 = 3;
/// Bytes of quota that a call costs at least (consensus 10.5).
pub const SMALLEST_CHARGE: u64 = 100;
/// Opened fields that are kept of a hotkey (consensus 10.5).
pub const KEPT_OPENINGS: u32 = 10;
/// Commitments of the whole chain that may wait for the beacon at the same time.
pub const MOST_TIMELOCKED: u32 = 4_096;

/// What a hotkey publishes: up to [`MOST_FIELDS`] fields.
#[derive(
    Clone,
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
pub struct CommitmentInfo {
    /// The fields, in the order of the caller.
    pub fields: BoundedVec<Data, ConstU32<MOST_FIELDS>>,
}

impl CommitmentInfo {
    /// Bytes of quota that publishing costs: the content of all fields, at least [`SMALLEST_CHARGE`].
    pub fn charge(&self) -> u64 {
        self.fields
            .iter()
            .map(Data::content_bytes)
            // At most 3 · 1024.
            .fold(0, u64::saturating_add)
            .max(SMALLEST_CHARGE)
    }

    /// Rounds of the beacon that open the encrypted fields, in the order of the fields.
    pub fn reveal_rounds(&self) -> impl Iterator<Item = u64> + '_ {
        self.fields.iter().filter_map(Data::reveal_round)
    }

    /// Whether any field waits for the beacon.
    pub fn is_timelocked(&self) -> bool {
        self.reveal_rounds().next().is_some()
    }

    /// Whether any field asks for a bond reset.
    pub fn asks_for_bond_reset(&self) -> bool {
        self.fields.contains(&Data::ResetBondsFlag)
    }
}

/// The commitment of a hotkey on a subnet, as stored.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Registration {
    /// Deposit held for it, in rao: always 0, kept for the clients that read the record.
    pub deposit: u64,
    /// Block in which it was published.
    pub block: u32,
    /// What was published.
    pub info: CommitmentInfo,
}

/// Quota that a hotkey has used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct UsageTracker {
    /// Epoch of the subnet to which the bytes belong.
    pub last_epoch: u64,
    /// Bytes used in that epoch.
    pub used_space: u64,
}

impl UsageTracker {
    /// The usage after another `bytes` in `epoch`; `None` if that exceeds `limit`.
    ///
    /// Any other epoch than the stored one starts from zero.
    pub fn charge(self, epoch: u64, bytes: u64, limit: u64) -> Option<Self> {
        let used = if self.last_epoch == epoch {
            self.used_space
        } else {
            0
        };
        let used_space = used.checked_add(bytes).filter(|used| *used <= limit)?;
        Some(Self {
            last_epoch: epoch,
            used_space,
        })
    }
}

/// An opened field: its content and the block in which it was opened.
pub type Opening = (BoundedVec<u8, ConstU32<ENCRYPTED_BYTES>>, u64);

/// The latest opened fields of a hotkey, oldest first.
///
/// Bounded in storage; metadata shows the plain vector that clients expect.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen)]
pub struct Openings(BoundedVec<Opening, ConstU32<KEPT_OPENINGS>>);

impl Openings {
    /// Appends what was opened; once there are [`KEPT_OPENINGS`], the oldest gives way and is returned.
    pub fn record(&mut self, opening: Opening) -> Option<Opening> {
        let end = self.0.len();
        // Refused only where the limit is 0 or `end` lies outside; neither can be.
        self.0
            .force_insert_keep_right(end, opening)
            .unwrap_or_else(Some)
    }

    /// The contents and blocks, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], u64)> + '_ {
        self.0
            .iter()
            .map(|(content, block)| (content.as_slice(), *block))
    }
}

impl TypeInfo for Openings {
    type Identity = <Vec<(Vec<u8>, u64)> as TypeInfo>::Identity;

    fn type_info() -> Type {
        Self::Identity::type_info()
    }
}

/// The hotkeys whose commitments wait for the beacon, with their subnets.
///
/// Bounded in storage ([`MOST_TIMELOCKED`]); metadata shows the plain set that clients expect.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen)]
pub struct TimelockedKeys<AccountId: Ord>(
    BoundedBTreeSet<(NetUid, AccountId), ConstU32<MOST_TIMELOCKED>>,
);

impl<AccountId: Ord> TimelockedKeys<AccountId> {
    /// Adds a hotkey; `false` if the set is full.
    #[must_use]
    pub fn insert(&mut self, netuid: NetUid, hotkey: AccountId) -> bool {
        self.0.try_insert((netuid, hotkey)).is_ok()
    }

    /// Takes a hotkey out; whether it was there.
    pub fn remove(&mut self, netuid: NetUid, hotkey: AccountId) -> bool {
        self.0.remove(&(netuid, hotkey))
    }

    /// Whether a hotkey is in the set.
    pub fn contains(&self, netuid: NetUid, hotkey: AccountId) -> bool {
        self.0.contains(&(netuid, hotkey))
    }

    /// The subnets and hotkeys, by netuid, then by hotkey.
    pub fn iter(&self) -> impl Iterator<Item = &(NetUid, AccountId)> {
        self.0.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<AccountId: Ord> Default for TimelockedKeys<AccountId> {
    fn default() -> Self {
        Self(BoundedBTreeSet::new())
    }
}

impl<AccountId: Ord + TypeInfo + 'static> TypeInfo for TimelockedKeys<AccountId> {
    type Identity = BTreeSet<(NetUid, AccountId)>;

    fn type_info() -> Type {
        Self::Identity::type_info()
    }
}
