//! Where the income of a coldkey's miners is staked. That it is paid there is a test of payouts.

use frame_support::{assert_noop, assert_ok};

use super::*;
use crate::{AutoStakeDestination, AutoStakers, Error, Event, mock::events};

fn stake_on(netuid: NetUid, hotkey: u8) -> DispatchResult {
    SubtensorModule::set_coldkey_auto_stake_hotkey(signed(&account(21)), netuid, account(hotkey))
}

#[test]
fn any_hotkey_with_a_uid_is_a_destination() {
    run(|| {
        for hotkey in [12, 13] {
            SubtensorModule::append_neuron(NETUID, &account(hotkey)).unwrap();
        }
        for hotkey in [12, 13, 12] {
            System::reset_events();
            assert_ok!(stake_on(NETUID, hotkey));
            assert_eq!(
                AutoStakeDestination::<Test>::get(account(21), NETUID),
                Some(account(hotkey))
            );
            assert!(AutoStakers::<Test>::contains_key(NETUID, account(21)));
            assert_eq!(
                events(),
                [Event::AutoStakeDestinationSet {
                    coldkey: account(21),
                    netuid: NETUID,
                    hotkey: account(hotkey),
                }]
            );
        }
        assert_eq!(AutoStakers::<Test>::iter().count(), 1);
    });
}

#[test]
fn what_is_no_destination_is_refused() {
    run(|| {
        assert_noop!(
            stake_on(NetUid::ROOT, 2),
            Error::<Test>::RegistrationNotPermittedOnRootSubnet
        );
        assert_noop!(stake_on(NetUid::new(9), 2), Error::<Test>::SubnetNotExists);
        assert_noop!(
            stake_on(NETUID, 11),
            Error::<Test>::HotKeyNotRegisteredInSubNet
        );
        assert_ok!(stake_on(NETUID, 2));
        assert_noop!(
            stake_on(NETUID, 2),
            Error::<Test>::SameAutoStakeHotkeyAlreadySet
        );
    });
}
