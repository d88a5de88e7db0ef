//! Validator: asks miners, scores their answers, sets weights.
//!
//! **In every epoch of a subnet** the validator derives a seed from the hash of the block that started the epoch, the subnet, the epoch's
//! number and its own hotkey. The subnet's template makes challenges from the seed; they go to the miners, signed; the template
//! judges what comes back ([`round`]). Scores enter a moving average for every hotkey ([`average`]), averages become a row of weights within
//! the subnet's hyperparameters ([`weights`]), and the row gets on chain, openly or by commit and reveal ([`submission`]).
//!
//! **What must not happen**, and where it is prevented: a salt that is lost, or two commits for one round
//! ([`submission`], a state machine without I/O that is stored before every step); a miner that makes the validator wait or swell ([`query`]);
//! weights for somebody who took over a uid ([`round::row`], averages belong to hotkeys); a score that nobody can check ([`receipts`],
//! and `replay` with what [`store`] keeps).
//!
//! **Parts.** [`subnet`] is the loop, over [`chain::ChainAccess`], so that tests can put a chain in memory under it; [`clipping`] tells
//! where consensus cut weights; [`duty`] says which template judges which subnet; [`metrics`] what is counted.

pub mod average;
pub mod chain;
pub mod cli;
pub mod clipping;
pub mod command;
pub mod doctor;
pub mod duty;
mod engine;
pub mod explain;
pub mod hotkey;
pub mod metrics;
mod opening;
pub mod query;
pub mod receipts;
pub mod replay;
pub mod round;
pub mod run;
pub mod settings;
pub mod simulation;
pub mod store;
pub mod submission;
pub mod subnet;
pub mod weights;
