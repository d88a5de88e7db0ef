//! What an operator can set.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use model_inference::{DataType, Device};
use neuron_operator::{
    account::Account,
    config::Configuration,
    exit::{Code, Failure},
    logs, models,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    duty::{self, Duty},
    hotkey::Hotkey,
    store::Keep,
};

/// What variables of the environment begin with.
pub const PREFIX: &str = "DENDRA_VALIDATOR_";

/// What an operator can set; each field has a flag, a variable and a key of the same name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Settings {
    /// The node, and the hotkey.
    #[serde(flatten)]
    pub account: Account,
    /// Subnets with their templates, `NETUID:TEMPLATE`.
    pub subnet: Vec<String>,
    /// Settings of templates, by `NETUID.KEY`.
    pub setting: Map<String, Value>,
    /// Folder of what survives.
    pub data: Option<PathBuf>,
    /// Where receipts are served.
    pub receipts: Option<String>,
    /// How much of a score counts in the average.
    pub smoothing: f64,
    /// Miners that are asked at a time.
    pub concurrency: usize,
    /// Rounds that are kept.
    pub keep_rounds: u64,
    /// Epochs whose receipts are kept.
    pub keep_receipts: u64,
    /// Port of the metrics on 127.0.0.1.
    pub metrics_port: Option<u16>,
    /// Threads of models.
    pub threads: Option<usize>,
    /// Number format of models.
    pub data_type: String,
    /// Where models are computed.
    pub device: String,
    /// What to log.
    pub log: String,
    /// How: `text` or `json`.
    pub log_format: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            account: Account::default(),
            subnet: Vec::new(),
            setting: Map::new(),
            data: None,
            receipts: None,
            smoothing: 0.2,
            concurrency: 32,
            keep_rounds: 4,
            keep_receipts: 120,
            metrics_port: None,
            threads: None,
            data_type: "f32".into(),
            device: "cpu".into(),
            log: "info".into(),
            log_format: "text".into(),
        }
    }
}

impl Configuration for Settings {
    const SECRETS: &'static [&'static str] = &["suri"];

    fn problems(&self) -> Vec<(&'static str, String)> {
        let mut problems = Vec::new();
        let mut check = |key: &'static str, is_wrong: bool, text: &str| {
            if is_wrong {
                problems.push((key, text.to_owned()));
            }
        };
        let is_url = self.account.is_web_socket();
        check("chain", !is_url, "does not begin with ws:// or wss://");
        let receipts = self
            .receipts
            .as_deref()
            .is_some_and(|text| text.parse::<SocketAddr>().is_err());
        check(
            "receipts",
            receipts,
            "is not an address with port, such as 0.0.0.0:8092",
        );
        let is_part = self.smoothing > 0.0 && self.smoothing <= 1.0;
        check("smoothing", !is_part, "must be above 0 and at most 1");
        check(
            "concurrency",
            !(1..=1024).contains(&self.concurrency),
            "must be from 1 to 1024",
        );
        check(
            "keep-rounds",
            !(1..=1000).contains(&self.keep_rounds),
            "must be from 1 to 1000",
        );
        check(
            "keep-receipts",
            !(1..=100_000).contains(&self.keep_receipts),
            "must be from 1 to 100000",
        );
        check("threads", self.threads == Some(0), "must be at least 1");
        if let Err(text) = self.data_type.parse::<DataType>() {
            problems.push(("data-type", text));
        }
        if let Err(text) = self.device.parse::<Device>() {
            problems.push(("device", text));
        }
        if let Err(text) = self.log_format.parse::<logs::Format>() {
            problems.push(("log-format", text));
        }
        if let Err(error) = logs::filter(&self.log) {
            problems.push(("log", error.to_string()));
        }
        if let Err(texts) = self.read_duties() {
            problems.extend(texts.into_iter().map(|text| ("subnet", text)));
        }
        problems
    }
}

