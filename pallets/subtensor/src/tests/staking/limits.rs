//! The limit forms: what is traded, what is left, and when nothing is.

use dendra_primitives::Price;
use frame_support::assert_ok;

use super::*;

fn price(netuid: NetUid) -> Price {
    SubtensorModule::spot_price(netuid).unwrap()
}

fn at(rao: u64) -> Price {
    Price::from_rao(rao).unwrap()
}

#[test]
fn a_purchase_within_its_limit_is_made_entirely() {
    chain().run(|| {
        let (x, y) = reserves(NETUID);
        assert_ok!(send(&me(), add_within(NETUID, UNIT, 1_010_000_000, false)));
        assert_eq!(stake(&own(), NETUID), output(y, x, UNIT - fee(UNIT)));
        assert_eq!(balance(&me()), RICH - UNIT);
    });
}

#[test]
fn a_purchase_beyond_its_limit_is_made_in_part_or_not_at_all() {
    chain().run(|| {
        let limit = 1_210_000_000;
        refused(
            add_within(NETUID, 500 * UNIT, limit, false),
            Error::SlippageTooHigh,
        );
        let (x, y) = reserves(NETUID);
        assert_eq!((x, y), (1_000 * UNIT, 1_000 * UNIT));
        assert_ok!(send(&me(), add_within(NETUID, 500 * UNIT, limit, true)));
        // The price is 1.1 squared once the TAO is 1.1 times what it was.
        let used = 100 * UNIT;
        let fee = used * 33 / (65_535 - 33);
        assert_eq!(reserves(NETUID).1, y + used);
        assert_eq!(balance(&me()), RICH - used - fee);
        assert_eq!(stake(&own(), NETUID), output(y, x, used));
        assert!(price(NETUID) <= at(limit) && price(NETUID) > at(limit - 2));
        let added = Event::StakeAdded(
            me(),
            own(),
            tao(used + fee),
            alpha(output(y, x, used)),
            NETUID,
            fee,
        );
        assert_eq!(events(), [added]);
    });
}

#[test]
fn a_purchase_whose_limit_leaves_nothing_fails() {
    chain().run(|| {
        // Below the price, at it, and so close above it that less than the least stake is left.
        for limit in [0, 1, 999_999_999, 1_000_000_000, 1_000_000_001] {
            let buy = |part| add_within(NETUID, UNIT, limit, part);
            refused(buy(false), Error::SlippageTooHigh);
            refused(buy(true), Error::ZeroMaxAmount);
        }
        assert_ok!(send(&me(), add_within(NETUID, UNIT, 1_000_004_001, true)));
        assert!(stake(&own(), NETUID) > 1_999_000);
    });
}

#[test]
fn a_sale_within_its_limit_is_made_entirely() {
    chain().stake(2, own(), me(), UNIT).run(|| {
        let (x, y) = reserves(NETUID);
        assert_ok!(send(&me(), remove_within(NETUID, UNIT, 990_000_000, false)));
        assert_eq!(balance(&me()), RICH + output(x, y, UNIT - fee(UNIT)));
    });
}

#[test]
fn a_sale_beyond_its_limit_is_made_in_part_or_not_at_all() {
    chain().stake(2, own(), me(), 2_000 * UNIT).run(|| {
        let limit = 250_000_000;
        refused(
            remove_within(NETUID, 2_000 * UNIT, limit, false),
            Error::SlippageTooHigh,
        );
        let (x, y) = reserves(NETUID);
        assert_ok!(send(&me(), remove_within(NETUID, u64::MAX, limit, true)));
        // The price is a quarter once the alpha is twice what it was.
        let used = 1_000 * UNIT;
        let fee = used * 33 / (65_535 - 33);
        assert_eq!(reserves(NETUID), (x + used, y - output(x, y, used)));
        assert_eq!(stake(&own(), NETUID), 2_000 * UNIT - used - fee);
        assert_eq!(balance(&me()), RICH + output(x, y, used));
        assert!(price(NETUID) >= at(limit));
    });
}

#[test]
fn a_sale_whose_limit_leaves_nothing_fails() {
    chain().stake(2, own(), me(), 10 * UNIT).run(|| {
        for limit in [u64::MAX, 1_000_000_001, 1_000_000_000, 999_999_999] {
            let sell = |part| remove_within(NETUID, u64::MAX, limit, part);
            refused(sell(false), Error::SlippageTooHigh);
            refused(sell(true), Error::ZeroMaxAmount);
        }
        // A limit of nothing is none.
        assert_ok!(send(&me(), remove_within(NETUID, u64::MAX, 0, false)));
    });
}

#[test]
fn dust_is_no_less_dust_under_a_limit() {
    chain().stake(2, own(), me(), 10).run(|| {
        set_price(NETUID, 1);
        refused(remove_within(NETUID, 10, 1, true), Error::AmountTooLow);
    });
}

