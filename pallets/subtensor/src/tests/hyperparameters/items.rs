//! Each setter changes its own storage item and no other.

use std::collections::{BTreeMap, BTreeSet};

use dendra_primitives::{
    MechId, NetUid, TaoBalance, U64F64,
    records::{EpochConsensus, RecycleOrBurnEnum},
};
use frame_support::{assert_ok, traits::PalletInfoAccess};
use sp_io::hashing::twox_128;
use subnet_hyperparameters::{Hyperparameter as P, NetworkParameter as N, SetBy, Value};

use super::{NETUID, chain, owner_hotkey, set_as_root, set_network};
use crate::{
    mock::{ExtBuilder, SubtensorModule, Test},
    *,
};

/// A value that differs from what the subnet of the tests has, and the key of the item that holds it.
#[rustfmt::skip]
fn subnet_items() -> Vec<(P, Value, Vec<u8>)> {
    let id = NETUID;
    let tao = TaoBalance::new;
    vec![
        (P::Kappa, 1u16.into(), Kappa::<Test>::hashed_key_for(id)),
        (P::ImmunityPeriod, 2u16.into(), ImmunityPeriod::<Test>::hashed_key_for(id)),
        (P::MinAllowedWeights, 3u16.into(), MinAllowedWeights::<Test>::hashed_key_for(id)),
        (P::WeightsVersionKey, 4u64.into(), WeightsVersionKey::<Test>::hashed_key_for(id)),
        (P::WeightsSetRateLimit, 5u64.into(), WeightsSetRateLimit::<Test>::hashed_key_for(id)),
        (P::ActivityCutoff, 361u16.into(), ActivityCutoff::<Test>::hashed_key_for(id)),
        (P::ActivityCutoffFactor, 1_001u32.into(), ActivityCutoffFactorMilli::<Test>::hashed_key_for(id)),
        (P::NetworkRegistrationAllowed, false.into(), NetworkRegistrationAllowed::<Test>::hashed_key_for(id)),
        (P::TargetRegistrationsPerInterval, 6u16.into(), TargetRegistrationsPerInterval::<Test>::hashed_key_for(id)),
        (P::MinBurn, tao(7).into(), MinBurn::<Test>::hashed_key_for(id)),
        (P::MaxBurn, tao(2_000_000_000).into(), MaxBurn::<Test>::hashed_key_for(id)),
        (P::BurnHalfLife, 8u16.into(), BurnHalfLife::<Test>::hashed_key_for(id)),
        (P::BurnIncreaseMult, U64F64::ONE.into(), BurnIncreaseMult::<Test>::hashed_key_for(id)),
        (P::BondsMovingAverage, 9u64.into(), BondsMovingAverage::<Test>::hashed_key_for(id)),
        (P::MaxRegistrationsPerBlock, 10u16.into(), MaxRegistrationsPerBlock::<Test>::hashed_key_for(id)),
        (P::MaxAllowedValidators, 11u16.into(), MaxAllowedValidators::<Test>::hashed_key_for(id)),
        (P::CommitRevealWeightsInterval, 12u64.into(), RevealPeriodEpochs::<Test>::hashed_key_for(id)),
        (P::CommitRevealWeightsEnabled, true.into(), CommitRevealWeightsEnabled::<Test>::hashed_key_for(id)),
        (P::LiquidAlphaEnabled, true.into(), LiquidAlphaOn::<Test>::hashed_key_for(id)),
        // After the one above, without which it is refused.
        (P::AlphaValues, (2_000u16, 3_000u16).into(), AlphaValues::<Test>::hashed_key_for(id)),
        (P::AlphaSigmoidSteepness, (-1i16).into(), AlphaSigmoidSteepness::<Test>::hashed_key_for(id)),
        (P::Yuma3Enabled, false.into(), Yuma3On::<Test>::hashed_key_for(id)),
        (P::SubtokenEnabled, false.into(), SubtokenEnabled::<Test>::hashed_key_for(id)),
        (P::ToggleTransfer, false.into(), TransferToggle::<Test>::hashed_key_for(id)),
        (P::BondsResetEnabled, true.into(), BondsResetOn::<Test>::hashed_key_for(id)),
        (P::OwnerCutEnabled, false.into(), OwnerCutEnabled::<Test>::hashed_key_for(id)),
        (P::OwnerCutAutoLockEnabled, true.into(), OwnerCutAutoLockEnabled::<Test>::hashed_key_for(id)),
        (P::MinChildkeyTakePerSubnet, 13u16.into(), MinChildkeyTakePerSubnet::<Test>::hashed_key_for(id)),
        (P::ServingRateLimit, 14u64.into(), ServingRateLimit::<Test>::hashed_key_for(id)),
        (P::Rho, 15u16.into(), Rho::<Test>::hashed_key_for(id)),
        (P::BondsPenalty, 16u16.into(), BondsPenalty::<Test>::hashed_key_for(id)),
        (P::MinAllowedUids, 0u16.into(), MinAllowedUids::<Test>::hashed_key_for(id)),
        (P::MaxAllowedUids, 65u16.into(), MaxAllowedUids::<Test>::hashed_key_for(id)),
        (P::OwnerImmuneNeuronLimit, 10u16.into(), ImmuneOwnerUidsLimit::<Test>::hashed_key_for(id)),
        (P::NetworkPowRegistrationAllowed, false.into(), NetworkPowRegistrationAllowed::<Test>::hashed_key_for(id)),
        (P::AdjustmentAlpha, 17u64.into(), AdjustmentAlpha::<Test>::hashed_key_for(id)),
        (P::AdjustmentInterval, 18u16.into(), AdjustmentInterval::<Test>::hashed_key_for(id)),
        (P::Difficulty, 19u64.into(), Difficulty::<Test>::hashed_key_for(id)),
        (P::MinDifficulty, 20u64.into(), MinDifficulty::<Test>::hashed_key_for(id)),
        (P::MaxDifficulty, 21u64.into(), MaxDifficulty::<Test>::hashed_key_for(id)),
        (P::RecycleOrBurn, RecycleOrBurnEnum::Recycle.into(), RecycleOrBurn::<Test>::hashed_key_for(id)),
        (P::MechanismEmissionSplit, Some(vec![65_535u16]).into(), MechanismEmissionSplit::<Test>::hashed_key_for(id)),
        (P::EpochConsensus, EpochConsensus::Null.into(), SubnetEpochConsensus::<Test>::hashed_key_for(id)),
        (P::CollateralLockShare, 22u16.into(), CollateralLockShare::<Test>::hashed_key_for(id)),
        (P::CollateralDrainRatio, U64F64::from_bits(23).into(), CollateralDrainRatio::<Test>::hashed_key_for(id)),
        (P::SubnetEmissionEnabled, true.into(), SubnetEmissionEnabled::<Test>::hashed_key_for(id)),
        (P::RootClaimThreshold, 24u64.into(), RootClaimableThreshold::<Test>::hashed_key_for(id)),
    ]
}

