//! Trades with the pools (sections 6 and 8.2 of the economics): what they yield and write, what limits and
//! fees do, what never happens, and what a manipulator gets.

mod attacks;
mod exchanges;
mod laws;
mod purchases;
mod sales;
mod settings;
mod simulations;

use dendra_primitives::{AlphaBalance, NetUid, TaoBalance};
use frame_support::traits::fungible::{Inspect, Mutate};
use sp_runtime::DispatchError;
use weighted_pool::{PriceLimit, Weights};

use crate::{
    AccountId, SubnetAlphaIn, SubnetAlphaOut, SubnetTAO, SubnetVolume, TotalStake,
    mock::*,
    pools::{Exchange, Fee, Purchase, Sale},
};

const ROOT: NetUid = NetUid::ROOT;
/// The subnets of these tests.
const NETUID: NetUid = NetUid::new(2);
const OTHER: NetUid = NetUid::new(3);

/// The reserves of section 6.4.
const X: u64 = 2_000_000_000_000_000;
const Y: u64 = 1_000_000_000_000_000;

/// Two started subnets, and root.
fn chain() -> ExtBuilder {
    ExtBuilder::new()
        .subnet(2, account(1), account(2))
        .subnet(3, account(3), account(4))
}

/// The trader, and the hotkey it stakes on.
fn trader() -> AccountId {
    account(7)
}

fn hotkey() -> AccountId {
    account(8)
}

fn author() -> AccountId {
    account(9)
}

fn tao(rao: u64) -> TaoBalance {
    TaoBalance::new(rao)
}

fn alpha(units: u64) -> AlphaBalance {
    AlphaBalance::new(units)
}

fn limit(rao: u64) -> Option<PriceLimit> {
    Some(PriceLimit::from_rao(rao))
}

fn held(who: &AccountId) -> u64 {
    Balances::total_balance(who)
}

fn held_by(netuid: NetUid) -> u64 {
    held(&SubtensorModule::subnet_account(netuid))
}

/// Gives an account exactly this much.
fn hold(who: &AccountId, rao: u64) {
    Balances::set_balance(who, rao);
}

/// Gives a subnet a pool with these reserves and this percentage of TAO.
fn set_pool(netuid: NetUid, x: u64, y: u64, percent_tao: u64) {
    let before = SubnetTAO::<Test>::get(netuid);
    TotalStake::<Test>::mutate(|total| {
        *total = tao(total.get() - before.get() + y);
    });
    SubnetTAO::<Test>::insert(netuid, tao(y));
    hold(&SubtensorModule::subnet_account(netuid), y);
    SubnetAlphaIn::<Test>::insert(netuid, alpha(x));
    PoolWeights::insert(netuid, Weights::SCALE / 100 * percent_tao);
}

/// What a trade can change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Books {
    alpha_in: u64,
    tao_in: u64,
    alpha_out: u64,
    volume: u128,
    account: u64,
    total_stake: u64,
    issuance: u64,
}

fn books(netuid: NetUid) -> Books {
    Books {
        alpha_in: SubnetAlphaIn::<Test>::get(netuid).get(),
        tao_in: SubnetTAO::<Test>::get(netuid).get(),
        alpha_out: SubnetAlphaOut::<Test>::get(netuid).get(),
        volume: SubnetVolume::<Test>::get(netuid),
        account: held_by(netuid),
        total_stake: TotalStake::<Test>::get().get(),
        issuance: SubtensorModule::issuance().get(),
    }
}

/// Buys, and stakes what was bought.
fn buy(
    netuid: NetUid,
    rao: u64,
    limit: Option<PriceLimit>,
    fee: Fee,
) -> Result<Purchase, DispatchError> {
    let purchase = SubtensorModule::buy(&trader(), netuid, tao(rao), limit, fee)?;
    SubtensorModule::associate(&trader(), &hotkey())?;
    SubtensorModule::deposit(&hotkey(), &trader(), netuid, purchase.alpha)?;
    Ok(purchase)
}

/// Unstakes what the quote says, and sells it.
fn sell(
    netuid: NetUid,
    units: u64,
    limit: Option<PriceLimit>,
    fee: Fee,
) -> Result<Sale, DispatchError> {
    let quote = SubtensorModule::quote_sell(netuid, alpha(units), limit, fee)?;
    let taken = quote.used.checked_add(quote.fee).unwrap();
    SubtensorModule::withdraw(&hotkey(), &trader(), netuid, taken)?;
    let sale = SubtensorModule::sell(&trader(), netuid, alpha(units), limit, fee)?;
    assert_eq!(sale, quote);
    Ok(sale)
}

/// Unstakes what the quote says, exchanges it, and stakes what was bought.
fn exchange(
    from: NetUid,
    to: NetUid,
    units: u64,
    ratio: Option<u64>,
) -> Result<Exchange, DispatchError> {
    let quote = SubtensorModule::quote_exchange(from, to, alpha(units), ratio)?;
    SubtensorModule::withdraw(&hotkey(), &trader(), from, quote.sold)?;
    let done = SubtensorModule::exchange(from, to, alpha(units), ratio)?;
    assert_eq!(done, quote);
    SubtensorModule::deposit(&hotkey(), &trader(), to, done.bought)?;
    Ok(done)
}

/// Stake of the trader, out of nothing.
fn stake(netuid: NetUid, units: u64) {
    give_stake(netuid, &hotkey(), &trader(), units);
}

/// The price in rao for 10^9 alpha, rounded down.
fn price(netuid: NetUid) -> u64 {
    SubtensorModule::spot_price(netuid)
        .unwrap()
        .to_rao()
        .unwrap()
}
