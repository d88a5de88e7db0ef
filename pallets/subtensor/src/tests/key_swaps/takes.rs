//! A swap is no way around the limits of takes.

use frame_support::assert_ok;

use super::*;
use crate::{types::RateLimitKey, *};

fn last(key: RateLimitKey<AccountId>) -> u64 {
    LastRateLimitedBlock::<Test>::get(key)
}

#[test]
fn a_fresh_hotkey_has_the_take_of_the_old_one() {
    for (netuid, keeps_stake) in [(None, false), (None, true), (Some(NETUID), false)] {
        chain().run(|| {
            Delegates::<Test>::insert(old(), 20);
            let origin = signed(&owner());
            let swapped =
                SubtensorModule::swap_hotkey_v2(origin, old(), new(), netuid, keeps_stake);
            assert_ok!(swapped);
            assert_eq!(Delegates::<Test>::get(new()), 20);
            let is_whole = netuid.is_none() && !keeps_stake;
            assert_eq!(Delegates::<Test>::contains_key(old()), !is_whole);
        });
    }
}

#[test]
fn stakers_of_neither_hotkey_pay_more_afterwards() {
    // (take of the old one, of the new one, afterwards); none is the default of 18 percent.
    let cases = [
        (Some(20), Some(90), 20),
        (Some(90), Some(20), 20),
        (Some(90), None, 90),
        (None, Some(50), 50),
        (Some(60_000), None, 11_796),
    ];
    for (first, second, expected) in cases {
        chain().stake(3, new(), owner(), UNIT).run(|| {
            for (hotkey, take) in [(old(), first), (new(), second)] {
                if let Some(take) = take {
                    Delegates::<Test>::insert(hotkey, take);
                }
            }
            assert_ok!(swap_on(NETUID, false));
            assert_eq!(Delegates::<Test>::get(new()), expected);
            let before = first.unwrap_or(11_796);
            assert_eq!(Delegates::<Test>::get(old()), before);
        });
    }
}

#[test]
fn nobody_becomes_a_delegate_by_a_swap() {
    chain().run(|| {
        assert_ok!(swap_all(false));
        assert!(!Delegates::<Test>::contains_key(new()));
    });
}

#[test]
fn pauses_of_the_hotkey_bind_the_new_one() {
    type Action = fn(AccountId) -> RateLimitKey<AccountId>;
    let actions: [Action; 3] = [
        RateLimitKey::LastTxBlockDelegateTake,
        RateLimitKey::LastTxBlockChildKeyTake,
        |hotkey| RateLimitKey::SetChildren(NETUID, hotkey),
    ];
    for (netuid, keeps_stake) in [(None, false), (None, true), (Some(NETUID), false)] {
        for action in actions {
            chain().run(|| {
                System::set_block_number(90);
                LastRateLimitedBlock::<Test>::insert(action(old()), 70);
                LastRateLimitedBlock::<Test>::insert(action(new()), 60);
                let origin = signed(&owner());
                let swapped =
                    SubtensorModule::swap_hotkey_v2(origin, old(), new(), netuid, keeps_stake);
                assert_ok!(swapped);
                assert_eq!(last(action(new())), 70);
                let is_whole = netuid.is_none() && !keeps_stake;
                assert_eq!(last(action(old())), if is_whole { 0 } else { 70 });
            });
        }
    }
}

#[test]
fn a_later_pause_of_the_new_hotkey_stays() {
    chain().run(|| {
        System::set_block_number(90);
        let action = RateLimitKey::LastTxBlockDelegateTake;
        LastRateLimitedBlock::<Test>::insert(action(old()), 60);
        LastRateLimitedBlock::<Test>::insert(action(new()), 70);
        assert_ok!(swap_all(false));
        assert_eq!(last(action(new())), 70);
    });
}

#[test]
fn the_choice_not_to_lend_to_new_subnets_moves_with_root() {
    chain().neuron(0, old(), owner()).run(|| {
        AutoParentDelegationOff::<Test>::insert(old(), ());
        let off = |hotkey| AutoParentDelegationOff::<Test>::contains_key(hotkey);
        assert_ok!(swap_on(NETUID, false));
        assert!(off(old()) && !off(new()));
        let origin = signed(&owner());
        assert_ok!(SubtensorModule::swap_hotkey(
            origin,
            old(),
            many(3),
            Some(ROOT)
        ));
        assert!(off(old()) && off(many(3)));
    });
}
