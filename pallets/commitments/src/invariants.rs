//! What must always hold.

use frame_support::{ensure, sp_runtime::TryRuntimeError, traits::Get};

use crate::{
    CommitmentOf, Config, LastBondsReset, LastCommitment, MaxSpace, Pallet, RevealedCommitments,
    TimelockedIndex, UsedSpaceOf, WIDEST_SPACE, types::SMALLEST_CHARGE,
};

impl<T: Config> Pallet<T> {
    /// Checks the invariants of the pallet, over all of its state.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        Self::check_records()?;
        Self::check_keys()?;
        Self::check_index()?;
        Self::check_quota()
    }

    /// Each record can be decoded, has few enough fields, no deposit, and its block in `LastCommitment`.
    fn check_records() -> Result<(), TryRuntimeError> {
        for (netuid, hotkey, block) in LastCommitment::<T>::iter() {
            let record = CommitmentOf::<T>::get(netuid, &hotkey)
                .ok_or("a hotkey has published, but has no readable commitment")?;
            ensure!(
                record.info.fields.len() as u64 <= u64::from(T::MaxFields::get()),
                "a commitment has more fields than the runtime allows"
            );
            ensure!(
                record.deposit == 0,
                "a commitment claims a deposit that nobody took"
            );
            ensure!(
                record.block == block,
                "a commitment and LastCommitment disagree about the block"
            );
        }
        Ok(())
    }

    /// `LastCommitment` has the keys of every other map, so that clearing by it leaves nothing.
    fn check_keys() -> Result<(), TryRuntimeError> {
        let orphan = CommitmentOf::<T>::iter_keys()
            .chain(RevealedCommitments::<T>::iter_keys())
            .chain(LastBondsReset::<T>::iter_keys())
            .chain(UsedSpaceOf::<T>::iter_keys())
            .any(|(netuid, hotkey)| !LastCommitment::<T>::contains_key(netuid, hotkey));
        ensure!(!orphan, "a hotkey has a record, but has never published");
        Ok(())
    }

    /// The index has the hotkeys whose commitment has an encrypted field, and no other.
    fn check_index() -> Result<(), TryRuntimeError> {
        let index = TimelockedIndex::<T>::get();
        let mut timelocked = 0_usize;
        for (netuid, hotkey, record) in CommitmentOf::<T>::iter() {
            if record.info.is_timelocked() {
                timelocked = timelocked.saturating_add(1);
                ensure!(
                    index.contains(netuid, hotkey),
                    "an encrypted commitment is missing in the index"
                );
            }
        }
        ensure!(
            index.len() == timelocked,
            "the index names a hotkey without an encrypted commitment"
        );
        Ok(())
    }

    /// The quota is within its bound, and each hotkey has used at least one call and at most the bound.
    ///
    /// The current quota is no bound: it may have been lowered since.
    fn check_quota() -> Result<(), TryRuntimeError> {
        ensure!(
            MaxSpace::<T>::get() <= WIDEST_SPACE,
            "the quota is wider than it can be set"
        );
        for (netuid, hotkey) in LastCommitment::<T>::iter_keys() {
            let used = UsedSpaceOf::<T>::get(netuid, hotkey).used_space;
            ensure!(
                (SMALLEST_CHARGE..=u64::from(WIDEST_SPACE)).contains(&used),
                "a hotkey has used less than a call costs or more than any quota allows"
            );
        }
        Ok(())
    }
}
