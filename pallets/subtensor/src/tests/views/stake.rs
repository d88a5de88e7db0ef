//! Tests of the views of stake.

use std::collections::BTreeMap;

use dendra_primitives::U64F64;
use dendra_runtime_api::{StakeAvailability, StakeInfo};

use super::*;
use crate::mock::{SubtensorModule, UNIT, give_stake};

const ROOT: NetUid = NetUid::ROOT;

/// Coldkey 9 on hotkeys 3 and 2 of the subnet, on hotkey 3 of the other one and on root; coldkey 8 on hotkey 3.
fn staked() -> ExtBuilder {
    ExtBuilder::new()
        .subnet(2, account(1), account(2))
        .neuron(2, account(3), account(4))
        .subnet(3, account(6), account(7))
        .stake(3, account(3), account(9), 3_000)
        .stake(2, account(3), account(9), 2_000)
        .stake(2, account(2), account(9), 1_000)
        .stake(0, account(3), account(9), 700)
        .stake(2, account(3), account(8), 5_000)
}

fn info(netuid: NetUid, hotkey: u8, coldkey: u8, stake: u64) -> StakeInfo {
    StakeInfo {
        hotkey: account(hotkey),
        coldkey: account(coldkey),
        netuid: Compact(netuid),
        stake: alpha(stake),
        locked: Compact(0),
        emission: alpha(0),
        tao_emission: tao(0),
        drain: Compact(0),
        is_registered: netuid == SUBNET && [2, 3].contains(&hotkey),
    }
}

fn free(total: u64) -> StakeAvailability {
    StakeAvailability {
        total: alpha(total),
        locked: alpha(0),
        available: alpha(total),
    }
}

fn available(
    coldkeys: &[u8],
    netuids: Option<&[u16]>,
) -> BTreeMap<AccountId, BTreeMap<NetUid, StakeAvailability>> {
    SubtensorModule::stake_availability(
        coldkeys.iter().copied().map(account).collect(),
        netuids.map(|list| list.iter().copied().map(NetUid::new).collect()),
    )
}

fn maps<const N: usize>(
    each: [(u8, &[(u16, u64)]); N],
) -> BTreeMap<AccountId, BTreeMap<NetUid, StakeAvailability>> {
    let subnets = |list: &[(u16, u64)]| {
        list.iter()
            .map(|(netuid, total)| (NetUid::new(*netuid), free(*total)))
            .collect()
    };
    each.into_iter()
        .map(|(coldkey, list)| (account(coldkey), subnets(list)))
        .collect()
}

#[test]
fn every_position_is_listed_once_with_subnets_ascending() {
    staked().run(|| {
        assert_eq!(
            SubtensorModule::stake_of_coldkey(&account(9)),
            [
                info(ROOT, 3, 9, 700),
                info(SUBNET, 3, 9, 2_000),
                info(SUBNET, 2, 9, 1_000),
                info(OTHER, 3, 9, 3_000),
            ]
        );
        assert_eq!(SubtensorModule::stake_of_coldkey(&account(4)), []);
    });
}

#[test]
fn emission_is_the_last_alpha_dividend_of_the_hotkey() {
    staked().run(|| {
        for (netuid, hotkey, paid) in [(SUBNET, 3, 50), (OTHER, 3, 60), (SUBNET, 2, 0)] {
            AlphaDividendsPerSubnet::<Test>::insert(
                netuid,
                account(hotkey),
                AlphaBalance::new(paid),
            );
        }
        let shown: Vec<_> = SubtensorModule::stake_of_coldkey(&account(9))
            .into_iter()
            .map(|info| info.emission)
            .collect();
        assert_eq!(shown, [0, 50, 0, 60].map(alpha));
    });
}

