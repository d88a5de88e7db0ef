//! The whole loop over a chain in memory and miners on real sockets.

use std::{path::Path, time::Duration};

use prometheus::Registry;
use sp_core::Pair as _;
use subnet_sdk::{LanguageModel, ModelError, Models, Template};
use tokio::task::JoinHandle;

use super::*;
use crate::{
    simulation::{
        chain::{Memory, block_hash},
        miners::{self, Miner},
        toy::TOY,
    },
    submission::Action,
};

struct NoModels;
impl Models for NoModels {
    fn load(&self, reference: &str) -> Result<Arc<dyn LanguageModel>, ModelError> {
        Err(ModelError::Request(format!("there is no `{reference}`")))
    }
}

const NETUID: u16 = 7;

/// A chain with miners of these qualities, and a validator that can be started and killed.
struct Scene {
    chain: Memory,
    miners: Vec<Miner>,
    folder: tempfile::TempDir,
    stop: Stop,
}

impl Scene {
    async fn new(tempo: u16, qualities: &[u8]) -> Self {
        let stop = Stop::new();
        let mut all = Vec::new();
        for (number, quality) in (1..).zip(qualities) {
            all.push(
                Miner::start(number, *quality, &stop)
                    .await
                    .expect("a miner"),
            );
        }
        let own = miners::hotkey(0);
        let chain = Memory::new(own);
        chain.add(miners::subnet(NETUID, tempo, own, &all));
        let folder = tempfile::tempdir().expect("a folder");
        Self {
            chain,
            miners: all,
            folder,
            stop,
        }
    }

    fn validator(&self, folder: &Path) -> Validator<Memory> {
        let pair = Arc::new(miners::pair(0));
        let metrics = Metrics::register(&Registry::new()).expect("new names");
        let own = Hotkey(pair.public().0);
        Validator {
            chain: self.chain.clone(),
            store: Arc::new(Store::open(folder, &own).expect("opened")),
            asker: Asker::new(pair.clone(), 8, metrics.clone()).expect("a client"),
            pair,
            metrics,
            models: Arc::new(NoModels),
            own,
            smoothing: 0.5,
            keep: Keep {
                rounds: 3,
                receipts: 5,
            },
            turn: Arc::default(),
            stop: Stop::new(),
        }
    }

    fn start(&self) -> Running {
        self.start_for(&[NETUID])
    }

    fn start_for(&self, netuids: &[u16]) -> Running {
        let duties: Vec<_> = netuids.iter().map(|netuid| (*netuid, &TOY as _)).collect();
        self.start_with(&duties)
    }

