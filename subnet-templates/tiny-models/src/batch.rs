//! Windows of text that are read together.

use rand_chacha::{
    ChaCha12Rng,
    rand_core::{RngCore, SeedableRng},
};

/// Texts of one length, and for each of their tokens the one that follows.
pub(crate) struct Batch {
    /// The texts, one behind the other.
    pub(crate) inputs: Vec<u32>,
    /// What follows each token.
    pub(crate) targets: Vec<u32>,
    /// Tokens of a text.
    pub(crate) length: usize,
}

impl Batch {
    fn new(length: usize) -> Self {
        Self {
            inputs: Vec::new(),
            targets: Vec::new(),
            length,
        }
    }

    /// Adds the window that starts at `start`, and the token behind it. Outside of the tokens nothing is added.
    fn add(&mut self, tokens: &[u32], start: usize) {
        if let Some(window) = tokens.get(start..=start + self.length)
            && let (Some((_, targets)), Some((_, inputs))) =
                (window.split_first(), window.split_last())
        {
            self.inputs.extend(inputs);
            self.targets.extend(targets);
        }
    }

    /// The windows of one step of a training: they depend on the seed and the step alone. `tokens` are more than `length`.
    pub(crate) fn of_step(
        tokens: &[u32],
        rows: usize,
        length: usize,
        seed: u64,
        step: u32,
    ) -> Self {
        let mut random = ChaCha12Rng::seed_from_u64(seed);
        // Stream 0 is that of the weights at the start.
        random.set_stream(u64::from(step));
        let places = tokens.len().saturating_sub(length) as u64;
        let mut batch = Self::new(length);
        for _ in 0..rows {
            let start = random.next_u64().checked_rem(places).unwrap_or(0);
            batch.add(tokens, start as usize);
        }
        batch
    }

    /// All of a text, `rows` windows at a time: every token but the first one is a target once.
    pub(crate) fn cover(tokens: &[u32], rows: usize, length: usize) -> Vec<Self> {
        let followed = tokens.len().saturating_sub(1);
        let whole: Vec<usize> = (0..followed / length).map(|index| index * length).collect();
        let mut batches: Vec<Self> = whole
            .chunks(rows)
            .map(|starts| {
                let mut batch = Self::new(length);
                for start in starts {
                    batch.add(tokens, *start);
                }
                batch
            })
            .collect();
        let rest = followed % length;
        if rest > 0 {
            let mut batch = Self::new(rest);
            batch.add(tokens, followed - rest);
            batches.push(batch);
        }
        batches
    }
}

#[cfg(test)]
mod tests {
    use super::Batch;

    #[test]
    fn a_text_is_covered_once() {
        for count in [0, 1, 2, 5, 6, 7, 30, 31, 32, 100] {
            let tokens: Vec<u32> = (0..count).collect();
            let batches = Batch::cover(&tokens, 3, 5);
            let targets: Vec<u32> = batches
                .iter()
                .flat_map(|batch| batch.targets.clone())
                .collect();
            assert_eq!(targets, (1..count).collect::<Vec<_>>());
            for batch in &batches {
                assert_eq!(batch.inputs.len(), batch.targets.len());
                assert!(batch.inputs.len().is_multiple_of(batch.length));
                assert!(batch.inputs.len() <= 15);
                assert!(
                    batch
                        .inputs
                        .iter()
                        .zip(&batch.targets)
                        .all(|(input, target)| input + 1 == *target)
                );
            }
        }
    }

    #[test]
    fn steps_read_different_places_and_the_same_ones_again() {
        let tokens: Vec<u32> = (0..1_000).collect();
        let inputs = |seed, step| Batch::of_step(&tokens, 4, 10, seed, step).inputs;
        assert_eq!(inputs(1, 1), inputs(1, 1));
        assert_ne!(inputs(1, 1), inputs(1, 2));
        assert_ne!(inputs(1, 1), inputs(2, 1));
        assert_eq!(inputs(1, 1).len(), 40);
    }
}
