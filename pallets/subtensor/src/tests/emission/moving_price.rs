//! Moving prices (section 7 of the economics).

use dendra_primitives::I96F32;

use super::*;

const ONE: u128 = MovingPrice::ONE.bits();

fn bits(netuid: NetUid) -> u128 {
    MovingPriceBits::<Test>::get(netuid)
}

/// Lets the next block be so many after the first subnet's first emission.
fn set_age(blocks: u64) {
    System::set_block_number(5_000_000);
    FirstEmissionBlockNumber::<Test>::insert(FIRST, 5_000_001 - blocks);
}

#[test]
fn rates_are_those_of_the_specification() {
    for (age, rate) in [
        (7_200, 1.0345e-7),
        (201_600, 1.5e-6),
        (2_016_000, 2.7273e-6),
    ] {
        chain(1).run(|| {
            set_age(age);
            issue();
            // The price is 1 and the average began at 0, so this is the rate.
            let moved = bits(FIRST) as f64 / ONE as f64;
            assert!(
                (moved / rate - 1.0).abs() < 2e-5,
                "{moved} after {age} blocks"
            );
        });
    }
}

#[test]
fn the_rate_is_what_root_set() {
    chain(1).run(|| {
        // Half of the way at once, however young the subnet.
        SubnetMovingAlpha::<Test>::put(I96F32::from_bits(1 << 31));
        EMAPriceHalvingBlocks::<Test>::put(0);
        set_age(1);
        issue();
        assert_eq!(bits(FIRST), ONE / 2);
        issue();
        assert_eq!(bits(FIRST), ONE / 4 * 3);
        // A quarter: half of it after as many blocks as the subnet is old.
        EMAPriceHalvingBlocks::<Test>::put(3);
        issue();
        assert_eq!(bits(FIRST), ONE / 16 * 13);
    });
}

#[test]
fn a_rate_that_is_no_proportion_moves_nothing() {
    for rate in [-1, 1 + (1 << 32), i128::MAX, i128::MIN] {
        chain(1).run(|| {
            set_moving_price(FIRST, 300_000);
            let before = bits(FIRST);
            SubnetMovingAlpha::<Test>::put(I96F32::from_bits(rate));
            set_age(1_000_000);
            let (pools, _) = issue();
            assert_eq!(bits(FIRST), before);
            assert_eq!(pools.len(), 1);
        });
    }
}

#[test]
fn the_price_counts_as_one_at_most() {
    chain(1).run(|| {
        SubnetMovingAlpha::<Test>::put(I96F32::ONE);
        EMAPriceHalvingBlocks::<Test>::put(0);
        set_pool(FIRST, UNIT, 3_000 * UNIT, 500_000_000_000_000_000);
        issue();
        issue();
        assert_eq!(bits(FIRST), ONE);
        assert_eq!(SubnetMovingPrice::<Test>::get(FIRST), I96F32::ONE);
        issue();
        assert_eq!(bits(FIRST), ONE);
    });
}

#[test]
fn the_average_follows_the_price_down_and_does_not_pass_it() {
    chain(1).run(|| {
        set_moving_price(FIRST, 900_000);
        SubnetEmissionEnabled::<Test>::insert(FIRST, false);
        set_pool(FIRST, 4_000 * UNIT, 1_000 * UNIT, 500_000_000_000_000_000);
        SubnetMovingAlpha::<Test>::put(I96F32::from_bits(1 << 31));
        EMAPriceHalvingBlocks::<Test>::put(0);
        issue();
        let mut last = bits(FIRST);
        for _ in 0..150 {
            issue();
            assert!(bits(FIRST) <= last && bits(FIRST) >= ONE / 4);
            last = bits(FIRST);
        }
        // A step of less than a bit is none.
        assert!(last - ONE / 4 <= 1);
    });
}

#[test]
fn the_first_block_of_emission_moves_nothing() {
    chain(1).run(|| {
        set_age(0);
        issue();
        assert_eq!(bits(FIRST), 0);
        issue();
        assert!(bits(FIRST) > 0);
    });
}

#[test]
fn shares_follow_the_average_of_the_block_before() {
    chain(1).run(|| {
        SubnetMovingAlpha::<Test>::put(I96F32::ONE);
        EMAPriceHalvingBlocks::<Test>::put(0);
        set_age(1);
        assert_eq!(issue(), (vec![], tao(UNIT)));
        assert_eq!(bits(FIRST), ONE);
        assert_eq!(issue(), (vec![(FIRST, tao(UNIT))], tao(0)));
    });
}

#[test]
fn the_average_moves_further_than_clients_see() {
    chain(1).run(|| {
        // A step of 10^-13 in each block.
        set_age(8);
        SubnetMovingAlpha::<Test>::put(I96F32::from_bits(12));
        for _ in 0..5 {
            let before = bits(FIRST);
            issue();
            assert!(bits(FIRST) > before);
            assert_eq!(SubnetMovingPrice::<Test>::get(FIRST).bits(), 0);
        }
        set_moving_price(FIRST, 300_000);
        issue();
        let shown = SubtensorModule::dynamic_info(FIRST).unwrap().moving_price;
        assert_eq!(shown.bits() as u128, bits(FIRST) >> 64);
    });
}

#[test]
fn root_has_a_moving_price_of_one() {
    chain(1).run(|| {
        issue();
        let shown = SubtensorModule::dynamic_info(NetUid::ROOT)
            .unwrap()
            .moving_price;
        assert_eq!(shown, I96F32::ONE);
        assert!(!MovingPriceBits::<Test>::contains_key(NetUid::ROOT));
    });
}
