//! Log events, on standard error.

use std::{io::IsTerminal, str::FromStr};

use tracing_subscriber::EnvFilter;

/// How events are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// Lines for people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

impl FromStr for Format {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err("must be text or json".into()),
        }
    }
}

/// Why logging did not start.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The filter cannot be read.
    #[error("the log filter `{filter}` cannot be read: {problem}")]
    Filter {
        /// The filter.
        filter: String,
        /// What is wrong.
        problem: String,
    },
    /// It was started before.
    #[error("logging was started before")]
    Started,
}

/// Reads a filter such as `info`, `debug` or `info,dendra_miner=debug`. **Errors:** [`LogError::Filter`].
pub fn filter(text: &str) -> Result<EnvFilter, LogError> {
    EnvFilter::try_new(text).map_err(|error| LogError::Filter {
        filter: text.into(),
        problem: error.to_string(),
    })
}

/// Starts logging for the whole process. **Errors:** see [`LogError`].
pub fn start(filter_text: &str, format: Format) -> Result<(), LogError> {
    let filter = filter(filter_text)?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_target(true);
    match format {
        Format::Json => builder.json().try_init(),
        Format::Text => builder
            .with_ansi(std::io::stderr().is_terminal())
            .try_init(),
    }
    .map_err(|_| LogError::Started)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_are_checked() {
        assert!(filter("info,dendra_miner=debug").is_ok());
        assert!(matches!(
            filter("dendra_miner=loudly"),
            Err(LogError::Filter { .. })
        ));
    }
}
