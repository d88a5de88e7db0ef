#![doc = include_str!("../README.md")]

mod judge;
mod marginal;
mod predictor;
mod scoring;
mod text;

use std::{sync::Arc, time::Duration};

use subnet_sdk::{Description, Judge, Resources, Settings, Template, TemplateError, Worker};

pub use marginal::{Pieces, next_byte};
pub use predictor::Predictor;
pub use scoring::{Baseline, Invalid, log_loss, score};
pub use text::HiddenText;

/// The template.
#[derive(Clone, Copy, Debug)]
pub struct NextToken;

/// What people and programs read about the template.
pub const DESCRIPTION: Description = Description {
    name: "next-token",
    version: 1,
    summary: "Open models under a proper scoring rule: miners predict how hidden texts go on, \
              and earn by the log loss of their probabilities.",
    deadline: Duration::from_secs(30),
    challenge_limit: 1024 * 1024,
    answer_limit: 1024 * 1024,
    settings: &[
        (
            "model",
            "miner: any language model: a folder, a GGUF file or another reference",
        ),
        (
            "text",
            "validator: file with a text that the miners' models have not seen",
        ),
        (
            "positions",
            "validator: predictions that a miner makes in a round, 8 to 256 (default 64)",
        ),
        (
            "context",
            "validator: bytes of text before each prediction, 32 to 1024 (default 160)",
        ),
        (
            "candidates",
            "validator: bytes to which a prediction may give probabilities, 1 to 256 (default 32)",
        ),
        (
            "window",
            "validator: bytes of the text that a round uses, 4096 to 16777216 (default 65536)",
        ),
        (
            "deadline",
            "validator: seconds that a miner may take, 0.1 to 3600 (default 30)",
        ),
    ],
};

/// What a miner is asked: which byte follows each of these texts.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// The texts that go on.
    pub prefixes: Vec<String>,
    /// How many bytes of each prediction may have a probability of their own.
    pub candidates: usize,
}

/// What a miner answers.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// One for each prefix, in order.
    pub predictions: Vec<Prediction>,
}

/// A distribution over the next byte.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prediction {
    /// The bytes that have a probability of their own: different ones, in any order.
    pub bytes: Vec<u8>,
    /// The probability of each.
    pub probabilities: Vec<f64>,
    /// The probability of all other bytes together; they share it equally.
    pub rest: f64,
}

impl Template for NextToken {
    fn description(&self) -> Description {
        DESCRIPTION
    }

    fn worker(&self, resources: &Resources<'_>) -> Result<Arc<dyn Worker>, TemplateError> {
        let settings = Settings::new(resources.settings, &DESCRIPTION)?;
        let reference = settings.required("model", "name a language model")?;
        let model = resources.models.load(reference)?;
        Ok(Arc::new(Predictor::new(model)?))
    }

    fn judge(&self, resources: &Resources<'_>) -> Result<Box<dyn Judge>, TemplateError> {
        let settings = Settings::new(resources.settings, &DESCRIPTION)?;
        Ok(Box::new(judge::Scorer::new(&settings)?))
    }
}
