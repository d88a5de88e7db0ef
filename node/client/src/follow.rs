//! What becomes of a transaction.

use std::{
    sync::{Arc, PoisonError},
    time::Duration,
};

use serde_json::json;
use sp_core::Pair as _;
use sp_crypto_hashing::blake2_256;
use subxt::ext::jsonrpsee::core::client::Subscription;
use tokio::time::{Instant, timeout, timeout_at};

use crate::{
    AccountId32, Call, Chain, ChainError, Head, Pair, Receipt, SubmitError, Wait,
    connection::Submitted,
    refusal,
    rpc::{self, SignedBlock, Status},
    runtime::Outcome,
};

/// A transaction is valid for about this long; a power of two of blocks in these bounds.
const VALID_MS: u64 = 128_000;
const FEWEST_BLOCKS: u64 = 16;
const MOST_BLOCKS: u64 = 1024;
/// How much longer than its era a transaction is followed.
const AFTERWARDS: Duration = Duration::from_secs(60);
/// A transaction that the pool refuses for a reason that passes is signed anew at most this often.
const MOST_SIGNATURES: usize = 5;
/// Turns of keys that nobody waits for are forgotten beyond this number.
const MOST_TURNS: usize = 256;

/// Codes of the pool's answers.
const INVALID: i32 = 1010;
const BANNED: i32 = 1012;
const KNOWN: i32 = 1013;
const OUTBID: i32 = 1014;
const FULL: i32 = 1016;

/// A transaction that was sent.
pub(crate) struct Transaction {
    bytes: Vec<u8>,
    hash: [u8; 32],
    account: AccountId32,
    nonce: u32,
    birth: Head,
    period: u32,
    /// Up to this final block it was looked for.
    searched: u32,
    deadline: Instant,
    watch: Option<Box<Subscription<Status>>>,
}

/// Where a transaction is.
enum Whereabouts {
    Included {
        block: [u8; 32],
        is_final: bool,
    },
    Pooled,
    Nowhere,
    /// This cannot be said yet.
    Unclear,
}

impl Transaction {
    fn dies(&self) -> u32 {
        self.birth.number.saturating_add(self.period)
    }

    fn unknown(&self, reason: impl ToString) -> SubmitError {
        SubmitError::Deadline {
            extrinsic: self.hash,
            reason: reason.to_string(),
        }
    }
}

impl Chain {
    /// Signs a call and hands it to the pool, in the turn of its key; with the next free nonce, or with this one only.
    pub(crate) async fn send(
        &self,
        pair: &Pair,
        call: &Call,
        pinned: Option<u32>,
    ) -> Result<Transaction, SubmitError> {
        let account = AccountId32::new(pair.public().0);
        let turn = self.turn(&account);
        let patience = Duration::from_millis(VALID_MS) + AFTERWARDS;
        let Ok(_turn) = timeout(patience, turn.lock()).await else {
            return Err(SubmitError::Connection(ChainError::Deadline {
                method: "the transactions that this key sent before".into(),
                waited: patience,
            }));
        };
        let mut heads = self.heads();
        let mut signatures = 0;
        loop {
            signatures += 1;
            heads.mark_unchanged();
            let mut transaction = self.signed(pair, call, account.clone(), pinned).await?;
            let (code, message, data) = match self.connection.submit(&transaction.bytes).await? {
                Submitted::Accepted(watch) => {
                    transaction.watch = Some(watch);
                    return Ok(transaction);
                }
                Submitted::Unknown(reason) => {
                    tracing::warn!(
                        extrinsic = rpc::hex(&transaction.hash),
                        reason,
                        "whether the pool took a transaction is unknown; looking for it"
                    );
                    self.settle(&mut transaction).await?;
                    return Ok(transaction);
                }
                Submitted::Refused { code: KNOWN, .. } => return Ok(transaction),
                Submitted::Refused {
                    code,
                    message,
                    data,
                } => (code, message, data),
            };
            tracing::debug!(code, message, data, "the pool refuses a transaction");
            // A nonce that was taken meanwhile, an era or a version that passed meanwhile.
            let says = |reasons: &[&str]| {
                code == INVALID && reasons.iter().any(|reason| data.contains(reason))
            };
            let is_taken = code == OUTBID || says(&["outdated", "stale"]);
            let passes = is_taken && pinned.is_none() || says(&["ancient", "bad signature"]);
            if passes && signatures < MOST_SIGNATURES {
                let _ = timeout(self.pause(), heads.changed()).await;
                self.connection.refresh_runtime().await?;
                continue;
            }
            return Err(refused(code, &message, &data, transaction.nonce));
        }
    }

