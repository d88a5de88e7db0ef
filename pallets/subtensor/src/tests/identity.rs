//! Identities: who may set one, how long it may be, how it is removed.

use dendra_primitives::{
    NetUid,
    records::{ChainIdentityV2, SubnetIdentityV3},
};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchResult;

use crate::{
    AccountId, Error, Event, IdentitiesV2, SubnetIdentitiesV3,
    mock::{ExtBuilder, RuntimeOrigin, SubtensorModule, Test, account, events, signed},
};

const NETUID: NetUid = NetUid::new(2);

fn chain() -> ExtBuilder {
    ExtBuilder::new().subnet(2, account(1), account(2))
}

/// A text for each field, as long as it may be.
fn text(limit: u32, letter: u8) -> Vec<u8> {
    vec![letter; limit as usize]
}

fn longest_account() -> ChainIdentityV2 {
    ChainIdentityV2 {
        name: text(256, b'a'),
        url: text(256, b'b'),
        github_repo: text(256, b'c'),
        image: text(1_024, b'd'),
        discord: text(256, b'e'),
        description: text(1_024, b'f'),
        additional: text(1_024, b'g'),
    }
}

fn longest_subnet() -> SubnetIdentityV3 {
    SubnetIdentityV3 {
        subnet_name: text(256, b'a'),
        github_repo: text(1_024, b'b'),
        subnet_contact: text(1_024, b'c'),
        subnet_url: text(1_024, b'd'),
        discord: text(256, b'e'),
        description: text(1_024, b'f'),
        logo_url: text(1_024, b'g'),
        additional: text(1_024, b'h'),
    }
}

fn set(coldkey: AccountId, identity: ChainIdentityV2) -> DispatchResult {
    SubtensorModule::set_identity(
        signed(&coldkey),
        identity.name,
        identity.url,
        identity.github_repo,
        identity.image,
        identity.discord,
        identity.description,
        identity.additional,
    )
}

fn set_subnet(coldkey: AccountId, netuid: NetUid, identity: SubnetIdentityV3) -> DispatchResult {
    SubtensorModule::set_subnet_identity(
        signed(&coldkey),
        netuid,
        identity.subnet_name,
        identity.github_repo,
        identity.subnet_contact,
        identity.subnet_url,
        identity.discord,
        identity.description,
        identity.logo_url,
        identity.additional,
    )
}

fn of(coldkey: u8) -> Option<ChainIdentityV2> {
    IdentitiesV2::<Test>::get(account(coldkey)).map(|stored| stored.into_inner())
}

fn of_subnet() -> Option<SubnetIdentityV3> {
    SubnetIdentitiesV3::<Test>::get(NETUID).map(|stored| stored.into_inner())
}

#[test]
fn a_coldkey_with_a_hotkey_sets_and_changes_its_identity() {
    chain().run(|| {
        assert_ok!(set(account(1), longest_account()));
        assert_eq!(of(1), Some(longest_account()));
        let short = ChainIdentityV2 {
            name: b"Ada".to_vec(),
            ..Default::default()
        };
        assert_ok!(set(account(1), short.clone()));
        assert_eq!(of(1), Some(short));
        assert_eq!(
            events(),
            [
                Event::ChainIdentitySet(account(1)),
                Event::ChainIdentitySet(account(1))
            ]
        );
    });
}

#[test]
fn a_coldkey_without_hotkeys_sets_no_identity() {
    chain().run(|| {
        assert_noop!(
            set(account(9), longest_account()),
            Error::<Test>::HotKeyNotRegisteredInNetwork
        );
        // The hotkey of somebody else is no coldkey.
        assert_noop!(
            set(account(2), longest_account()),
            Error::<Test>::HotKeyNotRegisteredInNetwork
        );
        assert_ok!(SubtensorModule::try_associate_hotkey(
            signed(&account(9)),
            account(10)
        ));
        assert_ok!(set(account(9), longest_account()));
        assert_eq!(of(9), Some(longest_account()));
    });
}

#[test]
fn each_field_of_a_coldkeys_identity_is_limited() {
    chain().run(|| {
        let grow: [fn(&mut ChainIdentityV2); 7] = [
            |identity| identity.name.push(0),
            |identity| identity.url.push(0),
            |identity| identity.github_repo.push(0),
            |identity| identity.image.push(0),
            |identity| identity.discord.push(0),
            |identity| identity.description.push(0),
            |identity| identity.additional.push(0),
        ];
        for push in grow {
            let mut identity = longest_account();
            push(&mut identity);
            assert_noop!(set(account(1), identity), Error::<Test>::InvalidIdentity);
        }
    });
}

#[test]
fn an_identity_that_says_nothing_is_removed() {
    chain().run(|| {
        assert_ok!(set(account(1), longest_account()));
        assert_ok!(set(account(1), ChainIdentityV2::default()));
        assert!(!IdentitiesV2::<Test>::contains_key(account(1)));
        assert_eq!(
            events(),
            [
                Event::ChainIdentitySet(account(1)),
                Event::ChainIdentitySet(account(1))
            ]
        );
    });
}

#[test]
fn an_owner_sets_the_identity_of_the_subnet() {
    chain().run(|| {
        assert_ok!(set_subnet(account(1), NETUID, longest_subnet()));
        assert_eq!(of_subnet(), Some(longest_subnet()));
        assert_eq!(events(), [Event::SubnetIdentitySet(NETUID)]);
    });
}

#[test]
fn only_the_owner_sets_the_identity_of_a_subnet() {
    chain().run(|| {
        for stranger in [account(2), account(9)] {
            assert_noop!(
                set_subnet(stranger, NETUID, longest_subnet()),
                Error::<Test>::NotSubnetOwner
            );
        }
        assert_noop!(
            set_subnet(account(1), NetUid::new(3), longest_subnet()),
            Error::<Test>::SubnetNotExists
        );
        assert_ok!(SubtensorModule::root_dissolve_network(
            RuntimeOrigin::root(),
            NETUID
        ));
        assert_noop!(
            set_subnet(account(1), NETUID, longest_subnet()),
            Error::<Test>::SubnetNotExists
        );
    });
}

#[test]
fn each_field_of_a_subnets_identity_is_limited() {
    chain().run(|| {
        let grow: [fn(&mut SubnetIdentityV3); 8] = [
            |identity| identity.subnet_name.push(0),
            |identity| identity.github_repo.push(0),
            |identity| identity.subnet_contact.push(0),
            |identity| identity.subnet_url.push(0),
            |identity| identity.discord.push(0),
            |identity| identity.description.push(0),
            |identity| identity.logo_url.push(0),
            |identity| identity.additional.push(0),
        ];
        for push in grow {
            let mut identity = longest_subnet();
            push(&mut identity);
            assert_noop!(
                set_subnet(account(1), NETUID, identity),
                Error::<Test>::InvalidIdentity
            );
        }
    });
}

#[test]
fn the_identity_of_a_subnet_is_removed_once() {
    chain().run(|| {
        assert_ok!(set_subnet(account(1), NETUID, SubnetIdentityV3::default()));
        assert_eq!(events(), []);
        assert_ok!(set_subnet(account(1), NETUID, longest_subnet()));
        assert_ok!(set_subnet(account(1), NETUID, SubnetIdentityV3::default()));
        assert_ok!(set_subnet(account(1), NETUID, SubnetIdentityV3::default()));
        assert!(!SubnetIdentitiesV3::<Test>::contains_key(NETUID));
        assert_eq!(
            events(),
            [
                Event::SubnetIdentitySet(NETUID),
                Event::SubnetIdentityRemoved(NETUID)
            ]
        );
    });
}
