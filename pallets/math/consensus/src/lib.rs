//! Yuma consensus: how a subnet turns the opinions of its validators into payouts.
//!
//! # The problem
//!
//! Validators of a subnet score its miners, and the scores decide who is paid. Some validators are
//! careless, some lie, and some copy. Yuma consensus pays a miner by what a majority of stake supports,
//! cuts what a validator gives above that, and pays a validator for having recognised good miners early
//! and for agreeing in the end. This crate is that computation and nothing else: one [`epoch`] is a pure
//! function from stored state to stored results, bit for bit as the protocol defines it. It knows no
//! storage, no accounts and no blocks beyond their numbers, so the chain, an offline simulator and a
//! validator that explains its earnings use the same code.
//!
//! Sections named here and in the items below are those of the consensus specification.
//!
//! # Terms
//!
//! | Term | Meaning |
//! |---|---|
//! | neuron, uid | a participant of a subnet and its position `0..n`, see [`Uid`] |
//! | weights `W` | what validators think of their targets; rows are validators, columns are targets |
//! | active stake `A` | stake of permitted validators that were heard of lately, normalised |
//! | consensus `C` | per target, the highest weight that a majority κ of active stake supports |
//! | clipped weight | a weight, cut down to the consensus of its target |
//! | rank, incentive `I` | stake-weighted sum of the clipped weights of a target; its normalised form |
//! | validator trust | sum of a validator's clipped weights |
//! | bonds `B` | a validator's past weights, averaged over epochs |
//! | dividends `D` | incentive that flows back to validators through their bonds |
//! | permit | the right to be counted as a validator in the next epoch |
//! | mechanism | one of several sets of weights and bonds within a subnet |
//!
//! # Life of one epoch
//!
//! 1. **Stake** (section 4): threshold, normalisation, permits for the next epoch, active stake.
//! 2. **Columns**: rows of permitted validators are masked and normalised (5.1) and written by column;
//!    so are the stored bonds, without stale columns (6.2).
//! 3. **Judgement**, a column at a time: weighted median (5.2), clipping, rank, trust (5.3).
//! 4. **Bonds**, a column at a time: weights and old bonds are merged, moved by the fixed rate or by
//!    liquid alpha (6.1 to 6.6), and each bond is credited with its share of the target's incentive. New
//!    bonds are appended to their rows, which come out sorted.
//! 5. **Payout** (section 7): incentive and dividends become amounts; without either, stake does.
//!
//! A subnet with several mechanisms runs one epoch for each, with its part of [`split_emission`], and
//! adds up the results by [`combine_mechanisms`] (section 9). [`max_upscale`], [`is_max_weight_within`]
//! and [`commit_hash`] belong to the submission of weights (section 10).
//!
//! ```
//! use yuma_consensus::{EpochInput, Hyperparameters, Scratch, SparseRows, StakeWeight, epoch};
//!
//! // One validator with a permit gives all its weight to one miner.
//! let mut weights = SparseRows::default();
//! weights.push_row(&[(1, 65_535)])?;
//! weights.push_row(&[])?;
//! let bonds = SparseRows::empty(2);
//! let stake = [StakeWeight::from_units(5_000), StakeWeight::default()];
//! let input = EpochInput {
//!     block: 400,
//!     emission: 1_000_000,
//!     hyperparameters: Hyperparameters::default(),
//!     last_step_block: 40,
//!     owner: None,
//!     stake: &stake,
//!     permits: &[true, false],
//!     last_update: &[390, 1],
//!     registered_at: &[1, 1],
//!     first_commit: &[],
//!     weights: weights.as_rows(),
//!     bonds: bonds.as_rows(),
//! };
//! let output = epoch(&input, &mut Scratch::new())?;
//! assert_eq!(output.validator_emission, [500_000, 0]);
//! assert_eq!(output.server_emission, [0, 500_000]);
//! # Ok::<(), yuma_consensus::ConsensusError>(())
//! ```
//!
//! # Invariants
//!
//! - No output exceeds its range, and `Σ server + Σ validator ≤ E`.
//! - The order of entries within a row says nothing, and neither does an entry of value 0.
//! - Renumbering neurons renumbers the results, except that the higher uid wins a tie for the last
//!   permit.
//! - A miner that nobody weighs earns nothing; inactive stake decides nothing.
//! - Nothing panics: invalid input is a [`ConsensusError`] that names the row and the value. There is
//!   no floating point, no unsafe code and no dependence on the width of `usize`.
//! - Time is linear in neurons and entries whatever the entries are; see [`cost`].
//!
//! # Deliberate differences
//!
//! The specification marks two quirks of the reference in section 6.5. Under liquid alpha the reference
//! loses a bond whose weight is absent from the row, and computes rates that depend on the order of an
//! unsorted row. Here an absent weight is a weight of 0, so the bond decays, and rates do not depend on
//! any order. Bonds that round to 0 are not stored; they could never count again.
//!
//! # Number formats
//!
//! | Quantity | Type | Unit | Rounding |
//! |---|---|---|---|
//! | stake weight | [`StakeWeight`], 64 + 64 bits | smallest stake unit | exact sums |
//! | proportions of the epoch | [`Proportion`], 32 fractional bits | 1 | down, after each operation |
//! | stored proportions | `u16` | 1/65535 | `Q(x) = ⌊65535·x⌋` |
//! | stored weights and bonds | `u16` | 1/65535 of the row's or column's scale | down |
//! | amounts | `u64` | smallest token unit | down; the dust is not assigned |
//! | bonds moving average | `u64` | millionths | down |
//! | steepness of liquid alpha | `i16` | hundredths | |
//! | cost | `u64` | picoseconds | up |
//!
//! Division by zero gives 0 and sums are exact, as in section 1. The signed 64-bit format of the
//! specification never leaves `0..=1` for any quantity that is kept, which is why a [`Proportion`] needs
//! 33 bits and products need 64. Saturation, which the specification asks for, is therefore out of reach
//! everywhere except in [`StakeWeight::combine`].
//!
//! # What bounds the time
//!
//! Arithmetic. A weight with a bond costs ten multiplications under Yuma3, sixteen under Yuma2, and no
//! division: the divisor of a row or a column is turned into a reciprocal once, and exact quotients come
//! from it by multiplication and correction. Liquid alpha adds eight multiplications, two table look-ups
//! and one division. No product needs more than 64 bits, so the wasm build, which has no wider ones, takes
//! less than twice the time of the native one.
//!
//! On an x86-64 core the small case (256 neurons, 64 full rows, Yuma3) executes 294 instructions per
//! weight in 13 ns, close to what a core can retire. The case with a million weights, which does not fit
//! the second-level cache, takes 15 to 19 ns per weight; the difference, up to a third, is memory. It
//! is spent where rows are turned into columns and bonds into rows, because these passes write to many
//! places in turn. Gaps between those places keep them from competing for the same cache sets; without
//! them the same pass takes twice as long.
//!
//! Memory is 4 bytes per entry for each of the inputs and the result, 8 per weight and 4 per bond for
//! the columns, and 4 per bond for rows being written: 28 bytes per weight if each has a bond, less than
//! 40 if there are as many bonds toward other targets, in arrays of at most 8 bytes per entry.

