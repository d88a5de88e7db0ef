//! TAO: accounts of the subnets, payments into them and out of them.

use std::collections::BTreeSet;

use dendra_primitives::{NetUid, TaoBalance};
use frame_support::{
    assert_noop, assert_ok,
    traits::{
        Hooks,
        fungible::{Inspect, Mutate},
    },
};
use sp_runtime::TokenError;

use crate::{mock::*, types::MAX_NETUIDS, *};

const FIRST: NetUid = NetUid::new(1);

fn rao(amount: u64) -> TaoBalance {
    TaoBalance::new(amount)
}

fn held(who: &AccountId) -> u64 {
    Balances::total_balance(who)
}

fn pot() -> AccountId {
    SubtensorModule::subnet_account(FIRST)
}

#[test]
fn each_subnet_has_an_account_of_its_own_that_nobody_may_name() {
    ExtBuilder::new().run(|| {
        let accounts: BTreeSet<_> = (0..MAX_NETUIDS)
            .map(|netuid| SubtensorModule::subnet_account(NetUid::new(netuid)))
            .collect();
        assert_eq!(accounts.len(), usize::from(MAX_NETUIDS));
        for account in accounts {
            assert_noop!(
                SubtensorModule::ensure_ordinary_account(&account),
                Error::<Test>::CannotUseSystemAccount
            );
        }
        assert_ok!(SubtensorModule::ensure_ordinary_account(&account(1)));
    });
}

#[test]
fn a_charge_leaves_the_payer_alive() {
    ExtBuilder::new().run(|| {
        assert_eq!(SubtensorModule::spendable(&account(1)), rao(RICH - 500));
        assert_noop!(
            SubtensorModule::charge(&account(1), FIRST, rao(RICH - 499)),
            TokenError::NotExpendable
        );
        assert_ok!(SubtensorModule::charge(&account(1), FIRST, rao(RICH - 500)));
        assert_eq!(held(&account(1)), 500);
        assert_eq!(held(&pot()), 10 * UNIT + RICH - 500);
        assert_eq!(SubtensorModule::spendable(&account(1)), TaoBalance::ZERO);
        assert_eq!(SubtensorModule::spendable(&many(1)), TaoBalance::ZERO);
    });
}

#[test]
fn a_payment_opens_an_account_if_it_can() {
    ExtBuilder::new().run(|| {
        Balances::mint_into(&pot(), UNIT).unwrap();
        assert_noop!(
            SubtensorModule::pay(FIRST, &many(1), rao(499)),
            TokenError::BelowMinimum
        );
        assert_ok!(SubtensorModule::pay(FIRST, &many(1), rao(500)));
        assert_ok!(SubtensorModule::pay(FIRST, &many(1), rao(1)));
        assert_eq!(held(&many(1)), 501);
        assert_eq!(held(&pot()), 11 * UNIT - 501);
    });
}

#[test]
fn nothing_is_paid_charged_or_destroyed_without_a_trace() {
    ExtBuilder::new().run(|| {
        let zero = TaoBalance::ZERO;
        assert_ok!(SubtensorModule::charge(&many(1), FIRST, zero));
        assert_ok!(SubtensorModule::pay(FIRST, &many(1), zero));
        assert_ok!(SubtensorModule::pay_author(&many(1), zero));
        assert_ok!(SubtensorModule::recycle_tao(FIRST, zero));
        assert!(!System::account_exists(&many(1)));
        assert_eq!(held(&pot()), 10 * UNIT);
    });
}

#[test]
fn a_fee_is_the_authors_or_leaves_the_issuance() {
    ExtBuilder::new().run(|| {
        let issuance = SubtensorModule::issuance().get();
        assert_ok!(SubtensorModule::pay_author(&account(1), rao(600)));
        assert_eq!(SubtensorModule::issuance(), rao(issuance - 600));
        Author::set(&Some(many(1)));
        assert_ok!(SubtensorModule::pay_author(&account(1), rao(499)));
        assert_eq!(SubtensorModule::issuance(), rao(issuance - 1_099));
        assert_eq!(held(&many(1)), 0);
        assert_ok!(SubtensorModule::pay_author(&account(1), rao(500)));
        assert_eq!(SubtensorModule::issuance(), rao(issuance - 1_099));
        assert_eq!(held(&many(1)), 500);
        assert_eq!(held(&account(1)), RICH - 1_599);
    });
}

#[test]
fn a_fee_that_cannot_be_paid_is_refused() {
    ExtBuilder::new().run(|| {
        assert_noop!(
            SubtensorModule::pay_author(&account(1), rao(RICH - 499)),
            TokenError::FundsUnavailable
        );
    });
}

#[test]
fn recycled_tao_leaves_the_issuance() {
    ExtBuilder::new().run(|| {
        let issuance = SubtensorModule::issuance().get();
        Balances::mint_into(&pot(), 3).unwrap();
        assert_ok!(SubtensorModule::recycle_tao(FIRST, rao(3)));
        assert_eq!(SubtensorModule::issuance(), rao(issuance));
        assert_eq!(held(&pot()), 10 * UNIT);
        assert_noop!(
            SubtensorModule::recycle_tao(FIRST, rao(10 * UNIT + 1)),
            TokenError::FundsUnavailable
        );
    });
}

#[test]
fn the_issuance_is_published_at_the_end_of_a_block() {
    ExtBuilder::new().run(|| {
        let issuance = SubtensorModule::issuance().get();
        assert_eq!(TotalIssuance::<Test>::get(), rao(issuance));
        Balances::mint_into(&account(1), 5).unwrap();
        assert_eq!(TotalIssuance::<Test>::get(), rao(issuance));
        SubtensorModule::on_finalize(1);
        assert_eq!(TotalIssuance::<Test>::get(), rao(issuance + 5));
    });
}

#[test]
fn all_accounts_together_are_the_issuance() {
    ExtBuilder::new().subnet(2, account(1), account(2)).run(|| {
        for hotkey in 10..20 {
            let origin = signed(&account(3));
            SubtensorModule::burned_register(origin, NetUid::new(2), account(hotkey)).unwrap();
        }
        SubtensorModule::root_dissolve_network(RuntimeOrigin::root(), NetUid::new(2)).unwrap();
        run_to_block(3);
        let sum: u64 = frame_system::Account::<Test>::iter_values()
            .map(|stored| stored.data.free + stored.data.reserved)
            .sum();
        assert_eq!(SubtensorModule::issuance(), rao(sum));
    });
}
