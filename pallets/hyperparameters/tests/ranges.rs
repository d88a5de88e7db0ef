//! Every bound of the table, at the edge and beyond.

use dendra_primitives::{MechId, TaoBalance, U64F64, records::EpochConsensus};
use subnet_hyperparameters::{
    Fact, Hyperparameter as P, NetworkParameter as N, Refusal, Role, SetBy, Value, check,
    check_network,
};

/// A subnet of 100 neurons, at most 128, two mechanisms, liquid alpha on.
fn facts(fact: Fact) -> u64 {
    match fact {
        Fact::IsRootNetwork => 0,
        Fact::Neurons => 100,
        Fact::MinAllowedUids => 64,
        Fact::MaxAllowedUids => 128,
        Fact::UidLimit => 256,
        Fact::MechanismCount => 2,
        Fact::MaxMechanismCount => 2,
        Fact::MinBurn => 500_000,
        Fact::MaxBurn => 100_000_000_000,
        Fact::LiquidAlphaEnabled => 1,
        Fact::MinDelegateTake => 1_000,
        Fact::MaxDelegateTake => 11_796,
        Fact::MinChildkeyTake => 10,
        Fact::MaxChildkeyTake => 11_796,
    }
}

/// The same, but for one fact.
fn with(other: Fact, value: u64) -> impl Fn(Fact) -> u64 {
    move |fact| if fact == other { value } else { facts(fact) }
}

#[track_caller]
fn accepts(parameter: P, value: impl Into<Value>) {
    let value = value.into();
    for role in roles_of(parameter) {
        assert_eq!(
            check(parameter, &value, role, facts),
            Ok(()),
            "{role:?} {value:?}"
        );
    }
}

#[track_caller]
fn refuses(parameter: P, value: impl Into<Value>, refusal: Refusal) {
    let value = value.into();
    for role in roles_of(parameter) {
        assert_eq!(
            check(parameter, &value, role, facts),
            Err(refusal),
            "{role:?} {value:?}"
        );
    }
}

/// Refused for the owner, fine for root.
#[track_caller]
fn refuses_owner(parameter: P, value: impl Into<Value>, refusal: Refusal) {
    let value = value.into();
    assert_eq!(
        check(parameter, &value, Role::Owner, facts),
        Err(refusal),
        "{value:?}"
    );
    assert_eq!(
        check(parameter, &value, Role::Root, facts),
        Ok(()),
        "{value:?}"
    );
}

fn roles_of(parameter: P) -> Vec<Role> {
    match parameter.definition().set_by {
        SetBy::Nobody => vec![],
        SetBy::Owner => vec![Role::Owner, Role::Root],
        SetBy::Root => vec![Role::Root],
    }
}

fn tao(rao: u64) -> TaoBalance {
    TaoBalance::new(rao)
}

#[test]
fn what_nobody_sets_is_refused_to_everyone() {
    for role in [Role::Owner, Role::Root] {
        assert_eq!(
            check(P::MaxWeightsLimit, &Value::U16(1), role, facts),
            Err(Refusal::NotSettable)
        );
        assert_eq!(
            check(P::UserLiquidityEnabled, &Value::Bool(true), role, facts),
            Err(Refusal::NotSettable)
        );
    }
}

#[test]
fn what_root_sets_is_refused_to_owners() {
    for parameter in P::ALL {
        let row = parameter.definition();
        if row.set_by != SetBy::Root {
            continue;
        }
        let value = row.setting.default.expect("the parameter has a value");
        assert_eq!(
            check(*parameter, value, Role::Owner, facts),
            Err(Refusal::OnlyRoot),
            "{parameter:?}"
        );
    }
}

#[test]
fn a_value_of_another_kind_is_refused() {
    for parameter in P::ALL {
        let other = match parameter.definition().setting.default {
            Some(Value::U8(_)) => Value::U16(1),
            _ => Value::U8(1),
        };
        for role in roles_of(*parameter) {
            assert_eq!(
                check(*parameter, &other, role, facts),
                Err(Refusal::WrongKind),
                "{parameter:?}"
            );
        }
    }
    assert_eq!(
        check_network(N::SubnetLimit, &Value::U64(1), facts),
        Err(Refusal::WrongKind)
    );
}

