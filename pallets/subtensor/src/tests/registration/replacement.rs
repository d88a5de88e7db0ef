//! What becomes of a neuron whose uid somebody else gets: nothing of it stays but its stake and its owner.

use codec::Encode;
use dendra_primitives::{AlphaBalance, MechId, NetUidIndex};
use frame_support::BoundedVec;
use sp_core::H160;

use super::{NETUID, chain, register};
use crate::{mock::*, types::Row, *};

const OLD: u8 = 10;
const NEW: u8 = 20;

fn index(mechanism: u8) -> NetUidIndex {
    NetUidIndex::from_parts(NETUID, MechId::new(mechanism)).unwrap()
}

/// A column of two neurons.
fn column<V: Clone>(value: V) -> BoundedVec<V, frame_support::pallet_prelude::ConstU32<4_096>> {
    BoundedVec::truncate_from(vec![value.clone(), value])
}

/// A full subnet of two mechanisms in which uid 1 has everything that a neuron can have.
fn replaced(test: impl FnOnce()) {
    chain()
        .neuron(2, account(OLD), account(5))
        .stake(2, account(OLD), account(6), 77)
        .run(|| {
            MaxAllowedUids::<Test>::insert(NETUID, 2);
            SubtensorModule::change_mechanism_count(NETUID, MechId::new(2)).unwrap();
            fill();
            System::set_block_number(9_000);
            MinNonImmuneUids::<Test>::put(0);
            System::reset_events();
            register(&account(3), &account(NEW)).unwrap();
            assert_eq!(Uids::<Test>::get(NETUID, account(NEW)), Some(1));
            test();
        });
}

fn fill() {
    ValidatorPermit::<Test>::insert(NETUID, column(true));
    Active::<Test>::insert(NETUID, column(false));
    Consensus::<Test>::insert(NETUID, column(9));
    Dividends::<Test>::insert(NETUID, column(9));
    Emission::<Test>::insert(NETUID, column(AlphaBalance::new(9)));
    ValidatorTrust::<Test>::insert(NETUID, column(9));
    StakeWeight::<Test>::insert(NETUID, column(9));
    for index in [index(0), index(1)] {
        LastUpdate::<Test>::insert(index, column(9));
        WeightsFrom::<Test>::insert(index, column(9));
        Incentive::<Test>::insert(index, column(9));
        for uid in [0, 1] {
            let row = Row::truncate_from(vec![(0, 1), (1, 2)]);
            Weights::<Test>::insert(index, uid, &row);
            Bonds::<Test>::insert(index, uid, row);
        }
    }
    publish(NETUID, &account(OLD));
    AssociatedEvmAddress::<Test>::insert(NETUID, 1, (H160([3; 20]), 1));
}

/// All of the pallet's storage, by key.
fn storage() -> Vec<(Vec<u8>, Vec<u8>)> {
    let prefix = sp_io::hashing::twox_128(b"SubtensorModule");
    let mut found = Vec::new();
    let mut key = prefix.to_vec();
    while let Some(next) = sp_io::storage::next_key(&key).filter(|key| key.starts_with(&prefix)) {
        let value = sp_io::storage::get(&next).unwrap_or_default().to_vec();
        found.push((next.clone(), value));
        key = next;
    }
    found
}

#[test]
fn the_hotkey_is_named_by_its_owner_and_its_stake_only() {
    replaced(|| {
        let name = account(OLD).encode();
        let mentions = |bytes: &[u8]| bytes.windows(name.len()).any(|window| window == name);
        let items: alloc::collections::BTreeSet<Vec<u8>> = storage()
            .into_iter()
            .filter(|(key, value)| mentions(key) || mentions(value))
            .map(|(key, _)| key[16..32].to_vec())
            .collect();
        let kept = [
            "Owner",
            "OwnedHotkeys",
            "StakingHotkeys",
            "TotalHotkeyAlpha",
            "HotkeyPools",
            "PositionCounts",
            "Positions",
        ];
        let kept = kept
            .iter()
            .map(|item| sp_io::hashing::twox_128(item.as_bytes()).to_vec())
            .collect();
        assert_eq!(items, kept);
    });
}

