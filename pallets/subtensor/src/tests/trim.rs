//! Trimming: who has to go, and that nothing of those who stay gets lost.

use std::collections::BTreeMap;

use dendra_primitives::{AlphaBalance, MechId, NetUid, NetUidIndex};
use frame_support::{BoundedVec, assert_noop, assert_ok};
use proptest::prelude::*;
use sp_core::{H160, H256};

use crate::{
    mock::*,
    types::{PerNeuron, Row},
    *,
};

const NETUID: NetUid = NetUid::new(2);
const NOW: u64 = 10_000;

fn index(mechanism: u8) -> NetUidIndex {
    NetUidIndex::from_parts(NETUID, MechId::new(mechanism)).unwrap()
}

fn column<V>(values: Vec<V>) -> PerNeuron<V> {
    PerNeuron::truncate_from(values)
}

fn row(pairs: &[(u16, u16)]) -> Row {
    Row::truncate_from(pairs.to_vec())
}

/// A subnet of two mechanisms with these earnings by uid. The owner is uid 0 and immune, everybody else is
/// not. At least two uids have to stay.
fn chain(earned: &[u64], test: impl FnOnce()) {
    let builder = ExtBuilder::new().subnet(2, account(1), account(2));
    let builder = (1..).zip(&earned[1..]).fold(builder, |builder, (uid, _)| {
        builder.neuron(2, account(10 + uid), account(100 + uid))
    });
    builder.run(|| {
        System::set_block_number(NOW);
        MaxAllowedUids::<Test>::insert(NETUID, 128);
        SubtensorModule::change_mechanism_count(NETUID, MechId::new(2)).unwrap();
        ImmunityPeriod::<Test>::insert(NETUID, 100);
        MinAllowedUids::<Test>::insert(NETUID, 2);
        for uid in 0..earned.len() as u16 {
            set_registered(NETUID, uid, 10);
        }
        set_registered(NETUID, 0, NOW);
        let emission = earned.iter().copied().map(AlphaBalance::new).collect();
        Emission::<Test>::insert(NETUID, column(emission));
        System::reset_events();
        test();
    });
}

fn hotkeys() -> Vec<AccountId> {
    (0..SubnetworkN::<Test>::get(NETUID))
        .map(|uid| Keys::<Test>::get(NETUID, uid))
        .collect()
}

fn make_immune(uids: impl IntoIterator<Item = u16>) {
    for uid in uids {
        set_registered(NETUID, uid, NOW - 99);
    }
}

#[test]
fn those_who_earned_least_go_and_the_others_close_up_in_their_order() {
    chain(&[0, 50, 10, 40, 20, 30], || {
        assert_ok!(SubtensorModule::trim(NETUID, 4));
        assert_eq!(hotkeys(), [2, 11, 13, 15].map(account));
        assert_eq!(MaxAllowedUids::<Test>::get(NETUID), 4);
        let left = [0, 50, 40, 30].map(AlphaBalance::new);
        assert_eq!(Emission::<Test>::get(NETUID).into_inner(), left);
        for gone in [12, 14] {
            assert_eq!(Uids::<Test>::get(NETUID, account(gone)), None);
            assert!(!IsNetworkMember::<Test>::get(account(gone), NETUID));
        }
        let removed = |uid: u16| Event::NeuronRemoved {
            netuid: NETUID,
            uid,
            hotkey: account(10 + uid as u8),
        };
        let trimmed = Event::NetworkTrimmed {
            netuid: NETUID,
            removed: 2,
            left: 4,
        };
        assert_eq!(events(), [removed(2), removed(4), trimmed]);
    });
}

#[test]
fn of_equal_earners_the_oldest_and_then_the_lowest_uid_go() {
    chain(&[0, 7, 7, 7, 7], || {
        set_registered(NETUID, 3, 9);
        assert_ok!(SubtensorModule::trim(NETUID, 3));
        assert_eq!(hotkeys(), [2, 12, 14].map(account));
        let blocks: Vec<u64> = (0..3)
            .map(|uid| BlockAtRegistration::<Test>::get(NETUID, uid))
            .collect();
        assert_eq!(blocks, [NOW, 10, 10]);
    });
}

