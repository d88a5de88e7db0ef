//! Examples: what clients see, and the values at the edges.

use codec::{Compact, Decode, Encode, MaxEncodedLen};
use dendra_primitives::{
    AlphaBalance, MechId, NetUid, NetUidIndex, Price, Proportion16, Proportion64, Rounding,
    TaoBalance, Tempo, Uid, block, mul_div, wide,
};
use scale_info::{TypeDef, TypeInfo};

fn has_one_unnamed_field<T: TypeInfo + 'static>() -> bool {
    match T::type_info().type_def {
        TypeDef::Composite(composite) => {
            matches!(composite.fields.as_slice(), [field] if field.name.is_none())
        }
        _ => false,
    }
}

#[test]
fn newtypes_encode_as_the_integer_inside() {
    assert_eq!(TaoBalance::new(7).encode(), 7u64.encode());
    assert_eq!(AlphaBalance::new(7).encode(), 7u64.encode());
    assert_eq!(NetUid::new(7).encode(), 7u16.encode());
    assert_eq!(MechId::new(7).encode(), [7]);
    assert_eq!(Proportion16::from_parts(7).encode(), 7u16.encode());
    assert_eq!(Compact(TaoBalance::new(7)).encode(), Compact(7u64).encode());
    assert_eq!(Compact(NetUid::new(700)).encode(), Compact(700u16).encode());
    assert_eq!(
        TaoBalance::decode(&mut 9u64.encode().as_slice()),
        Ok(TaoBalance::new(9))
    );
    assert_eq!(TaoBalance::max_encoded_len(), 8);
    assert_eq!(NetUid::max_encoded_len(), 2);
}

#[test]
fn metadata_shows_one_unnamed_field() {
    assert!(has_one_unnamed_field::<TaoBalance>());
    assert!(has_one_unnamed_field::<AlphaBalance>());
    assert!(has_one_unnamed_field::<NetUid>());
    assert!(has_one_unnamed_field::<NetUidIndex>());
    assert!(has_one_unnamed_field::<Uid>());
    assert!(has_one_unnamed_field::<MechId>());
    assert!(has_one_unnamed_field::<Tempo>());
    assert!(has_one_unnamed_field::<Proportion16>());
    assert!(has_one_unnamed_field::<Proportion64>());
}

#[test]
fn json_shows_the_integer_inside() {
    assert_eq!(serde_json::to_string(&TaoBalance::new(7)).unwrap(), "7");
    assert_eq!(
        serde_json::from_str::<NetUid>("12").unwrap(),
        NetUid::new(12)
    );
}

#[test]
fn index_of_subnet_and_mechanism() {
    let index = NetUidIndex::from_parts(NetUid::new(5), MechId::new(2)).unwrap();
    assert_eq!(index.get(), 2 * 4096 + 5);
    assert_eq!(
        (index.netuid(), index.mechanism()),
        (NetUid::new(5), MechId::new(2))
    );
    assert_eq!(
        NetUidIndex::from_parts(NetUid::new(5), MechId::new(0))
            .unwrap()
            .get(),
        5
    );
    assert_eq!(
        NetUidIndex::from_parts(NetUid::new(4096), MechId::new(0)),
        None
    );
    assert_eq!(
        NetUidIndex::from_parts(NetUid::new(0), MechId::new(16)),
        None
    );
    let last = NetUidIndex::from_parts(NetUid::new(4095), MechId::new(15)).unwrap();
    assert_eq!(last.get(), u16::MAX);
}

#[test]
fn proportions_at_their_edges() {
    assert_eq!(Proportion16::ONE.part_of(u64::MAX), u64::MAX);
    assert_eq!(Proportion64::ONE.part_of(u64::MAX), u64::MAX);
    assert_eq!(Proportion64::ZERO.split(9), (0, 9));
    assert_eq!(
        Proportion16::from_ratio(1, 2),
        Some(Proportion16::from_parts(32_767))
    );
    assert_eq!(Proportion16::from_ratio(2, 2), Some(Proportion16::ONE));
    assert_eq!(Proportion16::from_ratio(3, 2), None);
    assert_eq!(Proportion64::from_ratio(u64::MAX, u64::MAX - 1), None);
    assert_eq!(Proportion64::from_ratio(0, 0), None);
    assert_eq!(
        Proportion16::ONE.checked_add(Proportion16::from_parts(1)),
        None
    );
    assert_eq!(Proportion16::from_parts(1).complement().parts(), 65_534);
}

