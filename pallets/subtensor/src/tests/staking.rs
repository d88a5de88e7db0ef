//! The calls that stake, unstake and move stake.

mod adding;
mod discarding;
mod everything;
mod exchanging;
mod hostile;
mod limits;
mod moving;
mod nominations;
mod properties;
mod removing;
mod replay;
mod validity;

use dendra_primitives::{AlphaBalance, NetUid, TaoBalance};
use frame_support::{BoundedVec, assert_noop};
use sp_runtime::{DispatchResult, traits::Dispatchable};

use crate::{mock::*, *};

const ROOT: NetUid = NetUid::ROOT;
/// A subnet with 1000 TAO and 1000 alpha in its pool.
const NETUID: NetUid = NetUid::new(2);
/// Another one.
const OTHER: NetUid = NetUid::new(3);
/// One that does not exist.
const NOWHERE: NetUid = NetUid::new(9);

/// The coldkey that acts.
fn me() -> AccountId {
    account(10)
}

/// A hotkey of its own.
fn own() -> AccountId {
    account(11)
}

/// A hotkey of coldkey 1, owner of `NETUID`.
fn foreign() -> AccountId {
    account(2)
}

/// A hotkey that nobody owns.
fn unknown() -> AccountId {
    account(77)
}

fn chain() -> ExtBuilder {
    ExtBuilder::new()
        .subnet(2, account(1), account(2))
        .subnet(3, account(4), account(5))
        .neuron(2, own(), me())
}

fn tao(units: u64) -> TaoBalance {
    TaoBalance::new(units)
}

fn alpha(units: u64) -> AlphaBalance {
    AlphaBalance::new(units)
}

/// Sends a call as a transaction would: what fails is undone.
fn send(who: &AccountId, call: Call<Test>) -> DispatchResult {
    let result = RuntimeCall::from(call).dispatch(signed(who));
    result.map(|_| ()).map_err(|failed| failed.error)
}

/// A call of the acting coldkey fails and changes nothing.
fn refused(call: Call<Test>, error: Error<Test>) {
    assert_noop!(send(&me(), call), error);
}

fn add(hotkey: AccountId, netuid: NetUid, amount: u64) -> Call<Test> {
    Call::add_stake {
        hotkey,
        netuid,
        amount_staked: tao(amount),
    }
}

fn add_within(netuid: NetUid, amount: u64, limit: u64, allow_partial: bool) -> Call<Test> {
    Call::add_stake_limit {
        hotkey: own(),
        netuid,
        amount_staked: tao(amount),
        limit_price: tao(limit),
        allow_partial,
    }
}

fn remove(hotkey: AccountId, netuid: NetUid, amount: u64) -> Call<Test> {
    Call::remove_stake {
        hotkey,
        netuid,
        amount_unstaked: alpha(amount),
    }
}

fn remove_within(netuid: NetUid, amount: u64, limit: u64, allow_partial: bool) -> Call<Test> {
    Call::remove_stake_limit {
        hotkey: own(),
        netuid,
        amount_unstaked: alpha(amount),
        limit_price: tao(limit),
        allow_partial,
    }
}

fn move_between(from: (AccountId, NetUid), to: (AccountId, NetUid), amount: u64) -> Call<Test> {
    Call::move_stake {
        origin_hotkey: from.0,
        destination_hotkey: to.0,
        origin_netuid: from.1,
        destination_netuid: to.1,
        alpha_amount: alpha(amount),
    }
}

fn swap(from: NetUid, to: NetUid, amount: u64) -> Call<Test> {
    Call::swap_stake {
        hotkey: own(),
        origin_netuid: from,
        destination_netuid: to,
        alpha_amount: alpha(amount),
    }
}

fn swap_within(from: NetUid, to: NetUid, amount: u64, ratio: u64, part: bool) -> Call<Test> {
    Call::swap_stake_limit {
        hotkey: own(),
        origin_netuid: from,
        destination_netuid: to,
        alpha_amount: alpha(amount),
        limit_price: tao(ratio),
        allow_partial: part,
    }
}

fn transfer(to: AccountId, from: NetUid, netuid: NetUid, amount: u64) -> Call<Test> {
    Call::transfer_stake {
        destination_coldkey: to,
        hotkey: own(),
        origin_netuid: from,
        destination_netuid: netuid,
        alpha_amount: alpha(amount),
    }
}

/// What the acting coldkey holds on a hotkey.
fn stake(hotkey: &AccountId, netuid: NetUid) -> u64 {
    stake_for(&me(), hotkey, netuid)
}

fn stake_for(coldkey: &AccountId, hotkey: &AccountId, netuid: NetUid) -> u64 {
    SubtensorModule::stake_of(hotkey, coldkey, netuid).get()
}

fn balance(who: &AccountId) -> u64 {
    Balances::free_balance(who)
}

/// Alpha and TAO in a pool.
fn reserves(netuid: NetUid) -> (u64, u64) {
    let alpha = SubnetAlphaIn::<Test>::get(netuid).get();
    (alpha, SubnetTAO::<Test>::get(netuid).get())
}

/// The fee of an amount that includes it, at 33 of 65535.
fn fee(amount: u64) -> u64 {
    u64::try_from(u128::from(amount) * 33 / 65_535).unwrap()
}

/// What trading `input` into a pool of equal weights yields: the naive twin of the formula.
fn output(reserve_in: u64, reserve_out: u64, input: u64) -> u64 {
    let product = u128::from(reserve_out) * u128::from(input);
    u64::try_from(product / (u128::from(reserve_in) + u128::from(input))).unwrap()
}

/// Puts the price of a subnet at `numerator / 1000` by its alpha reserve.
fn set_price(netuid: NetUid, thousandths: u64) {
    let (_, tao) = reserves(netuid);
    SubnetAlphaIn::<Test>::insert(netuid, alpha(tao / thousandths * 1_000));
}

fn close(netuid: NetUid) {
    SubtokenEnabled::<Test>::insert(netuid, false);
}
