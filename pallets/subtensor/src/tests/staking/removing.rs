//! `remove_stake`.

use frame_support::assert_ok;

use super::*;

#[test]
fn alpha_is_sold_and_its_fee_is_burned_without_an_author() {
    chain().stake(2, foreign(), me(), 500 * UNIT).run(|| {
        let (x, y) = reserves(NETUID);
        let amount = 200 * UNIT;
        let used = amount - fee(amount);
        let paid = output(x, y, used);
        assert_ok!(send(&me(), remove(foreign(), NETUID, amount)));
        assert_eq!(stake(&foreign(), NETUID), 300 * UNIT);
        assert_eq!(balance(&me()), RICH + paid);
        assert_eq!(reserves(NETUID), (x + used, y - paid));
        assert_eq!(BurnedAlpha::<Test>::get(NETUID).get(), fee(amount));
        let removed = Event::StakeRemoved(
            me(),
            foreign(),
            tao(paid),
            alpha(amount),
            NETUID,
            fee(amount),
        );
        assert_eq!(events(), [removed]);
    });
}

#[test]
fn on_root_a_rao_comes_back_as_a_rao() {
    chain().stake(0, own(), me(), 5 * UNIT).run(|| {
        assert_ok!(send(&me(), remove(own(), ROOT, 2 * UNIT)));
        assert_eq!(stake(&own(), ROOT), 3 * UNIT);
        assert_eq!(balance(&me()), RICH + 2 * UNIT);
        assert_eq!(SubnetTAO::<Test>::get(ROOT), tao(3 * UNIT));
        let removed = Event::StakeRemoved(me(), own(), tao(2 * UNIT), alpha(2 * UNIT), ROOT, 0);
        assert_eq!(events(), [removed]);
    });
}

#[test]
fn an_amount_above_the_position_is_all_of_it() {
    for amount in [7 * UNIT, 7 * UNIT + 1, u64::MAX] {
        chain().stake(2, own(), me(), 7 * UNIT).run(|| {
            assert_ok!(send(&me(), remove(own(), NETUID, amount)));
            assert_eq!(stake(&own(), NETUID), 0);
            assert!(!StakingHotkeys::<Test>::contains_key(me()));
            assert!(!TotalHotkeyAlpha::<Test>::contains_key(own(), NETUID));
        });
    }
}

#[test]
fn the_stake_of_others_on_the_hotkey_is_out_of_reach() {
    chain()
        .stake(2, own(), me(), UNIT)
        .stake(2, own(), account(20), 9 * UNIT)
        .run(|| {
            assert_ok!(send(&me(), remove(own(), NETUID, u64::MAX)));
            assert_eq!(stake_for(&account(20), &own(), NETUID), 9 * UNIT);
            let again = remove(own(), NETUID, u64::MAX);
            refused(again, Error::NotEnoughStakeToWithdraw);
        });
}

#[test]
fn proceeds_reach_the_least_stake_unless_the_position_ends() {
    chain().stake(2, own(), me(), UNIT).run(|| {
        let (x, y) = reserves(NETUID);
        let least = (2_000_000..)
            .find(|amount| output(x, y, amount - fee(*amount)) >= 2_000_000)
            .unwrap();
        for amount in [0, 1, least - 1] {
            let call = remove(own(), NETUID, amount);
            refused(call, Error::AmountTooLow);
        }
        assert_ok!(send(&me(), remove(own(), NETUID, least)));
    });
    chain().stake(2, own(), me(), 1_000).run(|| {
        let call = remove(own(), NETUID, 999);
        refused(call, Error::AmountTooLow);
        assert_ok!(send(&me(), remove(own(), NETUID, 1_000)));
        assert_eq!(balance(&me()), RICH + 999);
    });
    chain().stake(0, own(), me(), 2_000_001).run(|| {
        let call = remove(own(), ROOT, 1_999_999);
        refused(call, Error::AmountTooLow);
        assert_ok!(send(&me(), remove(own(), ROOT, 2_000_000)));
        assert_ok!(send(&me(), remove(own(), ROOT, 1)));
    });
}

#[test]
fn the_first_reason_to_refuse_decides() {
    chain().stake(3, own(), me(), UNIT).run(|| {
        close(OTHER);
        refused(remove(unknown(), NOWHERE, 0), Error::SubnetNotExists);
        refused(remove(own(), OTHER, UNIT), Error::SubtokenDisabled);
        refused(remove(unknown(), NETUID, 0), Error::HotKeyAccountNotExists);
        refused(remove(own(), NETUID, 0), Error::AmountTooLow);
        refused(
            remove(own(), NETUID, u64::MAX),
            Error::NotEnoughStakeToWithdraw,
        );
        refused(remove(own(), ROOT, UNIT), Error::NotEnoughStakeToWithdraw);
    });
}

#[test]
fn a_pool_that_is_too_small_refuses_and_the_stake_stays() {
    chain().stake(2, own(), me(), 10 * UNIT).run(|| {
        // More than a thousand times what the pool holds.
        SubnetAlphaIn::<Test>::insert(NETUID, alpha(1_000_000));
        let call = remove(own(), NETUID, 2 * UNIT);
        refused(call, Error::InsufficientLiquidity);
        assert_eq!(stake(&own(), NETUID), 10 * UNIT);
    });
}

#[test]
fn dust_that_would_be_sold_for_nothing_stays() {
    chain().stake(2, own(), me(), 10).run(|| {
        set_price(NETUID, 1);
        let call = remove(own(), NETUID, u64::MAX);
        refused(call, Error::AmountTooLow);
    });
}

#[test]
fn a_holder_without_account_is_paid_what_opens_one() {
    let stranger = account(250);
    chain()
        .stake(2, own(), stranger.clone(), UNIT)
        .stake(2, foreign(), stranger.clone(), 400)
        .run(|| {
            assert_eq!(balance(&stranger), 0);
            // 399 rao are below the existential deposit.
            assert!(send(&stranger, remove(foreign(), NETUID, 400)).is_err());
            assert_eq!(stake_for(&stranger, &foreign(), NETUID), 400);
            assert_ok!(send(&stranger, remove(own(), NETUID, u64::MAX)));
            assert_ok!(send(&stranger, remove(foreign(), NETUID, 400)));
        });
}

#[test]
fn a_hotkey_that_lost_its_uid_still_gives_stake_back() {
    chain().stake(2, account(30), me(), UNIT).run(|| {
        assert!(!Uids::<Test>::contains_key(NETUID, account(30)));
        assert_ok!(send(&me(), remove(account(30), NETUID, u64::MAX)));
    });
}
