//! Who is paid what.

use dendra_primitives::{AlphaBalance, NetUid};
use frame_support::traits::fungible::{Inspect, Mutate};
use proptest::prelude::*;

use super::{NETUID, chain, cleaned, dissolve};
use crate::{mock::*, *};

fn held(who: &AccountId) -> u64 {
    Balances::total_balance(who)
}

/// Adds alpha that the chain has bought.
fn give_protocol(alpha: u64) {
    let amount = AlphaBalance::new(alpha);
    SubnetAlphaOut::<Test>::mutate(NETUID, |out| *out = out.checked_add(amount).unwrap());
    SubnetProtocolAlpha::<Test>::insert(NETUID, amount);
}

/// What each holder was paid: coldkey, alpha, TAO.
fn payments() -> Vec<(AccountId, u64, u64)> {
    events()
        .into_iter()
        .filter_map(|event| match event {
            Event::HolderPaid {
                coldkey,
                alpha,
                tao,
                ..
            } => Some((coldkey, alpha.get(), tao.get())),
            _ => None,
        })
        .collect()
}

#[test]
fn holders_share_the_pot_with_the_alpha_of_the_pool() {
    chain()
        .stake(2, account(2), account(5), 300 * UNIT)
        .stake(2, account(9), account(6), 200 * UNIT)
        .run(|| {
            let issuance = SubtensorModule::issuance().get();
            dissolve(NETUID);
            run_to_block(2);
            // 1000 TAO by 300, 200 and 1000 alpha.
            assert_eq!(held(&account(5)), RICH + 200 * UNIT);
            assert_eq!(held(&account(6)), RICH + 133_333_333_333);
            assert_eq!(cleaned(NETUID), Some((333_333_333_333, 666_666_666_667)));
            assert_eq!(
                SubtensorModule::issuance().get(),
                issuance - 666_666_666_667
            );
            assert_eq!(held(&SubtensorModule::subnet_account(NETUID)), 0);
        });
}

#[test]
fn alpha_that_the_chain_bought_shares_too() {
    chain()
        .stake(2, account(2), account(5), 300 * UNIT)
        .run(|| {
            give_protocol(200 * UNIT);
            dissolve(NETUID);
            run_to_block(2);
            assert_eq!(held(&account(5)), RICH + 200 * UNIT);
            assert_eq!(cleaned(NETUID), Some((200 * UNIT, 800 * UNIT)));
        });
}

#[test]
fn without_holders_all_is_recycled() {
    chain().run(|| {
        let issuance = SubtensorModule::issuance().get();
        dissolve(NETUID);
        run_to_block(2);
        assert_eq!(cleaned(NETUID), Some((0, 1_000 * UNIT)));
        assert_eq!(SubtensorModule::issuance().get(), issuance - 1_000 * UNIT);
        // The owner gets nothing back.
        assert_eq!(held(&account(1)), RICH - 1_000 * UNIT);
    });
}

#[test]
fn alpha_that_nobody_holds_does_not_share() {
    chain()
        .stake(2, account(2), account(5), 1_000 * UNIT)
        .run(|| {
            give_pending(NETUID, 70 * UNIT, 30 * UNIT);
            let more = AlphaBalance::new(5 * UNIT);
            SubnetAlphaOut::<Test>::mutate(NETUID, |out| *out = out.checked_add(more).unwrap());
            SubnetResidual::<Test>::insert(NETUID, more);
            dissolve(NETUID);
            run_to_block(2);
            assert_eq!(held(&account(5)), RICH + 500 * UNIT);
        });
}

#[test]
fn a_coldkey_is_paid_for_each_hotkey_it_stakes_on() {
    chain()
        .stake(2, account(2), account(5), 600 * UNIT)
        .stake(2, account(9), account(5), 400 * UNIT)
        .run(|| {
            dissolve(NETUID);
            run_to_block(2);
            assert_eq!(held(&account(5)), RICH + 500 * UNIT);
            assert_eq!(payments().len(), 2);
            assert!(!StakingHotkeys::<Test>::contains_key(account(5)));
        });
}

#[test]
fn stake_elsewhere_is_left_alone() {
    chain()
        .stake(2, account(2), account(5), 600 * UNIT)
        .stake(1, account(2), account(5), 3)
        .stake(0, account(2), account(5), 4_000)
        .run(|| {
            dissolve(NETUID);
            run_to_block(2);
            let known = StakingHotkeys::<Test>::get(account(5)).into_inner();
            assert_eq!(known, [account(2)]);
            let own = SubtensorModule::own_stake(&account(2), 1.into());
            assert_eq!((own.alpha.get(), own.tao.get()), (3, 4_000));
        });
}

