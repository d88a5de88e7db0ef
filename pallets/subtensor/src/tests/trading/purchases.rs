//! Buying.

use frame_support::assert_noop;

use super::*;
use crate::{Error, mock::*, *};

#[test]
fn the_first_vector_of_the_specification() {
    chain().run(|| {
        set_pool(NETUID, X, Y, 50);
        Author::set(&Some(author()));
        let before = books(NETUID);
        let purchase = buy(NETUID, 1_000_000_000_000, None, Fee::Charged).unwrap();
        let (fee, bought) = (503_547_722, 1_996_996_913_226);
        let used = 1_000_000_000_000 - fee;
        assert_eq!(
            purchase,
            Purchase {
                alpha: alpha(bought),
                used: tao(used),
                fee: tao(fee),
                unspent: TaoBalance::ZERO,
            }
        );
        let expected = Books {
            alpha_in: X - bought,
            tao_in: Y + used,
            alpha_out: before.alpha_out + bought,
            volume: before.volume + u128::from(used),
            account: before.account + used,
            total_stake: before.total_stake + used,
            issuance: before.issuance,
        };
        assert_eq!(books(NETUID), expected);
        assert_eq!(held(&trader()), RICH - 1_000_000_000_000);
        assert_eq!(held(&author()), RICH + fee);
        assert_eq!(
            SubtensorModule::stake_of(&hotkey(), &trader(), NETUID),
            alpha(bought)
        );
    });
}

#[test]
fn the_vector_with_unequal_weights() {
    chain().run(|| {
        set_pool(NETUID, X, Y, 60);
        Author::set(&Some(author()));
        let purchase = buy(NETUID, 1_000_000_000_000, None, Fee::Waived).unwrap();
        assert_eq!(purchase.alpha, alpha(2_996_254_370_083));
        assert_eq!(
            (purchase.used, purchase.fee),
            (tao(1_000_000_000_000), TaoBalance::ZERO)
        );
        assert_eq!(held(&author()), RICH);
    });
}

#[test]
fn the_vector_of_a_limit() {
    chain().run(|| {
        set_pool(NETUID, X, Y, 50);
        hold(&trader(), 100_000_000_000_000);
        let offered = 60_000_000_000_000;
        let purchase = buy(NETUID, offered, limit(550_000_000), Fee::Charged).unwrap();
        let used = 48_808_848_170_151;
        let fee = used * 33 / (65_535 - 33);
        assert_eq!((purchase.used, purchase.fee), (tao(used), tao(fee)));
        assert_eq!(purchase.unspent, tao(offered - used - fee));
        assert_eq!(held(&trader()), 100_000_000_000_000 - used - fee);
        assert_eq!(price(NETUID), 549_999_999);
    });
}

#[test]
fn a_limit_that_the_price_has_reached_is_refused() {
    chain().run(|| {
        set_pool(NETUID, X, Y, 50);
        for rao in [500_000_000, 499_999_999, 1, 0] {
            assert_noop!(
                buy(NETUID, UNIT, limit(rao), Fee::Charged),
                Error::<Test>::SlippageTooHigh
            );
        }
        // A limit that is not reached changes nothing.
        let free = SubtensorModule::quote_buy(NETUID, tao(UNIT), None, Fee::Charged).unwrap();
        let limited = buy(NETUID, UNIT, limit(500_010_000), Fee::Charged).unwrap();
        assert_eq!(free, limited);
    });
}

#[test]
fn nobody_buys_for_more_than_it_can_spend() {
    chain().run(|| {
        // What is held stays alive.
        for rao in [RICH - 499, RICH + 1, u64::MAX] {
            assert_noop!(
                buy(NETUID, rao, None, Fee::Charged),
                Error::<Test>::NotEnoughBalanceToStake
            );
        }
        buy(NETUID, RICH - 500, None, Fee::Charged).unwrap();
        assert_eq!(held(&trader()), 500);
    });
}

#[test]
fn too_little_is_refused() {
    chain().run(|| {
        // A rao is worth half a unit.
        set_pool(NETUID, X, 2 * X, 50);
        for rao in [0, 1] {
            assert_noop!(
                buy(NETUID, rao, None, Fee::Charged),
                Error::<Test>::AmountTooLow
            );
        }
        assert_eq!(buy(NETUID, 3, None, Fee::Charged).unwrap().alpha, alpha(1));
        assert_noop!(
            buy(ROOT, 0, None, Fee::Charged),
            Error::<Test>::AmountTooLow
        );
    });
}

