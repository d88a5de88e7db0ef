//! The crate against its naive twin, bit by bit, on random subnets.

mod naive;
mod sample;

use naive::{F32, Results, Subnet};
use sample::Random;
use yuma_consensus::{EpochOutput, LiquidAlpha, Proportion, Scratch};

/// The output in the twin's terms; also checks that rows ascend and hold no zeros.
fn results(output: EpochOutput) -> Results {
    let n = output.stake.len();
    let bonds = output.bonds.as_rows();
    assert_eq!(bonds.len(), n);
    let dense = bonds.iter().map(|row| {
        assert!(
            row.windows(2).all(|pair| pair[0].0 < pair[1].0),
            "not ascending: {row:?}"
        );
        assert!(
            row.iter().all(|(_, value)| *value > 0),
            "stored zero: {row:?}"
        );
        let mut dense = vec![0; n];
        for &(target, value) in row {
            dense[usize::from(target)] = value;
        }
        dense
    });
    Results {
        bonds: dense.collect(),
        active: output.active,
        permits: output.permits,
        stake: output.stake,
        consensus: output.consensus,
        incentive: output.incentive,
        dividends: output.dividends,
        validator_trust: output.validator_trust,
        emission: output.emission,
        server: output.server_emission,
        validator: output.validator_emission,
    }
}

fn own_rate(liquid: Option<(u16, u16, i16)>) -> impl Fn(F32, F32, F32) -> F32 {
    move |c, w, u| {
        let (low, high, steepness) = liquid.unwrap();
        let bits = |x: F32| Proportion::from_bits(x as u64).unwrap();
        let alpha = LiquidAlpha {
            low,
            high,
            steepness,
        };
        F32::from(alpha.rate(bits(c), bits(w), bits(u)).unwrap().to_bits())
    }
}

/// What the samples must have visited for the comparison to mean something.
#[derive(Debug, Default)]
struct Coverage {
    paid_servers: u32,
    clipped: u32,
    moved_bonds: u32,
    liquid: u32,
    fallback: u32,
}

impl Coverage {
    fn note(&mut self, subnet: &Subnet, results: &Results) {
        let any = |list: &[u16]| list.iter().any(|value| *value > 0);
        let consensus = any(&results.consensus);
        self.paid_servers += u32::from(any(&results.incentive));
        self.moved_bonds += u32::from(any(&results.dividends));
        self.clipped += u32::from(
            results
                .validator_trust
                .iter()
                .any(|trust| (1..60_000).contains(trust)),
        );
        self.liquid += u32::from(subnet.yuma3 && subnet.liquid.is_some() && consensus);
        self.fallback += u32::from(!consensus);
    }

    fn least(&self) -> u32 {
        let Self {
            paid_servers,
            clipped,
            moved_bonds,
            liquid,
            fallback,
        } = *self;
        [paid_servers, clipped, moved_bonds, liquid, fallback]
            .into_iter()
            .min()
            .unwrap_or(0)
    }
}

/// Runs `epochs` epochs in a row, feeding permits and bonds back.
fn compare(mut subnet: Subnet, epochs: usize, scratch: &mut Scratch, coverage: &mut Coverage) {
    for _ in 0..epochs {
        let output = sample::run(&subnet, scratch).unwrap();
        let stored: Vec<Vec<_>> = output.bonds.as_rows().iter().map(<[_]>::to_vec).collect();
        let found = results(output);
        let expected = naive::epoch(&subnet, &own_rate(subnet.liquid));
        assert_eq!(found, expected, "{subnet:#?}");
        coverage.note(&subnet, &found);
        subnet.permits = found.permits;
        subnet.bonds = stored;
        subnet.last_step_block = subnet.block;
        subnet.block = subnet.block.saturating_add(1);
    }
}

#[test]
fn tens_of_thousands_of_small_subnets_agree() {
    let mut random = Random(20_261_120);
    let mut scratch = Scratch::new();
    let mut coverage = Coverage::default();
    for _ in 0..60_000 {
        let subnet = sample::subnet(&mut random, 12);
        compare(subnet, 2, &mut scratch, &mut coverage);
    }
    assert!(coverage.least() > 4_000, "{coverage:?}");
}

