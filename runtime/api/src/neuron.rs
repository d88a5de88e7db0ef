//! Neurons, one struct for each.

use alloc::vec::Vec;

use codec::{Compact, Decode, Encode};
use dendra_primitives::{
    AlphaBalance, NetUid,
    records::{AxonInfo, PrometheusInfo},
};
use scale_info::TypeInfo;

use crate::AccountId;

/// A neuron. Values of `u16` other than the uid are in parts of 65535.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct NeuronInfo {
    /// Hotkey.
    pub hotkey: AccountId,
    /// Coldkey that owns the hotkey.
    pub coldkey: AccountId,
    /// Position on the subnet.
    pub uid: Compact<u16>,
    /// Subnet.
    pub netuid: Compact<NetUid>,
    /// Whether it was active in the last epoch.
    pub active: bool,
    /// Where it serves.
    pub axon_info: AxonInfo,
    /// Where it offers its metrics.
    pub prometheus_info: PrometheusInfo,
    /// One element: the owner's coldkey, and all alpha behind the hotkey.
    pub stake: Vec<(AccountId, Compact<AlphaBalance>)>,
    /// Not computed, 0.
    pub rank: Compact<u16>,
    /// Alpha that it earned in the last epoch.
    pub emission: Compact<AlphaBalance>,
    /// Share in the earnings of miners.
    pub incentive: Compact<u16>,
    /// Weight on which the majority of stake agrees.
    pub consensus: Compact<u16>,
    /// Not computed, 0.
    pub trust: Compact<u16>,
    /// How much of its weights consensus kept.
    pub validator_trust: Compact<u16>,
    /// Share in the earnings of validators.
    pub dividends: Compact<u16>,
    /// Block at which it last set weights.
    pub last_update: Compact<u64>,
    /// Whether it may set weights.
    pub validator_permit: bool,
    /// Weights that it set: uid and weight, without zeros.
    pub weights: Vec<(Compact<u16>, Compact<u16>)>,
    /// Bonds that it holds: uid and bond, without zeros.
    pub bonds: Vec<(Compact<u16>, Compact<u16>)>,
    /// Not computed, 65535.
    pub pruning_score: Compact<u16>,
}

/// A neuron without weights and bonds; see [`NeuronInfo`].
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct NeuronInfoLite {
    /// Hotkey.
    pub hotkey: AccountId,
    /// Coldkey that owns the hotkey.
    pub coldkey: AccountId,
    /// Position on the subnet.
    pub uid: Compact<u16>,
    /// Subnet.
    pub netuid: Compact<NetUid>,
    /// Whether it was active in the last epoch.
    pub active: bool,
    /// Where it serves.
    pub axon_info: AxonInfo,
    /// Where it offers its metrics.
    pub prometheus_info: PrometheusInfo,
    /// One element: the owner's coldkey, and all alpha behind the hotkey.
    pub stake: Vec<(AccountId, Compact<AlphaBalance>)>,
    /// Not computed, 0.
    pub rank: Compact<u16>,
    /// Alpha that it earned in the last epoch.
    pub emission: Compact<AlphaBalance>,
    /// Share in the earnings of miners.
    pub incentive: Compact<u16>,
    /// Weight on which the majority of stake agrees.
    pub consensus: Compact<u16>,
    /// Not computed, 0.
    pub trust: Compact<u16>,
    /// How much of its weights consensus kept.
    pub validator_trust: Compact<u16>,
    /// Share in the earnings of validators.
    pub dividends: Compact<u16>,
    /// Block at which it last set weights.
    pub last_update: Compact<u64>,
    /// Whether it may set weights.
    pub validator_permit: bool,
    /// Not computed, 65535.
    pub pruning_score: Compact<u16>,
}

impl NeuronInfoLite {
    /// The same neuron with weights and bonds.
    #[must_use]
    pub fn with_rows(
        self,
        weights: Vec<(Compact<u16>, Compact<u16>)>,
        bonds: Vec<(Compact<u16>, Compact<u16>)>,
    ) -> NeuronInfo {
        NeuronInfo {
            hotkey: self.hotkey,
            coldkey: self.coldkey,
            uid: self.uid,
            netuid: self.netuid,
            active: self.active,
            axon_info: self.axon_info,
            prometheus_info: self.prometheus_info,
            stake: self.stake,
            rank: self.rank,
            emission: self.emission,
            incentive: self.incentive,
            consensus: self.consensus,
            trust: self.trust,
            validator_trust: self.validator_trust,
            dividends: self.dividends,
            last_update: self.last_update,
            validator_permit: self.validator_permit,
            weights,
            bonds,
            pruning_score: self.pruning_score,
        }
    }
}
