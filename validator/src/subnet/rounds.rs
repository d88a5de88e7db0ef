//! A round in every epoch.

use std::{collections::BTreeMap, sync::Arc, time::Instant};

use subnet_sdk::{Exchange, Judge, Miner, Seed, Verdict};

use super::{Desk, Trouble, Validator, blocking};
use crate::{
    average::Average,
    chain::{Away, ChainAccess, Epoch, Subnet},
    clipping,
    duty::Duty,
    explain,
    hotkey::Hotkey,
    query::Terms,
    receipts::About,
    round::{self, JudgeFault},
    store::{Round, StoreError, Stored},
};

/// Why a round did not end in scores.
#[derive(Debug, thiserror::Error)]
enum NoRound {
    #[error(transparent)]
    Away(#[from] Away),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(
        "this hotkey has no uid on subnet {netuid}: no dividends until it is registered again, which costs {tao:.4} TAO now; register it and stake to it"
    )]
    Unregistered { netuid: u16, tao: f64 },
    #[error(
        "uid {uid} has no permit on subnet {netuid}: miners do not answer it and its weights are refused, so no dividends; more stake than other validators gives one at the next epoch"
    )]
    Unpermitted { netuid: u16, uid: u16 },
    #[error("subnet {0} does not exist: nothing can be earned there; check --subnet")]
    NoSubnet(u16),
    #[error(
        "the template cannot judge ({0}): no new scores, so the weights of before stay until they are too old; correct the settings or ask the owner of the subnet"
    )]
    Template(String),
    #[error(
        "the template's judge made a fault ({0}): this round has no scores; report it to the template's authors"
    )]
    Judge(JudgeFault),
    #[error("a receipt cannot be signed: {0}")]
    Receipt(String),
}

impl NoRound {
    /// Whether another try in the same epoch may help.
    fn is_passing(&self) -> bool {
        !matches!(self, Self::Judge(_) | Self::Receipt(_))
    }

    fn result(&self) -> &'static str {
        match self {
            Self::Unregistered { .. } => "unregistered",
            Self::Unpermitted { .. } => "unpermitted",
            _ => "failed",
        }
    }
}

/// A judge, and the declaration that it was made with.
struct Seat {
    judge: Box<dyn Judge>,
    declaration: Option<Vec<u8>>,
}

