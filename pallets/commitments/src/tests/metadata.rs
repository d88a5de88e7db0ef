//! What clients see of the pallet.

use std::{
    any::TypeId,
    collections::{BTreeMap, BTreeSet},
};

use codec::Encode;
use dendra_primitives::NetUid;
use scale_info::{TypeDef, TypeInfo, meta_type};
use sp_runtime::AccountId32;

use crate::{
    Call, Event,
    mock::{ALICE, FIRST, Test, info, raw},
    types::{CommitmentInfo, Data, Openings, Registration, TimelockedKeys, UsageTracker},
};

/// Name and index of the variants of a type.
fn variants<T: TypeInfo>() -> BTreeMap<u8, &'static str> {
    let TypeDef::Variant(variant) = T::type_info().type_def else {
        panic!("not an enum");
    };
    let count = variant.variants.len();
    let by_index: BTreeMap<_, _> = variant
        .variants
        .into_iter()
        .map(|variant| (variant.index, variant.name))
        .collect();
    assert_eq!(by_index.len(), count, "two variants share an index");
    by_index
}

/// Name and type of the fields of a struct.
fn fields<T: TypeInfo>() -> Vec<(&'static str, TypeId)> {
    let TypeDef::Composite(composite) = T::type_info().type_def else {
        panic!("not a struct");
    };
    composite
        .fields
        .into_iter()
        .map(|field| (field.name.unwrap_or_default(), field.ty.type_id()))
        .collect()
}

fn id<T: TypeInfo + 'static>() -> TypeId {
    meta_type::<T>().type_id()
}

#[test]
fn a_field_is_an_enum_with_the_names_and_indices_of_the_interface() {
    let mut expected: BTreeMap<u8, String> = (0..=128)
        .map(|length: u8| (length + 1, format!("Raw{length}")))
        .collect();
    expected.extend(
        [
            (0, "None"),
            (130, "BlakeTwo256"),
            (131, "Sha256"),
            (132, "Keccak256"),
            (133, "ShaThree256"),
            (134, "TimelockEncrypted"),
            (135, "ResetBondsFlag"),
            (136, "BigRaw"),
        ]
        .map(|(index, name)| (index, name.to_owned())),
    );
    let found: BTreeMap<_, _> = variants::<Data>()
        .into_iter()
        .map(|(index, name)| (index, name.to_owned()))
        .collect();
    assert_eq!(found, expected);
    assert_eq!(
        Data::type_info().path.segments,
        ["pallet_commitments", "types", "Data"]
    );
}

#[test]
fn a_field_has_the_content_of_the_interface() {
    let TypeDef::Variant(variant) = Data::type_info().type_def else {
        panic!("not an enum");
    };
    for variant in variant.variants {
        let content: Vec<_> = variant
            .fields
            .iter()
            .map(|field| (field.name, field.ty.type_info().type_def))
            .collect();
        match variant.index {
            0 | 135 => assert!(content.is_empty(), "{}", variant.name),
            raw @ 1..=129 => {
                let [(None, TypeDef::Array(array))] = &content[..] else {
                    panic!("{}", variant.name);
                };
                assert_eq!(array.len, u32::from(raw - 1));
                assert_eq!(array.type_param, meta_type::<u8>());
            }
            130..=133 => {
                let [(None, TypeDef::Array(array))] = &content[..] else {
                    panic!("{}", variant.name);
                };
                assert_eq!(array.len, 32);
            }
            134 => {
                let names: Vec<_> = content.iter().map(|(name, _)| *name).collect();
                assert_eq!(names, [Some("encrypted"), Some("reveal_round")]);
                assert_eq!(variant.fields[1].ty, meta_type::<u64>());
            }
            _ => assert_eq!(content.len(), 1, "{}", variant.name),
        }
    }
}

#[test]
fn records_have_the_fields_of_the_interface() {
    assert_eq!(
        fields::<Registration>(),
        [
            ("deposit", id::<u64>()),
            ("block", id::<u32>()),
            ("info", id::<CommitmentInfo>()),
        ]
    );
    assert_eq!(
        fields::<UsageTracker>(),
        [("last_epoch", id::<u64>()), ("used_space", id::<u64>())]
    );
    let [("fields", bounded)] = fields::<CommitmentInfo>()[..] else {
        panic!("not a commitment");
    };
    assert_eq!(
        bounded,
        id::<frame_support::BoundedVec<Data, frame_support::traits::ConstU32<3>>>()
    );
}

