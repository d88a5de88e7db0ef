//! What the pallet has to know of subnets.

use dendra_primitives::NetUid;

/// Which subnets there are; the core pallet in the runtime.
pub trait Subnets {
    /// Whether a subnet exists.
    fn exists(netuid: NetUid) -> bool;

    /// Makes a subnet exist, as far as [`Self::exists`] is concerned.
    #[cfg(feature = "runtime-benchmarks")]
    fn open(netuid: NetUid);
}
