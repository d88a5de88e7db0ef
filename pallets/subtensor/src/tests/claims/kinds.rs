//! What becomes of a claim: TAO on root, or alpha.

use dendra_primitives::{NetUid, records::RootClaimTypeEnum};
use frame_support::assert_ok;

use super::*;
use crate::{
    Event, RootClaimed, SubnetAlphaIn, SubnetTAO, TotalStake,
    mock::{System, events, give_stake, many, signed},
    types::MAX_STAKING_HOTKEYS,
};

fn claim(coldkey: &AccountId) {
    assert_ok!(SubtensorModule::claim_root(
        signed(coldkey),
        [NETUID].into()
    ));
}

#[test]
fn sold_alpha_becomes_root_stake_on_the_same_hotkey() {
    chain(|| {
        pay(PAID);
        let issuance = SubtensorModule::issuance();
        let staked = TotalStake::<Test>::get();
        System::reset_events();
        claim(&ann());
        // 1000 TAO and 1000 alpha: ⌊10^12·a/(10^12 + a)⌋, without a fee.
        let alpha = 4_687_500_000_u128;
        let tao = (10_u128.pow(12) * alpha / (10_u128.pow(12) + alpha)) as u64;
        assert_eq!(tao, 4_665_629_860);
        assert_eq!(root_stake(&ann()), 300 * UNIT + tao);
        assert_eq!((owed(&ann()), pot()), (0, 1_562_500_000));
        assert_eq!(SubnetTAO::<Test>::get(NETUID).get(), 1_000 * UNIT - tao);
        assert_eq!(
            SubnetAlphaIn::<Test>::get(NETUID).get(),
            1_000 * UNIT + 4_687_500_000
        );
        assert_eq!(SubnetTAO::<Test>::get(NetUid::ROOT).get(), 400 * UNIT + tao);
        // It only changed its pool.
        assert_eq!(TotalStake::<Test>::get(), staked);
        assert_eq!(SubtensorModule::issuance(), issuance);
        assert_eq!(
            events(),
            [Event::RootClaimed {
                netuid: NETUID,
                hotkey: validator(),
                coldkey: ann(),
                alpha: AlphaBalance::new(4_687_500_000),
                tao: Some(TaoBalance::new(tao)),
            }]
        );
        // The new stake has no part of what was paid before.
        let claimed = RootClaimed::<Test>::get((NETUID, validator(), ann()));
        assert_eq!(claimed, u128::from(4_687_500_000 + tao.div_ceil(64)));
        assert_eq!(owed(&bob()), 1_562_500_000);
    });
}

#[test]
fn all_sales_on_a_hotkey_are_staked_at_once() {
    builder().subnet(3, account(3), account(4)).run(|| {
        NumRootClaim::<Test>::put(0);
        let other = NetUid::new(3);
        pay(PAID);
        pay_to(other, &validator(), PAID);
        let call = SubtensorModule::claim_root_with_hotkey(signed(&ann()), validator());
        assert_ok!(call);
        assert_eq!(root_stake(&ann()), 300 * UNIT + 2 * 4_665_629_860);
        let there = SubtensorModule::root_dividend_owed(other, &validator(), &ann());
        assert_eq!((owed(&ann()), there.get()), (0, 0));
    });
}

#[test]
fn kept_alpha_becomes_stake_on_the_same_hotkey() {
    chain(|| {
        let kind = RootClaimTypeEnum::Keep;
        assert_ok!(SubtensorModule::set_root_claim_type(signed(&ann()), kind));
        pay(PAID);
        claim(&ann());
        assert_eq!(
            (alpha_of(&ann()), root_stake(&ann())),
            (4_687_500_000, 300 * UNIT)
        );
        assert_eq!((owed(&ann()), pot()), (0, 1_562_500_000));
        assert_eq!(SubnetTAO::<Test>::get(NETUID).get(), 1_000 * UNIT);
    });
}

#[test]
fn some_subnets_are_kept_and_the_others_sold() {
    builder().subnet(3, account(3), account(4)).run(|| {
        NumRootClaim::<Test>::put(0);
        let other = NetUid::new(3);
        let kind = RootClaimTypeEnum::KeepSubnets {
            subnets: [other].into(),
        };
        assert_ok!(SubtensorModule::set_root_claim_type(signed(&ann()), kind));
        pay(PAID);
        pay_to(other, &validator(), PAID);
        let call = SubtensorModule::claim_root(signed(&ann()), [NETUID, other].into());
        assert_ok!(call);
        let kept = SubtensorModule::stake_of(&validator(), &ann(), other).get();
        assert_eq!((alpha_of(&ann()), kept), (0, 4_687_500_000));
        assert_eq!(root_stake(&ann()), 300 * UNIT + 4_665_629_860);
    });
}

#[test]
fn who_has_left_gets_tao_as_root_stake_again() {
    chain(|| {
        pay(PAID);
        unstake(&validator(), &ann(), 300 * UNIT);
        claim(&ann());
        assert_eq!((root_stake(&ann()), owed(&ann())), (4_665_629_860, 0));
    });
}

#[test]
fn alpha_of_a_subnet_without_a_pool_is_worth_a_rao_a_unit() {
    chain(|| {
        crate::SubnetMechanism::<Test>::insert(NETUID, 0);
        pay(PAID);
        claim(&ann());
        assert_eq!(root_stake(&ann()), 300 * UNIT + 4_687_500_000);
    });
}

#[test]
fn without_room_for_another_hotkey_a_claim_costs_nothing() {
    chain(|| {
        pay(PAID);
        unstake(&validator(), &ann(), 300 * UNIT);
        for number in 0..MAX_STAKING_HOTKEYS {
            give_stake(NETUID, &many(number), &ann(), 1);
        }
        let call = SubtensorModule::claim_root(signed(&ann()), [NETUID].into());
        let error = sp_runtime::DispatchError::from(crate::Error::<Test>::TooManyStakingHotkeys);
        assert_eq!(call.unwrap_err().error, error);
        assert_eq!((owed(&ann()), pot()), (4_687_500_000, PAID));
        let kind = RootClaimTypeEnum::Keep;
        assert_ok!(SubtensorModule::set_root_claim_type(signed(&ann()), kind));
        let call = SubtensorModule::claim_root(signed(&ann()), [NETUID].into());
        assert_eq!(call.unwrap_err().error, error);
        assert_eq!((owed(&ann()), pot()), (4_687_500_000, PAID));
    });
}
