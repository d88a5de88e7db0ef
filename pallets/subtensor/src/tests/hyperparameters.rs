//! Setters from end to end: who, when, how often, within which range, and what changes.

mod effects;
mod items;
mod lists;
mod network;
mod rights;
mod time;

use dendra_primitives::NetUid;
use frame_support::storage::with_storage_layer;
use sp_runtime::DispatchError;
use subnet_hyperparameters::{Hyperparameter, NetworkParameter, Value};

use crate::{
    AccountId, Error,
    mock::{ExtBuilder, RuntimeOrigin, SubtensorModule, System, Test, account, signed},
};

/// The subnet of the tests.
const NETUID: NetUid = NetUid::new(2);

fn owner() -> AccountId {
    account(1)
}

fn owner_hotkey() -> AccountId {
    account(101)
}

fn stranger() -> AccountId {
    account(9)
}

/// A chain with one started subnet, tempo 360, whose next epoch is at block 360.
fn chain() -> ExtBuilder {
    ExtBuilder::new().subnet(2, owner(), owner_hotkey())
}

/// Sets a hyperparameter as a call does: all or nothing.
fn set(
    origin: RuntimeOrigin,
    netuid: NetUid,
    parameter: Hyperparameter,
    value: impl Into<Value>,
) -> Result<(), DispatchError> {
    with_storage_layer(|| {
        SubtensorModule::set_hyperparameter(origin, netuid, parameter, value.into())
            .map_err(SubtensorModule::error_of)
    })
}

fn set_as_owner(parameter: Hyperparameter, value: impl Into<Value>) -> Result<(), DispatchError> {
    set(signed(&owner()), NETUID, parameter, value)
}

fn set_as_root(parameter: Hyperparameter, value: impl Into<Value>) -> Result<(), DispatchError> {
    set(RuntimeOrigin::root(), NETUID, parameter, value)
}

fn set_network(parameter: NetworkParameter, value: impl Into<Value>) -> Result<(), DispatchError> {
    with_storage_layer(|| {
        SubtensorModule::set_network_parameter(RuntimeOrigin::root(), parameter, value.into())
            .map_err(SubtensorModule::error_of)
    })
}

fn refused(error: Error<Test>) -> Result<(), DispatchError> {
    Err(error.into())
}

/// Goes to a block without running what lies between.
fn jump(block: u64) {
    System::set_block_number(block);
}
