//! Following transactions.

use tokio::time::timeout_at;

use crate::{
    Chain, Receipt, SubmitError, Wait,
    rpc::{self, Status},
    send::may_pass,
    transaction::Transaction,
    whereabouts::Whereabouts,
};

/// What the pool says next.
enum Said {
    /// This block includes it.
    Included(String),
    /// It gave it up, with this error unless the chain knows better.
    GaveUp(SubmitError),
    /// Nothing that matters.
    Nothing,
    /// Nothing more; from here on the chain itself is asked.
    Silent,
}

impl Said {
    fn of<E>(status: Option<Result<Status, E>>, nonce: u32, wait: Wait) -> Self {
        let dropped = |reason: &str| {
            Self::GaveUp(SubmitError::Dropped {
                reason: reason.into(),
            })
        };
        match status {
            Some(Ok(Status::Finalized(block))) => Self::Included(block),
            Some(Ok(Status::InBlock(block))) if wait == Wait::Best => Self::Included(block),
            Some(Ok(
                Status::Future
                | Status::Ready
                | Status::Broadcast(_)
                | Status::InBlock(_)
                | Status::Retracted(_),
            )) => Self::Nothing,
            Some(Ok(Status::Usurped(_))) => Self::GaveUp(SubmitError::Usurped { nonce }),
            Some(Ok(Status::Invalid)) => dropped("it became invalid before a block included it"),
            Some(Ok(Status::Dropped)) => dropped("the pool is full"),
            Some(Ok(Status::FinalityTimeout(_)) | Err(_)) | None => Self::Silent,
        }
    }
}

impl Chain {
    /// Follows a transaction as far as asked.
    pub(crate) async fn follow(
        &self,
        mut transaction: Transaction,
        wait: Wait,
    ) -> Result<Receipt, SubmitError> {
        if wait == Wait::Pool {
            return Ok(Receipt::pooled(transaction.hash));
        }
        let mut given_up = None;
        while let Some(mut watch) = transaction.watch.take() {
            let Ok(status) = timeout_at(transaction.deadline, watch.next()).await else {
                return Err(transaction.unknown("no block included it in time"));
            };
            match Said::of(status, transaction.nonce, wait) {
                Said::Nothing => transaction.watch = Some(watch),
                Said::Silent => {}
                Said::GaveUp(error) => given_up = Some(error),
                Said::Included(block) => {
                    let block = rpc::hash(&block).map_err(|error| transaction.unknown(error))?;
                    match self.receipt(&transaction, block).await {
                        Err(error) => may_pass(error, &transaction)?,
                        receipt => return receipt,
                    }
                }
            }
        }
        self.look_for(transaction, wait, given_up).await
    }

    /// Follows a transaction by asking the chain at every block. `given_up`: what to say of one that is nowhere.
    async fn look_for(
        &self,
        mut transaction: Transaction,
        wait: Wait,
        given_up: Option<SubmitError>,
    ) -> Result<Receipt, SubmitError> {
        let (mut heads, mut finals) = (self.heads(), self.finalized_heads());
        loop {
            heads.mark_unchanged();
            finals.mark_unchanged();
            match self.whereabouts(&mut transaction).await {
                Ok(Whereabouts::Included { block, is_final }) if is_final || wait == Wait::Best => {
                    match self.receipt(&transaction, block).await {
                        Err(error) => may_pass(error, &transaction)?,
                        receipt => return receipt,
                    }
                }
                Ok(Whereabouts::Nowhere) => match &given_up {
                    Some(error) => return Err(error.clone()),
                    // The pool forgot it, as it does when its node is killed.
                    None => {
                        let turn = self.turn(&transaction.account);
                        let Ok(_turn) = timeout_at(transaction.deadline, turn.lock()).await else {
                            return Err(transaction.unknown("the pool forgot it"));
                        };
                        self.settle(&mut transaction).await?;
                        continue;
                    }
                },
                Ok(_) => {}
                Err(error) => may_pass(error, &transaction)?,
            }
            let next = async {
                tokio::select! {
                    _ = heads.changed() => {}
                    _ = finals.changed() => {}
                }
            };
            if timeout_at(transaction.deadline, next).await.is_err() {
                return Err(transaction.unknown("no block included it in time"));
            }
        }
    }
}
