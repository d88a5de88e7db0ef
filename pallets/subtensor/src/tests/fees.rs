//! Tests of fees paid in alpha.

use dendra_primitives::{AlphaBalance, NetUid, TaoBalance};
use frame_support::{assert_noop, traits::fungible::Mutate};
use proptest::prelude::*;
use sp_core::H256;

use crate::{
    mock::{
        Balances, ExtBuilder, SubtensorModule, System, Test, UNIT, account, events, give_stake,
    },
    *,
};

const SUBNET: NetUid = NetUid::new(2);
const ROOT: NetUid = NetUid::ROOT;

/// A subnet at a price of 1, with a position of coldkey 9 on its owner hotkey 2, and on root.
fn staked(stake: u64) -> ExtBuilder {
    ExtBuilder::new()
        .subnet(2, account(1), account(2))
        .stake(2, account(2), account(9), stake)
        .stake(0, account(2), account(9), stake)
}

fn pay(netuid: NetUid, fee: u64) -> Result<u64, sp_runtime::DispatchError> {
    let fee = TaoBalance::new(fee);
    SubtensorModule::pay_fee_in_alpha(&account(9), &account(2), netuid, fee).map(TaoBalance::get)
}

fn held(netuid: NetUid) -> u64 {
    SubtensorModule::stake_of(&account(2), &account(9), netuid).get()
}

/// Takes what a fee was sold for from the account of the subnet, as the runtime does.
fn collect(netuid: NetUid, tao: u64) {
    let account = SubtensorModule::subnet_account(netuid);
    Balances::burn_from(
        &account,
        tao,
        frame_support::traits::tokens::Preservation::Preserve,
        frame_support::traits::tokens::Precision::Exact,
        frame_support::traits::tokens::Fortitude::Polite,
    )
    .unwrap();
}

#[test]
fn the_least_alpha_that_pays_the_fee_is_sold_without_the_fee_of_the_pool() {
    staked(10 * UNIT).run(|| {
        let (alpha_in, tao_in) = (
            SubnetAlphaIn::<Test>::get(SUBNET),
            SubnetTAO::<Test>::get(SUBNET),
        );
        let out = SubnetAlphaOut::<Test>::get(SUBNET);
        let account_before = Balances::free_balance(SubtensorModule::subnet_account(SUBNET));
        assert_eq!(pay(SUBNET, 123_456), Ok(123_456));
        // Reserves of 1000 each: a unit more than the fee, for the price that falls.
        let sold = 123_457;
        assert_eq!(held(SUBNET), 10 * UNIT - sold);
        assert_eq!(
            SubnetAlphaIn::<Test>::get(SUBNET).get(),
            alpha_in.get() + sold
        );
        assert_eq!(SubnetAlphaOut::<Test>::get(SUBNET).get(), out.get() - sold);
        assert_eq!(SubnetTAO::<Test>::get(SUBNET).get(), tao_in.get() - 123_456);
        // The TAO is still there, for the caller to take.
        let account_after = Balances::free_balance(SubtensorModule::subnet_account(SUBNET));
        assert_eq!(account_after, account_before);
        assert!(events().contains(&Event::FeePaidInAlpha {
            who: account(9),
            hotkey: account(2),
            netuid: SUBNET,
            alpha: AlphaBalance::new(sold),
            tao: TaoBalance::new(123_456),
        }));
        collect(SUBNET, 123_456);
    });
}

#[test]
fn the_quote_is_what_is_taken() {
    staked(10 * UNIT).run(|| {
        for netuid in [SUBNET, ROOT] {
            let fee = TaoBalance::new(77_777);
            let quote =
                SubtensorModule::alpha_for_fee(&account(9), &account(2), netuid, fee).unwrap();
            let before = held(netuid);
            let paid = pay(netuid, 77_777).unwrap();
            assert_eq!(before - held(netuid), quote.get());
            assert!(paid >= 77_777);
            collect(netuid, paid);
        }
    });
}

#[test]
fn stake_on_root_pays_rao_for_rao() {
    staked(10 * UNIT).run(|| {
        let total = TotalStake::<Test>::get().get();
        assert_eq!(pay(ROOT, 5_000), Ok(5_000));
        assert_eq!(held(ROOT), 10 * UNIT - 5_000);
        assert_eq!(SubnetTAO::<Test>::get(ROOT).get(), 10 * UNIT - 5_000);
        assert_eq!(TotalStake::<Test>::get().get(), total - 5_000);
        collect(ROOT, 5_000);
    });
}

#[test]
fn something_has_to_be_left_of_the_position() {
    for netuid in [SUBNET, ROOT] {
        staked(10_000).run(|| {
            let refused = Error::<Test>::NotEnoughStakeToWithdraw;
            let too_much = if netuid == ROOT { 10_000 } else { 9_999 };
            assert_noop!(pay(netuid, too_much), refused);
            assert_noop!(
                pay(netuid, 1_000_000),
                Error::<Test>::NotEnoughStakeToWithdraw
            );
            pay(netuid, too_much - 1).unwrap();
            assert_eq!(held(netuid), 1);
        });
    }
}

