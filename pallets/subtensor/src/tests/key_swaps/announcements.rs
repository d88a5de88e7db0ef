//! Swaps of coldkeys that are announced, disputed and withdrawn.

use frame_support::{assert_noop, assert_ok, traits::fungible::Mutate};
use sp_core::H256;
use sp_runtime::traits::{BlakeTwo256, Hash};

use super::*;
use crate::*;

const DELAY: u64 = 36_000;
const AFTER: u64 = 7_200;

fn hash_of(account: &AccountId) -> H256 {
    BlakeTwo256::hash_of(account)
}

fn successor() -> AccountId {
    many(9)
}

fn announce(to: &AccountId) -> Result<(), DispatchError> {
    SubtensorModule::announce_coldkey_swap(signed(&owner()), hash_of(to))
}

fn execute(to: &AccountId) -> Result<PostDispatchInfo, DispatchError> {
    plain(SubtensorModule::swap_coldkey_announced(
        signed(&owner()),
        to.clone(),
    ))
}

fn dispute() -> Result<(), DispatchError> {
    SubtensorModule::dispute_coldkey_swap(signed(&owner()))
}

fn clear() -> Result<(), DispatchError> {
    SubtensorModule::clear_coldkey_swap_announcement(signed(&owner()))
}

fn reset(coldkey: &AccountId) -> Result<(), DispatchError> {
    SubtensorModule::reset_coldkey_swap(RuntimeOrigin::root(), coldkey.clone())
}

#[test]
fn an_announced_swap_is_executed_five_days_later() {
    chain().run(|| {
        let held = Balances::free_balance(owner());
        let issuance = Balances::total_issuance();
        assert_ok!(announce(&successor()));
        assert_eq!(held - Balances::free_balance(owner()), UNIT / 10);
        assert_eq!(issuance - Balances::total_issuance(), UNIT / 10);
        let stored = ColdkeySwapAnnouncements::<Test>::get(owner());
        assert_eq!(stored, Some((36_001, hash_of(&successor()))));

        System::set_block_number(DELAY);
        assert_noop!(execute(&successor()), Error::<Test>::ColdkeySwapTooEarly);
        System::set_block_number(DELAY + 1);
        assert_ok!(execute(&successor()));
        assert_eq!(Owner::<Test>::get(old()), successor());
        assert_eq!(stake(&old(), &successor(), NETUID), 70 * UNIT);
        assert_eq!(ColdkeySwapAnnouncements::<Test>::get(owner()), None);
        // The old account stays, so that a fee that was too high can be given back.
        let least = ExistentialDeposit::get();
        assert_eq!(Balances::free_balance(owner()), least);
        assert_eq!(
            Balances::free_balance(successor()),
            held - UNIT / 10 - least
        );
        let expected = [
            Event::ColdkeySwapAnnounced {
                who: owner(),
                new_coldkey_hash: hash_of(&successor()),
            },
            Event::ColdkeySwapped {
                old_coldkey: owner(),
                new_coldkey: successor(),
            },
        ];
        assert_eq!(events(), expected);
    });
}

#[test]
fn the_delays_are_settings() {
    chain().run(|| {
        ColdkeySwapAnnouncementDelay::<Test>::put(50);
        ColdkeySwapReannouncementDelay::<Test>::put(10);
        assert_ok!(announce(&successor()));
        System::set_block_number(60);
        assert_noop!(clear(), Error::<Test>::ColdkeySwapClearTooEarly);
        System::set_block_number(61);
        assert_ok!(clear());
    });
}

#[test]
fn only_the_announced_coldkey_comes() {
    chain().run(|| {
        let nothing = Error::<Test>::ColdkeySwapAnnouncementNotFound;
        assert_noop!(execute(&successor()), nothing);
        assert_ok!(announce(&successor()));
        System::set_block_number(DELAY + 1);
        let other = Error::<Test>::AnnouncedColdkeyHashDoesNotMatch;
        assert_noop!(execute(&many(8)), other);
        // An announcement is good for one coldkey only.
        let origin = signed(&account(30));
        let result = plain(SubtensorModule::swap_coldkey_announced(origin, successor()));
        assert_eq!(
            result,
            Err(Error::<Test>::ColdkeySwapAnnouncementNotFound.into())
        );
        assert_ok!(execute(&successor()));
        let nothing = Error::<Test>::ColdkeySwapAnnouncementNotFound;
        assert_noop!(execute(&successor()), nothing);
    });
}

