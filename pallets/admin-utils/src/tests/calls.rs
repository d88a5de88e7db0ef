//! Each setter names its row of the table, with the arguments that clients know.

use codec::{Decode, Encode};
use dendra_primitives::NetUid;
use frame_support::{assert_ok, traits::UnfilteredDispatchable};
use scale_info::{TypeDef, TypeInfo, Variant, form::MetaForm};
use subnet_hyperparameters::{Hyperparameter, Kind, NetworkParameter, Setter, Setting, Value};

use crate::{
    Call,
    mock::{Asked, Notebook, RuntimeOrigin, Test, run},
};

/// Names in the order of their indices. Clients keep calls by index; nothing here may ever move.
#[rustfmt::skip]
const INDICES: &[&str] = &[
    "sudo_set_serving_rate_limit", "sudo_set_weights_version_key", "sudo_set_weights_set_rate_limit",
    "sudo_set_adjustment_alpha", "sudo_set_immunity_period", "sudo_set_min_allowed_weights",
    "sudo_set_max_allowed_uids", "sudo_set_min_allowed_uids", "sudo_set_kappa", "sudo_set_rho",
    "sudo_set_network_registration_allowed", "sudo_set_network_pow_registration_allowed",
    "sudo_set_target_registrations_per_interval", "sudo_set_max_registrations_per_block",
    "sudo_set_min_burn", "sudo_set_max_burn", "sudo_set_burn_half_life", "sudo_set_burn_increase_mult",
    "sudo_set_max_allowed_validators", "sudo_set_bonds_moving_average", "sudo_set_bonds_penalty",
    "sudo_set_bonds_reset_enabled", "sudo_set_tempo", "sudo_set_activity_cutoff_factor",
    "sudo_set_commit_reveal_weights_enabled", "sudo_set_commit_reveal_weights_interval",
    "sudo_set_liquid_alpha_enabled", "sudo_set_alpha_values", "sudo_set_alpha_sigmoid_steepness",
    "sudo_set_yuma3_enabled", "sudo_set_toggle_transfer", "sudo_set_owner_cut_enabled",
    "sudo_set_owner_cut_auto_lock_enabled", "sudo_set_min_childkey_take_per_subnet",
    "sudo_set_owner_immune_neuron_limit", "sudo_set_sn_owner_hotkey", "sudo_set_recycle_or_burn",
    "sudo_set_mechanism_count", "sudo_set_mechanism_emission_split", "sudo_trim_to_max_allowed_uids",
    "sudo_set_epoch_consensus", "sudo_set_collateral_lock_share", "sudo_set_collateral_drain_ratio",
    "sudo_set_subnet_emission_enabled", "sudo_set_max_difficulty", "sudo_set_min_difficulty",
    "sudo_set_difficulty", "sudo_set_adjustment_interval", "sudo_set_activity_cutoff",
    "sudo_set_subtoken_enabled", "sudo_set_subnet_owner_hotkey", "sudo_set_network_rate_limit",
    "sudo_set_lock_reduction_interval", "sudo_set_admin_freeze_window", "sudo_set_owner_hparam_rate_limit",
    "sudo_set_tx_rate_limit", "sudo_set_tx_delegate_take_rate_limit", "sudo_set_stake_threshold",
    "sudo_set_nominator_min_required_stake", "sudo_set_start_call_delay", "sudo_set_network_min_lock_cost",
    "sudo_set_subnet_limit", "sudo_set_default_take", "sudo_set_min_delegate_take", "sudo_set_tao_weight",
    "sudo_set_max_epochs_per_block", "sudo_set_network_immunity_period", "sudo_set_max_mechanism_count",
    "sudo_set_min_non_immune_uids", "sudo_set_coldkey_swap_announcement_delay",
    "sudo_set_coldkey_swap_reannouncement_delay", "sudo_set_commit_reveal_version",
    "sudo_set_subnet_owner_cut", "sudo_set_ck_burn", "sudo_set_subnet_moving_alpha",
    "sudo_set_ema_price_halving_period",
];

fn calls() -> Vec<Variant<MetaForm>> {
    let TypeDef::Variant(calls) = Call::<Test>::type_info().type_def else {
        panic!("calls are variants");
    };
    calls.variants
}

fn call(name: &str) -> Variant<MetaForm> {
    calls()
        .into_iter()
        .find(|call| call.name == name)
        .unwrap_or_else(|| panic!("there is no call {name}"))
}

/// Name and type of each argument, as metadata has them.
fn arguments(name: &str) -> Vec<(&'static str, &'static str)> {
    call(name)
        .fields
        .iter()
        .map(|field| {
            let name = field.name.expect("arguments have names");
            (name, field.type_name.expect("arguments have types"))
        })
        .collect()
}

fn expected(setting: &Setting) -> Vec<(&'static str, &'static str)> {
    setting
        .arguments
        .iter()
        .map(|argument| (*argument, setting.kind.type_name()))
        .collect()
}

