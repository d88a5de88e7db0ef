//! A round in every epoch.

mod no_round;
mod notes;
mod seat;

use std::{collections::BTreeMap, sync::Arc, time::Instant};

use subnet_sdk::{Exchange, Judge, Miner, Seed, Verdict};

use self::{no_round::NoRound, notes::Notes, seat::Seat};
use super::{Desk, Trouble, Validator, blocking};
use crate::{
    chain::{Away, ChainAccess, Epoch, Subnet},
    duty::Duty,
    query::Terms,
    receipts::About,
    round,
    store::{Round, StoreError, Stored},
};

pub(super) struct Rounds<C> {
    validator: Validator<C>,
    duty: Duty,
    desk: Desk,
    /// The newest epoch that needs no round.
    newest: Option<u64>,
    seat: Seat,
    notes: Notes,
    trouble: Trouble,
}

impl<C: ChainAccess> Rounds<C> {
    pub(super) fn new(
        validator: Validator<C>,
        duty: Duty,
        desk: Desk,
        newest: Option<u64>,
    ) -> Self {
        Self {
            validator,
            duty,
            desk,
            newest,
            seat: Seat::default(),
            notes: Notes::default(),
            trouble: Trouble::default(),
        }
    }

    pub(super) async fn run(mut self) {
        let mut heads = self.validator.chain.heads();
        let stop = self.validator.stop.clone();
        loop {
            let turn = async {
                if heads.borrow_and_update().is_some() {
                    self.look().await;
                }
                heads.changed().await
            };
            tokio::select! {
                () = stop.requested() => return,
                changed = turn => if changed.is_err() { return },
            }
        }
    }

    /// Runs the round of the epoch, unless it is done.
    async fn look(&mut self) {
        let netuid = self.duty.netuid;
        let netuid_label = netuid.to_string();
        let epoch = match self.validator.chain.epoch(netuid).await {
            Ok(Some(epoch)) => epoch,
            Ok(None) => return self.report(None, &NoRound::NoSubnet(netuid)),
            Err(error) => return self.trouble.away(netuid, &error),
        };
        if self.newest.is_some_and(|newest| newest >= epoch.index) {
            return;
        }
        let started = Instant::now();
        match self.round(&epoch).await {
            Ok(()) => {
                self.newest = Some(epoch.index);
                let metrics = &self.validator.metrics;
                metrics
                    .rounds
                    .with_label_values(&[&netuid_label, "finished"])
                    .inc();
                let time = started.elapsed().as_secs_f64();
                metrics
                    .round_time
                    .with_label_values(&[&netuid_label])
                    .observe(time);
                if self.trouble.is_over() {
                    tracing::info!(netuid, epoch = epoch.index, "rounds go on");
                }
            }
            Err(error) => self.report(Some(epoch.index), &error),
        }
    }

    /// Says why there is no round, once.
    fn report(&mut self, epoch: Option<u64>, error: &NoRound) {
        let netuid = self.duty.netuid;
        if let NoRound::Away(error) = error {
            return self.trouble.away(netuid, error);
        }
        if !error.is_passing() {
            self.newest = epoch.or(self.newest);
        }
        if self.trouble.is_new(&error.to_string()) {
            tracing::error!(netuid, epoch, "{error}");
            let label = netuid.to_string();
            let rounds = &self.validator.metrics.rounds;
            rounds.with_label_values(&[&label, error.result()]).inc();
        }
    }

    async fn round(&mut self, epoch: &Epoch) -> Result<(), NoRound> {
        let Validator { chain, own, .. } = self.validator.clone();
        let netuid = self.duty.netuid;
        let metrics = &self.validator.metrics;
        self.notes.runtime(&chain, metrics).await;
        let subnet = chain
            .subnet(netuid)
            .await?
            .ok_or(NoRound::NoSubnet(netuid))?;
        notes::standing(&chain, metrics, &own, &subnet).await;
        let neuron = subnet.neuron(&own).ok_or(NoRound::Unregistered {
            netuid,
            tao: subnet.burn as f64 / 1e9,
        })?;
        if !subnet.may_set(neuron) {
            let uid = neuron.uid;
            return Err(NoRound::Unpermitted { netuid, uid });
        }
        let started = u32::try_from(epoch.started).unwrap_or(u32::MAX);
        let randomness = chain.hash_of(started).await?;
        let randomness =
            randomness.ok_or_else(|| Away(format!("block {started} is not there yet")))?;
        let declaration = chain.commitment(netuid, &subnet.owner).await?;
        self.seat
            .fill(&self.duty, &self.validator.models, epoch.index, declaration)
            .await?;
        let seed = Seed::of_round(&randomness, netuid, epoch.index, &own.0);

        let addresses: BTreeMap<Miner, _> = subnet
            .miners(&own)
            .map(|neuron| {
                (
                    Miner {
                        uid: neuron.uid,
                        hotkey: neuron.hotkey.0,
                    },
                    neuron.address,
                )
            })
            .collect();
        let asked: Vec<Miner> = addresses.keys().copied().collect();
        let terms = Terms::of(
            netuid,
            &self.duty.template.description(),
            self.seat.deadline(),
        );
        tracing::info!(
            netuid,
            epoch = epoch.index,
            miners = asked.len(),
            "a round begins"
        );

        let limit = self.duty.template.description().challenge_limit;
        let miners = asked.clone();
        let challenges = self
            .with_judge(move |judge| round::challenges(judge, &seed, &miners, limit))
            .await?
            .map_err(NoRound::Judge)?;
        let heads = chain.heads();
        let block = || heads.borrow().map_or(epoch.block, |head| head.number);
        let exchanges = self
            .validator
            .asker
            .ask_all(terms, &addresses, challenges, block)
            .await;
        let exchanges = Arc::new(exchanges);
        let (miners, answered) = (asked.clone(), exchanges.clone());
        let verdicts = self
            .with_judge(move |judge| round::judged(judge, &seed, &miners, &answered))
            .await?;
        // The judge's thread has let go of it.
        let exchanges = Arc::try_unwrap(exchanges).unwrap_or_else(|shared| (*shared).clone());
        self.conclude(epoch, &subnet, randomness, asked, exchanges, verdicts)
            .await
    }

