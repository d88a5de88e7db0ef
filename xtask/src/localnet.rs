//! `cargo xtask localnet`: a running local network.

use std::{
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use crate::{
    cargo::Cargo,
    places::Places,
    rpc,
    shell::{self, Failure, Outcome},
};

/// How long a node may take from its start to its first block.
const PATIENCE: Duration = Duration::from_secs(60);

/// What the command line says.
pub(crate) struct Options {
    /// Keep the chain in this folder and go on with it at the next start.
    pub(crate) keep: Option<PathBuf>,
    /// End by itself once this block is final.
    pub(crate) until: Option<u64>,
    /// Port of the RPC; a second one, the next, is opened beside it.
    pub(crate) port: u16,
}

/// Builds what is missing, starts the network and stays until it is stopped.
pub(crate) fn run(places: &Places, options: &Options) -> Outcome {
    let cargo = Cargo::set_up(places)?;
    shell::step("build", || cargo.build())?;
    let mut node = start(places, options)?;
    let result = accompany(&mut node, options);
    if node.try_wait()?.is_none() {
        // The terminal sends Ctrl-C to the node as well; ending by itself, it needs to be told.
        stop(&mut node)?;
    }
    result
}

fn start(places: &Places, options: &Options) -> Outcome<Child> {
    let second = options.port.checked_add(1).ok_or_else(|| {
        Failure::new("--port must leave room for the next port").advise("choose a lower one")
    })?;
    let mut command = Command::new(places.node());
    command.args(["--dev", "--log", "warn"]);
    // Client suites use 9944 and 9945 interchangeably.
    for port in [options.port, second] {
        command.args([
            "--experimental-rpc-endpoint",
            &format!("listen-addr=127.0.0.1:{port},methods=unsafe,cors=all"),
        ]);
    }
    match &options.keep {
        Some(folder) => {
            std::fs::create_dir_all(folder)?;
            command.arg("--base-path").arg(folder);
        }
        None => {
            command.arg("--tmp");
        }
    }
    eprintln!("\n==> network");
    let shown: Vec<_> = command
        .get_args()
        .map(|word| word.to_string_lossy())
        .collect();
    eprintln!("  $ dendra-node {}", shown.join(" "));
    Ok(command.stdin(Stdio::null()).spawn()?)
}

/// Shows the chain's progress until the node ends or the wanted block is final.
fn accompany(node: &mut Child, options: &Options) -> Outcome {
    let url = rpc::Endpoint::local(options.port);
    let start = Instant::now();
    let mut is_introduced = false;
    let mut shown = None;
    loop {
        if let Some(status) = node.try_wait()? {
            return match status.code() {
                Some(0) | None => Ok(()),
                Some(_) => Err(Failure::new(format!("the node ended with {status}"))
                    .advise("read its last lines above")),
            };
        }
        if let Ok(progress) = rpc::progress(&url) {
            if !is_introduced && progress.best > 0 {
                introduce(options, start.elapsed());
                is_introduced = true;
            }
            if is_introduced && shown != Some(progress.finalized) {
                eprintln!("block {} best, {} final", progress.best, progress.finalized);
                shown = Some(progress.finalized);
            }
            if options
                .until
                .is_some_and(|until| progress.finalized >= until)
            {
                return Ok(());
            }
        }
        if !is_introduced && start.elapsed() > PATIENCE {
            return Err(
                Failure::new(format!("no block after {} s", PATIENCE.as_secs()))
                    .advise("read the node's lines above"),
            );
        }
        std::thread::sleep(Duration::from_secs(1));
    }
}

fn introduce(options: &Options, waited: Duration) {
    eprintln!(
        "
The chain runs; its first block came after {}.
  RPC            ws://127.0.0.1:{port} and ws://127.0.0.1:{second}
  look at it     https://polkadot.js.org/apps/?rpc=ws://127.0.0.1:{port}
  rich accounts  //Alice (sudo), //Bob, //Charlie: 1 000 000 TAO each
  stop it        Ctrl-C
",
        shell::seconds(waited.as_secs_f64()),
        port = options.port,
        second = options.port.saturating_add(1),
    );
}

fn stop(node: &mut Child) -> Outcome {
    // SIGTERM lets the node close its database; the standard library can only kill.
    shell::run(Command::new("kill").args(["-TERM", &node.id().to_string()]))?;
    let start = Instant::now();
    while node.try_wait()?.is_none() {
        if start.elapsed() > PATIENCE {
            node.kill()?;
            node.wait()?;
            return Err(Failure::new(
                "the node did not stop in a minute and was killed",
            ));
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    Ok(())
}
