//! Judging a stored round again: the same verdicts, averages and weights must come out.

use std::collections::BTreeMap;

use subnet_sdk::{Challenge, Judge, Miner, Seed, Verdict};

use crate::{round, store::Stored, weights::Row};

/// What a replay found.
#[derive(Clone, Debug, PartialEq)]
pub struct Replay {
    /// Verdicts that came out now, by uid.
    pub verdicts: Vec<Verdict>,
    /// Weights that came out now.
    pub row: Option<Row>,
    /// What differs from what is stored; nothing if all is the same.
    pub differences: Vec<String>,
}

/// Judges the stored answers of a round again.
pub fn replay(stored: &Stored, judge: &mut dyn Judge) -> Replay {
    let record = &stored.round;
    let seed = Seed::of_round(
        &record.randomness,
        record.netuid,
        record.epoch,
        &record.validator.0,
    );
    let mut differences = Vec::new();

    let sorted = |challenges: Vec<Challenge>| {
        let mut by_miner: BTreeMap<Miner, Vec<Vec<u8>>> = BTreeMap::new();
        for challenge in challenges {
            by_miner
                .entry(challenge.miner)
                .or_default()
                .push(challenge.body);
        }
        by_miner
    };
    let asked = sorted(
        stored
            .exchanges
            .iter()
            .map(|exchange| exchange.challenge.clone())
            .collect(),
    );
    let again = sorted(judge.challenges(&seed, &record.asked));
    for miner in asked
        .keys()
        .chain(again.keys().filter(|miner| !asked.contains_key(miner)))
    {
        if asked.get(miner) != again.get(miner) {
            differences.push(format!("uid {}: other questions", miner.uid));
        }
    }

    let verdicts = round::judged(judge, &seed, &record.asked, &stored.exchanges);
    for (old, new) in record.verdicts.iter().zip(&verdicts) {
        if old != new {
            differences.push(format!(
                "uid {}: {} ({}) was {} ({})",
                new.miner.uid, new.score, new.reason, old.score, old.reason
            ));
        }
    }
    if record.verdicts.len() != verdicts.len() {
        differences.push(format!(
            "{} verdicts, there were {}",
            verdicts.len(),
            record.verdicts.len()
        ));
    }
    let averages = round::scored(&record.before, &verdicts, record.smoothing, record.epoch);
    let row = round::stored_row(record, &averages).ok();
    if row != record.row {
        differences.push("other weights".into());
    }
    Replay {
        verdicts,
        row,
        differences,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use subnet_sdk::{Exchange, LanguageModel, ModelError, Models, Reply, Resources, Template};

    use super::*;
    use crate::{
        average::Average,
        hotkey::Hotkey,
        simulation::toy::{self, TOY},
        store::{Keep, Round, Store},
        submission::Submission,
    };

    struct NoModels;
    impl Models for NoModels {
        fn load(&self, reference: &str) -> Result<std::sync::Arc<dyn LanguageModel>, ModelError> {
            Err(ModelError::Request(reference.into()))
        }
    }

    fn judge() -> Box<dyn Judge> {
        let settings = serde_json::Map::new();
        let resources = Resources {
            models: &NoModels,
            settings: &settings,
            declaration: None,
        };
        TOY.judge(&resources).expect("a judge")
    }

    fn stored() -> Stored {
        let asked: Vec<Miner> = (1..6)
            .map(|uid| Miner {
                uid,
                hotkey: [uid as u8; 32],
            })
            .collect();
        let (randomness, validator) = ([7; 32], Hotkey([1; 32]));
        let seed = Seed::of_round(&randomness, 3, 11, &validator.0);
        let mut judge = judge();
        let reply = |challenge: &Challenge| Reply {
            body: toy::answer(&challenge.body, challenge.miner.uid as u8 * 37),
            elapsed: Duration::from_millis(3),
        };
        let exchanges: Vec<Exchange> = judge
            .challenges(&seed, &asked)
            .into_iter()
            .map(|challenge| Exchange {
                outcome: Ok(reply(&challenge)),
                challenge,
            })
            .collect();
        let verdicts = round::judged(judge.as_mut(), &seed, &asked, &exchanges);
        let before: Vec<_> = asked
            .iter()
            .map(|miner| {
                let value = 1.0 / f64::from(miner.uid + 2);
                (
                    Hotkey(miner.hotkey),
                    Average {
                        value,
                        rounds: 4,
                        epoch: 10,
                    },
                )
            })
            .collect();
        let averages = round::scored(&before, &verdicts, 0.3, 11);
        let mut record = Round {
            netuid: 3,
            epoch: 11,
            started: 100,
            randomness,
            validator,
            template: ("toy".into(), 1),
            settings: serde_json::Map::new(),
            declaration: None,
            smoothing: 0.3,
            asked,
            before,
            verdicts,
            limits: (8, 1, 30_000),
            fillers: vec![0, 6, 7],
            row: None,
        };
        record.row = round::stored_row(&record, &averages).ok();
        Stored {
            round: record,
            exchanges,
        }
    }

    #[test]
    fn a_round_replays_to_the_same_weights_after_the_way_over_the_disk() {
        let folder = tempfile::tempdir().expect("a folder");
        let original = stored();
        let own = Hotkey([1; 32]);
        let store = Store::open(folder.path(), &own).expect("opened");
        let keep = Keep {
            rounds: 1,
            receipts: 1,
        };
        store
            .finish_round(&original, &[], "", &Submission::default(), keep)
            .expect("written");
        let read = store.round(3, 11).expect("read").expect("there");
        let replay = replay(&read, judge().as_mut());
        assert_eq!(replay.differences, Vec::<String>::new());
        assert_eq!(replay.row, original.round.row);
        assert_eq!(replay.row.expect("a row").uids.len(), 5);
    }

    #[test]
    fn whatever_was_altered_is_found() {
        let mut other = stored();
        other.round.verdicts[1].score += 1e-15;
        assert_eq!(replay(&other, judge().as_mut()).differences.len(), 1);
        let mut other = stored();
        if let Ok(reply) = &mut other.exchanges[2].outcome {
            reply.body[32] ^= 1;
        }
        assert_eq!(replay(&other, judge().as_mut()).differences.len(), 2);
        let mut other = stored();
        other.exchanges[0].challenge.body[0] ^= 1;
        assert!(replay(&other, judge().as_mut()).differences[0].contains("other questions"));
        let mut other = stored();
        other.round.before[0].1.value = 0.9;
        assert_eq!(
            replay(&other, judge().as_mut()).differences,
            ["other weights"]
        );
    }
}
