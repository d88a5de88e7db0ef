//! Whether an answer is the declared model's.

use subnet_sdk::{LanguageModel, ModelError};

use crate::{Answer, Question};

/// What a correct answer has shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// Number of tokens.
    pub tokens: usize,
    /// The greatest difference between a stated and the real log-probability.
    pub log_probability_error: f32,
    /// The greatest distance of a token from being the choice, in logits.
    pub gap: f32,
    /// How many tokens were more probable than the chosen one, on average.
    pub rank: f64,
}

/// What is wrong with an answer: one sentence each.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Fault {
    /// Tokens and log-probabilities do not correspond.
    #[error("{tokens} tokens with {log_probabilities} log-probabilities")]
    Pairs {
        /// How many tokens there are.
        tokens: usize,
        /// How many log-probabilities there are.
        log_probabilities: usize,
    },
    /// Fewer tokens than asked, and the model did not end the text; or more.
    #[error("{found} tokens instead of {asked}")]
    Length {
        /// How many came.
        found: usize,
        /// How many were asked for.
        asked: u32,
    },
    /// It goes on after the model ended the text.
    #[error("goes on after the end of the text at token {0}")]
    AfterEnd(usize),
    /// A token that does not exist.
    #[error("token {position} is {id}, which the model does not have")]
    NoSuchToken {
        /// Where in the answer.
        position: usize,
        /// What stands there.
        id: u32,
    },
    /// A log-probability that is none.
    #[error("the log-probability of token {0} is not a number up to 0")]
    NoLogProbability(usize),
    /// The token does not have the stated log-probability.
    #[error("token {position} has log-probability {real}, not {stated}")]
    LogProbability {
        /// Where in the answer.
        position: usize,
        /// What the miner says.
        stated: f32,
        /// What the model says.
        real: f32,
    },
    /// The model would have chosen another token.
    #[error("token {position} is {gap} logits from being chosen (rank {rank})")]
    Choice {
        /// Where in the answer.
        position: usize,
        /// How far it is from being the choice.
        gap: f32,
        /// How many tokens are more probable.
        rank: u32,
    },
}

/// Why an answer is not known to be correct.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Unchecked {
    /// It is wrong.
    #[error("{0}")]
    Fault(#[from] Fault),
    /// The validator's own model failed.
    #[error("the validator could not check it: {0}")]
    Model(#[from] ModelError),
}

/// Checks a whole answer with one pass of the declared model; what is wrong in form costs none.
///
/// `tolerance`: by how much the logits of two honest computations differ at most. Log-probabilities and the scores that
/// decide a choice then differ by no more than twice that, and that is what is allowed. **Errors:** [`Unchecked`].
pub fn check(
    model: &dyn LanguageModel,
    question: &Question,
    answer: &Answer,
    tolerance: f32,
) -> Result<Evidence, Unchecked> {
    let allowed = 2.0 * tolerance;
    check_form(model, question, answer, allowed)?;
    let mut text = model.encode(&question.prompt)?;
    let from = text.len();
    text.extend(&answer.tokens);
    let positions = model.examine(&text, from, 0, Some(&question.sampling))?;
    if positions.len() != answer.tokens.len() {
        let problem = format!(
            "{} positions examined of {}",
            positions.len(),
            answer.tokens.len()
        );
        return Err(ModelError::Computation(problem).into());
    }
    let mut evidence = Evidence {
        tokens: positions.len(),
        log_probability_error: 0.0,
        gap: 0.0,
        rank: 0.0,
    };
    let stated = answer.log_probabilities.iter().copied();
    for (position, (real, stated)) in positions.iter().zip(stated).enumerate() {
        let error = (real.log_probability - stated).abs();
        if exceeds(error, allowed) {
            return Err(Unchecked::Fault(Fault::LogProbability {
                position,
                stated,
                real: real.log_probability,
            }));
        }
        if exceeds(real.gap, allowed) {
            return Err(Unchecked::Fault(Fault::Choice {
                position,
                gap: real.gap,
                rank: real.rank,
            }));
        }
        evidence.log_probability_error = evidence.log_probability_error.max(error);
        evidence.gap = evidence.gap.max(real.gap);
        evidence.rank += f64::from(real.rank) / positions.len() as f64;
    }
    Ok(evidence)
}

/// What is not a number exceeds everything.
fn exceeds(value: f32, allowed: f32) -> bool {
    value.is_nan() || value > allowed
}

/// What can be seen without computing anything.
fn check_form(
    model: &dyn LanguageModel,
    question: &Question,
    answer: &Answer,
    allowed: f32,
) -> Result<(), Fault> {
    let (tokens, asked) = (&answer.tokens, question.tokens);
    let log_probabilities = &answer.log_probabilities;
    if tokens.len() != log_probabilities.len() {
        return Err(Fault::Pairs {
            tokens: tokens.len(),
            log_probabilities: log_probabilities.len(),
        });
    }
    let end = model.end_of_text();
    let ends = |id: &u32| end == Some(*id);
    let is_whole = tokens.len() == asked as usize;
    let has_ended = tokens.len() < asked as usize && tokens.last().is_some_and(ends);
    if !is_whole && !has_ended {
        return Err(Fault::Length {
            found: tokens.len(),
            asked,
        });
    }
    if let Some(place) = tokens.iter().position(ends)
        && place + 1 < tokens.len()
    {
        return Err(Fault::AfterEnd(place));
    }
    for (position, (id, stated)) in tokens.iter().zip(log_probabilities).enumerate() {
        if *id as usize >= model.vocabulary() {
            return Err(Fault::NoSuchToken { position, id: *id });
        }
        if !stated.is_finite() || *stated > allowed {
            return Err(Fault::NoLogProbability(position));
        }
    }
    Ok(())
}
