//! Records within their limits.

use core::ops::Deref;

use codec::{
    Decode, DecodeWithMemTracking, Encode, EncodeLike, Error, Input, MaxEncodedLen,
    WrapperTypeEncode,
};
use scale_info::{Type, TypeInfo};

use super::{ChainIdentityV2, RootClaimTypeEnum, SubnetIdentityV3};

/// A record with lists whose lengths storage limits.
pub trait Limited {
    /// Whether every list is within its limit.
    fn is_within_limits(&self) -> bool;

    /// The most bytes that a record within its limits encodes to.
    fn longest_encoding() -> usize;
}

/// A record within its limits, as storage holds it.
///
/// It encodes like the record inside, and metadata shows the record inside. Decoding fails beyond a
/// limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored<T>(T);

/// The identity of an account, as storage holds it.
pub type StoredChainIdentity = Stored<ChainIdentityV2>;
/// The identity of a subnet, as storage holds it.
pub type StoredSubnetIdentity = Stored<SubnetIdentityV3>;
/// What becomes of root dividends, as storage holds it.
pub type StoredRootClaimType = Stored<RootClaimTypeEnum>;

impl<T: Limited> Stored<T> {
    /// The record, if it is within its limits; `None` otherwise.
    #[must_use]
    pub fn try_new(record: T) -> Option<Self> {
        record.is_within_limits().then_some(Self(record))
    }
}

impl<T> Stored<T> {
    /// The record inside.
    #[must_use]
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T: Default + Limited> Default for Stored<T> {
    /// The default of the record, whose lists are empty.
    fn default() -> Self {
        Self(T::default())
    }
}

impl<T> Deref for Stored<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> WrapperTypeEncode for Stored<T> {}

impl<T: Encode> EncodeLike for Stored<T> {}

impl<T: Decode + Limited> Decode for Stored<T> {
    fn decode<I: Input>(input: &mut I) -> Result<Self, Error> {
        Self::try_new(T::decode(input)?)
            .ok_or_else(|| Error::from("a list of the record exceeds its limit"))
    }
}

impl<T: DecodeWithMemTracking + Limited> DecodeWithMemTracking for Stored<T> {}

impl<T: Encode + Limited> MaxEncodedLen for Stored<T> {
    fn max_encoded_len() -> usize {
        T::longest_encoding()
    }
}

impl<T: TypeInfo + 'static> TypeInfo for Stored<T> {
    type Identity = T::Identity;

    fn type_info() -> Type {
        T::type_info()
    }
}
