//! A subnet with one mechanism, driven step by step from a description in JSON.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use yuma_consensus::{
    BondRule, ConsensusError, EpochInput, EpochOutput, Hyperparameters, LiquidAlpha, Scratch,
    SparseRows, StakeWeight, Uid, epoch, max_upscale,
};

/// One line of input. Parameters that are absent have the defaults of the protocol.
#[derive(Clone, Debug, Deserialize)]
#[serde(default)]
pub(crate) struct Scenario {
    /// Number of neurons, 1 to 65536; the length of `stake` if absent.
    pub(crate) n: Option<u64>,
    /// Stake weight per uid, before threshold and normalisation.
    pub(crate) stake: Vec<u64>,
    pub(crate) kappa: u16,
    pub(crate) max_validators: u16,
    /// In millionths.
    pub(crate) bonds_moving_average: u64,
    pub(crate) bonds_penalty: u16,
    pub(crate) yuma3: bool,
    /// Has an effect only with `yuma3`.
    pub(crate) liquid_alpha: bool,
    pub(crate) alpha_low: u16,
    pub(crate) alpha_high: u16,
    /// In hundredths.
    pub(crate) alpha_sigmoid_steepness: i16,
    pub(crate) stake_threshold: u64,
    pub(crate) owner_uid: Option<u16>,
    /// In blocks.
    pub(crate) activity_cutoff: u64,
    pub(crate) tempo: u16,
    pub(crate) steps: Vec<Step>,
}

impl Default for Scenario {
    fn default() -> Self {
        Self {
            n: None,
            stake: Vec::new(),
            kappa: 32_767,
            max_validators: 64,
            bonds_moving_average: 900_000,
            bonds_penalty: 65_535,
            yuma3: false,
            liquid_alpha: false,
            alpha_low: 45_875,
            alpha_high: 58_982,
            alpha_sigmoid_steepness: 1_000,
            stake_threshold: 0,
            owner_uid: None,
            activity_cutoff: 5_000,
            tempo: 360,
            steps: Vec::new(),
        }
    }
}

/// What happens at one block, in the order of the fields.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Step {
    pub(crate) block: u64,
    /// Uids that get a new owner.
    pub(crate) reregister: Vec<Reregister>,
    /// Uids toward which all bonds are deleted (section 6.7).
    pub(crate) reset_bonds: Vec<u16>,
    /// Submitted weights.
    pub(crate) set: Vec<SetWeights>,
    /// Does an epoch end the step?
    pub(crate) run: bool,
    /// What that epoch divides.
    pub(crate) emission: u64,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Reregister {
    pub(crate) uid: u16,
    pub(crate) stake: u64,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct SetWeights {
    pub(crate) uid: u16,
    pub(crate) uids: Vec<u16>,
    pub(crate) values: Vec<u16>,
}

/// Results of one epoch, as stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Run {
    pub(crate) stake: Vec<u16>,
    pub(crate) consensus: Vec<u16>,
    pub(crate) incentive: Vec<u16>,
    pub(crate) dividends: Vec<u16>,
    pub(crate) validator_trust: Vec<u16>,
    pub(crate) permits: Vec<bool>,
    pub(crate) emission: Vec<u64>,
    pub(crate) server: Vec<u64>,
    pub(crate) validator: Vec<u64>,
    /// A row of `(uid, value)` per uid.
    pub(crate) bonds: Vec<Vec<(u16, u16)>>,
}

/// Why a scenario cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ScenarioError {
    Unreadable(String),
    Neurons(u64),
    StakeLength {
        neurons: usize,
        found: usize,
    },
    UnknownUid {
        step: usize,
        uid: u16,
    },
    UnequalLists {
        step: usize,
        uid: u16,
        uids: usize,
        values: usize,
    },
    DuplicateTarget {
        step: usize,
        uid: u16,
        target: u16,
    },
    Epoch {
        step: usize,
        error: ConsensusError,
    },
}

