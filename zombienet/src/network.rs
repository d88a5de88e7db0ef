//! A whole network on this machine: a node with fast blocks, a subnet made from a template, validators and miners.
//!
//! A [`Definition`] says what there is to be, [`Network::start`] brings chain and processes to it, step by step, each of
//! them left out where the chain already is as it should be: a network that was kept goes on. Every process can be
//! killed and started again by name; all of them end with the [`Network`].

mod place;
mod programs;
mod scores;
mod setup;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use dendra_client::{AccountId32, Call, Chain, Receipt, SubmitError, Wait};

use crate::{
    books::{Books, Key},
    cast::{Cast, VALIDATORS},
    failure::{Failure, Outcome},
    guard::Guard,
    keys,
    program::Process,
    rpc::Rpc,
    verdict::{Judged, Part},
};

pub(crate) use place::Place;
pub use programs::Ports;
pub(crate) use programs::{node as node_recipe, node_ports};

/// How long any single step of the set-up may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long miners and validators may take to end when they are asked to.
const ENDING: Duration = Duration::from_secs(15);
const PAUSE: Duration = Duration::from_millis(50);

/// What a network is to be.
#[derive(Clone, Debug)]
pub struct Definition {
    /// Template and miners.
    pub cast: Cast,
    /// Whether validators commit their weights and reveal them later.
    pub commits: bool,
    /// Where the network listens.
    pub ports: Ports,
    /// Folder that keeps everything; a temporary one if there is none.
    pub keep: Option<PathBuf>,
}

impl Definition {
    /// The network of a template, on free ports, that keeps nothing.
    ///
    /// **Errors:** the template has no cast.
    pub fn of(template: &str) -> Outcome<Self> {
        Ok(Self {
            cast: Cast::of(template)?,
            commits: false,
            ports: Ports::Free,
            keep: None,
        })
    }
}

/// A network that runs.
pub struct Network {
    definition: Definition,
    netuid: u16,
    everybody: Vec<Judged>,
    // In the order in which they end: neurons before the node, all of them before the guard and the folder.
    neurons: Vec<Process>,
    /// Where each validator hands out receipts, and its hotkey.
    receipts: Vec<(u16, Key)>,
    node: Process,
    node_ports: [u16; 2],
    chain: Chain,
    runtime: tokio::runtime::Runtime,
    rpc: Rpc,
    guard: Guard,
    place: Place,
    started: Instant,
}

impl Network {
    /// Starts a network. `say` is told of every step.
    ///
    /// **Errors:** a binary is missing, a port is taken, a process ends, or the chain refuses a step.
    pub fn start(definition: Definition, say: &mut dyn FnMut(&str)) -> Outcome<Self> {
        let started = Instant::now();
        let place = Place::make(definition.keep.as_deref())?;
        setup::check_kept(place.path(), definition.cast.template)?;
        let guard = Guard::start()?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()?;
        let node_ports = programs::node_ports(definition.ports)?;
        let mut node = Process::start(&guard, programs::node(place.path(), node_ports)?)?;
        let rpc = Rpc::on(node_ports[0]);
        wait_for_blocks(&mut node, &rpc)?;
        say(&format!(
            "the chain runs ({:.1} s)",
            started.elapsed().as_secs_f64()
        ));
        let chain = runtime
            .block_on(Chain::connect(&url(node_ports[0])))
            .map_err(unreadable)?;
        let mut network = Self {
            definition,
            netuid: 0,
            everybody: Vec::new(),
            neurons: Vec::new(),
            receipts: Vec::new(),
            node,
            node_ports,
            chain,
            runtime,
            rpc,
            guard,
            place,
            started,
        };
        network.set_up(say)?;
        network.start_neurons(say)?;
        Ok(network)
    }

    /// The subnet.
    pub fn netuid(&self) -> u16 {
        self.netuid
    }

    /// What the network is.
    pub fn definition(&self) -> &Definition {
        &self.definition
    }

    /// Everybody on the subnet: the owner, the miners from best to worst, the validators.
    pub fn everybody(&self) -> &[Judged] {
        &self.everybody
    }

    /// The hotkeys of [`Self::everybody`].
    pub fn hotkeys(&self) -> Vec<Key> {
        self.everybody.iter().map(|one| one.hotkey).collect()
    }

    /// Addresses of the node's RPC.
    pub fn urls(&self) -> [String; 2] {
        self.node_ports.map(url)
    }

    /// What the validators think of each miner, by hotkey: the mean of their newest scores, from signed receipts.
    pub fn scores(&self) -> BTreeMap<Key, f64> {
        scores::mean(&self.receipts, self.netuid)
    }

    /// The node's RPC.
    pub fn rpc(&self) -> &Rpc {
        &self.rpc
    }

    /// Where the network keeps its files; logs are there.
    pub fn folder(&self) -> &Path {
        self.place.path()
    }

    /// Time since the start.
    pub fn age(&self) -> Duration {
        self.started.elapsed()
    }

    /// The books of the subnet after a block.
    ///
    /// **Errors:** see [`Books::read`].
    pub fn books(&self, block: u64) -> Outcome<Books> {
        Books::read(&self.rpc, self.netuid, block, &self.hotkeys())
    }

