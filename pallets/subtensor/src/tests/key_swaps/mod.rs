//! Swaps of hotkeys and coldkeys.

mod announcements;
mod coldkeys;
mod everything;
mod freeze;
mod hotkeys;
mod joined;
mod lending;
mod limits;
mod properties;
mod refusals;
mod takes;

use dendra_primitives::{AlphaBalance, NetUid, TaoBalance};
use frame_support::dispatch::{DispatchResultWithPostInfo, PostDispatchInfo};
use sp_runtime::DispatchError;

use crate::{AccountId, SubnetAlphaOut, mock::*};

const ROOT: NetUid = NetUid::ROOT;
const NETUID: NetUid = NetUid::new(2);
const OTHER: NetUid = NetUid::new(3);

/// The coldkey that swaps.
fn owner() -> AccountId {
    account(10)
}

/// Its hotkey, with uid 1 on both subnets.
fn old() -> AccountId {
    many(1)
}

/// A fresh hotkey.
fn new() -> AccountId {
    many(2)
}

/// A coldkey that stakes.
fn staker() -> AccountId {
    account(20)
}

/// Two subnets of other owners, with the hotkey, its owner's stake and a staker's.
fn chain() -> ExtBuilder {
    ExtBuilder::new()
        .subnet(2, account(1), account(2))
        .subnet(3, account(3), account(4))
        .neuron(2, old(), owner())
        .neuron(3, old(), owner())
        .stake(2, old(), owner(), 70 * UNIT)
        .stake(2, old(), staker(), 30 * UNIT)
        .stake(3, old(), staker(), 11 * UNIT)
}

fn swap_all(keeps_stake: bool) -> DispatchResultWithPostInfo {
    SubtensorModule::swap_hotkey_v2(signed(&owner()), old(), new(), None, keeps_stake)
}

fn swap_on(netuid: NetUid, keeps_stake: bool) -> DispatchResultWithPostInfo {
    SubtensorModule::swap_hotkey_v2(signed(&owner()), old(), new(), Some(netuid), keeps_stake)
}

/// A swap by root, at no cost.
fn swap_coldkey(from: &AccountId, to: &AccountId) -> DispatchResultWithPostInfo {
    SubtensorModule::swap_coldkey(
        RuntimeOrigin::root(),
        from.clone(),
        to.clone(),
        TaoBalance::ZERO,
    )
}

/// The error without the weight.
fn plain(result: DispatchResultWithPostInfo) -> Result<PostDispatchInfo, DispatchError> {
    result.map_err(|failed| failed.error)
}

fn stake(hotkey: &AccountId, coldkey: &AccountId, netuid: NetUid) -> u64 {
    SubtensorModule::stake_of(hotkey, coldkey, netuid).get()
}

/// Alpha for the root stakers of a hotkey.
fn pay_root(netuid: NetUid, hotkey: &AccountId, alpha: u64) {
    let amount = AlphaBalance::new(alpha);
    SubnetAlphaOut::<Test>::mutate(netuid, |out| *out = out.checked_add(amount).unwrap());
    assert_eq!(pay_root_dividend(netuid, hotkey, amount), amount);
}

/// Takes all root stake of a coldkey from a hotkey; its dividends are kept.
fn leave_root(hotkey: &AccountId, coldkey: &AccountId) {
    let all = AlphaBalance::new(stake(hotkey, coldkey, ROOT));
    SubtensorModule::remove_stake(signed(coldkey), hotkey.clone(), ROOT, all).unwrap();
}

/// What coldkeys may claim on a hotkey, by subnet.
fn owed(hotkey: &AccountId, coldkeys: &[AccountId]) -> Vec<u64> {
    let of = |netuid, coldkey| SubtensorModule::root_dividend_owed(netuid, hotkey, coldkey).get();
    [NETUID, OTHER]
        .into_iter()
        .flat_map(|netuid| coldkeys.iter().map(move |coldkey| of(netuid, coldkey)))
        .collect()
}
