//! Exchanges between two markets: the ratio is kept, what is exchanged is the most that keeps it, and nothing
//! else differs from a sale and a purchase.

use dendra_primitives::{AlphaBalance, TaoBalance};
use num_bigint::BigInt;
use num_traits::ToPrimitive;
use proptest::prelude::*;
use weighted_pool::{
    Exchange, FeeRate, MIN_RESERVE, Market, MathError, Pool, Weights, alpha_within_ratio,
};

const SCALE: u64 = 1_000_000_000;

fn tao(units: u64) -> TaoBalance {
    TaoBalance::new(units)
}

fn alpha(units: u64) -> AlphaBalance {
    AlphaBalance::new(units)
}

fn market(x: u64, y: u64, percent_tao: u64) -> Market {
    let weights = Weights::from_tao(percent_tao * (Weights::SCALE / 100)).unwrap();
    Market::Pool(Pool::new(alpha(x), tao(y), weights).unwrap())
}

/// Prices 1/2 and 3/5: the first unit gets 5/6.
fn two() -> (Market, Market) {
    (
        market(2_000_000_000_000_000, 1_000_000_000_000_000, 50),
        market(5_000_000_000_000_000, 3_000_000_000_000_000, 50),
    )
}

/// What a feeless exchange of all of `amount` buys, by two trades of the pools themselves.
fn bought(origin: &Market, destination: &Market, amount: u64) -> Result<u64, MathError> {
    let tao_out = match origin {
        Market::Par => tao(amount),
        Market::Pool(pool) => pool.sell(alpha(amount), FeeRate::ZERO, None)?.tao_out,
    };
    Ok(match destination {
        Market::Par => tao_out.get(),
        Market::Pool(pool) => pool.buy(tao_out, FeeRate::ZERO, None)?.alpha_out.get(),
    })
}

fn keeps(origin: &Market, destination: &Market, amount: u64, ratio: u64) -> bool {
    bought(origin, destination, amount).is_ok_and(|out| {
        u128::from(out) * u128::from(SCALE) >= u128::from(amount) * u128::from(ratio)
    })
}

/// The closed form for equal weights (section 8.2), rounded down; negative if not even the first unit keeps the
/// ratio.
fn closed_form(origin: &Pool, destination: &Pool, ratio: u64) -> BigInt {
    let big = |value: u64| BigInt::from(value);
    let (x1, y1) = (big(origin.alpha().get()), big(origin.tao().get()));
    let (x2, y2) = (big(destination.alpha().get()), big(destination.tao().get()));
    (&x2 * &y1 * SCALE - &x1 * &y2 * ratio) / ((y1 + y2) * ratio)
}

// ---- A naive twin, in floating point ----

/// Alpha reserve, TAO reserve, weight of TAO.
type Twin = Option<(f64, f64, f64)>;

fn twin(market: &Market) -> Twin {
    match market {
        Market::Par => None,
        Market::Pool(pool) => Some((
            pool.alpha().get() as f64,
            pool.tao().get() as f64,
            pool.weights().tao() as f64 / 1e18,
        )),
    }
}

fn twin_out(origin: Twin, destination: Twin, amount: f64) -> f64 {
    let part =
        |input: f64, reserve: f64, exponent: f64| -(-exponent * (input / reserve).ln_1p()).exp_m1();
    let tao = origin.map_or(amount, |(x, y, w)| y * part(amount, x, (1.0 - w) / w));
    destination.map_or(tao, |(x, y, w)| x * part(tao, y, w / (1.0 - w)))
}

fn twin_price(market: Twin) -> f64 {
    market.map_or(1.0, |(x, y, w)| (1.0 - w) * y / (w * x))
}

/// The largest amount that keeps the ratio with `slack` units to spare, by halving; none if nothing does, or
/// if roundings alone decide about all of what does.
fn twin_most(origin: Twin, destination: Twin, ratio: f64, slack: f64, most: f64) -> Option<f64> {
    let excess = |amount: f64| twin_out(origin, destination, amount) - ratio * amount - slack;
    if excess(most) >= 0.0 {
        return Some(most);
    }
    // The excess rises and then falls: its top is between two thirds that are narrowed.
    let (mut left, mut right) = (0.0, most);
    for _ in 0..300 {
        let (a, b) = (left + (right - left) / 3.0, right - (right - left) / 3.0);
        if excess(a) < excess(b) {
            left = a
        } else {
            right = b
        }
    }
    let top = left;
    if excess(top) < 8.0 * slack {
        return None;
    }
    let (mut low, mut high) = (top, most);
    for _ in 0..300 {
        let middle = (low + high) / 2.0;
        if excess(middle) >= 0.0 {
            low = middle
        } else {
            high = middle
        }
    }
    Some(low)
}

