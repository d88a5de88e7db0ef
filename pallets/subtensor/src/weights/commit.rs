//! Hash commits and reveals (section 10.3 of the consensus).
//!
//! A commit belongs to a hotkey and goes with its uid. The row of a reveal holds what was known when it was
//! committed, so it says nothing about neurons that registered since.

use alloc::vec::Vec;

use dendra_primitives::{MechId, NetUid, NetUidIndex};
use frame_support::ensure;
use sp_core::H256;
use sp_runtime::DispatchResult;

use super::check::Submission;
use crate::{
    AccountId, CommitRevealWeightsEnabled, Config, Error, Event, Pallet, RevealPeriodEpochs, Uids,
    WeightCommits,
    types::{HashCommits, MAX_SALT},
};

/// What a commit hides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reveal {
    /// Targets.
    pub(crate) uids: Vec<u16>,
    /// Their weights.
    pub(crate) values: Vec<u16>,
    /// What makes the hash unguessable.
    pub(crate) salt: Vec<u16>,
    /// Version of the validator's software.
    pub(crate) version_key: u64,
}

impl Reveal {
    /// The row of it.
    pub(crate) fn row(&self) -> Submission<'_> {
        Submission {
            uids: &self.uids,
            values: &self.values,
            version_key: self.version_key,
        }
    }

    /// The hash of the commit of a hotkey on a mechanism; none for a list that no block has room for.
    pub(crate) fn hash(&self, hotkey: &AccountId, index: NetUidIndex) -> Option<H256> {
        let preimage = yuma_consensus::commit_preimage(
            hotkey.as_ref(),
            index.get(),
            &self.uids,
            &self.values,
            &self.salt,
            self.version_key,
        )?;
        Some(H256(sp_io::hashing::blake2_256(&preimage)))
    }
}

/// A commit that a reveal opens: where it stands in the queue, and what the queue knows of it.
struct Match {
    place: usize,
    hash: H256,
    committed_at: u64,
}

impl<T: Config> Pallet<T> {
    /// Whether a commit is possible; the index and the uid of the hotkey.
    pub(crate) fn check_commit(
        hotkey: &AccountId,
        netuid: NetUid,
        mecid: MechId,
    ) -> Result<(NetUidIndex, u16), Error<T>> {
        let index = Self::mechanism(netuid, mecid)?;
        ensure!(
            CommitRevealWeightsEnabled::<T>::get(netuid),
            Error::<T>::CommitRevealDisabled
        );
        let uid = Uids::<T>::get(netuid, hotkey).ok_or(Error::<T>::HotKeyNotRegisteredInSubNet)?;
        ensure!(
            Self::reaches_threshold(hotkey, netuid),
            Error::<T>::NotEnoughStakeToSetWeights
        );
        ensure!(
            Self::may_update(index, uid),
            Error::<T>::CommittingWeightsTooFast
        );
        let open = WeightCommits::<T>::get(index, hotkey).unwrap_or_default();
        let is_full =
            open.is_full() && !open.iter().any(|commit| Self::is_expired(netuid, commit.1));
        ensure!(!is_full, Error::<T>::TooManyUnrevealedCommits);
        Ok((index, uid))
    }

    /// Commits a hotkey to weights. What expired is dropped first.
    pub(crate) fn do_commit(
        hotkey: &AccountId,
        netuid: NetUid,
        mecid: MechId,
        hash: H256,
    ) -> DispatchResult {
        let (index, uid) = Self::check_commit(hotkey, netuid, mecid)?;
        WeightCommits::<T>::try_mutate(index, hotkey, |queue| {
            let queue = queue.get_or_insert_default();
            queue.retain(|commit| !Self::is_expired(netuid, commit.1));
            queue
                .try_push((hash, Self::epoch_number(netuid), Self::block(), 0))
                .map_err(|_| Error::<T>::TooManyUnrevealedCommits)
        })?;
        Self::note_update(index, uid)?;
        Self::deposit_event(Event::WeightsCommitted(hotkey.clone(), index, hash));
        Ok(())
    }

    /// The epoch in which a commit of an epoch is revealed.
    fn reveal_epoch(netuid: NetUid, committed: u64) -> u64 {
        committed.saturating_add(RevealPeriodEpochs::<T>::get(netuid))
    }

    fn is_expired(netuid: NetUid, committed: u64) -> bool {
        Self::epoch_number(netuid) > Self::reveal_epoch(netuid, committed)
    }

    /// Whether a reveal is possible: it matches an open commit, its time has come, and its row meets
    /// conditions 2 to 12 but for the rate.
    pub(crate) fn check_reveal(
        hotkey: &AccountId,
        netuid: NetUid,
        mecid: MechId,
        reveal: &Reveal,
    ) -> Result<(), Error<T>> {
        Self::check_reveals(hotkey, netuid, mecid, core::slice::from_ref(reveal))
    }

