//! A judge, miners, and what they may do to an answer.

use std::{sync::Arc, time::Duration};

use serde_json::{Value, json};
use subnet_sdk::{
    Challenge, Judge, LanguageModel, Resources, Seed, Template, TemplateError, Verdict, Worker,
    rehearsal::{self, Player, cheat, honest},
    toy::{Toy, ToyModels},
    wire,
};
use text_generation_subnet::{Answer, DESCRIPTION, Question, TextGeneration, declaration};

pub(crate) const TIME: Duration = Duration::from_millis(100);

pub(crate) fn start<T>(
    settings: Value,
    declared: Option<&str>,
    start: impl FnOnce(&Resources<'_>) -> Result<T, TemplateError>,
) -> Result<T, TemplateError> {
    start(&Resources {
        models: &ToyModels::new(),
        settings: settings.as_object().unwrap(),
        declaration: declared.map(str::as_bytes),
    })
}

pub(crate) fn declared() -> String {
    declaration(Toy::new(1).fingerprint())
}

pub(crate) fn judge_with(mut settings: Value) -> Box<dyn Judge> {
    settings["model"] = json!("toy:1");
    start(settings, Some(&declared()), |resources| {
        TextGeneration.judge(resources)
    })
    .unwrap()
}

pub(crate) fn judge() -> Box<dyn Judge> {
    judge_with(json!({ "tokens": 24 }))
}

pub(crate) fn worker() -> Arc<dyn Worker> {
    let settings = json!({ "model": "toy:1" });
    start(settings, Some(&declared()), |resources| {
        TextGeneration.worker(resources)
    })
    .unwrap()
}

pub(crate) fn seed(round: u64) -> Seed {
    Seed::of_round(&[3; 32], 5, round, &[8; 32])
}

pub(crate) fn question(challenge: &Challenge) -> Question {
    wire::read_question(&DESCRIPTION, &challenge.body).unwrap()
}

/// The right answer.
pub(crate) fn right(challenge: &Challenge) -> Answer {
    serde_json::from_slice(&worker().answer(&challenge.body).unwrap()).unwrap()
}

pub(crate) fn says(answer: &Answer) -> Vec<u8> {
    wire::write_answer(answer).unwrap()
}

/// A miner that changes the right answer.
pub(crate) fn changing(change: impl Fn(&mut Answer, &Question) + 'static) -> Player<'static> {
    cheat(
        move |challenge| {
            let mut answer = right(challenge);
            change(&mut answer, &question(challenge));
            says(&answer)
        },
        TIME,
    )
}

/// A miner that answers another question than it was asked.
pub(crate) fn misreading(change: impl Fn(&mut Question) + 'static) -> Player<'static> {
    cheat(
        move |challenge| {
            let mut question = question(challenge);
            change(&mut question);
            let body = wire::write_question(&DESCRIPTION, &question).unwrap();
            worker().answer(&body).unwrap()
        },
        TIME,
    )
}

/// Whether changed questions to miner 1 have the same answers.
pub(crate) fn is_same(change: impl Fn(&mut Question), round: u64) -> bool {
    let challenges = judge().challenges(&seed(round), &[rehearsal::miner(1)]);
    challenges.iter().all(|challenge| {
        let mut changed = question(challenge);
        change(&mut changed);
        let body = wire::write_question(&DESCRIPTION, &changed).unwrap();
        worker().answer(&body).unwrap() == worker().answer(&challenge.body).unwrap()
    })
}

/// Plays a round between an honest miner 0 and somebody else, who is miner 1.
pub(crate) fn against(player: Player<'_>, round: u64) -> Verdict {
    let mut players = [honest(worker(), TIME), player];
    let mut verdicts = rehearsal::play(&mut *judge(), &seed(round), &mut players);
    assert_eq!(verdicts.len(), 2);
    // The honest one loses nothing by it.
    if verdicts[1].score == 0.0 {
        let expected = 0.5 * (1.0 - 0.1 / 30.0);
        assert_eq!(verdicts[0].score, expected, "{:?}", verdicts[0]);
    }
    verdicts.remove(1)
}
