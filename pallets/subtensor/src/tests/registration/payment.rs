//! Where the payment goes: it buys alpha in the pool, which is recycled; the fee is the author's.

use dendra_primitives::{AlphaBalance, TaoBalance};
use frame_support::traits::fungible::{Inspect, Mutate};

use super::{NETUID, chain, register};
use crate::{mock::*, *};

fn held(who: &AccountId) -> u64 {
    Balances::total_balance(who)
}

fn subnet_holds() -> u64 {
    held(&SubtensorModule::subnet_account(NETUID))
}

/// Of 1 TAO: ⌊10^9·33/65535⌋ and the rest.
const FEE: u64 = 503_547;
const USED: u64 = 999_496_453;
/// ⌊10^12·USED/(10^12 + USED)⌋.
const BOUGHT: u64 = 998_498_457;

#[test]
fn the_payment_buys_alpha_that_is_recycled() {
    chain().run(|| {
        register(&account(3), &account(4)).unwrap();
        assert_eq!(held(&account(3)), RICH - UNIT);
        assert_eq!(held(&account(4)), RICH);
        assert_eq!(subnet_holds(), 1_000 * UNIT + USED);
        assert_eq!(SubnetTAO::<Test>::get(NETUID).get(), 1_000 * UNIT + USED);
        assert_eq!(
            SubnetAlphaIn::<Test>::get(NETUID).get(),
            1_000 * UNIT - BOUGHT
        );
        assert_eq!(SubnetAlphaOut::<Test>::get(NETUID), AlphaBalance::ZERO);
        assert_eq!(TotalStake::<Test>::get().get(), 1_010 * UNIT + USED);
        assert_eq!(SubnetVolume::<Test>::get(NETUID), u128::from(USED));
        assert_eq!(
            SubtensorModule::own_stake(&account(4), NETUID).alpha.get(),
            0
        );
        let expected = [
            Event::HotkeyAssociated {
                coldkey: account(3),
                hotkey: account(4),
            },
            Event::NeuronRegistered(NETUID, 1, account(4)),
            Event::RegistrationPaid {
                netuid: NETUID,
                coldkey: account(3),
                hotkey: account(4),
                tao: TaoBalance::new(UNIT),
                fee: TaoBalance::new(FEE),
                alpha: AlphaBalance::new(BOUGHT),
            },
        ];
        assert_eq!(events(), expected);
    });
}

#[test]
fn recycled_alpha_leaves_what_others_hold_as_it_is() {
    chain().stake(2, account(2), account(1), 5 * UNIT).run(|| {
        register(&account(3), &account(4)).unwrap();
        assert_eq!(SubnetAlphaOut::<Test>::get(NETUID).get(), 5 * UNIT);
        assert_eq!(
            SubtensorModule::own_stake(&account(2), NETUID).alpha.get(),
            5 * UNIT
        );
    });
}

#[test]
fn payments_follow_the_curve() {
    chain().run(|| {
        for (hotkey, alpha) in [(10, 998_498_457), (11, 1_255_272_567), (12, 1_577_159_061)] {
            let before = SubnetAlphaIn::<Test>::get(NETUID).get();
            register(&account(3), &account(hotkey)).unwrap();
            assert_eq!(before - SubnetAlphaIn::<Test>::get(NETUID).get(), alpha);
        }
        let paid = 1_000_000_000 + 1_260_000_000 + 1_587_600_000;
        assert_eq!(held(&account(3)), RICH - paid);
    });
}

#[test]
fn the_fee_is_the_authors() {
    chain().run(|| {
        Author::set(&Some(account(9)));
        let issuance = SubtensorModule::issuance().get();
        register(&account(3), &account(4)).unwrap();
        assert_eq!(held(&account(9)), RICH + FEE);
        assert_eq!(SubtensorModule::issuance().get(), issuance);
    });
}

#[test]
fn without_an_author_the_fee_leaves_the_issuance() {
    chain().run(|| {
        let issuance = SubtensorModule::issuance().get();
        register(&account(3), &account(4)).unwrap();
        assert_eq!(SubtensorModule::issuance().get(), issuance - FEE);
    });
}

#[test]
fn a_fee_that_cannot_open_the_authors_account_leaves_the_issuance() {
    chain().run(|| {
        Burn::<Test>::insert(NETUID, TaoBalance::new(500_000));
        Author::set(&Some(many(7)));
        let issuance = SubtensorModule::issuance().get();
        register(&account(3), &account(4)).unwrap();
        assert_eq!(held(&many(7)), 0);
        assert_eq!(held(&account(3)), RICH - 500_000);
        assert_eq!(SubtensorModule::issuance().get(), issuance - 251);
        assert_eq!(subnet_holds(), 1_000 * UNIT + 499_749);
    });
}

#[test]
fn an_author_who_registers_gets_the_fee_back() {
    chain().run(|| {
        Author::set(&Some(account(3)));
        register(&account(3), &account(4)).unwrap();
        assert_eq!(held(&account(3)), RICH - USED);
    });
}

#[test]
fn a_coldkey_may_spend_all_but_the_existential_deposit() {
    chain().run(|| {
        Balances::mint_into(&many(1), UNIT + 500).unwrap();
        register(&many(1), &account(4)).unwrap();
        assert_eq!(held(&many(1)), 500);
    });
}

#[test]
fn the_call_for_work_does_the_same_and_the_signer_pays() {
    chain().run(|| {
        let origin = signed(&account(3));
        let work = vec![1, 2, 3];
        SubtensorModule::register(origin, NETUID, 77, 5, work, account(4), account(8)).unwrap();
        assert_eq!(held(&account(3)), RICH - UNIT);
        assert_eq!(held(&account(8)), RICH);
        assert_eq!(Owner::<Test>::get(account(4)), account(3));
        assert_eq!(Uids::<Test>::get(NETUID, account(4)), Some(1));
        assert_eq!(Burn::<Test>::get(NETUID).get(), 1_260_000_000);
    });
}

#[test]
fn a_limit_that_holds_changes_nothing_about_the_price() {
    chain().run(|| {
        let origin = signed(&account(3));
        SubtensorModule::register_limit(origin, NETUID, account(4), u64::MAX).unwrap();
        assert_eq!(held(&account(3)), RICH - UNIT);
        let origin = signed(&account(3));
        SubtensorModule::register_limit(origin, NETUID, account(5), 1_260_000_000).unwrap();
        assert_eq!(held(&account(3)), RICH - 2_260_000_000);
    });
}

#[test]
fn without_a_pool_a_rao_buys_a_unit_and_there_is_no_fee() {
    chain().run(|| {
        SubnetMechanism::<Test>::insert(NETUID, 0);
        Author::set(&Some(account(9)));
        register(&account(3), &account(4)).unwrap();
        assert_eq!(held(&account(3)), RICH - UNIT);
        assert_eq!(held(&account(9)), RICH);
        assert_eq!(subnet_holds(), 1_001 * UNIT);
        assert_eq!(SubnetAlphaIn::<Test>::get(NETUID).get(), 1_000 * UNIT);
        assert_eq!(SubnetAlphaOut::<Test>::get(NETUID), AlphaBalance::ZERO);
    });
}