#[test]
fn the_root_network_has_neither_owner_hotkey_nor_mechanisms_nor_alpha() {
    let on_root = with(Fact::IsRootNetwork, 1);
    let missing: Vec<_> = P::ALL
        .iter()
        .filter(|parameter| {
            let value = Value::Bool(true);
            check(**parameter, &value, Role::Root, &on_root) == Err(Refusal::NotOnRootNetwork)
        })
        .copied()
        .collect();
    assert_eq!(
        missing,
        [
            P::SubtokenEnabled,
            P::OwnerHotkey,
            P::MechanismCount,
            P::MechanismEmissionSplit,
            P::TrimToMaxAllowedUids,
            P::SubnetEmissionEnabled,
        ]
    );
}

#[test]
fn free_numbers_take_both_ends() {
    for parameter in [
        P::Kappa,
        P::ImmunityPeriod,
        P::MinAllowedWeights,
        P::TargetRegistrationsPerInterval,
        P::MaxRegistrationsPerBlock,
        P::Rho,
        P::BondsPenalty,
        P::CollateralLockShare,
    ] {
        accepts(parameter, 0u16);
        accepts(parameter, u16::MAX);
    }
    for parameter in [
        P::ServingRateLimit,
        P::WeightsVersionKey,
        P::WeightsSetRateLimit,
        P::AdjustmentAlpha,
        P::Difficulty,
        P::MinDifficulty,
        P::MaxDifficulty,
    ] {
        accepts(parameter, 0u64);
        accepts(parameter, u64::MAX);
    }
    accepts(P::CollateralDrainRatio, U64F64::from_bits(0));
    accepts(P::CollateralDrainRatio, U64F64::from_bits(u128::MAX));
}

#[test]
fn switches_take_both_values() {
    for parameter in P::ALL {
        let row = parameter.definition();
        if matches!(row.setting.default, Some(Value::Bool(_))) {
            accepts(*parameter, true);
            accepts(*parameter, false);
        }
    }
    accepts(P::EpochConsensus, EpochConsensus::Null);
    accepts(P::EpochConsensus, EpochConsensus::Yuma);
}

#[test]
fn tempo_binds_owners_between_360_and_50400_blocks() {
    accepts(P::Tempo, 360u16);
    accepts(P::Tempo, 50_400u16);
    for tempo in [0, 359, 50_401, u16::MAX] {
        refuses_owner(P::Tempo, tempo, Refusal::TempoOutOfBounds);
    }
}

#[test]
fn activity_cutoff_factor_is_between_1_and_50_tempos() {
    accepts(P::ActivityCutoffFactor, 1_000u32);
    accepts(P::ActivityCutoffFactor, 50_000u32);
    for factor in [0u32, 999, 50_001, u32::MAX] {
        refuses(
            P::ActivityCutoffFactor,
            factor,
            Refusal::ActivityCutoffFactorOutOfBounds,
        );
    }
}

#[test]
fn activity_cutoff_is_at_least_360_blocks() {
    accepts(P::ActivityCutoff, 360u16);
    accepts(P::ActivityCutoff, u16::MAX);
    refuses(P::ActivityCutoff, 359u16, Refusal::ActivityCutoffTooLow);
}

#[test]
fn the_most_neurons_are_between_the_neurons_and_the_limits() {
    accepts(P::MaxAllowedUids, 100u16);
    accepts(P::MaxAllowedUids, 128u16);
    refuses(P::MaxAllowedUids, 257u16, Refusal::UidsAboveLimit);
    refuses(P::MaxAllowedUids, 63u16, Refusal::UidsBelowMinimum);
    refuses(P::MaxAllowedUids, 99u16, Refusal::UidsBelowNeurons);
    refuses(P::MaxAllowedUids, 129u16, Refusal::TooManyUidsPerMechanism);
    let single = with(Fact::MechanismCount, 1);
    assert_eq!(
        check(P::MaxAllowedUids, &Value::U16(256), Role::Owner, &single),
        Ok(())
    );
    let empty = with(Fact::Neurons, 1);
    assert_eq!(
        check(P::MaxAllowedUids, &Value::U16(64), Role::Owner, &empty),
        Ok(())
    );
}