/// Parameters that change more than one item, or none of their own; `effects` looks at them.
const ELSEWHERE: [P; 4] = [
    P::Tempo,
    P::OwnerHotkey,
    P::MechanismCount,
    P::TrimToMaxAllowedUids,
];

#[rustfmt::skip]
fn network_items() -> Vec<(N, Value, Vec<u8>)> {
    vec![
        (N::NetworkRateLimit, 1u64.into(), NetworkRateLimit::<Test>::hashed_key().to_vec()),
        (N::LockReductionInterval, 2u64.into(), LockReductionInterval::<Test>::hashed_key().to_vec()),
        (N::AdminFreezeWindow, 3u16.into(), AdminFreezeWindow::<Test>::hashed_key().to_vec()),
        (N::OwnerHyperparamRateLimit, 4u16.into(), OwnerHyperparamRateLimit::<Test>::hashed_key().to_vec()),
        (N::TxRateLimit, 5u64.into(), TxRateLimit::<Test>::hashed_key().to_vec()),
        (N::TxDelegateTakeRateLimit, 6u64.into(), TxDelegateTakeRateLimit::<Test>::hashed_key().to_vec()),
        (N::StakeThreshold, 7u64.into(), StakeThreshold::<Test>::hashed_key().to_vec()),
        (N::NominatorMinRequiredStake, 8u64.into(), NominatorMinRequiredStake::<Test>::hashed_key().to_vec()),
        (N::StartCallDelay, 9u64.into(), StartCallDelay::<Test>::hashed_key().to_vec()),
        (N::NetworkMinLockCost, TaoBalance::new(10).into(), NetworkMinLockCost::<Test>::hashed_key().to_vec()),
        (N::SubnetLimit, 11u16.into(), SubnetLimit::<Test>::hashed_key().to_vec()),
        (N::DefaultDelegateTake, 12u16.into(), DefaultDelegateTake::<Test>::hashed_key().to_vec()),
        (N::MinDelegateTake, 13u16.into(), MinDelegateTake::<Test>::hashed_key().to_vec()),
        (N::TaoWeight, 14u64.into(), TaoWeight::<Test>::hashed_key().to_vec()),
        (N::MaxEpochsPerBlock, 15u8.into(), MaxEpochsPerBlock::<Test>::hashed_key().to_vec()),
        (N::NetworkImmunityPeriod, 16u64.into(), NetworkImmunityPeriod::<Test>::hashed_key().to_vec()),
        (N::MaxMechanismCount, MechId::new(16).into(), MaxMechanismCount::<Test>::hashed_key().to_vec()),
        (N::MinNonImmuneUids, 17u16.into(), MinNonImmuneUids::<Test>::hashed_key().to_vec()),
        (N::ColdkeySwapAnnouncementDelay, 18u32.into(), ColdkeySwapAnnouncementDelay::<Test>::hashed_key().to_vec()),
        (N::ColdkeySwapReannouncementDelay, 19u32.into(), ColdkeySwapReannouncementDelay::<Test>::hashed_key().to_vec()),
        (N::CommitRevealWeightsVersion, 20u16.into(), CommitRevealWeightsVersion::<Test>::hashed_key().to_vec()),
        (N::MinChildkeyTake, 21u16.into(), MinChildkeyTake::<Test>::hashed_key().to_vec()),
        (N::MaxChildkeyTake, 22u16.into(), MaxChildkeyTake::<Test>::hashed_key().to_vec()),
        (N::NumRootClaim, 23u64.into(), NumRootClaim::<Test>::hashed_key().to_vec()),
        (N::SubnetOwnerCut, 24u16.into(), SubnetOwnerCut::<Test>::hashed_key().to_vec()),
        (N::CKBurn, 25u64.into(), CKBurn::<Test>::hashed_key().to_vec()),
        (N::SubnetMovingAlpha, 26u64.into(), SubnetMovingAlpha::<Test>::hashed_key().to_vec()),
        (N::EMAPriceHalvingBlocks, 27u64.into(), EMAPriceHalvingBlocks::<Test>::hashed_key().to_vec()),
    ]
}

