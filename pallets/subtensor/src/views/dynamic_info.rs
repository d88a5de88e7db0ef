//! Pools, emission and identity of subnets.

use alloc::vec::Vec;

use codec::Compact;
use dendra_primitives::{NetUid, TaoBalance};
use dendra_runtime_api::DynamicInfo;

use super::{name, text};
use crate::{
    BlocksSinceLastStep, Config, LastMechansimStepBlock, NetworkRegisteredAt, Pallet,
    PendingEmissions, SubnetAlphaIn, SubnetAlphaInEmission, SubnetAlphaOut, SubnetAlphaOutEmission,
    SubnetOwner, SubnetOwnerHotkey, SubnetTAO, SubnetTaoInEmission, SubnetVolume, Tempo,
    TokenSymbol,
};

impl<T: Config> Pallet<T> {
    /// Pools, emission and identity of a subnet.
    pub fn dynamic_info(netuid: NetUid) -> Option<DynamicInfo> {
        if !Self::exists(netuid) {
            return None;
        }
        let identity = Self::identity_of(netuid);
        // What is pending is part of the alpha outside of the pool, so the sum fits.
        let pending = PendingEmissions::<T>::get(netuid)
            .total()
            .unwrap_or_default();
        Some(DynamicInfo {
            netuid: Compact(netuid),
            owner_hotkey: SubnetOwnerHotkey::<T>::get(netuid),
            owner_coldkey: SubnetOwner::<T>::get(netuid),
            subnet_name: name(netuid, identity.as_ref()),
            token_symbol: text(&TokenSymbol::<T>::get(netuid)),
            tempo: Compact(Tempo::<T>::get(netuid)),
            last_step: Compact(LastMechansimStepBlock::<T>::get(netuid)),
            blocks_since_last_step: Compact(BlocksSinceLastStep::<T>::get(netuid)),
            emission: Compact(0),
            alpha_in: Compact(SubnetAlphaIn::<T>::get(netuid)),
            alpha_out: Compact(SubnetAlphaOut::<T>::get(netuid)),
            tao_in: Compact(SubnetTAO::<T>::get(netuid)),
            alpha_out_emission: Compact(SubnetAlphaOutEmission::<T>::get(netuid)),
            alpha_in_emission: Compact(SubnetAlphaInEmission::<T>::get(netuid)),
            tao_in_emission: Compact(SubnetTaoInEmission::<T>::get(netuid)),
            pending_alpha_emission: Compact(pending),
            pending_root_emission: Compact(TaoBalance::ZERO),
            subnet_volume: Compact(SubnetVolume::<T>::get(netuid)),
            network_registered_at: Compact(NetworkRegisteredAt::<T>::get(netuid)),
            subnet_identity: identity,
            moving_price: Self::moving_price_shown(netuid),
        })
    }

    /// Pools, emission and identity of every subnet.
    pub fn all_dynamic_info() -> Vec<Option<DynamicInfo>> {
        Self::of_each(Self::dynamic_info)
    }
}
