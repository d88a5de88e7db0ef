//! Random settings of subnets by owners, strangers and root, and of the network by root.

use dendra_primitives::{
    MechId, NetUid, TaoBalance, U64F64,
    records::{EpochConsensus, RecycleOrBurnEnum},
};
use frame_support::storage::with_storage_layer;
use subnet_hyperparameters::{Hyperparameter, NetworkParameter, Value};

use super::{draw, honest, rng::Rng};
use crate::{
    AccountId,
    mock::{RuntimeOrigin, SubtensorModule, Test, signed},
};

/// A change of a hyperparameter, as the call of another pallet makes it: with all or nothing.
pub(super) fn change_subnet(rng: &mut Rng) -> String {
    let by_root = rng.chance(70);
    let netuid = if by_root {
        draw::open_netuid(rng)
            .filter(|_| rng.chance(90))
            .unwrap_or(NetUid::ROOT)
    } else {
        draw::netuid(rng)
    };
    let origin = if by_root {
        RuntimeOrigin::root()
    } else {
        signed(&draw::owner_or_stranger(rng, netuid))
    };
    let parameter = *rng.pick(Hyperparameter::ALL);
    let value = value_for(rng, netuid, parameter);
    let text = format!("set {parameter:?} of {netuid:?} to {value:?}, root: {by_root}");
    let result = with_storage_layer(|| {
        SubtensorModule::set_hyperparameter(origin, netuid, parameter, value)
            .map_err(SubtensorModule::error_of)
    });
    assert!(
        result.is_err() || netuid != honest::NETUID,
        "a stranger set a hyperparameter: {text}"
    );
    format!("{text}: {result:?}")
}

/// What makes a new subnet lively: root shortens what takes long.
pub(super) fn enliven(rng: &mut Rng, netuid: NetUid) {
    for parameter in [
        Hyperparameter::Tempo,
        Hyperparameter::WeightsSetRateLimit,
        Hyperparameter::ServingRateLimit,
        Hyperparameter::ImmunityPeriod,
        Hyperparameter::MinAllowedUids,
        Hyperparameter::MaxAllowedUids,
        Hyperparameter::CommitRevealWeightsEnabled,
        Hyperparameter::SubnetEmissionEnabled,
    ] {
        let value = sensible(rng, netuid, parameter);
        // Some are refused, such as a least number of neurons above the present one.
        let _ = with_storage_layer(|| {
            SubtensorModule::set_hyperparameter(RuntimeOrigin::root(), netuid, parameter, value)
                .map_err(SubtensorModule::error_of)
        });
    }
}

/// A change of a parameter of the network.
pub(super) fn change_network(rng: &mut Rng) -> String {
    let parameter = *rng.pick(NetworkParameter::ALL);
    let value = network_value(rng, parameter);
    let text = format!("set {parameter:?} of the network to {value:?}");
    let result = with_storage_layer(|| {
        SubtensorModule::set_network_parameter(RuntimeOrigin::root(), parameter, value)
            .map_err(SubtensorModule::error_of)
    });
    format!("{text}: {result:?}")
}

/// Values under which something happens. Above these the chain of a test would stand still.
pub(super) fn network_value(rng: &mut Rng, parameter: NetworkParameter) -> Value {
    use NetworkParameter as P;
    let most = match parameter {
        P::NetworkRateLimit | P::StartCallDelay => 8,
        P::LockReductionInterval => 200,
        P::AdminFreezeWindow | P::OwnerHyperparamRateLimit => 2,
        P::NetworkMinLockCost => 100_000_000_000,
        P::SubnetLimit => 7,
        P::NetworkImmunityPeriod => 300,
        P::MaxEpochsPerBlock => 4,
        // Far below what the honest validators have.
        P::StakeThreshold => 1_000_000_000,
        P::MinNonImmuneUids => 12,
        P::MaxMechanismCount => 3,
        P::TxRateLimit | P::TxDelegateTakeRateLimit | P::TxChildkeyTakeRateLimit => 20,
        P::PendingChildKeyCooldown => 40,
        P::ColdkeySwapAnnouncementDelay | P::ColdkeySwapReannouncementDelay => 8,
        // Moving prices that move.
        P::SubnetMovingAlpha => 1 << 32,
        P::EMAPriceHalvingBlocks => 8,
        _ => u64::MAX,
    };
    let low = u64::from(parameter == P::SubnetLimit) * 2;
    let number = match most {
        u64::MAX => rng.hostile(),
        most => rng.within(low, most),
    };
    number_like(&SubtensorModule::network_parameter(parameter), number)
}

