//! The wire is a promise: everything that clients read from the metadata, as text, compared to the text
//! under review in `metadata.txt`. After a change that is meant, run the test with `UPDATE_SNAPSHOTS=1`, raise
//! `spec_version`, and tell clients in `changes/`.

use std::{collections::BTreeMap, fmt::Write, path::Path};

use crate::common::{development, preset};
use codec::Decode;
use dendra_runtime::{Runtime, genesis_config_presets};
use frame_metadata::{RuntimeMetadata, RuntimeMetadataPrefixed, v15::*};
use scale_info::{PortableRegistry, TypeDef, form::PortableForm};

fn metadata() -> RuntimeMetadataV15 {
    let opaque = Runtime::metadata_at_version(15).expect("version 15 is served");
    let prefixed = RuntimeMetadataPrefixed::decode(&mut &opaque[..]).unwrap();
    match prefixed.1 {
        RuntimeMetadata::V15(metadata) => metadata,
        _ => panic!("asked for version 15"),
    }
}

/// A type as one would write it in Rust.
fn name(registry: &PortableRegistry, id: u32) -> String {
    let ty = registry.resolve(id).unwrap();
    let path = ty.path.segments.join("::");
    match &ty.type_def {
        TypeDef::Composite(_) | TypeDef::Variant(_) => {
            let parameters: Vec<String> = ty
                .type_params
                .iter()
                .map(|parameter| match parameter.ty {
                    Some(ty) if !path.ends_with("Runtime") => name(registry, ty.id),
                    Some(_) => String::new(),
                    None => parameter.name.clone(),
                })
                .collect();
            if parameters.is_empty() || path.contains("::pallet::") {
                path
            } else {
                format!("{path}<{}>", parameters.join(", "))
            }
        }
        TypeDef::Sequence(inner) => format!("Vec<{}>", name(registry, inner.type_param.id)),
        TypeDef::Array(array) => {
            format!("[{}; {}]", name(registry, array.type_param.id), array.len)
        }
        TypeDef::Tuple(tuple) => {
            let fields: Vec<_> = tuple
                .fields
                .iter()
                .map(|field| name(registry, field.id))
                .collect();
            format!("({})", fields.join(", "))
        }
        TypeDef::Primitive(primitive) => format!("{primitive:?}").to_lowercase(),
        TypeDef::Compact(inner) => format!("Compact<{}>", name(registry, inner.type_param.id)),
        TypeDef::BitSequence(_) => "BitSequence".into(),
    }
}

fn fields(registry: &PortableRegistry, fields: &[scale_info::Field<PortableForm>]) -> String {
    let list: Vec<String> = fields
        .iter()
        .map(|field| {
            let written = field.type_name.as_deref().unwrap_or("");
            let real = name(registry, field.ty.id);
            let shown = if written == real {
                real
            } else {
                format!("{real} as {written}")
            };
            match &field.name {
                Some(name) => format!("{name}: {shown}"),
                None => shown,
            }
        })
        .collect();
    list.join(", ")
}

fn variants(out: &mut String, registry: &PortableRegistry, heading: &str, id: Option<u32>) {
    let Some(id) = id else { return };
    let TypeDef::Variant(def) = &registry.resolve(id).unwrap().type_def else {
        return;
    };
    let mut sorted: Vec<_> = def.variants.iter().collect();
    sorted.sort_by_key(|variant| variant.index);
    for variant in sorted {
        writeln!(
            out,
            "  {heading} {} {}({})",
            variant.index,
            variant.name,
            fields(registry, &variant.fields)
        )
        .unwrap();
    }
}

