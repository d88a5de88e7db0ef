//! Where a transaction is, asked of the chain itself.

use serde_json::json;

use crate::{
    AccountId32, Chain, ChainError, Receipt, SubmitError,
    rpc::{self, SignedBlock},
    runtime::Outcome,
    transaction::Transaction,
};

/// Where a transaction is.
pub(crate) enum Whereabouts {
    /// In this block.
    Included {
        /// Its hash.
        block: [u8; 32],
        /// Whether it is final.
        is_final: bool,
    },
    /// In the pool of the node.
    Pooled,
    /// Neither in a block nor in the pool, though it could be included.
    Nowhere,
    /// This cannot be said yet.
    Unclear,
}

impl Chain {
    /// Looks for a transaction by its nonce, then by its bytes.
    ///
    /// **Errors:** it never will be included; the node does not answer.
    pub(crate) async fn whereabouts(
        &self,
        transaction: &mut Transaction,
    ) -> Result<Whereabouts, SubmitError> {
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
            let used = self.nonce_at(&transaction.account, finalized.hash).await?;
            return if used > transaction.nonce {
                Err(SubmitError::Usurped {
                    nonce: transaction.nonce,
                })
            } else {
                Ok(Whereabouts::Unclear)
            };
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

    /// Transactions of an account in blocks up to this one.
    pub(crate) async fn nonce_at(
        &self,
        account: &AccountId32,
        block: [u8; 32],
    ) -> Result<u32, ChainError> {
        self.view_at("AccountNonceApi_account_nonce", account, Some(block))
            .await
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

    /// What became of a transaction that this block includes.
    ///
    /// **Errors:** it failed; the block is gone or forgotten; the node does not answer.
    pub(crate) async fn receipt(
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
}
