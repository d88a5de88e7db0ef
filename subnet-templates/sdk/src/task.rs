//! A whole template from one small type: for subnets that ask each miner one question a round and judge each answer by itself.

use std::{marker::PhantomData, sync::Arc, time::Duration};

use serde::{Serialize, de::DeserializeOwned};

use crate::{
    language::LanguageModel,
    round::{self, Asked},
    seed::Seed,
    settings::Settings,
    template::{
        Challenge, Description, Exchange, Judge, Miner, Refusal, Resources, Template,
        TemplateError, Verdict, Worker,
    },
    wire,
};

/// What a small subnet consists of. [`Simple`] makes a [`Template`] of it.
pub trait Task: Send + Sync + Sized + 'static {
    /// What is asked.
    type Question: Serialize + DeserializeOwned;
    /// What is answered.
    type Answer: Serialize + DeserializeOwned;

    /// What people and programs read about it.
    const DESCRIPTION: Description;

    /// Reads the settings, for either half. **Errors:** a setting that cannot be used, a model that does not load.
    fn new(settings: &Settings<'_>, resources: &Resources<'_>) -> Result<Self, TemplateError>;

    /// Validator: the question to one miner. `seed` is of this round and this miner, and the only source of randomness.
    fn question(&self, seed: &Seed) -> Self::Question;

    /// Miner: the answer. **Errors:** a question that cannot be answered.
    fn answer(&self, question: &Self::Question) -> Result<Self::Answer, Refusal>;

    /// Validator: how good an answer is, from 0 to 1, and why. Equal arguments, equal scores.
    fn score(&self, question: &Self::Question, answer: &Self::Answer, elapsed: Duration) -> Score;

    /// Miner: the language model behind the answers, if there is one.
    fn model(&self) -> Option<Arc<dyn LanguageModel>> {
        None
    }
}

/// What an answer is worth.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    /// From 0 to 1.
    pub value: f64,
    /// Why, in one sentence for the miner's operator.
    pub reason: String,
}

impl Score {
    /// A score with its reason.
    pub fn new(value: f64, reason: impl Into<String>) -> Self {
        Self {
            value,
            reason: reason.into(),
        }
    }
}

/// The [`Template`] of a [`Task`].
#[derive(Debug)]
pub struct Simple<T>(PhantomData<fn() -> T>);

impl<T> Simple<T> {
    /// The template; it can be a `static`.
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<T> Default for Simple<T> {
    fn default() -> Self {
        Self::new()
    }
}

fn start<T: Task>(resources: &Resources<'_>) -> Result<Half<T>, TemplateError> {
    let settings = Settings::new(resources.settings, &T::DESCRIPTION)?;
    T::new(&settings, resources).map(Half)
}

impl<T: Task> Template for Simple<T> {
    fn description(&self) -> Description {
        T::DESCRIPTION
    }

    fn worker(&self, resources: &Resources<'_>) -> Result<Arc<dyn Worker>, TemplateError> {
        Ok(Arc::new(start::<T>(resources)?))
    }

    fn judge(&self, resources: &Resources<'_>) -> Result<Box<dyn Judge>, TemplateError> {
        Ok(Box::new(start::<T>(resources)?))
    }
}

/// A task as miner's or validator's half.
struct Half<T>(T);

impl<T: Task> Worker for Half<T> {
    fn answer(&self, challenge: &[u8]) -> Result<Vec<u8>, Refusal> {
        let question = wire::read_question(&T::DESCRIPTION, challenge)?;
        wire::write_answer(&self.0.answer(&question)?)
    }

    fn serves(&self) -> String {
        let model = self.0.model();
        model.map_or_else(
            || T::DESCRIPTION.name.to_owned(),
            |model| model.name().to_owned(),
        )
    }

    fn model(&self) -> Option<Arc<dyn LanguageModel>> {
        self.0.model()
    }
}

impl<T: Task> Judge for Half<T> {
    fn challenges(&mut self, seed: &Seed, miners: &[Miner]) -> Vec<Challenge> {
        let ask = |miner: &Miner| {
            let seed = seed.for_purpose("question", &miner.hotkey);
            let question = self.0.question(&seed);
            Challenge {
                miner: *miner,
                // A question that JSON cannot express is one that nobody can answer.
                body: wire::write_question(&T::DESCRIPTION, &question).unwrap_or_default(),
            }
        };
        miners.iter().map(ask).collect()
    }

    fn verdicts(&mut self, _seed: &Seed, exchanges: &[Exchange]) -> Vec<Verdict> {
        let description = &T::DESCRIPTION;
        let round = round::read_round::<T::Question, T::Answer>(
            description,
            description.deadline,
            exchanges,
        );
        round
            .into_iter()
            .map(|(miner, asked)| {
                // One question each; of a record with more the worst answer counts.
                let verdicts = asked.iter().map(|asked| self.judge(miner, asked));
                Verdict::worst(verdicts)
                    .unwrap_or_else(|| Verdict::unjudged(miner, "nothing was asked"))
            })
            .collect()
    }
}

impl<T: Task> Half<T> {
    fn judge(&self, miner: Miner, asked: &Asked<T::Question, T::Answer>) -> Verdict {
        match &asked.outcome {
            Err(lack) => Verdict::lacking(miner, lack),
            Ok(given) => {
                let score = self.0.score(&given.question, &given.answer, given.elapsed);
                Verdict::new(miner, score.value, score.reason)
            }
        }
    }
}
