//! The validator.

use std::process::ExitCode;

use clap::Parser;
use dendra_validator::{cli::Cli, command};

#[tokio::main]
async fn main() -> ExitCode {
    neuron_operator::exit::finish(command::run(Cli::parse()).await)
}
