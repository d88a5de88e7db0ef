//! `config.json` of the Llama family.

use std::path::Path;

use subnet_sdk::ModelError;

use super::broken;
use crate::model::{Rotation, Scaling, Shape};

/// Architectures that run.
pub(super) const SUPPORTED: &str = "llama, mistral, qwen2, qwen3";

/// What a configuration says.
pub(super) struct Config {
    pub(super) shape: Shape,
    pub(super) rotation: Rotation,
    pub(super) tied: bool,
    /// Queries and keys are normalised.
    pub(super) head_norms: bool,
    pub(super) end_of_text: Option<u32>,
}

#[derive(serde::Deserialize)]
struct File {
    model_type: Option<String>,
    architectures: Option<Vec<String>>,
    hidden_size: usize,
    intermediate_size: usize,
    num_hidden_layers: usize,
    num_attention_heads: usize,
    num_key_value_heads: Option<usize>,
    head_dim: Option<usize>,
    vocab_size: usize,
    max_position_embeddings: usize,
    rms_norm_eps: Option<f64>,
    rope_theta: Option<f64>,
    rope_scaling: Option<Rope>,
    rope_parameters: Option<Rope>,
    hidden_act: Option<String>,
    tie_word_embeddings: Option<bool>,
    sliding_window: Option<usize>,
    use_sliding_window: Option<bool>,
    max_window_layers: Option<usize>,
    layer_types: Option<Vec<String>>,
    eos_token_id: Option<Tokens>,
}

#[derive(serde::Deserialize)]
struct Rope {
    #[serde(alias = "type")]
    rope_type: Option<String>,
    rope_theta: Option<f64>,
    factor: Option<f64>,
    low_freq_factor: Option<f64>,
    high_freq_factor: Option<f64>,
    original_max_position_embeddings: Option<f64>,
}

#[derive(serde::Deserialize)]
#[serde(untagged)]
enum Tokens {
    One(u32),
    Many(Vec<u32>),
}

/// Reads a configuration. **Errors:** not JSON, a missing or impossible number, an architecture or option that does not run.
pub(super) fn read(path: &Path, bytes: &[u8]) -> Result<Config, ModelError> {
    let file: File = serde_json::from_slice(bytes)
        .map_err(|error| broken(path, format!("is not a configuration of a model: {error}")))?;
    let family = file
        .model_type
        .clone()
        .or_else(|| file.architectures.as_ref()?.first().cloned())
        .unwrap_or_default();
    if !["llama", "mistral", "qwen2", "qwen3"].contains(&family.as_str()) {
        return Err(unsupported(&family));
    }
    if let Some(activation) = file.hidden_act.as_deref()
        && !["silu", "swish"].contains(&activation)
    {
        return Err(ModelError::Architecture {
            found: format!("{family} with the activation {activation}"),
            supported: "silu".into(),
        });
    }
    let wrong = |problem: String| broken(path, problem);
    let heads = file.num_attention_heads;
    let cached_heads = file.num_key_value_heads.unwrap_or(heads);
    let head = match file.head_dim {
        Some(head) => head,
        None if heads > 0 => file.hidden_size / heads,
        None => 0,
    };
    let shape = Shape {
        hidden: file.hidden_size,
        inner: file.intermediate_size,
        layers: file.num_hidden_layers,
        heads,
        cached_heads,
        head,
        vocabulary: file.vocab_size,
        context: file.max_position_embeddings,
        epsilon: file.rms_norm_eps.unwrap_or(1e-6) as f32,
        windows: windows(&family, &file),
    };
    check(&shape).map_err(wrong)?;
    let (rotation, base) = rotation(path, &file, head)?;
    if !(base.is_finite() && base > 0.0) {
        return Err(wrong(format!(
            "rope_theta is {base}, not a positive number"
        )));
    }
    let end_of_text = match file.eos_token_id {
        Some(Tokens::One(id)) => Some(id),
        Some(Tokens::Many(ids)) => ids.first().copied(),
        None => None,
    };
    if let Some(id) = end_of_text
        && id as usize >= shape.vocabulary
    {
        return Err(ModelError::Mismatch(format!(
            "eos_token_id is {id}, but there are only {} tokens",
            shape.vocabulary
        )));
    }
    Ok(Config {
        shape,
        rotation,
        tied: file.tie_word_embeddings.unwrap_or(false),
        head_norms: family == "qwen3",
        end_of_text,
    })
}

