//! Examples: the values of the specification, and the edges.

use dendra_primitives::{
    AlphaBalance, MovingPrice, Price, Proportion16, Proportion64, TaoBalance, block::MAX_SUPPLY,
};
use subnet_emission::{
    DecayFactor, DividendClaim, MathError, OwnStake, Parent, ParentPart, RegistrationPrice,
    RootProportion, SubnetClaim, SubnetCost, alpha_emission, do_prices_exceed_one, injection,
    largest_remainder, miner_burned, participants, pro_rata, split_among_parents, split_dividends,
    tao_emission, tao_shares,
};

const TAO_WEIGHT: Proportion64 = Proportion64::from_parts(971_718_665_099_567_868);
const OWNER_CUT: Proportion16 = Proportion16::from_parts(11_796);

fn tao(units: u64) -> TaoBalance {
    TaoBalance::new(units)
}

fn alpha(units: u64) -> AlphaBalance {
    AlphaBalance::new(units)
}

/// The root proportion of the example in section 3.3.
fn example_root() -> RootProportion {
    RootProportion::new(
        TAO_WEIGHT,
        TaoBalance::from_tokens(6_000_000).unwrap(),
        AlphaBalance::from_tokens(2_000_000).unwrap(),
    )
}

fn moving_price(thousandths: u128) -> MovingPrice {
    MovingPrice::from_bits(MovingPrice::ONE.bits() * thousandths / 1_000).unwrap()
}

#[test]
fn emission_halves_exactly_at_the_edges_of_the_table() {
    let table = [
        (10_500_000_000_000_000, 500_000_000),
        (15_750_000_000_000_000, 250_000_000),
        (18_375_000_000_000_000, 125_000_000),
        (19_687_500_000_000_000, 62_500_000),
        (20_343_750_000_000_000, 31_250_000),
        (20_671_875_000_000_000, 15_625_000),
    ];
    assert_eq!(tao_emission(tao(0)), tao(1_000_000_000));
    let mut before = 1_000_000_000;
    for (issuance, emission) in table {
        assert_eq!(tao_emission(tao(issuance - 1)), tao(before));
        assert_eq!(tao_emission(tao(issuance)), tao(emission));
        assert_eq!(alpha_emission(alpha(issuance)), alpha(emission));
        before = emission;
    }
}

#[test]
fn emission_ends() {
    // The 29th halving leaves one unit a block, the 30th nothing.
    assert_eq!(
        tao_emission(tao(MAX_SUPPLY - MAX_SUPPLY / (1 << 29))),
        tao(1)
    );
    assert_eq!(
        tao_emission(tao(MAX_SUPPLY - (MAX_SUPPLY >> 30) - 1)),
        tao(1)
    );
    assert_eq!(tao_emission(tao(MAX_SUPPLY - (MAX_SUPPLY >> 30))), tao(0));
    for issuance in [MAX_SUPPLY - 1, MAX_SUPPLY, MAX_SUPPLY + 1, u64::MAX] {
        assert_eq!(tao_emission(tao(issuance)), tao(0));
    }
}

#[test]
fn participants_of_the_specification() {
    let parts = participants(alpha(1_000_000_000), OWNER_CUT, example_root()).unwrap();
    assert_eq!(parts.owner, alpha(179_995_422));
    assert_eq!(parts.server, alpha(410_002_288));
    assert_eq!(parts.root, alpha(55_951_044));
    assert_eq!(parts.validator, alpha(354_051_243));
    assert_eq!(parts.dust, alpha(3));
    assert_eq!(
        example_root().part_of(alpha(1_000_000_000)),
        alpha(136_465_201)
    );
}

#[test]
fn participants_at_the_edges() {
    let empty = RootProportion::new(TAO_WEIGHT, tao(0), alpha(0));
    let all_root = RootProportion::new(Proportion64::ONE, tao(u64::MAX), alpha(0));
    let largest = RootProportion::new(Proportion64::ONE, tao(u64::MAX), alpha(u64::MAX));
    for amount in [0, 1, 2, 3, u64::MAX] {
        assert_eq!(empty.part_of(alpha(amount)), alpha(0));
        assert_eq!(all_root.part_of(alpha(amount)), alpha(amount));
        assert_eq!(largest.part_of(alpha(amount)), alpha(amount / 2));
        for root in [empty, all_root, largest] {
            for cut in [Proportion16::ZERO, OWNER_CUT, Proportion16::ONE] {
                participants(alpha(amount), cut, root).unwrap();
            }
        }
    }
    let parts = participants(alpha(100), Proportion16::ZERO, all_root).unwrap();
    assert_eq!(
        (parts.owner, parts.server, parts.root),
        (alpha(0), alpha(50), alpha(50))
    );
}