    /// Verdicts become averages, receipts and a wish, and all of it is stored at once.
    async fn conclude(
        &mut self,
        epoch: &Epoch,
        subnet: &Subnet,
        randomness: [u8; 32],
        asked: Vec<Miner>,
        exchanges: Vec<Exchange>,
        verdicts: Vec<Verdict>,
    ) -> Result<(), NoRound> {
        let Validator {
            store,
            own,
            smoothing,
            keep,
            pair,
            ..
        } = self.validator.clone();
        let netuid = self.duty.netuid;
        let description = self.duty.template.description();
        let before = {
            let store = store.clone();
            blocking(move || store.averages(netuid))
                .await
                .map_err(broken)??
        };
        let averages = round::scored(&before, &verdicts, smoothing, epoch.index);
        let wish = round::wish(epoch.index, &averages);
        let fillers = round::fillers(subnet, &own, &wish.scores);
        let limits = subnet.limits();
        let seed = Seed::of_round(&randomness, netuid, epoch.index, &own.0);
        let about = About {
            netuid,
            epoch: epoch.index,
            seed,
        };
        let receipts = about
            .lines(&pair, &verdicts)
            .map_err(|error| NoRound::Receipt(error.to_string()))?;
        let mut record = Round {
            netuid,
            epoch: epoch.index,
            started: epoch.started,
            randomness,
            validator: own,
            template: (description.name.into(), description.version),
            settings: self.duty.settings.clone(),
            declaration: self.seat.declaration(),
            smoothing,
            asked,
            before,
            verdicts,
            limits: (limits.neurons, limits.least, limits.highest),
            fillers,
            row: None,
        };
        record.row = round::stored_row(&record, &averages).ok();
        self.notes
            .round(&self.validator.metrics, &record, &averages);

        let desk = self.desk.clone();
        let stored = Stored {
            round: record,
            exchanges,
        };
        let (number, hash) = (u32::try_from(epoch.started).unwrap_or(u32::MAX), randomness);
        // A task of its own: what is on disk must be in memory too, also if the round is told to stop meanwhile.
        let finishing = tokio::spawn(async move {
            let mut submission = desk.submission.lock().await;
            let mut next = submission.clone();
            next.offer(wish);
            let written = next.clone();
            blocking(move || {
                store.finish_round(&stored, &averages, &receipts, &written, keep)?;
                store.set_anchor(number, hash)
            })
            .await
            .map_err(StoreError::Broken)??;
            *submission = next;
            desk.wish.notify_one();
            Ok::<(), StoreError>(())
        });
        let finished = finishing.await.map_err(|error| broken(error.to_string()))?;
        if let Err(error) = finished {
            let label = netuid.to_string();
            self.validator
                .metrics
                .store_failures
                .with_label_values(&[&label])
                .inc();
            return Err(error.into());
        }
        Ok(())
    }

    /// Lets the judge work beside the loop, and counts its time.
    async fn with_judge<T: Send + 'static>(
        &mut self,
        work: impl FnOnce(&mut dyn Judge) -> T + Send + 'static,
    ) -> Result<T, NoRound> {
        let started = Instant::now();
        let done = self.seat.work(work).await?;
        let label = self.duty.netuid.to_string();
        let times = &self.validator.metrics.judge_time;
        times
            .with_label_values(&[&label])
            .observe(started.elapsed().as_secs_f64());
        Ok(done)
    }
}

fn broken(panic: String) -> NoRound {
    NoRound::Store(StoreError::Broken(panic))
}
