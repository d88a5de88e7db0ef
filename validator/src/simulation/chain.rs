//! A chain in memory, with one block whenever somebody asks for it.
//!
//! It knows schedules, weights, commits and reveals as sections 2 and 10 of the consensus tell, for the one account that sends.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use neuron_protocol::body_hash;
use tokio::sync::{oneshot, watch};

use crate::{
    chain::{Away, ChainAccess, Epoch, Head, Subnet},
    hotkey::Hotkey,
    submission::{Action, OnChain, Order, Outcome},
};

/// What the chain knows of a subnet.
#[derive(Clone, Debug)]
pub struct Chapter {
    /// What clients see. `block` is filled in.
    pub subnet: Subnet,
    /// Block that started the epoch.
    pub started: u64,
    /// Number of the epoch.
    pub index: u64,
    /// Weights by uid.
    pub rows: BTreeMap<u16, Vec<(u16, u16)>>,
    /// Commits of the sender.
    pub commits: Vec<OnChain>,
    /// What the owner has published.
    pub declaration: Option<Vec<u8>>,
}

/// Everything that the chain knows.
#[derive(Debug, Default)]
pub struct State {
    /// The best block.
    pub block: u32,
    /// Subnets.
    pub chapters: BTreeMap<u16, Chapter>,
    /// Transactions of the sender so far.
    pub nonce: u64,
    /// Version of the runtime.
    pub spec_version: u32,
    /// Whether every request fails.
    pub is_away: bool,
    /// What was done: block, subnet, what, and whether it worked.
    pub log: Vec<(u32, u16, Action, bool)>,
    pool: Vec<(u16, Order, oneshot::Sender<Outcome>)>,
}

/// The chain. Clones are the same.
#[derive(Clone)]
pub struct Memory {
    own: Hotkey,
    state: Arc<Mutex<State>>,
    heads: watch::Sender<Option<Head>>,
}

/// The hash of a block.
pub fn block_hash(number: u32) -> [u8; 32] {
    body_hash(&number.to_le_bytes())
}

impl Memory {
    /// A chain at block 1, whose transactions come from this hotkey.
    pub fn new(own: Hotkey) -> Self {
        let state = State {
            block: 1,
            spec_version: 1,
            ..State::default()
        };
        let (number, hash) = (1, block_hash(1));
        Self {
            own,
            state: Arc::new(Mutex::new(state)),
            heads: watch::Sender::new(Some(Head { number, hash })),
        }
    }

    /// Looks at what the chain knows, or changes it.
    pub fn with<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        look(&mut self.lock())
    }

    /// Adds a subnet whose first epoch starts now.
    pub fn add(&self, subnet: Subnet) {
        self.with(|state| {
            let chapter = Chapter {
                started: state.block.into(),
                index: 0,
                rows: BTreeMap::new(),
                commits: Vec::new(),
                declaration: None,
                subnet,
            };
            state.chapters.insert(chapter.subnet.netuid, chapter);
        });
    }

    /// Makes a block with all that the pool holds.
    pub fn produce(&self) {
        let number = self.with(|state| {
            state.block += 1;
            let block = state.block;
            for chapter in state.chapters.values_mut() {
                chapter.subnet.block = block.into();
                let tempo = u64::from(chapter.subnet.tempo);
                if tempo != 0 && chapter.started + tempo <= u64::from(block) {
                    chapter.started = block.into();
                    chapter.index += 1;
                }
            }
            for (netuid, order, answer) in std::mem::take(&mut state.pool) {
                let outcome = if order.nonce == state.nonce {
                    state.nonce += 1;
                    let done = state.apply(netuid, &self.own, &order.action);
                    state.log.push((block, netuid, order.action, done.is_ok()));
                    match done {
                        Ok(()) => Outcome::Included,
                        Err(error) => Outcome::Failed(error.into()),
                    }
                } else {
                    Outcome::Unknown("its nonce has passed".into())
                };
                let _ = answer.send(outcome);
            }
            block
        });
        let hash = block_hash(number);
        self.heads.send_replace(Some(Head { number, hash }));
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ask<T>(&self, look: impl FnOnce(&mut State) -> T) -> Result<T, Away> {
        let mut state = self.lock();
        if state.is_away {
            return Err(Away("the node was taken away".into()));
        }
        Ok(look(&mut state))
    }
}

