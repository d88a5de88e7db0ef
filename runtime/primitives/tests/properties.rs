//! Properties, against big integers.

use dendra_primitives::{
    AlphaBalance, Price, Proportion16, Proportion64, Rounding, TaoBalance, mul_div,
    wide::{self, U256},
};
use num_bigint::BigUint;
use proptest::prelude::*;

fn rounding() -> impl Strategy<Value = Rounding> {
    prop_oneof![
        Just(Rounding::Down),
        Just(Rounding::Up),
        Just(Rounding::Nearest)
    ]
}

fn naive(a: &BigUint, b: &BigUint, c: &BigUint, rounding: Rounding) -> BigUint {
    match rounding {
        Rounding::Down => a * b / c,
        Rounding::Up => (a * b + c - 1u8) / c,
        Rounding::Nearest => (a * b * 2u8 + c) / (c * 2u8),
    }
}

fn big(value: U256) -> BigUint {
    BigUint::from_bytes_be(&value.to_big_endian())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    #[test]
    fn multiplication_and_division_equals_big_integers(
        a in any::<u64>(), b in any::<u64>(), c in 1u64.., rounding in rounding(),
    ) {
        let exact = naive(&a.into(), &b.into(), &c.into(), rounding);
        prop_assert_eq!(mul_div(a, b, c, rounding), u64::try_from(exact).ok());
    }

    #[test]
    fn wide_multiplication_and_division_equals_big_integers(
        a in any::<[u64; 4]>(), b in any::<[u64; 4]>(), c in any::<[u64; 4]>(),
        shift in 0usize..256, rounding in rounding(),
    ) {
        let (a, b) = (U256(a) >> (shift / 2), U256(b) >> (shift / 3));
        let c = (U256(c) >> (255 - shift)).max(U256::one());
        let exact = naive(&big(a), &big(b), &big(c), rounding);
        let result = wide::mul_div(a, b, c, rounding);
        prop_assert_eq!(result.map(big), Some(exact).filter(|value| value.bits() <= 256));
    }

    #[test]
    fn a_proportion_and_its_rest_are_the_whole(
        amount in any::<u64>(), small in any::<u16>(), large in any::<u64>(),
    ) {
        for (part, rest) in [
            Proportion16::from_parts(small).split(amount),
            Proportion64::from_parts(large).split(amount),
        ] {
            prop_assert_eq!(part.checked_add(rest), Some(amount));
        }
        let exact = u128::from(amount) * u128::from(large) / u128::from(u64::MAX);
        prop_assert_eq!(u128::from(Proportion64::from_parts(large).part_of(amount)), exact);
    }

    #[test]
    fn exchanging_and_back_never_gains(
        numerator in 1u128.., denominator in 1u128.., amount in any::<u64>(),
    ) {
        let price = Price::from_ratio(numerator, denominator).unwrap();
        let tao = TaoBalance::new(amount);
        if let Some(alpha) = price.alpha_for(tao, Rounding::Down) {
            prop_assert!(price.tao_for(alpha, Rounding::Down).unwrap() <= tao);
            prop_assert!(price.tao_for(alpha, Rounding::Up).unwrap() <= tao);
        }
        let alpha = AlphaBalance::new(amount);
        if let Some(tao) = price.tao_for(alpha, Rounding::Up)
            && let Some(back) = price.alpha_for(tao, Rounding::Up)
        {
            prop_assert!(back >= alpha);
        }
    }
}