#[test]
fn bounded_records_look_like_the_plain_ones_of_the_interface() {
    assert_eq!(id::<Openings>(), id::<Vec<(Vec<u8>, u64)>>());
    assert_eq!(Openings::type_info(), Vec::<(Vec<u8>, u64)>::type_info());
    type Plain = BTreeSet<(NetUid, AccountId32)>;
    assert_eq!(id::<TimelockedKeys<AccountId32>>(), id::<Plain>());
    assert_eq!(
        TimelockedKeys::<AccountId32>::type_info(),
        Plain::type_info()
    );

    let mut keys = TimelockedKeys::default();
    assert!(keys.insert(FIRST, ALICE));
    assert_eq!(keys.encode(), Plain::from([(FIRST, ALICE)]).encode());
}

#[test]
fn calls_have_the_indices_of_the_interface() {
    assert_eq!(
        variants::<Call<Test>>(),
        [(0, "set_commitment"), (2, "set_max_space")].into()
    );
    let call = Call::<Test>::set_commitment {
        netuid: FIRST,
        info: info([raw(b"x")]),
    };
    assert_eq!(call.encode(), [0, 1, 0, 4, 2, b'x']);
}

#[test]
fn events_have_named_fields() {
    let TypeDef::Variant(variant) = Event::<Test>::type_info().type_def else {
        panic!("not an enum");
    };
    let found: Vec<(_, Vec<_>)> = variant
        .variants
        .into_iter()
        .map(|event| {
            let fields = event
                .fields
                .into_iter()
                .map(|field| field.name.unwrap_or_default())
                .collect();
            (event.name, fields)
        })
        .collect();
    assert_eq!(
        found,
        [
            ("Commitment", vec!["netuid", "who"]),
            ("TimelockCommitment", vec!["netuid", "who", "reveal_round"]),
            ("CommitmentRevealed", vec!["netuid", "who"]),
            ("MaxSpaceSet", vec!["limit"]),
        ]
    );
}

#[test]
fn errors_have_the_names_of_the_interface() {
    let names: BTreeSet<_> = variants::<crate::Error<Test>>().into_values().collect();
    for name in [
        "TooManyFieldsInCommitmentInfo",
        "AccountNotAllowedCommit",
        "SpaceLimitExceeded",
        "UnexpectedUnreserveLeftover",
    ] {
        assert!(names.contains(name), "{name}");
    }
}

#[test]
fn storage_keys_are_those_of_the_interface() {
    let prefix = |item: &str| {
        [
            sp_io::hashing::twox_128(b"Commitments"),
            sp_io::hashing::twox_128(item.as_bytes()),
        ]
        .concat()
    };
    let account = ALICE.encode();
    let suffix = [
        &1_u16.encode()[..],
        &sp_io::hashing::twox_64(&account),
        &account,
    ]
    .concat();
    for (item, key) in [
        (
            "CommitmentOf",
            crate::CommitmentOf::<Test>::hashed_key_for(FIRST, ALICE),
        ),
        (
            "RevealedCommitments",
            crate::RevealedCommitments::<Test>::hashed_key_for(FIRST, ALICE),
        ),
        (
            "LastCommitment",
            crate::LastCommitment::<Test>::hashed_key_for(FIRST, ALICE),
        ),
        (
            "LastBondsReset",
            crate::LastBondsReset::<Test>::hashed_key_for(FIRST, ALICE),
        ),
        (
            "UsedSpaceOf",
            crate::UsedSpaceOf::<Test>::hashed_key_for(FIRST, ALICE),
        ),
    ] {
        assert_eq!(key, [prefix(item), suffix.clone()].concat(), "{item}");
    }
    assert_eq!(
        crate::MaxSpace::<Test>::hashed_key().to_vec(),
        prefix("MaxSpace")
    );
    assert_eq!(
        crate::TimelockedIndex::<Test>::hashed_key().to_vec(),
        prefix("TimelockedIndex")
    );
}