impl State {
    fn apply(&mut self, netuid: u16, own: &Hotkey, action: &Action) -> Result<(), &'static str> {
        let block = u64::from(self.block);
        let chapter = self.chapters.get_mut(&netuid).ok_or("SubnetNotExists")?;
        let subnet = &mut chapter.subnet;
        let (hides, period, limit) = (
            subnet.commit_reveal,
            subnet.reveal_period,
            subnet.weights_rate_limit,
        );
        let (neurons, least) = (subnet.neurons.len(), subnet.limits().needed());
        let owner = subnet.owner;
        let neuron = subnet
            .neurons
            .iter_mut()
            .find(|neuron| neuron.hotkey == *own);
        let neuron = neuron.ok_or("HotKeyNotRegisteredInSubNet")?;
        let is_free = neuron.last_update == 0 || block - neuron.last_update >= limit;
        let fits = |uids: &[u16]| {
            uids.len() >= least && uids.iter().all(|uid| usize::from(*uid) < neurons)
        };
        match action {
            Action::Set { .. } | Action::Reveal { .. }
                if !neuron.is_permitted && neuron.hotkey != owner =>
            {
                Err("NeuronNoValidatorPermit")
            }
            Action::Set { row, .. } => {
                if hides || !is_free || !fits(&row.uids) {
                    return Err(
                        "CommitRevealEnabled, SettingWeightsTooFast or WeightVecLengthIsLow",
                    );
                }
                neuron.last_update = block;
                let row = row.uids.iter().copied().zip(row.values.iter().copied());
                chapter.rows.insert(neuron.uid, row.collect());
                Ok(())
            }
            Action::Commit { hash } => {
                if !hides || !is_free {
                    return Err("CommitRevealDisabled or CommittingWeightsTooFast");
                }
                neuron.last_update = block;
                let epoch = chapter.index;
                chapter
                    .commits
                    .retain(|commit| epoch <= commit.epoch + period);
                chapter.commits.push(OnChain {
                    hash: *hash,
                    epoch,
                    block,
                });
                Ok(())
            }
            Action::Reveal {
                row,
                salt,
                version_key,
            } => {
                let index = dendra_client::storage_index(netuid, 0);
                let (uids, values) = (&row.uids, &row.values);
                let hash = dendra_client::commit_hash(
                    &own.account(),
                    index,
                    uids,
                    values,
                    salt,
                    *version_key,
                );
                let epoch = chapter.index;
                let place = chapter
                    .commits
                    .iter()
                    .position(|commit| commit.hash == hash && commit.epoch + period == epoch);
                let place = place
                    .filter(|_| hides && fits(uids))
                    .ok_or("InvalidRevealCommitHashNotMatch")?;
                chapter.commits.drain(..=place);
                let row = uids.iter().copied().zip(values.iter().copied());
                chapter.rows.insert(neuron.uid, row.collect());
                Ok(())
            }
        }
    }
}

impl ChainAccess for Memory {
    fn heads(&self) -> watch::Receiver<Option<Head>> {
        self.heads.subscribe()
    }

    async fn subnet(&self, netuid: u16) -> Result<Option<Subnet>, Away> {
        self.ask(|state| Some(state.chapters.get(&netuid)?.subnet.clone()))
    }

    async fn epoch(&self, netuid: u16) -> Result<Option<Epoch>, Away> {
        self.ask(|state| {
            let chapter = state.chapters.get(&netuid)?;
            let tempo = chapter.subnet.tempo;
            Some(Epoch {
                block: state.block,
                index: chapter.index,
                started: chapter.started,
                next_start: if tempo == 0 {
                    u64::MAX
                } else {
                    chapter.started + u64::from(tempo)
                },
                tempo,
            })
        })
    }

    async fn hash_of(&self, number: u32) -> Result<Option<[u8; 32]>, Away> {
        self.ask(|state| (number <= state.block).then(|| block_hash(number)))
    }

    async fn nonce(&self, _: &Hotkey) -> Result<u64, Away> {
        self.ask(|state| state.nonce)
    }

    async fn commits(&self, netuid: u16, _: &Hotkey) -> Result<Vec<OnChain>, Away> {
        self.ask(|state| {
            state
                .chapters
                .get(&netuid)
                .map(|chapter| chapter.commits.clone())
                .unwrap_or_default()
        })
    }

    async fn weights(&self, netuid: u16, uid: u16) -> Result<Vec<(u16, u16)>, Away> {
        self.ask(|state| {
            let row = state
                .chapters
                .get(&netuid)
                .and_then(|chapter| chapter.rows.get(&uid));
            row.cloned().unwrap_or_default()
        })
    }

    async fn commitment(&self, netuid: u16, _: &Hotkey) -> Result<Option<Vec<u8>>, Away> {
        self.ask(|state| state.chapters.get(&netuid)?.declaration.clone())
    }

    async fn block_time(&self) -> Result<u64, Away> {
        self.ask(|_| 12_000)
    }

    async fn clock(&self) -> Result<u64, Away> {
        self.ask(|state| u64::from(state.block) * 12_000)
    }

    async fn runtime(&self) -> Result<(String, u32), Away> {
        self.ask(|state| ("memory".into(), state.spec_version))
    }

    async fn validity(&self) -> Result<u32, Away> {
        self.ask(|_| 66)
    }

    async fn send(&self, netuid: u16, order: &Order) -> Outcome {
        let (answer, heard) = oneshot::channel();
        let sent = self.ask(|state| {
            if order.nonce < state.nonce {
                return Err("stale");
            }
            state.pool.push((netuid, order.clone(), answer));
            Ok(())
        });
        match sent {
            Err(away) => Outcome::Unknown(away.0),
            Ok(Err(reason)) => Outcome::Refused(reason.into()),
            Ok(Ok(())) => heard
                .await
                .unwrap_or(Outcome::Unknown("the chain is gone".into())),
        }
    }
}
