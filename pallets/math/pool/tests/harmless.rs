//! Nobody gains by selling before a harmless sale and buying back after it.

use dendra_primitives::{AlphaBalance, TaoBalance};
use proptest::prelude::*;
use weighted_pool::{FeeRate, Pool, Weights};

fn pool_of(x: u64, y: u64, weight: u64) -> Pool {
    let weights = Weights::from_tao(weight * (Weights::SCALE / 100)).unwrap();
    Pool::new(AlphaBalance::new(x), TaoBalance::new(y), weights).unwrap()
}

/// Reserves in which a fee is more than a few units.
fn pool() -> impl Strategy<Value = Pool> {
    let reserve = || (0_u32..18, 1_u64 << 52..1 << 53).prop_map(|(shift, value)| value >> shift);
    let weight = prop_oneof![Just(50_u64), 1_u64..100];
    (reserve(), reserve(), weight).prop_map(|(x, y, weight)| pool_of(x, y, weight))
}

fn rate() -> impl Strategy<Value = FeeRate> {
    prop_oneof![Just(33), 1..=FeeRate::MAX].prop_map(|parts| FeeRate::from_parts(parts).unwrap())
}

/// The alpha that somebody has who sells before the sale of the others and buys back after it; `None` if the
/// pool refuses one of the trades. The fees are those of the first and of the second trade.
fn sandwich(pool: &Pool, sold: u64, victim: AlphaBalance, fees: [FeeRate; 2]) -> Option<u64> {
    let first = pool.sell(AlphaBalance::new(sold), fees[0], None).ok()?;
    let after = first.pool.sell(victim, FeeRate::ZERO, None).ok()?.pool;
    let back = after.buy(first.tao_out, fees[1], None).ok()?;
    Some(back.alpha_out.get())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    #[test]
    fn trading_around_it_never_gains(
        pool in pool(), rate in rate(), size in 1_u64..1_000_000, magnitude in 0_u32..8,
    ) {
        let sold = (u128::from(pool.alpha().get()) * u128::from(size) / 10_u128.pow(magnitude)) as u64;
        // What the chain computes after the attacker has moved the pool.
        let Ok(first) = pool.sell(AlphaBalance::new(sold), rate, None) else {
            return Ok(());
        };
        let victim = first.pool.harmless_sale(rate);
        if let Some(back) = sandwich(&pool, sold, victim, [rate, rate]) {
            prop_assert!(back <= sold, "{sold} became {back}");
        }
    }

    #[test]
    fn not_even_for_one_who_is_paid_a_fee(
        pool in pool(), rate in rate(), size in 1_u64..1_000_000, is_first in any::<bool>(),
    ) {
        let sold = (u128::from(pool.alpha().get()) * u128::from(size) / 1_000_000) as u64;
        let fees = if is_first { [rate, FeeRate::ZERO] } else { [FeeRate::ZERO, rate] };
        let Ok(first) = pool.sell(AlphaBalance::new(sold), fees[0], None) else {
            return Ok(());
        };
        // A price below a half of what it was is not sold at.
        let [before, after] = [&pool, &first.pool].map(|pool| pool.price().unwrap().to_bits(64).unwrap());
        if after < before / 2 {
            return Ok(());
        }
        let victim = first.pool.harmless_sale(rate);
        if let Some(back) = sandwich(&pool, sold, victim, fees) {
            prop_assert!(back <= sold, "{sold} became {back}");
        }
    }

    #[test]
    fn the_price_moves_by_less_than_half_of_the_fee(pool in pool(), rate in rate()) {
        let alpha = pool.harmless_sale(rate);
        // Where it yields nothing at all, it does not move anything.
        let Ok(sale) = pool.sell(alpha, FeeRate::ZERO, None) else {
            return Ok(());
        };
        let after = sale.pool;
        let (before, after) = (pool.price().unwrap().ratio(), after.price().unwrap().ratio());
        // after/before ≥ 1 − rate/131070, but for a unit of TAO that the pool rounded.
        let left = num_bigint::BigUint::from(after.0) * before.1 * 131_070_u64;
        let right = num_bigint::BigUint::from(before.0) * after.1 * (131_070 - u64::from(rate.parts()));
        prop_assert!(left >= right);
    }
}

#[test]
fn it_is_a_small_part_of_the_reserve() {
    let alpha = |weight, rate| {
        let pool = pool_of(1_000_000_000_000, 1_000_000_000, weight);
        pool.harmless_sale(FeeRate::from_parts(rate).unwrap()).get()
    };
    // A quarter of the fee at equal weights.
    assert_eq!(alpha(50, 33), 125_886_930);
    assert_eq!(alpha(20, 33), 50_354_772);
    assert_eq!(alpha(50, 10_000), 38_147_554_741);
    assert_eq!(alpha(50, 0), 0);
}
