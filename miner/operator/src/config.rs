//! One typed configuration out of defaults, a file, the environment and flags, in rising order.
//!
//! A key is written `wallet-path` in a TOML file, `DENDRA_MINER_WALLET_PATH` in the environment and `--wallet-path` as a
//! flag. [`Layered::read`] finds all problems at once and remembers where each value came from.

use std::{
    collections::BTreeMap,
    fmt,
    io::{self, Write},
    path::{Path, PathBuf},
    str::FromStr,
};

use figment::providers::{Format, Toml};
use serde::{Serialize, Serializer, de::DeserializeOwned};
use serde_json::{Map, Value};

/// Bytes of a configuration file at most.
const FILE_LIMIT: u64 = 1 << 20;

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

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// Nobody set it.
    Default,
    /// A configuration file.
    File(PathBuf),
    /// A variable of the environment.
    Environment(String),
    /// A flag.
    Flag(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path) => write!(f, "file {}", path.display()),
            Self::Environment(variable) => write!(f, "environment {variable}"),
            Self::Flag(flag) => write!(f, "flag {flag}"),
        }
    }
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where the value comes from.
    pub origin: Origin,
    /// Which value; empty for a whole file.
    pub key: String,
    /// What is wrong with it.
    pub text: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.key.as_str() {
            "" => write!(f, "{}: {}", self.origin, self.text),
            key => write!(f, "`{key}` ({}): {}", self.origin, self.text),
        }
    }
}

/// Everything that is wrong with a configuration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .problems.iter().map(Problem::to_string).collect::<Vec<_>>().join("; "))]
pub struct ConfigError {
    /// At least one.
    pub problems: Vec<Problem>,
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

/// A configuration while its layers are put on one another.
struct Reading<T> {
    defaults: Map<String, Value>,
    merged: Map<String, Value>,
    origins: BTreeMap<String, Origin>,
    problems: Vec<Problem>,
    form: std::marker::PhantomData<T>,
}

impl<T: Configuration> Reading<T> {
    fn new() -> Self {
        let defaults = match serde_json::to_value(T::default()) {
            Ok(Value::Object(map)) => map,
            _ => Map::new(),
        };
        Self {
            merged: defaults.clone(),
            defaults,
            origins: BTreeMap::new(),
            problems: Vec::new(),
            form: std::marker::PhantomData,
        }
    }

    fn problem(&mut self, origin: Origin, key: &str, text: impl Into<String>) {
        self.problems.push(Problem {
            origin,
            key: key.into(),
            text: text.into(),
        });
    }

    /// Takes the values of a file.
    fn file(&mut self, path: &Path) {
        let origin = Origin::File(path.into());
        let text = match std::fs::metadata(path) {
            Ok(about) if about.len() > FILE_LIMIT => {
                return self.problem(origin, "", "is larger than 1 MiB: not a configuration");
            }
            Ok(_) => std::fs::read_to_string(path),
            Err(error) => Err(error),
        };
        let text = match text {
            Ok(text) => text,
            Err(error) => return self.problem(origin, "", error.to_string()),
        };
        match Toml::from_str::<Map<String, Value>>(&text) {
            Ok(values) => {
                for (key, value) in values {
                    self.value(&kebab(&key), value, origin.clone());
                }
            }
            // The error's own display quotes the line, which may hold a secret.
            Err(error) => {
                let line = error
                    .span()
                    .and_then(|span| text.get(..span.start))
                    .map_or(1, |before| before.matches('\n').count() + 1);
                self.problem(origin, "", format!("line {line}: {}", error.message()));
            }
        }
    }

    /// Takes a value of which only the text is known: the first reading that fits.
    fn text(&mut self, key: &str, text: &str, origin: Origin) {
        if !self.is_known(key, &origin) {
            return;
        }
        let as_text = Value::String(text.into());
        let list = || text.split(',').map(str::trim);
        let as_list = Value::Array(list().map(|item| Value::String(item.into())).collect());
        let as_map = list()
            .map(KeyValue::from_str)
            .collect::<Result<Vec<_>, _>>()
            .ok()
            .map(|pairs| Value::Object(pairs.into_iter().map(|p| (p.key, p.value)).collect()));
        let readings = [
            Some(as_text.clone()),
            serde_json::from_str(text).ok(),
            Some(as_list),
            as_map,
        ];
        let fitting = readings
            .into_iter()
            .flatten()
            .find(|value| self.fits(key, value).is_ok());
        self.value(key, fitting.unwrap_or(as_text), origin);
    }

