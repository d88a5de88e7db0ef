//! How many registered in this block and in the running interval.

use dendra_primitives::NetUid;

use super::{NETUID, chain, register};
use crate::{mock::*, *};

fn counters(netuid: NetUid) -> (u16, u16, u64) {
    (
        RegistrationsThisBlock::<Test>::get(netuid),
        RegistrationsThisInterval::<Test>::get(netuid),
        LastAdjustmentBlock::<Test>::get(netuid),
    )
}

#[test]
fn any_number_registers_in_one_block() {
    chain().run(|| {
        for (count, hotkey) in (1..).zip(10..30) {
            register(&account(3), &account(hotkey)).unwrap();
            assert_eq!(counters(NETUID), (count, count, 0));
        }
        assert_eq!(SubnetworkN::<Test>::get(NETUID), 21);
    });
}

#[test]
fn the_counter_of_the_block_restarts_in_the_next_one() {
    chain().subnet(3, account(5), account(6)).run(|| {
        register(&account(3), &account(10)).unwrap();
        register(&account(3), &account(11)).unwrap();
        let origin = signed(&account(3));
        SubtensorModule::burned_register(origin, NetUid::new(3), account(10)).unwrap();
        run_to_block(2);
        assert_eq!(counters(NETUID), (0, 2, 0));
        assert_eq!(counters(NetUid::new(3)), (0, 1, 0));
        register(&account(3), &account(12)).unwrap();
        assert_eq!(counters(NETUID), (1, 3, 0));
    });
}

#[test]
fn an_interval_begins_with_the_first_registration_after_the_last_one() {
    chain().run(|| {
        System::set_block_number(99);
        register(&account(3), &account(10)).unwrap();
        assert_eq!(counters(NETUID).1, 1);
        System::set_block_number(100);
        register(&account(3), &account(11)).unwrap();
        assert_eq!((counters(NETUID).1, counters(NETUID).2), (1, 100));
        System::set_block_number(199);
        register(&account(3), &account(12)).unwrap();
        assert_eq!((counters(NETUID).1, counters(NETUID).2), (2, 100));
    });
}
