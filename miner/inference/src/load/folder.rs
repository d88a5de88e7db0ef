//! Folders as Hugging Face has them: `config.json`, `tokenizer.json`, one or several `*.safetensors`.

use std::{
    collections::{BTreeMap, HashMap},
    fs::File,
    io::{Read, Seek, SeekFrom},
    path::{Path, PathBuf},
};

use safetensors::{Dtype, tensor::Metadata};
use subnet_sdk::{Fingerprint, ModelError};

use super::{
    Loaded,
    assembly::{Assembly, Kind, Part, Place, Raw},
    broken, config,
    fingerprint::{Parts, hash},
    names::Names,
    read, tokenizer,
};
use crate::{kernel::Floats, options::DataType};

/// Bytes of a header at most, as the format says.
const HEADER: u64 = 100_000_000;

/// Loads a folder. **Errors:** see [`super::load`].
pub(super) fn load(folder: &Path, data_type: DataType) -> Result<Loaded, ModelError> {
    let config_path = folder.join("config.json");
    let config_bytes = read(&config_path, "says what kind of model the folder holds")?;
    let config = config::read(&config_path, &config_bytes)?;
    let vocabulary = config.shape.vocabulary;
    let tokenizer_path = folder.join("tokenizer.json");
    let tokenizer_bytes = read(&tokenizer_path, "turns text into tokens")?;
    let tokenizer = tokenizer::read(&tokenizer_path, &tokenizer_bytes)?;
    tokenizer::check(&tokenizer, vocabulary)?;

    let tensors = tensors(folder)?;
    let mut assembly = Assembly::new(config, data_type.floats(), false);
    let mut parts = Parts::new();
    let mut buffer = Vec::new();
    for (name, tensor) in &tensors {
        tensor.read(name, &mut buffer)?;
        parts.add_tensor(name, &format!("{:?}", tensor.kind), &tensor.shape, &buffer);
        let Some(place) = NAMES.place(name) else {
            // A part that is left out would make another model of it.
            if name.starts_with("model.layers.") && !name.ends_with("rotary_emb.inv_freq") {
                return Err(config::unsupported(&format!("one with the tensor {name}")));
            }
            continue;
        };
        if place == Place::Head && !assembly.wants_head() {
            continue;
        }
        let kind = Kind::Floats(match tensor.kind {
            Dtype::F64 => Floats::Double,
            Dtype::F32 => Floats::Single,
            Dtype::BF16 => Floats::Brain,
            Dtype::F16 => Floats::Half,
            other => {
                return Err(broken(
                    &tensor.path,
                    format!(
                        "the tensor `{name}` is of the type {other:?}; supported are F32, BF16 and F16"
                    ),
                ));
            }
        });
        let raw = Raw {
            kind,
            shape: &tensor.shape,
            bytes: &buffer,
        };
        assembly
            .take(place, &raw)
            .map_err(|problem| broken(&tensor.path, format!("the tensor `{name}` {problem}")))?;
    }
    let (model, end_of_text) = assembly.finish(|place| NAMES.name(place))?;
    Ok(Loaded {
        name: folder
            .canonicalize()
            .unwrap_or_else(|_| folder.to_owned())
            .file_name()
            .map_or_else(
                || "model".into(),
                |name| name.to_string_lossy().into_owned(),
            ),
        model,
        tokenizer: Some(tokenizer),
        end_of_text,
        fingerprint: Fingerprint {
            config: hash(&config_bytes),
            tokenizer: hash(&tokenizer_bytes),
            weights: parts.finish(),
        },
    })
}

/// Where a tensor stands.
struct Tensor {
    path: PathBuf,
    kind: Dtype,
    shape: Vec<usize>,
    /// In the file.
    start: u64,
    length: usize,
}

impl Tensor {
    fn read(&self, name: &str, buffer: &mut Vec<u8>) -> Result<(), ModelError> {
        let problem = |error| {
            broken(
                &self.path,
                format!("the tensor `{name}` cannot be read: {error}"),
            )
        };
        let mut file = File::open(&self.path).map_err(problem)?;
        file.seek(SeekFrom::Start(self.start)).map_err(problem)?;
        buffer.resize(self.length, 0);
        file.read_exact(buffer).map_err(problem)
    }
}

