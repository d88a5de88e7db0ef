//! What root stakers are paid, and how clients see it.

use dendra_primitives::{AlphaBalance, NetUid};
use proptest::prelude::*;

use super::*;
use crate::{
    Event, RootClaimable, RootClaimed, RootDividendRest,
    mock::{events, give_stake},
    types::{Payment, PaymentReason},
};

/// Bits of the rate of the validator.
fn rate() -> i128 {
    RootClaimable::<Test>::get(validator())[&NETUID].bits()
}

fn rest() -> u64 {
    RootDividendRest::<Test>::get(NETUID, validator()).get()
}

/// What a client computes from what it reads.
fn as_clients_see_it(coldkey: &AccountId) -> u128 {
    let claimed = RootClaimed::<Test>::get((NETUID, validator(), coldkey));
    let earned = (rate() as u128 * u128::from(root_stake(coldkey))) >> 32;
    earned.saturating_sub(claimed)
}

#[test]
fn a_payment_is_owed_by_stake() {
    chain(|| {
        pay(PAID);
        assert_eq!(rate(), 1 << 26);
        assert_eq!((pot(), rest()), (PAID, 0));
        assert_eq!((owed(&ann()), owed(&bob())), (4_687_500_000, 1_562_500_000));
        assert_eq!(owed(&account(22)), 0);
        assert_eq!(
            events(),
            [Event::RootDividendPaid {
                netuid: NETUID,
                hotkey: validator(),
                alpha: AlphaBalance::new(PAID),
            }]
        );
        pay(PAID);
        assert_eq!((owed(&ann()), owed(&bob())), (9_375_000_000, 3_125_000_000));
    });
}

#[test]
fn what_is_too_little_for_a_rate_waits_in_the_pot() {
    chain(|| {
        // One step of the rate costs 400 TAO / 2^32, which is 93.1 units.
        pay(50);
        assert_eq!((rate(), rest(), pot(), owed(&ann())), (0, 50, 50, 0));
        pay(43);
        assert_eq!((rate(), rest(), pot(), owed(&ann())), (0, 93, 93, 0));
        pay(1);
        assert_eq!((rate(), rest(), pot()), (1, 0, 94));
        assert_eq!((owed(&ann()), owed(&bob())), (69, 23));
    });
}

#[test]
fn more_than_a_unit_per_rao_is_the_owners() {
    chain(|| {
        give_stake(NetUid::ROOT, &account(12), &ann(), 5);
        assert_eq!(pay_to(NETUID, &account(12), 5), 5);
        assert_eq!((pot(), alpha_of(&ann())), (5, 0));
        // Ann owns the hotkey.
        assert_eq!(pay_to(NETUID, &account(12), 6), 6);
        assert_eq!(pot(), 5);
        let held = SubtensorModule::stake_of(&account(12), &ann(), NETUID);
        assert_eq!(held.get(), 6);
        let paid = Event::AlphaPaid {
            netuid: NETUID,
            reason: PaymentReason::RootDividend,
            payments: vec![Payment {
                hotkey: account(12),
                coldkey: Some(ann()),
                alpha: AlphaBalance::new(6),
            }],
        };
        assert_eq!(events().last(), Some(&paid));
    });
}

#[test]
fn without_root_stake_the_owner_is_paid_and_without_an_owner_nobody() {
    chain(|| {
        assert_eq!(pay_to(NETUID, &account(2), 1_000), 1_000);
        let held = SubtensorModule::stake_of(&account(2), &account(1), NETUID);
        assert_eq!(held.get(), 1_000);
        assert_eq!(pay_to(NETUID, &account(77), 1_000), 0);
        assert_eq!(pay_to(NETUID, &validator(), 0), 0);
        assert_eq!((pot(), owed(&ann())), (0, 0));
    });
}

#[test]
fn nobody_is_paid_what_is_no_subnets() {
    chain(|| assert_eq!(pay_to(NetUid::ROOT, &validator(), 1_000), 0));
}

#[test]
fn a_rate_that_cannot_rise_pays_nothing() {
    // Only a rate from nowhere is so high, so the invariants are not asked.
    builder().build().execute_with(|| {
        let highest = dendra_primitives::I96F32::from_bits(i128::MAX);
        RootClaimable::<Test>::mutate(validator(), |rates| {
            rates.try_insert(NETUID, highest).unwrap()
        });
        assert_eq!(pay_to(NETUID, &validator(), PAID), 0);
        assert_eq!((pot(), rest(), rate()), (0, 0, i128::MAX));
        assert_eq!(owed(&ann()), 0);
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_clients_compute_is_what_is_owed(
        payments in prop::collection::vec(1_u64..1_000_000_000_000, 1..10),
        stakes in prop::collection::vec(1_u64..1_000_000_000_000, 0..10),
    ) {
        chain(|| {
            let mut stakes = stakes.into_iter();
            for payment in payments {
                pay(payment.min(all_root_stake(&validator())));
                if let Some(stake) = stakes.next() {
                    give_stake(NetUid::ROOT, &validator(), &bob(), stake);
                }
                for coldkey in [ann(), bob()] {
                    assert_eq!(as_clients_see_it(&coldkey), u128::from(owed(&coldkey)));
                }
            }
        });
    }
}
