//! The step of the block hook that runs epochs.
//!
//! Of the subnets that are due, those run first that have been due longest; among those that became due in
//! the same block the order is drawn anew in each block, so no netuid has a privilege. What finds no room
//! in this block, by number or by weight, is deferred and stays due.

use alloc::vec::Vec;

use codec::Encode;
use dendra_primitives::NetUid;
use frame_support::{
    storage::with_storage_layer,
    weights::{Weight, WeightMeter},
};
use sp_io::hashing::twox_64;

use crate::{
    BlocksSinceLastStep, Config, Event, MaxEpochsPerBlock, Pallet, PendingEpochAt, SubnetList,
    SubnetworkN, ValidatorPermit, WeightInfo, types::BlockStep,
};

impl<T: Config> Pallet<T> {
    /// Runs epochs that are due. False if some were deferred.
    pub(crate) fn step_epochs(meter: &mut WeightMeter) -> bool {
        let subnets = SubnetList::<T>::get();
        if meter
            .try_consume(T::WeightInfo::step_schedule(subnets.len() as u32))
            .is_err()
        {
            Self::deposit_event(Event::StepPostponed {
                step: BlockStep::Epochs,
            });
            return false;
        }
        let mut due = Vec::new();
        for netuid in subnets.into_iter().filter(|netuid| !netuid.is_root()) {
            BlocksSinceLastStep::<T>::mutate(netuid, |blocks| *blocks = blocks.saturating_add(1));
            if let Some(since) = Self::due_since(netuid) {
                due.push((since, Self::turn(netuid), netuid));
            }
        }
        due.sort_unstable();
        let mut ran = 0_u8;
        let most = MaxEpochsPerBlock::<T>::get().max(1);
        let mut is_done = true;
        for (since, _, netuid) in due {
            let has_room = ran < most && {
                Self::activate_before_epoch(netuid, meter);
                meter.try_consume(Self::epoch_weight(netuid)).is_ok()
            };
            if has_room {
                ran = ran.saturating_add(1);
                Self::fire(netuid);
            } else {
                is_done = false;
                Self::defer(netuid, since);
            }
        }
        is_done
    }

    /// Runs the epoch of a subnet, or skips it if it fails; its slot is consumed either way.
    fn fire(netuid: NetUid) {
        let number = Self::consume_slot(netuid);
        if let Err(error) = with_storage_layer(|| Self::run_epoch(netuid, number)) {
            Self::deposit_event(Event::EpochSkipped { netuid, error });
        }
    }

    /// Leaves an epoch for a later block. It stays due because `PendingEpochAt` has passed.
    fn defer(netuid: NetUid, since: u64) {
        if PendingEpochAt::<T>::get(netuid) == 0 {
            PendingEpochAt::<T>::insert(netuid, Self::block().saturating_add(1));
        }
        Self::deposit_event(Event::EpochDeferred { netuid, since });
    }

    /// The place of a subnet among those that became due in the same block: a draw, of which only has to
    /// be known that it favours nobody. Everyone can foresee it, and nobody can change it.
    fn turn(netuid: NetUid) -> [u8; 8] {
        twox_64(&(Self::block(), netuid).encode())
    }

    /// The weight of the epoch of a subnet: its neurons, rows as full as they can be, and once for all mechanisms
    /// the edges toward its neurons.
    pub(crate) fn epoch_weight(netuid: NetUid) -> Weight {
        let neurons = u32::from(SubnetworkN::<T>::get(netuid));
        let permits = ValidatorPermit::<T>::get(netuid);
        let validators = permits.iter().filter(|permit| **permit).count() as u32;
        let mechanisms = Self::mechanisms(netuid).len() as u64;
        let edges = Self::edges_toward(netuid, neurons);
        let others = mechanisms.saturating_sub(1);
        Self::epoch_weight_of(neurons, validators, edges)
            .saturating_add(Self::epoch_weight_of(neurons, validators, 0).saturating_mul(others))
    }

    /// The weight of an epoch of one mechanism with so many neurons, full rows of validators and edges.
    pub(crate) fn epoch_weight_of(neurons: u32, validators: u32, edges: u32) -> Weight {
        T::WeightInfo::epoch(neurons, validators.saturating_mul(neurons), edges)
    }
}
