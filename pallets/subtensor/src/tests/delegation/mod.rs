//! Takes, children, destinations of income (section 8.3 of the economics).

mod activation;
mod bounds;
mod childkey_take;
mod children;
mod destination;
mod dividends;
mod flooding;
mod random;
mod root_parents;
mod takes;

use dendra_primitives::NetUid;
use sp_runtime::DispatchResult;

use crate::{
    AccountId, ChildKeys, LastEpochBlock, ParentKeys, PendingChildKeys, PendingEpochAt,
    SubtokenEnabled, Tempo,
    mock::{ExtBuilder, SubtensorModule, System, Test, account, run_to_block, signed},
};

/// The subnet of these tests: that of coldkey 1 with owner hotkey 2.
const NETUID: NetUid = NetUid::new(2);
/// All that a hotkey has.
const WHOLE: u64 = u64::MAX;

/// Hotkeys 11 to 19 of coldkeys 21 to 29. The subtoken is enabled and no epoch runs by itself.
fn chain() -> ExtBuilder {
    ExtBuilder::new().subnet(2, account(1), account(2))
}

fn run(test: impl FnOnce()) {
    chain().run(|| {
        begin();
        test();
    });
}

fn begin() {
    for number in 11..20 {
        SubtensorModule::associate(&account(number + 10), &account(number)).unwrap();
    }
    for netuid in [NetUid::new(1), NETUID] {
        Tempo::<Test>::insert(netuid, 0);
    }
    System::reset_events();
}

/// The call, signed by the owner of the hotkey.
fn set(hotkey: u8, children: &[(u64, u8)]) -> DispatchResult {
    set_by(hotkey + 10, hotkey, children)
}

fn set_by(coldkey: u8, hotkey: u8, children: &[(u64, u8)]) -> DispatchResult {
    SubtensorModule::set_children(
        signed(&account(coldkey)),
        account(hotkey),
        NETUID,
        edges(children),
    )
}

fn edges(list: &[(u64, u8)]) -> Vec<(u64, AccountId)> {
    list.iter()
        .map(|(part, key)| (*part, account(*key)))
        .collect()
}

fn children(hotkey: u8) -> Vec<(u64, AccountId)> {
    ChildKeys::<Test>::get(account(hotkey), NETUID).into_inner()
}

fn parents(hotkey: u8) -> Vec<(u64, AccountId)> {
    ParentKeys::<Test>::get(account(hotkey), NETUID).into_inner()
}

fn pending(hotkey: u8) -> Option<(Vec<(u64, AccountId)>, u64)> {
    PendingChildKeys::<Test>::try_get(NETUID, account(hotkey))
        .ok()
        .map(|(children, block)| (children.into_inner(), block))
}

/// Children count at once.
fn stop_subtoken() {
    SubtokenEnabled::<Test>::insert(NETUID, false);
}

/// Goes to a block without running what lies between.
fn jump(block: u64) {
    assert!(block > System::block_number());
    System::set_block_number(block - 1);
    run_to_block(block);
}

/// Goes to a block in which an epoch of the subnet runs.
fn epoch_in(block: u64) {
    Tempo::<Test>::insert(NETUID, 1);
    LastEpochBlock::<Test>::insert(NETUID, block - 1);
    PendingEpochAt::<Test>::insert(NETUID, block);
    jump(block);
    assert_eq!(LastEpochBlock::<Test>::get(NETUID), block);
    Tempo::<Test>::insert(NETUID, 0);
}
