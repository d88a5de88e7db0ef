//! A whole local network in one program: see `localnet --help`.

use std::{path::PathBuf, process::ExitCode};

use clap::Parser;
use neuron_operator::stop::Stop;
use zombienet::{
    cast::TEMPLATES,
    failure::{Failure, Outcome},
    session::{self, Options},
};

/// Runs a local network: a chain with fast blocks, a subnet made from a template, two validators and four miners of
/// different quality, one of which cheats. Shows who earns what, epoch by epoch, until Ctrl-C.
///
/// Nothing is downloaded, and nothing is left behind unless --keep says where.
#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask localnet",
    after_help = "Examples:
  cargo xtask localnet                                a network to look at, until Ctrl-C
  cargo xtask localnet --template text-generation     one of verified inference
  cargo xtask localnet --epochs 5 --check             five epochs, and whether the chain paid rightly
  cargo xtask localnet --json | jq .                  a JSON object a line: network, first-pay, epoch, check
  cargo xtask localnet --keep ~/net                   go on with the same network next time
  cargo xtask localnet --chain-only                   a chain, and nothing else"
)]
struct Flags {
    /// Template of the subnet.
    #[arg(long, value_name = "NAME", default_value = TEMPLATES[0], value_parser = TEMPLATES, env = "DENDRA_LOCALNET_TEMPLATE")]
    template: String,

    /// End by itself this many epochs after the first one that paid a miner.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..), conflicts_with = "chain_only")]
    epochs: Option<u64>,

    /// Judge those epochs by the chain's own state: the better miner earned more, the cheat nothing, both validators
    /// earned, and all amounts add up. Ends with an exit status other than 0 if not.
    #[arg(long, requires = "epochs")]
    check: bool,

    /// Keep the network in this folder, logs included, and go on with it at the next start.
    #[arg(long, value_name = "FOLDER", env = "DENDRA_LOCALNET_KEEP")]
    keep: Option<PathBuf>,

    /// Print JSON, an object a line.
    #[arg(long)]
    json: bool,

    /// RPC on this port and the next; 0 for free ones.
    #[arg(
        long,
        value_name = "PORT",
        default_value_t = 9944,
        env = "DENDRA_LOCALNET_PORT"
    )]
    port: u16,

    /// Only the chain: no subnet, no miners, no validators.
    #[arg(long)]
    chain_only: bool,

    /// End by itself once this block is final.
    #[arg(long, value_name = "BLOCK")]
    until: Option<u64>,
}

fn main() -> ExitCode {
    match run(Flags::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(failure) => {
            eprintln!("\nerror: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(flags: Flags) -> Outcome<bool> {
    let options = Options {
        template: flags.template,
        epochs: flags.epochs,
        check: flags.check,
        until: flags.until,
        keep: flags.keep,
        json: flags.json,
        port: flags.port,
    };
    // Hears the signals from the first moment on.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    let stop = {
        let _inside = runtime.enter();
        Stop::on_signals().map_err(|error| Failure::new(format!("no signals: {error}")))?
    };
    if flags.chain_only {
        zombienet::bare::run(&options, &stop)
    } else {
        session::run(&options, &stop)
    }
}