#[test]
fn root_dividends_need_prices_above_one() {
    assert_eq!(do_prices_exceed_one([MovingPrice::ONE]), Ok(false));
    let least = MovingPrice::from_bits(1).unwrap();
    assert_eq!(do_prices_exceed_one([MovingPrice::ONE, least]), Ok(true));
    assert_eq!(do_prices_exceed_one([]), Ok(false));
}

#[test]
fn shares_follow_price_and_kept_emission() {
    let claim = |price, burned, is_enabled| SubnetClaim {
        moving_price: moving_price(price),
        miner_burned: Proportion64::from_ratio(burned, 4).unwrap(),
        is_enabled,
    };
    // Weights 400·1/4, 100 and, not enabled, 500.
    let claims = [
        claim(400, 3, true),
        claim(100, 0, true),
        claim(500, 0, false),
    ];
    let shares = tao_shares(tao(1_000_000_001), &claims).unwrap();
    assert_eq!(shares.amounts[2], tao(0));
    assert!(shares.amounts[0].get().abs_diff(shares.amounts[1].get()) <= 1);
    assert!(shares.rest <= tao(2));
    // Everybody burned everything: prices alone decide.
    let claims = [
        claim(400, 4, true),
        claim(100, 4, true),
        claim(500, 4, false),
    ];
    let shares = tao_shares(tao(1_000), &claims).unwrap();
    // The prices are rounded down to 96 bits, so the second share is just below 200.
    assert_eq!(shares.amounts, [tao(800), tao(199), tao(0)]);
    assert_eq!(shares.rest, tao(1));
    // Only the enabled ones burned everything: nothing is emitted.
    let claims = [claim(400, 4, true), claim(500, 0, false)];
    let shares = tao_shares(tao(1_000), &claims).unwrap();
    assert_eq!(
        (shares.amounts, shares.rest),
        (vec![tao(0), tao(0)], tao(1_000))
    );
    // Nobody is enabled, nobody is there, nobody has a price.
    for claims in [vec![claim(400, 0, false)], vec![], vec![claim(0, 0, true)]] {
        assert_eq!(tao_shares(tao(7), &claims).unwrap().rest, tao(7));
    }
}

#[test]
fn burned_part_of_miners() {
    assert_eq!(miner_burned(0, 0), Ok(Proportion64::ZERO));
    assert_eq!(miner_burned(5, 5), Ok(Proportion64::ONE));
    assert_eq!(miner_burned(6, 5), Err(MathError::WithheldExceedsTotal));
    assert_eq!(miner_burned(1, 0), Err(MathError::WithheldExceedsTotal));
}

#[test]
fn injection_is_capped_and_leaves_excess() {
    let root = example_root();
    let half = Price::from_ratio(1, 2).unwrap();
    // 10^8 TAO would need 2·10^8 alpha; the cap is 136465201.
    let result = injection(tao(100_000_000), alpha(1_000_000_000), root, half).unwrap();
    assert_eq!(result.alpha, alpha(136_465_201));
    assert_eq!(result.tao, tao(68_232_600));
    assert_eq!(result.excess, tao(31_767_400));
    // Below the cap everything is injected.
    let result = injection(tao(50_000_000), alpha(1_000_000_000), root, half).unwrap();
    assert_eq!((result.alpha, result.excess), (alpha(100_000_000), tao(0)));
    // No root stake: everything is excess.
    let none = RootProportion::new(TAO_WEIGHT, tao(0), alpha(1));
    let result = injection(tao(9), alpha(1_000), none, half).unwrap();
    assert_eq!(
        (result.alpha, result.tao, result.excess),
        (alpha(0), tao(0), tao(9))
    );
    // Hostile prices.
    for (numerator, denominator) in [(1, u128::MAX), (u128::MAX, 1), (u128::MAX, u128::MAX)] {
        let price = Price::from_ratio(numerator, denominator).unwrap();
        let result = injection(tao(u64::MAX), alpha(u64::MAX), root, price).unwrap();
        assert_eq!(result.tao.checked_add(result.excess), Some(tao(u64::MAX)));
    }
}

