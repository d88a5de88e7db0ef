//! Random choices from a seed.

use rand_chacha::{ChaCha12Rng, rand_core::RngCore};

/// A stream of random choices: equal seeds, equal choices, on every machine. Made by [`crate::Seed::draws`].
#[derive(Clone, Debug)]
pub struct Draws(ChaCha12Rng);

impl Draws {
    pub(crate) fn new(rng: ChaCha12Rng) -> Self {
        Self(rng)
    }

    /// A number below `bound`, each as probable as the others; 0 if `bound` is 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        if bound == 0 {
            return 0;
        }
        // What lies above the last whole multiple would make small numbers more probable.
        let last = u64::MAX - u64::MAX % bound;
        loop {
            let number = self.0.next_u64();
            if number < last {
                return number % bound;
            }
        }
    }

    /// A number from `first` to `last`, both included; `first` if the range is empty.
    pub fn between(&mut self, first: u64, last: u64) -> u64 {
        match last.checked_sub(first) {
            None => first,
            Some(u64::MAX) => self.0.next_u64(),
            Some(width) => first + self.below(width + 1),
        }
    }

    /// A number from 0 to below 1, in steps of 2^-53.
    pub fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// One of `items`; none if there are none.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        items.get(self.below(items.len() as u64) as usize)
    }

    /// `count` different numbers below `bound`, in random order; all of them if `count` is greater.
    pub fn distinct(&mut self, count: usize, bound: usize) -> Vec<usize> {
        let mut all: Vec<usize> = (0..bound).collect();
        let count = count.min(bound);
        for place in 0..count {
            let other = self.between(place as u64, bound as u64 - 1) as usize;
            all.swap(place, other);
        }
        all.truncate(count);
        all
    }
}
