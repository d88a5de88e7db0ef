//! Blocks, accounts and calls.

use frame_support::{
    derive_impl,
    dispatch::DispatchClass,
    parameter_types,
    traits::ConstU32,
    weights::{
        Weight,
        constants::{ParityDbWeight, WEIGHT_REF_TIME_PER_SECOND},
    },
};
use frame_system::limits::{BlockLength, BlockWeights};
use sp_runtime::{Perbill, traits::AccountIdLookup};
use sp_version::RuntimeVersion;

use crate::{
    AccountId, Balance, Block, Hash, Nonce, PalletInfo, Runtime, RuntimeCall, RuntimeEvent,
    RuntimeOrigin, RuntimeTask, SafeMode, VERSION, weights,
};

/// Address prefix of every Bittensor-compatible chain.
pub const SS58_PREFIX: u16 = 42;
/// Blocks whose hashes a transaction's era can refer to.
pub const BLOCK_HASH_COUNT: u32 = 2400;
/// Computation in one block: a third of the 12 s between public blocks. On faster networks the block
/// producer's own deadline ends a block earlier.
pub const MAXIMUM_BLOCK_WEIGHT: Weight =
    Weight::from_parts(WEIGHT_REF_TIME_PER_SECOND.saturating_mul(4), u64::MAX);
/// Bytes of transactions in one block.
const MAXIMUM_BLOCK_LENGTH: u32 = 5 * 1024 * 1024;
/// Share of a block that ordinary transactions may fill; the rest is for operational ones.
const NORMAL_RATIO: Perbill = Perbill::from_percent(75);

parameter_types! {
    pub const BlockHashCount: u32 = BLOCK_HASH_COUNT;
    pub const SS58Prefix: u16 = SS58_PREFIX;
    pub const Version: RuntimeVersion = VERSION;
    /// Limits of computation per block and per class of transaction.
    pub RuntimeBlockWeights: BlockWeights =
        BlockWeights::with_sensible_defaults(MAXIMUM_BLOCK_WEIGHT, NORMAL_RATIO);
    pub RuntimeBlockLength: BlockLength = BlockLength::builder()
        .max_length(MAXIMUM_BLOCK_LENGTH)
        .modify_max_length_for_class(DispatchClass::Normal, |length| {
            *length = NORMAL_RATIO * MAXIMUM_BLOCK_LENGTH;
        })
        .build();
}

#[derive_impl(frame_system::config_preludes::SolochainDefaultConfig)]
impl frame_system::Config for Runtime {
    type AccountData = pallet_balances::AccountData<Balance>;
    type AccountId = AccountId;
    type BaseCallFilter = SafeMode;
    type Block = Block;
    type BlockHashCount = BlockHashCount;
    type BlockLength = RuntimeBlockLength;
    type BlockWeights = RuntimeBlockWeights;
    type DbWeight = ParityDbWeight;
    type Hash = Hash;
    type Lookup = AccountIdLookup<AccountId, ()>;
    type MaxConsumers = ConstU32<16>;
    type Nonce = Nonce;
    type SS58Prefix = SS58Prefix;
    type SystemWeightInfo = weights::frame_system::WeightInfo<Runtime>;
    type ExtensionsWeightInfo = weights::frame_system_extensions::WeightInfo<Runtime>;
    type Version = Version;
}

impl pallet_utility::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type PalletsOrigin = crate::OriginCaller;
    type WeightInfo = weights::pallet_utility::WeightInfo<Runtime>;
}
