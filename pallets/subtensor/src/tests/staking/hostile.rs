//! What attackers try with stake, and what they gain by it.

use frame_support::assert_ok;

use super::*;
use crate::types::MAX_STAKING_HOTKEYS;

/// Pays a dividend to all who stake on a hotkey, as an epoch does.
fn dividend(hotkey: &AccountId, amount: u64) {
    SubnetAlphaOut::<Test>::mutate(NETUID, |out| *out = out.checked_add(alpha(amount)).unwrap());
    SubtensorModule::reward(hotkey, NETUID, alpha(amount)).unwrap();
}

#[test]
fn washing_stake_around_an_epoch_gains_no_more_than_its_share_of_the_dividend() {
    // Honest stake of 500 alpha is there all the time; the attacker comes for one block.
    for (spent, paid) in [(100, 0), (100, 1), (500, 1), (100, 20), (500, 20)] {
        chain()
            .stake(2, foreign(), account(20), 500 * UNIT)
            .run(|| {
                let amount = spent * UNIT;
                assert_ok!(send(&me(), add(foreign(), NETUID, amount)));
                let held = stake(&foreign(), NETUID);
                dividend(&foreign(), paid * UNIT);
                let share = stake(&foreign(), NETUID) - held;
                // The share is that of the stake and not a unit more.
                let exact =
                    u128::from(paid * UNIT) * u128::from(held) / u128::from(500 * UNIT + held);
                assert!(u128::from(share) <= exact && u128::from(share) + 1 >= exact);
                // The honest staker loses nothing it had.
                let honest = stake_for(&account(20), &foreign(), NETUID);
                assert!(honest >= 500 * UNIT);
                let (x, y) = reserves(NETUID);
                let worth_of_share = output(x, y, share);
                assert_ok!(send(&me(), remove(foreign(), NETUID, u64::MAX)));
                let gain = i128::from(balance(&me())) - i128::from(RICH);
                let fees = 2 * i128::from(fee(amount));
                let bound = i128::from(worth_of_share) - fees + i128::from(fee(amount)) / 2;
                assert!(gain <= bound, "{gain} of {spent} and {paid}");
                // Without a dividend it is the fees that are lost.
                assert!(paid > 0 || gain <= -fees + i128::from(fee(amount)) / 2);
            });
    }
}

#[test]
fn a_sandwich_is_stopped_by_the_limit_of_its_victim() {
    chain().run(|| {
        let victim = account(20);
        assert_ok!(send(&me(), add(own(), NETUID, 100 * UNIT)));
        // Half a per cent, as command lines ask for by default.
        let call = |limit| Call::add_stake_limit {
            hotkey: foreign(),
            netuid: NETUID,
            amount_staked: tao(UNIT),
            limit_price: tao(limit),
            allow_partial: false,
        };
        assert_noop!(
            send(&victim, call(1_005_000_000)),
            Error::<Test>::SlippageTooHigh
        );
        assert_ok!(send(&me(), remove(own(), NETUID, u64::MAX)));
        assert!(balance(&me()) < RICH);
        assert_ok!(send(&victim, call(1_005_000_000)));
    });
}

#[test]
fn dust_is_neither_staked_nor_given_away() {
    chain().stake(2, own(), me(), 2_000_000).run(|| {
        for amount in [0, 1, 499, 500, 1_999_999] {
            refused(add(own(), NETUID, amount), Error::AmountTooLow);
            refused(add(own(), ROOT, amount), Error::AmountTooLow);
            let there = transfer(account(20), NETUID, NETUID, amount);
            refused(there, Error::AmountTooLow);
            let there = move_between((own(), NETUID), (foreign(), NETUID), amount);
            refused(there, Error::AmountTooLow);
            refused(swap(NETUID, OTHER, amount), Error::AmountTooLow);
            let there = transfer(account(20), NETUID, OTHER, amount);
            refused(there, Error::AmountTooLow);
        }
        assert_eq!(Positions::<Test>::iter().count(), 1);
    });
}

