//! What the chain says of the miner.

use dendra_client::{
    AccountId32, Chain, Options as ChainOptions,
    wallet::{Wallet, to_ss58},
};
use neuron_operator::{
    findings::{CLOCK_TOLERANCE, Findings, RUNTIME, own_clock},
    report::Mark,
};

use crate::{identity, network::Snapshot, register::tao, settings::Settings};

/// Everything that the chain knows. Gives what the owner has declared.
pub(super) async fn examine(
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
