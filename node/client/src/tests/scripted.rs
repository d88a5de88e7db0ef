//! Nodes that misbehave: a server whose every answer is written here.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use codec::Encode;
use jsonrpsee::{
    RpcModule, SubscriptionMessage,
    server::{Server, ServerHandle},
    types::{ErrorObjectOwned, Params},
};
use serde_json::{Value, json};
use sp_io::TestExternalities;
use tokio::{sync::watch, time::Instant};

use crate::{
    AccountId32, Call, Chain, ChainError, Options, Pair, SubmitError, Wait, rpc, wallet::Wallet,
};

const HEIGHT: u32 = 5;
const GENESIS: [u8; 32] = [3; 32];

/// What a scripted node does with a request.
#[derive(Clone)]
enum Answer {
    Value(Value),
    Error(i32, &'static str, &'static str),
    Never,
}

/// The script, and what was asked.
struct Script {
    metadata: String,
    version: watch::Sender<u32>,
    storage: Mutex<Answer>,
    call: Mutex<Option<Answer>>,
    submit: Mutex<Vec<Answer>>,
    log: Mutex<Vec<String>>,
    at_once: AtomicUsize,
    most_at_once: AtomicUsize,
}

type Reply = Result<Value, ErrorObjectOwned>;

fn header() -> Value {
    let zeros = rpc::hex(&[0; 32]);
    json!({
        "parentHash": zeros,
        "number": format!("{HEIGHT:#x}"),
        "stateRoot": zeros,
        "extrinsicsRoot": zeros,
        "digest": { "logs": [] },
    })
}

fn best() -> String {
    let header = serde_json::from_value(header()).unwrap();
    rpc::hex(&rpc::head(&header).unwrap().hash)
}

fn version(number: u32) -> Value {
    json!({
        "specName": "node-subtensor",
        "specVersion": number,
        "transactionVersion": 1,
        "apis": [["0xdf6acb689907609b", 5]],
    })
}

impl Script {
    fn note(&self, what: impl Into<String>) {
        self.log.lock().unwrap().push(what.into());
    }

    /// How often this was asked.
    fn count(&self, what: &str) -> usize {
        let log = self.log.lock().unwrap();
        log.iter().filter(|line| line.starts_with(what)).count()
    }

    async fn give(&self, answer: Answer) -> Reply {
        match answer {
            Answer::Value(value) => Ok(value),
            Answer::Error(code, message, data) => {
                Err(ErrorObjectOwned::owned(code, message, Some(data)))
            }
            Answer::Never => std::future::pending().await,
        }
    }

    async fn answer(&self, method: &str, list: Vec<Value>) -> Reply {
        self.note(format!("{method} {}", list.first().unwrap_or(&Value::Null)));
        let now = self.at_once.fetch_add(1, Ordering::SeqCst) + 1;
        self.most_at_once.fetch_max(now, Ordering::SeqCst);
        let reply = self.reply(method, list).await;
        self.at_once.fetch_sub(1, Ordering::SeqCst);
        reply
    }

    async fn reply(&self, method: &str, list: Vec<Value>) -> Reply {
        match (method, list.first()) {
            ("chain_getBlockHash", Some(number)) if number == 0 => Ok(json!(rpc::hex(&GENESIS))),
            ("chain_getBlockHash" | "chain_getFinalizedHead", _) => Ok(json!(best())),
            ("chain_getHeader", _) => Ok(header()),
            ("state_getRuntimeVersion", _) => Ok(version(*self.version.borrow())),
            ("account_nextIndex", _) => Ok(json!(0)),
            ("author_pendingExtrinsics", _) => Ok(json!([])),
            ("state_getStorage", _) => {
                let answer = self.storage.lock().unwrap().clone();
                self.give(answer).await
            }
            ("state_call", Some(name)) if name == "Metadata_metadata_at_version" => {
                Ok(json!(self.metadata))
            }
            ("state_call", Some(name)) if name == "AccountNonceApi_account_nonce" => {
                Ok(json!(rpc::hex(&0u32.encode())))
            }
            ("state_call", _) => {
                let answer = self.call.lock().unwrap().clone();
                self.give(answer.unwrap_or(Answer::Never)).await
            }
            other => panic!("{other:?}"),
        }
    }
}

