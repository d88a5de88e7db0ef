//! What an epoch pays, to the last unit (section 5 of the economics). The identities of section 16, with the
//! third one as an equality, are checked after every block.

mod lending;
mod root;
mod withheld;

use dendra_primitives::AlphaBalance;
use frame_support::assert_ok;

use super::validators::{
    SUBNET, coldkey, epoch, hotkey, set, stake, subnet_of, take_stake, units, without_owner_uid,
};
use crate::{
    AccountId, AlphaDividendsPerSubnet, AutoStakeDestination, AutoStakers, BurnedAlpha, Delegates,
    Event, MinerBurned, Owner, PendingEmissions, RecycleOrBurn, SubnetAlphaOut, SubnetOwner,
    SubnetResidual,
    mock::{
        ExtBuilder, SubtensorModule, System, Test, account, events, give_pending, give_stake, many,
    },
    types::{Payment, PaymentReason},
};
use dendra_primitives::records::RecycleOrBurnEnum;

const MILLION: u64 = 1_000_000;

/// `⌊amount·part/65535⌋`.
fn take(amount: u64, part: u64) -> u64 {
    amount * part / 65_535
}

/// Validators 1 and 2 with equal stake and permits and no delegate take; miners 3 and 4; the owner at 0 has
/// no stake.
fn subnet() -> ExtBuilder {
    subnet_of(&[0, MILLION, MILLION, 0, 0])
}

fn chain(test: impl FnOnce()) {
    subnet().run(|| {
        begin();
        test();
    });
}

/// Permits; no take.
fn begin() {
    for uid in 0..5 {
        Delegates::<Test>::insert(hotkey(uid), 0);
    }
    epoch();
    System::reset_events();
}

/// Both validators weigh these targets.
fn agree(uids: &[u16], values: &[u16]) {
    for uid in [1, 2] {
        assert_ok!(set(uid, uids, values));
    }
}

fn give_owner_cut(amount: u64) {
    let amount = AlphaBalance::new(amount);
    SubnetAlphaOut::<Test>::mutate(SUBNET, |out| *out = out.checked_add(amount).unwrap());
    PendingEmissions::<Test>::mutate(SUBNET, |pending| {
        pending.owner = pending.owner.checked_add(amount).unwrap();
    });
}

fn give_root(amount: u64) {
    let amount = AlphaBalance::new(amount);
    SubnetAlphaOut::<Test>::mutate(SUBNET, |out| *out = out.checked_add(amount).unwrap());
    PendingEmissions::<Test>::mutate(SUBNET, |pending| {
        pending.root = pending.root.checked_add(amount).unwrap();
    });
}

fn own(uid: u16) -> u64 {
    stake(&hotkey(uid), &coldkey(uid))
}

fn residual() -> u64 {
    SubnetResidual::<Test>::get(SUBNET).get()
}

fn burned() -> u64 {
    BurnedAlpha::<Test>::get(SUBNET).get()
}

fn issued() -> u64 {
    SubnetAlphaOut::<Test>::get(SUBNET).get()
}

fn payment(hotkey: AccountId, coldkey: Option<AccountId>, alpha: u64) -> Payment {
    Payment {
        hotkey,
        coldkey,
        alpha: AlphaBalance::new(alpha),
    }
}

fn paid(reason: PaymentReason, payments: &[Payment]) -> Event<Test> {
    Event::AlphaPaid {
        netuid: SUBNET,
        reason,
        payments: payments.to_vec(),
    }
}

/// Whether the last epoch announced this payment.
fn was_paid(
    hotkey: AccountId,
    coldkey: Option<AccountId>,
    reason: PaymentReason,
    alpha: u64,
) -> bool {
    let expected = payment(hotkey, coldkey, alpha);
    events().into_iter().any(|event| match event {
        Event::AlphaPaid {
            reason: of,
            payments,
            ..
        } => of == reason && payments.contains(&expected),
        _ => false,
    })
}

