//! The bytes of a field, from friends and from strangers.

use codec::{Compact, Decode, DecodeAll, Encode, MaxEncodedLen, MemTrackingInput};
use frame_support::assert_err;
use proptest::{collection::vec, prelude::*};

use crate::{
    mock::{big_raw, encrypted, info, raw},
    types::{CommitmentInfo, Data, Openings, Registration, TimelockedKeys, UsageTracker},
};

/// Every kind of field, with any content.
fn any_data() -> impl Strategy<Value = Data> {
    prop_oneof![
        Just(Data::None),
        vec(any::<u8>(), 0..=128).prop_map(|bytes| raw(&bytes)),
        any::<[u8; 32]>().prop_map(Data::BlakeTwo256),
        any::<[u8; 32]>().prop_map(Data::Sha256),
        any::<[u8; 32]>().prop_map(Data::Keccak256),
        any::<[u8; 32]>().prop_map(Data::ShaThree256),
        (vec(any::<u8>(), 0..=1_024), any::<u64>()).prop_map(|(bytes, reveal_round)| {
            Data::TimelockEncrypted {
                encrypted: bytes.try_into().expect("at most 1024 bytes"),
                reveal_round,
            }
        }),
        Just(Data::ResetBondsFlag),
        vec(any::<u8>(), 0..=512)
            .prop_map(|bytes| Data::BigRaw(bytes.try_into().expect("at most 512 bytes"))),
    ]
}

/// Bytes that the encoding adds to the content.
fn overhead(data: &Data) -> usize {
    match data {
        Data::TimelockEncrypted { encrypted, .. } => 1 + length_bytes(encrypted.len()) + 8,
        Data::BigRaw(raw) => 1 + length_bytes(raw.len()),
        _ => 1,
    }
}

fn length_bytes(length: usize) -> usize {
    if length < 64 { 1 } else { 2 }
}

proptest! {
    #[test]
    fn a_field_survives_its_encoding(data in any_data()) {
        let bytes = data.encode();
        prop_assert_eq!(bytes.len(), data.content_bytes() as usize + overhead(&data));
        prop_assert!(bytes.len() <= Data::max_encoded_len());
        prop_assert!(bytes.len() <= data.size_hint());
        prop_assert_eq!(Data::decode_all(&mut &bytes[..]), Ok(data));
    }

    #[test]
    fn a_field_cut_short_is_refused(data in any_data(), cut in any::<prop::sample::Index>()) {
        let bytes = data.encode();
        let kept = cut.index(bytes.len());
        prop_assert!(Data::decode(&mut &bytes[..kept]).is_err());
    }

    #[test]
    fn what_a_stranger_sends_is_refused_or_means_itself(
        bytes in vec(any::<u8>(), 0..=1_200),
        kind in 0_u8..=140,
    ) {
        let mut bytes = bytes;
        bytes.insert(0, kind);
        let mut rest = &bytes[..];
        if let Ok(data) = Data::decode(&mut rest) {
            let read = bytes.len() - rest.len();
            prop_assert_eq!(data.encode(), &bytes[..read]);
        }
    }

    #[test]
    fn a_commitment_survives_its_encoding(fields in vec(any_data(), 0..=3)) {
        let info = CommitmentInfo { fields: fields.try_into().expect("at most three fields") };
        let bytes = info.encode();
        prop_assert!(bytes.len() <= CommitmentInfo::max_encoded_len());
        prop_assert_eq!(CommitmentInfo::decode_all(&mut &bytes[..]), Ok(info));
    }
}

#[test]
fn the_first_byte_tells_the_kind() {
    for (data, kind) in [
        (Data::None, 0),
        (Data::BlakeTwo256([1; 32]), 130),
        (Data::Sha256([1; 32]), 131),
        (Data::Keccak256([1; 32]), 132),
        (Data::ShaThree256([1; 32]), 133),
        (encrypted(3, 9), 134),
        (Data::ResetBondsFlag, 135),
        (big_raw(3), 136),
    ] {
        assert_eq!(data.encode().first(), Some(&kind), "{data:?}");
    }
    for length in 0..=128_u8 {
        let content = vec![0xab; length.into()];
        let mut bytes = vec![length + 1];
        bytes.extend(&content);
        assert_eq!(raw(&content).encode(), bytes);
    }
}