struct Node {
    script: Arc<Script>,
    address: SocketAddr,
    _server: ServerHandle,
}

impl Node {
    async fn start() -> Self {
        let metadata = TestExternalities::default()
            .execute_with(|| dendra_runtime::Runtime::metadata_at_version(15));
        let script = Arc::new(Script {
            metadata: rpc::hex(&metadata.encode()),
            version: watch::Sender::new(7),
            storage: Mutex::new(Answer::Value(Value::Null)),
            call: Mutex::default(),
            submit: Mutex::default(),
            log: Mutex::default(),
            at_once: AtomicUsize::new(0),
            most_at_once: AtomicUsize::new(0),
        });
        let mut module = RpcModule::from_arc(script.clone());
        for method in [
            "chain_getBlockHash",
            "chain_getFinalizedHead",
            "chain_getHeader",
            "state_getRuntimeVersion",
            "state_getStorage",
            "state_call",
            "account_nextIndex",
            "author_pendingExtrinsics",
        ] {
            module
                .register_async_method(
                    method,
                    move |params: Params<'static>, script: Arc<Script>, _| async move {
                        let list: Vec<Value> = params.parse().unwrap_or_default();
                        script.answer(method, list).await
                    },
                )
                .unwrap();
        }
        for (subscribe, notify, unsubscribe) in [
            (
                "chain_subscribeNewHeads",
                "chain_newHead",
                "chain_unsubscribeNewHeads",
            ),
            (
                "chain_subscribeFinalizedHeads",
                "chain_finalizedHead",
                "chain_unsubscribeFinalizedHeads",
            ),
        ] {
            module
                .register_subscription(
                    subscribe,
                    notify,
                    unsubscribe,
                    |_, pending, _: Arc<Script>, _| async move {
                        let Ok(sink) = pending.accept().await else {
                            return;
                        };
                        let message = SubscriptionMessage::from_json(&header()).unwrap();
                        let _ = sink.send(message).await;
                        sink.closed().await;
                    },
                )
                .unwrap();
        }
        module
            .register_subscription(
                "state_subscribeRuntimeVersion",
                "state_runtimeVersion",
                "state_unsubscribeRuntimeVersion",
                |_, pending, script: Arc<Script>, _| async move {
                    let Ok(sink) = pending.accept().await else {
                        return;
                    };
                    let mut versions = script.version.subscribe();
                    loop {
                        let now = version(*versions.borrow_and_update());
                        let message = SubscriptionMessage::from_json(&now).unwrap();
                        if sink.send(message).await.is_err() || versions.changed().await.is_err() {
                            return;
                        }
                    }
                },
            )
            .unwrap();
        module
            .register_subscription(
                "author_submitAndWatchExtrinsic",
                "author_extrinsicUpdate",
                "author_unwatchExtrinsic",
                |params, pending, script: Arc<Script>, _| async move {
                    let list: Vec<Value> = params.parse().unwrap_or_default();
                    script.note(format!("submit {}", list[0]));
                    let answer = {
                        let mut answers = script.submit.lock().unwrap();
                        match answers.len() {
                            0 => Answer::Never,
                            _ => answers.remove(0),
                        }
                    };
                    match script.give(answer).await {
                        Ok(status) => {
                            let Ok(sink) = pending.accept().await else {
                                return;
                            };
                            let message = SubscriptionMessage::from_json(&status).unwrap();
                            let _ = sink.send(message).await;
                            sink.closed().await;
                        }
                        Err(error) => pending.reject(error).await,
                    }
                },
            )
            .unwrap();
        let server = Server::builder().build("127.0.0.1:0").await.unwrap();
        let address = server.local_addr().unwrap();
        Self {
            script,
            address,
            _server: server.start(module),
        }
    }

    async fn client(&self) -> Chain {
        let options = Options {
            request_timeout: Duration::from_millis(400),
            connect_timeout: Duration::from_secs(20),
            submit_timeout: Some(Duration::from_secs(4)),
            most_requests: 3,
        };
        let url = format!("ws://{}", self.address);
        Chain::connect_with(&url, options).await.unwrap()
    }

    fn storage(&self, answer: Answer) {
        *self.script.storage.lock().unwrap() = answer;
    }
}

