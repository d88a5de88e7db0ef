//! `add_stake`.

use dendra_primitives::AlphaBalance;
use frame_support::assert_ok;

use super::*;
use crate::types::MAX_STAKING_HOTKEYS;

#[test]
fn tao_buys_alpha_and_the_fee_is_the_authors() {
    chain().run(|| {
        Author::set(&Some(account(100)));
        let (x, y) = reserves(NETUID);
        let out = SubnetAlphaOut::<Test>::get(NETUID).get();
        let amount = 100 * UNIT;
        let used = amount - fee(amount);
        let bought = output(y, x, used);
        assert_ok!(send(&me(), add(foreign(), NETUID, amount)));
        assert_eq!(stake(&foreign(), NETUID), bought);
        assert_eq!(balance(&me()), RICH - amount);
        assert_eq!(balance(&account(100)), RICH + fee(amount));
        assert_eq!(reserves(NETUID), (x - bought, y + used));
        assert_eq!(SubnetAlphaOut::<Test>::get(NETUID).get(), out + bought);
        let added = Event::StakeAdded(
            me(),
            foreign(),
            tao(amount),
            alpha(bought),
            NETUID,
            fee(amount),
        );
        assert_eq!(events(), [added]);
        assert_eq!(StakingHotkeys::<Test>::get(me()).into_inner(), [foreign()]);
    });
}

#[test]
fn on_root_a_rao_becomes_a_rao() {
    chain().run(|| {
        assert_ok!(send(&me(), add(own(), ROOT, 5 * UNIT)));
        assert_eq!(stake(&own(), ROOT), 5 * UNIT);
        assert_eq!(balance(&me()), RICH - 5 * UNIT);
        assert_eq!(SubnetTAO::<Test>::get(ROOT), tao(5 * UNIT));
        let added = Event::StakeAdded(me(), own(), tao(5 * UNIT), alpha(5 * UNIT), ROOT, 0);
        assert_eq!(events(), [added]);
    });
}

#[test]
fn the_least_stake_is_asked_for_beside_the_fee() {
    chain().run(|| {
        assert_eq!(fee(2_001_007), 1_007);
        for (netuid, too_little) in [(NETUID, 2_001_006), (ROOT, 1_999_999)] {
            for amount in [0, 1, too_little] {
                let call = add(own(), netuid, amount);
                refused(call, Error::AmountTooLow);
            }
            assert_ok!(send(&me(), add(own(), netuid, too_little + 1)));
        }
    });
}

#[test]
fn the_first_reason_to_refuse_decides() {
    chain().run(|| {
        let all = balance(&me());
        close(OTHER);
        refused(add(unknown(), NOWHERE, 0), Error::SubnetNotExists);
        refused(add(unknown(), OTHER, 0), Error::SubtokenDisabled);
        refused(add(unknown(), NETUID, 0), Error::HotKeyAccountNotExists);
        refused(add(own(), NETUID, 0), Error::AmountTooLow);
        refused(add(own(), NETUID, all), Error::NotEnoughBalanceToStake);
        refused(add(own(), NETUID, u64::MAX), Error::NotEnoughBalanceToStake);
        refused(add(own(), ROOT, u64::MAX), Error::NotEnoughBalanceToStake);
        // Root has no subtoken, and the account stays alive.
        close(ROOT);
        assert_ok!(send(
            &me(),
            add(own(), ROOT, all - ExistentialDeposit::get())
        ));
        assert_eq!(balance(&me()), ExistentialDeposit::get());
    });
}

#[test]
fn a_pool_that_would_be_drained_refuses() {
    chain().run(|| {
        SubnetAlphaIn::<Test>::insert(NETUID, AlphaBalance::new(2_000_000));
        let call = add(own(), NETUID, 2_000 * UNIT);
        refused(call, Error::InsufficientLiquidity);
        assert_ok!(send(&me(), add(own(), NETUID, 900 * UNIT)));
        assert!(SubnetAlphaIn::<Test>::get(NETUID).get() >= 1_000_000);
    });
}

#[test]
fn a_coldkey_on_too_many_hotkeys_keeps_its_tao() {
    chain().run(|| {
        let others: Vec<AccountId> = (0..MAX_STAKING_HOTKEYS).map(many).collect();
        StakingHotkeys::<Test>::insert(me(), BoundedVec::truncate_from(others));
        let call = add(own(), NETUID, UNIT);
        refused(call, Error::TooManyStakingHotkeys);
        StakingHotkeys::<Test>::remove(me());
    });
}

#[test]
fn the_block_of_the_last_staking_is_kept_as_long_as_the_coldkey_stakes_there() {
    chain().run(|| {
        let last = || LastColdkeyHotkeyStakeBlock::<Test>::get(me(), own());
        assert_eq!(last(), None);
        assert_ok!(send(&me(), add(own(), NETUID, UNIT)));
        assert_eq!(last(), Some(1));
        System::set_block_number(7);
        assert_ok!(send(&me(), add(own(), OTHER, UNIT)));
        assert_eq!(last(), Some(7));
        System::set_block_number(9);
        assert_ok!(send(&me(), remove(own(), OTHER, u64::MAX)));
        assert_eq!(last(), Some(7));
        assert_ok!(send(&me(), remove(own(), NETUID, u64::MAX)));
        assert_eq!(last(), None);
    });
}
