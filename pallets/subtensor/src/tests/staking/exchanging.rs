//! Moves, swaps and transfers between subnets.

use frame_support::assert_ok;

use super::*;

/// What exchanging an amount between two pools yields: alpha and the TAO between.
fn exchanged(from: NetUid, to: NetUid, amount: u64) -> (u64, u64) {
    let (x1, y1) = reserves(from);
    let (x2, y2) = reserves(to);
    let tao = output(x1, y1, amount - fee(amount));
    (output(y2, x2, tao), tao)
}

#[test]
fn a_swap_sells_on_one_subnet_and_buys_on_the_other_for_one_fee() {
    chain().stake(2, own(), me(), 50 * UNIT).run(|| {
        Author::set(&Some(account(100)));
        set_price(OTHER, 250);
        let amount = 20 * UNIT;
        let (bought, between) = exchanged(NETUID, OTHER, amount);
        let accounts = [NETUID, OTHER].map(SubtensorModule::subnet_account);
        let held = accounts.clone().map(|account| balance(&account));
        assert_ok!(send(&me(), swap(NETUID, OTHER, amount)));
        assert_eq!(stake(&own(), NETUID), 30 * UNIT);
        assert_eq!(stake(&own(), OTHER), bought);
        assert_eq!(balance(&me()), RICH);
        assert_eq!(balance(&accounts[1]), held[1] + between);
        let to_author = balance(&account(100)) - RICH;
        assert!(to_author > 0 && to_author <= fee(amount));
        assert_eq!(balance(&accounts[0]), held[0] - between - to_author);
        let here = fee(amount);
        let out = Event::StakeRemoved(me(), own(), tao(between), alpha(amount), NETUID, here);
        let into = Event::StakeAdded(me(), own(), tao(between), alpha(bought), OTHER, 0);
        let told = Event::StakeSwapped(me(), own(), NETUID, OTHER, tao(between));
        assert_eq!(events(), [out, into, told]);
    });
}

#[test]
fn from_root_the_fee_is_that_of_the_other_subnet() {
    chain().stake(0, own(), me(), 50 * UNIT).run(|| {
        let amount = 20 * UNIT;
        let used = amount - fee(amount);
        let (x, y) = reserves(NETUID);
        let bought = output(y, x, used);
        assert_ok!(send(&me(), swap(ROOT, NETUID, amount)));
        assert_eq!(stake(&own(), ROOT), 30 * UNIT);
        assert_eq!(stake(&own(), NETUID), bought);
        assert_eq!(reserves(NETUID), (x - bought, y + used));
        let out = Event::StakeRemoved(me(), own(), tao(amount), alpha(amount), ROOT, 0);
        let into = Event::StakeAdded(me(), own(), tao(amount), alpha(bought), NETUID, fee(amount));
        let told = Event::StakeSwapped(me(), own(), ROOT, NETUID, tao(used));
        assert_eq!(events(), [out, into, told]);
    });
}

#[test]
fn to_root_the_tao_becomes_stake() {
    chain().stake(2, own(), me(), 50 * UNIT).run(|| {
        let (x, y) = reserves(NETUID);
        let amount = 20 * UNIT;
        let paid = output(x, y, amount - fee(amount));
        assert_ok!(send(&me(), swap(NETUID, ROOT, amount)));
        assert_eq!(stake(&own(), ROOT), paid);
        assert_eq!(SubnetTAO::<Test>::get(ROOT), tao(paid));
        assert_eq!(balance(&me()), RICH);
    });
}

#[test]
fn a_move_changes_hotkey_and_subnet_at_once() {
    chain().stake(2, own(), me(), 5 * UNIT).run(|| {
        let (bought, between) = exchanged(NETUID, OTHER, 5 * UNIT);
        let call = move_between((own(), NETUID), (account(5), OTHER), u64::MAX);
        assert_ok!(send(&me(), call));
        assert_eq!(stake(&account(5), OTHER), bought);
        assert_eq!(StakingHotkeys::<Test>::get(me()).into_inner(), [account(5)]);
        let told = Event::StakeMoved(me(), own(), NETUID, account(5), OTHER, tao(between));
        assert_eq!(events().pop(), Some(told));
        assert!(LastColdkeyHotkeyStakeBlock::<Test>::contains_key(
            me(),
            account(5)
        ));
    });
}

