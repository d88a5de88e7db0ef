//! The checks of a change.

use crate::{Fact, Hyperparameter, NetworkParameter, Refusal, Role, Setting, Value};

/// Checks that a signer of this role may set a hyperparameter to this value.
///
/// `fact` answers about the subnet whose parameter it is; it is asked only for what a rule must know.
/// The freeze window and the rate limit are not looked at: they depend on time.
///
/// Errors: who may set it, then [`Refusal::NotOnRootNetwork`], then [`Refusal::WrongKind`], then the first rule
/// that is not met.
pub fn check(
    parameter: Hyperparameter,
    value: &Value,
    role: Role,
    fact: impl Fn(Fact) -> u64,
) -> Result<(), Refusal> {
    let definition = parameter.definition();
    definition.admits(role)?;
    if !definition.on_root_network && fact(Fact::IsRootNetwork) != 0 {
        return Err(Refusal::NotOnRootNetwork);
    }
    check_setting(&definition.setting, value, role, &fact)
}

/// Checks that root may set a network parameter to this value.
///
/// Errors: [`Refusal::WrongKind`], then the first rule that is not met.
pub fn check_network(
    parameter: NetworkParameter,
    value: &Value,
    fact: impl Fn(Fact) -> u64,
) -> Result<(), Refusal> {
    check_setting(&parameter.definition().setting, value, Role::Root, &fact)
}

fn check_setting(
    setting: &Setting,
    value: &Value,
    role: Role,
    fact: &impl Fn(Fact) -> u64,
) -> Result<(), Refusal> {
    if value.kind() != setting.kind {
        return Err(Refusal::WrongKind);
    }
    setting
        .rules
        .iter()
        .filter(|rule| rule.binds.applies_to(role))
        .find(|rule| !rule.demand.is_met(value, fact))
        .map_or(Ok(()), |broken| Err(broken.refusal))
}
