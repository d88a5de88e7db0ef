//! What a client wants.

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::Value;
use subnet_sdk::{GenerationRequest, LanguageModel, Sampling};

use super::super::Refusal;

/// New tokens if the client does not say.
const LIMIT: usize = 16;

/// Texts that end a completion, at most.
const STOPS: usize = 4;

/// Candidates for each token, at most.
const CANDIDATES: usize = 5;

/// The request as it is sent. Fields that change nothing are ignored; those that would, and that this miner cannot do, are refused.
#[derive(Debug, Deserialize)]
struct Sent {
    model: Option<String>,
    prompt: Option<Prompt>,
    max_tokens: Option<usize>,
    temperature: Option<f32>,
    top_p: Option<f32>,
    seed: Option<i64>,
    stop: Option<Stops>,
    logprobs: Option<usize>,
    #[serde(default)]
    stream: bool,
    stream_options: Option<StreamOptions>,
    n: Option<u32>,
    best_of: Option<u32>,
    echo: Option<bool>,
    suffix: Option<String>,
    presence_penalty: Option<f32>,
    frequency_penalty: Option<f32>,
    logit_bias: Option<serde_json::Map<String, Value>>,
}

#[derive(Debug, Deserialize)]
struct StreamOptions {
    #[serde(default)]
    include_usage: bool,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Prompt {
    Text(String),
    Tokens(Vec<u32>),
    Texts(Vec<String>),
    Lists(Vec<Vec<u32>>),
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Stops {
    One(String),
    Several(Vec<String>),
}

/// The request as it is understood.
#[derive(Debug, PartialEq)]
pub(super) struct Wish {
    /// What the model is asked.
    pub(super) request: GenerationRequest,
    /// Texts that end the completion.
    pub(super) stops: Vec<String>,
    /// Whether to tell the probabilities, with how many candidates.
    pub(super) logprobs: Option<usize>,
    /// Whether to send pieces as they come.
    pub(super) stream: bool,
    /// Whether the last piece is followed by numbers of tokens.
    pub(super) usage: bool,
}

impl Wish {
    /// Reads a request. `seed`: if the client gives none. **Errors:** what cannot be done, with what can.
    pub(super) fn read(
        bytes: &[u8],
        model: &dyn LanguageModel,
        seed: u64,
    ) -> Result<Self, Refusal> {
        let sent: Sent = serde_json::from_slice(bytes)
            .map_err(|error| bad(format!("the request cannot be read: {error}")))?;
        sent.check(model)?;
        let limit = sent.max_tokens.unwrap_or(LIMIT);
        let prompt = tokens(sent.prompt, model)?;
        let room = model.context().saturating_sub(prompt.len());
        if limit == 0 || limit > room {
            return Err(bad(format!(
                "max_tokens is {limit}, and the prompt has {} tokens; together they may have 1 to {}",
                prompt.len(),
                model.context()
            )));
        }
        let stops = match sent.stop {
            None => Vec::new(),
            Some(Stops::One(stop)) => vec![stop],
            Some(Stops::Several(stops)) => stops,
        };
        if stops.len() > STOPS || stops.iter().any(String::is_empty) {
            return Err(bad(format!(
                "stop may hold {STOPS} texts at most, none empty"
            )));
        }
        Ok(Self {
            request: GenerationRequest {
                prompt,
                limit,
                sampling: Sampling {
                    temperature: sent.temperature.unwrap_or(1.0),
                    top_p: sent.top_p.unwrap_or(1.0),
                    seed: sent.seed.map_or(seed, i64::cast_unsigned),
                },
                stops_at_end: true,
                candidates: sent.logprobs.unwrap_or(0),
            },
            stops,
            logprobs: sent.logprobs,
            stream: sent.stream,
            usage: sent.stream_options.is_some_and(|o| o.include_usage),
        })
    }
}

impl Sent {
    /// Refuses what this miner cannot do.
    fn check(&self, model: &dyn LanguageModel) -> Result<(), Refusal> {
        if let Some(name) = self.model.as_deref().filter(|name| *name != model.name()) {
            let name: String = name.chars().take(80).collect();
            return Err(Refusal::new(
                StatusCode::NOT_FOUND,
                "model_not_found",
                format!(
                    "there is no model `{name}` here; this miner serves `{}`",
                    model.name()
                ),
            ));
        }
        let number =
            |given: Option<f32>, range: std::ops::RangeInclusive<f32>, name: &str| match given {
                Some(value) if !range.contains(&value) => Err(bad(format!(
                    "{name} must lie between {} and {}",
                    range.start(),
                    range.end()
                ))),
                _ => Ok(()),
            };
        number(self.temperature, 0.0..=2.0, "temperature")?;
        number(self.top_p, f32::MIN_POSITIVE..=1.0, "top_p")?;
        let unable = [
            (
                self.echo == Some(true),
                "echo is not supported: the prompt is not sent back",
            ),
            (
                self.n.is_some_and(|n| n != 1),
                "n must be 1: ask several times instead",
            ),
            (self.best_of.is_some_and(|n| n != 1), "best_of must be 1"),
            (
                self.suffix.as_ref().is_some_and(|text| !text.is_empty()),
                "suffix is not supported",
            ),
            (
                self.presence_penalty.is_some_and(|p| p != 0.0),
                "presence_penalty must be 0",
            ),
            (
                self.frequency_penalty.is_some_and(|p| p != 0.0),
                "frequency_penalty must be 0",
            ),
            (
                self.logit_bias.as_ref().is_some_and(|map| !map.is_empty()),
                "logit_bias is not supported",
            ),
            (
                self.logprobs.is_some_and(|n| n > CANDIDATES),
                "logprobs may be 5 at most",
            ),
        ];
        match unable.into_iter().find(|(is_asked, _)| *is_asked) {
            Some((_, text)) => Err(bad(text)),
            None => Ok(()),
        }
    }
}

/// The prompt as tokens.
fn tokens(prompt: Option<Prompt>, model: &dyn LanguageModel) -> Result<Vec<u32>, Refusal> {
    let several = "one prompt a request: send several requests, they are computed together";
    let tokens = match prompt {
        None => return Err(bad("prompt is missing")),
        Some(Prompt::Text(text)) => encode(&text, model)?,
        Some(Prompt::Tokens(tokens)) => tokens,
        Some(Prompt::Texts(texts)) => match texts.as_slice() {
            [text] => encode(text, model)?,
            _ => return Err(bad(several)),
        },
        Some(Prompt::Lists(lists)) => match <[_; 1]>::try_from(lists) {
            Ok([tokens]) => tokens,
            Err(_) => return Err(bad(several)),
        },
    };
    if tokens.is_empty() {
        return Err(bad("the prompt is empty"));
    }
    Ok(tokens)
}

fn encode(text: &str, model: &dyn LanguageModel) -> Result<Vec<u32>, Refusal> {
    model.encode(text).map_err(|error| bad(error.to_string()))
}

fn bad(text: impl Into<String>) -> Refusal {
    Refusal::new(StatusCode::BAD_REQUEST, "request", text)
}
