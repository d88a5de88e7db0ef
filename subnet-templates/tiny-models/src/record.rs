//! What came out of a training.

use std::{collections::BTreeMap, path::Path};

use crate::{
    error::TinyModelError,
    files,
    plan::Plan,
    quality::{Quality, root},
};

const FILE: &str = "training.json";

/// What came out of a training: the file `training.json` beside the models.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Record {
    /// What was decided before.
    pub plan: Plan,
    /// Numbers in the weights of a model.
    pub parameters: usize,
    /// Which text it was: BLAKE2b-256 in hexadecimal.
    pub corpus: String,
    /// Tokens of the training part.
    pub training_tokens: usize,
    /// The progress on some windows of the validation part.
    pub validation: Vec<Point>,
    /// The models, when they are there.
    pub models: BTreeMap<Quality, Outcome>,
}

/// A look at the progress.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Point {
    /// After this step.
    pub step: u32,
    /// Mean loss of the steps since the last look, in nats per token.
    pub training: f64,
    /// Loss on the validation part, in nats per token.
    pub validation: f64,
}

/// How good a model is, as it lies in its folder.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Outcome {
    /// Steps that it learned.
    pub steps: u32,
    /// Loss on the validation part, in nats per token.
    pub validation: f64,
    /// Loss on the held-out part, in nats per token.
    pub held_out: f64,
}

impl Record {
    /// The record of the committed models. **Errors:** [`TinyModelError::File`].
    pub fn read() -> Result<Self, TinyModelError> {
        Self::read_from(&root())
    }

    /// The record in a folder that a training wrote. **Errors:** [`TinyModelError::File`].
    pub fn read_from(folder: &Path) -> Result<Self, TinyModelError> {
        let path = folder.join(FILE);
        serde_json::from_slice(&files::read(&path)?)
            .map_err(|error| TinyModelError::file(&path, error))
    }

    pub(crate) fn write_to(&self, folder: &Path) -> Result<(), TinyModelError> {
        let path = folder.join(FILE);
        let mut text = serde_json::to_string_pretty(self)
            .map_err(|error| TinyModelError::file(&path, error))?;
        text.push('\n');
        files::replace(&path, text.as_bytes())
    }
}

/// Four digits: enough to compare, and read back from a file exactly as it was.
pub(crate) fn rounded(loss: f64) -> f64 {
    (loss * 1e4).round() / 1e4
}
