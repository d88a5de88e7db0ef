//! What the validator counts, for Prometheus.

use prometheus::{
    GaugeVec, HistogramOpts, HistogramVec, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry,
};

/// All metrics of a validator; clones count together.
#[derive(Clone, Debug)]
pub struct Metrics {
    /// Rounds by how they ended.
    pub rounds: IntCounterVec,
    /// Time of a round.
    pub round_time: HistogramVec,
    /// Time that the judge took in a round.
    pub judge_time: HistogramVec,
    /// Exchanges with miners by what came of them.
    pub exchanges: IntCounterVec,
    /// Time until an answer was complete.
    pub answer_time: HistogramVec,
    /// Epoch of the newest finished round.
    pub epoch: IntGaugeVec,
    /// Miners that were asked.
    pub miners: IntGaugeVec,
    /// Miners with a score above 0.
    pub scoring_miners: IntGaugeVec,
    /// Moving average of each miner.
    pub score: GaugeVec,
    /// What became of weights.
    pub weights: IntCounterVec,
    /// Commits that wait for their reveal.
    pub pending_commits: IntGaugeVec,
    /// Blocks since the chain last got weights of this validator.
    pub weights_age: IntGaugeVec,
    /// Blocks after which it counts as inactive.
    pub activity_cutoff: IntGaugeVec,
    /// Whether it may set weights.
    pub permitted: IntGaugeVec,
    /// Stake that consensus counts.
    pub stake: GaugeVec,
    /// Share in the earnings of validators.
    pub dividends: GaugeVec,
    /// Alpha earned in the last epoch.
    pub emission: GaugeVec,
    /// Part of the weights that consensus took away.
    pub clipped: GaugeVec,
    /// The best block.
    pub block: IntGauge,
    /// Whether the chain is away.
    pub chain_away: IntGauge,
    /// Version of the runtime.
    pub spec_version: IntGauge,
    /// Writes to the data folder that failed.
    pub store_failures: IntCounterVec,
    /// Requests for receipts by status.
    pub receipt_requests: IntCounterVec,
}

/// Upper ends of buckets of seconds.
const SECONDS: [f64; 14] = [
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 120.0, 600.0,
];

impl Metrics {
    /// All metrics, known to `registry`. **Errors:** the names are taken.
    pub fn register(registry: &Registry) -> prometheus::Result<Self> {
        let maker = Maker(registry);
        Ok(Self {
            rounds: maker.counters("rounds_total", "Rounds by how they ended: `finished`, `failed`, `unregistered`, `unpermitted`.", &["netuid", "result"])?,
            round_time: maker.times("round_duration_seconds", "Time from the first question of a round to its stored scores.")?,
            judge_time: maker.times("judge_duration_seconds", "Time that making challenges and judging answers took in a round: the template's own work, inference included.")?,
            exchanges: maker.counters("exchanges_total", "Exchanges with miners by what came of them: `answered`, or the failure.", &["netuid", "outcome"])?,
            answer_time: maker.times("answer_duration_seconds", "Time from a question to its complete answer, of answered questions.")?,
            epoch: maker.gauges("round_epoch_number", "Epoch of the newest finished round, in the chain's count.")?,
            miners: maker.gauges("miners_count", "Miners that were asked in the newest round.")?,
            scoring_miners: maker.gauges("scoring_miners_count", "Miners whose score in the newest round is above 0.")?,
            score: maker.known(GaugeVec::new(
                Opts::new(Maker::name("score"), "Moving average of a miner's scores, from 0 to 1."),
                &["netuid", "uid"],
            )?)?,
            weights: maker.counters("weights_total", "What became of weights: `set`, `committed`, `revealed`, `lost`, `dead`, `refused`, `failed`, `no-row`.", &["netuid", "event"])?,
            pending_commits: maker.gauges("pending_commits_count", "Commits that are under way or wait for their reveal.")?,
            weights_age: maker.gauges("weights_age_blocks", "Blocks since the chain last got weights or a commit of this validator.")?,
            activity_cutoff: maker.gauges("activity_cutoff_blocks", "Age of weights after which the chain counts this validator as inactive and pays it nothing.")?,
            permitted: maker.gauges("permitted_bool", "1 if this validator may set weights.")?,
            stake: maker.floats("stake_tao", "Stake behind this validator that consensus counts.")?,
            dividends: maker.floats("dividends_ratio", "Share of this validator in what validators earned in the last epoch.")?,
            emission: maker.floats("emission_alpha", "Alpha that this validator earned in the last epoch.")?,
            clipped: maker.floats("weights_clipped_ratio", "Part of this validator's weights that consensus did not follow.")?,
            block: maker.gauge("chain_block_number", "The best block that the node reported.")?,
            chain_away: maker.gauge("chain_away_bool", "1 while the node does not answer or its chain stands still.")?,
            spec_version: maker.gauge("chain_spec_version_number", "Version of the chain's runtime.")?,
            store_failures: maker.counters("store_failures_total", "Writes to the data folder that failed: nothing is sent then.", &["netuid"])?,
            receipt_requests: maker.counters("receipt_requests_total", "Requests for score receipts by status of the answer.", &["status"])?,
        })
    }
}

