//! Reads behind the runtime APIs (sections B.2, B.3, B.5 and B.6 of the interface), one file for each view.
//!
//! No block calls them; a node answers with them. A view reads what belongs to the subnet once, and what
//! belongs to a neuron once for each neuron, so its cost grows with what it shows and with nothing else.
//! A subnet that does not exist has no view. Lists run over existing subnets in ascending order.

mod columns;
mod dynamic_info;
mod emission_history;
mod metagraph;
mod network;
mod neuron;
mod price;
mod schedule;
mod subnet_info;
mod subnet_state;

use alloc::vec::Vec;

use codec::Compact;
use dendra_primitives::{I96F32, NetUid, records::SubnetIdentityV3};

use crate::{Config, Pallet, SubnetIdentitiesV3, SubnetList, SubnetMovingPrice};

/// The name that root has unless its owner gives it another one.
const ROOT_NAME: &[u8] = b"root";

/// A column as clients read it.
fn compact<V>(values: Vec<V>) -> Vec<Compact<V>> {
    values.into_iter().map(Compact).collect()
}

/// A text as clients read it.
fn text(bytes: &[u8]) -> Vec<Compact<u8>> {
    bytes.iter().copied().map(Compact).collect()
}

/// The name of a subnet: that of its identity. Without one it is empty, but for root.
fn name(netuid: NetUid, identity: Option<&SubnetIdentityV3>) -> Vec<Compact<u8>> {
    match identity.map(|identity| identity.subnet_name.as_slice()) {
        Some(name) if !name.is_empty() => text(name),
        _ if netuid.is_root() => text(ROOT_NAME),
        _ => Vec::new(),
    }
}

impl<T: Config> Pallet<T> {
    /// A view of each subnet.
    fn of_each<V>(view: impl Fn(NetUid) -> Option<V>) -> Vec<Option<V>> {
        SubnetList::<T>::get().into_iter().map(view).collect()
    }

    /// What the owner says about the subnet.
    fn identity_of(netuid: NetUid) -> Option<SubnetIdentityV3> {
        SubnetIdentitiesV3::<T>::get(netuid).map(|stored| stored.into_inner())
    }

    /// The moving price of alpha; 1 where a unit of alpha is a rao.
    fn moving_price_shown(netuid: NetUid) -> I96F32 {
        if Self::has_pool(netuid) {
            SubnetMovingPrice::<T>::get(netuid)
        } else {
            I96F32::ONE
        }
    }
}
