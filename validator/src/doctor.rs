//! Checking everything that earning depends on.

mod subnet;

use dendra_client::{Chain, wallet::Wallet};
use neuron_operator::{
    exit::Failure,
    findings::{CLOCK_TOLERANCE, Findings, RUNTIME, own_clock},
    report::Mark,
    server,
};

use crate::{
    chain::{ChainAccess, Live},
    duty::SharedModels,
    hotkey::Hotkey,
    opening::{hotkey, patient},
    settings::Settings,
    store::{Store, StoreError},
};

/// Checks everything. Takes some seconds, each question within [`Settings::PATIENCE`]; models take as long as they take.
pub async fn examine(
    settings: &Settings,
    wallet: Result<Wallet, Failure>,
    models: SharedModels,
) -> Findings {
    let mut findings = Findings::default();
    let own = match &wallet {
        Ok(wallet) => {
            let warned = wallet.warnings().join("; ");
            let mark = if warned.is_empty() {
                Mark::Good
            } else {
                Mark::Warning
            };
            findings.add(
                "hotkey",
                mark,
                format!("{}: {}", wallet.name(), hotkey(wallet)),
                &warned,
            );
            Some(hotkey(wallet))
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
    if let Some(own) = &own {
        data(settings, own, &mut findings);
    }
    if let Some(address) = settings.receipts() {
        match server::bind(address).await {
            Ok(_) => findings.add(
                "receipts",
                Mark::Good,
                format!("{address} can be opened"),
                "",
            ),
            Err(failure) => findings.add(
                "receipts",
                Mark::Warning,
                failure.first_line(),
                "fine while `run` has it; otherwise choose another port",
            ),
        }
    }
    let duties = match settings.duties() {
        Ok(duties) => duties,
        Err(failure) => {
            findings.add(
                "subnets",
                Mark::Bad,
                failure.first_line(),
                "name a subnet with its template, such as --subnet 1:custom",
            );
            return findings;
        }
    };
    let chain = match Chain::connect_with(&settings.account.chain, patient()).await {
        Ok(chain) => Live::reading(chain),
        Err(error) => {
            findings.add(
                "node",
                Mark::Bad,
                error.to_string(),
                "start the node, or correct --chain",
            );
            return findings;
        }
    };
    node(&chain, &mut findings).await;
    for duty in duties {
        subnet::examine(&chain, &duty, own.as_ref(), &models, &mut findings).await;
    }
    findings
}

/// The folder of averages and salts.
fn data(settings: &Settings, own: &Hotkey, findings: &mut Findings) {
    let folder = match settings.data(own) {
        Ok(folder) => folder,
        Err(failure) => {
            return findings.add(
                "data",
                Mark::Bad,
                failure.first_line(),
                "name a folder with --data",
            );
        }
    };
    if !folder.exists() {
        return findings.add(
            "data",
            Mark::Good,
            format!("{} will be made", folder.display()),
            "",
        );
    }
    match Store::read_only(&folder) {
        Ok(store) => match store.hotkey() {
            Ok(Some(found)) if found != *own => {
                findings.add(
                    "data",
                    Mark::Bad,
                    format!("{} belongs to {found}", folder.display()),
                    "name another folder with --data",
                );
            }
            _ => findings.add("data", Mark::Good, folder.display().to_string(), ""),
        },
        Err(StoreError::Open { path, .. }) if !path.exists() => {
            findings.add(
                "data",
                Mark::Good,
                format!("{} is empty", folder.display()),
                "",
            );
        }
        Err(error) => findings.add(
            "data",
            Mark::Bad,
            error.to_string(),
            "make it readable, or name another folder with --data",
        ),
    }
}

/// Clock and runtime.
async fn node(chain: &impl ChainAccess, findings: &mut Findings) {
    match chain.runtime().await {
        Ok((name, version)) if name == RUNTIME => {
            findings.add("runtime", Mark::Good, format!("{name} {version}"), "");
        }
        Ok((name, version)) => {
            findings.add(
                "runtime",
                Mark::Warning,
                format!("{name} {version}, made for {RUNTIME}"),
                "check that --chain is the right network",
            );
        }
        Err(error) => {
            return findings.add("runtime", Mark::Bad, error.to_string(), "check the node");
        }
    }
    let (Ok(clock), Ok(block)) = (chain.clock().await, chain.block_time().await) else {
        return findings.add(
            "clock",
            Mark::Warning,
            "the chain does not tell its time",
            "check the node",
        );
    };
    let behind = own_clock().saturating_sub(i64::try_from(clock).unwrap_or(0));
    let allowed =
        CLOCK_TOLERANCE.saturating_add(i64::try_from(block).unwrap_or(0).saturating_mul(2));
    let finding = format!("the newest block is {:.1} s old", behind as f64 / 1e3);
    if behind.abs() <= allowed {
        findings.add("clock", Mark::Good, finding, "");
    } else {
        findings.add(
            "clock",
            Mark::Bad,
            finding,
            "set this machine's clock (NTP), or wait until the node is in sync",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulation::{chain::Memory, miners};

    #[tokio::test]
    async fn a_clock_that_is_wrong_is_found() {
        let chain = Memory::new(miners::hotkey(0));
        let mut findings = Findings::default();
        node(&chain, &mut findings).await;
        // The clock of the chain in memory starts in 1970, and its runtime has another name.
        assert_eq!(findings.worst(), Mark::Bad);
        let text = findings
            .table()
            .render(neuron_operator::report::Style::Plain);
        assert!(
            text.contains("set this machine's clock") && text.contains("runtime\twarning"),
            "{text}"
        );
    }
}
