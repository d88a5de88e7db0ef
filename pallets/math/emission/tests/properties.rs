//! Properties, against big rationals.

use dendra_primitives::{
    AlphaBalance, MovingPrice, Price, Proportion16, Proportion64, TaoBalance, block::MAX_SUPPLY,
};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, ToPrimitive, Zero};
use proptest::prelude::*;
use subnet_emission::{
    DecayFactor, DividendClaim, OwnStake, Parent, RegistrationPrice, RootProportion, SubnetClaim,
    alpha_emission, injection, largest_remainder, participants, pro_rata, split_among_parents,
    split_dividends, tao_shares,
};

fn ratio(numerator: impl Into<BigInt>, denominator: impl Into<BigInt>) -> BigRational {
    BigRational::new(numerator.into(), denominator.into())
}

fn integer(value: impl Into<BigInt>) -> BigRational {
    BigRational::from_integer(value.into())
}

fn floor(value: BigRational) -> u64 {
    value.floor().to_integer().to_u64().unwrap()
}

fn scale64() -> u64 {
    u64::MAX
}

/// Amounts of all magnitudes, the edges included.
fn amount() -> impl Strategy<Value = u64> {
    prop_oneof![
        6 => (0u32..64, any::<u64>()).prop_map(|(shift, value)| value >> shift),
        1 => Just(0),
        1 => Just(1),
        1 => Just(u64::MAX),
        1 => Just(MAX_SUPPLY),
    ]
}

fn stake() -> impl Strategy<Value = OwnStake> {
    (amount(), amount()).prop_map(|(alpha, root)| OwnStake {
        alpha: AlphaBalance::new(alpha),
        root: TaoBalance::new(root),
    })
}

fn stake_weight(stake: &OwnStake, tao_weight: u64) -> BigRational {
    integer(stake.alpha.get()) + ratio(tao_weight, scale64()) * integer(stake.root.get())
}

fn root_ratio(tao_weight: u64, root: u64, alpha: u64) -> BigRational {
    let root = ratio(tao_weight, scale64()) * integer(root);
    let total = &root + integer(alpha);
    if total.is_zero() { total } else { root / total }
}

