//! What a manipulator gets who trades around the stake of somebody else, in one block.
//!
//! The attacker buys, the victim stakes, the attacker sells what it bought. It can only live of what the victim
//! pays beyond the present price: without a limit, of all the victim's own price impact; with one, of what the
//! limit leaves. Each trade costs it the fee.

use super::*;
use crate::mock::*;

/// TAO of the pools of these tests: ten thousand, for as much alpha.
const RESERVE: u64 = 10_000 * UNIT;

fn attacker() -> AccountId {
    account(20)
}

fn victim() -> AccountId {
    account(21)
}

/// What the attacker has afterwards, less what it had; and the alpha of the victim, if its stake was possible.
fn sandwich(attack: u64, victims: u64, limit: Option<PriceLimit>) -> (i64, Option<u64>) {
    let mut outcome = (0, None);
    chain().run(|| {
        set_pool(NETUID, RESERVE, RESERVE, 50);
        hold(&attacker(), 20 * RESERVE);
        hold(&victim(), 20 * RESERVE);
        let before = held(&attacker());
        SubtensorModule::associate(&attacker(), &account(30)).unwrap();
        SubtensorModule::associate(&victim(), &account(31)).unwrap();
        let stake = |who: &AccountId, hotkey: &AccountId, rao, limit| {
            let quote = SubtensorModule::quote_buy(NETUID, tao(rao), limit, Fee::Charged).ok()?;
            // Nobody here accepts a part.
            if !quote.unspent.is_zero() {
                return None;
            }
            let alpha = SubtensorModule::buy(who, NETUID, tao(rao), limit, Fee::Charged)
                .unwrap()
                .alpha;
            SubtensorModule::deposit(hotkey, who, NETUID, alpha).unwrap();
            Some(alpha)
        };
        let bought = stake(&attacker(), &account(30), attack, None).unwrap();
        let staked = stake(&victim(), &account(31), victims, limit);
        SubtensorModule::withdraw(&account(30), &attacker(), NETUID, bought).unwrap();
        SubtensorModule::sell(&attacker(), NETUID, bought, None, Fee::Charged).unwrap();
        outcome = (
            held(&attacker()) as i64 - before as i64,
            staked.map(AlphaBalance::get),
        );
    });
    outcome
}

/// Sizes of attacks, from a thousandth of a TAO to ten times the pool.
fn sizes() -> impl Iterator<Item = u64> {
    (0..36).map(|step| (UNIT as f64 / 1_000.0 * 10f64.powf(f64::from(step) * 0.2286)) as u64)
}

/// The fee of a trade.
fn fee(amount: u64) -> f64 {
    amount as f64 * 33.0 / 65_535.0
}

#[test]
fn without_a_victim_an_attacker_loses_both_fees() {
    for attack in sizes() {
        let (gain, _) = sandwich(attack, 1, limit(1));
        // The fee of the purchase, and that of the sale: alpha worth the price to which the sale returns.
        let size = attack as f64;
        let lost = fee(attack) * (1.0 + RESERVE as f64 / (RESERVE as f64 + size));
        assert!(
            (gain as f64 + lost).abs() <= lost * 0.002 + 6.0,
            "{attack}: {gain} {lost}"
        );
        assert!(gain < 0);
    }
}

#[test]
fn a_stake_of_less_than_a_fee_of_the_pool_is_safe_without_a_limit() {
    // Its own price impact, twice its part of the pool, is below both fees of the attacker.
    let victims = RESERVE / 65_535 * 33 * 9 / 10;
    for attack in sizes() {
        let (gain, staked) = sandwich(attack, victims, None);
        assert!(staked.is_some());
        assert!(gain < 0, "{attack}: {gain}");
    }
}

#[test]
fn a_limit_without_spare_leaves_the_attacker_its_fees_to_pay() {
    // The price that the stake reaches alone, a rao above.
    let victims = 500 * UNIT;
    let mut reached = 0;
    chain().run(|| {
        set_pool(NETUID, RESERVE, RESERVE, 50);
        buy(NETUID, victims, None, Fee::Charged).unwrap();
        reached = price(NETUID) + 1;
    });
    let (_, alone) = sandwich(UNIT / 1_000, victims, limit(reached + 1_000));
    assert!(alone.is_some());
    for attack in sizes() {
        let (gain, staked) = sandwich(attack, victims, limit(reached));
        // Either the victim does not stake or it got what it wanted; the attacker never gains.
        assert!(gain < 0, "{attack}: {gain}");
        if attack > UNIT {
            assert_eq!(staked, None);
        }
    }
}

#[test]
fn an_attacker_gains_no_more_than_the_limit_leaves_it() {
    let victims = 500 * UNIT;
    let mut reached = 0;
    chain().run(|| {
        set_pool(NETUID, RESERVE, RESERVE, 50);
        buy(NETUID, victims, None, Fee::Charged).unwrap();
        reached = price(NETUID);
    });
    for percent in [0.05, 0.5, 5.0] {
        let bound = (reached as f64 * (1.0 + percent / 100.0)) as u64;
        let best = sizes()
            .map(|attack| sandwich(attack, victims, limit(bound)))
            .filter(|(_, staked)| staked.is_some())
            .map(|(gain, _)| gain)
            .max()
            .unwrap();
        // What the victim can pay too much by its own limit, less what the attacker pays in fees to move the
        // price that far and back: the pool times half of the spare, twice.
        let spare = victims as f64 * percent / 100.0;
        let fees = fee(RESERVE) * percent / 100.0;
        assert!(
            (best as f64) <= spare - fees,
            "{percent} %: {best} of {spare}"
        );
        // The bound is not idle: an attacker does gain from a victim that leaves it that much.
        assert!(best > 0, "{percent} %: {best}");
    }
}

#[test]
fn moving_the_price_and_back_in_one_block_costs_both_fees() {
    // Up and down, and down and up, by half of the pool.
    chain().run(|| {
        set_pool(NETUID, RESERVE, RESERVE, 50);
        hold(&trader(), 2 * RESERVE);
        let bought = buy(NETUID, RESERVE / 2, None, Fee::Charged).unwrap().alpha;
        sell(NETUID, bought.get(), None, Fee::Charged).unwrap();
        let lost = 2 * RESERVE - held(&trader());
        assert!(lost as f64 >= fee(RESERVE / 2), "{lost}");
    });
}
