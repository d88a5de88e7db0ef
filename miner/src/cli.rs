//! Flags.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use neuron_operator::{
    config::{KeyValue, as_map},
    flags::AccountFlags,
};
use serde::Serialize;

/// Serves a model on a subnet and earns for it.
///
/// Every flag can also stand in a TOML file (`wallet-path = "…"`) or in the environment (`DENDRA_MINER_WALLET_PATH`). Flags go over
/// the environment, the environment over the file, the file over defaults.
///
/// Example, on a local development chain:
///
///   dendra-miner serve --suri //Bob --netuid 1 --template custom --register --announce 127.0.0.1:8091
#[derive(Debug, Parser)]
#[command(name = "dendra-miner", version, verbatim_doc_comment)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serves until it is stopped: answers validators, publishes the endpoint, follows the chain.
    Serve(Flags),
    /// Buys a uid on the subnet (with --suri), or says how the coldkey does it (with a wallet).
    Register(Flags),
    /// Checks everything that earning depends on: clock, port, reachability, registration, balance, model, runtime.
    Doctor(Flags),
    /// Shows how the hotkey stands: rank, incentive, emission, scores, distance to being replaced.
    Explain {
        /// Score receipts of validators (JSON lines), such as a validator's /v1/receipts/NETUID/latest saved to a file.
        #[arg(long, value_name = "FILE")]
        receipts: Vec<PathBuf>,
        /// General flags.
        #[command(flatten)]
        flags: Flags,
    },
    /// Measures the model on this machine: tokens a second, alone and with many requests at once.
    Bench {
        /// Tokens that each request generates.
        #[arg(long, default_value_t = 128)]
        tokens: usize,
        /// Tokens of the prompt that is timed.
        #[arg(long, default_value_t = 512)]
        prompt: usize,
        /// Requests at once in the second part.
        #[arg(long, default_value_t = 8)]
        at_once: usize,
        /// How often everything is measured; the medians are shown.
        #[arg(long, default_value_t = 3)]
        runs: usize,
        /// General flags.
        #[command(flatten)]
        flags: Flags,
    },
}

impl Command {
    /// The flags that all commands have.
    pub const fn flags(&self) -> &Flags {
        match self {
            Self::Serve(flags) | Self::Register(flags) | Self::Doctor(flags) => flags,
            Self::Explain { flags, .. } | Self::Bench { flags, .. } => flags,
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
    /// Number of the subnet.
    #[arg(long, value_name = "N")]
    pub netuid: Option<u16>,
    /// What the subnet's miners do, such as text-generation, next-token or custom.
    #[arg(long, value_name = "NAME")]
    pub template: Option<String>,
    /// The model: a folder of Hugging Face files, a .gguf file, tiny:trained, or toy:SEED.
    #[arg(long, value_name = "MODEL")]
    pub model: Option<String>,
    /// A setting of the template; may be repeated.
    #[arg(long, value_name = "KEY=VALUE")]
    #[serde(serialize_with = "as_map")]
    pub setting: Vec<KeyValue>,
    /// Where to listen [default: 127.0.0.1:8091]. A miner on the open network listens on 0.0.0.0:PORT.
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub listen: Option<String>,
    /// What to publish on chain for validators: the address and port at which they reach this miner, or none.
    #[arg(long, value_name = "ADDRESS:PORT|none")]
    pub announce: Option<String>,
    /// Registers the hotkey if it is not registered (with --suri only, because otherwise the coldkey pays).
    #[arg(long)]
    pub register: bool,
    /// The most TAO to pay for a registration [default: 1].
    #[arg(long, value_name = "TAO")]
    pub register_limit: Option<f64>,
    /// Also answers neurons without a validator permit whose stake is at least this much.
    #[arg(long, value_name = "TAO")]
    pub min_stake: Option<f64>,
    /// Requests a minute that one validator may send [default: 240].
    #[arg(long, value_name = "N")]
    pub requests_per_minute: Option<u32>,
    /// Requests that one validator may send at once after a pause [default: 64].
    #[arg(long, value_name = "N")]
    pub burst: Option<u32>,
    /// Requests that are computed at once [default: 8].
    #[arg(long, value_name = "N")]
    pub running: Option<usize>,
    /// Requests that may wait [default: 64]; more are answered with 503.
    #[arg(long, value_name = "N")]
    pub queue: Option<usize>,
    /// Whether programs may use /v1/completions [default: on]. Without a token: programs on this machine only.
    #[arg(long, value_name = "on|off")]
    pub completions: Option<String>,
    /// Lets whoever sends this token use /v1/completions, from anywhere. Better in a file: others see command lines.
    #[arg(long, value_name = "TOKEN")]
    pub token: Option<String>,
    /// Port of /metrics and /health on 127.0.0.1 [default: not served].
    #[arg(long, value_name = "PORT")]
    pub metrics_port: Option<u16>,
    /// Threads of the model [default: all cores].
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
    /// Number format of the model: f32, bf16 or f16 [default: f32].
    #[arg(long, value_name = "TYPE")]
    pub data_type: Option<String>,
    /// Where the model is computed: cpu, cuda, cuda:NUMBER or metal [default: cpu].
    #[arg(long, value_name = "DEVICE")]
    pub device: Option<String>,
    /// What to log, such as debug or info,dendra_miner=debug [default: info for serve and bench, warn otherwise].
    #[arg(long, value_name = "FILTER")]
    pub log: Option<String>,
    /// How to log: text or json [default: text].
    #[arg(long, value_name = "FORMAT")]
    pub log_format: Option<String>,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;
    use neuron_operator::config::given;

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

    #[test]
    fn only_what_was_given_counts() {
        let cli = Cli::try_parse_from([
            "dendra-miner",
            "serve",
            "--netuid",
            "3",
            "--setting",
            "a=1",
            "--setting",
            "b=x",
        ])
        .expect("good flags");
        let given = given(&cli.command.flags().values);
        let expected = serde_json::json!({ "netuid": 3, "setting": { "a": 1, "b": "x" } });
        assert_eq!(serde_json::Value::Object(given), expected);
    }
}
