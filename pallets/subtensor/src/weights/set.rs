//! Setting weights in the open, and writing the row of a reveal.

use alloc::vec::Vec;

use dendra_primitives::{MechId, NetUid, NetUidIndex};
use sp_runtime::{DispatchError, DispatchResult};

use super::check::Submission;
use crate::{
    AccountId, Config, Error, Event, LastUpdate, Pallet, Weights, WeightsFrom, neurons::put,
    types::Row,
};

impl<T: Config> Pallet<T> {
    /// Sets the weights of a hotkey on a mechanism.
    pub(crate) fn do_set_weights(
        hotkey: &AccountId,
        netuid: NetUid,
        mecid: MechId,
        uids: Vec<u16>,
        values: Vec<u16>,
        version_key: u64,
    ) -> DispatchResult {
        let row = Submission {
            uids: &uids,
            values: &values,
            version_key,
        };
        let (index, uid) = Self::check_set_weights(hotkey, netuid, mecid, row)?;
        let now = Self::block();
        Self::write_row(index, uid, &uids, &values, now)?;
        Self::note_update(index, uid)?;
        Self::deposit_event(Event::WeightsSet(index, uid));
        Ok(())
    }

    /// Writes a row that holds what was known at a block. The greatest value becomes 65535; order and
    /// zeros stay.
    pub(crate) fn write_row(
        index: NetUidIndex,
        uid: u16,
        uids: &[u16],
        values: &[u16],
        known_at: u64,
    ) -> DispatchResult {
        let row: Vec<(u16, u16)> = uids
            .iter()
            .copied()
            .zip(yuma_consensus::max_upscale(values))
            .collect();
        let row = Row::try_from(row).map_err(|_| Error::<T>::UidsLengthExceedUidsInSubNet)?;
        Weights::<T>::insert(index, uid, row);
        WeightsFrom::<T>::try_mutate(index, |column| put(column, uid, known_at))
    }

    /// Notes that a neuron set weights or committed to some.
    pub(crate) fn note_update(index: NetUidIndex, uid: u16) -> Result<(), DispatchError> {
        let now = Self::block();
        LastUpdate::<T>::try_mutate(index, |column| put(column, uid, now))
    }
}
