//! Serving: the port, the model, the chain, and their end.

use std::{sync::Arc, time::Duration};

use dendra_client::{Chain, Options as ChainOptions, wallet::Wallet};
use neuron_operator::{
    exit::{Code, Failure},
    metrics::{self as published, Health},
    server::{self, Counters, Limits},
    stop::Stop,
};
use subnet_sdk::{Models, Template, TemplateError};
use tokio::{net::TcpListener, sync::watch, task::JoinSet};

use crate::{
    admission::Admission,
    follow::{Declaration, Follower},
    gateway::{Gateway, Manner, View, WorkerSlot},
    identity,
    metrics::Metrics,
    register::chain_failure,
    settings::Settings,
    template,
    work::Pool,
};

/// How long an operator is ready to wait for open requests when the miner stops.
const GRACE: Duration = Duration::from_secs(10);

/// Serves until stopped. **Errors:** what no waiting will cure.
pub async fn serve(
    settings: Settings,
    wallet: Wallet,
    models: Arc<dyn Models>,
    stop: Stop,
) -> Result<(), Failure> {
    let netuid = settings.netuid()?;
    let template = template::find(settings.template()?)?;
    let listener = server::bind(settings.listen()).await?;
    let metrics = Metrics::new().map_err(internal)?;
    let health = Health::new();
    let _metrics_server =
        published::serve(settings.metrics_port, &metrics.registry, &health).await?;
    let chain = Chain::connect_lazily(&settings.account.chain, ChainOptions::default())
        .map_err(chain_failure)?;
    let view = Arc::new(View::new(identity::hotkey(&wallet)));
    let worker = WorkerSlot::empty("the model is being loaded");
    health.bad("model", "being loaded");
    let (declare, declared) = watch::channel(Declaration::Unknown);
    let gateway = Arc::new(Gateway {
        pair: wallet.pair().clone(),
        netuid,
        description: settings.described(template.description()),
        view: Arc::clone(&view),
        worker: worker.clone(),
        admission: Admission::new(settings.allowance(), settings.min_stake()),
        tasks: Pool::new(settings.running, settings.queue, metrics.running.clone()),
        clients: Pool::new(settings.running, settings.queue, metrics.running.clone()),
        metrics: metrics.clone(),
        manner: Manner {
            completions: settings.completions(),
            ..Manner::default()
        },
    });
    greet(&settings, &wallet, &listener);

    let mut parts = JoinSet::new();
    let counters = Counters::register("dendra_miner", &metrics.registry).map_err(internal)?;
    parts.spawn(listen(listener, gateway, counters, stop.clone()));
    let loader = Loader {
        template,
        models,
        settings: settings.clone(),
        worker,
        health: health.clone(),
        stop: stop.clone(),
    };
    parts.spawn(loader.run(declared));
    let follower = Follower {
        chain,
        wallet,
        settings,
        view,
        declaration: declare,
        metrics,
        health,
        stop: stop.clone(),
    };
    parts.spawn(follower.run());

    let mut result = Ok(());
    while let Some(ended) = parts.join_next().await {
        let ended = ended.unwrap_or_else(|error| Err(internal(error)));
        if let Err(failure) = ended
            && result.is_ok()
        {
            result = Err(failure);
        }
        stop.now();
    }
    tracing::info!("stopped");
    result
}

/// Says what an operator wants to know first.
fn greet(settings: &Settings, wallet: &Wallet, listener: &TcpListener) {
    let address = listener.local_addr().unwrap_or_else(|_| settings.listen());
    tracing::info!(
        %address,
        hotkey = dendra_client::wallet::to_ss58(&wallet.hotkey()),
        netuid = settings.netuid,
        template = settings.template,
        "serving"
    );
    match settings.announce.as_deref() {
        None => tracing::warn!(
            "nothing is published on chain (--announce), so validators do not find this miner unless its endpoint stands there already"
        ),
        Some(announce) => tracing::info!(announce, "endpoint for validators"),
    }
}

async fn listen(
    listener: TcpListener,
    gateway: Arc<Gateway>,
    counters: Counters,
    stop: Stop,
) -> Result<(), Failure> {
    let limits = Limits {
        grace: GRACE,
        ..Limits::default()
    };
    server::serve(listener, gateway.router(), limits, Some(counters), stop).await;
    Ok(())
}

/// Loads the template's half, and again when the owner declares something else.
struct Loader {
    template: &'static dyn Template,
    models: Arc<dyn Models>,
    settings: Settings,
    worker: WorkerSlot,
    health: Health,
    stop: Stop,
}

impl Loader {
    async fn run(self, mut declared: watch::Receiver<Declaration>) -> Result<(), Failure> {
        loop {
            let declaration = declared.borrow_and_update().clone();
            let known = declaration != Declaration::Unknown;
            match self.load(declaration).await? {
                Ok(serves) => {
                    tracing::info!(serves, "ready");
                    self.health.good("model", serves);
                }
                // The owner's word decides, and the chain was not there yet, or the model served before goes on.
                Err(TemplateError::Declaration(problem)) if !known || self.worker.get().is_ok() => {
                    let text = match known {
                        true => format!("the owner's declaration does not fit any more: {problem}"),
                        false => format!("waiting for the chain: {problem}"),
                    };
                    tracing::warn!("{text}");
                    self.worker.explain(text.clone());
                    self.health.bad("model", text);
                }
                Err(error) if self.worker.get().is_err() => return Err(template::failure(&error)),
                Err(error) => {
                    tracing::error!(%error, "serving on with what was loaded before");
                    self.health.bad("model", error.to_string());
                }
            }
            tokio::select! {
                () = self.stop.requested() => return Ok(()),
                changed = declared.changed() => {
                    if changed.is_err() {
                        self.stop.requested().await;
                        return Ok(());
                    }
                }
            }
        }
    }

    /// Loads on a thread of its own; gives what is served.
    async fn load(
        &self,
        declaration: Declaration,
    ) -> Result<Result<String, TemplateError>, Failure> {
        let template = self.template;
        let models = Arc::clone(&self.models);
        let settings = self.settings.template_settings();
        let loading = tokio::task::spawn_blocking(move || {
            let declaration = match declaration {
                Declaration::Known(declaration) => declaration,
                Declaration::Unknown => None,
            };
            template::worker(template, models.as_ref(), &settings, declaration.as_deref())
        });
        let started = std::time::Instant::now();
        tokio::pin!(loading);
        let loaded = loop {
            tokio::select! {
                loaded = &mut loading => break loaded.map_err(internal)?,
                () = self.stop.requested() => return Ok(Ok("nothing: stopping".into())),
                () = tokio::time::sleep(Duration::from_secs(2)) => {
                    tracing::info!(seconds = started.elapsed().as_secs(), "loading the model");
                }
            }
        };
        Ok(loaded.map(|worker| {
            let serves = worker.serves();
            self.worker.fill(worker);
            serves
        }))
    }
}

/// What should not happen.
fn internal(error: impl std::fmt::Display) -> Failure {
    Failure::new(
        Code::General,
        format!("the miner failed: {error}."),
        "it stopped, so nothing is earned until it runs again.",
        "start it again and report this.",
    )
}
