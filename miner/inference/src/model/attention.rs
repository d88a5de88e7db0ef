//! Attention of rows of one sequence to all its tokens, head by head.

use std::ops::Range;

use super::{
    pass::{Pass, Run},
    products::room,
    shape::{Layer, Shape},
};
use crate::kernel::{self, Processor, Rows, exponentials, normalise, rotate};

/// Rows of queries that meet keys and values together.
pub(super) const TILE: usize = 8;

/// What attention keeps between calls, so that it allocates nothing.
#[derive(Default)]
pub(super) struct Buffers {
    queries: Vec<f32>,
    key: Vec<f32>,
    value: Vec<f32>,
    halves: Vec<u16>,
    normal: Vec<f32>,
    scores: Vec<f32>,
    outputs: Vec<f32>,
}

/// Some columns of rows.
#[derive(Clone, Copy)]
pub(super) struct Columns<'a> {
    /// Row by row.
    pub(super) numbers: &'a [f32],
    /// From the start of one row to that of the next.
    pub(super) stride: usize,
    /// The first column.
    pub(super) start: usize,
}

impl<'a> Columns<'a> {
    fn row(&self, row: usize, width: usize) -> &'a [f32] {
        &self.numbers[row * self.stride + self.start..][..width]
    }
}

/// One head of keys and values of a layer, and the heads of queries that meet it.
#[derive(Clone, Copy)]
pub(super) struct Head<'a> {
    pub(super) shape: &'a Shape,
    pub(super) layer: &'a Layer,
    /// Which layer.
    pub(super) index: usize,
    /// Which head.
    pub(super) cached: usize,
    pub(super) processor: Processor,
}

impl Head<'_> {
    /// Numbers of all its queries for one row.
    fn width(&self) -> usize {
        self.shape.heads / self.shape.cached_heads * self.shape.head
    }

    /// Stores keys and values of some rows of a run, as the products gave them.
    pub(super) fn store(
        &self,
        pass: &Pass,
        run: &Run,
        rows: Range<usize>,
        [keys, values]: [Columns<'_>; 2],
        buffers: &mut Buffers,
    ) {
        let head = self.shape.head;
        let column = self.cached * head;
        let mut cache = run.cache.head(self.index, self.cached);
        for (index, row) in rows.enumerate() {
            let key = room(&mut buffers.key, head);
            self.finish(
                keys.row(index, head),
                (&self.layer.keys_bias, column),
                (&self.layer.keys_norm, &mut buffers.normal),
                (pass.angles(row, head), 1.0),
                key,
            );
            let mut value = values.row(index, head);
            if !self.layer.values_bias.is_empty() {
                let biased = room(&mut buffers.value, head);
                biased.copy_from_slice(value);
                kernel::add(
                    self.processor,
                    biased,
                    &self.layer.values_bias[column..][..head],
                );
                value = biased;
            }
            cache.store(
                self.processor,
                pass.rows[row].position,
                [key, value],
                &mut buffers.halves,
            );
        }
    }

    /// Writes what some rows of a run take from the values of all tokens before them and their own: one row of `stride` after the
    /// other, from its column `start` on. Keys and values of all of these tokens are stored.
    pub(super) fn attend(
        &self,
        pass: &Pass,
        run: &Run,
        rows: Range<usize>,
        queries: Columns<'_>,
        (outputs, stride, start): (&mut [f32], usize, usize),
        buffers: &mut Buffers,
    ) {
        let (head, width) = (self.shape.head, self.width());
        let group = width / head;
        let scale = 1.0 / (head as f32).sqrt();
        let prepared = room(&mut buffers.queries, rows.len() * width);
        for (index, row) in rows.clone().enumerate() {
            for member in 0..group {
                let column = member * head;
                self.finish(
                    &queries.row(index, width)[column..][..head],
                    (&self.layer.queries_bias, self.cached * width + column),
                    (&self.layer.queries_norm, &mut buffers.normal),
                    (pass.angles(row, head), scale),
                    &mut prepared[index * width + column..][..head],
                );
            }
        }

        let cache = run.cache.seen(self.index, self.cached);
        if cache.is_broken() {
            for row in 0..rows.len() {
                outputs[row * stride + start..][..width].fill(f32::NAN);
            }
            return;
        }
        let window = self.shape.windows[self.index];
        let padded = head.next_multiple_of(16);
        let total = rows.len() * group;
        for tile in (0..total).step_by(TILE) {
            let count = TILE.min(total - tile);
            // Tokens that the rows of the tile see.
            let seen = |line: usize| {
                let end = pass.rows[rows.start + line / group].position + 1;
                (window.map_or(0, |window| end.saturating_sub(window)), end)
            };
            let first = seen(tile).0 / 16 * 16;
            let end = seen(tile + count - 1).1;
            let panels = first / 16..end.div_ceil(16);
            let tokens = panels.len() * 16;
            let scores = room(&mut buffers.scores, count * tokens);
            cache.meet_keys(
                self.processor,
                &mut Rows {
                    inputs: &prepared[tile * head..][..count * head],
                    depth: head,
                    blocks: &[],
                    count,
                    outputs: scores,
                    width: tokens,
                },
                panels,
            );
            let mut sums = [1.0; TILE];
            for (line, scores) in scores.chunks_exact_mut(tokens).enumerate() {
                let (from, to) = seen(tile + line);
                scores[..from - first].fill(0.0);
                scores[to - first..].fill(0.0);
                sums[line] = exponentials(self.processor, &mut scores[from - first..to - first]);
            }
            let mixed = room(&mut buffers.outputs, count * padded);
            cache.meet_values(
                self.processor,
                &mut Rows {
                    inputs: scores,
                    depth: tokens,
                    blocks: &[],
                    count,
                    outputs: mixed,
                    width: padded,
                },
                (first, end),
            );
            for (line, mixed) in mixed.chunks_exact(padded).enumerate() {
                let (row, member) = ((tile + line) / group, (tile + line) % group);
                let scale = 1.0 / sums[line];
                let output = &mut outputs[row * stride + start + member * head..][..head];
                for (output, number) in output.iter_mut().zip(mixed) {
                    *output = number * scale;
                }
            }
        }
    }

    /// What becomes of a query or key between its product and its use.
    fn finish(
        &self,
        product: &[f32],
        (bias, column): (&[f32], usize),
        (norm, normal): (&[f32], &mut Vec<f32>),
        (angles, scale): (&[f32], f32),
        output: &mut [f32],
    ) {
        if bias.is_empty() && norm.is_empty() {
            rotate(self.processor, product, angles, scale, output);
            return;
        }
        let normal = room(normal, product.len());
        normal.copy_from_slice(product);
        if !bias.is_empty() {
            kernel::add(self.processor, normal, &bias[column..][..product.len()]);
        }
        if !norm.is_empty() {
            output.copy_from_slice(normal);
            normalise(self.processor, output, norm, self.shape.epsilon, normal);
        }
        rotate(self.processor, normal, angles, scale, output);
    }
}
