//! Exchanging alpha of one subnet for that of another.

use frame_support::assert_noop;
use weighted_pool::{FeeRate, Pool, Weights};

use super::*;
use crate::{Error, mock::*, *};

/// Prices 1/2 and 3/5.
fn pools() {
    set_pool(NETUID, X, Y, 50);
    set_pool(OTHER, 5 * Y, 3 * Y, 50);
}

#[test]
fn it_is_a_sale_with_fee_and_a_purchase_without() {
    chain().run(|| {
        pools();
        stake(NETUID, 10 * UNIT);
        Author::set(&Some(author()));
        let (origin, destination) = (books(NETUID), books(OTHER));
        let done = exchange(NETUID, OTHER, 10 * UNIT, None).unwrap();

        let fee = 10 * UNIT * 33 / 65_535;
        let pool = |netuid: NetUid, books: Books| {
            Pool::new(
                alpha(books.alpha_in),
                tao(books.tao_in),
                <Settings as PoolSettings>::weights(netuid),
            )
            .unwrap()
        };
        let sold = pool(NETUID, origin)
            .sell(alpha(10 * UNIT - fee), FeeRate::ZERO, None)
            .unwrap();
        let bought = pool(OTHER, destination)
            .buy(sold.tao_out, FeeRate::ZERO, None)
            .unwrap();
        let expected = Exchange {
            sold: alpha(10 * UNIT),
            fee: alpha(fee),
            unspent: AlphaBalance::ZERO,
            tao: sold.tao_out,
            bought: bought.alpha_out,
        };
        assert_eq!(done, expected);
        let paid = sold.pool.sell(alpha(fee), FeeRate::ZERO, None).unwrap();
        let (tao_out, fee_out) = (sold.tao_out.get(), paid.tao_out.get());
        assert_eq!(held(&author()), RICH + fee_out);
        assert_eq!(held(&trader()), RICH);

        let after = Books {
            alpha_in: X + 10 * UNIT,
            tao_in: origin.tao_in - tao_out - fee_out,
            alpha_out: origin.alpha_out - 10 * UNIT,
            volume: origin.volume + u128::from(tao_out + fee_out),
            account: origin.account - tao_out - fee_out,
            // What leaves one pool enters the other; only the fee leaves both.
            total_stake: origin.total_stake - fee_out,
            issuance: origin.issuance,
        };
        assert_eq!(books(NETUID), after);
        let after = Books {
            alpha_in: destination.alpha_in - done.bought.get(),
            tao_in: destination.tao_in + tao_out,
            alpha_out: destination.alpha_out + done.bought.get(),
            volume: destination.volume + u128::from(tao_out),
            account: destination.account + tao_out,
            total_stake: destination.total_stake - fee_out,
            issuance: destination.issuance,
        };
        assert_eq!(books(OTHER), after);
    });
}

#[test]
fn from_root_the_fee_is_taken_in_tao_at_the_rate_of_the_destination() {
    chain().run(|| {
        pools();
        FeeRates::insert(OTHER, 100);
        stake(ROOT, 10 * UNIT);
        Author::set(&Some(author()));
        let (root, destination) = (books(ROOT), books(OTHER));
        let done = exchange(ROOT, OTHER, 10 * UNIT, None).unwrap();
        let fee = 10 * UNIT * 100 / 65_535;
        assert_eq!(done.sold, alpha(10 * UNIT));
        assert_eq!(done.tao, tao(10 * UNIT - fee));
        assert_eq!(held(&author()), RICH + fee);
        let after = books(ROOT);
        assert_eq!(after.tao_in, root.tao_in - 10 * UNIT);
        assert_eq!(after.alpha_out, root.alpha_out - 10 * UNIT);
        assert_eq!(after.account, root.account - 10 * UNIT);
        assert_eq!(after.total_stake, root.total_stake - fee);
        assert_eq!(books(OTHER).tao_in, destination.tao_in + 10 * UNIT - fee);
        // As buying for the same TAO would have been.
        assert_eq!(
            books(OTHER).alpha_out,
            destination.alpha_out + done.bought.get()
        );
        assert_eq!(held_by(ROOT), ExistentialDeposit::get());
    });
}

#[test]
fn to_root_the_fee_is_taken_in_alpha() {
    chain().run(|| {
        pools();
        stake(NETUID, 10 * UNIT);
        let quote =
            SubtensorModule::quote_sell(NETUID, alpha(10 * UNIT), None, Fee::Charged).unwrap();
        let done = exchange(NETUID, ROOT, 10 * UNIT, None).unwrap();
        assert_eq!(done.tao, quote.tao);
        assert_eq!(done.bought.get(), quote.tao.get());
        assert_eq!(BurnedAlpha::<Test>::get(NETUID), quote.fee);
        assert_eq!(
            SubtensorModule::stake_of(&hotkey(), &trader(), ROOT).get(),
            quote.tao.get()
        );
    });
}

