//! A subnet that the validator serves: which template judges its miners, and how.

use std::{collections::BTreeMap, str::FromStr, sync::Arc};

use serde_json::{Map, Value};
use subnet_sdk::{Judge, Models, Resources, Template, TemplateError};

/// `NETUID:TEMPLATE` of the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// Subnet.
    pub netuid: u16,
    /// Name of the template.
    pub template: String,
}

/// A text that is no assignment.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not of the form NETUID:TEMPLATE, such as 1:text-generation")]
pub struct NoAssignment(String);

impl FromStr for Assignment {
    type Err = NoAssignment;

    fn from_str(text: &str) -> Result<Self, NoAssignment> {
        let wrong = || NoAssignment(text.into());
        let (netuid, template) = text.split_once(':').ok_or_else(wrong)?;
        let netuid = netuid.trim().parse().map_err(|_| wrong())?;
        let template = template.trim();
        if netuid == 0 || template.is_empty() {
            return Err(wrong());
        }
        Ok(Self {
            netuid,
            template: template.into(),
        })
    }
}

/// A subnet with its template and settings.
#[derive(Clone)]
pub struct Duty {
    /// Subnet.
    pub netuid: u16,
    /// What judges its miners.
    pub template: &'static dyn Template,
    /// Settings of the template.
    pub settings: Map<String, Value>,
}

impl std::fmt::Debug for Duty {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.netuid, self.template.description().name)
    }
}

impl Duty {
    /// A judge with what the owner has declared. Loads models: takes its time. **Errors:** see [`TemplateError`].
    pub fn judge(
        &self,
        models: &dyn Models,
        declaration: Option<&[u8]>,
    ) -> Result<Box<dyn Judge>, TemplateError> {
        self.template.judge(&Resources {
            models,
            settings: &self.settings,
            declaration,
        })
    }
}

/// The duties that the configuration names; all that is wrong with it otherwise.
///
/// `settings`: by `NETUID.KEY`. `resolved`: what a model reference in a setting means, so that `tiny:trained` becomes a folder.
/// **Errors:** unknown templates, subnets named twice, settings of subnets that are not served. Which settings there are, the template says
/// when its judge is made.
pub fn duties(
    subnets: &[String],
    settings: &Map<String, Value>,
    find: impl Fn(&str) -> Option<&'static dyn Template>,
    known: &[&str],
    resolved: impl Fn(&str) -> String,
) -> Result<Vec<Duty>, Vec<String>> {
    let mut problems = Vec::new();
    let mut duties: BTreeMap<u16, Duty> = BTreeMap::new();
    for text in subnets {
        let Assignment { netuid, template } = match text.parse() {
            Ok(assignment) => assignment,
            Err(error) => {
                problems.push(NoAssignment::to_string(&error));
                continue;
            }
        };
        match find(&template) {
            None => problems.push(format!(
                "there is no template `{template}`; there are {}",
                known.join(", ")
            )),
            Some(template) => {
                let settings = Map::new();
                let duty = Duty {
                    netuid,
                    template,
                    settings,
                };
                if duties.insert(netuid, duty).is_some() {
                    problems.push(format!("subnet {netuid} is named twice"));
                }
            }
        }
    }
    for (key, value) in settings {
        let parts = key.split_once('.');
        let Some((netuid, name)) =
            parts.and_then(|(netuid, name)| Some((netuid.parse().ok()?, name)))
        else {
            problems.push(format!("setting `{key}` is not of the form NETUID.KEY"));
            continue;
        };
        let Some(duty) = duties.get_mut(&netuid) else {
            problems.push(format!("setting `{key}`: subnet {netuid} is not served"));
            continue;
        };
        let value = match value {
            Value::String(text) => Value::String(resolved(text)),
            other => other.clone(),
        };
        duty.settings.insert(name.into(), value);
    }
    if problems.is_empty() {
        Ok(duties.into_values().collect())
    } else {
        Err(problems)
    }
}

/// Models, shared.
pub type SharedModels = Arc<dyn Models>;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulation::toy::TOY;

    fn find(name: &str) -> Option<&'static dyn Template> {
        (name == "toy").then_some(&TOY as &dyn Template)
    }

    fn read(subnets: &[&str], settings: Value) -> Result<Vec<Duty>, Vec<String>> {
        let subnets: Vec<String> = subnets.iter().map(|text| (*text).into()).collect();
        let Value::Object(settings) = settings else {
            panic!("not an object")
        };
        duties(&subnets, &settings, find, &["toy"], |text| {
            text.replace("tiny:", "/tiny/")
        })
    }

    #[test]
    fn subnets_have_their_template_and_settings() {
        let duties = read(
            &["7:toy", "1: toy"],
            serde_json::json!({ "7.questions": 3, "1.model": "tiny:half" }),
        );
        let duties = duties.expect("good");
        assert_eq!(format!("{duties:?}"), "[1:toy, 7:toy]");
        assert_eq!(duties[1].settings["questions"], 3);
        assert_eq!(duties[0].settings["model"], "/tiny/half");
    }

    #[test]
    fn all_problems_are_told_at_once() {
        let settings = serde_json::json!({ "2.questions": 1, "1.colour": 1, "depth": 1 });
        let problems =
            read(&["1:toy", "1:toy", "0:toy", "5", "3:other"], settings).expect_err("problems");
        assert_eq!(problems.len(), 6, "{problems:#?}");
    }
}
