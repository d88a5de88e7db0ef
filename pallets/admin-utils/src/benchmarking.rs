//! Benchmarks, each at its bound.

#![allow(clippy::expect_used, reason = "the macros of the SDK write it")]

use dendra_primitives::MechId;
use frame_benchmarking::v2::*;
use frame_system::RawOrigin;
use subnet_hyperparameters::{BenchmarkSubnet, MOST_UIDS};

use crate::{AccountId, Call, Config, Pallet};

/// Benchmarks.
#[benchmarks]
mod benches {
    use super::*;

    /// The setter with most facts to read, signed by an owner, whose rate limit is looked at and noted.
    #[benchmark]
    fn set_hyperparameter() {
        let (netuid, owner) = T::Benchmark::prepare(1, MechId::new(1));
        #[extrinsic_call]
        sudo_set_max_allowed_uids(owner as T::RuntimeOrigin, netuid, MOST_UIDS);
    }

    /// The setter of the network with most facts to read.
    #[benchmark]
    fn set_network_parameter() {
        #[extrinsic_call]
        sudo_set_default_take(RawOrigin::Root, 11_796);
    }

    /// The owner's first hotkey again: nothing is written that another hotkey would not write.
    #[benchmark]
    fn set_owner_hotkey() {
        let (netuid, owner) = T::Benchmark::prepare(1, MechId::new(1));
        let hotkey: AccountId = account("hotkey", 0, 0);
        #[extrinsic_call]
        sudo_set_sn_owner_hotkey(owner as T::RuntimeOrigin, netuid, hotkey);
    }

    /// One mechanism of two goes, with `n` neurons in it.
    #[benchmark]
    fn set_mechanism_count(n: Linear<1, 128>) {
        // At most 128: two mechanisms share the most neurons of a subnet.
        let (netuid, owner) = T::Benchmark::prepare(n as u16, MechId::new(2));
        #[extrinsic_call]
        sudo_set_mechanism_count(owner as T::RuntimeOrigin, netuid, MechId::new(1));
    }

    /// Half of `n` neurons go: the other half has every row renumbered, which costs more than removing it.
    #[benchmark]
    fn trim_to_max_allowed_uids(n: Linear<4, 256>) {
        let (netuid, owner) = T::Benchmark::prepare(n as u16, MechId::new(1));
        let left = (n as u16).div_ceil(2);
        #[extrinsic_call]
        sudo_trim_to_max_allowed_uids(owner as T::RuntimeOrigin, netuid, left);
    }
}
