//! Tests of what clients read: each field against a value that no other field has.

mod delegates;
mod lists;
mod metagraph;
mod network;
mod neurons;
mod schedule;
mod stake;
mod subnet;

use codec::Compact;
use dendra_primitives::{
    AlphaBalance, I96F32, MechId, NetUid, NetUidIndex, TaoBalance,
    records::{AxonInfo, ChainIdentityV2, PrometheusInfo, Stored, SubnetIdentityV3},
};
use sp_io::TestExternalities;
use sp_runtime::BoundedVec;

use crate::{
    mock::{ExtBuilder, System, Test, account, set_registered},
    types::PendingEmission,
    *,
};

/// The subnet of these tests. Its neurons: owner hotkey 2 of coldkey 1, hotkeys 3 and 5 of coldkey 4.
const SUBNET: NetUid = NetUid::new(2);
/// A subnet with owner hotkey 7 of coldkey 6 and hotkey 3.
const OTHER: NetUid = NetUid::new(3);
/// Netuids that no subnet has; one of them is beyond what an index can hold.
const UNKNOWN: [NetUid; 3] = [NetUid::new(4), NetUid::new(4_096), NetUid::new(u16::MAX)];

const FIRST: MechId = MechId::new(0);
const SECOND: MechId = MechId::new(1);

fn index(mechanism: MechId) -> NetUidIndex {
    NetUidIndex::from_parts(SUBNET, mechanism).unwrap()
}

fn alpha(units: u64) -> Compact<AlphaBalance> {
    Compact(AlphaBalance::new(units))
}

fn tao(units: u64) -> Compact<TaoBalance> {
    Compact(TaoBalance::new(units))
}

fn compact<V: Copy>(values: &[V]) -> Vec<Compact<V>> {
    values.iter().copied().map(Compact).collect()
}

fn column<V: Clone>(values: &[V]) -> types::PerNeuron<V> {
    BoundedVec::truncate_from(values.to_vec())
}

fn row(entries: &[(u16, u16)]) -> types::Row {
    types::Row::truncate_from(entries.to_vec())
}

/// Block 77 of a chain with both subnets, where no two values of [`SUBNET`] are the same. The invariants do
/// not hold in it, since its values do not come from anything that happened.
fn chain() -> TestExternalities {
    let mut externalities = ExtBuilder::new()
        .subnet(2, account(1), account(2))
        .neuron(2, account(3), account(4))
        .neuron(2, account(5), account(4))
        .subnet(3, account(6), account(7))
        .neuron(3, account(3), account(4))
        .build();
    externalities.execute_with(|| {
        System::set_block_number(77);
        fill_subnet();
        fill_hyperparameters();
        fill_columns();
        fill_hotkeys();
    });
    externalities
}

fn fill_subnet() {
    LastMechansimStepBlock::<Test>::insert(SUBNET, 1_001);
    BlocksSinceLastStep::<Test>::insert(SUBNET, 1_002);
    SubnetAlphaIn::<Test>::insert(SUBNET, AlphaBalance::new(1_003));
    SubnetAlphaOut::<Test>::insert(SUBNET, AlphaBalance::new(1_004));
    SubnetTAO::<Test>::insert(SUBNET, TaoBalance::new(1_005));
    SubnetAlphaOutEmission::<Test>::insert(SUBNET, AlphaBalance::new(1_006));
    SubnetAlphaInEmission::<Test>::insert(SUBNET, AlphaBalance::new(1_007));
    SubnetTaoInEmission::<Test>::insert(SUBNET, TaoBalance::new(1_008));
    let pending = PendingEmission {
        server: AlphaBalance::new(2_000),
        validator: AlphaBalance::new(300),
        root: AlphaBalance::new(40),
        owner: AlphaBalance::new(5),
    };
    PendingEmissions::<Test>::insert(SUBNET, pending);
    SubnetVolume::<Test>::insert(SUBNET, 1_009);
    NetworkRegisteredAt::<Test>::insert(SUBNET, 1_010);
    SubnetMovingPrice::<Test>::insert(SUBNET, I96F32::from_bits(1_011));
    TokenSymbol::<Test>::insert(SUBNET, BoundedVec::truncate_from(b"sym".to_vec()));
    SubnetIdentitiesV3::<Test>::insert(SUBNET, Stored::try_new(subnet_identity()).unwrap());
    MechanismCountCurrent::<Test>::insert(SUBNET, MechId::new(2));
}

