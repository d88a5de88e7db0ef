//! The representation of the moving price.

#[cfg(feature = "codec")]
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
#[cfg(feature = "codec")]
use scale_info::TypeInfo;

/// A price of at most one TAO per alpha, averaged over blocks, with 96 fractional bits.
///
/// Clients read 32 fractional bits ([`MovingPrice::to_fixed32`]). The average itself needs more: it
/// moves by 10^-7 of a difference in a block, and 2^-32 is 2·10^-10.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(
    feature = "codec",
    derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)
)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(transparent))]
pub struct MovingPrice(u128);

impl MovingPrice {
    /// Where every average starts.
    pub const ZERO: Self = Self(0);
    /// The most an average can be; what root and subnets without a pool have.
    pub const ONE: Self = Self(1 << Self::FRACTION_BITS);
    /// Bits for the part below one.
    pub const FRACTION_BITS: u32 = 96;

    /// The average with these bits; `None` above one.
    #[must_use]
    pub const fn from_bits(bits: u128) -> Option<Self> {
        if bits > Self::ONE.0 {
            None
        } else {
            Some(Self(bits))
        }
    }

    /// All 96 fractional bits.
    #[must_use]
    pub const fn bits(self) -> u128 {
        self.0
    }

    /// The average with 32 fractional bits, as clients read it; rounded down.
    #[must_use]
    pub const fn to_fixed32(self) -> i128 {
        // At most 2^32, so the cast cannot change the sign.
        (self.0 >> 64) as i128
    }
}
