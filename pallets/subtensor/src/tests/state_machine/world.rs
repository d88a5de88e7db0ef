//! A chain, those who act on it, and what is checked after each of their actions.

use std::hash::{DefaultHasher, Hash, Hasher};

use frame_support::{
    dispatch::{GetDispatchInfo, Pays},
    traits::{GetCallName, Hooks, UnfilteredDispatchable},
};
use sp_io::TestExternalities;
use sp_runtime::DispatchResult;
use subnet_hyperparameters::NetworkParameter;

use super::{
    Outcomes, audit,
    books::Books,
    chain_calls::{self, Signed},
    gifts,
    honest::{self, Honest},
    issue,
    journal::Journal,
    opinions::Opinions,
    rng::Rng,
    settings,
    swaps::Swaps,
    trades,
};
use crate::{
    Call, Event,
    mock::{RuntimeEvent, RuntimeOrigin, SubtensorModule, System, Test, events, signed},
};

/// Blocks between two comparisons of the books with the chain.
const AUDIT: u64 = 16;

/// A chain with everything on it.
pub(super) struct World {
    externalities: TestExternalities,
    rng: Rng,
    journal: Journal,
    opinions: Opinions,
    pub(super) books: Books,
    pub(super) honest: Honest,
    pub(super) outcomes: Outcomes,
}

impl World {
    pub(super) fn new(seed: u64) -> Self {
        let mut externalities = honest::chain().build();
        let mut rng = Rng::new(seed);
        let (books, honest) = externalities.execute_with(|| {
            for parameter in NetworkParameter::ALL {
                let value = settings::network_value(&mut rng, *parameter);
                // Some hostile ones are refused.
                let _ = SubtensorModule::set_network_parameter(
                    RuntimeOrigin::root(),
                    *parameter,
                    value,
                );
            }
            let honest = Honest::arrive(&mut rng);
            gifts::keep_root_alive();
            System::reset_events();
            (audit::open(), honest)
        });
        Self {
            externalities,
            rng,
            journal: Journal::new(seed),
            opinions: Opinions::default(),
            books,
            honest,
            outcomes: Outcomes::new(),
        }
    }

    pub(super) fn run(&mut self, blocks: u64) {
        for block in 1..=blocks {
            self.begin_block();
            for _ in 0..self.rng.below(12) {
                match self.rng.below(10) {
                    0..=6 => self.send(),
                    7 => self.set(),
                    _ => self.give(),
                }
            }
            if block % AUDIT == 0 || block == blocks {
                let books = &self.books;
                self.externalities.execute_with(|| books.check());
            }
        }
    }

    /// Ends a block and begins the next one.
    fn begin_block(&mut self) {
        let Self {
            externalities,
            rng,
            journal,
            books,
            honest,
            ..
        } = self;
        externalities.execute_with(|| {
            SubtensorModule::on_finalize(System::block_number());
            let number = System::block_number() + 1;
            System::set_block_number(number);
            journal.note(format!("block {number}: {}", gifts::begin_block(rng)));
            let foreseen = issue::foresee();
            SubtensorModule::on_initialize(number);
            if issue::is_done(&events()) {
                books.issue(foreseen);
            }
            let events = take_events(books);
            let has_run = honest.check(&events, books);
            SubtensorModule::do_try_state().unwrap();
            honest.act(rng, books, has_run);
            take_events(books);
        });
    }

    /// A random call.
    fn send(&mut self) {
        let Self {
            externalities,
            rng,
            journal,
            opinions,
            books,
            outcomes,
            ..
        } = self;
        let (signer, call) = externalities.execute_with(|| chain_calls::random(rng, opinions));
        let is_watched = rng.chance(6);
        let before = is_watched.then(|| digest(externalities));
        let name = call.get_call_name();
        journal.note(format!("{signer:?}: {call:?}"));
        let (result, events) = externalities.execute_with(|| {
            let result = dispatch((signer, call));
            (result, take_events(books))
        });
        journal.note(format!("  {result:?}"));
        outcomes.entry(name).or_default()[usize::from(result.is_err())] += 1;
        if result.is_err() {
            assert!(events.is_empty(), "a call that failed left events");
        }
        if events.is_empty() && is_watched {
            assert_eq!(
                before,
                Some(digest(externalities)),
                "a change without an event"
            );
        }
        self.enliven(&events);
    }

