//! One forward pass over rows of many sequences.
//!
//! A row is a token at a position of a sequence. Nothing that is computed for one row depends on the others of the pass, so results
//! depend neither on what is computed together nor on how the ranks of a team share it.

use super::{
    by_panels::{self, Exchanges},
    by_rows,
    memory::Memory,
    pass::{Outcomes, Pass},
    shape::Model,
};
use crate::{
    kernel::Processor,
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
