//! Who may publish what, and what is stored.

use codec::Encode;
use dendra_primitives::NetUid;
use frame_support::{
    BoundedVec, assert_noop, assert_ok,
    dispatch::{DispatchResultWithPostInfo, GetDispatchInfo},
    pallet_prelude::Pays,
    traits::ConstU32,
};
use sp_runtime::{AccountId32, DispatchError};

use crate::{
    Call, CommitmentOf, Error, Event, LastCommitment, TimelockedIndex, UsedSpaceOf, WeightInfo,
    mock::{
        ALICE, BOB, Commitments, FIRST, GREATEST_RESET_COST, MaxFields, RuntimeEvent,
        RuntimeOrigin, SECOND, System, Test, big_raw, encrypted, hotkey, info, raw, run,
    },
    types::{CommitmentInfo, Data, MOST_TIMELOCKED, Registration, UsageTracker},
};

fn publish(netuid: NetUid, who: AccountId32, info: CommitmentInfo) -> DispatchResultWithPostInfo {
    Commitments::set_commitment(RuntimeOrigin::signed(who), netuid, info)
}

/// The pallet's events since the last call.
fn events() -> Vec<Event<Test>> {
    let events = System::events()
        .into_iter()
        .filter_map(|record| match record.event {
            RuntimeEvent::Commitments(event) => Some(event),
            _ => None,
        })
        .collect();
    System::reset_events();
    events
}

#[test]
fn only_members_of_the_subnet_publish() {
    run(|| {
        for (netuid, who) in [(SECOND, BOB), (FIRST, hotkey(1)), (NetUid::new(9), ALICE)] {
            assert_noop!(
                publish(netuid, who, info([raw(b"x")])),
                Error::<Test>::AccountNotAllowedCommit
            );
        }
    });
}

#[test]
fn root_and_nobody_cannot_publish() {
    run(|| {
        for origin in [RuntimeOrigin::root(), RuntimeOrigin::none()] {
            assert_noop!(
                Commitments::set_commitment(origin, FIRST, info([raw(b"x")])),
                DispatchError::BadOrigin
            );
        }
    });
}

#[test]
fn more_fields_than_the_runtime_allows_are_refused() {
    run(|| {
        MaxFields::set(2);
        assert_noop!(
            publish(FIRST, ALICE, info([Data::None, Data::None, Data::None])),
            Error::<Test>::TooManyFieldsInCommitmentInfo
        );
        assert_ok!(publish(FIRST, ALICE, info([Data::None, Data::None])));
    });
}

#[test]
fn three_fields_are_accepted_and_four_cannot_be_written() {
    run(|| {
        assert_ok!(publish(
            FIRST,
            ALICE,
            info([raw(b"a"), raw(b"b"), raw(b"c")])
        ));
    });
    let four = vec![Data::None; 4];
    assert!(BoundedVec::<Data, ConstU32<3>>::try_from(four).is_err());
}

#[test]
fn what_was_published_is_stored_with_its_block() {
    run(|| {
        let info = info([raw(b"model"), Data::Sha256([3; 32])]);
        assert_ok!(publish(FIRST, ALICE, info.clone()));
        assert_eq!(
            CommitmentOf::<Test>::get(FIRST, ALICE),
            Some(Registration {
                deposit: 0,
                block: 5,
                info
            })
        );
        assert_eq!(LastCommitment::<Test>::get(FIRST, ALICE), 5);
        assert_eq!(
            UsedSpaceOf::<Test>::get(FIRST, ALICE),
            UsageTracker {
                last_epoch: 0,
                used_space: 100
            }
        );
        assert_eq!(
            events(),
            [Event::Commitment {
                netuid: FIRST,
                who: ALICE
            }]
        );
        assert_eq!(CommitmentOf::<Test>::iter().count(), 1);
    });
}

#[test]
fn a_new_commitment_replaces_the_old_one() {
    run(|| {
        assert_ok!(publish(FIRST, ALICE, info([big_raw(512), raw(b"old")])));
        System::set_block_number(8);
        assert_ok!(publish(FIRST, ALICE, info([])));
        assert_eq!(
            CommitmentOf::<Test>::get(FIRST, ALICE),
            Some(Registration {
                deposit: 0,
                block: 8,
                info: info([])
            })
        );
        assert_eq!(LastCommitment::<Test>::get(FIRST, ALICE), 8);
    });
}

#[test]
fn subnets_and_hotkeys_do_not_touch_each_other() {
    run(|| {
        assert_ok!(publish(FIRST, ALICE, info([raw(b"1a")])));
        assert_ok!(publish(FIRST, BOB, info([raw(b"1b")])));
        assert_ok!(publish(SECOND, ALICE, info([raw(b"2a")])));
        for (netuid, who, content) in [
            (FIRST, ALICE, b"1a"),
            (FIRST, BOB, b"1b"),
            (SECOND, ALICE, b"2a"),
        ] {
            let record = CommitmentOf::<Test>::get(netuid, who).expect("published");
            assert_eq!(record.info, info([raw(content)]));
        }
    });
}

