//! How the miner stands, and why.

use std::{
    io::{BufRead, BufReader},
    path::Path,
};

use neuron_operator::{
    exit::{Code, Failure},
    report::Table,
};
use neuron_protocol::{Hotkey, Receipt};
use serde_json::Value;

use crate::network::{Neuron, Snapshot};

/// Bytes of a line of receipts at most.
const LINE_LIMIT: u64 = 64 * 1024;

/// Receipts that are shown, the newest.
const SHOWN: usize = 20;

/// The tables about a hotkey on a subnet. **Errors:** it has no place there.
pub fn standing(snapshot: &Snapshot, hotkey: &Hotkey) -> Result<Table, Failure> {
    let own = snapshot.neuron(hotkey).ok_or_else(|| {
        Failure::new(
            Code::Registration,
            format!("the hotkey has no uid on subnet {}.", snapshot.netuid),
            "without a uid nothing is earned.",
            "`dendra-miner register` says how to get one; if it had one, others earned more and it was replaced.",
        )
    })?;
    let mut table = Table::new("standing", &["what", "value", "meaning"]);
    let mut add = |what: &str, value: Value, meaning: String| {
        table.row([what.into(), value, meaning.into()]);
    };
    add(
        "uid",
        own.uid.into(),
        format!("on subnet {} at block {}", snapshot.netuid, snapshot.block),
    );
    let paid = snapshot
        .neurons()
        .iter()
        .filter(|n| n.incentive > 0)
        .count();
    let rank = rank(snapshot, own);
    add(
        "rank",
        rank.into(),
        format!(
            "by incentive; {paid} of {} neurons get some",
            snapshot.neurons().len()
        ),
    );
    let share = f64::from(own.incentive) / 65535.0;
    add(
        "incentive",
        share.into(),
        match own.incentive {
            0 => "share in the miners' earnings: none, because validators of the majority give it no weight".into(),
            _ => "share in the miners' earnings in the last epoch".into(),
        },
    );
    let alpha = own.emission as f64 / 1e9;
    add(
        "emission",
        alpha.into(),
        format!(
            "alpha in the last epoch of {} blocks, about {:.6} TAO at {:.6} TAO each",
            snapshot.tempo,
            alpha * snapshot.alpha_price,
            snapshot.alpha_price
        ),
    );
    let immunity = snapshot.immunity_left(own);
    add(
        "immunity",
        immunity.into(),
        match immunity {
            0 => "blocks left: it can be replaced".into(),
            _ => "blocks left in which those without immunity are replaced first".into(),
        },
    );
    let below = snapshot.below(own);
    let free = usize::from(snapshot.most_neurons).saturating_sub(snapshot.neurons().len());
    add(
        "distance",
        (below + free).into(),
        match (own.hotkey == snapshot.owner_hotkey, free) {
            (true, _) => "it is the owner's hotkey and is not replaced".into(),
            (false, 0) => format!(
                "registrations until it is replaced, if nothing changes: {below} neurons stand below"
            ),
            (false, _) => format!(
                "registrations until it is replaced, if nothing changes: {free} free places, {below} neurons stand below"
            ),
        },
    );
    add(
        "endpoint",
        own.axon
            .map_or(Value::Null, |(address, _)| address.to_string().into()),
        match own.axon {
            Some((_, block)) => format!("published at block {block}"),
            None => "none on chain: validators do not find this miner".into(),
        },
    );
    Ok(table)
}

/// 1 for who gets most; equal shares have equal ranks.
fn rank(snapshot: &Snapshot, own: &Neuron) -> usize {
    let above = snapshot
        .neurons()
        .iter()
        .filter(|n| n.incentive > own.incentive);
    above.count() + 1
}

/// What files of receipts hold about a hotkey.
#[derive(Debug)]
pub struct Scores {
    /// The newest receipts.
    pub table: Table,
    /// Lines that are no receipts, or whose signature is wrong.
    pub wrong: usize,
}

