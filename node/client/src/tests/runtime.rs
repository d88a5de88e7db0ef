//! Against the metadata of this repository's runtime, which also judges what is signed.

use codec::{Compact, Encode};
use dendra_runtime::{RuntimeEvent, UncheckedExtrinsic, VERSION};
use frame_system::EventRecord;
use sp_io::TestExternalities;
use sp_runtime::{DispatchError, ModuleError, TokenError, generic::Preamble, traits::Checkable};

use super::*;
use crate::wallet::Wallet;

const GENESIS: [u8; 32] = [3; 32];

fn version() -> RuntimeVersion {
    RuntimeVersion {
        spec_name: VERSION.spec_name.to_string(),
        spec_version: VERSION.spec_version,
        transaction_version: VERSION.transaction_version,
    }
}

fn runtime() -> Runtime {
    let metadata = TestExternalities::default()
        .execute_with(|| dendra_runtime::Runtime::metadata_at_version(15));
    Runtime::new(version(), GENESIS, &metadata.encode()).unwrap()
}

fn alice() -> Pair {
    Wallet::from_suri("//Alice").unwrap().pair().clone()
}

fn hotkey() -> crate::AccountId32 {
    crate::AccountId32::new([9; 32])
}

fn birth() -> Head {
    Head {
        number: 0,
        hash: GENESIS,
    }
}

/// The bytes of a call as a client sends them, out of the whole transaction.
fn encoded(runtime: &Runtime, call: &Call) -> Result<Vec<u8>, SubmitError> {
    let bytes = runtime.sign(&alice(), call, 0, birth(), 64)?;
    let transaction = UncheckedExtrinsic::decode(&mut &bytes[..]).unwrap();
    Ok(transaction.function.encode())
}

#[test]
fn a_signed_transaction_is_one_that_the_runtime_accepts() {
    let runtime = runtime();
    let (small, large) = (vec![1u8; 8], vec![1u8; 4096]);
    // Beyond 256 bytes the hash of the payload is signed.
    for remark in [small, large] {
        let call = Call::Dynamic {
            pallet: "System".into(),
            call: "remark".into(),
            fields: vec![("remark".into(), Value::from_bytes(&remark))],
        };
        let bytes = runtime.sign(&alice(), &call, 7, birth(), 64).unwrap();
        let transaction = UncheckedExtrinsic::decode(&mut &bytes[..]).unwrap();
        assert_eq!(transaction.encode(), bytes);
        let Preamble::Signed(_, _, extension) = &transaction.preamble else {
            panic!("a signed transaction of version 4");
        };
        // Era of 64 blocks, nonce 7, no tip, no metadata hash.
        let carried = (
            sp_runtime::generic::Era::mortal(64, 0),
            Compact(7u32),
            Compact(0u64),
            0u8,
        );
        assert_eq!(extension.encode(), carried.encode());

        let check = |genesis: [u8; 32]| {
            TestExternalities::default().execute_with(|| {
                let key = runtime.key("System", "BlockHash", vec![Value::u128(0)]);
                sp_io::storage::set(&key.unwrap(), &genesis);
                let lookup = frame_system::ChainContext::<dendra_runtime::Runtime>::default();
                transaction.clone().check(&lookup)
            })
        };
        assert!(check(GENESIS).is_ok());
        assert!(check([4; 32]).is_err(), "a transaction is of one chain");
    }
}

