//! Products of rows with the matrices of a layer.

use std::ops::Range;

use crate::kernel::{Matrix, Processor, Quantised, Rows, quantise};

/// Rows of inputs as the matrices that they meet need them.
#[derive(Clone, Copy)]
pub(super) struct Inputs<'a> {
    numbers: &'a [f32],
    /// From the start of one row to that of the next.
    stride: usize,
    blocks: &'a [Quantised],
    count: usize,
}

impl<'a> Inputs<'a> {
    /// `count` rows, `stride` from one to the next. Quantises them if a matrix needs that; rows have no room between them then.
    pub(super) fn new<const N: usize>(
        numbers: &'a [f32],
        (count, stride): (usize, usize),
        matrices: [&Matrix; N],
        blocks: &'a mut Vec<Quantised>,
        processor: Processor,
    ) -> Self {
        let numbers = &numbers[..count * stride];
        if matrices.iter().any(|matrix| matrix.is_quantised()) {
            quantise(processor, numbers, blocks);
        }
        Self {
            numbers,
            stride,
            blocks,
            count,
        }
    }

    /// Writes the products with some panels of a matrix, sixteen columns for each.
    pub(super) fn multiply(
        &self,
        matrix: &Matrix,
        panels: Range<usize>,
        outputs: &mut [f32],
        processor: Processor,
    ) {
        matrix.multiply(
            processor,
            &mut Rows {
                inputs: self.numbers,
                depth: self.stride,
                blocks: self.blocks,
                count: self.count,
                outputs,
                width: panels.len() * 16,
            },
            panels,
        );
    }

    /// Writes the products with a whole matrix; gives the room from one row of them to the next.
    pub(super) fn multiply_all(
        &self,
        matrix: &Matrix,
        outputs: &mut Vec<f32>,
        processor: Processor,
    ) -> usize {
        let width = matrix.panels() * 16;
        let outputs = room(outputs, self.count * width);
        self.multiply(matrix, 0..matrix.panels(), outputs, processor);
        width
    }
}

/// The first `length` numbers of a buffer that grows and never shrinks; they may be any.
pub(super) fn room(buffer: &mut Vec<f32>, length: usize) -> &mut [f32] {
    if buffer.len() < length {
        buffer.resize(length, 0.0);
    }
    &mut buffer[..length]
}
