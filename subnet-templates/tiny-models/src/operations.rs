//! Operations of the network with their derivatives.
//!
//! Candle's own fused operations have no derivatives, and a chain of its elementary ones reads and writes each intermediate
//! result several times. Each operation here is one pass forward and one backward on the CPU in f32; the tests compare
//! both with such a chain.

use std::sync::Arc;

use candle_core::{
    CpuStorage, CustomOp1, CustomOp2, Layout, Result, Shape, Storage, StorageRef, Tensor, bail,
};

/// The values of an argument of an operation. **Errors:** other types than f32, and strides.
fn slice<'a>(storage: &'a CpuStorage, layout: &Layout) -> Result<&'a [f32]> {
    let values = storage.as_slice::<f32>()?;
    let range = layout
        .contiguous_offsets()
        .and_then(|(from, to)| values.get(from..to));
    match range {
        Some(values) => Ok(values),
        None => bail!("the values do not lie one behind the other"),
    }
}

/// The values of a tensor, borrowed.
struct Values<'a> {
    storage: StorageRef<'a>,
    layout: &'a Layout,
}

impl<'a> Values<'a> {
    fn of(tensor: &'a Tensor) -> Self {
        let (storage, layout) = tensor.storage_and_layout();
        Self { storage, layout }
    }

    fn get(&self) -> Result<&[f32]> {
        match &*self.storage {
            Storage::Cpu(storage) => slice(storage, self.layout),
            _ => bail!("the operation is for the CPU only"),
        }
    }
}

fn tensor(values: Vec<f32>, like: &Tensor) -> Result<Option<Tensor>> {
    Tensor::from_vec(values, like.shape(), like.device()).map(Some)
}

/// Sum of products, in eight strands that the processor adds side by side.
fn dot(left: &[f32], right: &[f32]) -> f32 {
    let (left, left_rest) = left.as_chunks::<8>();
    let (right, right_rest) = right.as_chunks::<8>();
    let mut strands = [0.0f32; 8];
    for (left, right) in left.iter().zip(right) {
        for ((strand, left), right) in strands.iter_mut().zip(left).zip(right) {
            *strand += left * right;
        }
    }
    let rest = left_rest.iter().zip(right_rest).map(|(a, b)| a * b);
    strands.into_iter().sum::<f32>() + rest.sum::<f32>()
}

/// Root-mean-square norm: each row divided by the root of its mean square, times a weight for each column.
pub(crate) struct Normalise {
    /// Added to the mean square.
    pub(crate) epsilon: f32,
}

impl Normalise {
    fn scale(&self, row: &[f32]) -> f32 {
        (dot(row, row) / row.len() as f32 + self.epsilon)
            .sqrt()
            .recip()
    }
}

impl CustomOp2 for Normalise {
    fn name(&self) -> &'static str {
        "normalise"
    }

    fn cpu_fwd(
        &self,
        values: &CpuStorage,
        layout: &Layout,
        weight: &CpuStorage,
        weight_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let values = slice(values, layout)?;
        let weight = slice(weight, weight_layout)?;
        let mut out = Vec::with_capacity(values.len());
        for row in values.chunks_exact(weight.len()) {
            let scale = self.scale(row);
            out.extend(row.iter().zip(weight).map(|(value, w)| value * scale * w));
        }
        Ok((CpuStorage::F32(out), layout.shape().clone()))
    }

    fn bwd(
        &self,
        input: &Tensor,
        weight: &Tensor,
        _: &Tensor,
        grad: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>)> {
        let (values, weights, grads) = (Values::of(input), Values::of(weight), Values::of(grad));
        let (values, weights, grads) = (values.get()?, weights.get()?, grads.get()?);
        let width = weights.len();
        let mut to_values = Vec::with_capacity(values.len());
        let mut to_weights = vec![0.0f32; width];
        let mut weighted = vec![0.0f32; width];
        for (row, grads) in values.chunks_exact(width).zip(grads.chunks_exact(width)) {
            let scale = self.scale(row);
            for (((out, total), (grad, weight)), value) in weighted
                .iter_mut()
                .zip(&mut to_weights)
                .zip(grads.iter().zip(weights))
                .zip(row)
            {
                *out = grad * weight * scale;
                *total += grad * value * scale;
            }
            // Every value of the row is also in the divisor.
            let pull = dot(&weighted, row) * scale * scale / width as f32;
            to_values.extend(
                weighted
                    .iter()
                    .zip(row)
                    .map(|(weighted, value)| weighted - value * pull),
            );
        }
        Ok((tensor(to_values, input)?, tensor(to_weights, weight)?))
    }
}

/// The gate of the feed-forward network: `silu(gate) * up`.
pub(crate) struct Gate;

