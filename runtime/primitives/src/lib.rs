//! Identifiers, kinds of money, proportions, prices and block constants.
//!
//! # The problem
//!
//! The chain counts two kinds of money in the same smallest unit, numbers its subnets, neurons and
//! mechanisms with small integers and stores proportions in two scales. As bare integers they mix
//! silently: TAO is added to alpha, a uid is passed for a netuid, a proportion is divided by the
//! wrong scale. Here each quantity has one type, fixed once, which every formula and every pallet
//! uses and which a client sees as the integer inside.
//!
//! # Terms
//!
//! | Term | Type | Meaning |
//! |---|---|---|
//! | rao | | smallest unit of TAO; 10^9 rao are one TAO |
//! | TAO | [`TaoBalance`] | the native token, in rao |
//! | alpha | [`AlphaBalance`] | the token of one subnet, in units of the same scale |
//! | netuid | [`NetUid`] | number of a subnet; 0 is root |
//! | uid | [`Uid`] | position of a neuron in its subnet |
//! | mechanism | [`MechId`] | number of one of the sets of weights within a subnet |
//! | tempo | [`Tempo`] | blocks between two epochs of a subnet; 0 means never |
//! | proportion | [`Proportion16`], [`Proportion64`] | a part of one, in 1/65535 or 1/(2^64−1) |
//! | price | [`Price`] | TAO per alpha, an exact ratio |
//! | moving price | [`MovingPrice`] | a price of at most one, averaged over blocks |
//! | fixed point | [`I32F32`], [`U64F64`], [`I64F64`], [`I96F32`] | bits of a number, as clients read them |
//! | record | [`records`] | what is stored as a whole under a name that clients read |
//!
//! # Life of an amount
//!
//! An amount enters as an integer that somebody signed, is wrapped once ([`TaoBalance::new`]),
//! moves only by named methods whose rounding is an argument or a sentence, changes its kind only
//! through a [`Price`] or an explicit [`TaoBalance::get`], and leaves as the same integer.
//!
//! ```
//! use dendra_primitives::{AlphaBalance, Price, Rounding, TaoBalance};
//!
//! let price = Price::from_ratio(1, 2).expect("neither side is zero");
//! let tao = TaoBalance::new(1_001);
//! assert_eq!(price.alpha_for(tao, Rounding::Down), Some(AlphaBalance::new(2_002)));
//! assert_eq!(tao.checked_sub(TaoBalance::new(2_000)), None);
//! ```
//!
//! # Invariants
//!
//! - No type implements an arithmetic operator, so TAO and alpha cannot be added and nothing wraps.
//! - A method that can fail returns `None`; a method that saturates says so in its name.
//! - Nothing panics, nothing is unsafe, nothing is a float. The width of `usize` does not matter.
//! - Encoding, metadata and JSON of a newtype are those of the integer inside.
//! - A record has one encoding and one type in metadata, whether it is sent, stored or read.
//!
//! # Representation and rounding
//!
//! | Quantity | Representation | Rounding |
//! |---|---|---|
//! | money | `u64`, smallest unit | by the [`Rounding`] argument |
//! | proportions | `u16` of 65535, `u64` of 2^64−1 | `part_of` rounds down, the rest goes to the other part |
//! | price | ratio of two `u128` | exact; [`Price::to_rao`] and [`Price::to_bits`] round down |
//! | moving price | `u128`, 96 fractional bits | [`MovingPrice::to_fixed32`] rounds down |
//! | numbers that clients set or read | 64 or 128 bits with 32 or 64 fractional bits | none: they only carry bits |
//! | wide intermediate | 256 bits, products 512 bits, see [`wide`] | by the [`Rounding`] argument |

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

#[cfg(feature = "codec")]
extern crate alloc;

pub mod block;
mod fixed;
mod ids;
mod money;
mod moving;
mod price;
mod proportion;
#[cfg(feature = "codec")]
pub mod records;
mod rounding;
pub mod wide;

pub use fixed::{I32F32, I64F64, I96F32, U64F64};
pub use ids::{MechId, NetUid, NetUidIndex, Tempo, Uid};
pub use money::{AlphaBalance, TaoBalance};
pub use moving::MovingPrice;
pub use price::Price;
pub use proportion::{Proportion16, Proportion64};
pub use rounding::{Rounding, mul_div};
