//! Whether others reach the miner.

use std::time::{Duration, Instant};

use dendra_client::wallet::Wallet;
use neuron_operator::{
    findings::Findings,
    report::Mark,
    server::{self, Limits},
    stop::Stop,
};
use tokio::net::TcpListener;

use crate::{
    identity,
    probe::{self, Presence, ProbeError},
    settings::Settings,
};

/// Whether the port can be opened, or is open by this very miner; and whether the published address leads there.
pub(super) async fn examine(settings: &Settings, wallet: Option<&Wallet>, findings: &mut Findings) {
    let listen = settings.listen();
    let own = wallet.map(|wallet| hex::encode(identity::hotkey(wallet)));
    let stop = Stop::new();
    let mut standing_in = None;
    match server::bind(listen).await {
        Ok(listener) => {
            findings.add("port", Mark::Good, format!("{listen} can be opened"), "");
            if let Some(hotkey) = &own {
                standing_in = Some(tokio::spawn(stand_in(
                    listener,
                    hotkey.clone(),
                    settings.clone(),
                    stop.clone(),
                )));
            }
        }
        Err(_) => match probe::presence(listen, Settings::PATIENCE).await {
            Ok(found) if Some(&found.hotkey) == own.as_ref() => {
                let text = match found.ready {
                    true => format!("this miner serves at {listen}"),
                    false => format!("this miner runs at {listen}, but is not ready yet"),
                };
                findings.add("port", Mark::Good, text, "");
            }
            _ => findings.add(
                "port",
                Mark::Bad,
                format!("{listen} is taken by something else, or is not this machine's"),
                "stop what listens there, or choose another --listen",
            ),
        },
    }
    reach(settings, own.as_deref(), findings).await;
    stop.now();
    if let Some(task) = standing_in {
        let _ = task.await;
    }
}

/// Whether the published address leads here.
async fn reach(settings: &Settings, own: Option<&str>, findings: &mut Findings) {
    let (Some(announced), Some(own)) = (settings.announce(), own) else {
        return;
    };
    let started = Instant::now();
    match probe::presence(announced, Duration::from_secs(4)).await {
        Ok(Presence { hotkey, .. }) if hotkey == own => findings.add(
            "reachability",
            Mark::Good,
            format!("{announced} leads here, in {} ms", started.elapsed().as_millis()),
            "",
        ),
        Ok(_) => findings.add(
            "reachability",
            Mark::Bad,
            format!("another miner answers at {announced}"),
            "correct --announce or the forwarding of the port",
        ),
        Err(error @ ProbeError::Stranger) => findings.add(
            "reachability",
            Mark::Bad,
            format!("{announced}: {error}"),
            "correct --announce or the forwarding of the port",
        ),
        Err(error @ ProbeError::Silent(_)) => findings.add(
            "reachability",
            Mark::Warning,
            format!("{announced}: {error}"),
            "open the port in the firewall and forward it; some routers only hide it from the inside, so ask from outside too: curl http://ADDRESS:PORT/health",
        ),
    }
}

/// Answers `/health` while the miner itself does not run.
async fn stand_in(listener: TcpListener, hotkey: String, settings: Settings, stop: Stop) {
    let answer = serde_json::json!({
        "hotkey": hotkey,
        "netuid": settings.netuid.unwrap_or_default(),
        "template": settings.template.unwrap_or_default(),
        "ready": false,
    });
    let health = axum::routing::get(move || std::future::ready(axum::Json(answer.clone())));
    let app = axum::Router::new().route("/health", health);
    let limits = Limits {
        grace: Duration::from_millis(100),
        ..Limits::default()
    };
    server::serve(listener, app, limits, None, stop).await;
}