// ---- Strategies ----

fn reserve() -> impl Strategy<Value = u64> {
    (10u32..36, any::<u64>()).prop_map(|(shift, value)| (value >> shift).max(MIN_RESERVE))
}

fn amount() -> impl Strategy<Value = u64> {
    (0u32..63, any::<u64>()).prop_map(|(shift, value)| (value >> shift).max(1))
}

fn pool(weight: impl Strategy<Value = u64> + 'static) -> impl Strategy<Value = Market> {
    (reserve(), reserve(), weight).prop_map(|(x, y, w)| {
        Market::Pool(Pool::new(alpha(x), tao(y), Weights::from_tao(w).unwrap()).unwrap())
    })
}

fn any_market() -> impl Strategy<Value = Market> {
    prop_oneof![
        1 => Just(Market::Par),
        6 => pool(Weights::MIN..=Weights::SCALE - Weights::MIN),
        2 => pool(Just(Weights::EQUAL.tao())),
    ]
}

fn rate() -> impl Strategy<Value = FeeRate> {
    prop_oneof![Just(0), Just(33), 0..=FeeRate::MAX]
        .prop_map(|parts| FeeRate::from_parts(parts).unwrap())
}

/// A ratio below the present one: by a part between a ten-millionth and nearly all.
fn ratio_below(origin: &Market, destination: &Market, exponent: f64) -> u64 {
    let present = twin_price(twin(origin)) / twin_price(twin(destination)) * 1e9;
    ((present * (1.0 - (-exponent).exp())) as u64).max(1)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn the_most_keeps_the_ratio_and_one_more_does_not(
        origin in any_market(), destination in any_market(), exponent in 0.1f64..16.0,
        offered in amount(),
    ) {
        let ratio = ratio_below(&origin, &destination, exponent);
        let Ok(most) = alpha_within_ratio(&origin, &destination, ratio, alpha(offered)) else {
            return Ok(());
        };
        let most = most.get();
        prop_assert!(most <= offered);
        prop_assert!(most == 0 || keeps(&origin, &destination, most, ratio));
        prop_assert!(most == offered || !keeps(&origin, &destination, most + 1, ratio));
    }

    #[test]
    fn the_most_is_that_of_the_closed_form_at_equal_weights(
        origin in pool(Just(Weights::EQUAL.tao())), destination in pool(Just(Weights::EQUAL.tao())),
        exponent in 0.1f64..12.0,
    ) {
        let ratio = ratio_below(&origin, &destination, exponent);
        let (Market::Pool(first), Market::Pool(second)) = (origin, destination) else { unreachable!() };
        let exact = closed_form(&first, &second, ratio);
        let Ok(most) = alpha_within_ratio(&origin, &destination, ratio, alpha(u64::MAX)) else {
            return Ok(());
        };
        // Outputs are rounded down, so never more.
        prop_assert!(BigInt::from(most.get()) <= exact.clone().max(0.into()));
        // And less only by what the two roundings are worth, if no reserve is in the way.
        let slack = 2.0 + 1.0 / twin_price(twin(&destination));
        let limit = ratio as f64 / 1e9;
        let exact = exact.to_f64().unwrap();
        if bought(&origin, &destination, exact as u64).is_err() {
            return Ok(());
        }
        if let Some(least) = twin_most(twin(&origin), twin(&destination), limit, slack, exact.max(1.0)) {
            prop_assert!(most.get() as f64 >= least * (1.0 - 1e-6) - 1.0, "{} {least} {exact}", most);
        }
    }

    #[test]
    fn the_most_is_that_of_the_naive_twin(
        origin in any_market(), destination in any_market(), exponent in 0.1f64..12.0,
        offered in amount(),
    ) {
        let ratio = ratio_below(&origin, &destination, exponent);
        let Ok(most) = alpha_within_ratio(&origin, &destination, ratio, alpha(offered)) else {
            return Ok(());
        };
        let most = most.get();
        let (from, to) = (twin(&origin), twin(&destination));
        let limit = ratio as f64 / 1e9;
        // Not above: what is bought keeps the ratio but for the precision of floating point.
        prop_assert!(twin_out(from, to, most as f64) >= limit * most as f64 * (1.0 - 1e-9) - 1e-6);
        // Not below what keeps it with the roundings to spare, where that can be traded at all.
        let slack = 4.0 + 2.0 / twin_price(to);
        let Some(least) = twin_most(from, to, limit, slack, offered as f64) else { return Ok(()) };
        if bought(&origin, &destination, least as u64).is_ok() {
            prop_assert!(most as f64 >= least * (1.0 - 1e-6) - 1.0, "{most} {least}");
        }
    }

    #[test]
    fn an_exchange_is_a_sale_and_a_purchase(
        origin in any_market(), destination in any_market(), offered in amount(), rate in rate(),
        ratio in prop::option::of((0.01f64..16.0, any::<bool>())),
    ) {
        let ratio = ratio.map(|(exponent, is_above)| {
            let below = ratio_below(&origin, &destination, exponent);
            if is_above { below.saturating_mul(3) } else { below }
        });
        let quote = Exchange::quote(&origin, &destination, alpha(offered), rate, ratio);
        let without = Exchange::quote(&origin, &destination, alpha(offered), rate, None);
        let quote = match quote {
            Ok(quote) => quote,
            Err(MathError::PriceLimitExceeded) => {
                prop_assert!(ratio.is_some());
                return Ok(());
            },
            Err(error) => {
                prop_assert!(without.is_err(), "{error}");
                return Ok(());
            },
        };
        let (used, fee, unspent) = (quote.used.get(), quote.fee.get(), quote.unspent.get());
        prop_assert_eq!(used + fee + unspent, offered);
        let parts = u128::from(rate.parts());
        if unspent == 0 {
            prop_assert_eq!(u128::from(fee), u128::from(offered) * parts / 65_535);
            prop_assert_eq!(without, Ok(quote));
        } else {
            prop_assert!(ratio.is_some());
            prop_assert_eq!(u128::from(fee), u128::from(used) * parts / (65_535 - parts));
        }
        if let Some(ratio) = ratio {
            let worth = u128::from(quote.alpha_out.get()) * u128::from(SCALE);
            prop_assert!(worth >= u128::from(used) * u128::from(ratio));
        }
        prop_assert_eq!(Ok(quote.alpha_out.get()), bought(&origin, &destination, used));
        // What leaves one is what the other gets.
        match (origin, quote.origin) {
            (Market::Pool(before), Market::Pool(after)) => {
                prop_assert_eq!(after.alpha().get() - before.alpha().get(), used);
                prop_assert_eq!(before.tao().get() - after.tao().get(), quote.tao.get());
                prop_assert!(after.tao().get() >= MIN_RESERVE);
            },
            (Market::Par, Market::Par) => prop_assert_eq!(quote.tao.get(), used),
            _ => prop_assert!(false, "a market became another one"),
        }
        match (destination, quote.destination) {
            (Market::Pool(before), Market::Pool(after)) => {
                prop_assert_eq!(before.alpha().get() - after.alpha().get(), quote.alpha_out.get());
                prop_assert_eq!(after.tao().get() - before.tao().get(), quote.tao.get());
                prop_assert!(after.alpha().get() >= MIN_RESERVE);
            },
            (Market::Par, Market::Par) => prop_assert_eq!(quote.tao.get(), quote.alpha_out.get()),
            _ => prop_assert!(false, "a market became another one"),
        }
    }

    #[test]
    fn going_and_coming_back_never_gains(
        origin in any_market(), destination in any_market(), offered in amount(), rate in rate(),
    ) {
        let Ok(there) = Exchange::quote(&origin, &destination, alpha(offered), rate, None) else {
            return Ok(());
        };
        let back = Exchange::quote(&there.destination, &there.origin, there.alpha_out, rate, None);
        if let Ok(back) = back {
            prop_assert!(back.alpha_out <= there.used);
        }
    }
}

