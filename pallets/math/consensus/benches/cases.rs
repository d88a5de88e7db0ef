//! The subnets that are measured, natively and in wasm. `no_std` with `alloc`, for the wasm guest.

use alloc::vec::Vec;

use yuma_consensus::{
    BondRule, ConsensusError, EpochInput, EpochOutput, Hyperparameters, LiquidAlpha, Scratch,
    SparseRows, StakeWeight, epoch,
};

/// Shape of a measured subnet.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// Name of the benchmark.
    pub name: &'static str,
    /// Number of neurons.
    pub neurons: u16,
    /// Neurons `0..validators` are validators.
    pub validators: u16,
    /// Weights per validator; `neurons` for full rows.
    pub per_row: u16,
    /// Rule for bonds.
    pub rule: BondRule,
    /// How the weights look.
    pub opinions: Opinions,
}

/// How the weights look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opinions {
    /// Each target has a quality, each validator sees it with some noise.
    Noisy,
    /// Any value anywhere: nobody agrees with anybody.
    Random,
    /// Rows are not sorted, and all validators agree exactly.
    Unanimous,
    /// As random, without stored bonds.
    Fresh,
    /// Stored bonds, but no weights any more.
    Silent,
    /// Halving scores, which keep the search for the median busy longest.
    Skewed,
    /// As random, and the stored bonds are toward other targets than the weights.
    Apart,
}

const FIXED: BondRule = BondRule::Yuma3 { liquid: None };
const LIQUID: BondRule = BondRule::Yuma3 {
    liquid: Some(LiquidAlpha {
        low: 45_875,
        high: 58_982,
        steepness: 1_000,
    }),
};

const fn case(
    name: &'static str,
    neurons: u16,
    validators: u16,
    per_row: u16,
    rule: BondRule,
) -> Case {
    Case {
        name,
        neurons,
        validators,
        per_row,
        rule,
        opinions: Opinions::Noisy,
    }
}

/// The five cases whose goals the project has set.
pub const GOALS: [Case; 5] = [
    case(
        "256 uids, 64 validators, full rows, Yuma3",
        256,
        64,
        256,
        FIXED,
    ),
    case(
        "4096 uids, 256 validators, full rows, Yuma3",
        4_096,
        256,
        4_096,
        FIXED,
    ),
    case(
        "4096 uids, 256 validators, full rows, Yuma2",
        4_096,
        256,
        4_096,
        BondRule::Yuma2,
    ),
    case(
        "4096 uids, 256 validators, full rows, Yuma3 liquid",
        4_096,
        256,
        4_096,
        LIQUID,
    ),
    case(
        "4096 uids, 256 validators, 64 weights per row, Yuma3",
        4_096,
        256,
        64,
        FIXED,
    ),
];

const fn shape(neurons: u16, validators: u16, per_row: u16, opinions: Opinions) -> Case {
    Case {
        name: "",
        neurons,
        validators,
        per_row,
        rule: BondRule::Yuma2,
        opinions,
    }
}

/// Shapes on which the cost model is fitted, each to be run under every rule of [`RULES`].
pub const SHAPES: [Case; 18] = [
    shape(64, 8, 64, Opinions::Noisy),
    shape(256, 64, 256, Opinions::Random),
    shape(256, 64, 256, Opinions::Unanimous),
    shape(256, 256, 16, Opinions::Apart),
    shape(1_024, 64, 512, Opinions::Apart),
    shape(1_024, 256, 1_024, Opinions::Random),
    shape(4_096, 0, 0, Opinions::Noisy),
    shape(4_096, 64, 64, Opinions::Random),
    shape(4_096, 256, 64, Opinions::Apart),
    shape(4_096, 256, 2_048, Opinions::Apart),
    shape(4_096, 256, 1_024, Opinions::Fresh),
    shape(4_096, 256, 1_024, Opinions::Silent),
    shape(4_096, 256, 4_096, Opinions::Fresh),
    shape(4_096, 256, 4_096, Opinions::Random),
    shape(4_096, 256, 4_096, Opinions::Skewed),
    shape(4_096, 256, 4_096, Opinions::Unanimous),
    shape(4_096, 4_096, 32, Opinions::Random),
    shape(65_535, 64, 64, Opinions::Random),
];

/// The rules under which shapes are measured, with their names.
pub const RULES: [(&str, BondRule); 3] = [
    ("Yuma2", BondRule::Yuma2),
    ("Yuma3", FIXED),
    ("Yuma3 liquid", LIQUID),
];

/// Goals first, then every shape under every rule.
pub fn all() -> impl Iterator<Item = Case> {
    let shapes = RULES.into_iter().flat_map(|(name, rule)| {
        SHAPES.into_iter().map(move |shape| Case {
            name,
            rule,
            ..shape
        })
    });
    GOALS.into_iter().chain(shapes)
}

