//! Tests of the metagraph, whole and in parts.

use dendra_runtime_api::{Metagraph, Selection};

use super::*;
use crate::mock::SubtensorModule;

fn metagraph() -> Metagraph {
    SubtensorModule::metagraph(SUBNET).unwrap()
}

fn expected() -> Metagraph {
    Metagraph {
        netuid: Compact(SUBNET),
        name: compact(b"name"),
        symbol: compact(b"sym"),
        identity: Some(subnet_identity()),
        network_registered_at: Compact(1_010),
        owner_hotkey: account(2),
        owner_coldkey: account(1),
        block: Compact(77),
        tempo: Compact(360),
        last_step: Compact(1_001),
        blocks_since_last_step: Compact(1_002),
        subnet_emission: Compact(0),
        alpha_in: alpha(1_003),
        alpha_out: alpha(1_004),
        tao_in: tao(1_005),
        alpha_out_emission: alpha(1_006),
        alpha_in_emission: alpha(1_007),
        tao_in_emission: tao(1_008),
        pending_alpha_emission: alpha(2_345),
        pending_root_emission: tao(0),
        subnet_volume: Compact(1_009),
        moving_price: I96F32::from_bits(1_011),
        rho: Compact(11),
        kappa: Compact(12),
        min_allowed_weights: Compact(13),
        max_weights_limit: Compact(14),
        weights_version: Compact(101),
        weights_rate_limit: Compact(102),
        activity_cutoff: Compact(900),
        max_validators: Compact(15),
        num_uids: Compact(3),
        max_uids: Compact(16),
        burn: tao(202),
        difficulty: Compact(103),
        registration_allowed: false,
        pow_registration_allowed: false,
        immunity_period: Compact(17),
        min_difficulty: Compact(104),
        max_difficulty: Compact(105),
        min_burn: tao(201),
        max_burn: tao(203),
        adjustment_alpha: Compact(106),
        adjustment_interval: Compact(18),
        target_regs_per_interval: Compact(19),
        max_regs_per_block: Compact(20),
        serving_rate_limit: Compact(107),
        commit_reveal_weights_enabled: false,
        commit_reveal_period: Compact(108),
        liquid_alpha_enabled: false,
        alpha_high: Compact(22),
        alpha_low: Compact(21),
        bonds_moving_avg: Compact(109),
        hotkeys: [2, 3, 5].map(account).to_vec(),
        coldkeys: [1, 4, 4].map(account).to_vec(),
        identities: vec![None, Some(coldkey_identity()), Some(coldkey_identity())],
        axons: vec![AxonInfo::default(), axon(), AxonInfo::default()],
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
        // Hotkey 3 lends 400 alpha and 80 TAO to hotkey 5; half of the TAO counts, rounded down.
        alpha_stake: [1_000, 1_600, 430].map(alpha).to_vec(),
        tao_stake: [101, 320, 80].map(tao).to_vec(),
        total_stake: [1_050, 1_760, 470].map(tao).to_vec(),
        tao_dividends_per_hotkey: vec![
            (account(2), tao(0)),
            (account(3), tao(0)),
            (account(5), tao(0)),
        ],
        alpha_dividends_per_hotkey: vec![
            (account(2), alpha(501)),
            (account(3), alpha(0)),
            (account(5), alpha(502)),
        ],
    }
}

#[test]
fn metagraph_has_each_value_in_its_field() {
    chain().execute_with(|| assert_eq!(metagraph(), expected()));
}

#[test]
fn each_switch_shows_in_its_field_and_in_no_other() {
    let switches: [fn(); 4] = [
        || NetworkRegistrationAllowed::<Test>::insert(SUBNET, true),
        || NetworkPowRegistrationAllowed::<Test>::insert(SUBNET, true),
        || CommitRevealWeightsEnabled::<Test>::insert(SUBNET, true),
        || LiquidAlphaOn::<Test>::insert(SUBNET, true),
    ];
    for (number, switch_on) in switches.into_iter().enumerate() {
        chain().execute_with(|| {
            switch_on();
            let mut expected = expected();
            let fields = [
                &mut expected.registration_allowed,
                &mut expected.pow_registration_allowed,
                &mut expected.commit_reveal_weights_enabled,
                &mut expected.liquid_alpha_enabled,
            ];
            *fields.into_iter().nth(number).unwrap() = true;
            assert_eq!(metagraph(), expected, "switch {number}");
        });
    }
}