impl CustomOp2 for Gate {
    fn name(&self) -> &'static str {
        "gate"
    }

    fn cpu_fwd(
        &self,
        gate: &CpuStorage,
        layout: &Layout,
        up: &CpuStorage,
        up_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let out = slice(gate, layout)?
            .iter()
            .zip(slice(up, up_layout)?)
            .map(|(gate, up)| gate * sigmoid(*gate) * up)
            .collect();
        Ok((CpuStorage::F32(out), layout.shape().clone()))
    }

    fn bwd(
        &self,
        gate: &Tensor,
        up: &Tensor,
        _: &Tensor,
        grad: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>)> {
        let (gates, ups, grads) = (Values::of(gate), Values::of(up), Values::of(grad));
        let (gates, ups, grads) = (gates.get()?, ups.get()?, grads.get()?);
        let (to_gate, to_up) = gates
            .iter()
            .zip(ups)
            .zip(grads)
            .map(|((gate, up), grad)| {
                let open = sigmoid(*gate);
                let slope = open * (1.0 + gate * (1.0 - open));
                (grad * up * slope, grad * gate * open)
            })
            .unzip();
        Ok((tensor(to_gate, gate)?, tensor(to_up, up)?))
    }
}

fn sigmoid(value: f32) -> f32 {
    (1.0 + (-value).exp()).recip()
}

/// Attention weights: softmax along a row of scores, in which a position sees itself and those before it.
///
/// Rows are positions, `length` of them and then the next head's, columns are positions too.
pub(crate) struct Attend {
    /// Positions.
    pub(crate) length: usize,
    /// Scores are multiplied by it.
    pub(crate) scale: f32,
}

impl CustomOp1 for Attend {
    fn name(&self) -> &'static str {
        "attend"
    }

    fn cpu_fwd(&self, scores: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let scores = slice(scores, layout)?;
        let mut out = vec![0.0f32; scores.len()];
        let rows = scores
            .chunks_exact(self.length)
            .zip(out.chunks_exact_mut(self.length));
        for (index, (scores, out)) in rows.enumerate() {
            let seen = index % self.length + 1;
            let greatest = scores
                .iter()
                .take(seen)
                .fold(f32::NEG_INFINITY, |a, b| a.max(*b));
            let mut sum = 0.0;
            for (score, out) in scores.iter().zip(out.iter_mut()).take(seen) {
                *out = ((score - greatest) * self.scale).exp();
                sum += *out;
            }
            for out in out.iter_mut().take(seen) {
                *out /= sum;
            }
        }
        Ok((CpuStorage::F32(out), layout.shape().clone()))
    }

    fn bwd(&self, scores: &Tensor, weights: &Tensor, grad: &Tensor) -> Result<Option<Tensor>> {
        let (weights, grads) = (Values::of(weights), Values::of(grad));
        let (weights, grads) = (weights.get()?, grads.get()?);
        let mut out = Vec::with_capacity(weights.len());
        for (weights, grads) in weights
            .chunks_exact(self.length)
            .zip(grads.chunks_exact(self.length))
        {
            // What is not seen has weight 0, and so no part in either.
            let mean = dot(weights, grads);
            out.extend(
                weights
                    .iter()
                    .zip(grads)
                    .map(|(weight, grad)| self.scale * weight * (grad - mean)),
            );
        }
        tensor(out, scores)
    }
}

/// Cosines and sines of the rotary positions: for each position, one pair for each pair of columns of a head.
pub(crate) struct Angles {
    pairs: usize,
    cosines: Vec<f32>,
    sines: Vec<f32>,
}

impl Angles {
    pub(crate) fn new(positions: usize, head_size: usize, theta: f64) -> Self {
        let pairs = head_size / 2;
        let angle = |index: usize| {
            let slowness = (2 * (index % pairs)) as f32 / head_size as f32;
            (index / pairs) as f32 * (theta as f32).powf(slowness).recip()
        };
        let of = |function: fn(f32) -> f32| {
            (0..positions * pairs)
                .map(|index| function(angle(index)))
                .collect()
        };
        Self {
            pairs,
            cosines: of(f32::cos),
            sines: of(f32::sin),
        }
    }

    /// Turns a head at a position, by the angle or back. `source` and `target`: the columns of the head.
    fn turn(&self, position: usize, back: bool, source: &[f32], target: &mut [f32]) {
        let from = position * self.pairs;
        let (left, right) = source.split_at(self.pairs);
        let (left_out, right_out) = target.split_at_mut(self.pairs);
        let sign = if back { -1.0 } else { 1.0 };
        let angles = self.cosines.iter().zip(&self.sines).skip(from);
        for (((left, right), (cosine, sine)), (left_out, right_out)) in left
            .iter()
            .zip(right)
            .zip(angles)
            .zip(left_out.iter_mut().zip(right_out))
        {
            let sine = sign * sine;
            *left_out = left * cosine - right * sine;
            *right_out = right * cosine + left * sine;
        }
    }
}

