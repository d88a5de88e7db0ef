//! Language models as templates see them.

use std::{path::PathBuf, sync::Arc};

use blake2::{Blake2b, Digest, digest::consts::U32};

/// Finds and loads models.
pub trait Models: Send + Sync {
    /// Loads the model in a folder or GGUF file, or gives the one that is loaded already. **Errors:** see [`ModelError`].
    fn load(&self, reference: &str) -> Result<Arc<dyn LanguageModel>, ModelError>;
}

/// Why a model cannot be used: one sentence each.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// A file of it is not there.
    #[error("{path}: {problem}", path = path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What is wrong with it, and what to do.
        problem: String,
    },
    /// Its architecture is not one that this build runs.
    #[error("the architecture `{found}` is not supported; supported are {supported}")]
    Architecture {
        /// What the configuration says.
        found: String,
        /// What would run.
        supported: String,
    },
    /// Its parts do not belong together.
    #[error("the parts of the model do not fit: {0}")]
    Mismatch(String),
    /// A request that it cannot serve.
    #[error("{0}")]
    Request(String),
    /// A computation failed.
    #[error("computation failed: {0}")]
    Computation(String),
}

/// A causal language model with its tokenizer. All methods may be called from several threads at once; requests that are there
/// at the same time are computed together, and their results do not depend on it.
pub trait LanguageModel: Send + Sync {
    /// What it is called, for people.
    fn name(&self) -> &str;
    /// Which model it is, for proofs.
    fn fingerprint(&self) -> &Fingerprint;
    /// Number of tokens it knows.
    fn vocabulary(&self) -> usize;
    /// Tokens of prompt and answer together, at most.
    fn context(&self) -> usize;
    /// The token that ends a text, if there is one.
    fn end_of_text(&self) -> Option<u32>;
    /// Text to tokens. **Errors:** [`ModelError::Computation`].
    fn encode(&self, text: &str) -> Result<Vec<u32>, ModelError>;
    /// Tokens to text. **Errors:** [`ModelError::Request`] for a token that does not exist.
    fn decode(&self, tokens: &[u32]) -> Result<String, ModelError>;
    /// Continues a prompt; `each` is called with every token when it is chosen, and ends the generation by returning false.
    ///
    /// Equal requests give equal generations, whatever else is computed at the time. **Errors:** [`ModelError::Request`] for an
    /// empty prompt, a token that does not exist or more tokens than the context holds.
    fn generate(
        &self,
        request: &GenerationRequest,
        each: &mut dyn FnMut(&Token) -> bool,
    ) -> Result<Generation, ModelError>;
    /// One pass over a text that exists: what the model thought at every position from `from` on.
    ///
    /// Position `i` (`1 <= from <= i < tokens.len()`) tells of `tokens[i]` given the tokens before it. `candidates`: how many of the
    /// most probable tokens to list. `sampling`: if given, [`Position::gap`] is filled in. **Errors:** as for
    /// [`LanguageModel::generate`].
    fn examine(
        &self,
        tokens: &[u32],
        from: usize,
        candidates: usize,
        sampling: Option<&Sampling>,
    ) -> Result<Vec<Position>, ModelError>;
    /// The most probable tokens after `tokens`, most probable first. **Errors:** as for [`LanguageModel::generate`].
    fn predict(&self, tokens: &[u32], candidates: usize) -> Result<Vec<Candidate>, ModelError>;
}

/// Hashes (BLAKE2b-256) that identify a model.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Fingerprint {
    /// Of `config.json`, or of the metadata of a GGUF file.
    pub config: [u8; 32],
    /// Of `tokenizer.json`, or of the tokens of a GGUF file.
    pub tokenizer: [u8; 32],
    /// Of all weights: name, type, shape and bytes of every tensor, in the order of the names.
    pub weights: [u8; 32],
}

impl Fingerprint {
    /// All three as one hash: BLAKE2b-256 of configuration, tokenizer and weights, in this order.
    pub fn digest(&self) -> [u8; 32] {
        let mut hasher = Blake2b::<U32>::new();
        for part in [&self.config, &self.tokenizer, &self.weights] {
            hasher.update(part);
        }
        hasher.finalize().into()
    }
}

/// How tokens are chosen.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Sampling {
    /// 0 takes the most probable token.
    pub temperature: f32,
    /// Only the most probable tokens that have this probability together (at the temperature) are drawn from; 1 for all.
    pub top_p: f32,
    /// Decides the draw: see [`crate::Logits`].
    pub seed: u64,
}

impl Sampling {
    /// Always the most probable token.
    pub const GREEDY: Self = Self {
        temperature: 0.0,
        top_p: 1.0,
        seed: 0,
    };
}

/// A wish for a continuation.
#[derive(Clone, Debug, PartialEq)]
pub struct GenerationRequest {
    /// What is continued; not empty.
    pub prompt: Vec<u32>,
    /// New tokens at most; at least 1.
    pub limit: usize,
    /// How tokens are chosen.
    pub sampling: Sampling,
    /// Whether the end-of-text token ends the generation (it is then the last token).
    pub stops_at_end: bool,
    /// How many candidates to list for each token.
    pub candidates: usize,
}

/// A chosen token.
#[derive(Clone, Debug, PartialEq)]
pub struct Token {
    /// Its number.
    pub id: u32,
    /// Natural logarithm of its probability at temperature 1, before any restriction by `top_p`.
    pub log_probability: f32,
    /// The most probable tokens at this place, most probable first.
    pub candidates: Vec<Candidate>,
}

/// A token that might have come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    /// Its number.
    pub id: u32,
    /// Natural logarithm of its probability.
    pub log_probability: f32,
}

/// A continuation.
#[derive(Clone, Debug, PartialEq)]
pub struct Generation {
    /// The tokens, in order.
    pub tokens: Vec<Token>,
    /// Why it ended.
    pub stop: Stop,
}

/// Why a generation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stop {
    /// The model ended the text.
    EndOfText,
    /// The wished number of tokens is there.
    Limit,
    /// The context is full.
    Context,
    /// The caller ended it.
    Caller,
}

/// What a model thinks of one token of a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Position {
    /// The token that stands there.
    pub id: u32,
    /// Natural logarithm of its probability.
    pub log_probability: f32,
    /// How many tokens are more probable.
    pub rank: u32,
    /// With a [`Sampling`]: how far the token was from being chosen, in units of logits; 0 if it is the choice. The position that
    /// enters [`crate::noise`] is the number of tokens before it.
    pub gap: f32,
    /// The most probable tokens, most probable first.
    pub candidates: Vec<Candidate>,
}
