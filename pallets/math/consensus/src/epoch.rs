//! One epoch of one mechanism, from stored state to stored results (sections 4 to 8).

#![allow(
    clippy::arithmetic_side_effects,
    reason = "row sums stay below 2^32, ranks and trust at most at 1, room for rows below 2^32"
)]

use alloc::vec::Vec;

use crate::bonds::{self, Growth, Ledger, Motion};
use crate::buffer::Buffer;
use crate::columns::{Columns, Writer};
use crate::divisor::RowSum;
use crate::emission;
use crate::error::{ConsensusError, Matrix};
use crate::fixed::{Proportion, mul, normalise};
use crate::input::{BondRule, EpochInput};
use crate::liquid::LiquidRate;
use crate::median::{Ballots, Electorate};
use crate::permits::next_permits;
use crate::rows::SparseRows;
use crate::stake::{active_stake, is_active, normalised_stake};
use crate::voter::{BondCell, Voter, VoterIndex, WeightCell};

/// Results of an epoch in the form in which they are stored (section 8).
///
/// **Shape**: one element per neuron, in order of uid. **Unit**: `u16` values are `⌊x·65535⌋` of a
/// proportion, amounts are in the smallest token unit, rounded down.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EpochOutput {
    /// Has the neuron updated within the activity cutoff?
    pub active: Vec<bool>,
    /// Permits for the next epoch (`P'`).
    pub permits: Vec<bool>,
    /// Normalised stake (`S`).
    pub stake: Vec<u16>,
    /// Consensus weight of each target (`C`).
    pub consensus: Vec<u16>,
    /// Incentive (`I`).
    pub incentive: Vec<u16>,
    /// Dividends (`D`).
    pub dividends: Vec<u16>,
    /// Sum of the clipped weights of each validator (`VT`).
    pub validator_trust: Vec<u16>,
    /// Combined amount.
    pub emission: Vec<u64>,
    /// Amount earned as a server.
    pub server_emission: Vec<u64>,
    /// Amount earned as a validator.
    pub validator_emission: Vec<u64>,
    /// Bonds to store: a row per neuron, empty without a new permit, ascending by uid, no zeros.
    pub bonds: SparseRows,
}

/// Working memory of an epoch, kept between epochs so that a warm one allocates only its results.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    stake: Vec<Proportion>,
    active: Vec<Proportion>,
    votes: Vec<Proportion>,
    consensus: Vec<Proportion>,
    incentive: Vec<Proportion>,
    dividends: Vec<Proportion>,
    order: Vec<u64>,
    voters: Vec<Voter>,
    row: Buffer<(u16, u16)>,
    weights: Columns<WeightCell>,
    bonds: Columns<BondCell>,
    ballots: Ballots,
    growth: Buffer<Growth>,
    ledger: Vec<(u16, u16)>,
}

impl Scratch {
    /// Nothing allocated yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Bytes held at present.
    pub fn bytes(&self) -> usize {
        let proportions = [
            &self.stake,
            &self.active,
            &self.votes,
            &self.consensus,
            &self.incentive,
            &self.dividends,
        ];
        let per_neuron: usize = proportions.into_iter().map(Vec::capacity).sum();
        per_neuron * size_of::<Proportion>()
            + self.order.capacity() * size_of::<u64>()
            + self.voters.capacity() * size_of::<Voter>()
            + self.ledger.capacity() * size_of::<(u16, u16)>()
            + self.row.bytes()
            + self.growth.bytes()
            + self.weights.bytes()
            + self.bonds.bytes()
            + self.ballots.bytes()
    }
}