/// The error for an architecture.
pub(super) fn unsupported(found: &str) -> ModelError {
    ModelError::Architecture {
        found: if found.is_empty() {
            "none named"
        } else {
            found
        }
        .into(),
        supported: SUPPORTED.into(),
    }
}

/// Whether the numbers belong together and fit into memory arithmetic.
pub(super) fn check(shape: &Shape) -> Result<(), String> {
    let numbers = [
        ("hidden_size", shape.hidden, 1 << 20),
        ("intermediate_size", shape.inner, 1 << 22),
        ("num_hidden_layers", shape.layers, 1 << 12),
        ("num_attention_heads", shape.heads, 1 << 12),
        ("num_key_value_heads", shape.cached_heads, 1 << 12),
        ("head_dim", shape.head, 1 << 12),
        ("vocab_size", shape.vocabulary, 1 << 24),
        ("max_position_embeddings", shape.context, 1 << 24),
    ];
    for (name, number, greatest) in numbers {
        if number == 0 || number > greatest {
            return Err(format!("{name} is {number}, not between 1 and {greatest}"));
        }
    }
    if !shape.heads.is_multiple_of(shape.cached_heads) {
        return Err(format!(
            "{} query heads cannot share {} heads of keys and values evenly",
            shape.heads, shape.cached_heads
        ));
    }
    if !shape.head.is_multiple_of(2) {
        return Err(format!("head_dim is {}, not even", shape.head));
    }
    if !(shape.epsilon.is_finite() && shape.epsilon >= 0.0) {
        return Err(format!("rms_norm_eps is {}", shape.epsilon));
    }
    Ok(())
}

fn rotation(path: &Path, file: &File, head: usize) -> Result<(Rotation, f64), ModelError> {
    let rope = file.rope_scaling.as_ref().or(file.rope_parameters.as_ref());
    let base = file
        .rope_theta
        .or_else(|| file.rope_parameters.as_ref()?.rope_theta)
        .or_else(|| rope?.rope_theta)
        .unwrap_or(10_000.0);
    let kind = rope.and_then(|rope| rope.rope_type.as_deref());
    let number = |value: Option<f64>, name: &str| match value {
        Some(value) if value.is_finite() && value > 0.0 => Ok(value as f32),
        _ => Err(broken(
            path,
            format!("the scaling of rotary embeddings needs a positive `{name}`"),
        )),
    };
    let scaling = match (kind, rope) {
        (None | Some("default"), _) | (_, None) => Scaling::None,
        (Some("linear"), Some(rope)) => Scaling::Linear(number(rope.factor, "factor")?),
        (Some("llama3"), Some(rope)) => Scaling::Llama3 {
            factor: number(rope.factor, "factor")?,
            low: number(rope.low_freq_factor, "low_freq_factor")?,
            high: number(rope.high_freq_factor, "high_freq_factor")?,
            original: number(
                rope.original_max_position_embeddings,
                "original_max_position_embeddings",
            )?,
        },
        (Some(other), _) => {
            return Err(ModelError::Architecture {
                found: format!("rotary embeddings scaled by `{other}`"),
                supported: "default, linear, llama3".into(),
            });
        }
    };
    Ok((Rotation::new(head, base as f32, scaling), base))
}

/// Which layers see only part of the text.
fn windows(family: &str, file: &File) -> Vec<Option<usize>> {
    let used = match family {
        "mistral" => true,
        "qwen2" | "qwen3" => file.use_sliding_window.unwrap_or(false),
        _ => false,
    };
    let window = file.sliding_window.filter(|window| used && *window > 0);
    (0..file.num_hidden_layers.min(1 << 12))
        .map(|layer| {
            let slides = match &file.layer_types {
                Some(types) => types
                    .get(layer)
                    .is_some_and(|kind| kind == "sliding_attention"),
                // Mistral slides everywhere, Qwen from a certain layer on.
                None if family == "mistral" => true,
                None => layer >= file.max_window_layers.unwrap_or(28),
            };
            window.filter(|_| slides)
        })
        .collect()
}
