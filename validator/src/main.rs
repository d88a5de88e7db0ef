//! The validator.

use std::{process::ExitCode, time::Duration};

use clap::Parser;
use dendra_validator::{cli::Cli, command};
use neuron_operator::exit;

/// How long a computation that nobody waits for any more may delay the end.
const GRACE: Duration = Duration::from_secs(2);

fn main() -> ExitCode {
    exit::run(command::run(Cli::parse()), GRACE)
}
