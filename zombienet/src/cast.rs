//! Who plays on a local network: two validators, and for every template miners of different quality and a cheat.

use subnet_sdk::Description;

use crate::failure::{Failure, Outcome};

/// A template that a local network can be made from, with the miners that show it.
#[derive(Clone, Debug)]
pub struct Cast {
    /// Name of the template.
    pub template: &'static str,
    /// What this cast shows, in one sentence.
    pub shows: &'static str,
    /// Model that the owner declares on chain, where the template needs a declaration.
    pub declared: Option<&'static str>,
    /// Settings of the validators.
    pub judging: &'static [(&'static str, &'static str)],
    /// Blocks between two epochs.
    pub tempo: u16,
    /// The miners, best first.
    pub miners: Vec<Player>,
}

/// A miner of a cast.
#[derive(Clone, Debug)]
pub struct Player {
    /// What it is called; its keys derive from the name.
    pub name: &'static str,
    /// What it serves, for people.
    pub serves: &'static str,
    /// How it comes by its answers.
    pub work: Work,
    /// What the chain has to say of it in the end.
    pub expected: Expected,
}

/// How a miner comes by its answers.
#[derive(Clone, Debug)]
pub enum Work {
    /// It runs `dendra-miner` with these flags.
    Honest(&'static [&'static str]),
    /// It runs `cheating-miner` with these flags.
    Cheat(&'static [&'static str]),
}

/// What a miner earns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Something, and more than every later miner of the cast of which this is expected.
    Pay,
    /// Something.
    Share,
    /// Nothing, ever.
    Nothing,
}

/// The template of a network that nobody asked another of.
pub const DEFAULT: &str = "next-token";

/// The names of the validators.
pub const VALIDATORS: [&str; 2] = ["validator-1", "validator-2"];

impl Cast {
    /// The cast of a template: of one that stands in the catalogue without a cast of its own, such as a copy of `custom`, that
    /// of `custom`.
    ///
    /// **Errors:** the template is not in the catalogue.
    pub fn of(template: &str) -> Outcome<Self> {
        let Some(found) = subnet_catalogue::find(template) else {
            let known: Vec<_> = subnet_catalogue::all()
                .iter()
                .map(|template| template.description().name)
                .collect();
            return Err(Failure::new(format!("there is no template `{template}`"))
                .advise(format!("choose one of {}", known.join(", "))));
        };
        Ok(match template {
            "next-token" => next_token(),
            "text-generation" => text_generation(),
            _ => custom(&found.description()),
        })
    }
}

fn next_token() -> Cast {
    Cast {
        template: "next-token",
        shows: "miners predict hidden text; the better the model, the more it earns",
        declared: None,
        judging: &[
            ("text", "tiny:held-out.txt"),
            ("positions", "32"),
            ("deadline", "3"),
        ],
        tempo: 20,
        miners: vec![
            Player {
                name: "good",
                serves: "tiny:trained",
                work: Work::Honest(&["--model", "tiny:trained"]),
                expected: Expected::Pay,
            },
            Player {
                name: "weaker",
                serves: "tiny:half",
                work: Work::Honest(&["--model", "tiny:half"]),
                expected: Expected::Pay,
            },
            Player {
                name: "poor",
                serves: "tiny:barely",
                work: Work::Honest(&["--model", "tiny:barely"]),
                expected: Expected::Pay,
            },
            Player {
                name: "cheat",
                serves: "certainty",
                work: Work::Cheat(&["--trick", "certainty"]),
                expected: Expected::Nothing,
            },
        ],
    }
}

fn text_generation() -> Cast {
    Cast {
        template: "text-generation",
        shows: "miners serve one declared model, and every answer is verified",
        declared: Some("tiny:trained"),
        judging: &[
            ("model", "tiny:trained"),
            ("deadline", "2"),
            ("queries", "1"),
            ("tokens", "24"),
        ],
        tempo: 20,
        miners: vec![
            Player {
                name: "good",
                serves: "tiny:trained",
                work: Work::Honest(&["--model", "tiny:trained"]),
                expected: Expected::Pay,
            },
            Player {
                name: "slow",
                serves: "tiny:trained, slowed",
                work: Work::Cheat(&[
                    "--trick",
                    "work",
                    "--model",
                    "tiny:trained",
                    "--delay",
                    "300",
                ]),
                expected: Expected::Pay,
            },
            Player {
                name: "wrong",
                serves: "tiny:half",
                work: Work::Cheat(&["--trick", "work", "--model", "tiny:half"]),
                expected: Expected::Nothing,
            },
            Player {
                name: "cheat",
                serves: "replays",
                work: Work::Cheat(&["--trick", "replay", "--model", "tiny:trained"]),
                expected: Expected::Nothing,
            },
        ],
    }
}

/// Without the setting of `custom` all honest miners are alike.
fn custom(description: &Description) -> Cast {
    let differ = description
        .settings
        .iter()
        .any(|(name, _)| *name == "steps");
    let miner = |name, serves, flags| Player {
        name,
        serves: if differ { serves } else { "" },
        work: Work::Honest(if differ { flags } else { &[] }),
        expected: if differ {
            Expected::Pay
        } else {
            Expected::Share
        },
    };
    Cast {
        template: description.name,
        shows: description.summary,
        declared: None,
        judging: &[],
        tempo: 20,
        miners: vec![
            miner("good", "60 steps", &["--setting", "steps=60"]),
            miner("weaker", "32 steps", &["--setting", "steps=32"]),
            miner("poor", "22 steps", &["--setting", "steps=22"]),
            Player {
                name: "cheat",
                serves: "replays",
                work: Work::Cheat(&["--trick", "replay"]),
                expected: Expected::Nothing,
            },
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_has_a_cast_of_four_miners_and_a_cheat() {
        for template in subnet_catalogue::all() {
            let name = template.description().name;
            let cast = Cast::of(name).unwrap();
            assert_eq!(cast.template, name);
            assert!(cast.miners.len() >= 4, "{name}");
            let paid = cast
                .miners
                .iter()
                .filter(|player| player.expected == Expected::Pay)
                .count();
            assert!(paid >= 2 && paid < cast.miners.len(), "{name}");
        }
        assert!(Cast::of(DEFAULT).is_ok());
        let refused = Cast::of("nonesuch").unwrap_err().to_string();
        assert!(refused.contains(DEFAULT), "{refused}");
    }

    #[test]
    fn a_copy_without_the_settings_of_custom_has_miners_that_are_alike() {
        let mut description = subnet_catalogue::find("custom").unwrap().description();
        description.name = "mine";
        description.settings = &[];
        let cast = custom(&description);
        assert_eq!(cast.template, "mine");
        for player in &cast.miners {
            assert_ne!(player.expected, Expected::Pay, "{}", player.name);
            assert!(!matches!(player.work, Work::Honest(flags) if !flags.is_empty()));
        }
    }
}
