//! What the miner knows of its subnet and of the time.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use dendra_client::Metagraph;
use neuron_protocol::{Hotkey, Now};

/// A neuron.
#[derive(Clone, Debug, PartialEq)]
pub struct Neuron {
    /// Its uid.
    pub uid: u16,
    /// Its hotkey.
    pub hotkey: Hotkey,
    /// The coldkey that owns it.
    pub coldkey: Hotkey,
    /// Whether it may set weights.
    pub permit: bool,
    /// Stake that consensus counts, in rao.
    pub stake: u64,
    /// Share in the earnings of miners, in parts of 65535.
    pub incentive: u16,
    /// Share in the earnings of validators, in parts of 65535.
    pub dividends: u16,
    /// Alpha of the last epoch, in 10^-9.
    pub emission: u64,
    /// Where it serves, and the block at which it said so.
    pub axon: Option<(SocketAddr, u64)>,
    /// Block of its registration.
    pub registered_at: u64,
}

/// A subnet at one block.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// Subnet.
    pub netuid: u16,
    /// Block of this view.
    pub block: u64,
    /// Blocks between epochs.
    pub tempo: u16,
    /// Hotkey of the owner.
    pub owner_hotkey: Hotkey,
    /// Coldkey of the owner.
    pub owner_coldkey: Hotkey,
    /// Blocks for which a new neuron keeps its place.
    pub immunity_period: u64,
    /// Blocks between two announcements of an endpoint.
    pub serving_rate_limit: u64,
    /// The most neurons.
    pub most_neurons: u16,
    /// What registering costs, in rao.
    pub burn: u64,
    /// Whether neurons may register.
    pub registration_allowed: bool,
    /// Price of alpha in TAO, averaged over blocks.
    pub alpha_price: f64,
    neurons: Vec<Neuron>,
    by_hotkey: HashMap<Hotkey, usize>,
}

impl Snapshot {
    /// The same subnet with these neurons.
    #[must_use]
    pub fn with_neurons(mut self, neurons: Vec<Neuron>) -> Self {
        self.by_hotkey = neurons
            .iter()
            .enumerate()
            .map(|(index, neuron)| (neuron.hotkey, index))
            .collect();
        self.neurons = neurons;
        self
    }

    /// A subnet without neurons at block 0.
    pub fn empty(netuid: u16) -> Self {
        Self {
            netuid,
            block: 0,
            tempo: 360,
            owner_hotkey: [0; 32],
            owner_coldkey: [0; 32],
            immunity_period: 0,
            serving_rate_limit: 0,
            most_neurons: 256,
            burn: 0,
            registration_allowed: true,
            alpha_price: 0.0,
            neurons: Vec::new(),
            by_hotkey: HashMap::new(),
        }
    }

    /// Its neurons, by uid.
    pub fn neurons(&self) -> &[Neuron] {
        &self.neurons
    }

    /// The neuron of a hotkey.
    pub fn neuron(&self, hotkey: &Hotkey) -> Option<&Neuron> {
        self.neurons.get(*self.by_hotkey.get(hotkey)?)
    }

    /// Blocks for which a neuron is not replaced yet; 0 if it may be.
    pub fn immunity_left(&self, neuron: &Neuron) -> u64 {
        let age = self.block.saturating_sub(neuron.registered_at);
        self.immunity_period.saturating_sub(age)
    }

    /// Neurons that would be replaced before this one: those without immunity come first, then those that earn least, are oldest, have
    /// the lowest uid. The owner's own hotkey is never replaced and does not count.
    pub fn below(&self, neuron: &Neuron) -> usize {
        let place = |neuron: &Neuron| {
            let immune = self.immunity_left(neuron) > 0;
            (immune, neuron.emission, neuron.registered_at, neuron.uid)
        };
        self.neurons
            .iter()
            .filter(|other| other.hotkey != self.owner_hotkey && place(other) < place(neuron))
            .count()
    }
}

