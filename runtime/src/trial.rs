//! Trial of an upgrade or of a block against real state, with every invariant checked.
//!
//! A failed check must stop the trial, and a panic is the only way that its interface has.
#![allow(clippy::expect_used)]

use frame_support::weights::Weight;
use frame_try_runtime::{TryStateSelect, UpgradeCheckSelect};
use sp_runtime::traits::Block as BlockT;

use crate::{Block, Executive, RuntimeBlockWeights};

pub(crate) fn upgrade(checks: UpgradeCheckSelect) -> (Weight, Weight) {
    let weight =
        Executive::try_runtime_upgrade(checks).expect("the upgrade and its invariants hold");
    (weight, RuntimeBlockWeights::get().max_block)
}

pub(crate) fn execute(
    block: <Block as BlockT>::LazyBlock,
    state_root_check: bool,
    signature_check: bool,
    select: TryStateSelect,
) -> Weight {
    Executive::try_execute_block(block, state_root_check, signature_check, select)
        .expect("the block executes and its invariants hold")
}
