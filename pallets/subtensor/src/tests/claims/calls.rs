//! The calls, their rules and their errors.

use std::collections::BTreeSet;

use dendra_primitives::{I96F32, NetUid, records::RootClaimTypeEnum};
use frame_support::{assert_err_ignore_postinfo, assert_noop, assert_ok, assert_storage_noop};
use sp_runtime::{BoundedBTreeMap, BoundedVec, DispatchError};

use super::*;
use crate::{
    Error, Event, NetworksAdded, RootClaimType, RootClaimable, RootClaimableThreshold, SubnetList,
    SubtokenEnabled,
    mock::{RuntimeOrigin, System, events, give_stake, many, signed},
};

fn set_of(netuids: impl IntoIterator<Item = u16>) -> BTreeSet<NetUid> {
    netuids.into_iter().map(NetUid::new).collect()
}

fn claim(coldkey: &AccountId) -> Result<(), DispatchError> {
    SubtensorModule::claim_root(signed(coldkey), set_of([2]))
        .map(|info| assert!(info.actual_weight.is_some()))
        .map_err(|error| error.error)
}

fn keep(coldkey: &AccountId) {
    let kind = RootClaimTypeEnum::Keep;
    assert_ok!(SubtensorModule::set_root_claim_type(signed(coldkey), kind));
    System::reset_events();
}

fn claimed_event(hotkey: AccountId, netuid: NetUid, alpha: u64) -> Event<Test> {
    Event::RootClaimed {
        netuid,
        hotkey,
        coldkey: ann(),
        alpha: AlphaBalance::new(alpha),
        tao: None,
    }
}

#[test]
fn one_to_five_existing_subnets_are_claimed_from() {
    chain(|| {
        let claim = |subnets| SubtensorModule::claim_root(signed(&ann()), subnets);
        assert_noop!(claim(set_of([])), Error::<Test>::InvalidSubnetNumber);
        assert_noop!(claim(set_of(0..6)), Error::<Test>::InvalidSubnetNumber);
        assert_noop!(claim(set_of([2, 3])), Error::<Test>::SubnetNotExists);
        assert_ok!(claim(set_of([0, 1, 2])));
    });
}

#[test]
fn nobody_claims_without_signing() {
    chain(|| {
        pay(PAID);
        for origin in [RuntimeOrigin::root(), RuntimeOrigin::none()] {
            let claimed = SubtensorModule::claim_root(origin.clone(), set_of([2]));
            assert_eq!(claimed.unwrap_err().error, DispatchError::BadOrigin);
            let claimed = SubtensorModule::claim_root_with_hotkey(origin.clone(), validator());
            assert_eq!(claimed.unwrap_err().error, DispatchError::BadOrigin);
            let kind = RootClaimTypeEnum::Keep;
            let set = SubtensorModule::set_root_claim_type(origin, kind);
            assert_eq!(set, Err(DispatchError::BadOrigin));
        }
    });
}

#[test]
fn who_has_nothing_to_claim_claims_nothing() {
    chain(|| {
        pay(PAID);
        assert_storage_noop!(assert_ok!(claim(&account(33))));
        assert_storage_noop!(assert_ok!(SubtensorModule::claim_root_with_hotkey(
            signed(&account(33)),
            validator()
        )));
        assert_storage_noop!(assert_ok!(SubtensorModule::claim_root_with_hotkey(
            signed(&ann()),
            account(99)
        )));
    });
}

#[test]
fn below_the_threshold_nothing_happens_and_an_event_says_so() {
    chain(|| {
        keep(&ann());
        // Three quarters of it are Ann's, and one step of the rate is 70 units for her.
        pay(666_666);
        let due = owed(&ann());
        assert!((499_930..500_000).contains(&due));
        System::reset_events();
        assert_ok!(claim(&ann()));
        assert_eq!(owed(&ann()), due);
        let waiting = Event::RootClaimBelowThreshold {
            netuid: NETUID,
            hotkey: validator(),
            coldkey: ann(),
            alpha: AlphaBalance::new(due),
        };
        assert_eq!(events(), [waiting]);
        pay(94);
        let due = owed(&ann());
        assert!(due >= 500_000);
        System::reset_events();
        assert_ok!(claim(&ann()));
        assert_eq!((owed(&ann()), alpha_of(&ann())), (0, due));
        assert_eq!(events(), [claimed_event(validator(), NETUID, due)]);
    });
}