/// Makes metrics with the common beginning of their names.
struct Maker<'a>(&'a Registry);

impl Maker<'_> {
    fn name(name: &str) -> String {
        format!("dendra_validator_{name}")
    }

    fn known<T: prometheus::core::Collector + Clone + 'static>(
        &self,
        metric: T,
    ) -> prometheus::Result<T> {
        self.0.register(Box::new(metric.clone()))?;
        Ok(metric)
    }

    fn counters(
        &self,
        name: &str,
        help: &str,
        labels: &[&str],
    ) -> prometheus::Result<IntCounterVec> {
        self.known(IntCounterVec::new(
            Opts::new(Self::name(name), help),
            labels,
        )?)
    }

    fn gauges(&self, name: &str, help: &str) -> prometheus::Result<IntGaugeVec> {
        self.known(IntGaugeVec::new(
            Opts::new(Self::name(name), help),
            &["netuid"],
        )?)
    }

    fn floats(&self, name: &str, help: &str) -> prometheus::Result<GaugeVec> {
        self.known(GaugeVec::new(
            Opts::new(Self::name(name), help),
            &["netuid"],
        )?)
    }

    fn gauge(&self, name: &str, help: &str) -> prometheus::Result<IntGauge> {
        self.known(IntGauge::new(Self::name(name), help)?)
    }

    fn times(&self, name: &str, help: &str) -> prometheus::Result<HistogramVec> {
        let options = HistogramOpts::new(Self::name(name), help).buckets(SECONDS.to_vec());
        self.known(HistogramVec::new(options, &["netuid"])?)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use prometheus::core::Collector;

    use super::*;

    const DASHBOARD: &str = include_str!("../../docs/grafana/validator.json");

    /// The names of all metrics.
    fn names(metrics: &Metrics) -> BTreeSet<String> {
        macro_rules! described {
            ($($field:ident)*) => {{
                // Without `..`, so that a new metric must be named here.
                let Metrics { $($field),* } = metrics;
                [$($field.desc()),*]
            }};
        }
        let all = described! {
            rounds round_time judge_time exchanges answer_time epoch miners scoring_miners score
            weights pending_commits weights_age activity_cutoff permitted stake dividends
            emission clipped block chain_away spec_version store_failures receipt_requests
        };
        all.into_iter()
            .flatten()
            .map(|desc| desc.fq_name.clone())
            .collect()
    }

    /// The words of a text that begin as our names do, without the endings that histograms add.
    fn mentioned(text: &str) -> BTreeSet<String> {
        let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
        words
            .filter(|word| word.starts_with("dendra_validator_"))
            .map(|word| {
                let plain = ["_bucket", "_sum"]
                    .iter()
                    .find_map(|end| word.strip_suffix(end));
                let counted = word
                    .strip_suffix("_seconds_count")
                    .map(|stem| format!("{stem}_seconds"));
                counted.unwrap_or_else(|| plain.unwrap_or(word).to_owned())
            })
            .collect()
    }

    #[test]
    fn names_end_in_their_unit_and_can_be_registered_once() {
        let registry = Registry::new();
        let metrics = Metrics::register(&registry).expect("new names");
        assert!(Metrics::register(&registry).is_err());
        let units = [
            "_total", "_seconds", "_number", "_count", "_blocks", "_bool", "_tao", "_ratio",
            "_alpha", "_score",
        ];
        for name in names(&metrics) {
            assert!(units.iter().any(|unit| name.ends_with(unit)), "{name}");
        }
    }

    #[test]
    fn the_dashboard_shows_what_the_validator_exports_all_of_it_and_nothing_else() {
        let registry = Registry::new();
        let mut exported = names(&Metrics::register(&registry).expect("new names"));
        let prefix = "dendra_validator_receipts";
        neuron_operator::server::Counters::register(prefix, &registry).expect("new names");
        for name in ["open_connections", "refused_connections_total"] {
            let name = format!("{prefix}_{name}");
            // A name that is there cannot be registered again.
            let again = IntGauge::new(name.clone(), "again").expect("a name");
            assert!(registry.register(Box::new(again)).is_err(), "{name}");
            exported.insert(name);
        }
        let dashboard: serde_json::Value = serde_json::from_str(DASHBOARD).expect("JSON");
        assert_eq!(dashboard["uid"], "dendra-validator");
        assert_eq!(mentioned(DASHBOARD), exported);
    }
}
