//! Names and types as metadata shows them, compared with the lists of the interface.

use dendra_primitives::records::{
    AxonInfo, ChainIdentityV2, EpochConsensus, LockState, MinerCollateralState, NeuronCertificate,
    PrometheusInfo, RecycleOrBurnEnum, RootClaimTypeEnum, SubnetIdentityV3,
};
use dendra_runtime_api::{
    DelegateInfo, DynamicInfo, HyperparamEntry, HyperparamValue, Metagraph, NeuronInfo,
    NeuronInfoLite, SelectiveMetagraph, SimSwapResult, StakeAvailability, StakeInfo,
    SubnetHyperparams, SubnetHyperparamsV2, SubnetInfo, SubnetInfov2, SubnetPrice, SubnetState,
};
use scale_info::{Field, Type, TypeDef, TypeDefPrimitive, TypeInfo};

/// A type as the interface writes it: `C<x>` for compact, the last part of a path, `AccountId`.
pub(crate) fn name(ty: &Type) -> String {
    match &ty.type_def {
        TypeDef::Composite(_) | TypeDef::Variant(_) => {
            let last = match ty.path.ident() {
                Some("AccountId32") => "AccountId",
                Some(last) => last,
                None => "",
            };
            let parameters: Vec<String> = ty
                .type_params
                .iter()
                .filter_map(|parameter| parameter.ty)
                .map(|ty| name(&ty.type_info()))
                .collect();
            if parameters.is_empty() {
                last.into()
            } else {
                format!("{last}<{}>", parameters.join(", "))
            }
        }
        TypeDef::Sequence(inner) => format!("Vec<{}>", name(&inner.type_param.type_info())),
        TypeDef::Array(array) => {
            format!("[{};{}]", name(&array.type_param.type_info()), array.len)
        }
        TypeDef::Tuple(tuple) => {
            let parts: Vec<_> = tuple
                .fields
                .iter()
                .map(|ty| name(&ty.type_info()))
                .collect();
            format!("({})", parts.join(", "))
        }
        TypeDef::Primitive(TypeDefPrimitive::Bool) => "bool".into(),
        TypeDef::Primitive(primitive) => format!("{primitive:?}").to_lowercase(),
        TypeDef::Compact(inner) => format!("C<{}>", name(&inner.type_param.type_info())),
        TypeDef::BitSequence(_) => "BitSequence".into(),
    }
}

fn fields(fields: &[Field]) -> String {
    let list: Vec<String> = fields
        .iter()
        .map(|field| {
            let ty = name(&field.ty.type_info());
            match field.name {
                Some(name) => format!("{name} {ty}"),
                None => ty,
            }
        })
        .collect();
    list.join(", ")
}

/// The fields of a struct or the variants of an enum, in order.
fn shape<T: TypeInfo>() -> String {
    match T::type_info().type_def {
        TypeDef::Composite(composite) => fields(&composite.fields),
        TypeDef::Variant(variants) => {
            let list: Vec<String> = variants
                .variants
                .iter()
                .map(|variant| {
                    format!(
                        "{} {}({})",
                        variant.index,
                        variant.name,
                        fields(&variant.fields)
                    )
                })
                .collect();
            list.join(", ")
        }
        _ => String::new(),
    }
}

/// Asserts the name of a type and its fields; line breaks in the list do not matter.
fn check<T: TypeInfo>(called: &str, listed: &str) {
    assert_eq!(T::type_info().path.ident(), Some(called));
    let expected: Vec<&str> = listed.split_whitespace().collect();
    assert_eq!(shape::<T>(), expected.join(" "), "{called}");
}

const SUMMARY: &str = "netuid C<NetUid>, rho C<u16>, kappa C<u16>, difficulty C<u64>, \
    immunity_period C<u16>, max_allowed_validators C<u16>, min_allowed_weights C<u16>, \
    max_weights_limit C<u16>, scaling_law_power C<u16>, subnetwork_n C<u16>, max_allowed_uids C<u16>, \
    blocks_since_last_step C<u64>, tempo C<u16>, network_modality C<u16>, \
    network_connect Vec<[u16;2]>, ";

