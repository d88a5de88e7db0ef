//! Bytes put together by hand, field by field in the order of the interface, so that `golden.txt` does
//! not only agree with itself.

use codec::{Compact, Encode};
use dendra_runtime_api::Metagraph;

use crate::values::{self, account};

/// The encodings one after the other.
macro_rules! joined {
    ($($part:expr),* $(,)?) => { [$($part.encode()),*].concat() };
}

/// A list of integers as clients take text: its length, then each byte as a compact integer.
fn listed(text: &str) -> Vec<u8> {
    let mut out = Compact(text.len() as u32).encode();
    for byte in text.bytes() {
        out.extend(Compact(byte).encode());
    }
    out
}

#[test]
fn compact_integers_grow_with_their_value() {
    assert_eq!(Compact(63u64).encode(), [63 << 2]);
    assert_eq!(Compact(64u64).encode(), [(64 << 2 | 1) as u8, 1]);
    assert_eq!(Compact(16_384u64).encode(), [2, 0, 1, 0]);
    assert_eq!(Compact(1u64 << 30).encode(), [3, 0, 0, 0, 64]);
}

#[test]
fn axon_is_of_fixed_width() {
    let expected = joined![
        1_000u64,
        2_000u32,
        0x0102_0304u128,
        8_091u16,
        4u8,
        5u8,
        6u8,
        7u8
    ];
    assert_eq!(expected.len(), 34);
    assert_eq!(values::axon().encode(), expected);
}

#[test]
fn prometheus_is_of_fixed_width() {
    let expected = joined![1_001u64, 2_001u32, 0x2001_0db8u128 << 96, 9_090u16, 6u8];
    assert_eq!(values::prometheus().encode(), expected);
}

#[test]
fn stake_has_two_accounts_and_compact_amounts() {
    let expected = joined![
        [1u8; 32],
        [2u8; 32],
        Compact(300u16),
        Compact(4_000_000_000_000u64),
        Compact(5u64),
        Compact(600u64),
        Compact(7u64),
        Compact(8u64),
        true,
    ];
    assert_eq!(values::stake().encode(), expected);
}

#[test]
fn hyperparameter_is_a_text_and_a_numbered_variant() {
    let mut expected = vec![5 << 2];
    expected.extend(b"tempo");
    // Variant 1; 360 = 0x168 in two bytes, shifted by two, mode 1.
    expected.extend([1, 0xa1, 0x05]);
    assert_eq!(values::hyperparameter().encode(), expected);
}

#[test]
fn values_of_hyperparameters_are_numbered_in_order() {
    let bodies = [
        true.encode(),
        Compact(u16::MAX).encode(),
        Compact(u32::MAX).encode(),
        Compact(u64::MAX).encode(),
        Compact(u128::MAX).encode(),
        Compact(500_000u64).encode(),
        (-2i64).encode(),
        (u128::MAX - 1).encode(),
    ];
    let found = values::hyperparameter_values();
    assert_eq!(found.len(), bodies.len());
    for (number, ((_, value), body)) in (0u8..).zip(found.into_iter().zip(bodies)) {
        assert_eq!(value.encode(), [vec![number], body].concat());
    }
}

#[test]
fn neuron_without_rows_ends_with_permit_and_score() {
    let expected = joined![
        account(1),
        account(2),
        Compact(255u16),
        Compact(4u16),
        true,
        values::axon(),
        values::prometheus(),
        vec![(account(2), Compact(8_000_000_000u64))],
        Compact(9u16),
        Compact(10u64),
        Compact(11u16),
        Compact(12u16),
        Compact(13u16),
        Compact(14u16),
        Compact(15u16),
        Compact(16u64),
        false,
        Compact(u16::MAX),
    ];
    assert_eq!(values::neuron_lite().encode(), expected);
}

