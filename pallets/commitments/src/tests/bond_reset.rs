//! When a commitment deletes bonds.

use frame_support::{assert_noop, assert_ok, dispatch::DispatchResultWithPostInfo};

use crate::{
    Error, LastBondsReset, WeightInfo,
    mock::{
        ALICE, BOB, Commitments, FIRST, REFUSAL_COST, RESET_COST, ResetOn, Resets, RuntimeOrigin,
        SECOND, Test, encrypted, info, raw, run,
    },
    types::{CommitmentInfo, Data},
};

fn publish(info: CommitmentInfo) -> DispatchResultWithPostInfo {
    Commitments::set_commitment(RuntimeOrigin::signed(ALICE), FIRST, info)
}

#[test]
fn bonds_are_reset_exactly_when_the_flag_is_present() {
    run(|| {
        for fields in [
            info([]),
            info([Data::None]),
            info([raw(&[135]), encrypted(9, 135), raw(b"ResetBondsFlag")]),
        ] {
            assert_ok!(publish(fields));
        }
        assert_eq!(Resets::get(), []);
        assert!(!LastBondsReset::<Test>::contains_key(FIRST, ALICE));

        assert_ok!(publish(info([raw(b"x"), Data::None, Data::ResetBondsFlag])));
        assert_eq!(Resets::get(), [(FIRST, ALICE)]);
        assert_eq!(LastBondsReset::<Test>::get(FIRST, ALICE), 5);
        assert_eq!(LastBondsReset::<Test>::iter().count(), 1);
    });
}

#[test]
fn a_flag_repeated_resets_once() {
    run(|| {
        let flag = Data::ResetBondsFlag;
        assert_ok!(publish(info([flag.clone(), flag.clone(), flag])));
        assert_eq!(Resets::get(), [(FIRST, ALICE)]);
    });
}

#[test]
fn a_refused_commitment_resets_nothing() {
    run(|| {
        assert_noop!(
            Commitments::set_commitment(
                RuntimeOrigin::signed(BOB),
                SECOND,
                info([Data::ResetBondsFlag])
            ),
            Error::<Test>::AccountNotAllowedCommit
        );
        assert_ok!(Commitments::set_max_space(RuntimeOrigin::root(), 0));
        assert_noop!(
            publish(info([Data::ResetBondsFlag])),
            Error::<Test>::SpaceLimitExceeded
        );
        assert_eq!(Resets::get(), []);
    });
}

#[test]
fn a_subnet_that_does_not_reset_bonds_leaves_no_trace_of_a_reset() {
    run(|| {
        ResetOn::set(false);
        let post = publish(info([Data::ResetBondsFlag])).expect("published all the same");
        assert_eq!(
            post.actual_weight,
            Some(<() as WeightInfo>::set_commitment().saturating_add(REFUSAL_COST))
        );
        assert_eq!(Resets::get(), []);
        assert!(!LastBondsReset::<Test>::contains_key(FIRST, ALICE));
    });
}

#[test]
fn the_caller_pays_for_the_reset_that_took_place() {
    run(|| {
        let post = publish(info([Data::ResetBondsFlag])).expect("published");
        assert_eq!(
            post.actual_weight,
            Some(<() as WeightInfo>::set_commitment().saturating_add(RESET_COST))
        );
    });
}
