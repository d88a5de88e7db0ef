//! What is asked about the chain, and single facts about a subnet.

use dendra_primitives::{NetUid, TaoBalance};

use crate::{AccountId, AutoStakeDestination, Config, Pallet};

impl<T: Config> Pallet<T> {
    /// What creating a subnet costs now; more than anybody has if it cannot be counted.
    pub fn registration_cost() -> TaoBalance {
        Self::network_cost().unwrap_or(TaoBalance::new(u64::MAX))
    }

    /// TAO that a block emits at present.
    pub fn block_emission() -> TaoBalance {
        subnet_emission::tao_emission(Self::issuance())
    }

    /// The account that holds the TAO of a subnet, if there is such a subnet.
    pub fn account_of(netuid: NetUid) -> Option<AccountId> {
        Self::exists(netuid).then(|| Self::subnet_account(netuid))
    }

    /// The hotkey on which what a coldkey's miners earn on a subnet is staked, if it chose one.
    pub fn auto_stake_hotkey(coldkey: &AccountId, netuid: NetUid) -> Option<AccountId> {
        Self::exists(netuid)
            .then(|| AutoStakeDestination::<T>::get(coldkey, netuid))
            .flatten()
    }
}
