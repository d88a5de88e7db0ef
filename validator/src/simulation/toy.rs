//! The smallest template, for tests and benchmarks of the validator itself: miners return the hash of the question.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use neuron_protocol::body_hash;
use subnet_sdk::{
    Challenge, Description, Exchange, Judge, Miner, Refusal, Resources, Seed, Template,
    TemplateError, Verdict, Worker,
};

/// The template. An answer is right if it begins with the BLAKE2b-256 hash of the question; its next byte, in parts of 255, is its quality.
pub struct Toy;

/// The one value of it.
pub static TOY: Toy = Toy;

/// What a miner of this quality (`0..=255`) answers.
pub fn answer(challenge: &[u8], quality: u8) -> Vec<u8> {
    let mut answer = body_hash(challenge).to_vec();
    answer.push(quality);
    answer
}

impl Template for Toy {
    fn description(&self) -> Description {
        Description {
            name: "toy",
            version: 1,
            summary: "Miners return hashes.",
            deadline: Duration::from_secs(2),
            challenge_limit: 64,
            answer_limit: 4096,
            settings: &[
                ("questions", "challenges of a round (1)"),
                ("model", "not used"),
            ],
        }
    }

    fn worker(&self, _: &Resources<'_>) -> Result<Arc<dyn Worker>, TemplateError> {
        Ok(Arc::new(Hasher))
    }

    fn judge(&self, resources: &Resources<'_>) -> Result<Box<dyn Judge>, TemplateError> {
        let questions = match resources.settings.get("questions") {
            None => 1,
            Some(value) => value
                .as_u64()
                .filter(|count| (1..=16).contains(count))
                .ok_or_else(|| TemplateError::Setting {
                    name: "questions".into(),
                    problem: format!("is {value}, not a number from 1 to 16"),
                })?,
        };
        if resources.declaration == Some(b"broken") {
            return Err(TemplateError::Declaration("it says `broken`".into()));
        }
        Ok(Box::new(Checker { questions }))
    }
}

struct Hasher;

impl Worker for Hasher {
    fn answer(&self, challenge: &[u8]) -> Result<Vec<u8>, Refusal> {
        Ok(answer(challenge, u8::MAX))
    }

    fn serves(&self) -> String {
        "hashes".into()
    }
}

struct Checker {
    questions: u64,
}

impl Judge for Checker {
    fn challenges(&mut self, seed: &Seed, miners: &[Miner]) -> Vec<Challenge> {
        let each = |miner: &Miner| {
            let miner = *miner;
            (0..self.questions).map(move |number| {
                let mut about = miner.hotkey.to_vec();
                about.extend_from_slice(&number.to_le_bytes());
                let body = seed.for_purpose("question", &about).bytes().to_vec();
                Challenge { miner, body }
            })
        };
        miners.iter().flat_map(each).collect()
    }

    fn verdicts(&mut self, _: &Seed, exchanges: &[Exchange]) -> Vec<Verdict> {
        let mut by_miner: BTreeMap<Miner, Vec<&Exchange>> = BTreeMap::new();
        for exchange in exchanges {
            by_miner
                .entry(exchange.challenge.miner)
                .or_default()
                .push(exchange);
        }
        let judged = |(miner, exchanges): (Miner, Vec<&Exchange>)| {
            let scores = exchanges.iter().map(|exchange| match &exchange.outcome {
                Ok(reply) if reply.body.get(..32) == Some(&body_hash(&exchange.challenge.body)) => {
                    f64::from(reply.body.get(32).copied().unwrap_or(0)) / 255.0
                }
                _ => 0.0,
            });
            let score = scores.sum::<f64>() / exchanges.len() as f64;
            let reason = match exchanges
                .iter()
                .find_map(|exchange| exchange.outcome.as_ref().err())
            {
                Some(failure) => failure.to_string(),
                None if score > 0.0 => "right".into(),
                None => "wrong".into(),
            };
            Verdict::new(miner, score, reason).with("questions", exchanges.len() as f64)
        };
        by_miner.into_iter().map(judged).collect()
    }
}
