//! Root stake that comes and goes: it takes no part in what was paid before, and forfeits nothing.

use dendra_primitives::NetUid;
use frame_support::assert_ok;
use proptest::prelude::*;

use super::*;
use crate::{
    RootClaimType, RootClaimableThreshold, RootClaimed, RootKept,
    mock::{give_stake, signed},
};
use dendra_primitives::{
    I96F32,
    records::{RootClaimTypeEnum, Stored},
};

fn stake(coldkey: &AccountId, rao: u64) {
    give_stake(NetUid::ROOT, &validator(), coldkey, rao);
}

fn claimed(coldkey: &AccountId) -> u128 {
    RootClaimed::<Test>::get((NETUID, validator(), coldkey))
}

fn kept(coldkey: &AccountId) -> u64 {
    RootKept::<Test>::get((NETUID, validator(), coldkey)).get()
}

#[test]
fn new_stake_has_no_part_of_what_was_paid() {
    chain(|| {
        pay(PAID);
        stake(&account(22), 400 * UNIT);
        assert_eq!(owed(&account(22)), 0);
        assert_eq!(claimed(&account(22)), u128::from(PAID));
        stake(&bob(), 64);
        assert_eq!((owed(&bob()), claimed(&bob())), (1_562_500_000, 1));
        pay(PAID);
        // The 64 rao keep the rate a step below 1/128; a step is worth 94 units to 400 TAO.
        assert_eq!(owed(&account(22)), PAID / 2 - 94);
    });
}

#[test]
fn stake_that_leaves_takes_what_it_earned_along() {
    chain(|| {
        pay(PAID);
        unstake(&validator(), &ann(), 100 * UNIT);
        assert_eq!((owed(&ann()), kept(&ann())), (4_687_500_000, 1_562_500_000));
        unstake(&validator(), &ann(), 200 * UNIT);
        assert_eq!((owed(&ann()), kept(&ann())), (4_687_500_000, 4_687_500_000));
        assert_eq!(root_stake(&ann()), 0);
        // What comes later is Bob's alone.
        pay(PAID / 4);
        assert_eq!((owed(&ann()), owed(&bob())), (4_687_500_000, 3_125_000_000));
    });
}

#[test]
fn closing_a_position_keeps_it_too() {
    chain(|| {
        pay(PAID);
        let (worth, dust) = SubtensorModule::close(&validator(), &bob(), NetUid::ROOT).unwrap();
        assert_eq!((worth.get(), dust.get()), (100 * UNIT, 0));
        assert_eq!((owed(&bob()), kept(&bob())), (1_562_500_000, 1_562_500_000));
        SubtensorModule::deposit(&validator(), &bob(), NetUid::ROOT, worth).unwrap();
        assert_eq!((owed(&bob()), kept(&bob())), (1_562_500_000, 0));
    });
}

#[test]
fn what_was_claimed_is_not_kept_as_well() {
    chain(|| {
        RootClaimType::<Test>::insert(ann(), Stored::try_new(RootClaimTypeEnum::Keep).unwrap());
        pay(PAID);
        assert_ok!(SubtensorModule::claim_root(signed(&ann()), [NETUID].into()));
        assert_eq!((owed(&ann()), claimed(&ann())), (0, 4_687_500_000));
        pay(PAID);
        unstake(&validator(), &ann(), 300 * UNIT);
        assert_eq!(
            (owed(&ann()), claimed(&ann()), kept(&ann())),
            (4_687_500_000, 0, 4_687_500_000)
        );
    });
}

#[test]
fn who_returns_does_not_earn_the_past_again() {
    chain(|| {
        pay(PAID);
        unstake(&validator(), &ann(), 300 * UNIT);
        pay(PAID / 4);
        stake(&ann(), 600 * UNIT);
        // The rate is 1/32 now.
        assert_eq!(owed(&ann()), 4_687_500_000);
        assert_eq!((kept(&ann()), claimed(&ann())), (0, 14_062_500_000));
        pay(7 * PAID / 4);
        assert_eq!(owed(&ann()), 4_687_500_000 + 600 * UNIT / 64);
    });
}

