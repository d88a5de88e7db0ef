//! Which of the models, and where they are.

use std::{fmt, path::PathBuf, str::FromStr};

/// How long a model has learned. All of them are states of one training.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Quality {
    /// To the end.
    Trained,
    /// To the point where it writes words, but hardly sentences.
    Half,
    /// Some steps: it knows which letters are frequent.
    Barely,
}

impl Quality {
    /// All of them, the best one first.
    pub const ALL: [Self; 3] = [Self::Trained, Self::Half, Self::Barely];

    /// Its name: that of its folder, and of the model reference `tiny:NAME`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Trained => "trained",
            Self::Half => "half",
            Self::Barely => "barely",
        }
    }
}

impl fmt::Display for Quality {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A name that no quality has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no tiny model `{0}`; there are `trained`, `half` and `barely`")]
pub struct UnknownQuality(String);

impl FromStr for Quality {
    type Err = UnknownQuality;

    fn from_str(name: &str) -> Result<Self, UnknownQuality> {
        Self::ALL
            .into_iter()
            .find(|quality| quality.name() == name)
            .ok_or_else(|| UnknownQuality(name.to_owned()))
    }
}

/// The folder with the models: what the environment variable `DENDRA_TINY_MODELS` names, or the checkout that this program
/// was built from.
pub fn root() -> PathBuf {
    match std::env::var_os("DENDRA_TINY_MODELS") {
        Some(folder) if !folder.is_empty() => PathBuf::from(folder),
        _ => PathBuf::from(env!("CARGO_MANIFEST_DIR")),
    }
}

/// The folder of one model, in the format of Hugging Face. Whether it exists is not checked.
pub fn folder(quality: Quality) -> PathBuf {
    root().join(quality.name())
}

#[cfg(test)]
mod tests {
    use super::Quality;

    #[test]
    fn names_are_read_as_they_are_written() {
        for quality in Quality::ALL {
            assert_eq!(quality.to_string().parse(), Ok(quality));
        }
        let error = "best".parse::<Quality>().map_err(|error| error.to_string());
        assert_eq!(
            error,
            Err(
                "there is no tiny model `best`; there are `trained`, `half` and `barely`"
                    .to_owned()
            )
        );
    }
}
