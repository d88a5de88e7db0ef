//! Chores of the repository. `cargo xtask help` lists them.

mod cargo;
mod count;
mod javascript;
mod licences;
mod localnet;
mod model;
mod packages;
mod places;
mod shell;
mod test;
mod tiny_models;
mod wasm_target;
mod weights;

use std::process::ExitCode;

use pico_args::Arguments;
use places::Places;
use shell::{Failure, Outcome};

const HELP: &str = "\
Chores of the repository.

    cargo xtask localnet      build everything and start a local network: a chain, a subnet, validators and miners
        --template NAME       template of the subnet: next-token [default], text-generation, custom
        --epochs N --check    end after N epochs, with 0 only if the chain paid rightly
        --keep FOLDER         keep the network there and go on with it at the next start
        --json                print JSON, an object a line
        --chain-only          only the chain; --until BLOCK ends once this block is final
        --port PORT           RPC on this port and the next one [9944]
        --help                all of it
    cargo xtask test          every test that CI runs; prints the time of each step
    cargo xtask setup         install what the build needs and stop there
        --from-source         make the wasm target from Debian's sources, wherever else it could come from
    cargo xtask build         build the node, the tests and the tools
    cargo xtask lint          format, licences and lints
    cargo xtask bench         measure the node: first block, import, transfers, memory, metagraph
        --blocks              measure the block step of a public network instead, on the compiled runtime
    cargo xtask features      test the runtime with try-runtime, and build the node with benchmarks
    cargo xtask weights       measure what calls cost, and write runtime/src/weights
        --pallet NAME         only this one
        --steps N --repeat N  points along each variable [20], measurements of each [10]
    cargo xtask train-tiny    train the small models of subnet-templates/tiny-models; shows steps, loss, time left
        --out FOLDER          write them there [tiny-models beside the builds]; name the models' own folder to replace them
        --steps N             train for N steps instead of the usual number
        --quick               train a smaller model for seconds, to see that it works
    cargo xtask help          this text

Builds go to CARGO_TARGET_DIR, by default the folder dendra/target in the user's cache.";

fn main() -> ExitCode {
    match run(Arguments::from_env()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\nerror: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(mut arguments: Arguments) -> Outcome {
    let chore = arguments.subcommand().map_err(usage)?;
    let places = Places::find()?;
    match chore.as_deref() {
        Some("localnet") => {
            // The program knows its own flags.
            localnet::run(&places, &arguments.finish())
        }
        Some("test") => {
            finish(arguments)?;
            test::run(&places)
        }
        Some("setup") => {
            let from_source = arguments.contains("--from-source");
            finish(arguments)?;
            if from_source {
                return wasm_target::from_source(&places);
            }
            cargo::Cargo::set_up(&places).map(drop)
        }
        Some("build") => {
            finish(arguments)?;
            cargo::Cargo::set_up(&places)?.build()
        }
        Some("lint") => {
            finish(arguments)?;
            let cargo = cargo::Cargo::set_up(&places)?;
            cargo.check_format()?;
            licences::check(&cargo)?;
            cargo.lint()
        }
        Some("bench") => {
            let of_blocks = arguments.contains("--blocks");
            finish(arguments)?;
            if of_blocks {
                return weights::measure_blocks(&places);
            }
            cargo::Cargo::set_up(&places)?.build()?;
            javascript::benchmark(&places)
        }
        Some("features") => {
            finish(arguments)?;
            let cargo = cargo::Cargo::set_up(&places)?;
            shell::step("try-runtime", || cargo.test_invariants())?;
            shell::step("runtime-benchmarks", || cargo.build_benchmarks().map(drop))
        }
        Some("weights") => {
            let options = weights::Options {
                pallet: arguments.opt_value_from_str("--pallet").map_err(usage)?,
                steps: arguments
                    .opt_value_from_str("--steps")
                    .map_err(usage)?
                    .unwrap_or(20),
                repeat: arguments
                    .opt_value_from_str("--repeat")
                    .map_err(usage)?
                    .unwrap_or(10),
            };
            finish(arguments)?;
            weights::run(&places, &options)
        }
        Some("train-tiny") => {
            let options = tiny_models::Options {
                out: arguments.opt_value_from_str("--out").map_err(usage)?,
                steps: arguments.opt_value_from_str("--steps").map_err(usage)?,
                quick: arguments.contains("--quick"),
            };
            finish(arguments)?;
            tiny_models::train(&places, &options)
        }
        Some("help") | None => {
            println!("{HELP}");
            Ok(())
        }
        Some(other) => Err(Failure::new(format!("there is no chore called `{other}`"))
            .advise("`cargo xtask help` lists them")),
    }
}

fn usage(error: pico_args::Error) -> Failure {
    Failure::new(error.to_string()).advise("`cargo xtask help` lists the chores and their flags")
}

/// Refuses words that no chore has asked for.
fn finish(arguments: Arguments) -> Outcome {
    let rest = arguments.finish();
    match rest.first() {
        None => Ok(()),
        Some(word) => Err(
            Failure::new(format!("`{}` is not understood", word.to_string_lossy()))
                .advise("`cargo xtask help` lists the chores and their flags"),
        ),
    }
}
