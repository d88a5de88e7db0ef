//! `unstake_all` and `unstake_all_alpha`.

use frame_support::assert_ok;

use super::*;

fn all() -> Call<Test> {
    Call::unstake_all { hotkey: own() }
}

fn all_alpha() -> Call<Test> {
    Call::unstake_all_alpha { hotkey: own() }
}

/// The acting coldkey stakes on its hotkey on root and two subnets, others do too, and it on another hotkey.
fn staked() -> ExtBuilder {
    chain()
        .stake(0, own(), me(), 3 * UNIT)
        .stake(2, own(), me(), 20 * UNIT)
        .stake(3, own(), me(), 40 * UNIT)
        .stake(2, own(), account(20), UNIT)
        .stake(2, foreign(), me(), UNIT)
}

/// What selling an amount yields now.
fn proceeds(netuid: NetUid, amount: u64) -> u64 {
    let (x, y) = reserves(netuid);
    output(x, y, amount - fee(amount))
}

#[test]
fn every_position_on_the_hotkey_is_sold_and_no_other() {
    staked().run(|| {
        let paid = 3 * UNIT + proceeds(NETUID, 20 * UNIT) + proceeds(OTHER, 40 * UNIT);
        assert_ok!(send(&me(), all()));
        for netuid in [ROOT, NETUID, OTHER] {
            assert_eq!(stake(&own(), netuid), 0);
        }
        assert_eq!(balance(&me()), RICH + paid);
        assert_eq!(stake_for(&account(20), &own(), NETUID), UNIT);
        assert_eq!(stake(&foreign(), NETUID), UNIT);
        assert_eq!(events().len(), 3);
        refused(all(), Error::NotEnoughStakeToWithdraw);
    });
}

#[test]
fn what_cannot_be_sold_stays_and_spoils_nothing() {
    staked().run(|| {
        close(OTHER);
        SubnetAlphaIn::<Test>::insert(NETUID, alpha(1_000_000));
        assert_ok!(send(&me(), all()));
        assert_eq!(balance(&me()), RICH + 3 * UNIT);
        assert_eq!(stake(&own(), NETUID), 20 * UNIT);
        assert_eq!(stake(&own(), OTHER), 40 * UNIT);
        // Nothing that is left can be sold; the first reason is told.
        refused(all(), Error::InsufficientLiquidity);
        refused(all_alpha(), Error::InsufficientLiquidity);
    });
}

#[test]
fn a_position_below_the_least_stake_is_sold_too() {
    chain().stake(2, own(), me(), 1_000).run(|| {
        assert_ok!(send(&me(), all()));
        assert_eq!(balance(&me()), RICH + 999);
    });
}

#[test]
fn hotkeys_without_owner_and_without_stake_are_refused() {
    chain().run(|| {
        let of = |hotkey| Call::unstake_all { hotkey };
        refused(of(unknown()), Error::HotKeyAccountNotExists);
        refused(of(own()), Error::NotEnoughStakeToWithdraw);
        let of = |hotkey| Call::unstake_all_alpha { hotkey };
        refused(of(unknown()), Error::HotKeyAccountNotExists);
        refused(of(own()), Error::NotEnoughStakeToWithdraw);
    });
}

#[test]
fn alpha_becomes_stake_on_root_in_one_piece() {
    staked().run(|| {
        let first = proceeds(NETUID, 20 * UNIT);
        let second = proceeds(OTHER, 40 * UNIT);
        assert_ok!(send(&me(), all_alpha()));
        assert_eq!(stake(&own(), ROOT), 3 * UNIT + first + second);
        assert_eq!(stake(&own(), NETUID), 0);
        assert_eq!(stake(&own(), OTHER), 0);
        assert_eq!(balance(&me()), RICH);
        let sold = |paid, amount, netuid| {
            Event::StakeRemoved(me(), own(), tao(paid), alpha(amount), netuid, fee(amount))
        };
        let sum = first + second;
        let added = Event::StakeAdded(me(), own(), tao(sum), alpha(sum), ROOT, 0);
        assert_eq!(
            events(),
            [
                sold(first, 20 * UNIT, NETUID),
                sold(second, 40 * UNIT, OTHER),
                added
            ]
        );
        // Stake on root alone is no alpha.
        refused(all_alpha(), Error::NotEnoughStakeToWithdraw);
    });
}

#[test]
fn alpha_worth_less_than_the_least_stake_is_paid_out() {
    chain()
        .stake(2, own(), me(), 900_000)
        .stake(3, own(), me(), 900_000)
        .run(|| {
            let paid = proceeds(NETUID, 900_000) + proceeds(OTHER, 900_000);
            assert_ok!(send(&me(), all_alpha()));
            assert_eq!(balance(&me()), RICH + paid);
            assert_eq!(stake(&own(), ROOT), 0);
            assert_eq!(SubnetTAO::<Test>::get(ROOT), TaoBalance::ZERO);
        });
}

#[test]
fn parts_below_the_least_stake_count_together() {
    chain()
        .stake(2, own(), me(), 1_100_000)
        .stake(3, own(), me(), 1_100_000)
        .run(|| {
            assert_ok!(send(&me(), all_alpha()));
            assert!(stake(&own(), ROOT) > 2_190_000);
            assert_eq!(balance(&me()), RICH);
        });
}

#[test]
fn alpha_that_cannot_be_sold_stays() {
    staked().run(|| {
        close(NETUID);
        let paid = proceeds(OTHER, 40 * UNIT);
        assert_ok!(send(&me(), all_alpha()));
        assert_eq!(stake(&own(), NETUID), 20 * UNIT);
        assert_eq!(stake(&own(), ROOT), 3 * UNIT + paid);
    });
}
