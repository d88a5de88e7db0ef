//! The miner's half.

use std::sync::Arc;

use subnet_sdk::{GenerationRequest, LanguageModel, ModelError, Refusal, Worker, wire};

use crate::{Answer, DESCRIPTION, Question};

/// Generates text with a model. The template's worker is one whose model is checked against the owner's declaration.
pub struct Generator {
    model: Arc<dyn LanguageModel>,
}

impl Generator {
    /// With a model that nobody has compared with a declaration.
    pub fn new(model: Arc<dyn LanguageModel>) -> Self {
        Self { model }
    }

    fn generate(&self, question: &Question) -> Result<Answer, Refusal> {
        let sampling = question.sampling;
        let may_sample =
            (0.0..=10.0).contains(&sampling.temperature) && (1e-6..=1.0).contains(&sampling.top_p);
        if !may_sample {
            return Err(Refusal::Malformed(
                "the temperature must be from 0 to 10, top_p above 0 and at most 1".to_owned(),
            ));
        }
        let prompt = self.model.encode(&question.prompt).map_err(refusal)?;
        let limit = question.tokens as usize;
        let context = self.model.context();
        if prompt.is_empty() || limit == 0 || prompt.len() + limit > context {
            return Err(Refusal::Malformed(format!(
                "a prompt of {} tokens and an answer of {limit} do not fit a context of {context}",
                prompt.len()
            )));
        }
        let request = GenerationRequest {
            prompt,
            limit,
            sampling,
            stops_at_end: true,
            candidates: 0,
        };
        let generation = self
            .model
            .generate(&request, &mut |_| true)
            .map_err(refusal)?;
        Ok(Answer {
            tokens: generation.tokens.iter().map(|token| token.id).collect(),
            log_probabilities: generation
                .tokens
                .iter()
                .map(|token| token.log_probability)
                .collect(),
        })
    }
}

fn refusal(error: ModelError) -> Refusal {
    match error {
        ModelError::Request(problem) => Refusal::Malformed(problem),
        other => Refusal::Failed(other.to_string()),
    }
}

impl Worker for Generator {
    fn answer(&self, challenge: &[u8]) -> Result<Vec<u8>, Refusal> {
        let question = wire::read_question(&DESCRIPTION, challenge)?;
        wire::write_answer(&self.generate(&question)?)
    }

    fn serves(&self) -> String {
        self.model.name().to_owned()
    }

    fn model(&self) -> Option<Arc<dyn LanguageModel>> {
        Some(self.model.clone())
    }
}