    /// Follows a transaction as far as asked.
    pub(crate) async fn follow(
        &self,
        mut transaction: Transaction,
        wait: Wait,
    ) -> Result<Receipt, SubmitError> {
        if wait == Wait::Pool {
            return Ok(Receipt::pooled(transaction.hash));
        }
        let (mut heads, mut finals) = (self.heads(), self.finalized_heads());
        let mut given_up = None;
        loop {
            let deadline = transaction.deadline;
            if let Some(watch) = &mut transaction.watch {
                let status = match timeout_at(deadline, watch.next()).await {
                    Ok(status) => status,
                    Err(_) => return Err(transaction.unknown("no block included it in time")),
                };
                let block = match status {
                    Some(Ok(Status::InBlock(block))) if wait == Wait::Best => block,
                    Some(Ok(Status::Finalized(block))) => block,
                    Some(Ok(
                        Status::Future
                        | Status::Ready
                        | Status::Broadcast(_)
                        | Status::InBlock(_)
                        | Status::Retracted(_),
                    )) => continue,
                    Some(Ok(status @ (Status::Dropped | Status::Invalid | Status::Usurped(_)))) => {
                        given_up = Some(status);
                        transaction.watch = None;
                        continue;
                    }
                    // From here on the chain itself is asked.
                    Some(Ok(Status::FinalityTimeout(_)) | Err(_)) | None => {
                        transaction.watch = None;
                        continue;
                    }
                };
                let block = rpc::hash(&block)?;
                match self.receipt(&transaction, block).await {
                    Err(SubmitError::Connection(error)) if error.is_retryable() => {
                        transaction.watch = None;
                    }
                    outcome => return outcome,
                }
                continue;
            }
            heads.mark_unchanged();
            finals.mark_unchanged();
            match self.whereabouts(&mut transaction).await {
                Ok(Whereabouts::Included { block, is_final }) if is_final || wait == Wait::Best => {
                    match self.receipt(&transaction, block).await {
                        Err(SubmitError::Connection(error)) if error.is_retryable() => {}
                        outcome => return outcome,
                    }
                }
                Ok(Whereabouts::Nowhere) => match &given_up {
                    Some(Status::Usurped(_)) => {
                        return Err(SubmitError::Usurped {
                            nonce: transaction.nonce,
                        });
                    }
                    Some(Status::Invalid) => {
                        return Err(SubmitError::Dropped {
                            reason: "it became invalid before a block included it".into(),
                        });
                    }
                    Some(_) => {
                        return Err(SubmitError::Dropped {
                            reason: "the pool is full".into(),
                        });
                    }
                    // The pool forgot it, as it does when its node is killed.
                    None => {
                        let turn = self.turn(&transaction.account);
                        let held = timeout_at(deadline, turn.lock()).await;
                        let Ok(_turn) = held else {
                            return Err(transaction.unknown("the pool forgot it"));
                        };
                        self.settle(&mut transaction).await?;
                        continue;
                    }
                },
                Ok(_) => {}
                Err(SubmitError::Connection(error)) if error.is_retryable() => {
                    tracing::debug!(%error, "still looking for a transaction");
                }
                Err(SubmitError::Connection(error)) => return Err(transaction.unknown(error)),
                Err(error) => return Err(error),
            }
            let next = async {
                tokio::select! {
                    _ = heads.changed() => {}
                    _ = finals.changed() => {}
                }
            };
            if timeout_at(deadline, next).await.is_err() {
                return Err(transaction.unknown("no block included it in time"));
            }
        }
    }

