//! A short list that is filled over and over.
//!
//! `Vec::push` compares with the capacity and writes the length back each time, which costs more than
//! storing the item in the loops of this crate. Here the room is made first, and the length is known
//! when the list is full.

use alloc::vec::Vec;
use core::slice::IterMut;

/// Memory for a list; only what was filled last is read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Buffer<T> {
    items: Vec<T>,
    filled: usize,
}

impl<T: Copy + Default> Buffer<T> {
    /// Empties the list, makes room for `room` items and lets `fill` add them.
    #[inline(always)]
    pub(crate) fn fill<R>(&mut self, room: usize, fill: impl FnOnce(&mut Slots<'_, T>) -> R) -> R {
        if self.items.len() < room {
            self.items.resize(room, T::default());
        }
        let room = self.items.len();
        let mut slots = Slots(self.items.iter_mut());
        let result = fill(&mut slots);
        self.filled = room.saturating_sub(slots.0.len());
        result
    }

    /// The items filled in last.
    #[inline(always)]
    pub(crate) fn items(&self) -> &[T] {
        self.items.get(..self.filled).unwrap_or_default()
    }

    /// The items filled in last.
    #[inline(always)]
    pub(crate) fn items_mut(&mut self) -> &mut [T] {
        self.items.get_mut(..self.filled).unwrap_or_default()
    }

    /// Drops all items but those for which `keep` holds.
    #[inline(always)]
    pub(crate) fn retain(&mut self, mut keep: impl FnMut(&T) -> bool) {
        let mut kept = 0_usize;
        for index in 0..self.filled {
            if let Some(&item) = self.items.get(index)
                && keep(&item)
                && let Some(slot) = self.items.get_mut(kept)
            {
                *slot = item;
                kept = kept.saturating_add(1);
            }
        }
        self.filled = kept;
    }

    /// Bytes held.
    pub(crate) fn bytes(&self) -> usize {
        self.items.capacity().saturating_mul(size_of::<T>())
    }
}

/// Places that are still free.
pub(crate) struct Slots<'a, T>(IterMut<'a, T>);

impl<T> Slots<'_, T> {
    /// Adds an item; one beyond the room asked for is dropped.
    #[inline(always)]
    pub(crate) fn push(&mut self, item: T) {
        debug_assert!(self.0.len() > 0, "no room was made for this item");
        if let Some(slot) = self.0.next() {
            *slot = item;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_filled_last_is_seen() {
        let mut buffer = Buffer::<u8>::default();
        assert_eq!(buffer.items(), []);
        buffer.fill(4, |slots| (1..=4).for_each(|item| slots.push(item)));
        assert_eq!(buffer.items(), [1, 2, 3, 4]);
        buffer.retain(|item| item % 2 == 0);
        assert_eq!(buffer.items_mut(), [2, 4]);
        assert_eq!(
            buffer.fill(2, |slots| {
                slots.push(9);
                7
            }),
            7
        );
        assert_eq!(buffer.items(), [9]);
        assert!(buffer.bytes() >= 4);
    }
}
