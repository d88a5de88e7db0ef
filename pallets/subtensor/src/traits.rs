//! What the pallet needs of others, as small traits.

use dendra_primitives::NetUid;
use weighted_pool::{FeeRate, Weights};

use crate::AccountId;

/// Settings of the pools, which another pallet keeps.
pub trait PoolSettings {
    /// The part of a trade's input that goes to the block author.
    fn fee_rate(netuid: NetUid) -> FeeRate;
    /// The weights of the two reserves.
    fn weights(netuid: NetUid) -> Weights;
    /// Stores the weights after an injection.
    fn set_weights(netuid: NetUid, weights: Weights);
    /// Forgets a dissolved subnet.
    fn remove(netuid: NetUid);
}

/// What another pallet keeps about neurons and has to give up with them.
pub trait NeuronRecords {
    /// Forgets a neuron that lost its uid.
    fn forget(netuid: NetUid, hotkey: &AccountId);
    /// Forgets up to `limit` records of a dissolved subnet; whether none is left.
    fn clear(netuid: NetUid, limit: u32) -> bool;
}

/// Nothing is kept.
impl NeuronRecords for () {
    fn forget(_: NetUid, _: &AccountId) {}

    fn clear(_: NetUid, _: u32) -> bool {
        true
    }
}
