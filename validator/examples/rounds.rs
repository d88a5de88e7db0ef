//! What a validator costs besides inference: many rounds with many miners, over real sockets and signatures.
//!
//!     cargo run --release -p dendra-validator --example rounds -- [ROUNDS] [MINERS]
//!
//! Miners live in a process of their own, so the processor time that is told is the validator's: chain access (a chain in memory),
//! challenges, signed requests, checked answers, verdicts, averages, receipts, the database, weights by commit and reveal. Template: `toy`.

use std::{
    io::{BufRead, BufReader, Write},
    net::SocketAddr,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use dendra_validator::{
    duty::Duty,
    metrics::Metrics,
    query::Asker,
    simulation::{
        chain::Memory,
        miners::{self, Miner},
        toy::TOY,
    },
    store::{Keep, Store},
    subnet::{self, Validator},
};
use neuron_operator::stop::Stop;
use prometheus::Registry;
use subnet_sdk::{LanguageModel, ModelError, Models};

const NETUID: u16 = 1;
/// Blocks of an epoch: enough for a commit and a reveal.
const TEMPO: u16 = 6;
/// From one block to the next: an epoch lasts longer than a round takes, as on a chain.
const BLOCK: Duration = Duration::from_millis(15);
/// What a round may cost: a quarter of a core for a tempo of 360 blocks of 12 s.
const ALLOWED: f64 = 0.25 * 360.0 * 12.0;

struct NoModels;
impl Models for NoModels {
    fn load(&self, reference: &str) -> Result<Arc<dyn LanguageModel>, ModelError> {
        Err(ModelError::Request(format!("`{reference}` is not needed")))
    }
}

/// Ends the process of the miners with this one.
struct Miners(Child);
impl Drop for Miners {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let first = arguments.next();
    if first.as_deref() == Some("--miners") {
        return serve(arguments.next().context("how many?")?.parse()?).await;
    }
    let rounds = first.map_or(Ok(1000), |text| text.parse())?;
    let count = arguments.next().map_or(Ok(256), |text| text.parse())?;
    run(rounds, count).await
}

/// The process of the miners: writes where each serves, and serves until it is killed.
async fn serve(count: u16) -> Result<()> {
    let stop = Stop::new();
    for number in 1..=count {
        let quality = u8::try_from(number % 256)?;
        let miner = Miner::start(number, quality, &stop).await?;
        writeln!(std::io::stdout(), "{}", miner.address)?;
    }
    std::future::pending().await
}

async fn run(rounds: u64, count: u16) -> Result<()> {
    let mut child = Command::new(std::env::current_exe()?)
        .args(["--miners", &count.to_string()])
        .stdout(Stdio::piped())
        .spawn()?;
    let output = child.stdout.take().context("no output of the miners")?;
    let _miners = Miners(child);
    let own = miners::hotkey(0);
    let chain = Memory::new(own);
    let mut network = miners::subnet(NETUID, TEMPO, own, &[]);
    network.commit_reveal = true;
    for (number, line) in (1..=count).zip(BufReader::new(output).lines()) {
        let address: SocketAddr = line?.parse()?;
        network.neurons.push(miners::neuron(
            number,
            miners::hotkey(number),
            Some(address),
        ));
    }
    if network.neurons.len() != usize::from(count) + 1 {
        bail!("not all miners came up");
    }
    chain.add(network);

    let folder = tempfile::tempdir()?;
    let pair = Arc::new(miners::pair(0));
    let metrics = Metrics::register(&Registry::new())?;
    let validator = Validator {
        chain: chain.clone(),
        store: Arc::new(Store::open(folder.path(), &own)?),
        asker: Asker::new(pair.clone(), 32, metrics.clone())?,
        pair,
        metrics: metrics.clone(),
        models: Arc::new(NoModels),
        own,
        smoothing: 0.2,
        keep: Keep {
            rounds: 4,
            receipts: 120,
        },
        turn: Arc::default(),
        stop: Stop::new(),
    };
    let stop = validator.stop.clone();
    let duty = Duty {
        netuid: NETUID,
        template: &TOY,
        settings: serde_json::Map::new(),
    };
    let task = tokio::spawn(subnet::serve(validator, duty));

    let finished = metrics
        .rounds
        .with_label_values(&[&NETUID.to_string(), "finished"]);
    let started = (Instant::now(), processor_time()?);
    println!("round\tresident MiB\tprocessor ms per round");
    let mut flat = None;
    for round in 1..=rounds {
        // An epoch: blocks come while the round runs, so that weights get on chain meanwhile.
        for _ in 0..TEMPO {
            chain.produce();
            tokio::time::sleep(BLOCK).await;
        }
        let deadline = Instant::now() + Duration::from_secs(60);
        while finished.get() < round {
            if Instant::now() > deadline {
                bail!("round {round} does not end");
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        if round == rounds.min(150) {
            flat = Some(resident()?);
        }
        if round.is_power_of_two() || round % 100 == 0 || round == rounds {
            let each = (processor_time()? - started.1).as_secs_f64() * 1e3 / round as f64;
            println!("{round}\t{:.1}\t{each:.1}", resident()? as f64 / 1048576.0);
        }
    }
    let spent = (processor_time()? - started.1).as_secs_f64() / rounds as f64;
    let took = started.0.elapsed().as_secs_f64() / rounds as f64;
    let before = flat.context("no round")? as f64 / 1048576.0;
    let after = resident()? as f64 / 1048576.0;
    stop.now();
    task.await??;
    let (reveals, lost) = chain.with(|state| {
        let reveals = state
            .log
            .iter()
            .filter(|(_, _, action, works)| *works && action.name() == "reveal")
            .count();
        let lost = state.log.iter().filter(|(.., works)| !works).count();
        (reveals, lost)
    });
    let answered = metrics
        .exchanges
        .with_label_values(&[&NETUID.to_string(), "answered"])
        .get();
    println!(
        "{rounds} rounds with {count} miners, {took:.3} s each, {answered} answers, {reveals} reveals, {lost} failed transactions"
    );
    println!(
        "processor: {:.1} ms per round, {:.4} % of one core over a tempo of 360 x 12 s",
        spent * 1e3,
        spent / 4320.0 * 100.0
    );
    println!(
        "resident: {before:.1} MiB after round {}, {after:.1} MiB at the end",
        rounds.min(150)
    );
    if spent > ALLOWED
        || after > before * 1.1 + 4.0
        || answered < rounds * u64::from(count)
        || lost > 0
    {
        bail!("this misses what is asked");
    }
    Ok(())
}

/// Processor time of this process, user and system.
fn processor_time() -> Result<Duration> {
    let text = std::fs::read_to_string("/proc/self/stat")?;
    let (_, fields) = text.rsplit_once(')').context("an odd /proc/self/stat")?;
    let fields: Vec<&str> = fields.split_whitespace().collect();
    let ticks =
        |place: usize| -> Result<u64> { Ok(fields.get(place).context("too short")?.parse()?) };
    // Hundredths of a second on every Linux.
    Ok(Duration::from_millis((ticks(11)? + ticks(12)?) * 10))
}

/// Resident memory of this process, in bytes.
fn resident() -> Result<u64> {
    let text = std::fs::read_to_string("/proc/self/statm")?;
    let pages: u64 = text
        .split_whitespace()
        .nth(1)
        .context("an odd /proc/self/statm")?
        .parse()?;
    Ok(pages * 4096)
}