#[test]
fn on_root_the_price_is_one() {
    chain().stake(0, own(), me(), 9 * UNIT).run(|| {
        for part in [false, true] {
            let too_low = add_within(ROOT, UNIT, 999_999_999, part);
            let too_high = remove_within(ROOT, UNIT, 1_000_000_001, part);
            for call in [too_low, too_high] {
                let error = if part {
                    Error::ZeroMaxAmount
                } else {
                    Error::SlippageTooHigh
                };
                refused(call, error);
            }
            assert_ok!(send(&me(), add_within(ROOT, UNIT, 1_000_000_000, part)));
            assert_ok!(send(&me(), remove_within(ROOT, UNIT, 1_000_000_000, part)));
            assert_ok!(send(&me(), add_within(ROOT, UNIT, 1_050_000_000, part)));
            assert_ok!(send(&me(), remove_within(ROOT, UNIT, 950_000_000, part)));
        }
        assert_eq!(stake(&own(), ROOT), 9 * UNIT);
        assert_eq!(balance(&me()), RICH);
    });
}

#[test]
fn a_whole_position_is_sold_within_a_limit_or_stays_whole() {
    let full = |limit: Option<u64>| Call::remove_stake_full_limit {
        hotkey: own(),
        netuid: NETUID,
        limit_price: limit.map(tao),
    };
    for limit in [None, Some(900_000_000)] {
        chain().stake(2, own(), me(), 10 * UNIT).run(|| {
            refused(full(Some(999_000_000)), Error::SlippageTooHigh);
            assert_ok!(send(&me(), full(limit)));
            assert_eq!(stake(&own(), NETUID), 0);
            let left = full(limit);
            refused(left, Error::NotEnoughStakeToWithdraw);
        });
    }
}

#[test]
fn an_exchange_keeps_its_ratio() {
    chain().stake(2, own(), me(), 500 * UNIT).run(|| {
        set_price(OTHER, 250);
        // Four for one at the margin; the whole amount gets less.
        let amount = 100 * UNIT;
        let call = swap_within(NETUID, OTHER, amount, 3_700_000_000, false);
        refused(call, Error::SlippageTooHigh);
        let call = swap_within(NETUID, OTHER, amount, 3_700_000_000, true);
        assert_ok!(send(&me(), call));
        let sold = 500 * UNIT - stake(&own(), NETUID);
        let bought = stake(&own(), OTHER);
        let used = sold - sold * 33 / 65_535;
        assert!(sold < amount);
        assert!(u128::from(bought) * 1_000_000_000 >= u128::from(used) * 3_700_000_000);
        // A thousandth more would not have.
        let more = used / 1_000 + used;
        let tao = output(1_000 * UNIT, 1_000 * UNIT, more);
        let worse = output(1_000 * UNIT, 4_000 * UNIT, tao);
        assert!(u128::from(worse) * 1_000_000_000 < u128::from(more) * 3_700_000_000);
    });
}

#[test]
fn an_exchange_within_its_ratio_is_made_entirely() {
    chain().stake(2, own(), me(), UNIT).run(|| {
        let call = swap_within(NETUID, OTHER, UNIT, 950_000_000, false);
        assert_ok!(send(&me(), call));
        assert_eq!(stake(&own(), NETUID), 0);
    });
}

#[test]
fn an_exchange_whose_ratio_leaves_nothing_fails() {
    chain().stake(2, own(), me(), UNIT).run(|| {
        for ratio in [1_000_000_000, 1_100_000_000, u64::MAX] {
            let swap = |part| swap_within(NETUID, OTHER, UNIT, ratio, part);
            refused(swap(false), Error::SlippageTooHigh);
            refused(swap(true), Error::ZeroMaxAmount);
        }
    });
}

#[test]
fn an_exchange_with_root_keeps_its_ratio() {
    chain()
        .stake(2, own(), me(), 100 * UNIT)
        .stake(0, own(), me(), 100 * UNIT)
        .run(|| {
            for (from, to) in [(NETUID, ROOT), (ROOT, NETUID)] {
                let call = swap_within(from, to, 100 * UNIT, 990_000_000, false);
                refused(call, Error::SlippageTooHigh);
            }
            let call = swap_within(ROOT, NETUID, 100 * UNIT, 990_000_000, true);
            assert_ok!(send(&me(), call));
            let used = SubnetTAO::<Test>::get(NETUID).get() - 1_000 * UNIT;
            let bought = stake(&own(), NETUID) - 100 * UNIT;
            assert!(used > 10 * UNIT && used < 11 * UNIT);
            assert!(u128::from(bought) * 100 >= u128::from(used) * 99);
        });
}

#[test]
fn on_one_subnet_the_ratio_is_one() {
    chain().stake(2, own(), me(), UNIT).run(|| {
        let call = |limit, allow_partial| Call::move_stake_limit {
            origin_hotkey: own(),
            destination_hotkey: foreign(),
            origin_netuid: NETUID,
            destination_netuid: NETUID,
            alpha_amount: alpha(UNIT / 2),
            limit_price: tao(limit),
            allow_partial,
        };
        refused(call(1_000_000_001, false), Error::SlippageTooHigh);
        refused(call(1_000_000_001, true), Error::ZeroMaxAmount);
        assert_ok!(send(&me(), call(1_000_000_000, false)));
        assert_eq!(stake(&foreign(), NETUID), UNIT / 2);
    });
}
