//! Small models of random weights, written as files.

#![allow(dead_code, reason = "each test file uses its part")]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use candle_core::{DType, Device, Tensor};
use serde_json::{Value, json};
use tempfile::TempDir;

/// Tensors by name.
pub(crate) type Tensors = BTreeMap<String, Tensor>;

/// A family with what is special about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    Llama,
    Llama3,
    Mistral,
    Qwen2,
    Qwen3,
}

pub(crate) const ALL: [Family; 5] = [
    Family::Llama,
    Family::Llama3,
    Family::Mistral,
    Family::Qwen2,
    Family::Qwen3,
];

pub(crate) const VOCABULARY: usize = 83;
pub(crate) const HIDDEN: usize = 64;
pub(crate) const INNER: usize = 96;
pub(crate) const LAYERS: usize = 3;
pub(crate) const HEADS: usize = 4;
pub(crate) const CACHED_HEADS: usize = 2;
pub(crate) const CONTEXT: usize = 256;
pub(crate) const WINDOW: usize = 9;

impl Family {
    pub(crate) fn head(self) -> usize {
        if self == Family::Qwen3 { 24 } else { 16 }
    }

    pub(crate) fn tied(self) -> bool {
        matches!(self, Family::Qwen2 | Family::Llama3)
    }

    pub(crate) fn config(self) -> Value {
        let mut config = json!({
            "hidden_size": HIDDEN,
            "intermediate_size": INNER,
            "num_hidden_layers": LAYERS,
            "num_attention_heads": HEADS,
            "num_key_value_heads": CACHED_HEADS,
            "vocab_size": VOCABULARY,
            "max_position_embeddings": CONTEXT,
            "rms_norm_eps": 1e-5,
            "rope_theta": 10000.0,
            "hidden_act": "silu",
            "tie_word_embeddings": self.tied(),
            "eos_token_id": 2,
        });
        let more = match self {
            Family::Llama => json!({"model_type": "llama"}),
            Family::Llama3 => json!({
                "model_type": "llama",
                "rope_theta": 500000.0,
                "rope_scaling": {
                    "rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0,
                    "high_freq_factor": 4.0, "original_max_position_embeddings": 64,
                },
            }),
            Family::Mistral => json!({"model_type": "mistral", "sliding_window": WINDOW}),
            Family::Qwen2 => json!({
                "model_type": "qwen2", "use_sliding_window": false, "sliding_window": WINDOW, "max_window_layers": 1,
            }),
            Family::Qwen3 => json!({
                "model_type": "qwen3", "use_sliding_window": false, "sliding_window": null, "max_window_layers": LAYERS,
                "head_dim": self.head(), "attention_bias": false,
            }),
        };
        for (key, value) in more.as_object().unwrap() {
            config[key] = value.clone();
        }
        config
    }