    /// Whether several reveals are possible one after the other, each of which uses up a commit.
    pub(crate) fn check_reveals(
        hotkey: &AccountId,
        netuid: NetUid,
        mecid: MechId,
        reveals: &[Reveal],
    ) -> Result<(), Error<T>> {
        let index = Self::mechanism(netuid, mecid)?;
        let mut queue = WeightCommits::<T>::get(index, hotkey).unwrap_or_default();
        for reveal in reveals {
            let opened = Self::find_commit(hotkey, index, &queue, reveal)?;
            Self::check_row(hotkey, netuid, mecid, reveal.row(), false)?;
            queue.remove(opened.place);
        }
        Ok(())
    }

    /// The commit that a reveal opens.
    fn find_commit(
        hotkey: &AccountId,
        index: NetUidIndex,
        queue: &HashCommits,
        reveal: &Reveal,
    ) -> Result<Match, Error<T>> {
        let netuid = index.netuid();
        ensure!(
            CommitRevealWeightsEnabled::<T>::get(netuid),
            Error::<T>::CommitRevealDisabled
        );
        ensure!(
            reveal.salt.len() <= MAX_SALT as usize,
            Error::<T>::SaltTooLong
        );
        ensure!(!queue.is_empty(), Error::<T>::NoWeightsCommitFound);
        let hash = reveal
            .hash(hotkey, index)
            .ok_or(Error::<T>::InvalidRevealCommitHashNotMatch)?;
        // The same hash may stand in several epochs; the one whose time has come is meant.
        let now = Self::epoch_number(netuid);
        let found = queue.iter().position(|(other, epoch, ..)| {
            *other == hash && Self::reveal_epoch(netuid, *epoch) == now
        });
        let Some(place) = found else {
            let other = queue.iter().rev().find(|(other, ..)| *other == hash);
            return Err(match other {
                None => Error::<T>::InvalidRevealCommitHashNotMatch,
                Some((_, epoch, ..)) if Self::is_expired(netuid, *epoch) => {
                    Error::<T>::ExpiredWeightCommit
                }
                Some(_) => Error::<T>::RevealTooEarly,
            });
        };
        let committed_at = queue.get(place).map_or(0, |commit| commit.2);
        Ok(Match {
            place,
            hash,
            committed_at,
        })
    }

    /// Reveals one commit; it and all older ones are gone then.
    pub(crate) fn do_reveal(
        hotkey: &AccountId,
        netuid: NetUid,
        mecid: MechId,
        reveal: Reveal,
    ) -> DispatchResult {
        let index = Self::mechanism(netuid, mecid)?;
        let queue = WeightCommits::<T>::get(index, hotkey).unwrap_or_default();
        let opened = Self::find_commit(hotkey, index, &queue, &reveal)?;
        Self::apply_reveal(hotkey, netuid, mecid, &reveal, &opened)?;
        // The queue is in the order of commits, also of those of one block. No longer than it was.
        let newer = queue.into_iter().skip(opened.place.saturating_add(1));
        Self::store_queue(hotkey, index, HashCommits::truncate_from(newer.collect()));
        Ok(())
    }

    /// Reveals one commit of several and leaves the others.
    pub(crate) fn reveal_among(
        hotkey: &AccountId,
        netuid: NetUid,
        mecid: MechId,
        reveal: &Reveal,
    ) -> DispatchResult {
        let index = Self::mechanism(netuid, mecid)?;
        let mut queue = WeightCommits::<T>::get(index, hotkey).unwrap_or_default();
        let opened = Self::find_commit(hotkey, index, &queue, reveal)?;
        Self::apply_reveal(hotkey, netuid, mecid, reveal, &opened)?;
        queue.remove(opened.place);
        Self::store_queue(hotkey, index, queue);
        Ok(())
    }

    fn apply_reveal(
        hotkey: &AccountId,
        netuid: NetUid,
        mecid: MechId,
        reveal: &Reveal,
        opened: &Match,
    ) -> DispatchResult {
        let (index, uid) = Self::check_row(hotkey, netuid, mecid, reveal.row(), false)?;
        Self::write_row(
            index,
            uid,
            &reveal.uids,
            &reveal.values,
            opened.committed_at,
        )?;
        Self::deposit_event(Event::WeightsRevealed(hotkey.clone(), index, opened.hash));
        Ok(())
    }

    fn store_queue(hotkey: &AccountId, index: NetUidIndex, queue: HashCommits) {
        if queue.is_empty() {
            WeightCommits::<T>::remove(index, hotkey);
        } else {
            WeightCommits::<T>::insert(index, hotkey, queue);
        }
    }
}