impl From<&Metagraph> for Snapshot {
    fn from(graph: &Metagraph) -> Self {
        let price = graph.moving_price.bits() as f64 / 2f64.powi(32);
        let mut neurons = Vec::with_capacity(graph.hotkeys.len());
        for (uid, hotkey) in (0u16..).zip(&graph.hotkeys) {
            let at = usize::from(uid);
            let axon = graph.axons.get(at).and_then(|axon| {
                let ip = match axon.ip_type {
                    4 => IpAddr::from(Ipv4Addr::from(u32::try_from(axon.ip).ok()?)),
                    6 => IpAddr::from(Ipv6Addr::from(axon.ip)),
                    _ => return None,
                };
                let served = !ip.is_unspecified() && axon.port > 1;
                served.then_some((SocketAddr::new(ip, axon.port), axon.block))
            });
            neurons.push(Neuron {
                uid,
                hotkey: bytes(hotkey),
                coldkey: graph.coldkeys.get(at).map(bytes).unwrap_or_default(),
                permit: graph.validator_permit.get(at).copied().unwrap_or_default(),
                stake: graph.total_stake.get(at).map_or(0, |stake| stake.0.get()),
                incentive: graph.incentives.get(at).map_or(0, |share| share.0),
                dividends: graph.dividends.get(at).map_or(0, |share| share.0),
                emission: graph.emission.get(at).map_or(0, |alpha| alpha.0.get()),
                axon,
                registered_at: graph
                    .block_at_registration
                    .get(at)
                    .map_or(0, |block| block.0),
            });
        }
        Self {
            netuid: graph.netuid.0.into(),
            block: graph.block.0,
            tempo: graph.tempo.0,
            owner_hotkey: bytes(&graph.owner_hotkey),
            owner_coldkey: bytes(&graph.owner_coldkey),
            immunity_period: graph.immunity_period.0.into(),
            serving_rate_limit: graph.serving_rate_limit.0,
            most_neurons: graph.max_uids.0,
            burn: graph.burn.0.get(),
            registration_allowed: graph.registration_allowed,
            alpha_price: price,
            neurons: Vec::new(),
            by_hotkey: HashMap::new(),
        }
        .with_neurons(neurons)
    }
}

/// The bytes of an account.
fn bytes(account: &dendra_client::AccountId32) -> Hotkey {
    account.clone().into()
}

/// Block numbers, also while no blocks come: the miner's node may be away, but the chain goes on.
#[derive(Debug, Default)]
pub struct BlockClock(Mutex<Option<Seen>>);

#[derive(Clone, Copy, Debug)]
struct Seen {
    head: u32,
    at: Instant,
    slot: Duration,
}

impl BlockClock {
    /// Notes a block. `slot`: the chain's block time.
    pub fn saw(&self, head: u32, at: Instant, slot: Duration) {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // The same block again says nothing about the time.
        if seen.is_none_or(|seen| seen.head != head) {
            *seen = Some(Seen { head, at, slot });
        }
    }

    /// What block it is; `None` before the first.
    pub fn now(&self, at: Instant) -> Option<Now> {
        let seen = (*self.0.lock().unwrap_or_else(PoisonError::into_inner))?;
        let slots =
            at.saturating_duration_since(seen.at).as_millis() / seen.slot.as_millis().max(1);
        let passed = u32::try_from(slots).unwrap_or(u32::MAX);
        Some(Now {
            head: seen.head,
            expected: seen.head.saturating_add(passed),
        })
    }

    /// How long ago the last block was seen.
    pub fn silence(&self, at: Instant) -> Option<Duration> {
        let seen = (*self.0.lock().unwrap_or_else(PoisonError::into_inner))?;
        Some(at.saturating_duration_since(seen.at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn neuron(uid: u16, emission: u64, registered_at: u64) -> Neuron {
        Neuron {
            uid,
            hotkey: [uid as u8 + 1; 32],
            coldkey: [100; 32],
            permit: false,
            stake: 0,
            incentive: 0,
            dividends: 0,
            emission,
            axon: None,
            registered_at,
        }
    }

    #[test]
    fn neurons_are_replaced_in_the_order_of_the_chain() {
        let mut snapshot = Snapshot::empty(1).with_neurons(vec![
            neuron(0, 0, 5),
            neuron(1, 7, 5),
            neuron(2, 7, 4),
            neuron(3, 0, 95),
            neuron(4, 9, 1),
        ]);
        snapshot.block = 100;
        snapshot.immunity_period = 20;
        snapshot.owner_hotkey = [1; 32];
        let below = |uid: usize| snapshot.below(&snapshot.neurons()[uid]);
        // The owner at uid 0 does not count. Uid 2 is older than uid 1, uid 3 is immune.
        assert_eq!([below(2), below(1), below(4), below(3)], [0, 1, 2, 3]);
        assert_eq!(snapshot.immunity_left(&snapshot.neurons()[3]), 15);
        assert_eq!(snapshot.immunity_left(&snapshot.neurons()[4]), 0);
    }

    #[test]
    fn time_goes_on_while_no_blocks_come() {
        let clock = BlockClock::default();
        let start = Instant::now();
        assert_eq!(clock.now(start), None);
        let slot = Duration::from_secs(12);
        clock.saw(100, start, slot);
        let later = start + Duration::from_secs(61);
        clock.saw(100, later, slot);
        assert_eq!(
            clock.now(later),
            Some(Now {
                head: 100,
                expected: 105
            })
        );
        clock.saw(104, later, slot);
        assert_eq!(clock.now(later), Some(104.into()));
    }
}
