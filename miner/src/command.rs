//! Commands.

use std::{path::PathBuf, sync::Arc};

use anyhow::Result;
use dendra_client::{Chain, Options as ChainOptions};
use model_inference::{DataType, Device, Engine, Options as EngineOptions, Plan};
use neuron_operator::{
    config::Origin,
    exit::{Code, Failure},
    logs,
    report::{self, Style},
    stop::Stop,
};
use subnet_sdk::Models;

use crate::{
    bench,
    cli::{Cli, Command},
    doctor, explain, identity,
    network::Snapshot,
    register::{self, Registered, chain_failure, tao},
    serve,
    settings::{PREFIX, Settings},
    template,
};

/// Does what the command line says.
pub async fn run(cli: Cli) -> Result<()> {
    let flags = cli.command.flags().clone();
    let layered = flags.read::<Settings>(PREFIX)?;
    if flags.print_config {
        layered.print(&mut std::io::stdout().lock(), flags.json)?;
        return Ok(());
    }
    let lasts = matches!(cli.command, Command::Serve(_) | Command::Bench { .. });
    let filter = match layered.origin("log") {
        // Who only asks something wants the answer.
        Origin::Default if !lasts => "warn",
        _ => layered.value.log.as_str(),
    };
    logs::start(filter, layered.value.log_format())?;
    let settings = layered.value;
    let style = Style::detect(flags.json);
    match cli.command {
        Command::Serve(_) => {
            let stop = Stop::on_signals()?;
            let wallet = identity::open(&settings)?;
            let models = engine(&settings)?;
            serve::serve(settings, wallet, models, stop).await?;
        }
        Command::Register(_) => register(&settings, style).await?,
        Command::Doctor(_) => {
            let findings = doctor::examine(&settings, engine(&settings)?).await;
            report::print(std::slice::from_ref(findings.table()), style);
            findings.verdict()?;
        }
        Command::Explain { receipts, .. } => explain(&settings, &receipts, style).await?,
        Command::Bench {
            tokens,
            prompt,
            at_once,
            runs,
            ..
        } => {
            let plan = Plan {
                prompt,
                generated: tokens,
                concurrent: at_once.clamp(1, 256),
                runs: runs.max(1),
            };
            bench(&settings, plan, style).await?;
        }
    }
    Ok(())
}

/// The inference engine.
fn engine(settings: &Settings) -> Result<Arc<dyn Models>, Failure> {
    let unusable = |key: &str, problem: String| {
        Failure::new(
            Code::Configuration,
            format!("`{key}`: {problem}."),
            "nothing was started, so nothing is earned.",
            "correct it; --help lists what there is.",
        )
    };
    let data_type = settings.data_type.parse::<DataType>();
    let device = settings.device.parse::<Device>();
    Ok(Arc::new(Engine::new(EngineOptions {
        threads: settings.threads,
        data_type: data_type.map_err(|problem| unusable("data-type", problem))?,
        device: device.map_err(|problem| unusable("device", problem))?,
        // Validators and programs have places of their own, and each has a thread that waits for the model.
        most_running: settings.running.saturating_mul(2),
        most_waiting: settings.running.saturating_mul(2),
        ..EngineOptions::default()
    })))
}

async fn connect(settings: &Settings) -> Result<Chain, Failure> {
    let options = ChainOptions::within(Settings::PATIENCE);
    let chain = Chain::connect_with(&settings.account.chain, options).await;
    chain.map_err(chain_failure)
}

async fn register(settings: &Settings, style: Style) -> Result<(), Failure> {
    let wallet = identity::open(settings)?;
    let chain = connect(settings).await?;
    let registered = register::register(&chain, &wallet, settings).await?;
    let mut table = report::Table::new("registration", &["netuid", "uid", "price", "finding"]);
    let (price, finding) = match registered {
        Registered::Already(_) => (serde_json::Value::Null, "it was registered before"),
        Registered::Now { price, .. } => (tao(price).into(), "it is registered now"),
    };
    table.row([
        settings.netuid()?.into(),
        registered.uid().into(),
        price,
        finding.into(),
    ]);
    report::print(&[table], style);
    Ok(())
}

async fn explain(settings: &Settings, receipts: &[PathBuf], style: Style) -> Result<(), Failure> {
    let netuid = settings.netuid()?;
    let wallet = identity::open(settings)?;
    let hotkey = identity::hotkey(&wallet);
    let chain = connect(settings).await?;
    let graph = chain.metagraph(netuid).await.map_err(chain_failure)?;
    let graph = graph.ok_or_else(|| register::no_subnet(netuid))?;
    let snapshot = Snapshot::from(&graph);
    let mut tables = vec![explain::standing(&snapshot, &hotkey)?];
    if !receipts.is_empty() {
        let scores = explain::scores(receipts, netuid, &hotkey, Some(&snapshot))?;
        if scores.wrong > 0 {
            tracing::warn!(
                lines = scores.wrong,
                "lines are no receipts, or were altered"
            );
        }
        tables.push(scores.table);
    }
    report::print(&tables, style);
    Ok(())
}

async fn bench(settings: &Settings, plan: Plan, style: Style) -> Result<(), Failure> {
    let models = engine(settings)?;
    let reference = settings.model.clone().ok_or_else(|| {
        Failure::new(
            Code::Configuration,
            "`model` is not set.",
            "none: this is only a measurement.",
            "say which model to measure, such as --model tiny:trained.",
        )
    })?;
    let reference = neuron_operator::models::from_environment(&reference);
    let measured = tokio::task::spawn_blocking(move || {
        let model = models.load(&reference)?;
        bench::measure(model.as_ref(), &plan)
    });
    let table = measured
        .await
        .map_err(|error| anyhow_failure(error.to_string()))?
        .map_err(|error| template::failure(&error.into()))?;
    report::print(&[table], style);
    Ok(())
}

fn anyhow_failure(text: String) -> Failure {
    Failure::new(Code::General, text, "none.", "report this.")
}
