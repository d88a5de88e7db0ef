//! Stake calls at the validity stage: each number, and the same answer as in a block.

use frame_support::assert_ok;

use super::*;
use crate::{
    extension::Refusal,
    tests::validity::{ask, assert_done, assert_fails_in_a_block, assert_refused},
};

const ME: u8 = 10;

fn full_limit(limit: Option<u64>) -> Call<Test> {
    Call::remove_stake_full_limit {
        hotkey: own(),
        netuid: NETUID,
        limit_price: limit.map(tao),
    }
}

fn discard(netuid: NetUid, hotkey: AccountId, burns: bool) -> Call<Test> {
    let amount = alpha(UNIT);
    if burns {
        Call::burn_alpha {
            hotkey,
            amount,
            netuid,
        }
    } else {
        Call::recycle_alpha {
            hotkey,
            amount,
            netuid,
        }
    }
}

/// Every stake call but the two that look at all subnets, on one hotkey and subnet.
fn calls(hotkey: AccountId, netuid: NetUid, amount: u64) -> Vec<Call<Test>> {
    let mut calls = takes(hotkey.clone(), netuid, amount);
    calls.push(add(hotkey.clone(), netuid, amount));
    calls.push(Call::add_stake_limit {
        hotkey,
        netuid,
        amount_staked: tao(amount),
        limit_price: tao(u64::MAX),
        allow_partial: false,
    });
    calls
}

/// Those of them that take from a position.
fn takes(hotkey: AccountId, netuid: NetUid, amount: u64) -> Vec<Call<Test>> {
    let alpha_amount = alpha(amount);
    vec![
        remove(hotkey.clone(), netuid, amount),
        Call::remove_stake_limit {
            hotkey: hotkey.clone(),
            netuid,
            amount_unstaked: alpha_amount,
            limit_price: tao(0),
            allow_partial: true,
        },
        Call::remove_stake_full_limit {
            hotkey: hotkey.clone(),
            netuid,
            limit_price: None,
        },
        Call::move_stake {
            origin_hotkey: hotkey.clone(),
            destination_hotkey: account(5),
            origin_netuid: netuid,
            destination_netuid: netuid,
            alpha_amount,
        },
        Call::move_stake_limit {
            origin_hotkey: hotkey.clone(),
            destination_hotkey: account(5),
            origin_netuid: netuid,
            destination_netuid: OTHER,
            alpha_amount,
            limit_price: tao(0),
            allow_partial: false,
        },
        Call::transfer_stake {
            destination_coldkey: account(20),
            hotkey: hotkey.clone(),
            origin_netuid: netuid,
            destination_netuid: netuid,
            alpha_amount,
        },
        Call::swap_stake {
            hotkey: hotkey.clone(),
            origin_netuid: netuid,
            destination_netuid: OTHER,
            alpha_amount,
        },
        Call::swap_stake_limit {
            hotkey: hotkey.clone(),
            origin_netuid: netuid,
            destination_netuid: OTHER,
            alpha_amount,
            limit_price: tao(0),
            allow_partial: true,
        },
        discard(netuid, hotkey.clone(), false),
        discard(netuid, hotkey, true),
    ]
}

#[test]
fn subnets_that_do_not_exist_are_number_3() {
    chain().run(|| {
        for call in calls(own(), NOWHERE, UNIT) {
            assert_refused(ME, call, Refusal::SubnetNotExists, Error::SubnetNotExists);
        }
    });
}

#[test]
fn hotkeys_that_nobody_owns_are_number_4() {
    chain().run(|| {
        let mut calls = calls(unknown(), NETUID, UNIT);
        calls.push(Call::unstake_all { hotkey: unknown() });
        calls.push(Call::unstake_all_alpha { hotkey: unknown() });
        for call in calls {
            assert_refused(
                ME,
                call,
                Refusal::HotKeyAccountNotExists,
                Error::HotKeyAccountNotExists,
            );
        }
    });
}

#[test]
fn empty_positions_are_number_5() {
    chain().run(|| {
        for call in takes(own(), NETUID, UNIT) {
            assert_refused(
                ME,
                call,
                Refusal::NotEnoughStakeToWithdraw,
                Error::NotEnoughStakeToWithdraw,
            );
        }
    });
}

#[test]
fn too_little_is_number_1() {
    chain().stake(2, own(), account(ME), UNIT).run(|| {
        for call in [
            add(own(), NETUID, 2_001_006),
            add(own(), ROOT, 1_999_999),
            add_within(NETUID, 1, u64::MAX, true),
            remove(own(), NETUID, 0),
            remove(own(), NETUID, 1_000),
            swap(NETUID, OTHER, 1_000),
            transfer(account(20), NETUID, NETUID, 1_000),
            move_between((own(), NETUID), (foreign(), NETUID), 1_000),
        ] {
            assert_refused(ME, call, Refusal::StakeAmountTooLow, Error::AmountTooLow);
        }
    });
}