impl Settings {
    /// How long a request to the chain may take when somebody waits at a terminal.
    pub const PATIENCE: Duration = Duration::from_secs(8);

    fn read_duties(&self) -> Result<Vec<Duty>, Vec<String>> {
        let known: Vec<&str> = subnet_catalogue::all()
            .iter()
            .map(|template| template.description().name)
            .collect();
        duty::duties(
            &self.subnet,
            &self.setting,
            subnet_catalogue::find,
            &known,
            models::from_environment,
        )
    }

    /// The subnets to serve. **Errors:** none is named.
    pub fn duties(&self) -> Result<Vec<Duty>, Failure> {
        // Problems were told when the settings were read.
        let duties = self.read_duties().unwrap_or_default();
        if duties.is_empty() {
            return Err(Failure::new(
                Code::Configuration,
                "no subnet is named.",
                "nothing was started, so nothing is earned.",
                format!(
                    "say which, such as --subnet 1:text-generation, or set {PREFIX}SUBNET or `subnet` in the file."
                ),
            ));
        }
        Ok(duties)
    }

    /// The folder of what survives. **Errors:** nobody said which, and there is no home folder.
    pub fn data(&self, own: &Hotkey) -> Result<PathBuf, Failure> {
        if let Some(folder) = &self.data {
            return Ok(folder.clone());
        }
        let shared = std::env::var_os("XDG_DATA_HOME")
            .filter(|folder| !folder.is_empty())
            .map(PathBuf::from);
        let shared = shared.or_else(|| Some(std::env::home_dir()?.join(".local").join("share")));
        let shared = shared.ok_or_else(|| {
            Failure::new(
                Code::Data,
                "there is no home folder to keep averages and salts in.",
                "nothing was started, so nothing is earned.",
                "name a folder with --data.",
            )
        })?;
        Ok(shared
            .join("dendra")
            .join("validator")
            .join(own.to_string()))
    }

    /// How many epochs are kept.
    pub fn keep(&self) -> Keep {
        Keep {
            rounds: self.keep_rounds,
            receipts: self.keep_receipts,
        }
    }

    /// Where receipts are served.
    pub fn receipts(&self) -> Option<SocketAddr> {
        self.receipts.as_deref()?.parse().ok()
    }

    /// How events are written.
    pub fn log_format(&self) -> logs::Format {
        // Checked when the settings were read.
        self.log_format.parse().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use neuron_operator::config::{Layered, Sources};

    use super::*;

    fn read(environment: &[(&str, &str)]) -> Result<Settings, String> {
        let environment = environment
            .iter()
            .map(|(key, value)| (format!("{PREFIX}{key}"), (*value).to_owned()));
        let sources = Sources {
            file: None,
            prefix: PREFIX,
            environment: environment.collect(),
            flags: Map::new(),
        };
        let layered = Layered::<Settings>::read(sources).map_err(|error| error.to_string())?;
        Ok(layered.value)
    }

    #[test]
    fn the_defaults_are_good() {
        assert_eq!(read(&[]), Ok(Settings::default()));
    }

    #[test]
    fn what_cannot_work_is_told_before_anything_starts() {
        for (key, value, problem) in [
            ("CHAIN", "127.0.0.1:9944", "ws://"),
            ("RECEIPTS", "8092", "not an address"),
            ("SMOOTHING", "0", "above 0"),
            ("SMOOTHING", "1.5", "at most 1"),
            ("CONCURRENCY", "0", "from 1"),
            ("KEEP_ROUNDS", "0", "from 1"),
            ("SUBNET", "1:no-such-template", "no-such-template"),
            ("SUBNET", "custom", "NETUID:TEMPLATE"),
            ("LOG", "dendra=loudly", "filter"),
        ] {
            let error = read(&[(key, value)]).expect_err(key);
            assert!(error.contains(problem), "{key}: {error}");
        }
    }
}
