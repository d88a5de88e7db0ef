//! When, and how often.
//!
//! The subnet of the tests has tempo 360 and its next epoch at block 360; the window has 10 blocks.

use dendra_primitives::{MechId, NetUid};
use frame_support::assert_ok;
use subnet_hyperparameters::{Freeze, Hyperparameter as P, NetworkParameter as N, SetBy};

use super::{NETUID, chain, jump, owner, refused, set, set_as_owner, set_as_root, set_network};
use crate::{
    AccountId, AdminFreezeWindow, Error, LastRateLimitedBlock, PendingEpochAt, SubnetOwner, Tempo,
    hyperparameters::rate_limit_key,
    mock::{RuntimeOrigin, SubtensorModule, Test, signed},
    types::RateLimitKey,
};

const FROZEN: Error<Test> = Error::AdminActionProhibitedDuringWeightsWindow;

fn noted(parameter: P) -> u64 {
    LastRateLimitedBlock::<Test>::get(rate_limit_key(NETUID, parameter))
}

#[test]
fn the_window_is_the_last_blocks_before_the_epoch() {
    chain().run(|| {
        for (block, is_frozen) in [
            (1, false),
            (350, false),
            (351, true),
            (359, true),
            (360, true),
        ] {
            jump(block);
            assert_eq!(
                SubtensorModule::is_in_freeze_window(NETUID),
                is_frozen,
                "{block}"
            );
        }
    });
}

#[test]
fn a_window_of_no_block_freezes_nothing() {
    chain().run(|| {
        assert_ok!(set_network(N::AdminFreezeWindow, 0u16));
        jump(360);
        assert!(!SubtensorModule::is_in_freeze_window(NETUID));
        assert_ok!(set_as_owner(P::Rho, 1u16));
    });
}

#[test]
fn a_subnet_without_epochs_is_not_frozen() {
    chain().run(|| {
        Tempo::<Test>::insert(NETUID, 0);
        jump(10_000);
        assert!(!SubtensorModule::is_in_freeze_window(NETUID));
    });
}

#[test]
fn the_root_network_is_never_frozen() {
    chain().run(|| {
        jump(10_000);
        assert!(!SubtensorModule::is_in_freeze_window(NetUid::ROOT));
        assert_ok!(set(RuntimeOrigin::root(), NetUid::ROOT, P::Rho, 1u16));
    });
}

#[test]
fn a_pending_epoch_freezes() {
    chain().run(|| {
        AdminFreezeWindow::<Test>::put(0);
        PendingEpochAt::<Test>::insert(NETUID, 200);
        assert!(SubtensorModule::is_in_freeze_window(NETUID));
        assert_eq!(set_as_owner(P::Rho, 1u16), refused(FROZEN));
        assert_eq!(set_as_root(P::Rho, 1u16), refused(FROZEN));
        PendingEpochAt::<Test>::insert(NETUID, 0);
        assert_ok!(set_as_owner(P::Rho, 1u16));
    });
}

#[test]
fn the_window_binds_whom_the_table_says() {
    chain().run(|| {
        jump(351);
        for parameter in P::ALL {
            let row = parameter.definition();
            // No value of this kind is right for two parameters at once, so what is not frozen is refused for
            // another reason.
            let is_frozen = |origin| set(origin, NETUID, *parameter, [7; 32]) == refused(FROZEN);
            if row.set_by == SetBy::Owner {
                assert_eq!(
                    is_frozen(signed(&owner())),
                    row.freeze != Freeze::Nobody,
                    "{parameter:?}"
                );
            }
            if row.set_by != SetBy::Nobody {
                assert_eq!(
                    is_frozen(RuntimeOrigin::root()),
                    row.freeze == Freeze::Everyone,
                    "{parameter:?}"
                );
            }
        }
    });
}

#[test]
fn root_can_mend_a_tempo_within_the_window() {
    chain().run(|| {
        jump(351);
        assert_eq!(set_as_owner(P::Tempo, 400u16), refused(FROZEN));
        assert_ok!(set_as_root(P::Tempo, 400u16));
        assert!(!SubtensorModule::is_in_freeze_window(NETUID));
    });
}

#[test]
fn an_owner_waits_two_tempos_for_the_same_parameter() {
    chain().run(|| {
        AdminFreezeWindow::<Test>::put(0);
        jump(5);
        assert_ok!(set_as_owner(P::Rho, 1u16));
        assert_eq!(noted(P::Rho), 5);
        for block in [5, 6, 724] {
            jump(block);
            assert_eq!(
                set_as_owner(P::Rho, 2u16),
                refused(Error::TxRateLimitExceeded),
                "{block}"
            );
        }
        jump(725);
        assert_ok!(set_as_owner(P::Rho, 2u16));
        assert_eq!(noted(P::Rho), 725);
    });
}

#[test]
fn parameters_do_not_wait_for_each_other() {
    chain().run(|| {
        assert_ok!(set_as_owner(P::Rho, 1u16));
        assert_ok!(set_as_owner(P::BondsPenalty, 1u16));
        assert_eq!(noted(P::Rho), 1);
        assert_eq!(noted(P::BondsPenalty), 1);
        assert_eq!(noted(P::ServingRateLimit), 0);
    });
}

