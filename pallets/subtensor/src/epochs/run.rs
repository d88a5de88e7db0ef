//! One epoch: drain, divide, write, pay.

use alloc::vec::Vec;

use dendra_primitives::NetUid;
use frame_support::ensure;
use sp_runtime::{DispatchError, DispatchResult};
use yuma_consensus::{EpochOutput, Scratch};

use super::input::Neurons;
use crate::{
    BlocksSinceLastStep, Config, Error, Event, LastMechansimStepBlock, MechanismEmissionSplit,
    Pallet, PendingEmissions, SubnetResidual, payout::Pots,
};

impl<T: Config> Pallet<T> {
    /// Runs the epoch of a subnet. If it fails, nothing is written and the amounts wait for the next one.
    pub(crate) fn run_epoch(netuid: NetUid, number: u64) -> DispatchResult {
        let neurons = Neurons::read::<T>(netuid);
        ensure!(neurons.are_distinct(), Error::<T>::EpochFailed);
        let pending = PendingEmissions::<T>::take(netuid);
        let emission = pending.divisible().ok_or(Error::<T>::Overflow)?;

        let mechanisms = Self::mechanisms(netuid);
        let split = MechanismEmissionSplit::<T>::get(netuid);
        let parts = yuma_consensus::split_emission(
            emission.get(),
            mechanisms.len(),
            split.as_ref().map(|shares| shares.as_slice()),
        )
        .map_err(|_| Error::<T>::EpochFailed)?;
        let mut scratch = Scratch::new();
        let outputs = mechanisms
            .iter()
            .zip(&parts)
            .map(|(index, part)| neurons.run::<T>(*index, *part, &mut scratch))
            .collect::<Result<Vec<EpochOutput>, DispatchError>>()?;
        let results: Vec<(u64, &EpochOutput)> = parts.iter().copied().zip(&outputs).collect();
        let combined = yuma_consensus::combine_mechanisms(emission.get(), &results)
            .map_err(|_| Error::<T>::EpochFailed)?;

        for (index, output) in mechanisms.iter().zip(&outputs) {
            Self::write_mechanism(&neurons, *index, output)?;
        }
        Self::write_subnet(netuid, &combined)?;
        let residual = Self::pay_epoch(
            &neurons,
            &combined,
            Pots {
                pending,
                residual: SubnetResidual::<T>::take(netuid),
            },
        )?;
        if !residual.is_zero() {
            SubnetResidual::<T>::insert(netuid, residual);
        }
        BlocksSinceLastStep::<T>::remove(netuid);
        LastMechansimStepBlock::<T>::insert(netuid, Self::block());
        Self::deposit_event(Event::EpochRan {
            netuid,
            index: number,
            divided: emission,
            residual,
        });
        Ok(())
    }
}
