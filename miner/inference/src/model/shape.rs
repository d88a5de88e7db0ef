//! What a model consists of.

use super::rotation::Rotation;
use crate::kernel::Matrix;

/// The numbers that a configuration states.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Shape {
    /// Width of the residual stream.
    pub(crate) hidden: usize,
    /// Width between the two halves of the feed-forward part.
    pub(crate) inner: usize,
    /// Number of layers.
    pub(crate) layers: usize,
    /// Query heads.
    pub(crate) heads: usize,
    /// Heads of keys and values; divides `heads`.
    pub(crate) cached_heads: usize,
    /// Width of a head.
    pub(crate) head: usize,
    /// Tokens that the model knows.
    pub(crate) vocabulary: usize,
    /// Tokens of a sequence at most.
    pub(crate) context: usize,
    /// Added to mean squares.
    pub(crate) epsilon: f32,
    /// For every layer, how many tokens back a token sees, itself included.
    pub(crate) windows: Vec<Option<usize>>,
}

/// In what keys and values are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CacheKind {
    /// 32 bits.
    Single,
    /// f16: products of inputs of eight bits are no more precise. Numbers beyond its range become its greatest.
    Half,
}

impl CacheKind {
    /// Bytes of one number.
    const fn bytes(self) -> usize {
        match self {
            Self::Single => size_of::<f32>(),
            Self::Half => size_of::<u16>(),
        }
    }

    /// Bytes that keys and values of one token take.
    pub(crate) fn bytes_of_token(self, shape: &Shape) -> usize {
        let values = shape.head.next_multiple_of(16);
        shape.layers * shape.cached_heads * (shape.head + values) * self.bytes()
    }
}

/// The weights of one layer. Biases and norms of heads are empty where the architecture has none.
pub(crate) struct Layer {
    pub(crate) attention_norm: Vec<f32>,
    pub(crate) queries: Matrix,
    pub(crate) keys: Matrix,
    pub(crate) values: Matrix,
    pub(crate) queries_bias: Vec<f32>,
    pub(crate) keys_bias: Vec<f32>,
    pub(crate) values_bias: Vec<f32>,
    pub(crate) queries_norm: Vec<f32>,
    pub(crate) keys_norm: Vec<f32>,
    pub(crate) output: Matrix,
    pub(crate) output_bias: Vec<f32>,
    pub(crate) inner_norm: Vec<f32>,
    pub(crate) gate: Matrix,
    pub(crate) up: Matrix,
    pub(crate) down: Matrix,
}

/// A model in memory.
pub(crate) struct Model {
    pub(crate) shape: Shape,
    pub(crate) rotation: Rotation,
    pub(crate) embedding: Matrix,
    pub(crate) layers: Vec<Layer>,
    pub(crate) norm: Vec<f32>,
    /// None if the embedding is the head.
    pub(crate) head: Option<Matrix>,
}

impl Model {
    /// The matrix whose products are the logits.
    pub(crate) fn logits(&self) -> &Matrix {
        self.head.as_ref().unwrap_or(&self.embedding)
    }

    /// In what its keys and values are kept: in f16 if they are products of quantised weights in every layer.
    pub(crate) fn cache_kind(&self) -> CacheKind {
        let quantised = |layer: &Layer| layer.keys.is_quantised() && layer.values.is_quantised();
        if self.layers.iter().all(quantised) {
            CacheKind::Half
        } else {
            CacheKind::Single
        }
    }

    fn matrices(&self) -> impl Iterator<Item = &Matrix> {
        let layers = self.layers.iter().flat_map(|layer| {
            [
                &layer.queries,
                &layer.keys,
                &layer.values,
                &layer.output,
                &layer.gate,
                &layer.up,
                &layer.down,
            ]
        });
        std::iter::once(&self.embedding)
            .chain(&self.head)
            .chain(layers)
    }

    /// Bytes of all matrices.
    pub(crate) fn bytes(&self) -> usize {
        self.matrices().map(Matrix::bytes).sum()
    }

    /// Number of weights in all matrices.
    pub(crate) fn parameters(&self) -> usize {
        self.matrices()
            .map(|matrix| matrix.rows() * matrix.depth())
            .sum()
    }
}