#[test]
fn largest_remainder_leaves_nothing() {
    assert_eq!(largest_remainder(10, &[1, 1, 1]), Ok(vec![4, 3, 3]));
    assert_eq!(largest_remainder(10, &[1, 2, 4]), Ok(vec![1, 3, 6]));
    assert_eq!(largest_remainder(0, &[1, 2]), Ok(vec![0, 0]));
    assert_eq!(largest_remainder(5, &[0, 0]), Err(MathError::NoWeight));
    assert_eq!(largest_remainder(5, &[]), Err(MathError::NoWeight));
    let most = largest_remainder(u64::MAX, &[u128::MAX, u128::MAX]).unwrap();
    assert_eq!(most, [u64::MAX / 2 + 1, u64::MAX / 2]);
}

#[test]
fn pro_rata_of_nothing_is_dust() {
    let split = pro_rata(9, &[0, 0]).unwrap();
    assert_eq!((split.parts, split.dust), (vec![0, 0], 9));
    assert_eq!(pro_rata(9, &[]).unwrap().dust, 9);
    assert_eq!(pro_rata(u64::MAX, &[u128::MAX]).unwrap().parts, [u64::MAX]);
}

#[test]
fn parents_are_paid_by_what_they_lend() {
    let stake = |units| OwnStake {
        alpha: alpha(units),
        root: tao(0),
    };
    let parent = |units, has_same_owner| Parent {
        stake: stake(units),
        proportion: Proportion64::ONE,
        has_same_owner,
    };
    let split = |parents: &[Parent], take, burn| {
        let lent = Proportion64::ZERO;
        split_among_parents(1_000, TAO_WEIGHT, stake(50), lent, parents, take, burn).unwrap()
    };
    let half_take = Proportion16::from_ratio(1, 2).unwrap();
    let tenth = Proportion64::from_ratio(1, 10).unwrap();
    let parents = [parent(50, true), parent(100, false)];
    let result = split(&parents, half_take, tenth);
    assert_eq!(
        result.parents[0],
        ParentPart {
            paid: 250,
            burned: 0
        }
    );
    // 500, of which 49 (a tenth, rounded down at 64 bits) are burned and half of 451 passes on.
    assert_eq!(
        result.parents[1],
        ParentPart {
            paid: 225,
            burned: 49
        }
    );
    assert_eq!(result.kept, 1_000 - 250 - 225 - 49);
    // Nothing contributed: the validator keeps all.
    let result = split_among_parents(
        7,
        TAO_WEIGHT,
        OwnStake::default(),
        Proportion64::ZERO,
        &[parent(0, false)],
        half_take,
        tenth,
    )
    .unwrap();
    assert_eq!((result.kept, result.parents[0]), (7, ParentPart::default()));
    // A validator that lends everything keeps only takes and dust.
    let lent = Proportion64::ONE;
    let result = split_among_parents(
        9,
        TAO_WEIGHT,
        stake(5),
        lent,
        &[parent(5, true)],
        half_take,
        tenth,
    )
    .unwrap();
    assert_eq!((result.kept, result.parents[0].paid), (0, 9));
}

#[test]
fn dividends_without_a_recipient_are_residual() {
    let claim = |weight, alpha_units, root_units| DividendClaim {
        weight,
        stake: OwnStake {
            alpha: alpha(alpha_units),
            root: tao(root_units),
        },
    };
    // Nobody has root stake: the root pot waits.
    let result = split_dividends(
        alpha(100),
        alpha(30),
        TAO_WEIGHT,
        &[claim(1, 5, 0), claim(3, 5, 0)],
    )
    .unwrap();
    assert_eq!(result.alpha, [alpha(25), alpha(75)]);
    assert_eq!(result.root_residual, alpha(30));
    // Only root stake: the validator pot waits.
    let result = split_dividends(alpha(100), alpha(30), TAO_WEIGHT, &[claim(9, 0, 5)]).unwrap();
    assert_eq!(
        (result.alpha_residual, result.root[0]),
        (alpha(100), alpha(30))
    );
    // No own stake counts as alpha.
    let result = split_dividends(alpha(100), alpha(30), TAO_WEIGHT, &[claim(9, 0, 0)]).unwrap();
    assert_eq!(
        (result.alpha[0], result.root_residual),
        (alpha(100), alpha(30))
    );
    let most = claim(u64::MAX, u64::MAX, u64::MAX);
    let result = split_dividends(
        alpha(u64::MAX),
        alpha(u64::MAX),
        Proportion64::ONE,
        &[most, most],
    )
    .unwrap();
    assert_eq!(result.alpha[0], alpha(u64::MAX / 2));
}

