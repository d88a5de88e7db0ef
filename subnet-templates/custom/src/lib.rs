#![doc = include_str!("../README.md")]

#[cfg(test)]
mod tests;

use std::time::Duration;

use serde::{Deserialize, Serialize};
use subnet_sdk::{
    Description, Refusal, Resources, Score, Seed, Settings, Simple, Task, TemplateError,
};

/// The template, for the catalogue.
pub static TEMPLATE: Simple<Roots> = Simple::new();

/// Numbers in a question.
const NUMBERS: usize = 8;

/// Digits of a root that count.
const DIGITS: f64 = 12.0;

/// Miners compute square roots, and earn by the number of right digits.
pub struct Roots {
    /// Miner: how often the interval that holds a root is halved.
    steps: u64,
}

/// What is asked: the square roots of these numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// At least 1 each.
    pub numbers: Vec<u64>,
}

/// What is answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// The root of each number, in order.
    pub roots: Vec<f64>,
}

impl Task for Roots {
    type Question = Question;
    type Answer = Answer;

    const DESCRIPTION: Description = Description {
        name: "custom",
        version: 1,
        summary: "Square roots: miners earn by the number of right digits.",
        deadline: Duration::from_secs(5),
        challenge_limit: 4096,
        answer_limit: 4096,
        settings: &[("steps", "miner: effort for each root, 1 to 60 (default 60)")],
    };

    fn new(settings: &Settings<'_>, _: &Resources<'_>) -> Result<Self, TemplateError> {
        let steps = settings.integer("steps", 60, 1..=60)?;
        Ok(Self { steps })
    }

    fn question(&self, seed: &Seed) -> Question {
        let mut draws = seed.draws();
        // Of every size, so that no constant comes near all roots.
        let mut number = || {
            let size = 10u64.pow(draws.between(1, 6) as u32);
            draws.between(size, 10 * size)
        };
        Question {
            numbers: (0..NUMBERS).map(|_| number()).collect(),
        }
    }

    fn answer(&self, question: &Question) -> Result<Answer, Refusal> {
        if question.numbers.len() > NUMBERS {
            return Err(Refusal::Malformed(format!("more than {NUMBERS} numbers")));
        }
        let roots = question.numbers.iter().map(|n| self.root(*n as f64));
        Ok(Answer {
            roots: roots.collect(),
        })
    }

    fn score(&self, question: &Question, answer: &Answer, _: Duration) -> Score {
        if answer.roots.len() != question.numbers.len() {
            return Score::new(0.0, format!("{} roots", answer.roots.len()));
        }
        let pairs = question.numbers.iter().zip(&answer.roots);
        let errors = pairs.map(|(number, root)| (root / (*number as f64).sqrt() - 1.0).abs());
        let worst = errors.fold(0.0, f64::max);
        // One digit is what a guess has.
        let digits = (-worst.log10()).clamp(1.0, DIGITS);
        let value = (digits - 1.0) / (DIGITS - 1.0);
        Score::new(value, format!("{digits:.1} of {DIGITS} digits are right"))
    }
}

impl Roots {
    /// Bisection: each step halves the interval, so three steps and a bit make a digit.
    fn root(&self, number: f64) -> f64 {
        let (mut low, mut high) = (0.0, number + 1.0);
        for _ in 0..self.steps {
            let middle = (low + high) / 2.0;
            if middle * middle > number {
                high = middle;
            } else {
                low = middle;
            }
        }
        (low + high) / 2.0
    }
}
