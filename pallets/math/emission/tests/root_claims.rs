//! Dividends of root stake: nobody is owed what was not paid, and nobody gains by moving stake.

use dendra_primitives::{
    AlphaBalance, I96F32, Rounding, TaoBalance,
    wide::{self, U256},
};
use proptest::prelude::*;
use subnet_emission::{MathError, RootAccount, RootRate};

fn alpha(units: u64) -> AlphaBalance {
    AlphaBalance::new(units)
}

fn tao(rao: u64) -> TaoBalance {
    TaoBalance::new(rao)
}

fn rate(bits: i128) -> RootRate {
    RootRate::from_fixed(I96F32::from_bits(bits)).unwrap()
}

fn bits(rate: RootRate) -> u128 {
    rate.to_fixed().unwrap().bits().unsigned_abs()
}

fn account(claimed: u128, kept: u64) -> RootAccount {
    RootAccount::from_parts(claimed, alpha(kept)).unwrap()
}

const ONE: u128 = 1 << 32;

#[test]
fn a_payment_is_shared_by_stake() {
    let payment = RootRate::default().raised(alpha(10), tao(40)).unwrap();
    assert_eq!((bits(payment.rate), payment.rest.get()), (ONE / 4, 0));
    let fresh = RootAccount::default();
    assert_eq!(fresh.owed(payment.rate, tao(30)), Ok(alpha(7)));
    assert_eq!(fresh.owed(payment.rate, tao(10)), Ok(alpha(2)));
    // Again: the halves make a whole.
    let payment = payment.rate.raised(alpha(10), tao(40)).unwrap();
    assert_eq!(fresh.owed(payment.rate, tao(30)), Ok(alpha(15)));
    assert_eq!(fresh.owed(payment.rate, tao(10)), Ok(alpha(5)));
}

#[test]
fn what_the_rate_cannot_promise_waits() {
    let stake = tao(3 << 32);
    let none = RootRate::default().raised(alpha(2), stake).unwrap();
    assert_eq!((bits(none.rate), none.rest.get()), (0, 2));
    let some = none.rate.raised(alpha(4), stake).unwrap();
    assert_eq!((bits(some.rate), some.rest.get()), (1, 1));
}

#[test]
fn stake_that_comes_later_has_no_part_of_what_was_paid() {
    let before = RootRate::default()
        .raised(alpha(300), tao(400))
        .unwrap()
        .rate;
    let late = RootAccount::default()
        .stake_added(before, tao(400))
        .unwrap();
    assert_eq!(late.claimed(), 300);
    assert_eq!(late.owed(before, tao(400)), Ok(alpha(0)));
    let after = before.raised(alpha(400), tao(800)).unwrap().rate;
    assert_eq!(late.owed(after, tao(400)), Ok(alpha(200)));
    assert_eq!(RootAccount::default().owed(after, tao(400)), Ok(alpha(500)));
}

#[test]
fn what_was_earned_is_kept_when_stake_leaves() {
    let rate = rate((ONE / 2) as i128);
    let half = RootAccount::default()
        .stake_removed(rate, tao(50), tao(50))
        .unwrap();
    assert_eq!((half.claimed(), half.kept()), (0, Ok(alpha(25))));
    assert_eq!(half.owed(rate, tao(50)), Ok(alpha(50)));
    let all = half.stake_removed(rate, tao(50), tao(0)).unwrap();
    assert_eq!(all.owed(rate, tao(0)), Ok(alpha(50)));
    // What was claimed is not kept once more.
    let claimed = RootAccount::default().paid(alpha(50)).unwrap();
    let gone = claimed.stake_removed(rate, tao(100), tao(0)).unwrap();
    assert_eq!(gone, RootAccount::default());
}

