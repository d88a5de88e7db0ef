//! Tests of lists over subnets, and of subnets that do not exist.

use super::*;
use crate::mock::SubtensorModule;

#[test]
fn subnet_that_does_not_exist_has_no_view() {
    chain().execute_with(|| {
        for netuid in UNKNOWN {
            assert_eq!(SubtensorModule::dynamic_info(netuid), None);
            assert_eq!(SubtensorModule::metagraph(netuid), None);
            assert_eq!(SubtensorModule::mechagraph(netuid, FIRST), None);
            let unasked = || panic!("there is nothing to ask for");
            assert_eq!(
                SubtensorModule::selective_metagraph(netuid, &[73], unasked),
                None
            );
            assert_eq!(SubtensorModule::subnet_state(netuid), None);
            assert_eq!(SubtensorModule::subnet_info(netuid), None);
            assert_eq!(SubtensorModule::subnet_info_v2(netuid), None);
            assert_eq!(SubtensorModule::neuron(netuid, 0), None);
            assert_eq!(SubtensorModule::neuron_lite(netuid, 0), None);
            assert_eq!(SubtensorModule::neurons(netuid), []);
            assert_eq!(SubtensorModule::neurons_lite(netuid), []);
            assert_eq!(SubtensorModule::next_epoch_start_block(netuid), None);
            assert_eq!(SubtensorModule::account_of(netuid), None);
        }
    });
}

#[test]
fn subnet_that_was_dissolved_has_no_view_while_its_state_is_still_there() {
    chain().execute_with(|| {
        SubtensorModule::remove_from_list(SUBNET);
        assert_eq!(SubnetworkN::<Test>::get(SUBNET), 3);
        assert_eq!(SubtensorModule::dynamic_info(SUBNET), None);
        assert_eq!(SubtensorModule::metagraph(SUBNET), None);
        assert_eq!(SubtensorModule::subnet_state(SUBNET), None);
        assert_eq!(SubtensorModule::neuron(SUBNET, 0), None);
        assert_eq!(SubtensorModule::neuron_lite(SUBNET, 0), None);
        assert_eq!(SubtensorModule::neurons(SUBNET), []);
        assert_eq!(SubtensorModule::neurons_lite(SUBNET), []);
    });
}

#[test]
fn lists_have_existing_subnets_in_ascending_order() {
    chain().execute_with(|| {
        SubtensorModule::remove_from_list(NetUid::new(1));
        let present = [0, 2, 3].map(NetUid::new);
        let dynamic = present.map(SubtensorModule::dynamic_info);
        assert_eq!(SubtensorModule::all_dynamic_info(), dynamic);
        let metagraphs = present.map(SubtensorModule::metagraph);
        assert_eq!(SubtensorModule::all_metagraphs(), metagraphs);
        let infos = present.map(SubtensorModule::subnet_info);
        assert_eq!(SubtensorModule::subnets_info(), infos);
        let infos = present.map(SubtensorModule::subnet_info_v2);
        assert_eq!(SubtensorModule::subnets_info_v2(), infos);
        let each = dynamic.map(|row| row.unwrap().netuid.0);
        assert_eq!(each, present);
    });
}

#[test]
fn list_of_mechagraphs_has_the_mechanisms_of_a_subnet_together() {
    chain().execute_with(|| {
        let indexes: Vec<u16> = SubtensorModule::all_mechagraphs()
            .into_iter()
            .map(|row| row.unwrap().netuid.0.get())
            .collect();
        assert_eq!(indexes, [0, 1, 2, 4_098, 3]);
        let second = SubtensorModule::mechagraph(SUBNET, SECOND);
        assert_eq!(SubtensorModule::all_mechagraphs()[3], second);
    });
}
