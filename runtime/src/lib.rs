//! The state transition function of a Dendra chain.
//!
//! Clients read names, indices, field order and types from the metadata of this runtime; they are a
//! promise, frozen by the snapshot in `tests/runtime/metadata.rs`. Whoever changes one of them raises
//! `spec_version` and says so in `changes/`.

#![cfg_attr(not(feature = "std"), no_std)]
#![recursion_limit = "256"]
#![allow(
    missing_docs,
    reason = "the macros of the SDK generate items without documentation"
)]

#[cfg(feature = "std")]
include!(concat!(env!("OUT_DIR"), "/wasm_binary.rs"));

extern crate alloc;

pub mod apis;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarks;
mod configs;
pub mod extensions;
pub mod genesis_config_presets;
#[cfg(feature = "try-runtime")]
mod trial;
pub mod weights;

pub use configs::{
    money::{EXISTENTIAL_DEPOSIT, FEE_PER_BYTE, FeePerRefTime, ToBlockAuthor},
    proxies::ProxyType,
    system::{BLOCK_HASH_COUNT, MAXIMUM_BLOCK_WEIGHT, RuntimeBlockWeights, SS58_PREFIX},
};

use alloc::{borrow::Cow, vec::Vec};
use sp_runtime::{
    MultiAddress, MultiSignature, generic, impl_opaque_keys,
    traits::{BlakeTwo256, IdentifyAccount, Verify},
};
use sp_version::RuntimeVersion;

/// Rao: the smallest unit of TAO.
pub type Balance = u64;
/// Rao in one TAO.
pub const TAO: Balance = 1_000_000_000;
/// Height of a block.
pub type BlockNumber = u32;
/// How often an account has signed.
pub type Nonce = u32;
/// Hash of a block or of an item in it.
pub type Hash = sp_core::H256;
/// An account may sign with sr25519, ed25519 or ecdsa.
pub type Signature = MultiSignature;
/// An account is the 32 bytes of its public key.
pub type AccountId = <<Signature as Verify>::Signer as IdentifyAccount>::AccountId;
/// How calls name an account.
pub type Address = MultiAddress<AccountId, ()>;
/// Header of a block.
pub type Header = generic::Header<BlockNumber, BlakeTwo256>;
/// A block.
pub type Block = generic::Block<Header, UncheckedExtrinsic>;
/// A block with the finality proof for it.
pub type SignedBlock = generic::SignedBlock<Block>;
/// A transaction or an inherent as it travels.
pub type UncheckedExtrinsic =
    generic::UncheckedExtrinsic<Address, RuntimeCall, Signature, TxExtension>;
/// What a signature covers.
pub type SignedPayload = generic::SignedPayload<RuntimeCall, TxExtension>;

/// What every signed transaction carries; the order is part of the interface, and clients know only the
/// stock identifiers.
pub type TxExtension = (
    frame_system::CheckNonZeroSender<Runtime>,
    frame_system::CheckSpecVersion<Runtime>,
    frame_system::CheckTxVersion<Runtime>,
    frame_system::CheckGenesis<Runtime>,
    frame_system::CheckEra<Runtime>,
    frame_system::CheckNonce<Runtime>,
    frame_system::CheckWeight<Runtime>,
    extensions::FlatPriority,
    extensions::SignedOnly,
    pallet_subtensor::extension::SubtensorTransactionExtension<Runtime>,
    frame_metadata_hash_extension::CheckMetadataHash<Runtime>,
);

/// Migrations of the next release.
pub type Migrations = ();

/// Runs blocks and transactions through the pallets.
pub type Executive = frame_executive::Executive<
    Runtime,
    Block,
    frame_system::ChainContext<Runtime>,
    Runtime,
    AllPalletsWithSystem,
    Migrations,
>;

/// Types that the node needs without knowing what a call is.
pub mod opaque {
    use super::*;

    /// A block whose extrinsics are bytes.
    pub type Block = generic::Block<Header, sp_runtime::OpaqueExtrinsic>;

    impl_opaque_keys! {
        /// The keys of a block producer.
        pub struct SessionKeys {
            /// Signs blocks.
            pub aura: crate::Aura,
            /// Signs finality votes.
            pub grandpa: crate::Grandpa,
        }
    }
}

/// Identity of this runtime.
#[sp_version::runtime_version]
pub const VERSION: RuntimeVersion = RuntimeVersion {
    spec_name: Cow::Borrowed("node-subtensor"),
    impl_name: Cow::Borrowed("node-subtensor"),
    authoring_version: 1,
    spec_version: 3,
    impl_version: 1,
    apis: apis::RUNTIME_API_VERSIONS,
    transaction_version: 1,
    system_version: 1,
};

/// The pallets at their fixed indices. Pallets of this project that no client reads by name start at 64,
/// above everything that the interface names.
#[frame_support::runtime]
mod runtime {
    #[runtime::runtime]
    #[runtime::derive(
        RuntimeCall,
        RuntimeEvent,
        RuntimeError,
        RuntimeOrigin,
        RuntimeFreezeReason,
        RuntimeHoldReason,
        RuntimeSlashReason,
        RuntimeLockId,
        RuntimeTask,
        RuntimeViewFunction
    )]
    /// The runtime.
    pub struct Runtime;

    #[runtime::pallet_index(0)]
    pub type System = frame_system;
    #[runtime::pallet_index(2)]
    pub type Timestamp = pallet_timestamp;
    #[runtime::pallet_index(3)]
    pub type Aura = pallet_aura;
    #[runtime::pallet_index(4)]
    pub type Grandpa = pallet_grandpa;
    #[runtime::pallet_index(5)]
    pub type Balances = pallet_balances;
    #[runtime::pallet_index(6)]
    pub type TransactionPayment = pallet_transaction_payment;
    #[runtime::pallet_index(7)]
    pub type SubtensorModule = pallet_subtensor;
    #[runtime::pallet_index(11)]
    pub type Utility = pallet_utility;
    #[runtime::pallet_index(12)]
    pub type Sudo = pallet_sudo;
    #[runtime::pallet_index(13)]
    pub type Multisig = pallet_multisig;
    #[runtime::pallet_index(14)]
    pub type Preimage = pallet_preimage;
    #[runtime::pallet_index(15)]
    pub type Scheduler = pallet_scheduler;
    #[runtime::pallet_index(16)]
    pub type Proxy = pallet_proxy;
    #[runtime::pallet_index(18)]
    pub type Commitments = pallet_commitments;
    #[runtime::pallet_index(19)]
    pub type AdminUtils = pallet_admin_utils;
    #[runtime::pallet_index(20)]
    pub type SafeMode = pallet_safe_mode;
    #[runtime::pallet_index(28)]
    pub type Swap = pallet_swap;
    #[runtime::pallet_index(64)]
    pub type BlockTime = pallet_block_time;
}
