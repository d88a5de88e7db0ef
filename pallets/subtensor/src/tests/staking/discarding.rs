//! `recycle_alpha`, `burn_alpha` and `add_stake_burn`.

use frame_support::assert_ok;

use super::*;

fn recycle(hotkey: AccountId, netuid: NetUid, amount: u64) -> Call<Test> {
    Call::recycle_alpha {
        hotkey,
        amount: alpha(amount),
        netuid,
    }
}

fn burn(hotkey: AccountId, netuid: NetUid, amount: u64) -> Call<Test> {
    Call::burn_alpha {
        hotkey,
        amount: alpha(amount),
        netuid,
    }
}

fn buy_and_burn(netuid: NetUid, amount: u64, limit: Option<u64>) -> Call<Test> {
    Call::add_stake_burn {
        hotkey: foreign(),
        netuid,
        amount: tao(amount),
        limit: limit.map(tao),
    }
}

#[test]
fn recycled_alpha_ceases_to_exist() {
    chain().stake(2, foreign(), me(), 5 * UNIT).run(|| {
        let out = SubnetAlphaOut::<Test>::get(NETUID).get();
        assert_ok!(send(&me(), recycle(foreign(), NETUID, 2 * UNIT)));
        assert_eq!(stake(&foreign(), NETUID), 3 * UNIT);
        assert_eq!(SubnetAlphaOut::<Test>::get(NETUID).get(), out - 2 * UNIT);
        assert!(BurnedAlpha::<Test>::get(NETUID).is_zero());
        let told = Event::AlphaRecycled(me(), foreign(), alpha(2 * UNIT), NETUID);
        assert_eq!(events(), [told]);
    });
}

#[test]
fn burned_alpha_stays_issued_and_is_nobodys() {
    chain().stake(2, own(), me(), 5 * UNIT).run(|| {
        let out = SubnetAlphaOut::<Test>::get(NETUID);
        assert_ok!(send(&me(), burn(own(), NETUID, 2 * UNIT)));
        assert_eq!(stake(&own(), NETUID), 3 * UNIT);
        assert_eq!(SubnetAlphaOut::<Test>::get(NETUID), out);
        assert_eq!(BurnedAlpha::<Test>::get(NETUID), alpha(2 * UNIT));
        let told = Event::AlphaBurned(me(), own(), alpha(2 * UNIT), NETUID);
        assert_eq!(events(), [told]);
    });
}

#[test]
fn no_more_than_the_position_is_discarded() {
    for call in [recycle, burn] {
        chain()
            .stake(2, own(), me(), 5)
            .stake(2, own(), account(20), 7)
            .run(|| {
                assert_ok!(send(&me(), call(own(), NETUID, u64::MAX)));
                assert_eq!(stake(&own(), NETUID), 0);
                assert_eq!(stake_for(&account(20), &own(), NETUID), 7);
                refused(call(own(), NETUID, 1), Error::NotEnoughStakeToWithdraw);
            });
    }
}

#[test]
fn discarding_has_its_conditions() {
    for call in [recycle, burn] {
        chain()
            .stake(0, own(), me(), UNIT)
            .stake(2, own(), me(), UNIT)
            .run(|| {
                close(OTHER);
                let root = Error::CannotBurnOrRecycleOnRootSubnet;
                refused(call(own(), ROOT, UNIT), root);
                refused(call(own(), NOWHERE, UNIT), Error::SubnetNotExists);
                refused(call(own(), OTHER, UNIT), Error::SubtokenDisabled);
                refused(call(unknown(), NETUID, UNIT), Error::HotKeyAccountNotExists);
                refused(call(own(), NETUID, 0), Error::AmountTooLow);
                refused(
                    call(foreign(), NETUID, UNIT),
                    Error::NotEnoughStakeToWithdraw,
                );
                // The books cannot say so, but if they did:
                let out = SubnetAlphaOut::<Test>::get(NETUID);
                SubnetAlphaOut::<Test>::insert(NETUID, alpha(UNIT - 1));
                refused(call(own(), NETUID, UNIT), Error::NotEnoughAlphaOutToRecycle);
                SubnetAlphaOut::<Test>::insert(NETUID, out);
            });
    }
}

#[test]
fn an_owner_buys_and_burns() {
    chain().run(|| {
        let owner = account(1);
        let before = balance(&owner);
        let (x, y) = reserves(NETUID);
        let amount = 10 * UNIT;
        let bought = output(y, x, amount - fee(amount));
        assert_ok!(send(&owner, buy_and_burn(NETUID, amount, None)));
        assert_eq!(balance(&owner), before - amount);
        assert_eq!(BurnedAlpha::<Test>::get(NETUID).get(), bought);
        assert_eq!(reserves(NETUID).0, x - bought);
        assert_eq!(Positions::<Test>::iter().count(), 0);
        let told = Event::AddStakeBurn {
            netuid: NETUID,
            hotkey: foreign(),
            amount: tao(amount),
            alpha: alpha(bought),
        };
        assert_eq!(events(), [told]);
    });
}

#[test]
fn an_owner_buys_and_burns_once_per_tempo() {
    chain().run(|| {
        let owner = account(1);
        let again = || send(&owner, buy_and_burn(NETUID, UNIT, None));
        let too_soon = Error::<Test>::AddStakeBurnRateLimitExceeded;
        assert_ok!(again());
        Tempo::<Test>::insert(NETUID, 100);
        System::set_block_number(100);
        assert_noop!(again(), too_soon);
        System::set_block_number(101);
        assert_ok!(again());
    });
}

#[test]
fn buying_and_burning_has_its_conditions() {
    chain().run(|| {
        let owner = account(1);
        let refused = |call, error: Error<Test>| {
            assert_noop!(send(&owner, call), error);
        };
        let root = Error::CannotBurnOrRecycleOnRootSubnet;
        refused(buy_and_burn(ROOT, UNIT, None), root);
        refused(buy_and_burn(NOWHERE, UNIT, None), Error::SubnetNotExists);
        refused(buy_and_burn(OTHER, UNIT, None), Error::NotSubnetOwner);
        refused(buy_and_burn(NETUID, 2_001_006, None), Error::AmountTooLow);
        let all = balance(&owner);
        refused(
            buy_and_burn(NETUID, all, None),
            Error::NotEnoughBalanceToStake,
        );
        let limit = Some(1_000_000_100);
        refused(buy_and_burn(NETUID, UNIT, limit), Error::SlippageTooHigh);
        let mut call = buy_and_burn(NETUID, UNIT, None);
        if let Call::add_stake_burn { hotkey, .. } = &mut call {
            *hotkey = unknown();
        }
        refused(call, Error::HotKeyAccountNotExists);
        close(NETUID);
        refused(buy_and_burn(NETUID, UNIT, None), Error::SubtokenDisabled);
    });
}

#[test]
fn buying_and_burning_within_a_limit() {
    chain().run(|| {
        let limit = Some(1_100_000_000);
        assert_ok!(send(&account(1), buy_and_burn(NETUID, UNIT, limit)));
    });
}
