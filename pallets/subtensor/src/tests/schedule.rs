//! When epochs run (section 2 of the consensus), in which order, and the schedule that clients simulate
//! (section F.10 of the interface).

mod clients;
mod order;
mod triggers;

use dendra_primitives::NetUid;
use frame_support::{assert_noop, assert_ok, traits::Hooks};
use proptest::test_runner::{RngAlgorithm, TestRng};
use sp_runtime::DispatchResult;

use crate::{
    BlocksSinceLastStep, CommitRevealWeightsEnabled, Error, Event, LastEpochBlock,
    LastMechansimStepBlock, MaxEpochsPerBlock, NetworkRegisteredAt, OwnerHyperparamRateLimit,
    PendingEpochAt, SubnetEpochIndex, Tempo,
    mock::{
        ExtBuilder, RuntimeOrigin, SubtensorModule, System, Test, account, events, run_to_block,
        signed,
    },
};

const SUBNET: NetUid = NetUid::new(2);

/// A chain with so many subnets from netuid 2 on, each with an owner of its own.
fn chain(subnets: u8) -> ExtBuilder {
    (0..subnets).fold(ExtBuilder::new(), |builder, place| {
        builder.subnet(
            2 + u16::from(place),
            account(1 + place),
            account(201 + place),
        )
    })
}

fn netuids(subnets: u8) -> Vec<NetUid> {
    (2..2 + u16::from(subnets)).map(NetUid::new).collect()
}

/// A subnet with this tempo, whose last slot was consumed in this block.
fn schedule(netuid: NetUid, tempo: u16, last: u64) {
    Tempo::<Test>::insert(netuid, tempo);
    LastEpochBlock::<Test>::insert(netuid, last);
}

fn epochs(netuid: NetUid) -> u64 {
    SubnetEpochIndex::<Test>::get(netuid)
}

/// Begins the next block and does no more.
fn next_block() -> u64 {
    let block = System::block_number() + 1;
    System::set_block_number(block);
    SubtensorModule::on_initialize(block);
    block
}

fn deferrals() -> Vec<(NetUid, u64)> {
    events()
        .into_iter()
        .filter_map(|event| match event {
            Event::EpochDeferred { netuid, since } => Some((netuid, since)),
            _ => None,
        })
        .collect()
}

/// Random numbers that are the same in every run.
struct Random(TestRng);

impl Random {
    fn new() -> Self {
        Self(TestRng::deterministic_rng(RngAlgorithm::ChaCha))
    }

    fn below(&mut self, bound: u64) -> u64 {
        use proptest::prelude::Rng;
        self.0.next_u64() % bound
    }
}

#[test]
fn an_epoch_is_due_a_tempo_after_the_last_slot() {
    chain(1).run(|| {
        schedule(SUBNET, 7, 3);
        for (block, expected) in [(9, 0), (10, 1), (16, 1), (17, 2), (18, 2), (24, 3)] {
            run_to_block(block);
            assert_eq!(epochs(SUBNET), expected, "block {block}");
        }
        assert_eq!(LastEpochBlock::<Test>::get(SUBNET), 24);
    });
}

#[test]
fn a_pending_epoch_is_due_from_its_block_on() {
    chain(1).run(|| {
        schedule(SUBNET, 360, 1);
        PendingEpochAt::<Test>::insert(SUBNET, 5);
        run_to_block(4);
        assert_eq!(epochs(SUBNET), 0);
        run_to_block(5);
        assert_eq!(epochs(SUBNET), 1);
        assert_eq!(PendingEpochAt::<Test>::get(SUBNET), 0);
        assert_eq!(LastEpochBlock::<Test>::get(SUBNET), 5);
        // A block that has passed is as good as the next one.
        PendingEpochAt::<Test>::insert(SUBNET, 1);
        run_to_block(6);
        assert_eq!(epochs(SUBNET), 2);
    });
}

#[test]
fn a_pause_of_50400_blocks_makes_an_epoch_due() {
    chain(1).run(|| {
        schedule(SUBNET, u16::MAX, 1);
        BlocksSinceLastStep::<Test>::insert(SUBNET, 50_399);
        run_to_block(2);
        assert_eq!(BlocksSinceLastStep::<Test>::get(SUBNET), 50_400);
        assert_eq!(epochs(SUBNET), 0);
        run_to_block(3);
        assert_eq!(epochs(SUBNET), 1);
        assert_eq!(BlocksSinceLastStep::<Test>::get(SUBNET), 0);
    });
}

#[test]
fn a_tempo_of_zero_stops_everything() {
    chain(1).run(|| {
        schedule(SUBNET, 0, 1);
        PendingEpochAt::<Test>::insert(SUBNET, 2);
        BlocksSinceLastStep::<Test>::insert(SUBNET, 60_000);
        run_to_block(400);
        assert_eq!(epochs(SUBNET), 0);
        assert_eq!(SubtensorModule::blocks_until_next_epoch(SUBNET), None);
    });
}

