//! GGUF files.

use std::{
    fs::File,
    io::{BufReader, Read, Seek, SeekFrom},
    path::Path,
};

use candle_core::{
    Device,
    quantized::{
        GgmlDType,
        gguf_file::{Content, TensorInfo, Value},
        tokenizer::TokenizerFromGguf,
    },
};
use subnet_sdk::{Fingerprint, ModelError};
use tokenizers::Tokenizer;

use super::{
    Loaded,
    assembly::{Assembly, Kind, Part, Place, Raw},
    broken,
    config::{self, Config},
    fingerprint::{Parts, hash},
    first_line, tokenizer,
};
use crate::{
    kernel::{Blocks, Floats},
    model::{Rotation, Scaling, Shape},
    options::DataType,
};

/// Loads a file. **Errors:** see [`super::load`].
pub(super) fn load(path: &Path, data_type: DataType) -> Result<Loaded, ModelError> {
    let file =
        File::open(path).map_err(|error| broken(path, format!("cannot be read: {error}")))?;
    let mut file = BufReader::new(file);
    let content = Content::read(&mut file).map_err(|error| {
        broken(
            path,
            format!("is not a GGUF file, or damaged: {}", first_line(error)),
        )
    })?;
    let family = text(&content, "general.architecture").unwrap_or_default();
    let mut config = read_config(path, &content, &family)?;
    let (tokenizer, tokenizer_hash) = read_tokenizer(path, &content)?;
    tokenizer::check(&tokenizer, config.shape.vocabulary)?;

    let mut names: Vec<&String> = content.tensor_infos.keys().collect();
    names.sort_unstable();
    config.tied = !content.tensor_infos.contains_key("output.weight");
    let mut parts = Parts::new();
    let mut buffer = Vec::new();
    if let Some(info) = content.tensor_infos.get("rope_freqs.weight") {
        read_tensor(
            path,
            &mut file,
            &content,
            "rope_freqs.weight",
            info,
            &mut buffer,
        )?;
        if info.ggml_dtype != GgmlDType::F32
            || !config.rotation.divide(&Floats::Single.widen(&buffer))
        {
            return Err(broken(
                path,
                "the tensor `rope_freqs.weight` does not fit the heads",
            ));
        }
    }
    let mut assembly = Assembly::new(config, data_type.floats(), family == "llama");
    for name in names {
        let info = &content.tensor_infos[name];
        read_tensor(path, &mut file, &content, name, info, &mut buffer)?;
        let shape = info.shape.dims();
        parts.add_tensor(name, &format!("{:?}", info.ggml_dtype), shape, &buffer);
        let Some(place) = place(name) else {
            if name.starts_with("blk.") {
                return Err(config::unsupported(&format!("one with the tensor {name}")));
            }
            continue;
        };
        let widened;
        let (kind, bytes) = match kind(info.ggml_dtype) {
            Some(kind) => (kind, buffer.as_slice()),
            None => {
                widened = widen(path, &content, &mut file, name)?;
                (Kind::Floats(Floats::Single), widened.as_slice())
            }
        };
        let raw = Raw { kind, shape, bytes };
        assembly
            .take(place, &raw)
            .map_err(|problem| broken(path, format!("the tensor `{name}` {problem}")))?;
    }
    let (model, end_of_text) = assembly.finish(tensor_name)?;
    Ok(Loaded {
        name: path.file_stem().map_or_else(
            || "model".into(),
            |name| name.to_string_lossy().into_owned(),
        ),
        model,
        tokenizer: Some(tokenizer),
        end_of_text,
        fingerprint: Fingerprint {
            config: metadata_hash(&content, |key| !key.starts_with("tokenizer.")),
            tokenizer: tokenizer_hash,
            weights: parts.finish(),
        },
    })
}

/// How a type is taken; none for those that are widened when they are read.
fn kind(kind: GgmlDType) -> Option<Kind> {
    Some(match kind {
        GgmlDType::F32 => Kind::Floats(Floats::Single),
        GgmlDType::F16 => Kind::Floats(Floats::Half),
        GgmlDType::BF16 => Kind::Floats(Floats::Brain),
        GgmlDType::Q4_0 => Kind::Blocks(Blocks::Q4_0),
        GgmlDType::Q4K => Kind::Blocks(Blocks::Q4K),
        GgmlDType::Q6K => Kind::Blocks(Blocks::Q6K),
        GgmlDType::Q8_0 => Kind::Blocks(Blocks::Q8_0),
        _ => return None,
    })
}

