//! Handing in weights: the state machine with its disk and its chain.

use std::{sync::Arc, time::Duration};

use sp_core::{Pair as _, sr25519::Pair};

use super::{Desk, Trouble, Validator, blocking};
use crate::{
    chain::{Away, ChainAccess, Epoch, Subnet},
    hotkey::Hotkey,
    round,
    store::{Store, StoreError},
    submission::{
        Ink, Note, OnChain, Order, Outcome, Sealed, Step, Submission, View, Waiting, Wish,
    },
    weights::{NoRow, Row},
};

/// Blocks that an order may take until it is looked up on chain instead of being followed.
const FOLLOWED: u32 = 6;

/// Writes rows for a subnet as it is, and seals them.
struct Writer<'a> {
    subnet: &'a Subnet,
    own: Hotkey,
}

impl Ink for Writer<'_> {
    fn row(&mut self, wish: &Wish) -> Result<Row, NoRow> {
        round::row(self.subnet, &self.own, &wish.scores)
    }

    fn seal(&mut self, row: &Row, version_key: u64) -> Sealed {
        // The seed of a fresh key is 32 bytes from the system's source of randomness.
        let (_, bytes) = Pair::generate();
        let salt: Vec<u16> = bytes
            .chunks_exact(2)
            .map(|pair| {
                pair.iter()
                    .fold(0, |number, byte| (number << 8) | u16::from(*byte))
            })
            .collect();
        let hash = dendra_client::commit_hash(
            &self.own.account(),
            dendra_client::storage_index(self.subnet.netuid, 0),
            &row.uids,
            &row.values,
            &salt,
            version_key,
        );
        Sealed { salt, hash }
    }
}

/// What was read of the chain, the nonce first.
struct Sight {
    nonce: u64,
    epoch: Epoch,
    subnet: Subnet,
    commits: Vec<OnChain>,
    validity: u32,
}

impl Sight {
    fn view(&self, own: &Hotkey) -> View<'_> {
        let neuron = self.subnet.neuron(own);
        View {
            block: self.epoch.block,
            epoch: self.epoch.of_next_block(),
            nonce: self.nonce,
            uid: neuron.map(|neuron| neuron.uid),
            is_permitted: neuron.is_some_and(|neuron| self.subnet.may_set(neuron)),
            last_update: neuron.map_or(0, |neuron| neuron.last_update),
            rate_limit: self.subnet.weights_rate_limit,
            version_key: self.subnet.weights_version,
            validity: self.validity,
            commit_reveal: self.subnet.commit_reveal,
            reveal_period: self.subnet.reveal_period,
            commits: &self.commits,
        }
    }
}

pub(super) struct Handing<C> {
    validator: Validator<C>,
    netuid: u16,
    desk: Desk,
    trouble: Trouble,
    waiting: Waiting,
}

impl<C: ChainAccess> Handing<C> {
    pub(super) fn new(validator: Validator<C>, netuid: u16, desk: Desk) -> Self {
        Self {
            validator,
            netuid,
            desk,
            trouble: Trouble::default(),
            waiting: Waiting::Nothing,
        }
    }

    pub(super) async fn run(mut self) {
        let mut heads = self.validator.chain.heads();
        let stop = self.validator.stop.clone();
        let wish = self.desk.wish.clone();
        loop {
            // A transaction that is on its way is not left without its answer being stored: it would be found out, but late.
            self.look().await;
            tokio::select! {
                () = stop.requested() => return,
                () = wish.notified() => {}
                changed = heads.changed() => if changed.is_err() { return },
            }
        }
    }

    /// Looks at the chain, decides, stores, sends, stores.
    async fn look(&mut self) {
        if self.desk.submission.lock().await.is_idle() {
            return;
        }
        let turn = self.validator.turn.clone();
        let stop = self.validator.stop.clone();
        let _turn = tokio::select! {
            () = stop.requested() => return,
            turn = turn.lock() => turn,
        };
        let sight = match self.sight().await {
            Ok(Some(sight)) => sight,
            // The subnet is gone, and so are its commits; rounds say so.
            Ok(None) => return,
            Err(error) => return self.trouble.away(self.netuid, &error),
        };
        self.trouble.is_over();
        let step = match self.decide(&sight).await {
            Ok(step) => step,
            Err(error) => return self.note_store(&error),
        };
        for note in &step.notes {
            self.note(note);
        }
        let Some(order) = step.order else { return };
        let outcome = self.send(&order).await;
        self.note_outcome(&order, &outcome);
        let head = self
            .validator
            .chain
            .heads()
            .borrow()
            .map_or(sight.epoch.block, |head| head.number);
        let answered = self
            .change(move |submission| submission.answered(&outcome, head.max(sight.epoch.block)))
            .await;
        if let Err(error) = answered {
            self.note_store(&error);
        }
    }

    async fn sight(&self) -> Result<Option<Sight>, Away> {
        let Validator { chain, own, .. } = &self.validator;
        let nonce = chain.nonce(own).await?;
        let Some(epoch) = chain.epoch(self.netuid).await? else {
            return Ok(None);
        };
        let Some(subnet) = chain.subnet(self.netuid).await? else {
            return Ok(None);
        };
        let commits = chain.commits(self.netuid, own).await?;
        let validity = chain.validity().await?;
        Ok(Some(Sight {
            nonce,
            epoch,
            subnet,
            commits,
            validity,
        }))
    }