#[test]
fn a_transfer_gives_stake_of_another_subnet() {
    chain().stake(2, own(), me(), 5 * UNIT).run(|| {
        let friend = account(20);
        let (bought, between) = exchanged(NETUID, OTHER, 5 * UNIT);
        let call = transfer(friend.clone(), NETUID, OTHER, 5 * UNIT);
        assert_ok!(send(&me(), call));
        assert_eq!(stake_for(&friend, &own(), OTHER), bought);
        assert_eq!((balance(&friend), balance(&me())), (RICH, RICH));
        let into = Event::StakeAdded(friend.clone(), own(), tao(between), alpha(bought), OTHER, 0);
        let told =
            Event::StakeTransferred(me(), friend.clone(), own(), NETUID, OTHER, tao(between));
        assert_eq!(events()[1..], [into, told]);
        // It did not stake itself.
        assert!(!LastColdkeyHotkeyStakeBlock::<Test>::contains_key(
            friend,
            own()
        ));
    });
}

#[test]
fn the_own_coldkey_can_be_named_where_the_subnet_changes() {
    chain().stake(2, own(), me(), 5 * UNIT).run(|| {
        assert_ok!(send(&me(), transfer(me(), NETUID, OTHER, 5 * UNIT)));
        assert!(stake(&own(), OTHER) > 4 * UNIT);
    });
}

#[test]
fn too_little_is_exchanged_only_to_end_a_position_and_stays_free() {
    chain().stake(2, own(), me(), 1_000_000).run(|| {
        let (x, y) = reserves(NETUID);
        let call = swap(NETUID, OTHER, 999_999);
        refused(call, Error::AmountTooLow);
        let used = 1_000_000 - fee(1_000_000);
        let paid = output(x, y, used);
        assert_ok!(send(&me(), swap(NETUID, OTHER, u64::MAX)));
        assert_eq!(balance(&me()), RICH + paid);
        assert_eq!((stake(&own(), NETUID), stake(&own(), OTHER)), (0, 0));
        let sold = alpha(1_000_000);
        let out = Event::StakeRemoved(me(), own(), tao(paid), sold, NETUID, fee(1_000_000));
        assert_eq!(events(), [out]);
    });
}

#[test]
fn too_little_that_is_transferred_is_paid_to_the_receiver() {
    chain().stake(2, own(), me(), 1_000_000).run(|| {
        let friend = account(20);
        let call = transfer(friend.clone(), NETUID, OTHER, u64::MAX);
        assert_ok!(send(&me(), call));
        let paid = balance(&friend) - RICH;
        assert!(paid > 990_000);
        assert_eq!(balance(&me()), RICH);
        let told = Event::StakeTransferred(me(), friend, own(), NETUID, OTHER, tao(paid));
        assert_eq!(events().len(), 2);
        assert_eq!(events().pop(), Some(told));
    });
}

#[test]
fn dust_from_root_becomes_free_tao_without_a_fee() {
    chain().stake(0, own(), me(), 2_001_006).run(|| {
        // Without the fee of the other subnet it is below the least stake.
        assert_ok!(send(&me(), swap(ROOT, NETUID, u64::MAX)));
        assert_eq!(balance(&me()), RICH + 2_001_006);
        assert_eq!(stake(&own(), ROOT), 0);
    });
}

#[test]
fn amounts_above_the_position_are_all_of_it() {
    for amount in [5 * UNIT, 5 * UNIT + 1, u64::MAX] {
        let calls = [
            swap(NETUID, OTHER, amount),
            swap_within(NETUID, OTHER, amount, 900_000_000, false),
            move_between((own(), NETUID), (own(), OTHER), amount),
            transfer(account(20), NETUID, OTHER, amount),
        ];
        for call in calls {
            chain().stake(2, own(), me(), 5 * UNIT).run(|| {
                assert_ok!(send(&me(), call));
                assert_eq!(stake(&own(), NETUID), 0);
            });
        }
    }
}

#[test]
fn a_small_pool_on_either_side_refuses() {
    chain().stake(2, own(), me(), 50 * UNIT).run(|| {
        let swap = || swap(NETUID, OTHER, 50 * UNIT);
        SubnetAlphaIn::<Test>::insert(OTHER, alpha(1_000_001));
        refused(swap(), Error::InsufficientLiquidity);
        SubnetAlphaIn::<Test>::insert(OTHER, alpha(1_000 * UNIT));
        SubnetAlphaIn::<Test>::insert(NETUID, alpha(1_000_000));
        refused(swap(), Error::InsufficientLiquidity);
    });
}
