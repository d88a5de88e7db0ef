//! Parts of one, in the two scales that the chain stores.

#[cfg(feature = "codec")]
use codec::{CompactAs, Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
#[cfg(feature = "codec")]
use scale_info::TypeInfo;

use crate::{Rounding, mul_div};

macro_rules! proportion {
	($(#[$doc:meta])* $name:ident($inner:ident)) => {
		$(#[$doc])*
		#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
		#[cfg_attr(
			feature = "codec",
			derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)
		)]
		#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
		#[cfg_attr(feature = "serde", serde(transparent))]
		pub struct $name($inner);

		impl $name {
			/// Nothing.
			pub const ZERO: Self = Self(0);
			/// The whole.
			pub const ONE: Self = Self(<$inner>::MAX);
			/// How many parts make the whole.
			pub const SCALE: $inner = <$inner>::MAX;

			/// This many parts of the whole.
			#[must_use]
			pub const fn from_parts(parts: $inner) -> Self {
				Self(parts)
			}

			/// `numerator / denominator`, rounded down; `None` if the denominator is zero or the ratio
			/// exceeds one.
			#[must_use]
			pub fn from_ratio(numerator: u64, denominator: u64) -> Option<Self> {
				let parts = mul_div(numerator, u64::from(Self::SCALE), denominator, Rounding::Down)?;
				<$inner>::try_from(parts).ok().filter(|_| numerator <= denominator).map(Self)
			}

			/// The number of parts.
			#[must_use]
			pub const fn parts(self) -> $inner {
				self.0
			}

			/// What is missing to the whole; exact.
			#[must_use]
			pub const fn complement(self) -> Self {
				Self(Self::SCALE.saturating_sub(self.0))
			}

			/// The sum; `None` if it exceeds the whole.
			#[must_use]
			pub const fn checked_add(self, other: Self) -> Option<Self> {
				match self.0.checked_add(other.0) {
					Some(parts) => Some(Self(parts)),
					None => None,
				}
			}

			/// This proportion of an amount, rounded down.
			#[must_use]
			pub fn part_of(self, amount: u64) -> u64 {
				// The part is never more than the amount, so the multiplication cannot fail.
				mul_div(amount, u64::from(self.0), u64::from(Self::SCALE), Rounding::Down)
					.unwrap_or(amount)
			}

			/// An amount as this proportion of it, rounded down, and all the rest; the two sum to it.
			#[must_use]
			pub fn split(self, amount: u64) -> (u64, u64) {
				let part = self.part_of(amount);
				(part, amount.saturating_sub(part))
			}
		}
	};
}

proportion! {
    /// A proportion in parts of 65535: takes, cuts, the fee rate.
    #[cfg_attr(feature = "codec", derive(CompactAs))]
    Proportion16(u16)
}

proportion! {
    /// A proportion in parts of 2^64 − 1: the weight of TAO, proportions of children.
    #[cfg_attr(feature = "codec", derive(CompactAs))]
    Proportion64(u64)
}
