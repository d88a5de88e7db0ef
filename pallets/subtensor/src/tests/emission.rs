//! What a block issues (sections 2, 3 and 7 of the economics).

mod conservation;
mod curve;
mod day;
mod eligibility;
mod injection;
mod manipulation;
mod moving_price;
mod participants;
mod room;

use dendra_primitives::{AlphaBalance, MovingPrice, NetUid, TaoBalance};
use frame_support::{traits::fungible::Mutate, weights::WeightMeter};
use weighted_pool::Weights;

use crate::{mock::*, types::PendingEmission, *};

/// Subnets of most tests.
const FIRST: NetUid = NetUid::new(2);
const SECOND: NetUid = NetUid::new(3);
const THIRD: NetUid = NetUid::new(4);

/// A chain of so many subnets that emit, each with a pool of 1000 TAO at price 1 and no alpha outside.
fn chain(subnets: u16) -> ExtBuilder {
    let mut chain = ExtBuilder::new().emits();
    for netuid in 2..2 + subnets {
        let owner = account(netuid as u8);
        chain = chain.subnet(netuid, owner, account(100 + netuid as u8));
    }
    chain
}

fn tao(rao: u64) -> TaoBalance {
    TaoBalance::new(rao)
}

fn alpha(units: u64) -> AlphaBalance {
    AlphaBalance::new(units)
}

/// Begins the next block and issues, which is all that happens in it. What the block said: what went to pools,
/// and what was not issued.
fn issue() -> (Vec<(NetUid, TaoBalance)>, TaoBalance) {
    System::set_block_number(System::block_number() + 1);
    System::reset_events();
    assert!(SubtensorModule::step_emission(&mut WeightMeter::new()));
    SubtensorModule::do_try_state().unwrap();
    said()
}

fn said() -> (Vec<(NetUid, TaoBalance)>, TaoBalance) {
    let mut said = (Vec::new(), TaoBalance::ZERO);
    for record in System::events() {
        match record.event {
            RuntimeEvent::SubtensorModule(Event::TaoEmitted { pools }) => said.0 = pools,
            RuntimeEvent::SubtensorModule(Event::EmissionRecycled(rest)) => said.1 = rest,
            other => panic!("a block issues without {other:?}"),
        }
    }
    said
}

/// A moving price of so many millionths.
fn set_moving_price(netuid: NetUid, millionths: u64) {
    let bits = MovingPrice::ONE.bits() / 1_000_000 * u128::from(millionths);
    SubtensorModule::put_moving_price(netuid, MovingPrice::from_bits(bits).unwrap());
}

/// Replaces the pool of a subnet; the TAO comes from nowhere or goes there.
fn set_pool(netuid: NetUid, alpha_in: u64, reserve: u64, weight: u64) {
    let before = SubnetTAO::<Test>::get(netuid);
    TotalStake::<Test>::mutate(|total| {
        *total = total
            .checked_sub(before)
            .unwrap()
            .checked_add(tao(reserve))
            .unwrap()
    });
    Balances::set_balance(&SubtensorModule::subnet_account(netuid), reserve.max(500));
    SubnetTAO::<Test>::insert(netuid, tao(reserve));
    SubnetAlphaIn::<Test>::insert(netuid, alpha(alpha_in));
    Settings::set_weights(netuid, Weights::from_tao(weight).unwrap());
}

/// Sets the alpha outside of the pool of a subnet that was issued nothing yet; all of it counts as burned.
fn set_alpha_out(netuid: NetUid, units: u64) {
    SubnetAlphaOut::<Test>::insert(netuid, alpha(units));
    BurnedAlpha::<Test>::insert(netuid, alpha(units));
}

/// TAO staked on root.
fn set_root(rao: u64) {
    let present = SubnetTAO::<Test>::get(NetUid::ROOT).get();
    give_stake(NetUid::ROOT, &account(180), &account(181), rao - present);
}

fn pending(netuid: NetUid) -> PendingEmission {
    PendingEmissions::<Test>::get(netuid)
}
