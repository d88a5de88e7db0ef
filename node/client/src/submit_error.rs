//! What can become of a transaction besides success.

use crate::ChainError;

/// A transaction without success.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SubmitError {
    /// The call does not fit the running runtime. Nothing was sent.
    #[error("the call cannot be made: {reason}")]
    Call {
        /// What does not fit.
        reason: String,
    },
    /// The pool did not take it. Nothing was included, nothing was paid.
    #[error("the chain refuses the transaction: {meaning}")]
    Refused {
        /// The chain's own number of the reason, where there is one.
        code: Option<u8>,
        /// What the reason means, and what to do.
        meaning: String,
    },
    /// It was included and failed; a fee may have been paid.
    #[error("the transaction failed with {pallet}.{error}: {explanation}")]
    Failed {
        /// Pallet that failed it; `Dispatch` for errors that belong to none.
        pallet: String,
        /// Name of the error.
        error: String,
        /// What the runtime says about the error.
        explanation: String,
        /// Block that included it.
        block: [u8; 32],
    },
    /// The pool gave it up before a block included it, and its nonce is free again.
    #[error("the pool dropped the transaction: {reason}")]
    Dropped {
        /// Why.
        reason: String,
    },
    /// Another transaction of the same key took its nonce.
    #[error(
        "another transaction of this key took its place (nonce {nonce}); does another program use the same key?"
    )]
    Usurped {
        /// The nonce.
        nonce: u32,
    },
    /// No block included it while it was valid. It never will be.
    #[error(
        "no block included the transaction within {blocks} blocks; it is void, and nothing was paid"
    )]
    Expired {
        /// For how many blocks it was valid.
        blocks: u32,
    },
    /// It was sent, and the time to follow it is over. It may still be included, or may have been.
    #[error(
        "what became of transaction 0x{} is unknown ({reason}); look it up before doing the same again",
        hex::encode(extrinsic)
    )]
    Deadline {
        /// Hash of the transaction.
        extrinsic: [u8; 32],
        /// What is known.
        reason: String,
    },
    /// There was no connection, and nothing was sent.
    #[error("nothing was sent: {0}")]
    Connection(#[from] ChainError),
}

impl SubmitError {
    /// Whether the same call may succeed later without being done twice.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            // Too early or too often (6, 12, 17, 20) passes; so does a state that the pool had not seen.
            Self::Refused { code, .. } => matches!(code, None | Some(6 | 12 | 17 | 20)),
            Self::Failed { error, .. } => {
                error.ends_with("TooFast")
                    || error.ends_with("RateLimitExceeded")
                    || error.starts_with("TooManyRegistrations")
                    || matches!(
                        error.as_str(),
                        "RevealTooEarly"
                            | "NeedWaitingMoreBlocksToStarCall"
                            | "AdminActionProhibitedDuringWeightsWindow"
                            | "AllNetworksInImmunity"
                    )
            }
            Self::Dropped { .. } | Self::Usurped { .. } | Self::Expired { .. } => true,
            Self::Connection(error) => error.is_retryable(),
            Self::Call { .. } | Self::Deadline { .. } => false,
        }
    }
}
