//! What an epoch reads, each item once.

use alloc::vec::Vec;

use dendra_primitives::{NetUid, NetUidIndex};
use sp_runtime::DispatchError;
use yuma_consensus::{
    BondRule, EpochInput, EpochOutput, Hyperparameters, LiquidAlpha, Scratch, SparseRows,
    StakeWeight, Uid,
};

use crate::{
    AccountId, ActivityCutoffFactorMilli, AlphaSigmoidSteepness, AlphaValues, Bonds,
    BondsMovingAverage, BondsPenalty, Config, Error, Kappa, LastMechansimStepBlock, LastUpdate,
    LiquidAlphaOn, MaxAllowedValidators, Pallet, StakeThreshold, SubnetOwnerHotkey, Tempo,
    ValidatorPermit, Weights, WeightsFrom, Yuma3On, types::Row,
};

/// The neurons of a subnet, as every mechanism sees them.
pub(crate) struct Neurons {
    /// The subnet.
    pub(crate) netuid: NetUid,
    /// Hotkeys by uid.
    pub(crate) hotkeys: Vec<AccountId>,
    /// Their coldkeys.
    pub(crate) coldkeys: Vec<AccountId>,
    /// Blocks of registration by uid.
    pub(crate) registered_at: Vec<u64>,
    /// Stake weights by uid.
    pub(crate) stake: Vec<StakeWeight>,
    /// Permits by uid, as the last epoch left them.
    pub(crate) permits: Vec<bool>,
    /// The uid of the owner hotkey.
    pub(crate) owner: Option<u16>,
    /// Block of the last epoch that ran.
    pub(crate) last_step: u64,
    /// What the owner has set.
    pub(crate) hyperparameters: Hyperparameters,
}

impl Neurons {
    /// Reads the neurons of a subnet.
    pub(crate) fn read<T: Config>(netuid: NetUid) -> Self {
        let members = Pallet::<T>::uid_holders(netuid);
        let count = members.len();
        let mut hotkeys = Vec::with_capacity(count);
        let mut coldkeys = Vec::with_capacity(count);
        let mut registered_at = Vec::with_capacity(count);
        for member in members {
            hotkeys.push(member.hotkey);
            coldkeys.push(member.coldkey);
            registered_at.push(member.registered_at);
        }
        let owner_hotkey = SubnetOwnerHotkey::<T>::get(netuid);
        let mut permits = ValidatorPermit::<T>::get(netuid).into_inner();
        permits.resize(count, false);
        Self {
            netuid,
            registered_at,
            stake: Pallet::<T>::stake_weights(&hotkeys, netuid),
            permits,
            owner: (0_u16..)
                .zip(&hotkeys)
                .find(|(_, hotkey)| **hotkey == owner_hotkey)
                .map(|(uid, _)| uid),
            last_step: LastMechansimStepBlock::<T>::get(netuid),
            hyperparameters: read_hyperparameters::<T>(netuid),
            hotkeys,
            coldkeys,
        }
    }

    /// Whether no hotkey has two uids.
    pub(crate) fn are_distinct(&self) -> bool {
        let distinct: alloc::collections::BTreeSet<&AccountId> = self.hotkeys.iter().collect();
        distinct.len() == self.hotkeys.len()
    }

    /// Runs the consensus of one mechanism.
    pub(crate) fn run<T: Config>(
        &self,
        index: NetUidIndex,
        emission: u64,
        scratch: &mut Scratch,
    ) -> Result<EpochOutput, DispatchError> {
        let count = self.hotkeys.len();
        let mut last_update = LastUpdate::<T>::get(index).into_inner();
        last_update.resize(count, 0);
        let weights = self.weights::<T>(index);
        let bonds = self.bonds::<T>(index);
        let input = EpochInput {
            block: Pallet::<T>::block(),
            emission,
            hyperparameters: self.hyperparameters,
            last_step_block: self.last_step,
            owner: self.owner.map(Uid),
            stake: &self.stake,
            permits: &self.permits,
            last_update: &last_update,
            registered_at: &self.registered_at,
            // A row only counts toward neurons that registered before it was known, so what is committed
            // and not revealed has no say.
            first_commit: &[],
            weights: weights.as_rows(),
            bonds: bonds.as_rows(),
        };
        yuma_consensus::epoch(&input, scratch).map_err(|error| {
            log::error!(
                target: "runtime::subtensor",
                "the epoch of subnet {} failed: {error}",
                self.netuid,
            );
            Error::<T>::EpochFailed.into()
        })
    }