#[test]
fn the_bytes_of_a_call_are_those_that_clients_write() {
    let info = info([
        raw(b"hi"),
        Data::ResetBondsFlag,
        Data::TimelockEncrypted {
            encrypted: vec![1, 2, 3].try_into().expect("three bytes"),
            reveal_round: 0x0102,
        },
    ]);
    let bytes = [
        &[12, 3, b'h', b'i', 135, 134, 12, 1, 2, 3][..],
        &[2, 1, 0, 0, 0, 0, 0, 0],
    ]
    .concat();
    assert_eq!(info.encode(), bytes);
}

#[test]
fn unknown_kinds_are_refused() {
    for kind in 137..=u8::MAX {
        let bytes = [&[kind][..], &[0; 64]].concat();
        assert_err!(
            Data::decode(&mut &bytes[..]),
            codec::Error::from("no field of a commitment has this discriminant")
        );
    }
}

#[test]
fn lengths_beyond_the_bound_are_refused_before_anything_is_allocated() {
    // A claim of four thousand million bytes, and the first length that is too great, with its bytes.
    for (kind, bound) in [(134_u8, 1_024_u32), (136, 512)] {
        for length in [bound + 1, u32::MAX] {
            let mut bytes = vec![kind];
            Compact(length).encode_to(&mut bytes);
            bytes.extend(vec![0; bound as usize + 100]);
            let mut bytes = &bytes[..];
            let mut input = MemTrackingInput::new(&mut bytes, usize::MAX);
            assert!(Data::decode(&mut input).is_err(), "{kind} {length}");
            assert_eq!(input.used_mem(), 0);
        }
    }
    for fields in [4_u32, u32::MAX] {
        let mut bytes = Compact(fields).encode();
        bytes.extend([0; 16]);
        let mut bytes = &bytes[..];
        let mut input = MemTrackingInput::new(&mut bytes, usize::MAX);
        assert!(CommitmentInfo::decode(&mut input).is_err(), "{fields}");
        assert_eq!(input.used_mem(), 0);
    }
}

#[test]
fn decoding_announces_what_it_allocates() {
    for (data, allocated) in [
        (Data::None, 0),
        (raw(&[]), 0),
        (raw(&[5; 128]), 128),
        (big_raw(512), 512),
        (encrypted(1_024, 3), 1_024),
    ] {
        let bytes = data.encode();
        let mut bytes = &bytes[..];
        let mut input = MemTrackingInput::new(&mut bytes, usize::MAX);
        assert_eq!(Data::decode(&mut input), Ok(data));
        assert_eq!(input.used_mem(), allocated);
    }
}

#[test]
fn records_are_as_long_as_the_documentation_says() {
    assert_eq!(Data::max_encoded_len(), 1_035);
    assert_eq!(encrypted(1_024, u64::MAX).encode().len(), 1_035);
    assert_eq!(CommitmentInfo::max_encoded_len(), 3_106);
    assert_eq!(Registration::max_encoded_len(), 3_118);
    assert_eq!(UsageTracker::max_encoded_len(), 16);
    assert_eq!(Openings::max_encoded_len(), 10_341);
    assert_eq!(
        TimelockedKeys::<sp_runtime::AccountId32>::max_encoded_len(),
        2 + 4_096 * 34
    );
}

#[test]
fn the_ten_latest_openings_are_kept() {
    let mut openings = Openings::default();
    let content = |number: u8| vec![number].try_into().expect("one byte");
    for number in 0..10 {
        assert_eq!(openings.record((content(number), number.into())), None);
    }
    assert_eq!(openings.record((content(10), 10)), Some((content(0), 0)));
    assert_eq!(openings.record((content(11), 11)), Some((content(1), 1)));
    let kept: Vec<_> = openings
        .iter()
        .map(|(content, block)| (content.to_vec(), block))
        .collect();
    let expected: Vec<_> = (2..=11)
        .map(|number| (vec![number], number.into()))
        .collect();
    assert_eq!(kept, expected);
    assert_eq!(openings.encode(), expected.encode());
}
