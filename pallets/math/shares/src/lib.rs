//! Pro-rata share ledgers: many positions in one value that grows.
//!
//! # The problem
//!
//! A hundred thousand nominators stake on one hotkey, and every epoch pays them a dividend in
//! proportion to their stake. Writing a hundred thousand balances is out of the question, so the
//! ledger writes one number, the value of the pool, and each nominator holds shares of it. That
//! turns every deposit and withdrawal into a division, and a division into a question of who pays
//! for the rounding. The known failures of such ledgers are answers to it: somebody gains a unit
//! per operation and repeats it, or makes a share so dear that the next depositor's amount rounds
//! down to nothing.
//!
//! Sections named here and in the items below are those of the economics specification.
//!
//! # Terms
//!
//! | Term | Meaning |
//! |---|---|
//! | pool | the stake of all coldkeys on one hotkey in one subnet, [`SharePool`] |
//! | value `V` | what the pool is worth, in units of the staked token |
//! | shares `N` | all shares of the pool |
//! | position | the shares `n` of one coldkey, [`Position`]; worth `⌊V·n/N⌋` |
//! | scale | how often shares were split in 2^32 smaller ones |
//! | dust | `V − Σ⌊V·n/N⌋`, what the pool holds beyond the worth of its positions |
//!
//! # Life of one position
//!
//! The first [`deposit`](SharePool::deposit) into an empty pool gets 2^64 shares per unit; each
//! later one gets as many as its amount is worth. [`add_value`](SharePool::add_value) raises what
//! every position is worth and touches none. A [`withdrawal`](SharePool::withdraw) returns shares.
//! The last one out gets the whole value, and the pool is empty again.
//!
//! When value has grown so much that a share is worth more than 2^-32 units, all shares are split
//! in 2^32: `N` is multiplied at once, a position when it is next touched. Nothing is rounded by
//! that, so the ledger is as fine after a thousandfold growth, a collapse to one unit and another
//! thousandfold growth as on its first day, and no order of operations makes shares coarse.
//!
//! ```
//! use share_ledger::{Position, SharePool};
//! use dendra_primitives::AlphaBalance;
//!
//! let alpha = AlphaBalance::new;
//! let (pool, ann) = SharePool::default().deposit(Position::default(), alpha(100))?;
//! let (pool, bob) = pool.deposit(Position::default(), alpha(200))?;
//! let pool = pool.add_value(alpha(50))?;
//! assert_eq!(pool.worth(ann)?, alpha(116));
//! assert_eq!(pool.worth(bob)?, alpha(233));
//! let (pool, ann) = pool.withdraw(ann, alpha(116))?;
//! assert_eq!(ann, Position::default());
//! assert_eq!(pool.worth(bob)?, alpha(234));
//! # Ok::<(), share_ledger::MathError>(())
//! ```
//!
//! # Invariants
//!
//! - `V` is what was put in less what was taken out, by equality. Rounding moves value between
//!   positions, never in or out of the pool.
//! - `Σ⌊V·n/N⌋ ≤ V`, and the dust is less than one unit per position. It does not grow with the
//!   number of operations.
//! - An operation of one holder never lowers what another position is worth.
//! - Depositing and withdrawing at once never gains, and costs at most one unit.
//! - `V·2^32 ≤ N ≤ V·2^64`, and `N = 0` exactly when `V = 0`.
//! - Nothing panics, saturates or is a float.
//!
//! # Rounding
//!
//! | Quantity | Representation | Rounding | In favour of |
//! |---|---|---|---|
//! | value, worth | `u64`, smallest unit | worth down | the other positions |
//! | shares of a deposit | `u128` | down | the other positions |
//! | shares of a withdrawal | `u128` | up | the other positions |
//! | worth that a deposit or withdrawal shifts to the others | | less than 2^-32 units | |
//! | rest of a position that is withdrawn entirely | | less than one unit | the other positions |
//!
//! So a position is worth at most one unit less than in exact arithmetic, plus 2^-32 units for each
//! operation of its own, plus the rests of positions closed before; dividends since then apply to
//! what was lost as to everything else.

#![cfg_attr(not(feature = "std"), no_std)]
#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::expect_used,
        clippy::float_arithmetic,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::unwrap_used
    )
)]

mod error;
mod pool;
mod position;

pub use error::MathError;
pub use pool::SharePool;
pub use position::Position;
