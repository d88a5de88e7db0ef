//! What a subnet implements.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use crate::{
    language::{ModelError, Models},
    seed::Seed,
};

/// A kind of subnet.
pub trait Template: Send + Sync {
    /// What people and programs read about it.
    fn description(&self) -> Description;

    /// The miner's half. **Errors:** a setting that cannot be used, a model that does not load.
    fn worker(&self, resources: &Resources<'_>) -> Result<Arc<dyn Worker>, TemplateError>;

    /// The validator's half. **Errors:** the same.
    fn judge(&self, resources: &Resources<'_>) -> Result<Box<dyn Judge>, TemplateError>;
}

/// What people and programs read about a template.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Description {
    /// Its name on command lines and in requests: lower case and hyphens.
    pub name: &'static str,
    /// Version of challenges and answers. Miner and validator must agree.
    pub version: u32,
    /// One sentence.
    pub summary: &'static str,
    /// How long a miner may take over one challenge.
    pub deadline: Duration,
    /// Bytes of a challenge at most.
    pub challenge_limit: usize,
    /// Bytes of an answer at most.
    pub answer_limit: usize,
    /// Settings that [`Resources::settings`] may hold: name and what it means, with its default.
    pub settings: &'static [(&'static str, &'static str)],
}

/// What a template may use.
pub struct Resources<'a> {
    /// Loads language models.
    pub models: &'a dyn Models,
    /// The part of the configuration that belongs to the subnet.
    pub settings: &'a serde_json::Map<String, serde_json::Value>,
    /// What the owner of the subnet has published on chain with a commitment of the owner's hotkey.
    pub declaration: Option<&'a [u8]>,
}

/// Why a half of a template cannot start; the text tells the operator what to do.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// A setting is missing or cannot be used.
    #[error("setting `{name}`: {problem}")]
    Setting {
        /// Its name.
        name: String,
        /// What is wrong and what would be right.
        problem: String,
    },
    /// A model does not load.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// What the owner declared on chain is missing or does not fit.
    #[error("the owner's declaration on chain: {0}")]
    Declaration(String),
}

/// The miner's half of a template. Called from several threads at once.
pub trait Worker: Send + Sync {
    /// Answers one challenge; takes as long as it takes, the caller watches the deadline.
    ///
    /// **Errors:** a challenge that cannot be read or answered.
    fn answer(&self, challenge: &[u8]) -> Result<Vec<u8>, Refusal>;

    /// What is served, such as the name of the model: shown to operators.
    fn serves(&self) -> String;

    /// The language model behind it, if there is one: the OpenAI-compatible endpoint uses it.
    fn model(&self) -> Option<Arc<dyn crate::LanguageModel>> {
        None
    }
}

/// Why a worker gives no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The challenge is not one of this template and version, or breaks its limits. The text says how.
    #[error("malformed challenge: {0}")]
    Malformed(String),
    /// The model or the machine failed; another try may succeed.
    #[error("failed: {0}")]
    Failed(String),
}

/// A miner as a judge sees it.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
pub struct Miner {
    /// Its uid on the subnet.
    pub uid: u16,
    /// Its hotkey: a uid can get another owner, a hotkey cannot.
    pub hotkey: [u8; 32],
}

/// A question for one miner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
    /// Who is asked.
    pub miner: Miner,
    /// What the miner's [`Worker::answer`] gets.
    pub body: Vec<u8>,
}

/// What came of a challenge.
#[derive(Clone, Debug, PartialEq)]
pub struct Exchange {
    /// The question.
    pub challenge: Challenge,
    /// The answer, or why there is none.
    pub outcome: Result<Reply, Failure>,
}

/// A miner's answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    /// What [`Worker::answer`] gave back, or what the miner pretends it did.
    pub body: Vec<u8>,
    /// From the first byte of the question to the last of the answer.
    pub elapsed: Duration,
}

/// Why there is no answer.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, thiserror::Error,
)]
#[serde(rename_all = "kebab-case")]
pub enum Failure {
    /// The miner published no endpoint.
    #[error("no endpoint on chain")]
    NoEndpoint,
    /// Nobody answered there.
    #[error("unreachable")]
    Unreachable,
    /// The answer was not complete in time.
    #[error("too late")]
    TooLate,
    /// The miner said that it has too much to do (429 or 503).
    #[error("overloaded")]
    Overloaded,
    /// The miner refused the request.
    #[error("refused")]
    Refused,
    /// The answer breaks a limit or is not signed by the miner.
    #[error("answer without meaning")]
    Meaningless,
}

/// What a judge thinks of one miner in one round.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Verdict {
    /// Who is judged.
    pub miner: Miner,
    /// From 0 to 1; greater is better, and pay is proportional to it.
    pub score: f64,
    /// Why, in one sentence for the miner's operator.
    pub reason: String,
    /// The numbers behind it, by name.
    pub parts: BTreeMap<String, f64>,
    /// False if the judge could not tell, for a reason that is not the miner's: then the score is 0 and counts for nothing.
    #[serde(default = "yes")]
    pub judged: bool,
}

const fn yes() -> bool {
    true
}

/// The validator's half of a template.
pub trait Judge: Send {
    /// The challenges of a round: at least one for every miner, none for anybody else. Equal arguments, equal challenges.
    fn challenges(&mut self, seed: &Seed, miners: &[Miner]) -> Vec<Challenge>;

    /// How long a miner may take, if the settings say otherwise than [`Description::deadline`].
    fn deadline(&self) -> Option<Duration> {
        None
    }

    /// One verdict for every miner that was challenged, in the order of `uid`. `exchanges`: in any order. Equal arguments,
    /// equal verdicts.
    fn verdicts(&mut self, seed: &Seed, exchanges: &[Exchange]) -> Vec<Verdict>;
}
