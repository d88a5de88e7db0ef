//! Each refusal becomes the error that the interface names.

use frame_support::{assert_noop, dispatch::RawOrigin};
use sp_runtime::DispatchError;
use subnet_hyperparameters::{Refusal, SettingError};

use crate::{
    Error, Pallet,
    mock::{Notebook, Test, run},
};

/// Refusals with a name of this pallet.
#[rustfmt::skip]
const OWN: &[(Refusal, &str)] = &[
    (Refusal::SubnetMissing, "SubnetDoesNotExist"),
    (Refusal::WrongKind, "InvalidValue"),
    (Refusal::NotSettable, "Deprecated"),
    (Refusal::NotOnRootNetwork, "NotPermittedOnRootSubnet"),
    (Refusal::UidsAboveLimit, "MaxAllowedUidsGreaterThanDefaultMaxAllowedUids"),
    (Refusal::UidsBelowMinimum, "MaxAllowedUidsLessThanMinAllowedUids"),
    (Refusal::UidsBelowNeurons, "MaxAllowedUIdsLessThanCurrentUIds"),
    (Refusal::MinimumNotBelowNeurons, "MinAllowedUidsGreaterThanCurrentUids"),
    (Refusal::MinimumNotBelowMaximum, "MinAllowedUidsGreaterThanMaxAllowedUids"),
    (Refusal::TrimAboveMaximum, "ValueNotInBounds"),
    (Refusal::ValidatorsAboveUids, "MaxValidatorsLargerThanMaxUIds"),
    (Refusal::BondsMovingAverageTooHigh, "BondsMovingAverageMaxReached"),
    (Refusal::NegativeSteepness, "NegativeSigmoidSteepness"),
    (Refusal::MinBurnTooHigh, "ValueNotInBounds"),
    (Refusal::MinBurnNotBelowMaxBurn, "ValueNotInBounds"),
    (Refusal::MaxBurnTooLow, "ValueNotInBounds"),
    (Refusal::MaxBurnNotAboveMinBurn, "ValueNotInBounds"),
    (Refusal::BurnHalfLifeOutOfBounds, "ValueNotInBounds"),
    (Refusal::BurnIncreaseOutOfBounds, "ValueNotInBounds"),
    (Refusal::OwnerImmunityOutOfBounds, "ValueNotInBounds"),
    (Refusal::MechanismCountOutOfBounds, "ValueNotInBounds"),
    (Refusal::SplitTooLong, "InvalidValue"),
    (Refusal::SplitSumWrong, "InvalidValue"),
    (Refusal::ClaimThresholdTooHigh, "ValueNotInBounds"),
    (Refusal::DelegateTakeTooHigh, "ValueNotInBounds"),
    (Refusal::DelegateTakeTooLow, "ValueNotInBounds"),
    (Refusal::IntervalZero, "ValueNotInBounds"),
    (Refusal::TooManySubnets, "ValueNotInBounds"),
    (Refusal::NoEpochs, "ValueNotInBounds"),
    (Refusal::TooManyRootClaims, "ValueNotInBounds"),
    (Refusal::MovingAlphaTooHigh, "ValueNotInBounds"),
];

/// Refusals that the keeper has a name for.
const KEEPERS: &[Refusal] = &[
    Refusal::OnlyRoot,
    Refusal::TempoOutOfBounds,
    Refusal::ActivityCutoffFactorOutOfBounds,
    Refusal::ActivityCutoffTooLow,
    Refusal::TooManyUidsPerMechanism,
    Refusal::RevealPeriodTooShort,
    Refusal::RevealPeriodTooLong,
    Refusal::LiquidAlphaOff,
    Refusal::AlphaHighTooLow,
    Refusal::AlphaLowOutOfRange,
    Refusal::ChildkeyTakeTooHigh,
    Refusal::ChildkeyTakeTooLow,
];

fn name(error: DispatchError) -> &'static str {
    match error {
        DispatchError::Module(module) => module.message.unwrap_or("no name"),
        DispatchError::Other(text) => text,
        _ => "another error",
    }
}

#[test]
fn refusals_have_the_names_of_the_interface() {
    for (refusal, expected) in OWN {
        let error = Pallet::<Test>::explain(SettingError::Refused(*refusal));
        assert_eq!(name(error), *expected, "{refusal:?}");
    }
    for refusal in KEEPERS {
        let error = Pallet::<Test>::explain(SettingError::Refused(*refusal));
        assert_eq!(name(error), "the keeper's own", "{refusal:?}");
    }
}

#[test]
fn a_failure_of_the_keeper_reaches_the_signer() {
    run(|| {
        Notebook::answer(Err(SettingError::Failed(DispatchError::Exhausted)));
        assert_noop!(
            Pallet::<Test>::sudo_set_kappa(RawOrigin::Root.into(), 2.into(), 1),
            DispatchError::Exhausted
        );
        assert_noop!(
            Pallet::<Test>::sudo_set_subnet_limit(RawOrigin::Root.into(), 1),
            DispatchError::Exhausted
        );
    });
}

#[test]
fn a_refusal_of_the_keeper_fails_the_call() {
    run(|| {
        Notebook::answer(Err(SettingError::Refused(Refusal::SubnetMissing)));
        assert_noop!(
            Pallet::<Test>::sudo_set_rho(RawOrigin::Root.into(), 2.into(), 1),
            Error::<Test>::SubnetDoesNotExist
        );
        Notebook::answer(Err(SettingError::Refused(Refusal::TooManySubnets)));
        assert_noop!(
            Pallet::<Test>::sudo_set_subnet_limit(RawOrigin::Root.into(), u16::MAX),
            Error::<Test>::ValueNotInBounds
        );
    });
}
