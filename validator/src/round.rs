//! One round on one subnet: from a seed to verdicts, averages and receipts.
//!
//! [`judged`] and [`scored`] are pure, and `replay` calls the same ones.

use std::collections::BTreeMap;

use subnet_sdk::{Challenge, Exchange, Judge, Miner, Seed, Verdict};

use crate::{
    average::Average,
    chain::Subnet,
    hotkey::Hotkey,
    store::Round,
    submission::Wish,
    weights::{self, NoRow, Row},
};

/// Letters of a reason at most.
const REASON: usize = 500;

/// What a judge may do wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JudgeFault {
    /// A challenge is for somebody who was not to be asked.
    #[error("a challenge for uid {0}, which is not among the miners")]
    Stranger(u16),
    /// A challenge is longer than the template says.
    #[error("a challenge of {length} bytes, the template's limit is {limit}")]
    TooLong {
        /// Bytes.
        length: usize,
        /// The template's limit.
        limit: usize,
    },
    /// It panicked.
    #[error("it broke off: {0}")]
    Panicked(String),
}

/// The challenges of a round, checked. **Errors:** see [`JudgeFault`].
pub fn challenges(
    judge: &mut dyn Judge,
    seed: &Seed,
    miners: &[Miner],
    limit: usize,
) -> Result<Vec<Challenge>, JudgeFault> {
    let challenges = judge.challenges(seed, miners);
    for challenge in &challenges {
        if !miners.contains(&challenge.miner) {
            return Err(JudgeFault::Stranger(challenge.miner.uid));
        }
        let length = challenge.body.len();
        if length > limit {
            return Err(JudgeFault::TooLong { length, limit });
        }
    }
    Ok(challenges)
}

/// One verdict for every miner that was to be asked, by uid; of some it may be that there is none.
pub fn judged(
    judge: &mut dyn Judge,
    seed: &Seed,
    miners: &[Miner],
    exchanges: &[Exchange],
) -> Vec<Verdict> {
    let mut said: BTreeMap<Miner, Verdict> = BTreeMap::new();
    for verdict in judge.verdicts(seed, exchanges) {
        said.entry(verdict.miner).or_insert(verdict);
    }
    let mut verdicts: Vec<Verdict> = miners
        .iter()
        .map(|miner| {
            let mut verdict = said
                .remove(miner)
                .unwrap_or_else(|| Verdict::unjudged(*miner, "the template said nothing"));
            // What is not a number would not survive the way to the disk and back.
            verdict.score = if verdict.score.is_nan() {
                0.0
            } else {
                verdict.score.clamp(0.0, 1.0)
            };
            verdict.parts.retain(|_, part| part.is_finite());
            verdict.reason = verdict.reason.chars().take(REASON).collect();
            verdict
        })
        .collect();
    verdicts.sort_by_key(|verdict| verdict.miner);
    verdicts
}

/// The averages after a round. Who was not asked is forgotten; of whom there is no verdict the average stays.
pub fn scored(
    before: &[(Hotkey, Average)],
    verdicts: &[Verdict],
    smoothing: f64,
    epoch: u64,
) -> Vec<(Hotkey, Average)> {
    let before: BTreeMap<Hotkey, Average> = before.iter().copied().collect();
    verdicts
        .iter()
        .map(|verdict| {
            let hotkey = Hotkey(verdict.miner.hotkey);
            let old = before.get(&hotkey).copied().unwrap_or_default();
            let new = if verdict.judged {
                old.after(verdict.score, smoothing, epoch)
            } else {
                old
            };
            (hotkey, new)
        })
        .collect()
}

/// What is to become weights.
pub fn wish(epoch: u64, averages: &[(Hotkey, Average)]) -> Wish {
    let scores = averages
        .iter()
        .map(|(hotkey, average)| (*hotkey, average.value));
    Wish {
        epoch,
        scores: scores.collect(),
    }
}

/// Uids that a row may name without weight: those of everybody who has no score; this validator's own only if the others are too few.
pub fn fillers(subnet: &Subnet, own: &Hotkey, scores: &[(Hotkey, f64)]) -> Vec<u16> {
    let named =
        |neuron: &&crate::chain::Neuron| scores.iter().any(|(hotkey, _)| *hotkey == neuron.hotkey);
    let there = subnet.neurons.iter().filter(|neuron| neuron.hotkey != *own);
    let is_short = there.count() < subnet.limits().needed();
    subnet
        .neurons
        .iter()
        .filter(|neuron| !named(neuron) && (neuron.hotkey != *own || is_short))
        .map(|neuron| neuron.uid)
        .collect()
}

