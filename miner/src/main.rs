//! The miner.

use std::{process::ExitCode, time::Duration};

use clap::Parser;
use dendra_miner::{cli::Cli, command};
use neuron_operator::exit;

/// How long work that no deadline can interrupt may delay the end.
const GRACE: Duration = Duration::from_millis(200);

fn main() -> ExitCode {
    exit::run(command::run(Cli::parse()), GRACE)
}
