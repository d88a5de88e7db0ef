//! Three authorities agree, wait for one that is away, and go on when it is back.

use zombienet::Chain;

#[test]
fn finality_waits_for_an_authority_and_goes_on_when_it_is_back() {
    let chain = Chain::fast_local();
    let mut one = chain.node("one").authority("//One").start();
    let mut two = chain
        .node("two")
        .authority("//Two")
        .connected_to(&one)
        .start();
    let three = || chain.node("three").authority("//Three");
    let mut third = three().connected_to(&one).start();
    let hash = one.wait_for_final(6);
    assert_eq!(two.wait_for_final(6), hash);
    assert_eq!(third.wait_for_final(6), hash);

    // Of three, none may be missing: blocks go on, finality does not.
    third.kill();
    let then = one.rpc().best().unwrap();
    one.wait_for("blocks of the other two", |rpc| {
        Ok((rpc.best()? >= then + 12).then_some(()))
    });
    let stuck = one.rpc().finalized().unwrap();
    assert!(
        stuck < then + 6,
        "block {stuck} became final without the third authority"
    );

    let mut third = three().connected_to(&one).start();
    let hash = one.wait_for_final(then + 12);
    assert_eq!(two.wait_for_final(then + 12), hash);
    assert_eq!(third.wait_for_final(then + 12), hash);
}
