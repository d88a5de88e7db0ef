//! The table against the lists of the interface: nothing missing, nothing spelled otherwise.

use dendra_primitives::TaoBalance;
use subnet_hyperparameters::{
    Freeze, Hyperparameter, Kind, NetworkParameter, RateLimit, Role, SetBy, Setter, Setting, Shown,
    Value, entries,
};

const OWNER: SetBy = SetBy::Owner;
const ROOT: SetBy = SetBy::Root;

/// Name and type of an argument.
type Argument = (&'static str, &'static str);

/// Section C.2, in its order: call, value arguments with types, who.
#[rustfmt::skip]
const SUBNET_CALLS: &[(&str, &[Argument], SetBy)] = &[
    ("sudo_set_serving_rate_limit", &[("serving_rate_limit", "u64")], OWNER),
    ("sudo_set_weights_version_key", &[("weights_version_key", "u64")], OWNER),
    ("sudo_set_weights_set_rate_limit", &[("weights_set_rate_limit", "u64")], ROOT),
    ("sudo_set_adjustment_alpha", &[("adjustment_alpha", "u64")], OWNER),
    ("sudo_set_immunity_period", &[("immunity_period", "u16")], OWNER),
    ("sudo_set_min_allowed_weights", &[("min_allowed_weights", "u16")], OWNER),
    ("sudo_set_max_allowed_uids", &[("max_allowed_uids", "u16")], OWNER),
    ("sudo_set_min_allowed_uids", &[("min_allowed_uids", "u16")], ROOT),
    ("sudo_set_kappa", &[("kappa", "u16")], ROOT),
    ("sudo_set_rho", &[("rho", "u16")], OWNER),
    // Root in one client, the owner in the other.
    ("sudo_set_network_registration_allowed", &[("registration_allowed", "bool")], OWNER),
    ("sudo_set_network_pow_registration_allowed", &[("registration_allowed", "bool")], OWNER),
    ("sudo_set_target_registrations_per_interval", &[("target_registrations_per_interval", "u16")], ROOT),
    ("sudo_set_max_registrations_per_block", &[("max_registrations_per_block", "u16")], ROOT),
    ("sudo_set_min_burn", &[("min_burn", "TaoBalance")], OWNER),
    ("sudo_set_max_burn", &[("max_burn", "TaoBalance")], OWNER),
    ("sudo_set_burn_half_life", &[("burn_half_life", "u16")], OWNER),
    ("sudo_set_burn_increase_mult", &[("burn_increase_mult", "U64F64")], OWNER),
    ("sudo_set_max_allowed_validators", &[("max_allowed_validators", "u16")], ROOT),
    ("sudo_set_bonds_moving_average", &[("bonds_moving_average", "u64")], OWNER),
    ("sudo_set_bonds_penalty", &[("bonds_penalty", "u16")], OWNER),
    ("sudo_set_bonds_reset_enabled", &[("enabled", "bool")], OWNER),
    ("sudo_set_tempo", &[("tempo", "u16")], OWNER),
    ("sudo_set_activity_cutoff_factor", &[("factor_milli", "u32")], OWNER),
    ("sudo_set_commit_reveal_weights_enabled", &[("enabled", "bool")], OWNER),
    ("sudo_set_commit_reveal_weights_interval", &[("interval", "u64")], OWNER),
    ("sudo_set_liquid_alpha_enabled", &[("enabled", "bool")], OWNER),
    ("sudo_set_alpha_values", &[("alpha_low", "u16"), ("alpha_high", "u16")], OWNER),
    ("sudo_set_alpha_sigmoid_steepness", &[("steepness", "i16")], OWNER),
    ("sudo_set_yuma3_enabled", &[("enabled", "bool")], OWNER),
    ("sudo_set_toggle_transfer", &[("toggle", "bool")], OWNER),
    ("sudo_set_owner_cut_enabled", &[("enabled", "bool")], OWNER),
    ("sudo_set_owner_cut_auto_lock_enabled", &[("enabled", "bool")], OWNER),
    ("sudo_set_min_childkey_take_per_subnet", &[("take", "u16")], OWNER),
    ("sudo_set_owner_immune_neuron_limit", &[("immune_neurons", "u16")], OWNER),
    ("sudo_set_sn_owner_hotkey", &[("hotkey", "AccountId")], OWNER),
    ("sudo_set_recycle_or_burn", &[("recycle_or_burn", "RecycleOrBurnEnum")], OWNER),
    ("sudo_set_mechanism_count", &[("mechanism_count", "MechId")], OWNER),
    ("sudo_set_mechanism_emission_split", &[("maybe_split", "Option<Vec<u16>>")], OWNER),
    ("sudo_trim_to_max_allowed_uids", &[("max_n", "u16")], OWNER),
    ("sudo_set_epoch_consensus", &[("mode", "EpochConsensus")], OWNER),
    ("sudo_set_collateral_lock_share", &[("lock_share", "u16")], OWNER),
    ("sudo_set_collateral_drain_ratio", &[("drain_ratio", "U64F64")], OWNER),
    ("sudo_set_subnet_emission_enabled", &[("enabled", "bool")], ROOT),
    ("sudo_set_max_difficulty", &[("max_difficulty", "u64")], OWNER),
    ("sudo_set_min_difficulty", &[("min_difficulty", "u64")], ROOT),
    ("sudo_set_difficulty", &[("difficulty", "u64")], ROOT),
    ("sudo_set_adjustment_interval", &[("adjustment_interval", "u16")], ROOT),
    ("sudo_set_activity_cutoff", &[("activity_cutoff", "u16")], OWNER),
    ("sudo_set_subtoken_enabled", &[("subtoken_enabled", "bool")], ROOT),
    ("sudo_set_subnet_owner_hotkey", &[("hotkey", "AccountId")], OWNER),
];

