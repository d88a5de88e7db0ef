//! Claims that happen by themselves, and the prices at which they do not.

use codec::Encode;
use dendra_primitives::{I96F32, NetUid, records::RootClaimTypeEnum};
use frame_support::{
    assert_ok,
    weights::{Weight, WeightMeter},
};
use sp_core::H256;
use sp_io::hashing::twox_128;

use super::*;
use crate::{
    Event, NetworksAdded, SubnetMovingPrice, SubtokenEnabled,
    mock::{Budget, FeeRates, System, events, give_stake, many, run_to_block, signed},
    types::BlockStep,
};

/// A quarter of the common fee of the pool of 1000 alpha: what is sold automatically in a block.
const ALLOWED: u64 = 125_886_930;

/// Says what the parent block was, which the draw depends on.
fn set_parent(number: u64) {
    let key = [twox_128(b"System"), twox_128(b"ParentHash")].concat();
    sp_io::storage::set(&key, &H256::from_low_u64_be(number).encode());
}

/// The step of a block after this parent.
fn step(parent: u64) {
    set_parent(parent);
    assert!(SubtensorModule::step_root_claims(&mut WeightMeter::new()));
}

/// One staker, Bob with all the dividends.
fn alone(test: impl FnOnce()) {
    chain(|| {
        unstake(&validator(), &ann(), 300 * UNIT);
        NumRootClaim::<Test>::put(5);
        System::reset_events();
        test();
    });
}

fn keep(coldkey: &AccountId) {
    let kind = RootClaimTypeEnum::Keep;
    assert_ok!(SubtensorModule::set_root_claim_type(signed(coldkey), kind));
}

#[test]
fn every_block_claims_for_some() {
    alone(|| {
        keep(&bob());
        pay(PAID / 4);
        run_to_block(2);
        assert_eq!((alpha_of(&bob()), owed(&bob())), (PAID / 4, 0));
        assert_eq!(pot(), 0);
    });
}

#[test]
fn all_have_their_turn_and_no_more_than_so_many_in_a_block() {
    chain(|| {
        for number in 0..60 {
            give_stake(NetUid::ROOT, &validator(), &many(number), 100 * UNIT);
            keep(&many(number));
        }
        keep(&ann());
        keep(&bob());
        NumRootClaim::<Test>::put(3);
        pay(64 * PAID);
        let mut blocks = 0;
        let mut served = 0;
        while served < 62 {
            System::reset_events();
            step(blocks);
            let now = events().len();
            assert!(now <= 3);
            served += now;
            blocks += 1;
            assert!(blocks < 400, "{served} were served");
        }
        for number in 0..60 {
            assert_eq!(owed(&many(number)), 0);
        }
        SubtensorModule::do_try_state().unwrap();
    });
}

#[test]
fn a_staker_of_many_subnets_and_hotkeys_has_all_of_them_claimed_in_time() {
    // With subnets that only the tables know, so the invariants are not asked.
    builder().build().execute_with(|| {
        unstake(&validator(), &ann(), 300 * UNIT);
        keep(&bob());
        let hotkeys: Vec<AccountId> = (0..5).map(many).collect();
        for hotkey in &hotkeys {
            give_stake(NetUid::ROOT, hotkey, &bob(), UNIT);
            for netuid in 10..30 {
                NetworksAdded::<Test>::insert(NetUid::new(netuid), true);
                pay_to(NetUid::new(netuid), hotkey, UNIT);
            }
        }
        let mut most = 0;
        let mut served = 0;
        for block in 0..200 {
            System::reset_events();
            step(block);
            most = most.max(events().len());
            served += events().len();
        }
        assert_eq!((most, served), (16, 100));
    });
}

#[test]
fn nobody_is_served_while_the_number_is_zero() {
    alone(|| {
        keep(&bob());
        pay(PAID);
        NumRootClaim::<Test>::put(0);
        run_to_block(9);
        assert_eq!(alpha_of(&bob()), 0);
    });
}

#[test]
fn without_room_a_block_claims_nothing_and_says_so() {
    alone(|| {
        keep(&bob());
        pay(PAID / 4);
        System::reset_events();
        // Prices, epochs and the first look weigh one each; a staker weighs two.
        for (room, is_served) in [(2, false), (3, false), (4, false), (5, true)] {
            System::reset_events();
            Budget::set(&Weight::from_parts(room, 0));
            run_to_block(System::block_number() + 1);
            let postponed = Event::StepPostponed {
                step: BlockStep::RootClaims,
            };
            assert_eq!(events().contains(&postponed), !is_served);
            assert_eq!(alpha_of(&bob()) > 0, is_served);
        }
        Budget::set(&Weight::MAX);
    });
}

