//! What holds for every subnet, whatever its numbers.

#[allow(
    dead_code,
    reason = "only the description of a subnet is used here, not the twin's epoch"
)]
mod naive;
#[allow(dead_code, reason = "shared with the comparison with the twin")]
mod sample;

use naive::Subnet;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm};
use sample::Random;
use yuma_consensus::{ConsensusError, EpochOutput, Matrix, Scratch};

fn config() -> Config {
    Config {
        cases: 3_000,
        rng_algorithm: RngAlgorithm::ChaCha,
        ..Config::default()
    }
}

fn run(subnet: &Subnet) -> EpochOutput {
    sample::run(subnet, &mut Scratch::new()).unwrap()
}

fn any_subnet() -> impl Strategy<Value = Subnet> {
    any::<u64>().prop_map(|seed| sample::subnet(&mut Random(seed), 16))
}

/// Subnets in which something is earned: `(validators first, servers after them)`.
fn ordinary_subnet() -> impl Strategy<Value = (usize, Subnet)> {
    (any::<u64>(), 1..8_usize, 1..10_usize).prop_map(|(seed, validators, servers)| {
        (
            validators,
            sample::ordinary(&mut Random(seed), validators, servers),
        )
    })
}

fn permuted<T: Clone>(list: &[T], order: &[usize]) -> Vec<T> {
    order.iter().map(|&from| list[from].clone()).collect()
}

/// The subnet in which uid `k` is what uid `order[k]` was.
fn renumbered(subnet: &Subnet, order: &[usize]) -> Subnet {
    let mut position = vec![0_u16; order.len()];
    for (to, &from) in order.iter().enumerate() {
        position[from] = to as u16;
    }
    let renamed = |rows: &[Vec<(u16, u16)>]| -> Vec<Vec<(u16, u16)>> {
        let rename = |&(uid, value): &(u16, u16)| {
            (
                position.get(usize::from(uid)).copied().unwrap_or(uid),
                value,
            )
        };
        permuted(rows, order)
            .iter()
            .map(|row| row.iter().map(rename).collect())
            .collect()
    };
    Subnet {
        owner: subnet.owner.map(|uid| position[usize::from(uid)]),
        stake: permuted(&subnet.stake, order),
        permits: permuted(&subnet.permits, order),
        last_update: permuted(&subnet.last_update, order),
        registered_at: permuted(&subnet.registered_at, order),
        first_commit: subnet
            .first_commit
            .as_ref()
            .map(|commits| permuted(commits, order)),
        weights: renamed(&subnet.weights),
        bonds: renamed(&subnet.bonds),
        ..subnet.clone()
    }
}

fn dense_bonds(output: &EpochOutput) -> Vec<Vec<u16>> {
    let rows = output.bonds.as_rows();
    let dense = |row: &[(u16, u16)]| {
        let mut dense = vec![0; rows.len()];
        for &(target, value) in row {
            dense[usize::from(target)] = value;
        }
        dense
    };
    rows.iter().map(dense).collect()
}