/// The calls of section C.2 without a netuid, in its order.
#[rustfmt::skip]
const NETWORK_CALLS: &[(&str, &str, &str)] = &[
    ("sudo_set_network_rate_limit", "rate_limit", "u64"),
    ("sudo_set_lock_reduction_interval", "interval", "u64"),
    ("sudo_set_admin_freeze_window", "window", "u16"),
    ("sudo_set_owner_hparam_rate_limit", "epochs", "u16"),
    ("sudo_set_tx_rate_limit", "tx_rate_limit", "u64"),
    ("sudo_set_tx_delegate_take_rate_limit", "tx_rate_limit", "u64"),
    ("sudo_set_stake_threshold", "min_stake", "u64"),
    ("sudo_set_nominator_min_required_stake", "min_stake", "u64"),
    ("sudo_set_start_call_delay", "delay", "u64"),
    ("sudo_set_network_min_lock_cost", "lock_cost", "TaoBalance"),
    ("sudo_set_subnet_limit", "max_subnets", "u16"),
    ("sudo_set_default_take", "default_take", "u16"),
    ("sudo_set_min_delegate_take", "take", "u16"),
];

/// The calls of `SubtensorModule` (C.1) that set a parameter.
#[rustfmt::skip]
const CORE_CALLS: &[(&str, &str, &str)] = &[
    ("set_tempo", "tempo", "u16"),
    ("set_activity_cutoff_factor", "factor_milli", "u32"),
    ("sudo_set_root_claim_threshold", "new_value", "u64"),
    ("sudo_set_min_childkey_take", "take", "u16"),
    ("sudo_set_max_childkey_take", "take", "u16"),
    ("sudo_set_num_root_claims", "new_value", "u64"),
    ("sudo_set_tx_childkey_take_rate_limit", "tx_rate_limit", "u64"),
    ("set_pending_childkey_cooldown", "cooldown", "u64"),
];

/// Section B.2: names and variants, left column first.
#[rustfmt::skip]
const LIST: &[(&str, &str)] = &[
    ("kappa", "U16"), ("immunity_period", "U16"), ("min_allowed_weights", "U16"),
    ("max_weights_limit", "U16"), ("tempo", "U16"), ("weights_version", "U64"),
    ("weights_rate_limit", "U64"), ("activity_cutoff", "U64"), ("activity_cutoff_factor", "U32"),
    ("registration_allowed", "Bool"), ("target_regs_per_interval", "U16"), ("min_burn", "Tao"),
    ("max_burn", "Tao"), ("burn_half_life", "U16"), ("burn_increase_mult", "U64F64"),
    ("bonds_moving_avg", "U64"), ("max_regs_per_block", "U16"), ("max_validators", "U16"),
    ("commit_reveal_period", "U64"), ("commit_reveal_weights_enabled", "Bool"), ("alpha_high", "U16"),
    ("alpha_low", "U16"), ("liquid_alpha_enabled", "Bool"), ("alpha_sigmoid_steepness", "I32F32"),
    ("yuma_version", "U16"), ("subnet_is_active", "Bool"), ("transfers_enabled", "Bool"),
    ("bonds_reset_enabled", "Bool"), ("user_liquidity_enabled", "Bool"), ("owner_cut_enabled", "Bool"),
    ("owner_cut_auto_lock_enabled", "Bool"), ("min_childkey_take", "U16"), ("serving_rate_limit", "U64"),
];

