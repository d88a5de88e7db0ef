//! How much a swap has moved and looked at.

use frame_support::ensure;
use sp_runtime::DispatchResult;

use crate::{Config, Error, types::MAX_MOVED_POSITIONS};

/// Entries that are read in about the time in which one is moved.
const LOOKS_PER_MOVE: u32 = 8;
/// Keys of a list that are read in about the time of an entry.
const KEYS_PER_LOOK: usize = 64;

/// The work of a swap so far. Nothing is read or written before it is counted, so the work is bounded also where
/// the swap is refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    moved: u32,
    seen: u32,
}

impl Tally {
    /// The work, in moves.
    pub(crate) fn moves(&self) -> u32 {
        self.moved
            .saturating_add(self.seen.div_ceil(LOOKS_PER_MOVE))
    }

    /// Counts entries that are moved.
    ///
    /// **Errors:** `TooManyPositionsToMove` beyond [`MAX_MOVED_POSITIONS`].
    pub(crate) fn moving<T: Config>(&mut self, entries: u32) -> DispatchResult {
        self.moved = self.moved.saturating_add(entries);
        self.within_limit::<T>()
    }

    /// Counts entries that are looked at.
    ///
    /// **Errors:** `TooManyPositionsToMove` beyond [`MAX_MOVED_POSITIONS`].
    pub(crate) fn seeing<T: Config>(&mut self, entries: u32) -> DispatchResult {
        self.seen = self.seen.saturating_add(entries);
        self.within_limit::<T>()
    }

    /// Counts a list of keys that is read and written.
    ///
    /// **Errors:** `TooManyPositionsToMove` beyond [`MAX_MOVED_POSITIONS`].
    pub(crate) fn rewriting<T: Config>(&mut self, keys: usize) -> DispatchResult {
        let looks = keys.div_ceil(KEYS_PER_LOOK).saturating_add(1);
        self.seeing::<T>(u32::try_from(looks).unwrap_or(u32::MAX))
    }

    fn within_limit<T: Config>(&self) -> DispatchResult {
        ensure!(
            self.moves() <= MAX_MOVED_POSITIONS,
            Error::<T>::TooManyPositionsToMove
        );
        Ok(())
    }
}
