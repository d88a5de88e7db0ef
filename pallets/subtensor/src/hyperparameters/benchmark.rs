//! Subnets that benchmarks of setters need.

#![allow(
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    reason = "a benchmark that cannot be prepared has to stop"
)]

use alloc::vec;

use dendra_primitives::{MechId, NetUid};
use frame_benchmarking::account;
use frame_system::{RawOrigin, pallet_prelude::OriginFor};
use sp_core::{H160, H256};
use subnet_hyperparameters::BenchmarkSubnet;

use crate::{
    AccountId, AdminFreezeWindow, AssociatedEvmAddress, Bonds, Config, ImmunityPeriod,
    MaxAllowedUids, MechanismCountCurrent, MinAllowedUids, Pallet, WeightCommits, Weights,
    types::{HashCommits, MAX_OPEN_COMMITS, Row},
};

impl<T: Config> BenchmarkSubnet<OriginFor<T>> for Pallet<T> {
    fn prepare(neurons: u16, mechanisms: MechId) -> (NetUid, OriginFor<T>) {
        let owner: AccountId = account("owner", 0, 0);
        let owner_hotkey: AccountId = account("hotkey", 0, 0);
        Self::associate(&owner, &owner_hotkey).expect("the accounts are new");
        let netuid = Self::free_netuid().expect("there is room for a subnet");
        Self::open_subnet(netuid, &owner, &owner_hotkey, 360).expect("the netuid is free");
        AdminFreezeWindow::<T>::put(0);
        ImmunityPeriod::<T>::insert(netuid, 0);
        MinAllowedUids::<T>::insert(netuid, 0);
        MaxAllowedUids::<T>::insert(netuid, neurons.max(1));
        MechanismCountCurrent::<T>::insert(netuid, mechanisms);
        let row = Row::truncate_from((0..neurons).map(|uid| (uid, u16::MAX)).collect());
        let commit = (H256::repeat_byte(1), 1, 1, 0);
        let commits = HashCommits::truncate_from(vec![commit; MAX_OPEN_COMMITS as usize]);
        for uid in 0..neurons {
            let hotkey: AccountId = account("hotkey", uid.into(), 0);
            Self::append_neuron(netuid, &hotkey).expect("there is room for the neuron");
            AssociatedEvmAddress::<T>::insert(netuid, uid, (H160::repeat_byte(1), 1));
            for index in Self::mechanisms(netuid) {
                Weights::<T>::insert(index, uid, row.clone());
                Bonds::<T>::insert(index, uid, row.clone());
                WeightCommits::<T>::insert(index, &hotkey, commits.clone());
            }
        }
        (netuid, RawOrigin::Signed(owner).into())
    }
}
