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
    Event, NetworksAdded, RootSalePrice, SubnetMovingPrice, SubtokenEnabled,
    mock::{Budget, FeeRates, System, events, give_stake, many, run_to_block, signed},
    types::{BlockStep, SalePrice},
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

/// The price, with 64 fractional bits.
const ONE: u128 = 1 << 64;

/// As if automatic claims had looked at the pool before, in the block before this one, at a price of 1.
fn look() {
    let block = SubtensorModule::block() - 1;
    RootSalePrice::<Test>::insert(NETUID, SalePrice { price: ONE, block });
}

fn looked_at() -> u128 {
    RootSalePrice::<Test>::get(NETUID).unwrap().price
}

/// One staker, Bob with all the dividends.
fn alone(test: impl FnOnce()) {
    chain(|| {
        unstake(&validator(), &ann(), 300 * UNIT);
        NumRootClaim::<Test>::put(5);
        look();
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
        // Prices, emission, epochs and the first look weigh one each; a staker weighs two.
        for (room, is_served) in [(3, false), (4, false), (5, false), (6, true)] {
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
        System::reset_events();
        run_to_block(2);
        // Root stake was added, which had its part before, rounded up.
        assert_eq!(owed(&bob()), all - ALLOWED - 1);
        assert_eq!(pot(), PAID - ALLOWED);
        let reserve = u128::from(1_000 * UNIT);
        let tao = (reserve * u128::from(ALLOWED) / (reserve + u128::from(ALLOWED))) as u64;
        assert_eq!(root_stake(&bob()), 100 * UNIT + tao);
        let claimed = Event::RootClaimed {
            netuid: NETUID,
            hotkey: validator(),
            coldkey: bob(),
            alpha: AlphaBalance::new(ALLOWED),
            tao: Some(TaoBalance::new(tao)),
        };
        assert_eq!(events(), [claimed]);
        run_to_block(3);
        // The pool is a little larger.
        let next = (1_000 * UNIT + ALLOWED) * 33 / (4 * 65_535);
        assert_eq!(pot(), PAID - ALLOWED - next);
        assert_eq!(alpha_of(&bob()), 0);
    });
}

#[test]
fn all_sales_of_a_block_share_what_is_harmless() {
    chain(|| {
        for number in 0..20 {
            give_stake(NetUid::ROOT, &validator(), &many(number), 100 * UNIT);
        }
        look();
        pay(24 * UNIT);
        NumRootClaim::<Test>::put(50);
        let before = pot();
        step(1);
        assert_eq!(pot(), before - ALLOWED);
    });
}

#[test]
fn small_claims_of_many_are_sold_up_to_it() {
    chain(|| {
        for number in 0..60 {
            give_stake(NetUid::ROOT, &validator(), &many(number), 400 * UNIT);
        }
        // 10 million units for each: twelve of them fit, and what is left is still more than the threshold.
        look();
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
        let moving =
            |bits: i128| SubnetMovingPrice::<Test>::insert(NETUID, I96F32::from_bits(bits));
        // The price is 1.
        moving(2 * I96F32::ONE.bits() + 2);
        step(1);
        assert_eq!(pot(), PAID);
        moving(2 * I96F32::ONE.bits() + 1);
        step(1);
        assert_eq!(pot(), PAID - ALLOWED);
        // What is kept has no price.
        moving(4 * I96F32::ONE.bits());
        keep(&bob());
        let rest = owed(&bob());
        step(1);
        assert_eq!((owed(&bob()), alpha_of(&bob())), (0, rest));
        // No moving price is above one but here.
        SubnetMovingPrice::<Test>::remove(NETUID);
    });
}

#[test]
fn a_pool_is_looked_at_before_anything_is_sold() {
    alone(|| {
        RootSalePrice::<Test>::remove(NETUID);
        pay(PAID);
        run_to_block(2);
        assert_eq!((pot(), looked_at()), (PAID, ONE));
        run_to_block(3);
        assert!(pot() < PAID && looked_at() == ONE);
        // The last look was before that sale.
        run_to_block(4);
        assert!(looked_at() < ONE);
    });
}

#[test]
fn a_price_that_falls_too_fast_is_not_sold_at() {
    alone(|| {
        pay(PAID);
        let priced = |price: u64| {
            crate::SubnetAlphaIn::<Test>::insert(
                NETUID,
                AlphaBalance::new(1_000_000 * UNIT / price),
            );
        };
        let remember = |price, block| {
            RootSalePrice::<Test>::insert(NETUID, SalePrice { price, block });
        };
        // In a block by 1/300, in thousandths of the price.
        System::set_block_number(1_000);
        for (price, since, sells) in [
            (997, 1, true),
            (996, 1, false),
            (991, 3, true),
            (989, 3, false),
            (668, 100, true),
            (666, 100, false),
            (501, 150, true),
            (501, 999, true),
            // It never halves from one look to the next, however long ago that was.
            (499, 150, false),
            (499, 999, false),
        ] {
            priced(price);
            remember(ONE, 1_000 - since);
            let before = pot();
            step(price);
            assert_eq!(pot() < before, sells, "{price} after {since} blocks");
            // What is remembered falls no faster.
            let block = 1_000 - since;
            let least = SalePrice { price: ONE, block }.least_in(1_000);
            assert_eq!(looked_at() == least, !sells);
        }
    });
}

#[test]
fn a_price_that_stays_low_is_the_price_in_the_end() {
    alone(|| {
        pay(PAID);
        let low = AlphaBalance::new(10_000 * UNIT);
        crate::SubnetAlphaIn::<Test>::insert(NETUID, low);
        let mut blocks = 0;
        while pot() == PAID {
            blocks += 1;
            run_to_block(System::block_number() + 1);
            assert!(blocks < 1_000);
        }
        // The first look was two blocks after the last one, and (299/300)^690 is a tenth: more than two hours.
        assert_eq!(blocks, 689);
    });
}

#[test]
fn a_price_that_rises_is_remembered_at_once() {
    alone(|| {
        pay(PAID);
        let high = AlphaBalance::new(500 * UNIT);
        crate::SubnetAlphaIn::<Test>::insert(NETUID, high);
        step(1);
        assert_eq!(looked_at(), 2 * ONE);
        assert!(pot() < PAID);
    });
}

#[test]
fn nothing_is_sold_where_a_sandwich_costs_nothing_or_nothing_can_be_sold() {
    alone(|| {
        pay(PAID);
        FeeRates::insert(NETUID, 0);
        step(1);
        assert_eq!(pot(), PAID);
        FeeRates::remove(NETUID);
        SubtokenEnabled::<Test>::insert(NETUID, false);
        step(1);
        assert_eq!(pot(), PAID);
        SubtokenEnabled::<Test>::insert(NETUID, true);
        step(1);
        assert_eq!(pot(), PAID - ALLOWED);
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
