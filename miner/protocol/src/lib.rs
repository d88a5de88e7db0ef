//! Signed requests between validators and miners: what is signed, and how it is checked. Pure: no sockets, no clock, no chain.
//!
//! **A request** is HTTP. Its sender (a validator's hotkey) signs version, method, path, hash of the body, sender, receiver,
//! nonce and block number; all of this but the path travels in headers ([`headers`]). Because the hash of the body is
//! among them, a receiver can check everything but the hash itself before it reads a single byte of the body:
//! [`Verifier::head`] does, [`Verifier::body`] finishes. What comes out is a [`Verified`] request, which nothing else can make.
//!
//! **Freshness.** The block must be near the receiver's own ([`Window`]), and no two requests of a sender have the same
//! nonce: nonces rise, the receiver remembers the latest ones of each sender and refuses everything below them, so its
//! memory is bounded and a replay never gets in. After a restart, requests from before it are refused by their block.
//!
//! **An answer** is signed too ([`sign_answer`]), over the request it answers, its status and its body: nobody can pass off
//! another miner's answer as one's own, and a miner cannot deny what it said.
//!
//! ```
//! use http::{Method, StatusCode};
//! use neuron_protocol::{Nonces, Verifier, Window, sign_answer, sign_request, task_path, verify_answer};
//! use sp_core::{Pair, sr25519};
//!
//! let (validator, miner) = (sr25519::Pair::from_seed(&[1; 32]), sr25519::Pair::from_seed(&[2; 32]));
//! // The validator asks …
//! let path = task_path(7, "custom");
//! let nonce = Nonces::new().next(std::time::SystemTime::now());
//! let signed = sign_request(&validator, &Method::POST, &path, b"question", &miner.public().0, nonce, 100);
//! let mut request = http::Request::post(&path).body(()).unwrap();
//! *request.headers_mut() = signed.headers;
//! // … the miner checks who asks, and what …
//! let verifier = Verifier::new(miner.public().0, Window::for_block_time(12_000), None);
//! let verified = verifier.verify(&request.into_parts().0, b"question".to_vec(), 101).unwrap();
//! assert_eq!(verified.sender(), &validator.public().0);
//! let answer: Vec<u8> = verified.get().body.iter().rev().copied().collect();
//! let headers = sign_answer(&miner, verified.id(), StatusCode::OK, &answer);
//! // … and the validator checks who answers.
//! verify_answer(&miner.public().0, &signed.id, StatusCode::OK, &headers, &answer).unwrap();
//! ```
//!
//! **A receipt** ([`Receipt`]) is a validator's signed line about one score.

mod answer;
mod digest;
mod receipt;
mod rejection;
mod replay;
mod request;
mod task;
mod verify;

pub use answer::{AnswerError, sign_answer, verify_answer};
pub use receipt::{Receipt, ReceiptError, SignedReceipt};
pub use rejection::Rejection;
pub use request::{
    Claim, Nonces, RequestId, SignedRequest, body_hash, claim_of_sender, headers, sign_request,
};
pub use task::{TaskPath, task_path};
pub use verify::{Head, Now, Request, Verified, Verifier, Window};

/// Version of this protocol: of the headers and of what is signed.
pub const VERSION: u8 = 1;

/// A public key of sr25519: a hotkey.
pub type Hotkey = [u8; 32];
