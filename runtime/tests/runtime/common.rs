//! A chain in memory, started from a preset of the runtime.

use codec::Encode;
use dendra_runtime::{
    AccountId, Address, Executive, Header, RuntimeCall, RuntimeGenesisConfig, Signature,
    SignedPayload, System, TxExtension, UncheckedExtrinsic,
    extensions::{FlatPriority, SignedOnly},
    genesis_config_presets,
};
use frame_support::genesis_builder_helper;
use sp_consensus_aura::{AURA_ENGINE_ID, Slot};
use sp_core::{Pair, sr25519};
use sp_io::TestExternalities;
use sp_runtime::{Digest, DigestItem, MultiAddress, generic::Era, traits::Header as _};

/// The development chain after its genesis.
pub(crate) fn development() -> TestExternalities {
    preset(genesis_config_presets::DEVELOPMENT)
}

/// A chain after the genesis of this preset.
pub(crate) fn preset(name: &str) -> TestExternalities {
    let mut state = TestExternalities::default();
    state.execute_with(|| {
        let patch = genesis_config_presets::get_preset(&name.into()).expect("the preset exists");
        let mut whole = serde_json::to_value(RuntimeGenesisConfig::default()).unwrap();
        merge(&mut whole, serde_json::from_slice(&patch).unwrap());
        genesis_builder_helper::build_state::<RuntimeGenesisConfig>(
            serde_json::to_vec(&whole).unwrap(),
        )
        .unwrap();
    });
    state
}

fn merge(into: &mut serde_json::Value, patch: serde_json::Value) {
    match (into, patch) {
        (serde_json::Value::Object(into), serde_json::Value::Object(patch)) => {
            for (key, value) in patch {
                merge(into.entry(key).or_insert(serde_json::Value::Null), value);
            }
        }
        (into, patch) => *into = patch,
    }
}

/// Starts block `number`, made by the authority whose turn the slot is.
pub(crate) fn start_block(number: u32, slot: u64) {
    let digest = Digest {
        logs: vec![DigestItem::PreRuntime(
            AURA_ENGINE_ID,
            Slot::from(slot).encode(),
        )],
    };
    let parent = System::parent_hash();
    Executive::initialize_block(&Header::new(
        number,
        Default::default(),
        Default::default(),
        parent,
        digest,
    ));
    let now = slot * dendra_runtime::BlockTime::slot_duration();
    let inherent =
        UncheckedExtrinsic::new_bare(RuntimeCall::Timestamp(pallet_timestamp::Call::set { now }));
    Executive::apply_extrinsic(inherent).unwrap().unwrap();
}

/// Ends the block and checks every invariant that does not need the `try-runtime` feature.
pub(crate) fn end_block() -> Header {
    let header = Executive::finalize_block();
    dendra_runtime::BlockTime::do_try_state().unwrap();
    dendra_runtime::SubtensorModule::do_try_state().unwrap();
    dendra_runtime::Commitments::do_try_state().unwrap();
    header
}

pub(crate) fn pair(seed: &str) -> sr25519::Pair {
    sr25519::Pair::from_string(seed, None).unwrap()
}

pub(crate) fn account(seed: &str) -> AccountId {
    AccountId::new(pair(seed).public().0)
}

pub(crate) fn address(seed: &str) -> Address {
    MultiAddress::Id(account(seed))
}

/// What goes with a transaction of this nonce and tip.
pub(crate) fn extension(nonce: u32, tip: u64) -> TxExtension {
    (
        frame_system::CheckNonZeroSender::new(),
        frame_system::CheckSpecVersion::new(),
        frame_system::CheckTxVersion::new(),
        frame_system::CheckGenesis::new(),
        frame_system::CheckEra::from(Era::Immortal),
        frame_system::CheckNonce::from(nonce),
        frame_system::CheckWeight::new(),
        FlatPriority::from_tip(tip),
        SignedOnly,
        Default::default(),
        frame_metadata_hash_extension::CheckMetadataHash::new(false),
    )
}

/// A transaction as an ordinary client signs it.
pub(crate) fn signed(seed: &str, nonce: u32, tip: u64, call: RuntimeCall) -> UncheckedExtrinsic {
    let extension = extension(nonce, tip);
    let payload = SignedPayload::new(call.clone(), extension.clone()).unwrap();
    let signature = payload.using_encoded(|bytes| pair(seed).sign(bytes));
    UncheckedExtrinsic::new_signed(
        call,
        address(seed),
        Signature::Sr25519(signature),
        extension,
    )
}

pub(crate) fn transfer(to: &str, value: u64) -> RuntimeCall {
    RuntimeCall::Balances(pallet_balances::Call::transfer_keep_alive {
        dest: address(to),
        value,
    })
}
