//! Stake of accounts.

use codec::{Compact, Decode, Encode};
use dendra_primitives::{AlphaBalance, NetUid, TaoBalance};
use scale_info::TypeInfo;

use crate::AccountId;

/// What a coldkey has staked to a hotkey on a subnet.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct StakeInfo {
    /// Hotkey that the stake stands behind.
    pub hotkey: AccountId,
    /// Coldkey that owns the stake.
    pub coldkey: AccountId,
    /// Subnet.
    pub netuid: Compact<NetUid>,
    /// The stake: alpha of the subnet, TAO on root.
    pub stake: Compact<AlphaBalance>,
    /// Not used, 0; see [`StakeAvailability`].
    pub locked: Compact<u64>,
    /// Alpha that the hotkey earned as dividends in the last epoch.
    pub emission: Compact<AlphaBalance>,
    /// Not used, 0.
    pub tao_emission: Compact<TaoBalance>,
    /// Not used, 0.
    pub drain: Compact<u64>,
    /// Whether the hotkey has a neuron on the subnet.
    pub is_registered: bool,
}

/// What of a coldkey's stake on a subnet can be moved; the parts sum to the total.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct StakeAvailability {
    /// Everything staked.
    pub total: Compact<AlphaBalance>,
    /// What cannot be moved.
    pub locked: Compact<AlphaBalance>,
    /// What can be moved.
    pub available: Compact<AlphaBalance>,
}
