//! Sparse matrices as rows in one flat array.
//!
//! Row `i` is `entries[starts[i]..starts[i + 1]]`, a list of `(uid, value)` in any order, exactly
//! the pairs that the chain stores per validator.

use alloc::vec::Vec;

use crate::error::ConsensusError;

/// Position of a neuron in its subnet, `0..n`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(transparent)]
pub struct Uid(pub u16);

impl Uid {
    /// As a position in a per-neuron list.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

impl From<u16> for Uid {
    fn from(uid: u16) -> Self {
        Self(uid)
    }
}

/// A borrowed sparse matrix with checked bounds.
///
/// **Shape**: one row per neuron, entries `(uid of the column, stored value)`. **Unit**: stored
/// `u16` values; for weights only their ratio within a row matters.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'a> {
    starts: &'a [u32],
    entries: &'a [(u16, u16)],
}

impl<'a> Rows<'a> {
    /// Checks that `starts` ascends from 0 to `entries.len()`; it has one element more than there
    /// are rows.
    ///
    /// **Errors**: [`ConsensusError::MalformedRows`].
    pub fn new(starts: &'a [u32], entries: &'a [(u16, u16)]) -> Result<Self, ConsensusError> {
        let malformed = |row, start| ConsensusError::MalformedRows {
            row,
            start,
            entries: entries.len(),
        };
        match starts.first() {
            Some(0) => {}
            Some(&start) => return Err(malformed(0, start)),
            None => return Err(malformed(0, 0)),
        }
        for (row, pair) in starts.windows(2).enumerate() {
            if let &[start, end] = pair
                && start > end
            {
                return Err(malformed(row, start));
            }
        }
        match starts.last() {
            Some(&end) if end as usize == entries.len() => Ok(Self { starts, entries }),
            end => Err(malformed(
                starts.len().saturating_sub(1),
                end.copied().unwrap_or(0),
            )),
        }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// Is there no row at all?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All entries of all rows.
    pub fn entries(&self) -> &'a [(u16, u16)] {
        self.entries
    }

    /// Entries of one row; none for a row that does not exist.
    pub fn row(&self, index: usize) -> &'a [(u16, u16)] {
        let end = index.checked_add(1).and_then(|next| self.starts.get(next));
        match (self.starts.get(index), end) {
            (Some(&start), Some(&end)) => self
                .entries
                .get(start as usize..end as usize)
                .unwrap_or_default(),
            _ => &[],
        }
    }

    /// The rows in ascending order.
    pub fn iter(&self) -> impl Iterator<Item = &'a [(u16, u16)]> + use<'a> {
        let entries = self.entries;
        self.starts.windows(2).map(move |pair| match *pair {
            [start, end] => entries
                .get(start as usize..end as usize)
                .unwrap_or_default(),
            _ => &[],
        })
    }
}

/// An owned sparse matrix, filled row by row.
///
/// A caller that decodes one stored row at a time appends it here and drops it, so that the peak is
/// one row above the flat array (4 bytes per entry).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SparseRows {
    starts: Vec<u32>,
    entries: Vec<(u16, u16)>,
}

impl Default for SparseRows {
    fn default() -> Self {
        Self::with_capacity(0, 0)
    }
}

impl SparseRows {
    /// No rows, with room for `rows` rows of `entries` entries in all.
    pub fn with_capacity(rows: usize, entries: usize) -> Self {
        let mut starts = Vec::with_capacity(rows.saturating_add(1));
        starts.push(0);
        Self {
            starts,
            entries: Vec::with_capacity(entries),
        }
    }

    /// `rows` rows without entries.
    pub fn empty(rows: usize) -> Self {
        Self {
            starts: alloc::vec![0; rows.saturating_add(1)],
            entries: Vec::new(),
        }
    }

    /// Appends a row.
    ///
    /// **Errors**: [`ConsensusError::TooManyEntries`]; the matrix is then as before.
    pub fn push_row(&mut self, row: &[(u16, u16)]) -> Result<(), ConsensusError> {
        let entries = self.entries.len().saturating_add(row.len());
        let end = u32::try_from(entries).map_err(|_| ConsensusError::TooManyEntries { entries })?;
        self.entries.extend_from_slice(row);
        self.starts.push(end);
        Ok(())
    }

    /// The matrix as an epoch reads it.
    pub fn as_rows(&self) -> Rows<'_> {
        Rows {
            starts: &self.starts,
            entries: &self.entries,
        }
    }

    /// Forgets the rows, keeps the memory.
    pub fn clear(&mut self) {
        self.starts.truncate(1);
        self.entries.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read_back_in_order() {
        let mut rows = SparseRows::with_capacity(3, 3);
        rows.push_row(&[(2, 7), (0, 1)]).unwrap();
        rows.push_row(&[]).unwrap();
        rows.push_row(&[(1, 5)]).unwrap();
        let view = rows.as_rows();
        assert_eq!(view.len(), 3);
        assert_eq!(view.row(0), [(2, 7), (0, 1)]);
        assert_eq!(view.row(1), []);
        assert_eq!(view.row(3), []);
        assert_eq!(view.row(usize::MAX), []);
        assert_eq!(view.iter().flatten().count(), 3);
        rows.clear();
        assert!(rows.as_rows().is_empty());
        assert_eq!(rows, SparseRows::default());
    }

    #[test]
    fn malformed_bounds_are_named() {
        let entries = [(0, 1), (1, 1)];
        assert!(Rows::new(&[0, 1, 2], &entries).is_ok());
        let error = |starts| Rows::new(starts, &entries).unwrap_err();
        let malformed = |row, start| ConsensusError::MalformedRows {
            row,
            start,
            entries: 2,
        };
        assert_eq!(error(&[]), malformed(0, 0));
        assert_eq!(error(&[1, 2]), malformed(0, 1));
        assert_eq!(error(&[0, 2, 1]), malformed(1, 2));
        assert_eq!(error(&[0, 1]), malformed(1, 1));
        assert_eq!(error(&[0, 1, 3]), malformed(2, 3));
    }
}
