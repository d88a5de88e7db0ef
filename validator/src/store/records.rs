//! A round as it is stored: everything that its weights follow from.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use subnet_sdk::{Challenge, Exchange, Failure, Miner, Reply, Verdict};

use super::{Done, encoded};
use crate::{
    average::Average,
    hotkey::Hotkey,
    weights::{Limits, Row},
};

/// A round without its exchanges.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Round {
    /// Subnet.
    pub netuid: u16,
    /// The chain's number of the epoch.
    pub epoch: u64,
    /// Block that started it.
    pub started: u64,
    /// Hash of that block.
    #[serde(with = "digits")]
    pub randomness: [u8; 32],
    /// Who asked.
    pub validator: Hotkey,
    /// Template and its version.
    pub template: (String, u32),
    /// Settings of the template.
    pub settings: serde_json::Map<String, serde_json::Value>,
    /// What the owner had declared.
    #[serde(with = "maybe_digits")]
    pub declaration: Option<Vec<u8>>,
    /// How much of a score counts in the average.
    pub smoothing: f64,
    /// Who was asked, in the judge's order.
    pub asked: Vec<Miner>,
    /// Averages before.
    pub before: Vec<(Hotkey, Average)>,
    /// What the judge said.
    pub verdicts: Vec<Verdict>,
    /// What the subnet demanded of weights: neurons, least, highest.
    pub limits: (u16, u16, u16),
    /// Uids of neurons that were not asked and may be named without weight.
    pub fillers: Vec<u16>,
    /// The weights that followed, if any did.
    pub row: Option<Row>,
}

impl Round {
    /// What the subnet demanded of weights.
    pub fn limits(&self) -> Limits {
        let (neurons, least, highest) = self.limits;
        Limits {
            neurons,
            least,
            highest,
        }
    }
}

/// A round with its exchanges.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    /// The round.
    pub round: Round,
    /// What was asked and answered.
    pub exchanges: Vec<Exchange>,
}

impl Stored {
    pub(super) fn encoded(&self) -> Done<Vec<Vec<u8>>> {
        self.exchanges
            .iter()
            .map(|exchange| encoded(&Entry::from(exchange)))
            .collect()
    }

    pub(super) fn from_encoded(round: Round, entries: Vec<Entry>) -> Self {
        let exchanges = entries.into_iter().map(Exchange::from).collect();
        Self { round, exchanges }
    }
}

/// An exchange as it is stored.
#[derive(Serialize, Deserialize)]
pub(super) struct Entry {
    miner: Miner,
    #[serde(with = "digits")]
    challenge: Vec<u8>,
    #[serde(with = "maybe_digits")]
    answer: Option<Vec<u8>>,
    nanoseconds: u64,
    failure: Option<Failure>,
}

impl From<&Exchange> for Entry {
    fn from(exchange: &Exchange) -> Self {
        let reply = exchange.outcome.as_ref().ok();
        Self {
            miner: exchange.challenge.miner,
            challenge: exchange.challenge.body.clone(),
            answer: reply.map(|reply| reply.body.clone()),
            nanoseconds: reply.map_or(0, |reply| {
                u64::try_from(reply.elapsed.as_nanos()).unwrap_or(u64::MAX)
            }),
            failure: exchange.outcome.as_ref().err().copied(),
        }
    }
}

impl From<Entry> for Exchange {
    fn from(entry: Entry) -> Self {
        let elapsed = Duration::from_nanos(entry.nanoseconds);
        Self {
            challenge: Challenge {
                miner: entry.miner,
                body: entry.challenge,
            },
            outcome: match (entry.answer, entry.failure) {
                (Some(body), None) => Ok(Reply { body, elapsed }),
                (_, failure) => Err(failure.unwrap_or(Failure::Meaningless)),
            },
        }
    }
}

/// Bytes as hexadecimal digits.
mod digits {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(
        bytes: impl AsRef<[u8]>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.serialize_str(&hex::encode(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>, T: TryFrom<Vec<u8>>>(
        from: D,
    ) -> Result<T, D::Error> {
        let text = String::deserialize(from)?;
        let bytes = hex::decode(text).map_err(D::Error::custom)?;
        T::try_from(bytes).map_err(|_| D::Error::custom("a wrong number of bytes"))
    }
}

/// Bytes as hexadecimal digits, if there are any.
mod maybe_digits {
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(
        bytes: &Option<Vec<u8>>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        bytes.as_ref().map(hex::encode).serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<Vec<u8>>, D::Error> {
        let text = Option::<String>::deserialize(from)?;
        text.map(|text| hex::decode(text).map_err(D::Error::custom))
            .transpose()
    }
}
