//! Putting one key in the place of another one (section 12 of the economics).
//!
//! [`Pallet::move_hotkey`] owns the list of what moves with a hotkey, [`Pallet::move_coldkey`] that of what moves
//! with a coldkey; a test enumerates all storage and proves that the old key appears nowhere. Whoever adds an
//! item that holds an account adds it to one of the two.
//!
//! The work of a swap is counted while it is done ([`Tally`]), so that a swap that would move more than fits a
//! block is refused, and one that moves less pays for less.
//!
//! [`Pallet::move_hotkey`]: crate::Pallet::move_hotkey
//! [`Pallet::move_coldkey`]: crate::Pallet::move_coldkey

mod announcement;
mod coldkey;
mod coldkey_list;
mod hotkey;
mod hotkey_list;
mod lending;
mod neuron;
mod stakers;
mod tally;

pub(crate) use hotkey::HotkeySwap;
pub(crate) use tally::Tally;

use crate::AccountId;

/// A key and the one that takes its place.
#[derive(Clone, Copy)]
pub(crate) struct Succession<'a> {
    /// The key that goes.
    pub(crate) old: &'a AccountId,
    /// The key that comes.
    pub(crate) new: &'a AccountId,
}

impl Succession<'_> {
    /// Whether an account is the key that goes.
    pub(crate) fn replaces(&self, account: &AccountId) -> bool {
        account == self.old
    }
}