#[test]
fn immune_and_protected_neurons_stay_however_little_they_earned() {
    chain(&[0, 0, 1, 90, 80, 70], || {
        // Uid 1 is the owner's other hotkey, uid 2 is immune.
        Owner::<Test>::insert(account(11), account(1));
        SubtensorModule::replace_owner(NETUID, &account(101), &account(1));
        OwnedHotkeys::<Test>::mutate(account(1), |owned| owned.try_push(account(11)).unwrap());
        OwnedHotkeys::<Test>::remove(account(101));
        make_immune([2]);
        assert_ok!(SubtensorModule::trim(NETUID, 5));
        assert_eq!(hotkeys(), [2, 11, 12, 13, 14].map(account));
    });
}

#[test]
fn rows_and_columns_follow_their_neurons() {
    chain(&[0, 50, 10, 40], || {
        ValidatorPermit::<Test>::insert(NETUID, column(vec![true, false, true, true]));
        Active::<Test>::insert(NETUID, column(vec![false, true, false, true]));
        Consensus::<Test>::insert(NETUID, column(vec![1, 2, 3, 4]));
        Dividends::<Test>::insert(NETUID, column(vec![5, 6, 7, 8]));
        ValidatorTrust::<Test>::insert(NETUID, column(vec![9, 10, 11, 12]));
        StakeWeight::<Test>::insert(NETUID, column(vec![13, 14, 15, 16]));
        AssociatedEvmAddress::<Test>::insert(NETUID, 2, (H160([2; 20]), 1));
        AssociatedEvmAddress::<Test>::insert(NETUID, 3, (H160([3; 20]), 1));
        for index in [index(0), index(1)] {
            LastUpdate::<Test>::insert(index, column(vec![21, 22, 23, 24]));
            WeightsFrom::<Test>::insert(index, column(vec![31, 32, 33, 34]));
            Incentive::<Test>::insert(index, column(vec![41, 42, 43, 44]));
            Weights::<Test>::insert(index, 0, row(&[(3, 30), (2, 20), (1, 10)]));
            Weights::<Test>::insert(index, 2, row(&[(0, 1)]));
            Weights::<Test>::insert(index, 3, row(&[(2, 5), (3, 6)]));
            Bonds::<Test>::insert(index, 2, row(&[(0, 9)]));
            Bonds::<Test>::insert(index, 3, row(&[(0, 7), (3, 8)]));
            for uid in [1, 2] {
                let commits = BoundedVec::truncate_from(vec![(H256::zero(), 0, 1, 0)]);
                WeightCommits::<Test>::insert(index, account(10 + uid), commits);
            }
        }
        assert_ok!(SubtensorModule::trim(NETUID, 3));
        assert_eq!(hotkeys(), [2, 11, 13].map(account));
        assert_eq!(
            ValidatorPermit::<Test>::get(NETUID).into_inner(),
            [true, false, true]
        );
        assert_eq!(
            Active::<Test>::get(NETUID).into_inner(),
            [false, true, true]
        );
        assert_eq!(Consensus::<Test>::get(NETUID).into_inner(), [1, 2, 4]);
        assert_eq!(Dividends::<Test>::get(NETUID).into_inner(), [5, 6, 8]);
        assert_eq!(
            ValidatorTrust::<Test>::get(NETUID).into_inner(),
            [9, 10, 12]
        );
        assert_eq!(StakeWeight::<Test>::get(NETUID).into_inner(), [13, 14, 16]);
        let addresses: Vec<_> = AssociatedEvmAddress::<Test>::iter_prefix(NETUID).collect();
        assert_eq!(addresses, [(2, (H160([3; 20]), 1))]);
        for index in [index(0), index(1)] {
            assert_eq!(LastUpdate::<Test>::get(index).into_inner(), [21, 22, 24]);
            assert_eq!(WeightsFrom::<Test>::get(index).into_inner(), [31, 32, 34]);
            assert_eq!(Incentive::<Test>::get(index).into_inner(), [41, 42, 44]);
            let weights: BTreeMap<u16, Row> = Weights::<Test>::iter_prefix(index).collect();
            let expected = [(0, row(&[(2, 30), (1, 10)])), (2, row(&[(2, 6)]))];
            assert_eq!(weights, expected.into());
            let bonds: BTreeMap<u16, Row> = Bonds::<Test>::iter_prefix(index).collect();
            assert_eq!(bonds, [(2, row(&[(0, 7), (2, 8)]))].into());
            // What a commit hides names uids that may have moved.
            assert_eq!(WeightCommits::<Test>::iter_prefix(index).count(), 0);
        }
    });
}