#[test]
fn stake_that_moves_leaves_its_dividends_behind() {
    chain(|| {
        pay(PAID);
        let amount = AlphaBalance::new(300 * UNIT);
        SubtensorModule::associate(&delegate(), &account(12)).unwrap();
        SubtensorModule::withdraw(&validator(), &ann(), NetUid::ROOT, amount).unwrap();
        SubtensorModule::deposit(&account(12), &ann(), NetUid::ROOT, amount).unwrap();
        assert_eq!((owed(&ann()), kept(&ann())), (4_687_500_000, 4_687_500_000));
        let there = SubtensorModule::root_dividend_owed(NETUID, &account(12), &ann());
        assert_eq!(there.get(), 0);
        // A new holder has nothing of it.
        SubtensorModule::withdraw(&account(12), &ann(), NetUid::ROOT, amount).unwrap();
        SubtensorModule::deposit(&validator(), &account(22), NetUid::ROOT, amount).unwrap();
        assert_eq!((owed(&ann()), owed(&account(22))), (4_687_500_000, 0));
    });
}

#[derive(Clone, Debug)]
enum Action {
    Pay(u64),
    Stake(u8, u64),
    Unstake(u8, u64),
    UnstakeAll(u8),
    Claim(u8),
}

fn actions() -> impl Strategy<Value = Vec<Action>> {
    let who = 20_u8..25;
    let amount =
        || (0_u32..44, any::<u64>()).prop_map(|(shift, value)| (value >> 20 >> shift).max(1));
    let action = prop_oneof![
        amount().prop_map(Action::Pay),
        (who.clone(), amount()).prop_map(|(who, amount)| Action::Stake(who, amount)),
        (who.clone(), amount()).prop_map(|(who, amount)| Action::Unstake(who, amount)),
        who.clone().prop_map(Action::UnstakeAll),
        who.prop_map(Action::Claim),
    ];
    prop::collection::vec(action, 1..60)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_order_of_changes_gains_or_forfeits_anything(actions in actions()) {
        chain(|| {
            RootClaimableThreshold::<Test>::insert(NETUID, I96F32::ZERO);
            let (mut paid, mut claimed) = (0, 0);
            for number in 20..25 {
                RootClaimType::<Test>::insert(
                    account(number),
                    Stored::try_new(RootClaimTypeEnum::Keep).unwrap(),
                );
            }
            for action in actions {
                let before: Vec<u64> = (20..25).map(|number| owed(&account(number))).collect();
                let mut is_payment = false;
                match action {
                    Action::Pay(amount) => {
                        let amount = amount.min(all_root_stake(&validator()));
                        pay(amount);
                        paid += amount;
                        is_payment = true;
                    }
                    Action::Stake(number, amount) => stake(&account(number), amount),
                    Action::Unstake(number, amount) => {
                        let amount = amount.min(root_stake(&account(number)));
                        if amount > 0 {
                            unstake(&validator(), &account(number), amount);
                        }
                    }
                    Action::UnstakeAll(number) => {
                        let amount = root_stake(&account(number));
                        if amount > 0 {
                            unstake(&validator(), &account(number), amount);
                        }
                    }
                    Action::Claim(number) => {
                        let coldkey = account(number);
                        let due = owed(&coldkey);
                        let held = alpha_of(&coldkey);
                        assert_ok!(SubtensorModule::claim_root(signed(&coldkey), [NETUID].into()));
                        assert_eq!(alpha_of(&coldkey), held + due);
                        assert_eq!(owed(&coldkey), 0);
                        claimed += due;
                        continue;
                    }
                }
                for (number, before) in (20..25).zip(before) {
                    let now = owed(&account(number));
                    if is_payment {
                        assert!(now >= before);
                    } else {
                        assert!(now <= before && before - now <= 1, "{before} became {now}");
                    }
                }
                SubtensorModule::do_try_state().unwrap();
            }
            assert_eq!(pot() + claimed, paid);
        });
    }
}
