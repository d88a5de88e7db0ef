//! Files that are not there, damaged or of another kind: one clear sentence each.

mod common;

use std::fs;

use candle_core::{
    DType, Device, Tensor,
    quantized::{
        GgmlDType, QTensor,
        gguf_file::{Value, write},
    },
};
use common::{CONTEXT, Family, Folder, HEADS, HIDDEN, INNER, LAYERS, VOCABULARY, text};
use model_inference::{DataType, Engine, Options};
use serde_json::json;
use subnet_sdk::{ModelError, Models};

/// Keys and values of a GGUF file.
type Metadata = Vec<(String, Value)>;

/// The error of loading, as a sentence.
fn refusal(reference: &str) -> ModelError {
    match Engine::default().load(reference) {
        Ok(_) => panic!("{reference} loads"),
        Err(error) => {
            let sentence = error.to_string();
            assert!(
                !sentence.contains('\n') && sentence.len() < 400,
                "{sentence}"
            );
            error
        }
    }
}

#[track_caller]
fn file(error: ModelError, name: &str, problem: &str) {
    let ModelError::File {
        path,
        problem: found,
    } = &error
    else {
        panic!("{error:?}");
    };
    assert!(path.ends_with(name), "{}", path.display());
    assert!(found.contains(problem), "{found}");
}

#[test]
fn what_is_missing_is_named() {
    file(refusal("/nowhere/at/all"), "all", "does not exist");
    for name in ["config.json", "tokenizer.json", "model.safetensors"] {
        let folder = Folder::new(Family::Llama);
        fs::remove_file(folder.path(name)).unwrap();
        file(refusal(&folder.reference()), name, "does not exist");
    }
}

#[test]
fn damaged_files_are_told_apart() {
    let folder = Folder::new(Family::Llama);
    fs::write(folder.path("config.json"), "{").unwrap();
    file(refusal(&folder.reference()), "config.json", "configuration");

    let folder = Folder::new(Family::Llama);
    fs::write(folder.path("tokenizer.json"), "[]").unwrap();
    file(refusal(&folder.reference()), "tokenizer.json", "tokenizer");

    let folder = Folder::new(Family::Llama);
    let path = folder.path("model.safetensors");
    let bytes = fs::read(&path).unwrap();
    for (length, problem) in [
        (bytes.len() - 1, "ends before"),
        (100, "header is cut off"),
        (5, "no header"),
        (0, "no header"),
    ] {
        fs::write(&path, &bytes[..length]).unwrap();
        file(refusal(&folder.reference()), "model.safetensors", problem);
    }
    let mut broken = bytes.clone();
    broken[8] = b'!';
    fs::write(&path, &broken).unwrap();
    file(refusal(&folder.reference()), "model.safetensors", "header");
    let mut broken = bytes.clone();
    broken[..8].copy_from_slice(&u64::MAX.to_le_bytes());
    fs::write(&path, &broken).unwrap();
    file(refusal(&folder.reference()), "model.safetensors", "header");
    // Bytes that are no number.
    let mut broken = bytes;
    let last = broken.len() - 4;
    broken[last..].copy_from_slice(&f32::NAN.to_le_bytes());
    fs::write(&path, &broken).unwrap();
    file(refusal(&folder.reference()), "model.safetensors", "finite");
}