#[test]
fn an_exchange_stops_at_its_ratio() {
    let (origin, destination) = two();
    let ratio = 800_000_000;
    let offered = alpha(900_000_000_000_000_000);
    let quote = Exchange::quote(
        &origin,
        &destination,
        offered,
        FeeRate::DEFAULT,
        Some(ratio),
    )
    .unwrap();
    // x2·y1/((y1+y2)·ℓ) − x1·y2/(y1+y2) = (5·1/(4·0.8) − 2·3/4)·10^15, but for what the roundings of two
    // outputs cost: at 0.8 bought on average and 0.776 at the end, at most 150 units.
    let used = quote.used.get();
    assert!(
        (62_499_999_999_850..=62_500_000_000_000).contains(&used),
        "{used}"
    );
    assert_eq!(quote.fee.get(), used * 33 / (65_535 - 33));
    assert_eq!(quote.alpha_out.get(), (used * 8).div_ceil(10));
    assert_eq!(
        AlphaBalance::checked_sum([quote.used, quote.fee, quote.unspent]),
        Some(offered)
    );
}

#[test]
fn a_ratio_above_the_present_one_keeps_nothing() {
    let (origin, destination) = two();
    let most = |ratio, offered| alpha_within_ratio(&origin, &destination, ratio, alpha(offered));
    assert_eq!(most(833_333_334, 1_000_000), Ok(alpha(0)));
    // The present one itself, too: the first unit moves both prices.
    let other = market(2_000_000_000_000_000, 1_000_000_000_000_000, 50);
    assert_eq!(
        alpha_within_ratio(&origin, &other, SCALE, alpha(1_000_000)),
        Ok(alpha(0))
    );
    for ratio in [833_333_334, u64::MAX] {
        assert_eq!(
            Exchange::quote(
                &origin,
                &destination,
                alpha(1_000_000),
                FeeRate::ZERO,
                Some(ratio)
            ),
            Err(MathError::PriceLimitExceeded)
        );
    }
}

