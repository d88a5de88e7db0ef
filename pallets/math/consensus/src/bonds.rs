//! Bonds: how opinions of the past keep earning (section 6).
//!
//! A column at a time: the weights and the stored bonds of a column are both in ascending order of
//! their voters, so their union is a merge. The new bonds of the column stay in a short buffer until
//! their sum is known; then every voter is credited and its new bond is appended to its row. As
//! columns are visited in ascending order, the rows come out sorted by uid.
//!
//! An absent entry and an entry of value 0 are the same here. Where the reference distinguishes them
//! (the first quirk of section 6.5: under liquid alpha a bond whose weight is absent vanishes at once)
//! the bond decays instead; and the rate of a cell reads the weight and the bond of that very cell,
//! whatever the order of the submitted row (the second quirk).

#![allow(
    clippy::arithmetic_side_effects,
    reason = "values are proportions, so a column sums to at most 2^48; a convex combination of two \
              proportions, each part rounded down, is a proportion; room for rows is below 2^32"
)]

use crate::buffer::Buffer;
use crate::columns::Columns;
use crate::divisor::Divisor;
use crate::error::{ConsensusError, Matrix};
use crate::fixed::{ONE, Proportion, mul, mul_ceil};
use crate::liquid::LiquidRate;
use crate::voter::{BondCell, Voter, VoterIndex, WeightCell};

/// How bonds move in this epoch.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Motion {
    /// Section 6.4: shares of a column, fixed rate.
    Shared { alpha: u64 },
    /// Section 6.5: proportions, fixed rate.
    Fixed { alpha: u64 },
    /// Section 6.5: proportions, rate per cell.
    Liquid(LiquidRate),
}

/// A cell of the column in work.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Growth {
    voter: VoterIndex,
    stored: u16,
    /// New contribution, then new bond, in bits.
    value: u64,
}

/// Everything about a column except its cells.
#[derive(Clone, Copy, Debug)]
struct Target {
    uid: u16,
    consensus: u64,
    incentive: u64,
}

/// The rows being written: room for each voter in one flat array.
pub(crate) struct Ledger<'a> {
    pub(crate) voters: &'a mut [Voter],
    pub(crate) entries: &'a mut [(u16, u16)],
}

impl Ledger<'_> {
    /// The same ledger by value, whose addresses and lengths a loop can keep in registers.
    #[inline(always)]
    fn local(&mut self) -> Ledger<'_> {
        Ledger {
            voters: self.voters,
            entries: self.entries,
        }
    }

    /// Credits a voter with its share of a column's incentive and writes its bond down.
    ///
    /// A bond that rounds to 0 is not written: it could never count again.
    #[inline(always)]
    fn settle(&mut self, target: &Target, voter: VoterIndex, share: u64, bond: Proportion) {
        if let Some(voter) = self.voters.get_mut(usize::from(voter)) {
            voter.income += mul(share, target.incentive);
            let stored = bond.quantise();
            if stored != 0
                && voter.cursor < voter.end
                && let Some(slot) = self.entries.get_mut(voter.cursor as usize)
            {
                *slot = (target.uid, stored);
                voter.cursor += 1;
            }
        }
    }
}

/// Moves all bonds one epoch on: credits `income` and writes the rows of the ledger.
///
/// `penalty`: β of section 6.1, in bits. **Errors**: a row of bonds that names a target twice.
pub(crate) fn advance(
    motion: Motion,
    penalty: u64,
    weights: &Columns<WeightCell>,
    bonds: &Columns<BondCell>,
    (consensus, incentive): (&[Proportion], &[Proportion]),
    growth: &mut Buffer<Growth>,
    ledger: &mut Ledger<'_>,
) -> Result<(), ConsensusError> {
    let outcomes = consensus.iter().zip(incentive);
    let columns = weights.iter().zip(bonds.iter()).zip(outcomes);
    for (uid, ((weights, bonds), (consensus, incentive))) in (0_u32..).zip(columns) {
        let uid = uid as u16;
        if weights.is_empty() && bonds.is_empty() {
            continue;
        }
        if let Some(voter) = repeated(bonds.iter().map(|cell| cell.voter())) {
            let row = ledger
                .voters
                .get(usize::from(voter))
                .map_or(0, |voter| voter.uid);
            return Err(ConsensusError::DuplicateTarget {
                matrix: Matrix::Bonds,
                row,
                target: uid,
            });
        }
        let target = Target {
            uid,
            consensus: consensus.to_bits(),
            incentive: incentive.to_bits(),
        };
        let weight = |cell: WeightCell| {
            let weight = cell.weight();
            // W + β(W̄ − W), floored: the cut is rounded up. β = 1 gives W̄, β = 0 gives W.
            weight - mul_ceil(weight.saturating_sub(target.consensus), penalty)
        };
        match motion {
            Motion::Shared { alpha } => {
                shared(alpha, &target, weights, bonds, weight, growth, ledger)
            }
            Motion::Fixed { alpha } => {
                let sum = collect(weights, bonds, weight, growth, |_, _| alpha);
                pay(sum, &target, growth.items(), ledger);
            }
            Motion::Liquid(rate) => {
                let rate = |weight, bond| rate.rate(target.consensus, weight, bond);
                let sum = collect(weights, bonds, weight, growth, rate);
                pay(sum, &target, growth.items(), ledger);
            }
        }
    }
    Ok(())
}