#[test]
fn the_threshold_itself_is_enough() {
    chain(|| {
        keep(&ann());
        pay(PAID);
        let threshold = |units: i128| {
            RootClaimableThreshold::<Test>::insert(NETUID, I96F32::from_bits(units << 32));
        };
        threshold(4_687_500_001);
        assert_ok!(claim(&ann()));
        assert_eq!(alpha_of(&ann()), 0);
        threshold(4_687_500_000);
        assert_ok!(claim(&ann()));
        assert_eq!(alpha_of(&ann()), 4_687_500_000);
    });
}

#[test]
fn a_claim_that_cannot_be_executed_costs_nothing() {
    chain(|| {
        pay(PAID);
        SubtokenEnabled::<Test>::insert(NETUID, false);
        assert_err_ignore_postinfo!(
            SubtensorModule::claim_root(signed(&ann()), set_of([2])),
            Error::<Test>::SubtokenDisabled
        );
        SubtokenEnabled::<Test>::insert(NETUID, true);
        assert_eq!(owed(&ann()), 4_687_500_000);

        // A pool that would be left with less than it must keep.
        let rest = TaoBalance::new(1_000 * UNIT - 1_000_000);
        SubtensorModule::shrink(NETUID, rest).unwrap();
        assert_err_ignore_postinfo!(
            SubtensorModule::claim_root(signed(&ann()), set_of([2])),
            Error::<Test>::InsufficientLiquidity
        );
        assert_eq!(
            (owed(&ann()), root_stake(&ann())),
            (4_687_500_000, 300 * UNIT)
        );
        SubtensorModule::grow(NETUID, rest).unwrap();
        assert_ok!(claim(&ann()));
        assert_eq!(owed(&ann()), 0);
    });
}

#[test]
fn a_sale_for_nothing_is_none() {
    chain(|| {
        pay(PAID);
        unstake(&validator(), &bob(), 100 * UNIT);
        // So thin that 1.56 alpha are worth less than a rao.
        let alpha = AlphaBalance::new(u64::MAX >> 2);
        crate::SubnetAlphaIn::<Test>::insert(NETUID, alpha);
        let rest = TaoBalance::new(1_000 * UNIT - 2_000_000);
        SubtensorModule::shrink(NETUID, rest).unwrap();
        assert_eq!(claim(&bob()), Err(Error::<Test>::AmountTooLow.into()));
        keep(&bob());
        assert_ok!(claim(&bob()));
        assert_eq!(alpha_of(&bob()), 1_562_500_000);
    });
}

#[test]
fn one_subnet_that_cannot_pay_does_not_hold_up_another() {
    builder().subnet(3, account(3), account(4)).run(|| {
        NumRootClaim::<Test>::put(0);
        pay(PAID);
        pay_to(NetUid::new(3), &validator(), PAID);
        SubtokenEnabled::<Test>::insert(NETUID, false);
        System::reset_events();
        assert_ok!(SubtensorModule::claim_root(signed(&ann()), set_of([2, 3])));
        let failed = Event::RootClaimFailed {
            netuid: NETUID,
            hotkey: validator(),
            coldkey: ann(),
            alpha: AlphaBalance::new(4_687_500_000),
            error: Error::<Test>::SubtokenDisabled.into(),
        };
        assert_eq!(events()[0], failed);
        assert!(
            matches!(events()[1], Event::RootClaimed { netuid, .. } if netuid == NetUid::new(3))
        );
        // Root stake was added, which had its part before, rounded up.
        assert_eq!(owed(&ann()), 4_687_499_999);
    });
}

