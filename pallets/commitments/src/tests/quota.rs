//! How many bytes an epoch allows.

use frame_support::{assert_noop, assert_ok, dispatch::DispatchResultWithPostInfo};
use sp_runtime::DispatchError;

use crate::{
    DEFAULT_SPACE, Error, Event, MaxSpace, UsedSpaceOf, WIDEST_SPACE,
    mock::{
        ALICE, BOB, Commitments, FIRST, RuntimeOrigin, SECOND, System, Test, big_raw, encrypted,
        info, raw, run, set_epoch,
    },
    types::{CommitmentInfo, Data, UsageTracker},
};

fn publish(info: CommitmentInfo) -> DispatchResultWithPostInfo {
    Commitments::set_commitment(RuntimeOrigin::signed(ALICE), FIRST, info)
}

fn used() -> UsageTracker {
    UsedSpaceOf::<Test>::get(FIRST, ALICE)
}

fn usage(last_epoch: u64, used_space: u64) -> UsageTracker {
    UsageTracker {
        last_epoch,
        used_space,
    }
}

#[test]
fn content_counts_and_a_call_counts_at_least_a_hundred_bytes() {
    run(|| {
        let mut total = 0;
        for (fields, charge) in [
            (info([]), 100),
            (info([Data::None, Data::ResetBondsFlag]), 100),
            (info([raw(&[1; 99])]), 100),
            (info([raw(&[1; 100])]), 100),
            (info([raw(&[1; 101])]), 101),
            (
                info([
                    Data::BlakeTwo256([0; 32]),
                    Data::Keccak256([0; 32]),
                    Data::ShaThree256([0; 32]),
                ]),
                100,
            ),
            (info([Data::Sha256([0; 32]), raw(&[1; 128])]), 160),
            (info([encrypted(400, 3), big_raw(300)]), 700),
        ] {
            assert_eq!(fields.charge(), charge, "{fields:?}");
            assert_ok!(publish(fields));
            total += charge;
            assert_eq!(used(), usage(0, total));
        }
    });
}

#[test]
fn the_default_quota_takes_three_fields_of_the_greatest_size_or_thirty_one_small_calls() {
    run(|| {
        assert_eq!(MaxSpace::<Test>::get(), DEFAULT_SPACE);
        assert_ok!(publish(info([
            encrypted(1_024, 1),
            encrypted(1_024, 1),
            encrypted(1_024, 1)
        ])));
        assert_eq!(used(), usage(0, 3_072));
        assert_noop!(publish(info([])), Error::<Test>::SpaceLimitExceeded);

        set_epoch(FIRST, 1);
        for _ in 0..31 {
            assert_ok!(publish(info([raw(b"x")])));
        }
        assert_eq!(used(), usage(1, 3_100));
        assert_noop!(
            publish(info([raw(b"x")])),
            Error::<Test>::SpaceLimitExceeded
        );
    });
}

#[test]
fn the_last_byte_of_the_quota_can_be_used_and_no_more() {
    run(|| {
        for _ in 0..5 {
            assert_ok!(publish(info([big_raw(512)])));
        }
        assert_eq!(used(), usage(0, 2_560));
        assert_noop!(
            publish(info([big_raw(512), raw(&[0; 29])])),
            Error::<Test>::SpaceLimitExceeded
        );
        assert_ok!(publish(info([big_raw(512), raw(&[0; 28])])));
        assert_eq!(used(), usage(0, 3_100));
    });
}

#[test]
fn another_epoch_starts_with_the_whole_quota() {
    run(|| {
        set_epoch(FIRST, 7);
        for _ in 0..31 {
            assert_ok!(publish(info([])));
        }
        assert_noop!(publish(info([])), Error::<Test>::SpaceLimitExceeded);
        // Time alone changes nothing.
        System::set_block_number(9_999);
        assert_noop!(publish(info([])), Error::<Test>::SpaceLimitExceeded);
        // Nor does the epoch of another subnet.
        set_epoch(SECOND, 8);
        assert_noop!(publish(info([])), Error::<Test>::SpaceLimitExceeded);

        set_epoch(FIRST, 8);
        assert_ok!(publish(info([big_raw(200)])));
        assert_eq!(used(), usage(8, 200));
    });
}

#[test]
fn each_hotkey_has_its_own_quota_on_each_subnet() {
    run(|| {
        for _ in 0..31 {
            assert_ok!(publish(info([])));
        }
        for (netuid, who) in [(FIRST, BOB), (SECOND, ALICE)] {
            assert_ok!(Commitments::set_commitment(
                RuntimeOrigin::signed(who),
                netuid,
                info([])
            ));
        }
        assert_noop!(publish(info([])), Error::<Test>::SpaceLimitExceeded);
    });
}

#[test]
fn only_root_changes_the_quota() {
    run(|| {
        for origin in [RuntimeOrigin::signed(ALICE), RuntimeOrigin::none()] {
            assert_noop!(
                Commitments::set_max_space(origin, 5_000),
                DispatchError::BadOrigin
            );
        }
        assert_ok!(Commitments::set_max_space(RuntimeOrigin::root(), 250));
        assert_eq!(MaxSpace::<Test>::get(), 250);
        System::assert_last_event(Event::<Test>::MaxSpaceSet { limit: 250 }.into());
        assert_ok!(publish(info([])));
        assert_ok!(publish(info([raw(&[0; 128]), raw(&[0; 22])])));
        assert_noop!(publish(info([])), Error::<Test>::SpaceLimitExceeded);
    });
}

#[test]
fn the_quota_has_an_upper_bound() {
    run(|| {
        assert_noop!(
            Commitments::set_max_space(RuntimeOrigin::root(), WIDEST_SPACE + 1),
            Error::<Test>::SpaceOutOfBounds
        );
        assert_ok!(Commitments::set_max_space(
            RuntimeOrigin::root(),
            WIDEST_SPACE
        ));
    });
}

#[test]
fn a_quota_below_what_a_call_costs_stops_publishing() {
    run(|| {
        assert_ok!(publish(info([big_raw(512)])));
        assert_ok!(Commitments::set_max_space(RuntimeOrigin::root(), 99));
        assert_noop!(publish(info([])), Error::<Test>::SpaceLimitExceeded);
        set_epoch(FIRST, 1);
        assert_noop!(publish(info([])), Error::<Test>::SpaceLimitExceeded);
    });
}

#[test]
fn a_charge_is_exact_at_the_end_of_the_integers_and_in_any_order_of_epochs() {
    let full = usage(3, u64::MAX - 50);
    assert_eq!(full.charge(3, 100, u64::MAX), None);
    assert_eq!(full.charge(3, 50, u64::MAX), Some(usage(3, u64::MAX)));
    assert_eq!(full.charge(4, 100, 100), Some(usage(4, 100)));
    assert_eq!(full.charge(4, 100, 99), None);
    // A subnet that was dissolved and created again counts its epochs from the start.
    assert_eq!(full.charge(2, 100, 100), Some(usage(2, 100)));
}
