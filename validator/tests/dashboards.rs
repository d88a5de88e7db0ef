//! The miner's dashboard shows what the miner exports. (The validator's is checked beside its metrics.)

use std::collections::BTreeSet;

use neuron_operator::server::Counters;
use prometheus::{IntGauge, Registry};

const DASHBOARD: &str = include_str!("../../docs/grafana/miner.json");

/// The words of a text that begin as the miner's names do, without the endings that histograms add.
fn mentioned(text: &str) -> BTreeSet<&str> {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .filter(|word| word.starts_with("dendra_miner_"))
        .map(|word| {
            let plain = ["_bucket", "_sum"]
                .iter()
                .find_map(|end| word.strip_suffix(end));
            plain.unwrap_or(word)
        })
        .collect()
}

/// Whether a registry has this name: it cannot be registered again then.
fn knows(registry: &Registry, name: &str) -> bool {
    let again = IntGauge::new(name, "again").expect("a name");
    registry.register(Box::new(again)).is_err()
}

#[test]
fn the_miners_dashboard_shows_what_the_miner_exports() {
    let metrics = dendra_miner::metrics::Metrics::new().expect("new names");
    Counters::register("dendra_miner", &metrics.registry).expect("new names");
    let shown = mentioned(DASHBOARD);
    assert!(shown.len() >= 10, "{shown:?}");
    for family in metrics.registry.gather() {
        assert!(
            shown.contains(family.get_name()),
            "{} has no panel",
            family.get_name()
        );
    }
    for name in shown {
        assert!(
            knows(&metrics.registry, name),
            "the miner has no metric {name}"
        );
    }
    assert!(!knows(&metrics.registry, "dendra_miner_no_such_metric"));
}
