//! `tokenizer.json`, and whether it fits.

use std::path::Path;

use subnet_sdk::ModelError;
use tokenizers::Tokenizer;

use super::{broken, first_line};

/// Reads a tokenizer. **Errors:** it is not one.
pub(super) fn read(path: &Path, bytes: &[u8]) -> Result<Tokenizer, ModelError> {
    let mut tokenizer = Tokenizer::from_bytes(bytes)
        .map_err(|error| broken(path, format!("is not a tokenizer: {}", first_line(error))))?;
    // Prompts are not cut or filled up, whatever the file was made for.
    tokenizer.with_padding(None);
    tokenizer
        .with_truncation(None)
        .map_err(|error| broken(path, format!("is not a usable tokenizer: {error}")))?;
    Ok(tokenizer)
}

/// **Errors:** the tokenizer has tokens that the model does not know.
pub(super) fn check(tokenizer: &Tokenizer, vocabulary: usize) -> Result<(), ModelError> {
    let tokens = tokenizer.get_vocab(true);
    let greatest = tokens.values().max().copied();
    match greatest {
        None => Err(ModelError::Mismatch("the tokenizer has no tokens".into())),
        Some(id) if id as usize >= vocabulary => Err(ModelError::Mismatch(format!(
            "the tokenizer has a token {id}, but the model knows only {vocabulary} tokens; take both from the same place"
        ))),
        Some(_) => Ok(()),
    }
}
