//! Tests of single facts.

use super::*;
use crate::mock::{SubtensorModule, UNIT};

#[test]
fn cost_of_a_subnet_is_what_creating_one_takes() {
    ExtBuilder::new().run(|| {
        let cost = SubtensorModule::registration_cost();
        assert_eq!(cost, TaoBalance::new(1_000 * UNIT));
        let before = SubtensorModule::spendable(&account(1));
        SubtensorModule::register_network(mock::signed(&account(1)), account(2)).unwrap();
        let after = SubtensorModule::spendable(&account(1));
        assert_eq!(before.checked_sub(after), Some(cost));
        assert_eq!(
            SubtensorModule::registration_cost(),
            TaoBalance::new(2_000 * UNIT)
        );
    });
}

#[test]
fn cost_that_cannot_be_counted_is_more_than_anybody_has() {
    chain().execute_with(|| {
        NetworkLastLockCost::<Test>::put(TaoBalance::new(u64::MAX));
        NetworkLastCreatedAt::<Test>::put(77);
        assert_eq!(SubtensorModule::network_cost(), None);
        assert_eq!(
            SubtensorModule::registration_cost(),
            TaoBalance::new(u64::MAX)
        );
    });
}

#[test]
fn block_emits_one_tao_until_half_of_all_is_issued() {
    use frame_support::traits::fungible::Mutate;

    ExtBuilder::new().run(|| {
        assert_eq!(SubtensorModule::block_emission(), TaoBalance::new(UNIT));
        let half = 10_500_000 * UNIT;
        let rest = half - SubtensorModule::issuance().get();
        mock::Balances::mint_into(&account(1), rest).unwrap();
        assert_eq!(SubtensorModule::block_emission(), TaoBalance::new(UNIT / 2));
    });
}

#[test]
fn account_of_a_subnet_holds_its_pool() {
    ExtBuilder::new().subnet(2, account(1), account(2)).run(|| {
        let holder = SubtensorModule::account_of(SUBNET).unwrap();
        assert_eq!(mock::Balances::free_balance(&holder), 1_000 * UNIT);
        assert_ne!(SubtensorModule::account_of(NetUid::new(1)), Some(holder));
    });
}

#[test]
fn hotkey_of_automatic_stake_is_that_of_the_coldkey_on_the_subnet() {
    chain().execute_with(|| {
        AutoStakeDestination::<Test>::insert(account(4), SUBNET, account(5));
        AutoStakeDestination::<Test>::insert(account(4), UNKNOWN[0], account(5));
        let hotkey =
            |coldkey, netuid| SubtensorModule::auto_stake_hotkey(&account(coldkey), netuid);
        assert_eq!(hotkey(4, SUBNET), Some(account(5)));
        assert_eq!(hotkey(4, OTHER), None);
        assert_eq!(hotkey(4, UNKNOWN[0]), None);
        assert_eq!(hotkey(1, SUBNET), None);
    });
}
