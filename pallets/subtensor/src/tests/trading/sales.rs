//! Selling.

use frame_support::{assert_noop, traits::fungible::Mutate};
use sp_runtime::TokenError;
use weighted_pool::{FeeRate, Pool, Weights};

use super::*;
use crate::{Error, mock::*, *};

const SOLD: u64 = 1_000_000_000_000;
const FEE: u64 = 503_547_722;
const OUT: u64 = 499_498_602_598;

/// What the alpha of a fee yields in the pool after the trade of the vector.
fn fee_in_tao() -> u64 {
    Pool::new(alpha(X + SOLD - FEE), tao(Y - OUT), Weights::EQUAL)
        .unwrap()
        .sell(alpha(FEE), FeeRate::ZERO, None)
        .unwrap()
        .tao_out
        .get()
}

#[test]
fn the_vector_of_the_specification() {
    chain().run(|| {
        set_pool(NETUID, X, Y, 50);
        stake(NETUID, 3 * SOLD);
        Author::set(&Some(author()));
        let before = books(NETUID);
        let sale = sell(NETUID, SOLD, None, Fee::Charged).unwrap();
        let expected = Sale {
            tao: tao(OUT),
            used: alpha(SOLD - FEE),
            fee: alpha(FEE),
            unspent: AlphaBalance::ZERO,
        };
        assert_eq!(sale, expected);
        assert_eq!(held(&trader()), RICH + OUT);
        // The fee is sold after the trade and without a fee.
        let fee = fee_in_tao();
        assert_eq!(fee, 251_522_339);
        assert_eq!(held(&author()), RICH + fee);
        let expected = Books {
            alpha_in: X + SOLD,
            tao_in: Y - OUT - fee,
            alpha_out: before.alpha_out - SOLD,
            volume: before.volume + u128::from(OUT + fee),
            account: before.account - OUT - fee,
            total_stake: before.total_stake - OUT - fee,
            issuance: before.issuance,
        };
        assert_eq!(books(NETUID), expected);
        assert_eq!(
            SubtensorModule::stake_of(&hotkey(), &trader(), NETUID),
            alpha(2 * SOLD)
        );
    });
}

#[test]
fn without_an_author_the_fee_is_burned() {
    chain().run(|| {
        set_pool(NETUID, X, Y, 50);
        stake(NETUID, SOLD);
        let before = books(NETUID);
        let sale = sell(NETUID, SOLD, None, Fee::Charged).unwrap();
        assert_eq!(sale.tao, tao(OUT));
        assert_eq!(BurnedAlpha::<Test>::get(NETUID), alpha(FEE));
        let after = books(NETUID);
        assert_eq!(after.alpha_in, X + SOLD - FEE);
        // Burned alpha is still out.
        assert_eq!(after.alpha_out, before.alpha_out - SOLD + FEE);
        assert_eq!(after.issuance, before.issuance);
    });
}

#[test]
fn a_fee_that_yields_nothing_joins_the_residual() {
    chain().run(|| {
        // 10^12 alpha are worth 10^4 rao, the fee of one part in 65535 less than one.
        set_pool(NETUID, 1_000_000_000_000_000, 10_000_000, 50);
        FeeRates::insert(NETUID, 1);
        stake(NETUID, SOLD);
        Author::set(&Some(author()));
        let sale = sell(NETUID, SOLD, None, Fee::Charged).unwrap();
        assert_eq!(sale.fee, alpha(SOLD / 65_535));
        assert_eq!(SubnetResidual::<Test>::get(NETUID), sale.fee);
        assert_eq!(BurnedAlpha::<Test>::get(NETUID), AlphaBalance::ZERO);
        assert_eq!(held(&author()), RICH);
    });
}

#[test]
fn a_fee_that_would_break_the_floor_joins_the_residual() {
    chain().run(|| {
        // Half of the reserve is sold for half of the TAO, which leaves the floor.
        set_pool(NETUID, 1_000_000_000, 2_000_000, 50);
        FeeRates::insert(NETUID, 10_000);
        stake(NETUID, 2_000_000_000);
        Author::set(&Some(author()));
        let offered = 1_180_000_000;
        let sale = sell(NETUID, offered, None, Fee::Charged).unwrap();
        assert!(sale.used.get() < 1_000_000_000);
        assert!(SubnetTAO::<Test>::get(NETUID).get() < 1_001_000);
        assert_eq!(SubnetResidual::<Test>::get(NETUID), sale.fee);
        assert_eq!(held(&author()), RICH);
    });
}

#[test]
fn a_fee_that_cannot_open_the_authors_account_leaves_the_issuance() {
    chain().run(|| {
        stake(NETUID, UNIT);
        Author::set(&Some(many(5)));
        let before = books(NETUID);
        // The fee of 0.0005 alpha yields 251 rao.
        let sale = sell(NETUID, 500_000, None, Fee::Charged).unwrap();
        assert_eq!(sale.fee, alpha(251));
        let after = books(NETUID);
        let fee = before.tao_in - after.tao_in - sale.tao.get();
        assert_eq!(fee, 250);
        assert_eq!(held(&many(5)), 0);
        assert_eq!(after.issuance, before.issuance - fee);
        assert_eq!(after.account, after.tao_in);
    });
}

#[test]
fn a_waived_fee_is_neither_taken_nor_paid() {
    chain().run(|| {
        set_pool(NETUID, X, Y, 50);
        stake(NETUID, SOLD);
        Author::set(&Some(author()));
        let sale = sell(NETUID, SOLD, None, Fee::Waived).unwrap();
        assert_eq!((sale.used, sale.fee), (alpha(SOLD), AlphaBalance::ZERO));
        assert_eq!(sale.tao, tao(499_750_124_937));
        assert_eq!(held(&author()), RICH);
    });
}