    fn start_with(&self, duties: &[(u16, &'static dyn Template)]) -> Running {
        let validator = self.validator(self.folder.path());
        let (store, metrics, stop) = (
            validator.store.clone(),
            validator.metrics.clone(),
            validator.stop.clone(),
        );
        let mut tasks = Vec::new();
        for (netuid, template) in duties {
            let duty = Duty {
                netuid: *netuid,
                template: *template,
                settings: serde_json::Map::new(),
            };
            tasks.push(tokio::spawn(serve(validator.clone(), duty)));
        }
        Running {
            store,
            metrics,
            stop,
            tasks,
        }
    }

    /// Makes blocks until something is so.
    async fn until(&self, what: &str, mut is_so: impl FnMut() -> bool) {
        for _ in 0..2_000 {
            if is_so() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
            self.chain.produce();
        }
        panic!("never: {what}");
    }

    /// Waits until something is so that needs no more blocks.
    async fn wait(&self, what: &str, mut is_so: impl FnMut() -> bool) {
        for _ in 0..4_000 {
            if is_so() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("never: {what}");
    }

    /// Makes blocks until an epoch begins.
    fn begin(&self, epoch: u64) {
        while self.chain.with(|state| state.chapters[&NETUID].index) < epoch {
            self.chain.produce();
        }
    }

    fn row(&self) -> Vec<(u16, u16)> {
        self.chain.with(|state| {
            state.chapters[&NETUID]
                .rows
                .get(&0)
                .cloned()
                .unwrap_or_default()
        })
    }

    fn actions(&self, name: &str) -> usize {
        self.chain.with(|state| {
            state
                .log
                .iter()
                .filter(|(_, _, action, works)| *works && action.name() == name)
                .count()
        })
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        self.stop.now();
    }
}

/// Whether a row is this one, but for the last digit of rounding.
fn is_near(row: &[(u16, u16)], other: &[(u16, u16)]) -> bool {
    let mut pairs = row.iter().zip(other);
    row.len() == other.len() && pairs.all(|(a, b)| a.0 == b.0 && a.1.abs_diff(b.1) <= 1)
}

/// Waits until nobody else has the data: what runs beside the tasks ends by itself.
async fn released(store: &Arc<Store>) {
    for _ in 0..2_000 {
        if Arc::strong_count(store) == 1 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    panic!("somebody keeps the data");
}

struct Running {
    store: Arc<Store>,
    metrics: Metrics,
    stop: Stop,
    tasks: Vec<JoinHandle<Result<(), StoreError>>>,
}

impl Running {
    /// Ends it as SIGTERM does.
    async fn end(self) {
        self.stop.now();
        for task in self.tasks {
            task.await.expect("no panic").expect("no fault");
        }
        released(&self.store).await;
    }

    /// Ends it as SIGKILL does, as far as a task can.
    async fn kill(self) {
        for task in &self.tasks {
            task.abort();
        }
        for task in self.tasks {
            let _ = task.await;
        }
        released(&self.store).await;
    }

    fn rounds(&self) -> Vec<u64> {
        self.store.rounds(NETUID).expect("read")
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn better_miners_get_more_and_worthless_ones_nothing() {
    let scene = Scene::new(20, &[255, 127, 0]).await;
    let running = scene.start();
    scene.until("weights", || !scene.row().is_empty()).await;
    // Scores 1 and 127/255, half of which counts in the first average.
    assert!(
        is_near(&scene.row(), &[(1, 65_535), (2, 32_639)]),
        "{:?}",
        scene.row()
    );
    let stored = running
        .store
        .round(NETUID, running.rounds()[0])
        .expect("read")
        .expect("there");
    assert_eq!(stored.exchanges.len(), 3);
    let (_, receipts) = running
        .store
        .receipts(NETUID, None)
        .expect("read")
        .expect("there");
    let checked = crate::receipts::check(&receipts, Some(&miners::hotkey(0)));
    assert_eq!(
        checked
            .iter()
            .filter(|checked| checked.result.is_ok())
            .count(),
        3
    );
    running.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_round_for_each_epoch_also_after_a_restart() {
    let scene = Scene::new(20, &[255]).await;
    let running = scene.start();
    scene.wait("a round", || running.rounds() == [0]).await;
    running.end().await;
    let asked = scene.miners[0].answered();
    let running = scene.start();
    scene.begin(1);
    scene
        .wait("its round", || running.rounds().contains(&1))
        .await;
    assert_eq!(running.rounds(), [0, 1]);
    assert_eq!(scene.miners[0].answered(), asked + 1);
    running.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hidden_weights_are_committed_and_revealed_in_their_epoch() {
    let scene = Scene::new(20, &[255, 51]).await;
    scene.chain.with(|state| {
        let subnet = &mut state.chapters.get_mut(&NETUID).expect("there").subnet;
        subnet.commit_reveal = true;
        subnet.weights_rate_limit = 5;
    });
    let running = scene.start();
    scene
        .until("three reveals", || scene.actions("reveal") >= 3)
        .await;
    assert!(
        is_near(&scene.row(), &[(1, 65_535), (2, 13_107)]),
        "{:?}",
        scene.row()
    );
    assert_eq!(
        running
            .metrics
            .weights
            .with_label_values(&["7", "lost"])
            .get(),
        0
    );
    running.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_again_and_again_no_reveal_is_lost_and_nothing_is_sent_twice() {
    let scene = Scene::new(100, &[255, 51]).await;
    scene.chain.with(|state| {
        state
            .chapters
            .get_mut(&NETUID)
            .expect("there")
            .subnet
            .commit_reveal = true;
    });
    for pause in [0_u64, 3, 11, 17, 23, 31, 37, 41, 53, 67, 71, 83] {
        let running = scene.start();
        for _ in 0..pause {
            tokio::time::sleep(Duration::from_millis(4)).await;
            scene.chain.produce();
        }
        running.kill().await;
    }
    let running = scene.start();
    scene
        .until("two more reveals", {
            let before = scene.actions("reveal");
            let scene = &scene;
            move || scene.actions("reveal") >= before + 2
        })
        .await;
    scene.chain.with(|state| {
        let chapter = &state.chapters[&NETUID];
        let commits: Vec<u64> = state
            .log
            .iter()
            .filter(|(_, _, action, works)| *works && matches!(action, Action::Commit { .. }))
            .map(|(block, ..)| u64::from(*block - 1) / 100)
            .collect();
        let mut distinct = commits.clone();
        distinct.dedup();
        // One commit in an epoch, and each one that is over was revealed.
        assert_eq!(commits, distinct);
        let reveals = state
            .log
            .iter()
            .filter(|(_, _, action, works)| *works && action.name() == "reveal");
        let open = chapter.commits.len();
        assert_eq!(commits.len(), reveals.count() + open, "{:?}", state.log);
        assert!(open <= 1);
    });
    running.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replaced_miner_starts_from_nothing() {
    let scene = Scene::new(20, &[255, 255]).await;
    let running = scene.start();
    for epoch in 0..2 {
        scene.begin(epoch);
        scene
            .wait("a round", || running.rounds().contains(&epoch))
            .await;
    }
    // Uid 2 gets another owner, who serves nothing.
    let newcomer = miners::hotkey(99);
    scene.chain.with(|state| {
        let block = state.block;
        let neurons = &mut state
            .chapters
            .get_mut(&NETUID)
            .expect("there")
            .subnet
            .neurons;
        neurons[2] = miners::neuron(2, newcomer, None);
        neurons[2].registered_at = block.into();
    });
    scene.begin(2);
    scene
        .wait("a round after it", || running.rounds().contains(&2))
        .await;
    scene.until("its weights", || scene.row().len() == 1).await;
    let averages = running.store.averages(NETUID).expect("read");
    let of = |hotkey: Hotkey| {
        averages
            .iter()
            .find(|(other, _)| *other == hotkey)
            .map(|(_, average)| average.value)
    };
    assert_eq!(of(newcomer), Some(0.0));
    assert_eq!(of(scene.miners[1].hotkey()), None);
    assert!(of(scene.miners[0].hotkey()).is_some_and(|value| value > 0.5));
    running.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hyperparameters_are_followed_as_they_change() {
    let scene = Scene::new(15, &[255, 51]).await;
    let running = scene.start();
    scene
        .until("open weights", || scene.actions("set") == 1)
        .await;
    scene.chain.with(|state| {
        let subnet = &mut state.chapters.get_mut(&NETUID).expect("there").subnet;
        subnet.commit_reveal = true;
        subnet.reveal_period = 2;
        subnet.tempo = 25;
        subnet.min_allowed_weights = 3;
        subnet.max_weights_limit = 45_000;
        state.spec_version = 2;
    });
    scene
        .until("a reveal", || scene.actions("reveal") == 1)
        .await;
    let row = scene.row();
    assert_eq!(
        row.iter().map(|(uid, _)| *uid).collect::<Vec<_>>(),
        [0, 1, 2]
    );
    let sum: u32 = row.iter().map(|(_, value)| u32::from(*value)).sum();
    assert!(
        65_535.0 / f64::from(sum) <= 45_000.0 / 65_535.0 + 1e-9,
        "{row:?}"
    );
    assert_eq!(running.metrics.spec_version.get(), 2);
    running.end().await;
}

/// As the chain does it: the epoch under way begins anew when its tempo changes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rounds_follow_a_tempo_that_changes() {
    let scene = Scene::new(30, &[255, 51]).await;
    let running = scene.start();
    let index = || scene.chain.with(|state| state.chapters[&NETUID].index);
    scene.until("weights", || scene.actions("set") >= 1).await;
    for tempo in [12, 45, 20] {
        let (first, start) = scene.chain.with(|state| {
            let start = state.block;
            let chapter = state.chapters.get_mut(&NETUID).expect("there");
            chapter.subnet.tempo = tempo;
            chapter.started = start.into();
            (chapter.index, start)
        });
        scene
            .until("two more epochs", || index() == first + 2)
            .await;
        let end = scene.chain.with(|state| state.block);
        assert_eq!(end - start, 2 * u32::from(tempo));
        let sets = scene.actions("set");
        let served =
            || scene.actions("set") > sets && running.rounds().last() >= Some(&(first + 2));
        scene
            .until("weights of an epoch of the new length", served)
            .await;
        assert!(index() <= first + 4, "late: epoch {}", index() - first);
    }
    running.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_loop_goes_on_when_the_chain_comes_back() {
    let scene = Scene::new(20, &[255]).await;
    let running = scene.start();
    scene.wait("a round", || running.rounds() == [0]).await;
    scene.chain.with(|state| state.is_away = true);
    for _ in 0..45 {
        tokio::time::sleep(Duration::from_millis(2)).await;
        scene.chain.produce();
    }
    let newest = *running.rounds().last().expect("one");
    assert!(newest < 2);
    scene.chain.with(|state| state.is_away = false);
    scene
        .until("a newer round", || running.rounds().last() > Some(&newest))
        .await;
    running.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_place_or_a_permit_nobody_is_asked() {
    let scene = Scene::new(20, &[255]).await;
    scene.chain.with(|state| {
        state
            .chapters
            .get_mut(&NETUID)
            .expect("there")
            .subnet
            .neurons[0]
            .is_permitted = false;
    });
    let running = scene.start();
    let rounds = running.metrics.rounds.clone();
    scene
        .until("no permit", || {
            rounds.with_label_values(&["7", "unpermitted"]).get() == 1
        })
        .await;
    scene.chain.with(|state| {
        let neurons = &mut state
            .chapters
            .get_mut(&NETUID)
            .expect("there")
            .subnet
            .neurons;
        neurons[0].hotkey = Hotkey([3; 32]);
    });
    scene
        .until("no place", || {
            rounds.with_label_values(&["7", "unregistered"]).get() == 1
        })
        .await;
    assert_eq!(scene.miners[0].answered(), 0);
    scene.chain.with(|state| {
        let neurons = &mut state
            .chapters
            .get_mut(&NETUID)
            .expect("there")
            .subnet
            .neurons;
        neurons[0].hotkey = miners::hotkey(0);
        neurons[0].is_permitted = true;
    });
    scene.until("weights", || !scene.row().is_empty()).await;
    running.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_subnets_share_one_account() {
    let scene = Scene::new(20, &[255, 51]).await;
    let own = miners::hotkey(0);
    for netuid in [8, 9] {
        scene
            .chain
            .add(miners::subnet(netuid, 17, own, &scene.miners));
    }
    scene.chain.with(|state| {
        state
            .chapters
            .get_mut(&8)
            .expect("there")
            .subnet
            .commit_reveal = true
    });
    let running = scene.start_for(&[NETUID, 8, 9]);
    scene
        .until("weights everywhere", || {
            scene.chain.with(|state| {
                state
                    .chapters
                    .values()
                    .all(|chapter| !chapter.rows.is_empty())
            })
        })
        .await;
    running.end().await;
}

/// Miners that know only one template: what the other subnet asks they cannot answer, and neither disturbs the other.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_templates_are_judged_in_one_process() {
    let scene = Scene::new(20, &[255, 51]).await;
    let own = miners::hotkey(0);
    scene.chain.add(miners::subnet(8, 17, own, &scene.miners));
    let custom = subnet_catalogue::find("custom").expect("it is there");
    let running = scene.start_with(&[(NETUID, &TOY), (8, custom)]);
    let round = |netuid| running.store.last_round(netuid).expect("read");
    scene
        .until("a round of each", || {
            [NETUID, 8]
                .into_iter()
                .all(|netuid| round(netuid).is_some())
                && scene.actions("set") >= 1
        })
        .await;
    let [toy, other] = [NETUID, 8].map(|netuid| round(netuid).expect("there"));
    assert_eq!(toy.template.0, TOY.description().name);
    assert_eq!(other.template.0, "custom");
    assert_eq!((toy.asked.len(), other.asked.len()), (2, 2));
    let scores = |netuid| -> Vec<f64> {
        let averages = running.store.averages(netuid).expect("read");
        averages.iter().map(|(_, average)| average.value).collect()
    };
    assert!(scores(NETUID).iter().all(|score| *score > 0.0));
    assert!(scores(8).iter().all(|score| *score == 0.0));
    running.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_judge_that_cannot_start_is_said_and_tried_again() {
    let scene = Scene::new(20, &[255]).await;
    let declare = |text: Option<&[u8]>| {
        scene.chain.with(|state| {
            state.chapters.get_mut(&NETUID).expect("there").declaration = text.map(<[u8]>::to_vec);
        });
    };
    declare(Some(b"broken"));
    let running = scene.start();
    let rounds = running.metrics.rounds.clone();
    scene
        .until("the failure", || {
            rounds.with_label_values(&["7", "failed"]).get() == 1
        })
        .await;
    declare(Some(b"mended"));
    scene
        .until("a round", || !running.rounds().is_empty())
        .await;
    let stored = running
        .store
        .last_round(NETUID)
        .expect("read")
        .expect("there");
    assert_eq!(stored.declaration.as_deref(), Some(&b"mended"[..]));
    assert_eq!(
        stored.randomness,
        block_hash(u32::try_from(stored.started).expect("small"))
    );
    running.end().await;
}
