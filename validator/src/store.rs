//! What survives the process: averages, rounds, receipts, and how far weights are handed in.
//!
//! One file of redb. Every write is one transaction that is on disk when the call returns. While `run` writes, other processes may
//! read. Values are JSON but for averages; `format` in the table `about` is the version of all of this.

mod error;
mod file;
mod records;
#[cfg(test)]
mod tests;

use std::path::Path;

use redb::{ReadableTable, TableDefinition};
use serde::{Serialize, de::DeserializeOwned};

use crate::{average::Average, hotkey::Hotkey, submission::Submission};

pub use error::StoreError;
pub use records::{Round, Stored};

use error::Done;
use file::File;

/// Version of the format.
const FORMAT: u64 = 1;

const ABOUT: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("about");
const AVERAGES: TableDefinition<'_, (u16, [u8; 32]), (f64, u32, u64)> =
    TableDefinition::new("averages");
const SUBMISSIONS: TableDefinition<'_, u16, &[u8]> = TableDefinition::new("submissions");
const ROUNDS: TableDefinition<'_, (u16, u64), &[u8]> = TableDefinition::new("rounds");
const EXCHANGES: TableDefinition<'_, (u16, u64, u32), &[u8]> = TableDefinition::new("exchanges");
const RECEIPTS: TableDefinition<'_, (u16, u64), &str> = TableDefinition::new("receipts");

/// The data of one validator.
pub struct Store {
    file: File,
}

/// How many epochs are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keep {
    /// Rounds with their exchanges, for `replay`.
    pub rounds: u64,
    /// Receipts.
    pub receipts: u64,
}

impl Store {
    /// Opens the data in a folder for the process that runs the validator, and makes what is missing.
    ///
    /// **Errors:** the folder cannot be written, another process runs on it, or it belongs to another hotkey.
    pub fn open(folder: &Path, own: &Hotkey) -> Done<Self> {
        let store = Self {
            file: File::create(folder)?,
        };
        store.file.write(|transaction| {
            transaction.open_table(AVERAGES)?;
            transaction.open_table(SUBMISSIONS)?;
            transaction.open_table(ROUNDS)?;
            transaction.open_table(EXCHANGES)?;
            transaction.open_table(RECEIPTS)?;
            let mut about = transaction.open_table(ABOUT)?;
            let format = about.get("format")?.map(|found| found.value().to_vec());
            if format.is_none() {
                about.insert("format", FORMAT.to_le_bytes().as_slice())?;
                about.insert("hotkey", own.0.as_slice())?;
            }
            Ok(())
        })?;
        store.check(Some(own))?;
        Ok(store)
    }

    /// Opens the data for reading, beside the process that runs the validator or without one.
    ///
    /// **Errors:** there is none, or it is of another format.
    pub fn read_only(folder: &Path) -> Done<Self> {
        let store = Self {
            file: File::open(folder)?,
        };
        store.check(None)?;
        Ok(store)
    }

    /// The hotkey that it belongs to.
    pub fn hotkey(&self) -> Done<Option<Hotkey>> {
        let bytes = self.about("hotkey")?;
        Ok(bytes.and_then(|bytes| bytes.try_into().ok()).map(Hotkey))
    }

    /// A block that the chain had: height and hash.
    pub fn anchor(&self) -> Done<Option<(u32, [u8; 32])>> {
        let Some(bytes) = self.about("anchor")? else {
            return Ok(None);
        };
        Ok(serde_json::from_slice(&bytes)?)
    }

    /// Remembers a block that the chain has.
    pub fn set_anchor(&self, number: u32, hash: [u8; 32]) -> Done<()> {
        let bytes = serde_json::to_vec(&(number, hash))?;
        self.file.write(|transaction| {
            transaction
                .open_table(ABOUT)?
                .insert("anchor", bytes.as_slice())?;
            Ok(())
        })
    }

    /// How far weights of a subnet are handed in.
    pub fn submission(&self, netuid: u16) -> Done<Submission> {
        let found = self.file.read()?.open_table(SUBMISSIONS)?.get(netuid)?;
        let submission = found
            .map(|found| serde_json::from_slice(found.value()))
            .transpose()?;
        Ok(submission.unwrap_or_default())
    }

    /// Writes how far weights of a subnet are handed in.
    pub fn set_submission(&self, netuid: u16, submission: &Submission) -> Done<()> {
        let bytes = serde_json::to_vec(submission)?;
        self.file.write(|transaction| {
            transaction
                .open_table(SUBMISSIONS)?
                .insert(netuid, bytes.as_slice())?;
            Ok(())
        })
    }

    /// The averages of a subnet.
    pub fn averages(&self, netuid: u16) -> Done<Vec<(Hotkey, Average)>> {
        let table = self.file.read()?.open_table(AVERAGES)?;
        let all = table.range((netuid, [0; 32])..=(netuid, [u8::MAX; 32]))?;
        all.map(|entry| {
            let (key, value) = entry?;
            let (value, rounds, epoch) = value.value();
            Ok((
                Hotkey(key.value().1),
                Average {
                    value,
                    rounds,
                    epoch,
                },
            ))
        })
        .collect()
    }

