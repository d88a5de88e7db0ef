//! Records: their limits in storage, their one encoding, and what metadata shows of them.

use std::{any::TypeId, collections::BTreeSet};

use codec::{Decode, Encode, MaxEncodedLen};
use dendra_primitives::{
    AlphaBalance, I32F32, I64F64, I96F32, MovingPrice, NetUid, U64F64,
    records::{
        AxonInfo, ChainIdentityV2, EpochConsensus, LockState, NeuronCertificate, RecycleOrBurnEnum,
        RootClaimTypeEnum, Stored, StoredChainIdentity, StoredRootClaimType, StoredSubnetIdentity,
        SubnetIdentityV3,
    },
};
use scale_info::{MetaType, TypeDef, TypeInfo};

fn longest_subnet_identity() -> SubnetIdentityV3 {
    SubnetIdentityV3 {
        subnet_name: vec![1; 256],
        github_repo: vec![2; 1_024],
        subnet_contact: vec![3; 1_024],
        subnet_url: vec![4; 1_024],
        discord: vec![5; 256],
        description: vec![6; 1_024],
        logo_url: vec![7; 1_024],
        additional: vec![8; 1_024],
    }
}

fn longest_chain_identity() -> ChainIdentityV2 {
    ChainIdentityV2 {
        name: vec![1; 256],
        url: vec![2; 256],
        github_repo: vec![3; 256],
        image: vec![4; 1_024],
        discord: vec![5; 256],
        description: vec![6; 1_024],
        additional: vec![7; 1_024],
    }
}

fn kept(count: u16) -> RootClaimTypeEnum {
    RootClaimTypeEnum::KeepSubnets {
        subnets: (0..count).map(NetUid::new).collect(),
    }
}

#[test]
fn one_byte_too_many_in_any_part_of_a_subnet_identity_is_refused() {
    let too_long: [fn(&mut SubnetIdentityV3); 8] = [
        |identity| identity.subnet_name.push(0),
        |identity| identity.github_repo.push(0),
        |identity| identity.subnet_contact.push(0),
        |identity| identity.subnet_url.push(0),
        |identity| identity.discord.push(0),
        |identity| identity.description.push(0),
        |identity| identity.logo_url.push(0),
        |identity| identity.additional.push(0),
    ];
    for lengthen in too_long {
        let mut identity = longest_subnet_identity();
        lengthen(&mut identity);
        assert!(StoredSubnetIdentity::decode(&mut identity.encode().as_slice()).is_err());
        assert_eq!(Stored::try_new(identity), None);
    }
}

#[test]
fn one_byte_too_many_in_any_part_of_a_chain_identity_is_refused() {
    let too_long: [fn(&mut ChainIdentityV2); 7] = [
        |identity| identity.name.push(0),
        |identity| identity.url.push(0),
        |identity| identity.github_repo.push(0),
        |identity| identity.image.push(0),
        |identity| identity.discord.push(0),
        |identity| identity.description.push(0),
        |identity| identity.additional.push(0),
    ];
    for lengthen in too_long {
        let mut identity = longest_chain_identity();
        lengthen(&mut identity);
        assert!(StoredChainIdentity::decode(&mut identity.encode().as_slice()).is_err());
        assert_eq!(Stored::try_new(identity), None);
    }
}

#[test]
fn one_subnet_too_many_is_refused() {
    let record = kept(129);
    assert!(StoredRootClaimType::decode(&mut record.encode().as_slice()).is_err());
    assert_eq!(Stored::try_new(record), None);
}

#[test]
fn longest_record_is_as_long_as_storage_is_told() {
    // Two bytes before each part, whose limits lie between 64 and 16383.
    let subnet = Stored::try_new(longest_subnet_identity()).unwrap();
    assert_eq!(subnet.encode().len(), 2 * 256 + 6 * 1_024 + 8 * 2);
    assert_eq!(StoredSubnetIdentity::max_encoded_len(), 6_672);
    let chain = Stored::try_new(longest_chain_identity()).unwrap();
    assert_eq!(chain.encode().len(), 4 * 256 + 3 * 1_024 + 7 * 2);
    assert_eq!(StoredChainIdentity::max_encoded_len(), 4_110);
    let claims = Stored::try_new(kept(128)).unwrap();
    assert_eq!(claims.encode().len(), 1 + 2 + 128 * 2);
    assert_eq!(StoredRootClaimType::max_encoded_len(), 259);
}

#[test]
fn stored_record_encodes_like_the_record_inside() {
    let record = longest_chain_identity();
    let stored = Stored::try_new(record.clone()).unwrap();
    assert_eq!(stored.encode(), record.encode());
    assert_eq!(
        StoredChainIdentity::decode(&mut record.encode().as_slice()),
        Ok(stored.clone())
    );
    assert_eq!(stored.name, vec![1; 256]);
    assert_eq!(stored.into_inner(), record);
}

