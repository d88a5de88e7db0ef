//! The machine against a model of the chain, killed at every step.

use std::{
    collections::BTreeMap,
    hash::{DefaultHasher, Hash, Hasher},
};

use proptest::prelude::*;

use super::*;
use crate::{
    hotkey::Hotkey,
    weights::{NoRow, Row},
};

fn hash_of(row: &Row, salt: &[u16]) -> [u8; 32] {
    let mut hasher = DefaultHasher::new();
    (&row.uids, &row.values, salt).hash(&mut hasher);
    let mut hash = [0; 32];
    hash[..8].copy_from_slice(&hasher.finish().to_le_bytes());
    hash
}

#[derive(Clone, Debug)]
struct Transaction {
    nonce: u64,
    action: Action,
    until: u32,
}

/// Sections 2 and 10 of the consensus for one hotkey, with a pool that may lose what it holds.
#[derive(Clone, Debug)]
struct Model {
    block: u32,
    tempo: u32,
    started: u32,
    index: u64,
    nonce: u64,
    registered: bool,
    last_update: u64,
    rate_limit: u64,
    commit_reveal: bool,
    period: u64,
    commits: Vec<OnChain>,
    pool: Vec<Transaction>,
    /// What blocks hold: the action, and whether it did what it should.
    log: Vec<(u32, Action, bool)>,
}

impl Model {
    fn new(tempo: u32, commit_reveal: bool, period: u64, rate_limit: u64) -> Self {
        Self {
            block: 1,
            tempo,
            started: 0,
            index: 0,
            nonce: 0,
            registered: true,
            last_update: 0,
            rate_limit,
            commit_reveal,
            period,
            commits: Vec::new(),
            pool: Vec::new(),
            log: Vec::new(),
        }
    }

    fn next_epoch(&self) -> u64 {
        self.index + u64::from(self.started + self.tempo <= self.block + 1)
    }

    fn view(&self) -> View<'_> {
        View {
            block: self.block,
            epoch: self.next_epoch(),
            nonce: self.nonce,
            uid: self.registered.then_some(0),
            is_permitted: self.registered,
            last_update: self.last_update,
            rate_limit: self.rate_limit,
            version_key: 3,
            validity: 66,
            commit_reveal: self.commit_reveal,
            reveal_period: self.period,
            commits: &self.commits,
        }
    }

    fn is_possible(&self, action: &Action, block: u32, epoch: u64) -> bool {
        let is_free =
            self.last_update == 0 || u64::from(block) - self.last_update >= self.rate_limit;
        self.registered
            && match action {
                Action::Set { .. } => !self.commit_reveal && is_free,
                Action::Commit { .. } => {
                    let open = self
                        .commits
                        .iter()
                        .filter(|commit| epoch <= commit.epoch + self.period);
                    self.commit_reveal && is_free && open.count() < OPEN_COMMITS
                }
                Action::Reveal { row, salt, .. } => {
                    let hash = hash_of(row, salt);
                    let mut commits = self.commits.iter();
                    self.commit_reveal
                        && commits.any(|commit| {
                            commit.hash == hash && commit.epoch + self.period == epoch
                        })
                }
            }
    }

    fn submit(&mut self, order: &Order) -> Result<(), String> {
        if order.nonce < self.nonce {
            return Err("stale".into());
        }
        if self.pool.iter().any(|other| other.nonce == order.nonce) {
            return Err("priority too low".into());
        }
        if !self.is_possible(&order.action, self.block + 1, self.next_epoch()) {
            return Err("invalid".into());
        }
        self.pool.push(Transaction {
            nonce: order.nonce,
            action: order.action.clone(),
            until: self.block + 64,
        });
        Ok(())
    }

    fn produce(&mut self, includes: bool) {
        self.block += 1;
        if self.started + self.tempo <= self.block {
            self.started = self.block;
            self.index += 1;
        }
        let block = self.block;
        self.pool.retain(|transaction| transaction.until >= block);
        while let Some(place) = self
            .pool
            .iter()
            .position(|other| includes && other.nonce == self.nonce)
        {
            let transaction = self.pool.remove(place);
            self.nonce += 1;
            let works = self.is_possible(&transaction.action, self.block, self.index);
            if works {
                self.apply(&transaction.action);
            }
            self.log.push((self.block, transaction.action, works));
        }
        self.pool
            .retain(|transaction| transaction.nonce >= self.nonce);
    }

    fn apply(&mut self, action: &Action) {
        match action {
            Action::Set { .. } => self.last_update = self.block.into(),
            Action::Commit { hash } => {
                let (epoch, period) = (self.index, self.period);
                self.commits.retain(|commit| epoch <= commit.epoch + period);
                self.commits.push(OnChain {
                    hash: *hash,
                    epoch,
                    block: self.block.into(),
                });
                self.last_update = self.block.into();
            }
            Action::Reveal { row, salt, .. } => {
                let hash = hash_of(row, salt);
                let place = self.commits.iter().position(|commit| commit.hash == hash);
                self.commits.drain(..=place.expect("it is possible"));
            }
        }
    }
}

