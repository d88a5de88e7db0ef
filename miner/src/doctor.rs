//! Checking everything that earning depends on.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use dendra_client::{
    AccountId32, Chain, Options as ChainOptions,
    wallet::{Wallet, to_ss58},
};
use neuron_operator::{
    findings::{CLOCK_TOLERANCE, Findings, RUNTIME, own_clock},
    report::Mark,
    server::{self, Limits},
    stop::Stop,
};
use subnet_sdk::Models;
use tokio::net::TcpListener;

use crate::{
    identity,
    network::Snapshot,
    probe::{self, Presence, ProbeError},
    register::tao,
    settings::Settings,
    template,
};

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
    let declaration = chain(settings, wallet.as_ref(), &mut findings).await;
    port(settings, wallet.as_ref(), &mut findings).await;
    model(settings, models, declaration, &mut findings).await;
    findings
}

/// Everything that the chain knows. Gives what the owner has declared.
async fn chain(
    settings: &Settings,
    wallet: Option<&Wallet>,
    findings: &mut Findings,
) -> Option<Vec<u8>> {
    let options = ChainOptions::within(Settings::PATIENCE);
    let head = match Chain::connect_with(&settings.account.chain, options).await {
        Ok(chain) => chain.head().await.map(|head| (chain, head)),
        Err(error) => Err(error),
    };
    let (chain, head) = match head {
        Ok(found) => found,
        Err(error) => {
            findings.add(
                "chain",
                Mark::Bad,
                error.to_string(),
                "start the node, or correct --chain; a running miner serves on with what it knows",
            );
            return None;
        }
    };
    findings.add(
        "chain",
        Mark::Good,
        format!("{} at block {}", settings.account.chain, head.number),
        "",
    );
    runtime(&chain, findings).await;
    clock(&chain, findings).await;
    let netuid = match settings.netuid {
        Some(netuid) => netuid,
        None => {
            findings.add("subnet", Mark::Bad, "not set", "say --netuid N");
            return None;
        }
    };
    let snapshot = match chain.metagraph(netuid).await {
        Ok(Some(graph)) => Snapshot::from(&graph),
        Ok(None) => {
            findings.add(
                "subnet",
                Mark::Bad,
                format!("there is no subnet {netuid}"),
                "check --netuid and --chain",
            );
            return None;
        }
        Err(error) => {
            findings.add("subnet", Mark::Bad, error.to_string(), "try again");
            return None;
        }
    };
    let permits = snapshot.neurons().iter().filter(|n| n.permit).count();
    findings.add(
        "subnet",
        Mark::Good,
        format!(
            "{} of {} neurons, {permits} with a validator permit, tempo {} blocks",
            snapshot.neurons().len(),
            snapshot.most_neurons,
            snapshot.tempo
        ),
        "",
    );
    if let Some(wallet) = wallet {
        registration(wallet, &snapshot, findings);
        balance(&chain, wallet, &snapshot, findings).await;
        endpoint(settings, wallet, &snapshot, findings);
    }
    let owner = AccountId32::new(snapshot.owner_hotkey);
    chain.commitment(netuid, &owner).await.ok().flatten()
}

async fn runtime(chain: &Chain, findings: &mut Findings) {
    match chain.runtime_version().await {
        Ok(version) => {
            let text = format!("{} {}", version.spec_name, version.spec_version);
            match version.spec_name == RUNTIME {
                true => findings.add("runtime", Mark::Good, text, ""),
                false => findings.add(
                    "runtime",
                    Mark::Warning,
                    text,
                    "this miner was made for another chain; check --chain",
                ),
            }
        }
        Err(error) => findings.add("runtime", Mark::Bad, error.to_string(), "try again"),
    }
}

async fn clock(chain: &Chain, findings: &mut Findings) {
    let (now, slot) = match (chain.now_ms().await, chain.slot_duration_ms().await) {
        (Ok(now), Ok(slot)) => (now, slot),
        (Err(error), _) | (_, Err(error)) => {
            findings.add("clock", Mark::Warning, error.to_string(), "try again");
            return;
        }
    };
    let ahead = own_clock().saturating_sub(i64::try_from(now).unwrap_or(i64::MAX));
    let (mark, todo) = judge_clock(ahead, slot);
    let text = match ahead {
        0.. => format!("{ahead} ms after the last block's time; a block takes {slot} ms"),
        _ => format!("{} ms before the last block's time", ahead.unsigned_abs()),
    };
    findings.add("clock", mark, text, todo);
}

