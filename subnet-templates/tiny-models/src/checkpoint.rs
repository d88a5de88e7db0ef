//! A training that was interrupted, on disk.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
};

use candle_core::{Device, Tensor};

use crate::{error::TinyModelError, files, optimizer::Weight, record::Record};

/// Where a training stands, besides its weights.
#[derive(serde::Serialize, serde::Deserialize)]
pub(crate) struct State {
    /// Steps that are done.
    pub(crate) step: u32,
    /// Losses since the last look at the validation part: sum and number.
    pub(crate) recent: (f64, u32),
    /// What has come out so far, with the plan.
    pub(crate) record: Record,
}

const STATE: &str = "state";

fn path(out: &Path) -> PathBuf {
    out.join("checkpoint.safetensors")
}

/// Writes weights, the optimizer's memory and the state into one file. **Errors:** [`TinyModelError::File`].
pub(crate) fn write(out: &Path, state: &State, weights: &[Weight]) -> Result<(), TinyModelError> {
    let path = path(out);
    let text = serde_json::to_string(state).map_err(|error| TinyModelError::file(&path, error))?;
    let mut tensors = Vec::new();
    for weight in weights {
        let shape = weight.parameter.shape.as_slice();
        let name = &weight.parameter.name;
        let of = |values: &Vec<f32>| Tensor::from_slice(values, shape, &Device::Cpu);
        tensors.push((name.clone(), weight.variable.as_tensor().copy()?));
        tensors.push((format!("first.{name}"), of(&weight.first)?));
        tensors.push((format!("second.{name}"), of(&weight.second)?));
    }
    let metadata = HashMap::from([(STATE.to_owned(), text)]);
    let bytes = safetensors::serialize(tensors, Some(metadata))
        .map_err(|error| TinyModelError::file(&path, error))?;
    files::replace(&path, &bytes)
}

/// Goes on from a checkpoint, if there is one: fills in the weights and gives the state.
///
/// **Errors:** [`TinyModelError::File`] for a file that is damaged, [`TinyModelError::Plan`] for one of another training than
/// `record` describes.
pub(crate) fn resume(
    out: &Path,
    record: &Record,
    weights: &mut [Weight],
) -> Result<Option<State>, TinyModelError> {
    let path = path(out);
    if !path.exists() {
        return Ok(None);
    }
    let damaged = |problem: String| TinyModelError::file(&path, problem);
    let bytes = files::read(&path)?;
    let (_, header) = safetensors::SafeTensors::read_metadata(&bytes)
        .map_err(|error| damaged(error.to_string()))?;
    let state: State = header
        .metadata()
        .as_ref()
        .and_then(|metadata| metadata.get(STATE))
        .and_then(|text| serde_json::from_str(text).ok())
        .ok_or_else(|| damaged("it does not say where the training stands; remove it".into()))?;
    if state.record.plan != record.plan || state.record.corpus != record.corpus {
        return Err(TinyModelError::Plan(format!(
            "{} belongs to a training with another plan or text; remove it to start anew",
            path.display()
        )));
    }
    let tensors = candle_core::safetensors::load_buffer(&bytes, &Device::Cpu)
        .map_err(|error| damaged(error.to_string()))?;
    let find = |name: &str| {
        tensors
            .get(name)
            .ok_or_else(|| damaged(format!("`{name}` is missing; remove the file")))
    };
    for weight in weights {
        let name = weight.parameter.name.clone();
        weight.variable.set(find(&name)?)?;
        for (memory, kind) in [(&mut weight.first, "first"), (&mut weight.second, "second")] {
            let values: Vec<f32> = find(&format!("{kind}.{name}"))?.flatten_all()?.to_vec1()?;
            if values.len() != memory.len() {
                return Err(damaged(format!("`{kind}.{name}` has another size")));
            }
            *memory = values;
        }
    }
    Ok(Some(state))
}

/// Removes the checkpoint of a training that is done. **Errors:** [`TinyModelError::File`].
pub(crate) fn remove(out: &Path) -> Result<(), TinyModelError> {
    let path = path(out);
    if path.exists() {
        fs::remove_file(&path).map_err(|error| TinyModelError::file(&path, error))?;
    }
    Ok(())
}