fn shuffled(length: usize, seed: u64) -> Vec<usize> {
    let mut random = Random(seed);
    let mut keyed: Vec<_> = (0..length).map(|index| (random.next(), index)).collect();
    keyed.sort_unstable();
    keyed.into_iter().map(|(_, index)| index).collect()
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn renumbering_neurons_renumbers_the_results(subnet in any_subnet(), seed: u64) {
        let mut subnet = subnet;
        // Ties at the border of the permits are decided by uid, so there must be no border.
        subnet.max_validators = u16::MAX;
        let order = shuffled(subnet.stake.len(), seed);
        let (plain, renumbered) = (run(&subnet), run(&renumbered(&subnet, &order)));
        prop_assert_eq!(&renumbered.active, &permuted(&plain.active, &order));
        prop_assert_eq!(&renumbered.permits, &permuted(&plain.permits, &order));
        prop_assert_eq!(&renumbered.stake, &permuted(&plain.stake, &order));
        prop_assert_eq!(&renumbered.consensus, &permuted(&plain.consensus, &order));
        prop_assert_eq!(&renumbered.incentive, &permuted(&plain.incentive, &order));
        prop_assert_eq!(&renumbered.dividends, &permuted(&plain.dividends, &order));
        prop_assert_eq!(&renumbered.validator_trust, &permuted(&plain.validator_trust, &order));
        prop_assert_eq!(&renumbered.emission, &permuted(&plain.emission, &order));
        prop_assert_eq!(&renumbered.server_emission, &permuted(&plain.server_emission, &order));
        prop_assert_eq!(
            &renumbered.validator_emission,
            &permuted(&plain.validator_emission, &order)
        );
        let bonds = dense_bonds(&plain);
        let moved: Vec<_> = order.iter().map(|&from| permuted(&bonds[from], &order)).collect();
        prop_assert_eq!(dense_bonds(&renumbered), moved);
    }

    #[test]
    fn the_order_within_rows_and_explicit_zeros_say_nothing(subnet in any_subnet(), seed: u64) {
        let mut other = subnet.clone();
        let mut random = Random(seed);
        for rows in [&mut other.weights, &mut other.bonds] {
            for row in rows {
                row.retain(|entry| entry.1 != 0);
                *row = permuted(row, &shuffled(row.len(), random.next()));
            }
        }
        prop_assert_eq!(run(&subnet), run(&other));
    }

    #[test]
    fn a_used_scratch_leaves_no_trace(first in any_subnet(), second in any_subnet()) {
        let mut scratch = Scratch::new();
        let _ = sample::run(&first, &mut scratch);
        prop_assert_eq!(sample::run(&second, &mut scratch).unwrap(), run(&second));
        prop_assert!(scratch.bytes() > 0);
    }

    #[test]
    fn everything_is_handed_out_but_dust(subnet in any_subnet()) {
        let output = run(&subnet);
        let n = subnet.stake.len() as u128;
        let sum = |list: &[u64]| list.iter().copied().map(u128::from).sum::<u128>();
        let paid = sum(&output.server_emission) + sum(&output.validator_emission);
        let combined = sum(&output.emission);
        let emission = u128::from(subnet.emission);
        prop_assert!(paid <= emission && combined <= emission);
        let threshold = u128::from(subnet.stake_threshold);
        let counts = |(uid, stake): (usize, &u128)| {
            let owner = subnet.owner.map(usize::from) == Some(uid);
            *stake > 0 && (*stake >> 64 >= threshold || owner)
        };
        if subnet.stake.iter().enumerate().any(counts) {
            // A share loses less than 2^-32 of the emission to its own rounding, and a fallback
            // share that much twice more to the normalisations before; an amount loses one unit.
            let dust = 2 * n + ((3 * n * emission) >> 32);
            prop_assert!(emission - paid <= dust, "{} of {} is dust", emission - paid, emission);
            prop_assert!(emission - combined <= dust);
        } else {
            prop_assert_eq!(paid, 0);
        }
    }

    /// The bound of the issue: with amounts that 32 fractional bits resolve, less than two units per
    /// neuron are lost.
    #[test]
    fn dust_is_less_than_two_units_per_neuron(subnet in ordinary_subnet(), emission in 1..1_u64 << 32) {
        let (_, mut subnet) = subnet;
        subnet.emission = emission;
        let output = run(&subnet);
        let paid: u64 = output.server_emission.iter().chain(&output.validator_emission).sum();
        prop_assert!(paid <= emission);
        prop_assert!(emission - paid < 2 * 2 * subnet.stake.len() as u64);
        let combined: u64 = output.emission.iter().sum();
        prop_assert!(combined <= emission && emission - combined < 2 * subnet.stake.len() as u64);
        for (uid, &amount) in output.emission.iter().enumerate() {
            let sides = output.server_emission[uid] + output.validator_emission[uid];
            prop_assert!(sides <= amount && amount <= sides + 2);
        }
    }

    #[test]
    fn proportions_of_a_whole_stay_within_it(subnet in any_subnet()) {
        let output = run(&subnet);
        let sum = |list: &[u16]| list.iter().copied().map(u64::from).sum::<u64>();
        prop_assert!(sum(&output.stake) <= 65_535);
        prop_assert!(sum(&output.incentive) <= 65_535);
        prop_assert!(sum(&output.dividends) <= 65_535);
        let owner = subnet.owner.map(usize::from);
        for uid in 0..subnet.stake.len() {
            prop_assert!(output.server_emission[uid] <= subnet.emission);
            prop_assert!(output.validator_emission[uid] <= subnet.emission);
            let stored = output.bonds.as_rows().row(uid);
            prop_assert!(stored.is_empty() || output.permits[uid]);
            prop_assert!(output.validator_trust[uid] == 0 || subnet.permits[uid] || owner == Some(uid));
        }
        let elected = output.permits.iter().filter(|permit| **permit).count();
        prop_assert!(elected <= usize::from(subnet.max_validators) + usize::from(owner.is_some()));
    }

    #[test]
    fn only_stake_ratios_count(subnet in any_subnet(), factor in 1..1_u64 << 20) {
        let scaled = |factor: u64| {
            let scale = |stake: &u128| ((stake >> 100) * u128::from(factor)) << 64;
            Subnet {
                stake: subnet.stake.iter().map(scale).collect(),
                stake_threshold: 0,
                ..subnet.clone()
            }
        };
        prop_assert_eq!(run(&scaled(1)), run(&scaled(factor)));
    }

    /// A minority below κ submits what it likes: no target's consensus exceeds what the highest of the
    /// majority gives it, and none falls below the lowest.
    #[test]
    fn a_minority_cannot_raise_a_miner_above_the_majority(
        subnet in ordinary_subnet(),
        minority in any::<u64>(),
    ) {
        let (validators, mut subnet) = subnet;
        // The last validator is the minority: less than κ of the stake however it is rounded.
        prop_assume!(validators >= 2);
        let others: u128 = subnet.stake[..validators - 1].iter().sum();
        let liar = validators - 1;
        subnet.stake[liar] = ((others * 9 / 10) >> 64) << 64;
        let mut random = Random(minority);
        subnet.weights[liar] = (validators..subnet.stake.len())
            .map(|target| (target as u16, random.next() as u16))
            .collect();
        let output = run(&subnet);
        let share = |voter: usize, target: usize| {
            let row = &subnet.weights[voter];
            let sum: u64 = row.iter().map(|entry| u64::from(entry.1)).sum();
            let value = row.iter().find(|entry| usize::from(entry.0) == target);
            value.map_or(0, |entry| u64::from(entry.1) * 65_535 / sum.max(1))
        };
        for target in validators..subnet.stake.len() {
            let given: Vec<_> = (0..liar).map(|voter| share(voter, target)).collect();
            let highest = *given.iter().max().unwrap();
            prop_assert!(u64::from(output.consensus[target]) <= highest);
            // A majority of one also guards against being pulled down.
            if liar == 1 {
                prop_assert!(u64::from(output.consensus[target]) + 1 >= given[0]);
            }
        }
    }

    #[test]
    fn a_miner_that_nobody_weighs_earns_nothing(subnet in any_subnet()) {
        let output = run(&subnet);
        for uid in 0..subnet.stake.len() {
            let weighed = subnet
                .weights
                .iter()
                .flatten()
                .any(|&(target, value)| usize::from(target) == uid && value > 0);
            if !weighed {
                prop_assert_eq!(output.consensus[uid], 0);
                prop_assert_eq!(output.incentive[uid], 0);
                prop_assert_eq!(output.server_emission[uid], 0);
            }
        }
    }

    #[test]
    fn inactive_stake_decides_nothing_and_earns_nothing(subnet in any_subnet(), seed: u64) {
        let output = run(&subnet);
        let mut other = subnet.clone();
        let mut random = Random(seed);
        for uid in 0..subnet.stake.len() {
            if !output.active[uid] {
                let targets = 0..subnet.stake.len() as u16;
                other.weights[uid] = targets.map(|target| (target, random.next() as u16)).collect();
            }
        }
        let changed = run(&other);
        prop_assert_eq!(&changed.consensus, &output.consensus);
        prop_assert_eq!(&changed.incentive, &output.incentive);
        if output.consensus.iter().any(|share| *share > 0) && subnet.yuma3 {
            for uid in 0..subnet.stake.len() {
                prop_assert!(output.active[uid] || changed.dividends[uid] == 0);
            }
        }
    }

    /// A repeated target is an error that names row and target, wherever it stands.
    #[test]
    fn a_repeated_target_is_named(subnet in ordinary_subnet(), seed: u64, in_bonds: bool) {
        let (validators, mut subnet) = subnet;
        let mut random = Random(seed);
        let row = random.below(validators as u64) as usize;
        let target = (validators as u64 + random.below((subnet.stake.len() - validators) as u64)) as u16;
        let (matrix, rows) = if in_bonds {
            (Matrix::Bonds, &mut subnet.bonds)
        } else {
            (Matrix::Weights, &mut subnet.weights)
        };
        rows[row].retain(|entry| entry.0 != target);
        rows[row].push((target, 1));
        rows[row].insert(0, (target, 9));
        let error = sample::run(&subnet, &mut Scratch::new()).unwrap_err();
        prop_assert_eq!(error, ConsensusError::DuplicateTarget { matrix, row: row as u16, target });
    }
}

