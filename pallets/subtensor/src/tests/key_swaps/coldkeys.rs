//! What a swap of a coldkey does, and when it is refused.

use frame_support::{
    assert_noop, assert_ok,
    traits::{ReservableCurrency, fungible::Mutate},
};

use super::*;
use crate::*;

fn swap_at_cost(from: &AccountId, to: &AccountId, cost: u64) -> DispatchResultWithPostInfo {
    SubtensorModule::swap_coldkey(
        RuntimeOrigin::root(),
        from.clone(),
        to.clone(),
        TaoBalance::new(cost),
    )
}

#[test]
fn hotkeys_stake_and_balance_move() {
    chain().stake(3, account(2), owner(), 5 * UNIT).run(|| {
        let to = many(9);
        let held = Balances::free_balance(owner());
        assert_ok!(swap_coldkey(&owner(), &to));
        assert_eq!(Owner::<Test>::get(old()), to);
        assert_eq!(OwnedHotkeys::<Test>::get(&to).into_inner(), [old()]);
        assert_eq!(
            StakingHotkeys::<Test>::get(&to).into_inner(),
            [old(), account(2)]
        );
        assert_eq!(stake(&old(), &to, NETUID), 70 * UNIT);
        assert_eq!(stake(&account(2), &to, OTHER), 5 * UNIT);
        assert_eq!(stake(&old(), &staker(), NETUID), 30 * UNIT);
        assert_eq!(Balances::free_balance(&to), held);
        // Who staked keeps an account, so that no transaction can be repeated.
        assert_eq!(Balances::free_balance(owner()), 0);
        assert_eq!(System::sufficients(&owner()), 1);
        // Neurons go on.
        assert_eq!(Uids::<Test>::get(NETUID, old()), Some(1));
    });
}

#[test]
fn who_only_stakes_moves_too() {
    chain().run(|| {
        assert_ok!(swap_coldkey(&staker(), &many(9)));
        assert_eq!(stake(&old(), &many(9), NETUID), 30 * UNIT);
        assert_eq!(stake(&old(), &many(9), OTHER), 11 * UNIT);
        assert_eq!(Owner::<Test>::get(old()), owner());
    });
}

#[test]
fn subnets_change_their_owner() {
    chain().run(|| {
        let to = many(9);
        assert_ok!(swap_coldkey(&account(1), &to));
        assert_eq!(SubnetOwner::<Test>::get(NETUID), to);
        assert_eq!(SubnetOwner::<Test>::get(OTHER), account(3));
        assert_eq!(Owner::<Test>::get(account(2)), to);
        let symbol = || b"\xce\xb3".to_vec();
        let refused = SubtensorModule::update_symbol(signed(&account(1)), NETUID, symbol());
        assert_eq!(refused, Err(Error::<Test>::NotSubnetOwner.into()));
    });
}