#[test]
fn too_poor_is_number_2() {
    chain().run(|| {
        for call in [
            add(own(), NETUID, RICH),
            add_within(ROOT, u64::MAX, u64::MAX, true),
        ] {
            assert_refused(
                ME,
                call,
                Refusal::NotEnoughBalanceToStake,
                Error::NotEnoughBalanceToStake,
            );
        }
        let burn = Call::add_stake_burn {
            hotkey: foreign(),
            netuid: NETUID,
            amount: tao(RICH),
            limit: None,
        };
        assert_refused(
            1,
            burn,
            Refusal::NotEnoughBalanceToStake,
            Error::NotEnoughBalanceToStake,
        );
    });
}

#[test]
fn small_pools_are_number_7() {
    chain().stake(2, own(), account(ME), 10 * UNIT).run(|| {
        SubnetAlphaIn::<Test>::insert(NETUID, alpha(1_000_001));
        for call in [
            add(own(), NETUID, UNIT),
            remove(own(), NETUID, u64::MAX),
            full_limit(None),
            swap(NETUID, OTHER, u64::MAX),
        ] {
            assert_refused(
                ME,
                call,
                Refusal::InsufficientLiquidity,
                Error::InsufficientLiquidity,
            );
        }
    });
}

#[test]
fn prices_beyond_the_limit_are_number_8_and_14_where_a_part_would_do() {
    chain().stake(2, own(), account(ME), 10 * UNIT).run(|| {
        let strict = [
            add_within(NETUID, UNIT, 1_000_000_000, false),
            add_within(NETUID, 100 * UNIT, 1_050_000_000, false),
            add_within(ROOT, UNIT, 999_999_999, false),
            remove_within(NETUID, UNIT, 1_000_000_000, false),
            remove_within(NETUID, u64::MAX, 990_000_000, false),
            full_limit(Some(990_000_000)),
            swap_within(NETUID, OTHER, u64::MAX, 990_000_000, false),
        ];
        for call in strict {
            assert_refused(ME, call, Refusal::SlippageTooHigh, Error::SlippageTooHigh);
        }
        let partial = [
            add_within(NETUID, UNIT, 1_000_000_000, true),
            add_within(ROOT, UNIT, 999_999_999, true),
            remove_within(NETUID, UNIT, 1_000_000_000, true),
            swap_within(NETUID, OTHER, UNIT, 1_000_000_000, true),
        ];
        for call in partial {
            assert_refused(ME, call, Refusal::ZeroMaxAmount, Error::ZeroMaxAmount);
        }
        let burn = Call::add_stake_burn {
            hotkey: foreign(),
            netuid: NETUID,
            amount: tao(UNIT),
            limit: Some(tao(1)),
        };
        assert_refused(1, burn, Refusal::SlippageTooHigh, Error::SlippageTooHigh);
    });
}

#[test]
fn transfers_that_a_subnet_forbids_are_number_9() {
    chain().stake(2, own(), account(ME), UNIT).run(|| {
        TransferToggle::<Test>::insert(NETUID, false);
        assert_refused(
            ME,
            transfer(account(20), NETUID, OTHER, UNIT),
            Refusal::TransferDisallowed,
            Error::TransferDisallowed,
        );
    });
}

#[test]
fn buying_and_burning_too_often_is_number_6() {
    chain().run(|| {
        let burn = || Call::add_stake_burn {
            hotkey: foreign(),
            netuid: NETUID,
            amount: tao(UNIT),
            limit: None,
        };
        assert_done(1, burn());
        assert_refused(
            1,
            burn(),
            Refusal::RateLimitExceeded,
            Error::AddStakeBurnRateLimitExceeded,
        );
    });
}

#[test]
fn what_has_no_number_fails_in_a_block() {
    chain().stake(2, own(), account(ME), UNIT).run(|| {
        close(OTHER);
        assert_fails_in_a_block(ME, add(own(), OTHER, UNIT), Error::SubtokenDisabled);
        assert_fails_in_a_block(ME, swap(NETUID, NETUID, UNIT), Error::SameNetuid);
        let call = discard(ROOT, own(), true);
        assert_fails_in_a_block(ME, call, Error::CannotBurnOrRecycleOnRootSubnet);
        let call = transfer(account(0), NETUID, NETUID, UNIT);
        assert_fails_in_a_block(ME, call, Error::CannotUseSystemAccount);
        // Of this one only the hotkey is looked at.
        let call = Call::unstake_all { hotkey: foreign() };
        assert_fails_in_a_block(ME, call, Error::NotEnoughStakeToWithdraw);
    });
}

#[test]
fn calls_that_succeed_are_let_in() {
    let number = calls(own(), NETUID, UNIT).len();
    for which in 0..number {
        chain().stake(2, own(), account(ME), 5 * UNIT).run(|| {
            assert_done(ME, calls(own(), NETUID, UNIT).swap_remove(which));
        });
    }
    chain().stake(2, own(), account(ME), 5 * UNIT).run(|| {
        assert_done(ME, Call::unstake_all_alpha { hotkey: own() });
        assert_done(ME, Call::unstake_all { hotkey: own() });
    });
}

#[test]
fn asking_writes_nothing() {
    chain().stake(2, own(), account(ME), 5 * UNIT).run(|| {
        let before = sp_io::storage::root(sp_runtime::StateVersion::V1);
        for call in calls(own(), NETUID, UNIT) {
            assert_ok!(ask(signed(&account(ME)), call));
        }
        assert_eq!(before, sp_io::storage::root(sp_runtime::StateVersion::V1));
    });
}