#[test]
fn the_root_network_has_no_more_neurons_than_seats() {
    let on_root = |fact| match fact {
        Fact::IsRootNetwork | Fact::MechanismCount => 1,
        Fact::UidLimit => 64,
        Fact::Neurons => 0,
        other => facts(other),
    };
    assert_eq!(
        check(P::MaxAllowedUids, &Value::U16(64), Role::Root, on_root),
        Ok(())
    );
    assert_eq!(
        check(P::MaxAllowedUids, &Value::U16(65), Role::Root, on_root),
        Err(Refusal::UidsAboveLimit)
    );
}

#[test]
fn the_least_maximum_is_below_neurons_and_maximum() {
    accepts(P::MinAllowedUids, 0u16);
    accepts(P::MinAllowedUids, 99u16);
    refuses(P::MinAllowedUids, 100u16, Refusal::MinimumNotBelowNeurons);
    refuses(P::MinAllowedUids, 127u16, Refusal::MinimumNotBelowNeurons);
    refuses(P::MinAllowedUids, 128u16, Refusal::MinimumNotBelowMaximum);
}

#[test]
fn trimming_stays_between_minimum_and_maximum() {
    accepts(P::TrimToMaxAllowedUids, 64u16);
    accepts(P::TrimToMaxAllowedUids, 128u16);
    refuses(P::TrimToMaxAllowedUids, 63u16, Refusal::UidsBelowMinimum);
    refuses(P::TrimToMaxAllowedUids, 129u16, Refusal::TrimAboveMaximum);
}

#[test]
fn there_are_no_more_validators_than_neurons() {
    accepts(P::MaxAllowedValidators, 0u16);
    accepts(P::MaxAllowedValidators, 128u16);
    refuses(
        P::MaxAllowedValidators,
        129u16,
        Refusal::ValidatorsAboveUids,
    );
}

#[test]
fn reveals_come_1_to_100_epochs_after_commits() {
    accepts(P::CommitRevealWeightsInterval, 1u64);
    accepts(P::CommitRevealWeightsInterval, 100u64);
    refuses(
        P::CommitRevealWeightsInterval,
        0u64,
        Refusal::RevealPeriodTooShort,
    );
    refuses(
        P::CommitRevealWeightsInterval,
        101u64,
        Refusal::RevealPeriodTooLong,
    );
    refuses(
        P::CommitRevealWeightsInterval,
        u64::MAX,
        Refusal::RevealPeriodTooLong,
    );
}

#[test]
fn bonds_keep_at_most_all_and_for_owners_975_of_1000() {
    accepts(P::BondsMovingAverage, 0u64);
    accepts(P::BondsMovingAverage, 975_000u64);
    refuses_owner(
        P::BondsMovingAverage,
        975_001u64,
        Refusal::BondsMovingAverageTooHigh,
    );
    refuses_owner(
        P::BondsMovingAverage,
        1_000_000u64,
        Refusal::BondsMovingAverageTooHigh,
    );
    refuses(
        P::BondsMovingAverage,
        1_000_001u64,
        Refusal::BondsMovingAverageTooHigh,
    );
}

#[test]
fn alpha_values_need_liquid_alpha() {
    let off = with(Fact::LiquidAlphaEnabled, 0);
    for role in [Role::Owner, Role::Root] {
        assert_eq!(
            check(P::AlphaValues, &Value::Range((45_875, 58_982)), role, &off),
            Err(Refusal::LiquidAlphaOff)
        );
    }
    accepts(P::AlphaValues, Value::Range((45_875, 58_982)));
}