fn value_for(rng: &mut Rng, netuid: NetUid, parameter: Hyperparameter) -> Value {
    match rng.below(20) {
        // Of another kind.
        0 => number_like(rng.pick(&[Value::Bool(true), Value::U64(0)]), 1),
        1..=4 => hostile(rng, netuid, parameter),
        _ => sensible(rng, netuid, parameter),
    }
}

/// A value of the kind of another one, as near to a number as the kind allows.
fn number_like(like: &Value, number: u64) -> Value {
    match like {
        Value::Bool(_) => Value::Bool(number & 1 == 1),
        Value::U8(_) => Value::U8(number as u8),
        Value::U16(_) => Value::U16(number as u16),
        Value::I16(_) => Value::I16(number as i16),
        Value::U32(_) => Value::U32(number as u32),
        Value::U64(_) => Value::U64(number),
        Value::Tao(_) => Value::Tao(TaoBalance::new(number)),
        Value::Fixed(_) => Value::Fixed(U64F64::from_bits(u128::from(number) << 32)),
        Value::Mechanisms(_) => Value::Mechanisms(MechId::new(number as u8)),
        Value::Range(_) => Value::Range((number as u16, (number >> 16) as u16)),
        Value::Split(_) => Value::Split(Some(vec![number as u16; 1 + (number % 20) as usize])),
        Value::Account(_) => Value::Account([number as u8; 32]),
        Value::RecycleOrBurn(_) if number & 1 == 0 => Value::RecycleOrBurn(RecycleOrBurnEnum::Burn),
        Value::RecycleOrBurn(_) => Value::RecycleOrBurn(RecycleOrBurnEnum::Recycle),
        Value::Consensus(_) if number & 1 == 0 => Value::Consensus(EpochConsensus::Yuma),
        Value::Consensus(_) => Value::Consensus(EpochConsensus::Null),
    }
}

fn hostile(rng: &mut Rng, netuid: NetUid, parameter: Hyperparameter) -> Value {
    let number = rng.hostile();
    number_like(&SubtensorModule::hyperparameter(netuid, parameter), number)
}

fn sensible(rng: &mut Rng, netuid: NetUid, parameter: Hyperparameter) -> Value {
    use Hyperparameter as P;
    let (low, high) = match parameter {
        P::Tempo => (1, 20),
        P::ImmunityPeriod => (0, 60),
        P::MinAllowedWeights => (0, 4),
        P::WeightsVersionKey => (0, 10),
        P::WeightsSetRateLimit | P::ServingRateLimit => (0, 4),
        P::ActivityCutoffFactor => (1_000, 50_000),
        P::TargetRegistrationsPerInterval => (0, 20),
        P::MaxRegistrationsPerBlock => (0, 3),
        P::AdjustmentInterval => (1, 20),
        P::MinBurn => (0, 999_999_999),
        P::MaxBurn => (100_000_001, 20_000_000_000),
        P::BurnHalfLife => (1, 40),
        P::BondsMovingAverage => (0, 1_000_000),
        P::MaxAllowedValidators => (0, 12),
        P::MaxAllowedUids | P::TrimToMaxAllowedUids => (1, 40),
        P::MinAllowedUids => (0, 6),
        P::CommitRevealWeightsInterval => (1, 3),
        P::OwnerImmuneNeuronLimit => (1, 10),
        P::MechanismCount => (1, 3),
        P::BurnIncreaseMult => (1 << 32, 3 << 32),
        P::MinChildkeyTakePerSubnet => (0, 11_796),
        P::AlphaSigmoidSteepness => (0, 32_767),
        // Neurons can register most of the time, and epochs need stake that weighs something.
        P::NetworkRegistrationAllowed if rng.chance(80) => (1, 1),
        _ => (0, 65_535),
    };
    match parameter {
        P::MechanismEmissionSplit => split(rng),
        P::OwnerHotkey => {
            let owner = crate::SubnetOwner::<Test>::get(netuid);
            let own = crate::OwnedHotkeys::<Test>::get(owner);
            let hotkey = if own.is_empty() {
                draw::hotkey(rng)
            } else {
                AccountId::clone(rng.pick(&own))
            };
            Value::Account(hotkey.into())
        }
        P::AlphaValues => {
            let high = rng.within(1_638, 65_535);
            Value::Range((rng.within(1_638, high) as u16, high as u16))
        }
        _ => {
            let number = rng.within(low, high);
            number_like(&SubtensorModule::hyperparameter(netuid, parameter), number)
        }
    }
}

fn split(rng: &mut Rng) -> Value {
    let first = rng.below(65_536) as u16;
    match rng.below(3) {
        0 => Value::Split(None),
        1 => Value::Split(Some(vec![first, 65_535 - first])),
        _ => Value::Split(Some(vec![65_535])),
    }
}
