//! The network: a forward pass that a gradient can go back through.

use std::sync::Arc;

use candle_core::{Device, Result, Tensor};

use crate::{
    architecture::{Architecture, Parameter},
    batch::Batch,
    operations::{Angles, Attend, Gate, Heads, Normalise, Surprise},
};

/// A model: its weights in f32, in their places.
pub struct Model {
    architecture: Architecture,
    embedding: Tensor,
    layers: Vec<Layer>,
    norm: Tensor,
    angles: Arc<Angles>,
}

struct Layer {
    before_attention: Tensor,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    output: Tensor,
    before_network: Tensor,
    gate: Tensor,
    up: Tensor,
    down: Tensor,
}

impl Model {
    /// A model of weights that `find` gives, asked in the order of [`Architecture::parameters`].
    ///
    /// **Errors:** those of `find`, and weights of another shape.
    pub fn new(
        architecture: &Architecture,
        mut find: impl FnMut(&Parameter) -> Result<Tensor>,
    ) -> Result<Self> {
        let parameters = architecture.parameters();
        let mut weights = Vec::with_capacity(parameters.len());
        for parameter in &parameters {
            let weight = find(parameter)?;
            if weight.dims() != parameter.shape {
                candle_core::bail!(
                    "{}: the shape is {:?} and should be {:?}",
                    parameter.name,
                    weight.dims(),
                    parameter.shape
                );
            }
            weights.push(weight);
        }
        let mut weights = weights.into_iter();
        let mut next = || {
            weights
                .next()
                .ok_or_else(|| candle_core::Error::Msg("a weight is missing".into()))
        };
        let embedding = next()?;
        let mut layers = Vec::new();
        for _ in 0..architecture.num_hidden_layers {
            layers.push(Layer {
                before_attention: next()?,
                query: next()?,
                key: next()?,
                value: next()?,
                output: next()?,
                before_network: next()?,
                gate: next()?,
                up: next()?,
                down: next()?,
            });
        }
        let norm = next()?;
        let angles = Angles::new(
            architecture.max_position_embeddings,
            architecture.head_size(),
            architecture.rope_theta,
        );
        Ok(Self {
            architecture: architecture.clone(),
            embedding,
            layers,
            norm,
            angles: Arc::new(angles),
        })
    }

    /// Its shape.
    pub fn architecture(&self) -> &Architecture {
        &self.architecture
    }

    /// The logits after every token of some texts of one length: a row for each token, a column for each token that might follow.
    ///
    /// **Errors:** a text longer than the context, tokens that do not exist, and a number of tokens that `length` does not divide.
    pub fn logits(&self, tokens: &[u32], length: usize) -> Result<Tensor> {
        let architecture = &self.architecture;
        if length == 0 || length > architecture.max_position_embeddings {
            candle_core::bail!("a text of {length} tokens does not fit into the context");
        }
        if !tokens.len().is_multiple_of(length) {
            candle_core::bail!("{} tokens are no texts of {length}", tokens.len());
        }
        let heads = |heads, group, turned: bool, joins| Heads {
            heads,
            group,
            length,
            size: architecture.head_size(),
            angles: turned.then(|| self.angles.clone()),
            joins,
        };
        let (asking, asked) = (
            architecture.num_attention_heads,
            architecture.num_key_value_heads,
        );
        let group = architecture.group_size();
        let scale = (architecture.head_size() as f32).sqrt().recip();

        let tokens = Tensor::new(tokens, &Device::Cpu)?;
        let mut stream = self.embedding.index_select(&tokens, 0)?;
        for layer in &self.layers {
            let input = self.normalise(&stream, &layer.before_attention)?;
            let query =
                apply(&input, &layer.query)?.apply_op1(heads(asking, group, true, false))?;
            let key = apply(&input, &layer.key)?.apply_op1(heads(asked, 1, true, false))?;
            let value = apply(&input, &layer.value)?.apply_op1(heads(asked, 1, false, false))?;
            let weights = query
                .matmul(&key.t()?)?
                .apply_op1(Attend { length, scale })?;
            let seen = weights
                .matmul(&value)?
                .apply_op1(heads(asking, group, false, true))?;
            stream = (stream + apply(&seen, &layer.output)?)?;

            let input = self.normalise(&stream, &layer.before_network)?;
            let inner = apply(&input, &layer.gate)?.apply_op2(&apply(&input, &layer.up)?, Gate)?;
            stream = (stream + apply(&inner, &layer.down)?)?;
        }
        apply(&self.normalise(&stream, &self.norm)?, &self.embedding)
    }

    /// Mean loss over a batch, in nats per token. **Errors:** as for [`Self::logits`].
    pub(crate) fn loss(&self, batch: &Batch) -> Result<Tensor> {
        self.logits(&batch.inputs, batch.length)?
            .apply_op1(Surprise {
                targets: batch.targets.clone(),
            })
    }

    fn normalise(&self, stream: &Tensor, weight: &Tensor) -> Result<Tensor> {
        let epsilon = self.architecture.rms_norm_eps as f32;
        stream.apply_op2(weight, Normalise { epsilon })
    }
}

/// Applies a matrix, whose rows are outputs, to rows.
fn apply(rows: &Tensor, matrix: &Tensor) -> Result<Tensor> {
    rows.matmul(&matrix.t()?)
}
