//! A pass with few rows: every rank computes some outputs of every product, for all rows.
//!
//! So each weight is read from memory once, by one rank. Ranks meet after every product and exchange what they computed; what lies
//! between products every rank computes for itself.

use super::{
    attention::{Columns, Head},
    memory::{Memory, embed, normal_rows},
    pass::{Outcomes, Pass, Run},
    products::{Inputs, room},
    shape::Model,
};
use crate::{
    kernel::{self, Matrix, Processor, add, normalise},
    team::{Broken, Exchange, Rank},
};

/// What the ranks of a team exchange during a pass.
pub(super) struct Exchanges {
    queries: Exchange,
    keys: Exchange,
    values: Exchange,
    mixed: Exchange,
    projected: Exchange,
    activated: Exchange,
    logits: Exchange,
}

impl Exchanges {
    /// For this many ranks.
    pub(super) fn new(ranks: usize) -> Self {
        Self {
            queries: Exchange::new(ranks),
            keys: Exchange::new(ranks),
            values: Exchange::new(ranks),
            mixed: Exchange::new(ranks),
            projected: Exchange::new(ranks),
            activated: Exchange::new(ranks),
            logits: Exchange::new(ranks),
        }
    }
}

/// A rank's share of a pass. **Errors:** another rank panicked.
pub(super) fn forward(
    model: &Model,
    pass: &Pass,
    rank: &Rank<'_>,
    (space, outcomes): (&Exchanges, &Outcomes),
    memory: &mut Memory,
    processor: Processor,
) -> Result<(), Broken> {
    let (shape, hidden) = (&model.shape, model.shape.hidden);
    let count = embed(model, pass, 0..pass.rows.len(), &mut memory.hidden);
    for (index, layer) in model.layers.iter().enumerate() {
        normal_rows(memory, count, &layer.attention_norm, shape, processor);
        let matrices = [&layer.queries, &layer.keys, &layer.values];
        let inputs = Inputs::new(
            &memory.normal,
            (count, hidden),
            matrices,
            &mut memory.blocks,
            processor,
        );
        for (matrix, exchange) in [
            (&layer.queries, &space.queries),
            (&layer.keys, &space.keys),
            (&layer.values, &space.values),
        ] {
            project(matrix, inputs, count, rank, exchange, processor);
        }
        rank.wait()?;
        let head = |cached| Head {
            shape,
            layer,
            index,
            cached,
            processor,
        };
        attend(head, pass, rank, space, memory);
        rank.wait()?;
        gather_heads(model, pass, rank.count(), &space.mixed, &mut memory.rows);
        let inputs = Inputs::new(
            &memory.rows,
            (count, shape.heads * shape.head),
            [&layer.output],
            &mut memory.blocks,
            processor,
        );
        project(
            &layer.output,
            inputs,
            count,
            rank,
            &space.projected,
            processor,
        );
        rank.wait()?;
        let bias = &layer.output_bias;
        add_rows(memory, count, hidden, &space.projected, bias, processor);
        normal_rows(memory, count, &layer.inner_norm, shape, processor);
        {
            let matrices = [&layer.gate, &layer.up];
            let inputs = Inputs::new(
                &memory.normal,
                (count, hidden),
                matrices,
                &mut memory.blocks,
                processor,
            );
            let own = rank.share(layer.gate.panels());
            let mut part = space.activated.write(rank, count * own.len() * 16);
            let up = room(&mut memory.up, part.len());
            inputs.multiply(&layer.gate, own.clone(), &mut part, processor);
            inputs.multiply(&layer.up, own, up, processor);
            kernel::gate(processor, &mut part, up);
        }
        rank.wait()?;
        let activated = room(&mut memory.rows, count * shape.inner);
        space.activated.gather(count, shape.inner, activated);
        let inputs = Inputs::new(
            activated,
            (count, shape.inner),
            [&layer.down],
            &mut memory.blocks,
            processor,
        );
        project(
            &layer.down,
            inputs,
            count,
            rank,
            &space.projected,
            processor,
        );
        rank.wait()?;
        add_rows(memory, count, hidden, &space.projected, &[], processor);
    }
    answer(model, pass, rank, (space, outcomes), memory, processor)
}

/// The (run, head) pairs in the order in which ranks take turns.
fn items(pass: &Pass, heads: usize) -> impl Iterator<Item = (usize, &Run, usize)> {
    pass.runs
        .iter()
        .flat_map(move |run| (0..heads).map(move |head| (run, head)))
        .enumerate()
        .map(|(index, (run, head))| (index, run, head))
}

