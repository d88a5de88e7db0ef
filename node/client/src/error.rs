//! What can go wrong between a client and its node.

use std::time::Duration;

/// A request that has no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChainError {
    /// The address cannot be one of a node.
    #[error("'{url}' is not the address of a node: {reason}; write it like ws://127.0.0.1:9944")]
    Url {
        /// What was given.
        url: String,
        /// What is wrong with it.
        reason: String,
    },
    /// There was no connection for as long as the request could wait.
    #[error(
        "no connection to {url} within {} s ({reason}); is the node running and its RPC reachable?",
        waited.as_secs()
    )]
    Unreachable {
        /// Address of the node.
        url: String,
        /// What the last attempt said.
        reason: String,
        /// How long the request waited.
        waited: Duration,
    },
    /// The node follows another chain than the one that was connected to first.
    #[error(
        "{url} now serves another chain (genesis {found}, it was {expected}); nothing is read from it or sent to it. \
         Point --chain at the right node, or start this program again if the change is meant"
    )]
    OtherChain {
        /// Address of the node.
        url: String,
        /// Genesis of the chain that was connected to first.
        expected: String,
        /// Genesis of the chain that is served now.
        found: String,
    },
    /// The node did not answer in time.
    #[error("the node did not answer {method} within {} s; it may be overloaded", waited.as_secs())]
    Deadline {
        /// What was asked.
        method: String,
        /// How long the request waited.
        waited: Duration,
    },
    /// The node answered with an error.
    #[error("the node refused {method}: {message} (code {code})")]
    Rpc {
        /// What was asked.
        method: String,
        /// The node's code.
        code: i32,
        /// The node's words.
        message: String,
    },
    /// The answer cannot be read.
    #[error(
        "the answer to {what} cannot be read ({reason}); this client may be too old for the chain"
    )]
    Unreadable {
        /// What was asked.
        what: String,
        /// Why not.
        reason: String,
    },
    /// The running runtime has no such thing.
    #[error(
        "the chain's runtime has no {what}; this client may be too old or too new for the chain"
    )]
    Missing {
        /// What was looked for.
        what: String,
    },
}

impl ChainError {
    /// Whether the same request may succeed later.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Unreachable { .. } | Self::Deadline { .. } | Self::Rpc { .. } => true,
            Self::Url { .. }
            | Self::OtherChain { .. }
            | Self::Unreadable { .. }
            | Self::Missing { .. } => false,
        }
    }

    pub(crate) fn unreadable(what: impl Into<String>, reason: impl ToString) -> Self {
        Self::Unreadable {
            what: what.into(),
            reason: reason.to_string(),
        }
    }

    pub(crate) fn missing(what: impl Into<String>) -> Self {
        Self::Missing { what: what.into() }
    }
}
