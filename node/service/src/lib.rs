//! The client of a Dendra chain.
#![allow(
    clippy::result_large_err,
    reason = "the error of the SDK's command line is large, and made once in a process"
)]

mod chain_spec;
mod cli;
mod command;
mod failure;
mod ports;
mod rpc;
mod service;

use std::process::ExitCode;

/// Does what the command line says. `version` is what the program calls itself.
pub fn run(version: &'static str) -> ExitCode {
    match command::run(version) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {}", failure::explain(&error));
            ExitCode::FAILURE
        }
    }
}