#[test]
fn calls_are_encoded_as_the_interface_numbers_them() {
    let runtime = runtime();
    let netuid = 5u16;
    let of = |index: u8, arguments: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = vec![7, index];
        arguments(&mut bytes);
        bytes
    };
    let (uids, values, salt) = (vec![0u16, 300], vec![1u16, 65535], vec![4u16]);
    let tempo = Call::SetHyperparameter {
        name: "sudo_set_tempo".into(),
        netuid,
        value: 360u16.into(),
    };
    let start = Call::StartCall { netuid };
    let cases: Vec<(Call, Vec<u8>)> = vec![
        (
            Call::BurnedRegister {
                netuid,
                hotkey: hotkey(),
            },
            of(7, &|out| (netuid, hotkey()).encode_to(out)),
        ),
        (
            Call::RegisterLimit {
                netuid,
                hotkey: hotkey(),
                limit_price: u64::MAX,
            },
            of(134, &|out| (netuid, hotkey(), u64::MAX).encode_to(out)),
        ),
        (
            Call::RegisterNetwork { hotkey: hotkey() },
            of(59, &|out| hotkey().encode_to(out)),
        ),
        (start.clone(), of(92, &|out| netuid.encode_to(out))),
        (
            Call::RootRegister { hotkey: hotkey() },
            of(62, &|out| hotkey().encode_to(out)),
        ),
        (
            Call::serve_at(netuid, 3, "1.2.3.4:8091".parse().unwrap()),
            of(4, &|out| {
                (netuid, 3u32, 0x0102_0304u128, 8091u16, [4u8, 4, 0, 0]).encode_to(out);
            }),
        ),
        (
            Call::serve_at(netuid, 3, "[::2]:1".parse().unwrap()),
            of(4, &|out| {
                (netuid, 3u32, 2u128, 1u16, [6u8, 4, 0, 0]).encode_to(out);
            }),
        ),
        (
            Call::SetWeights {
                netuid,
                mechanism: 0,
                dests: uids.clone(),
                weights: values.clone(),
                version_key: 9,
            },
            of(0, &|out| (netuid, &uids, &values, 9u64).encode_to(out)),
        ),
        (
            Call::SetWeights {
                netuid,
                mechanism: 2,
                dests: vec![7],
                weights: vec![],
                version_key: 9,
            },
            of(119, &|out| {
                (netuid, 2u8, vec![7u16], Vec::<u16>::new(), 9u64).encode_to(out);
            }),
        ),
        (
            Call::CommitWeights {
                netuid,
                mechanism: 0,
                hash: [8; 32],
            },
            of(96, &|out| (netuid, [8u8; 32]).encode_to(out)),
        ),
        (
            Call::CommitWeights {
                netuid,
                mechanism: 1,
                hash: [8; 32],
            },
            of(115, &|out| (netuid, 1u8, [8u8; 32]).encode_to(out)),
        ),
        (
            Call::RevealWeights {
                netuid,
                mechanism: 0,
                uids: uids.clone(),
                values: values.clone(),
                salt: salt.clone(),
                version_key: 9,
            },
            of(97, &|out| {
                (netuid, &uids, &values, &salt, 9u64).encode_to(out)
            }),
        ),
        (
            Call::RevealWeights {
                netuid,
                mechanism: 1,
                uids: uids.clone(),
                values: values.clone(),
                salt: salt.clone(),
                version_key: 9,
            },
            of(116, &|out| {
                (netuid, 1u8, &uids, &values, &salt, 9u64).encode_to(out);
            }),
        ),
        (
            Call::AddStake {
                hotkey: hotkey(),
                netuid,
                amount: 11,
            },
            of(2, &|out| (hotkey(), netuid, 11u64).encode_to(out)),
        ),
        (
            Call::RemoveStake {
                hotkey: hotkey(),
                netuid,
                amount: 11,
            },
            of(3, &|out| (hotkey(), netuid, 11u64).encode_to(out)),
        ),
        (
            Call::Transfer {
                to: hotkey(),
                amount: 70_000,
            },
            ([5u8, 3, 0], hotkey(), Compact(70_000u64)).encode(),
        ),
        (tempo.clone(), ([19u8, 22], netuid, 360u16).encode()),
        (
            tempo.clone().sudo(),
            ([12u8, 0, 19, 22], netuid, 360u16).encode(),
        ),
        (
            Call::Batch(vec![start.clone(), tempo.clone().sudo()]),
            (
                [11u8, 2],
                Compact(2u32),
                ([7u8, 92], netuid),
                ([12u8, 0, 19, 22], netuid, 360u16),
            )
                .encode(),
        ),
        (Call::Batch(vec![]), vec![11, 2, 0]),
        (
            Call::Batch(vec![start]),
            ([11u8, 2], Compact(1u32), ([7u8, 92], netuid)).encode(),
        ),
    ];
    for (call, expected) in cases {
        assert_eq!(encoded(&runtime, &call).unwrap(), expected, "{call:?}");
    }
}