#[test]
fn nobody_pays_with_the_stake_of_somebody_else() {
    staked(10 * UNIT).run(|| {
        let pay = |coldkey, hotkey, netuid| {
            let fee = TaoBalance::new(1_000);
            SubtensorModule::pay_fee_in_alpha(&account(coldkey), &account(hotkey), netuid, fee)
        };
        let nothing = Error::<Test>::NotEnoughStakeToWithdraw;
        assert_noop!(pay(8, 2, SUBNET), nothing);
        assert_noop!(pay(9, 3, SUBNET), Error::<Test>::NotEnoughStakeToWithdraw);
        assert_noop!(pay(9, 2, NetUid::new(1)), Error::<Test>::SubtokenDisabled);
        assert_noop!(pay(9, 2, NetUid::new(7)), Error::<Test>::SubnetNotExists);
    });
}

#[test]
fn a_subnet_that_has_not_started_pays_no_fees() {
    staked(10 * UNIT).run(|| {
        SubtokenEnabled::<Test>::insert(SUBNET, false);
        assert_noop!(pay(SUBNET, 1_000), Error::<Test>::SubtokenDisabled);
    });
}

#[test]
fn no_fee_takes_no_alpha() {
    staked(10 * UNIT).run(|| {
        for netuid in [SUBNET, ROOT] {
            assert_noop!(pay(netuid, 0), Error::<Test>::AmountTooLow);
        }
    });
}

#[test]
fn a_pool_that_is_too_small_pays_no_fee() {
    staked(2_000_000 * UNIT).run(|| {
        SubnetAlphaIn::<Test>::insert(SUBNET, AlphaBalance::new(UNIT));
        let tao = SubnetTAO::<Test>::get(SUBNET).get();
        // The floor of the reserve is a million rao.
        for fee in [tao - 999_999, tao, u64::MAX] {
            assert_noop!(pay(SUBNET, fee), Error::<Test>::InsufficientLiquidity);
        }
    });
}

#[test]
fn what_a_unit_yields_in_excess_is_paid_out_too() {
    staked(10 * UNIT).run(|| {
        // A unit of alpha for a thousand rao.
        let reserve = SubnetAlphaIn::<Test>::get(SUBNET).get();
        SubnetAlphaIn::<Test>::insert(SUBNET, AlphaBalance::new(reserve / 1_000));
        let paid = pay(SUBNET, 1_500).unwrap();
        assert_eq!(10 * UNIT - held(SUBNET), 2);
        assert_eq!(paid, 1_999);
        collect(SUBNET, paid);
    });
}

#[test]
fn calls_that_spend_one_position_name_it() {
    use crate::Call;
    let (hotkey, other) = (account(3), account(4));
    let (from, to) = (NetUid::new(5), NetUid::new(6));
    let amount = AlphaBalance::new(7);
    let price = TaoBalance::new(8);
    let spending: Vec<Call<Test>> = vec![
        Call::remove_stake {
            hotkey: hotkey.clone(),
            netuid: from,
            amount_unstaked: amount,
        },
        Call::remove_stake_limit {
            hotkey: hotkey.clone(),
            netuid: from,
            amount_unstaked: amount,
            limit_price: price,
            allow_partial: true,
        },
        Call::remove_stake_full_limit {
            hotkey: hotkey.clone(),
            netuid: from,
            limit_price: None,
        },
        Call::move_stake {
            origin_hotkey: hotkey.clone(),
            destination_hotkey: other.clone(),
            origin_netuid: from,
            destination_netuid: to,
            alpha_amount: amount,
        },
        Call::move_stake_limit {
            origin_hotkey: hotkey.clone(),
            destination_hotkey: other.clone(),
            origin_netuid: from,
            destination_netuid: to,
            alpha_amount: amount,
            limit_price: price,
            allow_partial: true,
        },
        Call::transfer_stake {
            destination_coldkey: other.clone(),
            hotkey: hotkey.clone(),
            origin_netuid: from,
            destination_netuid: to,
            alpha_amount: amount,
        },
        Call::swap_stake {
            hotkey: hotkey.clone(),
            origin_netuid: from,
            destination_netuid: to,
            alpha_amount: amount,
        },
        Call::swap_stake_limit {
            hotkey: hotkey.clone(),
            origin_netuid: from,
            destination_netuid: to,
            alpha_amount: amount,
            limit_price: price,
            allow_partial: true,
        },
        Call::recycle_alpha {
            hotkey: hotkey.clone(),
            amount,
            netuid: from,
        },
        Call::burn_alpha {
            hotkey: hotkey.clone(),
            amount,
            netuid: from,
        },
    ];
    for call in spending {
        assert_eq!(
            SubtensorModule::alpha_payer(&call),
            Some((&hotkey, from)),
            "{call:?}"
        );
        assert_ne!(SubtensorModule::alpha_fee_weight(&call).ref_time(), 0);
    }
    let others: Vec<Call<Test>> = vec![
        Call::add_stake {
            hotkey: hotkey.clone(),
            netuid: from,
            amount_staked: price,
        },
        Call::add_stake_limit {
            hotkey: hotkey.clone(),
            netuid: from,
            amount_staked: price,
            limit_price: price,
            allow_partial: true,
        },
        Call::add_stake_burn {
            hotkey: hotkey.clone(),
            netuid: from,
            amount: price,
            limit: None,
        },
        Call::unstake_all {
            hotkey: hotkey.clone(),
        },
        Call::unstake_all_alpha {
            hotkey: hotkey.clone(),
        },
        Call::claim_root_with_hotkey {
            hotkey: hotkey.clone(),
        },
        Call::burned_register {
            netuid: from,
            hotkey: hotkey.clone(),
        },
        Call::announce_coldkey_swap {
            new_coldkey_hash: H256::zero(),
        },
        Call::start_call { netuid: from },
    ];
    for call in others {
        assert_eq!(SubtensorModule::alpha_payer(&call), None, "{call:?}");
        assert_eq!(SubtensorModule::alpha_fee_weight(&call).ref_time(), 0);
    }
}

