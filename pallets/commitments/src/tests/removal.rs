//! What stays behind of a hotkey that goes: nothing.

use codec::Encode;
use dendra_primitives::NetUid;
use frame_support::assert_ok;
use sp_runtime::AccountId32;

use crate::{
    Cleared, CommitmentOf, LastBondsReset, LastCommitment, RevealedCommitments, TimelockedIndex,
    UsedSpaceOf,
    mock::{
        ALICE, BOB, Commitments, FIRST, RuntimeOrigin, SECOND, Test, encrypted, hotkey, info, join,
        mentions, raw, run,
    },
    types::{Data, Openings},
};

/// Gives a member every kind of record.
fn publish_everything(netuid: NetUid, hotkey: &AccountId32) {
    join(netuid, hotkey);
    assert_ok!(Commitments::set_commitment(
        RuntimeOrigin::signed(hotkey.clone()),
        netuid,
        info([raw(b"x"), encrypted(10, 3), Data::ResetBondsFlag])
    ));
    let mut openings = Openings::default();
    openings.record((vec![1, 2].try_into().expect("two bytes"), 4));
    RevealedCommitments::<Test>::insert(netuid, hotkey, openings);
}

/// All records of a hotkey, encoded.
fn records(netuid: NetUid, hotkey: &AccountId32) -> Vec<u8> {
    (
        CommitmentOf::<Test>::get(netuid, hotkey),
        RevealedCommitments::<Test>::get(netuid, hotkey),
        LastCommitment::<Test>::try_get(netuid, hotkey).ok(),
        LastBondsReset::<Test>::try_get(netuid, hotkey).ok(),
        UsedSpaceOf::<Test>::try_get(netuid, hotkey).ok(),
        TimelockedIndex::<Test>::get().contains(netuid, hotkey.clone()),
    )
        .encode()
}

/// No record of any kind: five absences and no place in the index.
const NOTHING: [u8; 6] = [0; 6];

#[test]
fn a_full_set_of_records_mentions_its_hotkey_six_times() {
    run(|| {
        assert_eq!(mentions(&ALICE), 0);
        publish_everything(FIRST, &ALICE);
        // Five keys and the index.
        assert_eq!(mentions(&ALICE), 6);
    });
}

#[test]
fn a_removed_hotkey_leaves_nothing_behind() {
    run(|| {
        publish_everything(FIRST, &ALICE);
        publish_everything(FIRST, &BOB);
        let bob = records(FIRST, &BOB);
        Commitments::remove(FIRST, &ALICE);
        assert_eq!(mentions(&ALICE), 0);
        assert_eq!(records(FIRST, &ALICE), NOTHING);
        assert_eq!(records(FIRST, &BOB), bob);
        assert_eq!(mentions(&BOB), 6);
    });
}

#[test]
fn removal_is_of_one_subnet_and_may_find_nothing() {
    run(|| {
        publish_everything(FIRST, &ALICE);
        publish_everything(SECOND, &ALICE);
        let other = records(SECOND, &ALICE);
        Commitments::remove(FIRST, &ALICE);
        Commitments::remove(FIRST, &ALICE);
        Commitments::remove(FIRST, &BOB);
        assert_eq!(records(FIRST, &ALICE), NOTHING);
        assert_eq!(records(SECOND, &ALICE), other);
    });
}

#[test]
fn a_moved_hotkey_keeps_everything_and_the_old_one_nothing() {
    run(|| {
        let new = hotkey(1);
        publish_everything(FIRST, &ALICE);
        publish_everything(SECOND, &ALICE);
        let before = records(FIRST, &ALICE);
        let elsewhere = records(SECOND, &ALICE);
        Commitments::move_hotkey(FIRST, &ALICE, &new);
        assert_eq!(records(FIRST, &new), before);
        assert_eq!(records(FIRST, &ALICE), NOTHING);
        assert_eq!(records(SECOND, &ALICE), elsewhere);
        Commitments::move_hotkey(SECOND, &ALICE, &new);
        assert_eq!(mentions(&ALICE), 0);
        // Five keys on each subnet, and one value for the index of both.
        assert_eq!(mentions(&new), 11);
    });
}

#[test]
fn what_a_new_hotkey_had_before_gives_way() {
    run(|| {
        // The new key has every kind of record, the old one a readable commitment only, or nothing.
        publish_everything(FIRST, &BOB);
        assert_ok!(Commitments::set_commitment(
            RuntimeOrigin::signed(ALICE),
            FIRST,
            info([raw(b"alice")])
        ));
        let before = records(FIRST, &ALICE);
        Commitments::move_hotkey(FIRST, &ALICE, &BOB);
        assert_eq!(records(FIRST, &BOB), before);
        assert_eq!(mentions(&ALICE), 0);

        Commitments::move_hotkey(FIRST, &ALICE, &BOB);
        assert_eq!(records(FIRST, &BOB), NOTHING);
        assert_eq!(mentions(&BOB), 0);
    });
}

#[test]
fn a_move_onto_itself_changes_nothing() {
    run(|| {
        publish_everything(FIRST, &ALICE);
        let before = records(FIRST, &ALICE);
        Commitments::move_hotkey(FIRST, &ALICE, &ALICE);
        assert_eq!(records(FIRST, &ALICE), before);
        assert_eq!(mentions(&ALICE), 6);
    });
}

#[test]
fn a_subnet_is_cleared_in_batches_until_nothing_is_left() {
    run(|| {
        for number in 0..5 {
            publish_everything(FIRST, &hotkey(number));
        }
        publish_everything(SECOND, &hotkey(0));
        let other = records(SECOND, &hotkey(0));

        let step = |limit| {
            let cleared = Commitments::clear_subnet(FIRST, limit);
            // The invariants hold between two steps too.
            assert_ok!(Commitments::do_try_state());
            cleared
        };
        let cleared = |removed, done| Cleared { removed, done };
        assert_eq!(step(0), cleared(0, false));
        assert_eq!(step(2), cleared(2, false));
        assert_eq!(CommitmentOf::<Test>::iter_prefix(FIRST).count(), 3);
        assert_eq!(step(2), cleared(2, false));
        assert_eq!(step(2), cleared(1, true));
        assert_eq!(step(2), cleared(0, true));

        for number in 0..5 {
            assert_eq!(records(FIRST, &hotkey(number)), NOTHING);
        }
        for number in 1..5 {
            assert_eq!(mentions(&hotkey(number)), 0);
        }
        assert_eq!(records(SECOND, &hotkey(0)), other);
        assert_eq!(TimelockedIndex::<Test>::get().len(), 1);
    });
}

#[test]
fn a_batch_of_the_exact_size_is_done() {
    run(|| {
        publish_everything(FIRST, &ALICE);
        publish_everything(FIRST, &BOB);
        assert_eq!(
            Commitments::clear_subnet(FIRST, 2),
            Cleared {
                removed: 2,
                done: true
            }
        );
        assert_eq!(mentions(&ALICE) + mentions(&BOB), 0);
    });
}

#[test]
fn no_batch_is_larger_than_what_was_measured() {
    run(|| {
        for number in 0..300 {
            publish_everything(FIRST, &hotkey(number));
        }
        let cleared = |removed, done| Cleared { removed, done };
        assert_eq!(
            Commitments::clear_subnet(FIRST, u32::MAX),
            cleared(256, false)
        );
        assert_ok!(Commitments::do_try_state());
        assert_eq!(
            Commitments::clear_subnet(FIRST, u32::MAX),
            cleared(44, true)
        );
        assert!(TimelockedIndex::<Test>::get().is_empty());
    });
}
