//! Errors. Each sentence says what the reader can do; wallets show it.
//!
//! Refusals that the keeper of the parameters has a name for are its errors, not errors of this pallet.

use frame_support::pallet_macros::pallet_section;
use sp_runtime::DispatchError;
use subnet_hyperparameters::{Refusal, SettingError, Settings};

use crate::{Config, Error, Pallet};

/// Errors, imported into the pallet.
#[pallet_section]
mod errors {
    /// Why a setter is refused.
    #[pallet::error]
    pub enum Error<T> {
        /// No subnet has this netuid; list the existing ones and choose another.
        SubnetDoesNotExist,
        /// A subnet cannot have more validators than neurons; raise `MaxAllowedUids` first or choose less.
        MaxValidatorsLargerThanMaxUIds,
        /// The subnet has more neurons than that; trim it or choose more.
        MaxAllowedUIdsLessThanCurrentUIds,
        /// The moving average of bonds is above what you may set; owners may go to 975000, root to 1000000.
        BondsMovingAverageMaxReached,
        /// Only root may make the steepness negative; choose 0 or more.
        NegativeSigmoidSteepness,
        /// The value is outside of its range; see the table of hyperparameters.
        ValueNotInBounds,
        /// `MinAllowedUids` must be below the number of neurons; choose less.
        MinAllowedUidsGreaterThanCurrentUids,
        /// `MinAllowedUids` must be below `MaxAllowedUids`; choose less.
        MinAllowedUidsGreaterThanMaxAllowedUids,
        /// The subnet may not have fewer neurons than `MinAllowedUids`; choose more.
        MaxAllowedUidsLessThanMinAllowedUids,
        /// No subnet may have more than 256 neurons, nor the root network more than 64; choose less.
        MaxAllowedUidsGreaterThanDefaultMaxAllowedUids,
        /// A split has at most one part for each mechanism, and its parts sum to 65535; correct it.
        InvalidValue,
        /// The root network does not have this parameter; name another subnet.
        NotPermittedOnRootSubnet,
        /// Nothing is registered by work; never raised, since the switch can be set without effect.
        POWRegistrationDisabled,
        /// Nobody sets this parameter any more; leave it.
        Deprecated,
    }
}

impl<T: Config> Pallet<T> {
    /// The error that a setter returns.
    pub(crate) fn explain(error: SettingError<DispatchError>) -> DispatchError {
        let refusal = match error {
            SettingError::Failed(error) => return error,
            SettingError::Refused(refusal) => refusal,
        };
        let error = match refusal {
            Refusal::SubnetMissing => Error::<T>::SubnetDoesNotExist,
            Refusal::NotSettable => Error::<T>::Deprecated,
            Refusal::NotOnRootNetwork => Error::<T>::NotPermittedOnRootSubnet,
            Refusal::UidsAboveLimit => Error::<T>::MaxAllowedUidsGreaterThanDefaultMaxAllowedUids,
            Refusal::UidsBelowMinimum => Error::<T>::MaxAllowedUidsLessThanMinAllowedUids,
            Refusal::UidsBelowNeurons => Error::<T>::MaxAllowedUIdsLessThanCurrentUIds,
            Refusal::MinimumNotBelowNeurons => Error::<T>::MinAllowedUidsGreaterThanCurrentUids,
            Refusal::MinimumNotBelowMaximum => Error::<T>::MinAllowedUidsGreaterThanMaxAllowedUids,
            Refusal::ValidatorsAboveUids => Error::<T>::MaxValidatorsLargerThanMaxUIds,
            Refusal::BondsMovingAverageTooHigh => Error::<T>::BondsMovingAverageMaxReached,
            Refusal::NegativeSteepness => Error::<T>::NegativeSigmoidSteepness,
            Refusal::TrimAboveMaximum
            | Refusal::MinBurnTooHigh
            | Refusal::MinBurnNotBelowMaxBurn
            | Refusal::MaxBurnTooLow
            | Refusal::MaxBurnNotAboveMinBurn
            | Refusal::BurnHalfLifeOutOfBounds
            | Refusal::BurnIncreaseOutOfBounds
            | Refusal::OwnerImmunityOutOfBounds
            | Refusal::MechanismCountOutOfBounds
            | Refusal::ClaimThresholdTooHigh
            | Refusal::DelegateTakeTooHigh
            | Refusal::DelegateTakeTooLow
            | Refusal::IntervalZero
            | Refusal::TooManySubnets
            | Refusal::NoEpochs
            | Refusal::TooManyRootClaims
            | Refusal::MovingAlphaTooHigh => Error::<T>::ValueNotInBounds,
            Refusal::WrongKind | Refusal::SplitTooLong | Refusal::SplitSumWrong => {
                Error::<T>::InvalidValue
            }
            Refusal::OnlyRoot
            | Refusal::TempoOutOfBounds
            | Refusal::ActivityCutoffFactorOutOfBounds
            | Refusal::ActivityCutoffTooLow
            | Refusal::TooManyUidsPerMechanism
            | Refusal::RevealPeriodTooShort
            | Refusal::RevealPeriodTooLong
            | Refusal::LiquidAlphaOff
            | Refusal::AlphaHighTooLow
            | Refusal::AlphaLowOutOfRange
            | Refusal::ChildkeyTakeTooHigh
            | Refusal::ChildkeyTakeTooLow => return T::Settings::failure_of(refusal),
        };
        error.into()
    }
}