fn fill_hyperparameters() {
    Tempo::<Test>::insert(SUBNET, 360);
    Rho::<Test>::insert(SUBNET, 11);
    Kappa::<Test>::insert(SUBNET, 12);
    MinAllowedWeights::<Test>::insert(SUBNET, 13);
    MaxWeightsLimit::<Test>::insert(SUBNET, 14);
    MaxAllowedValidators::<Test>::insert(SUBNET, 15);
    MaxAllowedUids::<Test>::insert(SUBNET, 16);
    ImmunityPeriod::<Test>::insert(SUBNET, 17);
    AdjustmentInterval::<Test>::insert(SUBNET, 18);
    TargetRegistrationsPerInterval::<Test>::insert(SUBNET, 19);
    MaxRegistrationsPerBlock::<Test>::insert(SUBNET, 20);
    AlphaValues::<Test>::insert(SUBNET, (21, 22));
    // 2.5 tempos of 360 blocks.
    ActivityCutoffFactorMilli::<Test>::insert(SUBNET, 2_500);
    ActivityCutoff::<Test>::insert(SUBNET, 23);
    WeightsVersionKey::<Test>::insert(SUBNET, 101);
    WeightsSetRateLimit::<Test>::insert(SUBNET, 102);
    Difficulty::<Test>::insert(SUBNET, 103);
    MinDifficulty::<Test>::insert(SUBNET, 104);
    MaxDifficulty::<Test>::insert(SUBNET, 105);
    AdjustmentAlpha::<Test>::insert(SUBNET, 106);
    ServingRateLimit::<Test>::insert(SUBNET, 107);
    RevealPeriodEpochs::<Test>::insert(SUBNET, 108);
    BondsMovingAverage::<Test>::insert(SUBNET, 109);
    MinBurn::<Test>::insert(SUBNET, TaoBalance::new(201));
    Burn::<Test>::insert(SUBNET, TaoBalance::new(202));
    MaxBurn::<Test>::insert(SUBNET, TaoBalance::new(203));
    NetworkRegistrationAllowed::<Test>::insert(SUBNET, false);
    NetworkPowRegistrationAllowed::<Test>::insert(SUBNET, false);
    CommitRevealWeightsEnabled::<Test>::insert(SUBNET, false);
    LiquidAlphaOn::<Test>::insert(SUBNET, false);
}

fn fill_columns() {
    Active::<Test>::insert(SUBNET, column(&[true, false, true]));
    ValidatorPermit::<Test>::insert(SUBNET, column(&[true, true, false]));
    Emission::<Test>::insert(SUBNET, column(&[71, 72, 73].map(AlphaBalance::new)));
    Emission::<Test>::insert(OTHER, column(&[74, 75].map(AlphaBalance::new)));
    Dividends::<Test>::insert(SUBNET, column(&[81, 82, 83]));
    Consensus::<Test>::insert(SUBNET, column(&[91, 92, 93]));
    ValidatorTrust::<Test>::insert(SUBNET, column(&[94, 95, 96]));
    LastUpdate::<Test>::insert(index(FIRST), column(&[31, 32, 33]));
    LastUpdate::<Test>::insert(index(SECOND), column(&[41, 42, 43]));
    Incentive::<Test>::insert(index(FIRST), column(&[51, 52, 53]));
    Incentive::<Test>::insert(index(SECOND), column(&[61, 62, 63]));
    for (uid, block) in [(0, 24), (1, 25), (2, 26)] {
        set_registered(SUBNET, uid, block);
    }
    WeightsFrom::<Test>::insert(index(FIRST), column(&[0, 30, 0]));
    Weights::<Test>::insert(index(FIRST), 1, row(&[(0, 5), (1, 0), (2, 6)]));
    Weights::<Test>::insert(index(SECOND), 1, row(&[(0, 7)]));
    Bonds::<Test>::insert(index(FIRST), 1, row(&[(0, 0), (1, 8), (2, 9)]));
    Bonds::<Test>::insert(index(SECOND), 1, row(&[(0, 10)]));
}

fn fill_hotkeys() {
    // A half.
    TaoWeight::<Test>::put(1 << 63);
    for (hotkey, alpha, tao) in [(2, 1_000, 101), (3, 2_000, 400), (5, 30, 0)] {
        TotalHotkeyAlpha::<Test>::insert(account(hotkey), SUBNET, AlphaBalance::new(alpha));
        TotalHotkeyAlpha::<Test>::insert(account(hotkey), NetUid::ROOT, AlphaBalance::new(tao));
    }
    // Hotkey 3 lends a fifth to hotkey 5.
    let fifth = u64::MAX / 5;
    crate::mock::lend(SUBNET, &account(3), &[(fifth, account(5))]);
    // Hotkey 99 has no neuron.
    for (hotkey, paid) in [(2, 501), (5, 502), (99, 503)] {
        AlphaDividendsPerSubnet::<Test>::insert(SUBNET, account(hotkey), AlphaBalance::new(paid));
    }
    for hotkey in [3, 5] {
        Lenders::<Test>::insert(SUBNET, account(hotkey), ());
    }
    IdentitiesV2::<Test>::insert(account(4), Stored::try_new(coldkey_identity()).unwrap());
    Axons::<Test>::insert(SUBNET, account(3), axon());
    Prometheus::<Test>::insert(SUBNET, account(5), prometheus());
}

fn subnet_identity() -> SubnetIdentityV3 {
    SubnetIdentityV3 {
        subnet_name: b"name".to_vec(),
        github_repo: b"repository".to_vec(),
        subnet_contact: b"contact".to_vec(),
        subnet_url: b"url".to_vec(),
        discord: b"discord".to_vec(),
        description: b"description".to_vec(),
        logo_url: b"logo".to_vec(),
        additional: b"additional".to_vec(),
    }
}

fn coldkey_identity() -> ChainIdentityV2 {
    ChainIdentityV2 {
        name: b"coldkey".to_vec(),
        ..ChainIdentityV2::default()
    }
}

fn axon() -> AxonInfo {
    AxonInfo {
        block: 1,
        version: 2,
        ip: 3,
        port: 4,
        ip_type: 5,
        protocol: 6,
        placeholder1: 7,
        placeholder2: 8,
    }
}

fn prometheus() -> PrometheusInfo {
    PrometheusInfo {
        block: 11,
        version: 12,
        ip: 13,
        port: 14,
        ip_type: 15,
    }
}
