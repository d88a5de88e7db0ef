//! Tests of neurons one by one, and of the state of a subnet.

use dendra_runtime_api::{NeuronInfo, SubnetState};

use super::*;
use crate::mock::{SubtensorModule, set_registered};

fn neuron(uid: u16) -> NeuronInfo {
    SubtensorModule::neuron(SUBNET, uid).unwrap()
}

fn pairs(values: &[(u16, u16)]) -> Vec<(Compact<u16>, Compact<u16>)> {
    values
        .iter()
        .map(|(uid, value)| (Compact(*uid), Compact(*value)))
        .collect()
}

/// The neuron at uid 1.
fn second() -> NeuronInfo {
    NeuronInfo {
        hotkey: account(3),
        coldkey: account(4),
        uid: Compact(1),
        netuid: Compact(SUBNET),
        active: false,
        axon_info: axon(),
        prometheus_info: PrometheusInfo::default(),
        stake: vec![(account(4), alpha(2_000))],
        rank: Compact(0),
        emission: alpha(72),
        incentive: Compact(52),
        consensus: Compact(92),
        trust: Compact(0),
        validator_trust: Compact(95),
        dividends: Compact(82),
        last_update: Compact(32),
        validator_permit: true,
        weights: pairs(&[(0, 5), (2, 6)]),
        bonds: pairs(&[(1, 8), (2, 9)]),
        pruning_score: Compact(65_535),
    }
}

#[test]
fn neuron_has_each_value_in_its_field_and_no_zeros_in_its_rows() {
    chain().execute_with(|| assert_eq!(neuron(1), second()));
}

#[test]
fn neuron_that_never_served_has_zeros() {
    chain().execute_with(|| {
        assert_eq!(neuron(2).axon_info, AxonInfo::default());
        assert_eq!(neuron(2).prometheus_info, prometheus());
        assert_eq!(neuron(0).axon_info, AxonInfo::default());
        assert_eq!(neuron(0).prometheus_info, PrometheusInfo::default());
        assert!(neuron(2).active);
        assert!(!neuron(2).validator_permit);
    });
}

#[test]
fn list_of_neurons_has_each_of_them_by_uid() {
    chain().execute_with(|| {
        let each: Vec<NeuronInfo> = (0..3).map(neuron).collect();
        assert_eq!(each[1], second());
        assert_eq!(SubtensorModule::neurons(SUBNET), each);
    });
}

#[test]
fn short_form_is_the_neuron_without_rows() {
    chain().execute_with(|| {
        let short: Vec<_> = (0..3)
            .map(|uid| SubtensorModule::neuron_lite(SUBNET, uid).unwrap())
            .collect();
        assert_eq!(SubtensorModule::neurons_lite(SUBNET), short);
        for (uid, lite) in (0..).zip(short) {
            let whole = neuron(uid);
            assert_eq!(
                lite.with_rows(whole.weights.clone(), whole.bonds.clone()),
                whole
            );
        }
    });
}

#[test]
fn uid_that_nobody_has_has_no_neuron() {
    chain().execute_with(|| {
        for uid in [3, 4_096, u16::MAX] {
            assert_eq!(SubtensorModule::neuron(SUBNET, uid), None);
            assert_eq!(SubtensorModule::neuron_lite(SUBNET, uid), None);
        }
    });
}

#[test]
fn weights_toward_the_predecessor_of_a_neuron_are_not_shown() {
    chain().execute_with(|| {
        // The row holds what was known in block 30.
        set_registered(SUBNET, 2, 29);
        assert_eq!(neuron(1).weights, pairs(&[(0, 5), (2, 6)]));
        for block in [30, 31] {
            set_registered(SUBNET, 2, block);
            assert_eq!(neuron(1).weights, pairs(&[(0, 5)]));
            let list = SubtensorModule::neurons(SUBNET);
            assert_eq!(list[1].weights, pairs(&[(0, 5)]));
        }
    });
}

#[test]
fn bonds_with_the_predecessor_of_a_neuron_are_not_shown() {
    chain().execute_with(|| {
        // Bonds are those of the epoch in block 1001.
        set_registered(SUBNET, 2, 1_000);
        assert_eq!(neuron(1).bonds, pairs(&[(1, 8), (2, 9)]));
        for block in [1_001, 1_002] {
            set_registered(SUBNET, 2, block);
            assert_eq!(neuron(1).bonds, pairs(&[(1, 8)]));
            let list = SubtensorModule::neurons(SUBNET);
            assert_eq!(list[1].bonds, pairs(&[(1, 8)]));
        }
    });
}

#[test]
fn entry_toward_a_uid_that_is_gone_is_not_shown() {
    chain().execute_with(|| {
        Weights::<Test>::insert(index(FIRST), 1, row(&[(2, 6), (3, 7)]));
        // What a lowered number of neurons leaves behind.
        BlockAtRegistration::<Test>::insert(SUBNET, 3, 1);
        assert_eq!(neuron(1).weights, pairs(&[(2, 6)]));
        assert_eq!(
            SubtensorModule::neurons(SUBNET)[1].weights,
            pairs(&[(2, 6)])
        );
    });
}

#[test]
fn stake_of_a_neuron_on_root_is_its_tao() {
    ExtBuilder::new()
        .neuron(0, account(3), account(4))
        .stake(0, account(3), account(4), 700)
        .run(|| {
            let neuron = SubtensorModule::neuron(NetUid::ROOT, 0).unwrap();
            assert_eq!(neuron.stake, [(account(4), alpha(700))]);
        });
}

#[test]
fn subnet_state_has_each_value_in_its_field() {
    chain().execute_with(|| {
        assert_eq!(
            SubtensorModule::subnet_state(SUBNET),
            Some(SubnetState {
                netuid: Compact(SUBNET),
                hotkeys: [2, 3, 5].map(account).to_vec(),
                coldkeys: [1, 4, 4].map(account).to_vec(),
                active: vec![true, false, true],
                validator_permit: vec![true, true, false],
                pruning_score: vec![],
                last_update: compact(&[31, 32, 33]),
                emission: [71, 72, 73].map(alpha).to_vec(),
                dividends: compact(&[81, 82, 83]),
                incentives: compact(&[51, 52, 53]),
                consensus: compact(&[91, 92, 93]),
                trust: vec![],
                rank: vec![],
                block_at_registration: compact(&[24, 25, 26]),
                alpha_stake: [1_000, 1_600, 430].map(alpha).to_vec(),
                tao_stake: [101, 320, 80].map(tao).to_vec(),
                total_stake: [1_050, 1_760, 470].map(tao).to_vec(),
                // Root and netuids 1 to 3; hotkey 3 has uid 1 on the last one.
                emission_history: [[0, 0, 0], [0, 0, 0], [71, 72, 73], [0, 75, 0]]
                    .map(|row| row.map(alpha).to_vec())
                    .to_vec(),
            })
        );
    });
}

#[test]
fn history_has_no_row_for_a_subnet_that_is_gone() {
    chain().execute_with(|| {
        SubtensorModule::remove_from_list(OTHER);
        let state = SubtensorModule::subnet_state(SUBNET).unwrap();
        assert_eq!(
            state.emission_history,
            [[0, 0, 0], [0, 0, 0], [71, 72, 73]].map(|row| row.map(alpha).to_vec())
        );
    });
}
