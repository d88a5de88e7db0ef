//! The forward pass against Candle's models of the same weights.

mod common;

use candle_core::{DType, Device, Result, Tensor};
use candle_nn::VarBuilder;
use candle_transformers::models::{llama, mistral, qwen2, qwen3};
use common::{ALL, Family, Folder, VOCABULARY, WINDOW, text};
use model_inference::{Device as Place, Engine, Options};
use subnet_sdk::{GenerationRequest, LanguageModel, Models, Sampling};

/// A pass over tokens behind so many others, by Candle.
type Step = Box<dyn FnMut(&Tensor, usize) -> Result<Tensor>>;

/// Log-probabilities after every token of a text, by Candle.
fn reference(family: Family, folder: &Folder, tokens: &[u32]) -> Result<Vec<Vec<f32>>> {
    let device = Device::Cpu;
    let bytes = std::fs::read(folder.path("model.safetensors"))?;
    let weights = VarBuilder::from_buffered_safetensors(bytes, DType::F32, &device)?;
    let mut config = family.config();
    // Candle counts how many tokens back the window reaches, without the token itself.
    if family == Family::Mistral {
        config["sliding_window"] = (WINDOW - 1).into();
    }
    let config = config.to_string();
    let mut step: Step = match family {
        Family::Llama | Family::Llama3 => {
            let config: llama::LlamaConfig = serde_json::from_str(&config).unwrap();
            let config = config.into_config(false);
            let mut cache = llama::Cache::new(true, DType::F32, &config, &device)?;
            let model = llama::Llama::load(weights, &config)?;
            Box::new(move |token, position| model.forward(token, position, &mut cache))
        }
        Family::Mistral => {
            let config = serde_json::from_str(&config).unwrap();
            let mut model = mistral::Model::new(&config, weights)?;
            // Step by step Candle forgets the window; the whole text at once shows it.
            let mut seen = Vec::new();
            Box::new(move |token, _| {
                seen.extend(token.flatten_all()?.to_vec1::<u32>()?);
                model.clear_kv_cache();
                let all = Tensor::new(seen.as_slice(), &Device::Cpu)?.unsqueeze(0)?;
                model.forward(&all, 0)
            })
        }
        Family::Qwen2 => {
            let config = serde_json::from_str(&config).unwrap();
            let mut model = qwen2::ModelForCausalLM::new(&config, weights)?;
            Box::new(move |token, position| model.forward(token, position))
        }
        Family::Qwen3 => {
            let config = serde_json::from_str(&config).unwrap();
            let mut model = qwen3::ModelForCausalLM::new(&config, weights)?;
            Box::new(move |token, position| model.forward(token, position))
        }
    };
    let mut all = Vec::new();
    for (position, token) in tokens.iter().enumerate() {
        let input = Tensor::new(&[*token], &device)?.unsqueeze(0)?;
        let logits = step(&input, position)?.flatten_all()?;
        let log = candle_nn::ops::log_softmax(&logits, 0)?;
        all.push(log.to_vec1()?);
    }
    Ok(all)
}

#[test]
fn the_forward_pass_agrees_with_candle() {
    for family in ALL {
        let folder = Folder::new(family);
        let tokens = text(7, 40);
        let expected = reference(family, &folder, &tokens).unwrap();
        let engine = Engine::new(Options {
            threads: Some(2),
            prefill_tokens: 7,
            ..Options::default()
        });
        let model = engine.load(&folder.reference()).unwrap();
        assert_eq!(model.vocabulary(), VOCABULARY);
        let mut greatest = 0f32;
        for length in 1..=tokens.len() {
            let found = model.predict(&tokens[..length], VOCABULARY).unwrap();
            assert_eq!(found.len(), VOCABULARY);
            assert!(found.is_sorted_by(|a, b| a.log_probability >= b.log_probability));
            for candidate in found {
                let wanted = expected[length - 1][candidate.id as usize];
                greatest = greatest.max((candidate.log_probability - wanted).abs());
            }
        }
        assert!(greatest < 1e-3, "{family:?} is off by {greatest}");
    }
}

#[test]
fn weights_in_sixteen_bits_agree_with_candle_on_the_rounded_weights() {
    for kind in [DType::BF16, DType::F16] {
        let folder = Folder::with(Family::Llama, kind);
        let tokens = text(8, 12);
        let expected = reference(Family::Llama, &folder, &tokens).unwrap();
        let model = Engine::default().load(&folder.reference()).unwrap();
        for length in [1, 5, 12] {
            for candidate in model.predict(&tokens[..length], VOCABULARY).unwrap() {
                let wanted = expected[length - 1][candidate.id as usize];
                let off = (candidate.log_probability - wanted).abs();
                assert!(off < 1e-3, "{kind:?} is off by {off}");
            }
        }
    }
}

#[test]
fn the_path_of_graphics_processors_agrees_with_the_kernels() {
    for family in ALL {
        let folder = Folder::new(family);
        let tokens = text(9, 30);
        let load = |device| {
            let options = Options {
                device,
                prefill_tokens: 13,
                ..Options::default()
            };
            Engine::new(options).load(&folder.reference()).unwrap()
        };
        let (kernels, candle) = (load(Place::Cpu), load(Place::CandleCpu));
        let request = GenerationRequest {
            prompt: tokens.clone(),
            limit: 6,
            sampling: Sampling::GREEDY,
            stops_at_end: false,
            candidates: 0,
        };
        let generation = kernels.generate(&request, &mut |_| true).unwrap();
        let other = candle.generate(&request, &mut |_| true).unwrap();
        for (a, b) in generation.tokens.iter().zip(&other.tokens) {
            assert_eq!(a.id, b.id);
            assert!((a.log_probability - b.log_probability).abs() < 1e-3);
        }
        let examine = |model: &dyn LanguageModel| model.examine(&tokens, 3, 2, None).unwrap();
        let (a, b) = (examine(&*kernels), examine(&*candle));
        assert_eq!((a.len(), b.len()), (27, 27));
        for (a, b) in a.iter().zip(&b) {
            assert!(
                (a.log_probability - b.log_probability).abs() < 1e-3,
                "{family:?}"
            );
        }
    }
}

#[test]
#[cfg(not(any(feature = "cuda", feature = "metal")))]
fn a_device_that_this_build_lacks_is_named() {
    let folder = Folder::new(Family::Llama);
    for device in [Place::Cuda(0), Place::Metal] {
        let options = Options {
            device,
            ..Options::default()
        };
        let refused = Engine::new(options).load(&folder.reference()).err();
        assert!(refused.is_some_and(|error| error.to_string().contains("feature")));
    }
}