#[test]
fn metadata_knows_one_type_for_what_is_sent_and_what_is_stored() {
    fn same<A: TypeInfo + 'static, B: TypeInfo + 'static>() -> bool {
        TypeId::of::<A::Identity>() == TypeId::of::<B::Identity>()
            && MetaType::new::<A>().type_info() == MetaType::new::<B>().type_info()
    }
    assert!(same::<StoredChainIdentity, ChainIdentityV2>());
    assert!(same::<StoredSubnetIdentity, SubnetIdentityV3>());
    assert!(same::<StoredRootClaimType, RootClaimTypeEnum>());
    assert!(!same::<StoredChainIdentity, SubnetIdentityV3>());
}

#[test]
fn choices_encode_by_their_place_and_default_to_the_first() {
    assert_eq!(EpochConsensus::Yuma.encode(), [0]);
    assert_eq!(EpochConsensus::Null.encode(), [1]);
    assert_eq!(EpochConsensus::default(), EpochConsensus::Yuma);
    assert_eq!(RecycleOrBurnEnum::Burn.encode(), [0]);
    assert_eq!(RecycleOrBurnEnum::Recycle.encode(), [1]);
    assert_eq!(RecycleOrBurnEnum::default(), RecycleOrBurnEnum::Burn);
    assert_eq!(RootClaimTypeEnum::Swap.encode(), [0]);
    assert_eq!(RootClaimTypeEnum::Keep.encode(), [1]);
    let subnets = BTreeSet::from([NetUid::new(3), NetUid::new(1)]);
    assert_eq!(
        RootClaimTypeEnum::KeepSubnets { subnets }.encode(),
        [2, 8, 1, 0, 3, 0]
    );
    assert_eq!(RootClaimTypeEnum::default(), RootClaimTypeEnum::Swap);
    assert_eq!(StoredRootClaimType::default().encode(), [0]);
}

#[test]
fn certificate_is_an_algorithm_and_a_key() {
    assert_eq!(NeuronCertificate::from_bytes(&[]), None);
    assert_eq!(NeuronCertificate::from_bytes(&[1; 66]), None);
    let certificate = NeuronCertificate::from_bytes(&[7, 1, 2]).unwrap();
    assert_eq!(certificate.algorithm, 7);
    assert_eq!(certificate.public_key.as_slice(), [1, 2]);
    assert_eq!(certificate.encode(), [8, 1, 2, 7]);
    let longest = NeuronCertificate::from_bytes(&[1; 65]).unwrap();
    assert_eq!(longest.public_key.len(), 64);
    // Two bytes before 64 bytes of key, one byte after them.
    assert_eq!(NeuronCertificate::max_encoded_len(), 67);
    assert_eq!(longest.encode().len(), 67);
}

#[test]
fn axon_that_was_never_stated_is_all_zero() {
    assert_eq!(AxonInfo::default().encode(), [0; 34]);
    assert_eq!(AxonInfo::max_encoded_len(), 34);
}

#[test]
fn lock_is_an_amount_a_conviction_and_a_block() {
    let lock = LockState {
        locked_mass: AlphaBalance::new(1),
        conviction: U64F64::from_bits(2),
        last_update: 3,
    };
    assert_eq!(
        lock.encode(),
        [1u64.encode(), 2u128.encode(), 3u64.encode()].concat()
    );
}

#[test]
fn fixed_point_numbers_encode_as_their_bits() {
    assert_eq!(
        I32F32::from_bits(-(3 << 31)).encode(),
        (-(3i64 << 31)).encode()
    );
    assert_eq!(U64F64::from_bits(u128::MAX).encode(), [255; 16]);
    assert_eq!(I64F64::from_bits(-1).encode(), [255; 16]);
    assert_eq!(I96F32::from_bits(i128::MIN).bits(), i128::MIN);
    assert_eq!(I32F32::ONE.bits(), 4_294_967_296);
    assert_eq!(I96F32::ONE.bits(), 4_294_967_296);
    assert_eq!(U64F64::ONE.bits(), 18_446_744_073_709_551_616);
    assert_eq!(I64F64::ONE.bits(), 18_446_744_073_709_551_616);
}

#[test]
fn fixed_point_numbers_have_the_one_field_that_clients_read() {
    fn field<T: TypeInfo>() -> (Option<&'static str>, Option<&'static str>) {
        match T::type_info().type_def {
            TypeDef::Composite(composite) => match composite.fields.as_slice() {
                [field] => (field.name, field.type_name),
                _ => (None, None),
            },
            _ => (None, None),
        }
    }
    assert_eq!(field::<I32F32>(), (Some("bits"), Some("i64")));
    assert_eq!(field::<U64F64>(), (Some("bits"), Some("u128")));
    assert_eq!(field::<I64F64>(), (Some("bits"), Some("i128")));
    assert_eq!(field::<I96F32>(), (Some("bits"), Some("i128")));
}

#[test]
fn moving_price_is_read_with_32_fractional_bits() {
    assert_eq!(I96F32::from(MovingPrice::ONE), I96F32::ONE);
    let just_below = MovingPrice::from_bits((1 << 96) - 1).unwrap();
    assert_eq!(I96F32::from(just_below), I96F32::from_bits((1 << 32) - 1));
}
