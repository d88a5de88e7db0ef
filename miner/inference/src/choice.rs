//! What logits say: the token that is chosen, probabilities, ranks, the most probable tokens.
//!
//! **Choice.** At temperature 0 the greatest logit wins, of equal ones the lower token. At temperature `T` the greatest
//! `logit + T * noise` wins (Gumbel-max), with [`subnet_sdk::noise`] of seed, position and token: a draw from the softmax of
//! `logits / T` that anybody can repeat. With `top_p` below 1 only the **nucleus** takes part: the fewest most probable tokens (at
//! temperature `T`) that have that probability together.

use std::cmp::Ordering;

use pulp::NullaryFnOnce;
use subnet_sdk::{Candidate, Sampling, noise, noise_complement};

use crate::kernel::{Processor, any_from, count_above, first_greatest, sum_of_exponentials};

/// What is wanted about the token after a row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Wish {
    /// Which token it is about.
    pub(crate) about: About,
    /// How many of the most probable tokens to list.
    pub(crate) candidates: usize,
}

/// Which token a wish is about.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum About {
    /// The one that this chooses.
    Chosen(Sampling),
    /// This one, and how far it is from what the sampling chooses.
    Given(u32, Option<Sampling>),
    /// None.
    Nothing,
}

/// The answer to a wish.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Outcome {
    /// The token.
    pub(crate) id: u32,
    /// Natural logarithm of its probability at temperature 1.
    pub(crate) log_probability: f32,
    /// How many tokens are more probable.
    pub(crate) rank: u32,
    /// How far it was from being chosen, see [`gap`](subnet_sdk::Position::gap).
    ///
    /// Of a token outside of the nucleus: how far its logit is below the least of the nucleus, plus how far its sum is below the
    /// winner's.
    pub(crate) gap: f32,
    /// The most probable tokens.
    pub(crate) candidates: Vec<Candidate>,
}

/// Answers wishes; keeps memory between them.
#[derive(Default)]
pub(crate) struct Chooser {
    top: Vec<u32>,
}

impl Chooser {
    /// `before`: how many tokens stand before the one that the wish is about.
    pub(crate) fn answer(
        &mut self,
        processor: Processor,
        logits: &[f32],
        before: usize,
        wish: &Wish,
    ) -> Outcome {
        let (greatest, sum) = sum_of_exponentials(processor, logits, 1.0);
        let log_sum = f64::from(greatest) + sum.ln();
        let log_probability = |id: u32| (f64::from(logits[id as usize]) - log_sum) as f32;
        let (id, gap) = match &wish.about {
            About::Chosen(sampling) => (self.choose(processor, logits, before, sampling).0, 0.0),
            About::Given(id, sampling) => (
                *id,
                sampling.map_or(0.0, |s| self.gap(processor, logits, before, &s, *id)),
            ),
            About::Nothing => (0, 0.0),
        };
        let own = logits[id as usize];
        let rank = match wish.about {
            About::Given(..) => count_above(processor, logits, own) as u32,
            About::Chosen(_) | About::Nothing => 0,
        };
        most_probable(logits, wish.candidates, &mut self.top);
        Outcome {
            id,
            log_probability: log_probability(id),
            rank,
            gap,
            candidates: self
                .top
                .iter()
                .map(|id| Candidate {
                    id: *id,
                    log_probability: log_probability(*id),
                })
                .collect(),
        }
    }

    /// The winner, its sum of logit and noise, and the least logit that takes part.
    fn choose(
        &mut self,
        processor: Processor,
        logits: &[f32],
        before: usize,
        sampling: &Sampling,
    ) -> (u32, f32, f32) {
        let temperature = sampling.temperature;
        if temperature <= 0.0 {
            let winner = first_greatest(processor, logits) as u32;
            return (winner, logits[winner as usize], f32::NEG_INFINITY);
        }
        if sampling.top_p >= 1.0 {
            let (winner, sum) = draw(processor, logits, before, sampling);
            return (winner, sum, f32::NEG_INFINITY);
        }
        self.nucleus(processor, logits, sampling);
        let least = self
            .top
            .last()
            .map_or(f32::NEG_INFINITY, |id| logits[*id as usize]);
        let mut best = (0, f32::NEG_INFINITY);
        for id in &self.top {
            best = better(best, (*id, sum(logits, before, sampling, *id)));
        }
        (best.0, best.1, least)
    }

    fn gap(
        &mut self,
        processor: Processor,
        logits: &[f32],
        before: usize,
        sampling: &Sampling,
        id: u32,
    ) -> f32 {
        let (winner, best, least) = self.choose(processor, logits, before, sampling);
        if winner == id {
            return 0.0;
        }
        let own = if sampling.temperature <= 0.0 {
            logits[id as usize]
        } else {
            sum(logits, before, sampling, id)
        };
        (best - own).max(0.0) + (least - logits[id as usize]).max(0.0)
    }

