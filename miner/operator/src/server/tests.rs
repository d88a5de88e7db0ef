use axum::routing::get;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    task::JoinHandle,
};

use super::*;

/// A server on a port of its own, and what stops it.
async fn started(limits: Limits, registry: &Registry) -> (SocketAddr, Stop, JoinHandle<()>) {
    let app = Router::new().route("/", get(|| async { "here" })).route(
        "/slow",
        get(|| async {
            tokio::time::sleep(Duration::from_millis(200)).await;
            "done"
        }),
    );
    let listener = bind(([127, 0, 0, 1], 0).into()).await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let stop = Stop::new();
    let counters = Counters::register("test", registry).expect("new names");
    let serving = tokio::spawn(serve(listener, app, limits, Some(counters), stop.clone()));
    (address, stop, serving)
}

/// Sends text and reads until the server ends the connection.
async fn exchange(address: SocketAddr, text: &str) -> String {
    let mut stream = TcpStream::connect(address).await.expect("connected");
    stream.write_all(text.as_bytes()).await.expect("sent");
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

const CLOSING: &str = "GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";

#[tokio::test]
async fn ordinary_requests_are_answered() {
    let (address, ..) = started(Limits::default(), &Registry::new()).await;
    let answer = exchange(address, CLOSING).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.ends_with("here"), "{answer}");
}

#[tokio::test]
async fn headers_that_trickle_are_cut_off() {
    let limits = Limits {
        header_time: Duration::from_millis(100),
        ..Limits::default()
    };
    let (address, ..) = started(limits, &Registry::new()).await;
    let answer = exchange(address, "GET / HTTP/1.1\r\nhost: x\r\nx-slow: ").await;
    assert!(!answer.contains("200"), "{answer}");
}

#[tokio::test]
async fn long_headers_are_refused() {
    let (address, ..) = started(Limits::default(), &Registry::new()).await;
    let long = format!(
        "GET / HTTP/1.1\r\nhost: x\r\nx-long: {}\r\n\r\n",
        "a".repeat(20_000)
    );
    let answer = exchange(address, &long).await;
    assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");
}

#[tokio::test]
async fn a_connection_too_many_is_told_so_and_counted() {
    let limits = Limits {
        per_address: 1,
        ..Limits::default()
    };
    let registry = Registry::new();
    let (address, ..) = started(limits, &registry).await;
    let mut first = TcpStream::connect(address).await.expect("connected");
    first
        .write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
        .await
        .expect("sent");
    let mut byte = [0];
    first.read_exact(&mut byte).await.expect("answered");
    let mut second = TcpStream::connect(address).await.expect("connected");
    let mut answer = String::new();
    second.read_to_string(&mut answer).await.expect("told");
    assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
    let refused = registry
        .gather()
        .into_iter()
        .find(|family| family.get_name() == "test_refused_connections_total");
    let count = refused
        .expect("counted")
        .get_metric()
        .first()
        .expect("one")
        .get_counter()
        .get_value();
    assert_eq!(count, 1.0);
}

#[tokio::test]
async fn stopping_lets_open_requests_end() {
    let (address, stop, serving) = started(Limits::default(), &Registry::new()).await;
    let mut slow = TcpStream::connect(address).await.expect("connected");
    slow.write_all(b"GET /slow HTTP/1.1\r\nhost: x\r\n\r\n")
        .await
        .expect("sent");
    // Connections are served in their order: when this one was answered, the server has read the one before.
    exchange(address, CLOSING).await;
    stop.now();
    let mut answer = String::new();
    slow.read_to_string(&mut answer).await.expect("answered");
    assert!(answer.ends_with("done"), "{answer}");
    serving.await.expect("ended");
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn a_port_in_use_is_a_failure_with_a_remedy() {
    let (address, ..) = started(Limits::default(), &Registry::new()).await;
    let failure = bind(address).await.expect_err("taken");
    assert_eq!(failure.code(), Code::Port);
    assert!(
        failure.to_string().contains(&address.to_string()),
        "{failure}"
    );
}