/// A subnet that is about to run an epoch with bonds of earlier ones.
#[derive(Clone, Debug)]
pub struct Subnet {
    hyperparameters: Hyperparameters,
    stake: Vec<StakeWeight>,
    permits: Vec<bool>,
    last_update: Vec<u64>,
    registered_at: Vec<u64>,
    weights: SparseRows,
    bonds: SparseRows,
}

struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}

impl Subnet {
    /// Builds the subnet of a case. Bonds toward other targets than the weights come first, then two
    /// epochs, so that most bonds are settled and some decay.
    pub fn new(case: &Case) -> Result<Self, ConsensusError> {
        let neurons = usize::from(case.neurons);
        let mut random = Random(0x2545_f491_4f6c_dd1d);
        let quality: Vec<u64> = (0..neurons).map(|_| 200 + random.next() % 50_000).collect();
        let mut stake = Vec::new();
        let mut permits = Vec::new();
        let mut weights = SparseRows::default();
        let mut row = Vec::new();
        for uid in 0..case.neurons {
            row.clear();
            let is_validator = uid < case.validators;
            stake.push(StakeWeight::from_units(match is_validator {
                true => 1_000_000_000_000 + random.next() % 9_000_000_000_000,
                false => 0,
            }));
            permits.push(is_validator);
            if is_validator {
                fill(&mut row, case, &quality, &mut random);
            }
            weights.push_row(&row)?;
        }
        let mut subnet = Self {
            hyperparameters: Hyperparameters {
                bond_rule: case.rule,
                max_validators: case.validators,
                ..Hyperparameters::default()
            },
            stake,
            permits,
            last_update: alloc::vec![900; neurons],
            registered_at: alloc::vec![1; neurons],
            bonds: apart(&weights, case.neurons)?,
            weights,
        };
        let mut scratch = Scratch::new();
        for _ in 0..2 {
            subnet.bonds = subnet.run(&mut scratch)?.bonds;
        }
        match case.opinions {
            Opinions::Apart => subnet.bonds = apart(&subnet.weights, case.neurons)?,
            Opinions::Fresh => subnet.bonds = SparseRows::empty(neurons),
            Opinions::Silent => subnet.weights = SparseRows::empty(neurons),
            _ => {}
        }
        Ok(subnet)
    }

    /// One epoch.
    pub fn run(&self, scratch: &mut Scratch) -> Result<EpochOutput, ConsensusError> {
        epoch(&self.input(), scratch)
    }

    /// What the epoch reads.
    pub fn input(&self) -> EpochInput<'_> {
        EpochInput {
            block: 1_000,
            emission: 1_000_000_000_000,
            hyperparameters: self.hyperparameters,
            last_step_block: 640,
            owner: None,
            stake: &self.stake,
            permits: &self.permits,
            last_update: &self.last_update,
            registered_at: &self.registered_at,
            first_commit: &[],
            weights: self.weights.as_rows(),
            bonds: self.bonds.as_rows(),
        }
    }
}

fn fill(row: &mut Vec<(u16, u16)>, case: &Case, quality: &[u64], random: &mut Random) {
    let neurons = u64::from(case.neurons);
    let step = (neurons / u64::from(case.per_row.max(1))).max(1);
    // Sparse rows: three of four validators judge the same targets, the others their own.
    let offset = if random.next().is_multiple_of(4) {
        random.next() % step
    } else {
        0
    };
    let every = (0..neurons).skip(offset as usize).step_by(step as usize);
    for target in every.take(usize::from(case.per_row)) {
        let known = quality.get(target as usize).copied().unwrap_or(0);
        let value = match case.opinions {
            Opinions::Noisy => known * (90 + random.next() % 21) / 100,
            Opinions::Unanimous => known,
            Opinions::Skewed => 65_535 >> (random.next() % 16),
            _ => 1 + random.next() % 65_535,
        };
        row.push((target as u16, value.min(65_535) as u16));
    }
    if case.opinions != Opinions::Noisy {
        for end in (1..row.len()).rev() {
            row.swap(end, (random.next() % (end as u64 + 1)) as usize);
        }
    }
}

/// For each weight a bond toward the next uid, so that the two rarely meet in sparse rows.
fn apart(weights: &SparseRows, neurons: u16) -> Result<SparseRows, ConsensusError> {
    let mut bonds = SparseRows::default();
    let mut row = Vec::new();
    for weights in weights.as_rows().iter() {
        row.clear();
        row.extend(
            weights
                .iter()
                .map(|&(target, value)| ((target + 1) % neurons, value)),
        );
        bonds.push_row(&row)?;
    }
    Ok(bonds)
}
