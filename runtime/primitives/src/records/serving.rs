//! Where neurons can be reached.

use bounded_collections::{BoundedVec, ConstU32};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// The most bytes of the public key of a certificate.
pub const MAX_PUBLIC_KEY_BYTES: u32 = 64;

/// Where a neuron serves; all zero for one that never said so.
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
pub struct AxonInfo {
    /// Block at which it said so.
    pub block: u64,
    /// Version of its software, as it states it.
    pub version: u32,
    /// Address; an address of version 4 is in the low 32 bits.
    pub ip: u128,
    /// Port.
    pub port: u16,
    /// Version of the address, 4 or 6.
    pub ip_type: u8,
    /// Protocol, as it states it.
    pub protocol: u8,
    /// Not used.
    pub placeholder1: u8,
    /// Not used.
    pub placeholder2: u8,
}

/// Where a neuron offers its metrics; all zero for one that never said so.
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
pub struct PrometheusInfo {
    /// Block at which it said so.
    pub block: u64,
    /// Version of its software, as it states it.
    pub version: u32,
    /// Address; an address of version 4 is in the low 32 bits.
    pub ip: u128,
    /// Port.
    pub port: u16,
    /// Version of the address, 4 or 6.
    pub ip_type: u8,
}

/// The public key with which a neuron encrypts its connections.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct NeuronCertificate {
    /// The key.
    pub public_key: BoundedVec<u8, ConstU32<MAX_PUBLIC_KEY_BYTES>>,
    /// Number of the algorithm, as the neuron states it.
    pub algorithm: u8,
}

impl NeuronCertificate {
    /// The certificate in a call: one byte for the algorithm, then the key; `None` without the first
    /// byte or with a key above [`MAX_PUBLIC_KEY_BYTES`].
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (algorithm, key) = bytes.split_first()?;
        Some(Self {
            public_key: BoundedVec::try_from(key.to_vec()).ok()?,
            algorithm: *algorithm,
        })
    }
}