    /// Looks for a transaction of which it is unknown whether the pool has it, and sends the same bytes again where
    /// it is nowhere. The caller has the turn of its key.
    async fn settle(&self, transaction: &mut Transaction) -> Result<(), SubmitError> {
        let mut heads = self.heads();
        loop {
            heads.mark_unchanged();
            let found = self.whereabouts(transaction).await;
            match found {
                Ok(Whereabouts::Included { .. } | Whereabouts::Pooled) => return Ok(()),
                Ok(Whereabouts::Unclear) => {}
                Ok(Whereabouts::Nowhere) => {
                    tracing::info!(
                        extrinsic = rpc::hex(&transaction.hash),
                        "sending the same transaction again"
                    );
                    match self.connection.submit(&transaction.bytes).await {
                        Ok(Submitted::Accepted(watch)) => {
                            transaction.watch = Some(watch);
                            return Ok(());
                        }
                        Ok(Submitted::Refused { code: KNOWN, .. }) => return Ok(()),
                        Ok(Submitted::Refused {
                            code,
                            message,
                            data,
                        }) => {
                            // It may have been included since it was looked for.
                            let late = self.whereabouts(transaction).await;
                            if let Ok(Whereabouts::Included { .. } | Whereabouts::Pooled) = late {
                                return Ok(());
                            }
                            if !data.contains("outdated") && !data.contains("stale") {
                                return Err(refused(code, &message, &data, transaction.nonce));
                            }
                        }
                        Ok(Submitted::Unknown(_)) | Err(_) => {}
                    }
                }
                Err(SubmitError::Connection(error)) if error.is_retryable() => {
                    tracing::debug!(%error, "still looking for a transaction");
                }
                Err(SubmitError::Connection(error)) => return Err(transaction.unknown(error)),
                Err(error) => return Err(error),
            }
            if Instant::now() >= transaction.deadline {
                return Err(transaction.unknown("the node was not reachable in time"));
            }
            // A block, or the end of a pause: a chain that stands still has a pool all the same.
            let _ = timeout(self.pause(), heads.changed()).await;
        }
    }

    async fn signed(
        &self,
        pair: &Pair,
        call: &Call,
        account: AccountId32,
        pinned: Option<u32>,
    ) -> Result<Transaction, SubmitError> {
        let runtime = self.connection.runtime().await?;
        let slot = self.slot_duration_ms().await?.max(1);
        let period = period(slot);
        let birth = self.birth(period).await?;
        let nonce = match pinned {
            Some(nonce) => nonce,
            None => self.next_nonce(&account).await?,
        };
        let bytes = runtime.sign(pair, call, nonce, birth, period)?;
        let follow = self.connection.options().submit_timeout;
        let follow = follow.unwrap_or_else(|| {
            Duration::from_millis(u64::from(period).saturating_mul(slot)) + AFTERWARDS
        });
        Ok(Transaction {
            hash: blake2_256(&bytes),
            bytes,
            account,
            nonce,
            birth,
            period,
            searched: birth.number,
            deadline: Instant::now() + follow,
            watch: None,
        })
    }

    /// The block from which a transaction is valid: a final one, so that no reorganisation voids it, unless finality
    /// lags so far that little of the era would be left.
    async fn birth(&self, period: u32) -> Result<Head, ChainError> {
        let (finalized, best) = (self.finalized().await?, self.head().await?);
        let lag = best.number.saturating_sub(finalized.number);
        Ok(if lag <= period / 4 { finalized } else { best })
    }

    async fn whereabouts(&self, transaction: &mut Transaction) -> Result<Whereabouts, SubmitError> {
        let (finalized, best) = (self.finalized().await?, self.head().await?);
        if best.number < transaction.birth.number {
            // A node that starts anew gets there.
            return Ok(Whereabouts::Unclear);
        }
        if self.hash_of(transaction.birth.number).await? != Some(transaction.birth.hash) {
            return Err(SubmitError::Dropped {
                reason: "the chain's history changed, and the block it was built on is gone".into(),
            });
        }
        if self.nonce_at(&transaction.account, best.hash).await? > transaction.nonce {
            let last = best.number.min(transaction.dies());
            for number in transaction.searched.saturating_add(1)..=last {
                let Some(block) = self.hash_of(number).await? else {
                    return Ok(Whereabouts::Unclear);
                };
                let is_final = number <= finalized.number;
                if self.position(transaction, block).await?.is_some() {
                    return Ok(Whereabouts::Included { block, is_final });
                }
                if is_final {
                    transaction.searched = number;
                }
            }
            if self.nonce_at(&transaction.account, finalized.hash).await? > transaction.nonce {
                return Err(SubmitError::Usurped {
                    nonce: transaction.nonce,
                });
            }
            return Ok(Whereabouts::Unclear);
        }
        if finalized.number > transaction.dies() {
            return Err(SubmitError::Expired {
                blocks: transaction.period,
            });
        }
        if best.number >= transaction.dies() {
            return Ok(Whereabouts::Unclear);
        }
        let pool: Vec<String> = self
            .connection
            .read("author_pendingExtrinsics", json!([]))
            .await?;
        let own = rpc::hex(&transaction.bytes);
        Ok(if pool.contains(&own) {
            Whereabouts::Pooled
        } else {
            Whereabouts::Nowhere
        })
    }

