//! Dissolving a subnet (section 9.3 of the economics): it is closed at once, its holders are paid, and
//! nothing of it stays.

mod closing;
mod leftovers;
mod payout;
mod queue;

use dendra_primitives::NetUid;

use crate::{
    Event,
    mock::{ExistentialDeposit, ExtBuilder, RuntimeOrigin, SubtensorModule, Test, account, events},
};

/// The subnet of these tests.
const NETUID: NetUid = NetUid::new(2);

/// A started subnet of coldkey 1 with owner hotkey 2 and a pool of 1000 TAO and 1000 alpha.
fn chain() -> ExtBuilder {
    ExtBuilder::new().subnet(2, account(1), account(2))
}

fn dissolve(netuid: NetUid) {
    SubtensorModule::root_dissolve_network(RuntimeOrigin::root(), netuid).unwrap();
}

/// What the clean-up of a subnet reported at its end: TAO paid, and recycled besides the deposit of its account.
fn cleaned(netuid: NetUid) -> Option<(u64, u64)> {
    events()
        .into_iter()
        .find_map(|event: Event<Test>| match event {
            Event::NetworkCleaned {
                netuid: of,
                paid,
                recycled,
            } if of == netuid => Some((paid.get(), recycled.get() - ExistentialDeposit::get())),
            _ => None,
        })
}
