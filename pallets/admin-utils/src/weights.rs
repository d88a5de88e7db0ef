//! What the calls cost.

use frame_support::weights::Weight;

/// What the calls cost. All setters share one path through the keeper of the parameters, so the dearest of
/// them stands for all whose work does not grow with the subnet.
pub trait WeightInfo {
    /// A setter of a subnet.
    fn set_hyperparameter() -> Weight;
    /// A setter of the network.
    fn set_network_parameter() -> Weight;
    /// Setting the owner hotkey.
    fn set_owner_hotkey() -> Weight;
    /// Setting the number of mechanisms, with `n` neurons in a mechanism that goes.
    fn set_mechanism_count(n: u32) -> Weight;
    /// Trimming a subnet of `n` neurons.
    fn trim_to_max_allowed_uids(n: u32) -> Weight;
}

/// For tests.
impl WeightInfo for () {
    fn set_hyperparameter() -> Weight {
        Weight::from_parts(1, 0)
    }

    fn set_network_parameter() -> Weight {
        Weight::from_parts(1, 0)
    }

    fn set_owner_hotkey() -> Weight {
        Weight::from_parts(1, 0)
    }

    fn set_mechanism_count(_: u32) -> Weight {
        Weight::from_parts(1, 0)
    }

    fn trim_to_max_allowed_uids(_: u32) -> Weight {
        Weight::from_parts(1, 0)
    }
}
