//! Commands.

use std::{
    io::{Read, Write},
    path::Path,
};

use anyhow::Result;
use dendra_client::Chain;
use neuron_operator::{
    exit::{Code, Failure},
    logs,
    report::{self, Style, Table},
    stop::Stop,
};

use crate::{
    chain::Live,
    cli::{Cli, Command},
    doctor,
    duty::Duty,
    engine::models,
    explain::{self, Standing},
    hotkey::Hotkey,
    opening::{patient, stored, wallet},
    receipts, replay, run,
    settings::{PREFIX, Settings},
    store::{Store, StoreError},
};

/// Bytes of a file of receipts at most.
const RECEIPTS_LIMIT: u64 = 64 << 20;

/// Does what the command line says.
pub async fn run(cli: Cli) -> Result<()> {
    let flags = cli.command.flags().clone();
    let layered = flags.read::<Settings>(PREFIX)?;
    if flags.print_config {
        layered.print(&mut std::io::stdout().lock(), flags.json)?;
        return Ok(());
    }
    let settings = layered.value;
    logs::start(&settings.log, settings.log_format())?;
    let style = Style::detect(flags.json);
    match cli.command {
        Command::Run(_) => {
            let stop = Stop::on_signals()?;
            let wallet = wallet(&settings)?;
            run::run(&settings, &wallet, models(&settings), stop).await?;
        }
        Command::Doctor(_) => {
            let findings = doctor::examine(&settings, wallet(&settings), models(&settings)).await;
            report::print(std::slice::from_ref(findings.table()), style);
            findings.verdict()?;
        }
        Command::Explain { uid, .. } => explain(&settings, uid, style).await?,
        Command::Receipts {
            verify: Some(file),
            signed_by,
            ..
        } => verify(&file, signed_by.as_ref(), style)?,
        Command::Receipts { epoch, about, .. } => print_receipts(&settings, epoch, about.as_ref())?,
        Command::Replay { epoch, .. } => replay_round(&settings, epoch, style)?,
    }
    Ok(())
}

/// The subnets that were named, or all that the data knows.
fn chosen(settings: &Settings, store: &Store) -> Result<Vec<u16>, StoreError> {
    let duties = settings.duties().unwrap_or_default();
    match duties.is_empty() {
        true => store.subnets(),
        false => Ok(duties.iter().map(|duty| duty.netuid).collect()),
    }
}

async fn explain(settings: &Settings, uid: Option<u16>, style: Style) -> Result<()> {
    let (own, store) = stored(settings)?;
    let connected = Chain::connect_with(&settings.account.chain, patient()).await;
    let chain = match connected {
        Ok(chain) => Some(Live::reading(chain)),
        Err(error) => {
            tracing::warn!(%error, "the chain is away: only what is stored can be explained");
            None
        }
    };
    let mut tables = Vec::new();
    for netuid in chosen(settings, &store)? {
        let standing = match &chain {
            Some(chain) => Standing::read(chain, netuid, &own)
                .await
                .unwrap_or_else(|error| {
                    tracing::warn!(%error, "the chain does not answer");
                    None
                }),
            None => None,
        };
        let round = store.last_round(netuid)?;
        let (averages, submission) = (store.averages(netuid)?, store.submission(netuid)?);
        if uid.is_none() {
            tables.push(explain::validator(
                netuid,
                &own,
                round.as_ref(),
                &submission,
                standing.as_ref(),
            ));
        }
        tables.push(explain::miners(
            netuid,
            round.as_ref(),
            &averages,
            standing.as_ref(),
            uid,
        ));
        if let (Some(uid), Some(round)) = (uid, &round) {
            tables.push(explain::parts(round, uid));
        }
    }
    report::print(&tables, style);
    Ok(())
}

fn print_receipts(settings: &Settings, epoch: Option<u64>, about: Option<&Hotkey>) -> Result<()> {
    let (_, store) = stored(settings)?;
    let mut out = std::io::stdout().lock();
    for netuid in chosen(settings, &store)? {
        let Some((_, lines)) = store.receipts(netuid, epoch)? else {
            tracing::warn!(netuid, epoch, "no receipts of this epoch are kept");
            continue;
        };
        let lines = about.map_or_else(|| lines.clone(), |hotkey| receipts::about(&lines, hotkey));
        out.write_all(lines.as_bytes())?;
    }
    Ok(())
}

