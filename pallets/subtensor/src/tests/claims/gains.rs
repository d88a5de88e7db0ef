//! What somebody gains who tries to gain: nothing, or what is said here.

use dendra_primitives::{I96F32, NetUid, records::RootClaimTypeEnum};
use frame_support::{assert_ok, weights::WeightMeter};
use proptest::prelude::*;

use super::*;
use crate::{
    RootClaimableThreshold, RootSalePrice,
    mock::{Author, ExistentialDeposit, System, give_stake, signed},
    pools::Fee,
    types::SalePrice,
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

/// The automatic claims of a block; what they sold.
fn claims() -> u64 {
    let before = pot();
    assert!(SubtensorModule::step_root_claims(&mut WeightMeter::new()));
    before - pot()
}

/// Dividends of which more can be claimed than a block sells, and a pool that nobody looked at for long.
fn ready() {
    NumRootClaim::<Test>::put(50);
    pay(200 * UNIT);
    System::set_block_number(1_000);
    let price = SalePrice {
        price: 1 << 64,
        block: 1,
    };
    RootSalePrice::<Test>::insert(NETUID, price);
}

/// What Eve gains in alpha by selling before the automatic claims and buying back after them, and what they sold.
fn sandwich(sold: u64, authors: [AccountId; 2]) -> (i128, u64) {
    let mut result = (0, 0);
    builder()
        .stake(2, validator(), eve(), 1_000_000 * UNIT)
        .run(|| {
            ready();
            let held = Balances::free_balance(eve());
            let [first, second] = authors;
            Author::set(&Some(first));
            sell(sold);
            let claimed = claims();
            // What she was paid as the author of the sale she spends as well.
            let tao = Balances::free_balance(eve()) - held;
            Author::set(&Some(second));
            let back = i128::from(buy(tao));
            // What she was paid as the author of the purchase counts as the alpha that it would buy.
            let fee = Balances::free_balance(eve()) - held;
            let more = match fee {
                0 => 0,
                fee => SubtensorModule::quote_buy(NETUID, TaoBalance::new(fee), None, Fee::Waived)
                    .unwrap()
                    .alpha
                    .get(),
            };
            result = (back + i128::from(more) - i128::from(sold), claimed);
        });
    result
}

#[test]
fn selling_before_automatic_claims_and_buying_back_loses() {
    let stranger = || account(77);
    for sold in [UNIT / 100, UNIT, 10 * UNIT, 100 * UNIT, 400 * UNIT] {
        for authors in [
            [stranger(), stranger()],
            [eve(), stranger()],
            [stranger(), eve()],
        ] {
            let (gain, claimed) = sandwich(sold, authors);
            assert!(claimed > 100_000_000);
            assert!(gain < 0, "{gain} of {sold}");
        }
    }
}

#[test]
fn pushing_the_price_further_ends_all_automatic_sales() {
    for sold in [420 * UNIT, 1_000 * UNIT, 50_000 * UNIT] {
        let (gain, claimed) = sandwich(sold, [account(77), account(77)]);
        assert_eq!(claimed, 0);
        assert!(gain < 0, "{gain} of {sold}");
    }
}

#[test]
fn who_authors_both_blocks_gains_no_more_than_is_said() {
    let (gain, claimed) = sandwich(412 * UNIT, [eve(), eve()]);
    // A half of `x·w2·fee/2`, 1412 alpha being what is in the pool then.
    let harmless = 1_412 * UNIT * 33 / 65_535 / 4;
    let bound = i128::from(harmless / 2);
    assert_eq!(claimed, harmless);
    assert!(gain > 0 && gain <= bound, "{gain} of {bound}");
}

#[test]
fn buying_before_automatic_claims_and_selling_after_loses() {
    builder().run(|| {
        ready();
        Author::set(&Some(account(77)));
        let held = Balances::free_balance(eve());
        let bought = buy(100 * UNIT);
        assert!(claims() > 0);
        sell(bought);
        assert!(Balances::free_balance(eve()) < held);
    });
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
