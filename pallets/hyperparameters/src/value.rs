//! Values of hyperparameters, and their kinds.

use alloc::vec::Vec;

use dendra_primitives::{
    MechId, TaoBalance, U64F64,
    records::{EpochConsensus, RecycleOrBurnEnum},
};

use crate::Refusal;

macro_rules! values {
	($($(#[doc = $doc:literal])+ $variant:ident($inner:ty) = $name:literal;)+) => {
		/// The value of a hyperparameter.
		#[derive(Clone, Debug, PartialEq, Eq)]
		pub enum Value {
			$($(#[doc = $doc])+ $variant($inner),)+
		}

		/// What kind of value a hyperparameter has.
		#[derive(Clone, Copy, Debug, PartialEq, Eq)]
		pub enum Kind {
			$($(#[doc = $doc])+ $variant,)+
		}

		impl Value {
			/// Its kind.
			#[must_use]
			pub const fn kind(&self) -> Kind {
				match self {
					$(Self::$variant(_) => Kind::$variant,)+
				}
			}
		}

		impl Kind {
			/// The type as the setter spells it; clients choose their encoding by this name.
			#[must_use]
			pub const fn type_name(self) -> &'static str {
				match self {
					$(Self::$variant => $name,)+
				}
			}
		}

		$(
			impl From<$inner> for Value {
				fn from(inner: $inner) -> Self {
					Self::$variant(inner)
				}
			}

			impl TryFrom<Value> for $inner {
				type Error = Refusal;

				fn try_from(value: Value) -> Result<Self, Refusal> {
					match value {
						Value::$variant(inner) => Ok(inner),
						_ => Err(Refusal::WrongKind),
					}
				}
			}
		)+
	};
}

values! {
    /// Yes or no.
    Bool(bool) = "bool";
    /// An integer of 8 bits.
    U8(u8) = "u8";
    /// An integer of 16 bits.
    U16(u16) = "u16";
    /// A signed integer of 16 bits.
    I16(i16) = "i16";
    /// An integer of 32 bits.
    U32(u32) = "u32";
    /// An integer of 64 bits.
    U64(u64) = "u64";
    /// An amount of TAO, in rao.
    Tao(TaoBalance) = "TaoBalance";
    /// An unsigned number with 64 fractional bits.
    Fixed(U64F64) = "U64F64";
    /// A number of mechanisms.
    Mechanisms(MechId) = "MechId";
    /// A lower and an upper end, in this order; a setter has an argument for each.
    Range((u16, u16)) = "u16";
    /// A list of parts, or none.
    Split(Option<Vec<u16>>) = "Option<Vec<u16>>";
    /// An account, by its bytes.
    Account([u8; 32]) = "AccountId";
    /// What becomes of alpha that nobody may have.
    RecycleOrBurn(RecycleOrBurnEnum) = "RecycleOrBurnEnum";
    /// How an epoch divides.
    Consensus(EpochConsensus) = "EpochConsensus";
}

impl Value {
    /// The value as the number that bounds are compared with; `None` for what is not a number.
    ///
    /// A fixed point number counts as its bits; bits that do not fit become the greatest number, which no
    /// upper bound admits.
    #[must_use]
    pub fn number(&self) -> Option<i128> {
        match self {
            Self::U8(number) => Some((*number).into()),
            Self::U16(number) => Some((*number).into()),
            Self::I16(number) => Some((*number).into()),
            Self::U32(number) => Some((*number).into()),
            Self::U64(number) => Some((*number).into()),
            Self::Tao(amount) => Some(amount.get().into()),
            Self::Fixed(number) => Some(i128::try_from(number.bits()).unwrap_or(i128::MAX)),
            Self::Mechanisms(count) => Some(count.get().into()),
            Self::Bool(_)
            | Self::Range(_)
            | Self::Split(_)
            | Self::Account(_)
            | Self::RecycleOrBurn(_)
            | Self::Consensus(_) => None,
        }
    }
}
