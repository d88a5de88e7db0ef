//! The miner's half.

use std::sync::Arc;

use subnet_sdk::{LanguageModel, ModelError, Refusal, Worker, parallel, wire};

use crate::{
    Answer, DESCRIPTION, Prediction, Question,
    marginal::{Pieces, next_byte},
};

/// Predictions that are computed at the same time.
const THREADS: usize = 8;

/// Prefixes of a challenge, at most.
const PREFIXES: usize = 256;

/// Share that is spread over all bytes: what a model holds for impossible happens now and then, and once would cost everything.
const DOUBT: f64 = 0.002;

/// Predicts with a language model.
pub struct Predictor {
    model: Arc<dyn LanguageModel>,
    pieces: Pieces,
}

impl Predictor {
    /// With any model. **Errors:** as for [`LanguageModel::encode`].
    pub fn new(model: Arc<dyn LanguageModel>) -> Result<Self, ModelError> {
        let pieces = Pieces::of(&*model)?;
        Ok(Self { model, pieces })
    }

    fn predict(&self, prefix: &str, candidates: usize) -> Result<Prediction, ModelError> {
        // A text that is longer than the context loses its beginning; a token is a byte at least.
        let room = self.model.context().saturating_sub(32).max(1);
        let start = prefix.len().saturating_sub(room);
        let start = (start..prefix.len()).find(|place| prefix.is_char_boundary(*place));
        let recent = start
            .and_then(|start| prefix.get(start..))
            .unwrap_or(prefix);
        let probabilities = next_byte(&*self.model, &self.pieces, recent)?
            .map(|value| (1.0 - DOUBT) * value + DOUBT / 256.0);
        let mut bytes: Vec<u8> = (0..=255).collect();
        let of = |byte: u8| probabilities[usize::from(byte)];
        bytes.sort_by(|a, b| of(*b).total_cmp(&of(*a)).then(a.cmp(b)));
        bytes.truncate(candidates);
        // Six decimals are plenty, and keep answers short.
        let probabilities: Vec<f64> = bytes
            .iter()
            .map(|byte| (of(*byte) * 1e6).round() / 1e6)
            .collect();
        let rest = 1.0 - probabilities.iter().sum::<f64>();
        let rest = (rest.max(0.0) * 1e6).round() / 1e6;
        Ok(Prediction {
            bytes,
            probabilities,
            rest,
        })
    }
}

impl Worker for Predictor {
    fn answer(&self, challenge: &[u8]) -> Result<Vec<u8>, Refusal> {
        let question: Question = wire::read_question(&DESCRIPTION, challenge)?;
        if question.prefixes.len() > PREFIXES || question.prefixes.iter().any(String::is_empty) {
            return Err(Refusal::Malformed(format!(
                "at most {PREFIXES} prefixes, none of them empty"
            )));
        }
        let candidates = question.candidates.min(256);
        let predictions = parallel::map(&question.prefixes, THREADS, |prefix| {
            self.predict(prefix, candidates)
        });
        let predictions = predictions.into_iter().collect::<Result<_, _>>();
        let predictions = predictions.map_err(|error| Refusal::Failed(error.to_string()))?;
        wire::write_answer(&Answer { predictions })
    }

    fn serves(&self) -> String {
        self.model.name().to_owned()
    }

    fn model(&self) -> Option<Arc<dyn LanguageModel>> {
        Some(self.model.clone())
    }
}
