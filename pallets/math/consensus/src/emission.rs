//! Emission shares and their fallbacks (section 7).

#![allow(
    clippy::arithmetic_side_effects,
    reason = "sums of at most 2·65 536 proportions stay below 2^50"
)]

use alloc::vec::Vec;

use crate::fixed::{Proportion, total};

/// Amounts per neuron, in the smallest token unit, each rounded down.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Amounts {
    pub(crate) server: Vec<u64>,
    pub(crate) validator: Vec<u64>,
    pub(crate) combined: Vec<u64>,
}

/// Divides `emission` by incentive and dividends; without either by active stake, without that by
/// stake.
pub(crate) fn divide(
    emission: u64,
    incentive: &[Proportion],
    dividends: &[Proportion],
    active: &[Proportion],
    stake: &[Proportion],
) -> Amounts {
    let whole = total(incentive) + total(dividends);
    let amounts = |bits: &mut dyn Iterator<Item = u64>| -> Vec<u64> {
        bits.map(|bits| Proportion::ratio(bits, whole).of(emission))
            .collect()
    };
    if whole == 0 {
        let shares = if total(active) == 0 { stake } else { active };
        let combined: Vec<u64> = shares.iter().map(|share| share.of(emission)).collect();
        return Amounts {
            server: alloc::vec![0; incentive.len()],
            validator: combined.clone(),
            combined,
        };
    }
    let pairs = incentive.iter().zip(dividends);
    Amounts {
        server: amounts(&mut incentive.iter().map(|share| share.to_bits())),
        validator: amounts(&mut dividends.iter().map(|share| share.to_bits())),
        combined: amounts(&mut pairs.map(|(left, right)| left.to_bits() + right.to_bits())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shares(parts: &[u64], whole: u64) -> Vec<Proportion> {
        parts
            .iter()
            .map(|&part| Proportion::ratio(part, whole))
            .collect()
    }

    #[test]
    fn both_sides_receive_half() {
        let none = shares(&[0, 0], 1);
        let split = divide(
            1_000,
            &shares(&[0, 1], 1),
            &shares(&[1, 0], 1),
            &none,
            &none,
        );
        assert_eq!(split.server, [0, 500]);
        assert_eq!(split.validator, [500, 0]);
        assert_eq!(split.combined, [500, 500]);
    }

    #[test]
    fn fallbacks_pay_validators_by_active_stake_then_by_stake() {
        let none = shares(&[0, 0], 1);
        let stake = shares(&[1, 3], 4);
        let active = shares(&[1, 0], 1);
        let by_active = divide(100, &none, &none, &active, &stake);
        assert_eq!(by_active.combined, [100, 0]);
        assert_eq!(by_active.server, [0, 0]);
        assert_eq!(divide(100, &none, &none, &none, &stake).validator, [25, 75]);
        assert_eq!(divide(100, &none, &none, &none, &none).combined, [0, 0]);
    }
}
