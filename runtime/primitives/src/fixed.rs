//! Binary fixed point numbers as clients read them.
//!
//! Formulas do not compute with these types: each carries the bits of a result, or of a value that
//! somebody set, under the one field name that clients look for, `bits`.

#[cfg(feature = "codec")]
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
#[cfg(feature = "codec")]
use scale_info::TypeInfo;

use crate::MovingPrice;

macro_rules! fixed {
	($(#[$doc:meta])* $name:ident($bits:ident), $fraction:literal) => {
		$(#[$doc])*
		#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
		#[cfg_attr(
			feature = "codec",
			derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)
		)]
		pub struct $name {
			bits: $bits,
		}

		impl $name {
			/// Zero.
			pub const ZERO: Self = Self { bits: 0 };
			/// One.
			pub const ONE: Self = Self { bits: 1 << Self::FRACTION_BITS };
			/// Bits for the part below one.
			pub const FRACTION_BITS: u32 = $fraction;

			/// The number with these bits.
			#[must_use]
			pub const fn from_bits(bits: $bits) -> Self {
				Self { bits }
			}

			/// All bits; the number times two to the power of [`Self::FRACTION_BITS`].
			#[must_use]
			pub const fn bits(self) -> $bits {
				self.bits
			}
		}
	};
}

fixed! {
    /// A signed number of 64 bits, 32 of them fractional.
    I32F32(i64), 32
}

fixed! {
    /// An unsigned number of 128 bits, 64 of them fractional.
    U64F64(u128), 64
}

fixed! {
    /// A signed number of 128 bits, 64 of them fractional.
    I64F64(i128), 64
}

fixed! {
    /// A signed number of 128 bits, 32 of them fractional.
    I96F32(i128), 32
}

impl From<MovingPrice> for I96F32 {
    /// The moving price as clients read it; rounded down.
    fn from(price: MovingPrice) -> Self {
        Self::from_bits(price.to_fixed32())
    }
}
