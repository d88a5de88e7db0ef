//! The list of hyperparameters that clients read.

use alloc::vec::Vec;

use dendra_primitives::{I32F32, TaoBalance, U64F64};

use crate::{Hyperparameter, Value};

/// A hyperparameter in the list, under the name that clients look for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// As it is.
    Plain(&'static str),
    /// The lower end of a range.
    LowerEnd(&'static str),
    /// The upper end of a range.
    UpperEnd(&'static str),
    /// A whole number as a fixed point number.
    Fixed32(&'static str),
    /// 3 for yes and 2 for no.
    YumaVersion(&'static str),
    /// In its place, the activity cutoff in blocks that follows from tempo and factor.
    CutoffInUse(&'static str),
}

/// A value as clients read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// Yes or no.
    Bool(bool),
    /// An integer of 16 bits.
    U16(u16),
    /// An integer of 32 bits.
    U32(u32),
    /// An integer of 64 bits.
    U64(u64),
    /// An amount of TAO, in rao.
    Tao(TaoBalance),
    /// A signed number with 32 fractional bits.
    I32F32(I32F32),
    /// An unsigned number with 64 fractional bits.
    U64F64(U64F64),
}

impl View {
    /// The name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Plain(name)
            | Self::LowerEnd(name)
            | Self::UpperEnd(name)
            | Self::Fixed32(name)
            | Self::YumaVersion(name)
            | Self::CutoffInUse(name) => name,
        }
    }

    /// The value under this name; `None` if a value of this kind has no such view.
    fn show(self, value: &Value, cutoff_in_use: u64) -> Option<Shown> {
        match (self, value) {
            (Self::Plain(_), Value::Bool(value)) => Some(Shown::Bool(*value)),
            (Self::Plain(_), Value::U16(value)) => Some(Shown::U16(*value)),
            (Self::Plain(_), Value::U32(value)) => Some(Shown::U32(*value)),
            (Self::Plain(_), Value::U64(value)) => Some(Shown::U64(*value)),
            (Self::Plain(_), Value::Tao(value)) => Some(Shown::Tao(*value)),
            (Self::Plain(_), Value::Fixed(value)) => Some(Shown::U64F64(*value)),
            (Self::LowerEnd(_), Value::Range((low, _))) => Some(Shown::U16(*low)),
            (Self::UpperEnd(_), Value::Range((_, high))) => Some(Shown::U16(*high)),
            (Self::Fixed32(_), Value::I16(value)) => {
                // 16 bits and 32 zeros fit into 64 bits.
                let bits = i64::from(*value).saturating_mul(I32F32::ONE.bits());
                Some(Shown::I32F32(I32F32::from_bits(bits)))
            }
            (Self::YumaVersion(_), Value::Bool(on)) => Some(Shown::U16(if *on { 3 } else { 2 })),
            (Self::CutoffInUse(_), _) => Some(Shown::U64(cutoff_in_use)),
            _ => None,
        }
    }
}

/// The list of hyperparameters, in the order of the table.
///
/// `read`: the value of each. `cutoff_in_use`: the activity cutoff in blocks.
pub fn entries(
    read: impl Fn(Hyperparameter) -> Value,
    cutoff_in_use: u64,
) -> Vec<(&'static str, Shown)> {
    Hyperparameter::ALL
        .iter()
        .map(|parameter| (*parameter, parameter.definition().views))
        .filter(|(_, views)| !views.is_empty())
        .flat_map(|(parameter, views)| {
            let value = read(parameter);
            views
                .iter()
                .filter_map(move |view| Some((view.name(), view.show(&value, cutoff_in_use)?)))
        })
        .collect()
}
