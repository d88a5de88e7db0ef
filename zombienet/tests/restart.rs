//! A node that dies goes on with the same chain.
//!
//! The database writes in the background, in order: what a kill can lose is the record of the last moment's
//! finality, which the node then finds again, never the block that it was about.

use zombienet::Chain;

#[test]
fn a_killed_authority_goes_on_with_the_same_chain() {
    let chain = Chain::development();
    let mut node = chain.node("one").authority("//One").start();
    let genesis = node.rpc().hash(0).unwrap();
    let mut height = 6;
    let mut hash = node.wait_for_final(height);
    // Several times, since the moment of death differs.
    for _ in 0..3 {
        node.kill();
        node = chain.node("one").authority("//One").start();
        assert_eq!(node.rpc().hash(0).unwrap(), genesis);
        assert_eq!(
            node.rpc().hash(height).unwrap().as_ref(),
            Some(&hash),
            "final block {height}"
        );
        assert_eq!(
            node.wait_for_final(height),
            hash,
            "another block became final"
        );
        height += 6;
        hash = node.wait_for_final(height);
    }
    assert!(
        node.log().contains("Imported #1 "),
        "external harnesses wait for this line"
    );
    node.stop();
}
