//! Signed answers.

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use sp_core::{Pair as _, sr25519};

use crate::{
    Hotkey, Rejection, RequestId, body_hash, digest, headers,
    request::{bytes, single},
};

/// Why an answer does not count as its sender's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AnswerError {
    /// It has no signature.
    #[error("the answer is not signed")]
    Unsigned,
    /// Its signature cannot be read.
    #[error("the signature of the answer cannot be read")]
    Malformed,
    /// It is not signed by who was asked, not for this request, or it was altered.
    #[error("the signature of the answer is wrong")]
    Signature,
}

/// Signs an answer: the headers to add.
pub fn sign_answer(
    pair: &sr25519::Pair,
    request: &RequestId,
    status: StatusCode,
    body: &[u8],
) -> HeaderMap {
    let signature = pair.sign(&message(request, status, body));
    let mut map = HeaderMap::with_capacity(1);
    // Digits are always a header value.
    if let Ok(value) = HeaderValue::try_from(hex::encode(signature.0)) {
        map.insert(HeaderName::from_static(headers::SIGNATURE), value);
    }
    map
}

/// Checks that `miner` gave this answer to this request. **Errors:** see [`AnswerError`].
pub fn verify_answer(
    miner: &Hotkey,
    request: &RequestId,
    status: StatusCode,
    map: &HeaderMap,
    body: &[u8],
) -> Result<(), AnswerError> {
    if matches!(single(map, headers::SIGNATURE), Err(Rejection::Unsigned(_))) {
        return Err(AnswerError::Unsigned);
    }
    let signature = bytes(map, headers::SIGNATURE).map_err(|_| AnswerError::Malformed)?;
    let signature = sr25519::Signature::from_raw(signature);
    let public = sr25519::Public::from_raw(*miner);
    match sr25519::Pair::verify(&signature, message(request, status, body), &public) {
        true => Ok(()),
        false => Err(AnswerError::Signature),
    }
}

fn message(request: &RequestId, status: StatusCode, body: &[u8]) -> [u8; 32] {
    digest::digest(
        "neuron answer",
        &[&request.0, &status.as_u16().to_le_bytes(), &body_hash(body)],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_counts_for_its_request_status_body_and_miner_alone() {
        let pair = sr25519::Pair::from_seed(&[1; 32]);
        let miner = pair.public().0;
        let request = RequestId([5; 32]);
        let map = sign_answer(&pair, &request, StatusCode::OK, b"four");
        let check = |miner: &Hotkey, request: [u8; 32], status, body: &[u8]| {
            verify_answer(miner, &RequestId(request), status, &map, body)
        };
        assert_eq!(check(&miner, [5; 32], StatusCode::OK, b"four"), Ok(()));
        let wrong = Err(AnswerError::Signature);
        assert_eq!(check(&[8; 32], [5; 32], StatusCode::OK, b"four"), wrong);
        assert_eq!(check(&miner, [6; 32], StatusCode::OK, b"four"), wrong);
        assert_eq!(check(&miner, [5; 32], StatusCode::ACCEPTED, b"four"), wrong);
        assert_eq!(check(&miner, [5; 32], StatusCode::OK, b"five"), wrong);
    }

    #[test]
    fn what_is_missing_is_named() {
        let request = RequestId([5; 32]);
        let check = |map: &HeaderMap| verify_answer(&[1; 32], &request, StatusCode::OK, map, b"");
        assert_eq!(check(&HeaderMap::new()), Err(AnswerError::Unsigned));
        let mut map = HeaderMap::new();
        map.insert(headers::SIGNATURE, HeaderValue::from_static("none"));
        assert_eq!(check(&map), Err(AnswerError::Malformed));
    }
}
