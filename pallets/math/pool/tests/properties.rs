//! Properties of trading, proved on each sample with exact integers.
//!
//! Weights are whole percents where an invariant is compared: then `x^w1·y^w2` is the hundredth
//! root of an integer, and comparing the integers is exact.

use dendra_primitives::{AlphaBalance, MovingPrice, Price, TaoBalance};
use num_bigint::{BigInt, BigUint};
use num_rational::BigRational;
use num_traits::{One, Signed};
use proptest::prelude::*;
use weighted_pool::{
    Exchange, FeeRate, MIN_RESERVE, Market, MathError, MovingRate, Pool, PriceLimit, Weights,
};

fn tao(units: u64) -> TaoBalance {
    TaoBalance::new(units)
}

fn alpha(units: u64) -> AlphaBalance {
    AlphaBalance::new(units)
}

fn percent(percent_tao: u64) -> Weights {
    Weights::from_tao(percent_tao * (Weights::SCALE / 100)).unwrap()
}

/// A reserve between the floor and three times the maximal supply, of any magnitude.
fn reserve() -> impl Strategy<Value = u64> {
    (8u32..44, any::<u64>()).prop_map(|(shift, value)| (value >> shift).max(MIN_RESERVE))
}

fn amount() -> impl Strategy<Value = u64> {
    prop_oneof![
        8 => (8u32..64, any::<u64>()).prop_map(|(shift, value)| value >> shift),
        1 => 0u64..4,
        1 => Just(u64::MAX),
    ]
}

/// A pool and the percentage of its TAO weight; a half of the pools have equal weights.
fn pool() -> impl Strategy<Value = (Pool, u64)> {
    (reserve(), reserve(), prop_oneof![Just(50u64), 1u64..100])
        .prop_map(|(x, y, w)| (Pool::new(alpha(x), tao(y), percent(w)).unwrap(), w))
}

fn rate() -> impl Strategy<Value = FeeRate> {
    prop_oneof![Just(0), Just(33), 0..=FeeRate::MAX]
        .prop_map(|parts| FeeRate::from_parts(parts).unwrap())
}

/// The invariant to the power of one hundred.
fn invariant(x: u64, y: u64, percent_tao: u64) -> BigUint {
    BigUint::from(x).pow(100 - percent_tao as u32) * BigUint::from(y).pow(percent_tao as u32)
}

fn invariant_of(pool: &Pool, percent_tao: u64) -> BigUint {
    invariant(pool.alpha().get(), pool.tao().get(), percent_tao)
}

fn integer(value: u64) -> BigRational {
    BigRational::from_integer(BigInt::from(value))
}

fn exact_price(pool: &Pool) -> BigRational {
    BigRational::new(
        BigInt::from(pool.weights().alpha()) * pool.tao().get(),
        BigInt::from(pool.weights().tao()) * pool.alpha().get(),
    )
}

/// A trade in either direction, with what it moved.
struct Trade {
    offered: u64,
    used: u64,
    fee: u64,
    unspent: u64,
    out: u64,
    after: Pool,
}

