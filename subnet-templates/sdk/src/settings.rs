//! Settings of a subnet, read with their ranges.

use std::{fmt::Display, ops::RangeInclusive, path::Path, str::FromStr, time::Duration};

use serde_json::{Map, Value};

use crate::template::{Description, TemplateError};

/// Bytes of a text file that a setting names, at most: 1 GiB.
const FILE_LIMIT: u64 = 1 << 30;

/// The settings of a subnet. Numbers may be written as numbers or as text, as command lines do.
#[derive(Clone, Copy, Debug)]
pub struct Settings<'a>(&'a Map<String, Value>);

impl<'a> Settings<'a> {
    /// The settings for a template. `model`, the general flag of the binaries, is always allowed.
    ///
    /// **Errors:** [`TemplateError::Setting`] for one that the template does not know.
    pub fn new(
        map: &'a Map<String, Value>,
        description: &Description,
    ) -> Result<Self, TemplateError> {
        let known = || description.settings.iter().map(|(name, _)| *name);
        let stranger = map
            .keys()
            .find(|name| *name != "model" && known().all(|known| known != name.as_str()));
        match stranger {
            None => Ok(Self(map)),
            Some(name) => Err(unusable(
                name,
                format!(
                    "the template `{}` has no such setting; it has {}",
                    description.name,
                    known().collect::<Vec<_>>().join(", ")
                ),
            )),
        }
    }

    /// A text, if it is set.
    ///
    /// **Errors:** [`TemplateError::Setting`] for a value that is not a text, or an empty one.
    pub fn text(&self, name: &str) -> Result<Option<&'a str>, TemplateError> {
        match self.0.get(name) {
            None => Ok(None),
            Some(Value::String(text)) if !text.trim().is_empty() => Ok(Some(text)),
            Some(value) => Err(unusable(name, format!("{value} is not a text"))),
        }
    }

    /// A text that must be set; `advice` says what to set.
    ///
    /// **Errors:** [`TemplateError::Setting`] if it is not set, and as for [`Settings::text`].
    pub fn required(&self, name: &str, advice: &str) -> Result<&'a str, TemplateError> {
        self.text(name)?
            .ok_or_else(|| unusable(name, format!("not set; {advice}")))
    }

    /// A whole number, or the default. **Errors:** [`TemplateError::Setting`] for a value out of the range.
    pub fn integer(
        &self,
        name: &str,
        default: u64,
        range: RangeInclusive<u64>,
    ) -> Result<u64, TemplateError> {
        self.number_in(name, default, &range, Value::as_u64, "a whole number")
    }

    /// A number, or the default. **Errors:** [`TemplateError::Setting`] for a value out of the range.
    pub fn number(
        &self,
        name: &str,
        default: f64,
        range: RangeInclusive<f64>,
    ) -> Result<f64, TemplateError> {
        self.number_in(name, default, &range, Value::as_f64, "a number")
    }

    /// The setting `deadline` in seconds, or what the template's description says.
    ///
    /// **Errors:** [`TemplateError::Setting`] for a value that is not from 0.1 to 3600.
    pub fn deadline(&self, description: &Description) -> Result<Duration, TemplateError> {
        let default = description.deadline.as_secs_f64();
        let seconds = self.number("deadline", default, 0.1..=3600.0)?;
        Ok(Duration::from_secs_f64(seconds))
    }

    /// The text in the file that a setting names, if it is set.
    ///
    /// **Errors:** [`TemplateError::Setting`] for a file that is absent, too large or not UTF-8.
    pub fn file(&self, name: &str) -> Result<Option<String>, TemplateError> {
        let Some(path) = self.text(name)?.map(Path::new) else {
            return Ok(None);
        };
        let problem = |what: String| unusable(name, format!("{}: {what}", path.display()));
        let size = std::fs::metadata(path).map_err(|error| problem(error.to_string()))?;
        if !size.is_file() || size.len() > FILE_LIMIT {
            return Err(problem(format!(
                "not a file of at most {FILE_LIMIT} bytes; name a text file"
            )));
        }
        let text = std::fs::read(path).map_err(|error| problem(error.to_string()))?;
        let text = String::from_utf8(text)
            .map_err(|error| problem(format!("not UTF-8 text: {}", error.utf8_error())))?;
        Ok(Some(text))
    }

    fn number_in<T: Copy + PartialOrd + Display + FromStr>(
        &self,
        name: &str,
        default: T,
        range: &RangeInclusive<T>,
        as_number: fn(&Value) -> Option<T>,
        kind: &str,
    ) -> Result<T, TemplateError> {
        let Some(value) = self.0.get(name) else {
            return Ok(default);
        };
        let number = as_number(value).or_else(|| value.as_str()?.trim().parse().ok());
        number
            .filter(|number| range.contains(number))
            .ok_or_else(|| {
                let (first, last) = (range.start(), range.end());
                unusable(
                    name,
                    format!("{value} is not {kind} from {first} to {last}"),
                )
            })
    }
}

/// The error for a setting that cannot be used.
pub(crate) fn unusable(name: &str, problem: String) -> TemplateError {
    TemplateError::Setting {
        name: name.to_owned(),
        problem,
    }
}
