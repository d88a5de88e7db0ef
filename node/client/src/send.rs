//! Handing transactions to the pool.

use std::{
    sync::{Arc, PoisonError},
    time::Duration,
};

use sp_core::Pair as _;
use tokio::time::{Instant, timeout};

use crate::{
    AccountId32, Call, Chain, ChainError, Pair, SubmitError,
    connection::{Refusal, Submitted},
    refusal, rpc,
    transaction::{self, Transaction},
    whereabouts::Whereabouts,
};

/// A transaction that the pool refuses for a reason that passes is signed anew at most this often.
const MOST_SIGNATURES: usize = 8;
/// Turns of keys that nobody waits for are forgotten beyond this number.
const MOST_TURNS: usize = 256;
/// How long to wait for a block before asking again: a chain that stands still has a pool all the same.
const PAUSE: Duration = Duration::from_secs(1);

/// Codes of the pool's answers.
const INVALID: i32 = 1010;
const BANNED: i32 = 1012;
const KNOWN: i32 = 1013;
const OUTBID: i32 = 1014;
const FULL: i32 = 1016;

impl Refusal {
    fn is_invalid_for(&self, reasons: &[&str]) -> bool {
        self.code == INVALID && reasons.iter().any(|reason| self.data.contains(reason))
    }

    /// Blocks hold another transaction with this nonce.
    fn is_nonce_used(&self) -> bool {
        self.is_invalid_for(&["outdated", "stale"])
    }

    /// The pool holds another transaction with this nonce.
    fn is_nonce_taken(&self) -> bool {
        self.code == OUTBID
    }

    /// The era or the runtime's version passed since it was signed.
    fn is_signed_too_early(&self) -> bool {
        self.is_invalid_for(&["ancient", "bad signature"])
    }

    fn into_error(self, nonce: u32) -> SubmitError {
        if self.is_nonce_used() || self.is_nonce_taken() {
            return SubmitError::Usurped { nonce };
        }
        match self.code {
            FULL => SubmitError::Dropped {
                reason: "the pool is full".into(),
            },
            BANNED => SubmitError::Refused {
                code: None,
                meaning:
                    "the pool refused the same transaction a short time ago; wait, or change it"
                        .into(),
            },
            _ => {
                let (code, meaning) = refusal::meaning(&self.message, &self.data);
                SubmitError::Refused { code, meaning }
            }
        }
    }
}