#[test]
fn lists_of_the_wrong_length_are_named() {
    let right = sample::ordinary(&mut Random(1), 2, 3);
    let error = |subnet: &Subnet| sample::run(subnet, &mut Scratch::new()).unwrap_err();
    let mismatch = |field, found| ConsensusError::LengthMismatch {
        field,
        expected: 5,
        found,
    };
    let mut wrong = right.clone();
    wrong.permits.pop();
    assert_eq!(error(&wrong), mismatch("permits", 4));
    let mut wrong = right.clone();
    wrong.last_update.push(0);
    assert_eq!(error(&wrong), mismatch("last_update", 6));
    let mut wrong = right.clone();
    wrong.registered_at.clear();
    assert_eq!(error(&wrong), mismatch("registered_at", 0));
    let mut wrong = right.clone();
    wrong.weights.pop();
    assert_eq!(error(&wrong), mismatch("weights", 4));
    let mut wrong = right.clone();
    wrong.bonds.push(Vec::new());
    assert_eq!(error(&wrong), mismatch("bonds", 6));
    let mut wrong = right.clone();
    wrong.first_commit = Some(vec![None; 2]);
    assert_eq!(error(&wrong), mismatch("first_commit", 2));
    let mut wrong = right;
    wrong.owner = Some(5);
    assert_eq!(
        error(&wrong),
        ConsensusError::UnknownOwner {
            owner: 5,
            neurons: 5
        }
    );
    wrong.owner = None;
    wrong.bonds_moving_average = 1_000_001;
    let millionths = 1_000_001;
    assert_eq!(
        error(&wrong),
        ConsensusError::MovingAverageAboveOne { millionths }
    );
    assert_eq!(
        error(&wrong).to_string(),
        "bonds moving average of 1000001 millionths exceeds one"
    );
}

