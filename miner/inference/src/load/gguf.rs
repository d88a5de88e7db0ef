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
        gguf_file::{Content, TensorInfo},
    },
};
use subnet_sdk::{Fingerprint, ModelError};

use super::{
    Loaded,
    assembly::{Assembly, Kind, Part, Place, Raw},
    broken, config,
    fingerprint::Parts,
    first_line,
    metadata::{metadata_hash, read_config, read_tokenizer, text},
    names::Names,
    tokenizer,
};
use crate::{
    kernel::{Blocks, Floats},
    options::DataType,
};

/// Loads a file. **Errors:** see [`super::load`].
pub(super) fn load(path: &Path, data_type: DataType) -> Result<Loaded, ModelError> {
    let file =
        File::open(path).map_err(|error| broken(path, format!("cannot be read: {error}")))?;
    let mut file = BufReader::new(file);
    let mut content = Content::read(&mut file).map_err(|error| {
        broken(
            path,
            format!("is not a GGUF file, or damaged: {}", first_line(error)),
        )
    })?;
    let family = text(&content, "general.architecture").unwrap_or_default();
    let mut config = read_config(path, &content, &family)?;
    let (tokenizer, tokenizer_hash) = read_tokenizer(path, &mut content)?;
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
        let Some(place) = NAMES.place(name) else {
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
    let (model, end_of_text) = assembly.finish(|place| NAMES.name(place))?;
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

static NAMES: Names = Names {
    single: [
        ("token_embd.weight", Place::Embedding),
        ("output_norm.weight", Place::Norm),
        ("output.weight", Place::Head),
    ],
    layers: "blk.",
    parts: [
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
    ],
};
