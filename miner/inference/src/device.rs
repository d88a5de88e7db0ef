//! The same forward pass by Candle's tensors, for graphics processors.
//!
//! Sequences of a pass are computed one after another, each row by what the device's libraries find best: nothing is promised about
//! bits here. It runs on the processor too, which is how it is tested without a card.

use candle_core::{D, DType, Device, Result, Tensor};

use crate::{
    choice::{Chooser, Outcome},
    kernel::{Matrix, Processor},
    model::{DeviceCache, Layer, Model, Pass, Rotation, Shape},
};

/// A model in a device's memory.
pub(crate) struct DeviceModel {
    shape: Shape,
    device: Device,
    kind: DType,
    embedding: Tensor,
    layers: Vec<DeviceLayer>,
    norm: Tensor,
    head: Tensor,
    frequencies: Tensor,
}

struct DeviceLayer {
    attention_norm: Tensor,
    /// Weight and, if there is one, bias.
    queries: (Tensor, Option<Tensor>),
    keys: (Tensor, Option<Tensor>),
    values: (Tensor, Option<Tensor>),
    output: (Tensor, Option<Tensor>),
    queries_norm: Option<Tensor>,
    keys_norm: Option<Tensor>,
    inner_norm: Tensor,
    gate: Tensor,
    up: Tensor,
    down: Tensor,
}

impl DeviceModel {
    /// Copies a model. **Errors:** the device has no room.
    pub(crate) fn new(model: &Model, device: &Device, kind: DType) -> Result<Self> {
        let matrix = |matrix: &Matrix| -> Result<Tensor> {
            let (rows, depth) = (matrix.rows(), matrix.depth());
            let mut numbers = vec![0.0; rows * depth];
            for (row, numbers) in numbers.chunks_exact_mut(depth).enumerate() {
                matrix.row(row, numbers);
            }
            Tensor::from_vec(numbers, (rows, depth), device)?.to_dtype(kind)
        };
        let vector =
            |numbers: &[f32]| -> Result<Tensor> { Tensor::new(numbers, device)?.to_dtype(kind) };
        let some = |numbers: &[f32]| -> Result<Option<Tensor>> {
            (!numbers.is_empty()).then(|| vector(numbers)).transpose()
        };
        let layer = |layer: &Layer| -> Result<DeviceLayer> {
            Ok(DeviceLayer {
                attention_norm: vector(&layer.attention_norm)?,
                queries: (matrix(&layer.queries)?, some(&layer.queries_bias)?),
                keys: (matrix(&layer.keys)?, some(&layer.keys_bias)?),
                values: (matrix(&layer.values)?, some(&layer.values_bias)?),
                output: (matrix(&layer.output)?, some(&layer.output_bias)?),
                queries_norm: some(&layer.queries_norm)?,
                keys_norm: some(&layer.keys_norm)?,
                inner_norm: vector(&layer.inner_norm)?,
                gate: matrix(&layer.gate)?,
                up: matrix(&layer.up)?,
                down: matrix(&layer.down)?,
            })
        };
        let embedding = matrix(&model.embedding)?;
        Ok(Self {
            shape: model.shape.clone(),
            device: device.clone(),
            kind,
            layers: model.layers.iter().map(layer).collect::<Result<_>>()?,
            norm: vector(&model.norm)?,
            head: match &model.head {
                Some(head) => matrix(head)?,
                None => embedding.clone(),
            },
            embedding,
            frequencies: frequencies(&model.rotation, device)?,
        })
    }

    /// Answers the wishes of a pass. **Errors:** those of the device.
    pub(crate) fn pass(&self, pass: &Pass, chooser: &mut Chooser) -> Result<Vec<Option<Outcome>>> {
        let mut outcomes = vec![None; pass.wishes.len()];
        for run in &pass.runs {
            let tokens: Vec<u32> = pass.rows[run.rows.clone()]
                .iter()
                .map(|row| row.token)
                .collect();
            let hidden = {
                let mut cache = run.cache.device();
                self.hidden(&tokens, pass.rows[run.rows.start].position, &mut cache)?
            };
            let (places, wanted): (Vec<usize>, Vec<u32>) = pass
                .wishes
                .iter()
                .enumerate()
                .filter(|(_, (row, _))| run.rows.contains(row))
                .map(|(place, (row, _))| (place, (row - run.rows.start) as u32))
                .unzip();
            if wanted.is_empty() {
                continue;
            }
            let rows = hidden.index_select(&Tensor::new(wanted, &self.device)?, 0)?;
            let logits = linear(
                &normal(&rows, &self.norm, self.shape.epsilon)?,
                &self.head,
                None,
            )?
            .to_dtype(DType::F32)?
            .to_vec2::<f32>()?;
            for (place, logits) in places.into_iter().zip(logits) {
                let (row, wish) = &pass.wishes[place];
                let before = pass.rows[*row].position + 1;
                outcomes[place] = Some(chooser.answer(Processor::detect(), &logits, before, wish));
            }
        }
        Ok(outcomes)
    }