    /// The rows of those who may set weights. What a row says about a neuron that registered later is
    /// turned into zero, here and in storage: it was meant for the neuron before it.
    fn weights<T: Config>(&self, index: NetUidIndex) -> SparseRows {
        let known_at = WeightsFrom::<T>::get(index);
        self.rows(|uid| {
            if !self.may_set_weights(uid) {
                return Row::default();
            }
            let mut row = Weights::<T>::get(index, uid);
            let known = known_at.get(usize::from(uid)).copied().unwrap_or(0);
            let mut is_stale = false;
            for (target, value) in row.iter_mut() {
                let is_later = self
                    .registered_at
                    .get(usize::from(*target))
                    .is_none_or(|registered| *registered >= known);
                if is_later && *value != 0 {
                    *value = 0;
                    is_stale = true;
                }
            }
            if is_stale {
                Weights::<T>::insert(index, uid, &row);
            }
            row
        })
    }

    /// The bonds of all, without those toward neurons that registered since the last epoch.
    fn bonds<T: Config>(&self, index: NetUidIndex) -> SparseRows {
        self.rows(|uid| {
            if !self.had_permit(uid) {
                return Row::default();
            }
            let mut row = Bonds::<T>::get(index, uid);
            row.retain(|(target, _)| {
                self.registered_at
                    .get(usize::from(*target))
                    .is_some_and(|registered| *registered < self.last_step)
            });
            row
        })
    }

    fn may_set_weights(&self, uid: u16) -> bool {
        self.owner == Some(uid) || self.had_permit(uid)
    }

    /// Whether the last epoch gave the neuron a permit; only then it left bonds.
    pub(crate) fn had_permit(&self, uid: u16) -> bool {
        self.permits
            .get(usize::from(uid))
            .is_some_and(|permit| *permit)
    }

    fn rows(&self, read: impl Fn(u16) -> Row) -> SparseRows {
        let mut rows = SparseRows::with_capacity(self.hotkeys.len(), 0);
        for uid in (0_u16..).take(self.hotkeys.len()) {
            // A row has at most 4096 entries and there are at most 4096 of them.
            if rows.push_row(&read(uid)).is_err() {
                frame_support::defensive!("rows of more entries than 32 bits count");
            }
        }
        rows
    }
}

fn read_hyperparameters<T: Config>(netuid: NetUid) -> Hyperparameters {
    let tempo = Tempo::<T>::get(netuid);
    Hyperparameters {
        kappa: Kappa::<T>::get(netuid),
        bonds_moving_average: BondsMovingAverage::<T>::get(netuid),
        bonds_penalty: BondsPenalty::<T>::get(netuid),
        bond_rule: Pallet::<T>::bond_rule(netuid),
        max_validators: MaxAllowedValidators::<T>::get(netuid),
        stake_threshold: StakeThreshold::<T>::get(),
        activity_cutoff: yuma_consensus::activity_cutoff(
            ActivityCutoffFactorMilli::<T>::get(netuid),
            tempo,
        ),
        tempo,
    }
}

impl<T: Config> Pallet<T> {
    /// How the bonds of a subnet evolve.
    pub(crate) fn bond_rule(netuid: NetUid) -> BondRule {
        if !Yuma3On::<T>::get(netuid) {
            return BondRule::Yuma2;
        }
        let (low, high) = AlphaValues::<T>::get(netuid);
        let liquid = LiquidAlphaOn::<T>::get(netuid).then(|| LiquidAlpha {
            low,
            high,
            steepness: AlphaSigmoidSteepness::<T>::get(netuid),
        });
        BondRule::Yuma3 { liquid }
    }
}
