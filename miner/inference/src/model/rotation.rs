//! Rotary position embeddings.

/// Angles per token for pairs (`i`, `i + head / 2`) of a head.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Rotation {
    /// Radians per token, for every pair.
    frequencies: Vec<f32>,
}

/// How the frequencies of a longer context are derived from those of training.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Scaling {
    /// They are the same.
    None,
    /// All divided by this.
    Linear(f32),
    /// Llama 3: long waves are divided by `factor`, short ones are kept, between them it goes smoothly.
    Llama3 {
        /// What long waves are divided by.
        factor: f32,
        /// `original / low`: waves longer than this are long.
        low: f32,
        /// `original / high`: waves shorter than this are short.
        high: f32,
        /// Context of training.
        original: f32,
    },
}

impl Rotation {
    /// For heads of a width, with the base of the geometric series.
    pub(crate) fn new(head: usize, base: f32, scaling: Scaling) -> Self {
        let frequencies = (0..head / 2)
            .map(|i| 1.0 / base.powf(2.0 * i as f32 / head as f32))
            .map(|frequency| scaled(frequency, scaling))
            .collect();
        Self { frequencies }
    }

    /// Divides each frequency by its own factor, as GGUF files state them. **Errors:** gives back false if the numbers differ.
    pub(crate) fn divide(&mut self, factors: &[f32]) -> bool {
        if factors.len() != self.frequencies.len() {
            return false;
        }
        for (frequency, factor) in self.frequencies.iter_mut().zip(factors) {
            *frequency /= factor;
        }
        true
    }

    /// Radians per token, for every pair.
    pub(crate) fn frequencies(&self) -> &[f32] {
        &self.frequencies
    }

    /// Appends the cosines, then the sines, of a position.
    pub(crate) fn angles(&self, position: usize, angles: &mut Vec<f32>) {
        let turns = |frequency: &f32| f64::from(position as f32 * frequency);
        angles.extend(self.frequencies.iter().map(|f| turns(f).cos() as f32));
        angles.extend(self.frequencies.iter().map(|f| turns(f).sin() as f32));
    }
}

fn scaled(frequency: f32, scaling: Scaling) -> f32 {
    match scaling {
        Scaling::None => frequency,
        Scaling::Linear(factor) => frequency / factor,
        Scaling::Llama3 {
            factor,
            low,
            high,
            original,
        } => {
            let wave = 2.0 * std::f32::consts::PI / frequency;
            if wave < original / high {
                frequency
            } else if wave > original / low {
                frequency / factor
            } else {
                let smooth = (original / wave - low) / (high - low);
                (1.0 - smooth) * frequency / factor + smooth * frequency
            }
        }
    }
}