/// The bytes of a tensor. **Errors:** the file ends before it does.
fn read_tensor(
    path: &Path,
    file: &mut BufReader<File>,
    content: &Content,
    name: &str,
    info: &TensorInfo,
    buffer: &mut Vec<u8>,
) -> Result<(), ModelError> {
    let damaged = |what: String| {
        broken(
            path,
            format!("is damaged: the tensor `{name}` {what}; fetch it again"),
        )
    };
    let (block, size) = (info.ggml_dtype.block_size(), info.ggml_dtype.type_size());
    let length = info
        .shape
        .dims()
        .iter()
        .try_fold(1usize, |all, length| all.checked_mul(*length))
        .filter(|weights| weights.is_multiple_of(block))
        .and_then(|weights| (weights / block).checked_mul(size))
        .ok_or_else(|| damaged("has an impossible shape".into()))?;
    let start = content.tensor_data_offset.saturating_add(info.offset);
    let problem = |error: std::io::Error| damaged(format!("cannot be read: {error}"));
    let end = file.seek(SeekFrom::End(0)).map_err(problem)?;
    if start
        .checked_add(length as u64)
        .is_none_or(|last| last > end)
    {
        return Err(damaged("is cut off".into()));
    }
    file.seek(SeekFrom::Start(start)).map_err(problem)?;
    buffer.resize(length, 0);
    file.read_exact(buffer).map_err(problem)
}

/// A tensor of a type that the kernel does not read, as floats in little-endian bytes.
fn widen(
    path: &Path,
    content: &Content,
    file: &mut BufReader<File>,
    name: &str,
) -> Result<Vec<u8>, ModelError> {
    let numbers = content
        .tensor(file, name, &Device::Cpu)
        .and_then(|tensor| tensor.dequantize(&Device::Cpu))
        .and_then(|tensor| tensor.flatten_all()?.to_vec1::<f32>())
        .map_err(|error| {
            broken(
                path,
                format!("the tensor `{name}` cannot be read: {}", first_line(error)),
            )
        })?;
    Ok(numbers.into_iter().flat_map(f32::to_le_bytes).collect())
}

fn text(content: &Content, key: &str) -> Option<String> {
    content.metadata.get(key)?.to_string().ok().cloned()
}

/// A whole number of any width.
fn whole(content: &Content, key: &str) -> Option<usize> {
    let number = match content.metadata.get(key)? {
        Value::U8(number) => u64::from(*number),
        Value::U16(number) => u64::from(*number),
        Value::U32(number) => u64::from(*number),
        Value::U64(number) => *number,
        Value::I8(number) => u64::try_from(*number).ok()?,
        Value::I16(number) => u64::try_from(*number).ok()?,
        Value::I32(number) => u64::try_from(*number).ok()?,
        Value::I64(number) => u64::try_from(*number).ok()?,
        _ => return None,
    };
    usize::try_from(number).ok()
}

fn float(content: &Content, key: &str) -> Option<f32> {
    match content.metadata.get(key)? {
        Value::F32(number) => Some(*number),
        Value::F64(number) => Some(*number as f32),
        _ => None,
    }
}

fn read_config(path: &Path, content: &Content, family: &str) -> Result<Config, ModelError> {
    if !["llama", "qwen2", "qwen3"].contains(&family) {
        return Err(ModelError::Architecture {
            found: if family.is_empty() {
                "none named"
            } else {
                family
            }
            .into(),
            supported: "llama, qwen2, qwen3 (GGUF)".into(),
        });
    }
    let lacks = |key: &str| broken(path, format!("lacks the number `{family}.{key}`"));
    let number = |key: &str| whole(content, &format!("{family}.{key}")).ok_or_else(|| lacks(key));
    if whole(content, &format!("{family}.expert_count")).is_some_and(|count| count > 0) {
        return Err(config::unsupported("a mixture of experts"));
    }
    let heads = number("attention.head_count")?;
    let hidden = number("embedding_length")?;
    let layers = number("block_count")?;
    let embedding = content
        .tensor_infos
        .get("token_embd.weight")
        .ok_or_else(|| {
            ModelError::Mismatch("the weights lack the tensor `token_embd.weight`".into())
        })?;
    let head = match number("attention.key_length") {
        Ok(head) => head,
        Err(_) => hidden.checked_div(heads).unwrap_or(0),
    };
    let base = float(content, &format!("{family}.rope.freq_base")).unwrap_or(10_000.0);
    if !(base.is_finite() && base > 0.0) {
        return Err(broken(
            path,
            format!("the base of rotary embeddings is {base}"),
        ));
    }
    let scaling = match text(content, &format!("{family}.rope.scaling.type")).as_deref() {
        None | Some("none") => Scaling::None,
        Some("linear") => Scaling::Linear(
            float(content, &format!("{family}.rope.scaling.factor"))
                .filter(|factor| *factor > 0.0)
                .ok_or_else(|| lacks("rope.scaling.factor"))?,
        ),
        Some(other) => {
            return Err(ModelError::Architecture {
                found: format!("rotary embeddings scaled by `{other}`"),
                supported: "none, linear".into(),
            });
        }
    };
    let window =
        whole(content, &format!("{family}.attention.sliding_window")).filter(|window| *window > 0);
    let shape = Shape {
        hidden,
        inner: number("feed_forward_length")?,
        layers,
        heads,
        cached_heads: number("attention.head_count_kv").unwrap_or(heads),
        head,
        vocabulary: embedding.shape.dims().first().copied().unwrap_or(0),
        context: number("context_length")?,
        epsilon: float(
            content,
            &format!("{family}.attention.layer_norm_rms_epsilon"),
        )
        .ok_or_else(|| lacks("attention.layer_norm_rms_epsilon"))?,
        windows: vec![window; layers.min(1 << 12)],
    };
    config::check(&shape).map_err(|problem| broken(path, problem))?;
    let end_of_text = whole(content, "tokenizer.ggml.eos_token_id")
        .and_then(|id| u32::try_from(id).ok())
        .filter(|id| (*id as usize) < shape.vocabulary);
    Ok(Config {
        rotation: Rotation::new(head, base, scaling),
        shape,
        tied: true,
        head_norms: family == "qwen3",
        end_of_text,
    })
}

