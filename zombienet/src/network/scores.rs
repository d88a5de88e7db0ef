//! The scores of miners, as validators publish them with their metrics.

use std::{collections::BTreeMap, time::Duration};

const DEADLINE: Duration = Duration::from_secs(2);
/// The gauge with a validator's score of a uid, from 0 to 1.
const SCORE: &str = "dendra_validator_score";

/// The mean over the validators that answer, by uid.
pub(super) fn mean(ports: &[u16], netuid: u16) -> BTreeMap<u16, f64> {
    let mut sums: BTreeMap<u16, (f64, f64)> = BTreeMap::new();
    for port in ports {
        // A validator that is away has no say.
        for (uid, score) in read(*port).map_or_else(Vec::new, |text| scores(&text, netuid)) {
            let (sum, count) = sums.entry(uid).or_default();
            *sum += score;
            *count += 1.0;
        }
    }
    sums.into_iter()
        .map(|(uid, (sum, count))| (uid, sum / count))
        .collect()
}

fn read(port: u16) -> Option<String> {
    let config = ureq::Agent::config_builder()
        .timeout_global(Some(DEADLINE))
        .build();
    let agent: ureq::Agent = config.into();
    let mut response = agent
        .get(format!("http://127.0.0.1:{port}/metrics"))
        .call()
        .ok()?;
    response.body_mut().read_to_string().ok()
}

/// Reads lines like `dendra_validator_score{netuid="2",uid="3"} 0.75`.
fn scores(text: &str, netuid: u16) -> Vec<(u16, f64)> {
    let netuid = format!("netuid=\"{netuid}\"");
    text.lines()
        .filter_map(|line| {
            let (labels, value) = line
                .strip_prefix(SCORE)?
                .strip_prefix('{')?
                .split_once("} ")?;
            if !labels.split(',').any(|label| label == netuid) {
                return None;
            }
            let uid = labels
                .split(',')
                .find_map(|label| label.strip_prefix("uid=\""))?
                .trim_end_matches('"');
            Some((uid.parse().ok()?, value.trim().parse().ok()?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_of_the_subnet_are_read_and_nothing_else() {
        let text = "# HELP dendra_validator_score s\n\
                    dendra_validator_score{netuid=\"2\",uid=\"3\"} 0.75\n\
                    dendra_validator_score{netuid=\"12\",uid=\"4\"} 0.5\n\
                    dendra_validator_score_age{netuid=\"2\",uid=\"5\"} 1\n";
        assert_eq!(scores(text, 2), [(3, 0.75)]);
    }
}
