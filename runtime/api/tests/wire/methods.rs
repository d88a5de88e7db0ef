//! Names of methods and arguments, and what is answered, as metadata shows them.

use dendra_runtime_api as api;
use sp_runtime::{OpaqueExtrinsic, generic, traits::BlakeTwo256};

use crate::names::name;

type Block = generic::Block<generic::Header<u32, BlakeTwo256>, OpaqueExtrinsic>;

/// Asserts the name of a trait and its methods, one line for each, in the order of their names.
macro_rules! check {
    ($declaration:ident, $called:literal, $listed:expr $(,)?) => {{
        let found = api::$declaration::runtime_metadata::<Block>(1);
        assert_eq!(found.name, $called);
        let mut methods = Vec::new();
        for method in &found.methods {
            let inputs: Vec<String> = method
                .inputs
                .iter()
                .map(|input| format!("{}: {}", input.name, name(&input.ty.type_info())))
                .collect();
            let (inputs, output) = (inputs.join(", "), name(&method.output.type_info()));
            methods.push(format!("{}({inputs}) -> {output}", method.name));
        }
        let mut expected: Vec<&str> = $listed.to_vec();
        methods.sort();
        expected.sort_unstable();
        assert_eq!(methods, expected);
    }};
}

#[test]
fn stake_is_asked_for_as_the_interface_says() {
    check!(
        runtime_decl_for_stake_info_runtime_api,
        "StakeInfoRuntimeApi",
        &[
            "get_stake_info_for_coldkey(coldkey_account: AccountId) -> Vec<StakeInfo>",
            "get_stake_info_for_coldkeys(coldkey_accounts: Vec<AccountId>) -> Vec<(AccountId, Vec<StakeInfo>)>",
            "get_stake_info_for_hotkey_coldkey_netuid(hotkey_account: AccountId, coldkey_account: AccountId, netuid: NetUid) -> Option<StakeInfo>",
            "get_stake_availability_for_coldkeys(coldkey_accounts: Vec<AccountId>, netuids: Option<Vec<NetUid>>) -> BTreeMap<AccountId, BTreeMap<NetUid, StakeAvailability>>",
            "get_coldkey_lock(coldkey: AccountId, netuid: NetUid) -> Option<LockState>",
            "get_hotkey_conviction(hotkey: AccountId, netuid: NetUid) -> U64F64",
            "get_most_convicted_hotkey_on_subnet(netuid: NetUid) -> Option<AccountId>",
            "get_stake_fee(origin: Option<(AccountId, NetUid)>, origin_coldkey_account: AccountId, destination: Option<(AccountId, NetUid)>, destination_coldkey_account: AccountId, amount: u64) -> u64",
        ],
    );
}

#[test]
fn subnets_are_asked_for_as_the_interface_says() {
    check!(
        runtime_decl_for_subnet_info_runtime_api,
        "SubnetInfoRuntimeApi",
        &[
            "get_all_dynamic_info() -> Vec<Option<DynamicInfo>>",
            "get_dynamic_info(netuid: NetUid) -> Option<DynamicInfo>",
            "get_metagraph(netuid: NetUid) -> Option<Metagraph>",
            "get_mechagraph(netuid: NetUid, mecid: MechId) -> Option<Metagraph>",
            "get_all_metagraphs() -> Vec<Option<Metagraph>>",
            "get_all_mechagraphs() -> Vec<Option<Metagraph>>",
            "get_subnet_state(netuid: NetUid) -> Option<SubnetState>",
            "get_subnet_hyperparams_v3(netuid: NetUid) -> Option<Vec<HyperparamEntry>>",
            "get_next_epoch_start_block(netuid: NetUid) -> Option<u64>",
            "get_subnet_to_prune() -> Option<NetUid>",
            "get_subnet_info(netuid: NetUid) -> Option<SubnetInfo>",
            "get_subnet_info_v2(netuid: NetUid) -> Option<SubnetInfov2>",
            "get_subnets_info() -> Vec<Option<SubnetInfo>>",
            "get_subnets_info_v2() -> Vec<Option<SubnetInfov2>>",
            "get_subnet_hyperparams(netuid: NetUid) -> Option<SubnetHyperparams>",
            "get_subnet_hyperparams_v2(netuid: NetUid) -> Option<SubnetHyperparamsV2>",
            "get_selective_metagraph(netuid: NetUid, metagraph_indexes: Vec<u16>) -> Option<SelectiveMetagraph>",
            "get_selective_mechagraph(netuid: NetUid, subid: MechId, metagraph_indexes: Vec<u16>) -> Option<SelectiveMetagraph>",
            "get_coldkey_auto_stake_hotkey(coldkey: AccountId, netuid: NetUid) -> Option<AccountId>",
            "get_subnet_account_id(netuid: NetUid) -> Option<AccountId>",
            "get_block_emission() -> TaoBalance",
        ],
    );
}

#[test]
fn neurons_are_asked_for_as_the_interface_says() {
    check!(
        runtime_decl_for_neuron_info_runtime_api,
        "NeuronInfoRuntimeApi",
        &[
            "get_neurons_lite(netuid: NetUid) -> Vec<NeuronInfoLite>",
            "get_neuron(netuid: NetUid, uid: u16) -> Option<NeuronInfo>",
            "get_neurons(netuid: NetUid) -> Vec<NeuronInfo>",
            "get_neuron_lite(netuid: NetUid, uid: u16) -> Option<NeuronInfoLite>",
        ],
    );
}

#[test]
fn delegates_are_asked_for_as_the_interface_says() {
    check!(
        runtime_decl_for_delegate_info_runtime_api,
        "DelegateInfoRuntimeApi",
        &[
            "get_delegates() -> Vec<DelegateInfo>",
            "get_delegate(delegate_account: AccountId) -> Option<DelegateInfo>",
            "get_delegated(delegatee_account: AccountId) -> Vec<(DelegateInfo, (C<NetUid>, C<AlphaBalance>))>",
        ],
    );
}

#[test]
fn prices_are_asked_for_as_the_interface_says() {
    check!(
        runtime_decl_for_subnet_registration_runtime_api,
        "SubnetRegistrationRuntimeApi",
        &["get_network_registration_cost() -> TaoBalance"],
    );
    check!(
        runtime_decl_for_swap_runtime_api,
        "SwapRuntimeApi",
        &[
            "current_alpha_price(netuid: NetUid) -> u64",
            "current_alpha_price_all() -> Vec<SubnetPrice>",
            "sim_swap_tao_for_alpha(netuid: NetUid, tao: TaoBalance) -> SimSwapResult",
            "sim_swap_alpha_for_tao(netuid: NetUid, alpha: AlphaBalance) -> SimSwapResult",
        ],
    );
}

#[test]
fn baskets_are_asked_for_as_the_interface_says() {
    check!(
        runtime_decl_for_beta_basket_runtime_api,
        "BetaBasketRuntimeApi",
        &[
            "get_root_basket_owed(coldkey: AccountId) -> TaoBalance",
            "get_root_basket_positions(coldkey: AccountId) -> Vec<(AccountId, u64, TaoBalance)>",
            "get_basket_payout(hotkey: AccountId, coldkey: AccountId) -> TaoBalance",
        ],
    );
}
