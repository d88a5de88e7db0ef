//! The binary as operators run it.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    process::{Child, Command, Output, Stdio},
    sync::mpsc,
    time::{Duration, Instant},
};

use serde_json::Value;

/// How long something may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a miner does besides listening and following a chain.
const BOB: &str = "--suri //Bob --netuid 1 --template next-token";

/// The binary with these arguments, without anything from the environment of the test.
fn miner(arguments: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dendra-miner"));
    command.args(arguments.split_whitespace());
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("DENDRA_MINER_") {
            command.env_remove(name);
        }
    }
    command
}

/// A port on which nobody listens.
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}

/// The address of a node that is away.
fn away() -> String {
    format!("ws://127.0.0.1:{}", free_port())
}

fn run(arguments: &str) -> Output {
    miner(arguments).output().expect("started")
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A running miner; killed when dropped.
struct Running {
    child: Child,
    lines: mpsc::Receiver<String>,
    seen: Vec<String>,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Running {
    fn start(arguments: &str) -> Self {
        let mut child = miner(arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("started");
        let stderr = child.stderr.take().expect("piped");
        let (send, lines) = mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                if send.send(line).is_err() {
                    break;
                }
            }
        });
        Self {
            child,
            lines,
            seen: Vec::new(),
        }
    }

    /// Waits for a log event (JSON) whose message contains the text.
    fn event(&mut self, text: &str) -> Value {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let Ok(line) = self.lines.recv_timeout(left) else {
                panic!("no event `{text}` in:\n{}", self.seen.join("\n"));
            };
            self.seen.push(line.clone());
            let event: Value = serde_json::from_str(&line).unwrap_or_default();
            let message = event["fields"]["message"].as_str().unwrap_or_default();
            if message.contains(text) {
                return event;
            }
        }
    }

    fn signal(&self, name: &str) {
        let sent = Command::new("kill")
            .args([&format!("-{name}"), &self.child.id().to_string()])
            .status()
            .expect("kill runs");
        assert!(sent.success());
    }

    /// Waits for the end; the exit status.
    fn ended(&mut self) -> Option<i32> {
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            if let Some(status) = self.child.try_wait().expect("a child") {
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("it does not end:\n{}", self.seen.join("\n"));
    }
}

fn request(address: SocketAddr, text: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("connected");
    stream.write_all(text.as_bytes()).expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("answered");
    answer
}

fn get(address: SocketAddr, path: &str) -> String {
    request(
        address,
        &format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n"),
    )
}

#[test]
fn without_a_chain_the_miner_serves_and_says_what_it_lacks() {
    let metrics = free_port();
    let mut running = Running::start(&format!(
        "serve {BOB} --model toy:7 --chain {} --listen 127.0.0.1:0 --metrics-port {metrics} --log-format json",
        away()
    ));
    let serving = running.event("serving");
    let address: SocketAddr = serving["fields"]["address"]
        .as_str()
        .and_then(|text| text.parse().ok())
        .expect("an address");
    running.event("the chain is away; validators are refused until it was there once");
    while !get(address, "/health").contains("\"ready\":true") {
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(get(address, "/health").contains("\"chain_known\":false"));

    // Programs on this machine are served.
    let body = r#"{"prompt":"the sea","max_tokens":4}"#;
    let answer = request(
        address,
        &format!(
            "POST /v1/completions HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        ),
    );
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.contains("text_completion"), "{answer}");

    // Numbers and health tell the same.
    let metrics: SocketAddr = ([127, 0, 0, 1], metrics).into();
    let numbers = get(metrics, "/metrics");
    assert!(
        numbers.contains("dendra_miner_chain_connected 0"),
        "{numbers}"
    );
    assert!(
        numbers.contains(
            "dendra_miner_requests_total{endpoint=\"completions\",outcome=\"answered\"} 1"
        ),
        "{numbers}"
    );
    let health = get(metrics, "/health");
    assert!(
        health.starts_with("HTTP/1.1 503") && health.contains("away"),
        "{health}"
    );

    // Nothing of the prompt is in the logs.
    running.signal("TERM");
    assert_eq!(running.ended(), Some(0));
    while let Ok(line) = running.lines.recv_timeout(Duration::from_millis(200)) {
        running.seen.push(line);
    }
    assert!(running.seen.iter().all(|line| !line.contains("the sea")));
    assert!(running.seen.iter().any(|line| line.contains("stopped")));
}

#[test]
fn doctor_names_what_costs_earnings() {
    let listen = format!("127.0.0.1:{}", free_port());
    let output = run(&format!(
        "doctor {BOB} --model toy:7 --chain {} --listen {listen} --announce {listen} --json",
        away()
    ));
    assert_eq!(output.status.code(), Some(10), "{}", stderr(&output));
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let state = |check: &str| -> Value {
        let rows = report["doctor"].as_array().expect("rows");
        let row = rows.iter().find(|row| row["check"] == check);
        row.unwrap_or_else(|| panic!("no {check} in {report:#}"))["state"].clone()
    };
    assert_eq!(state("hotkey"), "good");
    assert_eq!(state("chain"), "bad");
    assert_eq!(state("port"), "good");
    assert_eq!(state("reachability"), "good");
    assert_eq!(state("model"), "good");
    let text = stderr(&output);
    assert!(
        text.contains("earnings:") && text.contains("to do:"),
        "{text}"
    );
}

#[test]
fn doctor_in_a_pipe_writes_lines_and_finds_a_taken_port() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let listen = taken.local_addr().expect("an address").to_string();
    // Whoever has the port does not speak HTTP.
    std::thread::spawn(move || {
        for stream in taken.incoming() {
            drop(stream);
        }
    });
    let output = run(&format!(
        "doctor --suri //Bob --netuid 1 --template nothing --chain {} --listen {listen}",
        away()
    ));
    assert_eq!(output.status.code(), Some(10));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let line = |check: &str| -> String {
        let found = text
            .lines()
            .find(|line| line.starts_with(&format!("{check}\t")));
        found
            .unwrap_or_else(|| panic!("no {check} in:\n{text}"))
            .to_owned()
    };
    assert!(line("port").contains("\tbad\t"), "{text}");
    assert!(line("template").contains("\tbad\t"), "{text}");
    assert!(!text.contains('\u{1b}'), "{text}");
}