#[test]
fn alpha_values_are_ordered_and_at_least_1638() {
    accepts(P::AlphaValues, Value::Range((1_638, 1_638)));
    accepts(P::AlphaValues, Value::Range((1_638, u16::MAX)));
    accepts(P::AlphaValues, Value::Range((u16::MAX, u16::MAX)));
    refuses(
        P::AlphaValues,
        Value::Range((1_637, 1_637)),
        Refusal::AlphaHighTooLow,
    );
    refuses(
        P::AlphaValues,
        Value::Range((0, 0)),
        Refusal::AlphaHighTooLow,
    );
    refuses(
        P::AlphaValues,
        Value::Range((1_637, 2_000)),
        Refusal::AlphaLowOutOfRange,
    );
    refuses(
        P::AlphaValues,
        Value::Range((2_001, 2_000)),
        Refusal::AlphaLowOutOfRange,
    );
}

#[test]
fn only_root_makes_the_steepness_negative() {
    accepts(P::AlphaSigmoidSteepness, 0i16);
    accepts(P::AlphaSigmoidSteepness, i16::MAX);
    refuses_owner(P::AlphaSigmoidSteepness, -1i16, Refusal::NegativeSteepness);
    refuses_owner(
        P::AlphaSigmoidSteepness,
        i16::MIN,
        Refusal::NegativeSteepness,
    );
}

#[test]
fn the_lowest_price_is_below_1_tao_and_below_the_highest() {
    accepts(P::MinBurn, tao(0));
    accepts(P::MinBurn, tao(999_999_999));
    refuses(P::MinBurn, tao(1_000_000_000), Refusal::MinBurnTooHigh);
    refuses(P::MinBurn, tao(u64::MAX), Refusal::MinBurnTooHigh);
    let low = with(Fact::MaxBurn, 200_000_000);
    let set = |rao| check(P::MinBurn, &Value::Tao(tao(rao)), Role::Owner, &low);
    assert_eq!(set(199_999_999), Ok(()));
    assert_eq!(set(200_000_000), Err(Refusal::MinBurnNotBelowMaxBurn));
}

#[test]
fn the_highest_price_is_above_a_tenth_tao_and_above_the_lowest() {
    accepts(P::MaxBurn, tao(100_000_001));
    accepts(P::MaxBurn, tao(u64::MAX));
    refuses(P::MaxBurn, tao(100_000_000), Refusal::MaxBurnTooLow);
    refuses(P::MaxBurn, tao(0), Refusal::MaxBurnTooLow);
    let high = with(Fact::MinBurn, 900_000_000);
    let set = |rao| check(P::MaxBurn, &Value::Tao(tao(rao)), Role::Root, &high);
    assert_eq!(set(900_000_001), Ok(()));
    assert_eq!(set(900_000_000), Err(Refusal::MaxBurnNotAboveMinBurn));
}

#[test]
fn the_half_life_of_the_price_is_1_to_36100_blocks() {
    accepts(P::BurnHalfLife, 1u16);
    accepts(P::BurnHalfLife, 36_100u16);
    refuses(P::BurnHalfLife, 0u16, Refusal::BurnHalfLifeOutOfBounds);
    refuses(P::BurnHalfLife, 36_101u16, Refusal::BurnHalfLifeOutOfBounds);
}

#[test]
fn a_registration_raises_the_price_one_to_threefold() {
    let one = 1u128 << 64;
    accepts(P::BurnIncreaseMult, U64F64::from_bits(one));
    accepts(P::BurnIncreaseMult, U64F64::from_bits(3 * one));
    for bits in [0, one - 1, 3 * one + 1, u128::MAX] {
        refuses(
            P::BurnIncreaseMult,
            U64F64::from_bits(bits),
            Refusal::BurnIncreaseOutOfBounds,
        );
    }
}

#[test]
fn owners_protect_1_to_10_neurons() {
    accepts(P::OwnerImmuneNeuronLimit, 1u16);
    accepts(P::OwnerImmuneNeuronLimit, 10u16);
    refuses(
        P::OwnerImmuneNeuronLimit,
        0u16,
        Refusal::OwnerImmunityOutOfBounds,
    );
    refuses(
        P::OwnerImmuneNeuronLimit,
        11u16,
        Refusal::OwnerImmunityOutOfBounds,
    );
}

#[test]
fn the_least_take_of_a_child_is_at_most_the_networks_highest() {
    accepts(P::MinChildkeyTakePerSubnet, 0u16);
    accepts(P::MinChildkeyTakePerSubnet, 11_796u16);
    refuses(
        P::MinChildkeyTakePerSubnet,
        11_797u16,
        Refusal::ChildkeyTakeTooHigh,
    );
}

