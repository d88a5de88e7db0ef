//! A neuron that has a row of weights or of bonds, and the cells that refer to it.

#![allow(
    clippy::arithmetic_side_effects,
    reason = "shifts by constants below the width, and a sum that restores a value of at most 2^32"
)]

/// Position in the list of voters: uids of voters, renumbered densely in ascending order, so that
/// what a column touches of its voters stays within the first-level cache.
pub(crate) type VoterIndex = u16;

/// What the passes over columns read and add up for one row.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Voter {
    /// Active stake `A_i`, in bits.
    pub(crate) active: u64,
    /// Vote `s_i`, in bits: the active stake renormalised over those who have some.
    pub(crate) vote: u64,
    /// Validator trust `VT_i` so far, in bits.
    pub(crate) trust: u64,
    /// `Σ_j I_j·bond share` so far, in bits.
    pub(crate) income: u64,
    /// The room for this row's bonds in the ledger, and where the next one is written.
    pub(crate) start: u32,
    pub(crate) cursor: u32,
    pub(crate) end: u32,
    pub(crate) uid: u16,
}

/// A normalised weight in a column: 32 bits of weight, 16 of voter.
///
/// A weight has 33 bits, but a quotient of integers below `2^32` is either 1 or at most
/// `1 − 2·2^-32`. The code `2^32 − 1` is therefore free to mean 1.
#[derive(Clone, Copy, Debug, Default)]
#[repr(transparent)]
pub(crate) struct WeightCell(u64);

impl WeightCell {
    const WHOLE: u64 = u32::MAX as u64;

    #[inline(always)]
    pub(crate) fn new(voter: VoterIndex, weight: u64) -> Self {
        debug_assert!(weight <= Self::WHOLE + 1);
        Self((weight.min(Self::WHOLE) << 32) | u64::from(voter))
    }

    #[inline(always)]
    pub(crate) fn voter(self) -> VoterIndex {
        self.0 as VoterIndex
    }

    /// In bits of a proportion.
    #[inline(always)]
    pub(crate) fn weight(self) -> u64 {
        let code = self.0 >> 32;
        code + u64::from(code == Self::WHOLE)
    }
}

/// A stored bond in a column.
#[derive(Clone, Copy, Debug, Default)]
#[repr(transparent)]
pub(crate) struct BondCell(u32);

impl BondCell {
    #[inline(always)]
    pub(crate) fn new(voter: VoterIndex, stored: u16) -> Self {
        Self((u32::from(voter) << 16) | u32::from(stored))
    }

    #[inline(always)]
    pub(crate) fn voter(self) -> VoterIndex {
        (self.0 >> 16) as VoterIndex
    }

    #[inline(always)]
    pub(crate) fn stored(self) -> u16 {
        self.0 as u16
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixed::ONE;

    #[test]
    fn cells_give_back_what_they_hold() {
        for weight in [1, 2, 1 << 31, ONE - 2, ONE] {
            let cell = WeightCell::new(u16::MAX, weight);
            assert_eq!((cell.voter(), cell.weight()), (u16::MAX, weight));
        }
        let cell = BondCell::new(513, 65_535);
        assert_eq!((cell.voter(), cell.stored()), (513, 65_535));
    }
}
