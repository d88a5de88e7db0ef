//! Dividends of root stake: what they are, who may claim them, and what becomes of them (section 5.5 of the
//! economics).

mod accrual;
mod automatic;
mod calls;
mod changes;
mod closing;
mod gains;
mod kinds;
mod stakers;

use dendra_primitives::{AlphaBalance, NetUid, TaoBalance};

use crate::{
    AccountId, Delegates, NumRootClaim, RootDividendPot, SubnetAlphaOut, TotalHotkeyAlpha,
    mock::{Balances, ExtBuilder, SubtensorModule, Test, UNIT, account, pay_root_dividend},
};
use frame_support::traits::{
    fungible::Mutate,
    tokens::{Fortitude, Precision, Preservation},
};

/// The subnet of these tests, with a pool of 1000 TAO and 1000 alpha.
const NETUID: NetUid = NetUid::new(2);

/// A payment that raises the rate of 400 TAO by exactly 1/64.
const PAID: u64 = 6_250_000_000;

/// The hotkey with root stakers, its owner, and two of them.
fn validator() -> AccountId {
    account(10)
}

fn delegate() -> AccountId {
    account(11)
}

fn ann() -> AccountId {
    account(20)
}

fn bob() -> AccountId {
    account(21)
}

/// A subnet with a validator on which Ann has staked 300 TAO on root, and Bob 100.
fn builder() -> ExtBuilder {
    ExtBuilder::new()
        .subnet(2, account(1), account(2))
        .neuron(2, validator(), delegate())
        .stake(0, validator(), ann(), 300 * UNIT)
        .stake(0, validator(), bob(), 100 * UNIT)
}

/// The same without automatic claims.
fn chain(test: impl FnOnce()) {
    builder().run(|| {
        NumRootClaim::<Test>::put(0);
        Delegates::<Test>::insert(validator(), 0);
        test();
    });
}

/// Pays alpha out of nothing to the root stakers of a hotkey; what was paid.
fn pay_to(netuid: NetUid, hotkey: &AccountId, alpha: u64) -> u64 {
    let paid = pay_root_dividend(netuid, hotkey, AlphaBalance::new(alpha));
    SubnetAlphaOut::<Test>::mutate(netuid, |out| *out = out.checked_add(paid).unwrap());
    paid.get()
}

fn pay(alpha: u64) {
    assert_eq!(pay_to(NETUID, &validator(), alpha), alpha);
}

/// Takes root stake out, as an unstaking does.
fn unstake(hotkey: &AccountId, coldkey: &AccountId, rao: u64) {
    let tao = TaoBalance::new(rao);
    SubtensorModule::withdraw(hotkey, coldkey, NetUid::ROOT, AlphaBalance::new(rao)).unwrap();
    SubtensorModule::shrink(NetUid::ROOT, tao).unwrap();
    SubtensorModule::destroy_alpha(NetUid::ROOT, AlphaBalance::new(rao)).unwrap();
    Balances::burn_from(
        &SubtensorModule::subnet_account(NetUid::ROOT),
        rao,
        Preservation::Expendable,
        Precision::Exact,
        Fortitude::Polite,
    )
    .unwrap();
}

fn owed(coldkey: &AccountId) -> u64 {
    SubtensorModule::root_dividend_owed(NETUID, &validator(), coldkey).get()
}

/// What the pot of the subnet holds.
fn pot() -> u64 {
    RootDividendPot::<Test>::get(NETUID).get()
}

fn root_stake(coldkey: &AccountId) -> u64 {
    SubtensorModule::root_stake(&validator(), coldkey).get()
}

/// Alpha of the subnet on the validator.
fn alpha_of(coldkey: &AccountId) -> u64 {
    SubtensorModule::stake_of(&validator(), coldkey, NETUID).get()
}

/// Root stake of all stakers of a hotkey.
fn all_root_stake(hotkey: &AccountId) -> u64 {
    TotalHotkeyAlpha::<Test>::get(hotkey, NetUid::ROOT).get()
}