#![cfg_attr(not(test), no_std)]
#![forbid(unsafe_code)]
#![deny(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::float_arithmetic,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::todo,
    clippy::unimplemented,
    clippy::unreachable,
    clippy::unwrap_used
)]
#![cfg_attr(
    test,
    allow(
        clippy::arithmetic_side_effects,
        clippy::expect_used,
        clippy::float_arithmetic,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::unwrap_used,
        reason = "a test may fail, and may use floating point as a reference"
    )
)]

extern crate alloc;

mod bonds;
mod buffer;
mod columns;
mod commit;
mod cost;
mod divisor;
mod emission;
mod epoch;
mod error;
mod fixed;
mod input;
mod liquid;
mod mechanism;
mod median;
mod permits;
mod rows;
mod stake;
mod voter;
mod weights;

pub use commit::{commit_hash, commit_preimage};
pub use cost::{Cost, cost};
pub use epoch::{EpochOutput, Scratch, epoch};
pub use error::{ConsensusError, Matrix};
pub use fixed::Proportion;
pub use input::{BondRule, EpochInput, Hyperparameters};
pub use liquid::LiquidAlpha;
pub use mechanism::{CombinedOutput, combine_mechanisms, split_emission, storage_index};
pub use rows::{Rows, SparseRows, Uid};
pub use stake::{StakeWeight, activity_cutoff, is_active};
pub use weights::{is_max_weight_within, max_upscale};