#[test]
fn rounding_goes_against_the_staker_and_is_forgiven_when_he_leaves() {
    let rate = rate(1);
    let added = RootAccount::default().stake_added(rate, tao(1)).unwrap();
    assert_eq!(added.claimed(), 1);
    let added = added.stake_added(rate, tao(1)).unwrap();
    assert_eq!(
        (added.claimed(), added.owed(rate, tao(2))),
        (2, Ok(alpha(0)))
    );
    let left = added.stake_removed(rate, tao(1), tao(1)).unwrap();
    assert_eq!(left.claimed(), 2);
    assert_eq!(
        left.stake_removed(rate, tao(1), tao(0)),
        Ok(RootAccount::default())
    );
}

#[test]
fn parts_of_a_claim_are_taken_from_what_is_kept_first() {
    let account = account(0, 30);
    let rate = rate(ONE as i128);
    assert_eq!(account.owed(rate, tao(5)), Ok(alpha(35)));
    let part = account.paid(alpha(20)).unwrap();
    assert_eq!((part.kept(), part.claimed()), (Ok(alpha(10)), 0));
    let all = part.paid(alpha(15)).unwrap();
    assert_eq!((all.kept(), all.claimed()), (Ok(alpha(0)), 5));
}

#[test]
fn errors() {
    let zero = RootRate::default();
    assert_eq!(zero.raised(alpha(1), tao(0)), Err(MathError::NoWeight));
    assert_eq!(RootRate::from_fixed(I96F32::from_bits(-1)), None);
    let highest = rate(i128::MAX);
    assert_eq!(highest.raised(alpha(1), tao(1)), Err(MathError::Overflow));
    assert_eq!(
        highest.earned(tao(u64::MAX), Rounding::Down),
        Err(MathError::Overflow)
    );
    let fresh = RootAccount::default();
    assert_eq!(fresh.owed(highest, tao(1)), Err(MathError::Overflow));
    assert_eq!(
        fresh.stake_added(highest, tao(u64::MAX)),
        Err(MathError::Overflow)
    );
    let removed = fresh.stake_removed(highest, tao(u64::MAX), tao(0));
    assert_eq!(removed, Err(MathError::Overflow));
    let kept = fresh
        .stake_removed(rate(i128::MAX), tao(1), tao(0))
        .unwrap();
    assert_eq!(kept.kept(), Err(MathError::Overflow));
    assert_eq!(
        RootAccount::from_parts(u128::MAX, alpha(0)),
        Err(MathError::Overflow)
    );
    let deepest = account(i128::MAX.unsigned_abs(), 0);
    assert_eq!(deepest.paid(alpha(2)), Err(MathError::Overflow));
    assert_eq!(
        deepest.stake_added(rate(ONE as i128), tao(2)),
        Err(MathError::Overflow)
    );
    assert_eq!(
        kept.stake_removed(highest, tao(1), tao(0)).map(|_| ()),
        Ok(())
    );
}

