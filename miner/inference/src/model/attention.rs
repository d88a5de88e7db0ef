//! Attention of the rows of one sequence to all its tokens.

use super::{
    forward::{Pass, Run},
    rotation::rotate,
    shape::{Layer, Model},
};
use crate::{
    kernel::{self, Rows, exponentials, multiply, normalise},
    team::{Exchange, Rank},
};

/// Rows of queries that meet keys and values together.
const TILE: usize = 8;

/// What attention keeps between calls, so that it allocates nothing.
#[derive(Default)]
pub(crate) struct Buffers {
    queries: Vec<f32>,
    key: Vec<f32>,
    value: Vec<f32>,
    normal: Vec<f32>,
    scores: Vec<f32>,
    outputs: Vec<f32>,
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
#[expect(
    clippy::too_many_arguments,
    reason = "the state of a pass, each part borrowed on its own"
)]
pub(crate) fn attend(
    model: &Model,
    (index, layer): (usize, &Layer),
    pass: &Pass,
    rank: &Rank<'_>,
    [queries, keys, values]: [&Exchange; 3],
    mixed: &Exchange,
    buffers: &mut Buffers,
    processor: kernel::Processor,
) {
    let shape = &model.shape;
    let (head, heads) = (shape.head, shape.cached_heads);
    let group = shape.heads / heads;
    let length: usize = items(pass, heads)
        .filter(|(item, ..)| item % rank.count() == rank.index())
        .map(|(_, run, _)| run.rows.len() * group * head)
        .sum();
    let mut part = mixed.write(rank, length);
    let mut rest: &mut [f32] = &mut part;
    for (item, run, cached) in items(pass, heads) {
        if item % rank.count() != rank.index() {
            continue;
        }
        let (own, after) = rest.split_at_mut(run.rows.len() * group * head);
        rest = after;

        // Queries of the group, row by row.
        let width = group * head;
        buffers.queries.resize(run.rows.len() * width, 0.0);
        queries.pieces(
            run.rows.clone(),
            shape.heads * head,
            cached * width..(cached + 1) * width,
            |row, column, numbers| {
                let start = (row - run.rows.start) * width + column - cached * width;
                buffers.queries[start..start + numbers.len()].copy_from_slice(numbers);
            },
        );
        let columns = cached * head..(cached + 1) * head;
        for (exchange, buffer) in [(keys, &mut buffers.key), (values, &mut buffers.value)] {
            buffer.resize(run.rows.len() * head, 0.0);
            exchange.pieces(
                run.rows.clone(),
                heads * head,
                columns.clone(),
                |row, column, numbers| {
                    let start = (row - run.rows.start) * head + column - columns.start;
                    buffer[start..start + numbers.len()].copy_from_slice(numbers);
                },
            );
        }

        let mut cache = run.cache.head(index, cached);
        buffers.normal.resize(head, 0.0);
        for row in 0..run.rows.len() {
            let angles = pass.angles(run.rows.start + row, head);
            let key = &mut buffers.key[row * head..][..head];
            let value = &mut buffers.value[row * head..][..head];
            add_part(key, &layer.keys_bias, columns.start);
            add_part(value, &layer.values_bias, columns.start);
            if !layer.keys_norm.is_empty() {
                normalise(
                    processor,
                    key,
                    &layer.keys_norm,
                    shape.epsilon,
                    &mut buffers.normal,
                );
                key.copy_from_slice(&buffers.normal);
            }
            rotate(key, angles);
            cache.store(run.first + row, key, value);
            for (member, query) in buffers.queries[row * width..][..width]
                .chunks_exact_mut(head)
                .enumerate()
            {
                add_part(query, &layer.queries_bias, cached * width + member * head);
                if !layer.queries_norm.is_empty() {
                    normalise(
                        processor,
                        query,
                        &layer.queries_norm,
                        shape.epsilon,
                        &mut buffers.normal,
                    );
                    query.copy_from_slice(&buffers.normal);
                }
                rotate(query, angles);
                let scale = 1.0 / (head as f32).sqrt();
                for number in query {
                    *number *= scale;
                }
            }
        }

        let total = run.rows.len() * group;
        let window = shape.windows[index];
        let padded = head.next_multiple_of(16);
        for tile in (0..total).step_by(TILE) {
            let count = TILE.min(total - tile);
            // Tokens that the rows of the tile see.
            let seen = |line: usize| {
                let end = run.first + line / group + 1;
                (window.map_or(0, |window| end.saturating_sub(window)), end)
            };
            let start = seen(tile).0 / 16 * 16;
            let end = seen(tile + count - 1).1;
            let panels = start / 16..end.div_ceil(16);
            let width = panels.len() * 16;
            buffers.scores.resize(count * width, 0.0);
            multiply(
                processor,
                &mut Rows {
                    inputs: &buffers.queries[tile * head..][..count * head],
                    depth: head,
                    blocks: &[],
                    count,
                    outputs: &mut buffers.scores,
                    width,
                },
                cache.keys(),
                panels,
            );
            let mut sums = [1.0; TILE];
            for (line, scores) in buffers.scores.chunks_exact_mut(width).enumerate() {
                let (from, to) = seen(tile + line);
                scores[..from - start].fill(0.0);
                scores[to - start..].fill(0.0);
                sums[line] = exponentials(processor, &mut scores[from - start..to - start]);
            }
            buffers.outputs.resize(count * padded, 0.0);
            multiply(
                processor,
                &mut Rows {
                    inputs: &buffers.scores,
                    depth: width,
                    blocks: &[],
                    count,
                    outputs: &mut buffers.outputs,
                    width: padded,
                },
                cache.values(start, end),
                0..padded / 16,
            );
            for (line, output) in buffers.outputs.chunks_exact(padded).enumerate() {
                let scale = 1.0 / sums[line];
                for (out, number) in own[(tile + line) * head..][..head].iter_mut().zip(output) {
                    *out = number * scale;
                }
            }
        }
    }
}

/// Copies what all ranks wrote to `mixed` into rows.
pub(crate) fn gather(
    model: &Model,
    pass: &Pass,
    ranks: usize,
    mixed: &Exchange,
    rows: &mut Vec<f32>,
) {
    let shape = &model.shape;
    let (heads, width) = (shape.cached_heads, shape.heads * shape.head);
    let own = width / heads;
    rows.resize(pass.rows.len() * width, 0.0);
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

fn add_part(numbers: &mut [f32], bias: &[f32], start: usize) {
    if !bias.is_empty() {
        kernel::add(numbers, &bias[start..]);
    }
}
