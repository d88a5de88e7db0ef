//! How a token is chosen from logits: one definition for engines and for those who check them.

use std::collections::BinaryHeap;

use crate::{
    language::{Candidate, Position, Sampling, Token},
    seed::Draw,
};

/// The logits of all tokens at one place of a text. A logit that is not a number counts as minus infinity.
///
/// A token is chosen by the Gumbel-max rule: the greatest `logit + temperature · noise(seed, position, token)` wins, and of
/// equals the lowest id. With `top_p` below 1 only the fewest most probable tokens take part whose probabilities **at the
/// temperature** reach `top_p` together. At temperature 0 the greatest logit wins.
#[derive(Clone, Copy, Debug)]
pub struct Logits<'a> {
    values: &'a [f32],
    /// Logarithm of the sum of all exponentials.
    normaliser: f64,
}

impl<'a> Logits<'a> {
    /// Of a vocabulary: `values[id]`. Not empty.
    pub fn new(values: &'a [f32]) -> Self {
        let greatest = values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let greatest = f64::from(greatest);
        let sum: f64 = values
            .iter()
            .filter(|value| !value.is_nan())
            .map(|value| (f64::from(*value) - greatest).exp())
            .sum();
        Self {
            values,
            normaliser: greatest + sum.ln(),
        }
    }

    /// Natural logarithm of a token's probability at temperature 1; minus infinity for a token that does not exist.
    pub fn log_probability(&self, id: u32) -> f32 {
        let value = f64::from(self.logit(id)) - self.normaliser;
        if value.is_nan() {
            return f32::NEG_INFINITY;
        }
        value.min(0.0) as f32
    }

    /// How many tokens are more probable.
    pub fn rank(&self, id: u32) -> u32 {
        let logit = self.logit(id);
        self.values.iter().filter(|value| **value > logit).count() as u32
    }

    /// The most probable tokens, most probable first, of equals the lowest id first.
    pub fn most_probable(&self, count: usize) -> Vec<Candidate> {
        let mut keys = self.keys();
        let count = count.min(keys.len());
        if count == 0 {
            return Vec::new();
        }
        if count < keys.len() {
            keys.select_nth_unstable_by(count - 1, |a, b| b.cmp(a));
            keys.truncate(count);
        }
        keys.sort_unstable_by(|a, b| b.cmp(a));
        keys.into_iter()
            .map(id_of)
            .map(|id| Candidate {
                id,
                log_probability: self.log_probability(id),
            })
            .collect()
    }

    /// The token that stands at `position` (the number of tokens before it).
    pub fn choose(&self, sampling: &Sampling, position: u64) -> u32 {
        self.winner(sampling, position, self.threshold(sampling)).0
    }

    /// How far a token is from being the choice, in units of logits; 0 if it is the choice, infinity if it does not exist.
    ///
    /// For a token that `top_p` excludes, what its logit lacks to take part is added.
    pub fn gap(&self, sampling: &Sampling, position: u64, id: u32) -> f32 {
        let logit = self.logit(id);
        if logit == f32::NEG_INFINITY {
            return f32::INFINITY;
        }
        let threshold = self.threshold(sampling);
        let (winner, best) = self.winner(sampling, position, threshold);
        if winner == id {
            return 0.0;
        }
        let excluded = if key(logit, id) < threshold {
            self.logit(id_of(threshold)) - logit
        } else {
            0.0
        };
        let gap = (best - score(logit, sampling, position, id)).max(0.0) + excluded;
        if gap.is_nan() { f32::INFINITY } else { gap }
    }

    /// What a generation tells of a token that it chose.
    pub fn token(&self, id: u32, candidates: usize) -> Token {
        Token {
            id,
            log_probability: self.log_probability(id),
            candidates: self.most_probable(candidates),
        }
    }

    /// What an examination tells of a token that stands at `position`.
    pub fn position(
        &self,
        id: u32,
        candidates: usize,
        sampling: Option<&Sampling>,
        position: u64,
    ) -> Position {
        Position {
            id,
            log_probability: self.log_probability(id),
            rank: self.rank(id),
            gap: sampling.map_or(0.0, |sampling| self.gap(sampling, position, id)),
            candidates: self.most_probable(candidates),
        }
    }

    fn logit(&self, id: u32) -> f32 {
        let value = self.values.get(id as usize).copied();
        value
            .filter(|value| !value.is_nan())
            .unwrap_or(f32::NEG_INFINITY)
    }

    fn keys(&self) -> Vec<u64> {
        (0..)
            .zip(self.values)
            .map(|(id, value)| key(*value, id))
            .collect()
    }

    /// The key of the last token that takes part.
    fn threshold(&self, sampling: &Sampling) -> u64 {
        if sampling.top_p >= 1.0 || sampling.temperature <= 0.0 {
            return 0;
        }
        let temperature = f64::from(sampling.temperature);
        let greatest = f64::from(self.logit(self.first()));
        let weight = |id| ((f64::from(self.logit(id)) - greatest) / temperature).exp();
        let all: f64 = (0..self.values.len() as u32).map(weight).sum();
        let wanted = f64::from(sampling.top_p) * all;
        let mut heap = BinaryHeap::from(self.keys());
        let (mut reached, mut last) = (0.0, u64::MAX);
        while reached < wanted || last == u64::MAX {
            match heap.pop() {
                Some(next) => {
                    reached += weight(id_of(next));
                    last = next;
                }
                // Rounding: all together are a little less than all.
                None => return 0,
            }
        }
        last
    }

    /// The token with the greatest logit.
    fn first(&self) -> u32 {
        let best = (0..)
            .zip(self.values)
            .map(|(id, value)| key(*value, id))
            .max();
        best.map_or(0, id_of)
    }

    /// The choice and its score.
    fn winner(&self, sampling: &Sampling, position: u64, threshold: u64) -> (u32, f32) {
        let first = self.first();
        if sampling.temperature <= 0.0 {
            return (first, self.logit(first));
        }
        let temperature = f64::from(sampling.temperature);
        let mut best = (first, score(self.logit(first), sampling, position, first));
        for (id, &logit) in (0..).zip(self.values) {
            if logit.is_nan() || logit == f32::NEG_INFINITY || key(logit, id) < threshold {
                continue;
            }
            // Most tokens would need more luck than they can have had; two logarithms each are saved. The bound is kept a
            // little below what rounding can do.
            let slack = 1e-6 * f64::from(best.1.abs() + logit.abs());
            let lack = (f64::from(best.1) - f64::from(logit) - slack) / temperature - 1e-5;
            if !Draw::new(sampling.seed, position, id).may_exceed(lack) {
                continue;
            }
            let score = score(logit, sampling, position, id);
            if score > best.1 || (score == best.1 && id < best.0) {
                best = (id, score);
            }
        }
        best
    }
}

/// What decides between the tokens.
fn score(logit: f32, sampling: &Sampling, position: u64, id: u32) -> f32 {
    if sampling.temperature <= 0.0 {
        return logit;
    }
    logit + sampling.temperature * crate::noise(sampling.seed, position, id)
}

/// A number that orders tokens: greater for a greater logit, of equals for the lower id.
fn key(logit: f32, id: u32) -> u64 {
    let logit = if logit.is_nan() {
        f32::NEG_INFINITY
    } else {
        // The two zeros become one.
        logit + 0.0
    };
    let bits = logit.to_bits();
    let ordered = if bits >> 31 == 1 {
        !bits
    } else {
        bits | 1 << 31
    };
    u64::from(ordered) << 32 | u64::from(!id)
}

/// The token of a [`key`].
fn id_of(key: u64) -> u32 {
    !(key as u32)
}
