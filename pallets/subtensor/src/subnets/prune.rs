//! Which subnet makes room for another one (section 9.2 of the economics).

use dendra_primitives::NetUid;

use crate::{Config, NetworkImmunityPeriod, NetworkRegisteredAt, Pallet, SubnetList};

impl<T: Config> Pallet<T> {
    /// The subnet with the lowest moving price among those beyond their immunity; of equal ones the
    /// earliest, then the one with the lowest netuid. `None` if all are immune.
    pub fn subnet_to_prune() -> Option<NetUid> {
        let now = Self::block();
        let immunity = NetworkImmunityPeriod::<T>::get();
        SubnetList::<T>::get()
            .into_iter()
            .filter(|netuid| !netuid.is_root())
            .map(|netuid| {
                let registered = NetworkRegisteredAt::<T>::get(netuid);
                (Self::moving_price(netuid), registered, netuid)
            })
            .filter(|(_, registered, _)| now.saturating_sub(*registered) >= immunity)
            .min()
            .map(|(_, _, netuid)| netuid)
    }
}
