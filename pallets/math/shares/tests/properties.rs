//! Properties: exact conservation, and a naive ledger of rationals as the reference.

use dendra_primitives::AlphaBalance;
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::Zero;
use proptest::prelude::*;
use share_ledger::{MathError, Position, SharePool};

const HOLDERS: usize = 5;

fn alpha(units: u64) -> AlphaBalance {
    AlphaBalance::new(units)
}

#[derive(Clone, Debug)]
enum Step {
    Deposit(usize, u64),
    /// A part of the position, in 1/65535.
    Withdraw(usize, u16),
    Grow(u64),
}

fn amount() -> impl Strategy<Value = u64> {
    (10u32..64, any::<u64>()).prop_map(|(shift, value)| value >> shift)
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (0..HOLDERS, amount()).prop_map(|(holder, amount)| Step::Deposit(holder, amount)),
        (0..HOLDERS, prop_oneof![any::<u16>(), Just(u16::MAX)])
            .prop_map(|(holder, part)| Step::Withdraw(holder, part)),
        amount().prop_map(Step::Grow),
    ]
}

/// A pool, its positions, and the same in exact arithmetic.
struct Ledger {
    pool: SharePool,
    positions: [Position; HOLDERS],
    exact: Vec<BigRational>,
    /// Operations that round: own deposits and withdrawals.
    rounded: [u64; HOLDERS],
}

fn integer(value: u64) -> BigRational {
    BigRational::from_integer(BigInt::from(value))
}

impl Ledger {
    fn new() -> Self {
        Self {
            pool: SharePool::default(),
            positions: Default::default(),
            exact: vec![BigRational::zero(); HOLDERS],
            rounded: [0; HOLDERS],
        }
    }

    fn worth(&self, holder: usize) -> u64 {
        self.pool.worth(self.positions[holder]).unwrap().get()
    }

    /// Runs the step on both ledgers; the exact one pays out what the real one pays out.
    fn run(&mut self, step: &Step) {
        match *step {
            Step::Deposit(holder, amount) => {
                if let Ok((pool, position)) =
                    self.pool.deposit(self.positions[holder], alpha(amount))
                {
                    self.pool = pool;
                    self.positions[holder] = position;
                    self.exact[holder] += integer(amount);
                    self.rounded[holder] += 1;
                }
            }
            Step::Withdraw(holder, part) => {
                let worth = self.worth(holder);
                let amount = (u128::from(worth) * u128::from(part) / 65_535) as u64;
                if let Ok((pool, position)) =
                    self.pool.withdraw(self.positions[holder], alpha(amount))
                {
                    self.pool = pool;
                    self.positions[holder] = position;
                    self.exact[holder] -= integer(amount);
                    self.rounded[holder] += 1;
                    if position.is_empty() {
                        // The rest of a closed position belongs to the others.
                        let rest = std::mem::take(&mut self.exact[holder]);
                        self.grow(&rest);
                    }
                }
            }
            Step::Grow(amount) => {
                if let Ok(pool) = self.pool.add_value(alpha(amount)) {
                    self.pool = pool;
                    self.grow(&integer(amount));
                }
            }
        }
    }

