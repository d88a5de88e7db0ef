//! A model on disk, in the format of Hugging Face.

use std::{collections::HashMap, fs, io::Write, path::Path};

use candle_core::{DType, Device, Tensor};

use crate::{
    architecture::Architecture, error::TinyModelError, model::Model, optimizer::Weight,
    tokenizer::Vocabulary,
};

const CONFIG: &str = "config.json";
const TOKENIZER: &str = "tokenizer.json";
const WEIGHTS: &str = "model.safetensors";

/// Writes a model in bf16. **Errors:** [`TinyModelError::File`].
pub(crate) fn write(
    folder: &Path,
    architecture: &Architecture,
    vocabulary: &Vocabulary,
    weights: &[Weight],
) -> Result<(), TinyModelError> {
    fs::create_dir_all(folder).map_err(|error| TinyModelError::file(folder, error))?;
    let mut tensors = Vec::new();
    for weight in weights {
        let tensor = weight.variable.as_tensor().to_dtype(DType::BF16)?;
        tensors.push((weight.parameter.name.clone(), tensor));
    }
    let path = folder.join(WEIGHTS);
    // Transformers wants to know which framework the tensors are for; there is no other name for "row by row".
    let metadata = HashMap::from([("format".to_owned(), "pt".to_owned())]);
    let bytes = safetensors::serialize(tensors, Some(metadata))
        .map_err(|error| TinyModelError::file(&path, error))?;
    replace(&path, &bytes)?;
    replace(&folder.join(TOKENIZER), vocabulary.to_json()?.as_bytes())?;
    replace(&folder.join(CONFIG), architecture.to_config().as_bytes())
}

/// Writes a file so that at any moment the old one or the new one is there. **Errors:** [`TinyModelError::File`].
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<(), TinyModelError> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let new = path.with_file_name(name);
    let write = || {
        let mut file = fs::File::create(&new)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&new, path)
    };
    write().map_err(|error| TinyModelError::file(path, error))
}

/// Reads a file. **Errors:** [`TinyModelError::File`].
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, TinyModelError> {
    fs::read(path).map_err(|error| TinyModelError::file(path, error))
}

/// Reads a model of this crate's making; the miner's loader reads others too.
///
/// **Errors:** [`TinyModelError::File`] for what is missing or does not fit.
pub fn load(folder: &Path) -> Result<(Model, Vocabulary), TinyModelError> {
    let path = folder.join(CONFIG);
    let architecture: Architecture = serde_json::from_slice(&read(&path)?)
        .map_err(|error| TinyModelError::file(&path, error))?;
    architecture
        .check()
        .map_err(|error| TinyModelError::file(&path, error))?;
    let vocabulary = Vocabulary::read(&folder.join(TOKENIZER))?;
    let path = folder.join(WEIGHTS);
    let tensors = candle_core::safetensors::load_buffer(&read(&path)?, &Device::Cpu)
        .map_err(|error| TinyModelError::file(&path, error))?;
    let model = Model::new(&architecture, |parameter| {
        let tensor: &Tensor = tensors.get(&parameter.name).ok_or_else(|| {
            candle_core::Error::Msg(format!("there is no tensor `{}`", parameter.name))
        })?;
        tensor.to_dtype(DType::F32)
    })
    .map_err(|error| TinyModelError::file(&path, error))?;
    Ok((model, vocabulary))
}