/// The row for scores on the subnet as it is now: a hotkey that has lost its uid gets nothing, and its successor nothing of it.
/// **Errors:** see [`NoRow`].
pub fn row(subnet: &Subnet, own: &Hotkey, scores: &[(Hotkey, f64)]) -> Result<Row, NoRow> {
    let uids: BTreeMap<Hotkey, u16> = subnet
        .neurons
        .iter()
        .map(|neuron| (neuron.hotkey, neuron.uid))
        .collect();
    let named = scores.iter().filter(|(hotkey, _)| hotkey != own);
    let mut all: Vec<(u16, f64)> = named
        .filter_map(|(hotkey, score)| Some((*uids.get(hotkey)?, *score)))
        .collect();
    all.extend(
        fillers(subnet, own, scores)
            .into_iter()
            .map(|uid| (uid, 0.0)),
    );
    weights::row(&all, &subnet.limits())
}

/// The row of a stored round, from what is stored. **Errors:** see [`NoRow`].
pub fn stored_row(round: &Round, averages: &[(Hotkey, Average)]) -> Result<Row, NoRow> {
    let uids: BTreeMap<Hotkey, u16> = round
        .asked
        .iter()
        .map(|miner| (Hotkey(miner.hotkey), miner.uid))
        .collect();
    let mut all: Vec<(u16, f64)> = averages
        .iter()
        .filter_map(|(hotkey, average)| Some((*uids.get(hotkey)?, average.value)))
        .collect();
    all.extend(round.fillers.iter().map(|uid| (*uid, 0.0)));
    weights::row(&all, &round.limits())
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Odd;
    impl Judge for Odd {
        fn challenges(&mut self, _: &Seed, miners: &[Miner]) -> Vec<Challenge> {
            let mut miner = miners[0];
            miner.uid += 1;
            vec![Challenge {
                miner,
                body: vec![],
            }]
        }
        fn verdicts(&mut self, _: &Seed, exchanges: &[Exchange]) -> Vec<Verdict> {
            let verdict = |miner: Miner, score: f64| Verdict {
                miner,
                score,
                reason: "odd".into(),
                parts: BTreeMap::from([("odd".into(), f64::INFINITY)]),
                judged: true,
            };
            let miner = exchanges[0].challenge.miner;
            let stranger = Miner {
                uid: 99,
                hotkey: [9; 32],
            };
            vec![
                verdict(stranger, 1.0),
                verdict(miner, 7.0),
                verdict(miner, 0.1),
            ]
        }
    }

    fn miner(uid: u16) -> Miner {
        Miner {
            uid,
            hotkey: [uid as u8; 32],
        }
    }

    #[test]
    fn a_challenge_for_somebody_else_is_a_fault() {
        let seed = Seed::from_bytes([1; 32]);
        let fault = challenges(&mut Odd, &seed, &[miner(4)], 9).expect_err("a stranger");
        assert_eq!(fault, JudgeFault::Stranger(5));
    }

    #[test]
    fn verdicts_are_one_for_each_who_was_asked_and_within_bounds() {
        let seed = Seed::from_bytes([1; 32]);
        let exchange = Exchange {
            challenge: Challenge {
                miner: miner(2),
                body: vec![],
            },
            outcome: Err(subnet_sdk::Failure::TooLate),
        };
        let verdicts = judged(&mut Odd, &seed, &[miner(3), miner(2)], &[exchange]);
        let short: Vec<_> = verdicts
            .iter()
            .map(|v| (v.miner.uid, v.score, v.reason.as_str()))
            .collect();
        let nothing = "not judged: the template said nothing";
        assert_eq!(short, [(2, 1.0, "odd"), (3, 0.0, nothing)]);
        assert!(verdicts[0].judged && !verdicts[1].judged);
        assert!(verdicts.iter().all(|verdict| verdict.parts.is_empty()));
    }

    #[test]
    fn a_validators_own_trouble_takes_nothing_from_a_miner() {
        let old = Average {
            value: 0.8,
            rounds: 9,
            epoch: 3,
        };
        let before = [(Hotkey(miner(2).hotkey), old)];
        let unjudged = Verdict::unjudged(miner(2), "the model failed");
        assert_eq!(scored(&before, &[unjudged], 0.5, 4), before);
        let worthless = Verdict::new(miner(2), 0.0, "wrong");
        assert_eq!(scored(&before, &[worthless], 0.5, 4)[0].1.value, 0.4);
    }

    #[test]
    fn a_new_owner_of_a_uid_starts_from_nothing() {
        let before = [(
            Hotkey([1; 32]),
            Average {
                value: 0.8,
                rounds: 9,
                epoch: 3,
            },
        )];
        let after = scored(&before, &[Verdict::new(miner(2), 1.0, "")], 0.5, 4);
        assert_eq!(
            after,
            [(
                Hotkey([2; 32]),
                Average {
                    value: 0.5,
                    rounds: 1,
                    epoch: 4
                }
            )]
        );
    }
}