/// Runs an epoch.
///
/// **Complexity**: linear in the number of neurons, of rows and of entries, whatever the entries
/// are; see [`cost`](crate::cost). **Errors**: an input that does not fit together, parameters out of
/// range, a row that names a target twice. Nothing panics and nothing is truncated silently.
pub fn epoch(input: &EpochInput<'_>, scratch: &mut Scratch) -> Result<EpochOutput, ConsensusError> {
    input.check()?;
    let parameters = &input.hyperparameters;
    let fixed_rate = parameters.fixed_rate()?;
    let liquid = match parameters.bond_rule {
        BondRule::Yuma3 {
            liquid: Some(liquid),
        } => Some(LiquidRate::new(liquid)?),
        _ => None,
    };
    let owner = input.owner.map(|uid| uid.index());

    // Section 4: stake, permits, active stake.
    normalised_stake(
        input.stake,
        parameters.stake_threshold,
        owner,
        &mut scratch.stake,
    );
    let permits = next_permits(
        &scratch.stake,
        parameters.max_validators,
        owner,
        &mut scratch.order,
    );
    let active: Vec<bool> = input
        .last_update
        .iter()
        .map(|&update| is_active(update, parameters.activity_cutoff, input.block))
        .collect();
    active_stake(
        &scratch.stake,
        &active,
        held_permits(input),
        &mut scratch.active,
    );
    scratch.votes.clone_from(&scratch.active);
    normalise(&mut scratch.votes);

    // Section 5: weights by column, consensus, ranks, trust.
    enroll(input, &permits, scratch);
    load_weights(input, scratch);
    load_bonds(input, scratch);
    judge(Proportion::from_u16(parameters.kappa), scratch)?;

    // Section 6: bonds and dividends.
    let any_consensus = scratch
        .consensus
        .iter()
        .any(|&share| share > Proportion::ZERO);
    let motion = match (parameters.bond_rule, liquid) {
        (BondRule::Yuma2, _) => Motion::Shared { alpha: fixed_rate },
        (BondRule::Yuma3 { .. }, Some(rate)) if any_consensus => Motion::Liquid(rate),
        (BondRule::Yuma3 { .. }, _) => Motion::Fixed { alpha: fixed_rate },
    };
    bonds::advance(
        motion,
        Proportion::from_u16(parameters.bonds_penalty).to_bits(),
        &scratch.weights,
        &scratch.bonds,
        (&scratch.consensus, &scratch.incentive),
        &mut scratch.growth,
        &mut Ledger {
            voters: &mut scratch.voters,
            entries: &mut scratch.ledger,
        },
    )?;
    pay_dividends(parameters.bond_rule, scratch);

    // Sections 7 and 8: amounts, stored forms.
    let amounts = emission::divide(
        input.emission,
        &scratch.incentive,
        &scratch.dividends,
        &scratch.active,
        &scratch.stake,
    );
    Ok(EpochOutput {
        active,
        permits,
        stake: quantised(&scratch.stake),
        consensus: quantised(&scratch.consensus),
        incentive: quantised(&scratch.incentive),
        dividends: quantised(&scratch.dividends),
        validator_trust: trust(scratch),
        emission: amounts.combined,
        server_emission: amounts.server,
        validator_emission: amounts.validator,
        bonds: bond_rows(scratch)?,
    })
}

/// `P`: the permits of the previous epoch, the owner's forced (section 4.3).
fn held_permits(input: &EpochInput<'_>) -> impl Iterator<Item = bool> {
    let owner = input.owner.map(|uid| uid.index());
    input
        .permits
        .iter()
        .enumerate()
        .map(move |(index, &held)| held || owner == Some(index))
}

/// Unused entries between the rows of the ledger.
///
/// A column appends to all rows in turn; as in [`Columns`], places a power of two apart would compete
/// for the same cache sets. 17 entries are one cache line and a bit.
pub(crate) const LEDGER_GAP: usize = 17;

/// Lists the voters: neurons with a row of weights that counts or with a row of bonds. Each gets
/// room in the ledger for the union of both rows if its bonds will be stored.
fn enroll(input: &EpochInput<'_>, permits: &[bool], scratch: &mut Scratch) {
    let neurons = input.neurons();
    let rows = input
        .weights
        .iter()
        .zip(input.bonds.iter())
        .zip(held_permits(input));
    let stakes = scratch.active.iter().zip(&scratch.votes).zip(permits);
    let mut room = 0_usize;
    scratch.voters.clear();
    for (uid, (((weights, bonds), held), ((active, vote), &keeps))) in
        (0_u32..).zip(rows.zip(stakes))
    {
        let weights = if held { weights.len() } else { 0 };
        if weights + bonds.len() == 0 {
            continue;
        }
        let start = room;
        if keeps {
            // A row has no more entries than there are columns.
            room += (weights + bonds.len()).min(neurons);
        }
        scratch.voters.push(Voter {
            active: active.to_bits(),
            vote: vote.to_bits(),
            trust: 0,
            income: 0,
            start: start as u32,
            cursor: start as u32,
            end: room as u32,
            uid: uid as u16,
        });
        room += LEDGER_GAP;
    }
    if scratch.ledger.len() < room {
        scratch.ledger.clear();
        scratch.ledger.reserve_exact(room);
        scratch.ledger.resize(room, (0, 0));
    }
}