/// All tensors of a folder, by name.
fn tensors(folder: &Path) -> Result<BTreeMap<String, Tensor>, ModelError> {
    let index = folder.join("model.safetensors.index.json");
    let single = folder.join("model.safetensors");
    if !index.exists() {
        let mut all = BTreeMap::new();
        for (name, tensor) in header(&single)? {
            all.insert(name, tensor);
        }
        return Ok(all);
    }
    #[derive(serde::Deserialize)]
    struct Index {
        weight_map: BTreeMap<String, String>,
    }
    let bytes = read(&index, "says which file holds which tensor")?;
    let map: Index = serde_json::from_slice(&bytes)
        .map_err(|error| broken(&index, format!("is not an index of tensors: {error}")))?;
    let mut shards: HashMap<String, HashMap<String, Tensor>> = HashMap::new();
    let mut all = BTreeMap::new();
    for (name, file) in map.weight_map {
        // An index comes from elsewhere: it may not point out of its folder.
        if Path::new(&file).components().count() != 1 || file.contains("..") {
            return Err(broken(
                &index,
                format!("names `{file}`, which is not a file of the folder"),
            ));
        }
        if !shards.contains_key(&file) {
            shards.insert(file.clone(), header(&folder.join(&file))?);
        }
        let tensor = shards
            .get_mut(&file)
            .and_then(|shard| shard.remove(&name))
            .ok_or_else(|| {
                broken(
                    &folder.join(&file),
                    format!("lacks the tensor `{name}`, which the index says is in it"),
                )
            })?;
        all.insert(name, tensor);
    }
    Ok(all)
}

/// The tensors of one file. **Errors:** it is not there, or damaged.
fn header(path: &Path) -> Result<HashMap<String, Tensor>, ModelError> {
    let mut file = File::open(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => broken(path, "does not exist, but holds weights"),
        _ => broken(path, format!("cannot be read: {error}")),
    })?;
    let size = file
        .metadata()
        .map_err(|error| broken(path, format!("cannot be read: {error}")))?
        .len();
    let damaged = |what: &str| broken(path, format!("is damaged: {what}; fetch it again"));
    let mut length = [0; 8];
    file.read_exact(&mut length)
        .map_err(|_| damaged("it has no header"))?;
    let length = u64::from_le_bytes(length);
    if length > HEADER || length + 8 > size {
        return Err(damaged("its header is cut off"));
    }
    let mut bytes = vec![0; length as usize];
    file.read_exact(&mut bytes)
        .map_err(|_| damaged("its header is cut off"))?;
    let metadata: Metadata =
        serde_json::from_slice(&bytes).map_err(|_| damaged("its header cannot be read"))?;
    let mut tensors = HashMap::new();
    for (name, info) in metadata.tensors() {
        let (start, end) = info.data_offsets;
        let weights = info
            .shape
            .iter()
            .try_fold(1usize, |all, length| all.checked_mul(*length))
            .and_then(|all| all.checked_mul(info.dtype.bitsize()));
        let fits = end
            .checked_sub(start)
            .is_some_and(|bytes| weights == bytes.checked_mul(8));
        if !fits {
            return Err(damaged(&format!("the places of `{name}` make no sense")));
        }
        if (end as u64)
            .checked_add(8 + length)
            .is_none_or(|end| end > size)
        {
            return Err(damaged("it ends before its last tensor"));
        }
        tensors.insert(
            name,
            Tensor {
                path: path.to_owned(),
                kind: info.dtype,
                shape: info.shape.clone(),
                start: 8 + length + start as u64,
                length: end - start,
            },
        );
    }
    Ok(tensors)
}

static NAMES: Names = Names {
    single: [
        ("model.embed_tokens.weight", Place::Embedding),
        ("model.norm.weight", Place::Norm),
        ("lm_head.weight", Place::Head),
    ],
    layers: "model.layers.",
    parts: [
        ("input_layernorm.weight", Part::AttentionNorm),
        ("self_attn.q_proj.weight", Part::Queries),
        ("self_attn.k_proj.weight", Part::Keys),
        ("self_attn.v_proj.weight", Part::Values),
        ("self_attn.o_proj.weight", Part::Output),
        ("self_attn.q_proj.bias", Part::QueriesBias),
        ("self_attn.k_proj.bias", Part::KeysBias),
        ("self_attn.v_proj.bias", Part::ValuesBias),
        ("self_attn.o_proj.bias", Part::OutputBias),
        ("self_attn.q_norm.weight", Part::QueriesNorm),
        ("self_attn.k_norm.weight", Part::KeysNorm),
        ("post_attention_layernorm.weight", Part::InnerNorm),
        ("mlp.gate_proj.weight", Part::Gate),
        ("mlp.up_proj.weight", Part::Up),
        ("mlp.down_proj.weight", Part::Down),
    ],
};
