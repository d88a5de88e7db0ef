//! Stake: who holds how much alpha on a hotkey, and what a hotkey weighs in consensus.

mod add;
mod discard;
mod ledger;
mod remove;
mod rename;
mod shift;
mod weight;

pub use weight::HotkeyStake;