fn arguments(setting: &Setting) -> Vec<(&'static str, &'static str)> {
    setting
        .arguments
        .iter()
        .map(|name| (*name, setting.kind.type_name()))
        .collect()
}

fn default_of(parameter: Hyperparameter) -> Value {
    parameter
        .definition()
        .setting
        .default
        .expect("the parameter has a value")
        .clone()
}

#[test]
fn every_setter_of_a_subnet_has_a_row() {
    for (call, expected, set_by) in SUBNET_CALLS {
        let rows: Vec<_> = Hyperparameter::ALL
            .iter()
            .map(|parameter| parameter.definition())
            .filter(|row| row.setting.setters.contains(&Setter::AdminUtils(call)))
            .collect();
        let [row] = rows.as_slice() else {
            panic!("{call} has {} rows", rows.len());
        };
        assert_eq!(arguments(&row.setting), *expected, "{call}");
        assert_eq!(row.set_by, *set_by, "{call}");
    }
}

#[test]
fn every_setter_of_the_network_has_a_row() {
    let calls: Vec<_> = NetworkParameter::ALL
        .iter()
        .map(|parameter| &parameter.definition().setting)
        .flat_map(|setting| setting.setters.iter().map(move |setter| (setter, setting)))
        .filter_map(|(setter, setting)| match setter {
            Setter::AdminUtils(call) => {
                Some((*call, setting.arguments[0], setting.kind.type_name()))
            }
            Setter::SubtensorModule(_) => None,
        })
        .collect();
    assert_eq!(calls[..NETWORK_CALLS.len()], *NETWORK_CALLS);
}

#[test]
fn no_setter_of_a_subnet_is_unknown_to_the_interface() {
    for parameter in Hyperparameter::ALL {
        for setter in parameter.definition().setting.setters {
            let known = match setter {
                Setter::AdminUtils(call) => SUBNET_CALLS.iter().any(|(name, ..)| name == call),
                Setter::SubtensorModule(call) => CORE_CALLS.iter().any(|(name, ..)| name == call),
            };
            assert!(known, "{setter:?}");
        }
    }
}

#[test]
fn every_setter_of_the_core_pallet_has_a_row() {
    let subnet = Hyperparameter::ALL
        .iter()
        .map(|parameter| &parameter.definition().setting);
    let network = NetworkParameter::ALL
        .iter()
        .map(|parameter| &parameter.definition().setting);
    let settings: Vec<_> = subnet.chain(network).collect();
    for (call, argument, kind) in CORE_CALLS {
        let rows: Vec<_> = settings
            .iter()
            .filter(|setting| setting.setters.contains(&Setter::SubtensorModule(call)))
            .map(|setting| arguments(setting))
            .collect();
        assert_eq!(rows, [vec![(*argument, *kind)]], "{call}");
    }
}

#[test]
fn types_are_spelled_as_clients_know_them() {
    const KNOWN: [&str; 9] = [
        "bool",
        "u16",
        "i16",
        "u32",
        "u64",
        "MechId",
        "U64F64",
        "TaoBalance",
        "NetUid",
    ];
    // What one of the clients cannot encode by its type name; it has calls of its own for them.
    const OTHER: [Kind; 5] = [
        Kind::U8,
        Kind::Split,
        Kind::Account,
        Kind::RecycleOrBurn,
        Kind::Consensus,
    ];
    for parameter in Hyperparameter::ALL {
        let kind = parameter.definition().setting.kind;
        assert!(
            KNOWN.contains(&kind.type_name()) || OTHER.contains(&kind),
            "{parameter:?}"
        );
    }
}

