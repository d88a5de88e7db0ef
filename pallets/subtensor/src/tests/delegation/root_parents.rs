//! Root validators lend to the owner hotkeys of new subnets.

use frame_support::{assert_noop, assert_ok};

use super::*;
use crate::{
    AutoParentDelegationOff, Error, Event, NetworkLastCreatedAt, NetworkMinLockCost,
    mock::{UNIT, events, give_stake, many},
    types::ROOT_SEATS,
};
use dendra_primitives::TaoBalance;

const NEW: NetUid = NetUid::new(3);

/// Gives hotkeys seats on root and 1000 rao each.
fn seat(hotkeys: &[AccountId]) {
    for hotkey in hotkeys {
        SubtensorModule::associate(&account(100), hotkey).unwrap();
        SubtensorModule::append_neuron(NetUid::ROOT, hotkey).unwrap();
        give_stake(NetUid::ROOT, hotkey, &account(100), 1_000);
    }
}

fn create(hotkey: &AccountId) {
    NetworkLastCreatedAt::<Test>::kill();
    NetworkMinLockCost::<Test>::put(TaoBalance::new(UNIT));
    crate::NetworkLastLockCost::<Test>::put(TaoBalance::new(UNIT));
    assert_ok!(SubtensorModule::register_network(
        signed(&account(100)),
        hotkey.clone()
    ));
}

fn lenders_to(hotkey: &AccountId) -> Vec<(u64, AccountId)> {
    ParentKeys::<Test>::get(hotkey, NEW).into_inner()
}

#[test]
fn root_validators_that_have_not_opted_out_lend_all_at_once() {
    run(|| {
        let [first, second, third] = [1, 2, 3].map(many);
        seat(&[first.clone(), second.clone(), third.clone()]);
        let opt = |enabled| {
            SubtensorModule::set_auto_parent_delegation_enabled(
                signed(&account(100)),
                second.clone(),
                enabled,
            )
        };
        assert_ok!(opt(false));
        System::reset_events();
        create(&many(9));
        assert_eq!(
            lenders_to(&many(9)),
            [(WHOLE, first.clone()), (WHOLE, third.clone())]
        );
        let whole = vec![(WHOLE, many(9))];
        assert_eq!(ChildKeys::<Test>::get(&first, NEW).into_inner(), whole);
        assert!(events().contains(&Event::SetChildren(third, NEW, whole)));
        assert_eq!(
            SubtensorModule::stake_on(&many(9), NEW).tao,
            TaoBalance::new(2_000)
        );
        assert_eq!(SubtensorModule::stake_on(&first, NEW).tao, TaoBalance::ZERO);
        // The subnets before keep what they have, and who opts in lends to the next one.
        assert_ok!(opt(true));
        assert_eq!(lenders_to(&many(9)).len(), 2);
        create(&many(8));
        assert_eq!(ParentKeys::<Test>::get(many(8), NetUid::new(4)).len(), 3);
    });
}

#[test]
fn a_root_validator_does_not_lend_to_itself() {
    run(|| {
        let [first, second] = [1, 2].map(many);
        seat(&[first.clone(), second.clone()]);
        create(&second);
        assert_eq!(lenders_to(&second), [(WHOLE, first)]);
        assert!(!ChildKeys::<Test>::contains_key(&second, NEW));
    });
}

#[test]
fn all_seats_of_root_find_a_place() {
    run(|| {
        let all: Vec<AccountId> = (1..=u32::from(ROOT_SEATS)).map(many).collect();
        seat(&all);
        create(&many(999));
        assert_eq!(lenders_to(&many(999)).len(), 64);
    });
}

#[test]
fn what_was_lent_ends_when_the_validator_says_so() {
    run(|| {
        seat(&[many(1)]);
        create(&many(9));
        System::set_block_number(200);
        assert_ok!(SubtensorModule::set_children(
            signed(&account(100)),
            many(1),
            NEW,
            vec![]
        ));
        assert_eq!(lenders_to(&many(9)), []);
    });
}

#[test]
fn only_the_owner_opts_out() {
    run(|| {
        let opt = |coldkey, hotkey| {
            SubtensorModule::set_auto_parent_delegation_enabled(
                signed(&account(coldkey)),
                account(hotkey),
                false,
            )
        };
        assert_noop!(opt(22, 11), Error::<Test>::NonAssociatedColdKey);
        assert_noop!(opt(22, 99), Error::<Test>::HotKeyAccountNotExists);
        System::reset_events();
        assert_ok!(opt(21, 11));
        assert!(AutoParentDelegationOff::<Test>::contains_key(account(11)));
        assert_eq!(
            events(),
            [Event::AutoParentDelegationEnabledSet {
                hotkey: account(11),
                enabled: false,
            }]
        );
    });
}