/// The specification's formula, one multiplication at a time.
fn naive_emission(issued: u64) -> u64 {
    if issued >= MAX_SUPPLY {
        return 0;
    }
    let unissued = BigRational::one() - ratio(issued, MAX_SUPPLY);
    let mut halvings = 0u32;
    while integer(BigInt::from(2).pow(halvings + 1)) * &unissued <= BigRational::one() {
        halvings += 1;
    }
    floor(ratio(1_000_000_000, BigInt::from(2).pow(halvings)))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn emission_equals_the_formula(
        issued in amount(), halvings in 0u32..33, distance in -2i64..=2,
    ) {
        let edge = (MAX_SUPPLY - (MAX_SUPPLY >> halvings)).saturating_add_signed(distance);
        for issued in [issued, edge] {
            let emission = alpha_emission(AlphaBalance::new(issued)).get();
            prop_assert_eq!(emission, naive_emission(issued));
            prop_assert!(emission <= MAX_SUPPLY.saturating_sub(issued));
        }
    }

    #[test]
    fn shares_and_rest_are_the_emission(
        emission in amount(),
        claims in prop::collection::vec((0..=MovingPrice::ONE.bits(), amount(), any::<bool>()), 0..20),
    ) {
        let inputs: Vec<_> = claims.iter().map(|(price, burned, is_enabled)| SubnetClaim {
            moving_price: MovingPrice::from_bits(*price).unwrap(),
            miner_burned: Proportion64::from_parts(*burned),
            is_enabled: *is_enabled,
        }).collect();
        let shares = tao_shares(TaoBalance::new(emission), &inputs).unwrap();
        let sum = TaoBalance::checked_sum(shares.amounts.iter().copied()).unwrap();
        prop_assert_eq!(sum.checked_add(shares.rest), Some(TaoBalance::new(emission)));

        // The two steps of the specification: share among all, then renormalise over the enabled.
        let reduced: Vec<_> = claims.iter().map(|(price, burned, _)| {
            integer(*price) * (BigRational::one() - ratio(*burned, scale64()))
        }).collect();
        let mut total: BigRational = reduced.iter().sum();
        let mut weights = reduced;
        if total.is_zero() {
            weights = claims.iter().map(|(price, ..)| integer(*price)).collect();
            total = weights.iter().sum();
        }
        let of_all: Vec<_> = weights.into_iter().zip(&claims).map(|(weight, (_, _, is_enabled))| {
            if *is_enabled && !total.is_zero() { weight / &total } else { BigRational::zero() }
        }).collect();
        let enabled: BigRational = of_all.iter().sum();
        for (amount, share) in shares.amounts.iter().zip(of_all) {
            let exact = if enabled.is_zero() { share } else { share / &enabled };
            prop_assert_eq!(amount.get(), floor(exact * integer(emission)));
        }
        if enabled > BigRational::zero() {
            prop_assert!(shares.rest.get() < claims.len() as u64);
        }
    }

    #[test]
    fn injection_and_excess_are_the_share(
        tao in amount(), emission in amount(), weight in amount(), root in amount(),
        issuance in amount(), numerator in 1u128..1 << 124, denominator in 1u128..1 << 124,
    ) {
        let proportion = RootProportion::new(
            Proportion64::from_parts(weight), TaoBalance::new(root), AlphaBalance::new(issuance));
        let price = Price::from_ratio(numerator, denominator).unwrap();
        let result =
            injection(TaoBalance::new(tao), AlphaBalance::new(emission), proportion, price).unwrap();
        prop_assert_eq!(result.tao.checked_add(result.excess), Some(TaoBalance::new(tao)));
        let cap = floor(root_ratio(weight, root, issuance) * integer(emission));
        let price = ratio(numerator, denominator);
        let wanted = (integer(tao) / &price).floor();
        if wanted <= integer(cap) {
            prop_assert_eq!(integer(result.alpha.get()), wanted);
            prop_assert!(result.excess.is_zero());
        } else {
            prop_assert_eq!(result.alpha.get(), cap);
            prop_assert_eq!(result.tao.get(), floor(integer(cap) * price));
        }
    }

    #[test]
    fn participants_and_dust_are_the_alpha(
        alpha in amount(), cut in any::<u16>(), weight in amount(), root in amount(),
        issuance in amount(),
    ) {
        let proportion = RootProportion::new(
            Proportion64::from_parts(weight), TaoBalance::new(root), AlphaBalance::new(issuance));
        let parts =
            participants(AlphaBalance::new(alpha), Proportion16::from_parts(cut), proportion).unwrap();
        let sum = AlphaBalance::checked_sum(
            [parts.owner, parts.root, parts.server, parts.validator, parts.dust]);
        prop_assert_eq!(sum, Some(AlphaBalance::new(alpha)));
        prop_assert!(parts.dust.get() <= 3);

        let two = integer(2);
        let owner = integer(alpha) * ratio(cut, u16::MAX);
        let rest = integer(alpha) - &owner;
        let server = &rest / &two;
        let root_part = &rest * root_ratio(weight, root, issuance) / &two;
        let validator = rest - &server - &root_part;
        prop_assert_eq!(parts.owner.get(), floor(owner));
        prop_assert_eq!(parts.server.get(), floor(server));
        prop_assert_eq!(parts.root.get(), floor(root_part));
        prop_assert_eq!(parts.validator.get(), floor(validator));
    }

    #[test]
    fn pro_rata_rounds_each_part_down(
        total in amount(), weights in prop::collection::vec(any::<u128>(), 0..12), shift in 0u32..128,
    ) {
        let weights: Vec<_> = weights.into_iter().map(|weight| weight >> shift).collect();
        let sum: BigRational = weights.iter().map(|weight| integer(*weight)).sum();
        let split = pro_rata(total, &weights).unwrap();
        prop_assert_eq!(split.parts.iter().sum::<u64>() + split.dust, total);
        if sum.is_zero() {
            prop_assert_eq!(split.dust, total);
            return Ok(());
        }
        prop_assert!(split.dust < weights.len() as u64);
        let fair = largest_remainder(total, &weights).unwrap();
        prop_assert_eq!(fair.iter().sum::<u64>(), total);
        for ((part, fair), weight) in split.parts.iter().zip(&fair).zip(&weights) {
            let exact = integer(total) * integer(*weight) / &sum;
            prop_assert!((integer(*fair) - &exact) < BigRational::one());
            prop_assert!((&exact - integer(*fair)) < BigRational::one());
            prop_assert_eq!(*part, floor(exact));
        }
    }

    #[test]
    fn a_dividend_is_split_completely(
        dividend in amount(), weight in any::<u64>(), own in stake(), lent in amount(),
        parents in prop::collection::vec((stake(), amount(), any::<bool>()), 0..6),
        take in any::<u16>(), burn in amount(),
    ) {
        let inputs: Vec<_> = parents.iter().map(|(stake, proportion, has_same_owner)| Parent {
            stake: *stake,
            proportion: Proportion64::from_parts(*proportion),
            has_same_owner: *has_same_owner,
        }).collect();
        let split = split_among_parents(
            dividend, Proportion64::from_parts(weight), own, Proportion64::from_parts(lent), &inputs,
            Proportion16::from_parts(take), Proportion64::from_parts(burn),
        ).unwrap();
        let passed: u64 = split.parents.iter().map(|part| part.paid + part.burned).sum();
        prop_assert_eq!(split.kept + passed, dividend);

        let own = stake_weight(&own, weight) * (BigRational::one() - ratio(lent, scale64()));
        let parts: Vec<_> = parents.iter().map(|(stake, proportion, _)| {
            stake_weight(stake, weight) * ratio(*proportion, scale64())
        }).collect();
        let total = own + parts.iter().sum::<BigRational>();
        for ((part, exact), (.., has_same_owner)) in split.parents.iter().zip(parts).zip(&parents) {
            if total.is_zero() {
                prop_assert_eq!(part.paid + part.burned, 0);
                continue;
            }
            let whole = floor(integer(dividend) * exact / &total);
            if *has_same_owner {
                prop_assert_eq!((part.paid, part.burned), (whole, 0));
            } else {
                let burned = floor(integer(whole) * ratio(burn, scale64()));
                let kept = BigRational::one() - ratio(take, u16::MAX);
                prop_assert_eq!(part.burned, burned);
                prop_assert_eq!(part.paid, floor(integer(whole - burned) * kept));
            }
        }
    }

    #[test]
    fn dividends_and_residuals_are_the_pots(
        validator_pot in amount(), root_pot in amount(), weight in any::<u64>(),
        claims in prop::collection::vec((amount(), stake()), 0..8),
    ) {
        let inputs: Vec<_> = claims.iter()
            .map(|(weight, stake)| DividendClaim { weight: *weight, stake: *stake })
            .collect();
        let result = split_dividends(
            AlphaBalance::new(validator_pot), AlphaBalance::new(root_pot),
            Proportion64::from_parts(weight), &inputs,
        ).unwrap();
        for (parts, residual, pot) in [
            (&result.alpha, result.alpha_residual, validator_pot),
            (&result.root, result.root_residual, root_pot),
        ] {
            let sum = AlphaBalance::checked_sum(parts.iter().copied()).unwrap();
            prop_assert_eq!(sum.checked_add(residual), Some(AlphaBalance::new(pot)));
        }

        // Exact halves. The computed ones err by 2^-64 of a unit each.
        let halves: Vec<_> = claims.iter().map(|(dividend, stake)| {
            let f = root_ratio(weight, stake.root.get(), stake.alpha.get());
            (integer(*dividend) * (BigRational::one() - &f), integer(*dividend) * f)
        }).collect();
        let alpha: BigRational = halves.iter().map(|(alpha, _)| alpha).sum();
        let root: BigRational = halves.iter().map(|(_, root)| root).sum();
        let near = |part: AlphaBalance, pot: u64, half: &BigRational, total: &BigRational| {
            // Relative error of the total: claims · 2^-64 / total, and at most 2^64 units of pot.
            let slack = integer(2) + integer(2 * claims.len() + 2) / total;
            let exact = integer(pot) * half / total;
            let part = integer(part.get());
            part <= &exact + &slack && part >= exact - slack
        };
        for (index, (alpha_half, root_half)) in halves.iter().enumerate() {
            if alpha > BigRational::zero() {
                prop_assert!(near(result.alpha[index], validator_pot, alpha_half, &alpha));
            }
            if root > BigRational::zero() {
                prop_assert!(near(result.root[index], root_pot, root_half, &root));
            }
        }
    }

    #[test]
    fn registration_price_stays_within_its_bounds(
        start in amount(), low in amount(), high in amount(), rise in any::<u128>(),
        half_life in 1u16.., rises in prop::collection::vec(any::<bool>(), 0..30),
    ) {
        let (low, high) = (low.min(high), low.max(high));
        let factor = DecayFactor::from_half_life(half_life).unwrap();
        let mut price = RegistrationPrice::new(
            TaoBalance::new(start), TaoBalance::new(low), TaoBalance::new(high)).unwrap();
        for rises in rises {
            let before = price.get();
            price = if rises { price.raised(rise) } else { price.decayed(factor) };
            prop_assert!((low..=high).contains(&price.get().get()));
            if !rises {
                prop_assert!(price.get() <= before);
            }
        }
    }

    #[test]
    fn default_rise_is_126_percent(start in 0u64..1 << 57) {
        let price = RegistrationPrice::new(
            TaoBalance::new(start), TaoBalance::ZERO, TaoBalance::new(u64::MAX)).unwrap();
        let exact = u128::from(start) * 126 / 100;
        prop_assert_eq!(u128::from(price.raised(RegistrationPrice::DEFAULT_RISE).get().get()), exact);
    }
}

#[test]
fn decay_factor_is_the_largest_that_halves() {
    let power = |factor: u64, half_life: u16| {
        let mut result = BigInt::from(1u64 << 32);
        let mut base = BigInt::from(factor);
        for bit in 0..16 {
            if half_life >> bit & 1 == 1 {
                result = (result * &base) >> 32;
            }
            base = (&base * &base) >> 32;
        }
        result
    };
    for half_life in (1..=u16::MAX).step_by(97).chain([36_100]) {
        let bits = u64::from(DecayFactor::from_half_life(half_life).unwrap().bits());
        assert!(power(bits, half_life) <= BigInt::from(1u64 << 31));
        assert!(
            bits == u64::from(u32::MAX) || power(bits + 1, half_life) > BigInt::from(1u64 << 31)
        );
    }
}