fn admin_calls(setting: &Setting) -> impl Iterator<Item = &'static str> {
    setting.setters.iter().filter_map(|setter| match setter {
        Setter::AdminUtils(call) => Some(*call),
        Setter::SubtensorModule(_) => None,
    })
}

/// A value of a kind, and how it is encoded in a call.
fn sample(kind: Kind) -> (Value, Vec<u8>) {
    match kind {
        Kind::Bool => (true.into(), true.encode()),
        Kind::U8 => (7u8.into(), 7u8.encode()),
        Kind::U16 => (7u16.into(), 7u16.encode()),
        Kind::I16 => ((-7i16).into(), (-7i16).encode()),
        Kind::U32 => (7u32.into(), 7u32.encode()),
        Kind::U64 => (7u64.into(), 7u64.encode()),
        Kind::Tao => {
            let amount = dendra_primitives::TaoBalance::new(7);
            (amount.into(), amount.encode())
        }
        Kind::Fixed => {
            let number = dendra_primitives::U64F64::from_bits(7);
            (number.into(), number.encode())
        }
        Kind::Mechanisms => {
            let count = dendra_primitives::MechId::new(7);
            (count.into(), count.encode())
        }
        Kind::Range => ((6u16, 7u16).into(), (6u16, 7u16).encode()),
        Kind::Split => {
            let split = Some(vec![6u16, 7]);
            (split.clone().into(), split.encode())
        }
        Kind::Account => ([7; 32].into(), [7u8; 32].encode()),
        Kind::RecycleOrBurn => {
            let choice = dendra_primitives::records::RecycleOrBurnEnum::Recycle;
            (choice.into(), choice.encode())
        }
        Kind::Consensus => {
            let choice = dendra_primitives::records::EpochConsensus::Null;
            (choice.into(), choice.encode())
        }
    }
}

/// Sends the call of this name with these encoded arguments, as root; what the keeper was asked.
fn send(name: &str, arguments: Vec<u8>) -> Vec<Asked> {
    let mut bytes = vec![call(name).index];
    bytes.extend(arguments);
    let mut rest = bytes.as_slice();
    let call = Call::<Test>::decode(&mut rest).expect("the call decodes");
    assert!(rest.is_empty(), "{name} has fewer arguments");
    assert_ok!(call.dispatch_bypass_filter(RuntimeOrigin::root()));
    Notebook::take()
}

#[test]
fn indices_are_frozen() {
    let found: Vec<_> = calls()
        .iter()
        .map(|call| (usize::from(call.index), call.name))
        .collect();
    let frozen: Vec<_> = INDICES.iter().copied().enumerate().collect();
    assert_eq!(found, frozen);
}

#[test]
fn every_setter_of_a_subnet_has_the_arguments_of_its_row() {
    for parameter in Hyperparameter::ALL {
        let setting = &parameter.definition().setting;
        for name in admin_calls(setting) {
            let mut all = vec![("netuid", "NetUid")];
            all.extend(expected(setting));
            assert_eq!(arguments(name), all, "{name}");
        }
    }
}

#[test]
fn every_setter_of_the_network_has_the_argument_of_its_row() {
    for parameter in NetworkParameter::ALL {
        let setting = &parameter.definition().setting;
        for name in admin_calls(setting) {
            assert_eq!(arguments(name), expected(setting), "{name}");
        }
    }
}

#[test]
fn every_call_belongs_to_a_row() {
    let subnet = Hyperparameter::ALL
        .iter()
        .flat_map(|parameter| admin_calls(&parameter.definition().setting));
    let network = NetworkParameter::ALL
        .iter()
        .flat_map(|parameter| admin_calls(&parameter.definition().setting));
    let mut known: Vec<_> = subnet.chain(network).collect();
    let mut found: Vec<_> = calls().iter().map(|call| call.name).collect();
    known.sort_unstable();
    found.sort_unstable();
    assert_eq!(found, known);
}

#[test]
fn every_setter_of_a_subnet_asks_for_its_row_with_its_value() {
    run(|| {
        let netuid = NetUid::new(300);
        for parameter in Hyperparameter::ALL {
            let setting = &parameter.definition().setting;
            let (value, bytes) = sample(setting.kind);
            for name in admin_calls(setting) {
                let asked = send(name, (netuid, Raw(bytes.clone())).encode());
                assert_eq!(
                    asked,
                    [Asked::Subnet(netuid, *parameter, value.clone())],
                    "{name}"
                );
            }
        }
    });
}

#[test]
fn every_setter_of_the_network_asks_for_its_row_with_its_value() {
    run(|| {
        for parameter in NetworkParameter::ALL {
            let setting = &parameter.definition().setting;
            let (value, bytes) = sample(setting.kind);
            for name in admin_calls(setting) {
                let asked = send(name, bytes.clone());
                assert_eq!(asked, [Asked::Network(*parameter, value.clone())], "{name}");
            }
        }
    });
}

/// Bytes that are encoded already.
struct Raw(Vec<u8>);

impl Encode for Raw {
    fn encode_to<O: codec::Output + ?Sized>(&self, output: &mut O) {
        output.write(&self.0);
    }
}
