//! A re-registered uid inherits no weights, bonds, incentive or reveal of its predecessor, under every setting
//! of commit and reveal.
//!
//! The chain notes when a row was known and looks at that in the epoch. Its twin clears eagerly instead: when
//! a uid changes hands, everything that was said about it goes at once, from all rows and all bonds, and what
//! was committed about it before goes in the moment of its reveal. Both must divide every epoch alike. Besides,
//! a model that keeps nothing but who said what about whom, and when, says who may have earned anything at all.

use dendra_primitives::AlphaBalance;
use proptest::prelude::*;
use sp_core::H256;
use sp_runtime::DispatchResult;

use super::validators::{
    INDEX, SUBNET, bonds_toward, coldkey, epoch, hotkey, incentive, set, subnet_of,
};
use crate::{
    BlockAtRegistration, Bonds, CommitRevealWeightsEnabled, Consensus, Dividends, Emission, Keys,
    MaxAllowedUids, RevealPeriodEpochs, SubnetworkN, Tempo, Uids, ValidatorPermit, ValidatorTrust,
    WeightCommits, Weights, Yuma3On,
    mock::{SubtensorModule, System, Test, give_pending, give_stake, run_to_block, signed},
    weights::Reveal,
};

/// Neurons of the subnet.
const SEATS: u16 = 5;
/// Hotkeys that compete for them. The first ones hold stake, wherever they sit.
const HOTKEYS: u16 = 8;
const STAKES: [u64; HOTKEYS as usize] = [0, 4_000, 3_000, 2_000, 0, 0, 1_000, 0];

/// How weights come to the chain.
#[derive(Clone, Copy, Debug)]
enum Setting {
    Plain,
    Hidden(u64),
    Toggling,
}

#[derive(Clone, Debug)]
enum Action {
    Set(u16, Vec<u16>),
    Commit(u16, Vec<u16>),
    /// Of the commits to choose from, the one at this place, counted round.
    Reveal(usize),
    RevealTwo(usize, usize),
    Replace(u16, u16),
    Epoch,
    Blocks(u64),
    Toggle,
    Period(u64),
}

fn actions(setting: Setting) -> impl Strategy<Value = Vec<Action>> {
    let row = || proptest::sample::subsequence((0..SEATS).collect::<Vec<_>>(), 1..5);
    let toggles = u32::from(matches!(setting, Setting::Toggling));
    let (plain, hidden) = match setting {
        Setting::Plain => (6, 0),
        Setting::Hidden(_) => (0, 6),
        Setting::Toggling => (3, 4),
    };
    let mut choices: Vec<(u32, BoxedStrategy<Action>)> = vec![
        (
            5,
            (0..SEATS, 0..HOTKEYS)
                .prop_map(|(uid, key)| Action::Replace(uid, key))
                .boxed(),
        ),
        (6, Just(Action::Epoch).boxed()),
        (2, (1..4_u64).prop_map(Action::Blocks).boxed()),
    ];
    if plain > 0 {
        let set = (0..HOTKEYS, row()).prop_map(|(key, row)| Action::Set(key, row));
        choices.push((plain, set.boxed()));
    }
    if hidden > 0 {
        let commit = (0..HOTKEYS, row()).prop_map(|(key, row)| Action::Commit(key, row));
        choices.push((hidden, commit.boxed()));
        let place = || 0..12_usize;
        choices.push((8, place().prop_map(Action::Reveal).boxed()));
        let two = (place(), place()).prop_map(|(first, second)| Action::RevealTwo(first, second));
        choices.push((2, two.boxed()));
    }
    if toggles > 0 {
        choices.push((2, Just(Action::Toggle).boxed()));
        choices.push((1, (1..4_u64).prop_map(Action::Period).boxed()));
    }
    proptest::collection::vec(proptest::strategy::Union::new_weighted(choices), 20..80)
}

/// What a hotkey hid.
#[derive(Clone, Debug)]
struct Hidden {
    key: u16,
    uids: Vec<u16>,
    salt: u16,
    epoch: u64,
    block: u64,
}

