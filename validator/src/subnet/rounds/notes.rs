//! What is told of rounds, in metrics and in the log.

use std::collections::BTreeMap;

use crate::{
    average::Average,
    chain::{ChainAccess, Subnet},
    clipping, explain,
    hotkey::Hotkey,
    metrics::Metrics,
    store::Round,
};

/// What was told before.
#[derive(Default)]
pub(super) struct Notes {
    runtime: Option<u32>,
    /// Uids whose score is shown.
    shown: Vec<u16>,
}

impl Notes {
    /// The runtime of the chain; a new one is said.
    pub(super) async fn runtime(&mut self, chain: &impl ChainAccess, metrics: &Metrics) {
        let Ok((name, version)) = chain.runtime().await else {
            return;
        };
        metrics.spec_version.set(version.into());
        match self.runtime.replace(version) {
            Some(old) if old != version => {
                tracing::info!(name, old, version, "the chain runs a new runtime");
            }
            _ => {}
        }
    }

    /// A round that ended; verdicts and averages have the same order.
    pub(super) fn round(
        &mut self,
        metrics: &Metrics,
        round: &Round,
        averages: &[(Hotkey, Average)],
    ) {
        let netuid = round.netuid.to_string();
        let shown: BTreeMap<u16, f64> = round
            .verdicts
            .iter()
            .zip(averages)
            .map(|(verdict, (_, average))| (verdict.miner.uid, average.value))
            .collect();
        for uid in self.shown.iter().filter(|uid| !shown.contains_key(uid)) {
            let _ = metrics
                .score
                .remove_label_values(&[&netuid, &uid.to_string()]);
        }
        for (uid, value) in &shown {
            metrics
                .score
                .with_label_values(&[&netuid, &uid.to_string()])
                .set(*value);
        }
        self.shown = shown.into_keys().collect();
        let label = [netuid.as_str()];
        let scoring = round
            .verdicts
            .iter()
            .filter(|verdict| verdict.score > 0.0)
            .count();
        metrics
            .epoch
            .with_label_values(&label)
            .set(i64::try_from(round.epoch).unwrap_or(i64::MAX));
        metrics
            .miners
            .with_label_values(&label)
            .set(round.asked.len() as i64);
        metrics
            .scoring_miners
            .with_label_values(&label)
            .set(scoring as i64);
        tracing::info!(
            netuid = round.netuid,
            epoch = round.epoch,
            miners = round.asked.len(),
            scoring,
            "a round ended"
        );
        for verdict in &round.verdicts {
            tracing::debug!(
                netuid = round.netuid,
                epoch = round.epoch,
                uid = verdict.miner.uid,
                hotkey = %Hotkey(verdict.miner.hotkey),
                score = verdict.score,
                reason = verdict.reason,
                "verdict"
            );
        }
    }
}

/// What the chain says of this validator.
pub(super) async fn standing(
    chain: &impl ChainAccess,
    metrics: &Metrics,
    own: &Hotkey,
    subnet: &Subnet,
) {
    let label = subnet.netuid.to_string();
    let label = [label.as_str()];
    let cutoff = i64::try_from(subnet.activity_cutoff).unwrap_or(i64::MAX);
    metrics
        .activity_cutoff
        .with_label_values(&label)
        .set(cutoff);
    let Some(neuron) = subnet.neuron(own) else {
        metrics.permitted.with_label_values(&label).set(0);
        return;
    };
    let age = subnet.block.saturating_sub(neuron.last_update);
    metrics
        .weights_age
        .with_label_values(&label)
        .set(i64::try_from(age).unwrap_or(i64::MAX));
    metrics
        .permitted
        .with_label_values(&label)
        .set(subnet.may_set(neuron).into());
    metrics
        .stake
        .with_label_values(&label)
        .set(neuron.stake as f64 / 1e9);
    metrics
        .dividends
        .with_label_values(&label)
        .set(f64::from(neuron.dividends) / 65_535.0);
    metrics
        .emission
        .with_label_values(&label)
        .set(neuron.emission as f64 / 1e9);
    if let Ok(row) = chain.weights(subnet.netuid, neuron.uid).await {
        let taken = clipping::taken(&explain::counted(subnet, own, &row));
        metrics.clipped.with_label_values(&label).set(taken);
    }
}
