//! What the step costs a block: its weight, its events.

use frame_support::weights::Weight;
use sp_runtime::StateVersion;

use super::*;
use crate::types::BlockStep;

#[test]
fn without_room_nothing_is_issued_and_nothing_changes() {
    chain(2).run(|| {
        set_moving_price(FIRST, 500_000);
        issue();
        System::set_block_number(System::block_number() + 1);
        let before = root();
        assert!(!SubtensorModule::step_emission(
            &mut WeightMeter::with_limit(Weight::zero())
        ));
        assert_eq!(root(), before);
        // The next block issues what one block issues.
        assert_eq!(issue(), (vec![(FIRST, tao(UNIT))], tao(0)));
        assert_eq!(SubnetAlphaOutEmission::<Test>::get(FIRST), alpha(UNIT));
    });
}

fn root() -> Vec<u8> {
    sp_io::storage::root(StateVersion::V1)
}

#[test]
fn a_block_without_room_says_so() {
    chain(1).run(|| {
        Budget::set(&Weight::zero());
        run_to_block(2);
        assert!(events().contains(&Event::StepPostponed {
            step: BlockStep::Emission
        }));
        assert_eq!(pending(FIRST), PendingEmission::default());
        Budget::set(&Weight::MAX);
        run_to_block(3);
        assert_eq!(pending(FIRST).owner, alpha(179_995_422));
    });
}

#[test]
fn a_block_says_at_most_two_things_however_many_subnets_there_are() {
    chain(9).run(|| {
        for netuid in 2..11 {
            set_moving_price(NetUid::new(netuid), 10_000 * u64::from(netuid));
        }
        let (pools, rest) = issue();
        assert_eq!(System::events().len(), 2);
        assert_eq!(pools.len(), 9);
        assert!(rest > tao(0) && rest < tao(9));
    });
}
