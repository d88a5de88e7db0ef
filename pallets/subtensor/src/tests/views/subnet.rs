//! Tests of what is shown of a subnet without its neurons.

use dendra_runtime_api::{DynamicInfo, SubnetInfo, SubnetInfov2};
use frame_support::assert_ok;

use super::*;
use crate::mock::SubtensorModule;

fn dynamic() -> DynamicInfo {
    SubtensorModule::dynamic_info(SUBNET).unwrap()
}

#[test]
fn dynamic_info_has_each_value_in_its_field() {
    chain().execute_with(|| {
        assert_eq!(
            dynamic(),
            DynamicInfo {
                netuid: Compact(SUBNET),
                owner_hotkey: account(2),
                owner_coldkey: account(1),
                subnet_name: compact(b"name"),
                token_symbol: compact(b"sym"),
                tempo: Compact(360),
                last_step: Compact(1_001),
                blocks_since_last_step: Compact(1_002),
                emission: Compact(0),
                alpha_in: alpha(1_003),
                alpha_out: alpha(1_004),
                tao_in: tao(1_005),
                alpha_out_emission: alpha(1_006),
                alpha_in_emission: alpha(1_007),
                tao_in_emission: tao(1_008),
                pending_alpha_emission: alpha(2_345),
                pending_root_emission: tao(0),
                subnet_volume: Compact(1_009),
                network_registered_at: Compact(1_010),
                subnet_identity: Some(subnet_identity()),
                moving_price: I96F32::from_bits(1_011),
            }
        );
    });
}

#[test]
fn name_is_empty_without_an_identity() {
    chain().execute_with(|| {
        SubnetIdentitiesV3::<Test>::remove(SUBNET);
        assert_eq!(dynamic().subnet_name, vec![]);
        assert_eq!(dynamic().subnet_identity, None);
    });
}

#[test]
fn name_of_root_is_its_own_unless_its_identity_has_one() {
    ExtBuilder::new().run(|| {
        let name = || {
            SubtensorModule::dynamic_info(NetUid::ROOT)
                .unwrap()
                .subnet_name
        };
        assert_eq!(name(), compact(b"root"));
        let nameless = Stored::try_new(SubnetIdentityV3::default()).unwrap();
        SubnetIdentitiesV3::<Test>::insert(NetUid::ROOT, nameless);
        assert_eq!(name(), compact(b"root"));
        let named = Stored::try_new(subnet_identity()).unwrap();
        SubnetIdentitiesV3::<Test>::insert(NetUid::ROOT, named);
        assert_eq!(name(), compact(b"name"));
    });
}

#[test]
fn price_is_one_where_there_is_no_pool() {
    chain().execute_with(|| {
        let price = |netuid| SubtensorModule::dynamic_info(netuid).unwrap().moving_price;
        assert_eq!(price(NetUid::ROOT), I96F32::ONE);
        assert_eq!(price(OTHER), I96F32::ZERO);
        SubnetMechanism::<Test>::insert(SUBNET, 0);
        assert_eq!(price(SUBNET), I96F32::ONE);
    });
}

#[test]
fn stake_on_root_shows_in_its_row() {
    ExtBuilder::new()
        .stake(0, account(3), account(4), 700)
        .run(|| {
            let root = SubtensorModule::dynamic_info(NetUid::ROOT).unwrap();
            assert_eq!(root.tao_in, tao(700));
            assert_eq!(root.alpha_out, alpha(700));
            assert_eq!(root.alpha_in, alpha(0));
            assert_eq!(root.tempo, Compact(100));
        });
}

#[test]
fn price_of_registering_is_the_one_that_is_charged() {
    ExtBuilder::new().subnet(2, account(1), account(2)).run(|| {
        let shown = SubtensorModule::subnet_info(SUBNET).unwrap().burn.0;
        let before = SubtensorModule::spendable(&account(4));
        assert_ok!(SubtensorModule::burned_register(
            mock::signed(&account(4)),
            SUBNET,
            account(3)
        ));
        let paid = before
            .checked_sub(SubtensorModule::spendable(&account(4)))
            .unwrap();
        assert_eq!(paid, shown);
    });
}

fn info() -> SubnetInfo {
    SubnetInfo {
        netuid: Compact(SUBNET),
        rho: Compact(11),
        kappa: Compact(12),
        difficulty: Compact(103),
        immunity_period: Compact(17),
        max_allowed_validators: Compact(15),
        min_allowed_weights: Compact(13),
        max_weights_limit: Compact(14),
        scaling_law_power: Compact(0),
        subnetwork_n: Compact(3),
        max_allowed_uids: Compact(16),
        blocks_since_last_step: Compact(1_002),
        tempo: Compact(360),
        network_modality: Compact(0),
        network_connect: vec![],
        emission_values: Compact(0),
        burn: tao(202),
        owner: account(1),
    }
}

#[test]
fn subnet_info_has_each_value_in_its_field() {
    chain().execute_with(|| assert_eq!(SubtensorModule::subnet_info(SUBNET), Some(info())));
}

#[test]
fn second_form_of_subnet_info_has_each_value_in_its_field() {
    chain().execute_with(|| {
        let first = info();
        assert_eq!(
            SubtensorModule::subnet_info_v2(SUBNET),
            Some(SubnetInfov2 {
                netuid: first.netuid,
                rho: first.rho,
                kappa: first.kappa,
                difficulty: first.difficulty,
                immunity_period: first.immunity_period,
                max_allowed_validators: first.max_allowed_validators,
                min_allowed_weights: first.min_allowed_weights,
                max_weights_limit: first.max_weights_limit,
                scaling_law_power: first.scaling_law_power,
                subnetwork_n: first.subnetwork_n,
                max_allowed_uids: first.max_allowed_uids,
                blocks_since_last_step: first.blocks_since_last_step,
                tempo: first.tempo,
                network_modality: first.network_modality,
                network_connect: first.network_connect,
                emission_value: first.emission_values,
                burn: first.burn,
                owner: first.owner,
                identity: Some(subnet_identity()),
            })
        );
        assert_eq!(
            SubtensorModule::subnet_info_v2(OTHER).unwrap().identity,
            None
        );
    });
}
