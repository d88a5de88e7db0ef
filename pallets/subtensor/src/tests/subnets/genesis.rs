//! The networks of the genesis (section F.8 of the interface).

use dendra_primitives::{AlphaBalance, MechId, NetUid, TaoBalance};
use frame_support::traits::Hooks;
use sp_runtime::BuildStorage;

use super::{alpha, create, held_by_subnet, tao};
use crate::{mock::*, types::*, *};

const ROOT: NetUid = NetUid::ROOT;
const FIRST: NetUid = NetUid::new(1);

fn zero() -> AccountId {
    AccountId::new([0; 32])
}

#[test]
fn root_exists_without_neurons_and_without_owner() {
    ExtBuilder::new().run(|| {
        assert!(NetworksAdded::<Test>::get(ROOT));
        assert_eq!(SubnetworkN::<Test>::get(ROOT), 0);
        assert_eq!(Keys::<Test>::iter_prefix(ROOT).count(), 0);
        assert_eq!(Tempo::<Test>::get(ROOT), 100);
        assert_eq!(MaxAllowedUids::<Test>::get(ROOT), 64);
        assert_eq!(MaxAllowedValidators::<Test>::get(ROOT), 64);
        assert_eq!(MinAllowedWeights::<Test>::get(ROOT), 0);
        assert!(NetworkRegistrationAllowed::<Test>::get(ROOT));
        assert_eq!(SubnetMechanism::<Test>::get(ROOT), 0);
        assert_eq!(SubnetTAO::<Test>::get(ROOT), TaoBalance::ZERO);
        assert_eq!(SubnetOwner::<Test>::get(ROOT), zero());
        assert_eq!(SubnetOwnerHotkey::<Test>::get(ROOT), zero());
        assert!(TokenSymbol::<Test>::contains_key(ROOT));
        assert_eq!(
            TokenSymbol::<Test>::get(ROOT).as_slice(),
            "\u{1d70f}".as_bytes()
        );
    });
}

#[test]
fn root_can_have_an_owner() {
    let mut storage = frame_system::GenesisConfig::<Test>::default()
        .build_storage()
        .unwrap();
    let config = GenesisConfig::<Test> {
        root_owner: Some((account(1), account(2))),
        ..Default::default()
    };
    config.assimilate_storage(&mut storage).unwrap();
    sp_io::TestExternalities::new(storage).execute_with(|| {
        assert_eq!(SubnetOwner::<Test>::get(ROOT), account(1));
        assert_eq!(SubnetOwnerHotkey::<Test>::get(ROOT), account(2));
        assert_eq!(SubnetOwner::<Test>::get(FIRST), zero());
        SubtensorModule::do_try_state().unwrap();
    });
}

#[test]
fn the_first_subnet_has_one_neuron_that_nobody_owns() {
    ExtBuilder::new().run(|| {
        assert!(NetworksAdded::<Test>::get(FIRST));
        assert_eq!(SubnetworkN::<Test>::get(FIRST), 1);
        assert_eq!(Keys::<Test>::get(FIRST, 0), zero());
        assert_eq!(Uids::<Test>::get(FIRST, zero()), Some(0));
        assert!(Owner::<Test>::contains_key(zero()));
        assert_eq!(Owner::<Test>::get(zero()), zero());
        assert_eq!(Tempo::<Test>::get(FIRST), 100);
        assert_eq!(MaxAllowedUids::<Test>::get(FIRST), 256);
        assert_eq!(MaxAllowedValidators::<Test>::get(FIRST), 64);
        assert_eq!(MinAllowedWeights::<Test>::get(FIRST), 0);
        assert_eq!(SubnetMechanism::<Test>::get(FIRST), 1);
        assert_eq!(MechanismCountCurrent::<Test>::get(FIRST), MechId::new(1));
        assert_eq!(FirstEmissionBlockNumber::<Test>::get(FIRST), None);
        assert!(TokenSymbol::<Test>::contains_key(FIRST));
        let symbol = TokenSymbol::<Test>::get(FIRST);
        assert_eq!(core::str::from_utf8(&symbol).unwrap().chars().count(), 1);
        assert_ne!(symbol, TokenSymbol::<Test>::get(ROOT));
    });
}

