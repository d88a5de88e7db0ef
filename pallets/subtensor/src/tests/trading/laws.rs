//! Laws of trading, through the pallet: with fees, authors and what is written.

use dendra_primitives::wide::U512;
use proptest::prelude::*;
use weighted_pool::{MIN_RESERVE, Weights};

use super::*;
use crate::{mock::*, *};

/// Weights of TAO and alpha in small integers, so that the invariant can be compared exactly.
const WEIGHTS: [(u32, u32); 5] = [(1, 1), (2, 3), (3, 2), (1, 4), (3, 1)];

/// The invariant of a pool to the power that makes it an integer.
fn invariant(netuid: NetUid, weights: (u32, u32)) -> U512 {
    let (x, y) = (
        U512::from(SubnetAlphaIn::<Test>::get(netuid).get()),
        U512::from(SubnetTAO::<Test>::get(netuid).get()),
    );
    // At most five factors of 55 bits.
    y.pow(weights.0.into()) * x.pow(weights.1.into())
}

fn set_weighted(netuid: NetUid, x: u64, y: u64, weights: (u32, u32)) {
    set_pool(netuid, x, y, 50);
    let parts = u64::from(weights.0 + weights.1);
    PoolWeights::insert(netuid, Weights::SCALE / parts * u64::from(weights.0));
}

/// A reserve of any magnitude that the supply allows twice.
fn reserve() -> impl Strategy<Value = u64> {
    (12u32..40, any::<u64>()).prop_map(|(shift, value)| (value >> shift).max(MIN_RESERVE))
}

fn amount() -> impl Strategy<Value = u64> {
    (14u32..60, any::<u64>()).prop_map(|(shift, value)| (value >> shift).max(1))
}

fn weights() -> impl Strategy<Value = (u32, u32)> {
    (0..WEIGHTS.len()).prop_map(|index| WEIGHTS[index])
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Buy(u64),
    Sell(u64),
    There(u64),
    Back(u64),
    ToRoot(u64),
    FromRoot(u64),
}

fn step() -> impl Strategy<Value = Step> {
    (0..6, amount()).prop_map(|(kind, amount)| match kind {
        0 => Step::Buy(amount),
        1 => Step::Sell(amount),
        2 => Step::There(amount),
        3 => Step::Back(amount),
        4 => Step::ToRoot(amount),
        _ => Step::FromRoot(amount),
    })
}

