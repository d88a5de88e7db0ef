//! Mechanisms: several opinions markets within one subnet (section 9).

#![allow(
    clippy::arithmetic_side_effects,
    reason = "products of two u64 values in u128, and sums that the checks above them bound"
)]

use alloc::vec::Vec;

use crate::epoch::EpochOutput;
use crate::error::ConsensusError;

/// `4096·mechanism + netuid`: the key of a mechanism's storage. `None` if there is no such key.
pub const fn storage_index(mechanism: u8, netuid: u16) -> Option<u16> {
    if mechanism < 16 && netuid < 4096 {
        Some(mechanism as u16 * 4096 + netuid)
    } else {
        None
    }
}

/// Emission of each of `count` mechanisms: `⌊E·share/65535⌋`, or `E div count` without shares. The
/// rest goes to mechanism 0. Mechanisms beyond the given shares receive nothing.
///
/// The sum of the shares is the setter's business; here it only matters that no more is handed out
/// than there is (the vector of section 11.8 has shares that add up to 65538).
///
/// **Errors**: [`ConsensusError::SplitLength`], [`ConsensusError::SplitAboveWhole`].
pub fn split_emission(
    emission: u64,
    count: usize,
    shares: Option<&[u16]>,
) -> Result<Vec<u64>, ConsensusError> {
    let given = shares.map_or(0, <[u16]>::len);
    if count == 0 || given > count {
        return Err(ConsensusError::SplitLength {
            mechanisms: count,
            shares: given,
        });
    }
    let mut parts: Vec<u64> = match shares {
        None => {
            let even = u64::try_from(count)
                .ok()
                .and_then(|count| emission.checked_div(count));
            alloc::vec![even.unwrap_or(0); count]
        }
        Some(shares) => {
            let part = |&share: &u16| (u128::from(emission) * u128::from(share) / 65_535) as u64;
            let mut parts: Vec<u64> = shares.iter().map(part).collect();
            parts.resize(count, 0);
            parts
        }
    };
    let sum: u128 = parts.iter().copied().map(u128::from).sum();
    let Some(rest) = u128::from(emission).checked_sub(sum) else {
        return Err(ConsensusError::SplitAboveWhole {
            parts: sum,
            emission,
        });
    };
    if let Some(first) = parts.first_mut() {
        *first += rest as u64;
    }
    Ok(parts)
}

/// What one neuron list receives from all mechanisms together. Incentive and bonds stay with each
/// mechanism.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CombinedOutput {
    /// Active in any mechanism.
    pub active: Vec<bool>,
    /// Permit from any mechanism.
    pub permits: Vec<bool>,
    /// Weighted stake weight, stored form.
    pub stake: Vec<u16>,
    /// Weighted consensus, stored form.
    pub consensus: Vec<u16>,
    /// Weighted dividends, stored form.
    pub dividends: Vec<u16>,
    /// Weighted validator trust, stored form.
    pub validator_trust: Vec<u16>,
    /// Weighted emission.
    pub emission: Vec<u64>,
    /// Sum of the server amounts.
    pub server_emission: Vec<u64>,
    /// Sum of the validator amounts.
    pub validator_emission: Vec<u64>,
}