    async fn decide(&mut self, sight: &Sight) -> Result<Step, StoreError> {
        let own = self.validator.own;
        let view = sight.view(&own);
        let mut writer = Writer {
            subnet: &sight.subnet,
            own,
        };
        let step = self
            .change(|submission| submission.advance(&view, &mut writer))
            .await?;
        let submission = self.desk.submission.lock().await;
        let waiting = submission.waiting(&view);
        let label = self.netuid.to_string();
        let pending = submission.commits().len() as i64;
        self.validator
            .metrics
            .pending_commits
            .with_label_values(&[&label])
            .set(pending);
        drop(submission);
        if waiting != self.waiting {
            self.waiting = waiting;
            self.note_waiting(waiting, sight);
        }
        Ok(step)
    }

    /// Changes the state, on disk before in memory.
    async fn change<T>(&self, change: impl FnOnce(&mut Submission) -> T) -> Result<T, StoreError> {
        let mut submission = self.desk.submission.lock().await;
        let mut next = submission.clone();
        let result = change(&mut next);
        if next != *submission {
            write(&self.validator.store, self.netuid, &next).await?;
            *submission = next;
        }
        Ok(result)
    }

    async fn send(&self, order: &Order) -> Outcome {
        let chain = &self.validator.chain;
        let block = chain.block_time().await.unwrap_or(12_000);
        let patience =
            Duration::from_millis(block.saturating_mul(FOLLOWED.into())) + Duration::from_secs(10);
        let sending = chain.send(self.netuid, order);
        let stop = self.validator.stop.clone();
        let stopping = async move {
            stop.requested().await;
            // A last chance for the answer.
            tokio::time::sleep(Duration::from_secs(2)).await;
        };
        tokio::select! {
            outcome = tokio::time::timeout(patience, sending) => {
                outcome.unwrap_or_else(|_| Outcome::Unknown("no block held it in time".into()))
            }
            () = stopping => Outcome::Unknown("the validator stops".into()),
        }
    }

    fn count(&self, event: &str) {
        let netuid = self.netuid.to_string();
        self.validator
            .metrics
            .weights
            .with_label_values(&[&netuid, event])
            .inc();
    }

    fn note(&self, note: &Note) {
        let netuid = self.netuid;
        match note {
            Note::Set(epoch) => {
                self.count("set");
                tracing::info!(netuid, epoch, "weights are set");
            }
            Note::Committed { epoch, reveal } => {
                self.count("committed");
                tracing::info!(netuid, epoch, reveal, "weights are committed");
            }
            Note::Revealed(epoch) => {
                self.count("revealed");
                tracing::info!(netuid, epoch, "weights are revealed");
            }
            Note::Lost(epoch) => {
                self.count("lost");
                tracing::error!(
                    netuid,
                    epoch,
                    "committed weights were not revealed in their epoch: they never count, and dividends follow older weights; keep the validator running through every epoch"
                );
            }
            Note::Dead(kind) => {
                self.count("dead");
                tracing::warn!(
                    netuid,
                    kind,
                    "a transaction was not included; it is made anew"
                );
            }
            Note::NoRow { epoch, error } => {
                self.count("no-row");
                tracing::error!(
                    netuid,
                    epoch,
                    %error,
                    "no weights can be set, so those of before stay; more neurons or other hyperparameters are needed"
                );
            }
        }
    }

    fn note_outcome(&self, order: &Order, outcome: &Outcome) {
        let netuid = self.netuid;
        let action = order.action.name();
        match outcome {
            Outcome::Included => tracing::debug!(netuid, action, "included"),
            Outcome::Failed(reason) => {
                self.count("failed");
                tracing::warn!(
                    netuid,
                    action,
                    reason,
                    "the chain included a transaction and refused what it does; the next block is tried"
                );
            }
            Outcome::Refused(reason) => {
                self.count("refused");
                tracing::warn!(
                    netuid,
                    action,
                    reason,
                    "the chain refuses a transaction; it is tried again"
                );
            }
            Outcome::Unknown(reason) => {
                tracing::warn!(
                    netuid,
                    action,
                    reason,
                    "whether a transaction was included is looked up"
                );
            }
        }
    }

    fn note_waiting(&self, waiting: Waiting, sight: &Sight) {
        let netuid = self.netuid;
        match waiting {
            Waiting::Registration => tracing::error!(
                netuid,
                cost_tao = sight.subnet.burn as f64 / 1e9,
                "this hotkey is no longer registered: its weights and commits are gone and it earns nothing; register it again"
            ),
            Waiting::Permit => {
                tracing::warn!(netuid, "weights wait for a permit; no dividends until then")
            }
            waiting => tracing::debug!(netuid, ?waiting, "waiting"),
        }
    }

    fn note_store(&self, error: &StoreError) {
        let netuid = self.netuid;
        let label = netuid.to_string();
        self.validator
            .metrics
            .store_failures
            .with_label_values(&[&label])
            .inc();
        tracing::error!(
            netuid,
            %error,
            "the data folder cannot be written, so nothing is sent: weights grow old and dividends end; make room or correct its rights"
        );
    }
}

async fn write(store: &Arc<Store>, netuid: u16, submission: &Submission) -> Result<(), StoreError> {
    let (store, submission) = (store.clone(), submission.clone());
    match blocking(move || store.set_submission(netuid, &submission)).await {
        Ok(result) => result,
        Err(panic) => Err(StoreError::Broken(panic)),
    }
}