#[test]
fn decay_factors_of_the_specification() {
    let table = [
        (1, 2_147_483_648),
        (2, 3_037_000_500),
        (360, 4_286_705_684),
        (1_000, 4_291_991_283),
        (36_100, 4_294_884_830),
    ];
    for (half_life, bits) in table {
        assert_eq!(DecayFactor::from_half_life(half_life).unwrap().bits(), bits);
    }
    assert_eq!(DecayFactor::from_half_life(0), Err(MathError::ZeroHalfLife));
    assert!(DecayFactor::from_half_life(u16::MAX).is_ok());
}

#[test]
fn registration_price_of_the_specification() {
    let factor = DecayFactor::from_half_life(360).unwrap();
    let start =
        RegistrationPrice::new(tao(1_000_000_000), tao(500_000), tao(100_000_000_000)).unwrap();
    let mut price = start;
    let mut path = Vec::new();
    for _ in 0..360 {
        price = price.decayed(factor);
        path.push(price.get().get());
    }
    assert_eq!(
        (path[0], path[1], path[359]),
        (998_076_443, 996_156_586, 499_999_865)
    );
    let mut price = start;
    for expected in [1_260_000_000, 1_587_600_000, 2_000_376_000, 2_520_473_760] {
        price = price.raised(RegistrationPrice::DEFAULT_RISE);
        assert_eq!(price.get(), tao(expected));
    }
}

#[test]
fn registration_price_keeps_its_bounds() {
    let factor = DecayFactor::from_half_life(1).unwrap();
    let price = RegistrationPrice::new(tao(7), tao(500), tao(900)).unwrap();
    assert_eq!(price.get(), tao(500));
    assert_eq!(price.decayed(factor).get(), tao(500));
    assert_eq!(price.raised(u128::MAX).get(), tao(900));
    assert_eq!(price.raised(0).get(), tao(500));
    assert_eq!(
        RegistrationPrice::new(tao(7), tao(2), tao(1)),
        Err(MathError::BoundsCross)
    );
    let wide = RegistrationPrice::new(tao(u64::MAX), tao(0), tao(u64::MAX)).unwrap();
    assert_eq!(wide.decayed(factor).get(), tao(u64::MAX / 2));
    assert_eq!(wide.raised(u128::MAX).get(), tao(u64::MAX));
}

#[test]
fn subnet_cost_of_the_specification() {
    let cost = SubnetCost {
        min: tao(1_000_000_000_000),
        last: tao(2_000_000_000_000),
        last_block: Some(1_000),
        reduction_interval: 100_800,
    };
    let full = tao(1_000_000_000);
    let after = |blocks| cost.at(1_000 + blocks, full).unwrap().get();
    assert_eq!(after(0), 4_000_000_000_000);
    assert_eq!(after(7_200), 3_857_142_863_200);
    assert_eq!(after(100_800), 2_000_000_084_800);
    assert_eq!(after(201_600), 1_000_000_000_000);
    assert_eq!(after(u64::MAX - 1_000), 1_000_000_000_000);
    assert_eq!(cost.at(999, full), Err(MathError::BlockInPast));
    // After a halving the cost falls twice as fast.
    assert_eq!(
        cost.at(1_000 + 50_400, tao(500_000_000)).unwrap(),
        tao(2_000_000_034_400)
    );
    // Emission so small that the interval would be no block.
    assert_eq!(cost.at(1_001, tao(1)).unwrap(), tao(2_000_000_000_000));
    assert_eq!(cost.at(1_001, tao(0)).unwrap(), tao(2_000_000_000_000));
    // The first creation is not doubled.
    let first = SubnetCost {
        last_block: None,
        ..cost
    };
    assert_eq!(first.at(0, full).unwrap(), tao(2_000_000_000_000));
    let hostile = SubnetCost {
        last: tao(u64::MAX),
        ..cost
    };
    assert_eq!(hostile.at(1_000, full), Err(MathError::Overflow));
}
