//! Batch forms of the calls about weights.

use alloc::vec::Vec;

use codec::Compact;
use dendra_primitives::{MechId, NetUid};
use frame_support::{ensure, storage::with_storage_layer};
use sp_core::H256;
use sp_runtime::DispatchResult;

use super::commit::Reveal;
use crate::{AccountId, Config, Error, Event, Pallet, types::MAX_BATCH};

impl<T: Config> Pallet<T> {
    /// Sets weights on several subnets, each on its own: what fails is reported and undone alone.
    pub(crate) fn do_batch_set_weights(
        hotkey: &AccountId,
        netuids: Vec<Compact<NetUid>>,
        rows: Vec<Vec<(Compact<u16>, Compact<u16>)>>,
        version_keys: Vec<Compact<u64>>,
    ) -> DispatchResult {
        Self::check_batch(&[netuids.len(), rows.len(), version_keys.len()])?;
        let items = netuids.into_iter().zip(rows).zip(version_keys);
        Self::run_batch(items.map(|((netuid, row), version_key)| {
            move || {
                let (uids, values) = row.into_iter().map(|(uid, value)| (uid.0, value.0)).unzip();
                let mecid = MechId::new(0);
                Self::do_set_weights(hotkey, netuid.0, mecid, uids, values, version_key.0)
            }
        }));
        Ok(())
    }

    /// Commits on several subnets, each on its own.
    pub(crate) fn do_batch_commit(
        hotkey: &AccountId,
        netuids: Vec<Compact<NetUid>>,
        hashes: Vec<H256>,
    ) -> DispatchResult {
        Self::check_batch(&[netuids.len(), hashes.len()])?;
        let items = netuids.into_iter().zip(hashes);
        Self::run_batch(
            items.map(|(netuid, hash)| {
                move || Self::do_commit(hotkey, netuid.0, MechId::new(0), hash)
            }),
        );
        Ok(())
    }

    /// Reveals several commits of mechanism 0, all or none. Only the commits that are revealed are gone.
    pub(crate) fn do_batch_reveal(
        hotkey: &AccountId,
        netuid: NetUid,
        uids: Vec<Vec<u16>>,
        values: Vec<Vec<u16>>,
        salts: Vec<Vec<u16>>,
        version_keys: Vec<u64>,
    ) -> DispatchResult {
        Self::check_batch(&[uids.len(), values.len(), salts.len(), version_keys.len()])?;
        let items = uids.into_iter().zip(values).zip(salts).zip(version_keys);
        for (((uids, values), salt), version_key) in items {
            let reveal = Reveal {
                uids,
                values,
                salt,
                version_key,
            };
            Self::reveal_among(hotkey, netuid, MechId::new(0), &reveal)?;
        }
        Ok(())
    }

    /// Whether the lists of a batch fit together.
    pub(crate) fn check_batch(lengths: &[usize]) -> Result<(), Error<T>> {
        let mut others = lengths.iter();
        let first = others.next().copied().unwrap_or(0);
        ensure!(
            others.all(|length| *length == first),
            Error::<T>::InputLengthsUnequal
        );
        ensure!(first <= MAX_BATCH as usize, Error::<T>::BatchTooLong);
        Ok(())
    }

    fn run_batch<Item: FnOnce() -> DispatchResult>(items: impl Iterator<Item = Item>) {
        let (mut succeeded, mut failed) = (0_u32, 0_u32);
        for (index, item) in (0_u32..).zip(items) {
            match with_storage_layer(item) {
                Ok(()) => succeeded = succeeded.saturating_add(1),
                Err(error) => {
                    failed = failed.saturating_add(1);
                    Self::deposit_event(Event::BatchWeightItemFailed { index, error });
                }
            }
        }
        Self::deposit_event(Event::BatchCompleted { succeeded, failed });
    }
}
