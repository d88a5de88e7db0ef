//! Examples: the vectors of section 6.4, and the edges.

use dendra_primitives::{AlphaBalance, MovingPrice, Price, TaoBalance, block::MAX_SUPPLY};
use num_bigint::BigInt;
use num_traits::ToPrimitive;
use weighted_pool::{
    Exponent, FeeRate, MathError, MovingRate, Pool, PowerBounds, PriceLimit, Weights,
    power_below_one,
};

fn tao(units: u64) -> TaoBalance {
    TaoBalance::new(units)
}

fn alpha(units: u64) -> AlphaBalance {
    AlphaBalance::new(units)
}

fn weights(percent_tao: u64) -> Weights {
    Weights::from_tao(percent_tao * (Weights::SCALE / 100)).unwrap()
}

/// The pool of section 6.4.
fn pool(percent_tao: u64) -> Pool {
    Pool::new(
        alpha(2_000_000_000_000_000),
        tao(1_000_000_000_000_000),
        weights(percent_tao),
    )
    .unwrap()
}

#[test]
fn trades_of_the_specification() {
    let buy = pool(50)
        .buy(tao(1_000_000_000_000), FeeRate::DEFAULT, None)
        .unwrap();
    assert_eq!(
        (buy.fee, buy.alpha_out),
        (tao(503_547_722), alpha(1_996_996_913_226))
    );
    let sell = pool(50)
        .sell(alpha(1_000_000_000_000), FeeRate::DEFAULT, None)
        .unwrap();
    assert_eq!(
        (sell.fee, sell.tao_out),
        (alpha(503_547_722), tao(499_498_602_598))
    );
    let buy = pool(60)
        .buy(tao(1_000_000_000_000), FeeRate::ZERO, None)
        .unwrap();
    assert_eq!(buy.alpha_out, alpha(2_996_254_370_083));
    assert_eq!(
        pool(50).tao_to_reach(PriceLimit::from_rao(550_000_000)),
        Ok(48_808_848_170_151)
    );
}

#[test]
fn power_of_the_specification() {
    let exponent = Exponent {
        numerator: 6,
        denominator: 4,
    };
    let power = power_below_one(21_000_000, 28_000_000, exponent).unwrap();
    // Both bounds have the same 18 decimals.
    for bound in [power.low, power.high] {
        let decimals = dendra_primitives::wide::product(bound, 1_000_000_000_000_000_000) >> 126;
        assert_eq!(decimals.as_u128(), 649_519_052_838_328_985);
    }
    assert!(power.high - power.low < 1 << 9);
}

#[test]
fn power_at_its_edges() {
    let exponent = |numerator, denominator| Exponent {
        numerator,
        denominator,
    };
    let one = PowerBounds {
        low: PowerBounds::ONE,
        high: PowerBounds::ONE,
    };
    assert_eq!(power_below_one(7, 7, exponent(99, 1)), Ok(one));
    assert_eq!(
        power_below_one(1, 2, exponent(0, 1)).unwrap().high,
        PowerBounds::ONE
    );
    assert_eq!(
        power_below_one(1, u128::MAX, exponent(u64::MAX, 1))
            .unwrap()
            .low,
        0
    );
    assert_eq!(
        power_below_one(0, 2, exponent(1, 1)),
        Err(MathError::ZeroReserve)
    );
    assert_eq!(
        power_below_one(3, 2, exponent(1, 1)),
        Err(MathError::ZeroReserve)
    );
    assert_eq!(
        power_below_one(1, 2, exponent(1, 0)),
        Err(MathError::Overflow)
    );
    // Powers of two, which the logarithm hits exactly.
    let quarter = power_below_one(1, 4, exponent(1, 1)).unwrap();
    assert_eq!(quarter.high, PowerBounds::ONE / 4);
    assert!(quarter.low <= PowerBounds::ONE / 4);
}

