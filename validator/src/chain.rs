//! The chain as the validator needs it: a trait, so that the loop can be tested without a node.

mod live;

use std::{future::Future, net::SocketAddr};

use tokio::sync::watch;

use crate::{
    hotkey::Hotkey,
    submission::{OnChain, Order, Outcome},
    weights::Limits,
};

pub use live::Live;

/// A request to the chain that has no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Away(pub String);

/// A block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Height.
    pub number: u32,
    /// Hash.
    pub hash: [u8; 32],
}

/// Where a subnet stands in its schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Epoch {
    /// Block of this view.
    pub block: u32,
    /// Number of the epoch that this block is in, the clock of commit and reveal.
    pub index: u64,
    /// Block that started it.
    pub started: u64,
    /// The first block in which the next may start; [`u64::MAX`] for never.
    pub next_start: u64,
    /// Blocks between epochs; 0 for none.
    pub tempo: u16,
}

impl Epoch {
    /// The epoch for which a transaction in the next block counts.
    pub fn of_next_block(&self) -> u64 {
        let starts = self.next_start <= u64::from(self.block) + 1;
        self.index.saturating_add(u64::from(starts))
    }
}

/// A subnet with its neurons.
#[derive(Clone, Debug, PartialEq)]
pub struct Subnet {
    /// Which.
    pub netuid: u16,
    /// Block of this view.
    pub block: u64,
    /// Blocks between epochs.
    pub tempo: u16,
    /// The fewest weights at once.
    pub min_allowed_weights: u16,
    /// The highest weight, in parts of 65535.
    pub max_weights_limit: u16,
    /// Version of weights that the subnet asks for.
    pub weights_version: u64,
    /// Blocks between two settings of weights.
    pub weights_rate_limit: u64,
    /// Blocks without an update after which a validator is inactive.
    pub activity_cutoff: u64,
    /// Whether weights are committed before they are revealed.
    pub commit_reveal: bool,
    /// Epochs between commit and reveal.
    pub reveal_period: u64,
    /// Stake that makes a majority, in parts of 65535.
    pub kappa: u16,
    /// What registering costs, in rao.
    pub burn: u64,
    /// Hotkey of the owner.
    pub owner: Hotkey,
    /// The neurons, by uid.
    pub neurons: Vec<Neuron>,
}

/// A neuron.
#[derive(Clone, Debug, PartialEq)]
pub struct Neuron {
    /// Its uid.
    pub uid: u16,
    /// Its hotkey.
    pub hotkey: Hotkey,
    /// Where it serves, if it said so.
    pub address: Option<SocketAddr>,
    /// Whether it may set weights.
    pub is_permitted: bool,
    /// Whether it was active in the last epoch.
    pub is_active: bool,
    /// Block of its last weights.
    pub last_update: u64,
    /// Block at which it registered.
    pub registered_at: u64,
    /// Stake that consensus counts, in rao.
    pub stake: u64,
    /// Share in the earnings of miners, in parts of 65535.
    pub incentive: u16,
    /// Share in the earnings of validators, in parts of 65535.
    pub dividends: u16,
    /// The weight on which the majority of stake agrees, in parts of 65535.
    pub consensus: u16,
    /// Alpha earned in the last epoch, in the smallest unit.
    pub emission: u64,
}

impl Subnet {
    /// The neuron with this hotkey.
    pub fn neuron(&self, hotkey: &Hotkey) -> Option<&Neuron> {
        self.neurons.iter().find(|neuron| neuron.hotkey == *hotkey)
    }

    /// Whether a neuron may set weights.
    pub fn may_set(&self, neuron: &Neuron) -> bool {
        neuron.is_permitted || neuron.hotkey == self.owner
    }

    /// What it demands of a row.
    pub fn limits(&self) -> Limits {
        Limits {
            neurons: u16::try_from(self.neurons.len()).unwrap_or(u16::MAX),
            least: self.min_allowed_weights,
            highest: self.max_weights_limit,
        }
    }

    /// Who is asked: everybody but this validator and those who only validate.
    pub fn miners(&self, own: &Hotkey) -> impl Iterator<Item = &Neuron> {
        let own = *own;
        self.neurons.iter().filter(move |neuron| {
            let mines = neuron.address.is_some() || !self.may_set(neuron);
            neuron.hotkey != own && mines
        })
    }
}

/// What the validator asks of the chain. Every answer comes within a deadline.
pub trait ChainAccess: Clone + Send + Sync + 'static {
    /// Best blocks as they come; `None` before the first.
    fn heads(&self) -> watch::Receiver<Option<Head>>;
    /// A subnet with its neurons; `None` without the subnet.
    fn subnet(&self, netuid: u16) -> impl Future<Output = Result<Option<Subnet>, Away>> + Send;
    /// Where a subnet stands in its schedule; `None` without the subnet.
    fn epoch(&self, netuid: u16) -> impl Future<Output = Result<Option<Epoch>, Away>> + Send;
    /// The hash of a block of the best chain.
    fn hash_of(&self, number: u32) -> impl Future<Output = Result<Option<[u8; 32]>, Away>> + Send;
    /// Transactions of the account in blocks so far.
    fn nonce(&self, of: &Hotkey) -> impl Future<Output = Result<u64, Away>> + Send;
    /// The commits of a hotkey, expired ones included.
    fn commits(
        &self,
        netuid: u16,
        of: &Hotkey,
    ) -> impl Future<Output = Result<Vec<OnChain>, Away>> + Send;
    /// The weights of a neuron.
    fn weights(
        &self,
        netuid: u16,
        uid: u16,
    ) -> impl Future<Output = Result<Vec<(u16, u16)>, Away>> + Send;
    /// What a hotkey has published.
    fn commitment(
        &self,
        netuid: u16,
        of: &Hotkey,
    ) -> impl Future<Output = Result<Option<Vec<u8>>, Away>> + Send;
    /// Time between blocks, in ms.
    fn block_time(&self) -> impl Future<Output = Result<u64, Away>> + Send;
    /// The chain's clock, in ms since 1970.
    fn clock(&self) -> impl Future<Output = Result<u64, Away>> + Send;
    /// Name and version of the runtime.
    fn runtime(&self) -> impl Future<Output = Result<(String, u32), Away>> + Send;
    /// Blocks after which a transaction that is sent now can no longer be included.
    fn validity(&self) -> impl Future<Output = Result<u32, Away>> + Send;
    /// Sends a transaction with exactly the order's nonce and waits until a block holds it.
    fn send(&self, netuid: u16, order: &Order) -> impl Future<Output = Outcome> + Send;
}