pub(super) struct Rounds<C> {
    validator: Validator<C>,
    duty: Duty,
    desk: Desk,
    /// The newest epoch that needs no round.
    newest: Option<u64>,
    seat: Option<Seat>,
    /// The epoch and declaration with which no judge could be made, and why: once in an epoch is enough to load a model in vain.
    failed: Option<(u64, Option<Vec<u8>>, String)>,
    trouble: Trouble,
    runtime: Option<u32>,
    /// Uids whose score is shown.
    shown: Vec<u16>,
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
            seat: None,
            failed: None,
            trouble: Trouble::default(),
            runtime: None,
            shown: Vec::new(),
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
        self.note_runtime().await;
        let subnet = chain
            .subnet(netuid)
            .await?
            .ok_or(NoRound::NoSubnet(netuid))?;
        self.note_standing(&subnet).await;
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
        self.seat(epoch.index, declaration).await?;
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
        let deadline = self.seat.as_ref().and_then(|seat| seat.judge.deadline());
        let terms = Terms::of(netuid, &self.duty.template.description(), deadline);
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
            declaration: self.seat.as_ref().and_then(|seat| seat.declaration.clone()),
            smoothing,
            asked,
            before,
            verdicts,
            limits: (limits.neurons, limits.least, limits.highest),
            fillers,
            row: None,
        };
        record.row = round::stored_row(&record, &averages).ok();
        self.note_round(&record, &averages);

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

    /// Makes a judge, if there is none that knows this declaration.
    async fn seat(&mut self, epoch: u64, declaration: Option<Vec<u8>>) -> Result<(), NoRound> {
        if self
            .seat
            .as_ref()
            .is_some_and(|seat| seat.declaration == declaration)
        {
            return Ok(());
        }
        match &self.failed {
            Some((when, what, why)) if *when == epoch && *what == declaration => {
                return Err(NoRound::Template(why.clone()));
            }
            _ => {}
        }
        let (duty, models) = (self.duty.clone(), self.validator.models.clone());
        let declared = declaration.clone();
        let made = blocking(move || duty.judge(models.as_ref(), declared.as_deref())).await;
        let judge = match made {
            Ok(Ok(judge)) => judge,
            Ok(Err(error)) => return Err(self.no_judge(epoch, declaration, error.to_string())),
            Err(panic) => {
                return Err(self.no_judge(epoch, declaration, format!("it broke off: {panic}")));
            }
        };
        let netuid = self.duty.netuid;
        tracing::info!(
            netuid,
            declared = declaration.is_some(),
            "the judge is ready"
        );
        self.failed = None;
        self.seat = Some(Seat { judge, declaration });
        Ok(())
    }

    fn no_judge(&mut self, epoch: u64, declaration: Option<Vec<u8>>, why: String) -> NoRound {
        self.failed = Some((epoch, declaration, why.clone()));
        NoRound::Template(why)
    }

    /// Lets the judge work beside the loop. A judge that panics is replaced.
    async fn with_judge<T: Send + 'static>(
        &mut self,
        work: impl FnOnce(&mut dyn Judge) -> T + Send + 'static,
    ) -> Result<T, NoRound> {
        let Some(mut seat) = self.seat.take() else {
            return Err(NoRound::Template("there is no judge".into()));
        };
        let started = Instant::now();
        let done = blocking(move || {
            let done = work(seat.judge.as_mut());
            (seat, done)
        });
        let (seat, done) = done
            .await
            .map_err(|panic| NoRound::Judge(JudgeFault::Panicked(panic)))?;
        self.seat = Some(seat);
        let label = self.duty.netuid.to_string();
        let times = &self.validator.metrics.judge_time;
        times
            .with_label_values(&[&label])
            .observe(started.elapsed().as_secs_f64());
        Ok(done)
    }

    async fn note_runtime(&mut self) {
        let Ok((name, version)) = self.validator.chain.runtime().await else {
            return;
        };
        self.validator.metrics.spec_version.set(version.into());
        match self.runtime.replace(version) {
            Some(old) if old != version => {
                tracing::info!(name, old, version, "the chain runs a new runtime");
            }
            _ => {}
        }
    }

    /// What the chain says of this validator.
    async fn note_standing(&mut self, subnet: &Subnet) {
        let Validator {
            metrics,
            chain,
            own,
            ..
        } = &self.validator;
        let label = subnet.netuid.to_string();
        let label = [label.as_str()];
        let cutoff = i64::try_from(subnet.activity_cutoff).unwrap_or(i64::MAX);
        metrics
            .activity_cutoff
            .with_label_values(&label)
            .set(cutoff);
        let Some(neuron) = subnet.neuron(own) else {
            metrics.permitted.with_label_values(&label).set(0);
            return;
        };
        let age = subnet.block.saturating_sub(neuron.last_update);
        metrics
            .weights_age
            .with_label_values(&label)
            .set(i64::try_from(age).unwrap_or(i64::MAX));
        metrics
            .permitted
            .with_label_values(&label)
            .set(subnet.may_set(neuron).into());
        metrics
            .stake
            .with_label_values(&label)
            .set(neuron.stake as f64 / 1e9);
        metrics
            .dividends
            .with_label_values(&label)
            .set(f64::from(neuron.dividends) / 65_535.0);
        metrics
            .emission
            .with_label_values(&label)
            .set(neuron.emission as f64 / 1e9);
        if let Ok(row) = chain.weights(subnet.netuid, neuron.uid).await {
            let taken = clipping::taken(&explain::counted(subnet, own, &row));
            metrics.clipped.with_label_values(&label).set(taken);
        }
    }

    fn note_round(&mut self, round: &Round, averages: &[(Hotkey, Average)]) {
        let metrics = &self.validator.metrics;
        let netuid = round.netuid.to_string();
        // Verdicts and averages have the same order.
        let shown: BTreeMap<u16, f64> = round
            .verdicts
            .iter()
            .zip(averages)
            .map(|(verdict, (_, average))| (verdict.miner.uid, average.value))
            .collect();
        for uid in self.shown.iter().filter(|uid| !shown.contains_key(uid)) {
            let _ = metrics
                .score
                .remove_label_values(&[&netuid, &uid.to_string()]);
        }
        for (uid, value) in &shown {
            metrics
                .score
                .with_label_values(&[&netuid, &uid.to_string()])
                .set(*value);
        }
        self.shown = shown.into_keys().collect();
        let label = [netuid.as_str()];
        let scoring = round
            .verdicts
            .iter()
            .filter(|verdict| verdict.score > 0.0)
            .count();
        metrics
            .epoch
            .with_label_values(&label)
            .set(i64::try_from(round.epoch).unwrap_or(i64::MAX));
        metrics
            .miners
            .with_label_values(&label)
            .set(round.asked.len() as i64);
        metrics
            .scoring_miners
            .with_label_values(&label)
            .set(scoring as i64);
        tracing::info!(
            netuid = round.netuid,
            epoch = round.epoch,
            miners = round.asked.len(),
            scoring,
            "a round ended"
        );
        for verdict in &round.verdicts {
            tracing::debug!(
                netuid = round.netuid,
                epoch = round.epoch,
                uid = verdict.miner.uid,
                hotkey = %Hotkey(verdict.miner.hotkey),
                score = verdict.score,
                reason = verdict.reason,
                "verdict"
            );
        }
    }
}

fn broken(panic: String) -> NoRound {
    NoRound::Store(StoreError::Broken(panic))
}