/// Rows that tell their epoch, and salts that never repeat.
#[derive(Debug, Default)]
struct Numbers {
    salts: u16,
    epochs: BTreeMap<[u8; 32], u64>,
}

impl Ink for Numbers {
    fn row(&mut self, wish: &Wish) -> Result<Row, NoRow> {
        Ok(Row {
            uids: vec![1],
            values: vec![wish.epoch as u16],
        })
    }

    fn seal(&mut self, row: &Row, _: u64) -> Sealed {
        self.salts += 1;
        let salt = vec![self.salts];
        let hash = hash_of(row, &salt);
        self.epochs.insert(hash, row.values[0].into());
        Sealed { salt, hash }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kill {
    Never,
    BeforeStoring,
    BeforeSending,
    AfterSending,
    BeforeStoringTheAnswer,
}

/// A validator whose memory is its disk, on a model chain with a past.
struct World {
    chain: Model,
    past: Vec<Model>,
    disk: String,
    ink: Numbers,
    notes: Vec<Note>,
}

/// By hash of a commit: how often it was revealed, tried and done.
type Reveals = BTreeMap<[u8; 32], (u32, u32)>;

impl World {
    fn new(chain: Model) -> Self {
        Self {
            past: vec![],
            chain,
            disk: serde_json::to_string(&Submission::default()).expect("JSON"),
            ink: Numbers::default(),
            notes: Vec::new(),
        }
    }

    fn state(&self) -> Submission {
        serde_json::from_str(&self.disk).expect("what was written")
    }

    fn store(&mut self, state: &Submission) {
        self.disk = serde_json::to_string(state).expect("JSON");
    }

    fn produce(&mut self, includes: bool) {
        self.past.push(self.chain.clone());
        if self.past.len() > 3 {
            self.past.remove(0);
        }
        self.chain.produce(includes);
    }

    /// The last blocks give way to others, and what they held is in the pool again.
    fn reorganise(&mut self, depth: usize, includes: bool) {
        let Some(place) = self.past.len().checked_sub(depth) else {
            return;
        };
        let old = std::mem::replace(&mut self.chain, self.past[place].clone());
        self.past.truncate(place);
        let mut pool = old.pool;
        for (nonce, (_, action, _)) in (0..).zip(&old.log).skip(self.chain.log.len()) {
            pool.push(Transaction {
                nonce,
                action: action.clone(),
                until: old.block + 64,
            });
        }
        self.chain.pool = pool;
        for _ in 0..=depth {
            self.produce(includes);
        }
    }

    fn round(&mut self) {
        let mut state = self.state();
        let epoch = self.chain.index;
        let scores = vec![(Hotkey([7; 32]), 1.0)];
        state.offer(Wish { epoch, scores });
        self.store(&state);
    }

    /// One look at the chain and what follows from it. `includes`: whether the next block holds what was sent.
    fn drive(&mut self, kill: Kill, includes: bool) {
        let mut state = self.state();
        let step = state.advance(&self.chain.view(), &mut self.ink);
        if kill == Kill::BeforeStoring {
            return;
        }
        self.store(&state);
        self.notes.extend(step.notes);
        let (Some(order), true) = (step.order, kill != Kill::BeforeSending) else {
            return;
        };
        let outcome = match self.chain.submit(&order) {
            Err(reason) => Outcome::Refused(reason),
            Ok(()) if kill == Kill::AfterSending => return,
            Ok(()) => {
                let before = self.chain.log.len();
                self.produce(includes);
                let held = self.chain.log.get(before..).unwrap_or_default();
                match held.iter().find(|(_, action, _)| *action == order.action) {
                    Some((_, _, true)) => Outcome::Included,
                    Some(_) => Outcome::Failed("at inclusion".into()),
                    None => Outcome::Unknown("not within the deadline".into()),
                }
            }
        };
        state.answered(&outcome, self.chain.block);
        if kill != Kill::BeforeStoringTheAnswer && kill != Kill::AfterSending {
            self.store(&state);
        }
    }

    /// How often the scores of an epoch were committed.
    fn commits(&self) -> BTreeMap<u64, u32> {
        let mut counts = BTreeMap::new();
        for (_, action, works) in &self.chain.log {
            if let Action::Commit { hash } = action {
                *counts.entry(self.ink.epochs[hash]).or_insert(0) += u32::from(*works);
            }
        }
        counts
    }

    /// How often the scores of an epoch got on chain, and how often each commit was revealed: tried, and done.
    fn counts(&self) -> (BTreeMap<u64, u32>, Reveals) {
        let mut handed = BTreeMap::new();
        let mut reveals = BTreeMap::new();
        for (_, action, works) in &self.chain.log {
            let works = u32::from(*works);
            match action {
                Action::Set { row, .. } => {
                    *handed.entry(row.values[0].into()).or_insert(0) += works
                }
                Action::Commit { hash } => {
                    *handed.entry(self.ink.epochs[hash]).or_insert(0) += works
                }
                Action::Reveal { row, salt, .. } => {
                    let count = reveals.entry(hash_of(row, salt)).or_insert((0, 0));
                    *count = (count.0 + 1, count.1 + works);
                }
            }
        }
        (handed, reveals)
    }
}

#[derive(Clone, Debug)]
enum Operation {
    Round,
    Drive(Kill, bool),
    Block(bool),
    PoolLosesAll,
    Reorganisation(usize, bool),
    Toggle,
    Period(u64),
    Register(bool),
}

fn kill() -> impl Strategy<Value = Kill> {
    prop_oneof![
        3 => Just(Kill::Never),
        1 => Just(Kill::BeforeStoring),
        1 => Just(Kill::BeforeSending),
        1 => Just(Kill::AfterSending),
        1 => Just(Kill::BeforeStoringTheAnswer),
    ]
}

/// What can happen to a validator on a chain whose head never changes its mind.
fn operation() -> impl Strategy<Value = Operation> {
    prop_oneof![
        4 => Just(Operation::Round),
        12 => (kill(), any::<bool>()).prop_map(|(kill, includes)| Operation::Drive(kill, includes)),
        8 => any::<bool>().prop_map(Operation::Block),
        1 => Just(Operation::PoolLosesAll),
    ]
}

/// With reorganisations and changes of the subnet. They can bring a reveal into a block where it fails, so that another is due.
fn changing_operation() -> impl Strategy<Value = Operation> {
    prop_oneof![
        30 => operation(),
        1 => (1_usize..=2, any::<bool>())
            .prop_map(|(depth, includes)| Operation::Reorganisation(depth, includes)),
        1 => Just(Operation::Toggle),
        1 => (1_u64..4).prop_map(Operation::Period),
    ]
}

/// With registrations, which take commits away: what was lost so is handed in again.
fn any_operation() -> impl Strategy<Value = Operation> {
    prop_oneof![
        30 => changing_operation(),
        1 => any::<bool>().prop_map(Operation::Register),
    ]
}

fn run(world: &mut World, operations: Vec<Operation>) {
    for operation in operations {
        match operation {
            Operation::Round => world.round(),
            Operation::Drive(kill, includes) => world.drive(kill, includes),
            Operation::Block(includes) => world.produce(includes),
            Operation::PoolLosesAll => world.chain.pool.clear(),
            Operation::Reorganisation(depth, includes) => world.reorganise(depth, includes),
            Operation::Toggle => world.chain.commit_reveal = !world.chain.commit_reveal,
            Operation::Period(period) => world.chain.period = period,
            Operation::Register(registered) => {
                world.chain.registered = registered;
                world.chain.commits.clear();
            }
        }
    }
}

fn chains() -> impl Strategy<Value = Model> {
    (5_u32..25, any::<bool>(), 1_u64..3, 0_u64..30).prop_map(
        |(tempo, commit_reveal, period, rate)| Model::new(tempo, commit_reveal, period, rate),
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn killed_anywhere_nothing_is_on_chain_twice(
        chain in chains(),
        operations in proptest::collection::vec(operation(), 0..150),
    ) {
        let mut world = World::new(chain);
        run(&mut world, operations);
        let (handed, reveals) = world.counts();
        prop_assert!(handed.values().all(|times| *times <= 1), "{handed:?} {:?}", world.chain.log);
        prop_assert!(reveals.values().all(|(tried, _)| *tried <= 1), "{reveals:?} {:?}", world.chain.log);
    }

    #[test]
    fn nor_is_a_commit_if_the_subnet_or_the_head_changes_under_way(
        chain in chains(),
        operations in proptest::collection::vec(changing_operation(), 0..150),
    ) {
        let mut world = World::new(chain);
        run(&mut world, operations);
        let (_, reveals) = world.counts();
        // A row that is set in the open and moved by a change of head may be set once more; it is the same row.
        let commits = world.commits();
        prop_assert!(commits.values().all(|times| *times <= 1), "{commits:?} {:?}", world.chain.log);
        prop_assert!(reveals.values().all(|(_, done)| *done <= 1), "{reveals:?} {:?}", world.chain.log);
    }

    /// Three kills in every epoch of 24 blocks, wherever they fall: each commit that got on chain is revealed.
    #[test]
    fn killed_anywhere_no_reveal_is_lost(
        kills in proptest::collection::vec((kill(), kill(), kill(), 0_u32..24, 0_u32..24, 0_u32..24), 12),
        period in 1_u64..3,
        rate_limit in 0_u64..20,
    ) {
        let mut world = World::new(Model::new(24, true, period, rate_limit));
        for (one, two, three, a, b, c) in kills {
            let started = world.chain.index;
            while world.chain.index == started {
                world.round();
                let place = world.chain.block - world.chain.started;
                let kill = [(a, one), (b, two), (c, three)]
                    .into_iter()
                    .find(|(at, _)| *at == place)
                    .map_or(Kill::Never, |(_, kill)| kill);
                let before = world.chain.block;
                world.drive(kill, true);
                if world.chain.block == before {
                    world.produce(true);
                }
            }
        }
        let (handed, reveals) = world.counts();
        prop_assert!(handed.values().filter(|times| **times == 1).count() >= 9, "{handed:?}");
        let now = world.chain.index;
        for (block, action, works) in &world.chain.log {
            let Action::Commit { hash } = action else { continue };
            let is_over = u64::from(block / 24) + period < now;
            if *works && is_over {
                prop_assert_eq!(reveals.get(hash), Some(&(1, 1)), "{:?}", world.chain.log);
            }
        }
        prop_assert!(!world.notes.iter().any(|note| matches!(note, Note::Lost(_))));
    }

    /// After whatever happened, quiet blocks bring everything to an end.
    #[test]
    fn nothing_hangs_forever(
        chain in chains(),
        operations in proptest::collection::vec(any_operation(), 0..120),
    ) {
        let mut world = World::new(chain);
        run(&mut world, operations);
        world.chain.registered = true;
        for _ in 0..300 {
            world.drive(Kill::Never, true);
            world.produce(true);
        }
        prop_assert!(world.state().is_idle(), "{:?}", world.state());
    }
}

#[test]
fn weights_are_set_in_the_open_where_nothing_is_hidden() {
    let mut world = World::new(Model::new(10, false, 1, 5));
    world.round();
    world.drive(Kill::Never, true);
    world.drive(Kill::Never, true);
    assert_eq!(world.notes, [Note::Set(0)]);
    assert!(world.state().is_idle());
    assert_eq!(world.state().handed(), Some(0));
}

#[test]
fn the_rate_limit_is_waited_for() {
    let mut world = World::new(Model::new(10, false, 1, 7));
    world.chain.last_update = 1;
    world.round();
    world.drive(Kill::Never, true);
    assert_eq!(world.chain.log, []);
    assert_eq!(
        world.state().waiting(&world.chain.view()),
        Waiting::RateLimit(8)
    );
    for _ in 0..20 {
        world.drive(Kill::Never, true);
        world.produce(true);
    }
    assert_eq!(
        world
            .chain
            .log
            .iter()
            .map(|(block, ..)| *block)
            .collect::<Vec<_>>(),
        [8]
    );
    assert!(world.chain.log.iter().all(|(_, _, works)| *works));
}

#[test]
fn the_same_order_goes_out_again_after_a_kill_before_sending() {
    let mut world = World::new(Model::new(100, true, 1, 0));
    world.round();
    world.drive(Kill::BeforeSending, true);
    let hash = world.state().commits()[0].hash;
    for _ in 0..=AGAIN {
        world.produce(true);
    }
    world.drive(Kill::Never, true);
    assert!(
        matches!(&world.chain.log[..], [(_, Action::Commit { hash: sent }, true)] if *sent == hash)
    );
}

#[test]
fn weights_that_were_not_revealed_in_time_are_said_to_be_lost() {
    let mut world = World::new(Model::new(10, true, 1, 0));
    world.round();
    world.drive(Kill::Never, true);
    world.drive(Kill::Never, true);
    assert_eq!(
        world.notes,
        [Note::Committed {
            epoch: 0,
            reveal: 1
        }]
    );
    for _ in 0..25 {
        world.produce(true);
    }
    world.drive(Kill::Never, true);
    assert_eq!(world.notes.last(), Some(&Note::Lost(0)));
    assert!(world.state().is_idle());
}

#[test]
fn a_row_that_does_not_fit_is_said_and_not_sent() {
    struct Blank;
    impl Ink for Blank {
        fn row(&mut self, _: &Wish) -> Result<Row, NoRow> {
            Err(NoRow::TooFew {
                there: 1,
                needed: 8,
            })
        }
        fn seal(&mut self, _: &Row, _: u64) -> Sealed {
            unreachable!("there is no row")
        }
    }
    let chain = Model::new(10, false, 1, 0);
    let mut state = Submission::default();
    assert!(state.offer(Wish {
        epoch: 4,
        scores: vec![]
    }));
    assert!(!state.offer(Wish {
        epoch: 4,
        scores: vec![]
    }));
    let step = state.advance(&chain.view(), &mut Blank);
    assert_eq!(step.order, None);
    let error = NoRow::TooFew {
        there: 1,
        needed: 8,
    };
    assert_eq!(step.notes, [Note::NoRow { epoch: 4, error }]);
}

#[test]
fn no_more_commits_than_the_chain_keeps() {
    let mut world = World::new(Model::new(5, true, 40, 0));
    for _ in 0..80 {
        world.round();
        world.drive(Kill::Never, true);
        world.produce(true);
    }
    assert_eq!(world.chain.commits.len(), OPEN_COMMITS);
    assert_eq!(world.state().waiting(&world.chain.view()), Waiting::Room);
    assert!(
        world.chain.log.iter().all(|(_, _, works)| *works),
        "{:?}",
        world.chain.log
    );
}