#[test]
fn a_pool_keeps_its_floor_and_takes_no_flood() {
    chain().run(|| {
        let refused = |rao| {
            assert_noop!(
                buy(NETUID, rao, None, Fee::Waived),
                Error::<Test>::InsufficientLiquidity
            );
        };
        set_pool(NETUID, 2_000_000, 1_000_000, 50);
        // Of 2·10^6 alpha ⌊2·10^6·Δ/(10^6 + Δ)⌋ leave, and at least half has to stay.
        refused(1_000_003);
        buy(NETUID, 1_000_002, None, Fee::Waived).unwrap();
        assert_eq!(SubnetAlphaIn::<Test>::get(NETUID), alpha(1_000_000));
        // A thousand times the reserve, and a unit more.
        set_pool(NETUID, u64::MAX / 4, 1_000_000, 50);
        refused(1_000_000_001);
        assert!(SubtensorModule::quote_buy(NETUID, tao(1_000_000_000), None, Fee::Waived).is_ok());
    });
}

#[test]
fn without_a_subnet_there_is_no_trade() {
    chain().run(|| {
        let refused = |netuid| {
            assert_noop!(
                buy(netuid, UNIT, None, Fee::Charged),
                Error::<Test>::SubnetNotExists
            );
            assert_noop!(
                SubtensorModule::quote_sell(netuid, alpha(UNIT), None, Fee::Charged),
                Error::<Test>::SubnetNotExists
            );
            assert_noop!(
                SubtensorModule::sell(&trader(), netuid, alpha(UNIT), None, Fee::Charged),
                Error::<Test>::SubnetNotExists
            );
        };
        refused(NetUid::new(4));
        // Being dissolved is not being there, although the reserves are.
        SubtensorModule::root_dissolve_network(RuntimeOrigin::root(), NETUID).unwrap();
        assert!(!SubnetTAO::<Test>::get(NETUID).is_zero());
        refused(NETUID);
    });
}

#[test]
fn root_and_mechanism_0_sell_at_one() {
    chain().run(|| {
        SubnetMechanism::<Test>::insert(OTHER, 0);
        Author::set(&Some(author()));
        for netuid in [ROOT, OTHER] {
            let before = books(netuid);
            let purchase = buy(netuid, UNIT, limit(UNIT), Fee::Charged).unwrap();
            let expected = Purchase {
                alpha: alpha(UNIT),
                used: tao(UNIT),
                fee: TaoBalance::ZERO,
                unspent: TaoBalance::ZERO,
            };
            assert_eq!(purchase, expected);
            let after = books(netuid);
            assert_eq!(after.alpha_in, before.alpha_in);
            assert_eq!(after.tao_in, before.tao_in + UNIT);
            assert_eq!(after.alpha_out, before.alpha_out + UNIT);
            assert_eq!(after.account, before.account + UNIT);
            assert_eq!(after.total_stake, before.total_stake + UNIT);
            assert_noop!(
                buy(netuid, UNIT, limit(UNIT - 1), Fee::Charged),
                Error::<Test>::SlippageTooHigh
            );
        }
        assert_eq!(held(&author()), RICH);
    });
}

#[test]
fn each_subnet_has_its_own_fee() {
    chain().run(|| {
        Author::set(&Some(author()));
        FeeRates::insert(NETUID, 10_000);
        FeeRates::insert(OTHER, 0);
        let fee = |netuid| buy(netuid, UNIT, None, Fee::Charged).unwrap().fee.get();
        assert_eq!(fee(NETUID), UNIT * 10_000 / 65_535);
        assert_eq!(fee(OTHER), 0);
        assert_eq!(held(&author()), RICH + UNIT * 10_000 / 65_535);
    });
}

#[test]
fn without_an_author_the_fee_of_a_purchase_leaves_the_issuance() {
    chain().run(|| {
        let issuance = SubtensorModule::issuance().get();
        let purchase = buy(NETUID, UNIT, None, Fee::Charged).unwrap();
        assert_eq!(purchase.fee, tao(503_547));
        assert_eq!(SubtensorModule::issuance().get(), issuance - 503_547);
    });
}
