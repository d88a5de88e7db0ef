//! Bytes of one value of each type, compared with the text under review in `golden.txt`. A type that is
//! meant to change its bytes takes `UPDATE_SNAPSHOTS=1`, a higher `spec_version` and a word to clients.

use std::{fmt::Write, path::Path};

use codec::{Decode, Encode};
use dendra_primitives::{
    I32F32, I64F64, I96F32, NetUid, U64F64,
    records::{EpochConsensus, RecycleOrBurnEnum, RootClaimTypeEnum},
};
use dendra_runtime_api::select;

use crate::values;

/// One line of the text; decoding the bytes must give the value back.
fn line<T: Encode + Decode + PartialEq + std::fmt::Debug>(out: &mut String, name: &str, value: &T) {
    let encoded = value.encode();
    assert_eq!(T::decode(&mut encoded.as_slice()).as_ref(), Ok(value));
    write!(out, "{name} ").unwrap();
    for byte in encoded {
        write!(out, "{byte:02x}").unwrap();
    }
    out.push('\n');
}

fn records(out: &mut String) {
    line(out, "AxonInfo", &values::axon());
    line(out, "PrometheusInfo", &values::prometheus());
    line(out, "NeuronCertificate", &values::certificate());
    line(out, "ChainIdentityV2", &values::chain_identity());
    line(out, "SubnetIdentityV3", &values::subnet_identity());
    line(out, "RootClaimTypeEnum::Swap", &RootClaimTypeEnum::Swap);
    line(out, "RootClaimTypeEnum::Keep", &RootClaimTypeEnum::Keep);
    let subnets = [1, 258].into_iter().map(NetUid::new).collect();
    line(
        out,
        "RootClaimTypeEnum::KeepSubnets",
        &RootClaimTypeEnum::KeepSubnets { subnets },
    );
    line(out, "RecycleOrBurnEnum::Burn", &RecycleOrBurnEnum::Burn);
    line(
        out,
        "RecycleOrBurnEnum::Recycle",
        &RecycleOrBurnEnum::Recycle,
    );
    line(out, "EpochConsensus::Yuma", &EpochConsensus::Yuma);
    line(out, "EpochConsensus::Null", &EpochConsensus::Null);
    line(out, "LockState", &values::lock());
    line(out, "MinerCollateralState", &values::collateral());
    line(out, "I32F32", &I32F32::from_bits(-1 << 31));
    line(out, "U64F64", &U64F64::from_bits(3 << 62));
    line(out, "I64F64", &I64F64::from_bits(-1 << 63));
    line(out, "I96F32", &I96F32::from_bits(5 << 30));
}

fn views(out: &mut String) {
    line(out, "StakeInfo", &values::stake());
    line(out, "StakeAvailability", &values::availability());
    line(out, "DynamicInfo", &values::dynamic());
    line(out, "Metagraph", &values::metagraph());
    let (validators, commitments) = values::extra();
    let every: Vec<u16> = (0..=73).collect();
    line(
        out,
        "SelectiveMetagraph",
        &select(values::metagraph(), validators, commitments, &every),
    );
    line(out, "SubnetState", &values::state());
    line(out, "HyperparamEntry", &values::hyperparameter());
    for (name, value) in values::hyperparameter_values() {
        line(out, &format!("HyperparamValue::{name}"), &value);
    }
    line(out, "SubnetInfo", &values::summary());
    line(out, "SubnetInfov2", &values::summary_with_identity());
    line(out, "SubnetHyperparams", &values::hyperparameters());
    line(out, "SubnetHyperparamsV2", &values::more_hyperparameters());
    line(out, "NeuronInfo", &values::neuron());
    line(out, "NeuronInfoLite", &values::neuron_lite());
    line(out, "DelegateInfo", &values::delegate());
    line(out, "SimSwapResult", &values::trade());
    line(out, "SubnetPrice", &values::price());
}

#[test]
fn bytes_are_what_clients_were_promised() {
    let mut now = String::new();
    records(&mut now);
    views(&mut now);
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden.txt");
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&file, &now).unwrap();
    }
    let promised = std::fs::read_to_string(&file).unwrap_or_default();
    let changed: Vec<_> = now
        .lines()
        .filter(|line| !promised.lines().any(|promise| promise == *line))
        .collect();
    assert!(
        promised == now,
        "bytes changed: {changed:#?}; if that is meant, run with UPDATE_SNAPSHOTS=1 and raise spec_version"
    );
}