impl Hidden {
    fn opened(&self) -> Reveal {
        Reveal {
            uids: self.uids.clone(),
            values: vec![1; self.uids.len()],
            salt: vec![self.salt],
            version_key: 0,
        }
    }

    fn hash(&self) -> H256 {
        self.opened().hash(&hotkey(self.key), INDEX).unwrap()
    }

    fn reveal(&self) -> DispatchResult {
        let Reveal {
            uids, values, salt, ..
        } = self.opened();
        let signer = signed(&hotkey(self.key));
        SubtensorModule::reveal_weights(signer, SUBNET, uids, values, salt, 0)
    }
}

/// What an epoch made of everything.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Outcome {
    incentive: Vec<u16>,
    dividends: Vec<u16>,
    consensus: Vec<u16>,
    trust: Vec<u16>,
    permits: Vec<bool>,
    emission: Vec<AlphaBalance>,
    bonds: Vec<Vec<(u16, u16)>>,
}

/// What both chains have to agree on.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Call(DispatchResult),
    Epoch(Outcome),
}

fn results() -> Outcome {
    Outcome {
        incentive: incentive(0),
        dividends: Dividends::<Test>::get(SUBNET).into_inner(),
        consensus: Consensus::<Test>::get(SUBNET).into_inner(),
        trust: ValidatorTrust::<Test>::get(SUBNET).into_inner(),
        permits: ValidatorPermit::<Test>::get(SUBNET).into_inner(),
        emission: Emission::<Test>::get(SUBNET).into_inner(),
        bonds: (0..SEATS)
            .map(|uid| Bonds::<Test>::get(INDEX, uid).into_inner())
            .collect(),
    }
}

/// Which of the two clears what was said about predecessors at once.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Clearing {
    ByTheChain,
    AtOnce,
}

/// A chain, and what a test knows of it.
struct Story {
    clearing: Clearing,
    hidden: Vec<Hidden>,
    /// By uid: the block since which the row stands, and whom it names.
    said: Vec<(u64, Vec<u16>)>,
    outcomes: Vec<Step>,
}

impl Story {
    fn new(clearing: Clearing) -> Self {
        Self {
            clearing,
            hidden: Vec::new(),
            said: vec![(0, Vec::new()); usize::from(SEATS)],
            outcomes: Vec::new(),
        }
    }

    fn tell(mut self, setting: Setting, actions: &[Action]) -> Vec<Step> {
        subnet_of(&STAKES[..usize::from(SEATS)]).run(|| {
            MaxAllowedUids::<Test>::insert(SUBNET, SEATS);
            Yuma3On::<Test>::insert(SUBNET, actions.len().is_multiple_of(2));
            for key in SEATS..HOTKEYS {
                SubtensorModule::associate(&coldkey(key), &hotkey(key)).unwrap();
                if STAKES[usize::from(key)] > 0 {
                    give_stake(
                        SUBNET,
                        &hotkey(key),
                        &coldkey(key),
                        STAKES[usize::from(key)],
                    );
                }
            }
            let period = match setting {
                Setting::Hidden(period) => period,
                _ => 1,
            };
            RevealPeriodEpochs::<Test>::insert(SUBNET, period);
            let is_hidden = matches!(setting, Setting::Hidden(_));
            CommitRevealWeightsEnabled::<Test>::insert(SUBNET, is_hidden);
            Tempo::<Test>::insert(SUBNET, 360);
            epoch();
            for action in actions {
                self.act(action);
            }
            self.newcomers_can_earn();
        });
        self.outcomes
    }

