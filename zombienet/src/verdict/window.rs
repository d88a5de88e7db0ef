//! What is judged: the books before and after some epochs.

use std::collections::BTreeMap;

use crate::books::{Books, Key};

/// The books at two epochs, and what happened in between.
#[derive(Clone, Debug)]
pub struct Window {
    /// After the block of an epoch.
    pub first: Books,
    /// After the block of a later epoch.
    pub last: Books,
    /// Alpha minted for participants by the blocks after `first`, up to and with `last`.
    pub minted: u128,
    /// TAO put into the pool by the same blocks.
    pub tao_issued: u128,
    /// What the epochs of these blocks computed for each uid.
    pub computed: BTreeMap<u16, u128>,
}

impl Window {
    /// A window that begins after this block.
    pub fn open(first: Books) -> Self {
        Self {
            last: first.clone(),
            first,
            minted: 0,
            tao_issued: 0,
            computed: BTreeMap::new(),
        }
    }

    /// Takes in the next block. Blocks come one by one.
    pub fn take(&mut self, books: Books) {
        self.minted += u128::from(books.minted);
        self.tao_issued += u128::from(books.tao_issued);
        if books.epochs > self.last.epochs {
            for (uid, amount) in (0_u16..).zip(&books.emission) {
                *self.computed.entry(uid).or_default() += u128::from(*amount);
            }
        }
        self.last = books;
    }

    /// Epochs inside.
    pub fn epochs(&self) -> u64 {
        self.last.epochs.saturating_sub(self.first.epochs)
    }

    /// By how much the stake on a hotkey grew.
    pub(super) fn growth(&self, hotkey: &Key) -> i128 {
        grown(&self.first, &self.last, |books| {
            books.stake_of(hotkey).into()
        })
    }
}

/// By how much an amount grew.
pub(super) fn grown(first: &Books, last: &Books, amount: impl Fn(&Books) -> u128) -> i128 {
    // Amounts of 64 bits, or a handful of them added up.
    let of = |books| i128::try_from(amount(books)).unwrap_or(i128::MAX);
    of(last).saturating_sub(of(first))
}