    /// Takes a value. Maps are merged entry by entry, everything else is replaced.
    fn value(&mut self, key: &str, value: Value, origin: Origin) {
        if !self.is_known(key, &origin) {
            return;
        }
        if let Err(text) = self.fits(key, &value) {
            return self.problem(origin, key, text);
        }
        match (self.merged.get_mut(key), value) {
            (Some(Value::Object(old)), Value::Object(new)) => {
                for (inner, value) in new {
                    self.origins
                        .insert(format!("{key}.{inner}"), origin.clone());
                    old.insert(inner, value);
                }
            }
            (_, value) => {
                self.merged.insert(key.into(), value);
                self.origins.insert(key.into(), origin);
            }
        }
    }

    /// Whether there is such a key; notes the problem if not.
    fn is_known(&mut self, key: &str, origin: &Origin) -> bool {
        let known = self.defaults.contains_key(key);
        if !known {
            let nearest = self
                .defaults
                .keys()
                .min_by_key(|candidate| distance(candidate, key))
                .filter(|candidate| distance(candidate, key) <= 3)
                .map(|candidate| format!("; did you mean `{candidate}`?"))
                .unwrap_or_default();
            self.problem(
                origin.clone(),
                key,
                format!("there is no such key{nearest}"),
            );
        }
        known
    }

    /// Whether the configuration can be read with this value and defaults otherwise.
    fn fits(&self, key: &str, value: &Value) -> Result<(), String> {
        let mut alone = self.defaults.clone();
        alone.insert(key.into(), value.clone());
        match serde_json::from_value::<T>(Value::Object(alone)) {
            Ok(_) => Ok(()),
            Err(_) if T::SECRETS.contains(&key) => Err("cannot be used".into()),
            Err(error) => Err(error.to_string()),
        }
    }

    fn finish(mut self) -> Result<Layered<T>, ConfigError> {
        let value = match serde_json::from_value::<T>(Value::Object(self.merged.clone())) {
            Ok(value) => {
                for (key, text) in value.problems() {
                    let origin = self.origins.get(key).cloned().unwrap_or(Origin::Default);
                    self.problem(origin, key, text);
                }
                Some(value)
            }
            Err(error) => {
                if self.problems.is_empty() {
                    self.problem(Origin::Default, "", error.to_string());
                }
                None
            }
        };
        match value {
            Some(value) if self.problems.is_empty() => Ok(Layered {
                value,
                merged: self.merged,
                origins: self.origins,
            }),
            _ => Err(ConfigError {
                problems: self.problems,
            }),
        }
    }
}

/// A `KEY=VALUE` of the command line. The value is read as JSON if it is JSON, and is a text otherwise.
#[derive(Clone, Debug, PartialEq)]
pub struct KeyValue {
    /// Left of the first `=`.
    pub key: String,
    /// Right of it.
    pub value: Value,
}

impl FromStr for KeyValue {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once('=') {
            Some((key, value)) if !key.trim().is_empty() => Ok(Self {
                key: key.trim().into(),
                value: serde_json::from_str(value).unwrap_or_else(|_| Value::String(value.into())),
            }),
            _ => Err(format!("`{text}` is not of the form KEY=VALUE")),
        }
    }
}

/// Writes a list of pairs as a map: `#[serde(serialize_with = "as_map")]` of a clap struct. A later pair wins.
/// **Errors:** those of the serializer.
pub fn as_map<S: Serializer>(pairs: &[KeyValue], serializer: S) -> Result<S::Ok, S::Error> {
    let map: Map<String, Value> = pairs
        .iter()
        .map(|pair| (pair.key.clone(), pair.value.clone()))
        .collect();
    map.serialize(serializer)
}

/// `WALLET_PATH` and `wallet_path` as `wallet-path`.
fn kebab(key: &str) -> String {
    key.to_ascii_lowercase().replace('_', "-")
}

/// How many letters must be put in, left out or changed to make one word of another.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.chars().take(64).enumerate() {
        let mut corner = i;
        let mut left = i + 1;
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (cell, b) in row.iter_mut().skip(1).zip(&other) {
            let next = (left + 1).min(*cell + 1).min(corner + usize::from(a != *b));
            corner = *cell;
            *cell = next;
            left = next;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests;
