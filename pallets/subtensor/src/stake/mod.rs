//! Stake: who holds how much alpha on a hotkey, and what a hotkey weighs in consensus.

mod ledger;
mod weight;

pub use weight::HotkeyStake;
