//! What an epoch writes (section 8 of the consensus).

use alloc::vec::Vec;

use dendra_primitives::{AlphaBalance, NetUid, NetUidIndex};
use sp_runtime::DispatchResult;
use yuma_consensus::{CombinedOutput, EpochOutput};

use super::input::Neurons;
use crate::{
    Active, Bonds, Config, Consensus, Dividends, Emission, Error, Incentive, Pallet, StakeWeight,
    ValidatorPermit, ValidatorTrust,
    types::{PerNeuron, Row},
};

impl<T: Config> Pallet<T> {
    /// Writes what belongs to one mechanism: incentive and bonds. A neuron without permit has no bonds.
    pub(crate) fn write_mechanism(
        neurons: &Neurons,
        index: NetUidIndex,
        output: &EpochOutput,
    ) -> DispatchResult {
        Incentive::<T>::insert(index, column::<T, _>(output.incentive.clone())?);
        for (uid, row) in (0_u16..).zip(output.bonds.as_rows().iter()) {
            if !row.is_empty() {
                Bonds::<T>::insert(index, uid, Row::truncate_from(row.to_vec()));
            } else if neurons.had_permit(uid) {
                Bonds::<T>::remove(index, uid);
            }
        }
        Ok(())
    }

    /// Writes what belongs to the subnet.
    pub(crate) fn write_subnet(netuid: NetUid, output: &CombinedOutput) -> DispatchResult {
        let emission = output.emission.iter().copied().map(AlphaBalance::new);
        Emission::<T>::insert(netuid, column::<T, _>(emission.collect())?);
        Active::<T>::insert(netuid, column::<T, _>(output.active.clone())?);
        StakeWeight::<T>::insert(netuid, column::<T, _>(output.stake.clone())?);
        Consensus::<T>::insert(netuid, column::<T, _>(output.consensus.clone())?);
        Dividends::<T>::insert(netuid, column::<T, _>(output.dividends.clone())?);
        ValidatorTrust::<T>::insert(netuid, column::<T, _>(output.validator_trust.clone())?);
        ValidatorPermit::<T>::insert(netuid, column::<T, _>(output.permits.clone())?);
        Ok(())
    }
}

fn column<T: Config, V>(values: Vec<V>) -> Result<PerNeuron<V>, Error<T>> {
    PerNeuron::try_from(values).map_err(|_| Error::<T>::EpochFailed)
}
