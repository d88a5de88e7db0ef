//! What the interface of clients names, compared with the metadata: calls with their indices and arguments,
//! storage with keys, hashers, values and defaults, events, errors, constants and runtime APIs.
//!
//! `interface.txt` holds the promise, one name a line, in the notation of the interface: `C<x>` is compact,
//! `Id`, `B2` and `T64` are hashers, `Val` and `Opt` tell whether an absent key has a default. Names of calls that
//! have no fixed index carry a dash. Bounded lists are lists to a client.

use std::collections::BTreeSet;

use crate::common::development;
use codec::Decode;
use dendra_runtime::Runtime;
use frame_metadata::{RuntimeMetadata, RuntimeMetadataPrefixed, v15::*};
use scale_info::{Field, PortableRegistry, TypeDef, form::PortableForm};

const PROMISED: &str = include_str!("../interface.txt");

fn metadata() -> RuntimeMetadataV15 {
    let opaque = Runtime::metadata_at_version(15).expect("version 15 is served");
    match RuntimeMetadataPrefixed::decode(&mut &opaque[..]).unwrap().1 {
        RuntimeMetadata::V15(metadata) => metadata,
        _ => panic!("asked for version 15"),
    }
}

/// A type in the notation of the interface.
fn short(registry: &PortableRegistry, id: u32) -> String {
    let ty = registry.resolve(id).unwrap();
    let last = ty.path.segments.last().map_or("", String::as_str);
    let parameters: Vec<String> = ty
        .type_params
        .iter()
        .filter_map(|parameter| Some(short(registry, parameter.ty?.id)))
        .collect();
    match &ty.type_def {
        TypeDef::Primitive(primitive) => format!("{primitive:?}").to_lowercase(),
        TypeDef::Compact(inner) => format!("C<{}>", short(registry, inner.type_param.id)),
        TypeDef::Sequence(inner) => format!("Vec<{}>", short(registry, inner.type_param.id)),
        TypeDef::Array(array) => {
            format!("[{}; {}]", short(registry, array.type_param.id), array.len)
        }
        TypeDef::Tuple(tuple) => {
            let fields: Vec<_> = tuple
                .fields
                .iter()
                .map(|field| short(registry, field.id))
                .collect();
            format!("({})", fields.join(", "))
        }
        _ => match last {
            "AccountId32" => "AccountId".into(),
            "BoundedVec" => format!("Vec<{}>", parameters[0]),
            "BoundedBTreeMap" | "BTreeMap" => {
                format!("BTreeMap<{}, {}>", parameters[0], parameters[1])
            }
            name if parameters.is_empty() => name.into(),
            name => format!("{name}<{}>", parameters.join(", ")),
        },
    }
}

/// Fields as arguments: names where there are any, then types.
fn list(registry: &PortableRegistry, fields: &[Field<PortableForm>]) -> String {
    let each: Vec<String> = fields
        .iter()
        .map(|field| match &field.name {
            Some(name) => format!("{name} {}", short(registry, field.ty.id)),
            None => short(registry, field.ty.id),
        })
        .collect();
    each.join(", ")
}

fn variants(
    found: &mut BTreeSet<String>,
    registry: &PortableRegistry,
    pallet: &str,
    kind: &str,
    id: u32,
) {
    let TypeDef::Variant(def) = &registry.resolve(id).unwrap().type_def else {
        panic!("{kind}s are variants");
    };
    for variant in &def.variants {
        let (name, fields) = (&variant.name, list(registry, &variant.fields));
        match kind {
            "error" => found.insert(format!("error {pallet} {name}")),
            "event" => found.insert(format!("event {pallet} {name}({fields})")),
            _ => {
                found.insert(format!("call {pallet} - {name}({fields})"));
                found.insert(format!("call {pallet} {} {name}({fields})", variant.index))
            }
        };
    }
}

/// Keys of a map with their hashers.
fn keys(registry: &PortableRegistry, hashers: &[StorageHasher], key: u32) -> String {
    let names: Vec<String> = match (hashers, &registry.resolve(key).unwrap().type_def) {
        ([_], _) => vec![short(registry, key)],
        (_, TypeDef::Tuple(tuple)) => tuple
            .fields
            .iter()
            .map(|field| short(registry, field.id))
            .collect(),
        _ => panic!("several hashers go with a tuple"),
    };
    let each: Vec<String> = names
        .iter()
        .zip(hashers)
        .map(|(name, hasher)| {
            let hasher = match hasher {
                StorageHasher::Identity => "Id",
                StorageHasher::Blake2_128Concat => "B2",
                StorageHasher::Twox64Concat => "T64",
                _ => "?",
            };
            format!("{name}:{hasher}")
        })
        .collect();
    each.join(", ")
}

