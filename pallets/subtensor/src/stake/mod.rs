//! Stake: who holds how much alpha on a hotkey, what a hotkey weighs in consensus, and the calls that put stake
//! in, take it out and move it.

mod add;
mod all;
mod check;
mod discard;
mod ledger;
mod remove;
mod rename;
mod shift;
mod weight;

pub(crate) use check::Holding;
pub use weight::HotkeyStake;
