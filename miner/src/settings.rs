//! What an operator can set.

use std::{net::SocketAddr, time::Duration};

use model_inference::{DataType, Device};
use neuron_operator::{
    account::Account,
    config::Configuration,
    exit::{Code, Failure},
    logs, models,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use subnet_sdk::Description;

use crate::{admission::Allowance, gateway::Completions};

/// What variables of the environment begin with.
pub const PREFIX: &str = "DENDRA_MINER_";

/// Rao in a TAO.
const RAO: f64 = 1e9;

/// What an operator can set; each field has a flag, a variable and a key of the same name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Settings {
    /// The node, and the hotkey.
    #[serde(flatten)]
    pub account: Account,
    /// Subnet.
    pub netuid: Option<u16>,
    /// Its template.
    pub template: Option<String>,
    /// The model.
    pub model: Option<String>,
    /// Settings of the template.
    pub setting: Map<String, Value>,
    /// Where to listen.
    pub listen: String,
    /// What to publish on chain: an address with port, or `none`.
    pub announce: Option<String>,
    /// Whether to register if the hotkey is not.
    pub register: bool,
    /// The most to pay for that, in TAO.
    pub register_limit: f64,
    /// Stake (TAO) that lets a neuron ask without a permit.
    pub min_stake: Option<f64>,
    /// Requests of one validator a minute.
    pub requests_per_minute: u32,
    /// Requests of one validator at once after a pause.
    pub burst: u32,
    /// Requests that are computed at once.
    pub running: usize,
    /// Requests that wait.
    pub queue: usize,
    /// Whether programs may ask for completions: `on` or `off`.
    pub completions: String,
    /// What remote programs must send for that.
    pub token: Option<String>,
    /// Port of the metrics on 127.0.0.1.
    pub metrics_port: Option<u16>,
    /// Threads of the model.
    pub threads: Option<usize>,
    /// Number format of the model.
    pub data_type: String,
    /// Where the model is computed.
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
            netuid: None,
            template: None,
            model: None,
            setting: Map::new(),
            listen: "127.0.0.1:8091".into(),
            announce: None,
            register: false,
            register_limit: 1.0,
            min_stake: None,
            requests_per_minute: 240,
            burst: 64,
            running: 8,
            queue: 64,
            completions: "on".into(),
            token: None,
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
    const SECRETS: &'static [&'static str] = &["suri", "token"];

    fn problems(&self) -> Vec<(&'static str, String)> {
        let mut problems = Vec::new();
        let mut check = |key: &'static str, problem: Option<String>| {
            problems.extend(problem.map(|text| (key, text)));
        };
        let address = |text: &str| text.parse::<SocketAddr>().err();
        check(
            "listen",
            address(&self.listen).map(|_| {
                format!(
                    "`{}` is not an address with port, such as 127.0.0.1:8091",
                    self.listen
                )
            }),
        );
        check("announce", self.announce_problem());
        check(
            "chain",
            (!self.account.is_web_socket()).then(|| {
                format!(
                    "`{}` does not begin with ws:// or wss://",
                    self.account.chain
                )
            }),
        );
        let money = |amount: f64| !(amount.is_finite() && (0.0..=21e6).contains(&amount));
        check(
            "register-limit",
            money(self.register_limit).then(|| "is not an amount of TAO".into()),
        );
        check(
            "min-stake",
            self.min_stake
                .is_some_and(money)
                .then(|| "is not an amount of TAO".into()),
        );
        let zero = |number: usize| (number == 0).then(|| "must be at least 1".to_owned());
        check(
            "requests-per-minute",
            zero(self.requests_per_minute as usize),
        );
        check("burst", zero(self.burst as usize));
        check("running", zero(self.running));
        check(
            "running",
            (self.running > 256).then(|| "256 at most: each takes a thread".into()),
        );
        check("threads", self.threads.and_then(zero));
        check(
            "queue",
            (self.queue > 65_536).then(|| "65536 at most".into()),
        );
        let weak = self.token.as_ref().is_some_and(|token| token.len() < 16);
        check(
            "token",
            weak.then(|| "is shorter than 16 characters: it could be guessed".into()),
        );
        check(
            "completions",
            (!["on", "off"].contains(&self.completions.as_str()))
                .then(|| "must be on or off".into()),
        );
        check("data-type", self.data_type.parse::<DataType>().err());
        check("device", self.device.parse::<Device>().err());
        check(
            "log",
            logs::filter(&self.log).err().map(|error| error.to_string()),
        );
        check("log-format", self.log_format.parse::<logs::Format>().err());
        problems
    }
}

