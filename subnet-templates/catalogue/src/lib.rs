//! The templates that miner and validator know by name.

use subnet_sdk::Template;

/// A template of your own: a line here, and a dependency in `Cargo.toml`.
static ALL: &[&dyn Template] = &[
    &custom_subnet::TEMPLATE,
    &next_token_subnet::NextToken,
    &text_generation_subnet::TextGeneration,
];

/// All of them.
pub fn all() -> &'static [&'static dyn Template] {
    ALL
}

/// The template with a name; none if there is none of this name.
pub fn find(name: &str) -> Option<&'static dyn Template> {
    let mut templates = ALL.iter().copied();
    templates.find(|template| template.description().name == name)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_template_is_found_by_its_name_and_no_other() {
        let names: BTreeSet<_> = all().iter().map(|all| all.description().name).collect();
        assert_eq!(names.len(), all().len());
        for name in names {
            assert_eq!(find(name).map(|found| found.description().name), Some(name));
        }
        for name in ["", "Custom", "custom ", "next_token"] {
            assert!(find(name).is_none());
        }
    }

    #[test]
    fn descriptions_can_be_used() {
        for template in all() {
            let description = template.description();
            let name = description.name;
            let is_plain = |letter: char| letter.is_ascii_lowercase() || letter == '-';
            assert!(name.chars().all(is_plain) && name.len() <= 32, "{name}");
            assert!(description.summary.ends_with('.'), "{name}");
            assert!(description.version >= 1, "{name}");
            assert!(!description.deadline.is_zero(), "{name}");
            for limit in [description.challenge_limit, description.answer_limit] {
                assert!((1024..=4 << 20).contains(&limit), "{name}");
            }
            let settings: BTreeSet<_> = description.settings.iter().map(|(key, _)| key).collect();
            assert_eq!(settings.len(), description.settings.len(), "{name}");
        }
    }
}