fn magnitude() -> impl Strategy<Value = u64> {
    (4_u32..64, any::<u64>()).prop_map(|(shift, value)| value >> shift)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn a_payment_promises_no_more_than_it_is(paid in magnitude(), stake in 1..=u64::MAX >> 4) {
        let payment = RootRate::default().raised(alpha(paid), tao(stake)).unwrap();
        let promised = U256::from(bits(payment.rate)) * U256::from(stake);
        let all = U256::from(paid - payment.rest.get()) << 32;
        prop_assert!(promised <= all);
        // By less than a unit, so the rest is what one more step of the rate would cost, at most.
        prop_assert!(all - promised < U256::from(ONE));
        prop_assert!(u128::from(payment.rest.get()) <= u128::from(stake) / ONE + 1);
    }

    #[test]
    fn moving_stake_never_raises_what_is_owed(
        start in magnitude(), had in any::<u32>(), steps in 0_i128..1 << 33,
        moves in prop::collection::vec((any::<bool>(), magnitude()), 1..30),
    ) {
        let rate = rate(steps);
        let mut stake = start >> 6;
        let mut account = account(u128::from(had), 0);
        for (adds, amount) in moves {
            let amount = amount >> 6;
            let before = account.owed(rate, tao(stake)).unwrap().get();
            account = if adds {
                stake += amount;
                account.stake_added(rate, tao(amount)).unwrap()
            } else {
                let amount = amount.min(stake);
                stake -= amount;
                account.stake_removed(rate, tao(amount), tao(stake)).unwrap()
            };
            let after = account.owed(rate, tao(stake)).unwrap().get();
            prop_assert!(after <= before && before - after <= 1, "{before} became {after}");
            prop_assert!(account.claimed() == 0 || account.kept() == Ok(alpha(0)));
        }
    }

    #[test]
    fn claiming_in_a_loop_gains_nothing(
        stake in 0_u64..1 << 62, steps in 0_i128..1 << 33, parts in prop::collection::vec(any::<u16>(), 0..20),
    ) {
        let rate = rate(steps);
        let owed = RootAccount::default().owed(rate, tao(stake)).unwrap().get();
        let mut account = RootAccount::default();
        let mut sum = 0;
        for part in parts {
            let now = account.owed(rate, tao(stake)).unwrap().get();
            let part = (u128::from(now) * u128::from(part) / 65_535) as u64;
            account = account.paid(alpha(part)).unwrap();
            sum += part;
        }
        prop_assert_eq!(account.owed(rate, tao(stake)).unwrap().get(), owed - sum);
    }

    #[test]
    fn stake_around_a_payment_earns_its_part_of_it_and_nothing_of_others(
        others in 1..=u64::MAX >> 6, mine in magnitude(), paid in magnitude(),
        earlier in magnitude(), later in magnitude(),
    ) {
        let mine = mine >> 2;
        let first = RootRate::default().raised(alpha(earlier), tao(others)).unwrap();
        let account = RootAccount::default().stake_added(first.rate, tao(mine)).unwrap();
        let whole = paid.saturating_add(first.rest.get());
        let second = first.rate.raised(alpha(whole), tao(others + mine)).unwrap();
        let left = account.stake_removed(second.rate, tao(mine), tao(0)).unwrap();
        let gained = left.kept().unwrap().get();
        let part = u128::from(whole) * u128::from(mine) / u128::from(others + mine);
        prop_assert!(u128::from(gained) <= part);
        // Having left, it earns nothing any more.
        let third = second.rate.raised(alpha(later), tao(others)).unwrap();
        prop_assert_eq!(left.owed(third.rate, tao(0)).unwrap().get(), gained);
        // Without a payment in between it would have nothing.
        let at_once = account.stake_removed(first.rate, tao(mine), tao(0)).unwrap();
        prop_assert_eq!(at_once, RootAccount::default());
    }
}

/// A generator of numbers, so that a failure is repeated.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    /// Of any magnitude up to so many bits.
    fn magnitude(&mut self, bits: u64) -> u64 {
        let shift = 64 - bits + self.below(bits);
        self.next() >> shift
    }
}

/// A staker, as the chain keeps him and as exact shares would have it.
#[derive(Clone, Default)]
struct Staker {
    stake: u64,
    account: RootAccount,
    claimed: u64,
    /// What every payment so far owed him, with 128 fractional bits.
    exact: U256,
    moves: u64,
    /// His part of the stake at the last payment, and how far it went up and down between payments.
    part: f64,
    variation: f64,
}

const STAKERS: usize = 7;