/// The tokenizer beside the file, or the one in its metadata.
fn read_tokenizer(path: &Path, content: &Content) -> Result<(Tokenizer, [u8; 32]), ModelError> {
    let beside = path.with_file_name("tokenizer.json");
    if beside.is_file() {
        let bytes = super::read(&beside, "turns text into tokens")?;
        return Ok((tokenizer::read(&beside, &bytes)?, hash(&bytes)));
    }
    let tokenizer = Tokenizer::from_gguf(content).map_err(|error| {
        broken(
            path,
            format!("holds no tokenizer that runs here ({}); put the tokenizer.json of the model beside it", first_line(error)),
        )
    })?;
    let hash = metadata_hash(content, |key| key.starts_with("tokenizer."));
    Ok((tokenizer, hash))
}

/// Hash of the metadata whose keys are wanted, in their order.
fn metadata_hash(content: &Content, wanted: impl Fn(&str) -> bool) -> [u8; 32] {
    let mut keys: Vec<&String> = content.metadata.keys().filter(|key| wanted(key)).collect();
    keys.sort_unstable();
    let mut parts = Parts::new();
    for key in keys {
        parts.add(key.as_bytes());
        add_value(&mut parts, &content.metadata[key]);
    }
    parts.finish()
}

fn add_value(parts: &mut Parts, value: &Value) {
    match value {
        Value::Array(values) => {
            parts.add(&(values.len() as u64).to_le_bytes());
            for value in values {
                add_value(parts, value);
            }
        }
        Value::String(text) => parts.add(text.as_bytes()),
        other => parts.add(format!("{other:?}").as_bytes()),
    }
}

const PARTS: [(&str, Part); 15] = [
    ("attn_norm.weight", Part::AttentionNorm),
    ("attn_q.weight", Part::Queries),
    ("attn_k.weight", Part::Keys),
    ("attn_v.weight", Part::Values),
    ("attn_output.weight", Part::Output),
    ("attn_q.bias", Part::QueriesBias),
    ("attn_k.bias", Part::KeysBias),
    ("attn_v.bias", Part::ValuesBias),
    ("attn_output.bias", Part::OutputBias),
    ("attn_q_norm.weight", Part::QueriesNorm),
    ("attn_k_norm.weight", Part::KeysNorm),
    ("ffn_norm.weight", Part::InnerNorm),
    ("ffn_gate.weight", Part::Gate),
    ("ffn_up.weight", Part::Up),
    ("ffn_down.weight", Part::Down),
];

/// What a tensor is; none for those that nothing needs.
fn place(name: &str) -> Option<Place> {
    match name {
        "token_embd.weight" => return Some(Place::Embedding),
        "output_norm.weight" => return Some(Place::Norm),
        "output.weight" => return Some(Place::Head),
        _ => {}
    }
    let (layer, rest) = name.strip_prefix("blk.")?.split_once('.')?;
    let part = PARTS.iter().find(|(part, _)| *part == rest)?.1;
    Some(Place::Layer(layer.parse().ok()?, part))
}

/// The name of a place.
fn tensor_name(place: Place) -> String {
    match place {
        Place::Embedding => "token_embd.weight".into(),
        Place::Norm => "output_norm.weight".into(),
        Place::Head => "output.weight".into(),
        Place::Layer(layer, part) => {
            let name = PARTS
                .iter()
                .find(|(_, other)| *other == part)
                .map_or("?", |(name, _)| name);
            format!("blk.{layer}.{name}")
        }
    }
}
