//! When to publish the endpoint on chain.

use std::net::SocketAddr;

use crate::network::{Neuron, Snapshot};

/// What to do about the endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It stands on chain as it should, or shall not.
    Nothing,
    /// Publish it.
    Publish(SocketAddr),
    /// Publish it later: the chain accepts it again from this block on.
    Wait(u64),
}

/// What to do. `wanted`: what shall stand on chain, if anything.
pub fn step(wanted: Option<SocketAddr>, own: &Neuron, snapshot: &Snapshot, block: u64) -> Step {
    let Some(wanted) = wanted else {
        return Step::Nothing;
    };
    match own.axon {
        Some((published, _)) if published == wanted => Step::Nothing,
        Some((_, at)) if block <= at.saturating_add(snapshot.serving_rate_limit) => Step::Wait(
            at.saturating_add(snapshot.serving_rate_limit)
                .saturating_add(1),
        ),
        _ => Step::Publish(wanted),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_endpoint_is_published_as_soon_as_the_chain_accepts_it() {
        let mut subnet = Snapshot::empty(1);
        subnet.serving_rate_limit = 50;
        let wanted: SocketAddr = ([203, 0, 113, 5], 8091).into();
        let other: SocketAddr = ([203, 0, 113, 6], 8091).into();
        let mut own = Neuron {
            uid: 0,
            hotkey: [1; 32],
            coldkey: [1; 32],
            permit: false,
            stake: 0,
            incentive: 0,
            dividends: 0,
            emission: 0,
            axon: None,
            registered_at: 0,
        };
        assert_eq!(step(Some(wanted), &own, &subnet, 10), Step::Publish(wanted));
        assert_eq!(step(None, &own, &subnet, 10), Step::Nothing);
        own.axon = Some((wanted, 10));
        assert_eq!(step(Some(wanted), &own, &subnet, 11), Step::Nothing);
        own.axon = Some((other, 10));
        assert_eq!(step(Some(wanted), &own, &subnet, 60), Step::Wait(61));
        assert_eq!(step(Some(wanted), &own, &subnet, 61), Step::Publish(wanted));
    }
}
