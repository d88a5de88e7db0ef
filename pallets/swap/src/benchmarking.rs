//! What the calls cost.

#![allow(
    clippy::expect_used,
    reason = "what cannot be set up must not be measured"
)]

use dendra_primitives::NetUid;
use frame_benchmarking::v2::*;
use frame_system::RawOrigin;
use weighted_pool::FeeRate as Rate;

use crate::{Call, Config, FeeRate, Pallet, Subnets};

const NETUID: NetUid = NetUid::new(1);

/// Benchmarks.
#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn set_fee_rate() {
        T::Subnets::open(NETUID);
        FeeRate::<T>::insert(NETUID, 1);

        #[extrinsic_call]
        _(RawOrigin::Root, NETUID, Rate::MAX);

        assert_eq!(FeeRate::<T>::get(NETUID), Rate::MAX);
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