fn alice() -> Pair {
    Wallet::from_suri("//Alice").unwrap().pair().clone()
}

fn remark() -> Call {
    Call::Dynamic {
        pallet: "System".into(),
        call: "remark".into(),
        fields: vec![("remark".into(), crate::Value::from_bytes(b"said"))],
    }
}

#[tokio::test]
async fn a_silent_node_ends_in_an_error_and_holds_up_nothing_else() {
    let node = Node::start().await;
    let client = node.client().await;
    node.storage(Answer::Never);
    let asked = Instant::now();
    match client.now_ms().await.unwrap_err() {
        ChainError::Deadline { method, .. } => assert_eq!(method, "state_getStorage"),
        other => panic!("{other}"),
    }
    assert!(asked.elapsed() < Duration::from_secs(3));
    assert_eq!(client.head().await.unwrap().number, HEIGHT);
}

#[tokio::test]
async fn a_bound_holds_for_requests_at_a_time() {
    let node = Node::start().await;
    let client = node.client().await;
    node.storage(Answer::Never);
    let requests = (0..12).map(|_| client.now_ms());
    let mut answers: futures::stream::FuturesUnordered<_> = requests.collect();
    // The node does not see that a request was given up, so only the time before the first counts.
    let mut most = None;
    while let Some(answer) = futures::StreamExt::next(&mut answers).await {
        most.get_or_insert_with(|| node.script.most_at_once.load(Ordering::SeqCst));
        assert!(matches!(answer, Err(ChainError::Deadline { .. })));
    }
    assert!(most.is_some_and(|most| (1..=3).contains(&most)), "{most:?}");
}

#[tokio::test]
async fn answers_of_other_types_are_errors_that_name_the_question() {
    let node = Node::start().await;
    let client = node.client().await;
    for (answer, is_unreadable) in [
        (Answer::Value(json!(7)), true),
        (Answer::Value(json!("0x")), true),
        (Answer::Value(json!("0x00")), true),
        (Answer::Value(json!("text")), true),
        (
            Answer::Error(4003, "State already discarded", "for 0x00"),
            false,
        ),
    ] {
        node.storage(answer);
        let error = client.now_ms().await.unwrap_err();
        assert_eq!(
            matches!(error, ChainError::Unreadable { .. }),
            is_unreadable,
            "{error}"
        );
    }
    *node.script.call.lock().unwrap() = Some(Answer::Value(json!("0x01ffffffff")));
    let error = client.metagraph(1).await.unwrap_err();
    assert!(error.to_string().contains("get_metagraph"), "{error}");
}

#[tokio::test]
async fn an_upgrade_of_the_runtime_is_followed() {
    let node = Node::start().await;
    let client = node.client().await;
    let of_client = async || {
        client
            .connection
            .runtime()
            .await
            .unwrap()
            .version()
            .spec_version
    };
    assert_eq!(of_client().await, 7);
    let fetched = |node: &Node| {
        node.script
            .count("state_call \"Metadata_metadata_at_version\"")
    };
    assert_eq!(fetched(&node), 1);

    node.script.version.send_replace(8);
    let start = Instant::now();
    while of_client().await != 8 {
        assert!(start.elapsed() < Duration::from_secs(20), "not followed");
        tokio::task::yield_now().await;
    }
    assert_eq!(fetched(&node), 2);
    // Back to what it was: its metadata is still known.
    node.script.version.send_replace(7);
    while of_client().await != 7 {
        assert!(start.elapsed() < Duration::from_secs(20), "not followed");
        tokio::task::yield_now().await;
    }
    assert_eq!(fetched(&node), 2);
}

