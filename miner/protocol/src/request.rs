//! What is signed about a request, and its headers.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, SystemTime},
};

use http::{HeaderMap, HeaderName, HeaderValue, Method};
use sp_core::{Pair as _, sr25519};

use crate::{Hotkey, Rejection, VERSION, digest};

/// Names of the headers.
pub mod headers {
    /// Version of the protocol, decimal.
    pub const VERSION: &str = "neuron-version";
    /// Hotkey of who asks, 64 hexadecimal digits.
    pub const SENDER: &str = "neuron-sender";
    /// Hotkey of who is asked, 64 hexadecimal digits.
    pub const RECEIVER: &str = "neuron-receiver";
    /// A number that rises from request to request of a sender, decimal, 64 bits.
    pub const NONCE: &str = "neuron-nonce";
    /// The sender's best block when it signed, decimal.
    pub const BLOCK: &str = "neuron-block";
    /// BLAKE2b-256 of the body, 64 hexadecimal digits.
    pub const BODY: &str = "neuron-body";
    /// Signature (sr25519) of a request or an answer, 128 hexadecimal digits.
    pub const SIGNATURE: &str = "neuron-signature";
}

/// What identifies a request: the hash that was signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RequestId(pub [u8; 32]);

/// Headers to send, and what the answer will refer to.
#[derive(Clone, Debug)]
pub struct SignedRequest {
    /// The headers.
    pub headers: HeaderMap,
    /// What identifies the request.
    pub id: RequestId,
}

/// What a request says about itself. Nothing of it is true before a [`crate::Verifier`] has looked at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) sender: Hotkey,
    pub(crate) receiver: Hotkey,
    pub(crate) nonce: u64,
    pub(crate) block: u32,
    pub(crate) body: [u8; 32],
    pub(crate) signature: [u8; 64],
}

/// The hash of a body that goes into the signature.
pub fn body_hash(body: &[u8]) -> [u8; 32] {
    digest::plain(body)
}

/// Signs a request. `path`: with the query, as it is sent. `nonce`: see [`Nonces`]. `block`: the best block that the sender knows.
pub fn sign_request(
    pair: &sr25519::Pair,
    method: &Method,
    path: &str,
    body: &[u8],
    receiver: &Hotkey,
    nonce: u64,
    block: u32,
) -> SignedRequest {
    let mut claim = Claim {
        method: method.clone(),
        path: path.into(),
        sender: pair.public().0,
        receiver: *receiver,
        nonce,
        block,
        body: body_hash(body),
        signature: [0; 64],
    };
    let id = claim.id();
    claim.signature = pair.sign(&id.0).0;
    SignedRequest {
        headers: claim.headers(),
        id,
    }
}

impl Claim {
    /// Reads the headers. `path`: with the query. **Errors:** [`Rejection::Unsigned`], [`Rejection::Malformed`],
    /// [`Rejection::Version`].
    pub fn read(method: &Method, path: &str, map: &HeaderMap) -> Result<Self, Rejection> {
        let version: u32 = number(map, headers::VERSION)?;
        if version != u32::from(VERSION) {
            return Err(Rejection::Version {
                found: version,
                expected: VERSION,
            });
        }
        Ok(Self {
            method: method.clone(),
            path: path.into(),
            sender: bytes(map, headers::SENDER)?,
            receiver: bytes(map, headers::RECEIVER)?,
            nonce: number(map, headers::NONCE)?,
            block: number(map, headers::BLOCK)?,
            body: bytes(map, headers::BODY)?,
            signature: bytes(map, headers::SIGNATURE)?,
        })
    }

    /// Who claims to have sent it.
    pub const fn sender(&self) -> &Hotkey {
        &self.sender
    }

    /// The hash that is signed.
    pub(crate) fn id(&self) -> RequestId {
        RequestId(digest::digest(
            "neuron request",
            &[
                &[VERSION],
                self.method.as_str().as_bytes(),
                self.path.as_bytes(),
                &self.body,
                &self.sender,
                &self.receiver,
                &self.nonce.to_le_bytes(),
                &self.block.to_le_bytes(),
            ],
        ))
    }

    fn headers(&self) -> HeaderMap {
        let mut map = HeaderMap::with_capacity(7);
        let entries = [
            (headers::VERSION, VERSION.to_string()),
            (headers::SENDER, hex::encode(self.sender)),
            (headers::RECEIVER, hex::encode(self.receiver)),
            (headers::NONCE, self.nonce.to_string()),
            (headers::BLOCK, self.block.to_string()),
            (headers::BODY, hex::encode(self.body)),
            (headers::SIGNATURE, hex::encode(self.signature)),
        ];
        for (name, text) in entries {
            // Digits are always a header value.
            if let Ok(value) = HeaderValue::try_from(text) {
                map.insert(HeaderName::from_static(name), value);
            }
        }
        map
    }
}

