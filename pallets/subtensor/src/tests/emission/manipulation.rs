//! What an attacker gains.

use frame_support::traits::fungible::Inspect;

use super::*;
use crate::pools::Fee;

/// Who attacks, and the hotkey.
fn attacker() -> (AccountId, AccountId) {
    (account(190), account(191))
}

fn wealth() -> u64 {
    Balances::total_balance(&attacker().0)
}

fn buy(netuid: NetUid, amount: u64) -> AlphaBalance {
    let (coldkey, hotkey) = attacker();
    let bought = SubtensorModule::buy(&coldkey, netuid, tao(amount), None, Fee::Charged).unwrap();
    SubtensorModule::associate(&coldkey, &hotkey).unwrap();
    SubtensorModule::deposit(&hotkey, &coldkey, netuid, bought.alpha).unwrap();
    bought.alpha
}

fn sell(netuid: NetUid, amount: AlphaBalance) {
    let (coldkey, hotkey) = attacker();
    SubtensorModule::withdraw(&hotkey, &coldkey, netuid, amount).unwrap();
    SubtensorModule::sell(&coldkey, netuid, amount, None, Fee::Charged).unwrap();
}

/// Blocks for which a price is held up.
const PUMP: u64 = 50;
/// Blocks afterwards in which the moving price could pay.
const AFTER: u64 = 500;

/// Runs a chain on which the first subnet's price is held up, or is not; TAO that its pool took, its moving price
/// when the pump ends, and what the attacker gained.
fn pump(with: u64) -> (u64, u128, i128) {
    let mut result = (0, 0, 0);
    chain(2).run(|| {
        for netuid in [FIRST, SECOND] {
            set_moving_price(netuid, 200_000);
            // Price 0.2, and old enough for nearly the whole rate.
            set_pool(
                netuid,
                50_000 * UNIT,
                10_000 * UNIT,
                500_000_000_000_000_000,
            );
            FirstEmissionBlockNumber::<Test>::insert(netuid, 1);
        }
        System::set_block_number(5_000_000);
        let before = wealth();
        let bought = (with > 0).then(|| buy(FIRST, with));
        let taken = |blocks: u64| -> u64 {
            let pools = (0..blocks).flat_map(|_| issue().0);
            pools
                .filter(|(netuid, _)| *netuid == FIRST)
                .map(|(_, amount)| amount.get())
                .sum()
        };
        let mut first = taken(PUMP);
        let price = MovingPriceBits::<Test>::get(FIRST);
        if let Some(bought) = bought {
            sell(FIRST, bought);
        }
        first += taken(AFTER);
        result = (first, price, i128::from(wealth()) - i128::from(before));
    });
    result
}

#[test]
fn a_price_held_up_for_some_blocks_draws_no_more_than_its_small_part_of_the_average() {
    let (fair, price, _) = pump(0);
    // Ninety percent of the pool: the price is 3.6 times as high.
    let (pumped, held_up, gain) = pump(9_000 * UNIT);
    let rise = held_up - price;
    // A block moves the average by less than three millionths of what is missing to one.
    let bound = MovingPrice::ONE.bits() / 1_000_000 * 3 * u128::from(PUMP) / 10 * 8;
    assert!(rise > 0 && rise <= bound);
    // The rise, as a part of all moving prices, of every block's TAO: that is all that it draws, and it goes to
    // the pool, not to the attacker.
    let most = u128::from(UNIT) * u128::from(PUMP + AFTER) * rise / (2 * price);
    let drawn = u128::from(pumped - fair);
    assert!(drawn > 0 && drawn <= most, "{drawn} of {most}");
    assert!(drawn < u128::from(UNIT) * u128::from(PUMP + AFTER) / 5_000);
    // Who holds alpha while the chain buys some gains at most what the chain spent; here the fees of both trades
    // are weighed against 50 half TAO.
    assert!(gain <= i128::from(PUMP) * i128::from(UNIT) / 2, "{gain}");
}

#[test]
fn a_price_that_is_pumped_and_dropped_between_two_blocks_draws_nothing_and_costs_the_fees() {
    chain(2).run(|| {
        set_moving_price(FIRST, 200_000);
        set_moving_price(SECOND, 200_000);
        issue();
        let before = (wealth(), SubnetTAO::<Test>::get(FIRST));
        let bought = buy(FIRST, 900 * UNIT);
        sell(FIRST, bought);
        let lost = before.0 - wealth();
        // Two fees of 33/65535, the second on what the first left.
        assert!(lost > 2 * 450 * UNIT * 33 / 65_535, "{lost}");
        // What rounding keeps is the pool's.
        assert!(SubnetTAO::<Test>::get(FIRST) >= before.1);
    });
}

#[test]
fn sandwiching_the_purchase_of_the_chain_costs_more_than_it_gains() {
    chain(1).run(|| {
        set_moving_price(FIRST, 200_000);
        let before = wealth();
        // As much as would gain most of the chain's TAO, if there were no fee.
        let bought = buy(FIRST, 2_000 * UNIT);
        let (pools, _) = issue();
        assert_eq!(pools, vec![(FIRST, tao(UNIT))]);
        sell(FIRST, bought);
        let gain = i128::from(wealth()) - i128::from(before);
        assert!(gain < 0, "{gain}");
        // The most that any amount could gain is what the chain spent.
        assert!(gain <= i128::from(UNIT));
    });
}

#[test]
fn registering_and_dissolving_in_a_loop_never_gains() {
    ExtBuilder::new().run(|| {
        let (coldkey, hotkey) = attacker();
        for round in 0_u64..6 {
            NetworkLastCreatedAt::<Test>::kill();
            NetworkLastLockCost::<Test>::kill();
            let before = wealth();
            SubtensorModule::register_network(signed(&coldkey), hotkey.clone()).unwrap();
            let netuid = *SubnetList::<Test>::get().last().unwrap();
            SubtensorModule::start_call(signed(&coldkey), netuid).unwrap();
            Tempo::<Test>::insert(netuid, 2);
            let paid = before - wealth();
            assert_eq!(paid, 1_000 * UNIT);
            run_to_block(System::block_number() + 1 + 7 * round);
            let issued = SubnetAlphaOut::<Test>::get(netuid).get();
            SubtensorModule::root_dissolve_network(RuntimeOrigin::root(), netuid).unwrap();
            while !DissolveCleanupQueue::<Test>::get().is_empty() {
                run_to_block(System::block_number() + 1);
            }
            let returned = wealth() + paid - before;
            // The owner has at most all alpha outside of the pool, against a thousand in it.
            let most = u128::from(paid) * u128::from(issued) / u128::from(issued + 1_000 * UNIT);
            assert!(u128::from(returned) <= most, "{returned} of {most}");
            assert!(returned < paid / 20);
        }
    });
}
