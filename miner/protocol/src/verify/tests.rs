use http::{HeaderMap, HeaderValue};
use proptest::prelude::*;

use super::*;
use crate::{headers, sign_request};

const WINDOW: Window = Window { past: 5, future: 2 };

fn pair(number: u8) -> sr25519::Pair {
    sr25519::Pair::from_seed(&[number; 32])
}

fn receiver() -> Hotkey {
    pair(9).public().0
}

fn verifier() -> Verifier {
    Verifier::new(receiver(), WINDOW, None)
}

/// A request as it arrives.
fn parts(path: &str, map: HeaderMap) -> Parts {
    let mut request = http::Request::post(path).body(()).expect("a request");
    *request.headers_mut() = map;
    request.into_parts().0
}

fn signed(nonce: u64, block: u32) -> Parts {
    let map = sign_request(
        &pair(1),
        &Method::POST,
        "/v1/task/1/custom",
        b"body",
        &receiver(),
        nonce,
        block,
    );
    parts("/v1/task/1/custom", map.headers)
}

#[test]
fn a_good_request_is_verified_once() {
    let verifier = verifier();
    let verified = verifier
        .verify(&signed(1, 100), b"body".to_vec(), 100)
        .expect("good");
    assert_eq!(verified.sender(), &pair(1).public().0);
    assert_eq!(verified.block(), 100);
    assert_eq!(verified.get().body, b"body");
    assert_eq!(verified.get().path, "/v1/task/1/custom");
    let again = verifier.verify(&signed(1, 100), b"body".to_vec(), 100);
    assert_eq!(again.expect_err("a replay"), Rejection::Replay);
    verifier
        .verify(&signed(2, 100), b"body".to_vec(), 100)
        .expect("another nonce");
}

#[test]
fn blocks_outside_of_the_window_are_refused() {
    let verifier = verifier();
    for (block, expected) in [
        (
            94,
            Err(Rejection::StaleBlock {
                block: 94,
                oldest: 95,
            }),
        ),
        (95, Ok(())),
        (102, Ok(())),
        (
            103,
            Err(Rejection::FutureBlock {
                block: 103,
                newest: 102,
            }),
        ),
    ] {
        let result = verifier.verify(&signed(u64::from(block), block), b"body".to_vec(), 100);
        assert_eq!(result.map(|_| ()), expected, "block {block}");
    }
}

#[test]
fn while_the_node_is_away_newer_blocks_are_accepted_and_the_last_ones_too() {
    let verifier = verifier();
    let now = Now {
        head: 100,
        expected: 200,
    };
    for block in [95, 100, 150, 202] {
        verifier
            .verify(&signed(u64::from(block), block), b"body".to_vec(), now)
            .expect("accepted");
    }
    assert!(
        verifier
            .verify(&signed(1000, 203), b"body".to_vec(), now)
            .is_err()
    );
}

#[test]
fn after_a_restart_requests_from_before_are_refused() {
    let verifier = Verifier::new(receiver(), WINDOW, Some(100));
    let error = verifier
        .verify(&signed(1, 100), b"body".to_vec(), 101)
        .expect_err("before");
    assert_eq!(
        error,
        Rejection::StaleBlock {
            block: 100,
            oldest: 101
        }
    );
    verifier
        .verify(&signed(2, 101), b"body".to_vec(), 101)
        .expect("after");
}

#[test]
fn an_altered_body_is_refused_and_uses_up_nothing() {
    let verifier = verifier();
    let altered = verifier.verify(&signed(1, 100), b"Body".to_vec(), 100);
    assert_eq!(altered.expect_err("altered"), Rejection::AlteredBody);
    verifier
        .verify(&signed(1, 100), b"body".to_vec(), 100)
        .expect("the true one");
}

#[test]
fn requests_for_others_are_refused_before_the_signature_is_looked_at() {
    let map = sign_request(&pair(1), &Method::POST, "/x", b"", &[7; 32], 1, 100);
    let error = verifier().verify(&parts("/x", map.headers), Vec::new(), 100);
    assert_eq!(error.expect_err("not ours"), Rejection::WrongReceiver);
}

#[test]
fn two_copies_at_once_are_let_in_once() {
    let verifier = verifier();
    let head = || {
        let parts = signed(1, 100);
        let claim = Claim::read(&parts.method, "/v1/task/1/custom", &parts.headers);
        verifier
            .head(claim.expect("readable"), 100)
            .expect("new so far")
    };
    let (one, other) = (head(), head());
    verifier
        .body(one, b"body".to_vec(), 100)
        .expect("the faster");
    let slower = verifier.body(other, b"body".to_vec(), 100);
    assert_eq!(slower.expect_err("the slower"), Rejection::Replay);
}

#[test]
fn the_window_is_a_minute_whatever_the_block_time() {
    assert_eq!(
        Window::for_block_time(12_000),
        Window { past: 5, future: 2 }
    );
    assert_eq!(
        Window::for_block_time(250),
        Window {
            past: 240,
            future: 96
        }
    );
    assert_eq!(
        Window::for_block_time(0),
        Window {
            past: 60_000,
            future: 24_000
        }
    );
}

proptest! {
    /// Whatever part of a signed request is changed, it is refused.
    #[test]
    fn every_change_is_refused(which in 0usize..8, place in 0usize..128, digit in 1u8..16) {
        let good = signed(77, 100);
        let mut map = good.headers.clone();
        let mut path = "/v1/task/1/custom";
        let mut body = b"body".to_vec();
        let names = [headers::SENDER, headers::RECEIVER, headers::BODY, headers::SIGNATURE];
        match which {
            0..4 => {
                let name = names[which];
                let mut text = map.get(name).expect("there").to_str().expect("text").as_bytes().to_vec();
                let at = place % text.len();
                let old = (text[at] as char).to_digit(16).expect("a digit") as u8;
                text[at] = char::from_digit(u32::from(old ^ digit), 16).expect("a digit") as u8;
                map.insert(name, HeaderValue::from_bytes(&text).expect("digits"));
            }
            4 => { map.insert(headers::NONCE, HeaderValue::from(77 + u64::from(digit))); }
            5 => { map.insert(headers::BLOCK, HeaderValue::from(100 - u32::from(digit % 5) - 1)); }
            6 => path = "/v1/task/2/custom",
            _ => body.push(digit),
        }
        let result = verifier().verify(&parts(path, map), body, 100);
        prop_assert!(result.is_err());
    }

    /// No headers make the verifier do anything but refuse.
    #[test]
    fn arbitrary_headers_are_refused(values in prop::collection::vec("[ -~]{0,140}", 7)) {
        let names = [
            headers::VERSION, headers::SENDER, headers::RECEIVER, headers::NONCE,
            headers::BLOCK, headers::BODY, headers::SIGNATURE,
        ];
        let mut map = HeaderMap::new();
        for (name, value) in names.into_iter().zip(values) {
            map.insert(name, HeaderValue::from_str(&value).expect("printable"));
        }
        prop_assert!(verifier().verify(&parts("/x", map), Vec::new(), 100).is_err());
    }
}

#[test]
fn the_method_is_signed() {
    let map = sign_request(&pair(1), &Method::GET, "/x", b"", &receiver(), 1, 100);
    let error = verifier().verify(&parts("/x", map.headers), Vec::new(), 100);
    assert_eq!(
        error.expect_err("signed as GET, sent as POST"),
        Rejection::Signature
    );
}