#[test]
fn the_list_has_the_names_and_types_of_the_interface_in_its_order() {
    let list: Vec<_> = entries(default_of, 5_000)
        .into_iter()
        .map(|(name, shown)| {
            let variant = match shown {
                Shown::Bool(_) => "Bool",
                Shown::U16(_) => "U16",
                Shown::U32(_) => "U32",
                Shown::U64(_) => "U64",
                Shown::Tao(_) => "Tao",
                Shown::I32F32(_) => "I32F32",
                Shown::U64F64(_) => "U64F64",
            };
            (name, variant)
        })
        .collect();
    assert_eq!(list, LIST);
}

#[test]
fn the_list_shows_values_as_clients_expect_them() {
    let list = entries(default_of, 5_123);
    let shown = |name: &str| {
        list.iter()
            .find(|(listed, _)| *listed == name)
            .map(|(_, shown)| *shown)
            .expect("the name is listed")
    };
    assert_eq!(shown("alpha_low"), Shown::U16(45_875));
    assert_eq!(shown("alpha_high"), Shown::U16(58_982));
    assert_eq!(shown("activity_cutoff"), Shown::U64(5_123));
    assert_eq!(shown("yuma_version"), Shown::U16(2));
    assert_eq!(shown("min_burn"), Shown::Tao(TaoBalance::new(500_000)));
    let Shown::I32F32(steepness) = shown("alpha_sigmoid_steepness") else {
        panic!("the steepness is a fixed point number");
    };
    assert_eq!(steepness.bits(), 1_000 << 32);

    let with_yuma3 = entries(
        |parameter| match parameter {
            Hyperparameter::Yuma3Enabled => Value::Bool(true),
            Hyperparameter::AlphaSigmoidSteepness => Value::I16(-32_768),
            other => default_of(other),
        },
        1,
    );
    assert!(with_yuma3.contains(&("yuma_version", Shown::U16(3))));
    let negative = with_yuma3
        .iter()
        .find(|(name, _)| *name == "alpha_sigmoid_steepness");
    let Some((_, Shown::I32F32(steepness))) = negative else {
        panic!("the steepness is listed");
    };
    assert_eq!(steepness.bits(), -32_768 * (1 << 32));
}

#[test]
fn numbers_are_places_in_the_table() {
    for (place, parameter) in (0u8..).zip(Hyperparameter::ALL) {
        assert_eq!(parameter.number(), place);
        assert_eq!(codec::Encode::encode(parameter), [place]);
        assert_eq!(parameter.definition().parameter, *parameter);
    }
    for (place, parameter) in (0u8..).zip(NetworkParameter::ALL) {
        assert_eq!(parameter.number(), place);
        assert_eq!(codec::Encode::encode(parameter), [place]);
        assert_eq!(parameter.definition().parameter, *parameter);
    }
}

#[test]
fn numbers_of_the_first_release_are_frozen() {
    assert_eq!(Hyperparameter::Kappa.number(), 0);
    assert_eq!(Hyperparameter::Tempo.number(), 4);
    assert_eq!(Hyperparameter::BurnIncreaseMult.number(), 14);
    assert_eq!(Hyperparameter::AlphaValues.number(), 20);
    assert_eq!(Hyperparameter::ServingRateLimit.number(), 31);
    assert_eq!(Hyperparameter::MaxAllowedUids.number(), 34);
    assert_eq!(Hyperparameter::MechanismCount.number(), 45);
    assert_eq!(Hyperparameter::RootClaimThreshold.number(), 52);
    assert_eq!(NetworkParameter::NetworkRateLimit.number(), 0);
    assert_eq!(NetworkParameter::MinDelegateTake.number(), 12);
    assert_eq!(NetworkParameter::NumRootClaim.number(), 23);
    assert_eq!(NetworkParameter::EMAPriceHalvingBlocks.number(), 29);
}

#[test]
fn defaults_have_the_kind_of_their_row() {
    for parameter in Hyperparameter::ALL {
        let row = parameter.definition();
        for value in row.setting.default.iter().chain(&row.at_creation) {
            assert_eq!(value.kind(), row.setting.kind, "{parameter:?}");
        }
    }
    for parameter in NetworkParameter::ALL {
        let setting = &parameter.definition().setting;
        assert_eq!(
            setting.default.map(Value::kind),
            Some(setting.kind),
            "{parameter:?}"
        );
    }
}