#[test]
fn commitments_of_every_length_have_their_own_form() {
    let runtime = runtime();
    for length in 0..=512usize {
        let bytes: Vec<u8> = (0..length).map(|byte| byte as u8).collect();
        let call = Call::SetCommitment {
            netuid: 5,
            bytes: bytes.clone(),
        };
        let mut expected = ([18u8, 0], 5u16, Compact(1u32)).encode();
        if length <= 128 {
            expected.push(length as u8 + 1);
            expected.extend(&bytes);
        } else {
            expected.push(136);
            bytes.encode_to(&mut expected);
        }
        assert_eq!(encoded(&runtime, &call).unwrap(), expected, "{length}");
    }
    let call = Call::SetCommitment {
        netuid: 5,
        bytes: vec![0; 513],
    };
    assert!(encoded(&runtime, &call).is_err());
}

#[test]
fn calls_that_the_runtime_does_not_know_are_not_made() {
    let runtime = runtime();
    let mut deep = Call::StartCall { netuid: 1 };
    for _ in 0..20 {
        deep = deep.sudo();
    }
    let setter = |name: &str| Call::SetHyperparameter {
        name: name.into(),
        netuid: 1,
        value: 1u16.into(),
    };
    let dynamic = |fields: Vec<(&str, Value)>| Call::Dynamic {
        pallet: "SubtensorModule".into(),
        call: "start_call".into(),
        fields: fields
            .into_iter()
            .map(|(name, value)| (name.into(), value))
            .collect(),
    };
    for (call, word) in [
        (deep, "deep"),
        (setter("sudo_set_nonesuch"), "sudo_set_nonesuch"),
        (setter("sudo_set_alpha_values"), "Dynamic"),
        (setter("sudo_set_tx_rate_limit"), "Dynamic"),
        (dynamic(vec![]), "netuid"),
        (dynamic(vec![("subnet", 1u16.into())]), "subnet"),
        (
            dynamic(vec![("netuid", 1u16.into()), ("more", 1u16.into())]),
            "more",
        ),
        (
            dynamic(vec![("netuid", 1u16.into()), ("netuid", 2u16.into())]),
            "netuid",
        ),
        (dynamic(vec![("netuid", 65536u32.into())]), "65536"),
        (dynamic(vec![("netuid", "one".into())]), ""),
    ] {
        match encoded(&runtime, &call) {
            Err(SubmitError::Call { reason }) => assert!(reason.contains(word), "{reason}"),
            other => panic!("{word}: {other:?}"),
        }
    }
}

#[test]
fn storage_is_found_where_the_interface_says() {
    let runtime = runtime();
    let key = runtime
        .key(
            "SubtensorModule",
            "Uids",
            vec![Value::u128(5), Value::from_bytes([9; 32])],
        )
        .unwrap();
    let mut expected = [
        sp_crypto_hashing::twox_128(b"SubtensorModule"),
        sp_crypto_hashing::twox_128(b"Uids"),
    ]
    .concat();
    expected.extend(5u16.to_le_bytes());
    expected.extend(sp_crypto_hashing::blake2_128(&[9; 32]));
    expected.extend([9; 32]);
    assert_eq!(key, expected);

    // Too few keys, no such item, no such pallet.
    assert!(runtime.key("SubtensorModule", "Uids", vec![]).is_err());
    for (pallet, item) in [("SubtensorModule", "Nonesuch"), ("Nonesuch", "Uids")] {
        let error = runtime.key(pallet, item, vec![]).unwrap_err();
        assert!(error.to_string().contains(&format!("{pallet}.{item}")));
    }
}

#[test]
fn values_and_defaults_are_read_by_the_metadata() {
    let runtime = runtime();
    let tempo: u16 = runtime.decode("SubtensorModule", "Tempo", &[7, 1]).unwrap();
    assert_eq!(tempo, 263);
    assert!(
        runtime
            .decode::<u16>("SubtensorModule", "Tempo", &[7])
            .is_err()
    );
    let kappa: u16 = runtime.default("SubtensorModule", "Kappa").unwrap();
    assert_eq!(kappa, 32767);
    let none = runtime.default::<u16>("SubtensorModule", "Uids");
    assert!(none.is_err(), "what is optional has no default");
    let deposit: u64 = runtime.constant("Balances", "ExistentialDeposit").unwrap();
    assert_eq!(deposit, 500);
    assert!(runtime.constant::<u64>("Balances", "Nonesuch").is_err());
}

