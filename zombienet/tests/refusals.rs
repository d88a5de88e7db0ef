//! What cannot be done is refused with one clear sentence and a non-zero exit, and nothing is lost.

use std::{fs, net::TcpListener, path::Path};

use zombienet::{Chain, Ended, run};

/// The sentence of a refusal.
fn refusal(ended: &Ended) -> String {
    assert!(!ended.is_success, "it was not refused: {ended:?}");
    let lines: Vec<_> = ended
        .error
        .lines()
        .filter(|line| line.starts_with("error: "))
        .collect();
    assert_eq!(lines.len(), 1, "one sentence, not {}", ended.error);
    assert!(!ended.error.contains("panicked"), "{}", ended.error);
    lines[0].to_owned()
}

/// Flags of a node that keeps its data here and takes free ports.
fn start(spec: &Path, data: &Path, more: &[&str]) -> Ended {
    let (spec, data) = (spec.to_string_lossy(), data.to_string_lossy());
    let mut flags = vec![
        "--chain",
        &spec,
        "--base-path",
        &data,
        "--no-prometheus",
        "--no-mdns",
    ];
    if !more.contains(&"--rpc-port") {
        flags.extend(["--rpc-port", "0"]);
    }
    if !more.contains(&"--listen-addr") {
        flags.extend(["--listen-addr", "/ip4/127.0.0.1/tcp/0"]);
    }
    flags.extend(more);
    run(&flags)
}

#[test]
fn a_wrong_flag() {
    let ended = run(&["--no-such-flag"]);
    assert!(refusal(&ended).contains("--no-such-flag"));
}

#[test]
fn an_unknown_chain() {
    let said = refusal(&run(&["--chain", "nonesuch", "--tmp"]));
    assert!(
        said.contains("'nonesuch'") && said.contains("--chain dev"),
        "{said}"
    );
}

#[test]
fn a_corrupt_chain_spec() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("spec.json");
    for content in ["", "{", "[]", "{\"name\": \"x\"}"] {
        fs::write(&path, content).unwrap();
        let said = refusal(&start(&path, folder.path(), &[]));
        assert!(
            said.contains("spec.json") && said.contains("cannot be used"),
            "{said}"
        );
    }
}

#[test]
fn a_port_in_use() {
    let chain = Chain::development();
    let holder = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = holder.local_addr().unwrap().port().to_string();
    let said = refusal(&start(
        chain.spec(),
        &chain.data("one"),
        &["--rpc-port", &port],
    ));
    assert!(
        said.contains(&port) && said.contains("--rpc-port"),
        "{said}"
    );
    let address = format!("/ip4/127.0.0.1/tcp/{port}");
    let said = refusal(&start(
        chain.spec(),
        &chain.data("one"),
        &["--listen-addr", &address],
    ));
    assert!(said.contains(&port) && said.contains("--port"), "{said}");
}

#[test]
fn a_database_that_another_node_uses() {
    let chain = Chain::development();
    let mut node = chain.node("one").authority("//One").start();
    let said = refusal(&start(chain.spec(), &chain.data("one"), &[]));
    assert!(said.contains("Another node uses this database"), "{said}");
    // The first one does not mind.
    let best = node.rpc().best().unwrap();
    node.wait_for_final(best + 3);
}

/// Every file below a folder, with its content.
fn content(folder: &Path) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(content(&path));
        } else {
            found.push((path.clone(), fs::read(&path).unwrap()));
        }
    }
    found.sort();
    found
}

#[test]
fn a_damaged_database_is_left_as_it_is() {
    let chain = Chain::development();
    let mut node = chain.node("one").authority("//One").start();
    node.wait_for_final(4);
    node.stop();
    let database = chain.data("one").join("chains/bittensor/paritydb/full");
    let metadata = database.join("metadata");
    assert!(metadata.is_file(), "the layout of the database changed");
    let sound = fs::read(&metadata).unwrap();
    fs::write(&metadata, b"damaged").unwrap();

    let before = content(&database);
    let said = refusal(&start(chain.spec(), &chain.data("one"), &[]));
    assert!(said.contains("was left as it is"), "{said}");
    assert_eq!(content(&database), before);

    // Restored from a copy, it goes on.
    fs::write(&metadata, sound).unwrap();
    let mut node = chain.node("one").authority("//One").start();
    node.wait_for_final(8);
}

#[test]
fn a_subcommand_on_a_chain_that_is_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_string_lossy();
    let said = refusal(&run(&[
        "check-block",
        "--chain",
        "dev",
        "--base-path",
        &data,
        "7",
    ]));
    assert!(said.contains("no such block"), "{said}");
}
