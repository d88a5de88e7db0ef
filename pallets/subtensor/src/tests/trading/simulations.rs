//! What clients read about prices and trades (section B.6 of the interface).

use dendra_runtime_api::{SimSwapResult, SubnetPrice};

use super::*;
use crate::{mock::*, *};

#[test]
fn prices_are_those_of_every_subnet_and_root() {
    chain().run(|| {
        set_pool(NETUID, X, Y, 60);
        SubnetMechanism::<Test>::insert(OTHER, 0);
        let row = |netuid, price| SubnetPrice {
            netuid: NetUid::new(netuid),
            price,
        };
        assert_eq!(
            SubtensorModule::alpha_prices(),
            [
                row(0, UNIT),
                row(1, UNIT),
                row(2, 333_333_333),
                row(3, UNIT)
            ]
        );
        assert_eq!(SubtensorModule::alpha_price(NETUID), 333_333_333);
        assert_eq!(SubtensorModule::alpha_price(ROOT), UNIT);
        assert_eq!(SubtensorModule::alpha_price(NetUid::new(4)), 0);
        // A price beyond 64 bits is shown as the most that they hold.
        set_pool(NETUID, 1, 20_000_000_000_000_000, 1);
        assert_eq!(SubtensorModule::alpha_price(NETUID), u64::MAX);
        set_pool(NETUID, X, Y, 50);
    });
}

#[test]
fn a_simulated_purchase_is_the_purchase() {
    chain().run(|| {
        set_pool(NETUID, X, Y, 50);
        Author::set(&Some(author()));
        let rao = 1_000_000_000_000;
        let shown = SubtensorModule::simulate_buy(NETUID, tao(rao));
        let expected = SimSwapResult {
            tao_amount: tao(rao),
            alpha_amount: alpha(1_996_996_913_226),
            tao_fee: tao(503_547_722),
            // 2·10^12 at the price before.
            alpha_slippage: alpha(2_000_000_000_000 - 1_996_996_913_226),
            ..Default::default()
        };
        assert_eq!(shown, expected);
        buy(NETUID, rao, None, Fee::Charged).unwrap();
        let got = SubtensorModule::stake_of(&hotkey(), &trader(), NETUID);
        assert_eq!(got, shown.alpha_amount);
        assert_eq!(held(&trader()), RICH - shown.tao_amount.get());
        assert_eq!(held(&author()), RICH + shown.tao_fee.get());
    });
}

#[test]
fn a_simulated_sale_is_the_sale() {
    chain().run(|| {
        set_pool(NETUID, X, Y, 50);
        let units = 1_000_000_000_000;
        stake(NETUID, units);
        let shown = SubtensorModule::simulate_sell(NETUID, alpha(units));
        let expected = SimSwapResult {
            tao_amount: tao(499_498_602_598),
            alpha_amount: alpha(units),
            alpha_fee: alpha(503_547_722),
            tao_slippage: tao(500_000_000_000 - 499_498_602_598),
            ..Default::default()
        };
        assert_eq!(shown, expected);
        sell(NETUID, units, None, Fee::Charged).unwrap();
        assert_eq!(held(&trader()), RICH + shown.tao_amount.get());
        assert_eq!(BurnedAlpha::<Test>::get(NETUID), shown.alpha_fee);
    });
}

#[test]
fn on_root_there_is_neither_fee_nor_slippage() {
    chain().run(|| {
        stake(ROOT, UNIT);
        let expected = SimSwapResult {
            tao_amount: tao(UNIT),
            alpha_amount: alpha(UNIT),
            ..Default::default()
        };
        assert_eq!(SubtensorModule::simulate_buy(ROOT, tao(UNIT)), expected);
        assert_eq!(SubtensorModule::simulate_sell(ROOT, alpha(UNIT)), expected);
    });
}

#[test]
fn what_would_fail_is_all_zero() {
    chain().run(|| {
        set_pool(NETUID, X, Y, 50);
        let nothing = SimSwapResult::default();
        for netuid in [NETUID, ROOT, NetUid::new(4)] {
            assert_eq!(SubtensorModule::simulate_buy(netuid, tao(0)), nothing);
            assert_eq!(SubtensorModule::simulate_sell(netuid, alpha(0)), nothing);
        }
        assert_eq!(
            SubtensorModule::simulate_buy(NetUid::new(4), tao(UNIT)),
            nothing
        );
        assert_eq!(
            SubtensorModule::simulate_buy(NETUID, tao(u64::MAX)),
            nothing
        );
        assert_eq!(
            SubtensorModule::simulate_sell(NETUID, alpha(u64::MAX)),
            nothing
        );
        assert_eq!(SubtensorModule::simulate_sell(NETUID, alpha(1)), nothing);
        // Root holds nothing that it could pay.
        assert_eq!(SubtensorModule::simulate_sell(ROOT, alpha(1)), nothing);
    });
}
