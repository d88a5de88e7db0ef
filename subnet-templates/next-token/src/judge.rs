//! The validator's half.

use std::time::Duration;

use subnet_sdk::{
    Answered, Challenge, Exchange, Judge, Miner, Seed, Settings, TemplateError, Verdict,
    read_round, wire,
};

use crate::{
    Answer, DESCRIPTION, Question,
    scoring::{Baseline, log_loss, score},
    text::{HiddenText, Place},
};

/// Asks about the hidden text and scores.
pub(crate) struct Scorer {
    text: HiddenText,
    baseline: Baseline,
    candidates: usize,
    deadline: Duration,
}

impl Scorer {
    /// **Errors:** [`TemplateError::Setting`].
    pub(crate) fn new(settings: &Settings<'_>) -> Result<Self, TemplateError> {
        let problem = |problem: String| TemplateError::Setting {
            name: "text".to_owned(),
            problem,
        };
        let positions = settings.integer("positions", 64, 8..=256)? as usize;
        let context = settings.integer("context", 160, 32..=1024)? as usize;
        let window = settings.integer("window", 64 * 1024, 4096..=16 * 1024 * 1024)? as usize;
        let text = settings.file("text")?.ok_or_else(|| {
            problem(
                "not set; name a file with a text that the miners' models have not seen".to_owned(),
            )
        })?;
        Ok(Self {
            baseline: Baseline::of(&text),
            text: HiddenText::new(text, positions, context, window).map_err(problem)?,
            candidates: settings.integer("candidates", 32, 1..=256)? as usize,
            deadline: settings.deadline(&DESCRIPTION)?,
        })
    }

    fn question(&self, places: &[Place<'_>]) -> Question {
        Question {
            prefixes: places.iter().map(|place| place.prefix.to_owned()).collect(),
            candidates: self.candidates,
        }
    }

    fn judge(&self, seed: &Seed, miner: Miner, given: &Answered<Question, Answer>) -> Verdict {
        let places = self.text.places(seed, &miner);
        if self.question(&places) != given.question {
            return Verdict::unjudged(
                miner,
                "the validator's text or settings changed during the round",
            );
        }
        let predictions = &given.answer.predictions;
        if predictions.len() != places.len() {
            let reason = format!(
                "{} predictions for {} prefixes",
                predictions.len(),
                places.len()
            );
            return Verdict::new(miner, 0.0, reason);
        }
        let count = places.len() as f64;
        let (mut loss, mut baseline) = (0.0, 0.0);
        for (index, (prediction, place)) in predictions.iter().zip(&places).enumerate() {
            match log_loss(prediction, place.hidden, self.candidates) {
                Ok(nats) => loss += nats / count,
                Err(invalid) => {
                    let reason = format!("prediction {index} is no distribution: {invalid}");
                    return Verdict::new(miner, 0.0, reason);
                }
            }
            baseline += self.baseline.loss(place.hidden) / count;
        }
        let reason = if loss.is_infinite() {
            "something that was given no probability at all happened".to_owned()
        } else if loss >= baseline {
            format!("{loss:.3} nats per byte; letter frequencies alone reach {baseline:.3}")
        } else {
            format!(
                "{loss:.3} nats per byte over {count} predictions (letter frequencies: {baseline:.3})"
            )
        };
        Verdict::new(
            miner,
            score(loss, baseline, self.baseline.entropy()),
            reason,
        )
        .with("loss", loss)
        .with("bits_per_byte", loss / std::f64::consts::LN_2)
        .with("baseline", baseline)
        .with("positions", count)
    }
}

impl Judge for Scorer {
    fn challenges(&mut self, seed: &Seed, miners: &[Miner]) -> Vec<Challenge> {
        let ask = |miner: &Miner| {
            let question = self.question(&self.text.places(seed, miner));
            Challenge {
                miner: *miner,
                // Texts and numbers can always be written.
                body: wire::write_question(&DESCRIPTION, &question).unwrap_or_default(),
            }
        };
        miners.iter().map(ask).collect()
    }

    fn deadline(&self) -> Option<Duration> {
        Some(self.deadline)
    }

    fn verdicts(&mut self, seed: &Seed, exchanges: &[Exchange]) -> Vec<Verdict> {
        let round = read_round::<Question, Answer>(&DESCRIPTION, self.deadline, exchanges);
        round
            .into_iter()
            .map(|(miner, asked)| {
                let verdicts = asked.iter().map(|asked| match &asked.outcome {
                    Err(lack) => Verdict::lacking(miner, lack),
                    Ok(given) => self.judge(seed, miner, given),
                });
                // One question each; of a record with more the worst answer counts.
                Verdict::worst(verdicts)
                    .unwrap_or_else(|| Verdict::unjudged(miner, "nothing was asked"))
            })
            .collect()
    }
}