#[test]
fn a_sale_stops_at_its_limit() {
    chain().run(|| {
        set_pool(NETUID, X, Y, 50);
        stake(NETUID, X);
        let offered = X / 2;
        let sale = sell(NETUID, offered, limit(450_000_000), Fee::Charged).unwrap();
        // x·(√(0.5/0.45) − 1).
        let used = 108_185_106_778_919;
        assert_eq!(sale.used, alpha(used));
        assert_eq!(sale.fee, alpha(used * 33 / (65_535 - 33)));
        assert_eq!(
            AlphaBalance::checked_sum([sale.used, sale.fee, sale.unspent]),
            Some(alpha(offered))
        );
        assert_eq!(price(NETUID), 450_000_000);
        // What was not sold is still staked.
        let left = SubtensorModule::stake_of(&hotkey(), &trader(), NETUID);
        assert_eq!(left.get(), X - used - sale.fee.get());
    });
}

#[test]
fn a_limit_that_the_price_has_reached_is_refused() {
    chain().run(|| {
        set_pool(NETUID, X, Y, 50);
        stake(NETUID, X);
        for rao in [500_000_000, 500_000_001, u64::MAX] {
            assert_noop!(
                sell(NETUID, UNIT, limit(rao), Fee::Charged),
                Error::<Test>::SlippageTooHigh
            );
        }
        // Zero is no limit.
        let free = SubtensorModule::quote_sell(NETUID, alpha(UNIT), None, Fee::Charged).unwrap();
        assert_eq!(sell(NETUID, UNIT, limit(0), Fee::Charged), Ok(free));
    });
}

#[test]
fn too_little_and_too_much_are_refused() {
    chain().run(|| {
        set_pool(NETUID, X, Y, 50);
        for units in [0, 1] {
            assert_noop!(
                sell(NETUID, units, None, Fee::Charged),
                Error::<Test>::AmountTooLow
            );
        }
        assert_noop!(
            sell(ROOT, 0, None, Fee::Charged),
            Error::<Test>::AmountTooLow
        );
        set_pool(NETUID, 1_000_000, 1_000_000, 50);
        for units in [1_000, 1_000_000_001] {
            assert_noop!(
                sell(NETUID, units, None, Fee::Waived),
                Error::<Test>::InsufficientLiquidity
            );
        }
    });
}

#[test]
fn what_cannot_open_the_payees_account_is_refused() {
    chain().run(|| {
        stake(NETUID, UNIT);
        let sell = |units| {
            SubtensorModule::withdraw(&hotkey(), &trader(), NETUID, alpha(units)).unwrap();
            frame_support::storage::with_storage_layer(|| {
                SubtensorModule::sell(&many(3), NETUID, alpha(units), None, Fee::Waived)
            })
        };
        assert_eq!(sell(500), Err(TokenError::BelowMinimum.into()));
        // The alpha was nobody's; here it goes to the residual.
        SubnetResidual::<Test>::insert(NETUID, alpha(500));
        assert_eq!(sell(502).unwrap().tao, tao(501));
        assert_eq!(held(&many(3)), 501);
    });
}

#[test]
fn all_root_stake_can_leave_and_nothing_is_swept_away() {
    chain().run(|| {
        let deposit = ExistentialDeposit::get();
        let issuance = SubtensorModule::issuance().get();
        let start = held_by(ROOT);
        assert_eq!(start, deposit);
        for rao in [700, 2_000_000, UNIT] {
            buy(ROOT, rao, None, Fee::Charged).unwrap();
            // All but a few rao, less than a deposit, and then these.
            for part in [rao - 3, 3] {
                let sale = sell(ROOT, part, limit(UNIT), Fee::Charged).unwrap();
                assert_eq!((sale.tao, sale.used), (tao(part), alpha(part)));
                assert_eq!(held_by(ROOT) - deposit, SubnetTAO::<Test>::get(ROOT).get());
                SubtensorModule::do_try_state().unwrap();
            }
        }
        assert_eq!(SubnetTAO::<Test>::get(ROOT), TaoBalance::ZERO);
        assert_eq!(SubtensorModule::issuance().get(), issuance);
        assert_eq!(held(&trader()), RICH);
        buy(ROOT, UNIT, None, Fee::Charged).unwrap();
        assert_noop!(
            sell(ROOT, UNIT, limit(UNIT + 1), Fee::Charged),
            Error::<Test>::SlippageTooHigh
        );
    });
}

#[test]
fn without_a_pool_no_more_is_paid_than_there_is() {
    chain().run(|| {
        SubnetMechanism::<Test>::insert(OTHER, 0);
        let there = SubnetTAO::<Test>::get(OTHER).get();
        stake(OTHER, 2 * there);
        assert_noop!(
            sell(OTHER, there + 1, None, Fee::Charged),
            Error::<Test>::InsufficientLiquidity
        );
        // The account keeps a deposit, so the last of it cannot go.
        let all =
            frame_support::storage::with_storage_layer(|| sell(OTHER, there, None, Fee::Charged));
        assert!(all.is_err());
        sell(OTHER, there - 500, None, Fee::Charged).unwrap();
        assert_eq!(held_by(OTHER), 500);
        Balances::mint_into(&SubtensorModule::subnet_account(OTHER), 1).unwrap();
    });
}