/// Rearranges positions × heads into heads × positions, and turns the heads by their positions.
///
/// Apart: rows are positions of all texts, columns the heads one after the other. Split: texts × heads that are asked, then
/// positions of each head of its group, then the columns of one head.
#[derive(Clone)]
pub(crate) struct Heads {
    /// Number of heads.
    pub(crate) heads: usize,
    /// Heads that become rows of one matrix.
    pub(crate) group: usize,
    /// Positions of a text.
    pub(crate) length: usize,
    /// Columns of a head.
    pub(crate) size: usize,
    /// Turns heads, if given.
    pub(crate) angles: Option<Arc<Angles>>,
    /// Whether it is the way back.
    pub(crate) joins: bool,
}

impl Heads {
    fn reversed(&self) -> Self {
        Self {
            joins: !self.joins,
            ..self.clone()
        }
    }

    fn shape(&self, count: usize) -> Shape {
        let width = self.heads * self.size;
        let positions = count / width;
        if self.joins {
            return Shape::from((positions, width));
        }
        let texts = positions / self.length;
        Shape::from((
            texts * self.heads / self.group,
            self.group * self.length,
            self.size,
        ))
    }

    fn rearrange(&self, source: &[f32]) -> Vec<f32> {
        let mut out = vec![0.0f32; source.len()];
        let texts = source.len() / (self.heads * self.size * self.length);
        for text in 0..texts {
            for position in 0..self.length {
                for head in 0..self.heads {
                    let apart = ((text * self.length + position) * self.heads + head) * self.size;
                    let split = ((text * self.heads + head) * self.length + position) * self.size;
                    let (from, to) = if self.joins {
                        (split, apart)
                    } else {
                        (apart, split)
                    };
                    let source = &source[from..from + self.size];
                    let target = &mut out[to..to + self.size];
                    match &self.angles {
                        Some(angles) => angles.turn(position, self.joins, source, target),
                        None => target.copy_from_slice(source),
                    }
                }
            }
        }
        out
    }
}

impl CustomOp1 for Heads {
    fn name(&self) -> &'static str {
        "heads"
    }

    fn cpu_fwd(&self, values: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let values = slice(values, layout)?;
        let out = self.rearrange(values);
        Ok((CpuStorage::F32(out), self.shape(values.len())))
    }

    fn bwd(&self, values: &Tensor, _: &Tensor, grad: &Tensor) -> Result<Option<Tensor>> {
        // A rotation's transpose turns back.
        let grad = Values::of(grad);
        tensor(self.reversed().rearrange(grad.get()?), values)
    }
}

/// Mean loss of predictions, in nats: rows of logits against the tokens that came.
pub(crate) struct Surprise {
    /// The token that came, for each row.
    pub(crate) targets: Vec<u32>,
}

impl Surprise {
    fn width(&self, logits: &[f32]) -> Result<usize> {
        let width = logits.len() / self.targets.len().max(1);
        if width == 0 || self.targets.iter().any(|token| *token as usize >= width) {
            bail!("a token does not exist");
        }
        Ok(width)
    }
}

impl CustomOp1 for Surprise {
    fn name(&self) -> &'static str {
        "surprise"
    }

    fn cpu_fwd(&self, logits: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let logits = slice(logits, layout)?;
        let width = self.width(logits)?;
        let mut total = 0.0f64;
        for (row, target) in logits.chunks_exact(width).zip(&self.targets) {
            let (greatest, sum) = exponentials(row);
            let logit = row.get(*target as usize).copied().unwrap_or_default();
            total += f64::from(greatest - logit) + f64::from(sum).ln();
        }
        let mean = total / self.targets.len() as f64;
        Ok((CpuStorage::F32(vec![mean as f32]), Shape::from(())))
    }

    fn bwd(&self, logits: &Tensor, _: &Tensor, grad: &Tensor) -> Result<Option<Tensor>> {
        let share = grad.to_scalar::<f32>()? / self.targets.len() as f32;
        let values = Values::of(logits);
        let values = values.get()?;
        let width = self.width(values)?;
        let mut out = Vec::with_capacity(values.len());
        for (row, target) in values.chunks_exact(width).zip(&self.targets) {
            let (greatest, sum) = exponentials(row);
            let start = out.len();
            out.extend(
                row.iter()
                    .map(|logit| (logit - greatest).exp() / sum * share),
            );
            if let Some(out) = out.get_mut(start + *target as usize) {
                *out -= share;
            }
        }
        tensor(out, logits)
    }
}

/// The greatest value, and the sum of the exponentials of the distances to it.
fn exponentials(row: &[f32]) -> (f32, f32) {
    let greatest = row.iter().fold(f32::NEG_INFINITY, |a, b| a.max(*b));
    let sum = row.iter().map(|value| (value - greatest).exp()).sum();
    (greatest, sum)
}

#[cfg(test)]
#[path = "operations/tests.rs"]
mod tests;