/// Turns the rows of permitted validators into columns of normalised weights, with the masks of
/// section 5.1. Entries of value 0 say nothing and are left out.
fn load_weights(input: &EpochInput<'_>, scratch: &mut Scratch) {
    let Scratch {
        voters,
        weights,
        row: kept,
        ..
    } = scratch;
    let owner = input.owner.map(|uid| uid.0);
    let rows = || {
        voters.iter().zip(0_usize..).filter_map(|(voter, index)| {
            let uid = usize::from(voter.uid);
            let held = input.permits.get(uid) == Some(&true) || owner == Some(voter.uid);
            held.then(|| (index as VoterIndex, voter.uid, input.weights.row(uid)))
        })
    };
    let mut counts = weights.count(input.neurons());
    for (_, _, row) in rows() {
        counts.add(row);
    }
    let mut writer = weights.write();
    for (index, uid, row) in rows() {
        let mask = Mask {
            registered_at: input.registered_at,
            newest: newest_target(input, usize::from(uid)),
            skipped: if owner == Some(uid) { None } else { Some(uid) },
        };
        let sum = mask.apply(row, kept);
        // A row of zeros has no sum and no entries.
        if let Some(sum) = RowSum::new(sum) {
            normalise_row(index, kept.items(), sum, &mut writer);
        }
    }
}

/// The masks of a row of weights (section 5.1).
struct Mask<'a> {
    registered_at: &'a [u64],
    /// Targets registered at this block or later do not count.
    newest: u64,
    /// The row's own uid, unless self-weights count.
    skipped: Option<u16>,
}

impl Mask<'_> {
    /// Keeps what counts of a row and returns its sum.
    #[inline(never)]
    fn apply(&self, row: &[(u16, u16)], kept: &mut Buffer<(u16, u16)>) -> u64 {
        let &Self {
            registered_at,
            newest,
            skipped,
        } = self;
        // A uid that no target has stands for none.
        let skipped = skipped.map_or(u32::MAX, u32::from);
        kept.fill(row.len(), |slots| {
            let mut sum = 0_u64;
            for &(target, value) in row {
                if let Some(&registered) = registered_at.get(usize::from(target))
                    && (registered < newest) & (value != 0) & (u32::from(target) != skipped)
                {
                    slots.push((target, value));
                    sum += u64::from(value);
                }
            }
            sum
        })
    }
}

/// Writes the entries of a row into their columns, divided by their sum.
#[inline(never)]
fn normalise_row(
    index: VoterIndex,
    row: &[(u16, u16)],
    sum: RowSum,
    columns: &mut Writer<'_, WeightCell>,
) {
    columns.extend(
        row.iter()
            .map(|&(target, value)| (target, WeightCell::new(index, sum.divide(value)))),
    );
}

/// Targets count for this row if they were registered before the block returned: before the row's
/// last update, and not after its first open commit (masks 3 and 4 of section 5.1).
fn newest_target(input: &EpochInput<'_>, uid: usize) -> u64 {
    let update = input.last_update.get(uid).copied().unwrap_or(0);
    match input.first_commit.get(uid) {
        Some(&Some(commit)) => update.min(commit.saturating_add(1)),
        _ => update,
    }
}

/// Turns the rows of bonds into columns, leaving out those of stale columns (section 6.2).
fn load_bonds(input: &EpochInput<'_>, scratch: &mut Scratch) {
    let Scratch { voters, bonds, .. } = scratch;
    let since = if input.last_step_block == 0 {
        input
            .block
            .saturating_sub(u64::from(input.hyperparameters.tempo))
    } else {
        input.last_step_block.saturating_add(1)
    };
    let mut counts = bonds.count(input.neurons());
    counts.add(input.bonds.entries());
    let mut writer = bonds.write();
    for (voter, index) in voters.iter().zip(0_usize..) {
        let row = input.bonds.row(usize::from(voter.uid));
        write_bonds(
            index as VoterIndex,
            row,
            (input.registered_at, since),
            &mut writer,
        );
    }
}

/// Writes the bonds toward targets that were registered before `since` into their columns.
#[inline(never)]
fn write_bonds(
    index: VoterIndex,
    row: &[(u16, u16)],
    (registered_at, since): (&[u64], u64),
    columns: &mut Writer<'_, BondCell>,
) {
    columns.extend(row.iter().filter_map(|&(target, value)| {
        let &registered = registered_at.get(usize::from(target))?;
        ((registered < since) & (value != 0)).then(|| (target, BondCell::new(index, value)))
    }));
}

