//! What somebody gains who tries to gain: nothing, or what is said here.

use dendra_primitives::{I96F32, NetUid, records::RootClaimTypeEnum};
use frame_support::{assert_ok, weights::WeightMeter};
use proptest::prelude::*;

use super::*;
use crate::{
    RootClaimableThreshold,
    mock::{Author, ExistentialDeposit, give_stake, signed},
    pools::Fee,
};

/// Who trades around the claims of others.
fn eve() -> AccountId {
    account(66)
}

/// Sells alpha that Eve has, and tells the TAO she got.
fn sell(alpha: u64) -> u64 {
    let alpha = AlphaBalance::new(alpha);
    SubtensorModule::withdraw(&validator(), &eve(), NETUID, alpha).unwrap();
    let sale = SubtensorModule::sell(&eve(), NETUID, alpha, None, Fee::Charged).unwrap();
    sale.tao.get()
}

/// Buys alpha for Eve, and tells how much.
fn buy(tao: u64) -> u64 {
    let tao = TaoBalance::new(tao);
    let purchase = SubtensorModule::buy(&eve(), NETUID, tao, None, Fee::Charged).unwrap();
    SubtensorModule::deposit(&validator(), &eve(), NETUID, purchase.alpha).unwrap();
    purchase.alpha.get()
}

/// The automatic claims of a block: all that may be sold is.
fn claims() {
    let before = pot();
    assert!(SubtensorModule::step_root_claims(&mut WeightMeter::new()));
    assert!(pot() < before, "there was something to gain from");
}

/// What Eve gains in alpha by selling before the automatic claims and buying back after them.
fn sandwich(sold: u64, author: Option<AccountId>) -> i128 {
    let mut gain = 0;
    builder()
        .stake(2, validator(), eve(), 1_000_000 * UNIT)
        .run(|| {
            NumRootClaim::<Test>::put(50);
            pay(200 * UNIT);
            Author::set(&author);
            let held = Balances::free_balance(eve());
            let tao = sell(sold);
            claims();
            // What she was paid as author she spends as well.
            let spent = Balances::free_balance(eve()) - held;
            assert!(spent >= tao);
            gain = i128::from(buy(spent)) - i128::from(sold);
        });
    gain
}

#[test]
fn selling_before_automatic_claims_and_buying_back_loses() {
    for sold in [
        UNIT / 100,
        UNIT,
        10 * UNIT,
        100 * UNIT,
        1_000 * UNIT,
        50_000 * UNIT,
    ] {
        // The fees are somebody else's.
        let gain = sandwich(sold, Some(account(77)));
        assert!(gain < 0, "{gain} of {sold}");
        // At least a half of the fee of the sale.
        assert!(
            -gain >= i128::from(sold) * 33 / 65_535 / 2,
            "{gain} of {sold}"
        );
    }
}

#[test]
fn buying_before_automatic_claims_and_selling_after_loses() {
    builder().run(|| {
        NumRootClaim::<Test>::put(50);
        pay(200 * UNIT);
        Author::set(&Some(account(77)));
        let held = Balances::free_balance(eve());
        let bought = buy(100 * UNIT);
        claims();
        sell(bought);
        assert!(Balances::free_balance(eve()) < held);
    });
}

#[test]
fn an_author_who_is_paid_her_own_fees_gains_no_more_than_is_said() {
    // With a moving price, a push below its half ends all sales; the greatest push possible.
    let mut gain = 0;
    builder()
        .stake(2, validator(), eve(), 1_000_000 * UNIT)
        .run(|| {
            NumRootClaim::<Test>::put(50);
            pay(200 * UNIT);
            crate::SubnetMovingPrice::<Test>::insert(NETUID, I96F32::ONE);
            Author::set(&Some(eve()));
            let held = Balances::free_balance(eve());
            // 1000/1414 of the TAO price, squared, is a half.
            let sold = 414 * UNIT;
            sell(sold);
            claims();
            let spent = Balances::free_balance(eve()) - held;
            gain = i128::from(buy(spent)) - i128::from(sold);
            // The fee of the purchase comes back to her as well.
            let fee = Balances::free_balance(eve()) - held;
            let alpha = SubtensorModule::quote_buy(NETUID, TaoBalance::new(fee), None, Fee::Waived);
            gain += i128::from(alpha.unwrap().alpha.get());
        });
    // A half of `x·w2·fee/2`, 1414 alpha being what is in the pool then.
    let bound = i128::from(1_414 * UNIT) * 33 / 65_535 / 8;
    assert!(gain > 0 && gain <= bound, "{gain} of {bound}");
}

