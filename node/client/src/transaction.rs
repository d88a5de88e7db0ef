//! A transaction on its way.

use std::time::Duration;

use sp_core::Pair as _;
use sp_crypto_hashing::blake2_256;
use subxt::ext::jsonrpsee::core::client::Subscription;
use tokio::time::Instant;

use crate::{
    AccountId32, Call, Chain, ChainError, Head, Pair, SubmitError, rpc::Status, runtime::Runtime,
};

/// A transaction is valid for about this long; a power of two of blocks in these bounds.
const VALID: Duration = Duration::from_millis(128_000);
const FEWEST_BLOCKS: u64 = 16;
const MOST_BLOCKS: u64 = 1024;
/// How much longer than its era a transaction is followed.
const AFTERWARDS: Duration = Duration::from_secs(60);

/// A transaction that is signed.
pub(crate) struct Transaction {
    pub(crate) bytes: Vec<u8>,
    pub(crate) hash: [u8; 32],
    pub(crate) account: AccountId32,
    pub(crate) nonce: u32,
    /// It is valid from this block on.
    pub(crate) birth: Head,
    /// For this many blocks.
    pub(crate) period: u32,
    /// Up to this final block it was looked for.
    pub(crate) searched: u32,
    /// When to give up following it.
    pub(crate) deadline: Instant,
    /// What the pool says, as long as it does.
    pub(crate) watch: Option<Box<Subscription<Status>>>,
}

impl Transaction {
    /// Blocks from this height on can no longer include it.
    pub(crate) fn dies(&self) -> u32 {
        self.birth.number.saturating_add(self.period)
    }

    /// The error of one of which nobody knows what became of it.
    pub(crate) fn unknown(&self, reason: impl ToString) -> SubmitError {
        SubmitError::Deadline {
            extrinsic: self.hash,
            reason: reason.to_string(),
        }
    }
}

/// How long one submission may take at most, with the slowest chain.
pub(crate) fn longest() -> Duration {
    VALID.saturating_mul(2) + AFTERWARDS
}

/// For how many blocks of `slot` ms a transaction is valid.
fn period(slot: u64) -> u32 {
    let blocks = VALID.as_millis() as u64 / slot.max(1);
    blocks.next_power_of_two().clamp(FEWEST_BLOCKS, MOST_BLOCKS) as u32
}

fn slot(runtime: &Runtime) -> Result<u64, ChainError> {
    runtime.constant("Aura", "SlotDuration")
}

impl Chain {
    /// How many blocks after it was sent a transaction can still be included, at most.
    pub async fn validity(&self) -> Result<u32, ChainError> {
        let runtime = self.connection.runtime().await?;
        slot(&runtime).map(period)
    }

    /// A call signed with the next nonce, or with the one that is given.
    pub(crate) async fn sign(
        &self,
        pair: &Pair,
        call: &Call,
        nonce: Option<u32>,
    ) -> Result<Transaction, SubmitError> {
        let account = AccountId32::new(pair.public().0);
        let runtime = self.connection.runtime().await?;
        let slot = slot(&runtime)?;
        let period = period(slot);
        let birth = self.birth(period).await?;
        let nonce = match nonce {
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eras_last_about_two_minutes() {
        for (slot, blocks) in [(250, 512), (12_000, 16), (6_000, 32), (1, 1024), (0, 1024)] {
            assert_eq!(period(slot), blocks, "{slot} ms");
        }
        assert_eq!(period(u64::MAX), 16);
    }
}
