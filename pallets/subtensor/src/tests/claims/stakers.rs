//! The list of those for whom dividends are claimed automatically.

use dendra_primitives::{I96F32, NetUid};
use frame_support::assert_ok;

use super::*;
use crate::{
    RootClaimType, RootClaimableThreshold, RootHoldings, RootStakerCount, RootStakerNumber,
    RootStakers,
    mock::{give_stake, many, signed},
    types::RootHolding,
};
use dendra_primitives::records::{RootClaimTypeEnum, Stored};

/// The list, checked to be without gaps.
fn listed() -> Vec<AccountId> {
    let list: Vec<AccountId> = (0..RootStakerCount::<Test>::get())
        .map(|number| RootStakers::<Test>::get(number).unwrap())
        .collect();
    assert_eq!(RootStakers::<Test>::iter().count(), list.len());
    for (number, coldkey) in (0..).zip(&list) {
        assert_eq!(RootStakerNumber::<Test>::get(coldkey), Some(number));
    }
    list
}

fn stake(coldkey: &AccountId) {
    give_stake(NetUid::ROOT, &validator(), coldkey, 100);
}

#[test]
fn who_stakes_on_root_is_listed_once() {
    chain(|| {
        assert_eq!(listed(), [ann(), bob()]);
        stake(&ann());
        give_stake(NetUid::ROOT, &account(12), &ann(), 100);
        give_stake(NETUID, &validator(), &account(22), 100);
        assert_eq!(listed(), [ann(), bob()]);
        stake(&account(22));
        assert_eq!(listed(), [ann(), bob(), account(22)]);
    });
}

#[test]
fn the_last_one_takes_the_place_of_who_leaves() {
    chain(|| {
        for number in 0..4 {
            stake(&many(number));
        }
        unstake(&validator(), &bob(), 100 * UNIT);
        assert_eq!(listed(), [ann(), many(3), many(0), many(1), many(2)]);
        unstake(&validator(), &many(2), 100);
        assert_eq!(listed(), [ann(), many(3), many(0), many(1)]);
        for coldkey in [many(0), many(1), many(3)] {
            unstake(&validator(), &coldkey, 100);
        }
        unstake(&validator(), &ann(), 300 * UNIT);
        assert_eq!(listed(), []);
        stake(&bob());
        assert_eq!(listed(), [bob()]);
    });
}

#[test]
fn who_has_stake_on_another_hotkey_stays() {
    chain(|| {
        give_stake(NetUid::ROOT, &account(12), &ann(), 100);
        unstake(&validator(), &ann(), 300 * UNIT);
        assert_eq!(listed(), [ann(), bob()]);
        unstake(&account(12), &ann(), 100);
        assert_eq!(listed(), [bob()]);
    });
}

#[test]
fn who_has_not_claimed_yet_stays() {
    chain(|| {
        RootClaimType::<Test>::insert(ann(), Stored::try_new(RootClaimTypeEnum::Keep).unwrap());
        RootClaimableThreshold::<Test>::insert(NETUID, I96F32::from_bits(10_000_000 << 32));
        pay(1_000);
        unstake(&validator(), &ann(), 300 * UNIT);
        let holding = RootHolding {
            stakes: false,
            kept: 1,
        };
        assert_eq!(RootHoldings::<Test>::get(ann(), validator()), holding);
        assert_eq!(listed(), [ann(), bob()]);
        // It is less than the threshold, which does not keep those waiting who have left.
        assert_eq!(owed(&ann()), 698);
        assert_ok!(SubtensorModule::claim_root(signed(&ann()), [NETUID].into()));
        assert_eq!((alpha_of(&ann()), owed(&ann())), (698, 0));
        assert_eq!(listed(), [bob()]);
        assert!(!RootHoldings::<Test>::contains_key(ann(), validator()));
    });
}
