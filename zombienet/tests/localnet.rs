//! Every template is played on a local network, and the chain's own state has to say that it paid rightly.

use std::process::Command;

use serde_json::Value;

/// Epochs that are judged.
const EPOCHS: &str = "4";
/// From built binaries to the first paid miner, in seconds.
const FIRST_PAY: f64 = 60.0;

fn lines(output: &[u8]) -> Vec<Value> {
    String::from_utf8_lossy(output)
        .lines()
        .map(|line| serde_json::from_str(line).expect("standard output is JSON, an object a line"))
        .collect()
}

fn of_kind<'a>(lines: &'a [Value], kind: &str) -> Vec<&'a Value> {
    lines.iter().filter(|line| line["kind"] == kind).collect()
}

fn plays(template: &str) {
    let output = Command::new(env!("CARGO_BIN_EXE_localnet"))
        .args(["--template", template, "--port", "0", "--json"])
        .args(["--epochs", EPOCHS, "--check"])
        .output()
        .expect("the program starts");
    let told = String::from_utf8_lossy(&output.stderr);
    let lines = lines(&output.stdout);
    assert!(output.status.success(), "{told}\n{lines:#?}");

    let network = of_kind(&lines, "network");
    assert_eq!(network[0]["neurons"].as_array().unwrap().len(), 7);
    let pay = of_kind(&lines, "first-pay")[0]["seconds"].as_f64().unwrap();
    println!("{template}: first miner paid after {pay:.1} s");
    assert!(pay <= FIRST_PAY, "first pay after {pay} s\n{told}");
    let check = of_kind(&lines, "check")[0];
    assert_eq!(check["holds"], true, "{check:#}");
    assert!(check["claims"].as_array().unwrap().len() >= 9, "{check:#}");

    // Both validators have set weights, and every miner has a score.
    let epochs = of_kind(&lines, "epoch");
    let last = epochs.last().unwrap()["neurons"].as_array().unwrap();
    for neuron in last {
        match neuron["role"].as_str().unwrap() {
            "validator" => assert!(neuron["last_weights_block"].is_u64(), "{neuron:#}"),
            "miner" | "cheat" => assert!(neuron["score"].is_f64(), "{neuron:#}"),
            _ => {}
        }
    }
}

#[test]
fn better_models_of_next_token_earn_more() {
    plays("next-token");
}

#[test]
fn answers_of_text_generation_are_verified() {
    plays("text-generation");
}

#[test]
fn the_custom_subnet_pays() {
    plays("custom");
}
