//! Everything that decides how a training comes out.

use crate::{architecture::Architecture, error::TinyModelError, quality::Quality};

/// Everything that decides how a training comes out, besides the text and the machine.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Plan {
    /// The shape of the model.
    pub architecture: Architecture,
    /// Updates of the weights.
    pub steps: u32,
    /// After how many of them the model counts as half trained.
    pub half: u32,
    /// After how many of them the model counts as barely trained.
    pub barely: u32,
    /// Windows of text in one step; a window is as long as the context.
    pub rows: usize,
    /// Decides the weights at the start and which windows are read.
    pub seed: u64,
    /// Greatest rate of learning.
    pub rate: f64,
    /// Steps in which the rate rises to it.
    pub warm_up: u32,
    /// How strongly matrices are pulled to zero.
    pub decay: f64,
    /// Steps between two checkpoints.
    pub checkpoint_every: u32,
    /// Steps between two looks at the validation part.
    pub validate_every: u32,
}

impl Plan {
    /// The training of the models that are committed, if `steps` is [`Self::STEPS`].
    pub fn standard(steps: u32) -> Self {
        Self {
            architecture: Architecture {
                vocab_size: 1024,
                hidden_size: 128,
                intermediate_size: 384,
                num_hidden_layers: 5,
                num_attention_heads: 4,
                num_key_value_heads: 2,
                max_position_embeddings: 256,
                rope_theta: 10_000.0,
                rms_norm_eps: 1e-5,
            },
            steps,
            half: (steps / 6).max(2),
            barely: (steps / 60).max(1),
            rows: 6,
            seed: 1813,
            rate: 4e-3,
            warm_up: (steps / 30).clamp(1, 100),
            decay: 0.1,
            checkpoint_every: 100,
            validate_every: (steps / 24).max(1),
        }
    }

    /// Steps of the training of the committed models.
    pub const STEPS: u32 = 900;

    /// Steps of a quick training.
    pub const QUICK_STEPS: u32 = 60;

    /// A training of seconds, of a smaller model: to see that everything works.
    pub fn quick(steps: u32) -> Self {
        let standard = Self::standard(steps);
        Self {
            architecture: Architecture {
                vocab_size: 320,
                hidden_size: 32,
                intermediate_size: 96,
                num_hidden_layers: 2,
                max_position_embeddings: 64,
                ..standard.architecture
            },
            rate: 1e-2,
            checkpoint_every: 20,
            ..standard
        }
    }

    /// Tokens that one step reads.
    pub fn tokens_per_step(&self) -> usize {
        self.rows * self.architecture.max_position_embeddings
    }

    /// The step after which a quality is there.
    pub fn end_of(&self, quality: Quality) -> u32 {
        match quality {
            Quality::Trained => self.steps,
            Quality::Half => self.half,
            Quality::Barely => self.barely,
        }
    }

    /// The rate of learning of a step, the first of which is 1: it rises evenly, then falls along half a cosine to a tenth.
    pub fn rate_at(&self, step: u32) -> f64 {
        if step <= self.warm_up {
            return self.rate * f64::from(step) / f64::from(self.warm_up);
        }
        let way = f64::from(step - self.warm_up)
            / f64::from(self.steps.saturating_sub(self.warm_up).max(1));
        let height = 0.5 * (1.0 + (std::f64::consts::PI * way.min(1.0)).cos());
        self.rate * (0.1 + 0.9 * height)
    }

    /// Whether the plan fits itself. **Errors:** [`TinyModelError::Plan`].
    pub fn check(&self) -> Result<(), TinyModelError> {
        self.architecture.check()?;
        let refuse = |problem: &str| Err(TinyModelError::Plan(problem.to_owned()));
        if !(0 < self.barely && self.barely < self.half && self.half < self.steps) {
            return refuse("the three qualities must come one after the other: take more steps");
        }
        if self.rows == 0
            || self.warm_up == 0
            || self.checkpoint_every == 0
            || self.validate_every == 0
        {
            return refuse("rows, warm-up and the distances between checkpoints are at least 1");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Plan;

    #[test]
    fn the_rate_rises_to_its_greatest_and_falls_to_a_tenth() {
        let plan = Plan::standard(3_000);
        let rates: Vec<f64> = (1..=plan.steps).map(|step| plan.rate_at(step)).collect();
        let (rising, falling) = rates.split_at(plan.warm_up as usize);
        assert!(rising.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!(rising.last(), Some(&plan.rate));
        assert!(falling.windows(2).all(|pair| pair[0] > pair[1]));
        let last = falling.last().copied().unwrap_or_default();
        assert!((last / plan.rate - 0.1).abs() < 1e-9, "{last}");
    }

    #[test]
    fn a_plan_too_short_for_three_qualities_is_refused() {
        assert!(Plan::standard(2).check().is_err());
        assert!(Plan::standard(3).check().is_ok());
        assert!(Plan::quick(Plan::QUICK_STEPS).check().is_ok());
    }
}
