//! Neurons of a subnet as columns.

use alloc::vec::Vec;

use codec::{Compact, Decode, Encode};
use dendra_primitives::{AlphaBalance, NetUid, TaoBalance};
use scale_info::TypeInfo;

use crate::AccountId;

/// The neurons of a subnet as columns: one element for each uid, ascending.
///
/// Columns of `u16` are in parts of 65535. `pruning_score`, `trust` and `rank` may be empty.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct SubnetState {
    /// Subnet.
    pub netuid: Compact<NetUid>,
    /// Hotkeys.
    pub hotkeys: Vec<AccountId>,
    /// Coldkeys that own the hotkeys.
    pub coldkeys: Vec<AccountId>,
    /// Whether a neuron was active in the last epoch.
    pub active: Vec<bool>,
    /// Whether a neuron may set weights.
    pub validator_permit: Vec<bool>,
    /// Not computed.
    pub pruning_score: Vec<Compact<u16>>,
    /// Block at which a neuron last set weights.
    pub last_update: Vec<Compact<u64>>,
    /// Alpha that a neuron earned in the last epoch.
    pub emission: Vec<Compact<AlphaBalance>>,
    /// Share in the earnings of validators.
    pub dividends: Vec<Compact<u16>>,
    /// Share in the earnings of miners.
    pub incentives: Vec<Compact<u16>>,
    /// Weight on which the majority of stake agrees.
    pub consensus: Vec<Compact<u16>>,
    /// Not computed.
    pub trust: Vec<Compact<u16>>,
    /// Not computed.
    pub rank: Vec<Compact<u16>>,
    /// Block at which the neuron was registered.
    pub block_at_registration: Vec<Compact<u64>>,
    /// Alpha behind a hotkey, children and parents counted.
    pub alpha_stake: Vec<Compact<AlphaBalance>>,
    /// TAO behind a hotkey on root, children and parents counted.
    pub tao_stake: Vec<Compact<TaoBalance>>,
    /// Stake that consensus counts: alpha, and TAO by its weight.
    pub total_stake: Vec<Compact<TaoBalance>>,
    /// Emission of these hotkeys on every subnet. Outer list: subnets ascending; inner: uids of this
    /// subnet.
    pub emission_history: Vec<Vec<Compact<AlphaBalance>>>,
}
