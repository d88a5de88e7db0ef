//! What a creation costs (section 9.1 of the economics).

use dendra_primitives::TaoBalance;
use frame_support::traits::fungible::Mutate;

use super::{create, held, tao};
use crate::{mock::*, *};

fn cost_after(elapsed: u64) -> TaoBalance {
    System::set_block_number(5 + elapsed);
    SubtensorModule::network_cost().unwrap()
}

fn after_a_creation_for(tokens: u64) {
    NetworkLastLockCost::<Test>::put(tao(tokens));
    NetworkLastCreatedAt::<Test>::put(5);
}

#[test]
fn the_cost_doubles_and_falls_as_specified() {
    ExtBuilder::new().run(|| {
        after_a_creation_for(2_000);
        assert_eq!(cost_after(0), tao(4_000));
        assert_eq!(cost_after(7_200), TaoBalance::new(3_857_142_863_200));
        assert_eq!(cost_after(100_800), TaoBalance::new(2_000_000_084_800));
        assert_eq!(cost_after(201_600), tao(1_000));
        assert_eq!(cost_after(10_000_000), tao(1_000));
    });
}

#[test]
fn the_least_cost_is_a_setting() {
    ExtBuilder::new().run(|| {
        after_a_creation_for(2_000);
        NetworkMinLockCost::<Test>::put(tao(3_000));
        assert_eq!(cost_after(100_800), tao(3_000));
        assert_eq!(cost_after(0), tao(4_000));
    });
}

#[test]
fn the_cost_falls_twice_as_fast_once_a_block_emits_half() {
    ExtBuilder::new().run(|| {
        after_a_creation_for(2_000);
        let missing = 10_500_000 * UNIT - SubtensorModule::issuance().get();
        Balances::mint_into(&account(1), missing - 1).unwrap();
        assert_eq!(cost_after(7_200), TaoBalance::new(3_857_142_863_200));
        Balances::mint_into(&account(1), 1).unwrap();
        assert_eq!(cost_after(7_200), TaoBalance::new(3_714_285_719_200));
    });
}

#[test]
fn the_first_creation_costs_the_least_and_each_one_doubles() {
    ExtBuilder::new().run(|| {
        for (netuid, cost) in [(2, 1_000), (3, 2_000), (4, 4_000), (5, 8_000)] {
            let coldkey = account(netuid as u8);
            assert_eq!(SubtensorModule::network_cost(), Some(tao(cost)));
            create(&coldkey, &account(100 + netuid as u8), netuid);
            assert_eq!(held(&coldkey), RICH - cost * UNIT);
            assert_eq!(NetworkLastLockCost::<Test>::get(), tao(cost));
            assert_eq!(NetworkLastCreatedAt::<Test>::get(), Some(1));
        }
    });
}

#[test]
fn a_first_creation_late_in_the_life_of_the_chain_costs_the_least() {
    ExtBuilder::new().run(|| {
        System::set_block_number(1_000_000);
        assert_eq!(SubtensorModule::network_cost(), Some(tao(1_000)));
    });
}

#[test]
fn a_cost_beyond_64_bits_is_none() {
    ExtBuilder::new().run(|| {
        NetworkLastLockCost::<Test>::put(TaoBalance::new(u64::MAX / 2 + 1));
        NetworkLastCreatedAt::<Test>::put(1);
        assert_eq!(SubtensorModule::network_cost(), None);
        let refused = SubtensorModule::register_network(signed(&account(1)), account(2));
        assert_eq!(refused, Err(Error::<Test>::Overflow.into()));
    });
}