#[test]
fn an_amount_that_cannot_open_an_account_is_recycled() {
    chain()
        .stake(2, account(2), many(1), 600)
        .stake(2, account(2), account(5), 600)
        .run(|| {
            let issuance = SubtensorModule::issuance().get();
            // 1000 TAO by 2000 alpha and 1200 units: 599.99 rao, of which the first holder gets 299.
            SubnetAlphaIn::<Test>::insert(NETUID, AlphaBalance::new(2_000 * UNIT));
            dissolve(NETUID);
            run_to_block(2);
            let paid = held(&account(5)) - RICH;
            assert!(paid == 299 || paid == 300);
            assert_eq!(held(&many(1)), 0);
            assert_eq!(cleaned(NETUID), Some((paid, 1_000 * UNIT - paid)));
            assert_eq!(
                SubtensorModule::issuance().get(),
                issuance - (1_000 * UNIT - paid)
            );
            let to_nobody = payments().into_iter().find(|(who, ..)| *who == many(1));
            assert_eq!(to_nobody, Some((many(1), 600, 0)));
        });
}

#[test]
fn a_gift_to_the_account_of_the_subnet_is_recycled_too() {
    chain()
        .stake(2, account(2), account(5), 1_000 * UNIT)
        .run(|| {
            let account_of_subnet = SubtensorModule::subnet_account(NETUID);
            Balances::mint_into(&account_of_subnet, 77).unwrap();
            let issuance = SubtensorModule::issuance().get();
            dissolve(NETUID);
            run_to_block(2);
            assert_eq!(held(&account(5)), RICH + 500 * UNIT);
            assert_eq!(held(&account_of_subnet), 0);
            assert_eq!(
                SubtensorModule::issuance().get(),
                issuance - 500 * UNIT - 77
            );
        });
}

#[test]
fn the_first_subnet_can_be_dissolved_too() {
    ExtBuilder::new()
        .stake(1, account(2), account(5), 40 * UNIT)
        .run(|| {
            let first = NetUid::new(1);
            dissolve(first);
            run_to_block(2);
            // 10 TAO by 40 alpha and the 10 of the pool; the outstanding one is nobody's.
            assert_eq!(held(&account(5)), RICH + 8 * UNIT);
            assert_eq!(cleaned(first), Some((8 * UNIT, 2 * UNIT)));
            assert_eq!(SubnetList::<Test>::get().into_inner(), [NetUid::ROOT]);
        });
}

/// `⌊pot·part/whole⌋`.
fn share(pot: u64, part: u64, whole: u64) -> u64 {
    (u128::from(pot) * u128::from(part) / u128::from(whole)) as u64
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_holder_is_paid_to_the_unit_and_the_rest_is_recycled(
        stakes in prop::collection::vec((2_u8..6, 20_u8..60, 1_u64..5_000_000_000_000), 0..40),
        rewards in prop::collection::vec((2_u8..6, 1_u64..1_000_000_000), 0..4),
        protocol in 0_u64..1_000_000_000_000,
        reserve in 1_000_000_u64..5_000_000_000_000,
    ) {
        chain().run(|| {
            SubnetAlphaIn::<Test>::insert(NETUID, AlphaBalance::new(reserve));
            give_protocol(protocol);
            for (hotkey, coldkey, alpha) in &stakes {
                give_stake(NETUID, &account(*hotkey), &account(*coldkey), *alpha);
            }
            for (hotkey, alpha) in rewards {
                let alpha = AlphaBalance::new(alpha);
                if reward(&account(hotkey), NETUID, alpha).is_ok() {
                    SubnetAlphaOut::<Test>::mutate(NETUID, |out| *out = out.checked_add(alpha).unwrap());
                }
            }
            let whole = TotalAlphaStaked::<Test>::get(NETUID).get() + protocol + reserve;
            let pot = SubnetTAO::<Test>::get(NETUID).get();
            let issuance = SubtensorModule::issuance().get();
            let before: Vec<u64> = (20..60).map(|number| held(&account(number))).collect();
            dissolve(NETUID);
            run_to_block(2);

            let (mut served, mut paid) = (0, 0);
            let mut expected: std::collections::BTreeMap<AccountId, u64> = Default::default();
            for (coldkey, alpha, tao) in payments() {
                let part = share(pot, served + alpha, whole) - share(pot, served, whole);
                assert_eq!(tao, part);
                // Not a unit away from the exact part.
                let exact = share(pot, alpha, whole);
                assert!(tao == exact || tao == exact + 1);
                served += alpha;
                paid += tao;
                *expected.entry(coldkey).or_default() += tao;
            }
            for (number, before) in (20..60).zip(before) {
                let due = expected.get(&account(number)).copied().unwrap_or_default();
                assert_eq!(held(&account(number)), before + due);
            }
            assert!(paid <= pot);
            assert_eq!(cleaned(NETUID), Some((paid, pot - paid)));
            assert_eq!(SubtensorModule::issuance().get(), issuance - (pot - paid));
            assert_eq!(held(&SubtensorModule::subnet_account(NETUID)), 0);
        });
    }
}