#[test]
fn configurations_that_cannot_be_are_refused() {
    let folder = Folder::new(Family::Llama);
    let with = |key: &str, value: serde_json::Value| {
        let mut config = Family::Llama.config();
        config[key] = value;
        folder.write_config(&config);
        refusal(&folder.reference())
    };
    let architecture = |error| matches!(error, ModelError::Architecture { .. });
    assert!(architecture(with("model_type", json!("gpt2"))));
    assert!(architecture(with("hidden_act", json!("gelu"))));
    assert!(architecture(with(
        "rope_scaling",
        json!({"rope_type": "yarn", "factor": 4.0})
    )));
    file(
        with("num_key_value_heads", json!(3)),
        "config.json",
        "evenly",
    );
    file(
        with("num_attention_heads", json!(0)),
        "config.json",
        "heads",
    );
    file(
        with("hidden_size", json!(1u64 << 60)),
        "config.json",
        "hidden_size",
    );
    file(with("head_dim", json!(15)), "config.json", "even");
    file(with("rope_theta", json!(0.0)), "config.json", "rope_theta");
    file(
        with("vocab_size", json!("many")),
        "config.json",
        "configuration",
    );
    file(
        with("intermediate_size", json!(97)),
        "model.safetensors",
        "shape",
    );
    assert!(matches!(
        with("eos_token_id", json!(VOCABULARY)),
        ModelError::Mismatch(_)
    ));
    assert!(matches!(
        with("num_hidden_layers", json!(LAYERS + 1)),
        ModelError::Mismatch(_)
    ));
}

#[test]
fn a_tokenizer_of_another_model_is_refused() {
    let folder = Folder::new(Family::Llama);
    fs::write(
        folder.path("tokenizer.json"),
        common::tokenizer(VOCABULARY + 1),
    )
    .unwrap();
    let error = refusal(&folder.reference());
    assert!(
        matches!(&error, ModelError::Mismatch(text) if text.contains("tokenizer")),
        "{error}"
    );
    // Fewer tokens than the model knows is common: vocabularies are filled up.
    fs::write(
        folder.path("tokenizer.json"),
        common::tokenizer(VOCABULARY - 9),
    )
    .unwrap();
    assert!(Engine::default().load(&folder.reference()).is_ok());
}

#[test]
fn a_missing_or_foreign_tensor_is_named() {
    let save = |folder: &Folder, change: &dyn Fn(&mut common::Tensors)| {
        let mut tensors = Family::Llama.tensors();
        change(&mut tensors);
        let all: std::collections::HashMap<_, _> = tensors.into_iter().collect();
        candle_core::safetensors::save(&all, folder.path("model.safetensors")).unwrap();
        refusal(&folder.reference())
    };
    let folder = Folder::new(Family::Llama);
    for name in [
        "model.layers.1.mlp.up_proj.weight",
        "model.layers.2.input_layernorm.weight",
        "model.norm.weight",
        "lm_head.weight",
        "model.embed_tokens.weight",
    ] {
        let error = save(&folder, &|tensors| {
            tensors.remove(name);
        });
        assert!(
            matches!(&error, ModelError::Mismatch(text) if text.contains(name)),
            "{error}"
        );
    }
    let error = save(&folder, &|tensors| {
        let bias = Tensor::zeros(INNER, DType::F32, &Device::Cpu).unwrap();
        tensors.insert("model.layers.0.mlp.up_proj.bias".into(), bias);
    });
    assert!(matches!(error, ModelError::Architecture { .. }), "{error}");
    let error = save(&folder, &|tensors| {
        let wrong = Tensor::zeros((HIDDEN, INNER), DType::U32, &Device::Cpu).unwrap();
        tensors.insert("model.layers.0.mlp.down_proj.weight".into(), wrong);
    });
    file(error, "model.safetensors", "type");
}

