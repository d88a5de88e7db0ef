//! A second node gets the chain from the first.

use serde_json::json;
use zombienet::{Chain, Node};

/// Nonce and balances of `//Alice`, raw, at a block.
fn alice(node: &Node, block: &str) -> String {
    const KEY: &str = concat!(
        "0x26aa394eea5630e07c48ae0c9558cef7b99d880ec681799c0cf30e8886371da9",
        "de1e86a9a8c739864cf3cc5ec2bea59f",
        "d43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d"
    );
    let value = node
        .rpc()
        .call("state_getStorage", json!([KEY, block]))
        .unwrap();
    value.as_str().expect("Alice has an account").to_owned()
}

fn syncs(mode: &str) {
    let chain = Chain::development();
    let mut first = chain.node("first").authority("//One").start();
    let target = 20;
    let hash = first.wait_for_final(target);
    let mut second = chain
        .node("second")
        .with(["--sync", mode])
        .connected_to(&first)
        .start();
    // It follows beyond what was there when it joined.
    let later = first.rpc().best().unwrap() + 8;
    let later_hash = second.wait_for_final(later);
    assert_eq!(first.wait_for_final(later), later_hash);
    assert_eq!(alice(&first, &later_hash), alice(&second, &later_hash));
    // Warp sync fetches older blocks afterwards.
    let same = second.wait_for("the older block", |rpc| rpc.hash(target));
    assert_eq!(same, hash);
    if mode == "warp" {
        assert!(
            second.log().contains("Warp sync is complete"),
            "it synced in another way"
        );
    }
}

#[test]
fn a_second_node_syncs_every_block() {
    syncs("full");
}

#[test]
fn a_second_node_warps_to_the_last_final_block() {
    syncs("warp");
}
