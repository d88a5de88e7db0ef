//! One forward pass over rows of many sequences.
//!
//! A row is a token at a position of a sequence. Products compute all rows together; attention goes sequence by sequence. Nothing
//! that is computed for one row depends on the others of the pass, so results do not depend on what is computed together.

use std::{
    ops::Range,
    sync::{Arc, Mutex, PoisonError},
};

use super::{
    attention::{self, attend},
    cache::Cache,
    shape::Model,
};
use crate::{
    choice::{Chooser, Outcome, Wish},
    kernel::{self, Matrix, Processor, Quantised, Rows, add, normalise, quantise},
    team::{Broken, Exchange, Rank},
};

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
    /// Position of the first.
    pub(crate) first: usize,
}

/// What is computed in one pass.
#[derive(Default)]
pub(crate) struct Pass {
    pub(crate) rows: Vec<Row>,
    /// Runs cover the rows in order.
    pub(crate) runs: Vec<Run>,
    /// Of every row, see [`super::Rotation::angles`].
    pub(crate) angles: Vec<f32>,
    /// What is wanted: the row, and what about it.
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

/// What the ranks of a team share during a pass.
pub(crate) struct Workspace {
    queries: Exchange,
    keys: Exchange,
    values: Exchange,
    mixed: Exchange,
    projected: Exchange,
    activated: Exchange,
    logits: Exchange,
    /// Answers to the wishes of the pass, in their order.
    pub(crate) outcomes: Mutex<Vec<Option<Outcome>>>,
}

impl Workspace {
    /// For this many ranks.
    pub(crate) fn new(ranks: usize) -> Self {
        Self {
            queries: Exchange::new(ranks),
            keys: Exchange::new(ranks),
            values: Exchange::new(ranks),
            mixed: Exchange::new(ranks),
            projected: Exchange::new(ranks),
            activated: Exchange::new(ranks),
            logits: Exchange::new(ranks),
            outcomes: Mutex::new(Vec::new()),
        }
    }
}

/// What one rank keeps between passes, so that it allocates nothing.
#[derive(Default)]
pub(crate) struct Memory {
    hidden: Vec<f32>,
    normal: Vec<f32>,
    rows: Vec<f32>,
    up: Vec<f32>,
    blocks: Vec<Quantised>,
    attention: attention::Buffers,
    chooser: Chooser,
}

/// A rank's share of a pass. **Errors:** another rank panicked.
pub(crate) fn forward(
    model: &Model,
    pass: &Pass,
    rank: &Rank<'_>,
    space: &Workspace,
    memory: &mut Memory,
    processor: Processor,
) -> Result<(), Broken> {
    let shape = &model.shape;
    let (count, hidden) = (pass.rows.len(), shape.hidden);
    #[cfg(test)]
    assert!(!pass.fails, "this is the panic of a test");
    memory.hidden.resize(count * hidden, 0.0);
    memory.normal.resize(count * hidden, 0.0);
    for (row, numbers) in pass.rows.iter().zip(memory.hidden.chunks_exact_mut(hidden)) {
        model.embedding.row(row.token as usize, numbers);
    }
    for (index, layer) in model.layers.iter().enumerate() {
        normal_rows(memory, &layer.attention_norm, shape.epsilon, processor);
        let matrices = [&layer.queries, &layer.keys, &layer.values];
        let inputs = Inputs::new(
            &memory.normal,
            count,
            matrices,
            &mut memory.blocks,
            processor,
        );
        for (matrix, exchange) in [
            (&layer.queries, &space.queries),
            (&layer.keys, &space.keys),
            (&layer.values, &space.values),
        ] {
            project(matrix, inputs, rank, exchange, processor);
        }
        rank.wait()?;
        attend(
            model,
            (index, layer),
            pass,
            rank,
            [&space.queries, &space.keys, &space.values],
            &space.mixed,
            &mut memory.attention,
            processor,
        );
        rank.wait()?;
        attention::gather(model, pass, rank.count(), &space.mixed, &mut memory.rows);
        let inputs = Inputs::new(
            &memory.rows,
            count,
            [&layer.output],
            &mut memory.blocks,
            processor,
        );
        project(&layer.output, inputs, rank, &space.projected, processor);
        rank.wait()?;
        add_rows(memory, count, hidden, &space.projected, &layer.output_bias);
        normal_rows(memory, &layer.inner_norm, shape.epsilon, processor);
        {
            let matrices = [&layer.gate, &layer.up];
            let inputs = Inputs::new(
                &memory.normal,
                count,
                matrices,
                &mut memory.blocks,
                processor,
            );
            let own = rank.share(layer.gate.panels());
            let mut part = space.activated.write(rank, count * own.len() * 16);
            memory.up.resize(part.len(), 0.0);
            product(&layer.gate, inputs, own.clone(), &mut part, processor);
            product(&layer.up, inputs, own, &mut memory.up, processor);
            kernel::gate(processor, &mut part, &memory.up);
        }
        rank.wait()?;
        space.activated.gather(count, shape.inner, &mut memory.rows);
        let inputs = Inputs::new(
            &memory.rows,
            count,
            [&layer.down],
            &mut memory.blocks,
            processor,
        );
        project(&layer.down, inputs, rank, &space.projected, processor);
        rank.wait()?;
        add_rows(memory, count, hidden, &space.projected, &[]);
    }
    answer(model, pass, rank, space, memory, processor)
}

/// Computes logits of the rows about which something is wanted, and answers.
fn answer(
    model: &Model,
    pass: &Pass,
    rank: &Rank<'_>,
    space: &Workspace,
    memory: &mut Memory,
    processor: Processor,
) -> Result<(), Broken> {
    let shape = &model.shape;
    let wanted = pass.wishes.len();
    if wanted == 0 {
        return Ok(());
    }
    memory.rows.resize(wanted * shape.hidden, 0.0);
    for ((row, _), output) in pass
        .wishes
        .iter()
        .zip(memory.rows.chunks_exact_mut(shape.hidden))
    {
        let input = &memory.hidden[row * shape.hidden..][..shape.hidden];
        normalise(processor, input, &model.norm, shape.epsilon, output);
    }
    let matrix = model.logits();
    let inputs = Inputs::new(
        &memory.rows,
        wanted,
        [matrix],
        &mut memory.blocks,
        processor,
    );
    project(matrix, inputs, rank, &space.logits, processor);
    if rank.index() == 0 {
        let mut outcomes = space
            .outcomes
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        outcomes.clear();
        outcomes.resize_with(wanted, || None);
    }
    rank.wait()?;
    for (index, (row, wish)) in pass.wishes.iter().enumerate() {
        if index % rank.count() != rank.index() {
            continue;
        }
        memory.rows.resize(shape.vocabulary, 0.0);
        space.logits.pieces(
            index..index + 1,
            shape.vocabulary,
            0..shape.vocabulary,
            |_, column, numbers| {
                memory.rows[column..column + numbers.len()].copy_from_slice(numbers);
            },
        );
        let before = pass.rows[*row].position + 1;
        let outcome = memory.chooser.answer(processor, &memory.rows, before, wish);
        space
            .outcomes
            .lock()
            .unwrap_or_else(PoisonError::into_inner)[index] = Some(outcome);
    }
    Ok(())
}

fn normal_rows(memory: &mut Memory, weight: &[f32], epsilon: f32, processor: Processor) {
    let width = weight.len();
    for (input, output) in memory
        .hidden
        .chunks_exact(width)
        .zip(memory.normal.chunks_exact_mut(width))
    {
        normalise(processor, input, weight, epsilon, output);
    }
}

/// Adds what all ranks wrote to `parts`, and a bias if there is one, to the residual stream.
fn add_rows(memory: &mut Memory, count: usize, width: usize, parts: &Exchange, bias: &[f32]) {
    parts.pieces(0..count, width, 0..width, |row, column, numbers| {
        add(
            &mut memory.hidden[row * width + column..][..numbers.len()],
            numbers,
        );
    });
    if !bias.is_empty() {
        for row in memory.hidden.chunks_exact_mut(width) {
            add(row, bias);
        }
    }
}

/// Rows of inputs as the matrices that they meet need them.
#[derive(Clone, Copy)]
struct Inputs<'a> {
    numbers: &'a [f32],
    blocks: &'a [Quantised],
    count: usize,
}

