//! Stake-weighted median of a column (section 5.2).
//!
//! The definition asks for the lowest score `w` such that the stake of all scores up to `w` exceeds
//! `μ = Σs − κ`. Taking the complement, it is the lowest score such that the stake *above* it is less
//! than κ: walking down from the highest score and adding stake, it is the score where the sum reaches
//! κ. In this form absent entries, whose score is 0, need not be visited.
//!
//! Nothing is sorted. Scores are counted into 256 buckets of equal width between the lowest and the
//! highest, the bucket that holds the answer is kept and split again. A round removes 8 of at most 33
//! bits, so 5 rounds end the search whatever scores were submitted: a column costs time linear in its
//! length even if its voters conspire to make it slow.

#![allow(
    clippy::arithmetic_side_effects,
    reason = "sums of votes are at most 2^48, shifts at most 25, and `needed` only loses smaller parts"
)]

use crate::buffer::{Buffer, Slots};

/// A score and the stake behind it, in bits of proportions.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Ballot {
    pub(crate) score: u64,
    pub(crate) vote: u64,
}

/// Who votes, and how much of it decides.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Electorate {
    /// `κ`, in bits.
    pub(crate) kappa: u64,
    /// Size of `V`: the number of neurons with a vote.
    pub(crate) members: usize,
}

/// Number of ballots that are sorted instead of counted into buckets.
const FEW: usize = 16;

/// Ballots of one column, with memory that is reused for the next.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ballots {
    cast: Buffer<Ballot>,
    support: u64,
    lowest: u64,
    highest: u64,
}

/// Where the ballots of a column are cast.
pub(crate) struct Booth<'a, 'b> {
    slots: &'a mut Slots<'b, Ballot>,
    support: u64,
    lowest: u64,
    highest: u64,
}

impl Booth<'_, '_> {
    /// Counts a positive score; a voter without a vote has no say.
    #[inline(always)]
    pub(crate) fn cast(&mut self, score: u64, vote: u64) {
        if vote != 0 {
            self.slots.push(Ballot { score, vote });
            self.support += vote;
            self.lowest = self.lowest.min(score);
            self.highest = self.highest.max(score);
        }
    }
}

impl Ballots {
    /// Starts a column of at most `voters` ballots and lets `vote` cast them.
    #[inline(always)]
    pub(crate) fn cast(&mut self, voters: usize, vote: impl FnOnce(&mut Booth<'_, '_>)) {
        (self.support, self.lowest, self.highest) = self.cast.fill(voters, |slots| {
            let mut booth = Booth {
                slots,
                support: 0,
                lowest: u64::MAX,
                highest: 0,
            };
            vote(&mut booth);
            (booth.support, booth.lowest, booth.highest)
        });
    }

    /// `C_j` of the ballots cast, in bits. Voters of the electorate without a ballot score 0.
    pub(crate) fn consensus(&mut self, electorate: Electorate) -> u64 {
        if self.cast.items().is_empty() {
            return 0;
        }
        if electorate.kappa == 0 {
            // μ = Σs: no score qualifies, the highest one stands.
            return self.highest;
        }
        if self.support < electorate.kappa {
            // The sum never reaches κ: the lowest score, which is 0 unless everybody gave one.
            return if self.cast.items().len() == electorate.members {
                self.lowest
            } else {
                0
            };
        }
        self.select(electorate.kappa)
    }