/// 10^5 operations of few stakers on one hotkey and subnet, against a twin that divides every payment exactly and
/// at once.
#[test]
fn nobody_has_more_than_was_paid_and_nobody_loses_more_than_is_said() {
    for seed in [1, 2, 3] {
        let mut numbers = Numbers(0x9E37_79B9_7F4A_7C15 ^ seed);
        let mut stakers = vec![Staker::default(); STAKERS];
        let (mut rate, mut rest, mut pot, mut paid) = (RootRate::default(), 0_u64, 0_u64, 0_u64);
        let (mut most_stake, mut claims, mut payments) = (0_u64, 0_u64, 0_u64);
        // Stakes and payments of the size of a network, or so small that all is rounding.
        let size = if seed == 3 { 12 } else { 52 };
        for _ in 0..100_000 {
            let total: u64 = stakers.iter().map(|staker| staker.stake).sum();
            let number = numbers.below(STAKERS as u64) as usize;
            match numbers.below(10) {
                0..=3 if total > 0 => {
                    let amount = numbers.magnitude(size).min(total);
                    let payment = rate.raised(alpha(amount + rest), tao(total)).unwrap();
                    (rate, rest) = (payment.rate, payment.rest.get());
                    pot += amount;
                    paid += amount;
                    payments += 1;
                    most_stake = most_stake.max(total);
                    for staker in &mut stakers {
                        let share = wide::mul_div(
                            U256::from(amount) << 128,
                            U256::from(staker.stake),
                            U256::from(total),
                            Rounding::Down,
                        );
                        staker.exact += share.unwrap();
                        let part = staker.stake as f64 / total as f64;
                        staker.variation += (part - staker.part).abs();
                        staker.part = part;
                    }
                }
                4..=5 => {
                    let amount = numbers.magnitude(size);
                    let staker = &mut stakers[number];
                    staker.account = staker.account.stake_added(rate, tao(amount)).unwrap();
                    staker.stake += amount;
                    staker.moves += 1;
                }
                6..=7 => {
                    let staker = &mut stakers[number];
                    let amount = match numbers.below(3) {
                        0 => staker.stake,
                        _ => numbers.magnitude(size).min(staker.stake),
                    };
                    staker.stake -= amount;
                    let left = tao(staker.stake);
                    staker.account = staker
                        .account
                        .stake_removed(rate, tao(amount), left)
                        .unwrap();
                    staker.moves += 1;
                }
                _ => {
                    let staker = &mut stakers[number];
                    let owed = staker.account.owed(rate, tao(staker.stake)).unwrap().get();
                    let part = if numbers.below(2) == 0 {
                        owed
                    } else {
                        numbers.below(owed + 1)
                    };
                    staker.account = staker.account.paid(alpha(part)).unwrap();
                    staker.claimed += part;
                    pot = pot.checked_sub(part).expect("the pot holds what is owed");
                    claims += 1;
                }
            }
            let owed: u64 = stakers
                .iter()
                .map(|staker| staker.account.owed(rate, tao(staker.stake)).unwrap().get())
                .sum();
            assert!(owed + rest <= pot, "{owed} and {rest} of {pot}");
        }
        assert!(
            claims > 10_000 && payments > 10_000,
            "{claims} claims, {payments} payments"
        );
        let moves: u64 = stakers.iter().map(|staker| staker.moves).sum();
        // What is left in the pot beyond what is owed: less than a unit for every move and every staker.
        let owed: u64 = stakers
            .iter()
            .map(|staker| staker.account.owed(rate, tao(staker.stake)).unwrap().get())
            .sum();
        assert!(pot - owed - rest <= moves + payments + STAKERS as u64);
        // What waits for the next payment shifts between stakers when their parts of the stake change.
        let step = most_stake as f64 / ONE as f64 + 1.0;
        for staker in &stakers {
            let has = staker.claimed + staker.account.owed(rate, tao(staker.stake)).unwrap().get();
            let exact = (staker.exact >> 96).as_u128() as f64 / ONE as f64;
            let shifted = step * (1.0 + staker.variation);
            let lost = exact - has as f64;
            assert!(lost <= staker.moves as f64 + 1.0 + shifted, "lost {lost}");
            assert!(-lost <= shifted, "won {}", -lost);
        }
        let claimed: u64 = stakers.iter().map(|staker| staker.claimed).sum();
        assert_eq!(claimed + pot, paid);
    }
}
