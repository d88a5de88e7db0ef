//! The power between its bounds, against two independent computations with big integers.

use num_bigint::BigUint;
use num_traits::{One, Zero};
use proptest::prelude::*;
use weighted_pool::{Exponent, PowerBounds, Weights, power_below_one};

/// Fractional bits of the series below; the program has 126.
const BITS: usize = 320;

fn one() -> BigUint {
    BigUint::one() << BITS
}

/// `ln(numerator/denominator)` for a ratio of at least one, by the area-tangent series after
/// halving.
fn ln(numerator: &BigUint, denominator: &BigUint) -> BigUint {
    let area = |numerator: &BigUint, denominator: &BigUint| {
        // 2·Σ t^(2k+1)/(2k+1) with t = (n − d)/(n + d).
        let t = ((numerator - denominator) << BITS) / (numerator + denominator);
        let square = (&t * &t) >> BITS;
        let (mut power, mut sum) = (t, BigUint::zero());
        for odd in (1u32..).step_by(2) {
            if power.is_zero() {
                break;
            }
            sum += &power / odd;
            power = (power * &square) >> BITS;
        }
        sum << 1u32
    };
    let ln_2 = area(&BigUint::from(2u32), &BigUint::one());
    let mut denominator = denominator.clone();
    let mut halvings = 0u32;
    while numerator >= &(&denominator << 1u32) {
        denominator <<= 1u32;
        halvings += 1;
    }
    ln_2 * halvings + area(numerator, &denominator)
}

/// `e^-value`, as the inverse of a series, the exponent halved before and the result squared after.
fn exp_negative(value: &BigUint) -> BigUint {
    const HALVINGS: usize = 24;
    let z = value >> HALVINGS;
    let (mut term, mut sum) = (one(), one());
    for k in 1u32.. {
        term = ((term * &z) >> BITS) / k;
        if term.is_zero() {
            break;
        }
        sum += &term;
    }
    // Inverting first keeps the numbers below one, where squaring loses least.
    let mut result = (one() << BITS) / sum;
    for _ in 0..HALVINGS {
        result = (&result * &result) >> BITS;
    }
    result
}

fn reference(numerator: u128, denominator: u128, exponent: Exponent) -> BigUint {
    let log = ln(&denominator.into(), &numerator.into());
    exp_negative(&(log * exponent.numerator / exponent.denominator))
}

/// Asserts that the bounds contain `power`, which has [`BITS`] fractional bits, and gives their
/// distance.
fn distance(bounds: PowerBounds, power: &BigUint) -> u128 {
    let bits = BITS - 126;
    // The reference itself errs by far less than 2^-200.
    let slack = BigUint::one() << (BITS - 200);
    assert!(
        BigUint::from(bounds.low) << bits <= power + &slack,
        "{bounds:?} is above {power}"
    );
    assert!(
        (BigUint::from(bounds.high) << bits) + slack >= *power,
        "{bounds:?} is below {power}"
    );
    bounds.high - bounds.low
}

fn base() -> impl Strategy<Value = (u128, u128)> {
    // Reserves before and after a trade: from nearly equal to a thousand times more.
    (1u64.., 0u32..64, any::<u64>()).prop_map(|(reserve, shift, added)| {
        let added = u128::from(added >> shift).min(u128::from(reserve) * 1_000);
        (u128::from(reserve), u128::from(reserve) + added)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn bounds_contain_the_power_and_are_close(
        (numerator, denominator) in base(), weight in Weights::MIN..=Weights::SCALE - Weights::MIN,
    ) {
        let exponent = Exponent { numerator: Weights::SCALE - weight, denominator: weight };
        let bounds = power_below_one(numerator, denominator, exponent).unwrap();
        prop_assert!(bounds.high <= PowerBounds::ONE);
        let width = distance(bounds, &reference(numerator, denominator, exponent));
        prop_assert!(width <= 1 << 9);
    }

    #[test]
    fn bounds_near_one_contain_the_power_and_are_closer(
        denominator in 1u128.., far in 16u32..128, draw in any::<u128>(),
        weight in Weights::MIN..=Weights::SCALE - Weights::MIN,
    ) {
        // Both sides of the edge between the short series and the long ones.
        let missing = (draw % denominator) >> far;
        let exponent = Exponent { numerator: Weights::SCALE - weight, denominator: weight };
        let bounds = power_below_one(denominator - missing, denominator, exponent).unwrap();
        let width = distance(bounds, &reference(denominator - missing, denominator, exponent));
        prop_assert!(width <= 40);
    }

    #[test]
    fn bounds_contain_the_root(
        (numerator, denominator) in base(), percent in 1u32..100,
    ) {
        // (n/d)^(a/b) is the b-th root of an integer ratio: no series at all.
        let (a, b) = (100 - percent, percent);
        let exponent = Exponent { numerator: a.into(), denominator: b.into() };
        let bounds = power_below_one(numerator, denominator, exponent).unwrap();
        // low ≤ (n/d)^(a/b)  ⇔  low^b·d^a ≤ n^a·2^(126·b)
        let right = BigUint::from(numerator).pow(a) << (126 * b);
        let left = |bound: u128| BigUint::from(bound).pow(b) * BigUint::from(denominator).pow(a);
        prop_assert!(left(bounds.low) <= right);
        prop_assert!(left(bounds.high) >= right);
    }

    #[test]
    fn any_exponent_and_base_have_bounds(
        numerator in 1u128.., denominator in 1u128.., a in any::<u64>(), b in 1u64..,
    ) {
        let (numerator, denominator) = (numerator.min(denominator), numerator.max(denominator));
        let exponent = Exponent { numerator: a, denominator: b };
        if let Ok(bounds) = power_below_one(numerator, denominator, exponent) {
            prop_assert!(bounds.low <= bounds.high && bounds.high <= PowerBounds::ONE);
        }
    }
}

#[test]
fn the_widest_bounds_are_those_stated() {
    // Exponent 99 and a base just below one, where neither error shrinks.
    let mut widest = 0;
    for step in 0..2_000u128 {
        let denominator = 1u128 << 60;
        let exponent = Exponent {
            numerator: 99,
            denominator: 1,
        };
        let numerator = denominator - 1 - step * step * step * 7_919;
        let bounds = power_below_one(numerator, denominator, exponent).unwrap();
        widest = widest.max(distance(
            bounds,
            &reference(numerator, denominator, exponent),
        ));
    }
    println!("widest: {widest} of 512 ulp");
    assert!(widest <= 512);
}

#[test]
fn the_edge_between_the_series_is_no_step() {
    for numerator in [1, 50, 99] {
        let exponent = Exponent {
            numerator,
            denominator: 100 - numerator,
        };
        let denominator = 1u128 << 60;
        let mut last = PowerBounds::ONE;
        for missing in ((1u128 << 44) - 50)..((1u128 << 44) + 50) {
            let bounds = power_below_one(denominator - missing, denominator, exponent).unwrap();
            distance(
                bounds,
                &reference(denominator - missing, denominator, exponent),
            );
            assert!(bounds.high < last, "a smaller base has a smaller power");
            last = bounds.low;
        }
    }
}

#[test]
fn the_constant_is_the_logarithm_of_two() {
    let ln_2 = ln(&BigUint::from(2u32), &BigUint::one()) >> (BITS - 126);
    assert_eq!(
        ln_2,
        BigUint::from(58_966_440_806_378_323_534_486_035_691_038_621_099u128)
    );
}
