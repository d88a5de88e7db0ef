//! Putting values on one another.

use std::{collections::BTreeMap, path::Path, str::FromStr};

use figment::providers::{Format, Toml};
use serde_json::{Map, Value};

use super::{ConfigError, Configuration, KeyValue, Layered, Origin, Problem};

/// Bytes of a configuration file at most.
const FILE_LIMIT: u64 = 1 << 20;

/// A configuration while its layers are put on one another.
pub(super) struct Reading<T> {
    defaults: Map<String, Value>,
    merged: Map<String, Value>,
    origins: BTreeMap<String, Origin>,
    problems: Vec<Problem>,
    form: std::marker::PhantomData<T>,
}

impl<T: Configuration> Reading<T> {
    pub(super) fn new() -> Self {
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
    pub(super) fn file(&mut self, path: &Path) {
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
    pub(super) fn text(&mut self, key: &str, text: &str, origin: Origin) {
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
    pub(super) fn value(&mut self, key: &str, value: Value, origin: Origin) {
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

    pub(super) fn finish(mut self) -> Result<Layered<T>, ConfigError> {
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

/// `WALLET_PATH` and `wallet_path` as `wallet-path`.
pub(super) fn kebab(key: &str) -> String {
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
mod tests {
    use super::*;

    #[test]
    fn the_distance_of_words_counts_letters() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("same", "same"), 0);
    }
}