/// Combines the results of all mechanisms of a subnet; `results` pairs each mechanism's emission
/// with its output, mechanism 0 first.
///
/// **Rounding**: the factor `ω_m = E_m/E` is truncated to 64 fractional bits, products are exact,
/// their sum is rounded down once. With one mechanism the values pass unchanged. If `E` is 0,
/// mechanism 0 counts alone.
///
/// **Errors**: [`ConsensusError::MechanismMismatch`] without results or with results of different
/// size; [`ConsensusError::SplitAboveWhole`] if the emissions add up to more than `emission`.
pub fn combine_mechanisms(
    emission: u64,
    results: &[(u64, &EpochOutput)],
) -> Result<CombinedOutput, ConsensusError> {
    let neurons = results.first().map_or(0, |(_, output)| output.stake.len());
    if results.is_empty() {
        return Err(ConsensusError::MechanismMismatch {
            mechanism: 0,
            expected: 0,
            found: 0,
        });
    }
    for (mechanism, (_, output)) in results.iter().enumerate() {
        let found = output.stake.len();
        if found != neurons {
            return Err(ConsensusError::MechanismMismatch {
                mechanism,
                expected: neurons,
                found,
            });
        }
    }
    let parts: u128 = results.iter().map(|(part, _)| u128::from(*part)).sum();
    if parts > u128::from(emission) {
        return Err(ConsensusError::SplitAboveWhole { parts, emission });
    }
    let factors: Vec<u128> = results
        .iter()
        .enumerate()
        .map(|(mechanism, (part, _))| {
            let factor = (u128::from(*part) << 64).checked_div(u128::from(emission));
            factor.unwrap_or(if mechanism == 0 { 1 << 64 } else { 0 })
        })
        .collect();

    // The factors add up to at most 2^64, so a weighted sum of u64 values fits 128 bits.
    let weighted = |field: &dyn Fn(&EpochOutput, usize) -> u64, index: usize| -> u64 {
        let terms = results.iter().zip(&factors);
        let sum: u128 = terms
            .map(|((_, output), factor)| factor * u128::from(field(output, index)))
            .sum();
        (sum >> 64) as u64
    };
    let weighted_u16 = |list: fn(&EpochOutput) -> &Vec<u16>| -> Vec<u16> {
        let at = |output: &EpochOutput, index: usize| {
            list(output).get(index).copied().map_or(0, u64::from)
        };
        (0..neurons)
            .map(|index| weighted(&at, index) as u16)
            .collect()
    };
    let any = |list: fn(&EpochOutput) -> &Vec<bool>| -> Vec<bool> {
        let set = |output: &EpochOutput, index: usize| list(output).get(index) == Some(&true);
        (0..neurons)
            .map(|index| results.iter().any(|(_, output)| set(output, index)))
            .collect()
    };
    let sum = |list: fn(&EpochOutput) -> &Vec<u64>| -> Vec<u64> {
        let amount =
            |output: &EpochOutput, index: usize| list(output).get(index).copied().unwrap_or(0);
        // Saturation is out of reach: all amounts together are at most the emission.
        let add = |index| {
            results.iter().fold(0_u64, |sum, (_, output)| {
                sum.saturating_add(amount(output, index))
            })
        };
        (0..neurons).map(add).collect()
    };
    let emission_at =
        |output: &EpochOutput, index: usize| output.emission.get(index).copied().unwrap_or(0);
    Ok(CombinedOutput {
        active: any(|output| &output.active),
        permits: any(|output| &output.permits),
        stake: weighted_u16(|output| &output.stake),
        consensus: weighted_u16(|output| &output.consensus),
        dividends: weighted_u16(|output| &output.dividends),
        validator_trust: weighted_u16(|output| &output.validator_trust),
        emission: (0..neurons)
            .map(|index| weighted(&emission_at, index))
            .collect(),
        server_emission: sum(|output| &output.server_emission),
        validator_emission: sum(|output| &output.validator_emission),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn golden_11_8_splits() {
        assert_eq!(split_emission(25, 5, None).unwrap(), [5; 5]);
        assert_eq!(split_emission(10, 4, None).unwrap(), [4, 2, 2, 2]);
        let shares = [3_450, 6_899, 10_348, 17_247, 27_594];
        assert_eq!(
            split_emission(19, 5, Some(&shares)).unwrap(),
            [1, 2, 3, 5, 8]
        );
    }

    #[test]
    fn a_split_hands_out_everything_and_no_more() {
        assert_eq!(
            split_emission(u64::MAX, 2, Some(&[65_535])).unwrap(),
            [u64::MAX, 0]
        );
        assert_eq!(split_emission(7, 3, Some(&[0, 65_535])).unwrap(), [0, 7, 0]);
        let length = |mechanisms, shares| ConsensusError::SplitLength { mechanisms, shares };
        assert_eq!(split_emission(7, 0, None).unwrap_err(), length(0, 0));
        assert_eq!(
            split_emission(7, 1, Some(&[1, 2])).unwrap_err(),
            length(1, 2)
        );
        assert_eq!(
            split_emission(65_535, 2, Some(&[65_535, 1])).unwrap_err(),
            ConsensusError::SplitAboveWhole {
                parts: 65_536,
                emission: 65_535
            },
        );
    }

    fn output(value: u16, emission: u64, flag: bool) -> EpochOutput {
        EpochOutput {
            active: vec![flag],
            permits: vec![!flag],
            stake: vec![value],
            consensus: vec![value],
            incentive: vec![value],
            dividends: vec![value],
            validator_trust: vec![value],
            emission: vec![emission],
            server_emission: vec![emission],
            validator_emission: vec![1],
            ..EpochOutput::default()
        }
    }

    #[test]
    fn one_mechanism_passes_unchanged() {
        for emission in [0, 1, u64::MAX] {
            let only = output(65_535, emission, true);
            let combined = combine_mechanisms(emission, &[(emission, &only)]).unwrap();
            assert_eq!(combined.stake, only.stake);
            assert_eq!(combined.emission, only.emission);
            assert_eq!((combined.active[0], combined.permits[0]), (true, false));
        }
    }

    #[test]
    fn mechanisms_are_weighted_by_their_emission() {
        let (first, second) = (output(100, 1_000, true), output(201, 50, false));
        let combined = combine_mechanisms(4, &[(3, &first), (1, &second)]).unwrap();
        assert_eq!(combined.dividends, [125]);
        assert_eq!(combined.consensus, [125]);
        assert_eq!(combined.validator_trust, [125]);
        assert_eq!(combined.emission, [762]);
        assert_eq!(combined.server_emission, [1_050]);
        assert_eq!(combined.validator_emission, [2]);
        assert_eq!((combined.active[0], combined.permits[0]), (true, true));
        let without = combine_mechanisms(0, &[(0, &first), (0, &second)]).unwrap();
        assert_eq!(without.stake, [100]);
    }

    #[test]
    fn results_that_do_not_fit_are_refused() {
        let (one, none) = (output(1, 1, true), EpochOutput::default());
        let mismatch = |mechanism, expected, found| ConsensusError::MechanismMismatch {
            mechanism,
            expected,
            found,
        };
        assert_eq!(combine_mechanisms(0, &[]).unwrap_err(), mismatch(0, 0, 0));
        assert_eq!(
            combine_mechanisms(2, &[(1, &one), (1, &none)]).unwrap_err(),
            mismatch(1, 1, 0),
        );
        assert_eq!(
            combine_mechanisms(1, &[(1, &one), (1, &one)]).unwrap_err(),
            ConsensusError::SplitAboveWhole {
                parts: 2,
                emission: 1
            },
        );
    }

    #[test]
    fn storage_indices_follow_section_9() {
        assert_eq!(storage_index(0, 1), Some(1));
        assert_eq!(storage_index(1, 1), Some(4_097));
        assert_eq!(storage_index(15, 4_095), Some(u16::MAX));
        assert_eq!(storage_index(16, 0), None);
        assert_eq!(storage_index(0, 4_096), None);
    }
}