/// Who a request claims to come from, if it claims anything: enough to refuse strangers before anything else is read.
pub fn claim_of_sender(map: &HeaderMap) -> Option<Hotkey> {
    bytes(map, headers::SENDER).ok()
}

/// The one value of a header. **Errors:** there is none, or several.
pub(crate) fn single<'a>(map: &'a HeaderMap, name: &'static str) -> Result<&'a str, Rejection> {
    let mut values = map.get_all(name).iter();
    let value = values.next().ok_or(Rejection::Unsigned(name))?;
    match values.next() {
        None => value.to_str().map_err(|_| Rejection::Malformed(name)),
        Some(_) => Err(Rejection::Malformed(name)),
    }
}

fn number<N: std::str::FromStr>(map: &HeaderMap, name: &'static str) -> Result<N, Rejection> {
    let text = single(map, name)?;
    // No sign and no leading zeros: one number has one spelling.
    let canonical =
        text == "0" || (text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0'));
    match text.parse() {
        Ok(number) if canonical => Ok(number),
        _ => Err(Rejection::Malformed(name)),
    }
}

pub(crate) fn bytes<const N: usize>(
    map: &HeaderMap,
    name: &'static str,
) -> Result<[u8; N], Rejection> {
    let mut out = [0; N];
    hex::decode_to_slice(single(map, name)?, &mut out).map_err(|_| Rejection::Malformed(name))?;
    Ok(out)
}

/// Nonces of a sender: the time in nanoseconds since 1970, but always greater than the last one. Rises across restarts as long as
/// the clock does.
#[derive(Debug, Default)]
pub struct Nonces {
    last: AtomicU64,
}

impl Nonces {
    /// A sequence of its own.
    pub const fn new() -> Self {
        Self {
            last: AtomicU64::new(0),
        }
    }

    /// The next one. May be called from several threads.
    pub fn next(&self, now: SystemTime) -> u64 {
        let time = now
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap_or(Duration::ZERO);
        let time = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        let step = |last: u64| Some(time.max(last.saturating_add(1)));
        match self
            .last
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, step)
        {
            Ok(last) | Err(last) => time.max(last.saturating_add(1)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nonces_rise_when_the_clock_stands_or_goes_back() {
        let nonces = Nonces::new();
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(10);
        let first = nonces.next(now);
        let second = nonces.next(now);
        let third = nonces.next(SystemTime::UNIX_EPOCH);
        assert_eq!(
            (first, second, third),
            (10_000_000_000, 10_000_000_001, 10_000_000_002)
        );
    }

    #[test]
    fn headers_have_one_spelling() {
        let pair = sr25519::Pair::from_seed(&[1; 32]);
        let good = sign_request(&pair, &Method::POST, "/x", b"", &[2; 32], 5, 7).headers;
        assert!(Claim::read(&Method::POST, "/x", &good).is_ok());
        for (name, text) in [
            (headers::NONCE, "+5"),
            (headers::NONCE, "05"),
            (headers::NONCE, "18446744073709551616"),
            (headers::BLOCK, "-1"),
            (headers::BLOCK, ""),
            (headers::SENDER, "ab"),
            (headers::SIGNATURE, "zz"),
        ] {
            let mut bad = good.clone();
            bad.insert(name, HeaderValue::from_static(text));
            let read = Claim::read(&Method::POST, "/x", &bad);
            assert_eq!(read, Err(Rejection::Malformed(name)), "{name}: {text}");
            let mut twice = good.clone();
            let same = good.get(name).expect("there").clone();
            twice.append(name, same);
            let read = Claim::read(&Method::POST, "/x", &twice);
            assert_eq!(read, Err(Rejection::Malformed(name)));
            let mut without = good.clone();
            without.remove(name);
            let read = Claim::read(&Method::POST, "/x", &without);
            assert_eq!(read, Err(Rejection::Unsigned(name)));
        }
    }

    #[test]
    fn other_versions_are_named() {
        let pair = sr25519::Pair::from_seed(&[1; 32]);
        let mut map = sign_request(&pair, &Method::POST, "/x", b"", &[2; 32], 5, 7).headers;
        map.insert(headers::VERSION, HeaderValue::from_static("2"));
        let read = Claim::read(&Method::POST, "/x", &map);
        assert_eq!(
            read,
            Err(Rejection::Version {
                found: 2,
                expected: VERSION
            })
        );
    }
}
