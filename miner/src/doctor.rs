//! Checking everything that earning depends on.

mod chain;
mod port;

use std::{sync::Arc, time::Instant};

use dendra_client::wallet::to_ss58;
use neuron_operator::{findings::Findings, report::Mark};
use subnet_sdk::Models;

use crate::{identity, settings::Settings, template};

/// Checks everything. Takes some seconds, each part within [`Settings::PATIENCE`] (a model takes as long as it takes).
pub async fn examine(settings: &Settings, models: Arc<dyn Models>) -> Findings {
    let mut findings = Findings::default();
    let wallet = match identity::open(settings) {
        Ok(wallet) => {
            let finding = format!("{} ({})", to_ss58(&wallet.hotkey()), wallet.name());
            let warned = wallet.warnings().join("; ");
            match warned.is_empty() {
                true => findings.add("hotkey", Mark::Good, finding, ""),
                false => findings.add("hotkey", Mark::Warning, finding, &warned),
            }
            Some(wallet)
        }
        Err(failure) => {
            findings.add(
                "hotkey",
                Mark::Bad,
                failure.first_line(),
                "name a wallet with --wallet and --hotkey, or use --suri",
            );
            None
        }
    };
    let declaration = chain::examine(settings, wallet.as_ref(), &mut findings).await;
    port::examine(settings, wallet.as_ref(), &mut findings).await;
    model(settings, models, declaration, &mut findings).await;
    findings
}

/// Whether the model loads and is the one that the owner declares.
async fn model(
    settings: &Settings,
    models: Arc<dyn Models>,
    declaration: Option<Vec<u8>>,
    findings: &mut Findings,
) {
    let found = settings.template().and_then(template::find);
    let template = match found {
        Ok(template) => template,
        Err(failure) => {
            findings.add(
                "template",
                Mark::Bad,
                failure.first_line(),
                "say --template NAME",
            );
            return;
        }
    };
    let description = template.description();
    findings.add(
        "template",
        Mark::Good,
        format!(
            "{} {}: {}",
            description.name, description.version, description.summary
        ),
        "",
    );
    let values = settings.template_settings();
    let started = Instant::now();
    let loaded = tokio::task::spawn_blocking(move || {
        template::worker(template, models.as_ref(), &values, declaration.as_deref())
    });
    match loaded.await {
        Ok(Ok(worker)) => findings.add(
            "model",
            Mark::Good,
            format!(
                "{}, loaded in {:.1} s",
                worker.serves(),
                started.elapsed().as_secs_f64()
            ),
            "",
        ),
        Ok(Err(error)) => findings.add(
            "model",
            Mark::Bad,
            error.to_string(),
            "correct --model and --setting; the owner's declaration decides",
        ),
        Err(_) => findings.add("model", Mark::Bad, "loading failed", "report this"),
    }
}
