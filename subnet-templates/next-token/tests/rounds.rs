//! Rounds with models of different quality and with every cheat that we know of.

use std::{collections::BTreeSet, io::Write, sync::Arc, time::Duration};

use next_token_subnet::{
    Answer, Baseline, DESCRIPTION, HiddenText, NextToken, Prediction, Predictor, Question,
};
use serde_json::{Value, json};
use subnet_sdk::{
    Challenge, Exchange, Failure, Judge, Refusal, Resources, Seed, Template, TemplateError,
    Verdict, Worker,
    rehearsal::{self, Player, cheat, honest},
    toy::{Toy, ToyModels},
    wire,
};

mod common;

const TIME: Duration = Duration::from_millis(100);

struct Stage {
    /// Deleted at the end.
    file: tempfile::NamedTempFile,
    good: Arc<dyn Worker>,
    weaker: Arc<dyn Worker>,
    poor: Arc<dyn Worker>,
}

fn worker(order: usize, bytes: usize) -> Arc<dyn Worker> {
    let model = Toy::taught(&common::text(1, bytes), order);
    Arc::new(Predictor::new(Arc::new(model)).unwrap())
}

impl Stage {
    fn new() -> Self {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(common::text(2, 60_000).as_bytes()).unwrap();
        Self {
            file,
            good: worker(4, 60_000),
            weaker: worker(2, 5_000),
            poor: worker(1, 3_000),
        }
    }

    fn judge_with(&self, mut settings: Value) -> Result<Box<dyn Judge>, TemplateError> {
        if settings.get("text").is_none() {
            settings["text"] = json!(self.file.path());
        }
        NextToken.judge(&Resources {
            models: &ToyModels::new(),
            settings: settings.as_object().unwrap(),
            declaration: None,
        })
    }

    fn judge(&self) -> Box<dyn Judge> {
        self.judge_with(json!({})).unwrap()
    }

    fn play(&self, round: u64, players: &mut [Player<'_>]) -> Vec<Verdict> {
        rehearsal::play(&mut *self.judge(), &seed(round), players)
    }

    fn right(&self, challenge: &Challenge) -> Answer {
        serde_json::from_slice(&self.good.answer(&challenge.body).unwrap()).unwrap()
    }

    /// The verdict on somebody who changes a good answer.
    fn changing(&self, change: impl Fn(&mut Answer)) -> Verdict {
        let player = cheat(
            |challenge| {
                let mut answer = self.right(challenge);
                change(&mut answer);
                wire::write_answer(&answer).unwrap()
            },
            TIME,
        );
        self.play(1, &mut [player]).remove(0)
    }
}

fn seed(round: u64) -> Seed {
    Seed::of_round(&[3; 32], 5, round, &[8; 32])
}

fn question(challenge: &Challenge) -> Question {
    wire::read_question(&DESCRIPTION, &challenge.body).unwrap()
}

/// The same prediction everywhere.
fn constant(prediction: Prediction) -> Player<'static> {
    cheat(
        move |challenge| {
            let predictions = vec![prediction.clone(); question(challenge).prefixes.len()];
            wire::write_answer(&Answer { predictions }).unwrap()
        },
        TIME,
    )
}

#[test]
fn better_models_earn_more_in_the_average_of_a_few_rounds() {
    let stage = Stage::new();
    let mut sums = [0.0; 3];
    let rounds = 5;
    for round in 0..rounds {
        let verdicts = stage.play(
            round,
            &mut [
                honest(stage.good.clone(), TIME),
                honest(stage.weaker.clone(), TIME),
                honest(stage.poor.clone(), TIME),
            ],
        );
        for (sum, verdict) in sums.iter_mut().zip(&verdicts) {
            assert!(verdict.score > 0.0, "{verdict:?}");
            *sum += verdict.score / rounds as f64;
        }
    }
    assert!(
        sums[0] > 1.1 * sums[1] && sums[1] > 1.1 * sums[2],
        "{sums:?}"
    );
}

