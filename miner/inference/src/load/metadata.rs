//! What the metadata of a GGUF file says: configuration and tokenizer.

use std::path::Path;

use candle_core::quantized::{
    gguf_file::{Content, Value},
    tokenizer::TokenizerFromGguf,
};
use subnet_sdk::ModelError;
use tokenizers::Tokenizer;

use super::{
    broken,
    config::{self, Config},
    fingerprint::{Parts, hash},
    first_line, tokenizer,
};
use crate::model::{Rotation, Scaling, Shape};

/// A text.
pub(super) fn text(content: &Content, key: &str) -> Option<String> {
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

/// The configuration. **Errors:** an architecture that does not run, a number that is missing or impossible.
pub(super) fn read_config(
    path: &Path,
    content: &Content,
    family: &str,
) -> Result<Config, ModelError> {
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

/// The tokenizer beside the file, or the one in its metadata, and its hash. **Errors:** neither can be used.
pub(super) fn read_tokenizer(
    path: &Path,
    content: &mut Content,
) -> Result<(Tokenizer, [u8; 32]), ModelError> {
    let beside = path.with_file_name("tokenizer.json");
    if beside.is_file() {
        let bytes = super::read(&beside, "turns text into tokens")?;
        return Ok((tokenizer::read(&beside, &bytes)?, hash(&bytes)));
    }
    let problem = |what: String| {
        broken(
            path,
            format!(
                "holds no tokenizer that runs here ({what}); put the tokenizer.json of the model beside it"
            ),
        )
    };
    let hash = metadata_hash(content, |key| key.starts_with("tokenizer."));
    // Texts are cut into words before they are cut into tokens, and in the wrong way every token may be another: Candle takes
    // what it does not know for GPT-2.
    const KEY: &str = "tokenizer.ggml.pre";
    let known = match text(content, KEY).as_deref() {
        None | Some("gpt2" | "gpt-2" | "default") => "gpt2",
        Some("llama3" | "llama-v3" | "llama-bpe") => "llama3",
        Some("qwen2" | "deepseek-r1-qwen") => "qwen2",
        Some("smaug-bpe") => "smaug-bpe",
        Some(other) => return Err(problem(format!("words are cut as `{other}`"))),
    };
    content
        .metadata
        .insert(KEY.into(), Value::String(known.into()));
    let tokenizer = Tokenizer::from_gguf(content).map_err(|error| problem(first_line(error)))?;
    Ok((tokenizer, hash))
}

/// Hash of the metadata whose keys are wanted, in their order.
pub(super) fn metadata_hash(content: &Content, wanted: impl Fn(&str) -> bool) -> [u8; 32] {
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
