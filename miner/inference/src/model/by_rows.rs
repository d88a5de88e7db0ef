//! A pass with many rows: every rank computes rows of its own through all layers.
//!
//! Ranks meet once in a layer, when all keys and values of it are stored. Nothing is computed twice.

use super::{
    attention::{Columns, Head},
    memory::{Memory, embed, normal_rows},
    pass::{Outcomes, Pass, Run},
    pieces::{Piece, pieces},
    products::{Inputs, room},
    shape::{Layer, Model},
};
use crate::{
    kernel::{self, Processor, add, normalise},
    team::{Broken, Rank},
};

/// Rows whose logits are in memory at a time.
const ANSWERED: usize = 32;

/// A rank's share of a pass. **Errors:** another rank panicked.
pub(super) fn forward(
    model: &Model,
    pass: &Pass,
    rank: &Rank<'_>,
    outcomes: &Outcomes,
    memory: &mut Memory,
    processor: Processor,
) -> Result<(), Broken> {
    let (shape, hidden) = (&model.shape, model.shape.hidden);
    let mut own = std::mem::take(&mut memory.pieces);
    pieces(pass, (rank.index(), rank.count()), &mut own);
    let rows = own.iter().flat_map(|piece| piece.rows.clone());
    let count = embed(model, pass, rows, &mut memory.hidden);
    // Ranks begin with different heads, so that they do not wait for one another's locks.
    let turn = rank.share(shape.cached_heads).start;
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
        let queries = inputs.multiply_all(&layer.queries, &mut memory.queries, processor);
        let keys = inputs.multiply_all(&layer.keys, &mut memory.keys, processor);
        let values = inputs.multiply_all(&layer.values, &mut memory.values, processor);
        let head = |cached| Head {
            shape,
            layer,
            index,
            cached,
            processor,
        };
        let mut first = 0;
        for (run, piece) in runs(pass, &own) {
            for cached in (turn..shape.cached_heads).chain(0..turn) {
                let start = cached * shape.head;
                let [keys, values] =
                    [(&memory.keys, keys), (&memory.values, values)].map(|(all, stride)| Columns {
                        numbers: &all[first * stride..],
                        stride,
                        start,
                    });
                let rows = piece.rows.clone();
                head(cached).store(pass, run, rows, [keys, values], &mut memory.attention);
            }
            first += piece.rows.len();
        }
        rank.wait()?;
        let width = shape.heads * shape.head;
        let mixed = room(&mut memory.rows, count * width);
        let mut first = 0;
        for (run, piece) in runs(pass, &own) {
            for cached in 0..shape.cached_heads {
                let start = cached * (width / shape.cached_heads);
                let columns = Columns {
                    numbers: &memory.queries[first * queries..],
                    stride: queries,
                    start,
                };
                head(cached).attend(
                    pass,
                    run,
                    piece.rows.clone(),
                    columns,
                    (&mut mixed[first * width..], width, start),
                    &mut memory.attention,
                );
            }
            first += piece.rows.len();
        }
        feed(layer, (count, width), memory, model, processor);
    }
    answer(model, pass, (&own, count), outcomes, memory, processor);
    memory.pieces = own;
    Ok(())
}

fn runs<'a>(pass: &'a Pass, own: &'a [Piece]) -> impl Iterator<Item = (&'a Run, &'a Piece)> {
    own.iter().map(|piece| (&pass.runs[piece.run], piece))
}

/// What follows attention in a layer; its result is in `memory.rows`, `width` numbers a row.
fn feed(
    layer: &Layer,
    (count, width): (usize, usize),
    memory: &mut Memory,
    model: &Model,
    processor: Processor,
) {
    let (shape, hidden) = (&model.shape, model.shape.hidden);
    let inputs = Inputs::new(
        &memory.rows,
        (count, width),
        [&layer.output],
        &mut memory.blocks,
        processor,
    );
    let stride = inputs.multiply_all(&layer.output, &mut memory.queries, processor);
    add_projected(
        memory,
        (count, hidden, stride),
        &layer.output_bias,
        processor,
    );
    normal_rows(memory, count, &layer.inner_norm, shape, processor);
    let matrices = [&layer.gate, &layer.up];
    let inputs = Inputs::new(
        &memory.normal,
        (count, hidden),
        matrices,
        &mut memory.blocks,
        processor,
    );
    let stride = inputs.multiply_all(&layer.gate, &mut memory.rows, processor);
    inputs.multiply_all(&layer.up, &mut memory.up, processor);
    let length = count * stride;
    kernel::gate(processor, &mut memory.rows[..length], &memory.up[..length]);
    let inputs = Inputs::new(
        &memory.rows,
        (count, stride),
        [&layer.down],
        &mut memory.blocks,
        processor,
    );
    let stride = inputs.multiply_all(&layer.down, &mut memory.queries, processor);
    add_projected(memory, (count, hidden, stride), &[], processor);
}

/// Adds the products in `memory.queries`, one row of `stride` after the other, and a bias if there is one, to the residual stream.
fn add_projected(
    memory: &mut Memory,
    (count, hidden, stride): (usize, usize, usize),
    bias: &[f32],
    processor: Processor,
) {
    for (row, projected) in memory.hidden[..count * hidden]
        .chunks_exact_mut(hidden)
        .zip(memory.queries.chunks_exact(stride))
    {
        add(processor, row, &projected[..hidden]);
        if !bias.is_empty() {
            add(processor, row, bias);
        }
    }
}

/// Answers the wishes about a rank's rows.
fn answer(
    model: &Model,
    pass: &Pass,
    (own, count): (&[Piece], usize),
    outcomes: &Outcomes,
    memory: &mut Memory,
    processor: Processor,
) {
    let (shape, hidden) = (&model.shape, model.shape.hidden);
    let rows = memory.hidden[..count * hidden].chunks_exact(hidden);
    let wished: Vec<(usize, &[f32])> = own
        .iter()
        .flat_map(|piece| piece.rows.clone())
        .zip(rows)
        .filter_map(|(row, numbers)| {
            let wish = pass.wishes.binary_search_by_key(&row, |(row, _)| *row);
            wish.ok().map(|wish| (wish, numbers))
        })
        .collect();
    for wished in wished.chunks(ANSWERED) {
        let normal = room(&mut memory.normal, wished.len() * hidden);
        for ((_, numbers), output) in wished.iter().zip(normal.chunks_exact_mut(hidden)) {
            normalise(processor, numbers, &model.norm, shape.epsilon, output);
        }
        let matrix = model.logits();
        let inputs = Inputs::new(
            normal,
            (wished.len(), hidden),
            [matrix],
            &mut memory.blocks,
            processor,
        );
        let stride = inputs.multiply_all(matrix, &mut memory.rows, processor);
        for ((index, _), logits) in wished.iter().zip(memory.rows.chunks_exact(stride)) {
            let (row, wish) = &pass.wishes[*index];
            let before = pass.rows[*row].position + 1;
            let logits = &logits[..shape.vocabulary];
            let outcome = memory.chooser.answer(processor, logits, before, wish);
            outcomes.set(*index, outcome);
        }
    }
}
