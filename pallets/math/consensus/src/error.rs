//! What can be wrong with an input, with the values that are wrong.

use core::fmt;

/// The matrix that an error speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Matrix {
    /// Weights, rows = validators, columns = targets.
    Weights,
    /// Bonds, same orientation.
    Bonds,
}

impl fmt::Display for Matrix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Weights => "weights",
            Self::Bonds => "bonds",
        })
    }
}

/// Why an input of this crate is refused. Nothing is computed from a refused input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConsensusError {
    /// More neurons than a 16-bit uid can address.
    TooManyNeurons {
        /// Number of stake entries given.
        neurons: usize,
    },
    /// A per-neuron list has another length than the stake list.
    LengthMismatch {
        /// Name of the input field.
        field: &'static str,
        /// Number of neurons, which is the number of stake entries.
        expected: usize,
        /// Length found.
        found: usize,
    },
    /// The row starts are not ascending from 0 to the number of entries.
    MalformedRows {
        /// First row whose bounds are wrong; the number of rows if the last bound is wrong.
        row: usize,
        /// The bound found there.
        start: u32,
        /// Number of entries.
        entries: usize,
    },
    /// More than `2^32 − 1` entries in one matrix, or `2^31` in both matrices of an epoch.
    TooManyEntries {
        /// Number of entries wanted.
        entries: usize,
    },
    /// A row names a target twice with non-zero values.
    DuplicateTarget {
        /// Where.
        matrix: Matrix,
        /// Uid of the row.
        row: u16,
        /// Uid named twice.
        target: u16,
    },
    /// The owner's uid is not a neuron.
    UnknownOwner {
        /// Uid given.
        owner: u16,
        /// Number of neurons.
        neurons: usize,
    },
    /// The bonds moving average exceeds one million millionths.
    MovingAverageAboveOne {
        /// Millionths given.
        millionths: u64,
    },
    /// The lower bound of liquid alpha exceeds the upper one.
    AlphaBoundsCrossed {
        /// Lower bound given.
        low: u16,
        /// Upper bound given.
        high: u16,
    },
    /// An emission split without mechanisms, or with more shares than mechanisms.
    SplitLength {
        /// Number of mechanisms.
        mechanisms: usize,
        /// Number of shares given.
        shares: usize,
    },
    /// The shares of an emission split hand out more than there is.
    SplitAboveWhole {
        /// Sum of the parts.
        parts: u128,
        /// Emission to split.
        emission: u64,
    },
    /// Results of mechanisms of different size, or none at all, cannot be combined.
    MechanismMismatch {
        /// Index of the first result that does not fit.
        mechanism: usize,
        /// Number of neurons of the first result.
        expected: usize,
        /// Number of neurons of that result.
        found: usize,
    },
}

impl fmt::Display for ConsensusError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::TooManyNeurons { neurons } => {
                write!(f, "{neurons} neurons, at most 65536 can be addressed")
            }
            Self::LengthMismatch {
                field,
                expected,
                found,
            } => {
                write!(f, "`{field}` has {found} entries for {expected} neurons")
            }
            Self::MalformedRows {
                row,
                start,
                entries,
            } => {
                write!(
                    f,
                    "row {row} starts at {start}, out of order for {entries} entries"
                )
            }
            Self::TooManyEntries { entries } => write!(f, "{entries} entries are too many"),
            Self::DuplicateTarget {
                matrix,
                row,
                target,
            } => {
                write!(f, "row {row} of the {matrix} names uid {target} twice")
            }
            Self::UnknownOwner { owner, neurons } => {
                write!(f, "owner uid {owner} is not one of {neurons} neurons")
            }
            Self::MovingAverageAboveOne { millionths } => {
                write!(
                    f,
                    "bonds moving average of {millionths} millionths exceeds one"
                )
            }
            Self::AlphaBoundsCrossed { low, high } => {
                write!(f, "lower alpha {low} exceeds upper alpha {high}")
            }
            Self::SplitLength { mechanisms, shares } => {
                write!(f, "{shares} emission shares for {mechanisms} mechanisms")
            }
            Self::SplitAboveWhole { parts, emission } => {
                write!(f, "emission shares add up to {parts} of {emission}")
            }
            Self::MechanismMismatch {
                mechanism,
                expected,
                found,
            } => {
                write!(
                    f,
                    "result {mechanism} has {found} neurons instead of {expected}"
                )
            }
        }
    }
}

impl core::error::Error for ConsensusError {}
