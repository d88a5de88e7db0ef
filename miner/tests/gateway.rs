//! The task endpoint over real sockets: what is answered, and what is refused how cheaply.

mod support;

use std::time::{Duration, Instant};

use dendra_miner::admission::Allowance;
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use neuron_protocol::{headers, sign_request, task_path, verify_answer};
use support::{
    CHALLENGE_LIMIT, HEAD, MINER, Miner, OTHER_MINER, SECOND_VALIDATOR, STRANGER, Setup, VALIDATOR,
    head, hotkey, pair,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

async fn miner() -> Miner {
    Miner::start(Setup::default()).await
}

#[tokio::test]
async fn a_verified_challenge_is_answered_with_a_signed_answer() {
    let miner = miner().await;
    let signed = miner.sign(b"abc");
    let answer = miner.send(&signed.headers, b"abc").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.body, b"cba");
    let check = |key: u8, body: &[u8]| {
        verify_answer(
            &hotkey(key),
            &signed.id,
            answer.status,
            &answer.headers,
            body,
        )
    };
    assert_eq!(check(MINER, b"cba"), Ok(()));
    assert!(check(OTHER_MINER, b"cba").is_err());
    assert!(check(MINER, b"cbb").is_err());
    assert_eq!(miner.counted("task", "answered"), 1);
}

#[tokio::test]
async fn a_replay_is_refused() {
    let miner = miner().await;
    let signed = miner.sign(b"abc");
    assert_eq!(
        miner.send(&signed.headers, b"abc").await.status,
        StatusCode::OK
    );
    let again = miner.send(&signed.headers, b"abc").await;
    assert_eq!(
        (again.status, again.code().as_str()),
        (StatusCode::CONFLICT, "replay")
    );
    assert_eq!(miner.counted("task", "replay"), 1);
}

#[tokio::test]
async fn an_altered_body_is_refused_and_the_true_one_still_answered() {
    let miner = miner().await;
    let signed = miner.sign(b"abc");
    let altered = miner.send(&signed.headers, b"abd").await;
    assert_eq!(
        (altered.status, altered.code().as_str()),
        (StatusCode::UNAUTHORIZED, "altered-body")
    );
    assert_eq!(
        miner.send(&signed.headers, b"abc").await.status,
        StatusCode::OK
    );
}

