//! What stake earns in a day.

use dendra_primitives::{AlphaBalance, Proportion16, TaoBalance};
use proptest::prelude::*;
use subnet_emission::{daily_return, return_per_1000};

const TAKE: Proportion16 = Proportion16::from_parts(11_796);

fn daily(dividend: u64, take: Proportion16, tempo: u16) -> u64 {
    daily_return(AlphaBalance::new(dividend), take, tempo).get()
}

fn per_1000(earned: u64, stake: u64) -> u64 {
    return_per_1000(TaoBalance::new(earned), TaoBalance::new(stake)).get()
}

#[test]
fn a_day_has_twenty_epochs_of_360_blocks() {
    assert_eq!(daily(1_000, Proportion16::ZERO, 360), 20_000);
    // ⌊1000·11796/65535⌋ = 179 are the owner's.
    assert_eq!(daily(1_000, TAKE, 360), 821 * 20);
    assert_eq!(daily(1_000, Proportion16::ONE, 360), 0);
}

#[test]
fn tempos_longer_than_a_day_and_none_at_all() {
    assert_eq!(daily(1_000, Proportion16::ZERO, 50_400), 142);
    assert_eq!(daily(1_000, Proportion16::ZERO, 0), 0);
    assert_eq!(daily(u64::MAX, Proportion16::ZERO, 1), u64::MAX);
}

#[test]
fn a_return_is_related_to_a_thousand_tao() {
    let tao = 1_000_000_000;
    assert_eq!(per_1000(3 * tao, 2_000 * tao), 3 * tao / 2);
    assert_eq!(per_1000(3 * tao, 0), 0);
    assert_eq!(per_1000(0, tao), 0);
    assert_eq!(per_1000(u64::MAX, 1), u64::MAX);
}

proptest! {
    #[test]
    fn returns_are_the_naive_ones_rounded_down(
        dividend in 0u64..21_000_000_000_000_000, take in any::<u16>(), tempo in 1u16..,
        earned in 0u64..21_000_000_000_000_000, stake in 1u64..21_000_000_000_000_000,
    ) {
        let owners = u128::from(dividend) * u128::from(take) / 65_535;
        let shared = u128::from(dividend) - owners;
        let naive = shared * 7_200 / u128::from(tempo);
        let most = u128::from(u64::MAX);
        prop_assert_eq!(
            u128::from(daily(dividend, Proportion16::from_parts(take), tempo)),
            naive.min(most)
        );
        let naive = u128::from(earned) * 1_000_000_000_000 / u128::from(stake);
        prop_assert_eq!(u128::from(per_1000(earned, stake)), naive.min(most));
    }
}