/// What it means that the machine's clock is so many milliseconds ahead of the last block.
fn judge_clock(ahead: i64, slot_ms: u64) -> (Mark, &'static str) {
    // Up to two blocks may have been left out.
    let most = i64::try_from(slot_ms.saturating_mul(3)).unwrap_or(i64::MAX);
    if ahead < -CLOCK_TOLERANCE {
        (
            Mark::Warning,
            "the clock is slow: set it with a time service (NTP)",
        )
    } else if ahead > most.saturating_add(CLOCK_TOLERANCE) {
        (
            Mark::Warning,
            "either the clock is fast, or the node does not follow the chain: compare its block with an explorer's",
        )
    } else {
        (Mark::Good, "")
    }
}

fn registration(wallet: &Wallet, snapshot: &Snapshot, findings: &mut Findings) {
    match snapshot.neuron(&identity::hotkey(wallet)) {
        Some(own) => {
            let immunity = snapshot.immunity_left(own);
            let text = match immunity {
                0 => format!(
                    "uid {}, {} neurons stand below",
                    own.uid,
                    snapshot.below(own)
                ),
                left => format!("uid {}, immune for {left} blocks", own.uid),
            };
            findings.add("registration", Mark::Good, text, "");
        }
        None => findings.add(
            "registration",
            Mark::Bad,
            format!(
                "the hotkey has no uid; it costs {} TAO now",
                tao(snapshot.burn)
            ),
            match snapshot.registration_allowed {
                true => "`dendra-miner register` says how",
                false => "the owner does not allow registrations at the moment; wait",
            },
        ),
    }
}

async fn balance(chain: &Chain, wallet: &Wallet, snapshot: &Snapshot, findings: &mut Findings) {
    let Some(coldkey) = wallet.coldkey() else {
        findings.add(
            "balance",
            Mark::Warning,
            "the wallet does not say its coldkey",
            "put coldkeypub.txt into the wallet's folder to see its balance",
        );
        return;
    };
    match chain.balance(coldkey).await {
        Ok(rao) => {
            let registered = snapshot.neuron(&identity::hotkey(wallet)).is_some();
            let text = format!("{} TAO of {}", tao(rao), to_ss58(coldkey));
            if registered || rao >= snapshot.burn {
                findings.add("balance", Mark::Good, text, "");
            } else {
                let todo = format!("send at least {} TAO to register", tao(snapshot.burn));
                findings.add("balance", Mark::Bad, text, &todo);
            }
        }
        Err(error) => findings.add("balance", Mark::Warning, error.to_string(), "try again"),
    }
}

fn endpoint(settings: &Settings, wallet: &Wallet, snapshot: &Snapshot, findings: &mut Findings) {
    let Some(own) = snapshot.neuron(&identity::hotkey(wallet)) else {
        return;
    };
    let on_chain = own.axon.map(|(address, _)| address);
    match (on_chain, settings.announce()) {
        (None, None) => findings.add(
            "endpoint",
            Mark::Bad,
            "none on chain, so validators do not find the miner",
            "serve with --announce ADDRESS:PORT",
        ),
        (Some(found), Some(wanted)) if found != wanted => findings.add(
            "endpoint",
            Mark::Warning,
            format!("{found} on chain, {wanted} in the settings"),
            "`dendra-miner serve` publishes it",
        ),
        (None, Some(wanted)) => findings.add(
            "endpoint",
            Mark::Warning,
            format!("{wanted} is not on chain yet"),
            "`dendra-miner serve` publishes it",
        ),
        (Some(found), _) => findings.add("endpoint", Mark::Good, format!("{found} on chain"), ""),
    }
}

/// Whether the port can be opened, or is open by this very miner; and whether the published address leads there.
async fn port(settings: &Settings, wallet: Option<&Wallet>, findings: &mut Findings) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_may_lie_between_two_blocks_but_not_elsewhere() {
        assert_eq!(judge_clock(5_000, 12_000).0, Mark::Good);
        assert_eq!(judge_clock(-2_000, 12_000).0, Mark::Good);
        assert_eq!(judge_clock(-10_000, 12_000).0, Mark::Warning);
        assert_eq!(judge_clock(60_000, 12_000).0, Mark::Warning);
        assert_eq!(judge_clock(200, 250).0, Mark::Good);
        assert_eq!(judge_clock(5_000, 250).0, Mark::Warning);
    }
}
