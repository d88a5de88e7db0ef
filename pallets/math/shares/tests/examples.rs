//! Examples: whole lives of pools, and the edges.

use dendra_primitives::AlphaBalance;
use share_ledger::{MathError, Position, SharePool};

fn alpha(units: u64) -> AlphaBalance {
    AlphaBalance::new(units)
}

#[test]
fn the_last_one_out_takes_everything() {
    let (pool, ann) = SharePool::default()
        .deposit(Position::default(), alpha(7))
        .unwrap();
    let (pool, bob) = pool.deposit(Position::default(), alpha(5)).unwrap();
    let pool = pool.add_value(alpha(1)).unwrap();
    assert_eq!(
        (pool.worth(ann), pool.worth(bob)),
        (Ok(alpha(7)), Ok(alpha(5)))
    );
    let (pool, ann) = pool.withdraw(ann, alpha(7)).unwrap();
    assert!(ann.is_empty());
    // The dividend's unit was nobody's; now it is Bob's.
    assert_eq!(pool.worth(bob), Ok(alpha(6)));
    let (pool, bob) = pool.withdraw(bob, alpha(6)).unwrap();
    assert!(bob.is_empty());
    assert_eq!((pool.value(), pool.shares()), (alpha(0), 0));
    let (pool, ann) = pool.deposit(ann, alpha(3)).unwrap();
    assert_eq!(pool.worth(ann), Ok(alpha(3)));
}

#[test]
fn nobody_can_make_shares_coarse() {
    // The attacker shrinks the pool to one unit and lets it grow, over and over.
    let (mut pool, mut attacker) = SharePool::default()
        .deposit(Position::default(), alpha(1))
        .unwrap();
    for _ in 0..50 {
        pool = pool.add_value(alpha(1 << 60)).unwrap();
        let worth = pool.worth(attacker).unwrap();
        let all_but_one = worth.checked_sub(alpha(1)).unwrap();
        (pool, attacker) = pool.withdraw(attacker, all_but_one).unwrap();
        assert_eq!(pool.worth(attacker), Ok(alpha(1)));
    }
    assert!(pool.scale() > 50);
    pool = pool.add_value(alpha(1 << 60)).unwrap();
    // A victim of any size loses at most the unit that rounding takes.
    for amount in [1, 2, 1_000, 1 << 60] {
        let (after, victim) = pool.deposit(Position::default(), alpha(amount)).unwrap();
        assert!(after.worth(victim).unwrap() >= alpha(amount - 1));
    }
}

#[test]
fn hostile_values_are_errors() {
    let most = alpha(u64::MAX);
    let (pool, position) = SharePool::default()
        .deposit(Position::default(), most)
        .unwrap();
    assert_eq!(pool.worth(position), Ok(most));
    assert_eq!(pool.deposit(position, alpha(1)), Err(MathError::Overflow));
    assert_eq!(pool.add_value(alpha(1)), Err(MathError::Overflow));
    assert_eq!(
        pool.withdraw(position, alpha(0)),
        Err(MathError::ZeroAmount)
    );
    assert_eq!(pool.deposit(position, alpha(0)), Err(MathError::ZeroAmount));
    assert!(pool.withdraw(position, most).unwrap().1.is_empty());

    let (pool, position) = SharePool::default()
        .deposit(Position::default(), alpha(5))
        .unwrap();
    assert_eq!(
        pool.withdraw(position, alpha(6)),
        Err(MathError::ExceedsPosition)
    );
    assert_eq!(
        pool.withdraw(Position::default(), alpha(1)),
        Err(MathError::ExceedsPosition)
    );
    for foreign in [
        Position::from_parts(u128::MAX, 0),
        Position::from_parts(1, 1),
        Position::from_parts(1, u32::MAX),
    ] {
        assert_eq!(pool.worth(foreign), Err(MathError::ForeignPosition));
        assert_eq!(
            pool.deposit(foreign, alpha(1)),
            Err(MathError::ForeignPosition)
        );
        assert_eq!(
            pool.withdraw(foreign, alpha(1)),
            Err(MathError::ForeignPosition)
        );
    }
    assert_eq!(
        SharePool::default().add_value(alpha(1)),
        Err(MathError::NoPositions)
    );
    assert_eq!(
        SharePool::default().worth(position),
        Err(MathError::ForeignPosition)
    );
    assert_eq!(
        SharePool::default().worth(Position::default()),
        Ok(alpha(0))
    );
}

#[test]
fn stored_parts_are_checked() {
    assert_eq!(SharePool::from_parts(alpha(0), 0, 9).unwrap().scale(), 9);
    assert_eq!(
        SharePool::from_parts(alpha(0), 1, 0),
        Err(MathError::InvalidPool)
    );
    assert_eq!(
        SharePool::from_parts(alpha(1), 0, 0),
        Err(MathError::InvalidPool)
    );
    assert!(SharePool::from_parts(alpha(1), 1 << 32, 0).is_ok());
    assert!(SharePool::from_parts(alpha(1), 1 << 64, 0).is_ok());
    assert_eq!(
        SharePool::from_parts(alpha(1), (1 << 32) - 1, 0),
        Err(MathError::InvalidPool)
    );
    assert_eq!(
        SharePool::from_parts(alpha(1), (1 << 64) + 1, 0),
        Err(MathError::InvalidPool)
    );
    assert!(SharePool::from_parts(alpha(u64::MAX), u128::MAX, u32::MAX).is_err());
    let last = SharePool::from_parts(alpha(1), 1 << 32, u32::MAX).unwrap();
    assert_eq!(last.add_value(alpha(1)), Err(MathError::Overflow));
}

#[test]
fn closing_a_position_keeps_shares_fine() {
    // The pool is as coarse as it may be, and the closed position's rest stays.
    let least = (1 << 33) + 1;
    let pool = SharePool::from_parts(alpha(2), least, 0).unwrap();
    let held = least / 2 + (1 << 31);
    let (after, paid) = pool.close(Position::from_parts(held, 0)).unwrap();
    assert_eq!(paid, alpha(1));
    assert!(after.scale() > 0);
    assert!(SharePool::from_parts(after.value(), after.shares(), after.scale()).is_ok());
    // The other position is worth the rest, in its old scale as well.
    assert_eq!(
        after.worth(Position::from_parts(least - held, 0)),
        Ok(alpha(1))
    );
    // A position worth nothing closes without pay.
    let (after, paid) = pool.close(Position::from_parts(1, 0)).unwrap();
    assert_eq!((paid, after.value()), (alpha(0), alpha(2)));
    assert_eq!(
        pool.close(Position::from_parts(u128::MAX, 0)),
        Err(MathError::ForeignPosition)
    );
}