#[test]
fn miners_and_validators_get_half_each() {
    chain(|| {
        agree(&[3, 4], &[1, 3]);
        give_pending(SUBNET, 4_000, 4_000);
        System::reset_events();
        epoch();
        // Weights are stored as 21845 and 65535, a quarter and three of it.
        assert_eq!((own(3), own(4)), (1_000, 3_000));
        assert_eq!((own(1), own(2)), (MILLION + 2_000, MILLION + 2_000));
        assert_eq!(residual(), 0);
        assert_eq!(
            events(),
            [
                Event::IncentiveAlphaEmittedToMiners {
                    netuid: SUBNET,
                    emissions: [0, 0, 0, 1_000, 3_000].map(AlphaBalance::new).to_vec(),
                },
                paid(
                    PaymentReason::Mining,
                    &[
                        payment(hotkey(3), Some(coldkey(3)), 1_000),
                        payment(hotkey(4), Some(coldkey(4)), 3_000),
                    ]
                ),
                paid(
                    PaymentReason::Dividend,
                    &[
                        payment(first_of(1, 2), None, 2_000),
                        payment(second_of(1, 2), None, 2_000),
                    ]
                ),
                Event::EpochRan {
                    netuid: SUBNET,
                    index: 2,
                    divided: AlphaBalance::new(8_000),
                    residual: AlphaBalance::ZERO,
                },
            ]
        );
    });
}

fn first_of(a: u16, b: u16) -> AccountId {
    hotkey(a).min(hotkey(b))
}

fn second_of(a: u16, b: u16) -> AccountId {
    hotkey(a).max(hotkey(b))
}

#[test]
fn the_residual_joins_the_validators_of_the_next_epoch() {
    chain(|| {
        // One validator cannot have half of an odd amount.
        agree(&[3], &[1]);
        give_pending(SUBNET, 4_001, 4_001);
        epoch();
        assert_eq!(own(3), 4_001);
        assert_eq!((own(1), own(2)), (MILLION + 2_000, MILLION + 2_000));
        assert_eq!(residual(), 1);
        give_pending(SUBNET, 4_001, 4_001);
        epoch();
        assert_eq!((own(1), own(2)), (MILLION + 4_001, MILLION + 4_001));
        assert_eq!(residual(), 0);
        assert!(!SubnetResidual::<Test>::contains_key(SUBNET));
    });
}

#[test]
fn the_pots_are_kept_apart() {
    chain(|| {
        agree(&[3], &[1]);
        // The epoch gives miners half of 8000; more than their pot, which the validators' then lacks.
        give_pending(SUBNET, 1_000, 7_000);
        epoch();
        assert_eq!(own(3), 4_000);
        assert_eq!((own(1), own(2)), (MILLION + 2_000, MILLION + 2_000));
        assert_eq!(residual(), 0);
    });
}

#[test]
fn what_miners_leave_of_their_pot_waits() {
    chain(|| {
        agree(&[3], &[1]);
        give_pending(SUBNET, 7_000, 1_000);
        epoch();
        assert_eq!(own(3), 4_000);
        assert_eq!((own(1), own(2)), (MILLION + 500, MILLION + 500));
        assert_eq!(residual(), 3_000);
        epoch();
        // Nothing is divided without amounts to divide.
        assert_eq!(residual(), 3_000);
        give_pending(SUBNET, 1_000, 1_000);
        epoch();
        assert_eq!((own(1), own(2)), (MILLION + 2_500, MILLION + 2_500));
        assert_eq!(residual(), 0);
    });
}

#[test]
fn without_weights_validators_get_the_miners_pot_by_stake() {
    subnet_of(&[0, 3 * MILLION, MILLION, 0, 0]).run(|| {
        begin();
        give_pending(SUBNET, 6_000, 2_000);
        epoch();
        assert_eq!((own(1), own(2)), (3 * MILLION + 6_000, MILLION + 2_000));
        assert_eq!((own(3), own(4)), (0, 0));
        assert_eq!(MinerBurned::<Test>::get(SUBNET), 0);
        assert_eq!(residual(), 0);
    });
}