impl<'a> Inputs<'a> {
    fn new<const N: usize>(
        numbers: &'a [f32],
        count: usize,
        matrices: [&Matrix; N],
        blocks: &'a mut Vec<Quantised>,
        processor: Processor,
    ) -> Self {
        if matrices.iter().any(|matrix| matrix.is_quantised()) {
            quantise(processor, numbers, blocks);
        }
        Self {
            numbers,
            blocks,
            count,
        }
    }
}

/// Writes a rank's share of the products to its part.
fn project(
    matrix: &Matrix,
    inputs: Inputs<'_>,
    rank: &Rank<'_>,
    exchange: &Exchange,
    processor: Processor,
) {
    let own = rank.share(matrix.panels());
    let mut part = exchange.write(rank, inputs.count * own.len() * 16);
    product(matrix, inputs, own, &mut part, processor);
}

fn product(
    matrix: &Matrix,
    inputs: Inputs<'_>,
    own: Range<usize>,
    outputs: &mut [f32],
    processor: Processor,
) {
    matrix.multiply(
        processor,
        &mut Rows {
            inputs: inputs.numbers,
            depth: matrix.depth(),
            blocks: inputs.blocks,
            count: inputs.count,
            outputs,
            width: own.len() * 16,
        },
        own,
    );
}