    /// The residual stream after all layers.
    fn hidden(&self, tokens: &[u32], first: usize, cache: &mut DeviceCache) -> Result<Tensor> {
        let count = tokens.len();
        let mut x = self
            .embedding
            .index_select(&Tensor::new(tokens, &self.device)?, 0)?;
        let positions: Vec<f32> = (first..first + count).map(|p| p as f32).collect();
        let angles = Tensor::new(positions, &self.device)?
            .unsqueeze(1)?
            .broadcast_mul(&self.frequencies)?;
        let turn = [
            angles.cos()?.to_dtype(self.kind)?,
            angles.sin()?.to_dtype(self.kind)?,
        ];
        cache.resize(self.layers.len(), None);
        for (index, layer) in self.layers.iter().enumerate() {
            let normed = normal(&x, &layer.attention_norm, self.shape.epsilon)?;
            let mixed = self.attention(&normed, index, first, &turn, &mut cache[index])?;
            x = (x + linear(&mixed, &layer.output.0, layer.output.1.as_ref())?)?;
            let normed = normal(&x, &layer.inner_norm, self.shape.epsilon)?;
            let gate = linear(&normed, &layer.gate, None)?.silu()?;
            let inner = (gate * linear(&normed, &layer.up, None)?)?;
            x = (x + linear(&inner, &layer.down, None)?)?;
        }
        Ok(x)
    }

    fn attention(
        &self,
        x: &Tensor,
        index: usize,
        first: usize,
        turn: &[Tensor; 2],
        cache: &mut Option<(Tensor, Tensor)>,
    ) -> Result<Tensor> {
        let (shape, layer) = (&self.shape, &self.layers[index]);
        let (count, head, heads) = (x.dim(0)?, shape.head, shape.cached_heads);
        let split = |(weight, bias): &(Tensor, Option<Tensor>), heads: usize| -> Result<Tensor> {
            linear(x, weight, bias.as_ref())?
                .reshape((count, heads, head))?
                .transpose(0, 1)?
                .contiguous()
        };
        let mut queries = split(&layer.queries, shape.heads)?;
        let mut keys = split(&layer.keys, heads)?;
        let mut values = split(&layer.values, heads)?;
        if let Some(norm) = &layer.queries_norm {
            queries = normal(&queries, norm, shape.epsilon)?;
        }
        if let Some(norm) = &layer.keys_norm {
            keys = normal(&keys, norm, shape.epsilon)?;
        }
        queries = rotated(&queries, turn)?;
        keys = rotated(&keys, turn)?;
        if let Some((before_keys, before_values)) = cache.take() {
            keys = Tensor::cat(&[&before_keys, &keys], 1)?;
            values = Tensor::cat(&[&before_values, &values], 1)?;
        }
        *cache = Some((keys.clone(), values.clone()));

        let total = keys.dim(1)?;
        let group = shape.heads / heads;
        // Query heads that share keys stand together.
        let queries = queries.reshape((heads, group * count, head))?;
        let scale = 1.0 / (head as f64).sqrt();
        let scores = (queries.matmul(&keys.transpose(1, 2)?.contiguous()?)? * scale)?
            .to_dtype(DType::F32)?
            .reshape((heads * group, count, total))?;
        let window = shape.windows[index].unwrap_or(usize::MAX);
        let mask: Vec<f32> = (0..count)
            .flat_map(|row| {
                (0..total).map(move |token| {
                    let own = first + row;
                    let seen = token <= own && own - token < window;
                    if seen { 0.0 } else { f32::NEG_INFINITY }
                })
            })
            .collect();
        let mask = Tensor::from_vec(mask, (1, count, total), &self.device)?;
        let scores = scores.broadcast_add(&mask)?;
        let scores = scores
            .broadcast_sub(&scores.max_keepdim(D::Minus1)?)?
            .exp()?;
        let scores = scores
            .broadcast_div(&scores.sum_keepdim(D::Minus1)?)?
            .to_dtype(self.kind)?
            .reshape((heads, group * count, total))?;
        scores
            .matmul(&values)?
            .reshape((shape.heads, count, head))?
            .transpose(0, 1)?
            .contiguous()?
            .reshape((count, shape.heads * head))
    }
}

fn frequencies(rotation: &Rotation, device: &Device) -> Result<Tensor> {
    Tensor::new(rotation.frequencies(), device)?.unsqueeze(0)
}

fn linear(x: &Tensor, weight: &Tensor, bias: Option<&Tensor>) -> Result<Tensor> {
    let product = x.matmul(&weight.t()?)?;
    match bias {
        Some(bias) => product.broadcast_add(bias),
        None => Ok(product),
    }
}

/// Divided by the root mean square of the last dimension, times a weight.
fn normal(x: &Tensor, weight: &Tensor, epsilon: f32) -> Result<Tensor> {
    let wide = x.to_dtype(DType::F32)?;
    let square = (wide.sqr()?.mean_keepdim(D::Minus1)? + f64::from(epsilon))?;
    wide.broadcast_div(&square.sqrt()?)?
        .to_dtype(x.dtype())?
        .broadcast_mul(weight)
}

/// Rotates heads: (heads, rows, head) by cosines and sines (rows, head / 2).
fn rotated(x: &Tensor, [cos, sin]: &[Tensor; 2]) -> Result<Tensor> {
    let half = x.dim(D::Minus1)? / 2;
    let (a, b) = (
        x.narrow(D::Minus1, 0, half)?,
        x.narrow(D::Minus1, half, half)?,
    );
    let first = (a.broadcast_mul(cos)? - b.broadcast_mul(sin)?)?;
    let second = (b.broadcast_mul(cos)? + a.broadcast_mul(sin)?)?;
    Tensor::cat(&[first, second], D::Minus1)
}
