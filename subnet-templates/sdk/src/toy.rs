//! A deterministic toy language model without files: what tests, examples and dry runs use instead of a real one.
//!
//! It works on bytes and a few longer pieces, small enough to compute in microseconds, yet complete: a
//! tokenizer whose tokens have different lengths, an end of text, a context limit, seeded sampling, candidates, fingerprints.
//! A [`Toy::new`] babbles, each seed in its own way; a [`Toy::taught`] has learned from a text, the better the higher its order.

use std::{collections::BTreeMap, sync::Arc};

use blake2::{Blake2b, Digest, digest::consts::U32};

use crate::{
    language::{
        Candidate, Fingerprint, Generation, GenerationRequest, LanguageModel, ModelError, Models,
        Position, Sampling, Stop,
    },
    noise,
    sampling::Logits,
};

/// Pieces that are one token each, besides the 256 bytes.
const PIECES: [&str; 40] = [
    " a", " an", " and", " as", " at", " be", " by", " for", " from", " he", " her", " his", " in",
    " is", " it", " of", " on", " that", " the", " to", " was", " were", " with", " wh", " s",
    " t", "ed", "en", "er", "es", "ing", "ion", "ly", "nd", "ou", "re", "th", "the", ", ", ". ",
];

/// Tokens in all: bytes, pieces, end of text.
const VOCABULARY: usize = 256 + PIECES.len() + 1;

const END: u32 = VOCABULARY as u32 - 1;

/// Tokens of prompt and answer together.
const CONTEXT: usize = 2048;

/// The toy model.
#[derive(Clone, Debug)]
pub struct Toy {
    name: String,
    fingerprint: Fingerprint,
    knowledge: Knowledge,
}

#[derive(Clone, Debug)]
enum Knowledge {
    /// Logits are noise that all tokens before decide.
    Babble { seed: u64 },
    /// What followed how often on each of the last few tokens, for every number of them up to `order`.
    Counts {
        order: usize,
        after: BTreeMap<Vec<u32>, BTreeMap<u32, u32>>,
    },
}

impl Toy {
    /// A model that babbles. Different seeds are different models.
    pub fn new(seed: u64) -> Self {
        Self {
            name: format!("toy:{seed}"),
            fingerprint: fingerprint(&[b"babble", &seed.to_le_bytes()]),
            knowledge: Knowledge::Babble { seed },
        }
    }

    /// A model that has read a text and looks at the last `order` tokens.
    pub fn taught(text: &str, order: usize) -> Self {
        let tokens = tokens_of(text);
        let mut after: BTreeMap<Vec<u32>, BTreeMap<u32, u32>> = BTreeMap::new();
        for length in 0..=order {
            for window in tokens.windows(length + 1) {
                if let Some((next, before)) = window.split_last() {
                    let next_tokens = after.entry(before.to_vec()).or_default();
                    *next_tokens.entry(*next).or_default() += 1;
                }
            }
        }
        Self {
            name: format!("toy of order {order}"),
            fingerprint: fingerprint(&[b"taught", &(order as u64).to_le_bytes(), text.as_bytes()]),
            knowledge: Knowledge::Counts { order, after },
        }
    }

    /// The model of a reference `toy:SEED`; none if the reference is of another kind.
    ///
    /// **Errors:** [`ModelError::Request`] if SEED is not a number.
    pub fn of_reference(reference: &str) -> Option<Result<Self, ModelError>> {
        let seed = reference.strip_prefix("toy:")?;
        Some(seed.parse().map(Self::new).map_err(|_| {
            ModelError::Request(format!(
                "`{reference}`: a toy model is named by a number, such as `toy:7`"
            ))
        }))
    }

    fn logits(&self, before: &[u32]) -> Vec<f32> {
        match &self.knowledge {
            Knowledge::Babble { seed } => {
                let state = before.iter().fold(0u64, |state, id| {
                    let mixed = (state ^ u64::from(*id)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
                    mixed ^ (mixed >> 29)
                });
                (0..VOCABULARY as u32)
                    .map(|id| 2.0 * noise(!seed, state, id))
                    .collect()
            }
            Knowledge::Counts { order, after } => {
                // Witten and Bell: a context that was seen often, with few continuations, is trusted most.
                let mut probabilities = vec![1.0 / VOCABULARY as f64; VOCABULARY];
                for length in 0..=(*order).min(before.len()) {
                    let Some(next) = after.get(&before[before.len() - length..]) else {
                        break;
                    };
                    let kinds = next.len() as f64;
                    let all: f64 = next.values().copied().map(f64::from).sum();
                    for value in &mut probabilities {
                        *value *= kinds / (kinds + all);
                    }
                    for (id, count) in next {
                        if let Some(value) = probabilities.get_mut(*id as usize) {
                            *value += f64::from(*count) / (kinds + all);
                        }
                    }
                }
                probabilities
                    .into_iter()
                    .map(|value| value.ln() as f32)
                    .collect()
            }
        }
    }

    fn check(&self, tokens: &[u32]) -> Result<(), ModelError> {
        let problem = if tokens.is_empty() {
            "the prompt is empty".to_owned()
        } else if tokens.len() > CONTEXT {
            format!("{} tokens exceed the context of {CONTEXT}", tokens.len())
        } else if let Some(id) = tokens.iter().find(|id| **id as usize >= VOCABULARY) {
            format!("there is no token {id}; the vocabulary has {VOCABULARY}")
        } else {
            return Ok(());
        };
        Err(ModelError::Request(problem))
    }
}

impl LanguageModel for Toy {
    fn name(&self) -> &str {
        &self.name
    }

