//! Checking requests.

use std::sync::{Mutex, PoisonError};

use http::{Method, request::Parts};
use sp_core::{Pair as _, sr25519};

use crate::{Claim, Hotkey, Rejection, RequestId, body_hash, replay::Replays};

/// How far a request's block may be from the receiver's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Blocks back.
    pub past: u32,
    /// Blocks ahead.
    pub future: u32,
}

impl Window {
    /// One minute back and 24 seconds ahead, but no less than five blocks and two. `slot_ms`: the chain's block time.
    pub fn for_block_time(slot_ms: u64) -> Self {
        let blocks = |ms: u64, least: u32| {
            u32::try_from(ms.div_ceil(slot_ms.max(1)))
                .unwrap_or(u32::MAX)
                .max(least)
        };
        Self {
            past: blocks(60_000, 5),
            future: blocks(24_000, 2),
        }
    }
}

/// What the receiver knows of the time, in blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// The best block that it has seen.
    pub head: u32,
    /// The best block that there should be by now: greater than `head` while the receiver's node is away.
    pub expected: u32,
}

impl From<u32> for Now {
    fn from(block: u32) -> Self {
        Self {
            head: block,
            expected: block,
        }
    }
}

/// Something about which this is certain: its sender signed it for this receiver, recently, and it was not here before.
///
/// Only a [`Verifier`] makes one:
///
/// ```compile_fail
/// let forged = neuron_protocol::Verified { value: (), sender: [0; 32], id: todo!(), block: 0, nonce: 0 };
/// ```
#[derive(Debug)]
pub struct Verified<T> {
    value: T,
    sender: Hotkey,
    id: RequestId,
    block: u32,
    nonce: u64,
}

impl<T> Verified<T> {
    /// The thing itself.
    pub const fn get(&self) -> &T {
        &self.value
    }

    /// The thing itself, without its certainty.
    pub fn into_inner(self) -> T {
        self.value
    }

    /// Who signed it.
    pub const fn sender(&self) -> &Hotkey {
        &self.sender
    }

    /// What identifies the request; the answer refers to it.
    pub const fn id(&self) -> &RequestId {
        &self.id
    }

    /// The sender's best block when it signed.
    pub const fn block(&self) -> u32 {
        self.block
    }

    /// The same certainty about something made from it.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Verified<U> {
        Verified {
            value: change(self.value),
            sender: self.sender,
            id: self.id,
            block: self.block,
            nonce: self.nonce,
        }
    }
}

/// A request without its body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    method: Method,
    path: String,
    body: [u8; 32],
}

impl Head {
    /// The path with the query.
    pub fn path(&self) -> &str {
        &self.path
    }
}

/// A request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Its method.
    pub method: Method,
    /// Its path with the query.
    pub path: String,
    /// Its body.
    pub body: Vec<u8>,
}

/// Checks the requests to one receiver.
#[derive(Debug)]
pub struct Verifier {
    receiver: Hotkey,
    window: Window,
    first_block: u32,
    replays: Mutex<Replays>,
}

impl Verifier {
    /// For this hotkey. `started_at`: the best block when the receiver started, if it ran before; requests of this block or before are
    /// refused, since the memory of them is gone. `None` if there was nothing to remember.
    pub fn new(receiver: Hotkey, window: Window, started_at: Option<u32>) -> Self {
        Self {
            receiver,
            window,
            first_block: started_at.map_or(0, |block| block.saturating_add(1)),
            replays: Mutex::default(),
        }
    }

    /// Checks everything but the body, which need not be there yet. Cheap things first, the signature last.
    /// **Errors:** see [`Rejection`].
    pub fn head(&self, claim: Claim, now: impl Into<Now>) -> Result<Verified<Head>, Rejection> {
        let now = now.into();
        if claim.receiver != self.receiver {
            return Err(Rejection::WrongReceiver);
        }
        let oldest = self.oldest(now);
        if claim.block < oldest {
            return Err(Rejection::StaleBlock {
                block: claim.block,
                oldest,
            });
        }
        let newest = now
            .expected
            .max(now.head)
            .saturating_add(self.window.future);
        if claim.block > newest {
            return Err(Rejection::FutureBlock {
                block: claim.block,
                newest,
            });
        }
        if !self.lock().is_new(&claim.sender, claim.nonce) {
            return Err(Rejection::Replay);
        }
        let id = claim.id();
        let signature = sr25519::Signature::from_raw(claim.signature);
        let sender = sr25519::Public::from_raw(claim.sender);
        if !sr25519::Pair::verify(&signature, id.0, &sender) {
            return Err(Rejection::Signature);
        }
        Ok(Verified {
            sender: claim.sender,
            id,
            block: claim.block,
            nonce: claim.nonce,
            value: Head {
                method: claim.method,
                path: claim.path,
                body: claim.body,
            },
        })
    }

    /// Adds the body. Only now the nonce counts as used: an altered body uses up nothing. **Errors:** [`Rejection::AlteredBody`],
    /// [`Rejection::Replay`] if the same request was faster, [`Rejection::Crowded`].
    pub fn body(
        &self,
        head: Verified<Head>,
        body: Vec<u8>,
        now: impl Into<Now>,
    ) -> Result<Verified<Request>, Rejection> {
        if body_hash(&body) != head.value.body {
            return Err(Rejection::AlteredBody);
        }
        let oldest = self.oldest(now.into());
        self.lock()
            .insert(&head.sender, head.nonce, head.block, oldest)?;
        Ok(head.map(|Head { method, path, .. }| Request { method, path, body }))
    }

    /// Checks a request that is there as a whole. **Errors:** see [`Rejection`].
    pub fn verify(
        &self,
        parts: &Parts,
        body: Vec<u8>,
        now: impl Into<Now>,
    ) -> Result<Verified<Request>, Rejection> {
        let now = now.into();
        let path = parts
            .uri
            .path_and_query()
            .map_or("/", http::uri::PathAndQuery::as_str);
        let claim = Claim::read(&parts.method, path, &parts.headers)?;
        let head = self.head(claim, now)?;
        self.body(head, body, now)
    }

    fn oldest(&self, now: Now) -> u32 {
        now.head
            .saturating_sub(self.window.past)
            .max(self.first_block)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Replays> {
        self.replays.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