#[test]
fn ordinary_subnets_agree() {
    let mut random = Random(1);
    let mut scratch = Scratch::new();
    let mut coverage = Coverage::default();
    for _ in 0..1_500 {
        let (validators, servers) = (1 + random.below(12), 1 + random.below(20));
        let subnet = sample::ordinary(&mut random, validators as usize, servers as usize);
        compare(subnet, 3, &mut scratch, &mut coverage);
    }
    assert!(coverage.paid_servers > 4_000, "{coverage:?}");
}

#[test]
fn larger_subnets_agree() {
    let mut random = Random(2);
    let mut scratch = Scratch::new();
    let mut coverage = Coverage::default();
    for _ in 0..60 {
        compare(
            sample::subnet(&mut random, 90),
            1,
            &mut scratch,
            &mut coverage,
        );
        compare(
            sample::ordinary(&mut random, 60, 40),
            1,
            &mut scratch,
            &mut coverage,
        );
    }
}

/// Section 5.2 normalises the active stake once more. With many voters the last bits move, and here
/// they decide: uid 0 reaches κ only after the second normalisation.
#[test]
fn votes_are_normalised_a_second_time() {
    let normalised = |list: &[u128]| -> Vec<u128> {
        let sum: u128 = list.iter().sum();
        list.iter().map(|part| (part << 32) / sum).collect()
    };
    let kappa = (u128::from(32_768_u16) << 32) / 65_535;
    let mut stakes = vec![0; 401];
    let decided = (0..2_000).any(|offset| {
        // Three units per unit of 2^-32, and remainders of two thirds for everybody else.
        stakes[0] = 3 * (kappa - offset);
        let rest = (3 << 32) - stakes[0];
        stakes[1..].fill(rest / 400 / 3 * 3 + 2);
        let active = normalised(&normalised(&stakes));
        active[0] < kappa && normalised(&active)[0] >= kappa
    });
    assert!(decided);
    let mut subnet = sample::ordinary(&mut Random(1), 401, 2);
    subnet.yuma3 = false;
    subnet.kappa = 32_768;
    for (uid, &stake) in stakes.iter().enumerate() {
        subnet.stake[uid] = stake << 64;
        subnet.weights[uid] = vec![(if uid == 0 { 401 } else { 402 }, 1)];
        subnet.bonds[uid].clear();
    }
    let output = sample::run(&subnet, &mut Scratch::new()).unwrap();
    assert_eq!(output.consensus[401], 65_535);
    let mut coverage = Coverage::default();
    compare(subnet, 1, &mut Scratch::new(), &mut coverage);
}

/// With the exponential of the standard library, stored values differ by one at most and amounts by
/// a millionth: the tolerance of section 6.6, far from exhausted.
#[test]
fn liquid_alpha_agrees_with_floating_point() {
    let mut random = Random(3);
    let mut scratch = Scratch::new();
    let (mut cells, mut different) = (0_u64, 0_u64);
    for _ in 0..4_000 {
        let mut subnet = sample::ordinary(&mut random, 6, 8);
        let low = random.next() as u16;
        let steepness = random.pick(&[1_000, 200, -700, 2_000]);
        let liquid = (low, low.saturating_add(random.next() as u16), steepness);
        subnet.yuma3 = true;
        subnet.liquid = Some(liquid);
        let found = results(sample::run(&subnet, &mut scratch).unwrap());
        let expected = naive::epoch(&subnet, &naive::rate_in_floating_point(liquid));
        assert_eq!(found.incentive, expected.incentive);
        let pairs = found
            .bonds
            .concat()
            .into_iter()
            .zip(expected.bonds.concat());
        for (found, expected) in pairs.chain(found.dividends.into_iter().zip(expected.dividends)) {
            assert!(found.abs_diff(expected) <= 1, "{found} {expected}");
            cells += 1;
            different += u64::from(found != expected);
        }
        let validators = found.validator.into_iter().zip(expected.validator);
        // The server amounts share a denominator with the dividends.
        for (found, expected) in validators.chain(found.server.into_iter().zip(expected.server)) {
            assert!(
                found.abs_diff(expected) <= 1 + expected / 1_000_000,
                "{found} {expected}"
            );
        }
    }
    assert!(different * 2_000 < cells, "{different} of {cells}");
}
