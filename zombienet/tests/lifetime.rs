//! The program `localnet` begins and ends as it should: nothing stays behind, and what is kept goes on.

use std::{
    fs,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

const DEADLINE: Duration = Duration::from_secs(90);
const PAUSE: Duration = Duration::from_millis(50);

fn localnet(folder: &Path, flags: &[&str]) -> Child {
    let file = |name| fs::File::create(folder.join(name)).unwrap();
    Command::new(env!("CARGO_BIN_EXE_localnet"))
        .args(["--port", "0", "--keep"])
        .arg(folder)
        .args(flags)
        .stdin(Stdio::null())
        .stdout(file("stdout"))
        .stderr(file("stderr"))
        .spawn()
        .unwrap()
}

fn said(folder: &Path) -> String {
    fs::read_to_string(folder.join("stderr")).unwrap()
}

fn wait_until(folder: &Path, what: &str, mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < DEADLINE, "{what}\n{}", said(folder));
        std::thread::sleep(PAUSE);
    }
}

/// Processes that name this folder on their command line; those that ended and wait to be buried do not.
fn processes_of(folder: &Path) -> Vec<String> {
    let folder = folder.to_string_lossy().into_owned();
    fs::read_dir("/proc")
        .unwrap()
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let line = fs::read(path.join("cmdline")).ok()?;
            let line = String::from_utf8_lossy(&line).replace('\0', " ");
            line.contains(&folder).then_some(line)
        })
        .collect()
}

fn signal(child: &Child, name: &str) {
    let id = child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-s", name, &id])
            .status()
            .unwrap()
            .success()
    );
}

fn runs(folder: &Path) -> bool {
    said(folder).contains("The network runs.")
}

#[test]
fn an_interrupt_stops_everything_in_order_and_the_network_goes_on_next_time() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let mut program = localnet(folder, &[]);
    wait_until(folder, "the network runs", || runs(folder));
    // Node, four miners, two validators, and the program itself.
    assert!(
        processes_of(folder).len() >= 4,
        "{:?}",
        processes_of(folder)
    );
    signal(&program, "INT");
    assert!(program.wait().unwrap().success(), "{}", said(folder));
    assert!(said(folder).ends_with("stopped\n"), "{}", said(folder));
    assert!(!said(folder).contains("was killed"), "{}", said(folder));
    assert_eq!(processes_of(folder), Vec::<String>::new());

    // Again, with the same subnet; killed, it takes everything with it.
    let mut program = localnet(folder, &[]);
    wait_until(folder, "the network runs again", || runs(folder));
    assert!(said(folder).contains("goes on"), "{}", said(folder));
    signal(&program, "KILL");
    program.wait().unwrap();
    wait_until(folder, "all processes are gone", || {
        processes_of(folder).is_empty()
    });

    // Another template does not fit what is kept.
    let mut program = localnet(folder, &["--template", "custom"]);
    assert!(!program.wait().unwrap().success());
    assert!(said(folder).contains("--keep"), "{}", said(folder));
}

#[test]
fn the_bare_chain_ends_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let mut program = localnet(folder, &["--chain-only", "--until", "6"]);
    assert!(program.wait().unwrap().success(), "{}", said(folder));
    let said = said(folder);
    assert!(
        said.contains("The chain runs") && said.contains("final"),
        "{said}"
    );
    assert_eq!(processes_of(folder), Vec::<String>::new());
}

#[test]
fn a_taken_port_is_one_clear_sentence() {
    let holder = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = holder.local_addr().unwrap().port().to_string();
    let output = Command::new(env!("CARGO_BIN_EXE_localnet"))
        .args(["--chain-only", "--port", &port])
        .output()
        .unwrap();
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains(&port) && said.contains("--port"), "{said}");
}

#[test]
fn unknown_words_are_refused_with_what_would_be_right() {
    let refused = |flags: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_localnet"))
            .args(flags)
            .output()
            .unwrap();
        assert!(!output.status.success(), "{flags:?}");
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    assert!(refused(&["--template", "nonesuch"]).contains("next-token"));
    assert!(refused(&["--check"]).contains("--epochs"));
    assert!(refused(&["--epochs", "0"]).contains("--epochs"));
}