#[test]
fn rounding_is_what_it_says() {
    assert_eq!(mul_div(7, 1, 2, Rounding::Down), Some(3));
    assert_eq!(mul_div(7, 1, 2, Rounding::Up), Some(4));
    assert_eq!(mul_div(7, 1, 2, Rounding::Nearest), Some(4));
    assert_eq!(mul_div(4, 1, 3, Rounding::Nearest), Some(1));
    assert_eq!(mul_div(6, 1, 2, Rounding::Up), Some(3));
    assert_eq!(mul_div(6, 1, 2, Rounding::Nearest), Some(3));
    assert_eq!(mul_div(1, 1, 0, Rounding::Up), None);
    assert_eq!(mul_div(u64::MAX, u64::MAX, 1, Rounding::Up), None);
    assert_eq!(
        mul_div(u64::MAX, u64::MAX, u64::MAX, Rounding::Up),
        Some(u64::MAX)
    );
}

#[test]
fn wide_rounding_is_what_it_says() {
    use wide::U256;
    let max = U256::MAX;
    let two = U256::from(2);
    let three = U256::from(3);
    assert_eq!(wide::mul_div(max, max, max, Rounding::Up), Some(max));
    assert_eq!(
        wide::mul_div(max, two, three, Rounding::Down),
        Some(max / 3 * 2)
    );
    assert_eq!(wide::mul_div(max, two, U256::one(), Rounding::Down), None);
    assert_eq!(wide::mul_div(max, two, U256::zero(), Rounding::Down), None);
    assert_eq!(
        wide::mul_div(U256::from(5), U256::one(), two, Rounding::Nearest),
        Some(three)
    );
    assert_eq!(
        wide::mul_div(U256::from(4), U256::one(), three, Rounding::Nearest),
        Some(U256::one())
    );
    assert_eq!(
        wide::product(u128::MAX, u128::MAX),
        U256::from(u128::MAX) * U256::from(u128::MAX)
    );
}

#[test]
fn money_does_not_wrap() {
    let max = TaoBalance::new(u64::MAX);
    let one = TaoBalance::new(1);
    assert_eq!(max.checked_add(one), None);
    assert_eq!(max.saturating_add(one), max);
    assert_eq!(TaoBalance::ZERO.checked_sub(one), None);
    assert_eq!(TaoBalance::ZERO.saturating_sub(one), TaoBalance::ZERO);
    assert_eq!(TaoBalance::checked_sum([max, one]), None);
    assert_eq!(
        TaoBalance::checked_sum([one, one]),
        Some(TaoBalance::new(2))
    );
    assert_eq!(max.checked_mul_div(2, 1, Rounding::Down), None);
    assert_eq!(
        TaoBalance::from_tokens(21_000_000),
        Some(TaoBalance::MAX_SUPPLY)
    );
    assert_eq!(TaoBalance::from_tokens(u64::MAX), None);
    assert_eq!(block::BLOCKS_PER_DAY * block::SECONDS_PER_BLOCK, 86_400);
}

#[test]
fn price_is_exact() {
    let third = Price::from_ratio(1, 3).unwrap();
    assert_eq!(third, Price::from_ratio(u128::MAX / 3, u128::MAX).unwrap());
    assert!(third > Price::from_ratio(u128::MAX / 3 - 1, u128::MAX).unwrap());
    assert_eq!(third.to_rao(), Some(333_333_333));
    assert_eq!(third.to_bits(32), Some((1 << 32) / 3));
    assert_eq!(third.to_bits(128), None);
    assert_eq!(
        third.alpha_for(TaoBalance::new(2), Rounding::Down),
        Some(AlphaBalance::new(6))
    );
    assert_eq!(
        third.tao_for(AlphaBalance::new(4), Rounding::Up),
        Some(TaoBalance::new(2))
    );
    assert_eq!(Price::from_ratio(0, 1), None);
    assert_eq!(Price::from_ratio(1, 0), None);
    assert_eq!(Price::from_rao(0), None);
    assert_eq!(Price::from_rao(block::UNITS_PER_TOKEN), Some(Price::ONE));
    let most = Price::from_ratio(u128::MAX, 1).unwrap();
    assert_eq!(most.to_rao(), None);
    assert_eq!(
        most.alpha_for(TaoBalance::new(u64::MAX), Rounding::Up),
        Some(AlphaBalance::new(1))
    );
}
