//! Which slot a new neuron gets (section 10.2 of the economics).

use dendra_primitives::AlphaBalance;
use frame_support::{BoundedVec, assert_noop};

use super::{NETUID, chain, register};
use crate::{mock::*, *};

/// Block in which these tests register.
const NOW: u64 = 10_000;

/// A full subnet in which every neuron but the owner's is beyond its immunity of 100 blocks: by uid from 1 on,
/// what it earned and the block of its registration. No neuron has to be spared for its age.
fn full(facts: &[(u64, u64)], test: impl FnOnce()) {
    let builder = (1..).zip(facts).fold(chain(), |builder, (uid, _)| {
        builder.neuron(2, account(10 + uid), account(100 + uid))
    });
    builder.run(|| {
        System::set_block_number(NOW);
        MaxAllowedUids::<Test>::insert(NETUID, 1 + facts.len() as u16);
        ImmunityPeriod::<Test>::insert(NETUID, 100);
        MinNonImmuneUids::<Test>::put(0);
        set_registered(NETUID, 0, NOW);
        let mut earned = vec![AlphaBalance::ZERO];
        for (uid, (emission, block)) in (1..).zip(facts) {
            earned.push(AlphaBalance::new(*emission));
            set_registered(NETUID, uid, *block);
        }
        Emission::<Test>::insert(NETUID, BoundedVec::truncate_from(earned));
        test();
    });
}

/// The uid that the next hotkey gets.
fn taken() -> u16 {
    register(&account(3), &account(200)).unwrap();
    Uids::<Test>::get(NETUID, account(200)).unwrap()
}

#[test]
fn neurons_are_appended_while_there_is_room() {
    chain().run(|| {
        MaxAllowedUids::<Test>::insert(NETUID, 3);
        MinNonImmuneUids::<Test>::put(0);
        for (uid, hotkey) in [(1, 10), (2, 11)] {
            register(&account(3), &account(hotkey)).unwrap();
            assert_eq!(Uids::<Test>::get(NETUID, account(hotkey)), Some(uid));
            assert_eq!(Keys::<Test>::get(NETUID, uid), account(hotkey));
            assert_eq!(SubnetworkN::<Test>::get(NETUID), uid + 1);
        }
        register(&account(3), &account(12)).unwrap();
        assert_eq!(SubnetworkN::<Test>::get(NETUID), 3);
    });
}

#[test]
fn the_neuron_that_earned_least_goes() {
    full(&[(5, 1), (3, 900), (4, 1), (3_000, 1)], || {
        assert_eq!(taken(), 2)
    });
}

#[test]
fn of_those_that_earned_least_the_oldest_goes() {
    full(&[(3, 20), (9, 1), (3, 10), (3, 11)], || {
        assert_eq!(taken(), 3)
    });
}

#[test]
fn of_those_of_one_age_the_lowest_uid_goes() {
    full(&[(9, 10), (3, 10), (3, 10)], || assert_eq!(taken(), 2));
}

#[test]
fn an_immune_neuron_stays_however_little_it_earned() {
    full(&[(0, NOW - 99), (8, 1), (7, 2)], || assert_eq!(taken(), 3));
}

#[test]
fn immunity_ends_after_its_period() {
    full(&[(0, NOW - 100), (8, 1), (7, 2)], || assert_eq!(taken(), 1));
}

#[test]
fn enough_neurons_beyond_immunity_are_spared_for_immune_ones() {
    let mut facts: Vec<_> = (0..11).map(|number| (number, 1)).collect();
    facts.extend([(70, NOW), (60, NOW - 1)]);
    full(&facts, || {
        MinNonImmuneUids::<Test>::put(10);
        assert_eq!(taken(), 1);
    });
    // One less beyond immunity: ten are spared.
    full(&facts[1..], || {
        MinNonImmuneUids::<Test>::put(10);
        assert_eq!(taken(), 12);
    });
}

#[test]
fn of_immune_ones_too_the_one_that_earned_least_goes_then_the_oldest() {
    full(&[(5, NOW - 1), (2, NOW - 1), (2, NOW - 2)], || {
        assert_eq!(taken(), 3)
    });
}

#[test]
fn spared_neurons_without_an_immune_one_leave_no_slot() {
    full(&[(1, 1), (2, 1)], || {
        MinNonImmuneUids::<Test>::put(2);
        assert_noop!(
            register(&account(3), &account(200)),
            Error::<Test>::NoNeuronIdAvailable
        );
    });
}

#[test]
fn the_owner_hotkey_is_never_replaced() {
    full(&[(5, 1)], || {
        set_registered(NETUID, 0, 0);
        assert_eq!(taken(), 1);
    });
    full(&[], || {
        set_registered(NETUID, 0, 0);
        assert_noop!(
            register(&account(3), &account(200)),
            Error::<Test>::NoNeuronIdAvailable
        );
    });
}

/// A full subnet in which the owner has three neurons besides the owner hotkey's: uids 1 to 3, and another
/// coldkey has uid 4. The owner's earned nothing; uid 2 registered first.
fn owned(limit: u16, test: impl FnOnce()) {
    chain()
        .neuron(2, account(11), account(1))
        .neuron(2, account(12), account(1))
        .neuron(2, account(13), account(1))
        .neuron(2, account(14), account(4))
        .run(|| {
            System::set_block_number(NOW);
            MaxAllowedUids::<Test>::insert(NETUID, 5);
            ImmunityPeriod::<Test>::insert(NETUID, 100);
            MinNonImmuneUids::<Test>::put(0);
            for (uid, block) in [(0, 0), (1, 20), (2, 10), (3, 30), (4, 5)] {
                set_registered(NETUID, uid, block);
            }
            let earned = [0, 0, 0, 0, 50].map(AlphaBalance::new).to_vec();
            Emission::<Test>::insert(NETUID, BoundedVec::truncate_from(earned));
            ImmuneOwnerUidsLimit::<Test>::insert(NETUID, limit);
            test();
        });
}

#[test]
fn besides_it_the_oldest_of_the_owners_are_protected_up_to_the_limit() {
    owned(1, || assert_eq!(taken(), 1));
    owned(2, || assert_eq!(taken(), 3));
    owned(3, || assert_eq!(taken(), 4));
    owned(10, || assert_eq!(taken(), 4));
}

#[test]
fn an_owner_hotkey_without_uid_does_not_use_up_the_limit() {
    owned(1, || {
        SubtensorModule::associate(&account(1), &account(99)).unwrap();
        SubtensorModule::change_owner_hotkey(NETUID, &account(99)).unwrap();
        // Of uids 0 to 3, all the owner's, uid 0 is the oldest; uid 2 comes next.
        assert_eq!(taken(), 2);
    });
}

#[test]
fn if_all_are_protected_there_is_no_slot() {
    owned(10, || {
        Owner::<Test>::insert(account(14), account(1));
        SubtensorModule::replace_owner(NETUID, &account(4), &account(1));
        OwnedHotkeys::<Test>::mutate(account(1), |owned| owned.try_push(account(14)).unwrap());
        OwnedHotkeys::<Test>::remove(account(4));
        assert_noop!(
            register(&account(3), &account(200)),
            Error::<Test>::NoNeuronIdAvailable
        );
    });
}
