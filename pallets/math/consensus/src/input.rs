//! What an epoch reads.

use crate::error::ConsensusError;
use crate::fixed::Proportion;
use crate::liquid::LiquidAlpha;
use crate::rows::{Rows, Uid};
use crate::stake::StakeWeight;

/// Weights and bonds that one epoch can address; no block could hold the time for a hundredth of it.
const MAX_ENTRIES: usize = 1 << 31;

/// Which rule moves the bonds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BondRule {
    /// Yuma2 (section 6.4): bonds are shares of a column; liquid alpha has no effect.
    Yuma2,
    /// Yuma3 (section 6.5): bonds are proportions per validator.
    Yuma3 {
        /// A rate per cell instead of the fixed one, as soon as any consensus is positive.
        liquid: Option<LiquidAlpha>,
    },
}

/// Hyperparameters of a subnet that its epochs read (section 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hyperparameters {
    /// `Kappa`: the majority that carries a weight, a stored proportion.
    pub kappa: u16,
    /// `BondsMovingAverage` in millionths, at most one million.
    pub bonds_moving_average: u64,
    /// `BondsPenalty`: how much of a clipped excess is lost to the bonds, a stored proportion.
    pub bonds_penalty: u16,
    /// `Yuma3On`, `LiquidAlphaOn` and the parameters of liquid alpha.
    pub bond_rule: BondRule,
    /// `MaxAllowedValidators`.
    pub max_validators: u16,
    /// `StakeThreshold`, in whole units of stake weight.
    pub stake_threshold: u64,
    /// Blocks without an update after which a neuron is inactive; see
    /// [`activity_cutoff`](crate::activity_cutoff).
    pub activity_cutoff: u64,
    /// `Tempo`, in blocks.
    pub tempo: u16,
}

impl Default for Hyperparameters {
    /// The defaults of section 3, with the 64 validators that a new subnet is given.
    fn default() -> Self {
        Self {
            kappa: 32_767,
            bonds_moving_average: 900_000,
            bonds_penalty: u16::MAX,
            bond_rule: BondRule::Yuma2,
            max_validators: 64,
            stake_threshold: 0,
            activity_cutoff: 5_000,
            tempo: 360,
        }
    }
}

impl Hyperparameters {
    /// `α` of section 6.3, in bits.
    pub(crate) fn fixed_rate(&self) -> Result<u64, ConsensusError> {
        let millionths = self.bonds_moving_average;
        Proportion::from_millionths(millionths)
            .map(|average| average.complement().to_bits())
            .ok_or(ConsensusError::MovingAverageAboveOne { millionths })
    }
}

/// State of one mechanism of a subnet, as stored, at the moment of its epoch.
///
/// **Shape**: every list has one element per neuron, in order of uid; `weights` and `bonds` have one
/// row per neuron. **Unit**: block numbers, stake weight before threshold and normalisation.
#[derive(Clone, Copy, Debug)]
pub struct EpochInput<'a> {
    /// Current block.
    pub block: u64,
    /// Amount to divide, in the smallest token unit (`E`).
    pub emission: u64,
    /// Hyperparameters of the subnet.
    pub hyperparameters: Hyperparameters,
    /// `LastMechansimStepBlock`: block of the last executed epoch, 0 if there was none.
    pub last_step_block: u64,
    /// Uid of the subnet owner's hotkey, if it is a neuron.
    pub owner: Option<Uid>,
    /// Stake weight per neuron; its length is the number of neurons.
    pub stake: &'a [StakeWeight],
    /// Permits stored by the previous epoch.
    pub permits: &'a [bool],
    /// `LastUpdate` of this mechanism.
    pub last_update: &'a [u64],
    /// `BlockAtRegistration`.
    pub registered_at: &'a [u64],
    /// With commit–reveal: the block of each neuron's first unexpired, unrevealed commit on this
    /// mechanism. Without: empty.
    pub first_commit: &'a [Option<u64>],
    /// Weights as stored. Targets that are not neurons are ignored.
    pub weights: Rows<'a>,
    /// Bonds as stored. Targets that are not neurons are ignored.
    pub bonds: Rows<'a>,
}

impl EpochInput<'_> {
    /// Number of neurons.
    pub fn neurons(&self) -> usize {
        self.stake.len()
    }

    /// Checks the dimensions and the parameters that have a range.
    pub(crate) fn check(&self) -> Result<(), ConsensusError> {
        let neurons = self.neurons();
        if neurons > usize::from(u16::MAX).saturating_add(1) {
            return Err(ConsensusError::TooManyNeurons { neurons });
        }
        let lengths = [
            ("permits", self.permits.len()),
            ("last_update", self.last_update.len()),
            ("registered_at", self.registered_at.len()),
            ("weights", self.weights.len()),
            ("bonds", self.bonds.len()),
        ];
        for (field, found) in lengths {
            if found != neurons {
                return Err(ConsensusError::LengthMismatch {
                    field,
                    expected: neurons,
                    found,
                });
            }
        }
        // Places in the working memory are 32-bit numbers, gaps between rows and columns included.
        let entries = self
            .weights
            .entries()
            .len()
            .saturating_add(self.bonds.entries().len());
        if entries > MAX_ENTRIES {
            return Err(ConsensusError::TooManyEntries { entries });
        }
        let commits = self.first_commit.len();
        if commits != 0 && commits != neurons {
            let field = "first_commit";
            return Err(ConsensusError::LengthMismatch {
                field,
                expected: neurons,
                found: commits,
            });
        }
        match self.owner {
            Some(Uid(owner)) if usize::from(owner) >= neurons => {
                Err(ConsensusError::UnknownOwner { owner, neurons })
            }
            _ => Ok(()),
        }
    }
}
