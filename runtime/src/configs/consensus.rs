//! Who makes blocks, how often, and when they are final.

use frame_support::traits::{ConstBool, ConstU32, ConstU64, Get};
use sp_consensus_aura::sr25519::AuthorityId as AuraId;

use crate::{Aura, BlockTime, Runtime, RuntimeEvent, weights};

/// Largest number of block producers.
pub(crate) type MaxAuthorities = ConstU32<32>;

/// Milliseconds between blocks, as the genesis chose them; also the metadata constant `Aura.SlotDuration`.
pub struct SlotDuration;
impl Get<u64> for SlotDuration {
    fn get() -> u64 {
        BlockTime::slot_duration()
    }
}

/// Least milliseconds between two timestamps: half a slot.
pub struct MinimumPeriod;
impl Get<u64> for MinimumPeriod {
    fn get() -> u64 {
        BlockTime::slot_duration().saturating_div(2)
    }
}

impl pallet_block_time::Config for Runtime {}

impl pallet_timestamp::Config for Runtime {
    type Moment = u64;
    type OnTimestampSet = Aura;
    type MinimumPeriod = MinimumPeriod;
    type WeightInfo = weights::pallet_timestamp::WeightInfo<Runtime>;
}

impl pallet_aura::Config for Runtime {
    type AuthorityId = AuraId;
    type DisabledValidators = ();
    type MaxAuthorities = MaxAuthorities;
    type AllowMultipleBlocksPerSlot = ConstBool<false>;
    type SlotDuration = SlotDuration;
}

impl pallet_grandpa::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    // Its only calls are for equivocations, which are never submitted, and for root.
    type WeightInfo = ();
    type MaxAuthorities = MaxAuthorities;
    type MaxNominators = ConstU32<0>;
    type MaxSetIdSessionEntries = ConstU64<0>;
    // Authorities change by sudo only; there is no stake of theirs that an equivocation could cost.
    type KeyOwnerProof = sp_core::Void;
    type EquivocationReportSystem = ();
}
