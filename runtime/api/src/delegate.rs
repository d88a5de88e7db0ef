//! Hotkeys that stake for others.

use alloc::vec::Vec;

use codec::{Compact, Decode, Encode};
use dendra_primitives::{AlphaBalance, NetUid};
use scale_info::TypeInfo;

use crate::AccountId;

/// A subnet and the stake on it, in units of its alpha.
pub type SubnetStake = (Compact<NetUid>, Compact<u64>);

/// A delegate, and what one coldkey has staked to it on one subnet.
pub type Delegation = (DelegateInfo, (Compact<NetUid>, Compact<AlphaBalance>));

/// A hotkey with a take of its own.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct DelegateInfo {
    /// The hotkey.
    pub delegate_ss58: AccountId,
    /// The part of dividends that the owner keeps, in parts of 65535.
    pub take: Compact<u16>,
    /// Coldkeys with their stake on each subnet.
    pub nominators: Vec<(AccountId, Vec<SubnetStake>)>,
    /// Coldkey that owns the hotkey.
    pub owner_ss58: AccountId,
    /// Subnets on which the hotkey has a neuron.
    pub registrations: Vec<Compact<NetUid>>,
    /// Subnets on which that neuron may set weights.
    pub validator_permits: Vec<Compact<NetUid>>,
    /// TAO that 1000 TAO would earn in a day, in rao.
    pub return_per_1000: Compact<u64>,
    /// TAO that all stake earns in a day, in rao.
    pub total_daily_return: Compact<u64>,
}
