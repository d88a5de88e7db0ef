//! The traits that the runtime implements.

use alloc::{collections::BTreeMap, vec::Vec};

use dendra_primitives::{AlphaBalance, MechId, NetUid, TaoBalance, U64F64, records::LockState};

use crate::{
    AccountId, DelegateInfo, Delegation, DynamicInfo, HyperparamEntry, Metagraph, NeuronInfo,
    NeuronInfoLite, SelectiveMetagraph, SimSwapResult, StakeAvailability, StakeInfo,
    SubnetHyperparams, SubnetHyperparamsV2, SubnetInfo, SubnetInfov2, SubnetPrice, SubnetState,
};

sp_api::decl_runtime_apis! {
    /// Stake of accounts, what of it is locked, and what moving it costs.
    pub trait StakeInfoRuntimeApi {
        /// Every position of a coldkey that is not empty, subnets ascending.
        fn get_stake_info_for_coldkey(coldkey_account: AccountId) -> Vec<StakeInfo>;

        /// The same for several coldkeys, in the order asked for.
        fn get_stake_info_for_coldkeys(
            coldkey_accounts: Vec<AccountId>,
        ) -> Vec<(AccountId, Vec<StakeInfo>)>;

        /// One position; always there, with zero stake when nothing is staked.
        fn get_stake_info_for_hotkey_coldkey_netuid(
            hotkey_account: AccountId,
            coldkey_account: AccountId,
            netuid: NetUid,
        ) -> Option<StakeInfo>;

        /// For each coldkey and subnet, what is staked, locked and free to move.
        ///
        /// Every coldkey appears; subnets with neither stake nor lock are left out. `netuids`: `None` for all
        /// subnets; an empty list, or one that is too long, yields empty maps.
        fn get_stake_availability_for_coldkeys(
            coldkey_accounts: Vec<AccountId>,
            netuids: Option<Vec<NetUid>>,
        ) -> BTreeMap<AccountId, BTreeMap<NetUid, StakeAvailability>>;

        /// The lock of a coldkey on a subnet, at the present block.
        fn get_coldkey_lock(coldkey: AccountId, netuid: NetUid) -> Option<LockState>;

        /// The conviction of all locks behind a hotkey on a subnet, at the present block.
        fn get_hotkey_conviction(hotkey: AccountId, netuid: NetUid) -> U64F64;

        /// The hotkey with the highest conviction on a subnet.
        fn get_most_convicted_hotkey_on_subnet(netuid: NetUid) -> Option<AccountId>;

        /// The fee of moving stake, in units of what is moved.
        ///
        /// `origin`: hotkey and subnet that the stake leaves, `None` when it is new.
        /// `destination`: where it goes, `None` when it is taken out.
        fn get_stake_fee(
            origin: Option<(AccountId, NetUid)>,
            origin_coldkey_account: AccountId,
            destination: Option<(AccountId, NetUid)>,
            destination_coldkey_account: AccountId,
            amount: u64,
        ) -> u64;
    }

    /// Subnets: their state, their hyperparameters and their neurons as columns.
    ///
    /// A subnet that does not exist yields `None`. Lists run over existing subnets, ascending.
    pub trait SubnetInfoRuntimeApi {
        /// Pools, emission and identity of every subnet.
        fn get_all_dynamic_info() -> Vec<Option<DynamicInfo>>;

        /// Pools, emission and identity of a subnet.
        fn get_dynamic_info(netuid: NetUid) -> Option<DynamicInfo>;

        /// Everything about a subnet and its neurons.
        fn get_metagraph(netuid: NetUid) -> Option<Metagraph>;

        /// Everything about a subnet, with the columns of one mechanism.
        ///
        /// The field `netuid` holds the index of the pair of subnet and mechanism.
        fn get_mechagraph(netuid: NetUid, mecid: MechId) -> Option<Metagraph>;

        /// Everything about every subnet.
        fn get_all_metagraphs() -> Vec<Option<Metagraph>>;

        /// Everything about every mechanism of every subnet.
        fn get_all_mechagraphs() -> Vec<Option<Metagraph>>;

        /// The neurons of a subnet as columns.
        fn get_subnet_state(netuid: NetUid) -> Option<SubnetState>;

        /// The hyperparameters of a subnet as a list of names and values.
        fn get_subnet_hyperparams_v3(netuid: NetUid) -> Option<Vec<HyperparamEntry>>;

        /// The block at which the next epoch of a subnet is due; `None` when tempo is 0.
        fn get_next_epoch_start_block(netuid: NetUid) -> Option<u64>;

        /// The subnet that would make room for a new one.
        fn get_subnet_to_prune() -> Option<NetUid>;

        /// Settings and state of a subnet, the oldest form.
        fn get_subnet_info(netuid: NetUid) -> Option<SubnetInfo>;

        /// Settings, state and identity of a subnet.
        fn get_subnet_info_v2(netuid: NetUid) -> Option<SubnetInfov2>;

        /// Settings and state of every subnet, the oldest form.
        fn get_subnets_info() -> Vec<Option<SubnetInfo>>;

        /// Settings, state and identity of every subnet.
        fn get_subnets_info_v2() -> Vec<Option<SubnetInfov2>>;

        /// The hyperparameters of a subnet, the oldest form.
        fn get_subnet_hyperparams(netuid: NetUid) -> Option<SubnetHyperparams>;

        /// The hyperparameters of a subnet, the second form.
        fn get_subnet_hyperparams_v2(netuid: NetUid) -> Option<SubnetHyperparamsV2>;

        /// Chosen fields of [`Metagraph`]; the numbers are those of
        /// [`Selection`](crate::Selection).
        fn get_selective_metagraph(
            netuid: NetUid,
            metagraph_indexes: Vec<u16>,
        ) -> Option<SelectiveMetagraph>;

        /// Chosen fields of [`Metagraph`], with the columns of one mechanism.
        fn get_selective_mechagraph(
            netuid: NetUid,
            subid: MechId,
            metagraph_indexes: Vec<u16>,
        ) -> Option<SelectiveMetagraph>;

        /// The hotkey to which the incentive of a coldkey's miners is staked.
        fn get_coldkey_auto_stake_hotkey(coldkey: AccountId, netuid: NetUid) -> Option<AccountId>;

        /// The account that holds the TAO of a subnet.
        fn get_subnet_account_id(netuid: NetUid) -> Option<AccountId>;

        /// TAO that a block emits at present.
        fn get_block_emission() -> TaoBalance;
    }

    /// Neurons of a subnet, one struct for each.
    pub trait NeuronInfoRuntimeApi {
        /// Every neuron without weights and bonds, uids ascending.
        fn get_neurons_lite(netuid: NetUid) -> Vec<NeuronInfoLite>;

        /// A neuron; `None` if nobody has the uid.
        fn get_neuron(netuid: NetUid, uid: u16) -> Option<NeuronInfo>;

        /// Every neuron, uids ascending.
        fn get_neurons(netuid: NetUid) -> Vec<NeuronInfo>;

        /// A neuron without weights and bonds; `None` if nobody has the uid.
        fn get_neuron_lite(netuid: NetUid, uid: u16) -> Option<NeuronInfoLite>;
    }

    /// Hotkeys that stake for others.
    pub trait DelegateInfoRuntimeApi {
        /// Every hotkey with a take of its own.
        fn get_delegates() -> Vec<DelegateInfo>;

        /// A hotkey; `None` without a take of its own.
        fn get_delegate(delegate_account: AccountId) -> Option<DelegateInfo>;

        /// The delegates to which a coldkey has staked, with the subnet and the stake; their lists of nominators
        /// are empty.
        fn get_delegated(delegatee_account: AccountId) -> Vec<Delegation>;
    }

    /// Creation of subnets.
    pub trait SubnetRegistrationRuntimeApi {
        /// What creating a subnet costs at present.
        fn get_network_registration_cost() -> TaoBalance;
    }

    /// Prices of alpha, and trades that only compute.
    pub trait SwapRuntimeApi {
        /// Rao of TAO for 10^9 units of alpha; 10^9 for root.
        fn current_alpha_price(netuid: NetUid) -> u64;

        /// The price on every subnet, root included, ascending.
        fn current_alpha_price_all() -> Vec<SubnetPrice>;

        /// Buying alpha for this much TAO; all zero if it would fail.
        fn sim_swap_tao_for_alpha(netuid: NetUid, tao: TaoBalance) -> SimSwapResult;

        /// Selling this much alpha; all zero if it would fail.
        fn sim_swap_alpha_for_tao(netuid: NetUid, alpha: AlphaBalance) -> SimSwapResult;
    }

    /// Alpha that root stake holds through validators. A chain without it answers nothing and zero.
    pub trait BetaBasketRuntimeApi {
        /// TAO that all positions of a coldkey would pay at present.
        fn get_root_basket_owed(coldkey: AccountId) -> TaoBalance;

        /// Positions of a coldkey: hotkey of the validator, shares, payout.
        fn get_root_basket_positions(coldkey: AccountId) -> Vec<(AccountId, u64, TaoBalance)>;

        /// TAO that one position of a coldkey would pay at present.
        fn get_basket_payout(hotkey: AccountId, coldkey: AccountId) -> TaoBalance;
    }
}