#[test]
fn shards_are_one_model() {
    let whole = Folder::new(Family::Qwen3);
    let parts = Folder::new(Family::Qwen3);
    fs::remove_file(parts.path("model.safetensors")).unwrap();
    let mut map = serde_json::Map::new();
    let mut shards = [
        std::collections::HashMap::new(),
        std::collections::HashMap::new(),
    ];
    for (index, (name, tensor)) in Family::Qwen3.tensors().into_iter().enumerate() {
        map.insert(
            name.clone(),
            format!("model-{}.safetensors", index % 2).into(),
        );
        shards[index % 2].insert(name, tensor);
    }
    for (index, shard) in shards.iter().enumerate() {
        candle_core::safetensors::save(shard, parts.path(&format!("model-{index}.safetensors")))
            .unwrap();
    }
    let index = parts.path("model.safetensors.index.json");
    fs::write(&index, json!({"weight_map": map}).to_string()).unwrap();
    let engine = Engine::default();
    let one = engine.load(&whole.reference()).unwrap();
    let two = engine.load(&parts.reference()).unwrap();
    assert_eq!(one.fingerprint(), two.fingerprint());
    assert_eq!(
        one.predict(&text(1, 9), 5).unwrap(),
        two.predict(&text(1, 9), 5).unwrap()
    );

    for outside in ["../model-1.safetensors", "/etc/passwd"] {
        let mut map = map.clone();
        map.insert("model.norm.weight".into(), outside.into());
        fs::write(&index, json!({"weight_map": map}).to_string()).unwrap();
        file(
            refusal(&parts.reference()),
            "model.safetensors.index.json",
            "not a file of the folder",
        );
    }
    map.insert("model.more.weight".into(), "model-0.safetensors".into());
    fs::write(&index, json!({"weight_map": map}).to_string()).unwrap();
    file(
        refusal(&parts.reference()),
        "model-0.safetensors",
        "lacks the tensor",
    );
    fs::remove_file(parts.path("model-1.safetensors")).unwrap();
    file(
        refusal(&parts.reference()),
        "model-1.safetensors",
        "does not exist",
    );
}

#[test]
fn fingerprints_change_with_what_they_name() {
    let folder = Folder::new(Family::Llama);
    let print = |folder: &Folder| {
        Engine::default()
            .load(&folder.reference())
            .unwrap()
            .fingerprint()
            .clone()
    };
    let first = print(&folder);
    assert_eq!(first, print(&Folder::new(Family::Llama)));
    let path = folder.path("model.safetensors");
    let mut bytes = fs::read(&path).unwrap();
    let last = bytes.len() - 4;
    bytes[last] ^= 1;
    fs::write(&path, bytes).unwrap();
    let second = print(&folder);
    assert_eq!(
        (first.config, first.tokenizer),
        (second.config, second.tokenizer)
    );
    assert_ne!(first.weights, second.weights);
}

#[test]
fn narrower_weights_are_close_and_take_half_the_memory() {
    let folder = Folder::new(Family::Llama);
    let load = |data_type| {
        Engine::new(Options {
            data_type,
            ..Options::default()
        })
        .load_path(folder.root())
        .unwrap()
    };
    let whole = load(DataType::F32);
    let expected = subnet_sdk::LanguageModel::predict(&*whole, &text(1, 9), VOCABULARY).unwrap();
    for data_type in [DataType::Bf16, DataType::F16] {
        let half = load(data_type);
        assert_eq!(half.weight_bytes() * 2, whole.weight_bytes());
        let found = subnet_sdk::LanguageModel::predict(&*half, &text(1, 9), VOCABULARY).unwrap();
        for candidate in found {
            let wanted = expected.iter().find(|c| c.id == candidate.id).unwrap();
            assert!((candidate.log_probability - wanted.log_probability).abs() < 0.3);
        }
    }
}

#[test]
fn a_model_is_loaded_once() {
    let folder = Folder::new(Family::Llama);
    let engine = Engine::default();
    let one = engine.load_path(folder.root()).unwrap();
    let two = engine.load_path(&folder.root().join(".")).unwrap();
    assert!(std::sync::Arc::ptr_eq(&one, &two));
}