#[test]
fn stake_around_a_payment_earns_its_part_of_that_payment_only() {
    chain(|| {
        assert_ok!(SubtensorModule::set_root_claim_type(
            signed(&eve()),
            RootClaimTypeEnum::Keep
        ));
        pay(PAID);
        // As much as all the others, for one payment.
        give_stake(NetUid::ROOT, &validator(), &eve(), 400 * UNIT);
        pay(PAID);
        unstake(&validator(), &eve(), 400 * UNIT);
        assert_ok!(SubtensorModule::claim_root(signed(&eve()), [NETUID].into()));
        assert_eq!(alpha_of(&eve()), PAID / 2);
        assert_eq!((owed(&ann()), owed(&bob())), (7_031_250_000, 2_343_750_000));
        // Without a payment in between there is nothing, however often.
        for _ in 0..10 {
            give_stake(NetUid::ROOT, &validator(), &eve(), 400 * UNIT + 1);
            unstake(&validator(), &eve(), 400 * UNIT + 1);
            assert_eq!(owed(&eve()), 0);
        }
        assert_eq!((owed(&ann()), owed(&bob())), (7_031_250_000, 2_343_750_000));
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn claiming_often_gains_nothing_over_claiming_once(
        payments in prop::collection::vec(1_u64..10_000_000_000, 1..20),
    ) {
        let claimed = |often: bool| {
            let mut all = 0;
            chain(|| {
                RootClaimableThreshold::<Test>::insert(NETUID, I96F32::ZERO);
                assert_ok!(SubtensorModule::set_root_claim_type(signed(&ann()), RootClaimTypeEnum::Keep));
                for payment in &payments {
                    pay(*payment);
                    let times = if often { 3 } else { 0 };
                    for _ in 0..times {
                        assert_ok!(SubtensorModule::claim_root(signed(&ann()), [NETUID].into()));
                    }
                }
                assert_ok!(SubtensorModule::claim_root(signed(&ann()), [NETUID].into()));
                all = alpha_of(&ann());
            });
            all
        };
        let once = claimed(false);
        let often = claimed(true);
        // Shares of alpha round down by a unit when they are bought.
        assert!(often <= once && once - often <= 1, "{often} and {once}");
    }

    #[test]
    fn selling_in_parts_gains_nothing_over_selling_at_once(parts in 2_u64..12) {
        let proceeds = |parts: u64| {
            let mut all = 0;
            chain(|| {
                for _ in 0..parts {
                    pay(12 * 11 * 10 * 9 * 64_000_000 / parts);
                    assert_ok!(SubtensorModule::claim_root(signed(&ann()), [NETUID].into()));
                }
                all = root_stake(&ann()) - 300 * UNIT;
            });
            all
        };
        // More root stake earns more of the later payments; with Bob's part it is never more than all.
        let at_once = proceeds(1);
        let in_parts = proceeds(parts);
        assert!(in_parts <= at_once + at_once / 100, "{in_parts} and {at_once}");
    }
}

#[test]
fn the_account_of_root_can_always_be_paid() {
    chain(|| {
        pay(PAID);
        unstake(&validator(), &bob(), 100 * UNIT);
        unstake(&validator(), &ann(), 300 * UNIT);
        let root = SubtensorModule::subnet_account(NetUid::ROOT);
        assert_eq!(Balances::free_balance(&root), ExistentialDeposit::get());
        assert_ok!(SubtensorModule::claim_root(signed(&ann()), [NETUID].into()));
        assert!(root_stake(&ann()) > 0);
    });
}
