//! What a block issues, found out by a dry run of that step alone.
//!
//! Events say what TAO went where. What a block adds to pools and to pending amounts is no event; the step is run
//! before its block on a copy of the chain, and the books take over what it would write.

use dendra_primitives::NetUid;
use frame_support::{storage::with_storage_layer, weights::WeightMeter};
use sp_runtime::DispatchError;

use super::{audit, books::Subnet};
use crate::{
    Event, SubnetList,
    mock::{SubtensorModule, Test},
    types::BlockStep,
};

/// Subnets as the step would leave them.
pub(super) fn foresee() -> Vec<(NetUid, Subnet)> {
    let mut subnets = Vec::new();
    let _ = with_storage_layer(|| {
        SubtensorModule::step_emission(&mut WeightMeter::new());
        let existing = SubnetList::<Test>::get().into_iter();
        subnets = existing
            .map(|netuid| (netuid, audit::subnet(netuid)))
            .collect();
        Err::<(), _>(DispatchError::Other("a dry run"))
    });
    subnets
}

/// Whether the step had room in a block with these events.
pub(super) fn is_done(events: &[Event<Test>]) -> bool {
    !events.iter().any(|event| {
        matches!(
            event,
            Event::StepPostponed {
                step: BlockStep::Emission
            }
        )
    })
}
