//! What the calls and the cleaning functions cost.

use frame_support::weights::Weight;

/// Costs of the pallet; the runtime supplies the measured ones.
///
/// Apart from the bond reset, which [`Subnets`](crate::Subnets) accounts for.
pub trait WeightInfo {
    /// Publishing three fields of the greatest size where [`TimelockedIndex`](crate::TimelockedIndex)
    /// stays as it is.
    fn set_commitment() -> Weight;
    /// The same where the hotkey enters or leaves a full [`TimelockedIndex`](crate::TimelockedIndex).
    fn set_commitment_timelocked() -> Weight;
    /// Changing the quota.
    fn set_max_space() -> Weight;
    /// [`Pallet::remove`](crate::Pallet::remove) of a hotkey with every kind of record.
    fn remove() -> Weight;
    /// [`Pallet::move_hotkey`](crate::Pallet::move_hotkey) of a hotkey with every kind of record.
    fn move_hotkey() -> Weight;
    /// [`Pallet::clear_subnet`](crate::Pallet::clear_subnet) that removes `n` hotkeys with every kind of
    /// record.
    fn clear_subnet(n: u32) -> Weight;
}

/// Made-up costs, all different, for tests only: a runtime uses measured ones.
impl WeightInfo for () {
    fn set_commitment() -> Weight {
        Weight::from_parts(1_000, 0)
    }

    fn set_commitment_timelocked() -> Weight {
        Weight::from_parts(2_000, 0)
    }

    fn set_max_space() -> Weight {
        Weight::from_parts(3_000, 0)
    }

    fn remove() -> Weight {
        Weight::from_parts(4_000, 0)
    }

    fn move_hotkey() -> Weight {
        Weight::from_parts(5_000, 0)
    }

    fn clear_subnet(n: u32) -> Weight {
        Weight::from_parts(6_000, 0).saturating_mul(n.into())
    }
}