#[test]
fn several_coldkeys_are_answered_in_the_order_asked_for() {
    staked().run(|| {
        let asked = vec![account(8), account(200), account(9), account(8)];
        let answered = SubtensorModule::stake_of_coldkeys(asked.clone());
        let coldkeys: Vec<_> = answered
            .iter()
            .map(|(coldkey, _)| coldkey.clone())
            .collect();
        assert_eq!(coldkeys, asked);
        assert_eq!(answered[0].1, [info(SUBNET, 3, 8, 5_000)]);
        assert_eq!(answered[1].1, []);
        assert_eq!(answered[2].1.len(), 4);
        assert_eq!(answered[3], answered[0]);
        assert_eq!(SubtensorModule::stake_of_coldkeys(vec![]), []);
    });
}

#[test]
fn a_position_is_answered_whether_something_is_staked_or_not() {
    staked().run(|| {
        let position = |hotkey: u8, coldkey: u8, netuid| {
            SubtensorModule::stake_of_position(account(hotkey), &account(coldkey), netuid)
        };
        assert_eq!(position(3, 9, SUBNET), info(SUBNET, 3, 9, 2_000));
        assert_eq!(position(3, 4, SUBNET), info(SUBNET, 3, 4, 0));
        assert_eq!(position(77, 78, ROOT), info(ROOT, 77, 78, 0));
        for netuid in UNKNOWN {
            assert_eq!(position(3, 9, netuid), info(netuid, 3, 9, 0));
        }
    });
}

#[test]
fn stake_on_a_subnet_that_is_gone_is_not_shown() {
    staked().run(|| {
        SubtensorModule::do_dissolve(OTHER).unwrap();
        assert!(TotalHotkeyAlpha::<Test>::contains_key(account(3), OTHER));
        let shown = SubtensorModule::stake_of_coldkey(&account(9));
        assert!(shown.iter().all(|info| info.netuid.0 != OTHER));
        assert_eq!(
            SubtensorModule::stake_of_position(account(3), &account(9), OTHER),
            info(OTHER, 3, 9, 0)
        );
        assert_eq!(available(&[9], Some(&[3])), maps([(9, &[])]));
    });
}

#[test]
fn a_position_that_rounds_to_nothing_is_not_shown() {
    staked().run(|| {
        // Shares of 3 units are worth 7: a unit buys 3/7 of one, rounded down.
        give_stake(SUBNET, &account(5), &account(8), 3);
        let dividend = AlphaBalance::new(4);
        SubnetAlphaOut::<Test>::mutate(SUBNET, |out| *out = out.checked_add(dividend).unwrap());
        crate::mock::reward(&account(5), SUBNET, dividend).unwrap();
        give_stake(SUBNET, &account(5), &account(9), 1);
        assert!(Positions::<Test>::contains_key((
            SUBNET,
            account(5),
            account(9)
        )));
        let shown = SubtensorModule::stake_of_coldkey(&account(9));
        assert_eq!(shown.len(), 4);
    });
}

#[test]
fn all_of_the_stake_is_available() {
    staked().run(|| {
        assert_eq!(
            available(&[9, 8, 4], None),
            maps([
                (9, &[(0, 700), (2, 3_000), (3, 3_000)]),
                (8, &[(2, 5_000)]),
                (4, &[]),
            ])
        );
        assert_eq!(available(&[], None), maps([]));
    });
}

#[test]
fn availability_is_that_of_the_subnets_asked_for() {
    staked().run(|| {
        let both = Some(&[3, 2, 2, 77][..]);
        assert_eq!(
            available(&[9, 8], both),
            maps([(9, &[(2, 3_000), (3, 3_000)]), (8, &[(2, 5_000)])])
        );
        assert_eq!(available(&[9, 4], Some(&[])), maps([(9, &[]), (4, &[])]));
        let possible: Vec<u16> = (0..4_096).collect();
        assert_eq!(available(&[8], Some(&possible)), maps([(8, &[(2, 5_000)])]));
        let too_long: Vec<u16> = (0..4_097).collect();
        assert_eq!(available(&[8], Some(&too_long)), maps([(8, &[])]));
    });
}

