//! Numbers of subnets, neurons and mechanisms.

#[cfg(feature = "codec")]
use codec::{CompactAs, Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
#[cfg(feature = "codec")]
use scale_info::TypeInfo;

macro_rules! id {
	($(#[$doc:meta])* $name:ident($inner:ident), $noun:literal) => {
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
			#[doc = concat!("The ", $noun, " with this number.")]
			#[must_use]
			pub const fn new(number: $inner) -> Self {
				Self(number)
			}

			/// The number itself.
			#[must_use]
			pub const fn get(self) -> $inner {
				self.0
			}
		}

		impl From<$inner> for $name {
			fn from(number: $inner) -> Self {
				Self(number)
			}
		}

		impl From<$name> for $inner {
			fn from(id: $name) -> Self {
				id.0
			}
		}

		impl core::fmt::Display for $name {
			fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
				self.0.fmt(formatter)
			}
		}
	};
}

id! {
    /// Number of a subnet.
    #[cfg_attr(feature = "codec", derive(CompactAs))]
    NetUid(u16), "subnet"
}

id! {
    /// Position of a neuron in its subnet, `0..n` without gaps.
    #[cfg_attr(feature = "codec", derive(CompactAs))]
    Uid(u16), "neuron"
}

id! {
    /// Number of a mechanism within its subnet; 0 is the one that every subnet has.
    MechId(u8), "mechanism"
}

id! {
    /// A subnet and a mechanism in one number: `mechanism · 4096 + netuid`, so that mechanism 0 is
    /// numbered like its subnet.
    #[cfg_attr(feature = "codec", derive(CompactAs))]
    NetUidIndex(u16), "pair of subnet and mechanism"
}

id! {
    /// Blocks between two epochs of a subnet; 0 means that none is ever due.
    #[cfg_attr(feature = "codec", derive(CompactAs))]
    Tempo(u16), "period"
}

impl NetUid {
    /// The root network, where TAO is staked one to one.
    pub const ROOT: Self = Self(0);

    /// Whether this is the root network.
    #[must_use]
    pub const fn is_root(self) -> bool {
        self.0 == 0
    }
}

impl NetUidIndex {
    /// Subnets that can be told apart in one index; the first netuid that has no index.
    pub const SUBNETS: u16 = 4_096;

    /// The index of a mechanism of a subnet; `None` if the pair has none.
    ///
    /// There is one for netuids below 4096 and mechanisms below 16.
    #[must_use]
    pub fn from_parts(netuid: NetUid, mechanism: MechId) -> Option<Self> {
        if netuid.0 >= Self::SUBNETS {
            return None;
        }
        u16::from(mechanism.0)
            .checked_mul(Self::SUBNETS)?
            .checked_add(netuid.0)
            .map(Self)
    }

    /// The subnet of this index.
    #[must_use]
    pub const fn netuid(self) -> NetUid {
        NetUid(self.0 % Self::SUBNETS)
    }

    /// The mechanism of this index, below 16.
    #[must_use]
    pub const fn mechanism(self) -> MechId {
        // The quotient is at most 15.
        MechId((self.0 / Self::SUBNETS) as u8)
    }
}

impl Tempo {
    /// The tempo of a new subnet.
    pub const DEFAULT: Self = Self(360);

    /// Whether epochs are ever due.
    #[must_use]
    pub const fn is_never(self) -> bool {
        self.0 == 0
    }
}
