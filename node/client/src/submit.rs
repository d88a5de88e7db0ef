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
        let transaction = self.send(pair, &call).await?;
        self.follow(transaction, wait).await
    }
}
