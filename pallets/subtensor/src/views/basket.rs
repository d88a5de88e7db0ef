//! Baskets (section B.7 of the interface): alpha that root stake would hold through validators. This chain has
//! none, so nobody owns any and nothing is owed.

use alloc::vec::Vec;

use dendra_primitives::TaoBalance;

use crate::{AccountId, Config, Pallet};

impl<T: Config> Pallet<T> {
    /// What all baskets owe a coldkey.
    pub fn basket_owed(_: &AccountId) -> TaoBalance {
        TaoBalance::ZERO
    }

    /// A coldkey's parts of baskets: validator, shares, payout.
    pub fn basket_positions(_: &AccountId) -> Vec<(AccountId, u64, TaoBalance)> {
        Vec::new()
    }

    /// What a validator's basket owes a coldkey.
    pub fn basket_payout(_: &AccountId, _: &AccountId) -> TaoBalance {
        TaoBalance::ZERO
    }
}