    /// Random weights, the same for every call.
    pub(crate) fn tensors(self) -> Tensors {
        let mut state = 1u64;
        let mut random = |shape: &[usize], scale: f32, around: f32| {
            let count = shape.iter().product();
            let numbers: Vec<f32> = (0..count)
                .map(|_| {
                    state = state
                        .wrapping_mul(0x5851_F42D_4C95_7F2D)
                        .wrapping_add(0x1405_7B7E_F767_814F);
                    around + ((state >> 40) as f32 / (1u64 << 24) as f32 - 0.5) * scale
                })
                .collect();
            Tensor::from_vec(numbers, shape, &Device::Cpu).unwrap()
        };
        let (queries, cached) = (HEADS * self.head(), CACHED_HEADS * self.head());
        let mut all = Tensors::new();
        all.insert(
            "model.embed_tokens.weight".into(),
            random(&[VOCABULARY, HIDDEN], 0.8, 0.0),
        );
        all.insert("model.norm.weight".into(), random(&[HIDDEN], 0.5, 1.0));
        if !self.tied() {
            all.insert(
                "lm_head.weight".into(),
                random(&[VOCABULARY, HIDDEN], 0.8, 0.0),
            );
        }
        for layer in 0..LAYERS {
            let mut add = |name: &str, tensor| {
                all.insert(format!("model.layers.{layer}.{name}"), tensor);
            };
            add("input_layernorm.weight", random(&[HIDDEN], 0.5, 1.0));
            add(
                "post_attention_layernorm.weight",
                random(&[HIDDEN], 0.5, 1.0),
            );
            add(
                "self_attn.q_proj.weight",
                random(&[queries, HIDDEN], 0.35, 0.0),
            );
            add(
                "self_attn.k_proj.weight",
                random(&[cached, HIDDEN], 0.35, 0.0),
            );
            add(
                "self_attn.v_proj.weight",
                random(&[cached, HIDDEN], 0.35, 0.0),
            );
            add(
                "self_attn.o_proj.weight",
                random(&[HIDDEN, queries], 0.35, 0.0),
            );
            add("mlp.gate_proj.weight", random(&[INNER, HIDDEN], 0.35, 0.0));
            add("mlp.up_proj.weight", random(&[INNER, HIDDEN], 0.35, 0.0));
            add("mlp.down_proj.weight", random(&[HIDDEN, INNER], 0.35, 0.0));
            if self == Family::Qwen2 {
                add("self_attn.q_proj.bias", random(&[queries], 1.0, 0.0));
                add("self_attn.k_proj.bias", random(&[cached], 1.0, 0.0));
                add("self_attn.v_proj.bias", random(&[cached], 1.0, 0.0));
            }
            if self == Family::Qwen3 {
                add("self_attn.q_norm.weight", random(&[self.head()], 0.5, 1.0));
                add("self_attn.k_norm.weight", random(&[self.head()], 0.5, 1.0));
            }
        }
        all
    }
}

/// A folder with a model, removed when dropped.
pub(crate) struct Folder(pub(crate) TempDir);

impl Folder {
    pub(crate) fn new(family: Family) -> Self {
        Self::with(family, DType::F32)
    }

    pub(crate) fn with(family: Family, kind: DType) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        folder.write_config(&family.config());
        fs::write(folder.path("tokenizer.json"), tokenizer(VOCABULARY)).unwrap();
        let tensors: std::collections::HashMap<String, Tensor> = family
            .tensors()
            .into_iter()
            .map(|(name, tensor)| (name, tensor.to_dtype(kind).unwrap()))
            .collect();
        candle_core::safetensors::save(&tensors, folder.path("model.safetensors")).unwrap();
        folder
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn root(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn reference(&self) -> String {
        self.0.path().to_str().unwrap().into()
    }

    pub(crate) fn write_config(&self, config: &Value) {
        fs::write(self.path("config.json"), config.to_string()).unwrap();
    }
}

/// A tokenizer of words `w3`, `w4` … and three special tokens.
pub(crate) fn tokenizer(vocabulary: usize) -> String {
    let mut words = serde_json::Map::new();
    words.insert("<unk>".into(), json!(0));
    words.insert("<s>".into(), json!(1));
    words.insert("</s>".into(), json!(2));
    for id in 3..vocabulary {
        words.insert(format!("w{id}"), json!(id));
    }
    json!({
        "version": "1.0",
        "truncation": null,
        "padding": null,
        "added_tokens": [{
            "id": 2, "content": "</s>", "single_word": false, "lstrip": false, "rstrip": false,
            "normalized": false, "special": true,
        }],
        "normalizer": null,
        "pre_tokenizer": {"type": "Whitespace"},
        "post_processor": null,
        "decoder": null,
        "model": {"type": "WordLevel", "vocab": words, "unk_token": "<unk>"},
    })
    .to_string()
}

/// Random tokens of a text.
pub(crate) fn text(seed: u64, length: usize) -> Vec<u32> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    (0..length)
        .map(|_| {
            state = state
                .wrapping_mul(0x5851_F42D_4C95_7F2D)
                .wrapping_add(0x1405_7B7E_F767_814F);
            3 + (state >> 40) as u32 % (VOCABULARY as u32 - 3)
        })
        .collect()
}
