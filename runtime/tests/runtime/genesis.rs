//! What each preset starts with.

use crate::common::{account, preset};
use dendra_runtime::{Balances, BlockTime, Runtime, TAO, genesis_config_presets as presets};
use frame_support::traits::Get;

fn authorities() -> (usize, usize) {
    (
        pallet_aura::Authorities::<Runtime>::get().len(),
        dendra_runtime::Grandpa::grandpa_authorities().len(),
    )
}

#[test]
fn local_networks_start_with_the_published_balances_and_sudo() {
    for name in [presets::DEVELOPMENT, presets::LOCAL] {
        preset(name).execute_with(|| {
            for seed in ["//Alice", "//Bob", "//Charlie"] {
                assert_eq!(
                    Balances::free_balance(account(seed)),
                    1_000_000 * TAO,
                    "{seed}"
                );
            }
            for seed in ["//Dave", "//Eve", "//Ferdie", "//One", "//Two", "//Three"] {
                assert_eq!(Balances::free_balance(account(seed)), 2_000 * TAO, "{seed}");
            }
            // And ten TAO in the pool of the first subnet, and the deposit of root's account.
            assert_eq!(
                Balances::total_issuance(),
                (3_000_000 + 8 * 2_000 + 10) * TAO + 500
            );
            assert_eq!(pallet_sudo::Key::<Runtime>::get(), Some(account("//Alice")));
        });
    }
}

#[test]
fn the_presets_differ_in_authorities_and_block_time() {
    let facts = |name| preset(name).execute_with(|| (authorities(), BlockTime::slot_duration()));
    assert_eq!(facts(presets::DEVELOPMENT), ((1, 1), 250));
    assert_eq!(facts(presets::LOCAL), ((3, 3), 12_000));
    assert_eq!(facts(presets::PUBLIC), ((0, 0), 12_000));
}

#[test]
fn the_public_template_gives_nothing_to_anybody() {
    preset(presets::PUBLIC).execute_with(|| {
        assert_eq!(
            Balances::total_issuance(),
            10 * TAO + 500,
            "the pool of the first subnet and the deposit of root's account"
        );
        assert_eq!(pallet_sudo::Key::<Runtime>::get(), None);
    });
}

#[test]
fn block_time_reaches_everything_that_counts_with_it() {
    for (name, expected) in [(presets::DEVELOPMENT, 250), (presets::LOCAL, 12_000)] {
        preset(name).execute_with(|| {
            type Slot = <Runtime as pallet_aura::Config>::SlotDuration;
            type Period = <Runtime as pallet_timestamp::Config>::MinimumPeriod;
            assert_eq!(Slot::get(), expected);
            assert_eq!(Period::get(), expected / 2);
        });
    }
}

#[test]
fn an_unknown_preset_is_absent() {
    assert!(presets::get_preset(&"nonesuch".into()).is_none());
    assert_eq!(presets::preset_names().len(), 3);
}

#[test]
fn every_network_starts_with_root_and_a_first_subnet() {
    use dendra_primitives::{AlphaBalance, MechId, NetUid, TaoBalance};
    use dendra_runtime::AccountId;
    use pallet_subtensor::*;
    let zero = AccountId::new([0; 32]);
    for name in [presets::DEVELOPMENT, presets::LOCAL, presets::PUBLIC] {
        preset(name).execute_with(|| {
            let (root, first) = (NetUid::ROOT, NetUid::new(1));
            assert_eq!(TotalNetworks::<Runtime>::get(), 2);
            assert!(NetworksAdded::<Runtime>::get(root) && NetworksAdded::<Runtime>::get(first));
            assert_eq!(Tempo::<Runtime>::get(root), 100);
            assert_eq!(MaxAllowedUids::<Runtime>::get(root), 64);
            assert_eq!(MaxAllowedValidators::<Runtime>::get(root), 64);
            assert_eq!(MinAllowedWeights::<Runtime>::get(root), 0);
            assert!(NetworkRegistrationAllowed::<Runtime>::get(root));
            assert_eq!(SubnetworkN::<Runtime>::get(root), 0);
            assert_eq!(
                TokenSymbol::<Runtime>::get(root).to_vec(),
                "\u{1d70f}".as_bytes()
            );
            let owner = match name {
                presets::DEVELOPMENT => (account("//Alice"), account("//Alice_hk")),
                _ => (zero.clone(), zero.clone()),
            };
            assert_eq!(SubnetOwner::<Runtime>::get(root), owner.0);
            assert_eq!(SubnetOwnerHotkey::<Runtime>::get(root), owner.1);

            assert_eq!(SubnetworkN::<Runtime>::get(first), 1);
            assert_eq!(Keys::<Runtime>::get(first, 0), zero);
            assert_eq!(Owner::<Runtime>::get(&zero), zero);
            assert_eq!(SubnetMechanism::<Runtime>::get(first), 1);
            assert_eq!(Tempo::<Runtime>::get(first), 100);
            assert_eq!(MinAllowedWeights::<Runtime>::get(first), 0);
            assert_eq!(MaxAllowedUids::<Runtime>::get(first), 256);
            assert_eq!(MaxAllowedValidators::<Runtime>::get(first), 64);
            assert_eq!(MechanismCountCurrent::<Runtime>::get(first), MechId::new(1));
            assert_eq!(SubnetTAO::<Runtime>::get(first), TaoBalance::new(10 * TAO));
            assert_eq!(
                SubnetAlphaIn::<Runtime>::get(first),
                AlphaBalance::new(10 * TAO)
            );
            assert_eq!(
                SubnetAlphaOut::<Runtime>::get(first),
                AlphaBalance::new(TAO)
            );
            assert_eq!(SubnetLocked::<Runtime>::get(first), TaoBalance::new(1));
            assert_eq!(SubnetOwner::<Runtime>::get(first), zero);
            let symbol = TokenSymbol::<Runtime>::get(first).to_vec();
            assert_eq!(core::str::from_utf8(&symbol).unwrap().chars().count(), 1);
            assert_eq!(
                TotalIssuance::<Runtime>::get().get(),
                Balances::total_issuance()
            );
            dendra_runtime::SubtensorModule::do_try_state().unwrap();
        });
    }
}

#[test]
fn local_networks_have_their_conventions() {
    use pallet_subtensor::*;
    let facts = |name| {
        preset(name).execute_with(|| {
            (
                InitialTempo::<Runtime>::get(),
                NetworkRateLimit::<Runtime>::get(),
                MaxEpochsPerBlock::<Runtime>::get(),
                MaxMechanismCount::<Runtime>::get(),
                AllowsLoopback::<Runtime>::get(),
                ColdkeySwapAnnouncementDelay::<Runtime>::get(),
                ColdkeySwapReannouncementDelay::<Runtime>::get(),
                AdminFreezeWindow::<Runtime>::get(),
            )
        })
    };
    assert_eq!(facts(presets::DEVELOPMENT), (10, 0, 32, 1, true, 50, 10, 2));
    assert_eq!(
        facts(presets::LOCAL),
        (360, 0, 2, 2, true, 36_000, 7_200, 10)
    );
    assert_eq!(
        facts(presets::PUBLIC),
        (360, 7_200, 2, 2, false, 36_000, 7_200, 10)
    );
}
