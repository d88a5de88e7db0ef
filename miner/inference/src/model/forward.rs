//! One forward pass over rows of many sequences.
//!
//! A row is a token at a position of a sequence. Nothing that is computed for one row depends on the others of the pass, so results
//! depend neither on what is computed together nor on how the ranks of a team share it.

use super::{
    attention,
    by_panels::{self, Exchanges},
    by_rows::{self, Piece},
    pass::{Outcomes, Pass},
    products::room,
    shape::{Model, Shape},
};
use crate::{
    choice::Chooser,
    kernel::{Processor, Quantised, normalise},
    team::{Broken, Rank},
};

/// From this many rows for each rank on, ranks share the rows: the weights, which all of them then read, meet enough of them.
const MANY: usize = 16;

/// The same for a model of few bytes, which a processor has in a cache of its own for the most part.
const MANY_OF_SMALL: (usize, usize) = (4, 4 << 20);

/// What the ranks of a team share during a pass.
pub(crate) struct Workspace {
    /// From this many rows on, ranks share the rows.
    many: usize,
    exchanges: Exchanges,
    /// Answers to the wishes of the pass.
    pub(crate) outcomes: Outcomes,
}

impl Workspace {
    /// For a model that this many ranks compute.
    pub(crate) fn new(model: &Model, ranks: usize) -> Self {
        let (few, bytes) = MANY_OF_SMALL;
        let each = if model.bytes() <= bytes { few } else { MANY };
        Self {
            many: if ranks == 1 { 0 } else { each * ranks },
            exchanges: Exchanges::new(ranks),
            outcomes: Outcomes::default(),
        }
    }
}

/// What one rank keeps between passes, so that it allocates nothing.
#[derive(Default)]
pub(crate) struct Memory {
    pub(super) hidden: Vec<f32>,
    pub(super) normal: Vec<f32>,
    pub(super) rows: Vec<f32>,
    pub(super) queries: Vec<f32>,
    pub(super) keys: Vec<f32>,
    pub(super) values: Vec<f32>,
    pub(super) up: Vec<f32>,
    pub(super) blocks: Vec<Quantised>,
    pub(super) attention: attention::Buffers,
    pub(super) chooser: Chooser,
    pub(super) pieces: Vec<Piece>,
}

/// A rank's share of a pass, whose outcomes are expected. **Errors:** another rank panicked.
pub(crate) fn forward(
    model: &Model,
    pass: &Pass,
    rank: &Rank<'_>,
    space: &Workspace,
    memory: &mut Memory,
    processor: Processor,
) -> Result<(), Broken> {
    #[cfg(test)]
    assert!(!pass.fails, "this is the panic of a test");
    if pass.rows.len() >= space.many {
        by_rows::forward(model, pass, rank, &space.outcomes, memory, processor)
    } else {
        let space = (&space.exchanges, &space.outcomes);
        by_panels::forward(model, pass, rank, space, memory, processor)
    }
}

/// Writes the embeddings of some rows; gives their number.
pub(super) fn embed(
    model: &Model,
    pass: &Pass,
    rows: impl Iterator<Item = usize> + Clone,
    hidden: &mut Vec<f32>,
) -> usize {
    let count = rows.clone().count();
    let width = model.shape.hidden;
    let numbers = room(hidden, count * width);
    for (row, numbers) in rows.zip(numbers.chunks_exact_mut(width)) {
        model.embedding.row(pass.rows[row].token as usize, numbers);
    }
    count
}

/// Normalises the residual stream of `count` rows.
pub(super) fn normal_rows(
    memory: &mut Memory,
    count: usize,
    weight: &[f32],
    shape: &Shape,
    processor: Processor,
) {
    let width = shape.hidden;
    let normal = room(&mut memory.normal, count * width);
    for (input, output) in memory
        .hidden
        .chunks_exact(width)
        .zip(normal.chunks_exact_mut(width))
    {
        normalise(processor, input, weight, shape.epsilon, output);
    }
}
