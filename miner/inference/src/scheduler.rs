//! Continuous batching: one thread owns a model and computes whatever is there, pass by pass.
//!
//! A pass holds one row for every sequence that generates, and up to [`Options::prefill_tokens`] rows of prompts.
//! Requests join between passes as soon as there is a place and room for their keys and values, and leave when they are done.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, PoisonError, RwLock, atomic::Ordering},
    time::Instant,
};

use subnet_sdk::ModelError;

use crate::{
    choice::{Chooser, Outcome},
    device::DeviceModel,
    events::Event,
    kernel::Processor,
    model::{Cache, CacheKind, Memory, Model, Pass, Rotation, Row, Run, Shape, Workspace, forward},
    options::Options,
    queue::{Job, Queue, Work},
    sequence::{Counters, Sequence},
    team::{Broken, Rank, Team},
};

#[cfg(test)]
mod tests;

/// What the threads of a team share.
struct Shared {
    model: Arc<Model>,
    pass: RwLock<Pass>,
    space: Workspace,
    processor: Processor,
}

impl Shared {
    fn share(&self, rank: &Rank<'_>, memory: &mut Memory) -> Result<(), Broken> {
        let pass = self.pass.read().unwrap_or_else(PoisonError::into_inner);
        forward(
            &self.model,
            &pass,
            rank,
            &self.space,
            memory,
            self.processor,
        )
    }
}

/// What computes passes.
pub(crate) enum Backend {
    /// The kernels of this crate.
    Processor(Arc<Model>),
    /// Candle.
    Device(Box<DeviceModel>),
}

/// Runs until the queue is closed.
pub(crate) fn run(
    backend: &Backend,
    (shape, rotation, kind): (&Shape, &Rotation, CacheKind),
    options: &Options,
    queue: &Queue,
    counters: &Counters,
) {
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        let mut scheduler = Scheduler {
            backend,
            shape,
            rotation,
            kind,
            options,
            queue,
            counters,
            team: None,
            memory: Memory::default(),
            chooser: Chooser::default(),
            running: Vec::new(),
            angles: Vec::new(),
            cache_bytes: 0,
            owners: Vec::new(),
        };
        while scheduler.step() {}
    }));
    queue.close(if outcome.is_ok() {
        "the model is shut down"
    } else {
        "the thread of the model failed; restart the program"
    });
    counters.running.store(0, Ordering::Relaxed);
}

struct Scheduler<'a> {
    backend: &'a Backend,
    shape: &'a Shape,
    rotation: &'a Rotation,
    kind: CacheKind,
    options: &'a Options,
    queue: &'a Queue,
    counters: &'a Counters,
    team: Option<(Team, Arc<Shared>)>,
    memory: Memory,
    chooser: Chooser,
    running: Vec<Sequence>,
    /// Of all positions that there were so far, see [`Rotation::angles`].
    angles: Vec<f32>,
    cache_bytes: usize,
    /// Sequence of every wish of the pass.
    owners: Vec<usize>,
}