#[test]
fn cheats_get_nothing() {
    let stage = Stage::new();
    let even = Prediction {
        bytes: vec![],
        probabilities: vec![],
        rest: 1.0,
    };
    let certain = Prediction {
        bytes: vec![b' '],
        probabilities: vec![1.0],
        rest: 0.0,
    };
    let nearly = Prediction {
        bytes: vec![b'e'],
        probabilities: vec![0.999],
        rest: 0.001,
    };
    for round in 0..20 {
        let old = stage
            .judge()
            .challenges(&seed(round + 1_000), &[rehearsal::miner(0)]);
        let old = stage.good.answer(&old[0].body).unwrap();
        let theirs = stage
            .judge()
            .challenges(&seed(round), &[rehearsal::miner(9)]);
        let theirs = stage.good.answer(&theirs[0].body).unwrap();
        // The best guess of a good model, stated with certainty.
        let sure = |challenge: &Challenge| {
            let mut answer = stage.right(challenge);
            for prediction in &mut answer.predictions {
                prediction.bytes.truncate(1);
                (prediction.probabilities, prediction.rest) = (vec![1.0], 0.0);
            }
            wire::write_answer(&answer).unwrap()
        };
        let verdicts = stage.play(
            round,
            &mut [
                cheat(|_| old.clone(), TIME),
                cheat(|_| theirs.clone(), TIME),
                constant(even.clone()),
                constant(certain.clone()),
                constant(nearly.clone()),
                cheat(sure, TIME),
            ],
        );
        for verdict in verdicts {
            assert_eq!(verdict.score, 0.0, "{verdict:?}");
        }
    }
}

#[test]
fn letter_frequencies_earn_next_to_nothing() {
    let stage = Stage::new();
    let baseline = Baseline::of(&common::text(1, 60_000));
    let mut bytes: Vec<u8> = (0..=255).collect();
    bytes.sort_by(|a, b| baseline.loss(*a).total_cmp(&baseline.loss(*b)));
    bytes.truncate(32);
    let probabilities: Vec<f64> = bytes.iter().map(|b| (-baseline.loss(*b)).exp()).collect();
    let rest = 1.0 - probabilities.iter().sum::<f64>();
    let frequencies = Prediction {
        bytes,
        probabilities,
        rest,
    };
    for round in 0..20 {
        let verdict = stage.play(round, &mut [constant(frequencies.clone())]);
        assert!(verdict[0].score < 0.01, "{verdict:?}");
    }
}

#[test]
fn answers_without_meaning_get_nothing() {
    let stage = Stage::new();
    assert!(stage.changing(|_| ()).score > 0.3);
    let changes: Vec<fn(&mut Answer)> = vec![
        |answer| drop(answer.predictions.pop()),
        |answer| answer.predictions.push(answer.predictions[0].clone()),
        |answer| answer.predictions.clear(),
        |answer| answer.predictions[63].probabilities[0] = -0.5,
        |answer| answer.predictions[63].probabilities[0] += 0.5,
        |answer| answer.predictions[63].rest = f64::NAN,
        |answer| answer.predictions[63].rest += 0.01,
        |answer| answer.predictions[63].rest = -1e300,
        |answer| answer.predictions[63].bytes[1] = answer.predictions[63].bytes[0],
        |answer| {
            answer.predictions[63].bytes.pop();
        },
        |answer| {
            let prediction = &mut answer.predictions[63];
            prediction.bytes = (0..33).collect();
            prediction.probabilities = vec![1.0 / 33.0; 33];
            prediction.rest = 0.0;
        },
    ];
    for change in changes {
        let verdict = stage.changing(change);
        assert_eq!(verdict.score, 0.0, "{}", verdict.reason);
    }
    let bodies: [Vec<u8>; 8] = [
        vec![],
        b"[]".to_vec(),
        b"{\"predictions\":[{\"bytes\":[256],\"probabilities\":[1],\"rest\":0}]}".to_vec(),
        b"{\"predictions\":[{\"bytes\":[1],\"probabilities\":[1e999],\"rest\":0}]}".to_vec(),
        b"{\"predictions\":[{\"bytes\":[1],\"probabilities\":[NaN],\"rest\":0}]}".to_vec(),
        vec![b'['; 100_000],
        vec![b' '; DESCRIPTION.answer_limit + 1],
        vec![0xff; 1_000],
    ];
    for body in bodies {
        let verdict = stage
            .play(2, &mut [cheat(|_| body.clone(), TIME)])
            .remove(0);
        assert_eq!(verdict.score, 0.0);
        assert!(
            verdict.reason.starts_with("the answer cannot be read"),
            "{}",
            verdict.reason
        );
    }
    let verdict = stage
        .play(2, &mut [Box::new(|_| Err(Failure::TooLate))])
        .remove(0);
    assert_eq!(
        (verdict.score, verdict.reason.as_str()),
        (0.0, "no answer: too late")
    );
}

#[test]
fn rounds_can_be_replayed_in_any_order() {
    let stage = Stage::new();
    let mut players = [
        honest(stage.good.clone(), TIME),
        honest(stage.poor.clone(), TIME),
        cheat(|_| b"?".to_vec(), TIME),
    ];
    let mut exchanges: Vec<Exchange> =
        rehearsal::exchanges(&mut *stage.judge(), &seed(4), &mut players);
    let verdicts = stage.judge().verdicts(&seed(4), &exchanges);
    exchanges.reverse();
    assert_eq!(stage.judge().verdicts(&seed(4), &exchanges), verdicts);
    // A record that belongs to other settings is not judged by them.
    let mut other = stage.judge_with(json!({ "context": 100 })).unwrap();
    let verdict = &other.verdicts(&seed(4), &exchanges)[0];
    assert!(!verdict.judged, "{}", verdict.reason);
    assert!(
        verdict.reason.starts_with("not judged"),
        "{}",
        verdict.reason
    );
}