#[test]
fn the_first_subnet_has_a_pool_of_ten_and_one_alpha_outside() {
    ExtBuilder::new().run(|| {
        assert_eq!(SubnetTAO::<Test>::get(FIRST), tao(10));
        assert_eq!(SubnetAlphaIn::<Test>::get(FIRST), alpha(10));
        assert_eq!(SubnetAlphaOut::<Test>::get(FIRST), alpha(1));
        assert_eq!(SubnetLocked::<Test>::get(FIRST), TaoBalance::new(1));
        assert_eq!(held_by_subnet(1), 10 * UNIT);
        assert_eq!(TotalStake::<Test>::get(), tao(10));
    });
}

#[test]
fn the_account_of_root_has_a_deposit_of_its_own() {
    ExtBuilder::new().run(|| {
        assert_eq!(held_by_subnet(0), ExistentialDeposit::get());
        assert_eq!(SubnetTAO::<Test>::get(ROOT), TaoBalance::ZERO);
    });
    // Without root there is none.
    ExtBuilder::new()
        .bare()
        .run(|| assert_eq!(held_by_subnet(0), 0));
}

#[test]
fn two_networks_exist_and_the_first_created_one_is_netuid_2() {
    ExtBuilder::new().run(|| {
        assert_eq!(TotalNetworks::<Test>::get(), 2);
        assert_eq!(SubnetList::<Test>::get().into_inner(), vec![ROOT, FIRST]);
        create(&account(1), &account(2), 2);
        assert_eq!(TotalNetworks::<Test>::get(), 3);
    });
}

#[test]
fn the_genesis_publishes_its_issuance_and_a_block_its_own() {
    ExtBuilder::new().run(|| {
        let first = 200 * RICH + 10 * UNIT + ExistentialDeposit::get();
        assert_eq!(TotalIssuance::<Test>::get(), TaoBalance::new(first));
        SubtensorModule::recycle_tao(FIRST, TaoBalance::ZERO).unwrap();
        give_stake(ROOT, &account(2), &account(1), 700);
        assert_eq!(TotalIssuance::<Test>::get(), TaoBalance::new(first));
        SubtensorModule::on_finalize(1);
        assert_eq!(TotalIssuance::<Test>::get(), TaoBalance::new(first + 700));
    });
}

#[test]
fn the_genesis_writes_what_it_chooses() {
    let mut storage = frame_system::GenesisConfig::<Test>::default()
        .build_storage()
        .unwrap();
    let config = GenesisConfig::<Test> {
        initial_tempo: 10,
        network_rate_limit: 3,
        max_epochs_per_block: 32,
        max_mechanism_count: 1,
        allows_loopback: true,
        coldkey_swap_delays: (50, 11),
        childkey_delays: (15, 5),
        is_bare: true,
        ..Default::default()
    };
    config.assimilate_storage(&mut storage).unwrap();
    sp_io::TestExternalities::new(storage).execute_with(|| {
        assert_eq!(InitialTempo::<Test>::get(), 10);
        assert_eq!(NetworkRateLimit::<Test>::get(), 3);
        assert_eq!(MaxEpochsPerBlock::<Test>::get(), 32);
        assert_eq!(MaxMechanismCount::<Test>::get(), 1);
        assert!(AllowsLoopback::<Test>::get());
        assert_eq!(ColdkeySwapAnnouncementDelay::<Test>::get(), 50);
        assert_eq!(ColdkeySwapReannouncementDelay::<Test>::get(), 11);
        assert_eq!(StartCallDelay::<Test>::get(), 0);
        assert_eq!(TotalNetworks::<Test>::get(), 0);
    });
}

#[test]
fn the_defaults_of_the_genesis_are_those_of_the_public_network() {
    let config = GenesisConfig::<Test>::default();
    assert_eq!(config.initial_tempo, 360);
    assert_eq!(config.network_rate_limit, 7_200);
    assert_eq!(config.max_epochs_per_block, 2);
    assert_eq!(config.max_mechanism_count, 2);
    assert_eq!(config.coldkey_swap_delays, (36_000, 7_200));
    assert_eq!(config.childkey_delays, (7_200, 216_000));
    assert!(!config.allows_loopback);
}

#[test]
fn outstanding_alpha_of_the_first_subnet_is_residual() {
    ExtBuilder::new().run(|| {
        assert_eq!(SubnetResidual::<Test>::get(FIRST), alpha(1));
        assert_eq!(TotalAlphaStaked::<Test>::get(FIRST), AlphaBalance::ZERO);
    });
}

#[test]
fn the_limits_of_storage_are_those_of_the_interface() {
    assert_eq!((ROOT_SEATS, MAX_OWNER_UIDS, MAX_NETUIDS), (64, 256, 4_096));
}
