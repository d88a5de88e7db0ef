//! The two kinds of money.

#[cfg(feature = "codec")]
use codec::{CompactAs, Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
#[cfg(feature = "codec")]
use scale_info::TypeInfo;

use crate::{Proportion16, Rounding, block, mul_div};

macro_rules! money {
	($(#[$doc:meta])* $name:ident) => {
		$(#[$doc])*
		#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
		#[cfg_attr(
			feature = "codec",
			derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, CompactAs, TypeInfo)
		)]
		#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
		#[cfg_attr(feature = "serde", serde(transparent))]
		pub struct $name(u64);

		impl $name {
			/// Nothing.
			pub const ZERO: Self = Self(0);
			/// The most that is ever issued; see [`block::MAX_SUPPLY`].
			pub const MAX_SUPPLY: Self = Self(block::MAX_SUPPLY);

			/// This many smallest units.
			#[must_use]
			pub const fn new(units: u64) -> Self {
				Self(units)
			}

			/// This many whole tokens; `None` if the units exceed 64 bits.
			#[must_use]
			pub const fn from_tokens(tokens: u64) -> Option<Self> {
				match tokens.checked_mul(block::UNITS_PER_TOKEN) {
					Some(units) => Some(Self(units)),
					None => None,
				}
			}

			/// The number of smallest units.
			#[must_use]
			pub const fn get(self) -> u64 {
				self.0
			}

			/// Whether this is nothing.
			#[must_use]
			pub const fn is_zero(self) -> bool {
				self.0 == 0
			}

			/// The sum; `None` if it exceeds 64 bits.
			#[must_use]
			pub const fn checked_add(self, other: Self) -> Option<Self> {
				match self.0.checked_add(other.0) {
					Some(units) => Some(Self(units)),
					None => None,
				}
			}

			/// The difference; `None` if `other` is more.
			#[must_use]
			pub const fn checked_sub(self, other: Self) -> Option<Self> {
				match self.0.checked_sub(other.0) {
					Some(units) => Some(Self(units)),
					None => None,
				}
			}

			/// The sum, or the most that 64 bits hold.
			#[must_use]
			pub const fn saturating_add(self, other: Self) -> Self {
				Self(self.0.saturating_add(other.0))
			}

			/// The difference, or nothing if `other` is more.
			#[must_use]
			pub const fn saturating_sub(self, other: Self) -> Self {
				Self(self.0.saturating_sub(other.0))
			}

			/// `self · numerator / denominator` with a 128-bit product; `None` if the denominator is
			/// zero or the result exceeds 64 bits.
			#[must_use]
			pub fn checked_mul_div(
				self,
				numerator: u64,
				denominator: u64,
				rounding: Rounding,
			) -> Option<Self> {
				mul_div(self.0, numerator, denominator, rounding).map(Self)
			}

			/// This proportion, rounded down, and all the rest; the two sum to the amount.
			#[must_use]
			pub fn split(self, proportion: Proportion16) -> (Self, Self) {
				let (part, rest) = proportion.split(self.0);
				(Self(part), Self(rest))
			}

			/// The sum of all; `None` if it exceeds 64 bits.
			#[must_use]
			pub fn checked_sum(amounts: impl IntoIterator<Item = Self>) -> Option<Self> {
				amounts.into_iter().try_fold(Self::ZERO, Self::checked_add)
			}
		}

		impl From<u64> for $name {
			fn from(units: u64) -> Self {
				Self(units)
			}
		}

		impl From<$name> for u64 {
			fn from(amount: $name) -> Self {
				amount.0
			}
		}

		impl core::fmt::Display for $name {
			fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
				self.0.fmt(formatter)
			}
		}
	};
}

money! {
    /// An amount of the native token, in rao.
    TaoBalance
}

money! {
    /// An amount of the token of one subnet, in its smallest unit.
    ///
    /// The type does not say which subnet: whoever holds the amount knows, and amounts of two
    /// subnets meet only through their prices.
    AlphaBalance
}
