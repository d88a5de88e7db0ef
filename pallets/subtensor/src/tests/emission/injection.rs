//! What pools take of the TAO (section 3.2 of the economics).

use super::*;

/// What a rao on root weighs, of 2^64 − 1.
const TAO_WEIGHT: u128 = 971_718_665_099_567_868;
/// TAO, and alpha, in the pool of a subnet of the builder.
const RESERVE: u64 = 1_000 * UNIT;
/// Equal weights.
const HALF: u64 = 500_000_000_000_000_000;

/// The root proportion of a block's alpha, by hand.
fn cap(root: u64, issuance: u64) -> u64 {
    let part = TAO_WEIGHT * u128::from(root);
    let whole = part + u128::from(u64::MAX) * u128::from(issuance);
    // Digit by digit: ⌊10^9·part/whole⌋.
    let (mut rest, mut result) = (part, 0_u128);
    for _ in 0..9 {
        rest *= 10;
        result = result * 10 + rest / whole;
        rest %= whole;
    }
    u64::try_from(result).unwrap()
}

fn reserves(netuid: NetUid) -> (u64, u64) {
    (
        SubnetAlphaIn::<Test>::get(netuid).get(),
        SubnetTAO::<Test>::get(netuid).get(),
    )
}

#[test]
fn below_the_cap_all_tao_is_injected_at_the_price() {
    chain(2).run(|| {
        set_root(6_000_000 * UNIT);
        set_moving_price(FIRST, 400_000);
        set_moving_price(SECOND, 400_000);
        // Four alpha for a TAO.
        set_pool(SECOND, 4 * RESERVE, RESERVE, HALF);
        let half = UNIT / 2;
        assert_eq!(
            issue(),
            (vec![(FIRST, tao(half)), (SECOND, tao(half))], tao(0))
        );
        assert_eq!(reserves(FIRST), (RESERVE + half, RESERVE + half));
        assert_eq!(SubnetAlphaInEmission::<Test>::get(FIRST), alpha(half));
        assert_eq!(SubnetProtocolAlpha::<Test>::get(FIRST), alpha(0));
        // Half a TAO would need two alpha beside it, and the cap is less than one.
        assert!(SubnetAlphaInEmission::<Test>::get(SECOND) < alpha(UNIT));
        assert!(SubnetProtocolAlpha::<Test>::get(SECOND) > alpha(0));
    });
}

#[test]
fn at_the_cap_the_rest_buys_alpha_for_the_protocol() {
    chain(1).run(|| {
        set_root(2_000 * UNIT);
        set_moving_price(FIRST, 400_000);
        assert_eq!(issue(), (vec![(FIRST, tao(UNIT))], tao(0)));
        let cap = cap(2_000 * UNIT, RESERVE);
        assert!(cap > UNIT / 20 && cap < UNIT / 10);
        // Price 1: as much TAO as alpha. The rest trades in a pool of equal reserves.
        let (pool, rest) = (u128::from(RESERVE + cap), u128::from(UNIT - cap));
        let bought = u64::try_from(pool * rest / (pool + rest)).unwrap();
        assert_eq!(SubnetAlphaInEmission::<Test>::get(FIRST), alpha(cap));
        assert_eq!(SubnetTaoInEmission::<Test>::get(FIRST), tao(UNIT));
        assert_eq!(SubnetProtocolAlpha::<Test>::get(FIRST), alpha(bought));
        assert_eq!(reserves(FIRST), (RESERVE + cap - bought, RESERVE + UNIT));
        assert_eq!(Settings::weights(FIRST), Weights::EQUAL);
        // The part of root is recycled.
        let pending = pending(FIRST);
        let kept = pending.total().unwrap().get() + SubnetResidual::<Test>::get(FIRST).get();
        assert!(pending.root.is_zero() && kept < UNIT);
        assert_eq!(SubnetAlphaOut::<Test>::get(FIRST), alpha(kept + bought));
    });
}

#[test]
fn the_cap_of_the_specification_holds() {
    chain(1).run(|| {
        set_root(6_000_000 * UNIT);
        set_pool(FIRST, 1_000_000 * UNIT, 1_000_000 * UNIT, HALF);
        set_alpha_out(FIRST, 1_000_000 * UNIT);
        set_moving_price(FIRST, 400_000);
        issue();
        assert_eq!(
            SubnetAlphaInEmission::<Test>::get(FIRST),
            alpha(136_465_201)
        );
    });
}

#[test]
fn without_root_stake_all_tao_buys_alpha() {
    chain(1).run(|| {
        set_moving_price(FIRST, 400_000);
        issue();
        assert_eq!(SubnetAlphaInEmission::<Test>::get(FIRST), alpha(0));
        // ⌊10^12·10^9/(10^12 + 10^9)⌋
        assert_eq!(SubnetProtocolAlpha::<Test>::get(FIRST), alpha(999_000_999));
        assert_eq!(reserves(FIRST), (RESERVE - 999_000_999, RESERVE + UNIT));
    });
}

