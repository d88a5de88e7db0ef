//! A node's process.

use std::{
    fs::File,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::json;

use crate::rpc::Rpc;

/// Every wait in the tests ends here at the latest.
const DEADLINE: Duration = Duration::from_secs(90);
const PAUSE: Duration = Duration::from_millis(50);

/// The node's binary: `DENDRA_NODE`, or the one that was built beside this program.
fn binary() -> PathBuf {
    if let Some(path) = std::env::var_os("DENDRA_NODE") {
        return path.into();
    }
    let mut folder = std::env::current_exe().expect("a program has a path");
    loop {
        assert!(
            folder.pop(),
            "no dendra-node is built; run `cargo xtask build`"
        );
        let path = folder.join("dendra-node");
        if path.is_file() {
            return path;
        }
    }
}

fn free_port() -> u16 {
    crate::program::free_port().expect("the loopback address has a free port")
}

/// What a command printed and how it ended.
#[derive(Debug)]
pub struct Ended {
    /// Whether it exited with 0.
    pub is_success: bool,
    /// Standard output.
    pub output: String,
    /// Standard error.
    pub error: String,
}

/// Runs the node's binary to its end.
pub fn run(arguments: &[&str]) -> Ended {
    run_in(Path::new("."), arguments)
}

/// Runs the node's binary to its end in a folder.
pub fn run_in(folder: &Path, arguments: &[&str]) -> Ended {
    let child = Command::new(binary())
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the node's binary starts");
    let id = child.id();
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || sender.send(child.wait_with_output()));
    let output = receiver.recv_timeout(DEADLINE).unwrap_or_else(|_| {
        let _ = Command::new("kill").args(["-9", &id.to_string()]).status();
        panic!(
            "dendra-node {arguments:?} did not end in {} s",
            DEADLINE.as_secs()
        )
    });
    let output = output.expect("a started process can be waited for");
    Ended {
        is_success: output.status.success(),
        output: String::from_utf8_lossy(&output.stdout).into_owned(),
        error: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// A node that is not started yet.
pub struct NodeBuilder {
    name: String,
    data: PathBuf,
    rpc_port: u16,
    arguments: Vec<String>,
}

impl NodeBuilder {
    pub(crate) fn new(name: &str, spec: &Path, data: &Path) -> Self {
        let rpc_port = free_port();
        let arguments = [
            "--chain",
            &spec.to_string_lossy(),
            "--base-path",
            &data.to_string_lossy(),
            "--name",
            name,
            "--rpc-port",
            &rpc_port.to_string(),
            "--listen-addr",
            &format!("/ip4/127.0.0.1/tcp/{}", free_port()),
            "--no-prometheus",
            "--no-telemetry",
            "--no-mdns",
            "--unsafe-force-node-key-generation",
        ];
        Self {
            name: name.into(),
            data: data.into(),
            rpc_port,
            arguments: arguments.map(str::to_owned).into(),
        }
    }

    /// Serves RPC at this port: that of a node that was there before.
    pub fn on_port(mut self, port: u16) -> Self {
        self.rpc_port = port;
        if let Some(flag) = self.arguments.iter().position(|one| one == "--rpc-port") {
            self.arguments[flag + 1] = port.to_string();
        }
        self
    }

    /// Adds flags.
    pub fn with<const N: usize>(mut self, flags: [&str; N]) -> Self {
        self.arguments.extend(flags.map(str::to_owned));
        self
    }

    /// Makes blocks with the keys of this seed.
    pub fn authority(self, seed: &str) -> Self {
        self.with(["--authority", seed])
    }

    /// Knows this node from its start.
    pub fn connected_to(self, other: &Node) -> Self {
        self.with(["--bootnodes", &other.address()])
    }

    /// Starts the process and waits until its RPC answers.
    pub fn start(self) -> Node {
        std::fs::create_dir_all(&self.data).expect("the folder can be written");
        let log_path = self.data.join("node.log");
        let log = File::options()
            .create(true)
            .append(true)
            .open(&log_path)
            .expect("the folder can be written");
        let child = Command::new(binary())
            .args(&self.arguments)
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("a file can be shared"))
            .stderr(log)
            .spawn()
            .expect("the node's binary starts");
        let mut node = Node {
            child,
            rpc: Rpc::on(self.rpc_port),
            rpc_port: self.rpc_port,
            name: self.name,
            log: log_path,
        };
        node.wait_for("an answer", |rpc| rpc.best().map(Some));
        node
    }
}

/// A node that runs. It is killed when this value goes.
pub struct Node {
    child: Child,
    rpc: Rpc,
    rpc_port: u16,
    name: String,
    log: PathBuf,
}

impl Node {
    /// Its RPC.
    pub fn rpc(&self) -> &Rpc {
        &self.rpc
    }

    /// The port of its RPC.
    pub fn rpc_port(&self) -> u16 {
        self.rpc_port
    }

    /// The address of its RPC for clients that subscribe.
    pub fn websocket(&self) -> String {
        format!("ws://127.0.0.1:{}", self.rpc_port)
    }

    /// Where other nodes reach it.
    pub fn address(&self) -> String {
        let ask = |method: &str| {
            self.rpc
                .call(method, json!([]))
                .expect("a running node answers")
        };
        let id = ask("system_localPeerId")
            .as_str()
            .unwrap_or_default()
            .to_owned();
        let addresses = ask("system_localListenAddresses");
        let address = addresses[0].as_str().expect("a node listens somewhere");
        if address.contains("/p2p/") {
            address.to_owned()
        } else {
            format!("{address}/p2p/{id}")
        }
    }

    /// Asks again and again until there is a value. Panics with the end of the node's log when the node
    /// ends or the deadline passes.
    pub fn wait_for<T>(
        &mut self,
        what: &str,
        ask: impl Fn(&Rpc) -> Result<Option<T>, String>,
    ) -> T {
        let start = Instant::now();
        let mut last;
        loop {
            match ask(&self.rpc) {
                Ok(Some(value)) => return value,
                Ok(None) => last = "not yet".to_owned(),
                Err(error) => last = error,
            }
            if let Ok(Some(status)) = self.child.try_wait() {
                panic!(
                    "{} ended with {status} before {what}\n{}",
                    self.name,
                    self.log_end()
                );
            }
            assert!(
                start.elapsed() < DEADLINE,
                "{}: no {what} in {} s ({last})\n{}",
                self.name,
                DEADLINE.as_secs(),
                self.log_end()
            );
            std::thread::sleep(PAUSE);
        }
    }

    /// Waits until the block at this height is final, and returns its hash.
    pub fn wait_for_final(&mut self, height: u64) -> String {
        self.wait_for(&format!("final block {height}"), |rpc| {
            if rpc.finalized()? < height {
                Ok(None)
            } else {
                rpc.hash(height)
            }
        })
    }

    /// Ends the process at once, as a power failure would.
    pub fn kill(mut self) {
        self.child.kill().expect("a running process can be killed");
        self.child.wait().expect("a killed process ends");
    }

    /// Asks the process to end (SIGTERM) and waits until it has.
    pub fn stop(mut self) {
        let id = self.child.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &id]).status();
        assert!(
            asked.is_ok_and(|status| status.success()),
            "SIGTERM reaches the process"
        );
        let start = Instant::now();
        while self
            .child
            .try_wait()
            .expect("a child can be asked")
            .is_none()
        {
            assert!(
                start.elapsed() < DEADLINE,
                "{} does not stop\n{}",
                self.name,
                self.log_end()
            );
            std::thread::sleep(PAUSE);
        }
    }

    /// The whole log.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    fn log_end(&self) -> String {
        let log = self.log();
        let lines: Vec<_> = log.lines().collect();
        lines[lines.len().saturating_sub(25)..].join("\n")
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
