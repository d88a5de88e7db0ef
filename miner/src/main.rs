//! The miner.

use std::process::ExitCode;

use clap::Parser;
use dendra_miner::{cli::Cli, command};
use neuron_operator::exit;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let result = match runtime {
        Ok(runtime) => {
            let result = runtime.block_on(command::run(cli));
            // Work that no deadline can interrupt must not keep the process.
            runtime.shutdown_timeout(std::time::Duration::from_millis(200));
            result
        }
        Err(error) => Err(error.into()),
    };
    exit::finish(result)
}