    /// The score at which the votes, added from the highest score down, reach `needed`.
    fn select(&mut self, mut needed: u64) -> u64 {
        let mut histogram = [0_u64; 256];
        while self.lowest < self.highest {
            if self.cast.items().len() <= FEW {
                return self.walk(needed);
            }
            let lowest = self.lowest;
            let shift = (self.highest - lowest).ilog2().saturating_sub(7);
            let bucket = |ballot: &Ballot| (((ballot.score - lowest) >> shift) & 255) as usize;

            histogram.fill(0);
            for ballot in self.cast.items() {
                if let Some(sum) = histogram.get_mut(bucket(ballot)) {
                    *sum += ballot.vote;
                }
            }
            let mut chosen = 0;
            for (index, &sum) in histogram.iter().enumerate().rev() {
                if sum >= needed {
                    chosen = index;
                    break;
                }
                needed -= sum;
            }
            let (mut low, mut high) = (u64::MAX, 0);
            self.cast.retain(|ballot| {
                let keep = bucket(ballot) == chosen;
                if keep {
                    low = low.min(ballot.score);
                    high = high.max(ballot.score);
                }
                keep
            });
            self.lowest = low;
            self.highest = high;
        }
        self.highest
    }

    /// The same by sorting, for few ballots.
    fn walk(&mut self, mut needed: u64) -> u64 {
        self.cast
            .items_mut()
            .sort_unstable_by_key(|ballot| core::cmp::Reverse(ballot.score));
        for ballot in self.cast.items() {
            if ballot.vote >= needed {
                return ballot.score;
            }
            needed -= ballot.vote;
        }
        self.lowest
    }

