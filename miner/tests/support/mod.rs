//! A miner on a port of its own, and a client that can misbehave.

#![allow(dead_code, reason = "each test file uses a part of it")]

use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use dendra_miner::{
    admission::{Admission, Allowance},
    gateway::{Gateway, Manner, View, WorkerSlot},
    metrics::Metrics,
    network::{Neuron, Snapshot},
    work::Pool,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use neuron_operator::{
    server::{self, Counters, Limits},
    stop::Stop,
};
use neuron_protocol::{Hotkey, SignedRequest, sign_request, task_path};
use sp_core::{Pair as _, sr25519};
use subnet_sdk::{Description, LanguageModel, Refusal, Worker};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::Semaphore,
};

pub(crate) const NETUID: u16 = 5;
pub(crate) const HEAD: u32 = 1000;
pub(crate) const CHALLENGE_LIMIT: usize = 4096;

/// Deterministic keys.
pub(crate) fn pair(number: u8) -> sr25519::Pair {
    sr25519::Pair::from_seed(&[number; 32])
}

pub(crate) fn hotkey(number: u8) -> Hotkey {
    pair(number).public().0
}

pub(crate) const MINER: u8 = 1;
pub(crate) const VALIDATOR: u8 = 2;
pub(crate) const OTHER_MINER: u8 = 3;
pub(crate) const STRANGER: u8 = 4;
pub(crate) const SECOND_VALIDATOR: u8 = 5;

/// Answers with the challenge reversed; some challenges make it behave otherwise.
pub(crate) struct Reversing {
    pub(crate) gate: Arc<Semaphore>,
    pub(crate) model: Option<Arc<dyn LanguageModel>>,
}

impl Worker for Reversing {
    fn answer(&self, challenge: &[u8]) -> Result<Vec<u8>, Refusal> {
        match challenge {
            b"wait" => loop {
                if let Ok(permit) = self.gate.try_acquire() {
                    permit.forget();
                    return Ok(b"waited".to_vec());
                }
                std::thread::sleep(Duration::from_millis(1));
            },
            b"malformed" => Err(Refusal::Malformed("not a question".into())),
            b"failing" => Err(Refusal::Failed("no luck".into())),
            b"panic" => std::panic::panic_any("as planned"),
            b"long" => Ok(vec![0; 10_000]),
            other => Ok(other.iter().rev().copied().collect()),
        }
    }

    fn serves(&self) -> String {
        "reversed bytes".into()
    }

    fn model(&self) -> Option<Arc<dyn LanguageModel>> {
        self.model.clone()
    }
}

pub(crate) fn neuron(uid: u16, number: u8, permit: bool) -> Neuron {
    Neuron {
        uid,
        hotkey: hotkey(number),
        coldkey: [100; 32],
        permit,
        stake: 0,
        incentive: 0,
        dividends: 0,
        emission: 0,
        axon: None,
        registered_at: 0,
    }
}

pub(crate) fn subnet() -> Snapshot {
    Snapshot::empty(NETUID).with_neurons(vec![
        neuron(0, MINER, false),
        neuron(1, VALIDATOR, true),
        neuron(2, OTHER_MINER, false),
        neuron(3, SECOND_VALIDATOR, true),
    ])
}

/// How a test's miner differs from the usual one.
pub(crate) struct Setup {
    pub(crate) allowance: Allowance,
    pub(crate) running: usize,
    pub(crate) waiting: usize,
    pub(crate) deadline: Duration,
    pub(crate) manner: Manner,
    pub(crate) limits: Limits,
    pub(crate) chain_is_known: bool,
    pub(crate) is_loaded: bool,
    pub(crate) model: Option<Arc<dyn LanguageModel>>,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            allowance: Allowance {
                per_minute: 600,
                burst: 100,
                at_once: 8,
            },
            running: 2,
            waiting: 2,
            deadline: Duration::from_secs(20),
            manner: Manner {
                body_time: Duration::from_millis(300),
                ..Manner::default()
            },
            limits: Limits {
                header_time: Duration::from_millis(300),
                grace: Duration::from_millis(300),
                ..Limits::default()
            },
            chain_is_known: true,
            is_loaded: true,
            model: None,
        }
    }
}

/// A running miner.
pub(crate) struct Miner {
    pub(crate) address: SocketAddr,
    pub(crate) gateway: Arc<Gateway>,
    pub(crate) gate: Arc<Semaphore>,
    pub(crate) stop: Stop,
    nonce: std::sync::atomic::AtomicU64,
}

impl Drop for Miner {
    fn drop(&mut self) {
        self.stop.now();
        self.gate.add_permits(1000);
    }
}

