//! The validator.

use std::{process::ExitCode, time::Duration};

use clap::Parser;
use dendra_validator::{cli::Cli, command};
use tokio::runtime::Runtime;

/// How long a computation that nobody waits for any more may delay the end.
const GRACE: Duration = Duration::from_secs(2);

fn main() -> ExitCode {
    let cli = Cli::parse();
    let result = match Runtime::new() {
        Ok(runtime) => {
            let result = runtime.block_on(command::run(cli));
            runtime.shutdown_timeout(GRACE);
            result
        }
        Err(error) => Err(error.into()),
    };
    neuron_operator::exit::finish(result)
}