#[test]
fn an_encrypted_commitment_enters_the_index_until_a_readable_one_replaces_it() {
    run(|| {
        let indexed = || TimelockedIndex::<Test>::get().contains(FIRST, ALICE);
        assert_ok!(publish(
            FIRST,
            ALICE,
            info([raw(b"x"), encrypted(40, 77), encrypted(41, u64::MAX)])
        ));
        assert!(indexed());
        assert_eq!(
            events(),
            [77, u64::MAX].map(|reveal_round| Event::TimelockCommitment {
                netuid: FIRST,
                who: ALICE,
                reveal_round
            })
        );
        assert_ok!(publish(FIRST, ALICE, info([encrypted(40, 78)])));
        assert!(indexed());
        assert_eq!(TimelockedIndex::<Test>::get().len(), 1);
        events();
        assert_ok!(publish(FIRST, ALICE, info([raw(b"x")])));
        assert!(!indexed());
        assert_eq!(
            events(),
            [Event::Commitment {
                netuid: FIRST,
                who: ALICE
            }]
        );
    });
}

#[test]
fn a_full_index_refuses_encrypted_commitments_only() {
    run(|| {
        assert_ok!(publish(FIRST, BOB, info([encrypted(1, 1)])));
        TimelockedIndex::<Test>::mutate(|index| {
            for number in 1..MOST_TIMELOCKED {
                assert!(index.insert(SECOND, hotkey(number)));
            }
            assert!(!index.insert(SECOND, hotkey(MOST_TIMELOCKED)));
        });
        assert_noop!(
            publish(FIRST, ALICE, info([encrypted(1, 1)])),
            Error::<Test>::TooManyTimelockedCommitments
        );
        assert_ok!(publish(FIRST, ALICE, info([raw(b"x")])));
        // Who is in the index already may publish another one.
        assert_ok!(publish(FIRST, BOB, info([encrypted(2, 2)])));
        // A place that is given up can be taken.
        assert_ok!(publish(FIRST, BOB, info([])));
        assert_ok!(publish(FIRST, ALICE, info([encrypted(1, 1)])));
        TimelockedIndex::<Test>::mutate(|index| {
            for number in 1..MOST_TIMELOCKED {
                assert!(index.remove(SECOND, hotkey(number)));
            }
        });
    });
}

#[test]
fn the_greatest_cost_is_charged_and_the_actual_one_kept() {
    run(|| {
        let charged = |info: CommitmentInfo| {
            let call = Call::<Test>::set_commitment {
                netuid: FIRST,
                info,
            };
            let dispatch = call.get_dispatch_info();
            assert_eq!(dispatch.pays_fee, Pays::Yes);
            dispatch.call_weight
        };
        let kept = |info: CommitmentInfo| {
            let post = publish(FIRST, ALICE, info).expect("allowed");
            assert_eq!(post.pays_fee, Pays::Yes);
            post.actual_weight
        };
        let plain = <() as WeightInfo>::set_commitment();
        let indexing = <() as WeightInfo>::set_commitment_timelocked();

        assert_eq!(charged(info([raw(b"x")])), indexing);
        assert_eq!(charged(info([encrypted(1, 1)])), indexing);
        assert_eq!(
            charged(info([Data::ResetBondsFlag])),
            indexing.saturating_add(GREATEST_RESET_COST)
        );

        assert_eq!(kept(info([raw(b"x")])), Some(plain));
        assert_eq!(kept(info([encrypted(1, 1)])), Some(indexing));
        assert_eq!(kept(info([encrypted(1, 2)])), Some(plain));
        assert_eq!(kept(info([raw(b"x")])), Some(indexing));
    });
}

#[test]
fn clients_find_the_text_of_the_first_field_after_fourteen_bytes() {
    run(|| {
        assert_ok!(publish(FIRST, ALICE, info([raw(b"my model")])));
        assert_ok!(publish(FIRST, BOB, info([raw(b"another")])));
        assert_ok!(publish(SECOND, ALICE, info([raw(b"elsewhere")])));
        let mut found = Commitments::commitments_of(FIRST);
        found.sort();
        let texts: Vec<_> = found
            .iter()
            .map(|(hotkey, bytes)| (hotkey.clone(), &bytes[14..]))
            .collect();
        assert_eq!(texts, [(ALICE, &b"my model"[..]), (BOB, &b"another"[..])]);
        assert_eq!(
            found[0].1,
            CommitmentOf::<Test>::get(FIRST, ALICE).encode()[1..]
        );
        assert_eq!(Commitments::commitments_of(NetUid::new(9)), []);
    });
}