impl Settings {
    fn announce_problem(&self) -> Option<String> {
        let text = self.announce.as_deref().filter(|text| *text != "none")?;
        match text.parse::<SocketAddr>() {
            Err(_) => Some(format!(
                "`{text}` is neither `none` nor an address with port, such as 203.0.113.5:8091; the chain stores numbers, so names are not possible"
            )),
            Ok(address) if address.ip().is_unspecified() => Some(format!(
                "{} is no address that a validator could reach",
                address.ip()
            )),
            Ok(address) if address.port() < 2 => Some("the port must be at least 2".into()),
            Ok(_) => None,
        }
    }

    /// Where to listen.
    pub fn listen(&self) -> SocketAddr {
        // Checked when the settings were read.
        self.listen
            .parse()
            .unwrap_or(SocketAddr::from(([127, 0, 0, 1], 8091)))
    }

    /// What to publish on chain.
    pub fn announce(&self) -> Option<SocketAddr> {
        self.announce.as_deref()?.parse().ok()
    }

    /// The subnet. **Errors:** it is not set.
    pub fn netuid(&self) -> Result<u16, Failure> {
        self.netuid.ok_or_else(|| {
            missing(
                "netuid",
                "the number of the subnet to mine on, such as --netuid 1",
            )
        })
    }

    /// Name of the template. **Errors:** it is not set.
    pub fn template(&self) -> Result<&str, Failure> {
        self.template.as_deref().ok_or_else(|| {
            missing(
                "template",
                "what the subnet's miners do, such as --template text-generation",
            )
        })
    }

    /// The template's settings, the model among them.
    pub fn template_settings(&self) -> Map<String, Value> {
        let mut settings = self.setting.clone();
        if let Some(model) = &self.model {
            settings.insert("model".into(), models::from_environment(model).into());
        }
        settings
    }

    /// A template's description with the deadline that its setting `deadline` (seconds) gives, where the operator set one: that of the
    /// subnet's validators.
    pub fn described(&self, mut description: Description) -> Description {
        let seconds = self.setting.get("deadline").and_then(|value| match value {
            Value::String(text) => text.parse().ok(),
            value => value.as_f64(),
        });
        if let Some(seconds) = seconds.filter(|seconds| (0.001..=3600.0).contains(seconds)) {
            description.deadline = Duration::from_secs_f64(seconds);
        }
        description
    }

    /// The most to pay for a registration, in rao.
    pub fn register_limit(&self) -> u64 {
        (self.register_limit * RAO) as u64
    }

    /// Stake (rao) that lets a neuron ask without a permit.
    pub fn min_stake(&self) -> Option<u64> {
        self.min_stake.map(|tao| (tao * RAO) as u64)
    }

    /// What one validator may ask.
    pub fn allowance(&self) -> Allowance {
        let places = u32::try_from(self.running + self.queue).unwrap_or(u32::MAX);
        Allowance {
            per_minute: self.requests_per_minute,
            burst: self.burst,
            // Half of the places stay for others.
            at_once: (places / 2).max(1),
        }
    }

    /// Who may ask for completions.
    pub fn completions(&self) -> Completions {
        match &self.token {
            _ if self.completions == "off" => Completions::Off,
            Some(token) => Completions::Token(token.clone()),
            None => Completions::Local,
        }
    }

    /// How events are written.
    pub fn log_format(&self) -> logs::Format {
        // Checked when the settings were read.
        self.log_format.parse().unwrap_or_default()
    }