/// Enough to pay for everything: TAO, and stake on both subnets and on root.
fn rich_trader() {
    hold(&trader(), 2 * Y);
    stake(NETUID, X);
    stake(OTHER, X);
    stake(ROOT, UNIT);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// The helpers compare each trade with its quote.
    #[test]
    fn no_trade_lowers_an_invariant_or_breaks_a_floor(
        (x1, y1, w1) in (reserve(), reserve(), weights()),
        (x2, y2, w2) in (reserve(), reserve(), weights()),
        steps in prop::collection::vec(step(), 1..20), has_author in any::<bool>(),
    ) {
        chain().run(|| {
            set_weighted(NETUID, x1, y1, w1);
            set_weighted(OTHER, x2, y2, w2);
            rich_trader();
            Author::set(&has_author.then(author));
            for step in steps {
                let before = (invariant(NETUID, w1), invariant(OTHER, w2));
                let result = frame_support::storage::with_storage_layer(|| match step {
                    Step::Buy(rao) => buy(NETUID, rao, None, Fee::Charged).map(|_| ()),
                    Step::Sell(units) => sell(NETUID, units, None, Fee::Charged).map(|_| ()),
                    Step::There(units) => exchange(NETUID, OTHER, units, None).map(|_| ()),
                    Step::Back(units) => exchange(OTHER, NETUID, units, None).map(|_| ()),
                    Step::ToRoot(units) => exchange(OTHER, ROOT, units, None).map(|_| ()),
                    Step::FromRoot(units) => exchange(ROOT, NETUID, units, None).map(|_| ()),
                });
                if result.is_err() {
                    continue;
                }
                assert!(invariant(NETUID, w1) >= before.0, "{step:?}");
                assert!(invariant(OTHER, w2) >= before.1, "{step:?}");
                for netuid in [NETUID, OTHER] {
                    assert!(SubnetAlphaIn::<Test>::get(netuid).get() >= MIN_RESERVE);
                    assert!(SubnetTAO::<Test>::get(netuid).get() >= MIN_RESERVE);
                }
                SubtensorModule::do_try_state().unwrap();
            }
        });
    }

    #[test]
    fn what_is_simulated_is_what_happens(
        x in reserve(), y in reserve(), w in weights(), rao in amount(), units in amount(),
        rate in 0u16..=10_000,
    ) {
        chain().run(|| {
            set_weighted(NETUID, x, y, w);
            rich_trader();
            FeeRates::insert(NETUID, rate);
            Author::set(&Some(author()));
            let shown = SubtensorModule::simulate_buy(NETUID, tao(rao));
            let (balance, before) = (held(&trader()), books(NETUID));
            match buy(NETUID, rao, None, Fee::Charged) {
                Ok(_) => {
                    assert_eq!(balance - held(&trader()), shown.tao_amount.get());
                    let bought = books(NETUID).alpha_out - before.alpha_out;
                    assert_eq!(bought, shown.alpha_amount.get());
                    let fee = shown.tao_fee.get();
                    let entered = books(NETUID).tao_in - before.tao_in;
                    assert_eq!(entered + fee, rao);
                }
                Err(_) => assert_eq!(shown, Default::default()),
            }
            let shown = SubtensorModule::simulate_sell(NETUID, alpha(units));
            let balance = held(&trader());
            match sell(NETUID, units, None, Fee::Charged) {
                Ok(sale) => {
                    assert_eq!(held(&trader()) - balance, shown.tao_amount.get());
                    assert_eq!((sale.fee, alpha(units)), (shown.alpha_fee, shown.alpha_amount));
                }
                Err(_) => assert_eq!(shown, Default::default()),
            }
        });
    }

    #[test]
    fn buying_and_selling_back_never_gains(
        x in reserve(), y in reserve(), w in weights(), rao in amount(), rate in 0u16..=10_000,
        is_author in any::<bool>(),
    ) {
        chain().run(|| {
            set_weighted(NETUID, x, y, w);
            hold(&trader(), 2 * Y);
            FeeRates::insert(NETUID, rate);
            // Not even for the author, who is paid the fees.
            Author::set(&is_author.then(trader));
            let Ok(purchase) = buy(NETUID, rao, None, Fee::Charged) else { return };
            if sell(NETUID, purchase.alpha.get(), None, Fee::Charged).is_ok() {
                assert!(held(&trader()) <= 2 * Y);
            }
        });
    }

    #[test]
    fn a_trade_in_parts_never_beats_the_whole(
        x in reserve(), y in reserve(), w in weights(), rao in amount(), parts in 2u64..12,
        is_buy in any::<bool>(),
    ) {
        chain().run(|| {
            set_weighted(NETUID, x, y, w);
            rich_trader();
            let quote = |amount| {
                if is_buy {
                    SubtensorModule::quote_buy(NETUID, tao(amount), None, Fee::Charged)
                        .map(|purchase| purchase.alpha.get())
                } else {
                    SubtensorModule::quote_sell(NETUID, alpha(amount), None, Fee::Charged)
                        .map(|sale| sale.tao.get())
                }
            };
            let part = rao / parts;
            // Each part beyond the first saves less than a unit of fee, and what that buys.
            let (Ok(_), Ok(most)) = (quote(part * parts), quote(part * parts + parts - 1)) else {
                return;
            };
            let mut got = 0;
            for _ in 0..parts {
                let done = if is_buy {
                    buy(NETUID, part, None, Fee::Charged).map(|purchase| purchase.alpha.get())
                } else {
                    sell(NETUID, part, None, Fee::Charged).map(|sale| sale.tao.get())
                };
                let Ok(done) = done else { return };
                got += done;
            }
            // With unequal weights the whole can be a unit short of its exact floor.
            assert!(got <= most + u64::from(w.0 != w.1), "{got} {most}");
        });
    }

    #[test]
    fn limits_are_never_passed(
        x in reserve(), y in reserve(), w in weights(), amount in amount(), percent in 1u64..300,
        is_buy in any::<bool>(),
    ) {
        chain().run(|| {
            set_weighted(NETUID, x, y, w);
            rich_trader();
            let present = price(NETUID);
            if is_buy {
                let bound = present + present / 100 * percent;
                if let Ok(purchase) = buy(NETUID, amount, limit(bound), Fee::Charged) {
                    let reached = SubtensorModule::spot_price(NETUID).unwrap();
                    assert!(reached <= dendra_primitives::Price::from_rao(bound).unwrap());
                    assert_eq!(
                        TaoBalance::checked_sum([purchase.used, purchase.fee, purchase.unspent]),
                        Some(tao(amount))
                    );
                }
            } else {
                // Without an author the fee is not sold, so that the price is that of the trade.
                let bound = (u128::from(present) * 100 / u128::from(100 + percent)) as u64;
                if let Ok(sale) = sell(NETUID, amount, limit(bound), Fee::Charged)
                    && let Some(bound) = dendra_primitives::Price::from_rao(bound)
                {
                    assert!(SubtensorModule::spot_price(NETUID).unwrap() >= bound);
                    assert_eq!(
                        AlphaBalance::checked_sum([sale.used, sale.fee, sale.unspent]),
                        Some(alpha(amount))
                    );
                }
            }
        });
    }

    #[test]
    fn an_exchange_keeps_its_ratio(
        (x1, y1, w1) in (reserve(), reserve(), weights()),
        (x2, y2, w2) in (reserve(), reserve(), weights()),
        amount in amount(), thousandths in 1u128..1_000,
    ) {
        chain().run(|| {
            set_weighted(NETUID, x1, y1, w1);
            set_weighted(OTHER, x2, y2, w2);
            rich_trader();
            let (one, other) = (u128::from(price(NETUID)), u128::from(price(OTHER)));
            if other == 0 {
                return;
            }
            let ratio = one * u128::from(UNIT) / other * thousandths / 1_000;
            let Ok(ratio) = u64::try_from(ratio) else { return };
            let Ok(done) = exchange(NETUID, OTHER, amount, Some(ratio)) else { return };
            let used = done.sold.get() - BurnedAlpha::<Test>::get(NETUID).get();
            assert!(
                u128::from(done.bought.get()) * u128::from(UNIT)
                    >= u128::from(used) * u128::from(ratio)
            );
            assert_eq!(done.sold.get() + done.unspent.get(), amount);
            if !done.unspent.is_zero() {
                // Nothing that could be added was left out.
                let fee_free = SubtensorModule::quote_exchange(NETUID, OTHER, done.unspent, Some(ratio));
                assert!(fee_free.is_err() || fee_free.unwrap().sold.get() <= used / 2 + UNIT);
            }
        });
    }
}