fn describe(metadata: &RuntimeMetadataV15) -> String {
    let registry = &metadata.types;
    let mut out = String::new();
    writeln!(out, "extrinsic version {}", metadata.extrinsic.version).unwrap();
    for extension in &metadata.extrinsic.signed_extensions {
        writeln!(
            out,
            "  extension {} carries {} and signs {}",
            extension.identifier,
            name(registry, extension.ty.id),
            name(registry, extension.additional_signed.id)
        )
        .unwrap();
    }
    for pallet in &metadata.pallets {
        writeln!(out, "\npallet {} {}", pallet.index, pallet.name).unwrap();
        for entry in pallet.storage.iter().flat_map(|storage| &storage.entries) {
            let shape = match &entry.ty {
                StorageEntryType::Plain(value) => name(registry, value.id),
                StorageEntryType::Map {
                    hashers,
                    key,
                    value,
                } => format!(
                    "{} by {hashers:?} -> {}",
                    name(registry, key.id),
                    name(registry, value.id)
                ),
            };
            writeln!(
                out,
                "  storage {}: {shape} ({:?})",
                entry.name, entry.modifier
            )
            .unwrap();
        }
        variants(
            &mut out,
            registry,
            "call",
            pallet.calls.as_ref().map(|calls| calls.ty.id),
        );
        variants(
            &mut out,
            registry,
            "event",
            pallet.event.as_ref().map(|event| event.ty.id),
        );
        variants(
            &mut out,
            registry,
            "error",
            pallet.error.as_ref().map(|error| error.ty.id),
        );
        for constant in &pallet.constants {
            // The runtime's own version is what changes with every announced change.
            let value = match (pallet.name.as_str(), constant.name.as_str()) {
                ("System", "Version") => "the runtime's".into(),
                _ => sp_core::hexdisplay::HexDisplay::from(&constant.value).to_string(),
            };
            writeln!(
                out,
                "  constant {}: {} = {value}",
                constant.name,
                name(registry, constant.ty.id)
            )
            .unwrap();
        }
    }
    for api in &metadata.apis {
        writeln!(out, "\napi {}", api.name).unwrap();
        for method in &api.methods {
            let inputs: Vec<String> = method
                .inputs
                .iter()
                .map(|input| format!("{}: {}", input.name, name(registry, input.ty.id)))
                .collect();
            writeln!(
                out,
                "  {}({}) -> {}",
                method.name,
                inputs.join(", "),
                name(registry, method.output.id)
            )
            .unwrap();
        }
    }
    writeln!(out, "\ntypes").unwrap();
    out + &definitions(registry)
}

/// Every named type that is not already written out above.
fn definitions(registry: &PortableRegistry) -> String {
    let mut sorted = BTreeMap::new();
    for ty in &registry.types {
        let path = ty.ty.path.segments.join("::");
        let is_above = ["Call", "Event", "Error"]
            .iter()
            .any(|last| path.ends_with(&format!("::pallet::{last}")));
        let is_weight_data = path.contains("limits::") || path.contains("PerDispatchClass");
        if path.is_empty() || is_above || is_weight_data {
            continue;
        }
        let shape = match &ty.ty.type_def {
            TypeDef::Composite(def) => format!("struct {{ {} }}", fields(registry, &def.fields)),
            TypeDef::Variant(def) => {
                let list: Vec<String> = def
                    .variants
                    .iter()
                    .map(|variant| {
                        format!(
                            "{} {}({})",
                            variant.index,
                            variant.name,
                            fields(registry, &variant.fields)
                        )
                    })
                    .collect();
                format!("enum {{ {} }}", list.join(", "))
            }
            _ => continue,
        };
        sorted.insert(name(registry, ty.id), shape);
    }
    sorted
        .into_iter()
        .map(|(name, shape)| format!("  {name} = {shape}\n"))
        .collect()
}

#[test]
fn the_metadata_is_what_clients_were_promised() {
    let now = development().execute_with(|| describe(&metadata()));
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/metadata.txt");
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&file, &now).unwrap();
    }
    let promised = std::fs::read_to_string(&file).unwrap_or_default();
    let lines: (Vec<_>, Vec<_>) = (promised.lines().collect(), now.lines().collect());
    let gone: Vec<_> = lines
        .0
        .iter()
        .filter(|line| !lines.1.contains(line))
        .collect();
    let new: Vec<_> = lines
        .1
        .iter()
        .filter(|line| !lines.0.contains(line))
        .collect();
    assert!(
        promised == now,
        "the metadata changed; gone: {gone:#?}; new: {new:#?}; \
         if that is meant, run with UPDATE_SNAPSHOTS=1 and raise spec_version"
    );
}

#[test]
fn clients_find_the_extensions_that_they_know_in_their_order() {
    let found: Vec<String> = development().execute_with(|| {
        metadata()
            .extrinsic
            .signed_extensions
            .iter()
            .map(|extension| extension.identifier.clone())
            .collect()
    });
    let known = [
        "CheckNonZeroSender",
        "CheckSpecVersion",
        "CheckTxVersion",
        "CheckGenesis",
        "CheckMortality",
        "CheckNonce",
        "CheckWeight",
        "ChargeTransactionPayment",
    ];
    assert_eq!(found[..known.len()], known);
    assert_eq!(found.last().unwrap(), "CheckMetadataHash");
}