/// Computes a rank's share of a layer's attention and writes it to `mixed`: item by item, row by row.
fn attend<'a>(
    head_of: impl Fn(usize) -> Head<'a>,
    pass: &Pass,
    rank: &Rank<'_>,
    space: &Exchanges,
    memory: &mut Memory,
) {
    let shape = head_of(0).shape;
    let (head, heads) = (shape.head, shape.cached_heads);
    let width = shape.heads / heads * head;
    let length: usize = items(pass, heads)
        .filter(|(item, ..)| item % rank.count() == rank.index())
        .map(|(_, run, _)| run.rows.len() * width)
        .sum();
    let mut part = space.mixed.write(rank, length);
    let mut rest: &mut [f32] = &mut part;
    for (item, run, cached) in items(pass, heads) {
        if item % rank.count() != rank.index() {
            continue;
        }
        let count = run.rows.len();
        let (own, after) = rest.split_at_mut(count * width);
        rest = after;
        for (exchange, buffer, width) in [
            (&space.queries, &mut memory.queries, width),
            (&space.keys, &mut memory.keys, head),
            (&space.values, &mut memory.values, head),
        ] {
            let numbers = room(buffer, count * width);
            let columns = cached * width..(cached + 1) * width;
            exchange.pieces(
                run.rows.clone(),
                heads * width,
                columns.clone(),
                |row, column, piece| {
                    let start = (row - run.rows.start) * width + column - columns.start;
                    numbers[start..start + piece.len()].copy_from_slice(piece);
                },
            );
        }
        let columns = |numbers, stride| Columns {
            numbers,
            stride,
            start: 0,
        };
        let stored = [columns(&memory.keys, head), columns(&memory.values, head)];
        let rows = || run.rows.clone();
        head_of(cached).store(pass, run, rows(), stored, &mut memory.attention);
        let queries = columns(&memory.queries, width);
        let outputs = (own, width, 0);
        head_of(cached).attend(pass, run, rows(), queries, outputs, &mut memory.attention);
    }
}

/// Copies what all ranks wrote to `mixed` into rows.
fn gather_heads(model: &Model, pass: &Pass, ranks: usize, mixed: &Exchange, rows: &mut Vec<f32>) {
    let shape = &model.shape;
    let (heads, width) = (shape.cached_heads, shape.heads * shape.head);
    let own = width / heads;
    let rows = room(rows, pass.rows.len() * width);
    for index in 0..ranks {
        let part = mixed.read(index);
        let mut rest: &[f32] = &part;
        for (item, run, cached) in items(pass, heads) {
            if item % ranks != index {
                continue;
            }
            for row in run.rows.clone() {
                let (numbers, after) = rest.split_at(own);
                rest = after;
                rows[row * width + cached * own..][..own].copy_from_slice(numbers);
            }
        }
    }
}

/// Computes logits of the rows about which something is wanted, and answers.
fn answer(
    model: &Model,
    pass: &Pass,
    rank: &Rank<'_>,
    (space, outcomes): (&Exchanges, &Outcomes),
    memory: &mut Memory,
    processor: Processor,
) -> Result<(), Broken> {
    let shape = &model.shape;
    let wanted = pass.wishes.len();
    if wanted == 0 {
        return Ok(());
    }
    let rows = room(&mut memory.rows, wanted * shape.hidden);
    for ((row, _), output) in pass.wishes.iter().zip(rows.chunks_exact_mut(shape.hidden)) {
        let input = &memory.hidden[row * shape.hidden..][..shape.hidden];
        normalise(processor, input, &model.norm, shape.epsilon, output);
    }
    let matrix = model.logits();
    let inputs = Inputs::new(
        rows,
        (wanted, shape.hidden),
        [matrix],
        &mut memory.blocks,
        processor,
    );
    project(matrix, inputs, wanted, rank, &space.logits, processor);
    rank.wait()?;
    for (index, (row, wish)) in pass.wishes.iter().enumerate() {
        if index % rank.count() != rank.index() {
            continue;
        }
        let logits = room(&mut memory.rows, shape.vocabulary);
        space.logits.pieces(
            index..index + 1,
            shape.vocabulary,
            0..shape.vocabulary,
            |_, column, numbers| {
                logits[column..column + numbers.len()].copy_from_slice(numbers);
            },
        );
        let before = pass.rows[*row].position + 1;
        let outcome = memory.chooser.answer(processor, logits, before, wish);
        outcomes.set(index, outcome);
    }
    Ok(())
}

/// Adds what all ranks wrote to `parts`, and a bias if there is one, to the residual stream.
fn add_rows(
    memory: &mut Memory,
    count: usize,
    width: usize,
    parts: &Exchange,
    bias: &[f32],
    processor: Processor,
) {
    parts.pieces(0..count, width, 0..width, |row, column, numbers| {
        add(
            processor,
            &mut memory.hidden[row * width + column..][..numbers.len()],
            numbers,
        );
    });
    if !bias.is_empty() {
        for row in memory.hidden[..count * width].chunks_exact_mut(width) {
            add(processor, row, bias);
        }
    }
}

/// Writes a rank's share of the products to its part.
fn project(
    matrix: &Matrix,
    inputs: Inputs<'_>,
    count: usize,
    rank: &Rank<'_>,
    exchange: &Exchange,
    processor: Processor,
) {
    let own = rank.share(matrix.panels());
    let mut part = exchange.write(rank, count * own.len() * 16);
    inputs.multiply(matrix, own, &mut part, processor);
}
