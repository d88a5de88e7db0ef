//! What is computed together.

use std::{
    ops::Range,
    sync::{Arc, Mutex},
};

use super::cache::Cache;
use crate::choice::{Outcome, Wish};

/// A token of a sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    /// Which.
    pub(crate) token: u32,
    /// How many tokens stand before it.
    pub(crate) position: usize,
}

/// Rows of one sequence that follow one another.
pub(crate) struct Run {
    /// Where their keys and values go, behind those of the tokens before.
    pub(crate) cache: Arc<Cache>,
    /// Which rows of the pass.
    pub(crate) rows: Range<usize>,
}

/// What is computed in one pass.
#[derive(Default)]
pub(crate) struct Pass {
    pub(crate) rows: Vec<Row>,
    /// Runs cover the rows in order.
    pub(crate) runs: Vec<Run>,
    /// Of every row, see [`super::Rotation::angles`].
    pub(crate) angles: Vec<f32>,
    /// What is wanted: the row, and what about it. Rows ascend.
    pub(crate) wishes: Vec<(usize, Wish)>,
    /// Lets a rank fail, for tests.
    #[cfg(test)]
    pub(crate) fails: bool,
}

impl Pass {
    /// Forgets everything but its memory.
    pub(crate) fn clear(&mut self) {
        self.rows.clear();
        self.runs.clear();
        self.angles.clear();
        self.wishes.clear();
    }

    /// Of a row, for heads of a width.
    pub(super) fn angles(&self, row: usize, head: usize) -> &[f32] {
        &self.angles[row * head..(row + 1) * head]
    }
}

/// Answers to the wishes of a pass, in their order.
#[derive(Default)]
pub(crate) struct Outcomes(Mutex<Vec<Option<Outcome>>>);

impl Outcomes {
    /// Makes room for so many, none of which is known.
    pub(crate) fn expect(&self, count: usize) {
        let mut all = self.lock();
        all.clear();
        all.resize_with(count, || None);
    }

    /// The answer to a wish.
    pub(super) fn set(&self, index: usize, outcome: Outcome) {
        self.lock()[index] = Some(outcome);
    }

    /// Hands them out.
    pub(crate) fn take(&self) -> Vec<Option<Outcome>> {
        std::mem::take(&mut *self.lock())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Option<Outcome>>> {
        self.0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
