//! What the miner counts.

use prometheus::{
    Gauge, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, Opts, Registry,
};

/// The miner's metrics.
#[derive(Clone, Debug)]
pub struct Metrics {
    /// Where they are registered.
    pub registry: Registry,
    /// Requests by endpoint and outcome.
    pub requests: IntCounterVec,
    /// Time from the head of a request to its answer, in seconds.
    pub seconds: HistogramVec,
    /// Work that runs.
    pub running: IntGauge,
    /// Tokens generated for clients of the completions endpoint.
    pub tokens: IntCounter,
    /// 1 while the chain answers.
    pub connected: IntGauge,
    /// Best block.
    pub block: IntGauge,
    /// Block of the metagraph in use.
    pub metagraph_block: IntGauge,
    /// 1 while the hotkey is registered.
    pub registered: IntGauge,
    /// Share in the earnings of miners.
    pub incentive: Gauge,
    /// Alpha of the last epoch.
    pub emission: Gauge,
    /// Announcements of the endpoint, by outcome.
    pub announcements: IntCounterVec,
}

impl Metrics {
    /// Registers all of them. **Errors:** never, unless two have one name.
    pub fn new() -> prometheus::Result<Self> {
        let registry = Registry::new();
        let gauge = |name: &str, help: &str| -> prometheus::Result<IntGauge> {
            let gauge = IntGauge::new(format!("dendra_miner_{name}"), help)?;
            registry.register(Box::new(gauge.clone()))?;
            Ok(gauge)
        };
        let float = |name: &str, help: &str| -> prometheus::Result<Gauge> {
            let gauge = Gauge::new(format!("dendra_miner_{name}"), help)?;
            registry.register(Box::new(gauge.clone()))?;
            Ok(gauge)
        };
        let counters = |name: &str, help: &str, labels: &[&str]| {
            let opts = Opts::new(format!("dendra_miner_{name}"), help);
            let counters = IntCounterVec::new(opts, labels)?;
            registry.register(Box::new(counters.clone()))?;
            Ok::<_, prometheus::Error>(counters)
        };
        let seconds = HistogramVec::new(
            HistogramOpts::new(
                "dendra_miner_request_seconds",
                "Seconds from the head of a request to its answer, by endpoint.",
            )
            .buckets(vec![
                0.001, 0.005, 0.02, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0,
            ]),
            &["endpoint"],
        )?;
        registry.register(Box::new(seconds.clone()))?;
        let tokens = IntCounter::new(
            "dendra_miner_completion_tokens_total",
            "Tokens generated for clients of the completions endpoint.",
        )?;
        registry.register(Box::new(tokens.clone()))?;
        Ok(Self {
            requests: counters(
                "requests_total",
                "Requests by endpoint (task, completions, models) and outcome: `answered`, or why not.",
                &["endpoint", "outcome"],
            )?,
            running: gauge(
                "running_requests",
                "Requests that are computed at the moment.",
            )?,
            connected: gauge(
                "chain_connected",
                "1 while the chain answers, 0 while it is away.",
            )?,
            block: gauge("chain_block_number", "Best block that the miner has seen.")?,
            metagraph_block: gauge(
                "metagraph_block_number",
                "Block of the metagraph that decides who may ask.",
            )?,
            registered: gauge("registered", "1 while the hotkey has a uid on the subnet.")?,
            incentive: float(
                "incentive_ratio",
                "Share in the earnings of the subnet's miners, 0 to 1.",
            )?,
            emission: float(
                "emission_alpha",
                "Alpha that the hotkey earned in the last epoch.",
            )?,
            announcements: counters(
                "announcements_total",
                "Attempts to publish the endpoint on chain, by outcome (done, failed).",
                &["outcome"],
            )?,
            seconds,
            tokens,
            registry,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_metric_has_a_description_and_a_name_of_its_own() {
        let metrics = Metrics::new().expect("names of their own");
        metrics
            .requests
            .with_label_values(&["task", "answered"])
            .inc();
        for family in metrics.registry.gather() {
            assert!(family.get_name().starts_with("dendra_miner_"));
            assert!(
                family.get_help().ends_with('.') || family.get_help().ends_with(')'),
                "{}",
                family.get_help()
            );
        }
    }
}
