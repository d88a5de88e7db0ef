//! `run`: everything together until it is told to stop.

use std::{path::Path, sync::Arc, time::Duration};

use anyhow::Result;
use dendra_client::{Chain, Options as ChainOptions, wallet::Wallet};
use neuron_operator::{
    exit::{Code, Failure},
    metrics::{self, Health},
    server::{self, Limits},
    stop::Stop,
};
use prometheus::Registry;
use tokio::task::JoinSet;

use crate::{
    chain::{ChainAccess, Live},
    duty::SharedModels,
    metrics::Metrics,
    opening::{LONGEST_PAUSE, data_failure, first_block, hotkey},
    query::Asker,
    receipts::{self, Served},
    settings::Settings,
    store::Store,
    subnet::{self, Validator},
};

/// How long the chain may stand still before that is said.
const STILL: Duration = Duration::from_secs(60);

/// Validates until it is told to stop. **Errors:** what cannot start, with what to do.
pub async fn run(
    settings: &Settings,
    wallet: &Wallet,
    models: SharedModels,
    stop: Stop,
) -> Result<()> {
    let duties = settings.duties()?;
    let own = hotkey(wallet);
    let pair = Arc::new(wallet.pair().clone());
    let folder = settings.data(&own)?;
    let store = Store::open(&folder, &own).map_err(|error| data_failure(&folder, &error))?;
    let store = Arc::new(store);
    let registry = Registry::new();
    let metrics = Metrics::register(&registry)?;
    let health = Health::new();
    health.bad("chain", "no block yet");
    let _serving = metrics::serve(settings.metrics_port, &registry, &health).await?;
    let chain = Chain::connect_lazily(&settings.account.chain, ChainOptions::default());
    let chain = chain.map_err(|error| {
        Failure::new(
            Code::Chain,
            format!("{error}."),
            "nothing was started, so nothing is earned.",
            "correct --chain.",
        )
    })?;
    let chain = Live::new(chain, pair.clone());
    tracing::info!(hotkey = %own, data = %folder.display(), subnets = ?duties, "starting");

    let mut tasks: JoinSet<Result<()>> = JoinSet::new();
    if let Some(address) = settings.receipts() {
        let listener = server::bind(address).await?;
        let counters = server::Counters::register("dendra_validator_receipts", &registry)?;
        let app = receipts::router(Served::new(store.clone(), metrics.clone()));
        let limits = Limits {
            connections: 128,
            per_address: 8,
            ..Limits::default()
        };
        tracing::info!(%address, "receipts at /v1/receipts/NETUID/latest");
        tasks.spawn(serve_receipts(
            listener,
            app,
            limits,
            counters,
            stop.clone(),
        ));
    }
    tasks.spawn(watch(chain.clone(), metrics.clone(), health, stop.clone()));
    if first_block(&chain, &stop, &settings.account.chain).await
        && same_chain(&chain, &store, &folder, &stop).await?
    {
        let asker = Asker::new(pair.clone(), settings.concurrency, metrics.clone())?;
        let validator = Validator {
            chain,
            store,
            asker,
            pair,
            metrics,
            models,
            own,
            smoothing: settings.smoothing,
            keep: settings.keep(),
            turn: Arc::default(),
            stop: stop.clone(),
        };
        for duty in duties {
            let validator = validator.clone();
            tasks.spawn(async move { Ok(subnet::serve(validator, duty).await?) });
        }
    }
    let mut result = Ok(());
    while let Some(ended) = tasks.join_next().await {
        let ended = ended.unwrap_or_else(|error| {
            Err(anyhow::anyhow!(
                "a part of the validator broke off: {error}"
            ))
        });
        if let Err(error) = ended {
            stop.now();
            result = Err(error);
        }
    }
    tracing::info!("stopped");
    result
}

async fn serve_receipts(
    listener: tokio::net::TcpListener,
    app: axum::Router,
    limits: Limits,
    counters: server::Counters,
    stop: Stop,
) -> Result<()> {
    server::serve(listener, app, limits, Some(counters), stop).await;
    Ok(())
}

