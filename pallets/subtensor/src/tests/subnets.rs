//! Subnets: those of the genesis, creating, choosing one that makes room, starting, owning.

mod cost;
mod creation;
mod genesis;
mod pruning;
mod refusals;
mod start;

use dendra_primitives::{AlphaBalance, NetUid, TaoBalance};

use crate::{
    AccountId,
    mock::{Balances, SubtensorModule, UNIT, signed},
};

/// TAO in whole units.
fn tao(tokens: u64) -> TaoBalance {
    TaoBalance::new(tokens * UNIT)
}

/// Alpha in whole units.
fn alpha(tokens: u64) -> AlphaBalance {
    AlphaBalance::new(tokens * UNIT)
}

/// What an account holds, in rao.
fn held(who: &AccountId) -> u64 {
    use frame_support::traits::fungible::Inspect;
    Balances::total_balance(who)
}

/// What the account of a subnet holds, in rao.
fn held_by_subnet(netuid: u16) -> u64 {
    held(&SubtensorModule::subnet_account(NetUid::new(netuid)))
}

/// Creates a subnet that has to get this netuid.
fn create(coldkey: &AccountId, hotkey: &AccountId, netuid: u16) {
    SubtensorModule::register_network(signed(coldkey), hotkey.clone()).unwrap();
    assert_eq!(
        crate::SubnetOwner::<crate::mock::Test>::get(NetUid::new(netuid)),
        *coldkey
    );
}