impl Scheduler<'_> {
    /// One pass; false when there will be no more.
    fn step(&mut self) -> bool {
        self.admit();
        if self.running.is_empty() {
            return !self.queue.is_closed();
        }
        if self.queue.is_closed() {
            return false;
        }
        if let Err(problem) = self.pass() {
            tracing::error!(%problem, "a pass of the model failed");
            for sequence in &mut self.running {
                sequence.end(Event::End(Err(ModelError::Computation(problem.clone()))));
            }
            // The team is gone with its failure; the next pass makes another.
            self.memory = Memory::default();
        }
        self.dismiss();
        true
    }

    /// Takes requests while there is room; waits for one if there is nothing to do.
    fn admit(&mut self) {
        let per_token = self.kind.bytes_of_token(self.shape);
        while self.running.len() < self.options.most_running {
            let free = self.options.kv_budget_bytes - self.cache_bytes;
            let bytes = |job: &Job| job.cached_tokens().next_multiple_of(16) * per_token;
            let Some(job) = self
                .queue
                .take(self.running.is_empty(), |job| bytes(job) <= free)
            else {
                break;
            };
            let bytes = bytes(&job);
            self.cache_bytes += bytes;
            let cache = match self.backend {
                Backend::Processor(_) => Cache::new(self.shape, self.kind, job.cached_tokens()),
                Backend::Device(_) => Cache::of_device(),
            };
            self.running.push(Sequence::new(job, cache, bytes));
        }
        self.count();
    }

    /// Lets sequences go that are over, then tells their callers.
    fn dismiss(&mut self) {
        let gone: Vec<Sequence> = self
            .running
            .extract_if(.., |sequence| sequence.over)
            .collect();
        if gone.is_empty() {
            return;
        }
        self.cache_bytes -= gone.iter().map(|sequence| sequence.bytes).sum::<usize>();
        self.count();
        for mut sequence in gone {
            if let Some(last) = sequence.last.take() {
                // Nobody may be there any more.
                let _ = sequence.events.finish(last);
            }
        }
    }

    fn count(&self) {
        self.counters
            .running
            .store(self.running.len(), Ordering::Relaxed);
        self.counters
            .cache_bytes
            .store(self.cache_bytes, Ordering::Relaxed);
    }

    /// **Errors:** what computes it failed.
    fn pass(&mut self) -> Result<(), String> {
        match self.backend {
            Backend::Processor(model) => self.pass_of_team(model)?,
            Backend::Device(model) => {
                let mut pass = Pass::default();
                self.fill(&mut pass);
                let chooser = &mut self.chooser;
                let outcomes = catch_unwind(AssertUnwindSafe(|| model.pass(&pass, chooser)))
                    .map_err(|_| "the device's library panicked".to_owned())?
                    .map_err(|error| format!("on the device: {error}"))?;
                self.hand_out(outcomes.into_iter());
            }
        }
        for sequence in &mut self.running {
            if matches!(sequence.work, Work::Examine { .. })
                && !sequence.over
                && sequence.done == sequence.target()
            {
                let positions = std::mem::take(&mut sequence.positions);
                sequence.end(Event::Positions(positions));
            }
        }
        Ok(())
    }

    fn pass_of_team(&mut self, model: &Arc<Model>) -> Result<(), String> {
        let (team, shared) = match self.team.take() {
            Some(team) => team,
            None => new_team(model, self.options)?,
        };
        {
            let mut pass = shared.pass.write().unwrap_or_else(PoisonError::into_inner);
            self.fill(&mut pass);
            shared.space.outcomes.expect(pass.wishes.len());
        }
        let memory = &mut self.memory;
        team.pass(&mut |rank: &Rank<'_>| shared.share(rank, memory))
            .map_err(|Broken| {
                "a thread of the model panicked; the request was given up".to_owned()
            })?;
        self.hand_out(shared.space.outcomes.take().into_iter());
        // Caches live as long as their sequences.
        shared
            .pass
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
        self.team = Some((team, shared));
        Ok(())
    }

    fn fill(&mut self, pass: &mut Pass) {
        fill(
            pass,
            &mut self.owners,
            &mut self.running,
            (self.rotation, &mut self.angles),
            self.options.prefill_tokens,
        );
        if pass.rows.len() > pass.runs.len() {
            // A prompt takes longer than a token: nobody waits for it without knowing what there is.
            for sequence in &mut self.running {
                sequence.events.wake();
            }
        }
        self.counters
            .computed
            .fetch_add(pass.rows.len() as u64, Ordering::Relaxed);
    }

    /// Gives every sequence the answers to its wishes.
    fn hand_out(&mut self, outcomes: impl Iterator<Item = Option<Outcome>>) {
        let now = Instant::now();
        for (owner, outcome) in self.owners.iter().zip(outcomes) {
            if let Some(outcome) = outcome {
                self.running[*owner].take(outcome, self.counters, now);
            }
        }
    }
}

/// Writes what the next pass computes.
fn fill(
    pass: &mut Pass,
    owners: &mut Vec<usize>,
    running: &mut [Sequence],
    (rotation, angles): (&Rotation, &mut Vec<f32>),
    prefill: usize,
) {
    pass.clear();
    owners.clear();
    let mut room = prefill.max(1);
    for (owner, sequence) in running.iter_mut().enumerate() {
        let missing = sequence.target() - sequence.done;
        // A row of a sequence that generates has its place always. A prompt that takes several passes takes equal ones: a pass of
        // few rows costs nearly as much as one of many.
        let mut count = missing;
        if missing == 0 || (missing > 1 && room == 0) {
            continue;
        }
        if missing > 1 {
            count = missing.div_ceil(missing.div_ceil(room));
            room -= count;
        }
        let first = pass.rows.len();
        let width = 2 * rotation.frequencies().len();
        for position in angles.len() / width..sequence.done + count {
            rotation.angles(position, angles);
        }
        pass.angles
            .extend_from_slice(&angles[sequence.done * width..][..count * width]);
        for index in sequence.done..sequence.done + count {
            if let Some(wish) = sequence.wish(index) {
                pass.wishes.push((pass.rows.len(), wish));
                owners.push(owner);
            }
            pass.rows.push(Row {
                token: sequence.tokens[index],
                position: index,
            });
        }
        pass.runs.push(Run {
            cache: Arc::clone(&sequence.cache),
            rows: first..first + count,
        });
        sequence.done += count;
    }
    #[cfg(test)]
    {
        pass.fails = pass
            .rows
            .windows(3)
            .any(|rows| rows.iter().all(|row| Some(row.token) == tests::POISON));
    }
}

fn new_team(model: &Arc<Model>, options: &Options) -> Result<(Team, Arc<Shared>), String> {
    let threads = options
        .threads
        .or_else(|| std::thread::available_parallelism().ok().map(usize::from))
        .unwrap_or(1)
        .clamp(1, 256);
    let shared = Arc::new(Shared {
        model: Arc::clone(model),
        pass: RwLock::new(Pass::default()),
        space: Workspace::new(model, threads),
        processor: Processor::detect(),
    });
    let team = Team::new(threads, || {
        let shared = Arc::clone(&shared);
        let mut memory = Memory::default();
        move |rank: &Rank<'_>| shared.share(rank, &mut memory)
    })
    .map_err(|error| format!("the system gives no thread: {error}"))?;
    Ok((team, shared))
}
