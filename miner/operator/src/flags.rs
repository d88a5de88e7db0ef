//! The command line, as far as both programs have it.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use crate::{
    config::{Configuration, Layered, Sources, given},
    exit::Failure,
};

/// Flags that all commands have; `V` are those that are values of the configuration.
#[derive(Clone, Debug, Args)]
pub struct Flags<V: Args> {
    /// A TOML file with values.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Shows every value and where it comes from, secrets redacted, and does nothing else.
    #[arg(long)]
    pub print_config: bool,
    /// Writes results as JSON.
    #[arg(long)]
    pub json: bool,
    /// Values.
    #[command(flatten)]
    pub values: V,
}

impl<V: Args + Serialize> Flags<V> {
    /// The configuration: these flags over the environment, that over the file. **Errors:** all that is wrong with it.
    pub fn read<T: Configuration>(&self, prefix: &str) -> Result<Layered<T>, Failure> {
        let sources = Sources {
            file: self.config.as_deref(),
            prefix,
            // Others than ours may hold anything, also what is no text.
            environment: std::env::vars_os()
                .filter_map(|(name, value)| {
                    Some((name.into_string().ok()?, value.into_string().ok()?))
                })
                .collect(),
            flags: given(&self.values),
        };
        Ok(Layered::read(sources)?)
    }
}

/// Flags for the fields of [`Account`](crate::account::Account).
#[derive(Clone, Debug, Default, Args, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct AccountFlags {
    /// The node's address [default: ws://127.0.0.1:9944].
    #[arg(long, value_name = "URL")]
    pub chain: Option<String>,
    /// Folder of the wallets [default: ~/.bittensor/wallets].
    #[arg(long, value_name = "FOLDER")]
    pub wallet_path: Option<PathBuf>,
    /// The wallet's name [default: default]. Only its hotkey and the public part of its coldkey are read.
    #[arg(long, value_name = "NAME")]
    pub wallet: Option<String>,
    /// The hotkey's name [default: default].
    #[arg(long, value_name = "NAME")]
    pub hotkey: Option<String>,
    /// Secret of a hotkey instead of a wallet, such as //Alice. For development: others see command lines.
    #[arg(long, value_name = "SECRET", conflicts_with_all = ["wallet", "hotkey"])]
    pub suri: Option<String>,
}
