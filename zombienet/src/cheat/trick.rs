//! How a cheat comes by its answers.

use std::{str::FromStr, sync::Arc};

use neuron_operator::models;
use next_token_subnet::{Answer, Prediction, Question};
use subnet_sdk::{Miner, Models, Refusal, Resources, Seed, Template, TemplateError, Worker, wire};

use super::Options;
use crate::failure::{Failure, Outcome};

/// How a miner comes by its answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trick {
    /// It works like an honest miner, but nobody has checked its model, and it may take its time.
    Work,
    /// It worked once, for a question of its own, and sends that answer ever since.
    Replay,
    /// It is certain of everything.
    Certainty,
}

impl Trick {
    /// The names of all.
    pub const NAMES: [&str; 3] = ["work", "replay", "certainty"];
}

impl FromStr for Trick {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        match name {
            "work" => Ok(Self::Work),
            "replay" => Ok(Self::Replay),
            "certainty" => Ok(Self::Certainty),
            other => Err(format!(
                "no trick `{other}`; known are {}",
                Self::NAMES.join(", ")
            )),
        }
    }
}

/// A trick that is ready.
pub enum Tricks {
    /// Works.
    Work(Arc<dyn Worker>),
    /// Always says this.
    Always(Vec<u8>),
    /// Knows no doubts, whatever is asked.
    Certainty,
}

impl Tricks {
    /// Gets ready.
    ///
    /// **Errors:** the template or model cannot be used, the template has no such trick.
    pub(super) fn prepare(options: &Options) -> Outcome<Self> {
        let template = subnet_catalogue::find(&options.template)
            .ok_or_else(|| Failure::new(format!("there is no template `{}`", options.template)))?;
        let engine = model_inference::Engine::new(model_inference::Options {
            threads: Some(1),
            ..model_inference::Options::default()
        });
        let model = options.model.as_deref().map(models::from_environment);
        match options.trick {
            Trick::Work => Ok(Self::Work(worker(template, &engine, model.as_deref())?)),
            Trick::Replay => replayed(template, &engine, model.as_deref()).map(Self::Always),
            Trick::Certainty => Ok(Self::Certainty),
        }
    }

    /// The answer to a challenge. **Errors:** one that even a cheat cannot answer.
    pub(super) fn answer(&self, challenge: &[u8]) -> Result<Vec<u8>, String> {
        match self {
            Self::Work(worker) => worker
                .answer(challenge)
                .map_err(|refusal| refusal.to_string()),
            Self::Always(answer) => Ok(answer.clone()),
            Self::Certainty => certainty(challenge).map_err(|refusal| refusal.to_string()),
        }
    }
}

fn unusable(error: TemplateError) -> Failure {
    Failure::new(error.to_string())
}

/// The settings that name a model.
fn settings(model: Option<&str>) -> serde_json::Map<String, serde_json::Value> {
    model
        .map(|model| ("model".to_owned(), model.into()))
        .into_iter()
        .collect()
}

/// What the owner of a subnet would declare if it meant this model.
fn declaration(engine: &dyn Models, model: Option<&str>) -> Outcome<Option<String>> {
    model
        .map(|model| {
            let model = engine
                .load(model)
                .map_err(|error| Failure::new(error.to_string()))?;
            Ok(text_generation_subnet::declaration(model.fingerprint()))
        })
        .transpose()
}

/// A worker that takes its own model for the declared one.
fn worker(
    template: &dyn Template,
    engine: &dyn Models,
    model: Option<&str>,
) -> Outcome<Arc<dyn Worker>> {
    let declared = declaration(engine, model)?;
    let resources = Resources {
        models: engine,
        settings: &settings(model),
        declaration: declared.as_deref().map(str::as_bytes),
    };
    template.worker(&resources).map_err(unusable)
}

/// A right answer, to a question that nobody else asked.
fn replayed(template: &dyn Template, engine: &dyn Models, model: Option<&str>) -> Outcome<Vec<u8>> {
    let declared = declaration(engine, model)?;
    let resources = Resources {
        models: engine,
        settings: &settings(model),
        declaration: declared.as_deref().map(str::as_bytes),
    };
    let mut judge = template.judge(&resources).map_err(unusable)?;
    let seed = Seed::from_bytes([7; 32]);
    let myself = Miner {
        uid: 0,
        hotkey: [7; 32],
    };
    let challenge = judge
        .challenges(&seed, &[myself])
        .into_iter()
        .next()
        .ok_or_else(|| Failure::new("the template asks nothing"))?;
    worker(template, engine, model)?
        .answer(&challenge.body)
        .map_err(|refusal| Failure::new(refusal.to_string()))
}

/// The answer to a question of `next-token` of a miner without doubts: each text goes on with a space.
fn certainty(challenge: &[u8]) -> Result<Vec<u8>, Refusal> {
    let question: Question = wire::read_question(&next_token_subnet::DESCRIPTION, challenge)?;
    let certain = Prediction {
        bytes: vec![b' '],
        probabilities: vec![1.0],
        rest: 0.0,
    };
    wire::write_answer(&Answer {
        predictions: vec![certain; question.prefixes.len()],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn certainty_is_a_distribution_for_every_text() {
        let question = Question {
            prefixes: vec!["to be or not to".into(), "the".into()],
            candidates: 8,
        };
        let body = wire::write_question(&next_token_subnet::DESCRIPTION, &question).unwrap();
        let answer = certainty(&body).unwrap();
        let answer: Answer = wire::read_answer(&next_token_subnet::DESCRIPTION, &answer).unwrap();
        assert_eq!(answer.predictions.len(), 2);
        for prediction in &answer.predictions {
            let right = next_token_subnet::log_loss(prediction, b' ', 8).unwrap();
            let wrong = next_token_subnet::log_loss(prediction, b'e', 8).unwrap();
            assert_eq!((right, wrong), (0.0, f64::INFINITY));
        }
    }

    #[test]
    fn tricks_have_the_names_that_they_list() {
        for name in Trick::NAMES {
            assert!(name.parse::<Trick>().is_ok());
        }
        assert!("honesty".parse::<Trick>().is_err());
    }
}
