//! What came of a round, read and sorted.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    time::Duration,
};

use serde::de::DeserializeOwned;

use crate::{
    template::{Description, Exchange, Failure, Miner, Verdict},
    wire,
};

/// What came of one question.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked<Q, A> {
    /// Who was asked.
    pub miner: Miner,
    /// What, as bytes.
    pub body: Vec<u8>,
    /// The answer, or what is missing.
    pub outcome: Result<Answered<Q, A>, Lack>,
}

/// A question with its answer. The answer has the right form; nothing else is known about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Answered<Q, A> {
    /// What was asked.
    pub question: Q,
    /// What the miner says.
    pub answer: A,
    /// How long it took, never longer than the deadline.
    pub elapsed: Duration,
}

/// Why there is no answer that could be judged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Lack {
    /// None came, or none in time.
    #[error("no answer: {0}")]
    Absent(Failure),
    /// One came that is not of the expected form.
    #[error("the answer cannot be read: {0}")]
    Unreadable(String),
    /// The question itself cannot be read: the record of the round is damaged.
    #[error("the question cannot be read: {0}")]
    Question(String),
}

/// Reads the exchanges of a round. The result is the same in whatever order they come: miners by uid, and the
/// questions to each by their bytes.
///
/// `deadline`: answers that took longer count as absent.
pub fn read_round<Q: DeserializeOwned, A: DeserializeOwned>(
    description: &Description,
    deadline: Duration,
    exchanges: &[Exchange],
) -> BTreeMap<Miner, Vec<Asked<Q, A>>> {
    let mut round: BTreeMap<Miner, Vec<Asked<Q, A>>> = BTreeMap::new();
    for exchange in exchanges {
        let miner = exchange.challenge.miner;
        round.entry(miner).or_default().push(Asked {
            miner,
            body: exchange.challenge.body.clone(),
            outcome: read_exchange(description, deadline, exchange),
        });
    }
    for asked in round.values_mut() {
        asked.sort_by(|a, b| a.body.cmp(&b.body));
    }
    round
}

fn read_exchange<Q: DeserializeOwned, A: DeserializeOwned>(
    description: &Description,
    deadline: Duration,
    exchange: &Exchange,
) -> Result<Answered<Q, A>, Lack> {
    let reply = exchange
        .outcome
        .as_ref()
        .map_err(|failure| Lack::Absent(*failure))?;
    if reply.elapsed > deadline {
        return Err(Lack::Absent(Failure::TooLate));
    }
    let question = wire::read_question(description, &exchange.challenge.body)
        .map_err(|refusal| Lack::Question(refusal.to_string()))?;
    let answer = wire::read_answer(description, &reply.body).map_err(Lack::Unreadable)?;
    Ok(Answered {
        question,
        answer,
        elapsed: reply.elapsed,
    })
}

/// Which answers were given to several different questions: copied from another miner, or replayed.
///
/// `answers`: the miner, the question's bytes, and what of the answer should be unique. The result has an entry for each, in
/// order: the first other miner (by uid) with an equal answer to another question, or the same miner for an answer that it
/// gave twice. A short answer may be right twice; so check what is right first, and use this to explain what is not.
pub fn echoes<'a, A: Ord>(answers: &[(Miner, &'a [u8], A)]) -> Vec<Option<Miner>> {
    let mut given: BTreeMap<&A, BTreeSet<(Miner, &'a [u8])>> = BTreeMap::new();
    for (miner, question, answer) in answers {
        given.entry(answer).or_default().insert((*miner, question));
    }
    answers
        .iter()
        .map(|(miner, question, answer)| {
            let others = given.get(answer)?.iter();
            let mut others = others.filter(|(_, other)| other != question);
            let foreign = others.clone().find(|(other, _)| other != miner);
            foreign.or_else(|| others.next()).map(|(other, _)| *other)
        })
        .collect()
}

/// The median; of an even number of values the lower of the two in the middle. None of nothing. Values that are not a
/// number are left out.
pub fn lower_median(values: impl IntoIterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.into_iter().filter(|value| !value.is_nan()).collect();
    values.sort_by(f64::total_cmp);
    let middle = values.len().checked_sub(1)? / 2;
    values.get(middle).copied()
}

impl Verdict {
    /// A verdict; `score` is brought into 0 to 1, and is 0 if it is not a number.
    pub fn new(miner: Miner, score: f64, reason: impl Into<String>) -> Self {
        let score = if score.is_nan() {
            0.0
        } else {
            score.clamp(0.0, 1.0)
        };
        Self {
            miner,
            score,
            reason: reason.into(),
            parts: BTreeMap::new(),
            judged: true,
        }
    }

    /// No verdict, for a reason that is not the miner's: what the validator thought of it before stays.
    pub fn unjudged(miner: Miner, reason: impl fmt::Display) -> Self {
        Self {
            judged: false,
            ..Self::new(miner, 0.0, format!("not judged: {reason}"))
        }
    }

    /// About a miner of which there is no answer.
    pub fn lacking(miner: Miner, lack: &Lack) -> Self {
        match lack {
            Lack::Question(_) => Self::unjudged(miner, lack),
            Lack::Absent(_) | Lack::Unreadable(_) => Self::new(miner, 0.0, lack.to_string()),
        }
    }

    /// The worst of several; those that are no verdict count if there is no other.
    pub fn worst(verdicts: impl IntoIterator<Item = Self>) -> Option<Self> {
        let order = |a: &Self, b: &Self| b.judged.cmp(&a.judged).then(a.score.total_cmp(&b.score));
        verdicts.into_iter().min_by(order)
    }

    /// With a number behind it. A number that is not finite is left out: receipts could not show it.
    #[must_use]
    pub fn with(mut self, name: &str, value: f64) -> Self {
        if value.is_finite() {
            self.parts.insert(name.to_owned(), value);
        }
        self
    }
}
