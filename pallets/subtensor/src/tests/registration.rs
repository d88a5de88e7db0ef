//! Registering neurons: the price, the payment, the slot, what becomes of the neuron that goes, and who
//! owns a hotkey.

mod counters;
mod hotkeys;
mod payment;
mod price;
mod refusals;
mod replacement;
mod slots;

use dendra_primitives::NetUid;
use sp_runtime::DispatchResult;

use crate::{
    AccountId,
    mock::{ExtBuilder, SubtensorModule, account, signed},
};

/// The subnet of these tests.
const NETUID: NetUid = NetUid::new(2);

/// A started subnet of coldkey 1 with owner hotkey 2 and a pool of 1000 TAO and 1000 alpha.
fn chain() -> ExtBuilder {
    ExtBuilder::new().subnet(2, account(1), account(2))
}

fn register(coldkey: &AccountId, hotkey: &AccountId) -> DispatchResult {
    SubtensorModule::burned_register(signed(coldkey), NETUID, hotkey.clone())
}
