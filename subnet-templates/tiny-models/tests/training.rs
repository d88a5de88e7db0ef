//! Trainings of seconds: that they learn, that they can be repeated, that they survive an interruption.

use std::{ops::ControlFlow, path::Path};

use tiny_models::{
    Architecture, Corpus, Plan, Progress, Quality, Record, TinyModelError, corpus, train,
};

/// A part of the text that ships, so that the test takes a second.
fn little_text() -> Corpus {
    let corpus = corpus();
    let start = |part: &'static str, length: usize| {
        let end = (length..part.len())
            .find(|end| part.is_char_boundary(*end))
            .unwrap_or(part.len());
        part.split_at(end).0
    };
    Corpus {
        training: start(corpus.training, 60_000),
        validation: start(corpus.validation, 6_000),
        held_out: start(corpus.held_out, 6_000),
    }
}

fn little_plan() -> Plan {
    let quick = Plan::quick(60);
    Plan {
        architecture: Architecture {
            vocab_size: 300,
            max_position_embeddings: 32,
            ..quick.architecture
        },
        barely: 2,
        half: 12,
        warm_up: 10,
        rows: 8,
        checkpoint_every: 10,
        ..quick
    }
}

fn run(out: &Path, stop: Option<u32>) -> Result<(Record, Vec<f32>), TinyModelError> {
    let mut losses = Vec::new();
    let record = train(&little_plan(), &little_text(), out, &mut |progress| {
        if let Progress::Step { step, loss } = progress {
            losses.push(*loss);
            if Some(*step) == stop {
                return ControlFlow::Break(());
            }
        }
        ControlFlow::Continue(())
    })?;
    Ok((record, losses))
}

/// The bytes of everything that a training leaves, by name.
fn files(out: &Path) -> std::io::Result<Vec<(String, Vec<u8>)>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(out)? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(self::files(&path)?);
        } else {
            files.push((path.display().to_string(), std::fs::read(&path)?));
        }
    }
    files.sort();
    for (name, _) in &mut files {
        *name = name.replacen(&out.display().to_string(), "", 1);
    }
    Ok(files)
}

#[test]
fn a_training_learns_and_can_be_repeated_to_the_byte() -> Result<(), Box<dyn std::error::Error>> {
    let (first, second) = (tempfile::tempdir()?, tempfile::tempdir()?);
    let (record, losses) = run(first.path(), None)?;
    let uniform = (300f64).ln();
    let start = losses.first().copied().unwrap_or_default();
    assert!((f64::from(start) - uniform).abs() < 0.2, "{start}");
    let held_out = |quality| record.models.get(&quality).map(|outcome| outcome.held_out);
    let (Some(trained), Some(half), Some(barely)) = (
        held_out(Quality::Trained),
        held_out(Quality::Half),
        held_out(Quality::Barely),
    ) else {
        return Err("a model is missing".into());
    };
    assert!(
        trained + 0.1 < half && half + 0.1 < barely,
        "{trained} {half} {barely}"
    );
    assert!(trained < uniform - 1.0, "{trained}");

    let (again, repeated) = run(second.path(), None)?;
    assert_eq!(losses, repeated);
    assert_eq!(record, again);
    let files = [files(first.path())?, files(second.path())?];
    assert_eq!(files[0].len(), 10, "three folders of three files, a record");
    assert_eq!(files[0], files[1]);
    Ok(())
}

#[test]
fn an_interruption_changes_nothing() -> Result<(), Box<dyn std::error::Error>> {
    let (whole, broken) = (tempfile::tempdir()?, tempfile::tempdir()?);
    run(whole.path(), None)?;
    let (partial, losses) = run(broken.path(), Some(17))?;
    assert_eq!((losses.len(), partial.models.len()), (17, 2));
    let (_, rest) = run(broken.path(), Some(19))?;
    assert_eq!(rest.len(), 2);
    run(broken.path(), None)?;
    assert_eq!(files(whole.path())?, files(broken.path())?);
    Ok(())
}

#[test]
fn a_checkpoint_of_another_training_is_refused() -> Result<(), Box<dyn std::error::Error>> {
    let out = tempfile::tempdir()?;
    run(out.path(), Some(3))?;
    let other = Plan {
        seed: 7,
        ..little_plan()
    };
    let watch = &mut |_: &Progress| ControlFlow::Continue(());
    let refused = train(&other, &little_text(), out.path(), watch);
    assert!(matches!(refused, Err(TinyModelError::Plan(_))));
    let mut text = little_text();
    text.validation = text.held_out;
    let refused = train(&little_plan(), &text, out.path(), watch);
    assert!(matches!(refused, Err(TinyModelError::Plan(_))));

    let checkpoint = out.path().join("checkpoint.safetensors");
    let bytes = std::fs::read(&checkpoint)?;
    for length in [0, 7, 100, bytes.len() - 1] {
        std::fs::write(&checkpoint, bytes.get(..length).unwrap_or_default())?;
        let refused = train(&little_plan(), &little_text(), out.path(), watch);
        assert!(matches!(refused, Err(TinyModelError::File { .. })));
    }
    Ok(())
}

#[test]
fn a_text_too_small_for_the_vocabulary_is_refused() -> Result<(), Box<dyn std::error::Error>> {
    let out = tempfile::tempdir()?;
    let text = Corpus {
        training: "It rained.",
        ..little_text()
    };
    let watch = &mut |_: &Progress| ControlFlow::Continue(());
    let refused = train(&little_plan(), &text, out.path(), watch);
    assert!(matches!(refused, Err(TinyModelError::Plan(_))));
    Ok(())
}
