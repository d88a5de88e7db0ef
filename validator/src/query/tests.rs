//! Miners of every kind of malice, over real sockets.

use std::sync::atomic::{AtomicUsize, Ordering};

use neuron_protocol::{Claim, sign_answer};
use prometheus::Registry;
use sp_core::Pair as _;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use super::*;

fn pair(number: u8) -> Pair {
    Pair::from_seed(&[number; 32])
}

fn asker(most: usize) -> Asker {
    let metrics = Metrics::register(&Registry::new()).expect("new names");
    Asker::new(Arc::new(pair(1)), most, metrics).expect("a client")
}

fn challenge(miner: u8) -> Challenge {
    let hotkey = pair(miner).public().0;
    let miner = Miner {
        uid: miner.into(),
        hotkey,
    };
    Challenge {
        miner,
        body: b"how much is two and two".to_vec(),
    }
}

const TERMS: Terms = Terms {
    netuid: 7,
    template: "toy",
    deadline: Duration::from_millis(600),
    answer_limit: 1000,
};

/// Reads a request: its headers and its body.
async fn request(stream: &mut TcpStream) -> (reqwest::header::HeaderMap, Vec<u8>) {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end + 4;
        }
        let count = stream.read_buf(&mut bytes).await.expect("read");
        assert!(count > 0, "the request breaks off");
    };
    let text = String::from_utf8(bytes[..end].to_vec()).expect("text");
    let mut headers = reqwest::header::HeaderMap::new();
    for line in text.lines().skip(1).filter(|line| !line.is_empty()) {
        let (name, value) = line.split_once(": ").expect("a header");
        let name: reqwest::header::HeaderName = name.parse().expect("a name");
        headers.insert(name, value.parse().expect("a value"));
    }
    let length: usize = headers["content-length"]
        .to_str()
        .expect("text")
        .parse()
        .expect("a number");
    let mut body = bytes[end..].to_vec();
    while body.len() < length {
        stream.read_buf(&mut body).await.expect("read");
    }
    (headers, body)
}

/// The head of an answer that `miner` signs, as if its body were `signed`.
fn head(miner: u8, headers: &reqwest::header::HeaderMap, signed: &[u8], length: usize) -> String {
    let signature = signature(miner, headers, signed);
    format!("HTTP/1.1 200 OK\r\nneuron-signature: {signature}\r\ncontent-length: {length}\r\n\r\n")
}

fn signature(miner: u8, headers: &reqwest::header::HeaderMap, body: &[u8]) -> String {
    // The identity of a request is what its sender signed; it is found by verifying as a miner does.
    let id = id(miner, headers);
    let map = sign_answer(&pair(miner), &id, StatusCode::OK, body);
    map["neuron-signature"].to_str().expect("digits").into()
}

fn id(miner: u8, headers: &reqwest::header::HeaderMap) -> neuron_protocol::RequestId {
    let text = |name: &str| headers[name].to_str().expect("text").to_owned();
    let (nonce, block) = (
        text("neuron-nonce").parse().expect("a number"),
        text("neuron-block").parse().expect("a number"),
    );
    let miner = pair(miner).public().0;
    let path = task_path(TERMS.netuid, TERMS.template);
    let body = &challenge(1).body;
    sign_request(&pair(1), &Method::POST, &path, body, &miner, nonce, block).id
}

/// A miner that does with each connection what it is told; its address.
async fn miner<F, R>(behaviour: F) -> SocketAddr
where
    F: Fn(TcpStream) -> R + Send + 'static,
    R: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(behaviour(stream));
        }
    });
    address
}

/// A miner that answers each request with a text that may depend on the headers.
async fn miner_that_says(
    text: impl Fn(&reqwest::header::HeaderMap) -> String + Send + Sync + Clone + 'static,
) -> SocketAddr {
    miner(move |mut stream| {
        let text = text.clone();
        async move {
            let (headers, _) = request(&mut stream).await;
            stream
                .write_all(text(&headers).as_bytes())
                .await
                .expect("written");
            let _ = stream.shutdown().await;
        }
    })
    .await
}