#[test]
fn intervals_of_registrations_have_a_block() {
    accepts(P::AdjustmentInterval, 1u16);
    accepts(P::AdjustmentInterval, u16::MAX);
    refuses(P::AdjustmentInterval, 0u16, Refusal::IntervalZero);
}

#[test]
fn mechanisms_are_at_least_1_and_at_most_what_network_and_neurons_allow() {
    accepts(P::MechanismCount, MechId::new(1));
    accepts(P::MechanismCount, MechId::new(2));
    refuses(
        P::MechanismCount,
        MechId::new(0),
        Refusal::MechanismCountOutOfBounds,
    );
    refuses(
        P::MechanismCount,
        MechId::new(3),
        Refusal::MechanismCountOutOfBounds,
    );
    let crowded = with(Fact::MaxAllowedUids, 129);
    assert_eq!(
        check(
            P::MechanismCount,
            &Value::Mechanisms(MechId::new(2)),
            Role::Owner,
            &crowded
        ),
        Err(Refusal::TooManyUidsPerMechanism)
    );
}

#[test]
fn a_split_has_a_part_for_each_mechanism_and_sums_to_the_whole() {
    let split = |parts: &[u16]| Value::Split(Some(parts.to_vec()));
    accepts(P::MechanismEmissionSplit, Value::Split(None));
    accepts(P::MechanismEmissionSplit, split(&[65_535]));
    accepts(P::MechanismEmissionSplit, split(&[0, 65_535]));
    accepts(P::MechanismEmissionSplit, split(&[32_767, 32_768]));
    refuses(
        P::MechanismEmissionSplit,
        split(&[]),
        Refusal::SplitSumWrong,
    );
    refuses(
        P::MechanismEmissionSplit,
        split(&[32_767, 32_767]),
        Refusal::SplitSumWrong,
    );
    refuses(
        P::MechanismEmissionSplit,
        split(&[32_768, 32_768]),
        Refusal::SplitSumWrong,
    );
    refuses(
        P::MechanismEmissionSplit,
        split(&[65_535, 65_535]),
        Refusal::SplitSumWrong,
    );
    refuses(
        P::MechanismEmissionSplit,
        split(&[65_535, 0, 0]),
        Refusal::SplitTooLong,
    );
}

#[test]
fn the_least_claim_is_at_most_10_million_units() {
    accepts(P::RootClaimThreshold, 0u64);
    accepts(P::RootClaimThreshold, 10_000_000u64);
    refuses(
        P::RootClaimThreshold,
        10_000_001u64,
        Refusal::ClaimThresholdTooHigh,
    );
}

#[track_caller]
fn network(parameter: N, value: impl Into<Value>) -> Result<(), Refusal> {
    check_network(parameter, &value.into(), facts)
}

#[test]
fn network_parameters_without_a_range_take_both_ends() {
    for parameter in N::ALL {
        let setting = parameter.definition().setting;
        if !setting.rules.is_empty() {
            continue;
        }
        let (least, most): (Value, Value) = match setting.default {
            Some(Value::U16(_)) => (0u16.into(), u16::MAX.into()),
            Some(Value::U32(_)) => (0u32.into(), u32::MAX.into()),
            Some(Value::U64(_)) => (0u64.into(), u64::MAX.into()),
            Some(Value::Tao(_)) => (tao(0).into(), tao(u64::MAX).into()),
            other => panic!("{parameter:?} has the default {other:?}"),
        };
        assert_eq!(network(*parameter, least), Ok(()), "{parameter:?}");
        assert_eq!(network(*parameter, most), Ok(()), "{parameter:?}");
    }
}

#[test]
fn the_cost_of_creation_falls_over_at_least_a_block() {
    assert_eq!(network(N::LockReductionInterval, 1u64), Ok(()));
    assert_eq!(network(N::LockReductionInterval, u64::MAX), Ok(()));
    assert_eq!(
        network(N::LockReductionInterval, 0u64),
        Err(Refusal::IntervalZero)
    );
}

