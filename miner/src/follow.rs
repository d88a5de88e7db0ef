//! Following the chain: blocks, the metagraph, the own place in it, and the endpoint that validators find there.

use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use dendra_client::{AccountId32, Call, Chain, ChainError, Wait, wallet::Wallet};
use neuron_operator::{
    exit::{Code, Failure},
    metrics::Health,
    stop::Stop,
};
use tokio::{sync::watch, task::JoinSet};

use crate::{
    announce::{Step, step},
    gateway::View,
    identity,
    metrics::Metrics,
    network::Snapshot,
    register,
    settings::Settings,
};

/// Blocks between two readings of the metagraph, unless the tempo is shorter.
const REFRESH: u64 = 25;

/// How often to look whether the chain is there when no block comes.
const LOOK: Duration = Duration::from_secs(3);

/// Between two attempts to publish the endpoint.
const AGAIN: Duration = Duration::from_secs(20);

/// What the owner has published on chain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Declaration {
    /// Nobody knows: the chain was not there.
    #[default]
    Unknown,
    /// This, or nothing.
    Known(Option<Vec<u8>>),
}

/// Follows the chain for a miner.
pub struct Follower {
    /// The chain.
    pub chain: Chain,
    /// The miner's key.
    pub wallet: Wallet,
    /// What the operator set.
    pub settings: Settings,
    /// What the miner's parts know together.
    pub view: Arc<View>,
    /// What the owner has published.
    pub declaration: watch::Sender<Declaration>,
    /// What is counted.
    pub metrics: Metrics,
    /// How the parts are.
    pub health: Health,
    /// Ends it.
    pub stop: Stop,
}

/// What following remembers.
#[derive(Default)]
struct Memory {
    slot: Option<Duration>,
    away: bool,
    was_registered: Option<bool>,
    asked_to_register: bool,
    read_at: Option<u64>,
    last_try: Option<Instant>,
}

impl Follower {
    /// Follows until stopped. **Errors:** what no waiting will cure: a chain without the subnet, a registration that is refused.
    pub async fn run(self) -> Result<(), Failure> {
        let netuid = self.settings.netuid()?;
        let mut heads = self.chain.heads();
        let mut memory = Memory::default();
        let mut publishing = JoinSet::new();
        self.health.bad("chain", "not heard of yet");
        loop {
            tokio::select! {
                () = self.stop.requested() => return Ok(()),
                Some(_) = publishing.join_next(), if !publishing.is_empty() => {}
                changed = heads.changed() => {
                    if changed.is_err() {
                        return Ok(());
                    }
                }
                () = tokio::time::sleep(LOOK) => {}
            }
            let head = *heads.borrow_and_update();
            let Some(head) = head.filter(|_| self.chain.is_connected()) else {
                self.note_absence("no connection", &mut memory);
                continue;
            };
            match self
                .step(netuid, head.number, &mut memory, &mut publishing)
                .await
            {
                Ok(()) => {}
                Err(Trouble::Later(reason)) => self.note_absence(&reason, &mut memory),
                Err(Trouble::End(failure)) => return Err(failure),
            }
        }
    }

    async fn step(
        &self,
        netuid: u16,
        block: u32,
        memory: &mut Memory,
        publishing: &mut JoinSet<()>,
    ) -> Result<(), Trouble> {
        let slot = match memory.slot {
            Some(slot) => slot,
            None => {
                let slot = Duration::from_millis(self.chain.slot_duration_ms().await?.max(1));
                memory.slot = Some(slot);
                slot
            }
        };
        self.view.saw_block(block, Instant::now(), slot);
        self.metrics.block.set(block.into());
        self.note_presence(block, memory);
        if self.settings.register && !memory.asked_to_register {
            let registered = register::register(&self.chain, &self.wallet, &self.settings).await;
            match registered {
                Ok(registered) => tracing::info!(uid = registered.uid(), netuid, "registered"),
                Err(failure) if failure.code() == Code::Chain => {
                    return Err(Trouble::Later(failure.to_string()));
                }
                Err(failure) => return Err(Trouble::End(failure)),
            }
            memory.asked_to_register = true;
        }
        let known = self.view.network.borrow().clone();
        let pause = known
            .as_ref()
            .map_or(0, |s| u64::from(s.tempo).clamp(1, REFRESH));
        let due = memory
            .read_at
            .is_none_or(|at| u64::from(block) >= at + pause || u64::from(block) < at);
        let snapshot = match known {
            Some(snapshot) if !due => snapshot,
            _ => self.read(netuid, block, memory).await?,
        };
        self.announce(&snapshot, block, memory, publishing);
        Ok(())
    }

