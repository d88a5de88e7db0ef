//! The same sparse matrix, read by columns.
//!
//! Consensus, clipping, ranks and bonds are all per column. The rows are therefore turned into
//! columns once, by counting: the first pass counts the entries of each column, the second writes
//! each entry behind the previous one of its column. Rows are written in ascending order, so a column
//! lists its voters in ascending order whatever the order within the rows was.

#![allow(
    clippy::arithmetic_side_effects,
    reason = "counts and offsets are bounded by the number of entries of checked rows, below 2^32"
)]

use alloc::vec::Vec;

/// Unused cells between columns.
///
/// Rows are written across all columns. If a power of two of rows are full, the places written in
/// turn would be a power of two apart and compete for the same few cache sets; an odd distance spreads
/// them over all sets.
const GAP: u32 = 1;

/// Columns of cells in one flat array. Memory is kept between uses.
#[derive(Clone, Debug, Default)]
pub(crate) struct Columns<T> {
    starts: Vec<u32>,
    ends: Vec<u32>,
    cells: Vec<T>,
}

impl<T: Copy + Default> Columns<T> {
    /// Starts counting for `columns` columns.
    pub(crate) fn count(&mut self, columns: usize) -> Counts<'_> {
        self.starts.clear();
        self.starts.resize(columns, 0);
        Counts(&mut self.starts)
    }

    /// Ends counting: every column gets its place, is empty, and can be written.
    pub(crate) fn write(&mut self) -> Writer<'_, T> {
        let mut next = 0;
        for start in &mut self.starts {
            let count = *start;
            *start = next;
            next += count + GAP;
        }
        self.ends.clone_from(&self.starts);
        let room = next as usize;
        // Stale cells beyond the end of a column are never read, so they need no clearing.
        if self.cells.len() < room {
            self.cells.clear();
            self.cells.reserve_exact(room);
            self.cells.resize(room, T::default());
        }
        Writer {
            ends: &mut self.ends,
            cells: &mut self.cells,
        }
    }

    /// The columns in ascending order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &[T]> {
        self.starts.iter().zip(&self.ends).map(|(&start, &end)| {
            self.cells
                .get(start as usize..end as usize)
                .unwrap_or_default()
        })
    }

    /// Bytes held.
    pub(crate) fn bytes(&self) -> usize {
        (self.starts.capacity() + self.ends.capacity()) * size_of::<u32>()
            + self.cells.capacity() * size_of::<T>()
    }
}

/// Counts of cells per column.
pub(crate) struct Counts<'a>(&'a mut [u32]);

impl Counts<'_> {
    /// Makes room for a cell in each of the columns named; those that do not exist are ignored.
    #[inline(never)]
    pub(crate) fn add(&mut self, row: &[(u16, u16)]) {
        let counts = &mut *self.0;
        for &(column, _) in row {
            if let Some(count) = counts.get_mut(usize::from(column)) {
                *count += 1;
            }
        }
    }
}

/// Columns being filled.
pub(crate) struct Writer<'a, T> {
    ends: &'a mut [u32],
    cells: &'a mut [T],
}

impl<T> Writer<'_, T> {
    /// Appends each cell to its column; one for which there is no room is dropped.
    #[inline(always)]
    pub(crate) fn extend(&mut self, cells: impl Iterator<Item = (u16, T)>) {
        // Local, so that addresses and lengths stay in registers.
        let (ends, places) = (&mut *self.ends, &mut *self.cells);
        for (column, cell) in cells {
            if let Some(end) = ends.get_mut(usize::from(column))
                && let Some(place) = places.get_mut(*end as usize)
            {
                *place = cell;
                *end += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_keep_the_order_of_writing_and_survive_reuse() {
        let mut columns = Columns::<u32>::default();
        for round in 0..2 {
            let mut counts = columns.count(3);
            counts.add(&[(2, 0), (0, 0), (2, 0), (9, 0)]);
            let mut writer = columns.write();
            writer.extend([(2, 10 + round), (0, 20), (9, 1)].into_iter());
            let read: Vec<_> = columns.iter().map(<[u32]>::to_vec).collect();
            assert_eq!(read, [vec![20], vec![], vec![10 + round]]);
        }
        assert!(columns.bytes() >= 9 * 4);
    }
}
