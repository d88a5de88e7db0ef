//! Submitting calls.

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

    /// [`Self::submit`] with exactly this nonce. Of all calls with one nonce one at most is ever included, whichever
    /// program sends them and however often.
    ///
    /// **Errors:** as [`Self::submit`]; [`SubmitError::Usurped`] when the nonce is used or another transaction in the
    /// pool has it.
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
