#![doc = include_str!("../README.md")]

mod check;
mod declaration;
mod generator;
mod judge;
mod prompts;
mod speed;

use std::{sync::Arc, time::Duration};

use subnet_sdk::{
    Description, Judge, Resources, Sampling, Settings, Template, TemplateError, Worker,
};

pub use check::{Evidence, Fault, Unchecked, check};
pub use declaration::declaration;
pub use generator::Generator;
pub use prompts::Prompts;
pub use speed::speed;

/// The template.
#[derive(Clone, Copy, Debug)]
pub struct TextGeneration;

/// What people and programs read about the template.
pub const DESCRIPTION: Description = Description {
    name: "text-generation",
    version: 1,
    summary: "Verified inference: miners generate text with the model that the owner declared, \
              and validators check every token of it in one pass.",
    deadline: Duration::from_secs(30),
    challenge_limit: 64 * 1024,
    answer_limit: 64 * 1024,
    settings: &[
        (
            "model",
            "the declared model: a folder, a GGUF file or another reference; needed by both halves",
        ),
        (
            "prompts",
            "validator: text file whose lines the prompts are made of (default: built-in sentences)",
        ),
        (
            "queries",
            "validator: questions to each miner in a round, 1 to 16 (default 2)",
        ),
        (
            "tokens",
            "validator: tokens of an answer at most, 8 to 1024; each round asks for this or down to half (default 48)",
        ),
        (
            "prompt_tokens",
            "validator: tokens of a prompt at most, 16 to 4096 (default 64)",
        ),
        (
            "tolerance",
            "validator: by how much logits of honest miners may differ, 0.0001 to 1 (default 0.05)",
        ),
        (
            "deadline",
            "validator: seconds that a miner may take, 0.1 to 3600 (default 30)",
        ),
    ],
};

/// What a miner is asked: continue the prompt with exactly so many tokens, or until the model ends the text.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// The text to continue.
    pub prompt: String,
    /// How many tokens to generate.
    pub tokens: u32,
    /// How each is chosen.
    pub sampling: Sampling,
}

/// What a miner answers.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// The generated tokens.
    pub tokens: Vec<u32>,
    /// The natural logarithm of each one's probability at temperature 1.
    pub log_probabilities: Vec<f32>,
}

impl Template for TextGeneration {
    fn description(&self) -> Description {
        DESCRIPTION
    }

    fn worker(&self, resources: &Resources<'_>) -> Result<Arc<dyn Worker>, TemplateError> {
        let settings = Settings::new(resources.settings, &DESCRIPTION)?;
        Ok(Arc::new(Generator::new(declared_model(
            &settings, resources,
        )?)))
    }

    fn judge(&self, resources: &Resources<'_>) -> Result<Box<dyn Judge>, TemplateError> {
        let settings = Settings::new(resources.settings, &DESCRIPTION)?;
        let rules = judge::Rules::new(&settings)?;
        let prompts = match settings.file("prompts")? {
            None => Prompts::built_in(),
            Some(text) => Prompts::of_lines(&text).map_err(|problem| TemplateError::Setting {
                name: "prompts".to_owned(),
                problem,
            })?,
        };
        let model = declared_model(&settings, resources)?;
        Ok(Box::new(judge::Examiner::new(model, prompts, rules)?))
    }
}

/// The model of the settings, if it is the one that the owner declared.
fn declared_model(
    settings: &Settings<'_>,
    resources: &Resources<'_>,
) -> Result<Arc<dyn subnet_sdk::LanguageModel>, TemplateError> {
    let reference =
        settings.required("model", "name the model that the subnet's owner declared")?;
    let model = resources.models.load(reference)?;
    declaration::compare(resources.declaration, &*model)?;
    Ok(model)
}
