//! Settings, questions on the wire, and rounds as judges read them.

use std::time::Duration;

use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::json;
use subnet_sdk::{
    Challenge, Description, Exchange, Failure, Lack, Miner, Refusal, Reply, Settings,
    TemplateError, Verdict, echoes, lower_median, parallel, read_round, rehearsal::miner, wire,
};

const DESCRIPTION: Description = Description {
    name: "test",
    version: 3,
    summary: "A test.",
    deadline: Duration::from_secs(2),
    challenge_limit: 200,
    answer_limit: 100,
    settings: &[("count", ""), ("file", ""), ("share", ""), ("deadline", "")],
};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Number {
    number: u32,
}

fn settings<T>(map: &serde_json::Value, read: impl FnOnce(Settings<'_>) -> T) -> T {
    read(Settings::new(map.as_object().unwrap(), &DESCRIPTION).unwrap())
}

#[test]
fn numbers_are_read_as_numbers_and_as_text() {
    let map = json!({ "count": "12", "share": 0.5 });
    settings(&map, |settings| {
        assert_eq!(settings.integer("count", 1, 1..=20).unwrap(), 12);
        assert_eq!(settings.number("share", 1.0, 0.0..=1.0).unwrap(), 0.5);
        assert_eq!(settings.integer("absent", 4, 1..=2).unwrap(), 4);
        let deadline = settings.deadline(&DESCRIPTION).unwrap();
        assert_eq!(deadline, DESCRIPTION.deadline);
        for (name, value) in [("count", 1..=11), ("share", 0..=9)] {
            let error = settings.integer(name, 1, value).unwrap_err().to_string();
            assert!(error.starts_with(&format!("setting `{name}`: ")), "{error}");
            assert!(error.contains("is not a whole number from"), "{error}");
        }
    });
    let map = json!({ "deadline": "0.25" });
    settings(&map, |settings| {
        let deadline = settings.deadline(&DESCRIPTION).unwrap();
        assert_eq!(deadline, Duration::from_millis(250));
    });
    for value in [
        json!("NaN"),
        json!(null),
        json!(-1),
        json!("inf"),
        json!([1]),
    ] {
        settings(&json!({ "deadline": value }), |settings| {
            assert!(settings.deadline(&DESCRIPTION).is_err());
        });
    }
}

#[test]
fn unknown_settings_are_named() {
    let map = json!({ "model": "toy:1", "cuont": 3 });
    let error = Settings::new(map.as_object().unwrap(), &DESCRIPTION).unwrap_err();
    assert_eq!(
        error.to_string(),
        "setting `cuont`: the template `test` has no such setting; it has count, file, share, deadline"
    );
}

#[test]
fn files_that_cannot_be_read_are_errors_of_their_setting() {
    for path in ["/nowhere/text", "/", ""] {
        settings(&json!({ "file": path }), |settings| {
            let error = settings.file("file").unwrap_err();
            assert!(matches!(error, TemplateError::Setting { name, .. } if name == "file"));
        });
    }
    settings(&json!({}), |settings| {
        assert_eq!(settings.file("file").unwrap(), None);
        let error = settings.required("file", "name one").unwrap_err();
        assert_eq!(error.to_string(), "setting `file`: not set; name one");
    });
    let this = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/rounds.rs");
    settings(&json!({ "file": this }), |settings| {
        let text = settings.file("file").unwrap().unwrap();
        assert!(text.starts_with("//! Settings"));
    });
}

#[test]
fn questions_carry_their_version() {
    let body = wire::write_question(&DESCRIPTION, &Number { number: 5 }).unwrap();
    assert_eq!(body, br#"{"version":3,"question":{"number":5}}"#);
    let read = wire::read_question::<Number>;
    assert_eq!(read(&DESCRIPTION, &body), Ok(Number { number: 5 }));
    let newer = Description {
        version: 4,
        ..DESCRIPTION
    };
    let Err(Refusal::Malformed(problem)) = read(&newer, &body) else {
        panic!("accepted");
    };
    assert!(
        problem.contains("version 3 is asked, version 4"),
        "{problem}"
    );
}

#[test]
fn damaged_bodies_are_refused_without_repeating_them() {
    let deep = vec![b'['; 100];
    let long = vec![b'1'; 101];
    let bodies: [&[u8]; 9] = [
        b"",
        b"\xff\xfe",
        b"{\"number\":-1}",
        b"{\"number\":1e999}",
        b"{\"number\":\"secret\"}",
        b"{\"number\":1,\"number\":2}",
        b"{\"number\":1} {}",
        &deep,
        &long,
    ];
    for body in bodies {
        let error = wire::read_answer::<Number>(&DESCRIPTION, body).unwrap_err();
        assert!(!error.contains("secret"), "{error}");
        assert!(wire::read_question::<Number>(&DESCRIPTION, body).is_err());
    }
}

fn exchange(uid: u16, question: u32, outcome: Result<(&str, u64), Failure>) -> Exchange {
    Exchange {
        challenge: Challenge {
            miner: miner(uid),
            body: wire::write_question(&DESCRIPTION, &Number { number: question }).unwrap(),
        },
        outcome: outcome.map(|(body, millis)| Reply {
            body: body.as_bytes().to_vec(),
            elapsed: Duration::from_millis(millis),
        }),
    }
}

#[test]
fn rounds_are_sorted_and_say_what_is_missing() {
    let mut exchanges = vec![
        exchange(2, 1, Ok((r#"{"number":1}"#, 2_000))),
        exchange(0, 9, Ok((r#"{"number":1}"#, 2_001))),
        exchange(2, 0, Ok(("[]", 1))),
        exchange(1, 4, Err(Failure::Overloaded)),
    ];
    exchanges.push(Exchange {
        challenge: Challenge {
            miner: miner(3),
            body: b"?".to_vec(),
        },
        outcome: exchanges[0].outcome.clone(),
    });
    let read = |exchanges: &[Exchange]| {
        read_round::<Number, Number>(&DESCRIPTION, DESCRIPTION.deadline, exchanges)
    };
    let round = read(&exchanges);
    exchanges.reverse();
    assert_eq!(read(&exchanges), round);
    let miners: Vec<Miner> = round.keys().copied().collect();
    assert_eq!(miners, [0, 1, 2, 3].map(miner));
    let lack = |uid: u16, place: usize| round[&miner(uid)][place].outcome.clone().err();
    assert_eq!(lack(0, 0), Some(Lack::Absent(Failure::TooLate)));
    assert_eq!(lack(1, 0), Some(Lack::Absent(Failure::Overloaded)));
    assert!(matches!(lack(2, 0), Some(Lack::Unreadable(_))));
    assert_eq!(lack(2, 1), None);
    assert!(matches!(lack(3, 0), Some(Lack::Question(_))));
}

#[test]
fn answers_to_other_questions_are_recognised() {
    let (a, b, c): (&[u8], &[u8], &[u8]) = (b"a", b"b", b"c");
    let answers = [
        (miner(5), a, "same"),
        (miner(3), b, "same"),
        (miner(4), c, "own"),
        // Twice the same question: no wonder.
        (miner(6), c, "own"),
        (miner(7), a, "again"),
        (miner(7), b, "again"),
    ];
    let found: Vec<Option<u16>> = echoes(&answers)
        .into_iter()
        .map(|other| other.map(|other| other.uid))
        .collect();
    assert_eq!(found, [Some(3), Some(5), None, None, Some(7), Some(7)]);
    assert!(echoes::<u8>(&[]).is_empty());
}

#[test]
fn verdicts_are_always_in_range() {
    for (score, kept) in [(f64::NAN, 0.0), (-1.0, 0.0), (2.0, 1.0), (0.25, 0.25)] {
        let verdict = Verdict::new(miner(1), score, "why").with("a", 1.0);
        let verdict = verdict.with("b", f64::INFINITY).with("c", f64::NAN);
        assert_eq!(verdict.score, kept);
        assert_eq!(verdict.parts.keys().collect::<Vec<_>>(), ["a"]);
    }
}

#[test]
fn the_worst_verdict_counts_and_none_only_without_one() {
    let good = Verdict::new(miner(1), 0.5, "good");
    let poor = Verdict::new(miner(1), 0.1, "poor");
    let none = Verdict::unjudged(miner(1), "trouble");
    assert_eq!(none.reason, "not judged: trouble");
    let all = [none.clone(), good, poor.clone()];
    assert_eq!(Verdict::worst(all), Some(poor));
    assert_eq!(Verdict::worst([none.clone()]), Some(none));
    assert_eq!(Verdict::worst([]), None);
}

#[test]
fn a_question_that_cannot_be_read_is_not_the_miners_fault() {
    let judged = |lack: Lack| Verdict::lacking(miner(1), &lack).judged;
    assert!(!judged(Lack::Question("odd".into())));
    assert!(judged(Lack::Unreadable("odd".into())));
    assert!(judged(Lack::Absent(Failure::TooLate)));
}

proptest! {
    #[test]
    fn lower_median_has_at_most_half_on_either_side(values in prop::collection::vec(-1e3f64..1e3, 1..40)) {
        let median = lower_median(values.iter().copied().chain([f64::NAN])).unwrap();
        let below = values.iter().filter(|value| **value < median).count();
        let above = values.iter().filter(|value| **value > median).count();
        prop_assert!(values.contains(&median));
        prop_assert!(2 * below < values.len() && 2 * above <= values.len());
    }

    #[test]
    fn parallel_map_is_map(values in prop::collection::vec(any::<u32>(), 0..50), threads in 0usize..9) {
        let square = |value: &u32| u64::from(*value) * u64::from(*value);
        let expected: Vec<u64> = values.iter().map(square).collect();
        prop_assert_eq!(parallel::map(&values, threads, square), expected);
    }
}

#[test]
fn nothing_has_no_median() {
    assert_eq!(lower_median([]), None);
    assert_eq!(lower_median([f64::NAN]), None);
}
