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

/// Who is paid the fees of somebody who trades around a sale.
#[derive(Clone, Copy, Debug)]
enum Author {
    Stranger,
    OfTheSale,
    OfThePurchase,
}

/// What somebody has, who sells before a sale of others and buys back after it, and how much alpha a unit of TAO buys then; `None` if
/// the pool refuses a trade, or if the price was pushed by more than a half. The fee of the sale is alpha, which
/// its author sells at once.
fn sandwich(
    pool: &Pool,
    rate: FeeRate,
    sold: u64,
    author: Author,
    part: u64,
) -> Option<(u64, u64)> {
    let first = pool.sell(AlphaBalance::new(sold), rate, None).ok()?;
    let mut tao = first.tao_out.get();
    let mut after = first.pool;
    if !first.fee.is_zero() {
        let fee = after.sell(first.fee, FeeRate::ZERO, None).ok()?;
        after = fee.pool;
        if matches!(author, Author::OfTheSale) {
            tao += fee.tao_out.get();
        }
    }
    let price = |pool: &Pool| pool.price().unwrap().to_bits(64).unwrap();
    if price(&after) < price(pool) / 2 {
        return None;
    }
    // What the chain computes after the pool was moved.
    let victim = AlphaBalance::new(after.harmless_sale(rate).get().saturating_mul(part));
    after = after.sell(victim, FeeRate::ZERO, None).ok()?.pool;
    let rate = match author {
        Author::OfThePurchase => FeeRate::ZERO,
        _ => rate,
    };
    let back = after.buy(TaoBalance::new(tao), rate, None).ok()?;
    let unit = u64::try_from((1_u128 << 64) / price(&after).max(1)).ok()? + 1;
    Some((back.alpha_out.get(), unit))
}

fn author() -> impl Strategy<Value = Author> {
    prop_oneof![
        Just(Author::Stranger),
        Just(Author::OfTheSale),
        Just(Author::OfThePurchase)
    ]
}

/// A part of the reserve, of any magnitude, up to all of it.
fn part_of(pool: &Pool, part: f64) -> u64 {
    (pool.alpha().get() as f64 * part) as u64
}

/// Seven units of TAO, whose fee of 14 % is less than one.
#[test]
fn a_trade_of_a_few_units_saves_less_than_a_unit_of_fee() {
    let pool = pool_of(1 << 52, 2_966_798_173_512, 50);
    let rate = FeeRate::from_parts(9_324).unwrap();
    let (back, unit) = sandwich(&pool, rate, 10_670, Author::OfTheSale, 1).unwrap();
    assert!(back > 10_670 && back - 10_670 < unit);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    #[test]
    fn trading_around_it_never_gains(
        pool in pool(), rate in rate(), exponent in -40.0_f64..0.0, author in author(),
    ) {
        let sold = part_of(&pool, exponent.exp2());
        if let Some((back, unit)) = sandwich(&pool, rate, sold, author, 1) {
            // The fee of the purchase is rounded down: trades of a few units of TAO may save one.
            prop_assert!(back <= sold.saturating_add(unit), "{sold} became {back}");
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

#[test]
fn trading_around_much_more_than_it_would_gain() {
    let pool = pool_of(1_000_000_000_000, 1_000_000_000_000, 50);
    let sold = 300_000_000_000;
    let gains = |author, part| {
        let (back, _) = sandwich(&pool, FeeRate::DEFAULT, sold, author, part).unwrap();
        back > sold
    };
    assert!(!gains(Author::Stranger, 2) && gains(Author::Stranger, 4));
    assert!(!gains(Author::OfThePurchase, 1) && gains(Author::OfThePurchase, 2));
}