async fn outcome(address: SocketAddr) -> Result<Vec<u8>, Failure> {
    let reply = asker(4).ask(TERMS, address, &challenge(3), 50).await;
    reply.map(|reply| reply.body)
}

#[tokio::test]
async fn a_signed_answer_counts() {
    let address = miner_that_says(|headers| {
        let claim = Claim::read(&Method::POST, "/v1/task/7/toy", headers).expect("signed");
        assert_eq!(*claim.sender(), pair(1).public().0);
        assert_eq!(headers["neuron-block"], "50");
        head(3, headers, b"four", 4) + "four"
    })
    .await;
    assert_eq!(outcome(address).await, Ok(b"four".to_vec()));
}

#[tokio::test]
async fn somebody_elses_answer_means_nothing() {
    let copied = miner_that_says(|headers| head(4, headers, b"four", 4) + "four").await;
    assert_eq!(outcome(copied).await, Err(Failure::Meaningless));
    let altered = miner_that_says(|headers| head(3, headers, b"four", 4) + "five").await;
    assert_eq!(outcome(altered).await, Err(Failure::Meaningless));
    let unsigned =
        miner_that_says(|_| "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nfour".into()).await;
    assert_eq!(outcome(unsigned).await, Err(Failure::Meaningless));
}

#[tokio::test]
async fn an_answer_to_another_question_means_nothing() {
    let kept = Arc::new(std::sync::Mutex::new(None));
    let address = miner_that_says(move |headers| {
        let mut kept = kept.lock().expect("not poisoned");
        let first = kept.get_or_insert_with(|| head(3, headers, b"four", 4) + "four");
        first.clone()
    })
    .await;
    assert_eq!(outcome(address).await, Ok(b"four".to_vec()));
    assert_eq!(outcome(address).await, Err(Failure::Meaningless));
}

#[tokio::test]
async fn an_announced_flood_is_not_read() {
    let address = miner_that_says(|headers| head(3, headers, b"", 1 << 40)).await;
    assert_eq!(outcome(address).await, Err(Failure::Meaningless));
}

#[tokio::test]
async fn a_flood_without_end_is_cut_off_at_the_limit() {
    let written = Arc::new(AtomicUsize::new(0));
    let count = written.clone();
    let address = miner(move |mut stream| {
        let count = count.clone();
        async move {
            request(&mut stream).await;
            let head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
            stream.write_all(head.as_bytes()).await.expect("written");
            let chunk = format!("{:x}\r\n{}\r\n", 1 << 20, "x".repeat(1 << 20));
            while stream.write_all(chunk.as_bytes()).await.is_ok() {
                count.fetch_add(1 << 20, Ordering::Relaxed);
            }
        }
    })
    .await;
    assert_eq!(outcome(address).await, Err(Failure::Meaningless));
    // What sockets buffer, and no gigabytes.
    assert!(written.load(Ordering::Relaxed) <= 16 << 20);
}

#[tokio::test]
async fn a_dripping_answer_is_too_late() {
    let address = miner(|mut stream| async move {
        let (headers, _) = request(&mut stream).await;
        let text = head(3, &headers, &[b'x'; 900], 900);
        stream.write_all(text.as_bytes()).await.expect("written");
        let mut pace = tokio::time::interval(Duration::from_millis(20));
        while stream.write_all(b"x").await.is_ok() {
            pace.tick().await;
        }
    })
    .await;
    let started = Instant::now();
    assert_eq!(outcome(address).await, Err(Failure::TooLate));
    assert!(started.elapsed() < TERMS.deadline * 3);
}

#[tokio::test]
async fn dripping_headers_and_silence_are_too_late() {
    let dripping = miner(|mut stream| async move {
        request(&mut stream).await;
        let mut pace = tokio::time::interval(Duration::from_millis(20));
        stream
            .write_all(b"HTTP/1.1 200 OK\r\n")
            .await
            .expect("written");
        while stream.write_all(b"x: y\r\n").await.is_ok() {
            pace.tick().await;
        }
    })
    .await;
    assert_eq!(outcome(dripping).await, Err(Failure::TooLate));
    let silent = miner(|mut stream| async move {
        request(&mut stream).await;
        std::future::pending::<()>().await;
    })
    .await;
    assert_eq!(outcome(silent).await, Err(Failure::TooLate));
}

