//! The moving average of a miner's scores.

/// What is remembered of a miner between rounds. It belongs to the hotkey: whoever takes over a uid starts from nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Average {
    /// The average, `0..=1`.
    pub value: f64,
    /// Rounds that are in it.
    pub rounds: u32,
    /// Epoch of the last of them.
    pub epoch: u64,
}

impl Average {
    /// The average after another score, of which `smoothing` (`0..=1`) counts: `value + smoothing · (score − value)`.
    ///
    /// A score that is not a number counts as 0, one outside of `0..=1` as the nearer end.
    #[must_use]
    pub fn after(self, score: f64, smoothing: f64, epoch: u64) -> Self {
        let score = if score.is_nan() {
            0.0
        } else {
            score.clamp(0.0, 1.0)
        };
        let value = self.value + smoothing * (score - self.value);
        Self {
            value: value.clamp(0.0, 1.0),
            rounds: self.rounds.saturating_add(1),
            epoch,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_new_miner_starts_from_nothing() {
        let average = Average::default().after(1.0, 0.25, 9);
        assert_eq!(
            average,
            Average {
                value: 0.25,
                rounds: 1,
                epoch: 9
            }
        );
    }

    proptest! {
        #[test]
        fn the_average_is_the_weighted_sum_of_all_scores(
            scores in proptest::collection::vec(0.0..=1.0_f64, 1..60),
            smoothing in 0.01..=1.0_f64,
        ) {
            let last = scores.len() - 1;
            let naive: f64 = scores
                .iter()
                .enumerate()
                .map(|(place, score)| score * smoothing * (1.0 - smoothing).powi((last - place) as i32))
                .sum();
            let average = scores
                .iter()
                .fold(Average::default(), |average, score| average.after(*score, smoothing, 0));
            prop_assert!((average.value - naive).abs() < 1e-12);
        }

        #[test]
        fn it_stays_between_zero_and_one(scores in proptest::collection::vec(any::<f64>(), 0..60)) {
            let average = scores
                .iter()
                .fold(Average::default(), |average, score| average.after(*score, 0.3, 0));
            prop_assert!((0.0..=1.0).contains(&average.value));
        }
    }
}