    /// Signs a call with the key of a seed and waits until a block includes it. Tries again where that may help.
    ///
    /// **Errors:** the chain refuses it.
    pub fn submit(&self, seed: &str, call: Call) -> Outcome<Receipt> {
        let key = keys::pair(seed);
        let start = Instant::now();
        loop {
            let sent = self.chain.submit(&key, call.clone(), Wait::Best);
            match self.runtime.block_on(sent) {
                Ok(receipt) => return Ok(receipt),
                Err(error) if error.is_retryable() && start.elapsed() < PATIENCE => {
                    std::thread::sleep(PAUSE);
                }
                Err(error) => return Err(refused(&error)),
            }
        }
    }

    /// The client, and the runtime that it lives in.
    pub fn client(&self) -> (&Chain, &tokio::runtime::Runtime) {
        (&self.chain, &self.runtime)
    }

    /// A process by its name: `node`, or the name of a miner or validator.
    ///
    /// **Errors:** there is none.
    pub fn process(&mut self, name: &str) -> Outcome<&mut Process> {
        std::iter::once(&mut self.node)
            .chain(&mut self.neurons)
            .find(|process| process.name() == name)
            .ok_or_else(|| Failure::new(format!("there is no process `{name}`")))
    }

    /// Starts a process again as it was started before, killing it if it runs.
    ///
    /// **Errors:** it does not start.
    pub fn start_again(&mut self, name: &str) -> Outcome {
        let mut all = std::iter::once(&mut self.node).chain(&mut self.neurons);
        match all.find(|process| process.name() == name) {
            Some(process) => process.start_again(&self.guard),
            None => Err(Failure::new(format!("there is no process `{name}`"))),
        }
    }

    /// Fails if a process has ended by itself, with the end of its log.
    ///
    /// **Errors:** one has.
    pub fn check_processes(&mut self) -> Outcome {
        for process in std::iter::once(&mut self.node).chain(&mut self.neurons) {
            if let Some(status) = process.ended() {
                return Err(Failure::new(format!(
                    "{} ended with {status}; the end of its log:\n{}",
                    process.name(),
                    process.log_end()
                )));
            }
        }
        Ok(())
    }

    /// Waits until `ask` has a value. Processes that were not killed on purpose must go on meanwhile.
    ///
    /// **Errors:** the deadline passed, a process ended.
    pub fn wait_for<T>(
        &mut self,
        what: &str,
        deadline: Duration,
        mut ask: impl FnMut(&mut Self) -> Outcome<Option<T>>,
    ) -> Outcome<T> {
        let start = Instant::now();
        let mut last = "not yet".to_owned();
        while start.elapsed() < deadline {
            self.check_processes()?;
            match ask(self) {
                Ok(Some(value)) => return Ok(value),
                Ok(None) => {}
                Err(error) => last = error.to_string(),
            }
            std::thread::sleep(PAUSE);
        }
        Err(
            Failure::new(format!("no {what} in {} s ({last})", deadline.as_secs()))
                .advise(format!("read the logs in {}", self.folder().display())),
        )
    }

    /// Stops everything in order: neurons, then the node. Whether everything ended by itself.
    ///
    /// **Errors:** a process cannot be ended.
    pub fn stop(mut self) -> Outcome<bool> {
        for process in &self.neurons {
            process.ask_to_end();
        }
        let deadline = Instant::now() + ENDING;
        let mut in_order = true;
        for process in &mut self.neurons {
            in_order &= process.wait_for_end(deadline)?;
        }
        self.node.ask_to_end();
        in_order &= self.node.wait_for_end(Instant::now() + ENDING)?;
        Ok(in_order)
    }
}

/// Address of an RPC port.
fn url(port: u16) -> String {
    format!("ws://127.0.0.1:{port}")
}

fn account(key: &Key) -> AccountId32 {
    AccountId32::new(*key)
}

fn unreadable(error: dendra_client::ChainError) -> Failure {
    Failure::new(error.to_string())
}

fn refused(error: &SubmitError) -> Failure {
    Failure::new(error.to_string())
}

/// Waits for the first block.
pub(crate) fn wait_for_blocks(node: &mut Process, rpc: &Rpc) -> Outcome {
    let start = Instant::now();
    while rpc.best().unwrap_or(0) == 0 {
        if let Some(status) = node.ended() {
            return Err(
                Failure::new(format!("the node ended with {status}:\n{}", node.log_end()))
                    .advise("free the port, or choose another one with --port"),
            );
        }
        if start.elapsed() > PATIENCE {
            return Err(Failure::new(format!(
                "no block in {} s:\n{}",
                PATIENCE.as_secs(),
                node.log_end()
            )));
        }
        std::thread::sleep(PAUSE);
    }
    Ok(())
}

/// Everybody that a cast puts on its subnet, without their uids.
fn everybody(cast: &Cast) -> Vec<Judged> {
    let miners = cast
        .miners
        .iter()
        .map(|player| (player.name, Part::Miner(player.expected)));
    let validators = VALIDATORS.map(|name| (name, Part::Validator));
    std::iter::once((keys::OWNER_HOTKEY, Part::Owner))
        .chain(miners)
        .chain(validators)
        .map(|(name, part)| Judged {
            name: name.into(),
            hotkey: keys::public(&keys::hotkey(name)),
            uid: 0,
            part,
        })
        .collect()
}
