//! Nominations that become too small are sold.

use frame_support::assert_ok;

use super::*;

/// The least nomination is worth 1 TAO.
fn with_least_nomination(test: impl FnOnce()) {
    chain()
        .stake(2, foreign(), me(), 10 * UNIT)
        .stake(2, own(), me(), 10 * UNIT)
        .stake(0, foreign(), me(), 10 * UNIT)
        .run(|| {
            NominatorMinRequiredStake::<Test>::put(500_000_000);
            test();
        });
}

fn sold(amount: u64, reserves: (u64, u64)) -> (u64, (u64, u64)) {
    let used = amount - fee(amount);
    let paid = output(reserves.0, reserves.1, used);
    (paid, (reserves.0 + used, reserves.1 - paid))
}

#[test]
fn a_small_rest_is_sold_to_its_holder() {
    with_least_nomination(|| {
        let (first, after) = sold(9 * UNIT + 1, reserves(NETUID));
        let (second, after) = sold(UNIT - 1, after);
        assert_ok!(send(&me(), remove(foreign(), NETUID, 9 * UNIT + 1)));
        assert_eq!(stake(&foreign(), NETUID), 0);
        assert_eq!(balance(&me()), RICH + first + second);
        assert_eq!(reserves(NETUID), after);
        let removed = |paid, amount| {
            Event::StakeRemoved(
                me(),
                foreign(),
                tao(paid),
                alpha(amount),
                NETUID,
                fee(amount),
            )
        };
        assert_eq!(
            events(),
            [removed(first, 9 * UNIT + 1), removed(second, UNIT - 1)]
        );
    });
}

#[test]
fn on_root_a_small_rest_comes_back_unit_for_unit() {
    with_least_nomination(|| {
        assert_ok!(send(&me(), remove(foreign(), ROOT, 9 * UNIT + 1)));
        assert_eq!(stake(&foreign(), ROOT), 0);
        assert_eq!(balance(&me()), RICH + 10 * UNIT);
    });
    with_least_nomination(|| {
        assert_ok!(send(&me(), remove(foreign(), ROOT, 9 * UNIT)));
        assert_eq!(stake(&foreign(), ROOT), UNIT);
    });
}

#[test]
fn worth_counts_and_not_alpha() {
    with_least_nomination(|| {
        // After the sale the price is a little below 10.
        set_price(NETUID, 10_000);
        assert_ok!(send(&me(), remove(foreign(), NETUID, 9 * UNIT)));
        assert_eq!(stake(&foreign(), NETUID), UNIT);
    });
}

#[test]
fn stake_on_the_own_hotkey_may_be_small() {
    with_least_nomination(|| {
        assert_ok!(send(&me(), remove(own(), NETUID, 10 * UNIT - 1)));
        assert_eq!(stake(&own(), NETUID), 1);
    });
}

#[test]
fn by_default_nominations_may_be_small() {
    chain().stake(2, foreign(), me(), 10 * UNIT).run(|| {
        assert_eq!(SubtensorModule::least_nomination(), TaoBalance::ZERO);
        assert_ok!(send(&me(), remove(foreign(), NETUID, 10 * UNIT - 1)));
        assert_eq!(stake(&foreign(), NETUID), 1);
    });
}

#[test]
fn the_least_nomination_is_counted_in_millionths_of_the_least_stake() {
    chain().run(|| {
        for (millionths, least) in [(0, 0), (1, 2), (1_000_000, 2_000_000), (u64::MAX, u64::MAX)] {
            NominatorMinRequiredStake::<Test>::put(millionths);
            assert_eq!(SubtensorModule::least_nomination().get(), least);
        }
    });
}

#[test]
fn a_rest_beyond_the_limit_stays() {
    let within = |limit, part| Call::remove_stake_limit {
        hotkey: foreign(),
        netuid: NETUID,
        amount_unstaked: alpha(9 * UNIT + UNIT / 2),
        limit_price: tao(limit),
        allow_partial: part,
    };
    with_least_nomination(|| {
        // Nine and a half are within the limit, ten are not.
        assert_ok!(send(&me(), within(981_100_000, false)));
        assert_eq!(stake(&foreign(), NETUID), UNIT / 2);
    });
    with_least_nomination(|| {
        assert_ok!(send(&me(), within(980_000_000, false)));
        assert_eq!(stake(&foreign(), NETUID), 0);
    });
    with_least_nomination(|| {
        // What the limit leaves of the sale itself is not forced through either.
        assert_ok!(send(&me(), within(981_500_000, true)));
        assert!(stake(&foreign(), NETUID) > UNIT / 2);
    });
}

#[test]
fn a_rest_that_yields_nothing_is_not_lost() {
    chain().stake(2, foreign(), me(), 10_000_000_001).run(|| {
        NominatorMinRequiredStake::<Test>::put(500_000_000);
        set_price(NETUID, 900);
        assert_ok!(send(&me(), remove(foreign(), NETUID, 10_000_000_000)));
        assert_eq!(stake(&foreign(), NETUID), 1);
    });
}

#[test]
fn others_on_the_hotkey_are_left_alone() {
    chain()
        .stake(2, foreign(), me(), 10 * UNIT)
        .stake(2, foreign(), account(20), 5)
        .run(|| {
            NominatorMinRequiredStake::<Test>::put(500_000_000);
            assert_ok!(send(&me(), remove(foreign(), NETUID, 9 * UNIT + 1)));
            assert_eq!(stake(&foreign(), NETUID), 0);
            assert_eq!(stake_for(&account(20), &foreign(), NETUID), 5);
        });
}
