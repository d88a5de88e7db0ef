//! Which subnet makes room for a new one (section 9.2 of the economics).

use dendra_primitives::{MovingPrice, NetUid};
use frame_support::assert_noop;

use super::{create, held};
use crate::{mock::*, *};

/// Subnets 2 to 5 with these moving prices and blocks of creation, in block 1000 with an immunity of 100
/// blocks. Subnet 1 is too dear to be chosen, and old.
fn chain(facts: [(u128, u64); 4], test: impl FnOnce()) {
    ExtBuilder::new().run(|| {
        NetworkImmunityPeriod::<Test>::put(100);
        put_price(NetUid::new(1), 1_000);
        for (netuid, (price, block)) in (2_u16..).zip(facts) {
            NetworkLastCreatedAt::<Test>::kill();
            NetworkLastLockCost::<Test>::kill();
            create(&account(netuid as u8), &account(100 + netuid as u8), netuid);
            let netuid = NetUid::new(netuid);
            put_price(netuid, price);
            NetworkRegisteredAt::<Test>::insert(netuid, block);
        }
        NetworkLastCreatedAt::<Test>::kill();
        NetworkLastLockCost::<Test>::kill();
        System::set_block_number(1_000);
        System::reset_events();
        test();
    });
}

/// A moving price; prices differ by less than clients see.
fn put_price(netuid: NetUid, bits: u128) {
    SubtensorModule::put_moving_price(netuid, MovingPrice::from_bits(bits).unwrap());
}

fn chosen() -> Option<u16> {
    SubtensorModule::subnet_to_prune().map(NetUid::get)
}

#[test]
fn the_lowest_moving_price_goes() {
    chain([(9, 1), (7, 2), (8, 3), (9, 4)], || {
        assert_eq!(chosen(), Some(3))
    });
}

#[test]
fn of_equal_prices_the_earliest_goes() {
    chain([(7, 30), (7, 20), (8, 1), (7, 21)], || {
        assert_eq!(chosen(), Some(3))
    });
}

#[test]
fn of_equal_prices_and_blocks_the_lowest_netuid_goes() {
    chain([(8, 5), (7, 5), (7, 5), (7, 5)], || {
        assert_eq!(chosen(), Some(3))
    });
}

#[test]
fn immune_subnets_stay() {
    chain([(1, 901), (2, 1_000), (3, 900), (4, 1)], || {
        assert_eq!(chosen(), Some(4))
    });
}

#[test]
fn the_first_subnet_may_go_but_never_root() {
    chain([(2_000, 1), (2_000, 1), (2_000, 1), (2_000, 1)], || {
        assert_eq!(chosen(), Some(1));
        for netuid in 1..=5 {
            NetworkRegisteredAt::<Test>::insert(NetUid::new(netuid), 950);
        }
        assert_eq!(chosen(), None);
    });
}

#[test]
fn root_is_not_counted_toward_the_limit() {
    chain([(9, 1), (7, 2), (8, 3), (9, 4)], || {
        SubnetLimit::<Test>::put(6);
        create(&account(20), &account(120), 6);
        assert_eq!(TotalNetworks::<Test>::get(), 7);
        assert!(!events().contains(&Event::NetworkRemoved(NetUid::new(3))));
    });
}

#[test]
fn at_the_limit_a_creation_dissolves_the_chosen_subnet() {
    chain([(9, 1), (7, 2), (8, 3), (9, 4)], || {
        SubnetLimit::<Test>::put(5);
        // The netuid of the dissolved one is still being cleaned up.
        create(&account(20), &account(120), 6);
        assert!(!SubtensorModule::exists(NetUid::new(3)));
        assert_eq!(TotalNetworks::<Test>::get(), 6);
        assert_eq!(
            DissolveCleanupQueue::<Test>::get().into_inner(),
            vec![NetUid::new(3)]
        );
        assert_eq!(
            events().first(),
            Some(&Event::NetworkRemoved(NetUid::new(3)))
        );
        assert_eq!(held(&account(20)), RICH - 1_000 * UNIT);
        // Cleaned up, it is the next one.
        run_to_block(1_001);
        NetworkLastCreatedAt::<Test>::kill();
        create(&account(21), &account(121), 3);
        assert_eq!(SubnetOwnerHotkey::<Test>::get(NetUid::new(3)), account(121));
    });
}

#[test]
fn at_the_limit_a_creation_is_refused_while_all_are_immune() {
    chain([(9, 950), (7, 950), (8, 950), (9, 950)], || {
        NetworkRegisteredAt::<Test>::insert(NetUid::new(1), 901);
        SubnetLimit::<Test>::put(5);
        assert_noop!(
            SubtensorModule::register_network(signed(&account(20)), account(120)),
            Error::<Test>::SubnetLimitReached
        );
    });
}

#[test]
fn a_creation_that_cannot_be_paid_dissolves_nothing() {
    chain([(9, 1), (7, 2), (8, 3), (9, 4)], || {
        SubnetLimit::<Test>::put(5);
        assert_noop!(
            SubtensorModule::register_network(signed(&many(1)), account(120)),
            Error::<Test>::CannotAffordLockCost
        );
    });
}
