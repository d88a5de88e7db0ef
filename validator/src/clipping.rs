//! Where consensus cut a validator's weights.

/// One entry of a validator's row, as the last epoch counted it. All parts of one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cut {
    /// Target.
    pub uid: u16,
    /// This validator's weight, its counted row adding up to 1.
    pub own: f64,
    /// The weight that the majority of stake supports.
    pub consensus: f64,
    /// What was taken away.
    pub taken: f64,
}

/// A row and the consensus beside it: an entry for each target that counts, in the order of the row.
///
/// `row`: as the chain stores it. `consensus`: by uid, in parts of 65535. `counts`: whether an entry toward this uid counts at all; not
/// those to itself, nor to a neuron that registered after the row was set. What is missing in less than the resolution of
/// `consensus` is not taken away. Source: consensus.md, sections 5.1 to 5.3.
pub fn cuts(row: &[(u16, u16)], consensus: &[u16], counts: impl Fn(u16) -> bool) -> Vec<Cut> {
    let counted = |(uid, _): &&(u16, u16)| usize::from(*uid) < consensus.len() && counts(*uid);
    let sum: f64 = row
        .iter()
        .filter(counted)
        .map(|(_, value)| f64::from(*value))
        .sum();
    row.iter()
        .filter(counted)
        .map(|(uid, value)| {
            let own = if sum > 0.0 {
                f64::from(*value) / sum
            } else {
                0.0
            };
            let stored = consensus.get(usize::from(*uid)).copied().unwrap_or(0);
            let agreed = f64::from(stored) / 65_535.0;
            // The chain stores consensus rounded down.
            let least = own - (f64::from(stored) + 1.0) / 65_535.0;
            let taken = if least > 0.0 { own - agreed } else { 0.0 };
            Cut {
                uid: *uid,
                own,
                consensus: agreed,
                taken,
            }
        })
        .collect()
}

/// The part of a row that was taken away.
pub fn taken(cuts: &[Cut]) -> f64 {
    cuts.iter().map(|cut| cut.taken).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vector of consensus 11.5: two groups.
    #[test]
    fn the_minority_of_the_specification_loses_what_nobody_else_gives() {
        let consensus = [0, 0, 45_874, 19_660];
        let honest = cuts(&[(2, 65_535), (3, 28_086)], &consensus, |_| true);
        assert_eq!(taken(&honest), 0.0);
        let cabal = cuts(&[(2, 0), (3, 65_535)], &consensus, |_| true);
        // Validator trust 19660/65535 is what is left.
        assert!((1.0 - taken(&cabal) - 19_660.0 / 65_535.0).abs() < 1e-9);
        assert_eq!(cabal.iter().map(|cut| cut.uid).collect::<Vec<_>>(), [2, 3]);
    }

    #[test]
    fn entries_that_do_not_count_leave_the_others_more() {
        let all = cuts(&[(0, 100), (1, 100), (9, 100)], &[65_535, 65_535], |uid| {
            uid != 0
        });
        assert_eq!(all.len(), 1);
        assert_eq!((all[0].uid, all[0].own), (1, 1.0));
    }

    #[test]
    fn a_row_of_zeros_has_nothing_to_lose() {
        let all = cuts(&[(0, 0), (1, 0)], &[0, 0], |_| true);
        assert_eq!(taken(&all), 0.0);
    }
}