impl Miner {
    pub(crate) async fn start(setup: Setup) -> Self {
        let metrics = Metrics::new().expect("names of their own");
        let gate = Arc::new(Semaphore::new(0));
        let worker = WorkerSlot::empty("loading");
        if setup.is_loaded {
            worker.fill(Arc::new(Reversing {
                gate: Arc::clone(&gate),
                model: setup.model,
            }));
        }
        let view = Arc::new(View::new(hotkey(MINER)));
        if setup.chain_is_known {
            view.network.send_replace(Some(Arc::new(subnet())));
            let slot = Duration::from_secs(12);
            view.saw_block(HEAD - 100, Instant::now(), slot);
            view.saw_block(HEAD, Instant::now(), slot);
        }
        let pool = || Pool::new(setup.running, setup.waiting, metrics.running.clone());
        let gateway = Arc::new(Gateway {
            pair: pair(MINER),
            netuid: NETUID,
            description: Description {
                name: "reversing",
                version: 1,
                summary: "Reverses bytes.",
                deadline: setup.deadline,
                challenge_limit: CHALLENGE_LIMIT,
                answer_limit: CHALLENGE_LIMIT,
                settings: &[],
            },
            view,
            worker,
            admission: Admission::new(setup.allowance, None),
            tasks: pool(),
            clients: pool(),
            metrics: metrics.clone(),
            manner: setup.manner,
        });
        let listener = server::bind(([127, 0, 0, 1], 0).into())
            .await
            .expect("a port");
        let address = listener.local_addr().expect("an address");
        let stop = Stop::new();
        let counters = Counters::register("dendra_miner", &metrics.registry).expect("new names");
        tokio::spawn(server::serve(
            listener,
            Arc::clone(&gateway).router(),
            setup.limits,
            Some(counters),
            stop.clone(),
        ));
        Self {
            address,
            gateway,
            gate,
            stop,
            nonce: 1.into(),
        }
    }

    pub(crate) fn next_nonce(&self) -> u64 {
        self.nonce
            .fetch_add(1, std::sync::atomic::Ordering::Relaxed)
    }

    /// Signs a challenge as the validator would.
    pub(crate) fn sign(&self, body: &[u8]) -> SignedRequest {
        self.sign_as(VALIDATOR, MINER, HEAD, body)
    }

    pub(crate) fn sign_as(&self, from: u8, to: u8, block: u32, body: &[u8]) -> SignedRequest {
        let path = task_path(NETUID, "reversing");
        sign_request(
            &pair(from),
            &Method::POST,
            &path,
            body,
            &hotkey(to),
            self.next_nonce(),
            block,
        )
    }

    /// Sends a challenge of the validator.
    pub(crate) async fn challenge(&self, body: &[u8]) -> Answer {
        let signed = self.sign(body);
        self.send(&signed.headers, body).await
    }

    /// Sends a body to the task with these headers.
    pub(crate) async fn send(&self, headers: &HeaderMap, body: &[u8]) -> Answer {
        let path = task_path(NETUID, "reversing");
        self.post(&path, headers, body).await
    }

    pub(crate) async fn post(&self, path: &str, headers: &HeaderMap, body: &[u8]) -> Answer {
        let head = head("POST", path, headers, Some(body.len()));
        self.raw(&[head.as_bytes(), body].concat())
            .await
            .expect("an answer")
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        let head = head("GET", path, &HeaderMap::new(), None);
        self.raw(head.as_bytes()).await.expect("an answer")
    }

    /// Sends bytes and reads until the miner closes; `None` if it says nothing.
    pub(crate) async fn raw(&self, bytes: &[u8]) -> Option<Answer> {
        let mut stream = TcpStream::connect(self.address).await.expect("connected");
        // The miner may answer and close before everything is sent.
        let _ = stream.write_all(bytes).await;
        let mut answer = Vec::new();
        let reading = stream.read_to_end(&mut answer);
        let read = tokio::time::timeout(Duration::from_secs(20), reading).await;
        let _ = read.expect("the miner ends the connection");
        Answer::read(&answer)
    }

    /// How often an outcome was counted.
    pub(crate) fn counted(&self, endpoint: &str, outcome: &str) -> u64 {
        let metrics = &self.gateway.metrics.requests;
        metrics.with_label_values(&[endpoint, outcome]).get()
    }
}

/// A request's head. `length`: of the body.
pub(crate) fn head(method: &str, path: &str, headers: &HeaderMap, length: Option<usize>) -> String {
    let mut text = format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n");
    for (name, value) in headers {
        text += &format!("{name}: {}\r\n", value.to_str().expect("text"));
    }
    if let Some(length) = length {
        text += &format!("content-length: {length}\r\n");
    }
    text + "\r\n"
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    fn read(bytes: &[u8]) -> Option<Self> {
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
        let (head, body) = (bytes.get(..end)?, bytes.get(end + 4..)?);
        let head = std::str::from_utf8(head).ok()?;
        let mut lines = head.split("\r\n");
        let status = lines.next()?.split(' ').nth(1)?;
        let mut headers = HeaderMap::new();
        for line in lines {
            let (name, value) = line.split_once(':')?;
            headers.append(
                HeaderName::try_from(name).ok()?,
                HeaderValue::try_from(value.trim()).ok()?,
            );
        }
        let chunked = headers
            .get("transfer-encoding")
            .is_some_and(|v| v == "chunked");
        Some(Self {
            status: StatusCode::from_bytes(status.as_bytes()).ok()?,
            body: if chunked {
                unchunk(body)?
            } else {
                body.to_vec()
            },
            headers,
        })
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }

    /// The code of a refusal.
    pub(crate) fn code(&self) -> String {
        self.json()["error"]["code"]
            .as_str()
            .expect("a code")
            .into()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

fn unchunk(mut bytes: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = bytes.windows(2).position(|window| window == b"\r\n")?;
        let size = std::str::from_utf8(bytes.get(..end)?).ok()?;
        let size = usize::from_str_radix(size, 16).ok()?;
        if size == 0 {
            return Some(body);
        }
        body.extend_from_slice(bytes.get(end + 2..end + 2 + size)?);
        bytes = bytes.get(end + 2 + size + 2..)?;
    }
}
