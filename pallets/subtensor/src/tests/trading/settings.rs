//! Settings of pools, which another pallet keeps.

use weighted_pool::Weights;

use super::*;
use crate::{mock::*, *};

#[test]
fn the_price_follows_the_weights() {
    chain().run(|| {
        set_pool(NETUID, X, Y, 50);
        assert_eq!(price(NETUID), 500_000_000);
        let weights = Weights::from_tao(Weights::SCALE / 5 * 4).unwrap();
        Settings::set_weights(NETUID, weights);
        assert_eq!(price(NETUID), 125_000_000);
        assert_eq!(price(ROOT), UNIT);
    });
}

#[test]
fn dissolving_a_subnet_forgets_its_settings() {
    chain().run(|| {
        for netuid in [NETUID, OTHER] {
            FeeRates::insert(netuid, 7);
            PoolWeights::insert(netuid, Weights::MIN);
        }
        SubtensorModule::root_dissolve_network(RuntimeOrigin::root(), NETUID).unwrap();
        run_to_block(10);
        assert!(DissolveCleanupQueue::<Test>::get().is_empty());
        assert_eq!(
            (FeeRates::get(NETUID), PoolWeights::get(NETUID)),
            (None, None)
        );
        assert_eq!(FeeRates::get(OTHER), Some(7));
        assert_eq!(PoolWeights::get(OTHER), Some(Weights::MIN));
    });
}
