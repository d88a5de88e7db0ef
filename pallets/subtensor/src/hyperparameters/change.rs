//! A change: who asks, when, how often, within which range, and what it brings about.

use dendra_primitives::NetUid;
use frame_support::ensure;
use frame_system::{ensure_root, ensure_signed_or_root, pallet_prelude::OriginFor};
use sp_runtime::{DispatchError, DispatchResult};
use subnet_hyperparameters::{
    Definition, Hyperparameter, NetworkParameter, RateLimit, Refusal, Role, SetBy, Settings, Value,
    check, check_network,
};

use super::SettingError;
use crate::{
    AccountId, AdminFreezeWindow, Burn, Config, Error, Event, LastEpochBlock, LastRateLimitedBlock,
    OwnerHyperparamRateLimit, Pallet, PendingEpochAt, SubnetOwner, Tempo, epochs::TRIGGER,
    types::RateLimitKey,
};

impl<T: Config> Pallet<T> {
    /// Sets a hyperparameter of a subnet.
    ///
    /// Asks in this order: does the subnet exist, may the signer set it at all, is it frozen, has the rate limit
    /// passed, is the value in its range.
    pub fn set_hyperparameter(
        origin: OriginFor<T>,
        netuid: NetUid,
        parameter: Hyperparameter,
        value: Value,
    ) -> Result<(), SettingError> {
        let definition = parameter.definition();
        if !Self::exists(netuid) {
            return Err(Refusal::SubnetMissing.into());
        }
        let role = Self::role_for(origin, netuid, definition).map_err(SettingError::Failed)?;
        definition.admits(role)?;
        Self::ensure_now(netuid, definition, role).map_err(SettingError::Failed)?;
        check(parameter, &value, role, |fact| Self::fact(netuid, fact))?;
        Self::apply(netuid, parameter, value)?;
        if role == Role::Owner && definition.rate_limit != RateLimit::None {
            LastRateLimitedBlock::<T>::insert(rate_limit_key(netuid, parameter), Self::block());
        }
        Self::deposit_event(Event::HyperparameterSet {
            netuid,
            parameter: parameter.number(),
        });
        Ok(())
    }

    /// Sets a parameter of the network; the origin must be root.
    pub fn set_network_parameter(
        origin: OriginFor<T>,
        parameter: NetworkParameter,
        value: Value,
    ) -> Result<(), SettingError> {
        ensure_root(origin).map_err(|error| SettingError::Failed(error.into()))?;
        check_network(parameter, &value, |fact| Self::fact(NetUid::ROOT, fact))?;
        Self::write_network_parameter(parameter, value)?;
        Self::deposit_event(Event::NetworkParameterSet {
            parameter: parameter.number(),
        });
        Ok(())
    }

    /// The call `set_tempo`.
    pub(crate) fn do_set_tempo(origin: OriginFor<T>, netuid: NetUid, tempo: u16) -> DispatchResult {
        Self::set_hyperparameter(origin, netuid, Hyperparameter::Tempo, tempo.into())
            .map_err(Self::error_of)
    }

    /// The call `set_activity_cutoff_factor`.
    pub(crate) fn do_set_activity_cutoff_factor(
        origin: OriginFor<T>,
        netuid: NetUid,
        factor_milli: u32,
    ) -> DispatchResult {
        let parameter = Hyperparameter::ActivityCutoffFactor;
        Self::set_hyperparameter(origin, netuid, parameter, factor_milli.into())
            .map_err(Self::error_of)
    }

    /// As what a signer comes to a subnet.
    ///
    /// Errors: `NotSubnetOwner`, and `BadOrigin` for an origin that is neither root nor signed.
    pub fn role_of(origin: OriginFor<T>, netuid: NetUid) -> Result<Role, DispatchError> {
        let Some(who) = ensure_signed_or_root(origin)? else {
            return Ok(Role::Root);
        };
        // A subnet without an owner has the zero account in the owner's place.
        let is_nobody = who == AccountId::new([0; 32]);
        ensure!(
            !is_nobody && who == SubnetOwner::<T>::get(netuid),
            Error::<T>::NotSubnetOwner
        );
        Ok(Role::Owner)
    }

    /// The same, but what only root sets is refused to everyone else as `BadOrigin`.
    fn role_for(
        origin: OriginFor<T>,
        netuid: NetUid,
        definition: &Definition,
    ) -> Result<Role, DispatchError> {
        if definition.set_by == SetBy::Root {
            ensure_root(origin)?;
            return Ok(Role::Root);
        }
        Self::role_of(origin, netuid)
    }

