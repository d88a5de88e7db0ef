//! Behaviour of the genesis value.

use frame_support::{assert_ok, derive_impl, traits::BuildGenesisConfig};
use sp_io::TestExternalities;

use crate as pallet_block_time;
use crate::{FAST, LONGEST, PUBLIC, SHORTEST, SlotDuration, is_sound};

type Block = frame_system::mocking::MockBlock<Test>;

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        BlockTime: pallet_block_time,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = Block;
}

impl crate::Config for Test {}

#[test]
fn a_chain_whose_genesis_says_nothing_has_the_public_block_time() {
    TestExternalities::default().execute_with(|| {
        assert_eq!(BlockTime::slot_duration(), PUBLIC);
        assert_ok!(BlockTime::do_try_state());
    });
}

#[test]
fn the_genesis_chooses_the_block_time() {
    TestExternalities::default().execute_with(|| {
        pallet_block_time::GenesisConfig::<Test> {
            slot_duration: FAST,
            ..Default::default()
        }
        .build();
        assert_eq!(BlockTime::slot_duration(), FAST);
        assert_ok!(BlockTime::do_try_state());
    });
}

#[test]
fn only_even_values_within_the_range_are_sound() {
    for sound in [SHORTEST, FAST, PUBLIC, LONGEST] {
        assert!(is_sound(sound), "{sound}");
    }
    for unsound in [0, SHORTEST - 2, FAST + 1, LONGEST + 2, u64::MAX] {
        assert!(!is_sound(unsound), "{unsound}");
    }
}

#[test]
fn the_invariant_notices_a_value_that_no_genesis_can_write() {
    TestExternalities::default().execute_with(|| {
        SlotDuration::<Test>::put(251);
        assert!(BlockTime::do_try_state().is_err());
    });
}
