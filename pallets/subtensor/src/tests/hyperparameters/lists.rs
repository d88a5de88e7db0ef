//! The lists that clients read.

use codec::{Compact, Encode};
use dendra_primitives::{NetUid, TaoBalance, U64F64};
use dendra_runtime_api::HyperparamValue;
use frame_support::assert_ok;
use subnet_hyperparameters::Hyperparameter as P;

use super::{NETUID, chain, set_as_root};
use crate::mock::SubtensorModule;

fn listed(name: &str) -> HyperparamValue {
    SubtensorModule::hyperparams_v3(NETUID)
        .expect("the subnet exists")
        .into_iter()
        .find(|entry| entry.name == name.as_bytes())
        .map(|entry| entry.value)
        .expect("the name is listed")
}

#[test]
fn a_subnet_that_does_not_exist_has_no_list() {
    chain().run(|| {
        let missing = NetUid::new(3);
        assert_eq!(SubtensorModule::hyperparams(missing), None);
        assert_eq!(SubtensorModule::hyperparams_v2(missing), None);
        assert_eq!(SubtensorModule::hyperparams_v3(missing), None);
    });
}

#[test]
fn the_list_shows_what_was_set() {
    chain().run(|| {
        assert_eq!(
            SubtensorModule::hyperparams_v3(NETUID).map(|list| list.len()),
            Some(33)
        );
        assert_ok!(set_as_root(P::Kappa, 7u16));
        assert_eq!(listed("kappa"), HyperparamValue::U16(Compact(7)));
        assert_ok!(set_as_root(P::LiquidAlphaEnabled, true));
        assert_eq!(listed("liquid_alpha_enabled"), HyperparamValue::Bool(true));
        assert_ok!(set_as_root(P::AlphaValues, (2_000, 3_000)));
        assert_eq!(listed("alpha_low"), HyperparamValue::U16(Compact(2_000)));
        assert_eq!(listed("alpha_high"), HyperparamValue::U16(Compact(3_000)));
        assert_ok!(set_as_root(P::MinBurn, TaoBalance::new(7)));
        assert_eq!(
            listed("min_burn"),
            HyperparamValue::TaoBalance(Compact(TaoBalance::new(7)))
        );
        let twice = U64F64::from_bits(2 << 64);
        assert_ok!(set_as_root(P::BurnIncreaseMult, twice));
        assert_eq!(listed("burn_increase_mult"), HyperparamValue::U64F64(twice));
        assert_ok!(set_as_root(P::ActivityCutoffFactor, 2_000u32));
        assert_eq!(
            listed("activity_cutoff_factor"),
            HyperparamValue::U32(Compact(2_000))
        );
        assert_eq!(
            listed("activity_cutoff"),
            HyperparamValue::U64(Compact(720))
        );
        assert_eq!(listed("yuma_version"), HyperparamValue::U16(Compact(3)));
        assert_ok!(set_as_root(P::Yuma3Enabled, false));
        assert_eq!(listed("yuma_version"), HyperparamValue::U16(Compact(2)));
        assert_eq!(listed("subnet_is_active"), HyperparamValue::Bool(true));
    });
}

#[test]
fn the_older_lists_show_the_same() {
    chain().run(|| {
        assert_ok!(set_as_root(P::Rho, 1u16));
        assert_ok!(set_as_root(P::MaxDifficulty, 2u64));
        assert_ok!(set_as_root(P::ActivityCutoffFactor, 2_000u32));
        assert_ok!(set_as_root(P::AlphaSigmoidSteepness, -500i16));
        let first = SubtensorModule::hyperparams(NETUID).expect("the subnet exists");
        assert_eq!(first.rho, Compact(1));
        assert_eq!(first.kappa, Compact(32_767));
        assert_eq!(first.immunity_period, Compact(5_000));
        assert_eq!(first.min_allowed_weights, Compact(1));
        assert_eq!(first.max_weights_limit, Compact(65_535));
        assert_eq!(first.tempo, Compact(360));
        assert_eq!(first.min_difficulty, Compact(10_000_000));
        assert_eq!(first.max_difficulty, Compact(2));
        assert_eq!(first.activity_cutoff, Compact(720));
        assert_eq!(first.min_burn, Compact(TaoBalance::new(500_000)));
        assert_eq!(first.max_burn, Compact(TaoBalance::new(100_000_000_000)));
        assert_eq!(first.max_validators, Compact(64));
        assert_eq!(
            (first.alpha_low, first.alpha_high),
            (Compact(45_875), Compact(58_982))
        );
        let second = SubtensorModule::hyperparams_v2(NETUID).expect("the subnet exists");
        assert_eq!(second.alpha_sigmoid_steepness.bits(), -500 * (1 << 32));
        assert_eq!(second.yuma_version, Compact(3));
        assert!(second.subnet_is_active && second.transfers_enabled);
        assert!(!second.bonds_reset_enabled && !second.user_liquidity_enabled);
        // The second list is the first with six more fields.
        assert!(second.encode().starts_with(&first.encode()));
    });
}
