//! What honest miners and cheats get.

use std::time::Duration;

use serde_json::{Map, json};
use subnet_sdk::{
    Exchange, Failure, Judge, Reply, Resources, Seed, Template, TemplateError, Verdict,
    rehearsal::{self, Player, cheat, honest},
    toy::ToyModels,
    wire,
};

use crate::{Answer, Question, Roots, TEMPLATE};

const TIME: Duration = Duration::from_millis(20);

fn with<T>(settings: serde_json::Value, start: impl FnOnce(&Resources<'_>) -> T) -> T {
    let settings = settings.as_object().cloned().unwrap_or_else(Map::new);
    start(&Resources {
        models: &ToyModels::new(),
        settings: &settings,
        declaration: None,
    })
}

fn judge() -> Box<dyn Judge> {
    with(json!({}), |resources| TEMPLATE.judge(resources)).unwrap()
}

fn miner(steps: u64) -> Player<'static> {
    let worker = with(json!({ "steps": steps }), |resources| {
        TEMPLATE.worker(resources)
    });
    honest(worker.unwrap(), TIME)
}

fn seed(number: u8) -> Seed {
    Seed::of_round(&[number; 32], 2, 7, &[9; 32])
}

fn scores(players: &mut [Player<'_>], round: u8) -> Vec<f64> {
    let verdicts = rehearsal::play(&mut *judge(), &seed(round), players);
    verdicts.iter().map(|verdict| verdict.score).collect()
}

fn says(answer: &Answer) -> Vec<u8> {
    wire::write_answer(answer).unwrap()
}

fn read(body: &[u8]) -> Question {
    let description = TEMPLATE.description();
    wire::read_question(&description, body).unwrap()
}

#[test]
fn more_effort_earns_more_in_every_round() {
    for round in 0..50 {
        let scores = scores(&mut [miner(60), miner(32), miner(22)], round);
        assert_eq!(scores[0], 1.0);
        assert!(scores[1] < 0.8 * scores[0], "{scores:?}");
        assert!(scores[2] < 0.8 * scores[1], "{scores:?}");
        assert!(scores[2] > 0.0, "{scores:?}");
    }
}

#[test]
fn cheats_get_nothing() {
    for round in 0..50 {
        let foreign = judge().challenges(&seed(200), &[rehearsal::miner(0)]);
        let replayed = match miner(60)(&foreign[0]) {
            Ok(Reply { body, .. }) => body,
            Err(failure) => panic!("{failure}"),
        };
        let constant = says(&Answer {
            roots: vec![700.0; 8],
        });
        let huge = says(&Answer {
            roots: vec![1e308; 8],
        });
        let short = |challenge: &subnet_sdk::Challenge| {
            let question = read(&challenge.body);
            let roots = question.numbers.iter().skip(1);
            says(&Answer {
                roots: roots.map(|number| (*number as f64).sqrt()).collect(),
            })
        };
        let scores = scores(
            &mut [
                cheat(|_| replayed.clone(), TIME),
                cheat(|_| constant.clone(), TIME),
                cheat(|_| huge.clone(), TIME),
                cheat(short, TIME),
                cheat(|_| b"{\"roots\":[1e999]}".to_vec(), TIME),
                cheat(|_| b"{\"roots\":null}".to_vec(), TIME),
                cheat(|_| vec![b'['; 4096], TIME),
                cheat(|_| vec![b' '; 5000], TIME),
                cheat(|_| Vec::new(), TIME),
                Box::new(|_| Err(Failure::Unreachable)),
            ],
            round,
        );
        assert_eq!(scores, [0.0; 10]);
    }
}

#[test]
fn late_answers_count_as_none() {
    let settings = json!({});
    let worker = with(settings, |resources| TEMPLATE.worker(resources)).unwrap();
    let verdicts = rehearsal::play(
        &mut *judge(),
        &seed(1),
        &mut [honest(worker, Duration::from_secs(6))],
    );
    assert_eq!(verdicts[0].score, 0.0);
    assert_eq!(verdicts[0].reason, "no answer: too late");
}

#[test]
fn verdicts_do_not_depend_on_the_order_of_answers() {
    let mut judge = judge();
    let mut players = [miner(60), miner(10), miner(30)];
    let mut exchanges: Vec<Exchange> = rehearsal::exchanges(&mut *judge, &seed(3), &mut players);
    let forth: Vec<Verdict> = judge.verdicts(&seed(3), &exchanges);
    exchanges.reverse();
    assert_eq!(judge.verdicts(&seed(3), &exchanges), forth);
    let uids: Vec<u16> = forth.iter().map(|verdict| verdict.miner.uid).collect();
    assert_eq!(uids, [0, 1, 2]);
}

#[test]
fn every_miner_has_its_own_question() {
    let miners = [rehearsal::miner(0), rehearsal::miner(1)];
    let challenges = judge().challenges(&seed(4), &miners);
    assert_eq!(challenges.len(), 2);
    assert_ne!(challenges[0].body, challenges[1].body);
    assert_eq!(challenges, judge().challenges(&seed(4), &miners));
}

#[test]
fn settings_out_of_range_are_refused() {
    for settings in [
        json!({ "steps": 0 }),
        json!({ "steps": "many" }),
        json!({ "step": 5 }),
    ] {
        let error = with(settings, |resources| TEMPLATE.worker(resources).err());
        assert!(matches!(error, Some(TemplateError::Setting { .. })));
    }
    // Command lines write numbers as text, and name a model for every template.
    let settings = json!({ "steps": "5", "model": "toy:1" });
    assert!(with(settings, |resources| TEMPLATE.worker(resources)).is_ok());
}

#[test]
fn roots_are_right() {
    let roots = Roots { steps: 60 };
    for number in [1.0, 2.0, 10.0, 123_456.0, 9_999_999.0f64] {
        assert!((roots.root(number) / number.sqrt() - 1.0).abs() < 1e-12);
    }
}
