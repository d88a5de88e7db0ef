//! The training of the tiny models.

use std::process::Command;

use crate::{
    cargo::Cargo,
    places::Places,
    shell::{self, Outcome},
};

/// What the chore was asked for.
pub(crate) struct Options {
    /// Folder for the models; by default one beside the builds, so that the committed models stay as they are.
    pub(crate) out: Option<std::path::PathBuf>,
    /// Steps, if not as many as usual.
    pub(crate) steps: Option<u32>,
    /// A small model and a few steps.
    pub(crate) quick: bool,
}

/// Builds the program that trains, and runs it.
pub(crate) fn train(places: &Places, options: &Options) -> Outcome {
    let cargo = Cargo::set_up(places)?;
    let program = shell::step("build", || cargo.build_program("train-tiny", "committed"))?;
    let out = match &options.out {
        Some(folder) => folder.clone(),
        None if options.quick => places.target.join("tiny-models-quick"),
        None => places.target.join("tiny-models"),
    };
    let mut command = Command::new(program);
    command.arg("--out").arg(out);
    if let Some(steps) = options.steps {
        command.arg("--steps").arg(steps.to_string());
    }
    if options.quick {
        command.arg("--quick");
    }
    shell::step("training", || shell::run(&mut command))
}
