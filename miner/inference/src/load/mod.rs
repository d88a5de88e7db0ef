//! From files to a model in memory.
//!
//! Tensors are read one after another and packed into the layout of the products, so that a file is never in memory twice.

mod assembly;
mod config;
mod fingerprint;
mod folder;
mod gguf;
mod metadata;
mod names;
mod random;
mod tokenizer;

use std::path::Path;

use subnet_sdk::{Fingerprint, ModelError};
use tokenizers::Tokenizer;

pub(crate) use random::random;

use crate::{model::Model, options::DataType};

/// A model with what belongs to it.
pub(crate) struct Loaded {
    pub(crate) name: String,
    pub(crate) model: Model,
    pub(crate) tokenizer: Option<Tokenizer>,
    pub(crate) end_of_text: Option<u32>,
    pub(crate) fingerprint: Fingerprint,
}

/// Loads a folder in Hugging Face's form, or a GGUF file.
///
/// **Errors:** what is missing, damaged or not supported, see [`ModelError`].
pub(crate) fn load(path: &Path, data_type: DataType) -> Result<Loaded, ModelError> {
    if path.is_dir() {
        folder::load(path, data_type)
    } else if path.is_file() {
        gguf::load(path, data_type)
    } else {
        Err(broken(
            path,
            "does not exist; give the folder of a model (config.json, tokenizer.json, *.safetensors) or a GGUF file",
        ))
    }
}

/// The error of a file.
fn broken(path: &Path, problem: impl std::fmt::Display) -> ModelError {
    ModelError::File {
        path: path.to_owned(),
        problem: problem.to_string(),
    }
}

/// Reads a file whole. **Errors:** it is not there or cannot be read.
fn read(path: &Path, purpose: &str) -> Result<Vec<u8>, ModelError> {
    std::fs::read(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => broken(path, format!("does not exist, but {purpose}")),
        _ => broken(path, format!("cannot be read: {error}")),
    })
}

/// The first line of an error: libraries append backtraces.
fn first_line(error: impl std::fmt::Display) -> String {
    let text = error.to_string();
    text.lines().next().unwrap_or_default().to_owned()
}
