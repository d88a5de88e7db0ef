//! The typed client against a real node: what it sends arrives once, what fails is named, and neither a restart nor
//! a killed node changes that.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use dendra_client::{
    AccountId32, Call, Chain as Client, ChainError, Options, Pair, SubmitError, Wait, commit_hash,
    wallet::Wallet,
};
use serde_json::json;
use sp_core::Pair as _;
use zombienet::{Chain, Node};

/// Every wait ends here at the latest.
const DEADLINE: Duration = Duration::from_secs(90);
const TAO: u64 = 1_000_000_000;

fn start(chain: &Chain) -> Node {
    chain.node("one").authority("//One").start()
}

fn start_again(chain: &Chain, port: u16) -> Node {
    chain.node("one").authority("//One").on_port(port).start()
}

fn pair(suri: &str) -> Pair {
    Wallet::from_suri(suri).unwrap().pair().clone()
}

fn account(suri: &str) -> AccountId32 {
    AccountId32::new(pair(suri).public().0)
}

fn transfer(to: &str, amount: u64) -> Call {
    Call::Transfer {
        to: account(to),
        amount,
    }
}

fn hyperparameter(name: &str, netuid: u16, value: dendra_client::Value) -> Call {
    Call::SetHyperparameter {
        name: name.into(),
        netuid,
        value,
    }
    .sudo()
}