/// Everything that is wrong with a head is refused although the body never comes: nothing of it was read.
#[tokio::test]
async fn wrong_heads_are_refused_before_the_body_is_read() {
    let miner = miner().await;
    let body = b"abc";
    let good = miner.sign(body).headers;
    let used = miner.sign(body).headers;
    assert_eq!(miner.send(&used, body).await.status, StatusCode::OK);
    let mut forged = good.clone();
    forged.insert(headers::NONCE, HeaderValue::from(u64::MAX));
    let mut malformed = good.clone();
    malformed.insert(headers::SENDER, HeaderValue::from_static("5Fsomebody"));
    let mut version = good.clone();
    version.insert(headers::VERSION, HeaderValue::from(9));
    let other_path = sign_request(
        &pair(VALIDATOR),
        &Method::POST,
        &task_path(6, "reversing"),
        body,
        &hotkey(MINER),
        miner.next_nonce(),
        HEAD,
    );
    let signed = |from, to, block| miner.sign_as(from, to, block, body).headers;
    let cases: Vec<(HeaderMap, u16, &str)> = vec![
        (HeaderMap::new(), 401, "unsigned"),
        (malformed, 400, "malformed"),
        (version, 400, "version"),
        (forged, 401, "signature"),
        (other_path.headers, 401, "signature"),
        (used, 409, "replay"),
        (signed(VALIDATOR, OTHER_MINER, HEAD), 421, "wrong-receiver"),
        (signed(VALIDATOR, MINER, HEAD - 6), 403, "stale-block"),
        (signed(VALIDATOR, MINER, HEAD - 100), 403, "stale-block"),
        (signed(VALIDATOR, MINER, HEAD + 3), 403, "future-block"),
        (signed(STRANGER, MINER, HEAD), 403, "stranger"),
        (signed(OTHER_MINER, MINER, HEAD), 403, "no-permit"),
    ];
    for (map, status, code) in cases {
        let before = miner.counted("task", code);
        let head = head("POST", &task_path(5, "reversing"), &map, Some(1000));
        let answer = miner
            .raw(head.as_bytes())
            .await
            .expect("an answer without a body");
        assert_eq!(
            (answer.status.as_u16(), answer.code().as_str()),
            (status, code)
        );
        assert_eq!(miner.counted("task", code), before + 1, "{code}");
    }
    // None of it used anything up.
    assert_eq!(miner.send(&good, body).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_body_that_says_it_is_too_large_is_refused_before_it_is_read() {
    let miner = miner().await;
    let signed = miner.sign(b"abc");
    let path = task_path(5, "reversing");
    let head = head("POST", &path, &signed.headers, Some(CHALLENGE_LIMIT + 1));
    let answer = miner.raw(head.as_bytes()).await.expect("an answer");
    assert_eq!(
        (answer.status.as_u16(), answer.code().as_str()),
        (413, "oversized")
    );
    assert_eq!(miner.counted("task", "oversized"), 1);
}

#[tokio::test]
async fn a_body_that_hides_its_size_is_refused_when_it_gets_too_large() {
    let miner = miner().await;
    let mut signed = miner.sign(b"abc").headers;
    signed.insert("transfer-encoding", HeaderValue::from_static("chunked"));
    let mut bytes = head("POST", &task_path(5, "reversing"), &signed, None).into_bytes();
    for _ in 0..9 {
        bytes.extend_from_slice(b"200\r\n");
        bytes.extend_from_slice(&[b'x'; 0x200]);
        bytes.extend_from_slice(b"\r\n");
    }
    let answer = miner.raw(&bytes).await.expect("an answer");
    assert_eq!(
        (answer.status.as_u16(), answer.code().as_str()),
        (413, "oversized")
    );
    assert_eq!(miner.counted("task", "oversized"), 1);
}

#[tokio::test]
async fn headers_that_trickle_end_the_connection() {
    let miner = miner().await;
    let answer = miner
        .raw(b"POST /v1/task/5/reversing HTTP/1.1\r\nhost: x\r\nneuron-")
        .await;
    assert!(answer.is_none_or(|answer| answer.status != StatusCode::OK));
}

#[tokio::test]
async fn a_body_that_trickles_is_given_up_and_frees_its_place() {
    let setup = Setup {
        running: 1,
        waiting: 0,
        ..Setup::default()
    };
    let miner = Miner::start(setup).await;
    let signed = miner.sign(b"abc");
    let text = head("POST", &task_path(5, "reversing"), &signed.headers, Some(3)) + "a";
    let answer = miner.raw(text.as_bytes()).await.expect("an answer");
    assert_eq!(
        (answer.status.as_u16(), answer.code().as_str()),
        (408, "slow-body")
    );
    assert_eq!(miner.challenge(b"abc").await.status, StatusCode::OK);
}

/// A byte now and then is no excuse: the limits are of the whole head and of the whole body.
#[tokio::test]
async fn what_drips_is_given_up_as_what_stalls() {
    let miner = miner().await;
    let signed = miner.sign(b"abc");
    let path = task_path(5, "reversing");
    let begun = "POST /v1/task/5/reversing HTTP/1.1\r\nx: ".to_owned();
    let whole = head("POST", &path, &signed.headers, Some(3000));
    for start in [begun, whole] {
        let started = Instant::now();
        let mut stream = TcpStream::connect(miner.address).await.expect("connected");
        stream.write_all(start.as_bytes()).await.expect("sent");
        let (mut read, mut write) = stream.split();
        let mut answer = Vec::new();
        tokio::select! {
            _ = read.read_to_end(&mut answer) => {}
            () = async {
                // A byte every 50 ms, and 300 ms for all of them.
                while started.elapsed() < Duration::from_secs(10) {
                    let _ = write.write_all(b"y").await;
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            } => {}
        }
        assert!(started.elapsed() < Duration::from_secs(5), "{start}");
        assert!(!answer.starts_with(b"HTTP/1.1 200"), "{start}");
    }
    assert_eq!(miner.challenge(b"abc").await.status, StatusCode::OK);
}

#[tokio::test]
async fn other_paths_and_methods_are_told_the_right_one() {
    let miner = miner().await;
    for path in [
        "/v1/task/6/reversing",
        "/v1/task/5/custom",
        "/v1/task/05/reversing",
        "/",
        "/v1/task/5/reversing/",
    ] {
        let signed = miner.sign(b"abc");
        let answer = miner.post(path, &signed.headers, b"abc").await;
        assert_eq!(
            (answer.status.as_u16(), answer.code().as_str()),
            (404, "wrong-path"),
            "{path}"
        );
        assert!(answer.text().contains("/v1/task/5/reversing"));
    }
    let answer = miner.get("/v1/task/5/reversing").await;
    assert_eq!(
        (answer.status.as_u16(), answer.code().as_str()),
        (405, "wrong-method")
    );
    // A query that was not signed.
    let signed = miner.sign(b"abc");
    let answer = miner
        .post("/v1/task/5/reversing?x=1", &signed.headers, b"abc")
        .await;
    assert_eq!(answer.code(), "signature");
}

#[tokio::test]
async fn a_sender_that_asks_too_often_is_told_when_to_come_back() {
    let setup = Setup {
        allowance: Allowance {
            per_minute: 1,
            burst: 2,
            at_once: 8,
        },
        ..Setup::default()
    };
    let miner = Miner::start(setup).await;
    for _ in 0..2 {
        assert_eq!(miner.challenge(b"abc").await.status, StatusCode::OK);
    }
    let answer = miner.challenge(b"abc").await;
    assert_eq!(
        (answer.status.as_u16(), answer.code().as_str()),
        (429, "too-often")
    );
    let wait: u64 = answer.headers["retry-after"]
        .to_str()
        .expect("text")
        .parse()
        .expect("seconds");
    assert!((50..=60).contains(&wait), "{wait}");
    assert_eq!(miner.counted("task", "too-often"), 1);
    // Others are not concerned.
    let other = miner.sign_as(SECOND_VALIDATOR, MINER, HEAD, b"abc");
    assert_eq!(
        miner.send(&other.headers, b"abc").await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn forged_requests_use_up_nothing_of_whom_they_name() {
    let setup = Setup {
        allowance: Allowance {
            per_minute: 1,
            burst: 1,
            at_once: 1,
        },
        ..Setup::default()
    };
    let miner = Miner::start(setup).await;
    for _ in 0..10 {
        let mut forged = miner.sign(b"abc").headers;
        forged.insert(headers::NONCE, HeaderValue::from(miner.next_nonce()));
        assert_eq!(miner.send(&forged, b"abc").await.code(), "signature");
    }
    assert_eq!(miner.challenge(b"abc").await.status, StatusCode::OK);
}

/// Waits until so many challenges are computed.
async fn running(miner: &Miner, count: i64) {
    while miner.gateway.metrics.running.get() != count {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_full_queue_says_so_and_empties() {
    let setup = Setup {
        running: 1,
        waiting: 0,
        ..Setup::default()
    };
    let miner = Miner::start(setup).await;
    let (first, second) = tokio::join!(miner.challenge(b"wait"), async {
        running(&miner, 1).await;
        let answer = miner.challenge(b"abc").await;
        miner.gate.add_permits(1);
        answer
    });
    assert_eq!(
        (second.status.as_u16(), second.code().as_str()),
        (503, "overloaded")
    );
    assert!(second.headers.contains_key("retry-after"));
    assert_eq!(first.body, b"waited");
    assert_eq!(miner.counted("task", "overloaded"), 1);
    running(&miner, 0).await;
    assert_eq!(miner.challenge(b"abc").await.status, StatusCode::OK);
}

#[tokio::test]
async fn one_sender_cannot_take_all_places() {
    let setup = Setup {
        allowance: Allowance {
            per_minute: 600,
            burst: 100,
            at_once: 1,
        },
        running: 2,
        ..Setup::default()
    };
    let miner = Miner::start(setup).await;
    let (first, (second, other)) = tokio::join!(miner.challenge(b"wait"), async {
        running(&miner, 1).await;
        let second = miner.challenge(b"abc").await;
        let other = miner.sign_as(SECOND_VALIDATOR, MINER, HEAD, b"abc");
        let other = miner.send(&other.headers, b"abc").await;
        miner.gate.add_permits(1);
        (second, other)
    });
    assert_eq!(
        (second.status.as_u16(), second.code().as_str()),
        (429, "too-many-at-once")
    );
    assert_eq!(miner.counted("task", "too-many-at-once"), 1);
    assert_eq!(other.status, StatusCode::OK);
    assert_eq!(first.status, StatusCode::OK);
}

#[tokio::test]
async fn work_that_takes_too_long_is_given_up() {
    let setup = Setup {
        deadline: Duration::from_millis(100),
        ..Setup::default()
    };
    let miner = Miner::start(setup).await;
    let answer = miner.challenge(b"wait").await;
    assert_eq!(
        (answer.status.as_u16(), answer.code().as_str()),
        (504, "late")
    );
    miner.gate.add_permits(1);
}

#[tokio::test]
async fn what_the_worker_cannot_do_is_told() {
    let miner = miner().await;
    for (challenge, status, code) in [
        ("malformed", 422, "malformed-challenge"),
        ("failing", 500, "failed"),
        ("panic", 500, "failed"),
        ("long", 500, "failed"),
    ] {
        let answer = miner.challenge(challenge.as_bytes()).await;
        assert_eq!(
            (answer.status.as_u16(), answer.code().as_str()),
            (status, code),
            "{challenge}"
        );
    }
    assert_eq!(miner.challenge(b"abc").await.status, StatusCode::OK);
}

#[tokio::test]
async fn before_the_chain_or_the_model_is_there_requests_are_told_so() {
    let unknown = Miner::start(Setup {
        chain_is_known: false,
        ..Setup::default()
    })
    .await;
    let answer = unknown.challenge(b"abc").await;
    assert_eq!(
        (answer.status.as_u16(), answer.code().as_str()),
        (503, "chain-unknown")
    );
    assert_eq!(unknown.counted("task", "chain-unknown"), 1);
    let loading = Miner::start(Setup {
        is_loaded: false,
        ..Setup::default()
    })
    .await;
    let answer = loading.challenge(b"abc").await;
    assert_eq!(
        (answer.status.as_u16(), answer.code().as_str()),
        (503, "starting")
    );
    assert_eq!(loading.counted("task", "starting"), 1);
    let health = loading.get("/health").await.json();
    assert_eq!(health["ready"], false);
    assert_eq!(health["hotkey"], hex::encode(hotkey(MINER)));
}

#[tokio::test]
async fn a_new_metagraph_counts_at_once() {
    let miner = miner().await;
    assert_eq!(miner.challenge(b"abc").await.status, StatusCode::OK);
    let changed = support::subnet().with_neurons(vec![
        support::neuron(0, MINER, false),
        support::neuron(1, STRANGER, true),
    ]);
    miner
        .gateway
        .view
        .network
        .send_replace(Some(changed.into()));
    assert_eq!(miner.challenge(b"abc").await.code(), "stranger");
    let new = miner.sign_as(STRANGER, MINER, HEAD, b"abc");
    assert_eq!(
        miner.send(&new.headers, b"abc").await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn many_slow_connections_do_not_keep_a_validator_out() {
    let setup = Setup {
        limits: neuron_operator::server::Limits {
            connections: 64,
            per_address: 64,
            header_time: Duration::from_millis(300),
            ..neuron_operator::server::Limits::default()
        },
        ..Setup::default()
    };
    let miner = Miner::start(setup).await;
    let mut slow = Vec::new();
    for _ in 0..63 {
        let mut stream = TcpStream::connect(miner.address).await.expect("connected");
        stream
            .write_all(b"POST /v1/task/5/reversing HTTP/1.1\r\nx: ")
            .await
            .expect("sent");
        slow.push(stream);
    }
    // One place is left, and the others come back soon.
    assert_eq!(miner.challenge(b"abc").await.status, StatusCode::OK);
    for mut stream in slow {
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest).await;
    }
    assert_eq!(miner.challenge(b"abc").await.status, StatusCode::OK);
}

#[tokio::test]
async fn several_requests_can_use_one_connection() {
    let miner = miner().await;
    let mut stream = TcpStream::connect(miner.address).await.expect("connected");
    for challenge in [b"abc", b"xyz"] {
        let signed = miner.sign(challenge);
        let text = head("POST", &task_path(5, "reversing"), &signed.headers, Some(3))
            .replace("connection: close\r\n", "");
        stream.write_all(text.as_bytes()).await.expect("sent");
        stream.write_all(challenge).await.expect("sent");
        let mut answer = Vec::new();
        while !answer
            .windows(7)
            .any(|window| window == b"\r\n\r\ncba" || window == b"\r\n\r\nzyx")
        {
            let mut piece = [0; 512];
            let read = stream.read(&mut piece).await.expect("read");
            assert!(read > 0, "{}", String::from_utf8_lossy(&answer));
            answer.extend_from_slice(&piece[..read]);
        }
    }
}