#[test]
fn whoever_stakes_can_sign_without_tao_from_then_on() {
    ExtBuilder::new().subnet(2, account(1), account(2)).run(|| {
        let coldkey = mock::many(1);
        assert_eq!(System::sufficients(&coldkey), 0);
        give_stake(SUBNET, &account(2), &coldkey, 1_000);
        give_stake(ROOT, &account(2), &coldkey, 1_000);
        give_stake(SUBNET, &account(5), &coldkey, 1_000);
        assert_eq!(System::sufficients(&coldkey), 1);
        System::inc_account_nonce(&coldkey);
        for (hotkey, netuid) in [(2, SUBNET), (2, ROOT), (5, SUBNET)] {
            let all = AlphaBalance::new(1_000);
            SubtensorModule::withdraw(&account(hotkey), &coldkey, netuid, all).unwrap();
            if netuid == ROOT {
                SubtensorModule::shrink(ROOT, TaoBalance::new(1_000)).unwrap();
                collect(ROOT, 1_000);
            }
            SubtensorModule::destroy_alpha(netuid, all).unwrap();
        }
        // Its transactions are not counted from zero again.
        assert_eq!(System::account_nonce(&coldkey), 1);
        assert_eq!(System::sufficients(&coldkey), 1);
        give_stake(SUBNET, &account(2), &coldkey, 1_000);
        assert_eq!(System::sufficients(&coldkey), 1);
    });
}

#[test]
fn a_hotkey_that_stakes_has_a_reference_for_each() {
    ExtBuilder::new().subnet(2, account(1), account(2)).run(|| {
        // A hotkey first, or a coldkey first.
        let (first, second) = (mock::many(1), mock::many(2));
        SubtensorModule::associate(&account(1), &first).unwrap();
        give_stake(SUBNET, &account(2), &first, 1_000);
        give_stake(SUBNET, &account(2), &second, 1_000);
        SubtensorModule::associate(&account(1), &second).unwrap();
        for key in [&first, &second] {
            assert_eq!(System::sufficients(key), 2);
            give_stake(ROOT, &account(5), key, 1_000);
            assert_eq!(System::sufficients(key), 2);
        }
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_author_never_gets_less_than_the_fee(
        alpha_in in 1_000_000u64..1 << 52, fee in 1u64..100 * UNIT, stake in 1u64..1 << 50,
    ) {
        staked(stake).run(|| {
            SubnetAlphaIn::<Test>::insert(SUBNET, AlphaBalance::new(alpha_in));
            let (x, y) = (u128::from(alpha_in), u128::from(SubnetTAO::<Test>::get(SUBNET).get()));
            let needed = (x * u128::from(fee)).div_ceil(y - u128::from(fee));
            let paid = pay(SUBNET, fee);
            if u128::from(stake) > needed {
                let paid = paid.unwrap();
                assert!(paid >= fee);
                assert_eq!(u128::from(stake - held(SUBNET)), needed);
                assert_eq!(u128::from(paid), y * needed / (x + needed));
                assert_eq!(y - u128::from(SubnetTAO::<Test>::get(SUBNET).get()), u128::from(paid));
                collect(SUBNET, paid);
            } else {
                assert_eq!(paid, Err(Error::<Test>::NotEnoughStakeToWithdraw.into()));
            }
        });
    }
}