#[test]
fn a_call_claims_on_all_hotkeys_or_on_one() {
    builder()
        .subnet(3, account(3), account(4))
        .stake(0, account(12), ann(), 400 * UNIT)
        .run(|| {
            NumRootClaim::<Test>::put(0);
            keep(&ann());
            let other = NetUid::new(3);
            let pay_all = || {
                for netuid in [NETUID, other] {
                    for hotkey in [validator(), account(12)] {
                        pay_to(netuid, &hotkey, PAID);
                    }
                }
                System::reset_events();
            };
            pay_all();
            assert_ok!(claim(&ann()));
            let claimed: BTreeSet<String> =
                events().iter().map(|event| format!("{event:?}")).collect();
            let expected = [
                claimed_event(validator(), NETUID, 4_687_500_000),
                claimed_event(account(12), NETUID, PAID),
            ];
            let expected = expected.iter().map(|event| format!("{event:?}")).collect();
            assert_eq!(claimed, expected);

            pay_all();
            let claim_on = SubtensorModule::claim_root_with_hotkey;
            assert_ok!(claim_on(signed(&ann()), account(12)));
            let expected = [
                claimed_event(account(12), NETUID, PAID),
                claimed_event(account(12), other, 2 * PAID),
            ];
            assert_eq!(events(), expected);
        });
}

#[test]
fn too_many_hotkeys_are_claimed_one_by_one() {
    chain(|| {
        keep(&ann());
        pay(PAID);
        for number in 0..127 {
            give_stake(NetUid::ROOT, &many(number), &ann(), 10);
        }
        // 128 hotkeys.
        assert_ok!(SubtensorModule::claim_root(signed(&ann()), set_of([1, 2])));
        assert_eq!(alpha_of(&ann()), 4_687_500_000);
        give_stake(NetUid::ROOT, &many(127), &ann(), 10);
        pay(PAID);
        assert_noop!(
            SubtensorModule::claim_root(signed(&ann()), set_of([1, 2])),
            Error::<Test>::TooManyRootClaims
        );
        assert_ok!(claim(&ann()));
        assert_eq!(owed(&ann()), 0);
    });
}

/// Rates of so many subnets that there are not.
fn rates_of(
    count: u16,
) -> BoundedBTreeMap<NetUid, I96F32, frame_support::pallet_prelude::ConstU32<4_096>> {
    let rates = (10..10 + count).map(|netuid| (NetUid::new(netuid), I96F32::from_bits(1)));
    BoundedBTreeMap::try_from(rates.collect::<std::collections::BTreeMap<_, _>>()).unwrap()
}

#[test]
fn a_call_claims_from_so_many_subnets_only() {
    // With subnets that only the tables know, so the invariants are not asked.
    builder().build().execute_with(|| {
        RootClaimable::<Test>::insert(validator(), rates_of(257));
        for netuid in 10..267 {
            NetworksAdded::<Test>::insert(NetUid::new(netuid), true);
        }
        assert_noop!(
            SubtensorModule::claim_root_with_hotkey(signed(&ann()), validator()),
            Error::<Test>::TooManyRootClaims
        );
        // More accounts than a call may correct, if it adds root stake.
        RootClaimable::<Test>::insert(validator(), rates_of(1_025));
        assert_err_ignore_postinfo!(
            SubtensorModule::claim_root(signed(&ann()), set_of([2])),
            Error::<Test>::TooManyRootClaims
        );
        keep(&ann());
        assert_ok!(claim(&ann()));
    });
}

#[test]
fn what_a_call_has_no_room_for_is_left_to_the_next_one() {
    builder().build().execute_with(|| {
        // Each sale on these hotkeys corrects 301 accounts; a call has room for 1024.
        for number in 0..7 {
            give_stake(NetUid::ROOT, &many(number), &ann(), 400 * UNIT);
            RootClaimable::<Test>::insert(many(number), rates_of(300));
            assert_eq!(pay_to(NETUID, &many(number), PAID), PAID);
        }
        let left = || {
            let event = events().into_iter().find_map(|event| match event {
                Event::RootClaimsLeft { hotkeys, .. } => Some(hotkeys),
                _ => None,
            });
            System::reset_events();
            event.unwrap_or(0)
        };
        let mut lefts = Vec::new();
        let open = || {
            let owed = |number| SubtensorModule::root_dividend_owed(NETUID, &many(number), &ann());
            (0..7).filter(|number| owed(*number).get() > 0).count()
        };
        let mut opens = Vec::new();
        for _ in 0..3 {
            assert_ok!(claim(&ann()));
            lefts.push(left());
            opens.push(open());
        }
        assert_eq!(opens, [4, 1, 0]);
        assert_eq!(lefts.last(), Some(&0));
        assert!(lefts[0] >= 4);
    });
}