/// The first voter that follows itself in an ascending list.
#[inline]
pub(crate) fn repeated(voters: impl Iterator<Item = VoterIndex> + Clone) -> Option<VoterIndex> {
    // Looking for any repetition first keeps the common pass free of branches.
    let mut pairs = voters.clone().zip(voters.skip(1));
    let any = pairs
        .clone()
        .fold(false, |found, (voter, next)| found | (voter == next));
    if !any {
        return None;
    }
    pairs
        .find(|(voter, next)| voter == next)
        .map(|(voter, _)| voter)
}

/// Visits the union of both lists in ascending order of voters as `(voter, weight, stored bond)`.
#[inline(always)]
fn merge(
    weights: &[WeightCell],
    bonds: &[BondCell],
    weight: impl Fn(WeightCell) -> u64,
    mut visit: impl FnMut(VoterIndex, u64, u16),
) {
    // Settled bonds are toward the targets of the weights: the lists begin alike, often to the end.
    let alike = weights
        .iter()
        .zip(bonds)
        .take_while(|(cell, bond)| cell.voter() == bond.voter())
        .count();
    let (paired_weights, weights) = weights.split_at_checked(alike).unwrap_or_default();
    let (paired_bonds, bonds) = bonds.split_at_checked(alike).unwrap_or_default();
    for (&cell, bond) in paired_weights.iter().zip(paired_bonds) {
        visit(cell.voter(), weight(cell), bond.stored());
    }
    let mut bonds = bonds.iter().copied().peekable();
    for &cell in weights {
        let voter = cell.voter();
        while let Some(bond) = bonds.next_if(|bond| bond.voter() < voter) {
            visit(bond.voter(), 0, bond.stored());
        }
        let stored = bonds
            .next_if(|bond| bond.voter() == voter)
            .map_or(0, BondCell::stored);
        visit(voter, weight(cell), stored);
    }
    for bond in bonds {
        visit(bond.voter(), 0, bond.stored());
    }
}

/// `α·new + (1−α)·old`, each part rounded down, so that the result is at most 1.
#[inline(always)]
fn blend(alpha: u64, new: u64, old: u64) -> u64 {
    // The rate comes second: comparing it with 1 can then be done once per column.
    mul(new, alpha) + mul(old, ONE - alpha)
}

/// Yuma3: `B⁺ = α·Wb + (1−α)·B` per cell; returns the column's sum.
#[inline(never)]
fn collect(
    weights: &[WeightCell],
    bonds: &[BondCell],
    weight: impl Fn(WeightCell) -> u64,
    growth: &mut Buffer<Growth>,
    rate: impl Fn(u64, u64) -> u64,
) -> u64 {
    growth.fill(weights.len() + bonds.len(), |slots| {
        let mut sum = 0;
        merge(weights, bonds, weight, |voter, weight, stored| {
            let bond = Proportion::from_u16(stored).to_bits();
            let value = blend(rate(weight, bond), weight, bond);
            sum += value;
            slots.push(Growth {
                voter,
                stored,
                value,
            });
        });
        sum
    })
}