#[tokio::test]
async fn headers_without_end_are_no_answer() {
    let address = miner(|mut stream| async move {
        request(&mut stream).await;
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n").await;
        let header = format!("x: {}\r\n", "y".repeat(1 << 16));
        while stream.write_all(header.as_bytes()).await.is_ok() {}
    })
    .await;
    assert_eq!(outcome(address).await, Err(Failure::Unreachable));
}

#[tokio::test]
async fn an_answer_that_breaks_off_means_nothing() {
    let address = miner_that_says(|headers| head(3, headers, b"four", 4) + "fo").await;
    assert_eq!(outcome(address).await, Err(Failure::Meaningless));
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let visited = Arc::new(AtomicUsize::new(0));
    let count = visited.clone();
    let elsewhere = miner(move |_| {
        count.fetch_add(1, Ordering::Relaxed);
        std::future::ready(())
    })
    .await;
    let address = miner_that_says(move |_| {
        format!("HTTP/1.1 307 Temporary Redirect\r\nlocation: http://{elsewhere}/\r\ncontent-length: 0\r\n\r\n")
    })
    .await;
    assert_eq!(outcome(address).await, Err(Failure::Refused));
    assert_eq!(visited.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn what_is_not_http_and_nobody_at_all_are_unreachable() {
    let odd = miner_that_says(|_| "SSH-2.0-OpenSSH_9.2\r\n".into()).await;
    assert_eq!(outcome(odd).await, Err(Failure::Unreachable));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let free = listener.local_addr().expect("an address");
    drop(listener);
    assert_eq!(outcome(free).await, Err(Failure::Unreachable));
}

#[tokio::test]
async fn statuses_tell_overload_from_refusal() {
    for (line, failure) in [
        ("429 Too Many Requests", Failure::Overloaded),
        ("503 Service Unavailable", Failure::Overloaded),
        ("401 Unauthorized", Failure::Refused),
        ("500 Internal Server Error", Failure::Refused),
        ("204 No Content", Failure::Refused),
    ] {
        let address =
            miner_that_says(move |_| format!("HTTP/1.1 {line}\r\ncontent-length: 0\r\n\r\n")).await;
        assert_eq!(outcome(address).await, Err(failure), "{line}");
    }
}

/// What a round needs: never more at a time than allowed, all of one miner in turn, every challenge with its exchange.
#[tokio::test]
async fn many_miners_are_asked_at_a_time_but_not_too_many() {
    let (open, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (counting, greatest) = (open.clone(), most.clone());
    let address = miner(move |mut stream| {
        let (open, most) = (counting.clone(), greatest.clone());
        async move {
            request(&mut stream).await;
            most.fetch_max(open.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            tokio::time::sleep(Duration::from_millis(30)).await;
            open.fetch_sub(1, Ordering::SeqCst);
            let _ = stream.write_all(b"HTTP/1.1 429 Too Many Requests\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").await;
        }
    })
    .await;
    let mut addresses = BTreeMap::new();
    let mut challenges = Vec::new();
    for number in 2..22 {
        for body in [b"one".to_vec(), b"two".to_vec()] {
            let challenge = Challenge {
                body,
                ..challenge(number)
            };
            addresses.insert(challenge.miner, (number != 21).then_some(address));
            challenges.push(challenge);
        }
    }
    let exchanges = asker(5)
        .ask_all(TERMS, &addresses, challenges.clone(), || 9)
        .await;
    assert_eq!(exchanges.len(), 40);
    let asked: Vec<&Challenge> = exchanges
        .iter()
        .map(|exchange| &exchange.challenge)
        .collect();
    assert_eq!(asked, challenges.iter().collect::<Vec<_>>());
    assert!(
        exchanges[..38]
            .iter()
            .all(|exchange| exchange.outcome == Err(Failure::Overloaded))
    );
    assert!(
        exchanges[38..]
            .iter()
            .all(|exchange| exchange.outcome == Err(Failure::NoEndpoint))
    );
    assert_eq!(most.load(Ordering::SeqCst), 5);
}