const HYPERPARAMETERS: &str = "rho C<u16>, kappa C<u16>, immunity_period C<u16>, \
    min_allowed_weights C<u16>, max_weights_limit C<u16>, tempo C<u16>, min_difficulty C<u64>, \
    max_difficulty C<u64>, weights_version C<u64>, weights_rate_limit C<u64>, \
    adjustment_interval C<u16>, activity_cutoff C<u64>, registration_allowed bool, \
    target_regs_per_interval C<u16>, min_burn C<TaoBalance>, max_burn C<TaoBalance>, \
    bonds_moving_avg C<u64>, max_regs_per_block C<u16>, serving_rate_limit C<u64>, \
    max_validators C<u16>, adjustment_alpha C<u64>, difficulty C<u64>, commit_reveal_period C<u64>, \
    commit_reveal_weights_enabled bool, alpha_high C<u16>, alpha_low C<u16>, \
    liquid_alpha_enabled bool";

const NEURON: &str = "hotkey AccountId, coldkey AccountId, uid C<u16>, netuid C<NetUid>, active bool, \
    axon_info AxonInfo, prometheus_info PrometheusInfo, stake Vec<(AccountId, C<AlphaBalance>)>, \
    rank C<u16>, emission C<AlphaBalance>, incentive C<u16>, consensus C<u16>, trust C<u16>, \
    validator_trust C<u16>, dividends C<u16>, last_update C<u64>, validator_permit bool, ";

/// Fields 1 to 71.
const METAGRAPH: [(&str, &str); 71] = [
    ("name", "Vec<C<u8>>"),
    ("symbol", "Vec<C<u8>>"),
    ("identity", "Option<SubnetIdentityV3>"),
    ("network_registered_at", "C<u64>"),
    ("owner_hotkey", "AccountId"),
    ("owner_coldkey", "AccountId"),
    ("block", "C<u64>"),
    ("tempo", "C<u16>"),
    ("last_step", "C<u64>"),
    ("blocks_since_last_step", "C<u64>"),
    ("subnet_emission", "C<u64>"),
    ("alpha_in", "C<AlphaBalance>"),
    ("alpha_out", "C<AlphaBalance>"),
    ("tao_in", "C<TaoBalance>"),
    ("alpha_out_emission", "C<AlphaBalance>"),
    ("alpha_in_emission", "C<AlphaBalance>"),
    ("tao_in_emission", "C<TaoBalance>"),
    ("pending_alpha_emission", "C<AlphaBalance>"),
    ("pending_root_emission", "C<TaoBalance>"),
    ("subnet_volume", "C<u128>"),
    ("moving_price", "I96F32"),
    ("rho", "C<u16>"),
    ("kappa", "C<u16>"),
    ("min_allowed_weights", "C<u16>"),
    ("max_weights_limit", "C<u16>"),
    ("weights_version", "C<u64>"),
    ("weights_rate_limit", "C<u64>"),
    ("activity_cutoff", "C<u64>"),
    ("max_validators", "C<u16>"),
    ("num_uids", "C<u16>"),
    ("max_uids", "C<u16>"),
    ("burn", "C<TaoBalance>"),
    ("difficulty", "C<u64>"),
    ("registration_allowed", "bool"),
    ("pow_registration_allowed", "bool"),
    ("immunity_period", "C<u16>"),
    ("min_difficulty", "C<u64>"),
    ("max_difficulty", "C<u64>"),
    ("min_burn", "C<TaoBalance>"),
    ("max_burn", "C<TaoBalance>"),
    ("adjustment_alpha", "C<u64>"),
    ("adjustment_interval", "C<u16>"),
    ("target_regs_per_interval", "C<u16>"),
    ("max_regs_per_block", "C<u16>"),
    ("serving_rate_limit", "C<u64>"),
    ("commit_reveal_weights_enabled", "bool"),
    ("commit_reveal_period", "C<u64>"),
    ("liquid_alpha_enabled", "bool"),
    ("alpha_high", "C<u16>"),
    ("alpha_low", "C<u16>"),
    ("bonds_moving_avg", "C<u64>"),
    ("hotkeys", "Vec<AccountId>"),
    ("coldkeys", "Vec<AccountId>"),
    ("identities", "Vec<Option<ChainIdentityV2>>"),
    ("axons", "Vec<AxonInfo>"),
    ("active", "Vec<bool>"),
    ("validator_permit", "Vec<bool>"),
    ("pruning_score", "Vec<C<u16>>"),
    ("last_update", "Vec<C<u64>>"),
    ("emission", "Vec<C<AlphaBalance>>"),
    ("dividends", "Vec<C<u16>>"),
    ("incentives", "Vec<C<u16>>"),
    ("consensus", "Vec<C<u16>>"),
    ("trust", "Vec<C<u16>>"),
    ("rank", "Vec<C<u16>>"),
    ("block_at_registration", "Vec<C<u64>>"),
    ("alpha_stake", "Vec<C<AlphaBalance>>"),
    ("tao_stake", "Vec<C<TaoBalance>>"),
    ("total_stake", "Vec<C<TaoBalance>>"),
    (
        "tao_dividends_per_hotkey",
        "Vec<(AccountId, C<TaoBalance>)>",
    ),
    (
        "alpha_dividends_per_hotkey",
        "Vec<(AccountId, C<AlphaBalance>)>",
    ),
];

