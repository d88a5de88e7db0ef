//! The invariants of every pallet hold on a chain in use (feature `try-runtime`; `cargo xtask features`).

use crate::common::{development, end_block, signed, start_block, transfer};
use dendra_runtime::{AllPalletsWithSystem, Executive, TAO};
use frame_support::traits::{TryState, TryStateSelect, UpgradeCheckSelect};

#[test]
fn every_invariant_holds_after_blocks_with_transfers() {
    development().execute_with(|| {
        for number in 1..=3 {
            start_block(number, u64::from(number));
            let transaction = signed("//Alice", number - 1, 0, transfer("//Bob", TAO));
            Executive::apply_extrinsic(transaction).unwrap().unwrap();
            end_block();
            AllPalletsWithSystem::try_state(number, TryStateSelect::All).unwrap();
        }
    });
}

#[test]
fn an_upgrade_can_be_tried() {
    development().execute_with(|| {
        Executive::try_runtime_upgrade(UpgradeCheckSelect::All).unwrap();
    });
}
