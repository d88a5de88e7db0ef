//! Ranges of network parameters that depend on each other.

use frame_support::assert_ok;
use subnet_hyperparameters::NetworkParameter as N;

use super::{chain, refused, set_network};
use crate::Error;

#[test]
fn takes_of_children_do_not_cross() {
    chain().run(|| {
        assert_ok!(set_network(N::MinChildkeyTake, 100u16));
        assert_eq!(
            set_network(N::MaxChildkeyTake, 99u16),
            refused(Error::InvalidChildkeyTake)
        );
        assert_ok!(set_network(N::MaxChildkeyTake, 100u16));
        assert_eq!(
            set_network(N::MinChildkeyTake, 101u16),
            refused(Error::InvalidChildkeyTake)
        );
    });
}

#[test]
fn takes_of_delegates_stay_below_the_highest() {
    chain().run(|| {
        assert_eq!(
            set_network(N::MinDelegateTake, 11_797u16),
            refused(Error::InvalidValue)
        );
        assert_ok!(set_network(N::MinDelegateTake, 100u16));
        assert_eq!(
            set_network(N::DefaultDelegateTake, 99u16),
            refused(Error::InvalidValue)
        );
        assert_ok!(set_network(N::DefaultDelegateTake, 100u16));
    });
}

#[test]
fn numbers_that_would_stop_the_chain_are_refused() {
    chain().run(|| {
        assert_eq!(
            set_network(N::MaxEpochsPerBlock, 0u8),
            refused(Error::InvalidValue)
        );
        assert_eq!(
            set_network(N::LockReductionInterval, 0u64),
            refused(Error::InvalidValue)
        );
        assert_eq!(
            set_network(N::SubnetLimit, 512u16),
            refused(Error::InvalidValue)
        );
        assert_eq!(
            set_network(N::NumRootClaim, 51u64),
            refused(Error::InvalidNumRootClaim)
        );
        assert_eq!(
            set_network(N::SubnetMovingAlpha, (1u64 << 32) + 1),
            refused(Error::InvalidValue)
        );
    });
}