    fn act(&mut self, action: &Action) {
        let now = System::block_number();
        match action {
            Action::Set(key, uids) => {
                let result = set(*key, uids, &vec![1; uids.len()]);
                if let (Ok(()), Some(uid)) = (result, Uids::<Test>::get(SUBNET, hotkey(*key))) {
                    self.said[usize::from(uid)] = (now, uids.clone());
                }
                self.outcomes.push(Step::Call(result));
            }
            Action::Commit(key, uids) => {
                let salt = self.hidden.len() as u16;
                let hidden = Hidden {
                    key: *key,
                    uids: uids.clone(),
                    salt,
                    epoch: SubtensorModule::epoch_number(SUBNET),
                    block: now,
                };
                let signer = signed(&hotkey(*key));
                let result = SubtensorModule::commit_weights(signer, SUBNET, hidden.hash());
                if result.is_ok() {
                    self.hidden.push(hidden);
                }
                self.outcomes.push(Step::Call(result));
            }
            Action::Reveal(place) => {
                if let Some(hidden) = self.recent(*place) {
                    let result = hidden.reveal();
                    if result.is_ok() {
                        self.note_reveal(&hidden);
                    }
                    self.outcomes.push(Step::Call(result));
                }
            }
            Action::RevealTwo(first, second) => self.reveal_two(*first, *second),
            Action::Replace(uid, key) => self.replace(*uid, *key),
            Action::Epoch => {
                give_pending(SUBNET, 5_000, 5_000);
                epoch();
                self.check();
                self.outcomes.push(Step::Epoch(results()));
            }
            Action::Blocks(blocks) => run_to_block(now + blocks),
            Action::Toggle => {
                CommitRevealWeightsEnabled::<Test>::mutate(SUBNET, |on| *on = !*on);
            }
            Action::Period(period) => RevealPeriodEpochs::<Test>::insert(SUBNET, period),
        }
    }

    /// One of the commits whose time has come, or if there is none one of the latest, to be refused.
    fn recent(&self, place: usize) -> Option<Hidden> {
        let opening = SubtensorModule::epoch_number(SUBNET)
            .checked_sub(RevealPeriodEpochs::<Test>::get(SUBNET));
        let open: Vec<&Hidden> = self
            .hidden
            .iter()
            .filter(|hidden| Some(hidden.epoch) == opening)
            .collect();
        let latest = self.hidden.iter().rev().take(12).collect();
        let choice = if open.is_empty() { latest } else { open };
        choice.get(place % choice.len().max(1)).copied().cloned()
    }

    fn reveal_two(&mut self, first: usize, second: usize) {
        let (Some(first), Some(second)) = (self.recent(first), self.recent(second)) else {
            return;
        };
        let both = [first, second];
        let opened = both.clone().map(|hidden| hidden.opened());
        let result = SubtensorModule::batch_reveal_weights(
            signed(&hotkey(both[0].key)),
            SUBNET,
            opened.iter().map(|it| it.uids.clone()).collect(),
            opened.iter().map(|it| it.values.clone()).collect(),
            opened.iter().map(|it| it.salt.clone()).collect(),
            vec![0; 2],
        );
        if result.is_ok() {
            for hidden in &both {
                self.note_reveal(hidden);
            }
        }
        self.outcomes.push(Step::Call(result));
    }

    fn note_reveal(&mut self, hidden: &Hidden) {
        let uid = Uids::<Test>::get(SUBNET, hotkey(hidden.key)).unwrap();
        self.said[usize::from(uid)] = (hidden.block, hidden.uids.clone());
        // A commit of a predecessor never opens for its successor.
        assert!(BlockAtRegistration::<Test>::get(SUBNET, uid) <= hidden.block);
        if self.clearing == Clearing::AtOnce {
            Weights::<Test>::mutate(INDEX, uid, |row| {
                for (target, value) in row.iter_mut() {
                    if BlockAtRegistration::<Test>::get(SUBNET, *target) >= hidden.block {
                        *value = 0;
                    }
                }
            });
        }
    }

    fn replace(&mut self, uid: u16, key: u16) {
        if uid == 0 || Uids::<Test>::contains_key(SUBNET, hotkey(key)) {
            return;
        }
        SubtensorModule::replace_neuron(SUBNET, uid, &hotkey(key)).unwrap();
        self.said[usize::from(uid)] = (0, Vec::new());
        assert_eq!(incentive(0)[usize::from(uid)], 0);
        assert_eq!(Dividends::<Test>::get(SUBNET)[usize::from(uid)], 0);
        if self.clearing == Clearing::AtOnce {
            for row in 0..SEATS {
                Weights::<Test>::mutate(INDEX, row, |row| {
                    for (target, value) in row.iter_mut() {
                        if *target == uid {
                            *value = 0;
                        }
                    }
                });
                Bonds::<Test>::mutate(INDEX, row, |row| row.retain(|(target, _)| *target != uid));
            }
        }
    }