fn verify(file: &Path, signed_by: Option<&Hotkey>, style: Style) -> Result<()> {
    let mut text = String::new();
    let reading = match file.as_os_str() == "-" {
        true => std::io::stdin()
            .lock()
            .take(RECEIPTS_LIMIT)
            .read_to_string(&mut text),
        false => std::fs::File::open(file)
            .and_then(|file| file.take(RECEIPTS_LIMIT).read_to_string(&mut text)),
    };
    reading.map_err(|error| {
        Failure::new(
            Code::General,
            format!("{} cannot be read: {error}.", file.display()),
            "nothing was checked.",
            "name a file of receipts, JSON lines, or - for standard input.",
        )
    })?;
    let checked = receipts::check(&text, signed_by);
    let columns = [
        "line",
        "state",
        "validator",
        "netuid",
        "epoch",
        "uid",
        "score",
        "reason",
    ];
    let mut table = Table::new("receipts", &columns);
    for one in &checked {
        match &one.result {
            Ok(receipt) => table.row([
                one.line.into(),
                "good".into(),
                Hotkey(receipt.validator).to_string().into(),
                receipt.netuid.into(),
                receipt.epoch.into(),
                receipt.uid.into(),
                receipt.score.into(),
                receipt.reason.as_str().into(),
            ]),
            Err(error) => {
                let none = serde_json::Value::Null;
                let text = error.as_str().into();
                table.row([
                    one.line.into(),
                    "bad".into(),
                    none.clone(),
                    none.clone(),
                    none.clone(),
                    none.clone(),
                    none,
                    text,
                ])
            }
        };
    }
    report::print(std::slice::from_ref(&table), style);
    let bad = checked
        .iter()
        .filter(|checked| checked.result.is_err())
        .count();
    if bad > 0 || checked.is_empty() {
        return Err(Failure::new(
            Code::General,
            format!("{bad} of {} lines are no valid receipts.", checked.len()),
            "a score without a valid receipt proves nothing.",
            "fetch them again from the validator; its hotkey can be demanded with --signed-by.",
        )
        .into());
    }
    Ok(())
}

fn replay_round(settings: &Settings, epoch: Option<u64>, style: Style) -> Result<()> {
    let (_, store) = stored(settings)?;
    let models = models(settings);
    let mut table = Table::new("replay", &["netuid", "epoch", "miners", "state", "finding"]);
    let mut differ = 0;
    for netuid in chosen(settings, &store)? {
        let epoch = match epoch {
            Some(epoch) => Some(epoch),
            None => store.last_round(netuid)?.map(|round| round.epoch),
        };
        let round = epoch
            .map(|epoch| store.round(netuid, epoch))
            .transpose()?
            .flatten();
        let Some(stored) = round else {
            let kept = store.rounds(netuid)?;
            table.row([
                netuid.into(),
                epoch.map_or(serde_json::Value::Null, Into::into),
                serde_json::Value::Null,
                "warning".into(),
                format!("there is no such round; kept are {kept:?}").into(),
            ]);
            continue;
        };
        let (name, version) = stored.round.template.clone();
        let template = subnet_catalogue::find(&name)
            .filter(|template| template.description().version == version)
            .ok_or_else(|| {
                Failure::new(
                    Code::Model,
                    format!("this program has no template {name} of version {version}."),
                    "none: the round is over.",
                    "replay with the program that ran the round.",
                )
            })?;
        let duty = Duty {
            netuid,
            template,
            settings: stored.round.settings.clone(),
        };
        let judge = duty.judge(models.as_ref(), stored.round.declaration.as_deref());
        let mut judge = judge.map_err(|error| {
            Failure::new(
                Code::Model,
                format!("the template cannot judge: {error}."),
                "none: the round is over.",
                "make the models of the round available again.",
            )
        })?;
        let replay = replay::replay(&stored, judge.as_mut());
        let finding = match replay.differences.is_empty() {
            true => "the same verdicts and weights".to_owned(),
            false => replay.differences.join("; "),
        };
        differ += usize::from(!replay.differences.is_empty());
        table.row([
            netuid.into(),
            stored.round.epoch.into(),
            stored.round.asked.len().into(),
            if replay.differences.is_empty() {
                "good"
            } else {
                "bad"
            }
            .into(),
            finding.into(),
        ]);
    }
    report::print(std::slice::from_ref(&table), style);
    if differ > 0 {
        return Err(Failure::new(
            Code::General,
            format!("{differ} rounds do not replay to what is stored."),
            "weights that nobody can repeat may not match those of other validators, and are cut then.",
            "check whether the data was altered, or program or model changed since.",
        )
        .into());
    }
    Ok(())
}