/// More entries than targets: the sum of the row leaves the range that a valid row can have.
#[test]
fn a_row_of_repetitions_is_refused() {
    let mut subnet = sample::ordinary(&mut Random(1), 2, 3);
    subnet.weights[1] = vec![(3, 65_535); 70_000];
    let error = sample::run(&subnet, &mut Scratch::new()).unwrap_err();
    let (matrix, target) = (Matrix::Weights, 3);
    assert_eq!(
        error,
        ConsensusError::DuplicateTarget {
            matrix,
            row: 1,
            target
        }
    );
    subnet.weights[1].clear();
    subnet.bonds[0] = vec![(4, 65_535); 70_000];
    let error = sample::run(&subnet, &mut Scratch::new()).unwrap_err();
    let (matrix, target) = (Matrix::Bonds, 4);
    assert_eq!(
        error,
        ConsensusError::DuplicateTarget {
            matrix,
            row: 0,
            target
        }
    );
}

#[test]
fn an_empty_subnet_has_empty_results() {
    let empty = sample::ordinary(&mut Random(1), 0, 0);
    assert_eq!(run(&empty).bonds.as_rows().len(), 0);
    assert!(run(&empty).emission.is_empty());
}

#[test]
fn more_neurons_than_uids_are_refused() {
    let crowd = sample::ordinary(&mut Random(1), 0, 65_537);
    let error = sample::run(&crowd, &mut Scratch::new()).unwrap_err();
    assert_eq!(error, ConsensusError::TooManyNeurons { neurons: 65_537 });
}
