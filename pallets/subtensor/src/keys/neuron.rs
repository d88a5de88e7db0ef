//! A neuron under another hotkey: same uid, same age, same rows.

use alloc::vec::Vec;

use dendra_primitives::{NetUid, NetUidIndex};
use sp_runtime::DispatchResult;

use super::{Succession, Tally};
use crate::{
    Axons, BlockAtRegistration, Config, IsNetworkMember, NeuronCertificates, NeuronRecords, Pallet,
    Prometheus, TimelockedWeightCommits, Uids, WeightCommits,
};

/// Items that a neuron has by its hotkey.
const ITEMS: u32 = 10;

impl<T: Config> Pallet<T> {
    /// Moves what is kept by hotkey about a neuron; nothing if there is none.
    ///
    /// Open commits move too, so that a swap does not make room for more of them. The hash of a commit names the
    /// hotkey that made it, so it cannot be revealed any more.
    pub(super) fn move_neuron(
        keys: Succession,
        netuid: NetUid,
        tally: &mut Tally,
    ) -> DispatchResult {
        let Succession { old, new } = keys;
        let Some(uid) = Uids::<T>::take(netuid, old) else {
            return Ok(());
        };
        tally.moving::<T>(ITEMS)?;
        tally.rewriting::<T>(Self::holders_as_keys(netuid))?;
        let registered_at = BlockAtRegistration::<T>::get(netuid, uid);
        Self::write_holder(netuid, uid, new, registered_at)?;
        Uids::<T>::insert(netuid, new, uid);
        IsNetworkMember::<T>::remove(old, netuid);
        IsNetworkMember::<T>::insert(new, netuid, true);
        // The new hotkey has no uid, hence none of these.
        Axons::<T>::swap(netuid, old, netuid, new);
        Prometheus::<T>::swap(netuid, old, netuid, new);
        NeuronCertificates::<T>::swap(netuid, old, netuid, new);
        for index in Self::mechanisms(netuid) {
            tally.moving::<T>(1)?;
            WeightCommits::<T>::swap(index, old, index, new);
            Self::move_timelocked(keys, index, tally)?;
        }
        T::Records::rename(netuid, old, new);
        Ok(())
    }

    /// Renames the author of timelocked commits.
    fn move_timelocked(keys: Succession, index: NetUidIndex, tally: &mut Tally) -> DispatchResult {
        let mut epochs = Vec::new();
        for epoch in TimelockedWeightCommits::<T>::iter_key_prefix(index) {
            tally.seeing::<T>(1)?;
            epochs.push(epoch);
        }
        for epoch in epochs {
            let commits = TimelockedWeightCommits::<T>::decode_len(index, epoch).unwrap_or(0);
            // Each may be as long as a list of keys.
            tally.seeing::<T>(u32::try_from(commits).unwrap_or(u32::MAX))?;
            TimelockedWeightCommits::<T>::mutate(index, epoch, |commits| {
                let own = commits
                    .iter_mut()
                    .filter(|(author, ..)| keys.replaces(author));
                own.for_each(|(author, ..)| author.clone_from(keys.new));
            });
        }
        Ok(())
    }
}