#[test]
fn extensions_of_our_own_carry_nothing() {
    development().execute_with(|| {
        let metadata = metadata();
        let extensions = &metadata.extrinsic.signed_extensions;
        for extension in &extensions[8..extensions.len() - 1] {
            for id in [extension.ty.id, extension.additional_signed.id] {
                let is_empty = match &metadata.types.resolve(id).unwrap().type_def {
                    TypeDef::Composite(def) => def.fields.is_empty(),
                    TypeDef::Tuple(def) => def.fields.is_empty(),
                    _ => false,
                };
                assert!(is_empty, "{}", extension.identifier);
            }
        }
    });
}

#[test]
fn version_14_is_served_and_both_report_extrinsics_of_version_4() {
    development().execute_with(|| {
        assert_eq!(metadata().extrinsic.version, 4);
        let plain: Vec<u8> = Runtime::metadata().into();
        match RuntimeMetadataPrefixed::decode(&mut &plain[..]).unwrap().1 {
            RuntimeMetadata::V14(metadata) => assert_eq!(metadata.extrinsic.version, 4),
            _ => panic!("the plain metadata is version 14"),
        }
    });
}

#[test]
fn pallets_stand_at_the_indices_of_the_interface() {
    let found: BTreeMap<String, u8> = development().execute_with(|| {
        metadata()
            .pallets
            .iter()
            .map(|pallet| (pallet.name.clone(), pallet.index))
            .collect()
    });
    let promised = [
        ("System", 0),
        ("Timestamp", 2),
        ("Aura", 3),
        ("Grandpa", 4),
        ("Balances", 5),
        ("TransactionPayment", 6),
        ("Utility", 11),
        ("Sudo", 12),
        ("Multisig", 13),
        ("Preimage", 14),
        ("Scheduler", 15),
        ("Proxy", 16),
        ("SafeMode", 20),
    ];
    for (name, index) in promised {
        assert_eq!(found.get(name), Some(&index), "{name}");
    }
}

#[test]
fn the_constant_slot_duration_is_the_one_that_the_genesis_chose() {
    let constant = |name: &str| {
        preset(name).execute_with(|| {
            let metadata = metadata();
            let aura = metadata
                .pallets
                .iter()
                .find(|pallet| pallet.name == "Aura")
                .unwrap();
            let constant = aura
                .constants
                .iter()
                .find(|constant| constant.name == "SlotDuration")
                .unwrap();
            u64::decode(&mut &constant.value[..]).unwrap()
        })
    };
    assert_eq!(constant(genesis_config_presets::DEVELOPMENT), 250);
    assert_eq!(constant(genesis_config_presets::LOCAL), 12_000);
}

#[test]
fn an_account_is_stored_as_clients_decode_it() {
    development().execute_with(|| {
        let metadata = metadata();
        let system = metadata
            .pallets
            .iter()
            .find(|pallet| pallet.name == "System")
            .unwrap();
        let entries = &system.storage.as_ref().unwrap().entries;
        let account = entries
            .iter()
            .find(|entry| entry.name == "Account")
            .unwrap();
        let StorageEntryType::Map { value, .. } = &account.ty else {
            panic!("a map")
        };
        let TypeDef::Composite(info) = &metadata.types.resolve(value.id).unwrap().type_def else {
            panic!("a record")
        };
        let describe = |def: &[scale_info::Field<PortableForm>]| -> Vec<(String, String)> {
            def.iter()
                .map(|field| {
                    (
                        field.name.clone().unwrap(),
                        name(&metadata.types, field.ty.id),
                    )
                })
                .collect()
        };
        let outer = describe(&info.fields);
        let names: Vec<_> = outer.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(
            names,
            ["nonce", "consumers", "providers", "sufficients", "data"]
        );
        assert!(outer[..4].iter().all(|(_, ty)| ty == "u32"));
        let TypeDef::Composite(data) = &metadata
            .types
            .resolve(info.fields[4].ty.id)
            .unwrap()
            .type_def
        else {
            panic!("a record")
        };
        let inner = describe(&data.fields);
        let names: Vec<_> = inner.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["free", "reserved", "frozen", "flags"]);
        assert!(inner[..3].iter().all(|(_, ty)| ty == "u64"), "{inner:?}");
    });
}
