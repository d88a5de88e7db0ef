//! From named tensors to a model.

use std::collections::HashMap;

use subnet_sdk::ModelError;

use super::config::Config;
use crate::{
    kernel::{Blocks, Floats, Matrix},
    model::{Layer, Model},
};

/// Bytes of a tensor as they stand in a file.
pub(super) struct Raw<'a> {
    pub(super) kind: Kind,
    pub(super) shape: &'a [usize],
    pub(super) bytes: &'a [u8],
}

/// How a tensor is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Floats(Floats),
    Blocks(Blocks),
}

/// Places of tensors in a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Place {
    Embedding,
    Norm,
    Head,
    Layer(usize, Part),
}

/// Tensors of a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Part {
    AttentionNorm,
    Queries,
    Keys,
    Values,
    Output,
    QueriesBias,
    KeysBias,
    ValuesBias,
    OutputBias,
    QueriesNorm,
    KeysNorm,
    InnerNorm,
    Gate,
    Up,
    Down,
}

/// Collects tensors, packed.
pub(super) struct Assembly {
    config: Config,
    kept: Floats,
    /// Rows of queries and keys stand as GGUF files of Llama have them: pairs that are rotated together are neighbours.
    interleaved: bool,
    matrices: HashMap<Place, Matrix>,
    vectors: HashMap<Place, Vec<f32>>,
}

impl Assembly {
    /// `kept`: the widest type in which floats are kept.
    pub(super) fn new(config: Config, kept: Floats, interleaved: bool) -> Self {
        Self {
            config,
            kept,
            interleaved,
            matrices: HashMap::new(),
            vectors: HashMap::new(),
        }
    }

    /// Whether the head is a tensor of its own.
    pub(super) fn wants_head(&self) -> bool {
        !self.config.tied
    }

    /// Takes a tensor. **Errors:** a shape that is not the configuration's, weights that are not numbers; the text lacks the name.
    pub(super) fn take(&mut self, place: Place, raw: &Raw<'_>) -> Result<(), String> {
        let (rows, depth) = self.dimensions(place);
        let wanted: &[usize] = if depth == 0 { &[rows] } else { &[rows, depth] };
        if raw.shape != wanted {
            return Err(format!(
                "has the shape {:?} where the configuration says {wanted:?}",
                raw.shape
            ));
        }
        if depth == 0 {
            let Kind::Floats(kind) = raw.kind else {
                return Err("is quantised where numbers are wanted".into());
            };
            let mut numbers = kind.widen(raw.bytes);
            if numbers.len() != rows {
                return Err(format!("holds {} numbers, not {rows}", numbers.len()));
            }
            if numbers.iter().any(|number| !number.is_finite()) {
                return Err("holds a weight that is not a finite number".into());
            }
            if self.interleaved && self.is_rotated(place) {
                numbers = (0..rows).map(|row| numbers[self.source_row(row)]).collect();
            }
            self.vectors.insert(place, numbers);
            return Ok(());
        }
        let rotated = self.interleaved && self.is_rotated(place);
        let order = |row| {
            if rotated { self.source_row(row) } else { row }
        };
        let matrix = match raw.kind {
            Kind::Floats(source) => {
                // Nothing is gained by widening what is in memory: the kernel widens on the way.
                let target = match (self.kept, source) {
                    (Floats::Single | Floats::Double, Floats::Double) => Floats::Single,
                    (Floats::Single | Floats::Double, source) => source,
                    (kept, _) => kept,
                };
                Matrix::from_floats((rows, depth), raw.bytes, source, target, order)?
            }
            Kind::Blocks(blocks) => Matrix::from_blocks((rows, depth), raw.bytes, blocks, order)?,
        };
        self.matrices.insert(place, matrix);
        Ok(())
    }

