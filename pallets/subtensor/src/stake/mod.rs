//! Stake: who holds how much alpha on a hotkey, and what a hotkey weighs in consensus.

mod add;
mod all;
mod check;
mod discard;
mod ledger;
mod remove;
mod shift;
mod weight;

pub(crate) use check::Holding;
pub use weight::HotkeyStake;
