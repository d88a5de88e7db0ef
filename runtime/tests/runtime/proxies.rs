//! What each kind of proxy allows: every call of the metadata, compared with the text under review in
//! `proxies.txt`. It has a line for each call with the kinds that allow it, `Any` apart, which allows all. A call
//! that is not in it is not classified. Amounts of the calls compared are zero; what depends on them has tests
//! of its own.

use std::collections::BTreeMap;

use crate::common::{account, address, development, start_block, transfer};
use codec::Decode;
use dendra_primitives::{AlphaBalance, NetUid, TaoBalance};
use dendra_runtime::{ProxyType, Runtime, RuntimeCall, TAO};
use frame_metadata::{RuntimeMetadata, RuntimeMetadataPrefixed};
use frame_support::traits::InstanceFilter;
use pallet_subtensor::{Call, SubnetAlphaIn, SubnetMechanism, SubnetTAO};
use scale_info::TypeDef;

const REVIEWED: &str = include_str!("../proxies.txt");

/// All kinds but `Any`.
const KINDS: [ProxyType; 17] = [
    ProxyType::Owner,
    ProxyType::NonCritical,
    ProxyType::NonTransfer,
    ProxyType::Senate,
    ProxyType::NonFungible,
    ProxyType::Triumvirate,
    ProxyType::Governance,
    ProxyType::Staking,
    ProxyType::Registration,
    ProxyType::Transfer,
    ProxyType::SmallTransfer,
    ProxyType::RootWeights,
    ProxyType::ChildKeys,
    ProxyType::SudoUncheckedSetCode,
    ProxyType::SwapHotkey,
    ProxyType::SubnetLeaseBeneficiary,
    ProxyType::RootClaim,
];

/// Calls that nobody can make: their proof is of a type without values.
const IMPOSSIBLE: [&str; 2] = [
    "Grandpa.report_equivocation",
    "Grandpa.report_equivocation_unsigned",
];

/// Every call by name, with zeros for arguments.
fn calls() -> BTreeMap<String, RuntimeCall> {
    let opaque = Runtime::metadata_at_version(15).expect("version 15 is served");
    let RuntimeMetadata::V15(metadata) =
        RuntimeMetadataPrefixed::decode(&mut &opaque[..]).unwrap().1
    else {
        panic!("asked for version 15");
    };
    let mut calls = BTreeMap::new();
    for pallet in &metadata.pallets {
        let Some(ty) = &pallet.calls else { continue };
        let TypeDef::Variant(variants) = &metadata.types.resolve(ty.ty.id).unwrap().type_def else {
            panic!("calls are variants");
        };
        for variant in &variants.variants {
            let name = format!("{}.{}", pallet.name, variant.name);
            let mut bytes = vec![pallet.index, variant.index];
            bytes.resize(4_096, 0);
            match RuntimeCall::decode(&mut &bytes[..]) {
                Ok(call) => drop(calls.insert(name, call)),
                Err(error) => assert!(
                    IMPOSSIBLE.contains(&name.as_str()),
                    "{name} has no zero arguments: {error}"
                ),
            }
        }
    }
    calls
}

fn kinds(call: &RuntimeCall) -> Vec<ProxyType> {
    assert!(ProxyType::Any.filter(call));
    KINDS.into_iter().filter(|kind| kind.filter(call)).collect()
}

#[test]
fn every_call_is_classified() {
    development().execute_with(|| {
        let reviewed: BTreeMap<&str, &str> = REVIEWED
            .lines()
            .map(|line| line.split_once(':').expect("a call and its kinds"))
            .map(|(call, kinds)| (call, kinds.trim()))
            .collect();
        let calls = calls();
        let mut wrong = Vec::new();
        for (name, call) in &calls {
            let found: Vec<String> = kinds(call).iter().map(|kind| format!("{kind:?}")).collect();
            let found = found.join(" ");
            if reviewed.get(name.as_str()) != Some(&found.as_str()) {
                wrong.push(format!("{name}: {found}"));
            }
        }
        let gone = reviewed.keys().filter(|name| !calls.contains_key(**name));
        wrong.extend(gone.map(|name| format!("{name} is gone")));
        assert!(
            wrong.is_empty(),
            "not as reviewed in proxies.txt; found:\n{}",
            wrong.join("\n")
        );
    });
}

#[test]
fn retired_kinds_and_those_without_calls_allow_nothing() {
    development().execute_with(|| {
        for kind in [
            ProxyType::Senate,
            ProxyType::Triumvirate,
            ProxyType::Governance,
            ProxyType::RootWeights,
            ProxyType::SubnetLeaseBeneficiary,
        ] {
            assert!(calls().values().all(|call| !kind.filter(call)), "{kind:?}");
        }
    });
}

#[test]
fn a_kind_that_claims_to_include_another_allows_all_calls_of_the_other() {
    development().execute_with(|| {
        for mine in KINDS {
            for theirs in KINDS.into_iter().filter(|theirs| mine.is_superset(theirs)) {
                for (name, call) in calls() {
                    assert!(
                        mine.filter(&call) || !theirs.filter(&call),
                        "{mine:?} claims to include {theirs:?}, which alone allows {name}"
                    );
                }
            }
        }
    });
}

/// A gift of stake on this subnet.
fn gift(netuid: u16, alpha: u64) -> RuntimeCall {
    Call::transfer_stake {
        destination_coldkey: account("//Bob"),
        hotkey: account("//hotkey"),
        origin_netuid: NetUid::new(netuid),
        destination_netuid: NetUid::ROOT,
        alpha_amount: AlphaBalance::new(alpha),
    }
    .into()
}

#[test]
fn a_small_transfer_is_worth_less_than_half_a_tao() {
    development().execute_with(|| {
        start_block(1, 7);
        let is_small = |call: &RuntimeCall| ProxyType::SmallTransfer.filter(call);
        assert!(is_small(&transfer("//Bob", TAO / 2 - 1)));
        assert!(!is_small(&transfer("//Bob", TAO / 2)));
        let all = RuntimeCall::Balances(pallet_balances::Call::transfer_all {
            dest: address("//Bob"),
            keep_alive: true,
        });
        assert!(!is_small(&all));

        // On root alpha is TAO.
        assert!(is_small(&gift(0, TAO / 2 - 1)));
        assert!(!is_small(&gift(0, TAO / 2)));
        // At a price of 3, rounded up.
        let subnet = NetUid::new(1);
        SubnetMechanism::<Runtime>::insert(subnet, 1);
        SubnetTAO::<Runtime>::insert(subnet, TaoBalance::new(30 * TAO));
        SubnetAlphaIn::<Runtime>::insert(subnet, AlphaBalance::new(10 * TAO));
        assert!(is_small(&gift(1, 166_666_666)));
        assert!(!is_small(&gift(1, 166_666_667)));
        // At no price at all nothing is small.
        SubnetAlphaIn::<Runtime>::insert(subnet, AlphaBalance::ZERO);
        assert!(!is_small(&gift(1, 1)));
        assert!(ProxyType::Transfer.filter(&gift(1, u64::MAX)));
    });
}
