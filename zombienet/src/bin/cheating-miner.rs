//! A miner that does not play fair: see `cheating-miner --help`. For local networks and tests.

use std::{net::SocketAddr, process::ExitCode, time::Duration};

use clap::Parser;
use neuron_operator::stop::Stop;
use zombienet::{
    cheat::{self, Options, Trick},
    failure::{Failure, Outcome},
};

/// A miner that does not play fair, for local networks: it speaks the real protocol and must earn nothing (or, with
/// `--trick work --delay`, less than a faster one).
///
/// Example: cheating-miner --suri //cheat//hotkey --netuid 2 --template next-token --listen 127.0.0.1:8100 --trick certainty
#[derive(Debug, Parser)]
struct Flags {
    /// Address of the node.
    #[arg(long, value_name = "URL", default_value = "ws://127.0.0.1:9944")]
    chain: String,
    /// Seed of the hotkey, which must be registered.
    #[arg(long)]
    suri: String,
    /// Subnet.
    #[arg(long)]
    netuid: u16,
    /// Template of the subnet.
    #[arg(long, value_name = "NAME")]
    template: String,
    /// Where it listens, and what it announces.
    #[arg(long, value_name = "ADDRESS")]
    listen: SocketAddr,
    /// How it comes by its answers: `work` (an honest worker whose model nobody checked), `replay` (one answer for
    /// everything), `certainty` (no doubts).
    #[arg(long)]
    trick: Trick,
    /// Model, where the trick needs one.
    #[arg(long, value_name = "REFERENCE")]
    model: Option<String>,
    /// Milliseconds before each answer.
    #[arg(long, value_name = "MS", default_value_t = 0)]
    delay: u64,
}

fn main() -> ExitCode {
    match run(Flags::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(flags: Flags) -> Outcome {
    let options = Options {
        chain: flags.chain,
        suri: flags.suri,
        netuid: flags.netuid,
        template: flags.template,
        listen: flags.listen,
        trick: flags.trick,
        model: flags.model,
        delay: Duration::from_millis(flags.delay),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let stop =
            Stop::on_signals().map_err(|error| Failure::new(format!("no signals: {error}")))?;
        cheat::serve(options, stop).await
    })
}