/// Finds the consensus of every column, clips, and adds up ranks and trust; the ranks become the
/// incentive (sections 5.2 and 5.3).
fn judge(kappa: Proportion, scratch: &mut Scratch) -> Result<(), ConsensusError> {
    let Scratch {
        voters,
        weights,
        ballots,
        consensus,
        incentive,
        votes,
        ..
    } = scratch;
    let electorate = Electorate {
        kappa: kappa.to_bits(),
        members: votes
            .iter()
            .filter(|&&vote| vote > Proportion::ZERO)
            .count(),
    };
    consensus.clear();
    incentive.clear();
    let voters = voters.as_mut_slice();
    for (target, column) in (0_u32..).zip(weights.iter()) {
        if let Some(voter) = bonds::repeated(column.iter().map(|cell| cell.voter())) {
            return Err(ConsensusError::DuplicateTarget {
                matrix: Matrix::Weights,
                row: voters.get(usize::from(voter)).map_or(0, |voter| voter.uid),
                target: target as u16,
            });
        }
        collect_ballots(column, voters, ballots);
        let score = ballots.consensus(electorate);
        let rank = if score > 0 {
            clip(column, score, voters)
        } else {
            0
        };
        consensus.push(Proportion::from_bits_bounded(score));
        incentive.push(Proportion::from_bits_bounded(rank));
    }
    normalise(incentive);
    Ok(())
}

/// The scores of a column, with the votes behind them.
#[inline(never)]
fn collect_ballots(column: &[WeightCell], voters: &[Voter], ballots: &mut Ballots) {
    ballots.cast(column.len(), |booth| {
        for cell in column {
            if let Some(voter) = voters.get(usize::from(cell.voter())) {
                booth.cast(cell.weight(), voter.vote);
            }
        }
    });
}

/// `W̄ = min(W, C)`: adds it to the trust of its voter and, times the active stake, to the rank.
#[inline(never)]
fn clip(column: &[WeightCell], consensus: u64, voters: &mut [Voter]) -> u64 {
    let mut rank = 0;
    for cell in column {
        if let Some(voter) = voters.get_mut(usize::from(cell.voter())) {
            let clipped = cell.weight().min(consensus);
            voter.trust += clipped;
            rank += mul(voter.active, clipped);
        }
    }
    rank
}

/// `D`: the incomes of the voters, weighted by active stake in Yuma3, normalised.
fn pay_dividends(rule: BondRule, scratch: &mut Scratch) {
    let Scratch {
        voters,
        dividends,
        stake,
        ..
    } = scratch;
    dividends.clear();
    dividends.resize(stake.len(), Proportion::ZERO);
    for voter in voters.iter() {
        let earned = match rule {
            BondRule::Yuma2 => voter.income,
            BondRule::Yuma3 { .. } => mul(voter.income, voter.active),
        };
        if let Some(share) = dividends.get_mut(usize::from(voter.uid)) {
            *share = Proportion::from_bits_bounded(earned);
        }
    }
    normalise(dividends);
}

/// `VT` in its stored form.
fn trust(scratch: &Scratch) -> Vec<u16> {
    let mut trust = alloc::vec![0; scratch.stake.len()];
    for voter in &scratch.voters {
        if let Some(slot) = trust.get_mut(usize::from(voter.uid)) {
            *slot = Proportion::from_bits_bounded(voter.trust).quantise();
        }
    }
    trust
}

/// The rows of the ledger, one per neuron.
fn bond_rows(scratch: &Scratch) -> Result<SparseRows, ConsensusError> {
    let Scratch {
        voters,
        ledger,
        stake,
        ..
    } = scratch;
    let row = |voter: &Voter| {
        ledger
            .get(voter.start as usize..voter.cursor as usize)
            .unwrap_or_default()
    };
    let entries = voters.iter().map(|voter| row(voter).len()).sum();
    let mut rows = SparseRows::with_capacity(stake.len(), entries);
    let mut voters = voters.iter().peekable();
    for uid in 0..stake.len() {
        let voter = voters.next_if(|voter| usize::from(voter.uid) == uid);
        rows.push_row(voter.map_or(&[], row))?;
    }
    Ok(rows)
}

fn quantised(values: &[Proportion]) -> Vec<u16> {
    values.iter().map(|value| value.quantise()).collect()
}

const _: () = assert!(size_of::<Voter>() == 48 && size_of::<WeightCell>() == 8);