#[tokio::test]
async fn a_transaction_without_an_answer_is_looked_for_before_the_same_bytes_go_out_again() {
    let node = Node::start().await;
    let client = node.client().await;
    let error = client
        .submit(&alice(), remark(), Wait::Best)
        .await
        .unwrap_err();
    assert!(matches!(error, SubmitError::Deadline { .. }), "{error}");
    assert!(!error.is_retryable());

    let log = node.script.log.lock().unwrap().clone();
    let sent: Vec<_> = log
        .iter()
        .filter(|line| line.starts_with("submit"))
        .collect();
    assert!(sent.len() > 1, "{log:?}");
    assert!(sent.iter().all(|one| *one == sent[0]), "other bytes");
    // Between two attempts it was looked for, by nonce and in the pool.
    let attempts: Vec<&[String]> = log.split(|line| line.starts_with("submit")).collect();
    for between in &attempts[1..attempts.len() - 1] {
        for question in ["state_call \"AccountNonceApi", "author_pendingExtrinsics"] {
            assert!(
                between.iter().any(|line| line.starts_with(question)),
                "{question} is not among {between:?}"
            );
        }
    }
}

#[tokio::test]
async fn refusals_are_read_and_only_passing_ones_tried_again() {
    let node = Node::start().await;
    let client = node.client().await;
    let of = async |answers: Vec<Answer>| {
        node.script.log.lock().unwrap().clear();
        *node.script.submit.lock().unwrap() = answers;
        let outcome = client.submit(&alice(), remark(), Wait::Pool).await;
        (outcome, node.script.count("submit"))
    };
    let invalid = |data| Answer::Error(1010, "Invalid Transaction", data);
    let ready = || Answer::Value(json!("ready"));

    let (outcome, times) = of(vec![invalid("Custom error: 19")]).await;
    assert!(
        matches!(outcome, Err(SubmitError::Refused { code: Some(19), .. })),
        "{outcome:?}"
    );
    assert_eq!(times, 1);
    for passing in [
        invalid("Transaction is outdated"),
        invalid("Transaction has a bad signature"),
        invalid("Transaction has an ancient birth block"),
        Answer::Error(1014, "Priority is too low", "(0 > 0)"),
    ] {
        let (outcome, times) = of(vec![passing, ready()]).await;
        assert!(outcome.is_ok(), "{outcome:?}");
        assert_eq!(times, 2);
    }
    let (outcome, times) = of(vec![Answer::Error(1013, "Already imported", "")]).await;
    assert!(outcome.is_ok() && times == 1, "{outcome:?}");
    let (outcome, _) = of(vec![Answer::Error(1016, "Immediately dropped", "")]).await;
    assert!(matches!(outcome, Err(SubmitError::Dropped { .. })));

    // A nonce that was given is not replaced by another.
    *node.script.submit.lock().unwrap() = vec![invalid("Transaction is outdated"), ready()];
    let outcome = client
        .submit_with_nonce(&alice(), remark(), 0, Wait::Pool)
        .await;
    assert_eq!(outcome, Err(SubmitError::Usurped { nonce: 0 }));
}

#[tokio::test]
async fn what_the_pool_gives_up_is_an_error_of_its_own() {
    let node = Node::start().await;
    let client = node.client().await;
    for (status, expected) in [
        (json!("dropped"), "Dropped"),
        (json!("invalid"), "Dropped"),
        (json!({ "usurped": rpc::hex(&[1; 32]) }), "Usurped"),
    ] {
        *node.script.submit.lock().unwrap() = vec![Answer::Value(status)];
        let error = client
            .submit(&alice(), remark(), Wait::Best)
            .await
            .unwrap_err();
        assert!(error.is_retryable());
        assert!(format!("{error:?}").starts_with(expected), "{error:?}");
    }
}

#[tokio::test]
async fn heads_are_heard_with_the_hash_of_their_header() {
    let node = Node::start().await;
    let client = node.client().await;
    let head = client
        .wait_for_block(HEIGHT, Duration::from_secs(20))
        .await
        .unwrap();
    assert_eq!(rpc::hex(&head.hash), best());
    let error = client
        .wait_for_block(HEIGHT + 1, Duration::from_millis(50))
        .await
        .unwrap_err();
    assert!(error.is_retryable());
    let account = AccountId32::new([1; 32]);
    assert_eq!(client.next_nonce(&account).await.unwrap(), 0);
    assert_eq!(client.nonce(&account).await.unwrap(), 0);
}