#[test]
fn no_ratio_and_the_ratio_zero_are_no_limit() {
    let (origin, destination) = two();
    let quote = |ratio| {
        Exchange::quote(
            &origin,
            &destination,
            alpha(1_000_000_000_000),
            FeeRate::DEFAULT,
            ratio,
        )
    };
    assert!(quote(None).is_ok());
    assert_eq!(quote(None), quote(Some(0)));
    assert_eq!(quote(None), quote(Some(1)));
    // Without a limit, an offer that a pool cannot take is refused; with one, the part that keeps it is taken.
    let all = |ratio| Exchange::quote(&origin, &destination, alpha(u64::MAX), FeeRate::ZERO, ratio);
    assert_eq!(all(None), Err(MathError::InputTooLarge));
    assert!(all(Some(800_000_000)).unwrap().used < alpha(62_500_000_000_001));
}

#[test]
fn between_par_and_par_one_is_one() {
    let quote = |ratio| {
        Exchange::quote(
            &Market::Par,
            &Market::Par,
            alpha(u64::MAX),
            FeeRate::ZERO,
            ratio,
        )
    };
    assert_eq!(quote(None).unwrap().alpha_out, alpha(u64::MAX));
    assert_eq!(quote(Some(SCALE)).unwrap().used, alpha(u64::MAX));
    assert_eq!(quote(Some(SCALE + 1)), Err(MathError::PriceLimitExceeded));
}

#[test]
fn from_par_the_ratio_is_the_inverse_price() {
    // Price 1/2: two alpha for a rao, and the average of 1.6 after a quarter of the reserve.
    let destination = market(2_000_000_000_000, 1_000_000_000_000, 50);
    let quote = Exchange::quote(
        &Market::Par,
        &destination,
        alpha(1_000_000_000_000),
        FeeRate::ZERO,
        Some(1_600_000_000),
    )
    .unwrap();
    assert_eq!(
        (quote.used, quote.tao, quote.alpha_out),
        (
            alpha(250_000_000_000),
            tao(250_000_000_000),
            alpha(400_000_000_000)
        )
    );
}

#[test]
fn an_exchange_of_nothing_or_for_nothing_is_refused() {
    let (origin, destination) = two();
    for ratio in [None, Some(800_000_000)] {
        let quote = |amount, rate| {
            Exchange::quote(&origin, &destination, alpha(amount), rate, ratio).unwrap_err()
        };
        assert_eq!(quote(0, FeeRate::ZERO), MathError::ZeroInput);
        assert_eq!(quote(1, FeeRate::ZERO), MathError::ZeroOutput);
    }
    assert_eq!(
        Exchange::quote(&Market::Par, &Market::Par, alpha(0), FeeRate::ZERO, None),
        Err(MathError::ZeroInput)
    );
}
