//! A runtime in which two subnets exist.

use dendra_primitives::NetUid;
use frame_support::{construct_runtime, derive_impl, parameter_types};
use sp_io::TestExternalities;

use crate as pallet_swap;
use crate::Subnets;

type Block = frame_system::mocking::MockBlock<Test>;

construct_runtime!(
    pub enum Test {
        System: frame_system,
        Swap: pallet_swap,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = Block;
}

pub(crate) const FIRST: NetUid = NetUid::new(1);
pub(crate) const SECOND: NetUid = NetUid::new(2);

parameter_types! {
    pub(crate) static Existing: Vec<NetUid> = vec![FIRST, SECOND];
}

/// Subnets as the tests list them.
pub struct List;
impl Subnets for List {
    fn exists(netuid: NetUid) -> bool {
        Existing::get().contains(&netuid)
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn open(netuid: NetUid) {
        Existing::mutate(|list| list.push(netuid));
    }
}

impl crate::Config for Test {
    type Subnets = List;
    type WeightInfo = ();
}

/// Block 1 of a chain without settings.
pub(crate) fn new_test_ext() -> TestExternalities {
    let mut externalities = TestExternalities::default();
    externalities.execute_with(|| System::set_block_number(1));
    externalities
}

/// Runs a test and checks the invariants.
pub(crate) fn run(test: impl FnOnce()) {
    new_test_ext().execute_with(|| {
        test();
        Swap::do_try_state().unwrap();
    });
}