#[test]
fn another_announcement_is_free_and_begins_anew() {
    chain().run(|| {
        assert_ok!(announce(&successor()));
        let held = Balances::free_balance(owner());
        for number in [2, DELAY, DELAY + AFTER] {
            System::set_block_number(number);
            let early = Error::<Test>::ColdkeySwapReannouncedTooEarly;
            assert_noop!(announce(&many(8)), early);
        }
        System::set_block_number(DELAY + AFTER + 1);
        assert_ok!(announce(&many(8)));
        assert_eq!(Balances::free_balance(owner()), held);
        let other = Error::<Test>::AnnouncedColdkeyHashDoesNotMatch;
        assert_noop!(execute(&successor()), other);
        assert_noop!(execute(&many(8)), Error::<Test>::ColdkeySwapTooEarly);
        System::set_block_number(2 * DELAY + AFTER + 1);
        assert_ok!(execute(&many(8)));
    });
}

#[test]
fn an_announcement_is_withdrawn_only_when_it_could_have_been_executed() {
    chain().run(|| {
        let nothing = Error::<Test>::ColdkeySwapAnnouncementNotFound;
        assert_noop!(clear(), nothing);
        assert_ok!(announce(&successor()));
        System::set_block_number(DELAY + AFTER);
        assert_noop!(clear(), Error::<Test>::ColdkeySwapClearTooEarly);
        System::set_block_number(DELAY + AFTER + 1);
        assert_ok!(clear());
        assert_eq!(ColdkeySwapAnnouncements::<Test>::get(owner()), None);
        assert!(events().contains(&Event::ColdkeySwapCleared { who: owner() }));
        // The next one is a first one again.
        let held = Balances::free_balance(owner());
        assert_ok!(announce(&successor()));
        assert_eq!(held - Balances::free_balance(owner()), UNIT / 10);
    });
}

#[test]
fn who_cannot_pay_does_not_announce() {
    chain().run(|| {
        let least = ExistentialDeposit::get();
        Balances::set_balance(&owner(), UNIT / 10 + least - 1);
        let poor = Error::<Test>::NotEnoughBalanceToPaySwapColdKey;
        assert_noop!(announce(&successor()), poor);
        Balances::set_balance(&owner(), UNIT / 10 + least);
        assert_ok!(announce(&successor()));
        // It can still be executed: that costs nothing more.
        System::set_block_number(DELAY + 1);
        assert_ok!(execute(&successor()));
    });
}

#[test]
fn a_dispute_ends_by_root_only() {
    chain().run(|| {
        let nothing = Error::<Test>::ColdkeySwapAnnouncementNotFound;
        assert_noop!(dispute(), nothing);
        assert_ok!(announce(&successor()));
        System::set_block_number(7);
        assert_ok!(dispute());
        assert_eq!(ColdkeySwapDisputes::<Test>::get(owner()), Some(7));
        assert!(events().contains(&Event::ColdkeySwapDisputed { coldkey: owner() }));
        assert_noop!(dispute(), Error::<Test>::ColdkeySwapAlreadyDisputed);
        System::set_block_number(DELAY + AFTER + 1);
        assert_noop!(execute(&successor()), Error::<Test>::ColdkeySwapDisputed);
        assert_noop!(announce(&many(8)), Error::<Test>::ColdkeySwapDisputed);
        assert_noop!(clear(), Error::<Test>::ColdkeySwapDisputed);

        let origin = signed(&owner());
        let refused = SubtensorModule::reset_coldkey_swap(origin, owner());
        assert_eq!(refused, Err(DispatchError::BadOrigin));
        assert_ok!(reset(&owner()));
        assert!(events().contains(&Event::ColdkeySwapReset { who: owner() }));
        let nothing = Error::<Test>::ColdkeySwapAnnouncementNotFound;
        assert_noop!(execute(&successor()), nothing);
        let nothing = Error::<Test>::ColdkeySwapAnnouncementNotFound;
        assert_noop!(reset(&owner()), nothing);
    });
}

#[test]
fn root_can_end_an_announcement_and_swap_a_disputed_coldkey() {
    chain().run(|| {
        assert_ok!(announce(&many(8)));
        assert_ok!(reset(&owner()));
        assert_eq!(ColdkeySwapAnnouncements::<Test>::get(owner()), None);
        assert_ok!(announce(&many(8)));
        assert_ok!(dispute());
        assert_ok!(swap_coldkey(&owner(), &successor()));
        assert_eq!(ColdkeySwapAnnouncements::<Test>::iter().count(), 0);
        assert_eq!(ColdkeySwapDisputes::<Test>::iter().count(), 0);
        assert_eq!(Owner::<Test>::get(old()), successor());
    });
}

#[test]
fn what_has_changed_meanwhile_counts() {
    chain().run(|| {
        assert_ok!(announce(&successor()));
        System::set_block_number(DELAY + 1);
        give_stake(NETUID, &old(), &successor(), 5);
        let taken = Error::<Test>::ColdKeyAlreadyAssociated;
        assert_noop!(execute(&successor()), taken);
    });
}

#[test]
fn the_former_call_is_gone() {
    chain().run(|| {
        let result = SubtensorModule::schedule_swap_coldkey(signed(&owner()), successor());
        assert_eq!(result, Err(Error::<Test>::Deprecated.into()));
    });
}