#[test]
fn the_uid_begins_anew() {
    replaced(|| {
        assert_eq!(SubnetworkN::<Test>::get(NETUID), 2);
        assert_eq!(Keys::<Test>::get(NETUID, 1), account(NEW));
        assert_eq!(Uids::<Test>::get(NETUID, account(OLD)), None);
        assert!(!IsNetworkMember::<Test>::get(account(OLD), NETUID));
        assert!(IsNetworkMember::<Test>::get(account(NEW), NETUID));
        assert_eq!(BlockAtRegistration::<Test>::get(NETUID, 1), 9_000);
        assert_eq!(
            ValidatorPermit::<Test>::get(NETUID).into_inner(),
            [true, false]
        );
        assert_eq!(Active::<Test>::get(NETUID).into_inner(), [false, true]);
        assert_eq!(Consensus::<Test>::get(NETUID).into_inner(), [9, 0]);
        assert_eq!(Dividends::<Test>::get(NETUID).into_inner(), [9, 0]);
        let earned = [9, 0].map(AlphaBalance::new);
        assert_eq!(Emission::<Test>::get(NETUID).into_inner(), earned);
        assert_eq!(ValidatorTrust::<Test>::get(NETUID).into_inner(), [9, 0]);
        assert_eq!(StakeWeight::<Test>::get(NETUID).into_inner(), [9, 0]);
        assert_eq!(AssociatedEvmAddress::<Test>::get(NETUID, 1), None);
    });
}

#[test]
fn every_mechanism_begins_anew() {
    replaced(|| {
        for index in [index(0), index(1)] {
            assert_eq!(LastUpdate::<Test>::get(index).into_inner(), [9, 9_000]);
            assert_eq!(WeightsFrom::<Test>::get(index).into_inner(), [9, 0]);
            assert_eq!(Incentive::<Test>::get(index).into_inner(), [9, 0]);
            assert!(!Weights::<Test>::contains_key(index, 1));
            assert!(!Bonds::<Test>::contains_key(index, 1));
            assert_eq!(WeightCommits::<Test>::get(index, account(OLD)), None);
            assert_eq!(WeightCommits::<Test>::get(index, account(NEW)), None);
            // What others hold is theirs.
            assert!(Bonds::<Test>::contains_key(index, 0));
        }
    });
}

#[test]
fn stake_stays_with_the_hotkey() {
    replaced(|| {
        let stake = SubtensorModule::stake_of(&account(OLD), &account(6), NETUID);
        assert_eq!(stake, AlphaBalance::new(77));
        assert_eq!(Owner::<Test>::get(account(OLD)), account(5));
        assert_eq!(
            SubtensorModule::own_stake(&account(NEW), NETUID)
                .alpha
                .get(),
            0
        );
    });
}

#[test]
fn the_loss_is_reported_before_the_registration() {
    replaced(|| {
        let lost = Event::NeuronRemoved {
            netuid: NETUID,
            uid: 1,
            hotkey: account(OLD),
        };
        let got = Event::NeuronRegistered(NETUID, 1, account(NEW));
        let events = events();
        let place = |wanted| events.iter().position(|event| *event == wanted);
        assert!(place(lost).is_some_and(|before| Some(before) < place(got)));
    });
}

#[test]
fn a_hotkey_that_comes_back_gets_nothing_of_what_it_had() {
    replaced(|| {
        ImmunityPeriod::<Test>::insert(NETUID, 0);
        System::set_block_number(9_500);
        register(&account(5), &account(OLD)).unwrap();
        assert_eq!(Uids::<Test>::get(NETUID, account(OLD)), Some(1));
        assert_eq!(BlockAtRegistration::<Test>::get(NETUID, 1), 9_500);
        assert_eq!(Axons::<Test>::get(NETUID, account(OLD)), None);
        assert_eq!(WeightCommits::<Test>::get(index(0), account(OLD)), None);
        assert_eq!(
            ValidatorPermit::<Test>::get(NETUID).into_inner(),
            [true, false]
        );
    });
}

#[test]
fn what_was_said_about_the_uid_is_zero_from_the_next_epoch_on() {
    replaced(|| {
        run_to_block(9_001);
        assert_eq!(LastEpochBlock::<Test>::get(NETUID), 9_001);
        for index in [index(0), index(1)] {
            let row = Weights::<Test>::get(index, 0).into_inner();
            let toward: Vec<u16> = row
                .iter()
                .filter(|(uid, _)| *uid == 1)
                .map(|(_, value)| *value)
                .collect();
            assert!(toward.is_empty() || toward == [0], "{row:?}");
            assert!(row.contains(&(0, 1)));
        }
    });
}
