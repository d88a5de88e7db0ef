use subnet_sdk::{Challenge, Exchange, Failure, Miner, Reply, Verdict};

use super::{file::FILE, *};
use crate::{submission::Wish, weights::Row};

const OWN: Hotkey = Hotkey([1; 32]);
const KEEP: Keep = Keep {
    rounds: 2,
    receipts: 3,
};

fn stored(netuid: u16, epoch: u64) -> Stored {
    let miner = Miner {
        uid: 4,
        hotkey: [4; 32],
    };
    let round = Round {
        netuid,
        epoch,
        started: epoch * 10,
        randomness: [7; 32],
        validator: OWN,
        template: ("toy".into(), 1),
        settings: serde_json::Map::new(),
        declaration: Some(b"declared".to_vec()),
        smoothing: 0.1,
        asked: vec![miner],
        before: vec![(
            Hotkey([4; 32]),
            Average {
                value: 0.1 + 0.2,
                rounds: 1,
                epoch,
            },
        )],
        verdicts: vec![Verdict::new(miner, 1.0 / 3.0, "right").with("speed", 0.7)],
        limits: (8, 1, u16::MAX),
        fillers: vec![0, 2],
        row: Some(Row {
            uids: vec![4],
            values: vec![65_535],
        }),
    };
    let challenge = |body: &[u8]| Challenge {
        miner,
        body: body.to_vec(),
    };
    let elapsed = std::time::Duration::from_nanos(123_456_789);
    let exchanges = vec![
        Exchange {
            challenge: challenge(b"one"),
            outcome: Ok(Reply {
                body: vec![0, 255],
                elapsed,
            }),
        },
        Exchange {
            challenge: challenge(b""),
            outcome: Err(Failure::TooLate),
        },
    ];
    Stored { round, exchanges }
}

fn finish(store: &Store, netuid: u16, epoch: u64) {
    let averages = [(
        Hotkey([4; 32]),
        Average {
            value: 0.25,
            rounds: 2,
            epoch,
        },
    )];
    let receipts = format!("receipts of {epoch}\n");
    let mut submission = Submission::default();
    submission.offer(Wish {
        epoch,
        scores: vec![(Hotkey([4; 32]), 0.25)],
    });
    let round = stored(netuid, epoch);
    store
        .finish_round(&round, &averages, &receipts, &submission, KEEP)
        .expect("written");
}

#[test]
fn a_round_is_read_back_as_it_was() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(folder.path(), &OWN).expect("opened");
    finish(&store, 3, 7);
    drop(store);
    let store = Store::open(folder.path(), &OWN).expect("opened again");
    assert_eq!(store.round(3, 7).expect("read"), Some(stored(3, 7)));
    assert_eq!(store.last_round(3).expect("read"), Some(stored(3, 7).round));
    assert_eq!(store.averages(3).expect("read").len(), 1);
    assert_eq!(store.averages(4).expect("read"), []);
    assert!(!store.submission(3).expect("read").is_idle());
    assert!(store.submission(4).expect("read").is_idle());
    assert_eq!(
        store.receipts(3, None).expect("read"),
        Some((7, "receipts of 7\n".into()))
    );
    assert_eq!(store.subnets().expect("read"), [3]);
}

#[test]
fn what_is_too_old_goes_and_other_subnets_stay() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(folder.path(), &OWN).expect("opened");
    finish(&store, 2, 1);
    for epoch in 0..10 {
        finish(&store, 3, epoch);
    }
    assert_eq!(store.rounds(3).expect("read"), [8, 9]);
    assert_eq!(store.round(3, 7).expect("read"), None);
    assert_eq!(
        store
            .round(3, 8)
            .expect("read")
            .expect("kept")
            .exchanges
            .len(),
        2
    );
    assert_eq!(store.receipts(3, Some(6)).expect("read"), None);
    assert!(store.receipts(3, Some(7)).expect("read").is_some());
    assert_eq!(store.rounds(2).expect("read"), [1]);
}

#[test]
fn averages_of_those_who_left_are_forgotten() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(folder.path(), &OWN).expect("opened");
    finish(&store, 3, 1);
    let others = [(Hotkey([5; 32]), Average::default())];
    let none = Submission::default();
    store
        .finish_round(&stored(3, 2), &others, "", &none, KEEP)
        .expect("written");
    let hotkeys: Vec<_> = store
        .averages(3)
        .expect("read")
        .into_iter()
        .map(|(hotkey, _)| hotkey)
        .collect();
    assert_eq!(hotkeys, [Hotkey([5; 32])]);
}

#[test]
fn another_validator_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    drop(Store::open(folder.path(), &OWN).expect("opened"));
    let error = Store::open(folder.path(), &Hotkey([2; 32]))
        .err()
        .expect("foreign");
    assert!(matches!(error, StoreError::Foreign { .. }), "{error}");
}

#[test]
fn one_runs_and_others_read_what_it_writes() {
    let folder = tempfile::tempdir().expect("a folder");
    let missing = Store::read_only(folder.path())
        .err()
        .expect("nothing there");
    assert!(missing.to_string().contains("--data"), "{missing}");
    let store = Store::open(folder.path(), &OWN).expect("opened");
    let second = Store::open(folder.path(), &OWN).err().expect("in use");
    assert!(second.to_string().contains("another validator"), "{second}");
    let reader = Store::read_only(folder.path()).expect("opened beside it");
    finish(&store, 3, 5);
    assert_eq!(reader.rounds(3).expect("read"), [5]);
    assert_eq!(reader.hotkey().expect("read"), Some(OWN));
    assert!(reader.set_anchor(1, [0; 32]).is_err());
}

#[test]
fn another_format_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(folder.path(), &OWN).expect("opened");
    let newer = (FORMAT + 1).to_le_bytes();
    store
        .file
        .write(|transaction| {
            transaction
                .open_table(ABOUT)?
                .insert("format", newer.as_slice())?;
            Ok(())
        })
        .expect("written");
    drop(store);
    let error = Store::open(folder.path(), &OWN).err().expect("newer");
    assert!(error.to_string().contains("format 2"), "{error}");
}

#[test]
fn a_file_that_is_no_database_is_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(FILE);
    std::fs::write(&path, b"not a database at all").expect("written");
    assert!(Store::open(folder.path(), &OWN).is_err());
    assert_eq!(
        std::fs::read(&path).expect("read"),
        b"not a database at all"
    );
}

#[test]
fn the_anchor_is_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(folder.path(), &OWN).expect("opened");
    assert_eq!(store.anchor().expect("read"), None);
    store.set_anchor(77, [9; 32]).expect("written");
    assert_eq!(store.anchor().expect("read"), Some((77, [9; 32])));
}

#[test]
fn nobody_else_can_read_the_salts() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).expect("set");
    drop(Store::open(folder.path(), &OWN).expect("opened"));
    let rights = std::fs::metadata(folder.path().join(FILE))
        .expect("there")
        .permissions();
    assert_eq!(rights.mode() & 0o777, 0o600);
}