#[test]
fn price_is_the_weighted_ratio() {
    assert_eq!(pool(50).price().unwrap(), Price::from_ratio(1, 2).unwrap());
    assert_eq!(pool(60).price().unwrap(), Price::from_ratio(1, 3).unwrap());
    assert_eq!(pool(50).price().unwrap().to_rao(), Some(500_000_000));
}

#[test]
fn trade_stops_at_its_limit() {
    for percent in [1, 40, 50, 73, 99] {
        let pool = pool(percent);
        let price = pool.price().unwrap().to_rao().unwrap();
        let limit = PriceLimit::from_rao(price + price / 10);
        let offered = tao(900_000_000_000_000_000);
        let buy = pool.buy(offered, FeeRate::DEFAULT, Some(limit)).unwrap();
        assert!(!buy.unspent.is_zero());
        assert_eq!(
            TaoBalance::checked_sum([buy.used, buy.fee, buy.unspent]),
            Some(offered)
        );
        assert_eq!(buy.fee.get(), buy.used.get() * 33 / (65_535 - 33));
        assert!(buy.pool.price().unwrap() <= Price::from_rao(limit.rao()).unwrap());
        // The limit is reached to the rao.
        assert!(buy.pool.price().unwrap().to_rao().unwrap() + 1 >= limit.rao());

        let limit = PriceLimit::from_rao(price - price / 10);
        let offered = alpha(900_000_000_000_000_000);
        let sell = pool.sell(offered, FeeRate::DEFAULT, Some(limit)).unwrap();
        assert!(!sell.unspent.is_zero());
        assert!(sell.pool.price().unwrap() >= Price::from_rao(limit.rao()).unwrap());
        assert!(sell.pool.price().unwrap().to_rao().unwrap() <= limit.rao() + 1);
    }
}

#[test]
fn limit_must_lie_beyond_the_price() {
    let at = Some(PriceLimit::from_rao(500_000_000));
    let error = Err(MathError::PriceLimitExceeded);
    assert_eq!(pool(50).buy(tao(1_000), FeeRate::ZERO, at), error);
    let error = Err(MathError::PriceLimitExceeded);
    assert_eq!(pool(50).sell(alpha(1_000), FeeRate::ZERO, at), error);
    assert!(
        pool(50)
            .buy(tao(0), FeeRate::ZERO, Some(PriceLimit::from_rao(0)))
            .is_err()
    );
    // A sale with the limit zero has none.
    let free = pool(50).sell(
        alpha(1_000_000),
        FeeRate::ZERO,
        Some(PriceLimit::from_rao(0)),
    );
    assert_eq!(free, pool(50).sell(alpha(1_000_000), FeeRate::ZERO, None));
    // The defaults are far beyond any usual price.
    let limited = pool(50).buy(tao(1_000), FeeRate::ZERO, Some(PriceLimit::BUY_DEFAULT));
    assert_eq!(limited, pool(50).buy(tao(1_000), FeeRate::ZERO, None));
    let limited = pool(50).sell(alpha(1_000), FeeRate::ZERO, Some(PriceLimit::SELL_DEFAULT));
    assert_eq!(limited, pool(50).sell(alpha(1_000), FeeRate::ZERO, None));
}

#[test]
fn reserves_keep_their_floor() {
    let small = Pool::new(alpha(1_000_010), tao(1_000_010), Weights::EQUAL).unwrap();
    assert_eq!(
        small.buy(tao(9), FeeRate::ZERO, None).unwrap().pool.alpha(),
        alpha(1_000_002)
    );
    assert_eq!(
        small
            .buy(tao(11), FeeRate::ZERO, None)
            .unwrap()
            .pool
            .alpha(),
        alpha(1_000_000)
    );
    assert_eq!(
        small.buy(tao(12), FeeRate::ZERO, None),
        Err(MathError::ReservesTooLow)
    );
    let large = 1_000_010 * 1_000;
    assert_eq!(
        small.sell(alpha(large), FeeRate::ZERO, None),
        Err(MathError::ReservesTooLow)
    );
    assert_eq!(
        small.sell(alpha(large + 1), FeeRate::ZERO, None),
        Err(MathError::InputTooLarge)
    );
    assert_eq!(
        small.sell(alpha(0), FeeRate::ZERO, None),
        Err(MathError::ZeroInput)
    );
    assert_eq!(
        pool(50).sell(alpha(1), FeeRate::ZERO, None),
        Err(MathError::ZeroOutput)
    );
    let full = Pool::new(alpha(MAX_SUPPLY), tao(u64::MAX), Weights::EQUAL).unwrap();
    assert_eq!(
        full.buy(tao(1), FeeRate::ZERO, None),
        Err(MathError::Overflow)
    );
}

