//! Which error of the pallet a refusal is.

use sp_runtime::DispatchError;
use subnet_hyperparameters::Refusal;

use super::SettingError;
use crate::{Config, Error, Pallet};

impl<T: Config> Pallet<T> {
    /// The error that a call of this pallet returns. Refusals that only `AdminUtils` has a name for are
    /// `InvalidValue` here.
    pub(crate) fn error_of(error: SettingError) -> DispatchError {
        let refusal = match error {
            SettingError::Failed(error) => return error,
            SettingError::Refused(refusal) => refusal,
        };
        let error = match refusal {
            Refusal::OnlyRoot => return DispatchError::BadOrigin,
            Refusal::SubnetMissing => Error::<T>::SubnetNotExists,
            Refusal::NotSettable => Error::<T>::Deprecated,
            Refusal::TempoOutOfBounds => Error::<T>::TempoOutOfBounds,
            Refusal::ActivityCutoffFactorOutOfBounds => {
                Error::<T>::ActivityCutoffFactorMilliOutOfBounds
            }
            Refusal::ActivityCutoffTooLow => Error::<T>::ActivityCutoffTooLow,
            Refusal::TooManyUidsPerMechanism => Error::<T>::TooManyUIDsPerMechanism,
            Refusal::RevealPeriodTooShort => Error::<T>::RevealPeriodTooSmall,
            Refusal::RevealPeriodTooLong => Error::<T>::RevealPeriodTooLarge,
            Refusal::LiquidAlphaOff => Error::<T>::LiquidAlphaDisabled,
            Refusal::AlphaHighTooLow => Error::<T>::AlphaHighTooLow,
            Refusal::AlphaLowOutOfRange => Error::<T>::AlphaLowOutOfRange,
            Refusal::ChildkeyTakeTooHigh | Refusal::ChildkeyTakeTooLow => {
                Error::<T>::InvalidChildkeyTake
            }
            Refusal::WrongKind
            | Refusal::NotOnRootNetwork
            | Refusal::UidsAboveLimit
            | Refusal::UidsBelowMinimum
            | Refusal::UidsBelowNeurons
            | Refusal::MinimumNotBelowNeurons
            | Refusal::MinimumNotBelowMaximum
            | Refusal::TrimAboveMaximum
            | Refusal::ValidatorsAboveUids
            | Refusal::BondsMovingAverageTooHigh
            | Refusal::NegativeSteepness
            | Refusal::MinBurnTooHigh
            | Refusal::MinBurnNotBelowMaxBurn
            | Refusal::MaxBurnTooLow
            | Refusal::MaxBurnNotAboveMinBurn
            | Refusal::BurnHalfLifeOutOfBounds
            | Refusal::BurnIncreaseOutOfBounds
            | Refusal::OwnerImmunityOutOfBounds
            | Refusal::MechanismCountOutOfBounds
            | Refusal::SplitTooLong
            | Refusal::SplitSumWrong
            | Refusal::ClaimThresholdTooHigh
            | Refusal::DelegateTakeTooHigh
            | Refusal::DelegateTakeTooLow
            | Refusal::IntervalZero
            | Refusal::TooManySubnets
            | Refusal::NoEpochs
            | Refusal::TooManyRootClaims
            | Refusal::MovingAlphaTooHigh => Error::<T>::InvalidValue,
        };
        error.into()
    }
}
