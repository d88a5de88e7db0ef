//! Random subnets, and the crate's epoch on them.

use crate::naive::Subnet;
use yuma_consensus::{
    BondRule, ConsensusError, EpochInput, EpochOutput, Hyperparameters, LiquidAlpha, Scratch,
    SparseRows, StakeWeight, Uid, epoch,
};

/// SplitMix64.
#[derive(Clone, Debug)]
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Below `bound`.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    /// True once in `times`.
    pub(crate) fn once_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }

    pub(crate) fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len() as u64) as usize]
    }

    fn shuffle<T>(&mut self, list: &mut [T]) {
        for end in (1..list.len()).rev() {
            list.swap(end, self.below(end as u64 + 1) as usize);
        }
    }
}

fn stakes(random: &mut Random, n: usize) -> Vec<u128> {
    let whole = |units: u64| u128::from(units) << 64;
    let kind = random.below(8);
    (0..n)
        .map(|_| match kind {
            0 => 0,
            1 => whole(1),
            2 => whole(u64::MAX),
            3 => whole(random.pick(&[0, 0, 1, 2, 3])),
            4 => whole(random.next() >> random.below(64)),
            // With fractions, small enough for the twin.
            5 => u128::from(random.next()) << random.below(40),
            6 => whole(random.pick(&[0, 1, u64::MAX])),
            _ => whole(random.below(1_000_000)),
        })
        .collect()
}

fn row(random: &mut Random, n: usize, density: u64, values: u64) -> Vec<(u16, u16)> {
    let mut row = Vec::new();
    // Two targets beyond the subnet: they are ignored.
    for target in 0..(n as u64 + 2).min(65_536) {
        if random.below(100) < density {
            let value = match values {
                0 => 65_535,
                1 => random.pick(&[0, 1, 65_535]),
                2 => random.below(4) as u16,
                _ => random.next() as u16,
            };
            row.push((target as u16, value));
        }
    }
    if random.once_in(2) {
        random.shuffle(&mut row);
    }
    row
}

fn rows(random: &mut Random, n: usize) -> Vec<Vec<(u16, u16)>> {
    let density = random.pick(&[0, 10, 40, 80, 100]);
    let values = random.below(6);
    (0..n)
        .map(|_| {
            if random.once_in(5) {
                Vec::new()
            } else {
                row(random, n, density, values)
            }
        })
        .collect()
}

/// A subnet whose parts are ordinary, degenerate or extreme, mixed at random.
pub(crate) fn subnet(random: &mut Random, largest: u64) -> Subnet {
    let n = match random.below(20) {
        0 => 1,
        1 => 2,
        _ => 1 + random.below(largest) as usize,
    };
    let block = random.pick(&[0, 1, 5, 100, 6_000, 1_000_000, u64::MAX]);
    let near = |random: &mut Random| match random.below(6) {
        0 => 0,
        1 => block,
        2 => u64::MAX,
        _ => block.saturating_sub(random.below(8)),
    };
    let fresh = random.once_in(2);
    let registered_at = (0..n)
        .map(|_| if fresh { 0 } else { near(random) })
        .collect();
    let recent = random.once_in(2);
    let last_update = (0..n)
        .map(|_| if recent { block } else { near(random) })
        .collect();
    let permitted = random.pick(&[0, 50, 100]);
    let low = random.next() as u16;
    let steepness = random.pick(&[0, 1, 100, 1_000, -1_000, i16::MAX, i16::MIN]);
    Subnet {
        block,
        emission: random.pick(&[0, 1, 1_000_000_000, u64::MAX]) ^ random.below(2),
        tempo: random.pick(&[0, 1, 360, 65_535]),
        last_step_block: random.pick(&[0, block.saturating_sub(3), block, u64::MAX]),
        activity_cutoff: random.pick(&[1, 4, 5_000, u64::MAX]),
        kappa: random.pick(&[0, 1, 32_767, 32_768, 40_000, 65_534, 65_535]),
        bonds_moving_average: random.pick(&[0, 1, 500_000, 900_000, 975_000, 1_000_000]),
        bonds_penalty: random.pick(&[0, 1, 32_767, 65_534, 65_535]),
        yuma3: random.once_in(2),
        liquid: if random.once_in(2) {
            Some((low, low.saturating_add(random.next() as u16), steepness))
        } else {
            None
        },
        max_validators: random.below(n as u64 + 3) as u16,
        stake_threshold: random.pick(&[0, 0, 0, 2, 1_000, u64::MAX]),
        owner: if random.once_in(3) {
            Some(random.below(n as u64) as u16)
        } else {
            None
        },
        stake: stakes(random, n),
        permits: (0..n).map(|_| random.below(100) < permitted).collect(),
        last_update,
        registered_at,
        first_commit: if random.once_in(3) {
            Some(
                (0..n)
                    .map(|_| random.once_in(2).then(|| near(random)))
                    .collect(),
            )
        } else {
            None
        },
        weights: rows(random, n),
        bonds: rows(random, n),
    }
}