#[test]
fn there_are_no_more_subnets_than_a_block_has_room_for() {
    assert_eq!(network(N::SubnetLimit, 0u16), Ok(()));
    assert_eq!(network(N::SubnetLimit, 511u16), Ok(()));
    assert_eq!(
        network(N::SubnetLimit, 512u16),
        Err(Refusal::TooManySubnets)
    );
}

#[test]
fn takes_of_delegates_stay_between_lowest_and_highest() {
    assert_eq!(network(N::DefaultDelegateTake, 1_000u16), Ok(()));
    assert_eq!(network(N::DefaultDelegateTake, 11_796u16), Ok(()));
    assert_eq!(
        network(N::DefaultDelegateTake, 999u16),
        Err(Refusal::DelegateTakeTooLow)
    );
    assert_eq!(
        network(N::DefaultDelegateTake, 11_797u16),
        Err(Refusal::DelegateTakeTooHigh)
    );
    assert_eq!(network(N::MinDelegateTake, 0u16), Ok(()));
    assert_eq!(network(N::MinDelegateTake, 11_796u16), Ok(()));
    assert_eq!(
        network(N::MinDelegateTake, 11_797u16),
        Err(Refusal::DelegateTakeTooHigh)
    );
}

#[test]
fn takes_of_children_stay_between_lowest_and_highest() {
    assert_eq!(network(N::MinChildkeyTake, 11_796u16), Ok(()));
    assert_eq!(
        network(N::MinChildkeyTake, 11_797u16),
        Err(Refusal::ChildkeyTakeTooHigh)
    );
    assert_eq!(network(N::MaxChildkeyTake, 11_796u16), Ok(()));
    assert_eq!(
        network(N::MaxChildkeyTake, 11_797u16),
        Err(Refusal::ChildkeyTakeTooHigh)
    );
    assert_eq!(network(N::MaxChildkeyTake, 10u16), Ok(()));
    assert_eq!(
        network(N::MaxChildkeyTake, 9u16),
        Err(Refusal::ChildkeyTakeTooLow)
    );
}

#[test]
fn a_block_runs_at_least_an_epoch() {
    assert_eq!(network(N::MaxEpochsPerBlock, 1u8), Ok(()));
    assert_eq!(network(N::MaxEpochsPerBlock, u8::MAX), Ok(()));
    assert_eq!(network(N::MaxEpochsPerBlock, 0u8), Err(Refusal::NoEpochs));
}

#[test]
fn a_subnet_has_1_to_16_mechanisms() {
    let mechanisms = |count| network(N::MaxMechanismCount, MechId::new(count));
    assert_eq!(mechanisms(1), Ok(()));
    assert_eq!(mechanisms(16), Ok(()));
    assert_eq!(mechanisms(0), Err(Refusal::MechanismCountOutOfBounds));
    assert_eq!(mechanisms(17), Err(Refusal::MechanismCountOutOfBounds));
}

#[test]
fn a_block_claims_for_at_most_50_root_stakers() {
    assert_eq!(network(N::NumRootClaim, 0u64), Ok(()));
    assert_eq!(network(N::NumRootClaim, 50u64), Ok(()));
    assert_eq!(
        network(N::NumRootClaim, 51u64),
        Err(Refusal::TooManyRootClaims)
    );
}

#[test]
fn a_moving_price_does_not_pass_the_price() {
    assert_eq!(network(N::SubnetMovingAlpha, 0u64), Ok(()));
    assert_eq!(network(N::SubnetMovingAlpha, 1u64 << 32), Ok(()));
    assert_eq!(
        network(N::SubnetMovingAlpha, (1u64 << 32) + 1),
        Err(Refusal::MovingAlphaTooHigh)
    );
}

#[test]
fn facts_are_asked_only_when_a_rule_needs_them() {
    let none = |fact: Fact| -> u64 { panic!("{fact:?} was asked for") };
    assert_eq!(check(P::Kappa, &Value::U16(1), Role::Root, none), Ok(()));
    assert_eq!(check(P::Tempo, &Value::U16(360), Role::Owner, none), Ok(()));
}
