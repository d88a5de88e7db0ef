//! What a creation writes and moves (section 9.1 of the economics).

use dendra_primitives::records::{Stored, SubnetIdentityV3};
use dendra_primitives::{AlphaBalance, MechId, NetUid, NetUidIndex, TaoBalance};

use super::{alpha, create, held, held_by_subnet, tao};
use crate::{mock::*, *};

const NEW: NetUid = NetUid::new(2);

#[test]
fn the_coldkey_pays_the_whole_cost_into_the_pool() {
    ExtBuilder::new().run(|| {
        let issuance = SubtensorModule::issuance();
        create(&account(1), &account(2), 2);
        assert_eq!(held(&account(1)), RICH - 1_000 * UNIT);
        assert_eq!(held(&account(2)), RICH);
        assert_eq!(held_by_subnet(2), 1_000 * UNIT);
        assert_eq!(held_by_subnet(1), 10 * UNIT);
        assert_eq!(SubnetTAO::<Test>::get(NEW), tao(1_000));
        assert_eq!(SubnetLocked::<Test>::get(NEW), tao(1_000));
        assert_eq!(SubnetAlphaIn::<Test>::get(NEW), alpha(1_000));
        assert_eq!(SubnetAlphaOut::<Test>::get(NEW), AlphaBalance::ZERO);
        assert_eq!(TotalStake::<Test>::get(), tao(1_010));
        assert_eq!(SubtensorModule::issuance(), issuance);
        let expected = [
            Event::HotkeyAssociated {
                coldkey: account(1),
                hotkey: account(2),
            },
            Event::NeuronRegistered(NEW, 0, account(2)),
            Event::NetworkAdded(NEW, 1),
            Event::NetworkFunded {
                netuid: NEW,
                coldkey: account(1),
                tao: tao(1_000),
                alpha: alpha(1_000),
            },
        ];
        assert_eq!(events(), expected);
    });
}

#[test]
fn alpha_of_the_pool_is_the_cost_over_the_median_price_rounded_down() {
    ExtBuilder::new().run(|| {
        SubnetAlphaIn::<Test>::insert(NetUid::new(1), AlphaBalance::new(1_000_000_007));
        NetworkMinLockCost::<Test>::put(TaoBalance::new(1_000_000_000_001));
        create(&account(1), &account(2), 2);
        // 1 000 000 000 001 · 1 000 000 007 / 10 000 000 000 = 100 000 000 700.1
        assert_eq!(
            SubnetTAO::<Test>::get(NEW),
            TaoBalance::new(1_000_000_000_001)
        );
        assert_eq!(
            SubnetAlphaIn::<Test>::get(NEW),
            AlphaBalance::new(100_000_000_700)
        );
    });
}

#[test]
fn the_median_price_is_the_middle_one_and_of_two_the_higher() {
    ExtBuilder::new().run(|| {
        create(&account(1), &account(11), 2);
        create(&account(2), &account(12), 3);
        // Prices: 10/20 = 1/2, 1000/300 = 10/3, 2000/14000 = 1/7.
        SubnetAlphaIn::<Test>::insert(NetUid::new(1), alpha(20));
        SubnetAlphaIn::<Test>::insert(NetUid::new(2), alpha(300));
        SubnetAlphaIn::<Test>::insert(NetUid::new(3), alpha(14_000));
        create(&account(3), &account(13), 4);
        assert_eq!(SubnetTAO::<Test>::get(NetUid::new(4)), tao(4_000));
        assert_eq!(SubnetAlphaIn::<Test>::get(NetUid::new(4)), alpha(8_000));
        // 1/7, 1/2, 2, 10/3.
        SubnetAlphaIn::<Test>::insert(NetUid::new(4), alpha(2_000));
        create(&account(4), &account(14), 5);
        assert_eq!(SubnetAlphaIn::<Test>::get(NetUid::new(5)), alpha(4_000));
    });
}

#[test]
fn the_price_is_one_without_other_subnets() {
    ExtBuilder::new().bare().run(|| {
        create(&account(1), &account(2), 1);
        assert_eq!(SubnetAlphaIn::<Test>::get(NetUid::new(1)), alpha(1_000));
    });
}

#[test]
fn a_new_subnet_starts_from_the_values_of_the_specification() {
    ExtBuilder::new().run(|| {
        create(&account(1), &account(2), 2);
        assert_eq!(SubnetOwner::<Test>::get(NEW), account(1));
        assert_eq!(SubnetOwnerHotkey::<Test>::get(NEW), account(2));
        assert_eq!(MaxAllowedUids::<Test>::get(NEW), 256);
        assert_eq!(MaxAllowedValidators::<Test>::get(NEW), 64);
        assert_eq!(MinAllowedWeights::<Test>::get(NEW), 1);
        assert_eq!(ImmunityPeriod::<Test>::get(NEW), 5_000);
        assert!(Yuma3On::<Test>::get(NEW));
        assert_eq!(Burn::<Test>::get(NEW), tao(1));
        assert_eq!(Tempo::<Test>::get(NEW), 360);
        assert!(NetworkRegistrationAllowed::<Test>::get(NEW));
        assert!(!SubnetEmissionEnabled::<Test>::get(NEW));
        assert!(!SubtokenEnabled::<Test>::get(NEW));
        assert_eq!(FirstEmissionBlockNumber::<Test>::get(NEW), None);
        assert_eq!(SubnetMechanism::<Test>::get(NEW), 1);
        assert_eq!(MechanismCountCurrent::<Test>::get(NEW), MechId::new(1));
        assert_eq!(NetworkRegisteredAt::<Test>::get(NEW), 1);
        assert_eq!(SubnetMovingPrice::<Test>::get(NEW).bits(), 0);
        assert_eq!(SubnetEpochIndex::<Test>::get(NEW), 0);
        assert_eq!(SubnetIdentitiesV3::<Test>::get(NEW), None);
        // What has no value of its own reads as the default of clients.
        assert!(CommitRevealWeightsEnabled::<Test>::get(NEW));
        assert!(TransferToggle::<Test>::get(NEW));
        assert_eq!(MinBurn::<Test>::get(NEW), TaoBalance::new(500_000));
        assert_eq!(MaxBurn::<Test>::get(NEW), tao(100));
        assert_eq!(BurnHalfLife::<Test>::get(NEW), 360);
    });
}