    /// Blocks of the best chain after which a transaction that is signed now cannot be included any more.
    pub async fn validity(&self) -> Result<u32, ChainError> {
        Ok(period(self.slot_duration_ms().await?.max(1)).saturating_add(2))
    }

    /// The nonce of an account in the best block: its transactions so far, those in the pool not counted.
    pub async fn nonce(&self, of: &AccountId32) -> Result<u32, ChainError> {
        self.nonce_at(of, self.head().await?.hash).await
    }

    async fn nonce_at(&self, account: &AccountId32, block: [u8; 32]) -> Result<u32, ChainError> {
        let answer = self
            .connection
            .call(
                "AccountNonceApi_account_nonce",
                &codec::Encode::encode(account),
                Some(block),
            )
            .await?;
        codec::Decode::decode(&mut &answer[..])
            .map_err(|error| ChainError::unreadable("a nonce", error))
    }

    /// The block, and where a transaction stands in it.
    async fn position(
        &self,
        transaction: &Transaction,
        block: [u8; 32],
    ) -> Result<Option<(SignedBlock, u32)>, ChainError> {
        let found: Option<SignedBlock> = self
            .connection
            .read("chain_getBlock", json!([rpc::hex(&block)]))
            .await?;
        let Some(found) = found else { return Ok(None) };
        let own = rpc::hex(&transaction.bytes);
        let position = found.block.extrinsics.iter().position(|one| *one == own);
        Ok(position
            .and_then(|position| u32::try_from(position).ok())
            .map(|position| (found, position)))
    }

    async fn receipt(
        &self,
        transaction: &Transaction,
        block: [u8; 32],
    ) -> Result<Receipt, SubmitError> {
        let Some((found, index)) = self.position(transaction, block).await? else {
            return Err(transaction.unknown("the block that included it is gone"));
        };
        let head = rpc::head(&found.block.header)?;
        // Events are encoded by the runtime that made the block, the one in its parent's state.
        let parent = found.block.header.parent_hash.0;
        let lost = |error: ChainError| match error {
            ChainError::Rpc { .. } => transaction.unknown(format!(
                "block {} included it, but the node no longer has its events",
                head.number
            )),
            other => SubmitError::Connection(other),
        };
        let runtime = self
            .connection
            .runtime_at(Some(parent))
            .await
            .map_err(lost)?;
        let key = runtime.prefix("System", "Events");
        let events = self.connection.storage(&key, Some(block)).await;
        let events = events.map_err(lost)?.unwrap_or_default();
        match runtime.outcome(events, index)? {
            Outcome::Done { names, fields } => Ok(Receipt {
                block,
                number: head.number,
                index,
                extrinsic: transaction.hash,
                events: names,
                fields,
            }),
            Outcome::Failed {
                pallet,
                error,
                explanation,
            } => Err(SubmitError::Failed {
                pallet,
                error,
                explanation,
                block,
            }),
        }
    }

    /// How long to wait for a block before asking again.
    fn pause(&self) -> Duration {
        Duration::from_secs(1)
    }

    fn turn(&self, account: &AccountId32) -> Arc<tokio::sync::Mutex<()>> {
        let turns = self.turns.lock();
        let mut turns = turns.unwrap_or_else(PoisonError::into_inner);
        if turns.len() >= MOST_TURNS {
            turns.retain(|_, turn| Arc::strong_count(turn) > 1);
        }
        let key: &[u8; 32] = account.as_ref();
        turns.entry(*key).or_default().clone()
    }
}

/// For how many blocks transactions are valid. `slot`: block time in ms, not 0.
fn period(slot: u64) -> u32 {
    let period = (VALID_MS / slot)
        .next_power_of_two()
        .clamp(FEWEST_BLOCKS, MOST_BLOCKS);
    period as u32
}

fn refused(code: i32, message: &str, data: &str, nonce: u32) -> SubmitError {
    match code {
        OUTBID => SubmitError::Usurped { nonce },
        FULL => SubmitError::Dropped {
            reason: "the pool is full".into(),
        },
        BANNED => SubmitError::Refused {
            code: None,
            meaning:
                "the pool refused the same transaction a short time ago; wait half an hour, or \
                      change it"
                    .into(),
        },
        _ => {
            let (code, meaning) = refusal::meaning(message, data);
            SubmitError::Refused { code, meaning }
        }
    }
}