#[test]
fn an_injection_keeps_the_price_of_an_uneven_pool() {
    chain(1).run(|| {
        set_root(6_000_000 * UNIT);
        set_moving_price(FIRST, 400_000);
        // One alpha costs 3/7 · 5/2 TAO, so the share is below the cap.
        let uneven = 700_000_000_000_000_000;
        set_pool(FIRST, 2 * RESERVE, 5 * RESERVE, uneven);
        let price = SubtensorModule::spot_price(FIRST).unwrap();
        issue();
        assert_eq!(SubnetProtocolAlpha::<Test>::get(FIRST), alpha(0));
        assert_eq!(reserves(FIRST).1, 5 * RESERVE + UNIT);
        // As much of each by value: the weights move towards each other, and the price stays.
        assert!(Settings::weights(FIRST).tao() < uneven);
        let moved = SubtensorModule::spot_price(FIRST).unwrap();
        let [before, after] = [price, moved].map(|price| price.to_bits(56).unwrap());
        assert!(before.abs_diff(after) <= 8, "{before} {after}");
    });
}

#[test]
fn an_injection_that_no_weight_allows_is_left_out() {
    chain(2).run(|| {
        set_root(6_000_000 * UNIT);
        set_moving_price(FIRST, 1_000);
        set_moving_price(SECOND, 999_000);
        // An alpha costs more than the share, so only TAO would be injected; its weight is the most there is.
        set_pool(FIRST, 1_000, RESERVE, 990_000_000_000_000_000);
        let (pools, rest) = issue();
        assert_eq!(
            pools.iter().map(|(netuid, _)| *netuid).collect::<Vec<_>>(),
            vec![SECOND]
        );
        assert_eq!(rest, tao(1_000_000));
        assert_eq!(reserves(FIRST), (1_000, RESERVE));
        assert_eq!(SubnetTaoInEmission::<Test>::get(FIRST), tao(0));
        // The participants lose nothing.
        assert_eq!(SubnetAlphaOutEmission::<Test>::get(FIRST), alpha(UNIT));
        assert_eq!(pending(FIRST).server, alpha(410_002_288));
    });
}

#[test]
fn a_purchase_that_the_pool_refuses_is_left_out() {
    chain(1).run(|| {
        set_moving_price(FIRST, 400_000);
        // A TAO is more than a thousand times this reserve.
        set_pool(FIRST, 2 * UNIT, 1_000, HALF);
        assert_eq!(issue(), (vec![], tao(UNIT)));
        assert_eq!(reserves(FIRST), (2 * UNIT, 1_000));
        assert_eq!(pending(FIRST).server, alpha(410_002_288));
        // And this one would leave less than a pool must keep.
        set_pool(FIRST, 1_000_001, RESERVE, HALF);
        assert_eq!(issue(), (vec![], tao(UNIT)));
    });
}

#[test]
fn an_empty_reserve_costs_only_the_tao() {
    chain(2).run(|| {
        set_moving_price(FIRST, 400_000);
        set_moving_price(SECOND, 400_000);
        let price = MovingPriceBits::<Test>::get(FIRST);
        SubnetAlphaIn::<Test>::insert(FIRST, alpha(0));
        assert_eq!(issue(), (vec![(SECOND, tao(UNIT / 2))], tao(UNIT / 2)));
        assert_eq!(reserves(FIRST), (0, RESERVE));
        assert_eq!(MovingPriceBits::<Test>::get(FIRST), price);
        assert_eq!(pending(FIRST).server, alpha(410_002_288));
    });
}

/// Issues without asking whether the chain was sound before.
fn issue_on_a_broken_chain() -> (Vec<(NetUid, TaoBalance)>, TaoBalance) {
    System::set_block_number(System::block_number() + 1);
    System::reset_events();
    assert!(SubtensorModule::step_emission(&mut WeightMeter::new()));
    said()
}

#[test]
fn a_subnet_whose_account_cannot_be_paid_stops_nobody() {
    chain(2).build().execute_with(|| {
        // A share of some rao cannot open an account.
        set_moving_price(SECOND, 1_000_000);
        SubtensorModule::put_moving_price(FIRST, MovingPrice::from_bits(10_u128.pow(22)).unwrap());
        Balances::set_balance(&SubtensorModule::subnet_account(FIRST), 0);
        let (pools, rest) = issue_on_a_broken_chain();
        assert_eq!(pools.len(), 1);
        assert!(pools[0].0 == SECOND && !rest.is_zero() && rest < tao(500));
        assert_eq!(reserves(FIRST), (RESERVE, RESERVE));
        assert_eq!(pending(FIRST).server, alpha(410_002_288));
    });
}

#[test]
fn numbers_beyond_all_bounds_stop_nobody() {
    chain(2).build().execute_with(|| {
        set_moving_price(FIRST, 500_000);
        set_moving_price(SECOND, 500_000);
        set_root(1_000 * UNIT);
        for (alpha_in, alpha_out) in [
            (u64::MAX, u64::MAX),
            (u64::MAX, 0),
            (1, u64::MAX),
            (0, u64::MAX),
        ] {
            SubnetAlphaIn::<Test>::insert(FIRST, alpha(alpha_in));
            SubnetAlphaOut::<Test>::insert(FIRST, alpha(alpha_out));
            let before = SubnetTAO::<Test>::get(SECOND);
            let (pools, _) = issue_on_a_broken_chain();
            assert!(pools.iter().any(|(netuid, _)| *netuid == SECOND));
            assert!(SubnetTAO::<Test>::get(SECOND) > before);
        }
    });
}
