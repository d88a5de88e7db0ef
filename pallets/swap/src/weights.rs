//! What the calls cost.

use frame_support::weights::Weight;

/// Costs of the calls; the runtime supplies those of its machine.
pub trait WeightInfo {
    /// Setting the fee of a subnet that has one already.
    fn set_fee_rate() -> Weight;
}

/// A made-up cost, for tests only.
impl WeightInfo for () {
    fn set_fee_rate() -> Weight {
        Weight::from_parts(1_000, 0)
    }
}
