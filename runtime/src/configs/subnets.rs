//! Subnets: the core pallet, its setters, its pools and commitments.

use dendra_primitives::NetUid;
use frame_support::{
    parameter_types,
    traits::{ConstU32, ConstU64, Get},
    weights::Weight,
};
use frame_system::EnsureRoot;
use pallet_commitments::BondReset;

use super::money::block_author;
use crate::{
    AccountId, Balances, Commitments, MAXIMUM_BLOCK_WEIGHT, Runtime, SubtensorModule, Swap, weights,
};

/// What swapping a key costs, in rao.
const KEY_SWAP_COST: u64 = 100_000_000;

parameter_types! {
    /// The block hook may use half of a block: two seconds. The largest epoch, with all edges from parents to its
    /// neurons and the steps of 4096 subnets around it, needs one and a half.
    pub HookBudget: Weight = MAXIMUM_BLOCK_WEIGHT.saturating_div(2);
}

/// The account of the block's author.
pub struct BlockAuthor;
impl Get<Option<AccountId>> for BlockAuthor {
    fn get() -> Option<AccountId> {
        block_author()
    }
}

impl pallet_subtensor::Config for Runtime {
    type Currency = Balances;
    type Pools = Swap;
    type Records = CommitmentRecords;
    type Nested = super::nested::CallsWithin;
    type Author = BlockAuthor;
    type HookBudget = HookBudget;
    type InitialStartCallDelay = ConstU64<0>;
    type KeySwapCost = ConstU64<KEY_SWAP_COST>;
    type WeightInfo = weights::pallet_subtensor::WeightInfo<Runtime>;
}

/// What commitments keep about neurons.
pub struct CommitmentRecords;
impl pallet_subtensor::NeuronRecords for CommitmentRecords {
    fn forget(netuid: NetUid, hotkey: &AccountId) {
        Commitments::remove(netuid, hotkey);
    }

    fn rename(netuid: NetUid, old: &AccountId, new: &AccountId) {
        Commitments::move_hotkey(netuid, old, new);
    }

    fn clear(netuid: NetUid, limit: u32) -> bool {
        Commitments::clear_subnet(netuid, limit).done
    }
}

impl pallet_commitments::Config for Runtime {
    type Subnets = SubnetsOfCommitments;
    type AdminOrigin = EnsureRoot<AccountId>;
    type MaxFields = ConstU32<3>;
    type WeightInfo = weights::pallet_commitments::WeightInfo<Runtime>;
}

/// What commitments have to know of subnets.
pub struct SubnetsOfCommitments;
impl pallet_commitments::Subnets<AccountId> for SubnetsOfCommitments {
    fn is_member(netuid: NetUid, hotkey: &AccountId) -> bool {
        pallet_subtensor::Uids::<Runtime>::contains_key(netuid, hotkey)
    }

    fn epoch_index(netuid: NetUid) -> u64 {
        pallet_subtensor::SubnetEpochIndex::<Runtime>::get(netuid)
    }

    fn reset_bonds(netuid: NetUid, hotkey: &AccountId) -> BondReset {
        let (took_place, cost) = SubtensorModule::reset_bonds(netuid, hotkey);
        BondReset { took_place, cost }
    }

    fn greatest_reset_weight() -> Weight {
        SubtensorModule::greatest_reset_weight()
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn add_member(netuid: NetUid, hotkey: &AccountId) {
        SubtensorModule::add_benchmark_member(netuid, hotkey);
    }
}

impl pallet_swap::Config for Runtime {
    type Subnets = SubnetsOfPools;
    type WeightInfo = weights::pallet_swap::WeightInfo<Runtime>;
}

/// What the settings of pools have to know of subnets.
pub struct SubnetsOfPools;
impl pallet_swap::Subnets for SubnetsOfPools {
    fn exists(netuid: NetUid) -> bool {
        SubtensorModule::exists(netuid)
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn open(netuid: NetUid) {
        pallet_subtensor::NetworksAdded::<Runtime>::insert(netuid, true);
    }
}

impl pallet_admin_utils::Config for Runtime {
    type Settings = SubtensorModule;
    type WeightInfo = weights::pallet_admin_utils::WeightInfo<Runtime>;
    #[cfg(feature = "runtime-benchmarks")]
    type Benchmark = SubtensorModule;
}