/// The whole storage of the pallet.
fn storage() -> BTreeMap<Vec<u8>, Vec<u8>> {
    let prefix = twox_128(<SubtensorModule as PalletInfoAccess>::name().as_bytes()).to_vec();
    let mut all = BTreeMap::new();
    let mut key = prefix.clone();
    while let Some(next) = sp_io::storage::next_key(&key).filter(|next| next.starts_with(&prefix)) {
        let value = sp_io::storage::get(&next).expect("the key is there");
        all.insert(next.clone(), value.to_vec());
        key = next;
    }
    all
}

/// The keys whose values differ.
fn changed(
    before: &BTreeMap<Vec<u8>, Vec<u8>>,
    after: &BTreeMap<Vec<u8>, Vec<u8>>,
) -> BTreeSet<Vec<u8>> {
    before
        .keys()
        .chain(after.keys())
        .filter(|key| before.get(*key) != after.get(*key))
        .cloned()
        .collect()
}

#[test]
fn each_setter_of_a_subnet_changes_exactly_its_item() {
    chain().run(|| {
        for (parameter, value, key) in subnet_items() {
            let before = storage();
            assert_ok!(set_as_root(parameter, value.clone()));
            assert_eq!(
                changed(&before, &storage()),
                BTreeSet::from([key]),
                "{parameter:?}"
            );
            assert_eq!(SubtensorModule::hyperparameter(NETUID, parameter), value);
        }
    });
}