#[test]
fn column_that_is_too_short_or_too_long_gets_the_length_of_the_table() {
    chain().execute_with(|| {
        Emission::<Test>::insert(SUBNET, column(&[AlphaBalance::new(71)]));
        Incentive::<Test>::remove(index(FIRST));
        Active::<Test>::insert(SUBNET, column(&[true; 5]));
        assert_eq!(metagraph().emission, [71, 0, 0].map(alpha));
        assert_eq!(metagraph().incentives, compact(&[0, 0, 0]));
        assert_eq!(metagraph().active, [true; 3]);
    });
}

#[test]
fn mechagraph_differs_in_index_updates_and_incentives_only() {
    chain().execute_with(|| {
        let mut other = expected();
        other.netuid = Compact(NetUid::new(4_096 + 2));
        other.last_update = compact(&[41, 42, 43]);
        other.incentives = compact(&[61, 62, 63]);
        assert_eq!(SubtensorModule::mechagraph(SUBNET, SECOND), Some(other));
        assert_eq!(SubtensorModule::mechagraph(SUBNET, FIRST), Some(expected()));
    });
}

#[test]
fn mechanism_that_a_subnet_does_not_have_has_no_metagraph() {
    chain().execute_with(|| {
        for mechanism in [2, 15, 16, u8::MAX] {
            let mechanism = MechId::new(mechanism);
            assert_eq!(SubtensorModule::mechagraph(SUBNET, mechanism), None);
            assert_eq!(
                SubtensorModule::selective_mechagraph(SUBNET, mechanism, &[], Vec::new),
                None
            );
        }
        assert_eq!(SubtensorModule::mechagraph(OTHER, SECOND), None);
    });
}

#[test]
fn stake_on_root_is_tao_without_alpha() {
    ExtBuilder::new()
        .neuron(0, account(3), account(4))
        .stake(0, account(3), account(4), 700)
        .run(|| {
            TaoWeight::<Test>::put(1 << 63);
            let root = SubtensorModule::metagraph(NetUid::ROOT).unwrap();
            assert_eq!(root.hotkeys, [account(3)]);
            assert_eq!(root.alpha_stake, [alpha(0)]);
            assert_eq!(root.tao_stake, [tao(700)]);
            assert_eq!(root.total_stake, [tao(350)]);
        });
}

#[test]
fn subnet_without_neurons_has_empty_columns() {
    ExtBuilder::new().run(|| {
        let root = SubtensorModule::metagraph(NetUid::ROOT).unwrap();
        assert_eq!(root.num_uids, Compact(0));
        assert_eq!(root.hotkeys, []);
        assert_eq!(root.axons, []);
        assert_eq!(root.total_stake, []);
        assert_eq!(root.alpha_dividends_per_hotkey, []);
    });
}

#[test]
fn selection_has_what_was_asked_for() {
    chain().execute_with(|| {
        let chosen = [52, Selection::VALIDATORS];
        let unasked = || panic!("commitments were not asked for");
        let part = SubtensorModule::selective_metagraph(SUBNET, &chosen, unasked).unwrap();
        assert_eq!(part.netuid, Compact(SUBNET));
        assert_eq!(part.hotkeys, Some(expected().hotkeys));
        assert_eq!(part.validators, Some(compact(&[0, 1])));
        assert_eq!(part.commitments, None);
        assert_eq!(part.coldkeys, None);
    });
}

#[test]
fn selection_shows_commitments_as_lists_of_integers() {
    chain().execute_with(|| {
        let commitments = || vec![(account(3), vec![9, 8])];
        let chosen = [Selection::COMMITMENTS];
        let part = SubtensorModule::selective_metagraph(SUBNET, &chosen, commitments).unwrap();
        assert_eq!(part.commitments, Some(vec![(account(3), compact(&[9, 8]))]));
        assert_eq!(part.validators, None);
    });
}

#[test]
fn selection_from_a_mechanism_has_its_columns() {
    chain().execute_with(|| {
        let part = SubtensorModule::selective_mechagraph(SUBNET, SECOND, &[62], Vec::new).unwrap();
        assert_eq!(part.netuid, Compact(NetUid::new(4_096 + 2)));
        assert_eq!(part.incentives, Some(compact(&[61, 62, 63])));
    });
}
