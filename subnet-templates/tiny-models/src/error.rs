//! What can go wrong with models on disk and with their training.

use std::path::{Path, PathBuf};

/// Why a model cannot be made or read.
#[derive(Debug, thiserror::Error)]
pub enum TinyModelError {
    /// A file cannot be read or written, or is not what it should be.
    #[error("{path}: {problem}", path = path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// The plan of a training contradicts itself, or the checkpoint that is there.
    #[error("the training cannot start: {0}")]
    Plan(String),
    /// The tokenizer could not be trained or used.
    #[error("the tokenizer failed: {0}")]
    Tokenizer(String),
    /// A computation failed.
    #[error("computation failed: {0}")]
    Computation(#[from] candle_core::Error),
}

impl TinyModelError {
    /// A problem with a file.
    pub(crate) fn file(path: &Path, problem: impl ToString) -> Self {
        Self::File {
            path: path.to_owned(),
            problem: problem.to_string(),
        }
    }
}