#[test]
fn between_markets_without_pools_nothing_is_lost() {
    chain().run(|| {
        SubnetMechanism::<Test>::insert(OTHER, 0);
        Author::set(&Some(author()));
        stake(ROOT, UNIT);
        let there = exchange(ROOT, OTHER, UNIT, Some(UNIT)).unwrap();
        assert_eq!((there.sold, there.bought), (alpha(UNIT), alpha(UNIT)));
        assert_noop!(
            exchange(OTHER, ROOT, UNIT, Some(UNIT + 1)),
            Error::<Test>::SlippageTooHigh
        );
        let back = exchange(OTHER, ROOT, UNIT, None).unwrap();
        assert_eq!(back.bought, alpha(UNIT));
        assert_eq!(held(&author()), RICH);
        // More than a market without a pool has.
        stake(OTHER, 2_000 * UNIT);
        assert_noop!(
            exchange(OTHER, ROOT, 2_000 * UNIT, None),
            Error::<Test>::InsufficientLiquidity
        );
    });
}

#[test]
fn an_exchange_stops_at_its_ratio() {
    chain().run(|| {
        pools();
        stake(NETUID, X);
        let ratio = 800_000_000;
        let done = exchange(NETUID, OTHER, X / 4, Some(ratio)).unwrap();
        // The closed form of section 8.2 gives 6.25·10^13, and the fee on top.
        let fee = 62_500_000_000_000 * 33 / (65_535 - 33);
        let most = 62_500_000_000_000 + fee;
        assert!((most - 200..=most).contains(&done.sold.get()), "{done:?}");
        assert_eq!(done.sold.get() + done.unspent.get(), X / 4);
        let used = done.sold.get() - BurnedAlpha::<Test>::get(NETUID).get();
        assert!(
            u128::from(done.bought.get()) * u128::from(UNIT)
                >= u128::from(used) * u128::from(ratio)
        );
        // Now the present ratio is below.
        assert_noop!(
            exchange(NETUID, OTHER, UNIT, Some(ratio)),
            Error::<Test>::SlippageTooHigh
        );
    });
}

#[test]
fn the_ratio_holds_with_unequal_weights() {
    chain().run(|| {
        pools();
        PoolWeights::insert(NETUID, Weights::SCALE / 100 * 40);
        PoolWeights::insert(OTHER, Weights::SCALE / 100 * 65);
        stake(NETUID, X);
        let present = u128::from(price(NETUID)) * u128::from(UNIT) / u128::from(price(OTHER));
        let ratio = (present * 95 / 100) as u64;
        let done = exchange(NETUID, OTHER, X / 4, Some(ratio)).unwrap();
        assert!(!done.unspent.is_zero());
        let used = done.sold.get() - BurnedAlpha::<Test>::get(NETUID).get();
        let worth = u128::from(done.bought.get()) * u128::from(UNIT);
        assert!(worth >= u128::from(used) * u128::from(ratio));
    });
}

#[test]
fn what_cannot_be_is_refused() {
    chain().run(|| {
        pools();
        stake(NETUID, X);
        let refused = |from: NetUid, to: NetUid, units, ratio, error: Error<Test>| {
            assert_noop!(exchange(from, to, units, ratio), error);
        };
        let missing = NetUid::new(4);
        refused(NETUID, NETUID, UNIT, None, Error::SameNetuid);
        refused(ROOT, ROOT, UNIT, None, Error::SameNetuid);
        refused(missing, NETUID, UNIT, None, Error::SubnetNotExists);
        refused(NETUID, missing, UNIT, None, Error::SubnetNotExists);
        refused(NETUID, OTHER, 0, None, Error::AmountTooLow);
        refused(NETUID, OTHER, 1, None, Error::AmountTooLow);
        refused(NETUID, OTHER, 1, Some(1), Error::AmountTooLow);
        // 5/6 is the present ratio.
        refused(
            NETUID,
            OTHER,
            UNIT,
            Some(833_333_334),
            Error::SlippageTooHigh,
        );
        refused(NETUID, OTHER, UNIT, Some(u64::MAX), Error::SlippageTooHigh);
        refused(ROOT, OTHER, UNIT, None, Error::InsufficientLiquidity);
        set_pool(OTHER, 1_000_000, 1_000_000, 50);
        refused(NETUID, OTHER, UNIT, None, Error::InsufficientLiquidity);
    });
}