/// Reads receipts. Only those of the subnet and the hotkey that a neuron of the subnet with a permit has signed are shown, newest
/// first. `snapshot`: `None` if the chain is away; then every validator counts. **Errors:** a file that cannot be read.
pub fn scores(
    files: &[impl AsRef<Path>],
    netuid: u16,
    hotkey: &Hotkey,
    snapshot: Option<&Snapshot>,
) -> Result<Scores, Failure> {
    let mut wrong = 0;
    let mut receipts: Vec<Receipt> = Vec::new();
    for path in files {
        let path = path.as_ref();
        let problem = |error: std::io::Error| {
            Failure::new(
                Code::Data,
                format!("{}: {error}.", path.display()),
                "none: this is only about looking.",
                "name a file of receipts, such as one saved from a validator's /receipts.",
            )
        };
        let file = std::fs::File::open(path).map_err(problem)?;
        let mut reader = BufReader::new(file);
        loop {
            let mut line = Vec::new();
            let read = std::io::Read::take(&mut reader, LINE_LIMIT)
                .read_until(b'\n', &mut line)
                .map_err(problem)?;
            if read == 0 {
                break;
            }
            if line.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            let text = String::from_utf8_lossy(&line);
            let Ok(receipt) = Receipt::verify(&text) else {
                wrong += 1;
                continue;
            };
            let receipt = receipt.get();
            let counts = snapshot.is_none_or(|subnet| {
                let known = subnet.neuron(&receipt.validator).is_some_and(|n| n.permit);
                known || receipt.validator == subnet.owner_hotkey
            });
            if counts && receipt.netuid == netuid && receipt.hotkey == *hotkey {
                receipts.push(receipt.clone());
                if receipts.len() > 64 * SHOWN {
                    keep_newest(&mut receipts);
                }
            }
        }
    }
    keep_newest(&mut receipts);
    let mut table = Table::new(
        "scores",
        &["epoch", "validator", "score", "reason", "parts"],
    );
    for receipt in receipts {
        let parts: Vec<String> = receipt
            .parts
            .iter()
            .map(|(name, value)| format!("{name} {value:.3}"))
            .collect();
        table.row([
            receipt.epoch.into(),
            dendra_client::wallet::to_ss58(&dendra_client::AccountId32::new(receipt.validator))
                .into(),
            receipt.score.into(),
            receipt.reason.into(),
            parts.join(", ").into(),
        ]);
    }
    Ok(Scores { table, wrong })
}

fn keep_newest(receipts: &mut Vec<Receipt>) {
    receipts.sort_by_key(|receipt| (std::cmp::Reverse(receipt.epoch), receipt.validator));
    receipts.truncate(SHOWN);
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, io::Write};

    use sp_core::{Pair as _, sr25519};

    use super::*;

    fn neuron(uid: u16, hotkey: Hotkey, incentive: u16, emission: u64) -> Neuron {
        Neuron {
            uid,
            hotkey,
            coldkey: [50; 32],
            permit: uid == 0,
            stake: 0,
            incentive,
            dividends: 0,
            emission,
            axon: None,
            registered_at: 0,
        }
    }

    fn subnet() -> Snapshot {
        let validator = sr25519::Pair::from_seed(&[7; 32]).public().0;
        Snapshot::empty(4).with_neurons(vec![
            neuron(0, validator, 0, 0),
            neuron(1, [1; 32], 40_000, 9_000_000_000),
            neuron(2, [2; 32], 20_000, 4_000_000_000),
        ])
    }

    fn value(table: &Table, what: &str) -> Value {
        let rows = table.json();
        let row = rows
            .as_array()
            .and_then(|rows| rows.iter().find(|row| row["what"] == what));
        row.map(|row| row["value"].clone()).unwrap_or_default()
    }

    #[test]
    fn a_miner_sees_how_it_stands() {
        let table = standing(&subnet(), &[2; 32]).expect("registered");
        assert_eq!(value(&table, "uid"), 2);
        assert_eq!(value(&table, "rank"), 2);
        assert_eq!(value(&table, "emission"), 4.0);
        // 253 free places, and the validator stands below.
        assert_eq!(value(&table, "distance"), 254);
        assert_eq!(
            standing(&subnet(), &[9; 32])
                .map(|_| ())
                .map_err(|f| f.code()),
            Err(Code::Registration)
        );
    }

    #[test]
    fn only_receipts_of_validators_about_this_miner_are_shown() {
        let receipt = |seed: u8, hotkey: Hotkey, epoch| {
            let pair = sr25519::Pair::from_seed(&[seed; 32]);
            let receipt = Receipt {
                validator: pair.public().0,
                netuid: 4,
                epoch,
                uid: 2,
                hotkey,
                score: 0.5,
                reason: "half of the positions".into(),
                parts: BTreeMap::from([("speed".into(), 1.0)]),
                seed: [0; 32],
            };
            receipt.sign(&pair).expect("finite")
        };
        let mut file = tempfile::NamedTempFile::new().expect("a file");
        for line in [
            receipt(7, [2; 32], 1),
            receipt(7, [2; 32], 3),
            receipt(7, [1; 32], 2),
            receipt(8, [2; 32], 2),
            receipt(7, [2; 32], 4).replace("0.5", "0.9"),
            "no receipt".into(),
        ] {
            writeln!(file, "{line}").expect("written");
        }
        let scores = scores(&[file.path()], 4, &[2; 32], Some(&subnet())).expect("readable");
        let epochs: Vec<Value> = scores
            .table
            .json()
            .as_array()
            .map(|rows| rows.iter().map(|row| row["epoch"].clone()).collect())
            .unwrap_or_default();
        assert_eq!(epochs, [Value::from(3), Value::from(1)]);
        assert_eq!(scores.wrong, 2);
    }

    #[test]
    fn a_file_that_is_not_there_is_a_failure() {
        let failure = scores(&["/nowhere/at/all"], 4, &[2; 32], None).expect_err("no file");
        assert_eq!(failure.code(), Code::Data);
    }
}