#[test]
fn up_to_four_fifths_of_those_left_may_be_immune() {
    chain(&[0, 50, 10, 40, 20, 30], || {
        make_immune([1, 2, 3, 4]);
        assert_noop!(
            SubtensorModule::trim(NETUID, 5),
            Error::<Test>::TrimmingWouldExceedMaxImmunePercentage
        );
        set_registered(NETUID, 3, NOW - 100);
        assert_ok!(SubtensorModule::trim(NETUID, 5));
        assert_eq!(hotkeys(), [2, 11, 12, 13, 14].map(account));
    });
}

#[test]
fn with_room_for_all_nobody_goes() {
    chain(&[0, 50, 10], || {
        make_immune([1, 2]);
        for (max, left) in [(4, 3), (3, 3)] {
            assert_ok!(SubtensorModule::trim(NETUID, max));
            assert_eq!(MaxAllowedUids::<Test>::get(NETUID), max);
            let trimmed = Event::NetworkTrimmed {
                netuid: NETUID,
                removed: 0,
                left,
            };
            assert_eq!(events().last(), Some(&trimmed));
        }
        assert_eq!(hotkeys(), [2, 11, 12].map(account));
    });
}

#[test]
fn a_number_out_of_range_and_a_missing_subnet_are_refused() {
    chain(&[0, 50, 10], || {
        for max in [0, 1, 257, u16::MAX] {
            assert_noop!(
                SubtensorModule::trim(NETUID, max),
                Error::<Test>::InvalidValue
            );
        }
        assert_noop!(
            SubtensorModule::trim(NetUid::new(3), 64),
            Error::<Test>::SubnetNotExists
        );
    });
}

#[test]
fn a_trimmed_neuron_leaves_nothing_but_its_stake() {
    chain(&[0, 50, 10], || {
        give_stake(NETUID, &account(12), &account(5), 8);
        Axons::<Test>::insert(NETUID, account(12), endpoint());
        Axons::<Test>::insert(NETUID, account(11), endpoint());
        assert_ok!(SubtensorModule::trim(NETUID, 2));
        assert_eq!(
            Axons::<Test>::iter_key_prefix(NETUID).collect::<Vec<_>>(),
            [account(11)]
        );
        let stake = SubtensorModule::stake_of(&account(12), &account(5), NETUID);
        assert_eq!(stake.get(), 8);
    });
}

/// Rows with hotkeys in place of uids.
fn named_rows() -> BTreeMap<(AccountId, AccountId), u16> {
    Weights::<Test>::iter_prefix(index(1))
        .flat_map(|(uid, row)| {
            row.into_iter()
                .map(move |(target, value)| (uid, target, value))
        })
        .map(|(uid, target, value)| {
            let name = |uid| Keys::<Test>::get(NETUID, uid);
            ((name(uid), name(target)), value)
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn what_stays_says_and_earns_what_it_did(
        earned in prop::collection::vec(0_u64..20, 4..20),
        cells in prop::collection::btree_map((0_u16..20, 0_u16..20), 1_u16.., 0..60),
        cut in 1_usize..19,
    ) {
        let neurons = earned.len();
        let max = (neurons - cut.min(neurons - 2)) as u16;
        chain(&earned, || {
            let mut rows: BTreeMap<u16, Vec<(u16, u16)>> = BTreeMap::new();
            for ((from, to), value) in &cells {
                if usize::from(*from.max(to)) < neurons {
                    rows.entry(*from).or_default().push((*to, *value));
                }
            }
            for (uid, pairs) in rows {
                Weights::<Test>::insert(index(1), uid, row(&pairs));
            }
            let before = named_rows();
            let earnings: BTreeMap<AccountId, u64> = hotkeys().into_iter().zip(earned.clone()).collect();
            assert_ok!(SubtensorModule::trim(NETUID, max));
            let left = hotkeys();
            assert_eq!(left.len(), usize::from(max).min(neurons));
            let emission = Emission::<Test>::get(NETUID).into_inner();
            for (hotkey, amount) in left.iter().zip(emission) {
                assert_eq!(amount.get(), earnings[hotkey]);
            }
            // Nobody who went earned more than one who stayed, the owner aside.
            let least = left[1..].iter().map(|hotkey| earnings[hotkey]).min();
            let most = earnings
                .iter()
                .filter(|(hotkey, _)| !left.contains(hotkey))
                .map(|(_, amount)| *amount)
                .max();
            assert!(most.is_none() || most <= least);
            let expected: BTreeMap<_, _> = before
                .into_iter()
                .filter(|((from, to), _)| left.contains(from) && left.contains(to))
                .collect();
            assert_eq!(named_rows(), expected);
        });
    }
}