#[test]
fn nothing_is_locked() {
    staked().run(|| {
        assert_eq!(SubtensorModule::lock_of_coldkey(&account(9), SUBNET), None);
        assert_eq!(
            SubtensorModule::conviction_of_hotkey(&account(3), SUBNET),
            U64F64::ZERO
        );
        assert_eq!(SubtensorModule::most_convicted_hotkey(SUBNET), None);
    });
}

#[test]
fn the_fee_is_that_of_one_pool() {
    staked().run(|| {
        let fee = |origin: Option<NetUid>, destination: Option<NetUid>| {
            SubtensorModule::stake_fee(origin, destination, 2 * UNIT)
        };
        // ⌊2·10^9·33/65535⌋
        let pool = 1_007_095;
        assert_eq!(fee(None, Some(SUBNET)), pool);
        assert_eq!(fee(Some(SUBNET), None), pool);
        assert_eq!(fee(Some(SUBNET), Some(OTHER)), pool);
        assert_eq!(fee(Some(ROOT), Some(SUBNET)), pool);
        assert_eq!(fee(Some(SUBNET), Some(ROOT)), pool);
        assert_eq!(fee(Some(SUBNET), Some(SUBNET)), 0);
        assert_eq!(fee(Some(ROOT), Some(ROOT)), 0);
        assert_eq!(fee(None, Some(ROOT)), 0);
        assert_eq!(fee(Some(ROOT), None), 0);
        assert_eq!(fee(None, None), 0);
        for netuid in UNKNOWN {
            assert_eq!(fee(None, Some(netuid)), 0);
            assert_eq!(fee(Some(netuid), None), 0);
        }
        assert_eq!(SubtensorModule::stake_fee(None, Some(SUBNET), 0), 0);
        assert_eq!(
            SubtensorModule::stake_fee(None, Some(SUBNET), u64::MAX),
            (u128::from(u64::MAX) * 33 / 65_535) as u64
        );
    });
}

#[test]
fn a_subnet_without_a_pool_has_no_fee() {
    staked().run(|| {
        SubnetMechanism::<Test>::insert(OTHER, 0);
        let fee = |origin, destination| SubtensorModule::stake_fee(origin, destination, UNIT);
        assert_eq!(fee(None, Some(OTHER)), 0);
        assert_eq!(fee(Some(OTHER), None), 0);
        assert_eq!(fee(Some(OTHER), Some(ROOT)), 0);
        assert_eq!(fee(Some(OTHER), Some(SUBNET)), 503_547);
        assert_eq!(fee(Some(SUBNET), Some(OTHER)), 503_547);
        SubnetMechanism::<Test>::insert(OTHER, 1);
    });
}

#[test]
fn the_fee_shown_is_the_fee_charged() {
    use crate::pools::Fee;
    staked().run(|| {
        for amount in [1_000, 123_456_789, 40 * UNIT] {
            let bought =
                SubtensorModule::quote_buy(SUBNET, TaoBalance::new(amount), None, Fee::Charged)
                    .unwrap();
            let shown = SubtensorModule::stake_fee(None, Some(SUBNET), amount);
            assert_eq!(bought.fee.get(), shown);
            let sold =
                SubtensorModule::quote_sell(SUBNET, AlphaBalance::new(amount), None, Fee::Charged)
                    .unwrap();
            let shown = SubtensorModule::stake_fee(Some(SUBNET), None, amount);
            assert_eq!(sold.fee.get(), shown);
        }
    });
}

#[test]
fn no_basket_owes_anything() {
    staked().run(|| {
        assert_eq!(SubtensorModule::basket_owed(&account(9)), TaoBalance::ZERO);
        assert_eq!(SubtensorModule::basket_positions(&account(9)), []);
        assert_eq!(
            SubtensorModule::basket_payout(&account(3), &account(9)),
            TaoBalance::ZERO
        );
    });
}