    /// Fills `top` with the fewest most probable tokens that have the probability `top_p` together.
    fn nucleus(&mut self, processor: Processor, logits: &[f32], sampling: &Sampling) {
        let factor = 1.0 / sampling.temperature;
        let (top, total) = sum_of_exponentials(processor, logits, factor);
        let wanted = f64::from(sampling.top_p.max(0.0)) * total;
        let mut count = 32;
        loop {
            most_probable(logits, count, &mut self.top);
            let mut together = 0.0;
            let enough = self.top.iter().position(|id| {
                together += f64::from(factor * (logits[*id as usize] - top)).exp();
                together >= wanted
            });
            if let Some(last) = enough {
                self.top.truncate(last + 1);
                return;
            }
            if count >= logits.len() {
                return;
            }
            count = count.saturating_mul(8);
        }
    }
}

/// Logit and noise of a token together.
fn sum(logits: &[f32], before: usize, sampling: &Sampling, id: u32) -> f32 {
    logits[id as usize] + sampling.temperature * noise(sampling.seed, before as u64, id)
}

/// The greater sum; of equal ones the lower token.
fn better(a: (u32, f32), b: (u32, f32)) -> (u32, f32) {
    if b.1 > a.1 || (b.1 == a.1 && b.0 < a.0) {
        b
    } else {
        a
    }
}

/// The winner among all tokens and its sum.
///
/// Noise costs two logarithms; [`Hopes`] rule nearly all tokens out without any.
fn draw(processor: Processor, logits: &[f32], before: usize, sampling: &Sampling) -> (u32, f32) {
    let first = first_greatest(processor, logits) as u32;
    let mut best = (first, sum(logits, before, sampling, first));
    let mut hopes = [0.0; Hopes::COUNT];
    for (chunk, first) in logits.chunks(Hopes::COUNT).zip((0..).step_by(Hopes::COUNT)) {
        // What rounding can do to either side.
        let slack = 1e-5 * (1.0 + 20.0 * sampling.temperature + best.1.abs());
        let bar = best.1 - slack;
        if !any_from(
            processor,
            chunk,
            bar - sampling.temperature * Hopes::GREATEST,
        ) {
            continue;
        }
        processor.run(Hopes {
            logits: chunk,
            first,
            before,
            sampling,
            hopes: &mut hopes,
        });
        let hopes = &hopes[..chunk.len()];
        if !any_from(processor, hopes, bar) {
            continue;
        }
        for (id, hope) in (first..).zip(hopes) {
            if hope + slack >= best.1 {
                best = better(best, (id, sum(logits, before, sampling, id)));
            }
        }
    }
    best
}

/// Bounds of the sums of some tokens in a row.
///
/// The noise is at most `-ln c` for the complement `c` of the uniform number behind it, and that is at most `ln 2` times the number
/// of halvings that lead from 1 to `c` or below, which the exponent of `c` tells.
struct Hopes<'a> {
    /// At most [`Self::COUNT`].
    logits: &'a [f32],
    /// The first token.
    first: u32,
    before: usize,
    sampling: &'a Sampling,
    hopes: &'a mut [f32; Hopes::COUNT],
}

impl Hopes<'_> {
    /// Tokens at a time.
    const COUNT: usize = 64;
    /// No noise is greater: complements are multiples of `2^-25`.
    const GREATEST: f32 = 25.0 * std::f32::consts::LN_2;
}

impl NullaryFnOnce for Hopes<'_> {
    type Output = ();

    #[inline(always)]
    #[allow(
        clippy::needless_range_loop,
        reason = "iterators over a range of tokens are not compiled to vectors"
    )]
    fn call(self) {
        let mut logits = [0.0; Self::COUNT];
        logits[..self.logits.len()].copy_from_slice(self.logits);
        let (seed, before) = (self.sampling.seed, self.before as u64);
        let unit = self.sampling.temperature * std::f32::consts::LN_2;
        let mut complements = [0.0; Self::COUNT];
        for i in 0..Self::COUNT {
            complements[i] = noise_complement(seed, before, self.first.wrapping_add(i as u32));
        }
        for i in 0..Self::COUNT {
            let halvings = 127 - (complements[i].to_bits() >> 23).cast_signed();
            self.hopes[i] = logits[i] + unit * halvings as f32;
        }
    }
}

