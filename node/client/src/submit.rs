//! Sending transactions.

use crate::{Call, Chain, Pair, Receipt, SubmitError, Wait};

impl Chain {
    /// Signs a call with this key, sends it and follows it as far as asked.
    ///
    /// Submissions of one key enter the pool one after the other. Dropping the future leaves a transaction that
    /// was sent to its fate.
    ///
    /// **Errors:** see [`SubmitError`]; [`SubmitError::is_retryable`] says whether the same call may succeed later
    /// without being done twice.
    pub async fn submit(
        &self,
        pair: &Pair,
        call: Call,
        wait: Wait,
    ) -> Result<Receipt, SubmitError> {
        let transaction = self.send(pair, &call, None).await?;
        self.follow(transaction, wait).await
    }

    /// [`Self::submit`] with exactly this nonce: whoever repeats a call with the nonce of its first try, be it from another
    /// process, has it done once at most. See [`Self::nonce`].
    ///
    /// **Errors:** see [`SubmitError`]; [`SubmitError::Usurped`] also while the pool holds another transaction with the nonce,
    /// which may be an earlier try.
    pub async fn submit_with_nonce(
        &self,
        pair: &Pair,
        call: Call,
        nonce: u32,
        wait: Wait,
    ) -> Result<Receipt, SubmitError> {
        let transaction = self.send(pair, &call, Some(nonce)).await?;
        self.follow(transaction, wait).await
    }
}