#[test]
fn the_network_says_how_many_tempos() {
    chain().run(|| {
        AdminFreezeWindow::<Test>::put(0);
        assert_ok!(set_network(N::OwnerHyperparamRateLimit, 0u16));
        assert_ok!(set_as_owner(P::Rho, 1u16));
        assert_ok!(set_as_owner(P::Rho, 2u16));
        assert_ok!(set_network(N::OwnerHyperparamRateLimit, 1u16));
        jump(360);
        assert_eq!(
            set_as_owner(P::Rho, 3u16),
            refused(Error::TxRateLimitExceeded)
        );
        jump(361);
        assert_ok!(set_as_owner(P::Rho, 3u16));
    });
}

#[test]
fn a_refused_change_does_not_count() {
    chain().run(|| {
        assert_eq!(
            set_as_owner(P::BurnHalfLife, 0u16),
            refused(Error::InvalidValue)
        );
        assert_eq!(noted(P::BurnHalfLife), 0);
        assert_ok!(set_as_owner(P::BurnHalfLife, 1u16));
    });
}

#[test]
fn root_neither_waits_nor_makes_the_owner_wait() {
    chain().run(|| {
        assert_ok!(set_as_root(P::Rho, 1u16));
        assert_ok!(set_as_root(P::Rho, 2u16));
        assert_eq!(noted(P::Rho), 0);
        assert_ok!(set_as_owner(P::Rho, 3u16));
        assert_ok!(set_as_root(P::Rho, 4u16));
        assert_eq!(noted(P::Rho), 1);
    });
}

/// Sets once, then at the last block of the pause and at the first after it.
#[track_caller]
fn waits(parameter: P, pause: u64, set_once: impl Fn() -> Result<(), sp_runtime::DispatchError>) {
    AdminFreezeWindow::<Test>::put(0);
    jump(1);
    assert_ok!(set_once());
    assert_eq!(noted(parameter), 1);
    jump(pause);
    assert_eq!(set_once(), refused(Error::TxRateLimitExceeded));
    jump(pause + 1);
    assert_ok!(set_once());
}

#[test]
fn the_version_of_weights_waits_five_tempos() {
    chain().run(|| {
        waits(P::WeightsVersionKey, 1_800, || {
            set_as_owner(P::WeightsVersionKey, 1u64)
        })
    });
}

#[test]
fn the_tempo_waits_360_blocks() {
    // With a tempo of 1000 a limit in tempos would be longer.
    chain().run(|| waits(P::Tempo, 360, || set_as_owner(P::Tempo, 1_000u16)));
}

#[test]
fn mechanisms_wait_7200_blocks() {
    chain().run(|| {
        waits(P::MechanismCount, 7_200, || {
            set_as_owner(P::MechanismCount, MechId::new(1))
        });
        waits(P::MechanismEmissionSplit, 7_200, || {
            set_as_owner(P::MechanismEmissionSplit, Some(vec![65_535u16]))
        });
    });
}

#[test]
fn trimming_waits_216000_blocks() {
    chain().run(|| {
        waits(P::TrimToMaxAllowedUids, 216_000, || {
            set_as_owner(P::TrimToMaxAllowedUids, 64u16)
        })
    });
}

#[test]
fn the_owner_hotkey_waits_50400_blocks_under_its_own_key() {
    chain().run(|| {
        let hotkey: [u8; 32] = super::owner_hotkey().into();
        waits(P::OwnerHotkey, 50_400, || {
            set_as_owner(P::OwnerHotkey, hotkey)
        });
        let key = RateLimitKey::<AccountId>::SetSNOwnerHotkey(NETUID);
        assert_eq!(LastRateLimitedBlock::<Test>::get(key), 50_401);
    });
}

#[test]
fn the_owners_cut_does_not_wait() {
    chain().run(|| {
        for parameter in [P::OwnerCutEnabled, P::OwnerCutAutoLockEnabled] {
            assert_ok!(set_as_owner(parameter, true));
            assert_ok!(set_as_owner(parameter, false));
            assert_eq!(noted(parameter), 0);
        }
        assert_ok!(set_as_owner(P::RootClaimThreshold, 1u64));
        assert_ok!(set_as_owner(P::RootClaimThreshold, 2u64));
    });
}

#[test]
fn a_new_owner_waits_for_what_the_old_one_did() {
    chain().run(|| {
        assert_ok!(set_as_owner(P::Rho, 1u16));
        SubnetOwner::<Test>::insert(NETUID, super::stranger());
        assert_eq!(
            set(signed(&super::stranger()), NETUID, P::Rho, 2u16),
            refused(Error::TxRateLimitExceeded)
        );
    });
}

#[test]
fn the_next_subnet_of_a_netuid_does_not_wait() {
    chain().run(|| {
        let hotkey: [u8; 32] = super::owner_hotkey().into();
        assert_ok!(set_as_owner(P::Rho, 1u16));
        assert_ok!(set_as_owner(
            P::RecycleOrBurn,
            dendra_primitives::records::RecycleOrBurnEnum::Burn
        ));
        assert_ok!(set_as_owner(P::OwnerHotkey, hotkey));
        assert_ok!(SubtensorModule::trigger_epoch(signed(&owner()), NETUID));
        assert_eq!(LastRateLimitedBlock::<Test>::iter().count(), 4);
        SubtensorModule::forget_rate_limits(NETUID);
        assert_eq!(LastRateLimitedBlock::<Test>::iter().count(), 0);
    });
}
