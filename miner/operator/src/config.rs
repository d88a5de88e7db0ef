//! One typed configuration out of defaults, a file, the environment and flags, in rising order.
//!
//! A key is written `wallet-path` in a TOML file, `DENDRA_MINER_WALLET_PATH` in the environment and `--wallet-path` as a
//! flag. [`Layered::read`] finds all problems at once and remembers where each value came from.

mod key_value;
mod problem;
mod reading;
#[cfg(test)]
mod tests;

use std::{
    collections::BTreeMap,
    io::{self, Write},
    path::{Path, PathBuf},
};

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

pub use key_value::{KeyValue, as_map};
pub use problem::{ConfigError, Origin, Problem};
use reading::{Reading, kebab};

/// What is shown in place of a secret.
const REDACTED: &str = "(secret)";

/// A configuration: a flat struct with `#[serde(rename_all = "kebab-case")]` that writes all its fields (`None` as null).
pub trait Configuration: Serialize + DeserializeOwned + Default {
    /// Keys whose values nobody may see.
    const SECRETS: &'static [&'static str] = &[];

    /// What is wrong with values that are each fine in form: key and sentence.
    fn problems(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }
}

/// Where values may come from, besides the defaults.
#[derive(Clone, Debug)]
pub struct Sources<'a> {
    /// A TOML file, if the operator named one.
    pub file: Option<&'a Path>,
    /// What variables of the environment begin with, such as `DENDRA_MINER_`. `{prefix}CONFIG` names the file if there is none.
    pub prefix: &'a str,
    /// The environment: `std::env::vars().collect()`.
    pub environment: Vec<(String, String)>,
    /// The flags that were given, as an object: see [`given`].
    pub flags: Map<String, Value>,
}

/// The flags that were given: the fields of a clap struct (with the names of the configuration's) that are neither null nor empty.
///
/// A `bool` flag that was not given is false, and does not count as given either.
pub fn given(flags: &impl Serialize) -> Map<String, Value> {
    let Ok(Value::Object(all)) = serde_json::to_value(flags) else {
        return Map::new();
    };
    all.into_iter()
        .filter(|(_, value)| match value {
            Value::Null | Value::Bool(false) => false,
            Value::Array(list) => !list.is_empty(),
            Value::Object(map) => !map.is_empty(),
            _ => true,
        })
        .collect()
}

/// A configuration, and where each value came from.
#[derive(Clone, Debug)]
pub struct Layered<T> {
    /// The configuration.
    pub value: T,
    merged: Map<String, Value>,
    origins: BTreeMap<String, Origin>,
}

impl<T: Configuration> Layered<T> {
    /// Puts the layers on one another. **Errors:** all that is wrong, each with its origin.
    pub fn read(sources: Sources<'_>) -> Result<Self, ConfigError> {
        let mut reading = Reading::<T>::new();
        let variable = format!("{}CONFIG", sources.prefix);
        let from_environment = sources
            .environment
            .iter()
            .find(|(name, value)| *name == variable && !value.is_empty())
            .map(|(_, value)| PathBuf::from(value));
        if let Some(path) = sources
            .file
            .map(Path::to_path_buf)
            .or(from_environment)
            .as_deref()
        {
            reading.file(path);
        }
        let mut environment = sources.environment;
        environment.sort();
        for (name, text) in environment {
            let Some(key) = name.strip_prefix(sources.prefix) else {
                continue;
            };
            if name != variable && !text.is_empty() {
                reading.text(&kebab(key), &text, Origin::Environment(name.clone()));
            }
        }
        for (key, value) in sources.flags {
            let key = kebab(&key);
            let origin = Origin::Flag(format!("--{key}"));
            reading.value(&key, value, origin);
        }
        reading.finish()
    }

    /// Where a value came from; entries of a map are asked for as `map.entry`.
    pub fn origin(&self, key: &str) -> Origin {
        self.origins.get(key).cloned().unwrap_or(Origin::Default)
    }

    /// Writes each value with its origin, secrets redacted: lines of TOML with comments, or one JSON object.
    /// **Errors:** those of the writer.
    pub fn print(&self, to: &mut impl Write, as_json: bool) -> io::Result<()> {
        let entries = self.entries();
        if as_json {
            let object: Map<String, Value> = entries
                .into_iter()
                .map(|(key, value, origin)| {
                    (
                        key,
                        serde_json::json!({ "value": value, "origin": origin.to_string() }),
                    )
                })
                .collect();
            return writeln!(to, "{:#}", Value::Object(object));
        }
        let lines: Vec<(String, Origin)> = entries
            .into_iter()
            .map(|(key, value, origin)| match value {
                Value::Null => (format!("# {key} is not set"), origin),
                value => (format!("{key} = {value}"), origin),
            })
            .collect();
        let width = lines.iter().map(|(line, _)| line.chars().count()).max();
        for (line, origin) in lines {
            writeln!(
                to,
                "{line:width$}  # {origin}",
                width = width.unwrap_or_default()
            )?;
        }
        Ok(())
    }

    /// Key, value to show, and origin, in the order of the keys.
    fn entries(&self) -> Vec<(String, Value, Origin)> {
        let mut entries = Vec::new();
        for (key, value) in &self.merged {
            match value {
                Value::Object(map) if !map.is_empty() => {
                    for (inner, value) in map {
                        let bare = inner.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
                        let shown = match bare {
                            true => format!("{key}.{inner}"),
                            false => format!("{key}.{}", Value::from(inner.as_str())),
                        };
                        let origin = self.origin(&format!("{key}.{inner}"));
                        entries.push((shown, value.clone(), origin));
                    }
                }
                value => {
                    let secret = T::SECRETS.contains(&key.as_str()) && !value.is_null();
                    let shown = if secret {
                        Value::String(REDACTED.into())
                    } else {
                        value.clone()
                    };
                    entries.push((key.clone(), shown, self.origin(key)));
                }
            }
        }
        entries
    }
}
