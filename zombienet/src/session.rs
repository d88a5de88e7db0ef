//! A local network that people look at: started, shown, judged, stopped.

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use neuron_operator::stop::Stop;
use serde_json::json;

use crate::{
    books::Books,
    cast::Cast,
    failure::{Failure, Outcome},
    network::{Definition, Network, Ports},
    screen::Screen,
    verdict::{Claim, Part, Window, judge},
    view::View,
};

/// How long it may take until a miner is paid, where an end is wanted.
const FIRST_PAY: Duration = Duration::from_secs(180);
/// How long an epoch may take beyond the time of its blocks.
const LATE: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(100);
/// How often the line below the table changes.
const NOTES: Duration = Duration::from_secs(1);

/// What to run, and until when.
#[derive(Clone, Debug)]
pub struct Options {
    /// Name of the template.
    pub template: String,
    /// End after so many epochs that paid miners.
    pub epochs: Option<u64>,
    /// Judge those epochs.
    pub check: bool,
    /// End once this block is final.
    pub until: Option<u64>,
    /// Folder that keeps everything.
    pub keep: Option<PathBuf>,
    /// Print JSON.
    pub json: bool,
    /// Port of the RPC; 0 for free ones.
    pub port: u16,
}

impl Options {
    pub(crate) fn ports(&self) -> Ports {
        match self.port {
            0 => Ports::Free,
            port => Ports::From(port),
        }
    }
}

/// Why a session ends.
enum End {
    /// It was told to.
    Stopped,
    /// All epochs are over.
    Epochs(Box<Window>),
    /// Nobody reads its output any more.
    Unread,
}

/// Runs a network until it is stopped or its epochs are over. Whether all is as it should be.
///
/// **Errors:** something did not start, ended by itself or was late.
pub fn run(options: &Options, stop: &Stop) -> Outcome<bool> {
    let mut screen = Screen::open(options.json);
    let definition = Definition {
        cast: Cast::of(&options.template)?,
        commits: false,
        ports: options.ports(),
        keep: options.keep.clone(),
    };
    let shows = definition.cast.shows;
    screen.say(&format!("template {}: {shows}", options.template));
    let mut network = Network::start(definition, &mut |step| screen.say(&format!("  {step}")))?;
    let followed = follow(&mut network, options, stop, &mut screen);
    let everybody = network.everybody().to_vec();
    let ended = network.stop();
    let is_good = match followed? {
        End::Stopped | End::Unread => true,
        End::Epochs(window) if options.check => {
            let claims = judge(&window, &everybody);
            let is_good = claims.iter().all(|claim| claim.holds);
            report(&window, &claims, is_good, &mut screen);
            is_good
        }
        End::Epochs(_) => true,
    };
    if !ended? {
        screen.say("a process did not end within 15 s of being asked and was killed");
    }
    screen.say("stopped");
    Ok(is_good)
}

/// Shows the network epoch by epoch.
fn follow(
    network: &mut Network,
    options: &Options,
    stop: &Stop,
    screen: &mut Screen,
) -> Outcome<End> {
    if introduce(network, screen).is_err() {
        return Ok(End::Unread);
    }
    let mut books = network.books(network.rpc().best().map_err(Failure::new)?)?;
    let mut window: Option<Window> = None;
    let mut last_epoch = Instant::now();
    let mut last_note = Instant::now();
    let mut told_of_end = false;
    while !stop.is_stopping() {
        if let Err(failure) = network.check_processes() {
            if options.epochs.is_some() {
                return Err(failure);
            }
            // Somebody may be trying out what happens; the others go on.
            if !told_of_end {
                screen.say(&failure.to_string());
                told_of_end = true;
            }
        }
        let best = match network.rpc().best() {
            Ok(best) => best,
            Err(error) if last_epoch.elapsed() > LATE => return Err(Failure::new(error)),
            Err(_) => books.block,
        };
        while books.block < best {
            let next = network.books(books.block + 1)?;
            let is_epoch = next.epochs > books.epochs;
            if let Some(window) = &mut window {
                window.take(next.clone());
            }
            books = next;
            if !is_epoch {
                continue;
            }
            last_epoch = Instant::now();
            let view = View::read(network, books.block, books.epochs)?;
            if screen.show(view).is_err() {
                return Ok(End::Unread);
            }
            if window.is_none() && paid_a_miner(network, &books) {
                first_pay(network, screen);
                window = Some(Window::open(books.clone()));
            }
            if let Some(wanted) = options.epochs
                && let Some(window) = window.take_if(|window| window.epochs() >= wanted)
            {
                return Ok(End::Epochs(Box::new(window)));
            }
        }
        if let Some(until) = options.until
            && network
                .rpc()
                .finalized()
                .is_ok_and(|height| height >= until)
        {
            return Ok(End::Stopped);
        }
        punctual(network, options, window.is_some(), last_epoch)?;
        if last_note.elapsed() > NOTES {
            last_note = Instant::now();
            let note = format!(
                "block {best} · {} s · Ctrl-C stops",
                network.age().as_secs()
            );
            if screen.note(&note).is_err() {
                return Ok(End::Unread);
            }
        }
        std::thread::sleep(PAUSE);
    }
    Ok(End::Stopped)
}