impl Chain {
    /// Signs a call and hands it to the pool, in the turn of its key. A nonce that is given is kept.
    pub(crate) async fn send(
        &self,
        pair: &Pair,
        call: &Call,
        nonce: Option<u32>,
    ) -> Result<Transaction, SubmitError> {
        let turn = self.turn(&AccountId32::new(pair.public().0));
        let patience = transaction::longest();
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
            let mut transaction = self.sign(pair, call, nonce).await?;
            let refusal = match self.connection.submit(&transaction.bytes).await? {
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
                Submitted::Refused(refusal) if refusal.code == KNOWN => return Ok(transaction),
                Submitted::Refused(refusal) => refusal,
            };
            tracing::debug!(
                code = refusal.code,
                refusal.message,
                refusal.data,
                "the pool refuses a transaction"
            );
            let is_nonce = refusal.is_nonce_used() || refusal.is_nonce_taken();
            let may_pass = is_nonce && nonce.is_none() || refusal.is_signed_too_early();
            if !may_pass || signatures >= MOST_SIGNATURES {
                return Err(refusal.into_error(transaction.nonce));
            }
            let _ = timeout(PAUSE, heads.changed()).await;
            self.connection.refresh_runtime().await?;
        }
    }

    /// Looks for a transaction of which it is unknown whether the pool has it, and sends the same bytes again where
    /// it is nowhere. The caller has the turn of its key.
    ///
    /// **Errors:** it never will be included; the deadline passed.
    pub(crate) async fn settle(&self, transaction: &mut Transaction) -> Result<(), SubmitError> {
        let mut heads = self.heads();
        loop {
            heads.mark_unchanged();
            match self.whereabouts(transaction).await {
                Ok(Whereabouts::Included { .. } | Whereabouts::Pooled) => return Ok(()),
                Ok(Whereabouts::Unclear) => {}
                Ok(Whereabouts::Nowhere) => {
                    if self.send_again(transaction).await? {
                        return Ok(());
                    }
                }
                Err(error) => may_pass(error, transaction)?,
            }
            if Instant::now() >= transaction.deadline {
                return Err(transaction.unknown("the node was not reachable in time"));
            }
            let _ = timeout(PAUSE, heads.changed()).await;
        }
    }

    /// Whether the pool has the same bytes now; otherwise it is to be looked for again.
    async fn send_again(&self, transaction: &mut Transaction) -> Result<bool, SubmitError> {
        tracing::info!(
            extrinsic = rpc::hex(&transaction.hash),
            "sending the same transaction again"
        );
        match self.connection.submit(&transaction.bytes).await {
            Ok(Submitted::Accepted(watch)) => {
                transaction.watch = Some(watch);
                Ok(true)
            }
            Ok(Submitted::Refused(refusal)) if refusal.code == KNOWN => Ok(true),
            // By itself, since it was looked for, or by another one: blocks will tell.
            Ok(Submitted::Refused(refusal)) if refusal.is_nonce_used() => Ok(false),
            Ok(Submitted::Refused(refusal)) => Err(refusal.into_error(transaction.nonce)),
            Ok(Submitted::Unknown(_)) | Err(_) => Ok(false),
        }
    }

    /// What orders the transactions of a key.
    pub(crate) fn turn(&self, account: &AccountId32) -> Arc<tokio::sync::Mutex<()>> {
        let turns = self.turns.lock();
        let mut turns = turns.unwrap_or_else(PoisonError::into_inner);
        if turns.len() >= MOST_TURNS {
            turns.retain(|_, turn| Arc::strong_count(turn) > 1);
        }
        let key: &[u8; 32] = account.as_ref();
        turns.entry(*key).or_default().clone()
    }
}

/// Lets an error pass that may be gone at the next look. The transaction was sent, so that no other error of the
/// connection may say that it was not.
pub(crate) fn may_pass(error: SubmitError, transaction: &Transaction) -> Result<(), SubmitError> {
    match error {
        SubmitError::Connection(error) if error.is_retryable() => {
            tracing::debug!(%error, "still looking for a transaction");
            Ok(())
        }
        SubmitError::Connection(error) => Err(transaction.unknown(error)),
        other => Err(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(code: i32, data: &str) -> Refusal {
        Refusal {
            code,
            message: "Invalid Transaction".into(),
            data: data.into(),
        }
    }

    #[test]
    fn only_what_passes_is_signed_anew() {
        let used = refusal(INVALID, "Transaction is outdated");
        assert!(used.is_nonce_used() && !used.is_signed_too_early());
        assert!(refusal(OUTBID, "priority").is_nonce_taken());
        for early in [
            "Transaction has an ancient birth block",
            "Transaction has a bad signature",
        ] {
            assert!(refusal(INVALID, early).is_signed_too_early(), "{early}");
        }
        for lasting in ["Custom error: 19", "Inability to pay some fees", ""] {
            let lasting = refusal(INVALID, lasting);
            assert!(!lasting.is_nonce_used() && !lasting.is_nonce_taken());
            assert!(!lasting.is_signed_too_early());
        }
    }

    #[test]
    fn refusals_become_the_error_that_says_what_to_do() {
        let of = |code, data: &str| refusal(code, data).into_error(7);
        assert_eq!(of(OUTBID, ""), SubmitError::Usurped { nonce: 7 });
        assert!(matches!(of(FULL, ""), SubmitError::Dropped { .. }));
        let refused = of(INVALID, "Custom error: 6");
        assert!(matches!(
            refused,
            SubmitError::Refused { code: Some(6), .. }
        ));
        assert!(refused.is_retryable());
        let refused = of(INVALID, "Custom error: 19");
        assert!(!refused.is_retryable());
    }
}
