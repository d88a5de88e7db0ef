//! The models that lie in the repository: that they are what their record says.

use std::{collections::BTreeMap, fs, path::Path};

use candle_core::{D, DType, Device, Tensor};
use candle_nn::VarBuilder;
use candle_transformers::models::llama::{Cache, Llama, LlamaConfig};
use safetensors::{Dtype, SafeTensors};
use tiny_models::{
    Architecture, END_OF_TEXT, Plan, Quality, Record, Vocabulary, corpus, evaluate, folder,
    held_out, root,
};

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn architecture(folder: &Path) -> Result<Architecture, Box<dyn std::error::Error>> {
    Ok(serde_json::from_slice(&fs::read(
        folder.join("config.json"),
    )?)?)
}

#[test]
fn weights_are_those_that_the_configuration_names() -> Outcome {
    for quality in Quality::ALL {
        let folder = folder(quality);
        let architecture = architecture(&folder)?;
        assert_eq!(
            fs::read_to_string(folder.join("config.json"))?,
            architecture.to_config()
        );
        let bytes = fs::read(folder.join("model.safetensors"))?;
        let tensors = SafeTensors::deserialize(&bytes)?;
        let found: BTreeMap<String, Vec<usize>> = tensors
            .iter()
            .map(|(name, tensor)| (name.to_owned(), tensor.shape().to_vec()))
            .collect();
        let expected: BTreeMap<String, Vec<usize>> = architecture
            .parameters()
            .into_iter()
            .map(|parameter| (parameter.name, parameter.shape))
            .collect();
        assert_eq!(found, expected);
        assert!(
            tensors
                .iter()
                .all(|(_, tensor)| tensor.dtype() == Dtype::BF16)
        );
        assert_eq!(architecture.count(), Record::read()?.parameters);
    }
    Ok(())
}

#[test]
fn the_tokenizer_is_one_and_gives_every_text_back() -> Outcome {
    let mut files = Vec::new();
    for quality in Quality::ALL {
        let path = folder(quality).join("tokenizer.json");
        files.push(fs::read(&path)?);
        let vocabulary = Vocabulary::read(&path)?;
        assert_eq!(
            vocabulary.size(),
            architecture(&folder(quality))?.vocab_size
        );
        let tokens = vocabulary.encode(held_out())?;
        assert_eq!(vocabulary.decode(&tokens)?, held_out());
        // What is learned from similar text is worth two bytes and more for each token.
        assert!(tokens.len() * 5 < held_out().len() * 2, "{}", tokens.len());
        assert_eq!(vocabulary.number_of(END_OF_TEXT), Some(0));
        assert_eq!(vocabulary.encode(END_OF_TEXT)?, [0]);
        assert_eq!(vocabulary.decode(&[0])?, "");
    }
    assert!(files.windows(2).all(|pair| pair[0] == pair[1]));
    let learned = Vocabulary::learn(
        corpus().training,
        Record::read()?.plan.architecture.vocab_size,
    )?;
    assert_eq!(learned.to_json()?.into_bytes(), files[0]);
    Ok(())
}

#[test]
fn models_and_text_together_are_at_most_ten_megabytes() -> Outcome {
    fn size(folder: &Path) -> std::io::Result<u64> {
        let mut total = 0;
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let metadata = entry.metadata()?;
            total += if metadata.is_dir() {
                size(&entry.path())?
            } else {
                metadata.len()
            };
        }
        Ok(total)
    }
    let total = size(&root())?;
    assert!(total <= 10_000_000, "{total} bytes");
    Ok(())
}

#[test]
fn recorded_losses_are_measured_again() -> Outcome {
    let record = Record::read()?;
    assert_eq!(record.corpus, corpus().fingerprint());
    assert_eq!(record.plan, Plan::standard(Plan::STEPS));
    for quality in Quality::ALL {
        let outcome = record.models.get(&quality).ok_or("a model is missing")?;
        assert_eq!(outcome.steps, record.plan.end_of(quality));
        let measured = evaluate(&folder(quality), held_out())?;
        assert!(
            (measured.loss - outcome.held_out).abs() < 2e-3,
            "{quality}: {} now, {} then",
            measured.loss,
            outcome.held_out
        );
    }
    Ok(())
}

#[test]
fn the_qualities_are_far_enough_apart_to_be_told_apart() -> Outcome {
    let record = Record::read()?;
    let held_out = |quality| {
        let outcome = record.models.get(&quality).ok_or("a model is missing")?;
        Ok::<_, Box<dyn std::error::Error>>(outcome.held_out)
    };
    let [trained, half, barely] = [
        held_out(Quality::Trained)?,
        held_out(Quality::Half)?,
        held_out(Quality::Barely)?,
    ];
    assert!(trained + 0.2 < half, "{trained} {half}");
    assert!(half + 0.8 < barely, "{half} {barely}");
    Ok(())
}

/// The logits of our network decide the losses; those of candle-transformers are an independent reading of the same folder.
#[test]
fn another_implementation_reads_the_same_model_from_the_folder() -> Outcome {
    for quality in Quality::ALL {
        let folder = folder(quality);
        let config: LlamaConfig = serde_json::from_slice(&fs::read(folder.join("config.json"))?)?;
        let config = config.into_config(false);
        let bytes = fs::read(folder.join("model.safetensors"))?;
        let weights = VarBuilder::from_buffered_safetensors(bytes, DType::F32, &Device::Cpu)?;
        let llama = Llama::load(weights, &config)?;
        let vocabulary = Vocabulary::read(&folder.join("tokenizer.json"))?;
        let tokens = vocabulary.encode(held_out().lines().nth(3).unwrap_or_default())?;
        let tokens = tokens.get(..tokens.len().min(100)).unwrap_or_default();
        assert!(tokens.len() > 10);

        let ours = tiny_models::load(&folder)?.0.logits(tokens, tokens.len())?;
        let ours = candle_nn::ops::log_softmax(&ours, D::Minus1)?;
        for length in [1, 2, tokens.len()] {
            let mut cache = Cache::new(false, DType::F32, &config, &Device::Cpu)?;
            let seen = Tensor::new(tokens.get(..length).unwrap_or_default(), &Device::Cpu)?;
            let theirs = llama.forward(&seen.unsqueeze(0)?, 0, &mut cache)?;
            let theirs = candle_nn::ops::log_softmax(&theirs, D::Minus1)?.squeeze(0)?;
            let distance = (ours.get(length - 1)? - theirs)?
                .abs()?
                .max(0)?
                .to_scalar::<f32>()?;
            assert!(distance < 1e-3, "{quality}, {length} tokens: {distance}");
        }
    }
    Ok(())
}