/// Yuma3: `N = B⁺/Σ B⁺`, `t_i += N·I_j`, and the bond itself is stored.
fn pay(sum: u64, target: &Target, growth: &[Growth], ledger: &mut Ledger<'_>) {
    let Some(divisor) = Divisor::new(sum) else {
        return;
    };
    let mut ledger = ledger.local();
    if target.incentive == 0 {
        // Nothing to share out: spare the divisions.
        for cell in growth {
            ledger.settle(
                target,
                cell.voter,
                0,
                Proportion::from_bits_bounded(cell.value),
            );
        }
    } else {
        for cell in growth {
            let share = divisor.divide(cell.value);
            ledger.settle(
                target,
                cell.voter,
                share,
                Proportion::from_bits_bounded(cell.value),
            );
        }
    }
}

/// Yuma2: old bonds and new contributions are shares of their column, and so is their blend.
#[inline(never)]
fn shared(
    alpha: u64,
    target: &Target,
    weights: &[WeightCell],
    bonds: &[BondCell],
    weight: impl Fn(WeightCell) -> u64,
    growth: &mut Buffer<Growth>,
    ledger: &mut Ledger<'_>,
) {
    let voters = &*ledger.voters;
    let (fresh_sum, stored_sum) = growth.fill(weights.len() + bonds.len(), |slots| {
        let (mut fresh_sum, mut stored_sum) = (0_u64, 0_u64);
        merge(weights, bonds, weight, |voter, weight, stored| {
            let active = voters
                .get(usize::from(voter))
                .map_or(0, |voter| voter.active);
            let value = mul(active, weight);
            fresh_sum += value;
            stored_sum += u64::from(stored);
            slots.push(Growth {
                voter,
                stored,
                value,
            });
        });
        (fresh_sum, stored_sum)
    });
    // A sum of 0 means that every numerator is 0, and so is every quotient by any divisor.
    let share_of = |sum: u64| Divisor::new(sum.max(1));
    let (Some(fresh), Some(old)) = (share_of(fresh_sum), share_of(stored_sum)) else {
        return;
    };
    let mut sum = 0;
    for cell in growth.items_mut() {
        let kept = old.divide(u64::from(cell.stored));
        cell.value = blend(alpha, fresh.divide(cell.value), kept);
        sum += cell.value;
    }
    let Some(divisor) = Divisor::new(sum) else {
        return;
    };
    let mut highest = 0;
    for cell in growth.items_mut() {
        cell.value = divisor.divide(cell.value);
        highest = highest.max(cell.value);
    }
    let Some(divisor) = Divisor::new(highest) else {
        return;
    };
    let mut ledger = ledger.local();
    for cell in growth.items() {
        let bond = Proportion::from_bits_bounded(divisor.divide(cell.value));
        ledger.settle(target, cell.voter, cell.value, bond);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bits(value: f64) -> u64 {
        (value * ONE as f64).round() as u64
    }

    #[test]
    fn golden_11_8_moving_averages() {
        assert_eq!(blend(bits(0.5), ONE, bits(0.5)), bits(0.75));
        let cells = [
            (0.5, 0.1, 0.9, 0.14),
            (0.6, 0.2, 0.8, 0.28),
            (0.7, 0.3, 0.5, 0.5),
            (0.8, 0.4, 0.7, 0.52),
        ];
        for (old, new, rate, expected) in cells {
            let found = blend(bits(rate), bits(new), bits(old));
            assert!(found.abs_diff(bits(expected)) <= 2, "{old} {new} {rate}");
        }
        for alpha in [0, 1, ONE / 3, ONE - 1, ONE] {
            assert!(blend(alpha, ONE, ONE) <= ONE);
        }
    }

    #[test]
    fn merging_visits_every_voter_once_in_order() {
        let weights = [1, 3, 4, 9].map(|voter| WeightCell::new(voter, 10 + u64::from(voter)));
        let bonds = [0, 3, 5, 9, 11].map(|voter| BondCell::new(voter, 100 + voter));
        let mut seen = alloc::vec::Vec::new();
        merge(
            &weights,
            &bonds,
            WeightCell::weight,
            |voter, weight, bond| {
                seen.push((voter, weight, bond));
            },
        );
        let expected = [
            (0, 0, 100),
            (1, 11, 0),
            (3, 13, 103),
            (4, 14, 0),
            (5, 0, 105),
            (9, 19, 109),
            (11, 0, 111),
        ];
        assert_eq!(seen, expected);
    }

    #[test]
    fn repetitions_are_found() {
        assert_eq!(repeated([1, 2, 3].into_iter()), None);
        assert_eq!(repeated([1, 2, 2, 3, 3].into_iter()), Some(2));
        assert_eq!(repeated(core::iter::empty()), None);
    }
}