    fn fingerprint(&self) -> &Fingerprint {
        &self.fingerprint
    }

    fn vocabulary(&self) -> usize {
        VOCABULARY
    }

    fn context(&self) -> usize {
        CONTEXT
    }

    fn end_of_text(&self) -> Option<u32> {
        Some(END)
    }

    fn encode(&self, text: &str) -> Result<Vec<u32>, ModelError> {
        Ok(tokens_of(text))
    }

    fn decode(&self, tokens: &[u32]) -> Result<String, ModelError> {
        let mut bytes = Vec::new();
        for id in tokens {
            match usize::try_from(*id).ok().and_then(piece) {
                Some(piece) => bytes.extend(piece),
                None if *id == END => {}
                None => {
                    return Err(ModelError::Request(format!("there is no token {id}")));
                }
            }
        }
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    fn generate(
        &self,
        request: &GenerationRequest,
        each: &mut dyn FnMut(&crate::Token) -> bool,
    ) -> Result<Generation, ModelError> {
        self.check(&request.prompt)?;
        if request.limit == 0 {
            return Err(ModelError::Request("no tokens are wished for".to_owned()));
        }
        let mut text = request.prompt.clone();
        let mut tokens = Vec::new();
        let stop = loop {
            if tokens.len() == request.limit {
                break Stop::Limit;
            }
            if text.len() == CONTEXT {
                break Stop::Context;
            }
            let logits = self.logits(&text);
            let logits = Logits::new(&logits);
            let id = logits.choose(&request.sampling, text.len() as u64);
            let token = logits.token(id, request.candidates);
            let goes_on = each(&token);
            tokens.push(token);
            text.push(id);
            if id == END && request.stops_at_end {
                break Stop::EndOfText;
            }
            if !goes_on {
                break Stop::Caller;
            }
        };
        Ok(Generation { tokens, stop })
    }

    fn examine(
        &self,
        tokens: &[u32],
        from: usize,
        candidates: usize,
        sampling: Option<&Sampling>,
    ) -> Result<Vec<Position>, ModelError> {
        self.check(tokens)?;
        if from == 0 {
            return Err(ModelError::Request("nothing precedes token 0".to_owned()));
        }
        let places = tokens.iter().enumerate().skip(from);
        Ok(places
            .map(|(place, id)| {
                let logits = self.logits(&tokens[..place]);
                Logits::new(&logits).position(*id, candidates, sampling, place as u64)
            })
            .collect())
    }

    fn predict(&self, tokens: &[u32], candidates: usize) -> Result<Vec<Candidate>, ModelError> {
        self.check(tokens)?;
        Ok(Logits::new(&self.logits(tokens)).most_probable(candidates))
    }
}

/// Loads toy models: `toy:SEED`, and those that it was given by name.
#[derive(Clone, Default)]
pub struct ToyModels(BTreeMap<String, Arc<dyn LanguageModel>>);

impl ToyModels {
    /// None but `toy:SEED`.
    pub fn new() -> Self {
        Self::default()
    }

    /// And one with a name.
    #[must_use]
    pub fn with(mut self, name: &str, model: Arc<dyn LanguageModel>) -> Self {
        self.0.insert(name.to_owned(), model);
        self
    }
}

impl Models for ToyModels {
    fn load(&self, reference: &str) -> Result<Arc<dyn LanguageModel>, ModelError> {
        if let Some(model) = self.0.get(reference) {
            return Ok(model.clone());
        }
        match Toy::of_reference(reference) {
            Some(toy) => Ok(Arc::new(toy?)),
            None => Err(ModelError::Request(format!(
                "`{reference}`: there are only toy models here, such as `toy:7`"
            ))),
        }
    }
}

/// The bytes of a token.
fn piece(id: usize) -> Option<Vec<u8>> {
    match u8::try_from(id) {
        Ok(byte) => Some(vec![byte]),
        Err(_) => PIECES.get(id - 256).map(|piece| piece.as_bytes().to_vec()),
    }
}

/// Always the longest token that fits.
fn tokens_of(text: &str) -> Vec<u32> {
    let mut rest = text.as_bytes();
    let mut tokens = Vec::with_capacity(rest.len());
    while let Some((first, after)) = rest.split_first() {
        let longest = (256..)
            .zip(PIECES)
            .filter_map(|(id, piece)| Some((id, rest.strip_prefix(piece.as_bytes())?)))
            .min_by_key(|(_, after)| after.len());
        let (id, after) = longest.unwrap_or((u32::from(*first), after));
        tokens.push(id);
        rest = after;
    }
    tokens
}

fn fingerprint(weights: &[&[u8]]) -> Fingerprint {
    let hash = |parts: &[&[u8]]| -> [u8; 32] {
        let mut hasher = Blake2b::<U32>::new();
        for part in parts {
            hasher.update((part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
        hasher.finalize().into()
    };
    Fingerprint {
        config: hash(&[b"toy", &(CONTEXT as u64).to_le_bytes()]),
        tokenizer: hash(&PIECES.map(str::as_bytes)),
        weights: hash(weights),
    }
}
