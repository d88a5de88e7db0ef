//! Pairs of the command line.

use std::str::FromStr;

use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

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
