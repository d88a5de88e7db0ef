//! The clean-up goes on over the blocks, as far as each has room, one subnet after the other.

use dendra_primitives::NetUid;
use frame_support::weights::Weight;

use super::{NETUID, chain, cleaned, dissolve};
use crate::{
    mock::*,
    types::{BlockStep, CleanupStep},
    *,
};

const OTHER: NetUid = NetUid::new(3);

/// Each step of the mock's hook weighs one: prices, emission, the schedule of epochs, looking for root stakers,
/// and per piece of a clean-up one for looking and one for doing it.
fn room_for(pieces: u64) {
    Budget::set(&Weight::from_parts(4 + 2 * pieces, 0));
}

/// Holders paid since the last time.
fn paid_now() -> usize {
    let count = events()
        .into_iter()
        .filter(|event| matches!(event, Event::HolderPaid { .. }))
        .count();
    System::reset_events();
    count
}

fn with_holders(count: u32, netuids: &[NetUid]) {
    for number in 0..count {
        for netuid in netuids {
            give_stake(*netuid, &account(2), &many(number), UNIT);
        }
    }
    System::reset_events();
}

#[test]
fn sixteen_holders_are_paid_per_piece() {
    chain().run(|| {
        with_holders(40, &[NETUID]);
        dissolve(NETUID);
        room_for(1);
        for (block, paid) in [(2, 16), (3, 16), (4, 8), (5, 0)] {
            run_to_block(block);
            assert_eq!(paid_now(), paid);
        }
        room_for(100);
        run_to_block(6);
        assert!(cleaned(NETUID).is_some());
        assert_eq!(CurrentDissolveCleanupStatus::<Test>::get(), None);
        assert_eq!(DissolveCleanupQueue::<Test>::get().len(), 0);
    });
}

#[test]
fn all_of_them_are_paid_alike_however_many_blocks_it_takes() {
    let paid = |pieces| {
        let mut balances = Vec::new();
        chain().run(|| {
            with_holders(40, &[NETUID]);
            dissolve(NETUID);
            room_for(pieces);
            run_to_block(40);
            assert_eq!(DissolveCleanupQueue::<Test>::get().len(), 0);
            balances = (0..40)
                .map(|number| Balances::free_balance(many(number)))
                .collect();
        });
        balances
    };
    assert_eq!(paid(1), paid(1_000));
    // 1000 TAO by 1000 + 40 alpha.
    assert_eq!(paid(1).iter().sum::<u64>(), 38_461_538_461);
}

#[test]
fn without_room_nothing_happens_and_the_block_says_so() {
    chain().run(|| {
        with_holders(3, &[NETUID]);
        dissolve(NETUID);
        System::reset_events();
        room_for(0);
        run_to_block(3);
        let postponed = Event::StepPostponed {
            step: BlockStep::Cleanup,
        };
        assert_eq!(events(), [postponed.clone(), postponed]);
        assert_eq!(CurrentDissolveCleanupStatus::<Test>::get(), None);
        assert_eq!(SubnetTAO::<Test>::get(NETUID).get(), 1_000 * UNIT);
        Budget::set(&Weight::MAX);
        run_to_block(4);
        assert!(cleaned(NETUID).is_some());
    });
}

#[test]
fn without_work_the_block_does_not_speak_of_it() {
    chain().run(|| {
        run_to_block(3);
        assert_eq!(events(), []);
    });
}

#[test]
fn the_state_of_a_clean_up_is_readable() {
    chain().run(|| {
        with_holders(20, &[NETUID]);
        dissolve(NETUID);
        room_for(1);
        run_to_block(2);
        let settlement = CurrentDissolveCleanupStatus::<Test>::get().unwrap();
        assert_eq!(settlement.netuid, NETUID);
        assert_eq!(settlement.step, CleanupStep::Positions);
        assert_eq!(settlement.pot.get(), 1_000 * UNIT);
        assert_eq!(settlement.weight.get(), 1_020 * UNIT);
        assert_eq!(settlement.served.get(), 16 * UNIT);
        // ⌊1000·16/1020⌋ TAO.
        assert_eq!(settlement.paid.get(), 15_686_274_509);
        run_to_block(3);
        let settlement = CurrentDissolveCleanupStatus::<Test>::get().unwrap();
        assert_eq!(settlement.step, CleanupStep::Neurons);
        assert_eq!(settlement.served.get(), 20 * UNIT);
    });
}

#[test]
fn two_dissolved_subnets_are_cleaned_up_one_after_the_other() {
    chain().subnet(3, account(3), account(4)).run(|| {
        // The same holders and the same hotkey on both.
        with_holders(20, &[NETUID, OTHER]);
        dissolve(OTHER);
        dissolve(NETUID);
        assert_eq!(
            DissolveCleanupQueue::<Test>::get().into_inner(),
            [OTHER, NETUID]
        );
        room_for(1);
        let issuance = SubtensorModule::issuance().get();
        System::reset_events();
        let mut done = Vec::new();
        for block in 2..60 {
            run_to_block(block);
            for event in events() {
                if let Event::NetworkCleaned { netuid, .. } = event {
                    done.push(netuid);
                }
            }
            if done == [OTHER] {
                assert_eq!(DissolveCleanupQueue::<Test>::get().into_inner(), [NETUID]);
            }
            System::reset_events();
        }
        assert_eq!(done, [OTHER, NETUID]);
        // Each pot is 1000 TAO, of which 20 of 1020 parts are the holders'.
        let paid = 2 * 19_607_843_137;
        let held: u64 = (0..20)
            .map(|number| Balances::free_balance(many(number)))
            .sum();
        assert_eq!(held, paid);
        assert_eq!(
            SubtensorModule::issuance().get(),
            issuance - (2_000 * UNIT - paid) - 2 * ExistentialDeposit::get()
        );
        for number in 0..20 {
            assert!(!StakingHotkeys::<Test>::contains_key(many(number)));
        }
    });
}

#[test]
fn a_netuid_is_free_once_it_is_cleaned_up() {
    chain().subnet(3, account(3), account(4)).run(|| {
        let create = |coldkey: u8| {
            NetworkLastCreatedAt::<Test>::kill();
            NetworkLastLockCost::<Test>::kill();
            let before = SubnetList::<Test>::get();
            SubtensorModule::register_network(signed(&account(coldkey)), account(100 + coldkey))
                .unwrap();
            let after = SubnetList::<Test>::get();
            after.into_iter().find(|netuid| !before.contains(netuid))
        };
        dissolve(NETUID);
        assert_eq!(create(10), Some(NetUid::new(4)));
        room_for(1);
        run_to_block(2);
        assert_eq!(create(11), Some(NetUid::new(5)));
        room_for(100);
        run_to_block(3);
        assert_eq!(create(12), Some(NETUID));
        assert_eq!(create(13), Some(NetUid::new(6)));
    });
}
