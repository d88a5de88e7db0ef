//! What the pallet needs of others, as small traits.

use alloc::vec::Vec;

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
    /// Gives the records of a hotkey to the one that takes its place, and has none of its own.
    fn rename(netuid: NetUid, old: &AccountId, new: &AccountId);
    /// Forgets up to `limit` records of a dissolved subnet; whether none is left.
    fn clear(netuid: NetUid, limit: u32) -> bool;
}

/// Nothing is kept.
impl NeuronRecords for () {
    fn forget(_: NetUid, _: &AccountId) {}

    fn rename(_: NetUid, _: &AccountId, _: &AccountId) {}

    fn clear(_: NetUid, _: u32) -> bool {
        true
    }
}

/// The calls that a call dispatches, each with the account that it is dispatched for, if that is not the sender.
pub type Nested<'a, RuntimeCall> = Vec<(Option<AccountId>, &'a RuntimeCall)>;

/// Which calls contain others: proxies, batches, multisigs.
pub trait NestedCalls<RuntimeCall> {
    /// The calls directly within a call of a sender. Those that root dispatches are left out.
    fn within<'a>(sender: &AccountId, call: &'a RuntimeCall) -> Nested<'a, RuntimeCall>;
}

/// No call contains others.
impl<RuntimeCall> NestedCalls<RuntimeCall> for () {
    fn within<'a>(_: &AccountId, _: &'a RuntimeCall) -> Nested<'a, RuntimeCall> {
        Vec::new()
    }
}