    /// New subnets get settings under which something happens, most often.
    fn enliven(&mut self, events: &[Event<Test>]) {
        for event in events {
            if let Event::NetworkAdded(netuid, _) = event
                && self.rng.chance(80)
            {
                let Self {
                    externalities,
                    rng,
                    books,
                    ..
                } = self;
                externalities.execute_with(|| {
                    settings::enliven(rng, *netuid);
                    take_events(books);
                });
            }
        }
    }

    fn set(&mut self) {
        let Self {
            externalities,
            rng,
            journal,
            books,
            ..
        } = self;
        externalities.execute_with(|| {
            let text = if rng.chance(80) {
                settings::change_subnet(rng)
            } else {
                settings::change_network(rng)
            };
            journal.note(text);
            take_events(books);
        });
    }

    fn give(&mut self) {
        let Self {
            externalities,
            rng,
            journal,
            books,
            ..
        } = self;
        externalities.execute_with(|| {
            // Who becomes an owner by a gift is in the events.
            let text = gifts::random(rng, books);
            journal.note(text);
            take_events(books);
        });
    }
}

/// Runs a call and compares its result with what was foreseen.
fn dispatch((signer, call): Signed) -> DispatchResult {
    let foreseen = signer
        .as_ref()
        .and_then(|signer| SubtensorModule::foresee(signer, &call));
    let is_forbidden = signer.is_some() && chain_calls::must_fail(&call);
    let is_free = call.get_dispatch_info().pays_fee == Pays::No;
    // A batch that does nothing is refused by the pool; in a block it would do nothing.
    let is_batch = match &call {
        Call::batch_set_weights { .. } | Call::batch_commit_weights { .. } => true,
        Call::batch_reveal_weights { uids_list, .. } => uids_list.is_empty(),
        _ => false,
    };
    let origin = signer.as_ref().map_or_else(RuntimeOrigin::root, signed);
    let result = call
        .dispatch_bypass_filter(origin)
        .map(|_| ())
        .map_err(|failure| failure.error);
    match foreseen {
        Some(Ok(())) if is_free => assert_eq!(result, Ok(()), "foreseen to succeed"),
        Some(Err(error)) if is_free && !is_batch => {
            assert_eq!(result, Err(error), "foreseen to fail");
        }
        // Of calls with a fee only that they fail is certain, since another reason may come first.
        Some(Err(error)) if !is_batch => assert!(result.is_err(), "foreseen to fail: {error:?}"),
        _ => {}
    }
    assert!(
        !is_forbidden || result.is_err(),
        "a stranger changed the honest subnet"
    );
    result
}

/// Reads the events since the last time into the books; those of this pallet.
fn take_events(books: &mut Books) -> Vec<Event<Test>> {
    let mut own = Vec::new();
    let known = events();
    let receiver = trades::receiver(&known);
    let swaps = Swaps::among(&known);
    for record in System::events() {
        match record.event {
            RuntimeEvent::SubtensorModule(event) => {
                books.read(&event);
                if swaps.joins(&event) {
                    books.read_joined(&event);
                } else {
                    books.read_stake(&event, receiver.as_ref());
                }
                books.read_swap(&event);
                own.push(event);
            }
            // What is too little to keep an account goes with it: of a dissolved subnet, when its holders
            // get all but that.
            RuntimeEvent::Balances(pallet_balances::Event::DustLost { account, amount }) => {
                books.burn(&account, amount);
            }
            RuntimeEvent::Balances(event) => read_succession(books, &swaps, event),
            _ => {}
        }
    }
    System::reset_events();
    books.check_issuance();
    own
}

/// What a coldkey hands over to its successor, and what is taken from it before.
fn read_succession(books: &mut Books, swaps: &Swaps, event: pallet_balances::Event<Test>) {
    let Some((old, new)) = &swaps.coldkeys else {
        return;
    };
    match event {
        pallet_balances::Event::Transfer { from, to, amount } => {
            assert_eq!((&from, &to), (old, new));
            books.take(old, amount);
            books.add(new, amount);
        }
        pallet_balances::Event::Burned { who, amount } => {
            assert_eq!(&who, old);
            books.burn(old, amount);
        }
        _ => {}
    }
}

/// All that was ever changed, in one number.
fn digest(externalities: &TestExternalities) -> u64 {
    let mut hasher = DefaultHasher::new();
    for (key, entry) in externalities.overlayed_changes().changes() {
        key.hash(&mut hasher);
        entry.clone().value().hash(&mut hasher);
    }
    hasher.finish()
}