#[test]
fn root_dividends_are_neither_doubled_nor_lost() {
    let base = chain().stake(0, old(), account(50), UNIT);
    base.stake(0, old(), staker(), 5 * UNIT).run(|| {
        for netuid in [NETUID, OTHER] {
            pay_root(netuid, &old(), 6 * UNIT);
        }
        // Stake that came later has had what was paid before.
        give_stake(ROOT, &old(), &staker(), UNIT);
        // Where all stake was taken out, dividends are kept, and the hotkey is not staked on any more.
        give_stake(ROOT, &account(2), &staker(), UNIT);
        pay_root(OTHER, &account(2), UNIT);
        leave_root(&account(2), &staker());
        assert!(!StakingHotkeys::<Test>::get(staker()).contains(&account(2)));
        let at = |coldkey: &AccountId| (NETUID, old(), coldkey.clone());
        let had = RootClaimed::<Test>::get(at(&staker()));
        assert!(had > 0);
        let all = |coldkey: &AccountId| {
            let of = core::slice::from_ref(coldkey);
            [owed(&old(), of), owed(&account(2), of)].concat()
        };
        let before = all(&staker());
        assert_eq!(before.iter().filter(|owed| **owed > 0).count(), 3);
        let number = RootStakerNumber::<Test>::get(staker());
        let count = RootStakerCount::<Test>::get();

        let to = many(9);
        assert_ok!(swap_coldkey(&staker(), &to));
        assert_eq!(stake(&old(), &to, ROOT), 6 * UNIT);
        assert_eq!(all(&to), before);
        assert_eq!(all(&staker()), [0; 4]);
        assert_eq!(RootClaimed::<Test>::get(at(&to)), had);
        assert!(!RootClaimed::<Test>::contains_key(at(&staker())));
        assert_eq!(RootHoldings::<Test>::iter_prefix(&to).count(), 2);
        assert_eq!(RootHoldings::<Test>::iter_prefix(staker()).count(), 0);
        assert_eq!(RootStakerNumber::<Test>::get(&to), number);
        assert_eq!(RootStakers::<Test>::get(number.unwrap()), Some(to.clone()));
        assert_eq!(RootStakerNumber::<Test>::get(staker()), None);
        assert_eq!(RootStakerCount::<Test>::get(), count);
        // The new one claims what the old one kept.
        let claimed = SubtensorModule::claim_root(signed(&to), [OTHER].into());
        assert_ok!(plain(claimed));
        assert_eq!(owed(&account(2), &[to]), [0, 0]);
    });
}

#[test]
fn kept_dividends_alone_are_not_left_behind() {
    chain().stake(0, old(), account(50), UNIT).run(|| {
        let (who, to) = (account(33), many(9));
        give_stake(ROOT, &old(), &who, UNIT);
        pay_root(NETUID, &old(), UNIT);
        leave_root(&old(), &who);
        assert!(!StakingHotkeys::<Test>::contains_key(&who));
        let before = owed(&old(), core::slice::from_ref(&who));
        assert!(before[0] > 0);
        assert_ok!(swap_coldkey(&who, &to));
        assert_eq!(owed(&old(), &[who, to]), [0, before[0], 0, 0]);
    });
}

#[test]
fn a_coldkey_that_stakes_keeps_its_account_and_its_neurons_know_it() {
    chain().run(|| {
        let to = many(9);
        assert_ok!(swap_coldkey(&owner(), &to));
        assert_eq!(System::sufficients(&to), 1);
        for netuid in [NETUID, OTHER] {
            let holder = &SubtensorModule::uid_holders(netuid)[1];
            assert_eq!((&holder.hotkey, &holder.coldkey), (&old(), &to));
        }
        assert_eq!(PositionCounts::<Test>::get(old(), &to), 1);
        assert!(!PositionCounts::<Test>::contains_key(old(), owner()));
    });
}

#[test]
fn a_new_coldkey_has_to_be_nobody_yet() {
    chain().run(|| {
        let taken = || Error::<Test>::ColdKeyAlreadyAssociated;
        // One with stake, one with a hotkey, one with root dividends, the old one itself.
        assert_noop!(plain(swap_coldkey(&owner(), &staker())), taken());
        assert_noop!(plain(swap_coldkey(&owner(), &account(1))), taken());
        give_stake(ROOT, &old(), &account(60), UNIT);
        StakingHotkeys::<Test>::remove(account(60));
        assert_noop!(plain(swap_coldkey(&owner(), &account(60))), taken());
        StakingHotkeys::<Test>::insert(
            account(60),
            frame_support::BoundedVec::truncate_from(vec![old()]),
        );
        assert_noop!(plain(swap_coldkey(&owner(), &owner())), taken());
        assert_noop!(plain(swap_coldkey(&account(61), &account(61))), taken());
        let hotkey = Error::<Test>::NewColdKeyIsHotkey;
        assert_noop!(plain(swap_coldkey(&owner(), &account(2))), hotkey);
        let of_the_chain = SubtensorModule::subnet_account(NETUID);
        let system = Error::<Test>::CannotUseSystemAccount;
        assert_noop!(plain(swap_coldkey(&owner(), &of_the_chain)), system);
        // Money is no obstacle.
        let held = Balances::free_balance(owner()) + Balances::free_balance(account(62));
        assert_ok!(swap_coldkey(&owner(), &account(62)));
        assert_eq!(Balances::free_balance(account(62)), held);
    });
}

