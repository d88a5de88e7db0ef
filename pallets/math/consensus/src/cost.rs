//! What an epoch costs, as a linear function of its size.
//!
//! The runtime charges block weight for an epoch before running it. All passes of this crate are
//! linear in neurons or in entries and none depends on what the entries say by more than a bounded
//! factor, so a linear function suffices. Its coefficients are a least-squares fit, scaled up until it
//! bounds every measurement of a set of shapes, with a tenth on top. The shapes include the hostile ones:
//! shuffled rows, weights on which nobody agrees or that halve, bonds that never meet a weight. Measured
//! was the release wasm build under the settings of the node's executor, each epoch with new working
//! memory, on a busy AMD EPYC core; `wasm/host` in this crate's folder measures and fits anew.

use crate::input::BondRule;

/// Coefficients of the cost of one epoch, in picoseconds of the release wasm build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Independent of size.
    pub base: u64,
    /// Per neuron of the subnet.
    pub per_neuron: u64,
    /// Per entry of the weights, as stored.
    pub per_weight: u64,
    /// Per entry of the bonds, as stored.
    pub per_bond: u64,
}

impl Cost {
    /// The coefficients of a rule.
    pub const fn of(rule: BondRule) -> Self {
        match rule {
            BondRule::Yuma2 => Self {
                base: 13_500_000,
                per_neuron: 80_000,
                per_weight: 30_500,
                per_bond: 15_000,
            },
            BondRule::Yuma3 { liquid: None } => Self {
                base: 15_500_000,
                per_neuron: 81_000,
                per_weight: 31_500,
                per_bond: 8_200,
            },
            BondRule::Yuma3 { liquid: Some(_) } => Self {
                base: 18_500_000,
                per_neuron: 97_000,
                per_weight: 46_500,
                per_bond: 12_000,
            },
        }
    }

    /// Picoseconds for an epoch of this size. Saturates.
    pub const fn picoseconds(&self, neurons: u64, weights: u64, bonds: u64) -> u64 {
        self.base
            .saturating_add(self.per_neuron.saturating_mul(neurons))
            .saturating_add(self.per_weight.saturating_mul(weights))
            .saturating_add(self.per_bond.saturating_mul(bonds))
    }
}

/// An upper bound for the time of an epoch with `neurons` neurons and so many stored entries of
/// weights and of bonds, in picoseconds of the release wasm build on the reference machine.
///
/// Rows are not counted separately, because there are at most as many as neurons. The entries are those
/// stored, whether masks hide them or not, so that the bound is known before a row is decoded. A subnet
/// with several mechanisms costs the sum over its mechanisms.
pub const fn cost(rule: BondRule, neurons: u64, weights: u64, bonds: u64) -> u64 {
    Cost::of(rule).picoseconds(neurons, weights, bonds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cost_grows_with_everything_and_saturates() {
        for rule in [BondRule::Yuma2, BondRule::Yuma3 { liquid: None }] {
            let start = cost(rule, 10, 10, 10);
            assert!(start < cost(rule, 11, 10, 10));
            assert!(start < cost(rule, 10, 11, 10));
            assert!(start < cost(rule, 10, 10, 11));
            assert_eq!(cost(rule, u64::MAX, 1, 1), u64::MAX);
        }
    }
}
