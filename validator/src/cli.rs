//! Flags.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use neuron_operator::{
    config::{KeyValue, as_map},
    flags::AccountFlags,
};
use serde::Serialize;

use crate::hotkey::Hotkey;

/// Asks the miners of subnets, scores their answers, sets weights, and earns dividends for it.
///
/// Every flag can also stand in a TOML file (`wallet-path = "…"`) or in the environment (`DENDRA_VALIDATOR_WALLET_PATH`). Flags go over
/// the environment, the environment over the file, the file over defaults.
///
/// Example, on a local development chain:
///
///   dendra-validator run --suri //Bob --subnet 1:custom --data /tmp/bob
#[derive(Debug, Parser)]
#[command(name = "dendra-validator", version, about, verbatim_doc_comment)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Validates until it is stopped: a round in every epoch of every subnet, weights from its scores.
    Run(Flags),
    /// Checks everything that earning depends on: clock, registration, stake, permit, runtime, subnets, templates, data.
    Doctor(Flags),
    /// Shows why each miner has its score, and where consensus cut this validator's weights. Works beside `run`.
    ///
    /// Example: dendra-validator explain --suri //Bob --subnet 1:custom --data /tmp/bob --uid 3
    #[command(verbatim_doc_comment)]
    Explain {
        /// Only this miner, with all numbers behind its score.
        #[arg(long, value_name = "UID")]
        uid: Option<u16>,
        /// General flags.
        #[command(flatten)]
        flags: Flags,
    },
    /// Writes the score receipts of an epoch, or checks receipts that were fetched from a validator.
    ///
    /// Example: curl -s http://VALIDATOR:8092/v1/receipts/1/latest | dendra-validator receipts --verify -
    #[command(verbatim_doc_comment)]
    Receipts {
        /// Checks the lines of this file (`-` for standard input) instead.
        #[arg(long, value_name = "FILE")]
        verify: Option<PathBuf>,
        /// Whose signature the lines must have.
        #[arg(long, value_name = "HOTKEY", requires = "verify")]
        signed_by: Option<Hotkey>,
        /// The epoch [default: the newest].
        #[arg(long, value_name = "N")]
        epoch: Option<u64>,
        /// Only those about this miner.
        #[arg(long, value_name = "HOTKEY")]
        about: Option<Hotkey>,
        /// General flags.
        #[command(flatten)]
        flags: Flags,
    },
    /// Judges the stored answers of a round again and compares: verdicts, averages and weights must be the same.
    ///
    /// Example: dendra-validator replay --suri //Bob --subnet 1:custom --data /tmp/bob --epoch 40
    #[command(verbatim_doc_comment)]
    Replay {
        /// The epoch [default: the newest].
        #[arg(long, value_name = "N")]
        epoch: Option<u64>,
        /// General flags.
        #[command(flatten)]
        flags: Flags,
    },
}

impl Command {
    /// The flags that all commands have.
    pub const fn flags(&self) -> &Flags {
        match self {
            Self::Run(flags) | Self::Doctor(flags) => flags,
            Self::Explain { flags, .. }
            | Self::Receipts { flags, .. }
            | Self::Replay { flags, .. } => flags,
        }
    }
}

/// Flags that all commands have.
pub type Flags = neuron_operator::flags::Flags<Values>;

/// Flags that are values of the configuration: the names are those of [`crate::settings::Settings`].
#[derive(Clone, Debug, Default, Args, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Values {
    /// The node, and the hotkey.
    #[command(flatten)]
    #[serde(flatten)]
    pub account: AccountFlags,
    /// A subnet and the template that judges its miners, such as 1:text-generation; may be repeated.
    #[arg(long, value_name = "NETUID:TEMPLATE")]
    pub subnet: Vec<String>,
    /// A setting of a subnet's template, such as 1.model=tiny:trained; may be repeated.
    #[arg(long, value_name = "NETUID.KEY=VALUE")]
    #[serde(serialize_with = "as_map")]
    pub setting: Vec<KeyValue>,
    /// Folder of averages, rounds, receipts and salts [default: one for each hotkey in ~/.local/share/dendra/validator].
    #[arg(long, value_name = "FOLDER")]
    pub data: Option<PathBuf>,
    /// Where miners fetch their score receipts, such as 0.0.0.0:8092 [default: not served].
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub receipts: Option<String>,
    /// How much of a round's score counts in the moving average, above 0 and up to 1 [default: 0.2].
    #[arg(long, value_name = "PART")]
    pub smoothing: Option<f64>,
    /// Miners that are asked at a time, for each subnet [default: 32].
    #[arg(long, value_name = "N")]
    pub concurrency: Option<usize>,
    /// Rounds that are kept with all answers, for `replay` [default: 4].
    #[arg(long, value_name = "N")]
    pub keep_rounds: Option<u64>,
    /// Epochs whose receipts are kept [default: 120].
    #[arg(long, value_name = "N")]
    pub keep_receipts: Option<u64>,
    /// Port of /metrics and /health on 127.0.0.1 [default: not served].
    #[arg(long, value_name = "PORT")]
    pub metrics_port: Option<u16>,
    /// Threads of models [default: all cores].
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
    /// Number format of models: f32, bf16 or f16 [default: f32].
    #[arg(long, value_name = "TYPE")]
    pub data_type: Option<String>,
    /// Where models are computed: cpu, cuda, cuda:NUMBER or metal [default: cpu].
    #[arg(long, value_name = "DEVICE")]
    pub device: Option<String>,
    /// What to log, such as debug or info,dendra_validator=debug [default: info].
    #[arg(long, value_name = "FILTER")]
    pub log: Option<String>,
    /// How to log: text or json [default: text].
    #[arg(long, value_name = "FORMAT")]
    pub log_format: Option<String>,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::settings::Settings;

    #[test]
    fn flags_are_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn flags_and_settings_have_the_same_names() {
        let names = |value: serde_json::Value| -> Vec<String> {
            value
                .as_object()
                .expect("an object")
                .keys()
                .cloned()
                .collect()
        };
        let flags = serde_json::to_value(Values::default()).expect("json");
        let settings = serde_json::to_value(Settings::default()).expect("json");
        assert_eq!(names(flags), names(settings));
    }
}
