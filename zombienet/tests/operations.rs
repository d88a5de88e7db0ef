//! The subcommands on a real chain: blocks out and in, state out, back by a few blocks, gone.

use serde_json::Value;
use zombienet::{Chain, Ended, run};

fn done(ended: Ended) -> Ended {
    assert!(ended.is_success, "{}", ended.error);
    ended
}

/// The node computes the state of a named network itself; the runtime's wasm computes that of a file with a configuration.
#[test]
fn a_named_network_starts_from_what_its_runtime_computes() {
    for name in ["dev", "local", "public"] {
        let by_name = done(run(&["chain-spec", "--raw", "--chain", name])).output;
        let by_name: Value = serde_json::from_str(&by_name).unwrap();
        let by_wasm = Chain::from_preset(name, |_| ());
        let by_wasm = std::fs::read_to_string(by_wasm.spec()).unwrap();
        let by_wasm: Value = serde_json::from_str(&by_wasm).unwrap();
        assert!(by_wasm["genesis"]["raw"]["top"].as_object().unwrap().len() > 10);
        assert_eq!(by_name, by_wasm, "{name}");
    }
}

#[test]
fn blocks_and_state_travel_through_files() {
    let chain = Chain::development();
    let mut node = chain
        .node("one")
        .authority("//One")
        .with(["--state-pruning", "archive"])
        .start();
    let hash = node.wait_for_final(12);
    node.stop();

    let spec = chain.spec().to_string_lossy().into_owned();
    let one = chain.data("one").to_string_lossy().into_owned();
    let two = chain.data("two").to_string_lossy().into_owned();
    let blocks = chain.data("blocks.bin").to_string_lossy().into_owned();
    let on = |subcommand: &str, data: &str, more: &[&str]| {
        let mut arguments = vec![subcommand, "--chain", &spec, "--base-path", data];
        arguments.extend(more);
        done(run(&arguments))
    };
    on("check-block", &one, &["12"]);
    on("export-blocks", &one, &["--to", "12", "--binary", &blocks]);
    on("import-blocks", &two, &["--binary", &blocks]);
    let info = on("chain-info", &two, &[]);
    assert!(
        info.output.contains(hash.trim_start_matches("0x")),
        "{}",
        info.output
    );

    let state = on("export-state", &two, &[]);
    let exported: Value = serde_json::from_str(&state.output).unwrap();
    let top = exported["genesis"]["raw"]["top"].as_object().unwrap();
    assert!(
        top.contains_key("0x3a636f6465"),
        "the state holds the runtime"
    );

    on("revert", &two, &["5"]);
    let info = on("chain-info", &two, &[]);
    assert!(
        !info.output.contains(hash.trim_start_matches("0x")),
        "{}",
        info.output
    );

    on("purge-chain", &two, &["-y"]);
    assert!(
        !chain
            .data("two")
            .join("chains/bittensor/paritydb/full")
            .exists()
    );
}

#[test]
fn a_chain_spec_names_the_chain_as_clients_expect_it() {
    let spec = |name| -> Value {
        serde_json::from_str(&done(run(&["chain-spec", "--chain", name])).output).unwrap()
    };
    for name in ["dev", "local"] {
        let spec = spec(name);
        assert_eq!(spec["name"], "Bittensor");
        assert_eq!(spec["id"], "bittensor");
        assert_eq!(spec["chainType"], "Local");
        assert_eq!(spec["properties"]["tokenSymbol"], "TAO");
        assert_eq!(spec["properties"]["tokenDecimals"], 9);
        assert_eq!(spec["properties"]["ss58Format"], 42);
    }
    assert_eq!(spec("public")["chainType"], "Live");
    // The older name of the command still works.
    let older = done(run(&[
        "build-spec",
        "--chain",
        "dev",
        "--disable-default-bootnode",
    ]));
    let older: Value = serde_json::from_str(&older.output).unwrap();
    assert_eq!(older["id"], "bittensor");
}

#[test]
fn keys_can_be_made_and_looked_at() {
    let key: Value = serde_json::from_str(
        &done(run(&["key", "inspect", "//Alice", "--output-type", "json"])).output,
    )
    .unwrap();
    assert_eq!(
        key["ss58Address"],
        "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY"
    );
    done(run(&["key", "generate", "--scheme", "ed25519"]));
}

#[test]
fn help_tells_how_to_start() {
    let help = done(run(&["--help"])).output;
    for word in [
        "--dev",
        "--authority",
        "chain-spec",
        "import-blocks",
        "purge-chain",
    ] {
        assert!(help.contains(word), "{word} is missing");
    }
}