#[test]
fn filling_the_list_of_a_victim_takes_stake_that_the_victim_keeps() {
    // Each entry of the list costs the attacker the least stake, which is the victim's then.
    let victim = account(20);
    chain().run(|| {
        let hotkeys: Vec<AccountId> = (0..40).map(many).collect();
        for hotkey in &hotkeys {
            SubtensorModule::associate(&account(30), hotkey).unwrap();
            give_stake(NETUID, hotkey, &me(), 2_000_000);
            let call = Call::transfer_stake {
                destination_coldkey: victim.clone(),
                hotkey: hotkey.clone(),
                origin_netuid: NETUID,
                destination_netuid: NETUID,
                alpha_amount: alpha(u64::MAX),
            };
            assert_ok!(send(&me(), call));
        }
        assert_eq!(StakingHotkeys::<Test>::decode_len(&victim), Some(40));
        let free = balance(&victim);
        for hotkey in hotkeys {
            assert_ok!(send(&victim, remove(hotkey, NETUID, u64::MAX)));
        }
        assert!(!StakingHotkeys::<Test>::contains_key(&victim));
        // 0.002 alpha each, at a price of one, less fee and slippage.
        assert!(balance(&victim) - free > 40 * 1_997_000);
        assert_eq!(MAX_STAKING_HOTKEYS, 4_096);
    });
}

#[test]
fn amounts_of_all_bits_break_nothing() {
    chain()
        .stake(0, own(), me(), 5 * UNIT)
        .stake(2, own(), me(), 5 * UNIT)
        .run(|| {
            let most = u64::MAX;
            for netuid in [ROOT, NETUID] {
                refused(add(own(), netuid, most), Error::NotEnoughBalanceToStake);
                let call = add_within(netuid, most, most, true);
                refused(call, Error::NotEnoughBalanceToStake);
                let call = remove_within(netuid, most, most, true);
                refused(call, Error::ZeroMaxAmount);
            }
            let call = swap_within(NETUID, ROOT, most, most, true);
            refused(call, Error::ZeroMaxAmount);
            assert_ok!(send(&me(), swap(NETUID, ROOT, most)));
            assert_ok!(send(&me(), remove(own(), ROOT, most)));
            assert_eq!(Positions::<Test>::iter().count(), 0);
        });
}

#[test]
fn a_huge_position_at_a_huge_price_is_no_small_nomination() {
    chain().stake(2, foreign(), me(), 1_000_000 * UNIT).run(|| {
        NominatorMinRequiredStake::<Test>::put(500_000_000);
        // A million TAO for an alpha: what is held is worth more than 64 bits count.
        SubnetAlphaIn::<Test>::insert(NETUID, alpha(1_000_000));
        let rest = alpha(1_000_000 * UNIT);
        assert_eq!(SubtensorModule::worth(NETUID, rest).get(), u64::MAX);
        assert_ok!(send(&me(), remove(foreign(), NETUID, 100_000)));
        assert_eq!(stake(&foreign(), NETUID), 1_000_000 * UNIT - 100_000);
    });
}

#[test]
fn root_stake_is_paid_back_one_to_one_however_often_it_turns() {
    chain().stake(0, own(), account(20), 7).run(|| {
        for _ in 0..50 {
            assert_ok!(send(&me(), add(own(), ROOT, 3_333_333)));
            assert_ok!(send(&me(), remove(own(), ROOT, u64::MAX)));
        }
        assert_eq!(balance(&me()), RICH);
        assert_eq!(stake_for(&account(20), &own(), ROOT), 7);
        assert_eq!(SubnetTAO::<Test>::get(ROOT), tao(7));
    });
}

#[test]
fn many_small_sales_are_not_better_than_one() {
    let sell = |parts: u64| {
        let mut paid = 0;
        chain().stake(2, own(), me(), 100 * UNIT).run(|| {
            for _ in 0..parts {
                assert_ok!(send(&me(), remove(own(), NETUID, 100 * UNIT / parts)));
            }
            assert_eq!(stake(&own(), NETUID), 0);
            paid = balance(&me()) - RICH;
        });
        paid
    };
    let whole = sell(1);
    for parts in [2, 10, 100] {
        // Each part saves less than a unit of fee.
        assert!(sell(parts) <= whole + parts);
    }
}