    /// How long a request to the chain may take when somebody waits at a terminal.
    pub const PATIENCE: Duration = Duration::from_secs(5);
}

fn missing(key: &str, what: &str) -> Failure {
    Failure::new(
        Code::Configuration,
        format!("`{key}` is not set."),
        "nothing was started, so nothing is earned.",
        format!(
            "say {what}, or set {PREFIX}{} or the key `{key}` of the configuration file.",
            key.to_uppercase().replace('-', "_")
        ),
    )
}

#[cfg(test)]
mod tests {
    use neuron_operator::config::{Layered, Sources};

    use super::*;

    fn read(environment: &[(&str, &str)]) -> Result<Settings, String> {
        Layered::<Settings>::read(Sources {
            file: None,
            prefix: PREFIX,
            environment: environment
                .iter()
                .map(|(key, value)| (format!("{PREFIX}{key}"), value.to_string()))
                .collect(),
            flags: Map::new(),
        })
        .map(|layered| layered.value)
        .map_err(|error| error.to_string())
    }

    #[test]
    fn the_defaults_are_good() {
        assert_eq!(read(&[]), Ok(Settings::default()));
    }

    #[test]
    fn what_cannot_work_is_told_before_anything_starts() {
        for (key, value, problem) in [
            ("LISTEN", "8091", "not an address with port"),
            ("ANNOUNCE", "miner.example:8091", "names are not possible"),
            ("ANNOUNCE", "0.0.0.0:8091", "could reach"),
            ("CHAIN", "http://127.0.0.1", "ws://"),
            ("TOKEN", "short", "could be guessed"),
            ("RUNNING", "0", "at least 1"),
            ("DATA_TYPE", "f64", "bf16"),
            ("DEVICE", "abacus", "cpu"),
            ("REGISTER_LIMIT", "-1", "amount of TAO"),
            ("LOG", "dendra=loudly", "filter"),
        ] {
            let error = read(&[(key, value)]).expect_err(key);
            assert!(error.contains(problem), "{key}={value}: {error}");
        }
    }

    #[test]
    fn values_become_what_the_parts_need() {
        let settings = read(&[
            ("ANNOUNCE", "203.0.113.5:9"),
            ("MODEL", "toy:1"),
            ("SETTING", "depth=3"),
            ("REGISTER_LIMIT", "0.5"),
        ]);
        let settings = settings.expect("good");
        assert_eq!(settings.announce(), Some(([203, 0, 113, 5], 9).into()));
        assert_eq!(settings.register_limit(), 500_000_000);
        let expected = serde_json::json!({ "depth": 3, "model": "toy:1" });
        assert_eq!(Value::Object(settings.template_settings()), expected);
        assert_eq!(
            read(&[("ANNOUNCE", "none")]).map(|s| s.announce()),
            Ok(None)
        );
    }

    #[test]
    fn a_subnets_own_deadline_goes_over_the_templates() {
        let deadline = |environment: &[(&str, &str)]| {
            let template = Description {
                name: "test",
                version: 1,
                summary: "Test.",
                deadline: Duration::from_secs(9),
                challenge_limit: 1,
                answer_limit: 1,
                settings: &[],
            };
            read(environment)
                .expect("good")
                .described(template)
                .deadline
        };
        assert_eq!(deadline(&[]), Duration::from_secs(9));
        assert_eq!(
            deadline(&[("SETTING", "deadline=2.5")]),
            Duration::from_millis(2500)
        );
        assert_eq!(
            deadline(&[("SETTING", "deadline=never")]),
            Duration::from_secs(9)
        );
    }

    #[test]
    fn completions_are_local_unless_a_token_opens_them() {
        let of = |environment: &[(&str, &str)]| read(environment).expect("good").completions();
        assert_eq!(of(&[]), Completions::Local);
        assert_eq!(of(&[("COMPLETIONS", "off")]), Completions::Off);
        let token = "0123456789abcdef";
        assert_eq!(of(&[("TOKEN", token)]), Completions::Token(token.into()));
    }
}
