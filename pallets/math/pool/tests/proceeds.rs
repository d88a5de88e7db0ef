//! The sale that pays a given amount of TAO.

use dendra_primitives::{AlphaBalance, Rounding, TaoBalance};
use num_bigint::BigInt;
use num_traits::ToPrimitive;
use proptest::prelude::*;
use weighted_pool::{FeeRate, MIN_RESERVE, MathError, Pool, Weights};

fn pool(alpha: u64, tao: u64, percent_tao: u64) -> Pool {
    let weights = Weights::from_tao(percent_tao * (Weights::SCALE / 100)).unwrap();
    Pool::new(AlphaBalance::new(alpha), TaoBalance::new(tao), weights).unwrap()
}

fn needed(pool: &Pool, tao: u64) -> Result<u64, MathError> {
    pool.alpha_to_receive(TaoBalance::new(tao))
        .map(AlphaBalance::get)
}

fn paid(pool: &Pool, alpha: u64) -> Result<u64, MathError> {
    let sale = pool.sell(AlphaBalance::new(alpha), FeeRate::ZERO, None)?;
    Ok(sale.tao_out.get())
}

/// What the rounding of the alpha can pay at most: nothing is sold above the present price.
fn worth_of_three_units(pool: &Pool) -> u64 {
    let price = pool.price().unwrap();
    price
        .tao_for(AlphaBalance::new(3), Rounding::Up)
        .unwrap()
        .get()
}

/// The least alpha at equal weights, by trying: the first amount from `guess` downwards that is too little.
fn least_by_trying(alpha: u64, tao: u64, output: u64) -> u64 {
    let pays = |sold: u64| {
        let (x, y, sold) = (BigInt::from(alpha), BigInt::from(tao), BigInt::from(sold));
        (y * &sold / (x + sold)).to_u64().unwrap() >= output
    };
    let (mut low, mut high) = (0, 1u64 << 62);
    while low + 1 < high {
        let middle = low + (high - low) / 2;
        if pays(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    high
}

#[test]
fn a_small_amount_costs_its_worth_and_a_unit() {
    // A price of one half: 100 000 rao are 200 000 alpha, and a unit for the price that falls.
    let pool = pool(2_000_000_000_000_000, 1_000_000_000_000_000, 50);
    assert_eq!(needed(&pool, 100_000), Ok(200_001));
    assert_eq!(paid(&pool, 200_001), Ok(100_000));
    assert_eq!(paid(&pool, 200_000), Ok(99_999));
}

#[test]
fn nothing_and_everything_are_refused() {
    for percent in [1, 50, 99] {
        let pool = pool(MIN_RESERVE * 2, MIN_RESERVE * 2, percent);
        assert_eq!(needed(&pool, 0), Err(MathError::ZeroInput));
        for all in [MIN_RESERVE * 2, MIN_RESERVE * 2 + 1] {
            assert_eq!(needed(&pool, all), Err(MathError::ReservesTooLow));
        }
        let more = needed(&pool, u64::MAX).unwrap_err();
        assert!(matches!(
            more,
            MathError::ReservesTooLow | MathError::Overflow
        ));
    }
}

#[test]
fn more_alpha_than_64_bits_hold_is_refused() {
    for percent in [50, 90] {
        let pool = pool(u64::MAX / 2, MIN_RESERVE, percent);
        assert_eq!(needed(&pool, MIN_RESERVE - 2), Err(MathError::Overflow));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    #[test]
    fn what_is_asked_for_is_paid(
        alpha in MIN_RESERVE..1 << 55, tao in 2 * MIN_RESERVE..1 << 55, percent in 1u64..100,
        part in 1u64..1_000_000,
    ) {
        let pool = pool(alpha, tao, percent);
        let output = ((u128::from(tao - MIN_RESERVE) * u128::from(part)) / 1_000_000).max(1) as u64;
        let Ok(sold) = needed(&pool, output) else { return Ok(()) };
        match paid(&pool, sold) {
            Ok(paid) => prop_assert!(paid >= output),
            // The sale has bounds of its own.
            Err(MathError::InputTooLarge) => prop_assert!(sold / 1_000 >= alpha),
            // What is paid in excess can reach the floor of the reserve.
            Err(MathError::ReservesTooLow) => {
                prop_assert!(tao - output <= MIN_RESERVE + 1 + worth_of_three_units(&pool));
            },
            Err(error) => prop_assert!(false, "{error}"),
        }
    }

    #[test]
    fn no_less_would_do_at_equal_weights(
        alpha in MIN_RESERVE..1 << 50, tao in 2 * MIN_RESERVE..1 << 50, part in 1u64..1_000,
    ) {
        let pool = pool(alpha, tao, 50);
        let output = ((u128::from(tao - MIN_RESERVE) * u128::from(part)) / 1_000).max(1) as u64;
        prop_assert_eq!(needed(&pool, output), Ok(least_by_trying(alpha, tao, output)));
    }

    #[test]
    fn unequal_weights_cost_at_most_a_few_rao_more(
        alpha in 1u64 << 30..1 << 50, tao in 1u64 << 30..1 << 50, percent in 1u64..100,
        part in 1u64..1_000,
    ) {
        let pool = pool(alpha, tao, percent);
        let output = tao / 2_000 * part;
        let Ok(sold) = needed(&pool, output) else { return Ok(()) };
        let Ok(paid) = paid(&pool, sold) else { return Ok(()) };
        // One rao is asked for in addition.
        prop_assert!(paid - output <= 1 + worth_of_three_units(&pool));
    }
}
