//! Issuance and emission: how much is minted, who gets which part, and what entering costs.
//!
//! # The problem
//!
//! Every block mints TAO for the pools of the subnets and alpha for the people who work in them,
//! cuts both into parts for owners, validators, miners and root, and prices the entry of neurons
//! and subnets. Each of these is a quotient, and quotients of integers leave something over. A
//! chain that forgets what is left over cannot be audited: after a year nobody can say whether a
//! missing unit was rounded away or taken. Here each formula says what it rounds and returns what
//! remains, so that every split is an equation and not an estimate.
//!
//! Sections named here and in the items below are those of the economics specification.
//!
//! # Terms
//!
//! | Term | Meaning |
//! |---|---|
//! | issuance | what exists of a token: of TAO, or of the alpha of one subnet in its pool and outside |
//! | block emission | what a block mints of it, see [`tao_emission`] and [`alpha_emission`] |
//! | share | the part of the block's TAO that goes to a subnet, see [`tao_shares`] |
//! | root proportion ρ | how much of the stake behind a subnet is TAO on root, see [`RootProportion`] |
//! | injection | TAO and alpha added to a pool at its price, see [`injection`] |
//! | excess | TAO of a share that the injection cannot use; it buys alpha |
//! | pot | what an epoch pays to one group, see [`Participants`] |
//! | dust | what a division leaves; it is returned, never dropped |
//! | root rate | alpha that a rao of root stake on a hotkey has earned on a subnet, see [`RootRate`] |
//!
//! # Life of one block's emission
//!
//! 1. [`tao_emission`] gives the TAO of the block; [`tao_shares`] cuts it among subnets by their
//!    moving
//!    prices.
//! 2. Per subnet, [`alpha_emission`] gives its alpha, and [`injection`] the part of the TAO that
//!    enters the
//!    pool beside new alpha, and the excess.
//! 3. [`participants`] cuts the subnet's alpha into the pots of the owner, root, miners and
//!    validators, which
//!    collect until an epoch.
//! 4. After the epoch, [`split_among_parents`] passes parts of a validator's dividend to those who
//!    lent it
//!    their stake, and [`split_dividends`] turns dividends into alpha of the validator pot and the root
//!    pot.
//!
//! Beside it stand the prices of entry: [`RegistrationPrice`] of a neuron and [`SubnetCost`] of a
//! subnet.
//!
//! ```
//! use subnet_emission::{RootProportion, participants};
//! use dendra_primitives::{AlphaBalance, Proportion16, Proportion64, TaoBalance};
//!
//! let root = RootProportion::new(
//!     Proportion64::from_parts(971_718_665_099_567_868),
//!     TaoBalance::from_tokens(6_000_000).unwrap_or_default(),
//!     AlphaBalance::from_tokens(2_000_000).unwrap_or_default(),
//! );
//! let minted = AlphaBalance::new(1_000_000_000);
//! let parts = participants(minted, Proportion16::from_parts(11_796), root)?;
//! assert_eq!(parts.owner, AlphaBalance::new(179_995_422));
//! assert_eq!(parts.server, AlphaBalance::new(410_002_288));
//! assert_eq!(parts.root, AlphaBalance::new(55_951_044));
//! # Ok::<(), subnet_emission::MathError>(())
//! ```
//!
//! # Invariants
//!
//! - The parts of a split and its dust sum to what was split, always, by equality.
//! - A block never mints past the maximal supply.
//! - A pot whose denominator is zero is dust as a whole; nothing is paid to nobody.
//! - Root stakers are never owed more than was paid to them; adding and taking out stake, in whatever
//!   order, never raises what is owed.
//! - A registration price stays within the bounds it was given.
//! - Nothing panics, nothing saturates without a sentence about it, and there is no floating point.
//!
//! # Rounding
//!
//! | Quantity | Rounding | Who keeps the difference |
//! |---|---|---|
//! | block emission | down | nobody: it is not minted |
//! | share of a subnet | down | dust, recycled by the caller |
//! | root proportion | exact ratio | |
//! | cap of an injection, injected amounts | down | excess, which buys alpha |
//! | pots of owner, root, miners, validators | down, each from the exact value | dust, at most 3 units |
//! | parent's part of a dividend, after burn and take | down | the validator |
//! | weight of a dividend as alpha and root | down, 64 fractional bits | the alpha weight |
//! | dividend | down | dust, less than one unit per validator |
//! | root rate | down, 32 fractional bits | the next payment |
//! | what root stake has had when it is added | up | the other root stakers, less than one unit |
//! | what it has earned when it is taken out, or claims | down | the same |
//! | price of registration, falling and rising | down | the caller, less than one unit |
//! | cost of a subnet | the reduction per block is rounded down | the chain |
//! | return of a day | down | nobody: it is only shown |

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

extern crate alloc;

mod dividends;
mod error;
mod injection;
mod issuance;
mod parents;
mod participants;
mod pro_rata;
mod registration;
mod returns;
mod root;
mod root_claims;
mod shares;
mod subnet_cost;

pub use dividends::{DividendClaim, Dividends, split_dividends};
pub use error::MathError;
pub use injection::{Injection, injection};
pub use issuance::{alpha_emission, tao_emission};
pub use parents::{OwnStake, Parent, ParentPart, ParentSplit, split_among_parents};
pub use participants::{Participants, participants};
pub use pro_rata::{Split, largest_remainder, pro_rata};
pub use registration::{DecayFactor, RegistrationPrice};
pub use returns::{daily_return, return_per_1000};
pub use root::{RootProportion, do_prices_exceed_one};
pub use root_claims::{RootAccount, RootPayment, RootRate};
pub use shares::{SubnetClaim, SubnetShares, miner_burned, tao_shares};
pub use subnet_cost::SubnetCost;
