//! Settings and state of subnets, in the older forms.

use alloc::vec::Vec;

use codec::Compact;
use dendra_primitives::NetUid;
use dendra_runtime_api::{SubnetInfo, SubnetInfov2};

use crate::{
    BlocksSinceLastStep, Config, Difficulty, ImmunityPeriod, Kappa, MaxAllowedUids,
    MaxAllowedValidators, MaxWeightsLimit, MinAllowedWeights, Pallet, Rho, SubnetOwner,
    SubnetworkN, Tempo,
};

impl<T: Config> Pallet<T> {
    /// Settings and state of a subnet, the oldest form.
    pub fn subnet_info(netuid: NetUid) -> Option<SubnetInfo> {
        Self::exists(netuid).then(|| SubnetInfo {
            netuid: Compact(netuid),
            rho: Compact(Rho::<T>::get(netuid)),
            kappa: Compact(Kappa::<T>::get(netuid)),
            difficulty: Compact(Difficulty::<T>::get(netuid)),
            immunity_period: Compact(ImmunityPeriod::<T>::get(netuid)),
            max_allowed_validators: Compact(MaxAllowedValidators::<T>::get(netuid)),
            min_allowed_weights: Compact(MinAllowedWeights::<T>::get(netuid)),
            max_weights_limit: Compact(MaxWeightsLimit::<T>::get(netuid)),
            scaling_law_power: Compact(0),
            subnetwork_n: Compact(SubnetworkN::<T>::get(netuid)),
            max_allowed_uids: Compact(MaxAllowedUids::<T>::get(netuid)),
            blocks_since_last_step: Compact(BlocksSinceLastStep::<T>::get(netuid)),
            tempo: Compact(Tempo::<T>::get(netuid)),
            network_modality: Compact(0),
            network_connect: Vec::new(),
            emission_values: Compact(0),
            burn: Compact(Self::burn(netuid)),
            owner: SubnetOwner::<T>::get(netuid),
        })
    }

    /// Settings, state and identity of a subnet.
    pub fn subnet_info_v2(netuid: NetUid) -> Option<SubnetInfov2> {
        let info = Self::subnet_info(netuid)?;
        Some(SubnetInfov2 {
            netuid: info.netuid,
            rho: info.rho,
            kappa: info.kappa,
            difficulty: info.difficulty,
            immunity_period: info.immunity_period,
            max_allowed_validators: info.max_allowed_validators,
            min_allowed_weights: info.min_allowed_weights,
            max_weights_limit: info.max_weights_limit,
            scaling_law_power: info.scaling_law_power,
            subnetwork_n: info.subnetwork_n,
            max_allowed_uids: info.max_allowed_uids,
            blocks_since_last_step: info.blocks_since_last_step,
            tempo: info.tempo,
            network_modality: info.network_modality,
            network_connect: info.network_connect,
            emission_value: info.emission_values,
            burn: info.burn,
            owner: info.owner,
            identity: Self::identity_of(netuid),
        })
    }

    /// Settings and state of every subnet, the oldest form.
    pub fn subnets_info() -> Vec<Option<SubnetInfo>> {
        Self::of_each(Self::subnet_info)
    }

    /// Settings, state and identity of every subnet.
    pub fn subnets_info_v2() -> Vec<Option<SubnetInfov2>> {
        Self::of_each(Self::subnet_info_v2)
    }
}