#[test]
fn records_have_the_fields_of_the_interface() {
    check::<AxonInfo>(
        "AxonInfo",
        "block u64, version u32, ip u128, port u16, ip_type u8, protocol u8, placeholder1 u8, \
         placeholder2 u8",
    );
    check::<PrometheusInfo>(
        "PrometheusInfo",
        "block u64, version u32, ip u128, port u16, ip_type u8",
    );
    check::<NeuronCertificate>(
        "NeuronCertificate",
        "public_key BoundedVec<u8>, algorithm u8",
    );
    check::<ChainIdentityV2>(
        "ChainIdentityV2",
        "name Vec<u8>, url Vec<u8>, github_repo Vec<u8>, image Vec<u8>, discord Vec<u8>, \
         description Vec<u8>, additional Vec<u8>",
    );
    check::<SubnetIdentityV3>(
        "SubnetIdentityV3",
        "subnet_name Vec<u8>, github_repo Vec<u8>, subnet_contact Vec<u8>, subnet_url Vec<u8>, \
         discord Vec<u8>, description Vec<u8>, logo_url Vec<u8>, additional Vec<u8>",
    );
    check::<LockState>(
        "LockState",
        "locked_mass AlphaBalance, conviction U64F64, last_update u64",
    );
    check::<MinerCollateralState>(
        "MinerCollateralState",
        "locked AlphaBalance, drain_ratio U64F64, min_locked AlphaBalance, earned AlphaBalance",
    );
}

#[test]
fn choices_have_the_variants_of_the_interface() {
    check::<RootClaimTypeEnum>(
        "RootClaimTypeEnum",
        "0 Swap(), 1 Keep(), 2 KeepSubnets(subnets BTreeSet<NetUid>)",
    );
    check::<RecycleOrBurnEnum>("RecycleOrBurnEnum", "0 Burn(), 1 Recycle()");
    check::<EpochConsensus>("EpochConsensus", "0 Yuma(), 1 Null()");
}

#[test]
fn views_of_stake_have_the_fields_of_the_interface() {
    check::<StakeInfo>(
        "StakeInfo",
        "hotkey AccountId, coldkey AccountId, netuid C<NetUid>, stake C<AlphaBalance>, locked C<u64>, \
         emission C<AlphaBalance>, tao_emission C<TaoBalance>, drain C<u64>, is_registered bool",
    );
    check::<StakeAvailability>(
        "StakeAvailability",
        "total C<AlphaBalance>, locked C<AlphaBalance>, available C<AlphaBalance>",
    );
    check::<DelegateInfo>(
        "DelegateInfo",
        "delegate_ss58 AccountId, take C<u16>, \
         nominators Vec<(AccountId, Vec<(C<NetUid>, C<u64>)>)>, owner_ss58 AccountId, \
         registrations Vec<C<NetUid>>, validator_permits Vec<C<NetUid>>, return_per_1000 C<u64>, \
         total_daily_return C<u64>",
    );
    check::<SubnetPrice>("SubnetPrice", "netuid NetUid, price u64");
    check::<SimSwapResult>(
        "SimSwapResult",
        "tao_amount TaoBalance, alpha_amount AlphaBalance, tao_fee TaoBalance, alpha_fee AlphaBalance, \
         tao_slippage TaoBalance, alpha_slippage AlphaBalance",
    );
}