#[test]
fn parameters_are_checked() {
    assert_eq!(
        Pool::new(alpha(0), tao(1), Weights::EQUAL),
        Err(MathError::ZeroReserve)
    );
    assert_eq!(
        Pool::new(alpha(1), tao(0), Weights::EQUAL),
        Err(MathError::ZeroReserve)
    );
    assert_eq!(
        Weights::from_tao(Weights::MIN - 1),
        Err(MathError::WeightOutOfRange)
    );
    assert!(Weights::from_tao(Weights::MIN).is_ok());
    let most = Weights::SCALE - Weights::MIN;
    assert_eq!(Weights::from_tao(most).unwrap().alpha(), Weights::MIN);
    assert_eq!(
        Weights::from_tao(most + 1),
        Err(MathError::WeightOutOfRange)
    );
    assert_eq!(FeeRate::from_parts(10_001), Err(MathError::FeeRateTooHigh));
    assert!(FeeRate::from_parts(10_000).is_ok());
    assert_eq!(MovingRate::new(2, 1, 0), Err(MathError::InvalidMovingRate));
    assert_eq!(MovingRate::new(0, 0, 0), Err(MathError::InvalidMovingRate));
}

#[test]
fn injection_at_the_price_keeps_the_weights() {
    for percent in [1, 40, 50, 99] {
        let before = pool(percent);
        // Reserves grow in proportion.
        let after = before.inject(alpha(2_000), tao(1_000)).unwrap();
        assert_eq!(after.weights(), before.weights());
        assert_eq!(after.price().unwrap(), before.price().unwrap());
        assert_eq!(before.inject(alpha(0), tao(0)), Ok(before));
    }
}

#[test]
fn injection_beyond_the_weights_is_refused() {
    let refused = Err(MathError::WeightOutOfRange);
    let much = 200_000_000_000_000_000;
    assert_eq!(pool(50).inject(alpha(0), tao(much)), refused);
    assert_eq!(pool(50).inject(alpha(much * 2), tao(0)), refused);
    assert_eq!(pool(99).inject(alpha(0), tao(1_000)), refused);
    assert!(pool(99).inject(alpha(1_000), tao(0)).is_ok());
    assert_eq!(
        pool(50).inject(alpha(u64::MAX), tao(0)),
        Err(MathError::Overflow)
    );
}

#[test]
fn moving_price_of_the_specification() {
    let rate = MovingRate::DEFAULT;
    for (blocks, effective) in [
        (7_200, 1.0345e-7),
        (201_600, 1.5e-6),
        (2_016_000, 2.7273e-6),
    ] {
        // From zero towards one, a step is α itself.
        let step = rate.advance(MovingPrice::ZERO, Price::ONE, blocks).unwrap();
        let alpha = step.bits() as f64 / MovingPrice::ONE.bits() as f64;
        assert!((alpha / effective - 1.0).abs() < 1e-4, "{alpha}");
    }
    assert_eq!(
        rate.advance(MovingPrice::ZERO, Price::ONE, 0),
        Ok(MovingPrice::ZERO)
    );
    // Prices above one count as one.
    let high = Price::from_ratio(u128::MAX, 1).unwrap();
    let one = rate.advance(MovingPrice::ZERO, Price::ONE, 9).unwrap();
    assert_eq!(rate.advance(MovingPrice::ZERO, high, 9), Ok(one));
    assert_eq!(
        rate.advance(MovingPrice::ONE, high, u64::MAX),
        Ok(MovingPrice::ONE)
    );
    let whole = MovingRate::new(1, 1, 0).unwrap();
    let half = Price::from_ratio(1, 2).unwrap();
    assert_eq!(
        whole
            .advance(MovingPrice::ONE, half, 1)
            .unwrap()
            .to_fixed32(),
        1 << 31
    );
}