#[test]
fn rates_are_those_of_the_economy() {
    let rate = |parameter: Hyperparameter| parameter.definition().rate_limit;
    assert_eq!(rate(Hyperparameter::Tempo), RateLimit::Blocks(360));
    assert_eq!(
        rate(Hyperparameter::WeightsVersionKey),
        RateLimit::Tempos(5)
    );
    assert_eq!(
        rate(Hyperparameter::MechanismCount),
        RateLimit::Blocks(7_200)
    );
    assert_eq!(
        rate(Hyperparameter::MechanismEmissionSplit),
        RateLimit::Blocks(7_200)
    );
    assert_eq!(
        rate(Hyperparameter::TrimToMaxAllowedUids),
        RateLimit::Blocks(216_000)
    );
    assert_eq!(rate(Hyperparameter::OwnerHotkey), RateLimit::Blocks(50_400));
    for parameter in Hyperparameter::ALL {
        let row = parameter.definition();
        let expected = match parameter {
            Hyperparameter::Tempo
            | Hyperparameter::WeightsVersionKey
            | Hyperparameter::MechanismCount
            | Hyperparameter::MechanismEmissionSplit
            | Hyperparameter::TrimToMaxAllowedUids
            | Hyperparameter::OwnerHotkey => continue,
            Hyperparameter::OwnerCutEnabled
            | Hyperparameter::OwnerCutAutoLockEnabled
            | Hyperparameter::RootClaimThreshold => RateLimit::None,
            _ if row.set_by == SetBy::Owner => RateLimit::OwnerTempos,
            _ => RateLimit::None,
        };
        assert_eq!(row.rate_limit, expected, "{parameter:?}");
    }
}

#[test]
fn rate_limits_in_tempos_follow_the_tempo() {
    assert_eq!(RateLimit::None.blocks(360, 2), 0);
    assert_eq!(RateLimit::OwnerTempos.blocks(360, 2), 720);
    assert_eq!(RateLimit::OwnerTempos.blocks(360, 0), 0);
    assert_eq!(RateLimit::OwnerTempos.blocks(0, 2), 0);
    assert_eq!(RateLimit::OwnerTempos.blocks(65_535, 65_535), 4_294_836_225);
    assert_eq!(RateLimit::Tempos(5).blocks(360, 2), 1_800);
    assert_eq!(RateLimit::Blocks(7_200).blocks(360, 2), 7_200);
    assert_eq!(RateLimit::Blocks(7_200).blocks(0, 0), 7_200);
}

#[test]
fn the_freeze_window_binds_root_except_where_root_must_be_able_to_act() {
    assert!(Freeze::Everyone.binds(Role::Owner) && Freeze::Everyone.binds(Role::Root));
    assert!(Freeze::Owner.binds(Role::Owner) && !Freeze::Owner.binds(Role::Root));
    assert!(!Freeze::Nobody.binds(Role::Owner) && !Freeze::Nobody.binds(Role::Root));
    for parameter in Hyperparameter::ALL {
        let expected = match parameter {
            Hyperparameter::Tempo => Freeze::Owner,
            Hyperparameter::SubtokenEnabled
            | Hyperparameter::SubnetEmissionEnabled
            | Hyperparameter::RootClaimThreshold => Freeze::Nobody,
            _ => Freeze::Everyone,
        };
        assert_eq!(parameter.definition().freeze, expected, "{parameter:?}");
    }
}

#[test]
fn a_new_subnet_starts_as_the_economy_says() {
    let created: Vec<_> = Hyperparameter::ALL
        .iter()
        .filter_map(|parameter| Some((*parameter, parameter.definition().at_creation?.clone())))
        .collect();
    assert_eq!(
        created,
        [
            (Hyperparameter::ImmunityPeriod, Value::U16(5_000)),
            (Hyperparameter::MinAllowedWeights, Value::U16(1)),
            (Hyperparameter::MaxAllowedValidators, Value::U16(64)),
            (Hyperparameter::Yuma3Enabled, Value::Bool(true)),
            (Hyperparameter::SubnetEmissionEnabled, Value::Bool(false)),
        ]
    );
}
