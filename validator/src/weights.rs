//! From scores to a row of weights that the chain accepts.
//!
//! The chain wants at least [`Limits::least`] entries, uids that exist and are named once, and no entry above the
//! proportion [`Limits::highest`] of the sum. Within that, weights are proportional to scores: what lies above the
//! highest proportion is cut and goes to the others by their scores.

use std::collections::BTreeMap;

/// What a subnet demands of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Neurons of the subnet: uids are below it.
    pub neurons: u16,
    /// The fewest entries.
    pub least: u16,
    /// The highest weight as a part of the sum, in parts of 65535.
    pub highest: u16,
}

impl Limits {
    /// Entries that a row needs: never more than there are neurons.
    pub fn needed(&self) -> usize {
        usize::from(self.least.min(self.neurons)).max(1)
    }
}

/// A row of weights, ascending by uid. The greatest value is 65535, unless all are 0.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Row {
    /// Targets.
    pub uids: Vec<u16>,
    /// Their weights.
    pub values: Vec<u16>,
}

/// Why no row fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoRow {
    /// Too few neurons can be given weight.
    #[error("the subnet wants {needed} weights, and {there} neurons can be given one")]
    TooFew {
        /// Neurons that can be given weight.
        there: usize,
        /// Entries that the subnet wants.
        needed: usize,
    },
    /// The highest proportion is so low that the weights cannot add up to one.
    #[error(
        "a weight may be at most {highest}/65535 of the sum, which {there} neurons cannot fill"
    )]
    TooLow {
        /// The proportion.
        highest: u16,
        /// Neurons that can be given weight.
        there: usize,
    },
}

/// The row for scores (`uid`, `0..=1`) of all neurons that may be given weight.
///
/// Scores outside `0..=1` are brought inside, what is not a number counts as 0; of a uid that is named twice the first counts, uids
/// that do not exist are left out. Neurons without score are named only where the subnet wants more entries, and get weight only where
/// the highest proportion forces it. **Rounding:** up, so every positive score gets a weight. **Errors:** see [`NoRow`].
pub fn row(scores: &[(u16, f64)], limits: &Limits) -> Result<Row, NoRow> {
    let mut candidates = BTreeMap::new();
    for (uid, score) in scores {
        if *uid < limits.neurons {
            candidates.entry(*uid).or_insert(inside(*score));
        }
    }
    let needed = limits.needed();
    if candidates.len() < needed {
        let there = candidates.len();
        return Err(NoRow::TooFew { there, needed });
    }
    let positive = candidates.values().filter(|score| **score > 0.0).count();
    let values = if positive == 0 {
        candidates.keys().map(|uid| (*uid, 0)).collect()
    } else if fills(positive, limits.highest) {
        capped(&candidates, f64::from(limits.highest) / 65_535.0)
    } else if fills(candidates.len(), limits.highest) {
        spread(&candidates, positive, f64::from(limits.highest) / 65_535.0)
    } else {
        let highest = limits.highest;
        let there = candidates.len();
        return Err(NoRow::TooLow { highest, there });
    };
    Ok(shortened(values, needed))
}

fn inside(score: f64) -> f64 {
    if score.is_nan() {
        0.0
    } else {
        score.clamp(0.0, 1.0)
    }
}

/// Whether so many entries of the highest proportion add up to one.
fn fills(entries: usize, highest: u16) -> bool {
    entries.saturating_mul(usize::from(highest)) >= usize::from(u16::MAX)
}

/// Proportional weights, none above `highest` of the sum: the greatest are cut, the others grow until all add up to one.
fn capped(candidates: &BTreeMap<u16, f64>, highest: f64) -> BTreeMap<u16, u16> {
    let positive = candidates.values().copied().filter(|score| *score > 0.0);
    let mut falling: Vec<f64> = positive.collect();
    falling.sort_by(|a, b| b.total_cmp(a));
    // What a score and all smaller ones add up to; summed from the smallest, for subtracting would lose them.
    let mut sums: Vec<f64> = falling
        .iter()
        .rev()
        .scan(0.0, |sum, score| {
            *sum += score;
            Some(*sum)
        })
        .collect();
    sums.reverse();
    let mut room = 1.0;
    let mut rest = 0.0;
    let mut uncut = falling.len();
    for (score, sum) in falling.iter().zip(&sums) {
        rest = *sum;
        // What is greater than `score` is cut; would `score` be too? The last never is: there is room for all.
        if uncut <= 1 || *score * room <= highest * rest {
            break;
        }
        room -= highest;
        uncut -= 1;
    }
    let greatest = falling.first().copied().unwrap_or(0.0);
    let is_cut = room < 1.0;
    candidates
        .iter()
        .map(|(uid, score)| {
            let share = if !is_cut {
                score / greatest
            } else if *score <= 0.0 {
                0.0
            } else {
                (score * room / rest / highest).min(1.0)
            };
            (*uid, value(share))
        })
        .collect()
}

/// The highest weight for everybody with a score, what is left in equal parts for the others.
fn spread(candidates: &BTreeMap<u16, f64>, positive: usize, highest: f64) -> BTreeMap<u16, u16> {
    let others = candidates.len().saturating_sub(positive) as f64;
    let left = (1.0 - positive as f64 * highest) / others / highest;
    candidates
        .iter()
        .map(|(uid, score)| (*uid, value(if *score > 0.0 { 1.0 } else { left })))
        .collect()
}

/// Parts of the greatest weight, rounded up.
fn value(share: f64) -> u16 {
    // The cast saturates.
    (share * 65_535.0).ceil() as u16
}

/// Everybody with a weight, and as many without as the subnet wants.
fn shortened(values: BTreeMap<u16, u16>, needed: usize) -> Row {
    let weighty = values.values().filter(|value| **value > 0).count();
    let mut fillers = needed.saturating_sub(weighty);
    let mut row = Row::default();
    for (uid, value) in values {
        if value == 0 {
            if fillers == 0 {
                continue;
            }
            fillers -= 1;
        }
        row.uids.push(uid);
        row.values.push(value);
    }
    row
}

#[cfg(test)]
mod tests;