#[test]
fn nothing_shown_in_a_round_contains_what_another_is_asked() {
    let plain = common::text(3, 40_000);
    let accented = plain.replace('e', "é").replace("ship", "船");
    for text in [plain, accented] {
        let hidden = HiddenText::new(text, 64, 160, 20_000).unwrap();
        let start = hidden.text().as_ptr() as usize;
        let mut asked = BTreeSet::new();
        for round in 0..30 {
            let mut shown = Vec::new();
            let mut places = Vec::new();
            for uid in 0..20 {
                let own = hidden.places(&seed(round), &rehearsal::miner(uid));
                assert_eq!(own, hidden.places(&seed(round), &rehearsal::miner(uid)));
                assert_eq!(own.len(), 64);
                let mut different = BTreeSet::new();
                for place in own {
                    let from = place.prefix.as_ptr() as usize - start;
                    let at = from + place.prefix.len();
                    assert_eq!(hidden.text().as_bytes()[at], place.hidden);
                    assert!((160..164).contains(&place.prefix.len()));
                    different.insert(at);
                    shown.push(from..at);
                    places.push(at);
                }
                assert_eq!(different.len(), 64);
                asked.insert((round, different));
            }
            shown.sort_by_key(|range| range.start);
            for at in places {
                let last = shown.partition_point(|range| range.start <= at);
                assert!(shown[..last].iter().all(|range| !range.contains(&at)));
            }
        }
        // Every miner in every round has its own selection.
        assert_eq!(asked.len(), 600);
    }
}

#[test]
fn texts_that_cannot_be_used_are_refused() {
    let stage = Stage::new();
    let refused = |settings: Value| {
        let error = stage.judge_with(settings).map(drop).unwrap_err();
        error.to_string()
    };
    assert!(refused(json!({ "text": "/nowhere" })).starts_with("setting `text`: /nowhere"));
    let long = json!({ "positions": 256, "context": 1024 });
    assert!(refused(long).contains("need at least"));
    assert!(refused(json!({ "positions": 7 })).starts_with("setting `positions`"));
    assert!(refused(json!({ "tokens": 7 })).contains("no such setting"));
    let strange = HiddenText::new("a\u{0}".repeat(50_000), 64, 160, 4_096).unwrap_err();
    assert!(strange.contains("control character"), "{strange}");
    let nothing = NextToken.judge(&Resources {
        models: &ToyModels::new(),
        settings: json!({}).as_object().unwrap(),
        declaration: None,
    });
    assert!(
        nothing
            .map(drop)
            .unwrap_err()
            .to_string()
            .contains("not set; name a file")
    );
}

#[test]
fn workers_need_a_model_and_refuse_what_no_judge_asks() {
    let start = |settings: Value| {
        NextToken.worker(&Resources {
            models: &ToyModels::new(),
            settings: settings.as_object().unwrap(),
            declaration: None,
        })
    };
    let error = start(json!({})).map(drop).unwrap_err();
    assert_eq!(
        error.to_string(),
        "setting `model`: not set; name a language model"
    );
    let worker = start(json!({ "model": "toy:4" })).unwrap();
    assert_eq!(worker.serves(), "toy:4");
    assert!(worker.model().is_some());
    let answer = |prefixes: Vec<String>, candidates| {
        let question = Question {
            prefixes,
            candidates,
        };
        worker.answer(&wire::write_question(&DESCRIPTION, &question).unwrap())
    };
    for prefixes in [vec!["a".to_owned(); 257], vec![String::new()]] {
        assert!(matches!(answer(prefixes, 32), Err(Refusal::Malformed(_))));
    }
    // Longer than the context, shorter than a word, not of our alphabet: all have answers.
    for prefix in [
        "word ".repeat(2_000),
        "a".to_owned(),
        " ".repeat(50),
        "héé船".to_owned(),
    ] {
        for candidates in [1, 32, 256, usize::MAX] {
            let body = answer(vec![prefix.clone()], candidates).unwrap();
            let answer: Answer = serde_json::from_slice(&body).unwrap();
            assert_eq!(answer.predictions.len(), 1);
            for hidden in 0..=255 {
                let loss = next_token_subnet::log_loss(&answer.predictions[0], hidden, candidates);
                assert!(loss.unwrap() < 15.0);
            }
        }
    }
}
