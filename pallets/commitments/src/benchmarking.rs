//! What the calls and the cleaning functions cost at their bounds.
//!
//! Bounds: three fields of the greatest size that the quota allows, an index with
//! [`MOST_TIMELOCKED`](crate::types::MOST_TIMELOCKED) entries, a batch of up to
//! [`LARGEST_BATCH`](crate::LARGEST_BATCH) hotkeys, each with every kind of record. The bond reset is the
//! core pallet's to measure.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    reason = "what cannot be set up must not be measured"
)]

use alloc::vec;

use dendra_primitives::NetUid;
use frame_benchmarking::v2::*;
use frame_support::traits::EnsureOrigin;
use frame_system::RawOrigin;

use crate::{
    Call, CommitmentOf, Config, LastBondsReset, LastCommitment, MaxSpace, Pallet,
    RevealedCommitments, Subnets, TimelockedIndex, UsedSpaceOf, WIDEST_SPACE,
    types::{
        BIG_RAW_BYTES, CommitmentInfo, Data, ENCRYPTED_BYTES, KEPT_OPENINGS, MOST_FIELDS,
        MOST_TIMELOCKED, Openings,
    },
};

/// The subnet in question, and another one whose members fill the index.
const NETUID: NetUid = NetUid::new(1);
const OTHER: NetUid = NetUid::new(2);

fn filled_with(field: &Data) -> CommitmentInfo {
    CommitmentInfo {
        fields: vec![field.clone(); MOST_FIELDS as usize]
            .try_into()
            .expect("as many as fit"),
    }
}

fn greatest_encrypted() -> CommitmentInfo {
    filled_with(&Data::TimelockEncrypted {
        encrypted: vec![7; ENCRYPTED_BYTES as usize]
            .try_into()
            .expect("as many as fit"),
        reveal_round: u64::MAX,
    })
}

fn greatest_readable() -> CommitmentInfo {
    filled_with(&Data::BigRaw(
        vec![7; BIG_RAW_BYTES as usize]
            .try_into()
            .expect("as many as fit"),
    ))
}

/// A member that has published `info`, and has quota left.
fn publisher<T: Config>(number: u32, info: CommitmentInfo) -> T::AccountId {
    let hotkey: T::AccountId = account("hotkey", number, 0);
    T::Subnets::add_member(NETUID, &hotkey);
    MaxSpace::<T>::put(WIDEST_SPACE);
    Pallet::<T>::do_set_commitment(NETUID, hotkey.clone(), info).expect("a member with quota");
    hotkey
}

/// A member with every kind of record, at its greatest size.
fn full_publisher<T: Config>(number: u32) -> T::AccountId {
    let hotkey = publisher::<T>(number, greatest_encrypted());
    LastBondsReset::<T>::insert(NETUID, &hotkey, 1);
    let mut openings = Openings::default();
    for block in 0..KEPT_OPENINGS {
        openings.record((
            vec![7; ENCRYPTED_BYTES as usize]
                .try_into()
                .expect("as many as fit"),
            block.into(),
        ));
    }
    RevealedCommitments::<T>::insert(NETUID, &hotkey, openings);
    hotkey
}

/// Fills the index with members of another subnet, up to `free` places.
fn fill_index<T: Config>(free: u32) {
    TimelockedIndex::<T>::mutate(|index| {
        let mut number = 0;
        while index.len() < (MOST_TIMELOCKED - free) as usize {
            assert!(index.insert(OTHER, account("other", number, 0)));
            number += 1;
        }
    });
}

fn assert_gone<T: Config>(hotkey: &T::AccountId) {
    assert!(!CommitmentOf::<T>::contains_key(NETUID, hotkey));
    assert!(!RevealedCommitments::<T>::contains_key(NETUID, hotkey));
    assert!(!LastCommitment::<T>::contains_key(NETUID, hotkey));
    assert!(!LastBondsReset::<T>::contains_key(NETUID, hotkey));
    assert!(!UsedSpaceOf::<T>::contains_key(NETUID, hotkey));
    assert!(!TimelockedIndex::<T>::get().contains(NETUID, hotkey.clone()));
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn set_commitment() {
        let hotkey = publisher::<T>(0, greatest_encrypted());

        #[extrinsic_call]
        _(
            RawOrigin::Signed(hotkey.clone()),
            NETUID,
            greatest_encrypted(),
        );

        assert_eq!(UsedSpaceOf::<T>::get(NETUID, &hotkey).used_space, 6_144);
    }

    #[benchmark]
    fn set_commitment_timelocked() {
        let hotkey = publisher::<T>(0, greatest_readable());
        fill_index::<T>(1);

        #[extrinsic_call]
        set_commitment(
            RawOrigin::Signed(hotkey.clone()),
            NETUID,
            greatest_encrypted(),
        );

        assert_eq!(TimelockedIndex::<T>::get().len(), MOST_TIMELOCKED as usize);
    }

    #[benchmark]
    fn set_max_space() -> Result<(), BenchmarkError> {
        let origin =
            T::AdminOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, WIDEST_SPACE);

        assert_eq!(MaxSpace::<T>::get(), WIDEST_SPACE);
        Ok(())
    }

    #[benchmark]
    fn remove() {
        let hotkey = full_publisher::<T>(0);
        fill_index::<T>(0);

        #[block]
        {
            Pallet::<T>::remove(NETUID, &hotkey);
        }

        assert_gone::<T>(&hotkey);
    }

    #[benchmark]
    fn move_hotkey() {
        let old = full_publisher::<T>(0);
        let new = full_publisher::<T>(1);
        fill_index::<T>(0);

        #[block]
        {
            Pallet::<T>::move_hotkey(NETUID, &old, &new);
        }

        assert_gone::<T>(&old);
        assert!(TimelockedIndex::<T>::get().contains(NETUID, new));
    }

    #[benchmark]
    fn clear_subnet(n: Linear<1, { crate::LARGEST_BATCH }>) {
        for number in 0..n {
            full_publisher::<T>(number);
        }
        fill_index::<T>(0);

        #[block]
        {
            let cleared = Pallet::<T>::clear_subnet(NETUID, n);
            assert_eq!((cleared.removed, cleared.done), (n, true));
        }

        assert_gone::<T>(&account("hotkey", 0, 0));
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
