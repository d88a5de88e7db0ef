use std::sync::Arc;

use axum::{
    body::{Body, to_bytes},
    http::{Request, StatusCode},
};
use prometheus::Registry;
use subnet_sdk::Miner;
use tokio::sync::Semaphore;
use tower::ServiceExt;

use super::*;
use crate::{
    metrics::Metrics,
    store::{Keep, Round, Store, Stored},
    submission::Submission,
};

fn lines(pair: &Pair) -> String {
    let verdict = |uid: u16, score: f64| {
        let hotkey = [uid as u8; 32];
        Verdict::new(Miner { uid, hotkey }, score, "right")
    };
    let seed = Seed::from_bytes([3; 32]);
    let about = About {
        netuid: 5,
        epoch: 9,
        seed,
    };
    about
        .lines(pair, &[verdict(1, 0.5), verdict(2, 0.0), verdict(3, 1.0)])
        .expect("signed")
}

#[test]
fn every_verdict_has_a_receipt_that_can_be_checked() {
    let pair = Pair::from_seed(&[1; 32]);
    let own = Hotkey(pair.public().0);
    let lines = lines(&pair);
    let checked = check(&lines, Some(&own));
    let said: Vec<_> = checked
        .iter()
        .map(|checked| {
            let receipt = checked.result.as_ref().expect("good");
            (
                checked.line,
                receipt.uid,
                receipt.epoch,
                receipt.netuid,
                receipt.score,
            )
        })
        .collect();
    assert_eq!(
        said,
        [(1, 1, 9, 5, 0.5), (2, 2, 9, 5, 0.0), (3, 3, 9, 5, 1.0)]
    );
}

#[test]
fn altered_receipts_and_those_of_others_are_found() {
    let pair = Pair::from_seed(&[1; 32]);
    let text = lines(&pair).replace("\"score\":0.0", "\"score\":1.0") + "\nhello\n";
    let checked = check(&text, None);
    let good: Vec<_> = checked
        .iter()
        .map(|checked| (checked.line, checked.result.is_ok()))
        .collect();
    assert_eq!(good, [(1, true), (2, false), (3, true), (5, false)]);
    let other = Hotkey([8; 32]);
    assert!(
        check(&text, Some(&other))
            .iter()
            .all(|checked| checked.result.is_err())
    );
}

#[test]
fn a_miner_finds_its_own_lines() {
    let all = lines(&Pair::from_seed(&[1; 32]));
    let own = about(&all, &Hotkey([2; 32]));
    assert_eq!(own.lines().count(), 1);
    assert!(all.contains(&own));
    assert_eq!(about(&all, &Hotkey([9; 32])), "");
}

fn served(folder: &std::path::Path) -> Served {
    let own = Hotkey([1; 32]);
    let store = Store::open(folder, &own).expect("opened");
    for epoch in [8, 9] {
        let round = Round {
            netuid: 5,
            epoch,
            started: 0,
            randomness: [0; 32],
            validator: own,
            template: ("toy".into(), 1),
            settings: serde_json::Map::new(),
            declaration: None,
            smoothing: 0.1,
            asked: vec![],
            before: vec![],
            verdicts: vec![],
            limits: (0, 0, 0),
            fillers: vec![],
            row: None,
        };
        let stored = Stored {
            round,
            exchanges: vec![],
        };
        let keep = Keep {
            rounds: 5,
            receipts: 5,
        };
        let lines = if epoch == 9 {
            lines(&Pair::from_seed(&[1; 32]))
        } else {
            "old\n".into()
        };
        store
            .finish_round(&stored, &[], &lines, &Submission::default(), keep)
            .expect("written");
    }
    let metrics = Metrics::register(&Registry::new()).expect("new names");
    Served::new(Arc::new(store), metrics)
}

async fn get(served: &Served, path: &str) -> (StatusCode, String) {
    let request = Request::get(path).body(Body::empty()).expect("a request");
    let response = router(served.clone())
        .oneshot(request)
        .await
        .expect("an answer");
    let status = response.status();
    let body = to_bytes(response.into_body(), 1 << 20).await.expect("read");
    (status, String::from_utf8(body.to_vec()).expect("text"))
}

#[tokio::test]
async fn miners_fetch_receipts_by_epoch_and_hotkey() {
    let folder = tempfile::tempdir().expect("a folder");
    let served = served(folder.path());
    assert_eq!(
        get(&served, "/v1/receipts/5/8").await,
        (StatusCode::OK, "old\n".into())
    );
    let (status, latest) = get(&served, "/v1/receipts/5/latest").await;
    assert_eq!((status, latest.lines().count()), (StatusCode::OK, 3));
    let hotkey = Hotkey([2; 32]);
    let (_, own) = get(&served, &format!("/v1/receipts/5/9?hotkey={hotkey}")).await;
    assert_eq!(check(&own, None).len(), 1);
}

#[tokio::test]
async fn odd_requests_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let served = served(folder.path());
    for (path, expected) in [
        ("/v1/receipts/5/7", StatusCode::NOT_FOUND),
        ("/v1/receipts/6/9", StatusCode::NOT_FOUND),
        ("/v1/receipts/5/-1", StatusCode::BAD_REQUEST),
        ("/v1/receipts/70000/1", StatusCode::BAD_REQUEST),
        ("/v1/receipts/5/9?hotkey=me", StatusCode::BAD_REQUEST),
        ("/v1/receipts", StatusCode::NOT_FOUND),
    ] {
        assert_eq!(get(&served, path).await.0, expected, "{path}");
    }
}

#[tokio::test]
async fn too_many_requests_at_a_time_are_told_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut served = served(folder.path());
    served.set_places(Arc::new(Semaphore::new(0)));
    let (status, _) = get(&served, "/v1/receipts/5/9").await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
}
