//! What creating a subnet costs (section 9.1 of the economics).

use dendra_primitives::TaoBalance;
use subnet_emission::{SubnetCost, tao_emission};

use crate::{
    Config, LockReductionInterval, NetworkLastCreatedAt, NetworkLastLockCost, NetworkMinLockCost,
    Pallet,
};

impl<T: Config> Pallet<T> {
    /// What creating a subnet costs now.
    ///
    /// `None` only if the cost were to exceed 64 bits.
    pub fn network_cost() -> Option<TaoBalance> {
        SubnetCost {
            min: NetworkMinLockCost::<T>::get(),
            last: NetworkLastLockCost::<T>::get(),
            last_block: NetworkLastCreatedAt::<T>::get(),
            reduction_interval: LockReductionInterval::<T>::get(),
        }
        .at(Self::block(), tao_emission(Self::issuance()))
        .ok()
    }

    /// Notes a creation, from which the next cost follows.
    pub(crate) fn note_creation(cost: TaoBalance) {
        NetworkLastLockCost::<T>::put(cost);
        NetworkLastCreatedAt::<T>::put(Self::block());
    }
}
