//! Between the pallet that declares setters and the one that keeps what they set.

use dendra_primitives::{MechId, NetUid};

use crate::{Hyperparameter, NetworkParameter, Refusal, Value};

/// Why a change failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingError<Failure> {
    /// A check refused it.
    Refused(Refusal),
    /// Something else: the signer, the time, or what the change brings about.
    Failed(Failure),
}

impl<Failure> From<Refusal> for SettingError<Failure> {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// Whoever keeps the parameters.
///
/// `Origin`: by whom a change is asked for. `Failure`: the error of calls.
pub trait Settings<Origin, Failure> {
    /// Sets a hyperparameter of a subnet, with all checks.
    fn set(
        origin: Origin,
        netuid: NetUid,
        parameter: Hyperparameter,
        value: Value,
    ) -> Result<(), SettingError<Failure>>;

    /// Sets a parameter of the network, with all checks.
    fn set_network(
        origin: Origin,
        parameter: NetworkParameter,
        value: Value,
    ) -> Result<(), SettingError<Failure>>;

    /// The keeper's own error for a refusal, for refusals that the asking pallet has no name for.
    fn failure_of(refusal: Refusal) -> Failure;
}

/// Prepares subnets that benchmarks of setters need.
pub trait BenchmarkSubnet<Origin> {
    /// A subnet with this many neurons and mechanisms, every row of weights and bonds full, and its owner, whom
    /// no freeze window and no rate limit holds back.
    fn prepare(neurons: u16, mechanisms: MechId) -> (NetUid, Origin);
}
