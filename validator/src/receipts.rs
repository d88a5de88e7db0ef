//! Score receipts: what the validator signs about every miner, serves to miners, and checks for them.

mod server;
#[cfg(test)]
mod tests;

use neuron_protocol::{Receipt, ReceiptError};
use sp_core::{Pair as _, sr25519::Pair};
use subnet_sdk::{Seed, Verdict};

use crate::hotkey::Hotkey;

pub use server::{Served, router};

/// The round that receipts are about.
#[derive(Clone, Copy, Debug)]
pub struct About {
    /// Subnet.
    pub netuid: u16,
    /// The chain's number of the epoch.
    pub epoch: u64,
    /// Seed of the round.
    pub seed: Seed,
}

impl About {
    /// A signed line for every verdict, each with its newline. **Errors:** see [`ReceiptError`].
    pub fn lines(&self, pair: &Pair, verdicts: &[Verdict]) -> Result<String, ReceiptError> {
        let validator = pair.public().0;
        let mut lines = String::new();
        for verdict in verdicts {
            let receipt = Receipt {
                validator,
                netuid: self.netuid,
                epoch: self.epoch,
                uid: verdict.miner.uid,
                hotkey: verdict.miner.hotkey,
                score: verdict.score,
                reason: verdict.reason.clone(),
                parts: verdict.parts.clone(),
                seed: *self.seed.bytes(),
            };
            lines.push_str(&receipt.sign(pair)?);
            lines.push('\n');
        }
        Ok(lines)
    }
}

/// The lines that are about a hotkey. Lines that are no JSON are left out.
pub fn about(lines: &str, hotkey: &Hotkey) -> String {
    let digits = hex::encode(hotkey.0);
    let mut own = String::new();
    for line in lines.lines() {
        let value: Option<serde_json::Value> = serde_json::from_str(line).ok();
        let named = value
            .as_ref()
            .and_then(|value| value.get("hotkey")?.as_str());
        if named == Some(digits.as_str()) {
            own.push_str(line);
            own.push('\n');
        }
    }
    own
}

/// What checking a line gave.
#[derive(Clone, Debug, PartialEq)]
pub struct Checked {
    /// Number of the line, from 1.
    pub line: usize,
    /// What the receipt says, or why it is none.
    pub result: Result<Receipt, String>,
}

/// Checks each line that is not empty. `validator`: whose signature is wanted, if that is known.
pub fn check(lines: &str, validator: Option<&Hotkey>) -> Vec<Checked> {
    let check = |text: &str| -> Result<Receipt, String> {
        let receipt = Receipt::verify(text)
            .map_err(|error| error.to_string())?
            .get()
            .clone();
        match validator {
            Some(wanted) if receipt.validator != wanted.0 => Err(format!(
                "signed by {}, not by {wanted}",
                Hotkey(receipt.validator)
            )),
            _ => Ok(receipt),
        }
    };
    (1..)
        .zip(lines.lines())
        .filter(|(_, text)| !text.trim().is_empty())
        .map(|(line, text)| Checked {
            line,
            result: check(text),
        })
        .collect()
}
