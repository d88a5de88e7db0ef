//! How well a model predicts a text.

use std::path::Path;

use crate::{batch::Batch, error::TinyModelError, files, model::Model, tokenizer::Vocabulary};

/// Windows that are computed at once.
const ROWS: usize = 8;

/// How well a model predicts a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Evaluation {
    /// Predicted tokens.
    pub tokens: usize,
    /// Mean loss in nats per token: the natural logarithm of the probability of what came, negated.
    pub loss: f64,
}

/// Loads the model in a folder and lets it predict every token of a text but the first one.
///
/// The text is cut into windows as long as the context; within a window, a token is predicted from those before it.
/// **Errors:** [`TinyModelError`]; a text of less than two tokens is [`TinyModelError::Tokenizer`].
pub fn evaluate(folder: &Path, text: &str) -> Result<Evaluation, TinyModelError> {
    let (model, vocabulary) = files::load(folder)?;
    of_part(&model, &vocabulary, text)
}

pub(crate) fn of_part(
    model: &Model,
    vocabulary: &Vocabulary,
    text: &str,
) -> Result<Evaluation, TinyModelError> {
    let tokens = vocabulary.encode_part(text)?;
    let length = model.architecture().max_position_embeddings;
    over(model, &Batch::cover(&tokens, ROWS, length))
}

/// The mean over batches. **Errors:** [`TinyModelError`].
pub(crate) fn over(model: &Model, batches: &[Batch]) -> Result<Evaluation, TinyModelError> {
    let mut tokens = 0;
    let mut total = 0.0;
    for batch in batches {
        let loss = model.loss(batch)?.to_scalar::<f32>()?;
        total += f64::from(loss) * batch.targets.len() as f64;
        tokens += batch.targets.len();
    }
    if tokens == 0 {
        return Err(TinyModelError::Tokenizer(
            "a text of less than two tokens predicts nothing".into(),
        ));
    }
    Ok(Evaluation {
        tokens,
        loss: total / tokens as f64,
    })
}