#[test]
fn below_the_threshold_nothing_is_claimed_and_nobody_is_told() {
    alone(|| {
        keep(&bob());
        pay(499_000);
        System::reset_events();
        step(1);
        assert_eq!(events(), []);
        // Not even for one who has left: such a claim is signed.
        unstake(&validator(), &bob(), 100 * UNIT);
        step(2);
        assert_eq!(events(), []);
        assert!(owed(&bob()) > 490_000);
    });
}

#[test]
fn a_block_sells_what_is_harmless_and_the_rest_is_still_owed() {
    alone(|| {
        pay(PAID);
        let all = owed(&bob());
        run_to_block(2);
        assert_eq!(owed(&bob()), all - ALLOWED);
        let sold = |alpha: u64, reserve: u64| {
            (u128::from(1_000 * UNIT) * u128::from(alpha) / u128::from(reserve + alpha)) as u64
        };
        let first = sold(ALLOWED, 1_000 * UNIT);
        assert_eq!(root_stake(&bob()), 100 * UNIT + first);
        let events = events();
        let claims: Vec<_> = events
            .iter()
            .filter(|event| matches!(event, Event::RootClaimed { .. }))
            .collect();
        assert_eq!(claims.len(), 1);
        run_to_block(3);
        // The pool is a little larger, and the new root stake had its part before.
        assert_eq!(
            owed(&bob()),
            all - 2 * ALLOWED - ALLOWED * 33 / (4 * 65_535)
        );
        assert_eq!(alpha_of(&bob()), 0);
    });
}

#[test]
fn all_sales_of_a_block_share_what_is_harmless() {
    chain(|| {
        for number in 0..20 {
            give_stake(NetUid::ROOT, &validator(), &many(number), 100 * UNIT);
        }
        pay(24 * UNIT);
        NumRootClaim::<Test>::put(50);
        let before = pot();
        step(1);
        assert_eq!(pot(), before - ALLOWED);
        // Each has less than that.
        pay_to(NETUID, &validator(), 94);
        SubtensorModule::do_try_state().unwrap();
    });
}

#[test]
fn small_claims_of_many_are_sold_up_to_it() {
    chain(|| {
        for number in 0..60 {
            give_stake(NetUid::ROOT, &validator(), &many(number), 400 * UNIT);
        }
        // 10 million units for each: twelve of them fit, and what is left is still more than the threshold.
        pay(61 * 10_000_000);
        NumRootClaim::<Test>::put(50);
        let before = pot();
        step(7);
        let sold = before - pot();
        assert!(sold <= ALLOWED && sold > ALLOWED - 500_000, "{sold}");
    });
}

#[test]
fn below_half_of_the_moving_price_nothing_is_sold() {
    alone(|| {
        pay(PAID);
        let all = owed(&bob());
        let moving =
            |bits: i128| SubnetMovingPrice::<Test>::insert(NETUID, I96F32::from_bits(bits));
        // The price is 1.
        moving(2 * I96F32::ONE.bits() + 2);
        step(1);
        assert_eq!(owed(&bob()), all);
        moving(2 * I96F32::ONE.bits() + 1);
        step(1);
        assert_eq!(owed(&bob()), all - ALLOWED);
        moving(4 * I96F32::ONE.bits());
        keep(&bob());
        step(1);
        assert_eq!((owed(&bob()), alpha_of(&bob())), (0, all - ALLOWED));
    });
}

#[test]
fn nothing_is_sold_where_a_sandwich_costs_nothing_or_nothing_can_be_sold() {
    alone(|| {
        pay(PAID);
        let all = owed(&bob());
        FeeRates::insert(NETUID, 0);
        step(1);
        assert_eq!(owed(&bob()), all);
        FeeRates::remove(NETUID);
        SubtokenEnabled::<Test>::insert(NETUID, false);
        step(1);
        assert_eq!(owed(&bob()), all);
        SubtokenEnabled::<Test>::insert(NETUID, true);
        step(1);
        assert_eq!(owed(&bob()), all - ALLOWED);
    });
}

#[test]
fn without_a_pool_there_is_no_price_to_move() {
    alone(|| {
        crate::SubnetMechanism::<Test>::insert(NETUID, 0);
        pay(PAID);
        let all = owed(&bob());
        step(1);
        assert_eq!((owed(&bob()), root_stake(&bob())), (0, 100 * UNIT + all));
    });
}

#[test]
fn a_hotkey_that_cannot_be_staked_on_is_passed_over() {
    alone(|| {
        pay(PAID);
        let all = owed(&bob());
        unstake(&validator(), &bob(), 100 * UNIT);
        for number in 0..crate::types::MAX_STAKING_HOTKEYS {
            give_stake(NETUID, &many(number), &bob(), 1);
        }
        System::reset_events();
        step(1);
        assert_eq!(owed(&bob()), all);
        assert_eq!(events(), []);
    });
}
