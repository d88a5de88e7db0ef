//! The checker notices states that no call can reach.

use frame_support::{assert_noop, assert_ok, traits::Hooks};

use crate::{
    CommitmentOf, LastBondsReset, LastCommitment, MaxSpace, RevealedCommitments, TimelockedIndex,
    UsedSpaceOf, WIDEST_SPACE,
    mock::{
        ALICE, BOB, Commitments, FIRST, MaxFields, RuntimeOrigin, Test, encrypted, hotkey, info,
        new_test_ext, raw,
    },
    types::{Openings, UsageTracker},
};

/// Publishes twice, breaks the state and expects this complaint.
fn complains(breaking: impl FnOnce(), complaint: &'static str) {
    new_test_ext().execute_with(|| {
        for (who, fields) in [
            (ALICE, info([raw(b"x"), raw(b"y"), raw(b"z")])),
            (BOB, info([encrypted(3, 4)])),
        ] {
            assert_ok!(Commitments::set_commitment(
                RuntimeOrigin::signed(who),
                FIRST,
                fields
            ));
        }
        assert_ok!(Commitments::do_try_state());
        breaking();
        assert_noop!(Commitments::do_try_state(), complaint);
    });
}

#[test]
fn records_must_be_sound() {
    complains(
        || CommitmentOf::<Test>::remove(FIRST, ALICE),
        "a hotkey has published, but has no readable commitment",
    );
    complains(
        || {
            let key = CommitmentOf::<Test>::hashed_key_for(FIRST, ALICE);
            frame_support::storage::unhashed::put_raw(&key, &[255; 20]);
        },
        "a hotkey has published, but has no readable commitment",
    );
    complains(
        || MaxFields::set(2),
        "a commitment has more fields than the runtime allows",
    );
    complains(
        || {
            CommitmentOf::<Test>::mutate(FIRST, ALICE, |record| {
                record.as_mut().expect("published").deposit = 1;
            });
        },
        "a commitment claims a deposit that nobody took",
    );
    complains(
        || LastCommitment::<Test>::insert(FIRST, ALICE, 6),
        "a commitment and LastCommitment disagree about the block",
    );
}

#[test]
fn every_record_must_be_known() {
    let complaint = "a hotkey has a record, but has never published";
    complains(|| LastCommitment::<Test>::remove(FIRST, ALICE), complaint);
    complains(
        || LastBondsReset::<Test>::insert(FIRST, hotkey(9), 1),
        complaint,
    );
    complains(
        || RevealedCommitments::<Test>::insert(FIRST, hotkey(9), Openings::default()),
        complaint,
    );
    complains(
        || UsedSpaceOf::<Test>::insert(FIRST, hotkey(9), UsageTracker::default()),
        complaint,
    );
}

#[test]
fn the_index_must_match() {
    complains(
        TimelockedIndex::<Test>::kill,
        "an encrypted commitment is missing in the index",
    );
    complains(
        || {
            TimelockedIndex::<Test>::mutate(|index| {
                assert!(index.insert(FIRST, ALICE));
            });
        },
        "the index names a hotkey without an encrypted commitment",
    );
}

#[test]
fn the_quota_must_be_within_its_bounds() {
    complains(
        || MaxSpace::<Test>::put(WIDEST_SPACE + 1),
        "the quota is wider than it can be set",
    );
    for used_space in [0, 99, u64::from(WIDEST_SPACE) + 1] {
        complains(
            || {
                UsedSpaceOf::<Test>::mutate(FIRST, ALICE, |usage| usage.used_space = used_space);
            },
            "a hotkey has used less than a call costs or more than any quota allows",
        );
    }
}

#[test]
fn a_lowered_quota_breaks_nothing() {
    new_test_ext().execute_with(|| {
        assert_ok!(Commitments::set_commitment(
            RuntimeOrigin::signed(ALICE),
            FIRST,
            info([encrypted(900, 4)])
        ));
        assert_ok!(Commitments::set_max_space(RuntimeOrigin::root(), 10));
        assert_ok!(Commitments::do_try_state());
    });
}

#[test]
fn a_runtime_that_allows_no_field_or_four_is_refused_when_it_is_built() {
    for (fields, sound) in [(0, false), (1, true), (3, true), (4, false)] {
        new_test_ext().execute_with(|| {
            MaxFields::set(fields);
            let tested = std::panic::catch_unwind(<Commitments as Hooks<u64>>::integrity_test);
            assert_eq!(tested.is_ok(), sound, "{fields}");
        });
    }
}
