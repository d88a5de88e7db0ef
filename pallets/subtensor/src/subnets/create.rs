//! Creating a subnet.

use dendra_primitives::{
    AlphaBalance, MechId, NetUid, Rounding, TaoBalance, records::SubnetIdentityV3,
};
use frame_support::ensure;
use sp_runtime::{DispatchError, DispatchResult};

use crate::{
    AccountId, Burn, Config, Error, Event, ImmunityPeriod, InitialTempo, LastEpochBlock,
    MaxAllowedUids, MaxAllowedValidators, MechanismCountCurrent, MinAllowedWeights,
    NetworkLastCreatedAt, NetworkRateLimit, NetworkRegisteredAt, NetworkRegistrationAllowed,
    Pallet, SubnetAlphaIn, SubnetEmissionEnabled, SubnetLimit, SubnetList, SubnetLocked,
    SubnetMechanism, SubnetOwner, SubnetOwnerHotkey, SubtokenEnabled, Tempo, Yuma3On,
    types::{MAX_OWNER_UIDS, ROOT_SEATS},
};

/// Price of registering a neuron on a new subnet, in rao.
const FIRST_BURN: TaoBalance = TaoBalance::new(1_000_000_000);
/// Immunity period of a new subnet, in blocks.
const FIRST_IMMUNITY: u16 = 5_000;
/// Permits of a new subnet.
const FIRST_VALIDATORS: u16 = ROOT_SEATS;

impl<T: Config> Pallet<T> {
    /// Creates a subnet for the present cost, which becomes the TAO of its pool.
    ///
    /// At the limit the subnet that `subnet_to_prune` names is dissolved first. Its netuid is free once it is
    /// cleaned up; the new subnet takes the lowest one that is free now.
    pub(crate) fn do_register_network(
        coldkey: &AccountId,
        hotkey: &AccountId,
        identity: Option<SubnetIdentityV3>,
    ) -> DispatchResult {
        let identity = identity.map(Self::checked_subnet_identity).transpose()?;
        let cost = Self::check_creation(coldkey, hotkey)?;
        if Self::is_at_limit() {
            let oldest = Self::subnet_to_prune().ok_or(Error::<T>::SubnetLimitReached)?;
            Self::do_dissolve(oldest)?;
        }
        let netuid = Self::free_netuid()?;
        let alpha = Self::median_price()
            .and_then(|price| price.alpha_for(cost, Rounding::Down))
            .filter(|alpha| !alpha.is_zero())
            .ok_or(Error::<T>::Overflow)?;

        Self::associate(coldkey, hotkey)?;
        Self::charge(coldkey, netuid, cost)?;
        Self::note_creation(cost);
        Self::open_subnet(netuid, coldkey, hotkey, InitialTempo::<T>::get())?;
        Self::fill_pool(netuid, cost, alpha)?;
        SubnetLocked::<T>::insert(netuid, cost);
        if let Some(identity) = identity {
            Self::put_subnet_identity(netuid, identity);
        }
        Self::append_neuron(netuid, hotkey)?;
        Self::adopt_root_parents(netuid, hotkey)?;
        Self::deposit_event(Event::NetworkAdded(netuid, 1));
        Self::deposit_event(Event::NetworkFunded {
            netuid,
            coldkey: coldkey.clone(),
            tao: cost,
            alpha,
        });
        Ok(())
    }

    /// Whether a coldkey may create a subnet now and can pay for it; what it costs. Whether there is room is
    /// not asked.
    pub(crate) fn check_creation(
        coldkey: &AccountId,
        hotkey: &AccountId,
    ) -> Result<TaoBalance, DispatchError> {
        Self::ensure_ordinary_account(hotkey)?;
        Self::ensure_own_or_new(coldkey, hotkey)?;
        let is_rested = NetworkLastCreatedAt::<T>::get()
            .is_none_or(|last| Self::block().saturating_sub(last) >= NetworkRateLimit::<T>::get());
        ensure!(is_rested, Error::<T>::NetworkTxRateLimitExceeded);
        let cost = Self::network_cost().ok_or(Error::<T>::Overflow)?;
        ensure!(
            Self::spendable(coldkey) >= cost,
            Error::<T>::CannotAffordLockCost
        );
        Ok(cost)
    }

    /// Whether there are as many subnets as there may be. Root is not counted.
    pub(crate) fn is_at_limit() -> bool {
        let subnets = SubnetList::<T>::decode_len().unwrap_or(0).saturating_sub(1);
        subnets >= usize::from(SubnetLimit::<T>::get())
    }

    /// Writes what a new subnet starts from, but for its pool and its first neuron.
    pub(crate) fn open_subnet(
        netuid: NetUid,
        owner: &AccountId,
        owner_hotkey: &AccountId,
        tempo: u16,
    ) -> DispatchResult {
        let now = Self::block();
        Self::add_to_list(netuid)?;
        Self::give_free_symbol(netuid);
        SubnetMechanism::<T>::insert(netuid, 1);
        SubnetOwner::<T>::insert(netuid, owner);
        SubnetOwnerHotkey::<T>::insert(netuid, owner_hotkey);
        NetworkRegisteredAt::<T>::insert(netuid, now);
        NetworkRegistrationAllowed::<T>::insert(netuid, true);
        SubnetEmissionEnabled::<T>::insert(netuid, false);
        SubtokenEnabled::<T>::insert(netuid, false);
        MechanismCountCurrent::<T>::insert(netuid, MechId::new(1));
        MaxAllowedUids::<T>::insert(netuid, MAX_OWNER_UIDS);
        MaxAllowedValidators::<T>::insert(netuid, FIRST_VALIDATORS);
        MinAllowedWeights::<T>::insert(netuid, 1);
        ImmunityPeriod::<T>::insert(netuid, FIRST_IMMUNITY);
        Yuma3On::<T>::insert(netuid, true);
        Burn::<T>::insert(netuid, FIRST_BURN);
        Tempo::<T>::insert(netuid, tempo);
        // Subnets that are created together do not fire together.
        let phase = u64::from(netuid.get().checked_rem(tempo).unwrap_or(0));
        LastEpochBlock::<T>::insert(netuid, now.saturating_sub(phase));
        Ok(())
    }

    /// Opens the pool of a new subnet with TAO that its account already holds.
    pub(crate) fn fill_pool(
        netuid: NetUid,
        tao: TaoBalance,
        alpha: AlphaBalance,
    ) -> Result<(), DispatchError> {
        SubnetAlphaIn::<T>::insert(netuid, alpha);
        Self::grow(netuid, tao)
    }
}
