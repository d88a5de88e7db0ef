//! What the pallet must know of subnets.

use dendra_primitives::NetUid;
use frame_support::weights::Weight;

/// Outcome of a request to reset bonds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BondReset {
    /// Whether the bonds were deleted; `false` where the subnet does not do that on request.
    pub took_place: bool,
    /// What finding out and deleting cost, at most [`Subnets::greatest_reset_weight`].
    pub cost: Weight,
}

/// Subnets, their members and their bonds, as the core pallet keeps them.
pub trait Subnets<AccountId> {
    /// Whether the subnet exists and the hotkey has a uid there.
    fn is_member(netuid: NetUid, hotkey: &AccountId) -> bool;

    /// Number of the subnet's current epoch.
    fn epoch_index(netuid: NetUid) -> u64;

    /// Deletes all bonds toward the uid of the hotkey, in every mechanism (consensus 6.7).
    ///
    /// Does nothing where the subnet's owner has not switched that on. Whoever implements this reports the
    /// deletion in an event.
    fn reset_bonds(netuid: NetUid, hotkey: &AccountId) -> BondReset;

    /// The most that one bond reset costs on any subnet, refused or not.
    fn greatest_reset_weight() -> Weight;

    /// Makes the hotkey a member of the subnet, which is created where it does not exist.
    ///
    /// The benchmarks add up to [`LARGEST_BATCH`](crate::LARGEST_BATCH) of them.
    #[cfg(feature = "runtime-benchmarks")]
    fn add_member(netuid: NetUid, hotkey: &AccountId);
}