fn event(index: u32, event: frame_system::Event<dendra_runtime::Runtime>) -> Vec<u8> {
    EventRecord::<RuntimeEvent, sp_core::H256> {
        phase: frame_system::Phase::ApplyExtrinsic(index),
        event: RuntimeEvent::System(event),
        topics: vec![],
    }
    .encode()
}

fn events(list: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = Compact(list.len() as u32).encode();
    bytes.extend(list.concat());
    bytes
}

fn failed(index: u32, dispatch_error: DispatchError) -> Vec<u8> {
    event(
        index,
        frame_system::Event::ExtrinsicFailed {
            dispatch_error,
            dispatch_info: Default::default(),
        },
    )
}

fn succeeded(index: u32) -> Vec<u8> {
    event(
        index,
        frame_system::Event::ExtrinsicSuccess {
            dispatch_info: Default::default(),
        },
    )
}

#[test]
fn only_the_events_of_the_transaction_itself_count() {
    let runtime = runtime();
    let block = events(&[
        failed(0, DispatchError::BadOrigin),
        event(
            1,
            frame_system::Event::CodeUpdated {
                hash: Default::default(),
            },
        ),
        succeeded(1),
        failed(2, DispatchError::BadOrigin),
    ]);
    match runtime.outcome(block.clone(), 1).unwrap() {
        Outcome::Done { names, fields } => {
            let names: Vec<_> = names.iter().map(|(_, name)| name.as_str()).collect();
            assert_eq!(names, ["CodeUpdated", "ExtrinsicSuccess"]);
            assert_eq!(fields.len(), 2);
        }
        failed => panic!("{failed:?}"),
    }
    assert!(matches!(
        runtime.outcome(block.clone(), 2),
        Ok(Outcome::Failed { .. })
    ));
    // Nothing said is not success.
    assert!(runtime.outcome(block.clone(), 3).is_err());
    assert!(runtime.outcome(vec![], 0).is_err());
    assert!(
        runtime
            .outcome(block[..block.len() - 1].to_vec(), 2)
            .is_err()
    );
}

#[test]
fn errors_are_named_by_the_metadata() {
    let runtime = runtime();
    let metadata = runtime.metadata();
    let pallet = metadata.pallet_by_name("SubtensorModule").unwrap();
    let mut named = 0;
    for index in 0..=u8::MAX {
        let Some(variant) = pallet.error_variant_by_index(index) else {
            continue;
        };
        named += 1;
        let error = DispatchError::Module(ModuleError {
            index: 7,
            error: [index, 0, 0, 0],
            message: None,
        });
        match runtime.outcome(events(&[failed(0, error)]), 0).unwrap() {
            Outcome::Failed {
                pallet,
                error,
                explanation,
            } => {
                assert_eq!(
                    (pallet.as_str(), &error),
                    ("SubtensorModule", &variant.name)
                );
                assert!(explanation.len() > 10, "{error} has no explanation");
            }
            done => panic!("{done:?}"),
        }
    }
    assert!(named > 100, "{named}");
}

#[test]
fn errors_of_no_pallet_have_a_sentence() {
    let runtime = runtime();
    for (error, name, word) in [
        (DispatchError::BadOrigin, "BadOrigin", "key"),
        (
            DispatchError::Token(TokenError::FundsUnavailable),
            "FundsUnavailable",
            "TAO",
        ),
        (DispatchError::Exhausted, "Exhausted", "block"),
        (DispatchError::Corruption, "Corruption", "runtime"),
        (
            DispatchError::Module(ModuleError {
                index: 250,
                error: [0; 4],
                message: None,
            }),
            "Module",
            "metadata",
        ),
    ] {
        match runtime.outcome(events(&[failed(0, error)]), 0).unwrap() {
            Outcome::Failed {
                pallet,
                error,
                explanation,
            } => {
                assert_eq!((pallet.as_str(), error.as_str()), ("Dispatch", name));
                assert!(explanation.contains(word), "{explanation}");
            }
            done => panic!("{done:?}"),
        }
    }
}

#[test]
fn damaged_metadata_is_refused() {
    let sound = TestExternalities::default()
        .execute_with(|| dendra_runtime::Runtime::metadata_at_version(15))
        .encode();
    for answer in [&[][..], &[0], &[1], &sound[..sound.len() / 2]] {
        assert!(Runtime::new(version(), GENESIS, answer).is_err());
    }
}