/// Notes every block, and says when none comes.
async fn watch(chain: Live, metrics: Metrics, health: Health, stop: Stop) -> Result<()> {
    let mut heads = chain.heads();
    loop {
        let patience = match metrics.chain_away.get() {
            // It was said already.
            1 => STILL * 60,
            _ => STILL,
        };
        tokio::select! {
            () = stop.requested() => return Ok(()),
            changed = tokio::time::timeout(patience, heads.changed()) => match changed {
                Ok(Ok(())) => {
                    let head = *heads.borrow_and_update();
                    let Some(head) = head else { continue };
                    metrics.block.set(head.number.into());
                    health.good("chain", format!("block {}", head.number));
                    if metrics.chain_away.get() == 1 {
                        tracing::info!(block = head.number, "the chain is back");
                    }
                    metrics.chain_away.set(0);
                }
                Ok(Err(_)) => return Ok(()),
                Err(_) => {
                    metrics.chain_away.set(1);
                    health.bad("chain", "no new block");
                    tracing::warn!(
                        url = chain.connection().url(),
                        "no new block for a while: rounds and weights wait, what was set stays until it is too old; check the node"
                    );
                }
            }
        }
    }
}

/// Whether the data was written on this chain: epochs and commits of another would be taken for this one's. False if told to stop
/// before that was known. **Errors:** it was another chain.
async fn same_chain(
    chain: &impl ChainAccess,
    store: &Store,
    folder: &Path,
    stop: &Stop,
) -> Result<bool> {
    let Some((number, hash)) = store
        .anchor()
        .map_err(|error| data_failure(folder, &error))?
    else {
        return Ok(true);
    };
    let mut heads = chain.heads();
    let mut pause = Duration::from_secs(5);
    loop {
        let head = heads.borrow_and_update().map_or(0, |head| head.number);
        match chain.hash_of(number).await {
            Ok(Some(found)) if found == hash => return Ok(true),
            Ok(Some(_)) => {
                return Err(Failure::new(
                    Code::Data,
                    format!("{} was written on another chain: its block {number} is not the one of this chain.", folder.display()),
                    "its averages and commits mean nothing here, so nothing was started and nothing is earned.",
                    "check --chain; if the chain was started anew, name another folder with --data or move this one away.",
                )
                .into());
            }
            Ok(None) => tracing::warn!(
                block = head,
                number,
                "the node is behind what the data knows: waiting for it to sync; if the chain was started anew, use another --data"
            ),
            Err(error) => tracing::warn!(%error, "the chain does not answer"),
        }
        tokio::select! {
            () = stop.requested() => return Ok(false),
            () = tokio::time::sleep(pause) => pause = (pause * 2).min(LONGEST_PAUSE),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        hotkey::Hotkey,
        simulation::chain::{Memory, block_hash},
    };

    #[tokio::test]
    async fn data_of_another_chain_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let own = Hotkey([1; 32]);
        let store = Store::open(folder.path(), &own).expect("opened");
        let chain = Memory::new(own);
        for _ in 0..9 {
            chain.produce();
        }
        let stop = Stop::new();
        assert!(
            same_chain(&chain, &store, folder.path(), &stop)
                .await
                .expect("new data")
        );
        store.set_anchor(5, block_hash(5)).expect("written");
        assert!(
            same_chain(&chain, &store, folder.path(), &stop)
                .await
                .expect("the same")
        );
        store.set_anchor(5, [0; 32]).expect("written");
        let error = same_chain(&chain, &store, folder.path(), &stop)
            .await
            .expect_err("another");
        assert!(error.to_string().contains("another chain"), "{error}");
        store.set_anchor(500, [0; 32]).expect("written");
        stop.now();
        assert!(
            !same_chain(&chain, &store, folder.path(), &stop)
                .await
                .expect("behind")
        );
    }
}