/// An ordinary subnet: validators first, everybody active and permitted, recent weights toward the
/// servers, bonds of an earlier epoch.
pub(crate) fn ordinary(random: &mut Random, validators: usize, servers: usize) -> Subnet {
    let n = validators + servers;
    let mut subnet = Subnet {
        block: 1_000,
        emission: 1_000_000_000_000,
        tempo: 360,
        last_step_block: 640,
        activity_cutoff: 5_000,
        kappa: 32_767,
        bonds_moving_average: 900_000,
        bonds_penalty: 65_535,
        yuma3: random.once_in(2),
        liquid: random.once_in(2).then_some((45_875, 58_982, 1_000)),
        max_validators: validators as u16,
        stake_threshold: 0,
        owner: None,
        stake: vec![0; n],
        permits: vec![false; n],
        last_update: vec![900; n],
        registered_at: vec![1; n],
        first_commit: None,
        weights: vec![Vec::new(); n],
        bonds: vec![Vec::new(); n],
    };
    for i in 0..validators {
        // Distinct stakes: ties would be decided by uid.
        subnet.stake[i] =
            u128::from(1_000_000_000 + random.below(1_000_000_000) * 64 + i as u64) << 64;
        subnet.permits[i] = true;
        for j in validators..n {
            if !random.once_in(6) {
                subnet.weights[i].push((j as u16, random.next() as u16));
            }
            if !random.once_in(6) {
                subnet.bonds[i].push((j as u16, random.next() as u16));
            }
        }
    }
    subnet
}

pub(crate) fn hyperparameters(subnet: &Subnet) -> Hyperparameters {
    let liquid = subnet.liquid.map(|(low, high, steepness)| LiquidAlpha {
        low,
        high,
        steepness,
    });
    Hyperparameters {
        kappa: subnet.kappa,
        bonds_moving_average: subnet.bonds_moving_average,
        bonds_penalty: subnet.bonds_penalty,
        bond_rule: if subnet.yuma3 {
            BondRule::Yuma3 { liquid }
        } else {
            BondRule::Yuma2
        },
        max_validators: subnet.max_validators,
        stake_threshold: subnet.stake_threshold,
        activity_cutoff: subnet.activity_cutoff,
        tempo: subnet.tempo,
    }
}

fn flat(rows: &[Vec<(u16, u16)>]) -> SparseRows {
    let mut flat = SparseRows::default();
    for row in rows {
        flat.push_row(row).unwrap();
    }
    flat
}

/// The crate's epoch.
pub(crate) fn run(subnet: &Subnet, scratch: &mut Scratch) -> Result<EpochOutput, ConsensusError> {
    let stake: Vec<_> = subnet
        .stake
        .iter()
        .copied()
        .map(StakeWeight::from_bits)
        .collect();
    let (weights, bonds) = (flat(&subnet.weights), flat(&subnet.bonds));
    let input = EpochInput {
        block: subnet.block,
        emission: subnet.emission,
        hyperparameters: hyperparameters(subnet),
        last_step_block: subnet.last_step_block,
        owner: subnet.owner.map(Uid),
        stake: &stake,
        permits: &subnet.permits,
        last_update: &subnet.last_update,
        registered_at: &subnet.registered_at,
        first_commit: subnet.first_commit.as_deref().unwrap_or_default(),
        weights: weights.as_rows(),
        bonds: bonds.as_rows(),
    };
    epoch(&input, scratch)
}