/// Writes a model as a GGUF file, weights quantised, with a byte-level tokenizer of its own.
fn gguf(family: Family, kind: GgmlDType, path: &std::path::Path, change: &dyn Fn(&mut Metadata)) {
    let architecture = match family {
        Family::Qwen2 => "qwen2",
        Family::Qwen3 => "qwen3",
        _ => "llama",
    };
    let head = family.head();
    let mut metadata: Vec<(String, Value)> = vec![
        (
            "general.architecture".into(),
            Value::String(architecture.into()),
        ),
        (
            format!("{architecture}.embedding_length"),
            Value::U32(HIDDEN as u32),
        ),
        (
            format!("{architecture}.feed_forward_length"),
            Value::U32(INNER as u32),
        ),
        (
            format!("{architecture}.block_count"),
            Value::U32(LAYERS as u32),
        ),
        (
            format!("{architecture}.attention.head_count"),
            Value::U32(HEADS as u32),
        ),
        (
            format!("{architecture}.attention.head_count_kv"),
            Value::U32(common::CACHED_HEADS as u32),
        ),
        (
            format!("{architecture}.attention.key_length"),
            Value::U32(head as u32),
        ),
        (
            format!("{architecture}.context_length"),
            Value::U32(CONTEXT as u32),
        ),
        (
            format!("{architecture}.rope.freq_base"),
            Value::F32(10000.0),
        ),
        (
            format!("{architecture}.attention.layer_norm_rms_epsilon"),
            Value::F32(1e-5),
        ),
        ("tokenizer.ggml.model".into(), Value::String("gpt2".into())),
        (
            "tokenizer.ggml.tokens".into(),
            Value::Array(
                (0..VOCABULARY)
                    .map(|id| {
                        // Letters as they are, and two merged ones at the end.
                        let text = match id {
                            81 => "ab".into(),
                            82 => "abc".into(),
                            _ => char::from(33 + id as u8).to_string(),
                        };
                        Value::String(text)
                    })
                    .collect(),
            ),
        ),
        (
            "tokenizer.ggml.merges".into(),
            Value::Array(vec![
                Value::String("a b".into()),
                Value::String("ab c".into()),
            ]),
        ),
        ("tokenizer.ggml.eos_token_id".into(), Value::U32(2)),
    ];
    change(&mut metadata);
    let mut tensors = Vec::new();
    for (name, mut tensor) in family.tensors() {
        if architecture == "llama" && (name.contains("q_proj") || name.contains("k_proj")) {
            // As converters do: pairs that are rotated together become neighbours.
            let rows = tensor.dim(0).unwrap();
            tensor = tensor
                .reshape((rows / head, 2, head / 2, HIDDEN))
                .unwrap()
                .transpose(1, 2)
                .unwrap()
                .contiguous()
                .unwrap()
                .reshape((rows, HIDDEN))
                .unwrap();
        }
        let short = name
            .replace("model.embed_tokens", "token_embd")
            .replace("model.norm", "output_norm")
            .replace("lm_head", "output")
            .replace("model.layers", "blk")
            .replace("input_layernorm", "attn_norm")
            .replace("post_attention_layernorm", "ffn_norm")
            .replace("self_attn.q_norm", "attn_q_norm")
            .replace("self_attn.k_norm", "attn_k_norm")
            .replace("self_attn.q_proj", "attn_q")
            .replace("self_attn.k_proj", "attn_k")
            .replace("self_attn.v_proj", "attn_v")
            .replace("self_attn.o_proj", "attn_output")
            .replace("mlp.gate_proj", "ffn_gate")
            .replace("mlp.up_proj", "ffn_up")
            .replace("mlp.down_proj", "ffn_down");
        let kind = if tensor.rank() == 1 {
            GgmlDType::F32
        } else {
            kind
        };
        tensors.push((short, QTensor::quantize(&tensor, kind).unwrap()));
    }
    let metadata: Vec<(&str, &Value)> = metadata.iter().map(|(k, v)| (k.as_str(), v)).collect();
    let tensors: Vec<(&str, &QTensor)> = tensors.iter().map(|(k, v)| (k.as_str(), v)).collect();
    let mut file = fs::File::create(path).unwrap();
    write(&mut file, &metadata, &tensors).unwrap();
}