    /// Who earns as a miner was named after its registration; who earns as a validator said something after
    /// its own, about someone who had registered before.
    fn check(&self) {
        let registered = |uid: u16| BlockAtRegistration::<Test>::get(SUBNET, uid);
        let names =
            |said: &(u64, Vec<u16>), uid: u16| said.1.contains(&uid) && said.0 > registered(uid);
        let dividends = Dividends::<Test>::get(SUBNET);
        for uid in 0..SEATS {
            if incentive(0)[usize::from(uid)] > 0 {
                assert!(
                    self.said.iter().any(|said| names(said, uid)),
                    "uid {uid} earned, and nobody named it: {:?}",
                    self.said
                );
            }
            let own = &self.said[usize::from(uid)];
            if dividends[usize::from(uid)] > 0 {
                assert!(!own.1.is_empty(), "uid {uid} never said anything");
            }
            if own.1.is_empty() {
                assert_eq!(Weights::<Test>::get(INDEX, uid).into_inner(), []);
                assert_eq!(Bonds::<Test>::get(INDEX, uid).into_inner(), []);
            }
            let is_newcomer = !self.said.iter().any(|said| names(said, uid));
            if is_newcomer && registered(uid) + 1 == System::block_number() {
                let toward = bonds_toward(&[0, 1, 2, 3, 4], uid);
                assert_eq!(toward, [0; 5], "bonds toward uid {uid}");
            }
            if let Some(queue) = WeightCommits::<Test>::get(INDEX, hotkey(uid)) {
                let own = Uids::<Test>::get(SUBNET, hotkey(uid)).unwrap();
                assert!(queue.iter().all(|commit| commit.2 >= registered(own)));
            }
        }
    }

    /// Nobody is shut out: what is said from now on counts.
    fn newcomers_can_earn(&mut self) {
        CommitRevealWeightsEnabled::<Test>::insert(SUBNET, false);
        epoch();
        epoch();
        let permits = ValidatorPermit::<Test>::get(SUBNET);
        let validators: Vec<u16> = (0..SEATS)
            .filter(|uid| permits[usize::from(*uid)])
            .collect();
        for uid in &validators {
            let hotkey = Keys::<Test>::get(SUBNET, uid);
            let others: Vec<u16> = (0..SEATS).filter(|other| other != uid).collect();
            SubtensorModule::set_weights(signed(&hotkey), SUBNET, others, vec![1; 4], 0).unwrap();
        }
        give_pending(SUBNET, 5_000, 5_000);
        epoch();
        let earning = incentive(0).iter().filter(|share| **share > 0).count();
        let has_stake = validators.len() > 1;
        assert!(!has_stake || earning >= 3, "{earning} of {validators:?}");
        assert_eq!(SubnetworkN::<Test>::get(SUBNET), SEATS);
    }
}

fn assert_nothing_is_inherited(setting: Setting, actions: &[Action]) {
    let chain = Story::new(Clearing::ByTheChain).tell(setting, actions);
    let twin = Story::new(Clearing::AtOnce).tell(setting, actions);
    assert_eq!(chain, twin);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn nothing_is_inherited_with_plain_weights(actions in actions(Setting::Plain)) {
        assert_nothing_is_inherited(Setting::Plain, &actions);
    }

    #[test]
    fn nothing_is_inherited_with_a_period_of_one(actions in actions(Setting::Hidden(1))) {
        assert_nothing_is_inherited(Setting::Hidden(1), &actions);
    }

    #[test]
    fn nothing_is_inherited_with_a_period_of_two(actions in actions(Setting::Hidden(2))) {
        assert_nothing_is_inherited(Setting::Hidden(2), &actions);
    }

    #[test]
    fn nothing_is_inherited_with_a_period_of_three(actions in actions(Setting::Hidden(3))) {
        assert_nothing_is_inherited(Setting::Hidden(3), &actions);
    }

    #[test]
    fn nothing_is_inherited_when_commit_and_reveal_is_switched(actions in actions(Setting::Toggling)) {
        assert_nothing_is_inherited(Setting::Toggling, &actions);
    }
}