    /// Whether hyperparameters are frozen: in the last blocks before an epoch, and while a triggered or deferred
    /// epoch is pending. The root network has no epochs.
    pub fn is_in_freeze_window(netuid: NetUid) -> bool {
        if netuid.is_root() {
            return false;
        }
        let window = u64::from(AdminFreezeWindow::<T>::get());
        PendingEpochAt::<T>::get(netuid) != 0
            || Self::blocks_until_next_epoch(netuid).is_some_and(|blocks| blocks < window)
    }

    /// That a change is possible in this block.
    fn ensure_now(netuid: NetUid, definition: &Definition, role: Role) -> DispatchResult {
        ensure!(
            !(definition.freeze.binds(role) && Self::is_in_freeze_window(netuid)),
            Error::<T>::AdminActionProhibitedDuringWeightsWindow
        );
        if role == Role::Root || definition.rate_limit == RateLimit::None {
            return Ok(());
        }
        let last = LastRateLimitedBlock::<T>::get(rate_limit_key(netuid, definition.parameter));
        let pause = definition.rate_limit.blocks(
            Tempo::<T>::get(netuid),
            OwnerHyperparamRateLimit::<T>::get(),
        );
        ensure!(
            last == 0 || Self::block().saturating_sub(last) >= pause,
            Error::<T>::TxRateLimitExceeded
        );
        Ok(())
    }

    /// Writes a checked value and does what the change brings about.
    fn apply(netuid: NetUid, parameter: Hyperparameter, value: Value) -> Result<(), SettingError> {
        match parameter {
            Hyperparameter::Tempo => {
                let tempo: u16 = value.try_into()?;
                Tempo::<T>::insert(netuid, tempo);
                // A full new cycle.
                LastEpochBlock::<T>::insert(netuid, Self::block());
                Self::deposit_event(Event::TempoSet(netuid, tempo));
                Ok(())
            }
            Hyperparameter::NetworkRegistrationAllowed => {
                let is_allowed: bool = value.try_into()?;
                Self::write_hyperparameter(netuid, parameter, is_allowed.into())?;
                Self::deposit_event(Event::RegistrationAllowed(netuid, is_allowed));
                Ok(())
            }
            Hyperparameter::MinBurn | Hyperparameter::MaxBurn => {
                Self::write_hyperparameter(netuid, parameter, value)?;
                let before = Burn::<T>::get(netuid);
                Self::clamp_burn(netuid);
                let price = Burn::<T>::get(netuid);
                if price != before {
                    Self::deposit_event(Event::BurnSet(netuid, price));
                }
                Ok(())
            }
            Hyperparameter::OwnerHotkey => {
                let bytes: [u8; 32] = value.try_into()?;
                Self::change_owner_hotkey(netuid, &AccountId::new(bytes))
                    .map_err(SettingError::Failed)
            }
            Hyperparameter::MechanismCount => {
                Self::change_mechanism_count(netuid, value.try_into()?)
                    .map_err(SettingError::Failed)
            }
            Hyperparameter::TrimToMaxAllowedUids => {
                Self::trim(netuid, value.try_into()?).map_err(SettingError::Failed)
            }
            _ => Ok(Self::write_hyperparameter(netuid, parameter, value)?),
        }
    }

    /// Forgets when hyperparameters of a subnet were set, so that the next subnet of this netuid is not held
    /// back. One removal for each hyperparameter.
    pub(crate) fn forget_rate_limits(netuid: NetUid) {
        for parameter in Hyperparameter::ALL {
            LastRateLimitedBlock::<T>::remove(rate_limit_key(netuid, *parameter));
        }
        LastRateLimitedBlock::<T>::remove(RateLimitKey::OwnerHyperparamUpdate(netuid, TRIGGER));
    }
}

/// Where the block of the last change is kept.
pub(crate) fn rate_limit_key(netuid: NetUid, parameter: Hyperparameter) -> RateLimitKey<AccountId> {
    match parameter {
        Hyperparameter::OwnerHotkey => RateLimitKey::SetSNOwnerHotkey(netuid),
        other => RateLimitKey::OwnerHyperparamUpdate(netuid, other.number()),
    }
}

impl<T: Config> Settings<OriginFor<T>, DispatchError> for Pallet<T> {
    fn set(
        origin: OriginFor<T>,
        netuid: NetUid,
        parameter: Hyperparameter,
        value: Value,
    ) -> Result<(), SettingError> {
        Self::set_hyperparameter(origin, netuid, parameter, value)
    }

    fn set_network(
        origin: OriginFor<T>,
        parameter: NetworkParameter,
        value: Value,
    ) -> Result<(), SettingError> {
        Self::set_network_parameter(origin, parameter, value)
    }

    fn failure_of(refusal: Refusal) -> DispatchError {
        Self::error_of(refusal.into())
    }
}