#[test]
fn views_of_neurons_have_the_fields_of_the_interface() {
    check::<NeuronInfo>(
        "NeuronInfo",
        &format!(
            "{NEURON} weights Vec<(C<u16>, C<u16>)>, bonds Vec<(C<u16>, C<u16>)>, pruning_score C<u16>"
        ),
    );
    check::<NeuronInfoLite>("NeuronInfoLite", &format!("{NEURON} pruning_score C<u16>"));
    check::<SubnetState>(
        "SubnetState",
        "netuid C<NetUid>, hotkeys Vec<AccountId>, coldkeys Vec<AccountId>, active Vec<bool>, \
         validator_permit Vec<bool>, pruning_score Vec<C<u16>>, last_update Vec<C<u64>>, \
         emission Vec<C<AlphaBalance>>, dividends Vec<C<u16>>, incentives Vec<C<u16>>, \
         consensus Vec<C<u16>>, trust Vec<C<u16>>, rank Vec<C<u16>>, \
         block_at_registration Vec<C<u64>>, alpha_stake Vec<C<AlphaBalance>>, \
         tao_stake Vec<C<TaoBalance>>, total_stake Vec<C<TaoBalance>>, \
         emission_history Vec<Vec<C<AlphaBalance>>>",
    );
}

#[test]
fn views_of_subnets_have_the_fields_of_the_interface() {
    check::<DynamicInfo>(
        "DynamicInfo",
        "netuid C<NetUid>, owner_hotkey AccountId, owner_coldkey AccountId, subnet_name Vec<C<u8>>, \
         token_symbol Vec<C<u8>>, tempo C<u16>, last_step C<u64>, blocks_since_last_step C<u64>, \
         emission C<u64>, alpha_in C<AlphaBalance>, alpha_out C<AlphaBalance>, tao_in C<TaoBalance>, \
         alpha_out_emission C<AlphaBalance>, alpha_in_emission C<AlphaBalance>, \
         tao_in_emission C<TaoBalance>, pending_alpha_emission C<AlphaBalance>, \
         pending_root_emission C<TaoBalance>, subnet_volume C<u128>, network_registered_at C<u64>, \
         subnet_identity Option<SubnetIdentityV3>, moving_price I96F32",
    );
    check::<SubnetInfo>(
        "SubnetInfo",
        &format!("{SUMMARY} emission_values C<u64>, burn C<TaoBalance>, owner AccountId"),
    );
    check::<SubnetInfov2>(
        "SubnetInfov2",
        &format!(
            "{SUMMARY} emission_value C<u64>, burn C<TaoBalance>, owner AccountId, \
             identity Option<SubnetIdentityV3>"
        ),
    );
}

#[test]
fn hyperparameters_have_the_fields_of_the_interface() {
    check::<HyperparamEntry>("HyperparamEntry", "name Vec<u8>, value HyperparamValue");
    check::<HyperparamValue>(
        "HyperparamValue",
        "0 Bool(bool), 1 U16(C<u16>), 2 U32(C<u32>), 3 U64(C<u64>), 4 U128(C<u128>), \
         5 TaoBalance(C<TaoBalance>), 6 I32F32(I32F32), 7 U64F64(U64F64)",
    );
    check::<SubnetHyperparams>("SubnetHyperparams", HYPERPARAMETERS);
    check::<SubnetHyperparamsV2>(
        "SubnetHyperparamsV2",
        &format!(
            "{HYPERPARAMETERS}, alpha_sigmoid_steepness I32F32, yuma_version C<u16>, \
             subnet_is_active bool, transfers_enabled bool, bonds_reset_enabled bool, \
             user_liquidity_enabled bool"
        ),
    );
}

#[test]
fn metagraph_has_the_fields_of_the_interface() {
    let listed: Vec<String> = METAGRAPH
        .iter()
        .map(|(name, ty)| format!("{name} {ty}"))
        .collect();
    check::<Metagraph>(
        "Metagraph",
        &format!("netuid C<NetUid>, {}", listed.join(", ")),
    );
}

#[test]
fn selective_metagraph_has_the_same_fields_as_options_and_two_more() {
    let listed: Vec<String> = METAGRAPH
        .iter()
        .map(|(name, ty)| format!("{name} Option<{ty}>"))
        .collect();
    check::<SelectiveMetagraph>(
        "SelectiveMetagraph",
        &format!(
            "netuid C<NetUid>, {}, validators Option<Vec<C<u16>>>, \
             commitments Option<Vec<(AccountId, Vec<C<u8>>)>>",
            listed.join(", ")
        ),
    );
}