    /// Reads the metagraph and what the owner has published.
    async fn read(
        &self,
        netuid: u16,
        block: u32,
        memory: &mut Memory,
    ) -> Result<Arc<Snapshot>, Trouble> {
        let Some(graph) = self.chain.metagraph(netuid).await? else {
            return Err(Trouble::End(register::no_subnet(netuid)));
        };
        let snapshot = Arc::new(Snapshot::from(&graph));
        let owner = AccountId32::new(snapshot.owner_hotkey);
        let declared = Declaration::Known(self.chain.commitment(netuid, &owner).await?);
        self.declaration.send_if_modified(|old| {
            let changed = *old != declared;
            *old = declared;
            changed
        });
        memory.read_at = Some(block.into());
        self.metrics
            .metagraph_block
            .set(i64::try_from(snapshot.block).unwrap_or(i64::MAX));
        self.note_place(&snapshot, memory);
        self.view.network.send_replace(Some(Arc::clone(&snapshot)));
        Ok(snapshot)
    }

    /// Notes whether the hotkey has a place, and what it earns.
    fn note_place(&self, snapshot: &Snapshot, memory: &mut Memory) {
        let own = snapshot.neuron(&identity::hotkey(&self.wallet));
        let netuid = snapshot.netuid;
        match own {
            Some(own) => {
                self.health.good("registration", format!("uid {}", own.uid));
                self.metrics
                    .incentive
                    .set(f64::from(own.incentive) / 65535.0);
                self.metrics.emission.set(own.emission as f64 / 1e9);
                if memory.was_registered != Some(true) {
                    tracing::info!(netuid, uid = own.uid, "the hotkey is registered");
                }
            }
            None => {
                self.health.bad("registration", "the hotkey has no uid");
                self.metrics.incentive.set(0.0);
                self.metrics.emission.set(0.0);
                match memory.was_registered {
                    Some(true) => tracing::error!(
                        netuid,
                        "the hotkey lost its place and earns nothing; `dendra-miner explain` and `dendra-miner register` help"
                    ),
                    None => tracing::warn!(
                        netuid,
                        "the hotkey is not registered and earns nothing; `dendra-miner register` says how"
                    ),
                    Some(false) => {}
                }
            }
        }
        self.metrics.registered.set(own.is_some().into());
        memory.was_registered = Some(own.is_some());
    }

    fn announce(
        &self,
        snapshot: &Snapshot,
        block: u32,
        memory: &mut Memory,
        publishing: &mut JoinSet<()>,
    ) {
        let wanted = self.settings.announce();
        let Some(own) = snapshot.neuron(&identity::hotkey(&self.wallet)) else {
            return;
        };
        match step(wanted, own, snapshot, block.into()) {
            Step::Nothing => {
                if wanted.is_some() {
                    self.health.good("endpoint", "published on chain");
                }
            }
            Step::Wait(until) => {
                self.health
                    .bad("endpoint", format!("to be published at block {until}"));
            }
            Step::Publish(address) => {
                let lately = memory.last_try.is_some_and(|at| at.elapsed() < AGAIN);
                if !publishing.is_empty() || lately {
                    return;
                }
                memory.last_try = Some(Instant::now());
                self.health.bad("endpoint", "being published");
                // The next reading of the metagraph shows whether it stands there.
                memory.read_at = None;
                publishing.spawn(publish(
                    self.chain.clone(),
                    self.wallet.clone(),
                    snapshot.netuid,
                    address,
                    self.metrics.clone(),
                ));
            }
        }
    }

    fn note_presence(&self, block: u32, memory: &mut Memory) {
        self.metrics.connected.set(1);
        self.health.good("chain", format!("block {block}"));
        if memory.away {
            tracing::info!(block, "the chain is back");
        }
        memory.away = false;
    }

    fn note_absence(&self, reason: &str, memory: &mut Memory) {
        self.metrics.connected.set(0);
        let known = self.view.network.borrow().as_ref().map(|s| s.block);
        let text = match known {
            Some(block) => format!("away; serving on with the metagraph of block {block}"),
            None => "away; validators are refused until it was there once".into(),
        };
        self.health.bad("chain", text.clone());
        if !memory.away {
            tracing::warn!(url = self.chain.url(), reason, "the chain is {text}");
        }
        memory.away = true;
    }
}

/// Publishes the endpoint.
async fn publish(chain: Chain, wallet: Wallet, netuid: u16, address: SocketAddr, metrics: Metrics) {
    let call = Call::serve_at(netuid, 1, address);
    let outcome = match chain.submit(wallet.pair(), call, Wait::Best).await {
        Ok(receipt) => {
            tracing::info!(%address, block = receipt.number, "the endpoint is on chain");
            "done"
        }
        Err(error) => {
            tracing::warn!(%address, %error, "the endpoint is not on chain, so validators do not find it; trying again");
            "failed"
        }
    };
    metrics.announcements.with_label_values(&[outcome]).inc();
}

/// What interrupts a step.
enum Trouble {
    /// The chain did not answer; this says why.
    Later(String),
    /// There is no use in going on.
    End(Failure),
}

impl From<ChainError> for Trouble {
    fn from(error: ChainError) -> Self {
        Self::Later(error.to_string())
    }
}