#[test]
fn root_has_no_epochs() {
    ExtBuilder::new().run(|| {
        PendingEpochAt::<Test>::insert(NetUid::ROOT, 2);
        run_to_block(250);
        assert_eq!(epochs(NetUid::ROOT), 0);
        assert_eq!(epochs(NetUid::new(1)), 2);
    });
}

#[test]
fn blocks_until_the_next_epoch_are_those_of_the_vector() {
    chain(1).run(|| {
        for (tempo, block, expected) in [
            (10, 5, Some(5)),
            (20, 15, Some(5)),
            (10, 99, Some(0)),
            (0, 5, None),
        ] {
            schedule(SUBNET, tempo, 0);
            System::set_block_number(block);
            assert_eq!(SubtensorModule::blocks_until_next_epoch(SUBNET), expected);
        }
    });
}

#[test]
fn subnets_that_are_created_together_begin_apart() {
    chain(3).run(|| {
        run_to_block(500);
        SubtensorModule::register_network(signed(&account(50)), account(250)).unwrap();
        let netuid = NetUid::new(5);
        assert_eq!(NetworkRegisteredAt::<Test>::get(netuid), 500);
        assert_eq!(LastEpochBlock::<Test>::get(netuid), 495);
        // And a netuid beyond the tempo begins again from the front.
        assert_eq!(SubtensorModule::blocks_until_next_epoch(netuid), Some(355));
    });
}

#[test]
fn a_slot_that_is_deferred_is_served_in_the_next_block() {
    chain(3).run(|| {
        for netuid in netuids(3) {
            schedule(netuid, 10, 1);
        }
        run_to_block(11);
        let waiting: Vec<NetUid> = netuids(3)
            .into_iter()
            .filter(|netuid| epochs(*netuid) == 0)
            .collect();
        assert_eq!(waiting.len(), 1);
        let late = waiting[0];
        assert_eq!(deferrals(), [(late, 11)]);
        assert_eq!(PendingEpochAt::<Test>::get(late), 12);
        assert_eq!(LastEpochBlock::<Test>::get(late), 1);
        assert_eq!(SubtensorModule::epoch_number(late), 1);
        run_to_block(12);
        assert_eq!(epochs(late), 1);
        assert_eq!(LastEpochBlock::<Test>::get(late), 12);
        assert_eq!(LastMechansimStepBlock::<Test>::get(late), 12);
        assert_eq!(PendingEpochAt::<Test>::get(late), 0);
        // From here on it has a phase of its own.
        run_to_block(21);
        assert_eq!(epochs(late), 1);
        run_to_block(22);
        assert_eq!(epochs(late), 2);
        assert_eq!(deferrals().len(), 1);
    });
}

/// The items that clients read, and the rule by which they continue them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Simulation {
    tempo: u64,
    last: u64,
    pending: u64,
    index: u64,
    since: u64,
}

impl Simulation {
    fn read(netuid: NetUid) -> Self {
        Self {
            tempo: u64::from(Tempo::<Test>::get(netuid)),
            last: LastEpochBlock::<Test>::get(netuid),
            pending: PendingEpochAt::<Test>::get(netuid),
            index: SubnetEpochIndex::<Test>::get(netuid),
            since: BlocksSinceLastStep::<Test>::get(netuid),
        }
    }

    fn is_due(&self, block: u64) -> bool {
        self.tempo != 0
            && ((self.pending > 0 && block >= self.pending)
                || self.since > 50_400
                || block.saturating_sub(self.last) >= self.tempo)
    }

    /// A block of the chain: counted first, as section 2.3 of the consensus says.
    fn step(&mut self, block: u64) {
        self.since += 1;
        if self.is_due(block) {
            self.last = block;
            self.pending = 0;
            self.index += 1;
            self.since = 0;
        }
    }
}

/// What may happen to the schedule of a subnet between two blocks; the same to its twin, if there is one.
fn disturb(random: &mut Random, netuid: NetUid, owner: u8, twin: Option<&mut Simulation>) {
    let now = System::block_number();
    match random.below(60) {
        0 => {
            OwnerHyperparamRateLimit::<Test>::put(0);
            let triggered = SubtensorModule::trigger_epoch(signed(&account(owner)), netuid);
            if let (Ok(()), Some(twin)) = (triggered, twin) {
                twin.pending = now + 10;
            }
        }
        1 => {
            let tempo = [0, 1, 2, 5, 17, 40, 360][random.below(7) as usize];
            let set = SubtensorModule::set_tempo(RuntimeOrigin::root(), netuid, tempo);
            if let (Ok(()), Some(twin)) = (set, twin) {
                twin.tempo = u64::from(tempo);
                twin.last = now;
            }
        }
        2 => {
            BlocksSinceLastStep::<Test>::insert(netuid, 50_390);
            if let Some(twin) = twin {
                twin.since = 50_390;
            }
        }
        _ => (),
    }
}
