//! AdamW: how weights follow their gradients.

use candle_core::{Result, Tensor, Var, backprop::GradStore};
use rand_chacha::{
    ChaCha12Rng,
    rand_core::{RngCore, SeedableRng},
};

use crate::architecture::{Architecture, Parameter};

/// How long the mean of the gradients remembers.
const FIRST: f64 = 0.9;
/// How long the mean of their squares remembers.
const SECOND: f64 = 0.95;
/// Keeps from dividing by zero.
const EPSILON: f64 = 1e-8;
/// Longer gradients are shortened to it.
const GREATEST_NORM: f64 = 1.0;

/// Weights that learn, with what the optimizer remembers of their gradients.
pub(crate) struct Weight {
    /// Name and shape.
    pub(crate) parameter: Parameter,
    /// The values.
    pub(crate) variable: Var,
    /// Mean of the gradients, in the order of the values.
    pub(crate) first: Vec<f32>,
    /// Mean of their squares.
    pub(crate) second: Vec<f32>,
}

impl Weight {
    /// The values, in order.
    pub(crate) fn values(&self) -> Result<Vec<f32>> {
        self.variable.as_tensor().flatten_all()?.to_vec1()
    }
}

/// The weights before the first step: norms are ones, matrices small random numbers.
pub(crate) fn initial(architecture: &Architecture, seed: u64) -> Result<Vec<Weight>> {
    let mut random = ChaCha12Rng::seed_from_u64(seed);
    // Contributions to the stream between layers add up: they start the smaller the more of them there are.
    let depth = (2.0 * architecture.num_hidden_layers as f64).sqrt();
    let mut weights = Vec::new();
    for parameter in architecture.parameters() {
        let count = parameter.count();
        let values: Vec<f32> = if parameter.is_norm() {
            vec![1.0; count]
        } else {
            let deviation = match &parameter {
                residual if residual.is_residual() => 0.05 / depth,
                embedding if embedding.name.contains("embed") => 0.02,
                _ => 0.05,
            };
            (0..count)
                .map(|_| (deviation * normal(&mut random)) as f32)
                .collect()
        };
        weights.push(Weight {
            variable: Var::from_vec(
                values,
                parameter.shape.as_slice(),
                &candle_core::Device::Cpu,
            )?,
            first: vec![0.0; count],
            second: vec![0.0; count],
            parameter,
        });
    }
    Ok(weights)
}

/// A number of the standard normal distribution, by the method of Box and Muller.
fn normal(random: &mut ChaCha12Rng) -> f64 {
    // In the middle of 2^32 intervals: never 0.
    let mut uniform = || (f64::from(random.next_u32()) + 0.5) / 2f64.powi(32);
    let (length, angle) = (uniform(), uniform());
    (-2.0 * length.ln()).sqrt() * (2.0 * std::f64::consts::PI * angle).cos()
}

/// One update of all weights. `step`: 1 for the first one.
pub(crate) fn update(
    weights: &mut [Weight],
    gradients: &GradStore,
    step: u32,
    rate: f64,
    decay: f64,
) -> Result<()> {
    let mut all = Vec::with_capacity(weights.len());
    for weight in weights.iter() {
        let gradient: Vec<f32> = match gradients.get(weight.variable.as_tensor()) {
            Some(gradient) => gradient.flatten_all()?.to_vec1()?,
            None => candle_core::bail!("{} has no gradient", weight.parameter.name),
        };
        all.push(gradient);
    }
    let squares = |gradient: &Vec<f32>| -> f64 {
        gradient
            .iter()
            .map(|value| f64::from(*value) * f64::from(*value))
            .sum()
    };
    let norm = all.iter().map(squares).sum::<f64>().sqrt();
    if !norm.is_finite() {
        candle_core::bail!("the gradient of step {step} is not finite");
    }
    let shorten = (GREATEST_NORM / norm.max(GREATEST_NORM)) as f32;
    for (weight, gradient) in weights.iter_mut().zip(&all) {
        let mut values = weight.values()?;
        let decay = if weight.parameter.is_norm() {
            0.0
        } else {
            decay
        };
        let rule = Rule::new(step, rate, decay);
        for (((value, gradient), first), second) in values
            .iter_mut()
            .zip(gradient)
            .zip(&mut weight.first)
            .zip(&mut weight.second)
        {
            rule.apply(value, gradient * shorten, first, second);
        }
        let shape = weight.parameter.shape.as_slice();
        weight
            .variable
            .set(&Tensor::from_vec(values, shape, &candle_core::Device::Cpu)?)?;
    }
    Ok(())
}

/// The factors of one step, so that the loop has no powers in it.
struct Rule {
    keep: f32,
    stride: f32,
    second_share: f32,
}

impl Rule {
    fn new(step: u32, rate: f64, decay: f64) -> Self {
        // The means start at zero; what they lack of the whole is divided out.
        let share = |memory: f64| 1.0 - memory.powf(f64::from(step));
        Self {
            keep: (1.0 - rate * decay) as f32,
            stride: (rate / share(FIRST)) as f32,
            second_share: share(SECOND) as f32,
        }
    }

    fn apply(&self, value: &mut f32, gradient: f32, first: &mut f32, second: &mut f32) {
        *first = FIRST as f32 * *first + (1.0 - FIRST) as f32 * gradient;
        *second = SECOND as f32 * *second + (1.0 - SECOND) as f32 * gradient * gradient;
        let deviation = (*second / self.second_share).sqrt() + EPSILON as f32;
        *value = *value * self.keep - self.stride * *first / deviation;
    }
}

#[cfg(test)]
mod tests {
    use super::Rule;

    /// The rule as the paper writes it ("Decoupled Weight Decay Regularization", algorithm 2), in f64.
    fn naive(gradients: &[f64], rate: f64, decay: f64) -> f64 {
        let (mut value, mut first, mut second) = (1.0f64, 0.0f64, 0.0f64);
        for (step, gradient) in (1..).zip(gradients) {
            first = 0.9 * first + 0.1 * gradient;
            second = 0.95 * second + 0.05 * gradient.powi(2);
            let whole_first = first / (1.0 - 0.9f64.powi(step));
            let whole_second = second / (1.0 - 0.95f64.powi(step));
            value -= rate * (whole_first / (whole_second.sqrt() + 1e-8) + decay * value);
        }
        value
    }

    #[test]
    fn the_rule_is_adamw() {
        let gradients = [0.3, -0.2, 0.05, 0.4, -1.0, 0.0, 0.01];
        let (mut value, mut first, mut second) = (1.0f32, 0.0f32, 0.0f32);
        for (step, gradient) in (1..).zip(gradients) {
            let rule = Rule::new(step, 0.01, 0.1);
            rule.apply(&mut value, gradient as f32, &mut first, &mut second);
        }
        let expected = naive(&gradients, 0.01, 0.1);
        assert!(
            (f64::from(value) - expected).abs() < 1e-6,
            "{value} {expected}"
        );
    }
}
