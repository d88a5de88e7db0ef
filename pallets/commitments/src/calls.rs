//! What the calls do: check, compute, write, emit.

use dendra_primitives::NetUid;
use frame_support::{
    dispatch::DispatchResultWithPostInfo, ensure, pallet_prelude::DispatchResult,
    sp_runtime::SaturatedConversion, traits::Get, weights::Weight,
};

use crate::{
    CommitmentOf, Config, Error, Event, LastBondsReset, LastCommitment, MaxSpace, Pallet, Subnets,
    TimelockedIndex, UsedSpaceOf, WIDEST_SPACE, WeightInfo,
    types::{CommitmentInfo, Registration},
};

impl<T: Config> Pallet<T> {
    /// The most that publishing `info` costs, whatever is stored.
    pub(crate) fn greatest_weight(info: &CommitmentInfo) -> Weight {
        let reset = if info.asks_for_bond_reset() {
            T::Subnets::greatest_reset_weight()
        } else {
            Weight::zero()
        };
        T::WeightInfo::set_commitment()
            .max(T::WeightInfo::set_commitment_timelocked())
            .saturating_add(reset)
    }

    /// Publishes `info`; what was charged beyond the work done is returned.
    pub(crate) fn do_set_commitment(
        netuid: NetUid,
        who: T::AccountId,
        info: CommitmentInfo,
    ) -> DispatchResultWithPostInfo {
        ensure!(
            T::Subnets::is_member(netuid, &who),
            Error::<T>::AccountNotAllowedCommit
        );
        let fields = info.fields.len() as u64;
        ensure!(
            fields <= u64::from(T::MaxFields::get()),
            Error::<T>::TooManyFieldsInCommitmentInfo
        );
        let usage = UsedSpaceOf::<T>::get(netuid, &who)
            .charge(
                T::Subnets::epoch_index(netuid),
                info.charge(),
                MaxSpace::<T>::get().into(),
            )
            .ok_or(Error::<T>::SpaceLimitExceeded)?;

        // The last step that can fail.
        let index_changed = Self::update_index(netuid, &who, &info)?;
        UsedSpaceOf::<T>::insert(netuid, &who, usage);
        let block = Self::current_block();
        LastCommitment::<T>::insert(netuid, &who, block);
        Self::report(netuid, &who, &info);
        let reset = if info.asks_for_bond_reset() {
            Self::reset_bonds(netuid, &who, block)
        } else {
            Weight::zero()
        };
        CommitmentOf::<T>::insert(
            netuid,
            &who,
            Registration {
                deposit: 0,
                block,
                info,
            },
        );

        let publishing = if index_changed {
            T::WeightInfo::set_commitment_timelocked()
        } else {
            T::WeightInfo::set_commitment()
        };
        Ok(Some(publishing.saturating_add(reset)).into())
    }

    /// Changes the quota.
    pub(crate) fn do_set_max_space(limit: u32) -> DispatchResult {
        ensure!(limit <= WIDEST_SPACE, Error::<T>::SpaceOutOfBounds);
        MaxSpace::<T>::put(limit);
        Self::deposit_event(Event::MaxSpaceSet { limit });
        Ok(())
    }

    /// Brings the index in line with `info`, before that replaces the stored commitment; whether the
    /// index had to change.
    fn update_index(
        netuid: NetUid,
        who: &T::AccountId,
        info: &CommitmentInfo,
    ) -> Result<bool, Error<T>> {
        let was = CommitmentOf::<T>::get(netuid, who).is_some_and(|old| old.info.is_timelocked());
        let is = info.is_timelocked();
        match (was, is) {
            (false, false) | (true, true) => return Ok(false),
            (false, true) => TimelockedIndex::<T>::try_mutate(|index| {
                index
                    .insert(netuid, who.clone())
                    .then_some(())
                    .ok_or(Error::<T>::TooManyTimelockedCommitments)
            })?,
            (true, false) => {
                TimelockedIndex::<T>::mutate(|index| index.remove(netuid, who.clone()));
            }
        }
        Ok(true)
    }

    /// Emits one event per encrypted field, or one for a commitment without any.
    fn report(netuid: NetUid, who: &T::AccountId, info: &CommitmentInfo) {
        for reveal_round in info.reveal_rounds() {
            Self::deposit_event(Event::TimelockCommitment {
                netuid,
                who: who.clone(),
                reveal_round,
            });
        }
        if !info.is_timelocked() {
            Self::deposit_event(Event::Commitment {
                netuid,
                who: who.clone(),
            });
        }
    }

    /// Asks for the bond reset and notes the block if it took place; what it cost.
    fn reset_bonds(netuid: NetUid, who: &T::AccountId, block: u32) -> Weight {
        let reset = T::Subnets::reset_bonds(netuid, who);
        if reset.took_place {
            LastBondsReset::<T>::insert(netuid, who, block);
        }
        reset.cost
    }

    /// The current block; the width of the wire lasts for 1600 years.
    fn current_block() -> u32 {
        frame_system::Pallet::<T>::block_number().saturated_into()
    }
}
