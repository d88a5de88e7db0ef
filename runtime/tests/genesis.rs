//! What each preset starts with.

mod common;

use common::{account, preset};
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
            assert_eq!(Balances::total_issuance(), (3_000_000 + 8 * 2_000) * TAO);
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
        assert_eq!(Balances::total_issuance(), 0);
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