#[test]
fn each_setter_of_the_network_changes_exactly_its_item() {
    chain().run(|| {
        for (parameter, value, key) in network_items() {
            let before = storage();
            assert_ok!(set_network(parameter, value.clone()));
            assert_eq!(
                changed(&before, &storage()),
                BTreeSet::from([key]),
                "{parameter:?}"
            );
            assert_eq!(SubtensorModule::network_parameter(parameter), value);
        }
    });
}

#[test]
fn no_setter_is_left_out() {
    let mut tested: Vec<_> = subnet_items()
        .into_iter()
        .map(|(parameter, ..)| parameter)
        .chain(ELSEWHERE)
        .collect();
    tested.sort_unstable();
    let settable: Vec<_> = P::ALL
        .iter()
        .filter(|parameter| parameter.definition().set_by != SetBy::Nobody)
        .copied()
        .collect();
    assert_eq!(tested, settable);

    let tested: Vec<_> = network_items()
        .into_iter()
        .map(|(parameter, ..)| parameter)
        .collect();
    assert_eq!(tested, N::ALL);
}

#[test]
fn storage_answers_the_defaults_of_the_table() {
    ExtBuilder::new().run(|| {
        let nowhere = NetUid::new(4_000);
        for parameter in P::ALL {
            let Some(default) = parameter.definition().setting.default else {
                continue;
            };
            assert_eq!(
                SubtensorModule::hyperparameter(nowhere, *parameter),
                *default,
                "{parameter:?}"
            );
        }
        // The tests create subnets without a pause.
        NetworkRateLimit::<Test>::kill();
        for parameter in N::ALL {
            assert_eq!(
                Some(&SubtensorModule::network_parameter(*parameter)),
                parameter.definition().setting.default,
                "{parameter:?}"
            );
        }
    });
}

#[test]
fn a_new_subnet_has_the_values_of_the_table() {
    chain().commit_reveal().run(|| {
        // What the tests change to begin with.
        let changed = [P::WeightsSetRateLimit, P::SubtokenEnabled];
        for parameter in P::ALL {
            let row = parameter.definition();
            let Some(value) = row.at_creation.or(row.setting.default) else {
                continue;
            };
            let found = SubtensorModule::hyperparameter(NETUID, *parameter);
            match parameter {
                P::OwnerHotkey => {
                    let bytes: [u8; 32] = owner_hotkey().into();
                    assert_eq!(found, Value::Account(bytes));
                }
                parameter if changed.contains(parameter) => {}
                parameter => assert_eq!(found, *value, "{parameter:?}"),
            }
        }
    });
}

#[test]
fn what_has_no_item_of_its_own_is_not_written() {
    use subnet_hyperparameters::Refusal;

    chain().run(|| {
        assert_eq!(
            SubtensorModule::write_hyperparameter(NETUID, P::TrimToMaxAllowedUids, 7u16.into()),
            Err(Refusal::NotSettable)
        );
        assert_eq!(
            SubtensorModule::write_hyperparameter(NETUID, P::UserLiquidityEnabled, true.into()),
            Err(Refusal::NotSettable)
        );
        assert_eq!(
            SubtensorModule::write_hyperparameter(NETUID, P::Kappa, 7u64.into()),
            Err(Refusal::WrongKind)
        );
        let long = Some(vec![0u16; 17]);
        assert_eq!(
            SubtensorModule::write_hyperparameter(NETUID, P::MechanismEmissionSplit, long.into()),
            Err(Refusal::SplitTooLong)
        );
        assert_eq!(
            SubtensorModule::hyperparameter(NETUID, P::TrimToMaxAllowedUids),
            Value::U16(256)
        );
    });
}
