//! A runtime whose keeper of the parameters writes down what it is asked.

use std::cell::RefCell;

use dendra_primitives::NetUid;
use frame_support::derive_impl;
use frame_system::pallet_prelude::OriginFor;
use sp_runtime::{BuildStorage, DispatchError, traits::IdentityLookup};
use subnet_hyperparameters::{
    Hyperparameter, NetworkParameter, Refusal, SettingError, Settings, Value,
};

use crate::AccountId;

#[frame_support::runtime]
mod runtime {
    #[runtime::runtime]
    #[runtime::derive(
        RuntimeCall,
        RuntimeEvent,
        RuntimeError,
        RuntimeOrigin,
        RuntimeFreezeReason,
        RuntimeHoldReason,
        RuntimeSlashReason,
        RuntimeLockId,
        RuntimeTask,
        RuntimeViewFunction
    )]
    pub struct Test;

    #[runtime::pallet_index(0)]
    pub type System = frame_system::Pallet<Test>;

    #[runtime::pallet_index(19)]
    pub type AdminUtils = crate::Pallet<Test>;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type AccountId = AccountId;
    type Lookup = IdentityLookup<AccountId>;
    type Block = frame_system::mocking::MockBlock<Test>;
}

impl crate::Config for Test {
    type Settings = Notebook;
    type WeightInfo = ();
    #[cfg(feature = "runtime-benchmarks")]
    type Benchmark = Notebook;
}

/// What a setter asked for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Asked {
    Subnet(NetUid, Hyperparameter, Value),
    Network(NetworkParameter, Value),
}

/// Writes down what it is asked and answers as told.
pub struct Notebook;

type Answer = Result<(), SettingError<DispatchError>>;

thread_local! {
    static ASKED: RefCell<Vec<Asked>> = const { RefCell::new(Vec::new()) };
    static ANSWER: RefCell<Answer> = const { RefCell::new(Ok(())) };
}

impl Notebook {
    /// What was asked since the last time.
    pub(crate) fn take() -> Vec<Asked> {
        ASKED.with_borrow_mut(core::mem::take)
    }

    /// Answers this from now on.
    pub(crate) fn answer(answer: Answer) {
        ANSWER.set(answer);
    }

    fn note(asked: Asked) -> Answer {
        ASKED.with_borrow_mut(|list| list.push(asked));
        ANSWER.with_borrow(|answer| *answer)
    }
}

impl Settings<OriginFor<Test>, DispatchError> for Notebook {
    fn set(_: OriginFor<Test>, netuid: NetUid, parameter: Hyperparameter, value: Value) -> Answer {
        Self::note(Asked::Subnet(netuid, parameter, value))
    }

    fn set_network(_: OriginFor<Test>, parameter: NetworkParameter, value: Value) -> Answer {
        Self::note(Asked::Network(parameter, value))
    }

    fn failure_of(_: Refusal) -> DispatchError {
        DispatchError::Other("the keeper's own")
    }
}

#[cfg(feature = "runtime-benchmarks")]
impl subnet_hyperparameters::BenchmarkSubnet<OriginFor<Test>> for Notebook {
    fn prepare(_: u16, _: dendra_primitives::MechId) -> (NetUid, OriginFor<Test>) {
        let owner = AccountId::new([1; 32]);
        (
            NetUid::new(2),
            frame_system::RawOrigin::Signed(owner).into(),
        )
    }
}

/// Runs in an empty state.
pub(crate) fn run<R>(test: impl FnOnce() -> R) -> R {
    let storage = frame_system::GenesisConfig::<Test>::default()
        .build_storage()
        .expect("the genesis is empty");
    sp_io::TestExternalities::new(storage).execute_with(test)
}