/// Whether the last epoch paid a miner.
fn paid_a_miner(network: &Network, books: &Books) -> bool {
    network
        .everybody()
        .iter()
        .filter(|one| matches!(one.part, Part::Miner(_)))
        .any(|one| {
            books
                .emission
                .get(usize::from(one.uid))
                .is_some_and(|amount| *amount > 0)
        })
}

/// Fails where an end is wanted and does not come.
fn punctual(network: &Network, options: &Options, has_paid: bool, last_epoch: Instant) -> Outcome {
    if options.epochs.is_none() {
        return Ok(());
    }
    let logs = || {
        format!(
            "read the logs in {}; --keep keeps them",
            network.folder().display()
        )
    };
    if !has_paid && network.age() > FIRST_PAY {
        return Err(
            Failure::new(format!("no miner was paid in {} s", FIRST_PAY.as_secs())).advise(logs()),
        );
    }
    if last_epoch.elapsed() > LATE {
        return Err(Failure::new(format!("no epoch for {} s", LATE.as_secs())).advise(logs()));
    }
    Ok(())
}

fn first_pay(network: &Network, screen: &mut Screen) {
    let seconds = network.age().as_secs_f64();
    screen.say(&format!("first miner paid after {seconds:.1} s"));
    let _ = screen.tell(&json!({ "kind": "first-pay", "seconds": seconds }));
}

fn introduce(network: &Network, screen: &mut Screen) -> std::io::Result<()> {
    let [first, second] = network.urls();
    let netuid = network.netuid();
    let validator = network
        .everybody()
        .iter()
        .find(|one| one.part == Part::Validator)
        .map_or(0, |one| one.uid);
    screen.say(&format!(
        "
The network runs.
  RPC            {first} and {second}
  look at it     https://polkadot.js.org/apps/?rpc={first}#/explorer
                 Developer > Runtime calls > subnetInfoRuntimeApi > getMetagraph({netuid}): what the table shows
                 Developer > Chain state > subtensorModule > weights({netuid}, {validator}): a validator's weights
  accounts       //Alice owns the subnet and is sudo; NAME has coldkey //NAME and hotkey //NAME//hotkey
  logs           {}/NAME.log
  stop it        Ctrl-C
",
        network.folder().display()
    ));
    let neurons: Vec<_> = network
        .everybody()
        .iter()
        .map(|one| {
            json!({
                "name": one.name,
                "uid": one.uid,
                "hotkey": crate::keys::address(&one.hotkey),
            })
        })
        .collect();
    screen.tell(&json!({
        "kind": "network",
        "rpc": [first, second],
        "netuid": netuid,
        "template": network.definition().cast.template,
        "folder": network.folder(),
        "neurons": neurons,
    }))
}

fn report(window: &Window, claims: &[Claim], is_good: bool, screen: &mut Screen) {
    let mut text = format!(
        "\nblocks {} to {}, {} epochs, by the chain's own state:",
        window.first.block,
        window.last.block,
        window.epochs()
    );
    for claim in claims {
        let mark = if claim.holds { "yes" } else { "NO " };
        text.push_str(&format!("\n  {mark}  {} ({})", claim.claim, claim.numbers));
    }
    screen.say(&text);
    let _ = screen.tell(&json!({ "kind": "check", "holds": is_good, "claims": claims }));
}