impl fmt::Display for ScenarioError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(reason) => write!(f, "not a scenario: {reason}"),
            Self::Neurons(n) => write!(f, "{n} neurons, expected 1 to 65536"),
            Self::StakeLength { neurons, found } => {
                write!(f, "{found} stakes for {neurons} neurons")
            }
            Self::UnknownUid { step, uid } => write!(f, "step {step}: no neuron has uid {uid}"),
            Self::UnequalLists {
                step,
                uid,
                uids,
                values,
            } => {
                write!(
                    f,
                    "step {step}: uid {uid} gives {values} values for {uids} uids"
                )
            }
            Self::DuplicateTarget { step, uid, target } => {
                write!(f, "step {step}: uid {uid} names uid {target} twice")
            }
            Self::Epoch { step, error } => write!(f, "step {step}: {error}"),
        }
    }
}

/// One line of output. `case` is the one of the input, null if there was none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub(crate) enum Answer {
    Runs { case: Value, runs: Vec<Run> },
    Error { case: Value, error: String },
}

/// Answers one line of input.
pub(crate) fn answer(line: &[u8]) -> Answer {
    let parsed = serde_json::from_slice::<Value>(line);
    let case = parsed.as_ref().ok().and_then(|value| value.get("case"));
    let case = case.cloned().unwrap_or_default();
    let runs = parsed
        .and_then(serde_json::from_value::<Scenario>)
        .map_err(|error| ScenarioError::Unreadable(error.to_string()))
        .and_then(|scenario| scenario.run());
    match runs {
        Ok(runs) => Answer::Runs { case, runs },
        Err(error) => Answer::Error {
            case,
            error: error.to_string(),
        },
    }
}

impl Scenario {
    /// Runs all steps and returns the results of every epoch among them.
    pub(crate) fn run(&self) -> Result<Vec<Run>, ScenarioError> {
        let mut subnet = Subnet::new(self)?;
        let mut scratch = Scratch::new();
        let mut runs = Vec::new();
        for (index, step) in self.steps.iter().enumerate() {
            subnet.change(index, step)?;
            if step.run {
                let error = |error| ScenarioError::Epoch { step: index, error };
                let output = subnet.epoch(step, &mut scratch).map_err(error)?;
                runs.push(subnet.store(output));
            }
        }
        Ok(runs)
    }

    fn hyperparameters(&self) -> Hyperparameters {
        let liquid = LiquidAlpha {
            low: self.alpha_low,
            high: self.alpha_high,
            steepness: self.alpha_sigmoid_steepness,
        };
        Hyperparameters {
            kappa: self.kappa,
            bonds_moving_average: self.bonds_moving_average,
            bonds_penalty: self.bonds_penalty,
            bond_rule: if self.yuma3 {
                BondRule::Yuma3 {
                    liquid: self.liquid_alpha.then_some(liquid),
                }
            } else {
                BondRule::Yuma2
            },
            max_validators: self.max_validators,
            stake_threshold: self.stake_threshold,
            activity_cutoff: self.activity_cutoff,
            tempo: self.tempo,
        }
    }
}

type Row = Vec<(u16, u16)>;

/// The state that carries over between steps.
struct Subnet {
    hyperparameters: Hyperparameters,
    owner: Option<Uid>,
    stake: Vec<StakeWeight>,
    permits: Vec<bool>,
    last_update: Vec<u64>,
    registered_at: Vec<u64>,
    weights: Vec<Row>,
    bonds: Vec<Row>,
}

impl Subnet {
    fn new(scenario: &Scenario) -> Result<Self, ScenarioError> {
        let found = scenario.stake.len();
        let claimed = scenario.n.unwrap_or(found as u64);
        let neurons = usize::try_from(claimed)
            .ok()
            .filter(|neurons| (1..=65_536).contains(neurons))
            .ok_or(ScenarioError::Neurons(claimed))?;
        if found != neurons {
            return Err(ScenarioError::StakeLength { neurons, found });
        }
        Ok(Self {
            hyperparameters: scenario.hyperparameters(),
            owner: scenario.owner_uid.map(Uid),
            stake: scenario
                .stake
                .iter()
                .copied()
                .map(StakeWeight::from_units)
                .collect(),
            permits: vec![false; neurons],
            last_update: vec![0; neurons],
            registered_at: vec![0; neurons],
            weights: vec![Row::new(); neurons],
            bonds: vec![Row::new(); neurons],
        })
    }