#[test]
fn the_owner_hotkey_is_uid_0() {
    ExtBuilder::new().run(|| {
        System::set_block_number(9);
        create(&account(1), &account(2), 2);
        assert_eq!(SubnetworkN::<Test>::get(NEW), 1);
        assert_eq!(Keys::<Test>::get(NEW, 0), account(2));
        assert_eq!(Uids::<Test>::get(NEW, account(2)), Some(0));
        assert!(IsNetworkMember::<Test>::get(account(2), NEW));
        assert_eq!(BlockAtRegistration::<Test>::get(NEW, 0), 9);
        let index = NetUidIndex::from_parts(NEW, MechId::new(0)).unwrap();
        assert_eq!(LastUpdate::<Test>::get(index).into_inner(), vec![9]);
        assert_eq!(Active::<Test>::get(NEW).into_inner(), vec![true]);
        assert_eq!(ValidatorPermit::<Test>::get(NEW).into_inner(), vec![false]);
        assert_eq!(
            Emission::<Test>::get(NEW).into_inner(),
            vec![AlphaBalance::ZERO]
        );
        assert_eq!(Owner::<Test>::get(account(2)), account(1));
    });
}

#[test]
fn an_own_hotkey_can_own_several_subnets() {
    ExtBuilder::new().run(|| {
        create(&account(1), &account(2), 2);
        create(&account(1), &account(2), 3);
        assert_eq!(Uids::<Test>::get(NetUid::new(3), account(2)), Some(0));
        assert_eq!(
            OwnedHotkeys::<Test>::get(account(1)).into_inner(),
            vec![account(2)]
        );
        assert_eq!(held(&account(1)), RICH - 3_000 * UNIT);
    });
}

#[test]
fn subnets_that_are_created_together_do_not_fire_together() {
    ExtBuilder::new().run(|| {
        System::set_block_number(1_000);
        create(&account(1), &account(11), 2);
        create(&account(2), &account(12), 3);
        InitialTempo::<Test>::put(3);
        create(&account(3), &account(13), 4);
        create(&account(4), &account(14), 5);
        let begins = [(2, 998), (3, 997), (4, 999), (5, 998)];
        for (netuid, block) in begins {
            assert_eq!(LastEpochBlock::<Test>::get(NetUid::new(netuid)), block);
        }
        assert_eq!(Tempo::<Test>::get(NetUid::new(2)), 360);
        assert_eq!(Tempo::<Test>::get(NetUid::new(5)), 3);
    });
}

#[test]
fn a_subnet_has_a_symbol_of_its_own() {
    ExtBuilder::new().run(|| {
        create(&account(1), &account(2), 2);
        create(&account(2), &account(3), 3);
        let symbols: alloc::collections::BTreeSet<_> = (0..4)
            .map(|netuid| TokenSymbol::<Test>::get(NetUid::new(netuid)).into_inner())
            .collect();
        assert_eq!(symbols.len(), 4);
    });
}

fn identity(name: &str) -> SubnetIdentityV3 {
    SubnetIdentityV3 {
        subnet_name: name.into(),
        ..Default::default()
    }
}

#[test]
fn a_creation_can_say_what_the_subnet_is() {
    ExtBuilder::new().run(|| {
        let origin = signed(&account(1));
        let said = Some(identity("words"));
        SubtensorModule::register_network_with_identity(origin, account(2), said).unwrap();
        let stored = SubnetIdentitiesV3::<Test>::get(NEW).map(Stored::into_inner);
        assert_eq!(stored, Some(identity("words")));
        assert!(events().contains(&Event::SubnetIdentitySet(NEW)));
    });
}

#[test]
fn a_creation_may_say_nothing() {
    ExtBuilder::new().run(|| {
        for (netuid, said) in [(2, None), (3, Some(SubnetIdentityV3::default()))] {
            let origin = signed(&account(1));
            let hotkey = account(2);
            SubtensorModule::register_network_with_identity(origin, hotkey, said).unwrap();
            assert_eq!(SubnetIdentitiesV3::<Test>::get(NetUid::new(netuid)), None);
        }
        let said = |event: &Event<Test>| matches!(event, Event::SubnetIdentitySet(_));
        assert!(!events().iter().any(said));
    });
}
