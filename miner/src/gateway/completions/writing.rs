//! From tokens to what clients read.

use serde_json::{Map, Value, json};
use subnet_sdk::{LanguageModel, ModelError, Stop, Token};

use super::{
    request::Wish,
    text::{Decoding, Out, Stopping},
};

/// A part of a completion, or all of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Piece {
    text: String,
    tokens: Vec<Told>,
    /// Why it ended, if it did: `stop` or `length`.
    pub(super) finish: Option<&'static str>,
    prompt_tokens: usize,
    new_tokens: usize,
    with_logprobs: bool,
}

/// A token with its probabilities.
#[derive(Clone, Debug, PartialEq)]
struct Told {
    text: String,
    offset: usize,
    log_probability: f32,
    candidates: Vec<(String, f32)>,
}

impl Piece {
    /// Adds the next part.
    pub(super) fn append(&mut self, next: Self) {
        self.text.push_str(&next.text);
        self.tokens.extend(next.tokens);
        self.finish = next.finish;
        self.prompt_tokens = next.prompt_tokens;
        self.new_tokens = next.new_tokens;
        self.with_logprobs = next.with_logprobs;
    }
}

/// A completion while it is written.
pub(super) struct Writing<'a> {
    model: &'a dyn LanguageModel,
    decoding: Decoding<'a>,
    stopping: Stopping,
    logprobs: Option<usize>,
    prompt_tokens: usize,
    new_tokens: usize,
    /// Characters before the next token.
    offset: usize,
    told: Vec<Told>,
    ready: Vec<Piece>,
    stopped: bool,
    error: Option<ModelError>,
}

impl<'a> Writing<'a> {
    /// Nothing is written yet.
    pub(super) fn new(model: &'a dyn LanguageModel, wish: &Wish) -> Self {
        Self {
            model,
            decoding: Decoding::new(model),
            stopping: Stopping::new(wish.stops.clone()),
            logprobs: wish.logprobs,
            prompt_tokens: wish.request.prompt.len(),
            new_tokens: 0,
            offset: 0,
            told: Vec::new(),
            ready: Vec::new(),
            stopped: false,
            error: None,
        }
    }

    /// Takes a token; whether more is wanted.
    pub(super) fn take(&mut self, token: &Token) -> bool {
        self.new_tokens += 1;
        if self.model.end_of_text() == Some(token.id) {
            return true;
        }
        match self.write(token) {
            Ok(goes_on) => goes_on,
            Err(error) => {
                self.error = Some(error);
                false
            }
        }
    }

    fn write(&mut self, token: &Token) -> Result<bool, ModelError> {
        let text = self.decoding.push(token.id)?;
        if let Some(count) = self.logprobs {
            let own = self.model.decode(&[token.id])?;
            let candidates = token.candidates.iter().take(count).map(|candidate| {
                let text = self.model.decode(&[candidate.id])?;
                Ok((text, candidate.log_probability))
            });
            self.told.push(Told {
                text: own,
                offset: self.offset,
                log_probability: token.log_probability,
                candidates: candidates.collect::<Result<_, ModelError>>()?,
            });
        }
        self.offset += text.chars().count();
        match self.stopping.push(&text) {
            Out::More(text) if text.is_empty() => Ok(true),
            Out::More(text) => {
                let piece = self.piece(text, None);
                self.ready.push(piece);
                Ok(true)
            }
            Out::Last(text) => {
                self.stopped = true;
                let piece = self.piece(text, None);
                self.ready.push(piece);
                Ok(false)
            }
        }
    }

    /// Pieces that can be sent.
    pub(super) fn ready(&mut self) -> Vec<Piece> {
        std::mem::take(&mut self.ready)
    }

    /// The last piece. **Errors:** those of the model while decoding.
    pub(super) fn end(&mut self, stop: Stop) -> Result<Piece, ModelError> {
        if let Some(error) = self.error.take() {
            return Err(error);
        }
        let finish = match stop {
            _ if self.stopped => "stop",
            Stop::EndOfText => "stop",
            Stop::Limit | Stop::Context | Stop::Caller => "length",
        };
        let mut text = String::new();
        if !self.stopped {
            let rest = self.decoding.rest()?;
            match self.stopping.push(&rest) {
                Out::More(more) => text = more + &self.stopping.rest(),
                Out::Last(last) => text = last,
            }
        }
        Ok(self.piece(text, Some(finish)))
    }

    fn piece(&mut self, text: String, finish: Option<&'static str>) -> Piece {
        Piece {
            text,
            tokens: std::mem::take(&mut self.told),
            finish,
            prompt_tokens: self.prompt_tokens,
            new_tokens: self.new_tokens,
            with_logprobs: self.logprobs.is_some(),
        }
    }
}

/// What stands in every answer.
#[derive(Clone, Debug)]
pub(super) struct About {
    /// Name of the answer.
    pub(super) id: String,
    /// Seconds since 1970.
    pub(super) created: u64,
    /// Name of the model.
    pub(super) model: String,
}

impl About {
    /// A whole answer.
    pub(super) fn answer(&self, all: &Piece) -> Value {
        let mut answer = self.chunk(all);
        if let Some(object) = answer.as_object_mut() {
            object.insert("usage".into(), usage(all));
        }
        answer
    }

    /// A part of an answer.
    pub(super) fn chunk(&self, piece: &Piece) -> Value {
        json!({
            "id": self.id,
            "object": "text_completion",
            "created": self.created,
            "model": self.model,
            "choices": [{
                "index": 0,
                "text": piece.text,
                "logprobs": logprobs(piece),
                "finish_reason": piece.finish,
            }],
        })
    }

    /// The numbers of tokens, after the last part.
    pub(super) fn usage(&self, last: &Piece) -> Value {
        json!({
            "id": self.id,
            "object": "text_completion",
            "created": self.created,
            "model": self.model,
            "choices": [],
            "usage": usage(last),
        })
    }
}

fn usage(piece: &Piece) -> Value {
    json!({
        "prompt_tokens": piece.prompt_tokens,
        "completion_tokens": piece.new_tokens,
        "total_tokens": piece.prompt_tokens + piece.new_tokens,
    })
}

fn logprobs(piece: &Piece) -> Value {
    if !piece.with_logprobs {
        return Value::Null;
    }
    let list = |value: fn(&Told) -> Value| -> Value { piece.tokens.iter().map(value).collect() };
    json!({
        "tokens": list(|told| told.text.as_str().into()),
        "token_logprobs": list(|told| told.log_probability.into()),
        "top_logprobs": list(|told| {
            let mut map = Map::new();
            for (text, logprob) in &told.candidates {
                // Parts of characters all look alike: the most probable of them stands for the others.
                map.entry(text.as_str()).or_insert_with(|| (*logprob).into());
            }
            Value::Object(map)
        }),
        "text_offset": list(|told| told.offset.into()),
    })
}