#[test]
fn a_coldkey_says_what_becomes_of_its_dividends() {
    chain(|| {
        let set =
            |kind: RootClaimTypeEnum| SubtensorModule::set_root_claim_type(signed(&ann()), kind);
        let some = |netuids: &[u16]| RootClaimTypeEnum::KeepSubnets {
            subnets: set_of(netuids.iter().copied()),
        };
        assert_noop!(set(some(&[])), Error::<Test>::InvalidSubnetNumber);
        assert_noop!(set(some(&[0, 1, 2, 3])), Error::<Test>::InvalidSubnetNumber);
        assert_noop!(set(some(&[1, 3])), Error::<Test>::SubnetNotExists);
        for kind in [
            RootClaimTypeEnum::Keep,
            some(&[1, 2]),
            RootClaimTypeEnum::Swap,
        ] {
            System::reset_events();
            assert_ok!(set(kind.clone()));
            assert_eq!(*RootClaimType::<Test>::get(ann()), kind);
            assert_eq!(
                events(),
                [Event::RootClaimTypeSet {
                    coldkey: ann(),
                    root_claim_type: kind,
                }]
            );
        }
        // The default takes no room.
        assert!(!RootClaimType::<Test>::contains_key(ann()));
    });
}

#[test]
fn at_most_128_subnets_can_be_named() {
    builder().build().execute_with(|| {
        let all: Vec<NetUid> = (0..200).map(NetUid::new).collect();
        SubnetList::<Test>::put(BoundedVec::truncate_from(all));
        let set = |count: u16| {
            let subnets = set_of(0..count);
            let kind = RootClaimTypeEnum::KeepSubnets { subnets };
            SubtensorModule::set_root_claim_type(signed(&ann()), kind)
        };
        assert_ok!(set(128));
        assert_noop!(set(129), Error::<Test>::InvalidSubnetNumber);
    });
}

#[test]
fn root_sets_how_many_are_served_in_a_block() {
    chain(|| {
        let set = SubtensorModule::sudo_set_num_root_claims;
        assert_noop!(set(signed(&account(1)), 1), DispatchError::BadOrigin);
        let root = RuntimeOrigin::root;
        assert_noop!(set(root(), 51), Error::<Test>::InvalidNumRootClaim);
        assert_ok!(set(root(), 50));
        assert_eq!(NumRootClaim::<Test>::get(), 50);
        assert_ok!(set(root(), 0));
    });
}

#[test]
fn the_owner_sets_the_threshold() {
    chain(|| {
        let set = SubtensorModule::sudo_set_root_claim_threshold;
        let stored = || RootClaimableThreshold::<Test>::get(NETUID).bits() >> 32;
        assert_eq!(stored(), 500_000);
        assert_noop!(
            set(signed(&ann()), NETUID, 1),
            Error::<Test>::NotSubnetOwner
        );
        let owner = || signed(&account(1));
        assert_noop!(
            set(owner(), NETUID, 10_000_001),
            Error::<Test>::InvalidRootClaimThreshold
        );
        assert_noop!(
            set(owner(), NetUid::new(9), 1),
            Error::<Test>::SubnetNotExists
        );
        assert_ok!(set(owner(), NETUID, 10_000_000));
        assert_eq!(stored(), 10_000_000);
        assert_ok!(set(RuntimeOrigin::root(), NETUID, 7));
        assert_eq!(stored(), 7);
    });
}
