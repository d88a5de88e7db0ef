//! The scores of miners: from the signed receipts that validators hand out.

use std::{collections::BTreeMap, time::Duration};

use neuron_protocol::Receipt;

use crate::books::Key;

const DEADLINE: Duration = Duration::from_secs(2);

/// The mean of the newest scores of the validators that answer, by the hotkey of the miner.
///
/// `validators`: the port where each hands out receipts, and its hotkey. A line that this hotkey has not signed does not count.
pub(super) fn mean(validators: &[(u16, Key)], netuid: u16) -> BTreeMap<Key, f64> {
    let mut sums: BTreeMap<Key, (f64, f64)> = BTreeMap::new();
    for (port, hotkey) in validators {
        // A validator that is away has no say.
        for (miner, score) in
            read(*port, netuid).map_or_else(Vec::new, |lines| scores(&lines, netuid, hotkey))
        {
            let (sum, count) = sums.entry(miner).or_default();
            *sum += score;
            *count += 1.0;
        }
    }
    sums.into_iter()
        .map(|(miner, (sum, count))| (miner, sum / count))
        .collect()
}

fn read(port: u16, netuid: u16) -> Option<String> {
    let config = ureq::Agent::config_builder()
        .timeout_global(Some(DEADLINE))
        .build();
    let agent: ureq::Agent = config.into();
    let mut response = agent
        .get(format!(
            "http://127.0.0.1:{port}/v1/receipts/{netuid}/latest"
        ))
        .call()
        .ok()?;
    response.body_mut().read_to_string().ok()
}

/// The scores in receipts that this validator has signed for this subnet.
fn scores(lines: &str, netuid: u16, validator: &Key) -> Vec<(Key, f64)> {
    lines
        .lines()
        .filter_map(|line| Receipt::verify(line).ok())
        .map(|signed| signed.get().clone())
        .filter(|receipt| receipt.validator == *validator && receipt.netuid == netuid)
        .map(|receipt| (receipt.hotkey, receipt.score))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys;

    fn line(seed: &str, netuid: u16, score: f64) -> String {
        let pair = keys::pair(seed);
        let receipt = Receipt {
            validator: keys::public(seed),
            netuid,
            epoch: 4,
            uid: 1,
            hotkey: [9; 32],
            score,
            reason: "right".into(),
            parts: BTreeMap::new(),
            seed: [3; 32],
        };
        receipt.sign(&pair).unwrap()
    }

    #[test]
    fn only_what_the_validator_signed_for_the_subnet_counts() {
        let good = line("//a", 2, 0.75);
        let lines = [
            good.clone(),
            line("//b", 2, 1.0),
            line("//a", 3, 1.0),
            good.replace("0.75", "0.95"),
            "nothing".into(),
        ]
        .join("\n");
        assert_eq!(scores(&lines, 2, &keys::public("//a")), [([9; 32], 0.75)]);
    }
}