/// Fills `top` with the tokens of the greatest logits, greatest first, of equal ones the lower token first.
fn most_probable(logits: &[f32], count: usize, top: &mut Vec<u32>) {
    let order = |a: &u32, b: &u32| -> Ordering {
        // The two zeros are equal.
        let value = |id: &u32| logits[*id as usize] + 0.0;
        value(b).total_cmp(&value(a)).then(a.cmp(b))
    };
    top.clear();
    let count = count.min(logits.len());
    if count == 0 {
        return;
    }
    let room = count * 2 + 64;
    let mut bar = f32::NEG_INFINITY;
    for (start, chunk) in logits.chunks(64).enumerate() {
        if !chunk.iter().fold(false, |any, logit| any | (*logit >= bar)) {
            continue;
        }
        for (offset, logit) in chunk.iter().enumerate() {
            if *logit >= bar {
                top.push((start * 64 + offset) as u32);
            }
        }
        if top.len() >= room {
            top.select_nth_unstable_by(count - 1, order);
            top.truncate(count);
            bar = logits[top[count - 1] as usize];
        }
    }
    top.sort_unstable_by(order);
    top.truncate(count);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use subnet_sdk::Logits;

    use super::*;

    fn logits(seed: u64, count: usize, width: f32) -> Vec<f32> {
        (0..count as u32)
            .map(|id| (noise(seed, 1, id) * width * 8.0).round() / 8.0)
            .collect()
    }

    /// The definition, step by step: the winner, its sum, and the tokens that take part.
    fn naive(logits: &[f32], before: usize, sampling: &Sampling) -> (u32, f32, Vec<u32>) {
        let mut order: Vec<u32> = (0..logits.len() as u32).collect();
        order.sort_by(|a, b| {
            let (x, y) = (logits[*a as usize], logits[*b as usize]);
            y.partial_cmp(&x).unwrap().then(a.cmp(b))
        });
        if sampling.temperature == 0.0 {
            return (order[0], logits[order[0] as usize], order);
        }
        let t = f64::from(sampling.temperature);
        let weights: Vec<f64> = order
            .iter()
            .map(|id| (f64::from(logits[*id as usize]) / t).exp())
            .collect();
        let total: f64 = weights.iter().sum();
        let mut together = 0.0;
        let mut count = order.len();
        if sampling.top_p < 1.0 {
            for (index, weight) in weights.iter().enumerate() {
                together += weight / total;
                if together >= f64::from(sampling.top_p) {
                    count = index + 1;
                    break;
                }
            }
        }
        order.truncate(count);
        let mut best = (u32::MAX, f32::NEG_INFINITY);
        for id in &order {
            best = better(best, (*id, sum(logits, before, sampling, *id)));
        }
        (best.0, best.1, order)
    }

    proptest! {
        #[test]
        fn choices_and_gaps_follow_the_definition(
            seed: u64,
            count in 1usize..700,
            width in 0.01f32..6.0,
            temperature in prop_oneof![Just(0.0f32), 0.05f32..3.0],
            top_p in prop_oneof![Just(1.0f32), 0.013f32..0.99],
            before in 1usize..1000,
        ) {
            let logits = logits(seed, count, width);
            let sampling = Sampling { temperature, top_p, seed: !seed };
            let mut chooser = Chooser::default();
            let processor = Processor::detect();
            let (winner, best, taking_part) = naive(&logits, before, &sampling);
            let wish = Wish { about: About::Chosen(sampling), candidates: 5 };
            let chosen = chooser.answer(processor, &logits, before, &wish);
            prop_assert_eq!(chosen.id, winner);
            // The definition that templates know.
            let shared = Logits::new(&logits);
            prop_assert_eq!(chosen.id, shared.choose(&sampling, before as u64));
            let log_sum = logits.iter().map(|l| f64::from(*l).exp()).sum::<f64>().ln();
            for id in (0..count as u32).step_by(count.div_ceil(20)) {
                let wish = Wish { about: About::Given(id, Some(sampling)), candidates: 5 };
                let given = chooser.answer(processor, &logits, before, &wish);
                let own = logits[id as usize];
                let probability = f64::from(own) - log_sum;
                prop_assert!((f64::from(given.log_probability) - probability).abs() < 1e-4);
                prop_assert_eq!(given.rank as usize, logits.iter().filter(|l| **l > own).count());
                if id == winner {
                    prop_assert_eq!(given.gap, 0.0);
                }
                if !taking_part.contains(&id) {
                    let least = logits[taking_part[taking_part.len() - 1] as usize];
                    prop_assert!(given.gap >= least - own);
                }
                if id != winner && taking_part.contains(&id) {
                    let lack = best - if temperature == 0.0 { own } else { sum(&logits, before, &sampling, id) };
                    prop_assert!((given.gap - lack).abs() < 1e-5);
                }
                prop_assert!(given.candidates.is_sorted_by(|a, b| a.log_probability >= b.log_probability));
                prop_assert_eq!(given.candidates.len(), count.min(5));
            }
        }
    }
}
