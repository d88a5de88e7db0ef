//! When an epoch is due (section 2 of the consensus), and what owners may do about it.

use dendra_primitives::NetUid;
use frame_support::ensure;
use sp_runtime::DispatchResult;

use crate::{
    AccountId, AdminFreezeWindow, BlocksSinceLastStep, CommitRevealWeightsEnabled, Config, Error,
    Event, LastEpochBlock, LastRateLimitedBlock, OwnerHyperparamRateLimit, Pallet, PendingEpochAt,
    SubnetEpochIndex, Tempo, types::RateLimitKey,
};

/// Blocks without an epoch after which one is due whatever the tempo.
pub(crate) const LONGEST_PAUSE: u64 = 50_400;

/// Key of the rate limit of triggering, beyond the numbers of hyperparameters.
pub(crate) const TRIGGER: u8 = u8::MAX;

impl<T: Config> Pallet<T> {
    /// The block since which an epoch is due; none if none is.
    pub(crate) fn due_since(netuid: NetUid) -> Option<u64> {
        let tempo = Tempo::<T>::get(netuid);
        if tempo == 0 || netuid.is_root() {
            return None;
        }
        let now = Self::block();
        let automatic = LastEpochBlock::<T>::get(netuid).saturating_add(u64::from(tempo));
        let triggered = Some(PendingEpochAt::<T>::get(netuid)).filter(|block| *block > 0);
        // Counted once per block, so the excess says since when.
        let overdue = BlocksSinceLastStep::<T>::get(netuid)
            .checked_sub(LONGEST_PAUSE.saturating_add(1))
            .map(|excess| now.saturating_sub(excess));
        [Some(automatic), triggered, overdue]
            .into_iter()
            .flatten()
            .filter(|block| *block <= now)
            .min()
    }

    /// The number of the epoch that a commit or reveal in this block counts for: one more than those that
    /// ran, if one is due.
    pub fn epoch_number(netuid: NetUid) -> u64 {
        let due = u64::from(Self::due_since(netuid).is_some());
        SubnetEpochIndex::<T>::get(netuid).saturating_add(due)
    }

    /// Blocks until the next automatic epoch; none for a tempo of 0.
    pub fn blocks_until_next_epoch(netuid: NetUid) -> Option<u64> {
        let tempo = Tempo::<T>::get(netuid);
        (tempo != 0).then(|| {
            LastEpochBlock::<T>::get(netuid)
                .saturating_add(u64::from(tempo))
                .saturating_sub(Self::block())
        })
    }

    /// The call `trigger_epoch`: an epoch after the freeze window.
    pub(crate) fn do_trigger_epoch(coldkey: &AccountId, netuid: NetUid) -> DispatchResult {
        Self::ensure_owner(coldkey, netuid)?;
        ensure!(
            !CommitRevealWeightsEnabled::<T>::get(netuid),
            Error::<T>::DynamicTempoBlockedByCommitReveal
        );
        ensure!(
            PendingEpochAt::<T>::get(netuid) == 0,
            Error::<T>::EpochTriggerAlreadyPending
        );
        let window = u64::from(AdminFreezeWindow::<T>::get());
        let until_next =
            Self::blocks_until_next_epoch(netuid).ok_or(Error::<T>::TempoOutOfBounds)?;
        ensure!(until_next >= window, Error::<T>::AutoEpochAlreadyImminent);
        let key = RateLimitKey::OwnerHyperparamUpdate(netuid, TRIGGER);
        let now = Self::block();
        let last = LastRateLimitedBlock::<T>::get(&key);
        let pause = u64::from(OwnerHyperparamRateLimit::<T>::get())
            .saturating_mul(u64::from(Tempo::<T>::get(netuid)));
        ensure!(
            last == 0 || now.saturating_sub(last) >= pause,
            Error::<T>::TxRateLimitExceeded
        );
        LastRateLimitedBlock::<T>::insert(&key, now);
        // At least the next block: 0 would mean none.
        let fires_at = now.saturating_add(window.max(1));
        PendingEpochAt::<T>::insert(netuid, fires_at);
        Self::deposit_event(Event::EpochTriggered {
            netuid,
            by: coldkey.clone(),
            fires_at,
        });
        Ok(())
    }

    /// Consumes the slot of an epoch, run or skipped.
    pub(crate) fn consume_slot(netuid: NetUid) -> u64 {
        LastEpochBlock::<T>::insert(netuid, Self::block());
        PendingEpochAt::<T>::remove(netuid);
        SubnetEpochIndex::<T>::mutate(netuid, |index| {
            *index = index.saturating_add(1);
            *index
        })
    }
}