    fn grow(&mut self, amount: &BigRational) {
        let total: BigRational = self.exact.iter().sum();
        if !total.is_zero() {
            let factor = (&total + amount) / total;
            self.exact.iter_mut().for_each(|worth| *worth *= &factor);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn invariants_hold_after_every_step(steps in prop::collection::vec(step(), 1..40)) {
        let mut ledger = Ledger::new();
        let mut balance = 0u64;
        for step in &steps {
            let before: Vec<_> = (0..HOLDERS).map(|holder| ledger.worth(holder)).collect();
            let value = ledger.pool.value().get();
            ledger.run(step);
            let after: Vec<_> = (0..HOLDERS).map(|holder| ledger.worth(holder)).collect();
            let actor = match step {
                Step::Deposit(holder, amount) => {
                    balance += if ledger.pool.value().get() > value { *amount } else { 0 };
                    Some(*holder)
                },
                Step::Withdraw(holder, _) => {
                    balance -= value - ledger.pool.value().get();
                    Some(*holder)
                },
                Step::Grow(amount) => {
                    balance += if ledger.pool.value().get() > value { *amount } else { 0 };
                    None
                },
            };
            // Conservation by equality; positions within the pool; dust below a unit per position.
            prop_assert_eq!(ledger.pool.value().get(), balance);
            let sum: u64 = after.iter().sum();
            let open = ledger.positions.iter().filter(|position| !position.is_empty()).count() as u64;
            prop_assert!(sum <= balance);
            prop_assert!(balance - sum < open.max(1));
            for holder in (0..HOLDERS).filter(|holder| Some(*holder) != actor) {
                prop_assert!(after[holder] >= before[holder]);
            }
            let pool = ledger.pool;
            prop_assert_eq!(SharePool::from_parts(pool.value(), pool.shares(), pool.scale()), Ok(pool));
        }
    }

    #[test]
    fn positions_follow_the_exact_ledger(steps in prop::collection::vec(step(), 1..25)) {
        let mut ledger = Ledger::new();
        for step in &steps {
            ledger.run(step);
            let rounded: u64 = ledger.rounded.iter().sum();
            // A holder's own operations cost less than 2^-32 each and grow with the position; the
            // others' are to the holder's good.
            let total: BigRational = ledger.exact.iter().sum();
            prop_assert_eq!(total, integer(ledger.pool.value().get()));
            for holder in 0..HOLDERS {
                let worth = integer(ledger.worth(holder));
                let exact = &ledger.exact[holder];
                let growth = exact.clone().max(integer(1));
                let slack = growth * BigRational::new(rounded.into(), BigInt::from(1u64 << 31));
                prop_assert!(&worth + integer(1) + &slack > *exact, "{} {}", worth, exact);
                prop_assert!(worth <= exact + integer(1) + slack);
            }
        }
    }

    #[test]
    fn depositing_and_withdrawing_never_gains(
        steps in prop::collection::vec(step(), 0..20), holder in 0..HOLDERS, amount in 1u64..1 << 60,
    ) {
        let mut ledger = Ledger::new();
        steps.iter().for_each(|step| ledger.run(step));
        let before = ledger.worth(holder);
        let position = ledger.positions[holder];
        let Ok((pool, position)) = ledger.pool.deposit(position, alpha(amount)) else {
            return Ok(());
        };
        let worth = pool.worth(position).unwrap().get();
        // The fraction of a unit that the position had before may complete a unit in an exact
        // ledger too.
        prop_assert!(worth <= before + amount);
        prop_assert!(worth + 1 >= before + amount);
        if worth > before {
            let (pool, position) = pool.withdraw(position, alpha(worth - before)).unwrap();
            prop_assert!(pool.worth(position).unwrap().get() <= before);
        }
    }

    #[test]
    fn hostile_parts_never_panic(
        value in any::<u64>(), shares in any::<u128>(), shift in 0u32..128, scale in any::<u32>(),
        held in any::<u128>(), held_scale in any::<u32>(), amount in any::<u64>(),
    ) {
        let Ok(pool) = SharePool::from_parts(alpha(value), shares >> shift, scale) else {
            return Ok(());
        };
        let position = Position::from_parts(held >> shift, held_scale.min(scale));
        let _ = pool.add_value(alpha(amount));
        let worth = pool.worth(position);
        if let Ok((_, after)) = pool.deposit(position, alpha(amount)) {
            prop_assert!(!after.is_empty());
        }
        match pool.withdraw(position, alpha(amount)) {
            Ok(_) => prop_assert!(worth.unwrap() >= alpha(amount)),
            Err(error) => prop_assert!(error != MathError::InvalidPool),
        }
    }
}

/// A small generator, so that the million steps are the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }
}

#[test]
fn a_million_operations_lose_at_most_the_dust() {
    const MANY: usize = 1_000;
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let mut pool = SharePool::default();
    let mut positions = vec![Position::default(); MANY];
    let mut paid_in = 0u64;
    let mut paid_out = 0u64;
    for _ in 0..1_000_000 {
        let holder = random.below(MANY as u64) as usize;
        match random.below(8) {
            0..4 => {
                let bits = random.below(40);
                let amount = 1 + random.below(1 << bits);
                (pool, positions[holder]) = pool.deposit(positions[holder], alpha(amount)).unwrap();
                paid_in += amount;
            }
            4..7 => {
                let worth = pool.worth(positions[holder]).unwrap().get();
                let amount = if random.below(3) == 0 {
                    worth
                } else {
                    worth - worth / 3
                };
                if amount > 0 {
                    (pool, positions[holder]) =
                        pool.withdraw(positions[holder], alpha(amount)).unwrap();
                    paid_out += amount;
                }
            }
            _ => {
                let amount = random.below(1 << 20);
                if let Ok(grown) = pool.add_value(alpha(amount)) {
                    pool = grown;
                    paid_in += amount;
                }
            }
        }
    }
    assert_eq!(pool.value().get(), paid_in - paid_out);
    let held: u128 = positions
        .iter()
        .map(|position| position.shares() << (32 * (pool.scale() - position.scale()) % 128))
        .filter(|shares| *shares > 0)
        .sum();
    assert_eq!(held, pool.shares());
    let sum: u64 = positions
        .iter()
        .map(|position| pool.worth(*position).unwrap().get())
        .sum();
    let dust = pool.value().get() - sum;
    assert!(dust < MANY as u64, "dust {dust}");

    // And when all leave, in any order, everything is paid: the ledger has lost nothing.
    for position in positions.into_iter().rev() {
        let (after, paid) = pool.close(position).unwrap();
        pool = after;
        paid_out += paid.get();
    }
    assert_eq!(paid_in, paid_out);
    assert_eq!((pool.value(), pool.shares()), (alpha(0), 0));
}

#[test]
fn a_million_operations_without_growth_cost_a_holder_one_unit() {
    // Nobody closes a position and nothing is added, so what a holder should have is an integer.
    let mut random = Random(7);
    let mut pool = SharePool::default();
    let mut positions = [Position::default(); 16];
    let mut should = [0u64; 16];
    for _ in 0..1_000_000 {
        let holder = random.below(16) as usize;
        if random.below(2) == 0 || should[holder] < 1_000 {
            let amount = 1_000 + random.below(1 << 30);
            (pool, positions[holder]) = pool.deposit(positions[holder], alpha(amount)).unwrap();
            should[holder] += amount;
        } else {
            let amount = 1 + random.below(should[holder] - 2);
            (pool, positions[holder]) = pool.withdraw(positions[holder], alpha(amount)).unwrap();
            should[holder] -= amount;
        }
    }
    for (position, should) in positions.iter().zip(should) {
        let worth = pool.worth(*position).unwrap().get();
        assert!(
            worth <= should && worth + 1 >= should,
            "{worth} of {should}"
        );
    }
}