/// Asks at every block until there is a value.
async fn until<T>(client: &Client, what: &str, ask: impl AsyncFn() -> Option<T>) -> T {
    let mut heads = client.heads();
    let start = Instant::now();
    loop {
        if let Some(value) = ask().await {
            return value;
        }
        assert!(start.elapsed() < DEADLINE, "no {what}");
        let _ = tokio::time::timeout(Duration::from_secs(1), heads.changed()).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transfer_arrives_and_its_receipt_says_where() {
    let chain = Chain::development();
    let node = start(&chain);
    let client = Client::connect(&node.websocket()).await.unwrap();
    let alice = pair("//Alice");
    let before = client.balance(&account("//Alice")).await.unwrap();

    let receipt = client
        .submit(&alice, transfer("//New", 5 * TAO), Wait::Best)
        .await
        .unwrap();
    assert_eq!(
        client.hash_of(receipt.number).await.unwrap(),
        Some(receipt.block)
    );
    for (pallet, event) in [("Balances", "Transfer"), ("System", "ExtrinsicSuccess")] {
        assert!(receipt.event(pallet, event).is_some(), "{receipt:?}");
    }
    assert_eq!(client.balance(&account("//New")).await.unwrap(), 5 * TAO);

    let receipt = client
        .submit(&alice, transfer("//New", 7), Wait::Final)
        .await
        .unwrap();
    assert!(client.finalized().await.unwrap().number >= receipt.number);
    assert_eq!(
        client.balance(&account("//New")).await.unwrap(),
        5 * TAO + 7
    );
    let after = client.balance(&account("//Alice")).await.unwrap();
    let fees = before - after - 5 * TAO - 7;
    assert!(fees > 0 && fees < TAO, "{fees}");
    assert_eq!(client.next_nonce(&account("//Alice")).await.unwrap(), 2);

    // What the chain says of itself.
    let version = client.runtime_version().await.unwrap();
    assert_eq!(version.spec_name, "node-subtensor");
    assert_eq!(client.slot_duration_ms().await.unwrap(), 250);
    assert_eq!(
        client.genesis().await.unwrap().to_vec(),
        hex(&node.rpc().hash(0).unwrap().unwrap())
    );
    let now = client.now_ms().await.unwrap();
    let clock = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    assert!(clock.as_millis().abs_diff(now.into()) < 60_000);
    let head = client.head().await.unwrap();
    assert_eq!(client.hash_of(head.number).await.unwrap(), Some(head.hash));
    assert_eq!(client.hash_of(head.number + 1_000).await.unwrap(), None);
    let heard = client
        .wait_for_block(head.number + 2, DEADLINE)
        .await
        .unwrap();
    assert_eq!(
        client.hash_of(heard.number).await.unwrap(),
        Some(heard.hash),
        "the hash of a header is computed as the chain does"
    );
}

fn hex(text: &str) -> Vec<u8> {
    let digits = text.trim_start_matches("0x");
    (0..digits.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subnet_is_created_served_and_scored() {
    let chain = Chain::development();
    let node = start(&chain);
    let client = Client::connect(&node.websocket()).await.unwrap();
    let (alice, owner, miner) = (pair("//Alice"), pair("//Owner"), pair("//Miner"));
    let send = async |pair: &Pair, call: Call| client.submit(pair, call, Wait::Best).await.unwrap();

    assert_eq!(client.subnets().await.unwrap(), [0, 1]);
    let created = send(
        &alice,
        Call::RegisterNetwork {
            hotkey: account("//Owner"),
        },
    )
    .await;
    let netuid = created.created_subnet().unwrap();
    assert_eq!(netuid, 2);
    assert_eq!(client.subnets().await.unwrap(), [0, 1, 2]);
    assert_eq!(
        client.owner_hotkey(netuid).await.unwrap(),
        Some(account("//Owner"))
    );
    assert_eq!(
        client.owner_coldkey(netuid).await.unwrap(),
        Some(account("//Alice"))
    );
    assert_eq!(client.owner_hotkey(9).await.unwrap(), None);
    send(&alice, Call::StartCall { netuid }).await;

    // A neuron registers, stakes and says where it serves.
    let burn = client.burn(netuid).await.unwrap();
    let registered = send(
        &alice,
        Call::RegisterLimit {
            netuid,
            hotkey: account("//Miner"),
            limit_price: burn * 2,
        },
    )
    .await;
    let uid = registered.registered_uid().unwrap();
    assert_eq!(
        client.uid(netuid, &account("//Miner")).await.unwrap(),
        Some(uid)
    );
    assert_eq!(client.uid(netuid, &account("//Bob")).await.unwrap(), None);
    assert_eq!(
        client.owner_of(&account("//Miner")).await.unwrap(),
        Some(account("//Alice"))
    );
    send(
        &alice,
        Call::AddStake {
            hotkey: account("//Owner"),
            netuid,
            amount: 10 * TAO,
        },
    )
    .await;
    let stake = client
        .stake(&account("//Owner"), &account("//Alice"), netuid)
        .await
        .unwrap();
    assert!(stake > TAO, "{stake}");
    let address: SocketAddr = "127.0.0.1:8091".parse().unwrap();
    send(&miner, Call::serve_at(netuid, 1, address)).await;
    let metagraph = client.metagraph(netuid).await.unwrap().unwrap();
    let axon = &metagraph.axons[usize::from(uid)];
    assert_eq!(
        (axon.ip, axon.port, axon.ip_type, axon.protocol),
        (0x7f00_0001, 8091, 4, 4)
    );
    assert_eq!(metagraph.hotkeys[usize::from(uid)], account("//Miner"));
    assert!(client.metagraph(9).await.unwrap().is_none());

    // Publishing costs a fee, which the hotkey pays.
    send(&alice, transfer("//Owner", TAO)).await;
    // What it publishes is read back, of every length that has its own form.
    for length in [0usize, 1, 2, 64, 128, 129, 300] {
        let bytes: Vec<u8> = (0..length).map(|byte| byte as u8).collect();
        let publish = Call::SetCommitment {
            netuid,
            bytes: bytes.clone(),
        };
        send(&owner, publish).await;
        let read = client.commitment(netuid, &account("//Owner")).await;
        assert_eq!(read.unwrap(), Some(bytes), "{length} bytes");
    }
    assert_eq!(
        client
            .commitment(netuid, &account("//Miner"))
            .await
            .unwrap(),
        None
    );

    // Weights in the open.
    let all = Call::Batch(vec![
        hyperparameter("sudo_set_weights_set_rate_limit", netuid, 0u64.into()),
        hyperparameter(
            "sudo_set_commit_reveal_weights_enabled",
            netuid,
            false.into(),
        ),
        hyperparameter("sudo_set_tempo", netuid, 8u16.into()),
    ]);
    send(&alice, all).await;
    let read = client.hyperparameters(netuid).await.unwrap().unwrap();
    assert_eq!(
        (
            read.tempo,
            read.weights_rate_limit,
            read.commit_reveal_weights_enabled
        ),
        (8, 0, false)
    );
    assert!(client.hyperparameters(9).await.unwrap().is_none());
    let weights = Call::SetWeights {
        netuid,
        mechanism: 0,
        dests: vec![uid],
        weights: vec![65535],
        version_key: 0,
    };
    send(&owner, weights).await;
    assert_eq!(client.weights(netuid, 0).await.unwrap(), [(uid, 65535)]);
    assert_eq!(client.weights(netuid, uid).await.unwrap(), []);

    // Weights under commit and reveal.
    let enable = hyperparameter(
        "sudo_set_commit_reveal_weights_enabled",
        netuid,
        true.into(),
    );
    send(&alice, enable).await;
    // Early in an epoch, so that the reveal is too early for a while.
    until(&client, "early block of an epoch", async || {
        let epoch = client.epoch(netuid).await.unwrap().unwrap();
        (epoch.next_start >= u64::from(epoch.block) + 6).then_some(())
    })
    .await;
    let (uids, values, salt) = (vec![0, uid], vec![1, 2], vec![11, 12, 13, 14]);
    let hash = commit_hash(&account("//Owner"), netuid, &uids, &values, &salt, 0);
    send(
        &owner,
        Call::CommitWeights {
            netuid,
            mechanism: 0,
            hash,
        },
    )
    .await;
    let commits = client
        .weight_commits(netuid, &account("//Owner"))
        .await
        .unwrap();
    assert_eq!(commits.len(), 1);
    assert_eq!(commits[0].hash, hash);
    let reveal = Call::RevealWeights {
        netuid,
        mechanism: 0,
        uids,
        values,
        salt,
        version_key: 0,
    };
    // The pool knows already that it is too early.
    let early = client
        .submit(&owner, reveal.clone(), Wait::Best)
        .await
        .unwrap_err();
    assert!(
        matches!(early, SubmitError::Refused { code: Some(17), .. }),
        "{early}"
    );
    assert!(early.is_retryable());
    let due = commits[0].epoch + 1;
    let epoch = until(&client, "epoch of the reveal", async || {
        let epoch = client.epoch(netuid).await.unwrap().unwrap();
        (epoch.index >= due).then_some(epoch)
    })
    .await;
    assert_eq!((epoch.tempo, epoch.index), (8, due));
    assert!(
        epoch.next_start > epoch.block.into() && epoch.next_start <= u64::from(epoch.block) + 8
    );
    send(&owner, reveal).await;
    assert_eq!(
        client.weights(netuid, 0).await.unwrap(),
        [(0, 32768), (uid, 65535)]
    );
    assert_eq!(
        client
            .weight_commits(netuid, &account("//Owner"))
            .await
            .unwrap(),
        []
    );
    assert!(client.epoch(9).await.unwrap().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fails_is_named_and_explained() {
    let chain = Chain::development();
    let node = start(&chain);
    let client = Client::connect(&node.websocket()).await.unwrap();
    let (alice, bob) = (pair("//Alice"), pair("//Bob"));
    let fails = async |pair: &Pair, call: Call| {
        client
            .submit(pair, call, Wait::Best)
            .await
            .expect_err("it cannot succeed")
    };
    let failed = |error: SubmitError, in_pallet: &str, name: &str| match error {
        SubmitError::Failed {
            pallet,
            error,
            explanation,
            ..
        } => {
            assert_eq!((pallet.as_str(), error.as_str()), (in_pallet, name));
            assert!(explanation.contains(' '), "a sentence, not {explanation:?}");
        }
        other => panic!("{other:?}"),
    };

    // The pool refuses what is certain to fail.
    let error = fails(&pair("//Dave"), weights_of(1)).await;
    let SubmitError::Refused {
        code: Some(code),
        meaning,
    } = &error
    else {
        panic!("{error:?}");
    };
    assert_eq!(*code, 255, "{error}");
    assert!(meaning.contains(&code.to_string()) && meaning.len() > 20);
    let error = fails(&pair("//Poor"), transfer("//Bob", 1)).await;
    assert!(
        matches!(&error, SubmitError::Refused { code: None, meaning } if meaning.contains("fee")),
        "{error}"
    );

    // A block includes it, and it fails.
    let create = Call::RegisterNetwork {
        hotkey: account("//Owner"),
    };
    client.submit(&alice, create, Wait::Best).await.unwrap();
    let run = Call::StartCall { netuid: 2 };
    client
        .submit(&alice, run.clone(), Wait::Best)
        .await
        .unwrap();
    failed(
        fails(&alice, run.clone()).await,
        "SubtensorModule",
        "FirstEmissionBlockNumberAlreadySet",
    );
    failed(
        fails(&bob, transfer("//New", u64::MAX / 2)).await,
        "Dispatch",
        "Underflow",
    );
    // Within root's call, whose own transaction succeeds.
    let tempo = |netuid| hyperparameter("sudo_set_tempo", netuid, 20u16.into());
    failed(
        fails(&alice, tempo(99)).await,
        "AdminUtils",
        "SubnetDoesNotExist",
    );
    failed(fails(&bob, tempo(2)).await, "Sudo", "RequireSudo");
    // Within a batch, which is undone as a whole.
    let batch = Call::Batch(vec![transfer("//Undone", TAO), run]);
    failed(
        fails(&alice, batch).await,
        "SubtensorModule",
        "FirstEmissionBlockNumberAlreadySet",
    );
    assert_eq!(client.balance(&account("//Undone")).await.unwrap(), 0);

    // What the runtime does not know is not sent.
    let nonce = client.next_nonce(&account("//Alice")).await.unwrap();
    let dynamic =
        |pallet: &str, call: &str, fields: Vec<(String, dendra_client::Value)>| Call::Dynamic {
            pallet: pallet.into(),
            call: call.into(),
            fields,
        };
    let remark = |bytes: dendra_client::Value| vec![("remark".to_owned(), bytes)];
    for (call, word) in [
        (dynamic("Nonesuch", "call", vec![]), "Nonesuch.call"),
        (dynamic("System", "nonesuch", vec![]), "System.nonesuch"),
        (dynamic("System", "remark", vec![]), "remark"),
        (dynamic("System", "remark", remark(true.into())), "remark"),
        (
            hyperparameter("sudo_set_nonesuch", 2, 1u16.into()),
            "sudo_set_nonesuch",
        ),
        (
            hyperparameter("sudo_set_tempo", 2, 65536u32.into()),
            "65536",
        ),
        (
            Call::SetCommitment {
                netuid: 2,
                bytes: vec![0; 513],
            },
            "513",
        ),
    ] {
        let error = fails(&alice, call).await;
        assert!(
            matches!(&error, SubmitError::Call { reason } if reason.contains(word)),
            "{word}: {error:?}"
        );
        assert!(!error.is_retryable());
    }
    assert_eq!(client.next_nonce(&account("//Alice")).await.unwrap(), nonce);
    let sound = dynamic(
        "System",
        "remark",
        remark(dendra_client::Value::from_bytes(b"said")),
    );
    client.submit(&alice, sound, Wait::Best).await.unwrap();
}

fn weights_of(netuid: u16) -> Call {
    Call::SetWeights {
        netuid,
        mechanism: 0,
        dests: vec![0],
        weights: vec![1],
        version_key: 0,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn transactions_of_one_key_sent_at_once_all_arrive() {
    let chain = Chain::development();
    let node = start(&chain);
    let one = Client::connect(&node.websocket()).await.unwrap();
    // Another connection, as of another program.
    let two = Client::connect(&node.websocket()).await.unwrap();
    let mut tasks = Vec::new();
    for round in 0..6u64 {
        for (client, to) in [(&one, "//Xena"), (&two, "//Yuri")] {
            let client = client.clone();
            tasks.push(tokio::spawn(async move {
                client
                    .submit(
                        &pair("//Alice"),
                        transfer(to, TAO << round),
                        if round % 2 == 0 {
                            Wait::Best
                        } else {
                            Wait::Final
                        },
                    )
                    .await
            }));
        }
    }
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    for to in ["//Xena", "//Yuri"] {
        assert_eq!(one.balance(&account(to)).await.unwrap(), 63 * TAO, "{to}");
    }
    assert_eq!(one.next_nonce(&account("//Alice")).await.unwrap(), 12);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_restarts_is_found_again() {
    let chain = Chain::development();
    let mut node = start(&chain);
    let port = node.rpc_port();
    let client = Client::connect(&node.websocket()).await.unwrap();
    let alice = pair("//Alice");
    client
        .submit(&alice, transfer("//New", TAO), Wait::Final)
        .await
        .unwrap();
    let height = client.head().await.unwrap().number;
    let mut heads = client.heads();
    for round in 1..=2u64 {
        node.stop();
        // A request that comes while the node is away waits for it.
        let waiting = tokio::spawn({
            let client = client.clone();
            async move {
                let start = Instant::now();
                loop {
                    match client.balance(&account("//New")).await {
                        Ok(balance) => return balance,
                        Err(error) => assert!(
                            error.is_retryable() && start.elapsed() < DEADLINE,
                            "{error}"
                        ),
                    }
                }
            }
        });
        node = start_again(&chain, port);
        assert_eq!(waiting.await.unwrap(), round * TAO);
        client
            .submit(&alice, transfer("//New", TAO), Wait::Best)
            .await
            .unwrap();
    }
    // The same receiver hears of blocks after both restarts.
    let reached = heads.wait_for(|head| head.is_some_and(|head| head.number > height + 8));
    tokio::time::timeout(DEADLINE, reached)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(client.balance(&account("//New")).await.unwrap(), 3 * TAO);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_killed_under_a_transaction_neither_loses_nor_doubles_it() {
    let chain = Chain::development();
    let mut node = start(&chain);
    let port = node.rpc_port();
    let client = Client::connect(&node.websocket()).await.unwrap();
    // The moment of death differs: before it is sent, on the way, in the pool, in a block.
    for (round, moment) in [0u64, 20, 60, 150, 400].into_iter().enumerate() {
        let name = format!("//Round{round}");
        let sending = tokio::spawn({
            let (client, name) = (client.clone(), name.clone());
            async move {
                client
                    .submit(&pair("//Alice"), transfer(&name, TAO), Wait::Final)
                    .await
            }
        });
        tokio::time::sleep(Duration::from_millis(moment)).await;
        node.kill();
        node = start_again(&chain, port);
        match tokio::time::timeout(DEADLINE * 2, sending)
            .await
            .expect("its outcome is known in time")
            .unwrap()
        {
            Ok(receipt) => {
                assert_eq!(
                    client.hash_of(receipt.number).await.unwrap(),
                    Some(receipt.block)
                );
                assert_eq!(client.balance(&account(&name)).await.unwrap(), TAO);
            }
            Err(error) => {
                // Then nothing was sent, and it says so.
                assert!(error.is_retryable(), "after {moment} ms: {error}");
                assert_eq!(client.balance(&account(&name)).await.unwrap(), 0, "{error}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pool_that_forgot_a_transaction_gets_the_same_one_again() {
    let chain = Chain::development();
    // Without the keys of an authority it makes no blocks: whatever is sent stays in the pool.
    let idle = chain.node("one").start();
    let port = idle.rpc_port();
    let client = Client::connect(&idle.websocket()).await.unwrap();
    let sending = tokio::spawn({
        let client = client.clone();
        async move {
            client
                .submit(&pair("//Alice"), transfer("//New", TAO), Wait::Final)
                .await
        }
    });
    let sent = until(&client, "transaction in the pool", async || {
        let pending = idle.rpc().call("author_pendingExtrinsics", json!([]));
        let pending = pending.unwrap().as_array().unwrap().clone();
        (!pending.is_empty()).then_some(pending)
    })
    .await;
    assert_eq!(sent.len(), 1);
    idle.kill();

    let node = start_again(&chain, port);
    let receipt = tokio::time::timeout(DEADLINE, sending)
        .await
        .unwrap()
        .unwrap()
        .unwrap();
    assert_eq!(client.balance(&account("//New")).await.unwrap(), TAO);
    assert_eq!(client.next_nonce(&account("//Alice")).await.unwrap(), 1);
    // It is the same transaction, to the byte.
    let hash = client.hash_of(receipt.number).await.unwrap().unwrap();
    let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    let block = node
        .rpc()
        .call("chain_getBlock", json!([format!("0x{hash}")]))
        .unwrap();
    assert_eq!(
        block["block"]["extrinsics"][receipt.index as usize],
        sent[0]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn another_chain_at_the_same_address_is_refused() {
    let chain = Chain::development();
    let other = Chain::from_preset("dev", |patch| {
        patch["blockTime"]["slotDuration"] = json!(300)
    });
    let node = start(&chain);
    let port = node.rpc_port();
    let client = Client::connect(&node.websocket()).await.unwrap();
    client.head().await.unwrap();
    node.stop();

    let node = start_again(&other, port);
    let error = until(&client, "refusal", async || {
        client
            .head()
            .await
            .err()
            .filter(|error| matches!(error, ChainError::OtherChain { .. }))
    })
    .await;
    assert!(!error.is_retryable());
    let text = error.to_string();
    let genesis = node.rpc().hash(0).unwrap().unwrap();
    assert!(text.contains(&genesis), "{text}");
    let error = client
        .submit(&pair("//Alice"), transfer("//New", TAO), Wait::Pool)
        .await
        .unwrap_err();
    assert!(
        matches!(
            error,
            SubmitError::Connection(ChainError::OtherChain { .. })
        ),
        "{error}"
    );
    node.stop();

    // The right one again.
    let _node = start_again(&chain, port);
    until(&client, "answer", async || client.head().await.ok()).await;
    client
        .submit(&pair("//Alice"), transfer("//New", TAO), Wait::Best)
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_is_not_there_yet_is_waited_for() {
    let chain = Chain::development();
    let node = start(&chain);
    let (port, url) = (node.rpc_port(), node.websocket());
    node.stop();
    let options = Options {
        request_timeout: Duration::from_millis(500),
        connect_timeout: Duration::from_millis(500),
        ..Options::default()
    };
    let error = Client::connect_with(&url, options.clone())
        .await
        .unwrap_err();
    assert!(
        matches!(error, ChainError::Unreachable { .. }) && error.to_string().contains(&url),
        "{error}"
    );
    let client = Client::connect_lazily(&url, options).unwrap();
    let asked = Instant::now();
    assert!(client.head().await.unwrap_err().is_retryable());
    assert!(asked.elapsed() < Duration::from_secs(5));
    let error = client
        .submit(&pair("//Alice"), transfer("//New", TAO), Wait::Best)
        .await
        .unwrap_err();
    assert!(
        matches!(&error, SubmitError::Connection(inner) if inner.is_retryable()),
        "{error}"
    );
    assert!(!client.is_connected());

    let _node = start_again(&chain, port);
    let head = until(&client, "answer", async || client.head().await.ok()).await;
    client
        .wait_for_block(head.number + 1, DEADLINE)
        .await
        .unwrap();
}