    /// Bytes held.
    pub(crate) fn bytes(&self) -> usize {
        self.cast.bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixed::ONE;

    fn bits(value: f64) -> u64 {
        (value * ONE as f64).round() as u64
    }

    /// `stakes` need not add up to one: the majority is absolute, as in section 11.7.
    fn median(stakes: &[f64], scores: &[f64], kappa: f64) -> u64 {
        let mut ballots = Ballots::default();
        let voters = stakes.iter().zip(scores).filter(|(stake, _)| **stake > 0.0);
        ballots.cast(stakes.len(), |booth| {
            for (&stake, &score) in voters.clone().filter(|(_, score)| **score > 0.0) {
                booth.cast(bits(score), bits(stake));
            }
        });
        ballots.consensus(Electorate {
            kappa: bits(kappa),
            members: voters.count(),
        })
    }

    #[test]
    fn golden_11_7_scores() {
        let fifth = [0.2; 5];
        let tenth = [0.1; 10];
        let cases: [(&[f64], &[f64], f64); 10] = [
            (&[], &[], 0.0),
            (&[0.51], &[1.0], 1.0),
            (&[0.49, 0.51], &[0.5, 1.0], 1.0),
            (&[0.51, 0.49], &[0.5, 1.0], 0.5),
            (&[0.49, 0.0, 0.51], &[0.5, 0.7, 1.0], 1.0),
            (&[0.49, 0.01, 0.5], &[0.5, 0.7, 1.0], 0.7),
            (&[0.49, 0.51, 0.0], &[0.5, 0.7, 1.0], 0.7),
            (&[0.0, 0.49, 0.51], &[0.5, 0.7, 1.0], 1.0),
            (&fifth, &[0.8, 0.2, 1.0, 0.6, 0.4], 0.6),
            (
                &tenth,
                &[0.8, 0.8, 0.2, 0.2, 1.0, 1.0, 0.6, 0.6, 0.4, 0.4],
                0.6,
            ),
        ];
        for (stakes, scores, expected) in cases {
            assert_eq!(
                median(stakes, scores, 0.51),
                bits(expected),
                "{stakes:?} {scores:?}"
            );
        }
    }

    #[test]
    fn golden_11_7_columns() {
        let columns = |stakes: [f64; 4], rows: [[f64; 3]; 4], kappa| {
            [0, 1, 2].map(|column| median(&stakes, &rows.map(|row| row[column]), kappa))
        };
        let mut rows = [
            [0.0, 0.1, 0.0],
            [0.0, 0.2, 0.4],
            [0.0, 0.3, 0.1],
            [0.0, 0.4, 0.5],
        ];
        let stakes = [0.0, 0.75, 0.25, 0.0];
        assert_eq!(columns(stakes, rows, 0.24), [0.0, 0.3, 0.4].map(bits));
        assert_eq!(columns(stakes, rows, 0.26), [0.0, 0.2, 0.4].map(bits));
        assert_eq!(columns(stakes, rows, 0.76), [0.0, 0.2, 0.1].map(bits));
        rows[3] = [0.0, 0.0, 0.5];
        assert_eq!(
            columns([0.0, 0.3, 0.2, 0.5], rows, 0.51),
            [0.0, 0.0, 0.4].map(bits)
        );
    }

    #[test]
    fn stake_of_exactly_kappa_carries_a_score() {
        // A quarter abstains, three quarters support 0.1, half of the stake supports 0.2.
        let consensus = |kappa| median(&[0.25, 0.25, 0.5], &[0.0, 0.1, 0.2], kappa);
        assert_eq!(consensus(0.5), bits(0.2));
        assert_eq!(consensus(0.75), bits(0.1));
        assert_eq!(consensus(0.76), 0);
    }

    /// The definition of section 5.2 on all scores, zeros included.
    fn by_definition(ballots: &[(u64, u64)], kappa: u64) -> u64 {
        let total: u64 = ballots.iter().map(|ballot| ballot.1).sum();
        let mu = total as i64 - kappa as i64;
        let up_to = |w: u64| -> u64 {
            ballots
                .iter()
                .filter(|ballot| ballot.0 <= w)
                .map(|ballot| ballot.1)
                .sum()
        };
        let scores = || ballots.iter().map(|ballot| ballot.0);
        scores()
            .filter(|&w| up_to(w) as i64 > mu)
            .min()
            .or(scores().max())
            .unwrap_or(0)
    }

    #[test]
    fn selection_follows_the_definition_on_clustered_and_spread_scores() {
        let mut state = 88_172_645_463_325_252_u64;
        let mut next = move || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state
        };
        let mut reused = Ballots::default();
        for round in 0..6_000 {
            let count = next() % if round % 4 == 0 { 400 } else { 40 };
            let spread = next() % 34;
            let base = if next() % 2 == 0 { 0 } else { next() % ONE };
            let ballots: Vec<_> = (0..count)
                .map(|_| {
                    let score = (base + (next() & ((1 << spread) - 1))).min(ONE);
                    (
                        if next() % 8 == 0 { 0 } else { score },
                        1 + next() % (ONE / 400),
                    )
                })
                .collect();
            let total: u64 = ballots.iter().map(|ballot| ballot.1).sum();
            let kappa = match next() % 8 {
                0 => 0,
                // Exactly the stake that supports some score.
                4 | 5 if count > 0 => {
                    let level = ballots[(next() % count) as usize].0;
                    ballots
                        .iter()
                        .filter(|ballot| ballot.0 >= level)
                        .map(|ballot| ballot.1)
                        .sum()
                }
                1 => ONE,
                2 => total,
                3 => total + 1,
                _ => next() % (total + 1),
            }
            .min(ONE);
            reused.cast(ballots.len(), |booth| {
                for &(score, vote) in ballots.iter().filter(|ballot| ballot.0 > 0) {
                    booth.cast(score, vote);
                }
            });
            let found = reused.consensus(Electorate {
                kappa,
                members: ballots.len(),
            });
            assert_eq!(found, by_definition(&ballots, kappa));
        }
    }

    /// Scores that halve toward the lowest one keep most ballots in the last bucket of each round.
    #[test]
    fn hostile_scores_cannot_prolong_the_search() {
        let mut ballots = Ballots::default();
        ballots.cast(10_000, |booth| {
            for index in 0..10_000_u64 {
                booth.cast(1 + ((ONE - 1) >> (index % 33)) + index % 3, 1);
            }
        });
        let electorate = Electorate {
            kappa: 9_999,
            members: 10_000,
        };
        let all: Vec<_> = ballots
            .cast
            .items()
            .iter()
            .map(|ballot| (ballot.score, ballot.vote))
            .collect();
        assert_eq!(ballots.consensus(electorate), by_definition(&all, 9_999));
    }
}