fn trade(
    pool: &Pool,
    is_buy: bool,
    offered: u64,
    rate: FeeRate,
    limit: Option<PriceLimit>,
) -> Result<Trade, MathError> {
    Ok(if is_buy {
        let buy = pool.buy(tao(offered), rate, limit)?;
        Trade {
            offered,
            used: buy.used.get(),
            fee: buy.fee.get(),
            unspent: buy.unspent.get(),
            out: buy.alpha_out.get(),
            after: buy.pool,
        }
    } else {
        let sell = pool.sell(alpha(offered), rate, limit)?;
        Trade {
            offered,
            used: sell.used.get(),
            fee: sell.fee.get(),
            unspent: sell.unspent.get(),
            out: sell.tao_out.get(),
            after: sell.pool,
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(30_000))]

    #[test]
    fn trading_never_lowers_the_invariant_and_gives_the_exact_floor(
        (pool, w) in pool(), offered in amount(), rate in rate(), is_buy in any::<bool>(),
    ) {
        let Ok(trade) = trade(&pool, is_buy, offered, rate, None) else { return Ok(()) };
        let before = invariant_of(&pool, w);
        prop_assert!(invariant_of(&trade.after, w) >= before);
        // A second unit more would always lower it; one more only where the exact output is an
        // integer or as good as one. With equal weights, never.
        let (x, y) = (trade.after.alpha().get(), trade.after.tao().get());
        let with_more = |units| {
            if is_buy { invariant(x - units, y, w) } else { invariant(x, y - units, w) }
        };
        prop_assert!(with_more(2) < before);
        let one_more = with_more(1);
        prop_assert!(one_more < before || (w != 50 && one_more == before));
    }

    #[test]
    fn amounts_are_accounted_for(
        (pool, _) in pool(), offered in amount(), rate in rate(), is_buy in any::<bool>(),
        limit in prop::option::of(amount()),
    ) {
        let limit = limit.map(PriceLimit::from_rao);
        let Ok(trade) = trade(&pool, is_buy, offered, rate, limit) else { return Ok(()) };
        prop_assert_eq!(trade.used + trade.fee + trade.unspent, trade.offered);
        let (added, left) = if is_buy {
            (trade.after.tao().get() - pool.tao().get(), pool.alpha().get() - trade.after.alpha().get())
        } else {
            (trade.after.alpha().get() - pool.alpha().get(), pool.tao().get() - trade.after.tao().get())
        };
        prop_assert_eq!((added, left), (trade.used, trade.out));
        prop_assert_eq!(trade.after.weights(), pool.weights());
        let paid_from = if is_buy { trade.after.alpha().get() } else { trade.after.tao().get() };
        prop_assert!(paid_from >= MIN_RESERVE);
        let parts = u128::from(rate.parts());
        let (fee, used) = (u128::from(trade.fee), u128::from(trade.used));
        if trade.unspent == 0 {
            prop_assert_eq!(fee, u128::from(offered) * parts / 65_535);
        } else {
            prop_assert_eq!(fee, used * parts / (65_535 - parts));
        }
    }

    #[test]
    fn limits_are_never_passed(
        (pool, _) in pool(), offered in amount(), rate in rate(), is_buy in any::<bool>(),
        percent in 1u64..400,
    ) {
        // A limit near the price: up to four times it, or down to a fifth.
        let Some(price) = pool.price().unwrap().to_rao() else { return Ok(()) };
        let limit = if is_buy {
            price.saturating_add((price / 100).saturating_mul(percent))
        } else {
            (u128::from(price) * 100 / u128::from(100 + percent)) as u64
        };
        let limit = PriceLimit::from_rao(limit);
        let bound = Price::from_rao(limit.rao());
        match trade(&pool, is_buy, offered, rate, Some(limit)) {
            Ok(trade) => {
                let after = trade.after.price().unwrap();
                if is_buy {
                    prop_assert!(after <= bound.unwrap());
                } else {
                    prop_assert!(bound.is_none_or(|bound| after >= bound));
                }
            },
            Err(MathError::PriceLimitExceeded) => {
                let present = pool.price().unwrap();
                let is_refused_rightly =
                    bound.is_none_or(|bound| if is_buy { present >= bound } else { present <= bound });
                prop_assert!(is_refused_rightly);
            },
            Err(_) => {},
        }
    }

    #[test]
    fn input_to_a_limit_is_the_exact_floor(
        (pool, w) in pool(), is_buy in any::<bool>(), limit in 1u64..1 << 50,
    ) {
        let limit = PriceLimit::from_rao(limit);
        let result = if is_buy { pool.tao_to_reach(limit) } else { pool.alpha_to_reach(limit) };
        let Ok(most) = result else { return Ok(()) };
        let (reserve, weight) = if is_buy {
            (pool.tao().get(), 100 - w as u32)
        } else {
            (pool.alpha().get(), w as u32)
        };
        // ((reserve + Δ)/reserve)^100 ≤ (P′/P)^(100·weight), and the inverse ratio for a sale.
        let price = exact_price(&pool);
        let target = BigRational::new(limit.rao().into(), 1_000_000_000.into());
        let ratio = if is_buy { target / price } else { price / target };
        let (above, below) = (ratio.numer().pow(weight), ratio.denom().pow(weight));
        let keeps = |input: u64| {
            let reached = BigInt::from(reserve) + input;
            reached.pow(100) * &below <= BigInt::from(reserve).pow(100) * &above
        };
        if most == u64::MAX {
            prop_assert!(keeps(u64::MAX - reserve));
            return Ok(());
        }
        prop_assert!(keeps(most));
        prop_assert!(!keeps(most + 1));
    }

    #[test]
    fn a_limit_only_matters_where_it_binds(
        (pool, _) in pool(), offered in amount(), rate in rate(), is_buy in any::<bool>(),
        limit in amount(),
    ) {
        let limit = PriceLimit::from_rao(limit);
        let Ok(with) = trade(&pool, is_buy, offered, rate, Some(limit)) else { return Ok(()) };
        if with.unspent == 0 {
            let without = trade(&pool, is_buy, offered, rate, None).unwrap();
            prop_assert_eq!((with.after, with.out, with.fee), (without.after, without.out, without.fee));
        }
    }

    #[test]
    fn buying_and_selling_back_never_gains(
        (pool, _) in pool(), offered in amount(), rate in rate(), is_buy in any::<bool>(),
    ) {
        let Ok(there) = trade(&pool, is_buy, offered, rate, None) else { return Ok(()) };
        let Ok(back) = trade(&there.after, !is_buy, there.out, rate, None) else { return Ok(()) };
        prop_assert!(back.out <= there.used);
        prop_assert!(back.out + there.fee <= offered);
    }

    #[test]
    fn a_trade_in_parts_never_beats_the_whole(
        (pool, w) in pool(), offered in amount(), is_buy in any::<bool>(), rate in rate(),
        cuts in prop::collection::vec(any::<u16>(), 1..8),
    ) {
        let mut rest = offered;
        let mut at = pool;
        let mut out = 0;
        let mut fees = 0;
        let mut parts = 0;
        for cut in cuts.into_iter().map(Some).chain([None]) {
            let part = cut.map_or(rest, |cut| (u128::from(rest) * u128::from(cut) / 65_536) as u64);
            let Ok(trade) = trade(&at, is_buy, part, rate, None) else { continue };
            rest -= part;
            at = trade.after;
            out += trade.out;
            fees += trade.fee;
            parts += 1;
        }
        let spent = offered - rest;
        let Ok(whole) = trade(&pool, is_buy, spent, rate, None) else { return Ok(()) };
        // Fees: less than one unit saved per part beyond the first.
        prop_assert!(whole.fee < fees + parts.max(1));
        // Output: that of a whole trade with the input that the parts really added, exact.
        let added = spent - fees;
        let fair = trade(&pool, is_buy, added, FeeRate::ZERO, None);
        if let Ok(fair) = fair {
            prop_assert!(out <= fair.out + u64::from(w != 50));
            if rate == FeeRate::ZERO {
                prop_assert!(out <= whole.out + u64::from(w != 50));
            }
        }
    }

    #[test]
    fn more_input_never_gives_less(
        (pool, _) in pool(), offered in amount(), more in amount(), rate in rate(),
        is_buy in any::<bool>(),
    ) {
        let (Ok(small), Ok(large)) = (
            trade(&pool, is_buy, offered, rate, None),
            trade(&pool, is_buy, offered.saturating_add(more), rate, None),
        ) else { return Ok(()) };
        prop_assert!(large.out >= small.out);
    }

    #[test]
    fn injection_keeps_the_price(
        (pool, _) in pool(), weight in Weights::MIN..=Weights::SCALE - Weights::MIN, x in amount(),
        y in amount(),
    ) {
        let pool = Pool::new(pool.alpha(), pool.tao(), Weights::from_tao(weight).unwrap()).unwrap();
        match pool.inject(alpha(x), tao(y)) {
            Ok(after) => {
                prop_assert_eq!(after.alpha().get(), pool.alpha().get() + x);
                prop_assert_eq!(after.tao().get(), pool.tao().get() + y);
                let change = exact_price(&after) / exact_price(&pool) - BigRational::one();
                let bound = BigRational::new(51.into(), BigInt::from(10).pow(18));
                prop_assert!(change.abs() <= bound);
            },
            Err(MathError::WeightOutOfRange) => {
                let side = |weight: u64, old: u64, added: u64| {
                    integer(weight) / integer(old) * (integer(old) + integer(added))
                };
                let tao_side = side(pool.weights().tao(), pool.tao().get(), y);
                let alpha_side = side(pool.weights().alpha(), pool.alpha().get(), x);
                let share = &tao_side / (&tao_side + alpha_side);
                let least = BigRational::new(1.into(), 100.into());
                prop_assert!(share < least || share > BigRational::one() - least);
            },
            Err(error) => prop_assert_eq!(error, MathError::Overflow),
        }
    }

    #[test]
    fn moving_price_is_the_rounded_average(
        bits in 0..=MovingPrice::ONE.bits(), numerator in 1u128..1 << 124, denominator in 1u128..1 << 124,
        blocks in amount(), rate in 0u64..=1_000_000, halving in amount(),
    ) {
        let moving = MovingRate::new(rate, 1_000_000, halving).unwrap();
        let average = MovingPrice::from_bits(bits).unwrap();
        let price = Price::from_ratio(numerator, denominator).unwrap();
        let next = moving.advance(average, price, blocks).unwrap();
        let exact = |bits: u128| BigRational::new(bits.into(), MovingPrice::ONE.bits().into());
        let target = BigRational::new(numerator.into(), denominator.into()).min(BigRational::one());
        let factor = if blocks == 0 {
            integer(0)
        } else {
            BigRational::new(rate.into(), 1_000_000.into()) * integer(blocks)
                / (integer(blocks) + integer(halving))
        };
        let expected = &factor * target + (BigRational::one() - factor) * exact(bits);
        let error = (expected - exact(next.bits())).abs();
        prop_assert!(error <= BigRational::new(2.into(), MovingPrice::ONE.bits().into()));
    }

    #[test]
    fn hostile_pools_never_panic(
        x in any::<u64>(), y in any::<u64>(), shift in 0u32..64,
        weight in Weights::MIN..=Weights::SCALE - Weights::MIN, offered in amount(), limit in amount(),
        rate in rate(), is_buy in any::<bool>(),
    ) {
        let weights = Weights::from_tao(weight).unwrap();
        let Ok(pool) = Pool::new(alpha(x >> shift), tao(y >> (63 - shift)), weights) else {
            return Ok(());
        };
        let limit = Some(PriceLimit::from_rao(limit));
        for offered in [offered, 0, 1, u64::MAX] {
            let _ = trade(&pool, is_buy, offered, rate, None);
            let _ = trade(&pool, is_buy, offered, rate, limit);
            let _ = pool.inject(alpha(offered), tao(x));
            let market = Market::Pool(pool);
            for (from, to) in [(&market, &market), (&market, &Market::Par), (&Market::Par, &market)] {
                let _ = Exchange::quote(from, to, alpha(x), rate, Some(offered));
                let _ = Exchange::quote(from, to, alpha(offered), rate, Some(y));
            }
        }
        prop_assert!(pool.price().is_ok());
    }
}

#[test]
fn a_long_random_walk_only_raises_the_invariant() {
    let mut seed = 0x2545_F491_4F6C_DD1Du64;
    let mut random = || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed
    };
    for w in [1, 30, 50, 60, 99] {
        let mut pool =
            Pool::new(alpha(2_000_000_000_000), tao(1_000_000_000_000), percent(w)).unwrap();
        let mut before = invariant_of(&pool, w);
        for _ in 0..1_000 {
            let amount = random() >> (24 + random() % 40);
            if let Ok(done) = trade(&pool, random() % 2 == 0, amount, FeeRate::ZERO, None) {
                let after = invariant_of(&done.after, w);
                assert!(after >= before);
                (pool, before) = (done.after, after);
            }
        }
    }
}