    /// Writes a finished round, all of it or nothing: averages (those of other hotkeys are forgotten), the round with its
    /// exchanges, its receipts, and the wish that came of it. What is too old goes.
    pub fn finish_round(
        &self,
        round: &Stored,
        averages: &[(Hotkey, Average)],
        receipts: &str,
        submission: &Submission,
        keep: Keep,
    ) -> Done<()> {
        let (netuid, epoch) = (round.round.netuid, round.round.epoch);
        let header = serde_json::to_vec(&round.round)?;
        let exchanges = round.encoded()?;
        let submission = serde_json::to_vec(submission)?;
        self.file.write(|transaction| {
            let mut table = transaction.open_table(AVERAGES)?;
            table.retain_in((netuid, [0; 32])..=(netuid, [u8::MAX; 32]), |_, _| false)?;
            for (hotkey, average) in averages {
                let value = (average.value, average.rounds, average.epoch);
                table.insert((netuid, hotkey.0), value)?;
            }
            let mut table = transaction.open_table(EXCHANGES)?;
            table.retain_in((netuid, epoch, 0)..=(netuid, epoch, u32::MAX), |_, _| false)?;
            if let Some(old) = epoch.checked_sub(keep.rounds.max(1)) {
                table.retain_in((netuid, 0, 0)..=(netuid, old, u32::MAX), |_, _| false)?;
            }
            for (place, exchange) in (0..).zip(&exchanges) {
                table.insert((netuid, epoch, place), exchange.as_slice())?;
            }
            let mut table = transaction.open_table(ROUNDS)?;
            table.insert((netuid, epoch), header.as_slice())?;
            if let Some(old) = epoch.checked_sub(keep.rounds.max(1)) {
                table.retain_in((netuid, 0)..=(netuid, old), |_, _| false)?;
            }
            let mut table = transaction.open_table(RECEIPTS)?;
            table.insert((netuid, epoch), receipts)?;
            if let Some(old) = epoch.checked_sub(keep.receipts.max(1)) {
                table.retain_in((netuid, 0)..=(netuid, old), |_, _| false)?;
            }
            transaction
                .open_table(SUBMISSIONS)?
                .insert(netuid, submission.as_slice())?;
            Ok(())
        })
    }

    /// The newest round of a subnet, without its exchanges.
    pub fn last_round(&self, netuid: u16) -> Done<Option<Round>> {
        let table = self.file.read()?.open_table(ROUNDS)?;
        let last = table.range((netuid, 0)..=(netuid, u64::MAX))?.next_back();
        last.transpose()?
            .map(|(_, value)| decoded(value.value()))
            .transpose()
    }

    /// The rounds of a subnet that are kept, ascending.
    pub fn rounds(&self, netuid: u16) -> Done<Vec<u64>> {
        let table = self.file.read()?.open_table(ROUNDS)?;
        let all = table.range((netuid, 0)..=(netuid, u64::MAX))?;
        all.map(|entry| Ok(entry?.0.value().1)).collect()
    }

    /// The subnets that it knows, ascending.
    pub fn subnets(&self) -> Done<Vec<u16>> {
        let table = self.file.read()?.open_table(SUBMISSIONS)?;
        table.iter()?.map(|entry| Ok(entry?.0.value())).collect()
    }

    /// A round with its exchanges.
    pub fn round(&self, netuid: u16, epoch: u64) -> Done<Option<Stored>> {
        let transaction = self.file.read()?;
        let Some(header) = transaction.open_table(ROUNDS)?.get((netuid, epoch))? else {
            return Ok(None);
        };
        let round = decoded(header.value())?;
        let table = transaction.open_table(EXCHANGES)?;
        let all = table.range((netuid, epoch, 0)..=(netuid, epoch, u32::MAX))?;
        let exchanges: Done<Vec<_>> = all.map(|entry| decoded(entry?.1.value())).collect();
        Ok(Some(Stored::from_encoded(round, exchanges?)))
    }

    /// The receipts of an epoch, or of the newest one: its number, and JSON lines.
    pub fn receipts(&self, netuid: u16, epoch: Option<u64>) -> Done<Option<(u64, String)>> {
        let table = self.file.read()?.open_table(RECEIPTS)?;
        let range = match epoch {
            Some(epoch) => (netuid, epoch)..=(netuid, epoch),
            None => (netuid, 0)..=(netuid, u64::MAX),
        };
        let last = table.range(range)?.next_back().transpose()?;
        Ok(last.map(|(key, value)| (key.value().1, value.value().to_owned())))
    }

    fn about(&self, key: &str) -> Done<Option<Vec<u8>>> {
        let table = self.file.read()?.open_table(ABOUT)?;
        Ok(table.get(key)?.map(|found| found.value().to_vec()))
    }

    /// Whether this program and this validator can use it.
    fn check(&self, own: Option<&Hotkey>) -> Done<()> {
        let format = self
            .about("format")?
            .and_then(|bytes| bytes.try_into().ok())
            .map(u64::from_le_bytes);
        if format != Some(FORMAT) {
            let found = format.map_or("no format".into(), |format| format!("format {format}"));
            return Err(StoreError::Open {
                path: self.file.path().into(),
                problem: format!(
                    "it has {found}, this program reads format {FORMAT}; use the program that wrote it, or another folder"
                ),
            });
        }
        let found = self.hotkey()?;
        match own {
            Some(own) if found != Some(*own) => Err(StoreError::Foreign {
                path: self.file.path().into(),
                found: found.map_or("nobody".into(), |found| found.to_string()),
                wanted: own.to_string(),
            }),
            _ => Ok(()),
        }
    }
}

fn decoded<T: DeserializeOwned>(bytes: &[u8]) -> Done<T> {
    Ok(serde_json::from_slice(bytes)?)
}

fn encoded(value: &impl Serialize) -> Done<Vec<u8>> {
    Ok(serde_json::to_vec(value)?)
}
