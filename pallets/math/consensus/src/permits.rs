//! Validator permits for the next epoch (section 4.3).

use alloc::vec::Vec;

use crate::fixed::Proportion;

/// `P'`: neurons with stake, the `limit` best of them if there are at least `limit` neurons. On equal
/// stake the higher uid wins. The owner always has one, beyond the limit if need be.
///
/// **Complexity**: linear; the boundary is selected, nothing is sorted.
pub(crate) fn next_permits(
    stake: &[Proportion],
    limit: u16,
    owner: Option<usize>,
    keys: &mut Vec<u64>,
) -> Vec<bool> {
    // A stake has 33 bits and a uid 16: one key orders both, uid last.
    let key = |index: usize, share: Proportion| (share.to_bits() << 16) | index as u64;
    let cleared = stake.len().saturating_sub(usize::from(limit));
    let mut lowest = 0;
    if cleared > 0 {
        keys.clear();
        keys.extend(
            stake
                .iter()
                .enumerate()
                .map(|(index, &share)| key(index, share)),
        );
        lowest = if cleared == keys.len() {
            u64::MAX
        } else {
            *keys.select_nth_unstable(cleared).1
        };
    }
    stake
        .iter()
        .enumerate()
        .map(|(index, &share)| {
            let elected = share > Proportion::ZERO && key(index, share) >= lowest;
            elected || owner == Some(index)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn permits(stake: &[u64], limit: u16, owner: Option<usize>) -> Vec<bool> {
        let stake: Vec<_> = stake
            .iter()
            .map(|&part| Proportion::ratio(part, 100))
            .collect();
        next_permits(&stake, limit, owner, &mut Vec::new())
    }

    #[test]
    fn the_higher_uid_wins_a_tie() {
        assert_eq!(permits(&[5, 5, 5, 5], 2, None), [false, false, true, true]);
        assert_eq!(permits(&[5, 9, 5, 5], 2, None), [false, true, false, true]);
    }

    #[test]
    fn stake_is_needed_whatever_the_limit() {
        assert_eq!(permits(&[0, 1, 0], 64, None), [false, true, false]);
        assert_eq!(permits(&[0, 1, 0], 3, None), [false, true, false]);
        assert_eq!(permits(&[0, 1, 0], 2, None), [false, true, false]);
    }

    #[test]
    fn the_owner_comes_on_top_of_the_limit() {
        assert_eq!(permits(&[0, 1, 2], 1, Some(0)), [true, false, true]);
        assert_eq!(permits(&[1, 1], 0, None), [false, false]);
        assert_eq!(permits(&[1, 1], 0, Some(1)), [false, true]);
    }
}
