//! How the price moves (section 10.1 of the economics).

use dendra_primitives::{NetUid, TaoBalance, U64F64};

use super::{NETUID, chain, register};
use crate::{mock::*, *};

fn price() -> u64 {
    Burn::<Test>::get(NETUID).get()
}

fn put_price(rao: u64) {
    Burn::<Test>::insert(NETUID, TaoBalance::new(rao));
}

#[test]
fn the_price_falls_in_every_block_and_halves_in_a_half_life() {
    chain().run(|| {
        assert_eq!(price(), 1_000_000_000);
        run_to_block(2);
        assert_eq!(price(), 998_076_443);
        run_to_block(3);
        assert_eq!(price(), 996_156_586);
        run_to_block(361);
        assert_eq!(price(), 499_999_865);
    });
}

#[test]
fn the_half_life_is_the_subnets_own() {
    chain().subnet(3, account(3), account(4)).run(|| {
        BurnHalfLife::<Test>::insert(NETUID, 1);
        BurnHalfLife::<Test>::insert(NetUid::new(3), 2);
        run_to_block(2);
        assert_eq!(price(), 500_000_000);
        assert_eq!(Burn::<Test>::get(NetUid::new(3)).get(), 707_106_781);
        run_to_block(3);
        assert_eq!(price(), 250_000_000);
    });
}

#[test]
fn the_price_falls_before_the_start_too_and_on_root_never() {
    ExtBuilder::new().run(|| {
        run_to_block(2);
        assert_eq!(Burn::<Test>::get(NetUid::new(1)).get(), 998_076_443);
        assert!(!Burn::<Test>::contains_key(NetUid::ROOT));
    });
}

#[test]
fn the_price_does_not_fall_below_the_lower_bound() {
    chain().run(|| {
        put_price(500_900);
        run_to_block(2);
        assert_eq!(price(), 500_000);
        run_to_block(3);
        assert_eq!(price(), 500_000);
    });
}

#[test]
fn each_registration_raises_the_price() {
    chain().run(|| {
        let rises = [1_260_000_000, 1_587_600_000, 2_000_376_000, 2_520_473_760];
        for (hotkey, rise) in (10..).zip(rises) {
            register(&account(3), &account(hotkey)).unwrap();
            assert_eq!(price(), rise);
        }
    });
}

#[test]
fn the_price_does_not_rise_above_the_upper_bound() {
    chain().run(|| {
        put_price(79_365_079_365);
        register(&account(3), &account(10)).unwrap();
        assert_eq!(price(), 99_999_999_999);
        register(&account(3), &account(11)).unwrap();
        assert_eq!(price(), 100_000_000_000);
        register(&account(3), &account(12)).unwrap();
        assert_eq!(price(), 100_000_000_000);
    });
}

#[test]
fn the_rise_is_the_subnets_own() {
    chain().run(|| {
        BurnIncreaseMult::<Test>::insert(NETUID, U64F64::from_bits(3 << 64));
        register(&account(3), &account(10)).unwrap();
        assert_eq!(price(), 3_000_000_000);
        BurnIncreaseMult::<Test>::insert(NETUID, U64F64::ONE);
        register(&account(3), &account(11)).unwrap();
        assert_eq!(price(), 3_000_000_000);
    });
}

#[test]
fn one_subnet_does_not_raise_the_price_of_another() {
    chain().subnet(3, account(3), account(4)).run(|| {
        register(&account(5), &account(10)).unwrap();
        assert_eq!(Burn::<Test>::get(NetUid::new(3)).get(), 1_000_000_000);
        assert_eq!(Burn::<Test>::get(NetUid::new(1)).get(), 1_000_000_000);
    });
}

#[test]
fn new_bounds_move_the_price_at_once() {
    chain().run(|| {
        MinBurn::<Test>::insert(NETUID, TaoBalance::new(1_500_000_000));
        assert_eq!(SubtensorModule::burn(NETUID).get(), 1_500_000_000);
        SubtensorModule::clamp_burn(NETUID);
        assert_eq!(price(), 1_500_000_000);
        MinBurn::<Test>::remove(NETUID);
        MaxBurn::<Test>::insert(NETUID, TaoBalance::new(200_000_000));
        SubtensorModule::clamp_burn(NETUID);
        assert_eq!(price(), 200_000_000);
    });
}