#[test]
fn gguf_files_are_the_models_that_they_were_made_of() {
    for family in [Family::Llama, Family::Qwen2, Family::Qwen3] {
        let folder = Folder::new(family);
        let engine = Engine::default();
        let whole = engine.load(&folder.reference()).unwrap();
        let expected = whole.predict(&text(1, 20), VOCABULARY).unwrap();
        for (kind, tolerance) in [
            (GgmlDType::F32, 1e-3),
            (GgmlDType::F16, 0.05),
            (GgmlDType::BF16, 0.3),
            (GgmlDType::Q8_0, 0.5),
            (GgmlDType::Q5_1, 3.0),
            (GgmlDType::Q4_0, 6.0),
        ] {
            let path = folder.path(&format!("{kind:?}.gguf"));
            gguf(family, kind, &path, &|_| {});
            // Its own tokenizer, not the one of the folder.
            let alone = tempfile::tempdir().unwrap();
            let moved = alone.path().join("model.gguf");
            fs::rename(&path, &moved).unwrap();
            let model = engine.load(moved.to_str().unwrap()).unwrap();
            let found = model.predict(&text(1, 20), VOCABULARY).unwrap();
            let mean: f32 = found
                .iter()
                .map(|candidate| {
                    let wanted = expected.iter().find(|c| c.id == candidate.id).unwrap();
                    (candidate.log_probability - wanted.log_probability).abs()
                })
                .sum::<f32>()
                / VOCABULARY as f32;
            assert!(mean < tolerance, "{family:?} as {kind:?} is off by {mean}");
            assert_eq!(model.encode("abc!").unwrap(), [82, 0]);
            assert_eq!(model.decode(&[82, 0]).unwrap(), "abc!");
            assert_eq!(model.end_of_text(), Some(2));
        }
    }
}

#[test]
fn gguf_files_that_cannot_be_used_say_why() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.gguf");
    let reference = path.to_str().unwrap();
    let with = |change: &dyn Fn(&mut Metadata)| {
        gguf(Family::Llama, GgmlDType::Q8_0, &path, change);
        refusal(reference)
    };
    let without = |key: &'static str| with(&move |metadata| metadata.retain(|(k, _)| k != key));
    assert!(matches!(
        with(&|metadata| metadata[0].1 = Value::String("mamba".into())),
        ModelError::Architecture { .. }
    ));
    assert!(matches!(
        without("general.architecture"),
        ModelError::Architecture { .. }
    ));
    file(without("llama.block_count"), "model.gguf", "block_count");
    file(
        without("llama.context_length"),
        "model.gguf",
        "context_length",
    );
    file(without("tokenizer.ggml.tokens"), "model.gguf", "tokenizer");
    file(
        with(&|metadata| {
            let cut = Value::String("some-other-way".into());
            metadata.push(("tokenizer.ggml.pre".into(), cut));
        }),
        "model.gguf",
        "some-other-way",
    );
    assert!(matches!(
        with(&|metadata| {
            for (key, value) in metadata {
                if key == "tokenizer.ggml.tokens" {
                    *value = Value::Array(
                        (0..VOCABULARY + 1)
                            .map(|id| Value::String(format!("t{id}")))
                            .collect(),
                    );
                }
                if key == "tokenizer.ggml.merges" {
                    *value = Value::Array(vec![]);
                }
            }
        }),
        ModelError::Mismatch(_)
    ));
    gguf(Family::Llama, GgmlDType::Q8_0, &path, &|_| {});
    let bytes = fs::read(&path).unwrap();
    for length in [0, 3, 20, bytes.len() / 2] {
        fs::write(&path, &bytes[..length]).unwrap();
        file(refusal(reference), "model.gguf", "damaged");
    }
}

#[test]
fn toy_models_need_no_files() {
    let engine = Engine::default();
    let toy = engine.load("toy:7").unwrap();
    assert_eq!(toy.name(), "toy:7");
    let tokens = toy.encode("the cat").unwrap();
    assert_eq!(toy.predict(&tokens, 3).unwrap().len(), 3);
    assert!(engine.load("toy:seven").is_err());
}