#[test]
fn moving_price_arrives() {
    // After many half-lives the average is within 2^-60 of the price, from either side.
    let rate = MovingRate::new(1, 1_000, 1_000).unwrap();
    let third = Price::from_ratio(1, 3).unwrap();
    for start in [MovingPrice::ZERO, MovingPrice::ONE] {
        let mut average = start;
        for block in 0..60_000 {
            average = rate.advance(average, third, block).unwrap();
        }
        let target = third.to_bits(96).unwrap();
        assert!(average.bits().abs_diff(target) < 1 << 36);
    }
}

#[test]
fn an_output_a_hair_short_of_an_integer_is_not_rounded_up() {
    // With weights 4:1, what stays is y·(n/d)^4. The inverse of n^4 modulo d^4, taken as y, makes
    // that an integer and d^-4, less than 2^-60, so all but a hair of a unit has to stay.
    let mut samples = 0;
    for n in 50_000u64..50_400 {
        let input = 12_001;
        let (base, modulus) = (BigInt::from(n).pow(4), BigInt::from(n + input).pow(4));
        let Some(y) = base.modinv(&modulus).and_then(|y| y.to_u64()) else {
            continue;
        };
        let pool = Pool::new(alpha(n), tao(y), weights(20)).unwrap();
        let sell = pool.sell(alpha(input), FeeRate::ZERO, None).unwrap();
        let stays: BigInt = (BigInt::from(y) * base) / modulus + 1;
        assert_eq!(BigInt::from(sell.pool.tao().get()), stays);
        samples += 1;
    }
    assert!(samples > 100);
}

#[test]
fn input_a_hair_short_of_a_square_is_not_rounded_up() {
    // √(400·100·(1 − 10^-9)) is just below 200.
    let pool = Pool::new(alpha(400), tao(100), Weights::EQUAL).unwrap();
    assert_eq!(pool.tao_to_reach(PriceLimit::from_rao(999_999_999)), Ok(99));
    assert_eq!(
        pool.tao_to_reach(PriceLimit::from_rao(1_000_000_000)),
        Ok(100)
    );
}

#[test]
fn one_unit_more_than_reaches_the_limit_is_unspent() {
    for percent in [1, 30, 50, 99] {
        let pool = pool(percent);
        let price = pool.price().unwrap().to_rao().unwrap();
        let limit = PriceLimit::from_rao(price + price / 50);
        let most = pool.tao_to_reach(limit).unwrap();
        let buy = |offered| pool.buy(tao(offered), FeeRate::ZERO, Some(limit)).unwrap();
        assert_eq!((buy(most).used, buy(most).unspent), (tao(most), tao(0)));
        assert_eq!(
            (buy(most + 1).used, buy(most + 1).unspent),
            (tao(most), tao(1))
        );
        let limit = PriceLimit::from_rao(price - price / 50);
        let most = pool.alpha_to_reach(limit).unwrap();
        let sell = |offered| {
            pool.sell(alpha(offered), FeeRate::ZERO, Some(limit))
                .unwrap()
        };
        assert_eq!(
            (sell(most).used, sell(most).unspent),
            (alpha(most), alpha(0))
        );
        assert_eq!(
            (sell(most + 1).used, sell(most + 1).unspent),
            (alpha(most), alpha(1))
        );
    }
}

#[test]
fn moving_price_never_overshoots() {
    // One bit away from the price, a step is less than a bit.
    let near = MovingPrice::from_bits(MovingPrice::ONE.bits() - 1).unwrap();
    assert_eq!(MovingRate::DEFAULT.advance(near, Price::ONE, 7), Ok(near));
}