#[test]
fn only_root_swaps_the_coldkey_of_somebody_else() {
    chain().run(|| {
        let origin = signed(&owner());
        let result = plain(SubtensorModule::swap_coldkey(
            origin,
            owner(),
            many(9),
            TaoBalance::ZERO,
        ));
        assert_eq!(result, Err(DispatchError::BadOrigin));
    });
}

#[test]
fn the_cost_is_recycled_from_the_old_coldkey() {
    chain().run(|| {
        let (held, issuance) = (Balances::free_balance(owner()), Balances::total_issuance());
        let poor = Error::<Test>::NotEnoughBalanceToPaySwapColdKey;
        assert_noop!(plain(swap_at_cost(&owner(), &many(9), held + 1)), poor);
        assert_ok!(swap_at_cost(&owner(), &many(9), UNIT));
        assert_eq!(Balances::free_balance(many(9)), held - UNIT);
        assert_eq!(Balances::total_issuance(), issuance - UNIT);
        // All that it has is enough.
        let held = Balances::free_balance(staker());
        assert_ok!(swap_at_cost(&staker(), &many(8), held));
        assert_eq!(Balances::free_balance(many(8)), 0);
        assert_eq!(stake(&old(), &many(8), NETUID), 30 * UNIT);
    });
}

#[test]
fn what_is_reserved_stays() {
    chain().run(|| {
        assert_ok!(Balances::reserve(&owner(), 7 * UNIT));
        let all = Balances::free_balance(owner());
        assert_ok!(swap_coldkey(&owner(), &many(9)));
        assert_eq!(Balances::reserved_balance(owner()), 7 * UNIT);
        // The account is needed as long as something is reserved.
        let least = ExistentialDeposit::get();
        assert_eq!(Balances::free_balance(owner()), least);
        assert_eq!(Balances::free_balance(many(9)), all - least);
    });
}

#[test]
fn an_amount_that_cannot_open_an_account_does_not_stop_a_swap() {
    chain().run(|| {
        let least = ExistentialDeposit::get();
        Balances::set_balance(&owner(), least + 3);
        ColdkeySwapAnnouncements::<Test>::insert(
            owner(),
            (
                1,
                <sp_runtime::traits::BlakeTwo256 as sp_runtime::traits::Hash>::hash_of(&many(9)),
            ),
        );
        assert_ok!(SubtensorModule::swap_coldkey_announced(
            signed(&owner()),
            many(9)
        ));
        assert_eq!(Balances::free_balance(owner()), least + 3);
        assert_eq!(stake(&old(), &many(9), NETUID), 70 * UNIT);
    });
}

#[test]
fn choices_of_the_new_coldkey_give_way_only_to_choices_of_the_old_one() {
    chain().run(|| {
        let to = many(9);
        AutoStakeDestination::<Test>::insert(&to, NETUID, account(2));
        AutoStakers::<Test>::insert(NETUID, &to, ());
        AutoStakeDestination::<Test>::insert(&to, OTHER, account(4));
        AutoStakers::<Test>::insert(OTHER, &to, ());
        AutoStakeDestination::<Test>::insert(owner(), NETUID, old());
        AutoStakers::<Test>::insert(NETUID, owner(), ());
        AccountFlags::<Test>::insert(&to, 6);
        assert_ok!(swap_coldkey(&owner(), &to));
        assert_eq!(AutoStakeDestination::<Test>::get(&to, NETUID), Some(old()));
        assert_eq!(
            AutoStakeDestination::<Test>::get(&to, OTHER),
            Some(account(4))
        );
        let stakers: Vec<_> = AutoStakers::<Test>::iter_key_prefix(NETUID).collect();
        assert_eq!(stakers, core::slice::from_ref(&to));
        assert_eq!(AccountFlags::<Test>::get(&to), 6);
    });
}
