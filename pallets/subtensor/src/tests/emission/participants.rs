//! Who gets the alpha (section 3.3 of the economics).

use super::*;

/// A chain of two subnets whose moving prices sum to so many millionths; no TAO is issued.
fn with_prices(sum: u64, test: impl FnOnce()) {
    chain(2).run(|| {
        let first = sum / 2;
        set_moving_price(FIRST, first);
        set_moving_price(SECOND, sum - first);
        for netuid in [FIRST, SECOND] {
            SubnetEmissionEnabled::<Test>::insert(netuid, false);
        }
        test();
    });
}

fn parts(netuid: NetUid) -> [u64; 5] {
    let PendingEmission {
        server,
        validator,
        root,
        owner,
    } = pending(netuid);
    let residual = SubnetResidual::<Test>::get(netuid);
    [owner, server, root, validator, residual].map(AlphaBalance::get)
}

/// TAO on root, and alpha of the first subnet so that there are two million once a block has issued.
fn set_up_the_example() {
    set_root(6_000_000 * UNIT);
    let present = SubnetAlphaIn::<Test>::get(FIRST).get() + UNIT;
    set_alpha_out(FIRST, 2_000_000 * UNIT - present);
}

#[test]
fn alpha_is_cut_as_in_the_example() {
    with_prices(1_500_000, || {
        issue();
        // Each part rounded down from its exact value; what is left waits with the residual.
        let exact = [179_995_422, 410_002_288, 0, 410_002_288, 2];
        assert_eq!(parts(FIRST), exact);
        assert_eq!(exact.iter().sum::<u64>(), UNIT);
    });
}

#[test]
fn root_has_the_part_of_the_example() {
    with_prices(1_500_000, || {
        set_up_the_example();
        let before = SubnetAlphaOut::<Test>::get(FIRST).get();
        issue();
        let [owner, server, root, validator, residual] = parts(FIRST);
        assert_eq!(
            (owner, server, root),
            (179_995_422, 410_002_288, 55_951_044)
        );
        assert_eq!(owner + server + root + validator + residual, UNIT);
        assert_eq!(SubnetAlphaOut::<Test>::get(FIRST), alpha(before + UNIT));
    });
}

#[test]
fn the_part_of_root_is_recycled_while_prices_sum_to_one() {
    with_prices(1_000_000, || {
        // The sum is one but for the rounding of these prices; then it is one exactly.
        let rest = MovingPrice::ONE.bits() - MovingPriceBits::<Test>::get(SECOND);
        SubtensorModule::put_moving_price(FIRST, MovingPrice::from_bits(rest).unwrap());
        set_up_the_example();
        let before = SubnetAlphaOut::<Test>::get(FIRST).get();
        issue();
        assert_eq!(parts(FIRST)[2], 0);
        let recycled = 55_951_044;
        assert_eq!(
            SubnetAlphaOut::<Test>::get(FIRST),
            alpha(before + UNIT - recycled)
        );
        // All of it was issued, and a part recycled.
        assert_eq!(SubnetAlphaOutEmission::<Test>::get(FIRST), alpha(UNIT));
    });
}

#[test]
fn the_part_of_root_is_paid_once_prices_sum_to_more_than_one() {
    with_prices(1_000_000, || {
        let rest = MovingPrice::ONE.bits() - MovingPriceBits::<Test>::get(SECOND);
        SubtensorModule::put_moving_price(FIRST, MovingPrice::from_bits(rest + 1).unwrap());
        set_up_the_example();
        issue();
        assert_eq!(parts(FIRST)[2], 55_951_044);
    });
}

#[test]
fn prices_of_subnets_that_are_left_out_do_not_count() {
    with_prices(1_500_000, || {
        set_up_the_example();
        NetworkRegistrationAllowed::<Test>::insert(SECOND, false);
        issue();
        assert_eq!(parts(FIRST)[2], 0);
    });
}

#[test]
fn an_owner_who_is_not_paid_leaves_the_cut_to_the_others() {
    with_prices(1_500_000, || {
        OwnerCutEnabled::<Test>::insert(FIRST, false);
        issue();
        assert_eq!(parts(FIRST), [0, UNIT / 2, 0, UNIT / 2, 0]);
        assert_eq!(parts(SECOND)[0], 179_995_422);
    });
}

#[test]
fn the_cut_is_what_root_set() {
    with_prices(1_500_000, || {
        SubnetOwnerCut::<Test>::put(u16::MAX);
        issue();
        assert_eq!(parts(FIRST), [UNIT, 0, 0, 0, 0]);
        SubnetOwnerCut::<Test>::put(0);
        issue();
        assert_eq!(parts(FIRST), [UNIT, UNIT / 2, 0, UNIT / 2, 0]);
    });
}

#[test]
fn parts_collect_until_an_epoch() {
    with_prices(1_500_000, || {
        for _ in 0..10 {
            issue();
        }
        assert_eq!(
            parts(FIRST),
            [1_799_954_220, 4_100_022_880, 0, 4_100_022_880, 20]
        );
        let shown = SubtensorModule::dynamic_info(FIRST).unwrap();
        let pending = 1_799_954_220 + 2 * 4_100_022_880;
        assert_eq!(shown.pending_alpha_emission.0, alpha(pending));
        assert_eq!(shown.alpha_out_emission.0, alpha(UNIT));
        Tempo::<Test>::insert(FIRST, 1);
        run_to_block(System::block_number() + 1);
        assert_eq!(pending_total(FIRST), 0);
    });
}

fn pending_total(netuid: NetUid) -> u64 {
    pending(netuid).total().unwrap().get()
}