#[test]
fn a_miner_is_paid_where_its_coldkey_says() {
    chain(|| {
        SubtensorModule::associate(&coldkey(7), &hotkey(7)).unwrap();
        AutoStakeDestination::<Test>::insert(coldkey(3), SUBNET, hotkey(7));
        AutoStakers::<Test>::insert(SUBNET, coldkey(3), ());
        agree(&[3, 4], &[1, 1]);
        give_pending(SUBNET, 4_000, 4_000);
        epoch();
        assert_eq!(own(3), 0);
        assert_eq!(stake(&hotkey(7), &coldkey(3)), 2_000);
        assert_eq!(own(4), 2_000);
        assert!(was_paid(
            hotkey(7),
            Some(coldkey(3)),
            PaymentReason::Mining,
            2_000
        ));
    });
}

#[test]
fn the_owner_cut_is_stake_of_the_owner_on_the_owner_hotkey() {
    chain(|| {
        agree(&[3], &[1]);
        give_owner_cut(1_234);
        give_pending(SUBNET, 4_000, 4_000);
        epoch();
        assert_eq!(own(0), 1_234);
        // It is no part of what is divided.
        assert_eq!(own(3), 4_000);
        assert!(was_paid(
            hotkey(0),
            Some(coldkey(0)),
            PaymentReason::OwnerCut,
            1_234
        ));
    });
}

#[test]
fn an_owner_cut_that_cannot_be_paid_stays_in_the_subnet() {
    chain(|| {
        without_owner_uid();
        agree(&[3], &[1]);
        give_owner_cut(1_000);
        give_pending(SUBNET, 4_000, 4_000);
        epoch();
        assert_eq!(residual(), 1_000);
    });
}

#[test]
fn nominators_share_what_the_delegate_leaves() {
    subnet()
        .stake(2, hotkey(1), account(60), MILLION + MILLION / 2)
        .stake(2, hotkey(1), account(61), MILLION / 2)
        .run(|| {
            begin();
            Delegates::<Test>::insert(hotkey(1), 11_796);
            agree(&[3], &[1]);
            give_pending(SUBNET, 100_000, 100_000);
            epoch();
            // Three quarters of the stake is on validator 1, and as much of the pot goes to it.
            let dividend = 75_000;
            let taken = take(dividend, 11_796);
            assert_eq!(taken, 13_499);
            let shared = dividend - taken;
            assert_eq!(
                stake(&hotkey(1), &account(60)),
                MILLION + MILLION / 2 + shared / 2
            );
            assert_eq!(stake(&hotkey(1), &account(61)), MILLION / 2 + shared / 6);
            assert_eq!(own(1), MILLION + shared / 3 + taken);
            assert_eq!(own(2), MILLION + 25_000);
            let recorded = |uid| AlphaDividendsPerSubnet::<Test>::get(SUBNET, hotkey(uid)).get();
            assert_eq!((recorded(1), recorded(2)), (75_000, 25_000));
            assert!(was_paid(
                hotkey(1),
                Some(coldkey(1)),
                PaymentReason::DelegateTake,
                taken
            ));
            assert!(was_paid(hotkey(1), None, PaymentReason::Dividend, shared));
        });
}

#[test]
fn who_never_chose_a_take_has_the_default_one() {
    subnet_of(&[0, MILLION, 0]).run(|| {
        take_stake(&hotkey(1), &coldkey(1));
        give_stake(SUBNET, &hotkey(1), &account(60), MILLION);
        epoch();
        give_pending(SUBNET, 0, 100_000);
        epoch();
        // Buying shares rounds down, and so does their worth.
        assert_eq!(own(1), take(100_000, 11_796) - 1);
        let shared = 100_000 - take(100_000, 11_796);
        assert_eq!(stake(&hotkey(1), &account(60)), MILLION + shared);
    });
}

#[test]
fn records_of_dividends_are_those_of_the_last_epoch() {
    chain(|| {
        give_pending(SUBNET, 0, 4_000);
        epoch();
        assert_eq!(
            AlphaDividendsPerSubnet::<Test>::iter_prefix(SUBNET).count(),
            2
        );
        take_stake(&hotkey(2), &coldkey(2));
        give_pending(SUBNET, 0, 4_000);
        epoch();
        let recorded: Vec<(AccountId, AlphaBalance)> =
            AlphaDividendsPerSubnet::<Test>::iter_prefix(SUBNET).collect();
        assert_eq!(recorded, [(hotkey(1), AlphaBalance::new(4_000))]);
    });
}

