//! The bounds that root sets.

use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchError;

use super::*;
use crate::{
    Error, Event, MaxChildkeyTake, MinChildkeyTake, PendingChildKeyCooldown,
    TxChildkeyTakeRateLimit,
    mock::{RuntimeOrigin, events},
};

fn set_all(origin: RuntimeOrigin) -> [DispatchResult; 4] {
    [
        SubtensorModule::sudo_set_tx_childkey_take_rate_limit(origin.clone(), 5),
        SubtensorModule::sudo_set_max_childkey_take(origin.clone(), 900),
        SubtensorModule::sudo_set_min_childkey_take(origin.clone(), 90),
        SubtensorModule::set_pending_childkey_cooldown(origin, 15),
    ]
}

#[test]
fn root_sets_them_and_says_so() {
    run(|| {
        for result in set_all(RuntimeOrigin::root()) {
            assert_ok!(result);
        }
        assert_eq!(TxChildkeyTakeRateLimit::<Test>::get(), 5);
        assert_eq!(MaxChildkeyTake::<Test>::get(), 900);
        assert_eq!(MinChildkeyTake::<Test>::get(), 90);
        assert_eq!(PendingChildKeyCooldown::<Test>::get(), 15);
        let set = [24, 22, 21, 25].map(|parameter| Event::NetworkParameterSet { parameter });
        assert_eq!(events(), set);
        // They count for the next one.
        assert_ok!(super::set(11, &[(1, 12)]));
        assert_eq!(pending(11), Some((edges(&[(1, 12)]), 16)));
    });
}

#[test]
fn nobody_else_does() {
    run(|| {
        for result in set_all(signed(&account(1))) {
            assert_eq!(result, Err(DispatchError::BadOrigin));
        }
    });
}

#[test]
fn takes_do_not_cross_and_stay_below_18_percent() {
    run(|| {
        let (most, least) = (
            SubtensorModule::sudo_set_max_childkey_take,
            SubtensorModule::sudo_set_min_childkey_take,
        );
        let root = RuntimeOrigin::root;
        assert_noop!(most(root(), 11_797), Error::<Test>::InvalidChildkeyTake);
        assert_noop!(least(root(), 11_797), Error::<Test>::InvalidChildkeyTake);
        assert_ok!(least(root(), 100));
        assert_noop!(most(root(), 99), Error::<Test>::InvalidChildkeyTake);
    });
}
