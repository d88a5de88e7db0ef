//! What can be wrong with an operation on a ledger.

use core::fmt;

/// Why an operation has no result. The ledger is then as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MathError {
    /// A deposit of nothing, or a withdrawal of nothing.
    ZeroAmount,
    /// A withdrawal of more than the position is worth.
    ExceedsPosition,
    /// A position that cannot be one of this pool: more shares than the pool has, or a later scale.
    ForeignPosition,
    /// Value for a pool without positions: there is nobody to own it.
    NoPositions,
    /// Parts that no sequence of operations leads to.
    InvalidPool,
    /// The value exceeds 64 bits; the maximal supply keeps it out of reach.
    Overflow,
}

impl fmt::Display for MathError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::ZeroAmount => "the amount is zero",
            Self::ExceedsPosition => "the amount is more than the position is worth",
            Self::ForeignPosition => "the position does not belong to this pool",
            Self::NoPositions => "the pool has no positions",
            Self::InvalidPool => "value and shares do not make a pool",
            Self::Overflow => "the value exceeds its type",
        })
    }
}

impl core::error::Error for MathError {}