/// Everything that the metadata names, in the notation of the promise.
fn found() -> BTreeSet<String> {
    let metadata = development().execute_with(metadata);
    let registry = &metadata.types;
    let mut found = BTreeSet::new();
    for pallet in &metadata.pallets {
        for entry in pallet.storage.iter().flat_map(|storage| &storage.entries) {
            let (keys, value) = match &entry.ty {
                StorageEntryType::Plain(value) => ("-".into(), value),
                StorageEntryType::Map {
                    hashers,
                    key,
                    value,
                } => (keys(registry, hashers, key.id), value),
            };
            let query = match entry.modifier {
                StorageEntryModifier::Optional => "Opt",
                StorageEntryModifier::Default => "Val",
            };
            let value = short(registry, value.id);
            found.insert(format!(
                "storage {} {} [{keys}] {value} {query}",
                pallet.name, entry.name
            ));
        }
        for (kind, id) in [
            ("call", pallet.calls.as_ref().map(|calls| calls.ty.id)),
            ("event", pallet.event.as_ref().map(|event| event.ty.id)),
            ("error", pallet.error.as_ref().map(|error| error.ty.id)),
        ] {
            if let Some(id) = id {
                variants(&mut found, registry, &pallet.name, kind, id);
            }
        }
        for constant in &pallet.constants {
            let ty = short(registry, constant.ty.id);
            found.insert(format!("constant {}.{} {ty}", pallet.name, constant.name));
        }
    }
    for api in &metadata.apis {
        for method in &api.methods {
            let inputs: Vec<String> = method
                .inputs
                .iter()
                .map(|input| format!("{} {}", input.name, short(registry, input.ty.id)))
                .collect();
            let output = short(registry, method.output.id);
            found.insert(format!(
                "api {} {}({}) {output}",
                api.name,
                method.name,
                inputs.join(", ")
            ));
        }
    }
    found
}

#[test]
fn every_name_of_the_interface_is_in_the_metadata() {
    let found = found();
    let missing: Vec<String> = PROMISED
        .lines()
        .map(|line| line.replace("BoundedVec<u8,5000>", "Vec<u8>"))
        .filter(|line| !found.contains(line))
        .map(|line| {
            let words: Vec<_> = line.splitn(4, ' ').take(3).collect();
            let start = words.join(" ");
            let start = start.split('(').next().unwrap_or_default();
            let near: Vec<_> = found
                .iter()
                .filter(|other| other.starts_with(start))
                .collect();
            format!("{line}\n      found: {near:?}")
        })
        .collect();
    assert!(
        missing.is_empty(),
        "not as promised:\n  {}",
        missing.join("\n  ")
    );
}

#[test]
fn setters_spell_their_types_as_command_lines_expect() {
    // A client chooses how to read a value by the name of its type in the metadata.
    let metadata = development().execute_with(metadata);
    let known = [
        "bool",
        "u16",
        "i16",
        "u32",
        "u64",
        "MechId",
        "U64F64",
        "TaoBalance",
        "NetUid",
    ];
    let others = [
        "T::AccountId",
        "AccountId",
        "Option<Vec<u16>>",
        "RecycleOrBurnEnum",
        "EpochConsensus",
        "u8",
    ];
    let setters = metadata
        .pallets
        .iter()
        .find(|pallet| pallet.name == "AdminUtils")
        .unwrap();
    let id = setters.calls.as_ref().unwrap().ty.id;
    let TypeDef::Variant(calls) = &metadata.types.resolve(id).unwrap().type_def else {
        panic!("calls are variants");
    };
    for call in &calls.variants {
        for field in &call.fields {
            let spelled = field.type_name.as_deref().unwrap_or_default();
            assert!(
                known.contains(&spelled) || others.contains(&spelled),
                "{} spells {spelled}",
                call.name
            );
        }
    }
}

#[test]
fn extrinsics_are_those_that_clients_can_sign() {
    let metadata = development().execute_with(metadata);
    assert_eq!(metadata.extrinsic.version, 4);
    let names: Vec<&str> = metadata
        .extrinsic
        .signed_extensions
        .iter()
        .map(|extension| extension.identifier.as_str())
        .collect();
    assert_eq!(
        names,
        [
            "CheckNonZeroSender",
            "CheckSpecVersion",
            "CheckTxVersion",
            "CheckGenesis",
            "CheckMortality",
            "CheckNonce",
            "CheckWeight",
            "ChargeTransactionPayment",
            "SignedOnly",
            "SubtensorTransactionExtension",
            "CheckMetadataHash",
        ]
    );
}
