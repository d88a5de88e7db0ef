//! The scoring rule.

use crate::Prediction;

/// By how much the probabilities of a prediction may miss the sum of 1.
const SUM_TOLERANCE: f64 = 1e-3;

/// Why a prediction is no distribution: one sentence each.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Invalid {
    /// Bytes and probabilities do not correspond.
    #[error("{bytes} bytes with {probabilities} probabilities")]
    Pairs {
        /// How many bytes there are.
        bytes: usize,
        /// How many probabilities there are.
        probabilities: usize,
    },
    /// More bytes than asked for.
    #[error("{found} bytes have probabilities, {allowed} may have")]
    TooMany {
        /// How many have.
        found: usize,
        /// How many may have.
        allowed: usize,
    },
    /// A byte that stands there twice.
    #[error("byte {0} stands there twice")]
    Twice(u8),
    /// A probability that is none.
    #[error("{0} is not a probability")]
    NoProbability(f64),
    /// They do not make one together.
    #[error("the probabilities make {0} together instead of 1")]
    Sum(f64),
}

/// What a prediction costs when `hidden` is what follows: the negative natural logarithm of the probability that it gave to that
/// byte. Infinite if it gave none.
///
/// A byte that the prediction does not list has its share of the rest: `rest/(256 − listed)`. All is divided by the sum, so that
/// claiming more than 1 together gains nothing. **Errors:** [`Invalid`].
pub fn log_loss(prediction: &Prediction, hidden: u8, allowed: usize) -> Result<f64, Invalid> {
    let Prediction {
        bytes,
        probabilities,
        rest,
    } = prediction;
    if bytes.len() != probabilities.len() {
        return Err(Invalid::Pairs {
            bytes: bytes.len(),
            probabilities: probabilities.len(),
        });
    }
    if bytes.len() > allowed {
        return Err(Invalid::TooMany {
            found: bytes.len(),
            allowed,
        });
    }
    let mut is_listed = [false; 256];
    for byte in bytes {
        if std::mem::replace(&mut is_listed[usize::from(*byte)], true) {
            return Err(Invalid::Twice(*byte));
        }
    }
    let wrong = |value: &&f64| !(0.0..=1.0 + SUM_TOLERANCE).contains(*value);
    if let Some(value) = probabilities.iter().chain([rest]).find(wrong) {
        return Err(Invalid::NoProbability(*value));
    }
    // With every byte listed there is nothing that a rest could be spread over: it is lost.
    let sum: f64 = probabilities.iter().sum::<f64>() + rest;
    if (sum - 1.0).abs() > SUM_TOLERANCE {
        return Err(Invalid::Sum(sum));
    }
    let mut listed = bytes.iter().zip(probabilities);
    let probability = match listed.find(|(byte, _)| **byte == hidden) {
        Some((_, probability)) => *probability,
        None => rest / (256 - bytes.len()) as f64,
    };
    Ok(-(probability / sum).ln())
}

/// What a predictor costs that knows nothing but how frequent each byte is in the text.
#[derive(Clone, Debug, PartialEq)]
pub struct Baseline {
    losses: Vec<f64>,
    entropy: f64,
}

impl Baseline {
    /// Of a text; every byte counts once more than it occurs, so that none is impossible.
    pub fn of(text: &str) -> Self {
        let mut counts = [1u64; 256];
        for byte in text.bytes() {
            counts[usize::from(byte)] += 1;
        }
        let all = (text.len() + 256) as f64;
        let losses: Vec<f64> = counts
            .iter()
            .map(|count| -(*count as f64 / all).ln())
            .collect();
        let entropy = losses.iter().map(|loss| loss * (-loss).exp()).sum();
        Self { losses, entropy }
    }

    /// What a byte costs it.
    pub fn loss(&self, hidden: u8) -> f64 {
        self.losses[usize::from(hidden)]
    }

    /// What a byte costs it on average.
    pub fn entropy(&self) -> f64 {
        self.entropy
    }
}

/// The score of an average log loss, from 0 to 1: `(baseline − loss)/entropy`, and 0 for whom letter frequencies beat.
///
/// `loss`, `baseline`: averages over the same positions, in nats per byte. `entropy`: of the baseline, a constant of the text. For given
/// positions the score is linear in the loss, so the rule stays proper; its slope is the same for good models and poor ones.
/// What is not a number scores 0.
pub fn score(loss: f64, baseline: f64, entropy: f64) -> f64 {
    let score = (baseline - loss) / entropy;
    if score.is_nan() {
        0.0
    } else {
        score.clamp(0.0, 1.0)
    }
}
