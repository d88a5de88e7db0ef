//! Weighted pools: the price at which TAO and the alpha of a subnet are exchanged.
//!
//! # The problem
//!
//! Each subnet's alpha is traded against TAO in one pool, by a formula instead of an order book.
//! The pool holds what people staked, so the formula is worth attacking: a product that wraps, a
//! power rounded to the caller's side, a limit checked before instead of after, each has emptied
//! real pools. Here every intermediate is as wide as it needs to be, every rounding has a proven
//! direction, and that direction is always the pool's.
//!
//! Sections named here and in the items below are those of the economics specification.
//!
//! # Terms
//!
//! | Term | Meaning |
//! |---|---|
//! | reserves `x`, `y` | alpha and TAO in the pool |
//! | weights `w1`, `w2` | how much alpha and TAO count, summing to one; see [`Weights`] |
//! | invariant | `x^w1·y^w2`, which trading never lowers |
//! | price `P` | `w1·y/(w2·x)`, TAO per alpha; exact, see [`Pool::price`] |
//! | used, fee, unspent | the three parts of what a trader offers |
//! | limit | a price that the trade does not pass; see [`PriceLimit`] |
//! | exchange | alpha sold on one market for TAO that buys alpha on another; see [`Exchange`] |
//! | injection | reserves added at an unchanged price; see [`Pool::inject`] |
//! | moving price | the price averaged over weeks, at most one; see [`MovingRate`] |
//!
//! # Life of a pool
//!
//! A subnet is created with a TAO reserve and alpha at the median price ([`Pool::new`]). In each
//! block emission is injected, traders [`buy`](Pool::buy) and [`sell`](Pool::sell), and afterwards
//! the moving price takes [a step](MovingRate::advance) towards the price. A quote and an execution
//! are the same call: the result contains the pool afterwards, and storing it is the execution.
//!
//! ```
//! use weighted_pool::{FeeRate, Pool, Weights};
//! use dendra_primitives::{AlphaBalance, TaoBalance};
//!
//! let pool = Pool::new(
//!     AlphaBalance::new(2_000_000_000_000_000),
//!     TaoBalance::new(1_000_000_000_000_000),
//!     Weights::EQUAL,
//! )?;
//! let buy = pool.buy(TaoBalance::new(1_000_000_000_000), FeeRate::DEFAULT, None)?;
//! assert_eq!(buy.fee, TaoBalance::new(503_547_722));
//! assert_eq!(buy.alpha_out, AlphaBalance::new(1_996_996_913_226));
//! # Ok::<(), weighted_pool::MathError>(())
//! ```
//!
//! # Invariants
//!
//! - `x^w1·y^w2` never falls by a trade. Hence buying and selling back never gains, and without fee
//!   a trade in parts never yields more than the exact result of the whole.
//! - A trade never passes its limit, an exchange never yields less than its ratio, and neither leaves less than [`MIN_RESERVE`] of the reserve it
//!   is paid from.
//! - `used + fee + unspent` is what was offered; reserves change by `used` and by what the trader
//!   gets.
//! - Neither reserve is ever zero and both weights are at least 0.01.
//! - Nothing panics, nothing wraps, and there is no floating point.
//!
//! # Rounding
//!
//! | Quantity | Representation | Rounding |
//! |---|---|---|
//! | reserves, amounts | `u64`, smallest units | |
//! | output of a trade, equal weights | | the exact floor |
//! | output of a trade, other weights | | the exact floor, or one less where the exact value is an integer or less than 2^-50 above one |
//! | power | bounds with 126 fractional bits, see [`power_below_one`] | outwards, at most 2^-117 apart |
//! | fee | | down; the trader keeps less than one unit |
//! | input that reaches a limit | | down |
//! | alpha that pays an amount | | up |
//! | alpha that keeps a ratio | | down; what is bought, rounded, still keeps it |
//! | weight | `u64`, 18 decimals | to nearest, at injection only |
//! | price | exact ratio | none |
//! | moving price | 96 fractional bits | towards the previous value |
//!
//! What a fee rounds down is the only rounding for the trader's good: a trade in `n` parts pays at
//! most `n − 1` units of fee less than the whole, and gets for it what those units buy.

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
mod fee;
mod injection;
mod limit;
mod moving;
mod pool;
mod power;
mod proceeds;
mod route;
mod trade;
mod weights;

pub use error::MathError;
pub use fee::FeeRate;
pub use limit::PriceLimit;
pub use moving::MovingRate;
pub use pool::{MAX_INPUT_RATIO, MIN_RESERVE, Pool};
pub use power::{Exponent, PowerBounds, power_below_one};
pub use route::{Exchange, Market, alpha_within_ratio};
pub use trade::{Buy, Sell};
pub use weights::Weights;
