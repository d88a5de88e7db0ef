//! Which rows each rank computes where ranks share the rows.

use std::ops::Range;

use super::{attention::TILE, pass::Pass};
use crate::team::share;

/// Rows of one run that one rank computes.
pub(super) struct Piece {
    /// Which run.
    pub(super) run: usize,
    /// Which rows of the pass.
    pub(super) rows: Range<usize>,
}

/// A rank's pieces of a pass, in order: tiles by turns, then what remains of a run in equal shares.
pub(super) fn pieces(pass: &Pass, (rank, ranks): (usize, usize), pieces: &mut Vec<Piece>) {
    pieces.clear();
    for (index, run) in pass.runs.iter().enumerate() {
        let rounds = run.rows.len() / (TILE * ranks);
        for round in 0..rounds {
            let start = run.rows.start + (round * ranks + rank) * TILE;
            pieces.push(Piece {
                run: index,
                rows: start..start + TILE,
            });
        }
        let rest = run.rows.start + rounds * ranks * TILE;
        // Another rank begins with every run, so that single rows do not meet on one.
        let own = share(run.rows.end - rest, (rank + index) % ranks, ranks);
        if !own.is_empty() {
            pieces.push(Piece {
                run: index,
                rows: rest + own.start..rest + own.end,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::model::{Cache, Row, Run};

    proptest! {
        #[test]
        fn ranks_share_all_rows_evenly(
            lengths in prop::collection::vec(1usize..90, 1..9),
            ranks in 1usize..6,
        ) {
            let mut pass = Pass::default();
            for length in &lengths {
                let start = pass.rows.len();
                pass.rows.extend((0..*length).map(|position| Row { token: 0, position }));
                pass.runs.push(Run {
                    cache: Arc::new(Cache::of_device()),
                    rows: start..start + length,
                });
            }
            let mut all = Vec::new();
            let mut shares = Vec::new();
            for rank in 0..ranks {
                let mut own = Vec::new();
                pieces(&pass, (rank, ranks), &mut own);
                let rows: Vec<usize> = own.iter().flat_map(|piece| piece.rows.clone()).collect();
                prop_assert!(rows.is_sorted());
                for piece in &own {
                    let run = &pass.runs[piece.run].rows;
                    prop_assert!(run.start <= piece.rows.start && piece.rows.end <= run.end);
                }
                shares.push(rows.len());
                all.extend(rows);
            }
            all.sort_unstable();
            prop_assert_eq!(all, (0..pass.rows.len()).collect::<Vec<_>>());
            let least = shares.iter().min().unwrap();
            prop_assert!(shares.iter().max().unwrap() - least <= lengths.len());
        }
    }
}
