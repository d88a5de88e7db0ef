//! What can be wrong with the input of a formula.

use core::fmt;

/// Why a formula has no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MathError {
    /// A result or an intermediate exceeds its type; amounts within the maximal supply never cause
    /// it.
    Overflow,
    /// Something is to be shared but nobody has any weight.
    NoWeight,
    /// A half-life of zero blocks.
    ZeroHalfLife,
    /// A lower bound above the upper bound.
    BoundsCross,
    /// A block number before the one it is counted from.
    BlockInPast,
    /// Withheld more than there was.
    WithheldExceedsTotal,
}

impl fmt::Display for MathError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Overflow => "an amount exceeds its type",
            Self::NoWeight => "there is nobody with a weight to share among",
            Self::ZeroHalfLife => "the half-life is zero blocks",
            Self::BoundsCross => "the lower bound is above the upper bound",
            Self::BlockInPast => "the block is before the one it is counted from",
            Self::WithheldExceedsTotal => "more was withheld than there was",
        })
    }
}

impl core::error::Error for MathError {}