#[test]
fn without_any_stake_everything_waits_for_the_first_validator() {
    subnet_of(&[0, 0, 0]).run(|| {
        epoch();
        give_owner_cut(100);
        give_pending(SUBNET, 3_000, 4_000);
        epoch();
        assert_eq!(units(crate::Emission::<Test>::get(SUBNET)), [0; 3]);
        assert_eq!(own(0), 100);
        assert_eq!(residual(), 7_000);
        // The owner's cut is stake, so the owner is the first validator.
        Delegates::<Test>::insert(hotkey(0), 0);
        epoch();
        give_pending(SUBNET, 1, 1);
        epoch();
        assert_eq!(own(0), 7_102);
        assert_eq!(residual(), 0);
    });
}

#[test]
fn what_is_meant_for_root_is_divided_but_not_lost() {
    chain(|| {
        agree(&[3], &[1]);
        give_root(2_000);
        give_pending(SUBNET, 4_000, 2_000);
        epoch();
        // Half of 8000 for the miner; of the other half the validators' pot is paid out.
        assert_eq!(own(3), 4_000);
        assert_eq!((own(1), own(2)), (MILLION + 1_000, MILLION + 1_000));
        assert_eq!(residual(), 2_000);
    });
}

#[test]
fn a_validator_with_stake_on_root_only_has_no_claim_to_alpha() {
    subnet_of(&[0, 0, MILLION, 0])
        .stake(0, hotkey(1), coldkey(1), 100 * MILLION)
        .run(|| {
            begin();
            agree(&[3], &[1]);
            give_pending(SUBNET, 80_000, 80_000);
            epoch();
            assert_eq!(own(1), 0);
            // All of the alpha half of the dividends is validator 2's.
            assert_eq!(own(2), MILLION + 80_000);
            assert_eq!(residual(), 0);
        });
}

#[test]
fn an_epoch_pays_out_exactly_what_there_is() {
    subnet_of(&[7, 1_000_003, 999_983, 17, 0, 0])
        .stake(2, hotkey(1), many(77), 31_337)
        .stake(2, hotkey(2), many(78), 2_718_281)
        .run(|| {
            epoch();
            assert_ok!(set(1, &[3, 4, 5], &[7, 11, 13]));
            assert_ok!(set(2, &[3, 4, 5, 0], &[17, 5, 3, 2]));
            for amount in [1, 2, 3, 5, 999, 1_000_001, 123_456_789] {
                give_pending(SUBNET, amount, amount + 1);
                give_owner_cut(amount / 3);
                let before = issued() - burned();
                // The equality of all parts with the issuance is checked in every block.
                epoch();
                assert!(issued() - burned() <= before);
                assert!(residual() < 100, "{} of {amount}", residual());
            }
        });
}

#[test]
fn kinds_are_announced_in_the_order_in_which_each_hotkey_is_paid() {
    chain(|| {
        let mut purse = crate::payout::Purse::new(SUBNET, AlphaBalance::new(30));
        let all = AlphaBalance::new(30);
        SubnetAlphaOut::<Test>::mutate(SUBNET, |out| *out = out.checked_add(all).unwrap());
        let take = PaymentReason::DelegateTake;
        // Nobody stakes on the first one, so the first kind is a take; of the other one it comes second.
        let nobody = purse.share::<Test>(&hotkey(3), AlphaBalance::new(10));
        assert_eq!(nobody.ok(), Some(AlphaBalance::ZERO));
        for uid in [3, 1] {
            let to = hotkey(uid);
            if uid == 1 {
                assert!(purse.share::<Test>(&to, AlphaBalance::new(10)).is_ok());
            }
            assert!(
                purse
                    .credit::<Test>(&to, &coldkey(uid), AlphaBalance::new(10), take)
                    .is_ok()
            );
        }
        assert_ok!(purse.close::<Test>());
        let expected = [
            paid(PaymentReason::Dividend, &[payment(hotkey(1), None, 10)]),
            paid(
                take,
                &[
                    payment(hotkey(3), Some(coldkey(3)), 10),
                    payment(hotkey(1), Some(coldkey(1)), 10),
                ],
            ),
        ];
        assert_eq!(events(), expected);
    });
}
