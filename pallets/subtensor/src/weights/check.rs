//! The conditions of section 10.1 of the consensus, in their order; the first that fails decides.

use alloc::collections::BTreeSet;

use dendra_primitives::{MechId, NetUid, NetUidIndex};
use frame_support::ensure;

use crate::{
    AccountId, CommitRevealWeightsEnabled, Config, Error, LastUpdate, MaxWeightsLimit,
    MechanismCountCurrent, MinAllowedWeights, Pallet, SubnetOwnerHotkey, SubnetworkN, Uids,
    ValidatorPermit, WeightsSetRateLimit, WeightsVersionKey,
};

/// A row of weights as it is submitted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Submission<'a> {
    /// Targets.
    pub(crate) uids: &'a [u16],
    /// Their weights.
    pub(crate) values: &'a [u16],
    /// Version of the validator's software.
    pub(crate) version_key: u64,
}

impl<T: Config> Pallet<T> {
    /// The key of a mechanism that exists.
    ///
    /// **Errors:** `CanNotSetRootNetworkWeights`, `SubnetNotExists`, `MechanismDoesNotExist`.
    pub fn mechanism(netuid: NetUid, mecid: MechId) -> Result<NetUidIndex, Error<T>> {
        ensure!(!netuid.is_root(), Error::<T>::CanNotSetRootNetworkWeights);
        ensure!(Self::exists(netuid), Error::<T>::SubnetNotExists);
        ensure!(
            mecid < MechanismCountCurrent::<T>::get(netuid),
            Error::<T>::MechanismDoesNotExist
        );
        NetUidIndex::from_parts(netuid, mecid).ok_or(Error::<T>::MechanismDoesNotExist)
    }

    /// Whether weights may be set in the open: conditions 1 to 12.
    pub(crate) fn check_set_weights(
        hotkey: &AccountId,
        netuid: NetUid,
        mecid: MechId,
        row: Submission<'_>,
    ) -> Result<(NetUidIndex, u16), Error<T>> {
        ensure!(
            !CommitRevealWeightsEnabled::<T>::get(netuid),
            Error::<T>::CommitRevealEnabled
        );
        Self::check_row(hotkey, netuid, mecid, row, true)
    }

    /// Conditions 2 to 12; 7 only where `limits_rate`. The index and the uid of the hotkey.
    pub(crate) fn check_row(
        hotkey: &AccountId,
        netuid: NetUid,
        mecid: MechId,
        row: Submission<'_>,
        limits_rate: bool,
    ) -> Result<(NetUidIndex, u16), Error<T>> {
        let Submission {
            uids,
            values,
            version_key,
        } = row;
        let index = Self::mechanism(netuid, mecid)?;
        let neurons = SubnetworkN::<T>::get(netuid);
        ensure!(
            uids.len() == values.len(),
            Error::<T>::WeightVecNotEqualSize
        );
        ensure!(
            uids.len() <= usize::from(neurons),
            Error::<T>::UidsLengthExceedUidsInSubNet
        );
        let uid = Uids::<T>::get(netuid, hotkey).ok_or(Error::<T>::HotKeyNotRegisteredInSubNet)?;
        ensure!(
            Self::reaches_threshold(hotkey, netuid),
            Error::<T>::NotEnoughStakeToSetWeights
        );
        let least_version = WeightsVersionKey::<T>::get(netuid);
        ensure!(
            least_version == 0 || version_key >= least_version,
            Error::<T>::IncorrectWeightVersionKey
        );
        if limits_rate {
            ensure!(
                Self::may_update(index, uid),
                Error::<T>::SettingWeightsTooFast
            );
        }
        let is_self_weight = matches!(uids, [only] if *only == uid);
        let is_permitted = is_self_weight
            || SubnetOwnerHotkey::<T>::get(netuid) == *hotkey
            || ValidatorPermit::<T>::get(netuid)
                .get(usize::from(uid))
                .is_some_and(|permit| *permit);
        ensure!(is_permitted, Error::<T>::NeuronNoValidatorPermit);
        let distinct: BTreeSet<&u16> = uids.iter().collect();
        ensure!(distinct.len() == uids.len(), Error::<T>::DuplicateUids);
        ensure!(
            uids.iter().all(|target| *target < neurons),
            Error::<T>::UidVecContainInvalidOne
        );
        let least = MinAllowedWeights::<T>::get(netuid).min(neurons);
        ensure!(
            is_self_weight || uids.len() >= usize::from(least),
            Error::<T>::WeightVecLengthIsLow
        );
        let limit = MaxWeightsLimit::<T>::get(netuid);
        ensure!(
            is_self_weight || yuma_consensus::is_max_weight_within(values, limit),
            Error::<T>::MaxWeightExceeded
        );
        Ok((index, uid))
    }

    /// Whether enough blocks have passed since the last weights or commit of a neuron (condition 7).
    pub(crate) fn may_update(index: NetUidIndex, uid: u16) -> bool {
        let last = LastUpdate::<T>::get(index)
            .get(usize::from(uid))
            .copied()
            .unwrap_or(0);
        let limit = WeightsSetRateLimit::<T>::get(index.netuid());
        last == 0 || Self::block().saturating_sub(last) >= limit
    }
}
