//! Who may set what.

use dendra_primitives::NetUid;
use frame_support::{assert_ok, dispatch::RawOrigin};
use sp_runtime::DispatchError;
use subnet_hyperparameters::{Hyperparameter as P, NetworkParameter as N, SetBy};

use super::{NETUID, chain, owner, refused, set, set_as_owner, set_as_root, set_network, stranger};
use crate::{
    AccountId, Error, Event, SubnetOwner,
    mock::{RuntimeOrigin, SubtensorModule, Test, events, signed},
};

#[test]
fn strangers_set_nothing() {
    chain().run(|| {
        for parameter in P::ALL {
            let row = parameter.definition();
            // Kinds do not matter: rights are looked at first.
            let answer = set(signed(&stranger()), NETUID, *parameter, 1u16);
            let expected = match row.set_by {
                SetBy::Root => Err(DispatchError::BadOrigin),
                SetBy::Owner | SetBy::Nobody => refused(Error::NotSubnetOwner),
            };
            assert_eq!(answer, expected, "{parameter:?}");
        }
    });
}

#[test]
fn owners_do_not_set_what_root_sets() {
    chain().run(|| {
        for parameter in P::ALL {
            if parameter.definition().set_by == SetBy::Root {
                assert_eq!(
                    set_as_owner(*parameter, 1u16),
                    Err(DispatchError::BadOrigin),
                    "{parameter:?}"
                );
            }
        }
    });
}

#[test]
fn owners_do_not_set_other_subnets() {
    chain().subnet(3, stranger(), super::account(109)).run(|| {
        assert_eq!(
            set(signed(&owner()), NetUid::new(3), P::Rho, 1u16),
            refused(Error::NotSubnetOwner)
        );
        assert_ok!(set(signed(&stranger()), NetUid::new(3), P::Rho, 1u16));
    });
}

#[test]
fn an_unsigned_origin_sets_nothing() {
    chain().run(|| {
        let none: RuntimeOrigin = RawOrigin::None.into();
        assert_eq!(
            set(none.clone(), NETUID, P::Rho, 1u16),
            Err(DispatchError::BadOrigin)
        );
        assert_eq!(
            set(none, NETUID, P::Kappa, 1u16),
            Err(DispatchError::BadOrigin)
        );
    });
}

#[test]
fn the_zero_account_owns_no_subnet() {
    chain().run(|| {
        let nobody = AccountId::new([0; 32]);
        SubnetOwner::<Test>::insert(NETUID, &nobody);
        assert_eq!(
            set(signed(&nobody), NETUID, P::Rho, 1u16),
            refused(Error::NotSubnetOwner)
        );
    });
}

#[test]
fn nobody_sets_what_is_only_shown() {
    chain().run(|| {
        for parameter in [P::MaxWeightsLimit, P::UserLiquidityEnabled] {
            assert_eq!(set_as_owner(parameter, 1u16), refused(Error::Deprecated));
            assert_eq!(set_as_root(parameter, 1u16), refused(Error::Deprecated));
        }
    });
}

#[test]
fn a_subnet_that_does_not_exist_is_not_set() {
    chain().run(|| {
        for parameter in P::ALL {
            for origin in [RuntimeOrigin::root(), signed(&owner())] {
                assert_eq!(
                    set(origin, NetUid::new(3), *parameter, 1u16),
                    refused(Error::SubnetNotExists),
                    "{parameter:?}"
                );
            }
        }
    });
}

#[test]
fn only_root_sets_the_network() {
    chain().run(|| {
        for parameter in N::ALL {
            for origin in [signed(&owner()), RawOrigin::None.into()] {
                let answer =
                    SubtensorModule::set_network_parameter(origin, *parameter, 1u16.into());
                assert_eq!(
                    answer.map_err(SubtensorModule::error_of),
                    Err(DispatchError::BadOrigin),
                    "{parameter:?}"
                );
            }
        }
        assert_ok!(set_network(N::SubnetLimit, 7u16));
    });
}

#[test]
fn a_change_is_an_event_that_names_the_parameter() {
    chain().run(|| {
        assert_ok!(set_as_owner(P::Rho, 7u16));
        assert_ok!(set_network(N::StakeThreshold, 7u64));
        assert_eq!(
            events(),
            [
                Event::HyperparameterSet {
                    netuid: NETUID,
                    parameter: P::Rho.number()
                },
                Event::NetworkParameterSet {
                    parameter: N::StakeThreshold.number()
                },
            ]
        );
    });
}

#[test]
fn a_refused_change_leaves_no_trace() {
    chain().run(|| {
        let root = sp_io::storage::root(sp_core::storage::StateVersion::V1);
        assert_eq!(
            set_as_owner(P::BurnHalfLife, 0u16),
            refused(Error::InvalidValue)
        );
        assert_eq!(set_as_owner(P::Rho, 1u64), refused(Error::InvalidValue));
        assert_eq!(
            set_network(N::MaxEpochsPerBlock, 0u8),
            refused(Error::InvalidValue)
        );
        assert_eq!(
            root,
            sp_io::storage::root(sp_core::storage::StateVersion::V1)
        );
        assert_eq!(events(), []);
    });
}
