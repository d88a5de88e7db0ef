//! What operators ask on a network that works: places, standing, scores, receipts, and rounds that are judged again.

use std::{
    io::Write,
    process::{Command, Output, Stdio},
    time::Duration,
};

use serde_json::Value;
use zombienet::{
    keys,
    network::{Definition, Network},
};

/// The pay of a miner comes in the third epoch of 5 s.
const DEADLINE: Duration = Duration::from_secs(90);

/// Runs a program as `name` was started, with another command, and gives it something to read.
fn ask(network: &mut Network, name: &str, command: &[&str], input: &str) -> Output {
    let recipe = network.process(name).unwrap().recipe();
    let mut child = Command::new(&recipe.program)
        .args(command)
        .args(&recipe.arguments[1..])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // It may end without reading.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

fn text(output: &Output) -> String {
    assert!(
        output.status.success(),
        "{}\n{}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// The tables of a command with `--json`, which has to end well.
fn tables(network: &mut Network, name: &str, command: &[&str], input: &str) -> Value {
    let mut command = command.to_vec();
    command.push("--json");
    serde_json::from_str(&text(&ask(network, name, &command, input))).unwrap()
}

/// The row of a table of which a column has a value.
fn row<'a>(table: &'a Value, column: &str, value: &Value) -> &'a Value {
    table
        .as_array()
        .and_then(|rows| rows.iter().find(|row| row[column] == *value))
        .unwrap_or_else(|| panic!("no row with {column} = {value} in {table:#}"))
}

#[test]
fn operators_are_told_how_they_stand_and_why() {
    let definition = Definition::of("next-token").unwrap();
    let mut network = Network::start(definition, &mut |step| println!("{step}")).unwrap();
    let netuid = network.netuid();
    let uid = |network: &Network, name: &str| {
        let all = network.everybody();
        all.iter().find(|one| one.name == name).unwrap().uid
    };
    let good = uid(&network, "good");
    network
        .wait_for("pay for the good miner", DEADLINE, |network| {
            let block = network
                .rpc()
                .best()
                .map_err(zombienet::failure::Failure::new)?;
            let paid = network.books(block)?.emission;
            Ok((paid.get(usize::from(good)) > Some(&0)).then_some(()))
        })
        .unwrap();

    // The miner: nothing is wrong but the port, which the running miner has.
    let output = ask(&mut network, "good", &["doctor", "--json"], "");
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    let checks = found.as_object().unwrap().values().next().unwrap();
    for row in checks.as_array().unwrap() {
        let about = row["check"].as_str().unwrap();
        assert!(
            row["state"] == "good" || about.contains("port") || about.contains("listen"),
            "{row:#}"
        );
    }
    let wanted = [
        "hotkey",
        "clock",
        "registration",
        "runtime",
        "endpoint",
        "model",
    ];
    for about in wanted {
        let rows = checks.as_array().unwrap();
        assert!(
            rows.iter()
                .any(|row| row["check"].as_str().unwrap().contains(about)),
            "no finding about {about}: {checks:#}"
        );
    }
    let found = tables(&mut network, "good", &["explain"], "");
    let standing = &found["standing"];
    let value = |what: &str| row(standing, "what", &what.into())["value"].clone();
    assert_eq!(value("uid"), good);
    assert_eq!(value("rank"), 1);
    assert!(value("emission").as_f64() > Some(0.0));

    // The validator: what it knows of that miner, beside the process that runs.
    let found = tables(&mut network, "validator-1", &["explain"], "");
    let miners = &found[format!("subnet {netuid}: miners")];
    let [first, cheat] = ["good", "cheat"].map(|name| {
        let uid = uid(&network, name);
        row(miners, "uid", &uid.into())["average"].as_f64().unwrap()
    });
    assert!(first > 0.0 && cheat == 0.0, "{miners:#}");
    let number = good.to_string();
    let one = tables(
        &mut network,
        "validator-1",
        &["explain", "--uid", &number],
        "",
    );
    assert_eq!(
        one[format!("subnet {netuid}: miners")]
            .as_array()
            .unwrap()
            .len(),
        1
    );

    // Receipts: handed out, verified by whoever gets them, and read by the miner; an altered one is noticed.
    let receipts = text(&ask(&mut network, "validator-1", &["receipts"], ""));
    assert!(receipts.lines().count() >= 4, "{receipts}");
    let check = ["receipts", "--verify", "-"];
    let found = tables(&mut network, "validator-1", &check, &receipts);
    let rows = found["receipts"].as_array().unwrap();
    assert_eq!(rows.len(), receipts.lines().count());
    let signer = keys::address(&keys::public(&keys::hotkey("validator-1")));
    assert!(
        rows.iter()
            .all(|row| row["state"] == "good" && row["validator"] == signer)
    );
    let altered = receipts.replacen("\"uid\":1", "\"uid\":2", 1);
    assert_ne!(altered, receipts);
    assert!(
        !ask(&mut network, "validator-1", &check, &altered)
            .status
            .success()
    );
    let file = network.folder().join("receipts.jsonl");
    std::fs::write(&file, &receipts).unwrap();
    let file = file.to_string_lossy();
    let found = text(&ask(
        &mut network,
        "good",
        &["explain", "--receipts", &file],
        "",
    ));
    assert!(found.contains(&signer[..8]), "{found}");

    // The newest round, judged again from what was stored.
    let found = tables(&mut network, "validator-1", &["replay"], "");
    let replayed = row(&found["replay"], "netuid", &netuid.into());
    assert_eq!(replayed["state"], "good", "{found:#}");

    // Who brings nothing but a key and some TAO gets a place, for no more than it said.
    let newcomer = |network: &mut Network, command: &[&str]| {
        let recipe = network.process("good").unwrap().recipe();
        let chain = recipe.arguments.iter().position(|flag| flag == "--chain");
        Command::new(&recipe.program)
            .args(command)
            .args(["--suri", "//Charlie", "--json"])
            .args(["--netuid", &netuid.to_string(), "--chain"])
            .arg(&recipe.arguments[chain.unwrap() + 1])
            .output()
            .unwrap()
    };
    let refused = newcomer(&mut network, &["register", "--register-limit", "0.001"]);
    assert!(!refused.status.success());
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(said.contains("more than the limit"), "{said}");
    for finding in ["it is registered now", "it was registered before"] {
        let command = ["register", "--register-limit", "1000"];
        let output = text(&newcomer(&mut network, &command));
        assert!(output.contains(finding), "{output}");
    }
    let found: Value = serde_json::from_str(&text(&newcomer(&mut network, &["explain"]))).unwrap();
    let emission = row(&found["standing"], "what", &"emission".into());
    assert_eq!(emission["value"], 0.0);
    network.stop().unwrap();
}
