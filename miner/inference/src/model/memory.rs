//! What a rank keeps between passes, and the residual stream in it.

use super::{
    attention,
    pass::Pass,
    pieces::Piece,
    products::room,
    shape::{Model, Shape},
};
use crate::{
    choice::Chooser,
    kernel::{Processor, Quantised, normalise},
};

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