#[test]
fn the_configuration_is_shown_with_origins_and_without_secrets() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("miner.toml");
    std::fs::write(&file, "netuid = 4\nsuri = \"//Charlie\"\nqueue = 9\n").expect("written");
    let output = miner("serve --print-config --netuid 7 --config")
        .arg(&file)
        .env("DENDRA_MINER_QUEUE", "11")
        .output()
        .expect("started");
    assert!(output.status.success(), "{}", stderr(&output));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let line = |key: &str| -> String {
        let found = text
            .lines()
            .find(|line| line.starts_with(&format!("{key} = ")));
        found
            .unwrap_or_else(|| panic!("no {key} in:\n{text}"))
            .to_owned()
    };
    assert!(
        line("netuid").contains("7") && line("netuid").contains("flag --netuid"),
        "{text}"
    );
    assert!(
        line("queue").contains("11") && line("queue").contains("DENDRA_MINER_QUEUE"),
        "{text}"
    );
    assert!(line("suri").contains("miner.toml"), "{text}");
    assert!(!text.contains("Charlie"), "{text}");
}

#[test]
fn a_wrong_configuration_is_told_whole_with_its_exit_status() {
    let output = run("serve --listen nowhere --data-type f8");
    assert_eq!(output.status.code(), Some(2));
    let text = stderr(&output);
    for part in ["listen", "data-type", "earnings:", "to do:"] {
        assert!(text.contains(part), "{text}");
    }
    let output = run("serve --suri //Bob --template next-token");
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stderr(&output).contains("DENDRA_MINER_NETUID"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn a_port_that_is_taken_is_told_with_its_exit_status() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let listen = taken.local_addr().expect("an address").to_string();
    let output = run(&format!("serve {BOB} --model toy:7 --listen {listen}"));
    assert_eq!(output.status.code(), Some(7), "{}", stderr(&output));
    assert!(stderr(&output).contains(&listen));
}

#[test]
fn a_model_that_is_not_there_ends_the_miner_with_a_sentence() {
    let output = run(&format!(
        "serve {BOB} --model /nowhere/at/all --chain {} --listen 127.0.0.1:0",
        away()
    ));
    assert_eq!(output.status.code(), Some(6), "{}", stderr(&output));
    assert!(
        stderr(&output).contains("/nowhere/at/all"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn a_wallet_is_opened_without_its_coldkey() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = miner("register --netuid 1 --wallet alone --wallet-path")
        .arg(folder.path())
        .output()
        .expect("started");
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    // A coldkey that would be an error to read: a folder of its name.
    let wallet = folder.path().join("mine");
    std::fs::create_dir_all(wallet.join("hotkeys")).expect("folders");
    std::fs::create_dir(wallet.join("coldkey")).expect("a folder");
    let seed = "0x0101010101010101010101010101010101010101010101010101010101010101";
    std::fs::write(
        wallet.join("hotkeys/hot"),
        format!("{{\"secretSeed\":\"{seed}\"}}"),
    )
    .expect("written");
    let output = miner("explain --netuid 1 --wallet mine --hotkey hot --wallet-path")
        .arg(folder.path())
        .args(["--chain", &away()])
        .output()
        .expect("started");
    // It got as far as the chain, which is not there.
    assert_eq!(output.status.code(), Some(4), "{}", stderr(&output));
}

#[test]
fn bench_measures_alone_and_together() {
    let output = run("bench --model toy:7 --tokens 8 --prompt 4 --at-once 3 --runs 1 --json");
    assert!(output.status.success(), "{}", stderr(&output));
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let rows = report["bench"].as_array().expect("rows");
    let value = |what: &str| -> f64 {
        let row = rows.iter().find(|row| row["what"] == what);
        row.and_then(|row| row["value"].as_f64())
            .unwrap_or_else(|| panic!("no {what} in {report:#}"))
    };
    assert!(value("generation, alone") > 0.0);
    assert!(value("generation, 3 at once") > 0.0);
}
