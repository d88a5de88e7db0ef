//! Pools as the runtime puts them together: the core pallet trades, `Swap` keeps the settings.

use crate::common::{development, signed};
use dendra_primitives::{AlphaBalance, NetUid, TaoBalance};
use dendra_runtime::{Runtime, RuntimeBlockWeights, RuntimeOrigin, SubtensorModule, Swap, TAO};
use frame_support::{assert_noop, assert_ok, dispatch::GetDispatchInfo, sp_runtime::DispatchError};
use pallet_subtensor::{AccountId, PoolSettings};
use weighted_pool::Weights;

const FIRST: NetUid = NetUid::new(1);

#[test]
fn the_fee_that_root_sets_is_the_fee_of_trades() {
    development().execute_with(|| {
        let fee = || {
            let shown = SubtensorModule::simulate_buy(FIRST, TaoBalance::new(TAO));
            shown.tao_fee.get()
        };
        assert_eq!(fee(), TAO * 33 / 65_535);
        assert_ok!(Swap::set_fee_rate(RuntimeOrigin::root(), FIRST, 6_000));
        assert_eq!(fee(), TAO * 6_000 / 65_535);
        // Root exists, too; a subnet that does not is refused, and so is everybody but root.
        assert_ok!(Swap::set_fee_rate(RuntimeOrigin::root(), NetUid::ROOT, 1));
        assert_noop!(
            Swap::set_fee_rate(RuntimeOrigin::root(), NetUid::new(9), 1),
            pallet_swap::Error::<Runtime>::SubnetNotExists
        );
        let somebody = RuntimeOrigin::signed(AccountId::new([1; 32]));
        assert_noop!(
            Swap::set_fee_rate(somebody, FIRST, 1),
            DispatchError::BadOrigin
        );
        assert_ok!(Swap::do_try_state());
    });
}

#[test]
fn the_weights_that_are_stored_are_those_of_the_price() {
    development().execute_with(|| {
        assert_eq!(SubtensorModule::alpha_price(FIRST), TAO);
        Swap::set_weights(FIRST, Weights::from_tao(Weights::SCALE / 5 * 4).unwrap());
        assert_eq!(SubtensorModule::alpha_price(FIRST), TAO / 4);
        let shown = SubtensorModule::simulate_sell(FIRST, AlphaBalance::new(1_000));
        assert!((246..=249).contains(&shown.tao_amount.get()));
    });
}

#[test]
fn a_block_has_room_for_a_thousand_purchases_of_stake() {
    development().execute_with(|| {
        let call = pallet_subtensor::Call::add_stake_limit {
            hotkey: AccountId::new([1; 32]),
            netuid: FIRST,
            amount_staked: TaoBalance::new(TAO),
            limit_price: TaoBalance::new(TAO),
            allow_partial: false,
        };
        let transaction = signed("//Alice", 0, 0, call.into());
        let info = transaction.get_dispatch_info();
        let limits = RuntimeBlockWeights::get().get(info.class).clone();
        let one = info.total_weight().saturating_add(limits.base_extrinsic);
        let room = limits.max_total.expect("ordinary calls have a limit");
        assert!(
            one.saturating_mul(1_000).all_lte(room),
            "{one:?} in {room:?}"
        );
    });
}