    /// The model. **Errors:** a tensor is missing; `name` says what it is called in this kind of file.
    pub(super) fn finish(
        mut self,
        name: impl Fn(Place) -> String,
    ) -> Result<(Model, Option<u32>), ModelError> {
        let missing =
            |place| ModelError::Mismatch(format!("the weights lack the tensor `{}`", name(place)));
        let layers = (0..self.config.shape.layers)
            .map(|index| {
                let mut matrix = |part| {
                    let place = Place::Layer(index, part);
                    self.matrices.remove(&place).ok_or_else(|| missing(place))
                };
                let (queries, keys) = (matrix(Part::Queries)?, matrix(Part::Keys)?);
                let (values, output) = (matrix(Part::Values)?, matrix(Part::Output)?);
                let (gate, up) = (matrix(Part::Gate)?, matrix(Part::Up)?);
                let down = matrix(Part::Down)?;
                let mut vector = |part| self.vectors.remove(&Place::Layer(index, part));
                let norm = |part, found: Option<Vec<f32>>, needed: bool| match found {
                    Some(numbers) => Ok(numbers),
                    None if needed => Err(missing(Place::Layer(index, part))),
                    None => Ok(Vec::new()),
                };
                let head_norms = self.config.head_norms;
                Ok(Layer {
                    attention_norm: norm(Part::AttentionNorm, vector(Part::AttentionNorm), true)?,
                    queries,
                    keys,
                    values,
                    queries_bias: vector(Part::QueriesBias).unwrap_or_default(),
                    keys_bias: vector(Part::KeysBias).unwrap_or_default(),
                    values_bias: vector(Part::ValuesBias).unwrap_or_default(),
                    queries_norm: norm(Part::QueriesNorm, vector(Part::QueriesNorm), head_norms)?,
                    keys_norm: norm(Part::KeysNorm, vector(Part::KeysNorm), head_norms)?,
                    output,
                    output_bias: vector(Part::OutputBias).unwrap_or_default(),
                    inner_norm: norm(Part::InnerNorm, vector(Part::InnerNorm), true)?,
                    gate,
                    up,
                    down,
                })
            })
            .collect::<Result<_, ModelError>>()?;
        let embedding = self
            .matrices
            .remove(&Place::Embedding)
            .ok_or_else(|| missing(Place::Embedding))?;
        let head = self.matrices.remove(&Place::Head);
        if head.is_none() && !self.config.tied {
            return Err(missing(Place::Head));
        }
        let norm = self
            .vectors
            .remove(&Place::Norm)
            .ok_or_else(|| missing(Place::Norm))?;
        let model = Model {
            shape: self.config.shape,
            rotation: self.config.rotation,
            embedding,
            layers,
            norm,
            head,
        };
        Ok((model, self.config.end_of_text))
    }

    /// Rows and columns of a matrix; a vector has no columns.
    pub(super) fn dimensions(&self, place: Place) -> (usize, usize) {
        let shape = &self.config.shape;
        let queries = shape.heads * shape.head;
        let cached = shape.cached_heads * shape.head;
        match place {
            Place::Embedding | Place::Head => (shape.vocabulary, shape.hidden),
            Place::Norm => (shape.hidden, 0),
            Place::Layer(_, part) => match part {
                Part::AttentionNorm | Part::InnerNorm | Part::OutputBias => (shape.hidden, 0),
                Part::Queries => (queries, shape.hidden),
                Part::Keys | Part::Values => (cached, shape.hidden),
                Part::Output => (shape.hidden, queries),
                Part::QueriesBias => (queries, 0),
                Part::KeysBias | Part::ValuesBias => (cached, 0),
                Part::QueriesNorm | Part::KeysNorm => (shape.head, 0),
                Part::Gate | Part::Up => (shape.inner, shape.hidden),
                Part::Down => (shape.hidden, shape.inner),
            },
        }
    }

    fn is_rotated(&self, place: Place) -> bool {
        matches!(
            place,
            Place::Layer(
                _,
                Part::Queries | Part::Keys | Part::QueriesBias | Part::KeysBias
            )
        )
    }

    /// Where the row of a head that is rotated in halves stands among interleaved ones.
    fn source_row(&self, row: usize) -> usize {
        let head = self.config.shape.head;
        let (start, place) = (row / head * head, row % head);
        let half = head / 2;
        start + place % half * 2 + place / half
    }
}