#[test]
fn neuron_has_its_rows_before_the_score() {
    let rows = joined![
        vec![
            (Compact(0u16), Compact(18u16)),
            (Compact(200), Compact(u16::MAX))
        ],
        vec![(Compact(1u16), Compact(19u16))],
    ];
    let mut expected = values::neuron_lite().encode();
    let score = expected.split_off(expected.len() - 4);
    assert_eq!(score, Compact(u16::MAX).encode());
    expected.extend(rows);
    expected.extend(score);
    assert_eq!(values::neuron().encode(), expected);
}

#[test]
fn pools_of_a_subnet_follow_the_order_of_the_interface() {
    let identity = [
        "Engine",
        "ada/subnet",
        "ada@example",
        "https://engine.example",
        "engine",
        "computes",
        "logo.png",
        "rest",
    ]
    .map(|part| part.as_bytes().to_vec());
    let expected = [
        joined![Compact(1u16), account(2), account(3)],
        listed("Engine"),
        listed("α"),
        joined![
            Compact(360u16),
            Compact(1_007u64),
            Compact(8u64),
            Compact(9u64),
            Compact(10_000_000_000_000u64),
            Compact(11_000_000_000_000u64),
            Compact(12_000_000_000_000u64),
            Compact(1_000_000_000u64),
            Compact(14u64),
            Compact(15u64),
            Compact(16u64),
            Compact(17u64),
            Compact(18_000_000_000_000_000_000_000u128),
            Compact(19u64),
            1u8,
        ],
        identity.iter().flat_map(Encode::encode).collect(),
        (21i128 << 30).encode(),
    ]
    .concat();
    assert_eq!(values::dynamic().encode(), expected);
}

#[test]
fn second_forms_append_to_the_first() {
    let first = values::hyperparameters().encode();
    let more = joined![28i64 << 32, Compact(3u16), true, false, true, false];
    assert_eq!(
        values::more_hyperparameters().encode(),
        [first, more].concat()
    );
    let first = values::summary().encode();
    let identity = Some(values::subnet_identity()).encode();
    assert_eq!(
        values::summary_with_identity().encode(),
        [first, identity].concat()
    );
}

#[test]
fn trades_and_prices_are_not_compact() {
    assert_eq!(
        values::trade().encode(),
        joined![1u64, 2u64, 3u64, 4u64, 5u64, 6u64]
    );
    assert_eq!(
        values::price().encode(),
        [1, 0, 0x00, 0xca, 0x9a, 0x3b, 0, 0, 0, 0]
    );
}

/// The fields of a metagraph in the order of section B.2, which is also how they are numbered.
pub(crate) fn fields(metagraph: &Metagraph) -> Vec<Vec<u8>> {
    let m = metagraph;
    macro_rules! each {
        ($($field:ident)*) => { vec![$(m.$field.encode()),*] };
    }
    each! {
        netuid name symbol identity network_registered_at owner_hotkey owner_coldkey block tempo last_step
        blocks_since_last_step subnet_emission alpha_in alpha_out tao_in alpha_out_emission
        alpha_in_emission tao_in_emission pending_alpha_emission pending_root_emission subnet_volume
        moving_price rho kappa min_allowed_weights max_weights_limit weights_version weights_rate_limit
        activity_cutoff max_validators num_uids max_uids burn difficulty registration_allowed
        pow_registration_allowed immunity_period min_difficulty max_difficulty min_burn max_burn
        adjustment_alpha adjustment_interval target_regs_per_interval max_regs_per_block
        serving_rate_limit commit_reveal_weights_enabled commit_reveal_period liquid_alpha_enabled
        alpha_high alpha_low bonds_moving_avg hotkeys coldkeys identities axons active validator_permit
        pruning_score last_update emission dividends incentives consensus trust rank
        block_at_registration alpha_stake tao_stake total_stake tao_dividends_per_hotkey
        alpha_dividends_per_hotkey
    }
}

#[test]
fn metagraph_is_its_72_fields_in_order() {
    let metagraph = values::metagraph();
    let fields = fields(&metagraph);
    assert_eq!(fields.len(), 72);
    assert_eq!(metagraph.encode(), fields.concat());
}
