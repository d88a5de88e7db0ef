//! Why a request is not verified.

use http::StatusCode;

/// Why a request is refused: one sentence for the operator of the sender.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// A header of the signature is missing.
    #[error("the request is not signed: header `{0}` is missing")]
    Unsigned(&'static str),
    /// A header is there twice or cannot be read.
    #[error("header `{0}` cannot be read")]
    Malformed(&'static str),
    /// Another version of the protocol.
    #[error("protocol version {found} is not spoken here; this is version {expected}")]
    Version {
        /// The sender's.
        found: u32,
        /// The receiver's.
        expected: u8,
    },
    /// The request is for somebody else.
    #[error("the request is for another hotkey")]
    WrongReceiver,
    /// It was signed too many blocks ago, or before the receiver started.
    #[error("block {block} is too old: {oldest} and later are accepted")]
    StaleBlock {
        /// Of the request.
        block: u32,
        /// The oldest that is accepted.
        oldest: u32,
    },
    /// It is dated in the future.
    #[error("block {block} lies in the future: up to {newest} is accepted")]
    FutureBlock {
        /// Of the request.
        block: u32,
        /// The newest that is accepted.
        newest: u32,
    },
    /// Its nonce was used before, or lies below the remembered ones.
    #[error("the nonce was used before")]
    Replay,
    /// The signature is not the sender's, or not of this request.
    #[error("the signature is wrong")]
    Signature,
    /// The body is not the one that was signed.
    #[error("the body is not the one that was signed")]
    AlteredBody,
    /// More senders than can be remembered.
    #[error("too many senders at once")]
    Crowded,
}

impl Rejection {
    /// The HTTP status that tells it.
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::Malformed(_) | Self::Version { .. } => StatusCode::BAD_REQUEST,
            Self::Unsigned(_) | Self::Signature | Self::AlteredBody => StatusCode::UNAUTHORIZED,
            Self::StaleBlock { .. } | Self::FutureBlock { .. } => StatusCode::FORBIDDEN,
            Self::WrongReceiver => StatusCode::MISDIRECTED_REQUEST,
            Self::Replay => StatusCode::CONFLICT,
            Self::Crowded => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// A short name for metrics and programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unsigned(_) => "unsigned",
            Self::Malformed(_) => "malformed",
            Self::Version { .. } => "version",
            Self::WrongReceiver => "wrong-receiver",
            Self::StaleBlock { .. } => "stale-block",
            Self::FutureBlock { .. } => "future-block",
            Self::Replay => "replay",
            Self::Signature => "signature",
            Self::AlteredBody => "altered-body",
            Self::Crowded => "crowded",
        }
    }
}
