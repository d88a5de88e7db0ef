//! Moves and transfers on one subnet: no fee, no effect on the price.

use frame_support::assert_ok;

use super::*;

#[test]
fn alpha_changes_its_hotkey_unit_for_unit() {
    chain().stake(2, own(), me(), 5 * UNIT).run(|| {
        let before = (reserves(NETUID), SubnetAlphaOut::<Test>::get(NETUID));
        let call = move_between((own(), NETUID), (foreign(), NETUID), 2 * UNIT);
        assert_ok!(send(&me(), call));
        assert_eq!(stake(&own(), NETUID), 3 * UNIT);
        assert_eq!(stake(&foreign(), NETUID), 2 * UNIT);
        assert_eq!(
            (reserves(NETUID), SubnetAlphaOut::<Test>::get(NETUID)),
            before
        );
        assert_eq!(balance(&me()), RICH);
        let moved = Event::AlphaMoved {
            netuid: NETUID,
            from: (own(), me()),
            to: (foreign(), me()),
            alpha: alpha(2 * UNIT),
        };
        let told = Event::StakeMoved(me(), own(), NETUID, foreign(), NETUID, tao(2 * UNIT));
        assert_eq!(events(), [moved, told]);
    });
}

#[test]
fn alpha_changes_its_coldkey_unit_for_unit() {
    chain().stake(2, own(), me(), 5 * UNIT).run(|| {
        let friend = account(20);
        let call = transfer(friend.clone(), NETUID, NETUID, u64::MAX);
        assert_ok!(send(&me(), call));
        assert_eq!(stake(&own(), NETUID), 0);
        assert_eq!(stake_for(&friend, &own(), NETUID), 5 * UNIT);
        assert!(!StakingHotkeys::<Test>::contains_key(me()));
        let moved = Event::AlphaMoved {
            netuid: NETUID,
            from: (own(), me()),
            to: (own(), friend.clone()),
            alpha: alpha(5 * UNIT),
        };
        let told = Event::StakeTransferred(me(), friend, own(), NETUID, NETUID, tao(5 * UNIT));
        assert_eq!(events(), [moved, told]);
    });
}

#[test]
fn stake_on_root_moves_too() {
    chain().stake(0, own(), me(), 5 * UNIT).run(|| {
        let call = move_between((own(), ROOT), (foreign(), ROOT), u64::MAX);
        assert_ok!(send(&me(), call));
        assert_eq!(stake(&foreign(), ROOT), 5 * UNIT);
        assert_eq!(SubnetTAO::<Test>::get(ROOT), tao(5 * UNIT));
    });
}

#[test]
fn the_worth_at_the_price_reaches_the_least_stake() {
    chain().stake(2, own(), me(), UNIT).run(|| {
        set_price(NETUID, 500);
        let to = (foreign(), NETUID);
        for amount in [0, 1, 3_999_999] {
            let call = move_between((own(), NETUID), to.clone(), amount);
            refused(call, Error::AmountTooLow);
            let call = transfer(account(20), NETUID, NETUID, amount);
            refused(call, Error::AmountTooLow);
        }
        assert_ok!(send(&me(), move_between((own(), NETUID), to, 4_000_000)));
        let told = Event::StakeMoved(me(), own(), NETUID, foreign(), NETUID, tao(2_000_000));
        assert_eq!(events().pop(), Some(told));
    });
}

#[test]
fn dust_cannot_be_pushed_onto_others_not_even_whole_positions() {
    chain().stake(2, own(), me(), 1_999_999).run(|| {
        for amount in [1_999_999, u64::MAX] {
            let call = transfer(account(20), NETUID, NETUID, amount);
            refused(call, Error::AmountTooLow);
        }
    });
}

#[test]
fn what_would_change_nothing_is_refused() {
    chain().stake(2, own(), me(), UNIT).run(|| {
        let place = (own(), NETUID);
        let call = move_between(place.clone(), place, UNIT);
        refused(call, Error::SameNetuid);
        refused(swap(NETUID, NETUID, UNIT), Error::SameNetuid);
        let call = transfer(me(), NETUID, NETUID, UNIT);
        refused(call, Error::SameNetuid);
    });
}

#[test]
fn the_first_reason_to_refuse_decides() {
    chain().stake(2, own(), me(), UNIT).run(|| {
        let refused = |from, to, error| refused(move_between(from, to, UNIT), error);
        close(OTHER);
        let here = (own(), NETUID);
        refused((own(), NOWHERE), here.clone(), Error::SubnetNotExists);
        refused(here.clone(), (own(), NOWHERE), Error::SubnetNotExists);
        refused((own(), OTHER), here.clone(), Error::SubtokenDisabled);
        refused(here.clone(), (own(), OTHER), Error::SubtokenDisabled);
        let nobody = (unknown(), NETUID);
        refused(nobody.clone(), here.clone(), Error::HotKeyAccountNotExists);
        refused(here.clone(), nobody, Error::HotKeyAccountNotExists);
        let empty = (foreign(), NETUID);
        refused(empty, here, Error::NotEnoughStakeToWithdraw);
    });
}

#[test]
fn transfers_need_the_toggle_of_both_subnets() {
    chain().stake(2, own(), me(), 9 * UNIT).run(|| {
        let friend = account(20);
        TransferToggle::<Test>::insert(OTHER, false);
        for (from, to) in [(OTHER, OTHER), (NETUID, OTHER), (OTHER, NETUID)] {
            let call = transfer(friend.clone(), from, to, UNIT);
            refused(call, Error::TransferDisallowed);
        }
        assert_ok!(send(&me(), transfer(friend.clone(), NETUID, NETUID, UNIT)));
        // The own stake may go there all the same.
        assert_ok!(send(&me(), swap(NETUID, OTHER, UNIT)));
        TransferToggle::<Test>::insert(NETUID, false);
        let call = transfer(friend, NETUID, NETUID, UNIT);
        refused(call, Error::TransferDisallowed);
    });
}

#[test]
fn accounts_of_the_chain_are_given_nothing() {
    chain().stake(2, own(), me(), UNIT).run(|| {
        for nobody in [
            account(0),
            SubtensorModule::subnet_account(NETUID),
            SubtensorModule::subnet_account(NOWHERE),
        ] {
            let call = transfer(nobody, NETUID, NETUID, UNIT);
            refused(call, Error::CannotUseSystemAccount);
        }
    });
}

#[test]
fn a_receiver_on_too_many_hotkeys_gets_nothing_and_nothing_is_lost() {
    chain().stake(2, own(), me(), UNIT).run(|| {
        let full: Vec<AccountId> = (0..types::MAX_STAKING_HOTKEYS).map(many).collect();
        StakingHotkeys::<Test>::insert(account(20), BoundedVec::truncate_from(full));
        let call = transfer(account(20), NETUID, NETUID, UNIT);
        refused(call, Error::TooManyStakingHotkeys);
        StakingHotkeys::<Test>::remove(account(20));
    });
}
