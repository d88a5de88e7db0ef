//! Halves that must not start, and questions that must not be answered.

use serde_json::json;
use subnet_sdk::{LanguageModel, Refusal, Template, TemplateError, rehearsal, toy::Toy, wire};
use text_generation_subnet::{DESCRIPTION, Question, TextGeneration, declaration};

use crate::stage::*;

#[test]
fn only_the_declared_model_starts() {
    let other = declaration(Toy::new(2).fingerprint());
    let cases = [
        (
            json!({ "model": "toy:1" }),
            Some(other.as_str()),
            "load the declared model",
        ),
        (
            json!({ "model": "toy:1" }),
            Some("hello"),
            "64 hexadecimal digits",
        ),
        (json!({ "model": "toy:1" }), None, "there is none"),
        (json!({}), Some(other.as_str()), "setting `model`: not set"),
        (
            json!({ "model": "toy:x" }),
            Some(other.as_str()),
            "named by a number",
        ),
        (
            json!({ "modle": "toy:1" }),
            Some(other.as_str()),
            "no such setting",
        ),
    ];
    for (settings, declared, part) in cases {
        let worker = start(settings.clone(), declared, |r| {
            TextGeneration.worker(r).map(drop)
        });
        let judge = start(settings, declared, |r| TextGeneration.judge(r).map(drop));
        for error in [worker.unwrap_err(), judge.unwrap_err()] {
            assert!(error.to_string().contains(part), "{error}");
        }
    }
}

#[test]
fn settings_that_cannot_work_are_refused() {
    let cases = [
        json!({ "model": "toy:1", "tokens": 7 }),
        json!({ "model": "toy:1", "queries": 0 }),
        json!({ "model": "toy:1", "tolerance": 0 }),
        json!({ "model": "toy:1", "prompts": "/nowhere" }),
        json!({ "model": "toy:1", "tokens": 1024, "prompt_tokens": 1025 }),
    ];
    for settings in cases {
        let result = start(settings, Some(&declared()), |r| {
            TextGeneration.judge(r).map(drop)
        });
        assert!(
            matches!(result, Err(TemplateError::Setting { .. })),
            "{result:?}"
        );
    }
}

#[test]
fn workers_refuse_what_no_judge_asks() {
    let challenges = judge().challenges(&seed(0), &[rehearsal::miner(0)]);
    let changes: [fn(&mut Question); 7] = [
        |question| question.tokens = 0,
        |question| question.tokens = u32::MAX,
        |question| question.prompt.clear(),
        |question| question.prompt = "x ".repeat(2_000),
        |question| question.sampling.temperature = -1.0,
        |question| question.sampling.temperature = 1e30,
        |question| question.sampling.top_p = 0.0,
    ];
    for change in changes {
        let mut question = question(&challenges[0]);
        change(&mut question);
        let body = wire::write_question(&DESCRIPTION, &question).unwrap();
        assert!(matches!(worker().answer(&body), Err(Refusal::Malformed(_))));
    }
    for body in [
        &b""[..],
        b"{\"version\":2,\"question\":{}}",
        &[b' '; 70_000],
    ] {
        assert!(matches!(worker().answer(body), Err(Refusal::Malformed(_))));
    }
}