    fn change(&mut self, index: usize, step: &Step) -> Result<(), ScenarioError> {
        for Reregister { uid, stake } in &step.reregister {
            let neuron = self.neuron(index, *uid)?;
            self.stake[neuron] = StakeWeight::from_units(*stake);
            self.permits[neuron] = false;
            self.last_update[neuron] = step.block;
            self.registered_at[neuron] = step.block;
            self.weights[neuron].clear();
            self.bonds[neuron].clear();
            for (target, value) in self.weights.iter_mut().flatten() {
                if target == uid {
                    *value = 0;
                }
            }
        }
        for uid in &step.reset_bonds {
            self.neuron(index, *uid)?;
            for row in &mut self.bonds {
                row.retain(|(target, _)| target != uid);
            }
        }
        for set in &step.set {
            let neuron = self.neuron(index, set.uid)?;
            self.weights[neuron] = self.checked_row(index, set)?;
            self.last_update[neuron] = step.block;
        }
        Ok(())
    }

    fn neuron(&self, step: usize, uid: u16) -> Result<usize, ScenarioError> {
        let index = usize::from(uid);
        if index < self.stake.len() {
            Ok(index)
        } else {
            Err(ScenarioError::UnknownUid { step, uid })
        }
    }

    fn checked_row(&self, step: usize, set: &SetWeights) -> Result<Row, ScenarioError> {
        let SetWeights { uid, uids, values } = set;
        if uids.len() != values.len() {
            return Err(ScenarioError::UnequalLists {
                step,
                uid: *uid,
                uids: uids.len(),
                values: values.len(),
            });
        }
        let mut seen = vec![false; self.stake.len()];
        for &target in uids {
            let place = self.neuron(step, target)?;
            if std::mem::replace(&mut seen[place], true) {
                return Err(ScenarioError::DuplicateTarget {
                    step,
                    uid: *uid,
                    target,
                });
            }
        }
        Ok(uids.iter().copied().zip(max_upscale(values)).collect())
    }

    fn epoch(&self, step: &Step, scratch: &mut Scratch) -> Result<EpochOutput, ConsensusError> {
        let (weights, bonds) = (flat(&self.weights)?, flat(&self.bonds)?);
        let input = EpochInput {
            block: step.block,
            emission: step.emission,
            hyperparameters: self.hyperparameters,
            last_step_block: 0,
            owner: self.owner,
            stake: &self.stake,
            permits: &self.permits,
            last_update: &self.last_update,
            registered_at: &self.registered_at,
            first_commit: &[],
            weights: weights.as_rows(),
            bonds: bonds.as_rows(),
        };
        epoch(&input, scratch)
    }

    fn store(&mut self, output: EpochOutput) -> Run {
        self.permits.clone_from(&output.permits);
        self.bonds = output.bonds.as_rows().iter().map(<[_]>::to_vec).collect();
        Run {
            stake: output.stake,
            consensus: output.consensus,
            incentive: output.incentive,
            dividends: output.dividends,
            validator_trust: output.validator_trust,
            permits: output.permits,
            emission: output.emission,
            server: output.server_emission,
            validator: output.validator_emission,
            bonds: self.bonds.clone(),
        }
    }
}

fn flat(rows: &[Row]) -> Result<SparseRows, ConsensusError> {
    let mut flat = SparseRows::with_capacity(rows.len(), rows.iter().map(Vec::len).sum());
    for row in rows {
        flat.push_row(row)?;
    }
    Ok(flat)
}
