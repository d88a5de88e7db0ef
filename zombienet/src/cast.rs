//! Who plays on a local network: two validators, and for every template miners of different quality and a cheat.

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
    /// More than every later miner of the cast.
    Pay,
    /// Nothing, ever.
    Nothing,
}

/// Names of the templates that have a cast; the first is the default.
pub const TEMPLATES: [&str; 3] = ["next-token", "text-generation", "custom"];

/// The names of the validators.
pub const VALIDATORS: [&str; 2] = ["validator-1", "validator-2"];

impl Cast {
    /// The cast of a template.
    ///
    /// **Errors:** the template is not known here.
    pub fn of(template: &str) -> Outcome<Self> {
        match template {
            "next-token" => Ok(next_token()),
            "text-generation" => Ok(text_generation()),
            "custom" => Ok(custom()),
            other => Err(Failure::new(format!("there is no template `{other}`"))
                .advise(format!("choose one of {}", TEMPLATES.join(", ")))),
        }
    }
}

fn next_token() -> Cast {
    Cast {
        template: "next-token",
        shows: "miners predict hidden text; the better the model, the more it earns",
        declared: None,
        judging: &[],
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
                work: Work::Cheat(&["--trick", "work", "--model", "tiny:trained", "--delay", "300"]),
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

fn custom() -> Cast {
    Cast {
        template: "custom",
        shows: "the smallest complete subnet",
        declared: None,
        judging: &[],
        tempo: 20,
        miners: vec![],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_has_a_cast_of_four_miners_and_a_cheat() {
        for template in TEMPLATES {
            let cast = Cast::of(template).unwrap();
            assert_eq!(cast.template, template);
            assert!(cast.miners.len() >= 4, "{template}");
            let paid = cast
                .miners
                .iter()
                .filter(|player| player.expected == Expected::Pay)
                .count();
            assert!(paid >= 2 && paid < cast.miners.len(), "{template}");
        }
        assert!(Cast::of("nonesuch").is_err());
    }
}
