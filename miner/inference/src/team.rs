//! Threads that compute one thing together, over and over.
//!
//! A forward pass is some hundred small operations; waking threads for each would cost more than the operations. So the
//! whole team runs the whole pass, each **rank** its share (of every operation, or of the rows), and ranks wait for one another at
//! barriers, where they spin. Between passes they spin a little, then sleep.
//!
//! What a rank computes for the others of an operation it writes into its part of an [`Exchange`]; after the next barrier all may
//! read it.

use std::{
    hint::spin_loop,
    ops::Range,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread::{self, JoinHandle},
};

/// Spins before a waiting rank lets other threads of the machine run, and before an idle one sleeps.
const SPINS: u32 = 1_000;
const IDLE_SPINS: u32 = 10_000;

/// A rank failed; the team cannot go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Broken;

/// What a rank needs to know of the others.
pub(crate) struct Rank<'a> {
    index: usize,
    meeting: &'a Meeting,
}

impl Rank<'_> {
    /// From 0; rank 0 is the caller.
    pub(crate) const fn index(&self) -> usize {
        self.index
    }

    /// Number of ranks.
    pub(crate) const fn count(&self) -> usize {
        self.meeting.count
    }

    /// This rank's share of `count` things in a row.
    pub(crate) const fn share(&self, count: usize) -> Range<usize> {
        share(count, self.index, self.meeting.count)
    }

    /// Waits for all ranks. **Errors:** one of them panicked.
    pub(crate) fn wait(&self) -> Result<(), Broken> {
        self.meeting.wait()
    }
}

/// The share of one rank of `count` things in a row.
pub(crate) const fn share(count: usize, index: usize, ranks: usize) -> Range<usize> {
    count * index / ranks..count * (index + 1) / ranks
}

struct Meeting {
    count: usize,
    arrived: AtomicUsize,
    round: AtomicUsize,
    broken: AtomicBool,
}

impl Meeting {
    fn wait(&self) -> Result<(), Broken> {
        if self.count == 1 {
            return Ok(());
        }
        let round = self.round.load(Ordering::Acquire);
        if self.arrived.fetch_add(1, Ordering::AcqRel) + 1 == self.count {
            self.arrived.store(0, Ordering::Relaxed);
            self.round.store(round.wrapping_add(1), Ordering::Release);
            return if self.broken.load(Ordering::Acquire) {
                Err(Broken)
            } else {
                Ok(())
            };
        }
        let mut spins = 0;
        while self.round.load(Ordering::Acquire) == round {
            if self.broken.load(Ordering::Acquire) {
                return Err(Broken);
            }
            spins += 1;
            if spins < SPINS {
                spin_loop();
            } else {
                thread::yield_now();
            }
        }
        Ok(())
    }
}

/// Threads that run one task again and again.
pub(crate) struct Team {
    meeting: Arc<Meeting>,
    /// Number of passes that were started.
    pass: Arc<AtomicUsize>,
    stopped: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Team {
    /// A team of `count` ranks, the caller among them. `task` makes what each other rank runs in every pass.
    ///
    /// **Errors:** the system gives no thread.
    pub(crate) fn new<T>(count: usize, task: impl Fn() -> T) -> std::io::Result<Self>
    where
        T: FnMut(&Rank<'_>) -> Result<(), Broken> + Send + 'static,
    {
        let mut team = Self {
            meeting: Arc::new(Meeting {
                count: count.max(1),
                arrived: AtomicUsize::new(0),
                round: AtomicUsize::new(0),
                broken: AtomicBool::new(false),
            }),
            pass: Arc::new(AtomicUsize::new(0)),
            stopped: Arc::new(AtomicBool::new(false)),
            threads: Vec::new(),
        };
        for index in 1..team.meeting.count {
            let meeting = Arc::clone(&team.meeting);
            let pass = Arc::clone(&team.pass);
            let stopped = Arc::clone(&team.stopped);
            let mut task = task();
            let thread = thread::Builder::new()
                .name(format!("inference-{index}"))
                .spawn(move || {
                    let rank = Rank {
                        index,
                        meeting: &meeting,
                    };
                    let mut seen = 0;
                    while let Some(next) = next_pass(&pass, seen, &stopped) {
                        seen = next;
                        if !run(&rank, &mut task) {
                            return;
                        }
                    }
                })?;
            team.threads.push(thread);
        }
        Ok(team)
    }

    /// Runs one pass; `task` is the share of rank 0. **Errors:** a rank panicked; the team must be replaced.
    pub(crate) fn pass(
        &self,
        task: &mut impl FnMut(&Rank<'_>) -> Result<(), Broken>,
    ) -> Result<(), Broken> {
        if self.meeting.broken.load(Ordering::Acquire) {
            return Err(Broken);
        }
        self.pass.fetch_add(1, Ordering::Release);
        for thread in &self.threads {
            thread.thread().unpark();
        }
        let rank = Rank {
            index: 0,
            meeting: &self.meeting,
        };
        if run(&rank, task) {
            Ok(())
        } else {
            Err(Broken)
        }
    }
}

impl Drop for Team {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Release);
        for thread in self.threads.drain(..) {
            thread.thread().unpark();
            // Its panics are known as `Broken`.
            let _ = thread.join();
        }
    }
}

/// Waits for a pass after `seen`; nothing when the team ends.
fn next_pass(pass: &AtomicUsize, seen: usize, stopped: &AtomicBool) -> Option<usize> {
    let mut spins = 0;
    loop {
        if stopped.load(Ordering::Acquire) {
            return None;
        }
        let next = pass.load(Ordering::Acquire);
        if next != seen {
            return Some(next);
        }
        spins += 1;
        if spins < IDLE_SPINS {
            spin_loop();
        } else {
            thread::park();
        }
    }
}

/// Runs a rank's share and meets the others at its end. A panic breaks the team instead of leaving others waiting.
fn run(rank: &Rank<'_>, task: &mut impl FnMut(&Rank<'_>) -> Result<(), Broken>) -> bool {
    let outcome = catch_unwind(AssertUnwindSafe(|| task(rank)));
    match outcome {
        Ok(Ok(())) => rank.wait().is_ok(),
        Ok(Err(Broken)) => false,
        Err(_) => {
            rank.meeting.broken.store(true, Ordering::Release);
            false
        }
    }
}

/// Rows that ranks compute in parts: each rank the columns of its share of sixteens.
pub(crate) struct Exchange {
    parts: Vec<RwLock<Vec<f32>>>,
}

impl Exchange {
    /// For `ranks` ranks.
    pub(crate) fn new(ranks: usize) -> Self {
        Self {
            parts: (0..ranks).map(|_| RwLock::new(Vec::new())).collect(),
        }
    }

    /// A rank's part, `length` long, with any content.
    pub(crate) fn write(&self, rank: &Rank<'_>, length: usize) -> RwLockWriteGuard<'_, Vec<f32>> {
        let mut part = self.parts[rank.index]
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        part.resize(length, 0.0);
        part
    }

    /// A rank's part as it was written.
    pub(crate) fn read(&self, index: usize) -> RwLockReadGuard<'_, Vec<f32>> {
        self.parts[index]
            .read()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Calls `each` with (row, first column, numbers) for all pieces of rows of `width` columns within `wanted`, which ranks wrote
    /// in their shares of the sixteens.
    pub(crate) fn pieces(
        &self,
        rows: Range<usize>,
        width: usize,
        wanted: Range<usize>,
        mut each: impl FnMut(usize, usize, &[f32]),
    ) {
        let panels = width.div_ceil(16);
        for index in 0..self.parts.len() {
            let own = share(panels, index, self.parts.len());
            let stride = own.len() * 16;
            let start = (own.start * 16).max(wanted.start);
            let end = (own.end * 16).min(wanted.end);
            if start >= end {
                continue;
            }
            let part = self.read(index);
            for row in rows.clone() {
                let first = row * stride + start - own.start * 16;
                each(row, start, &part[first..first + end - start]);
            }
        }
    }

    /// Copies rows of `width` columns together.
    pub(crate) fn gather(&self, rows: usize, width: usize, output: &mut [f32]) {
        self.pieces(0..rows, width, 0..width, |row, column, numbers| {
            output[row * width + column..][..numbers.len()].copy_from_slice(numbers);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_cover_everything_once() {
        for count in 0..40 {
            for ranks in 1..9 {
                let all: Vec<usize> = (0..ranks).flat_map(|i| share(count, i, ranks)).collect();
                assert_eq!(all, (0..count).collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn ranks_see_what_others_wrote_before_the_barrier() {
        let ranks = 3;
        let exchange = Arc::new(Exchange::new(ranks));
        let sums = Arc::new(AtomicUsize::new(0));
        let make = || {
            let (exchange, sums) = (Arc::clone(&exchange), Arc::clone(&sums));
            let mut gathered = vec![0.0; 200];
            move |rank: &Rank<'_>| {
                for round in 0..50usize {
                    let own = rank.share(7);
                    {
                        let mut part = exchange.write(rank, own.len() * 16 * 2);
                        let stride = own.len() * 16;
                        for row in 0..2 {
                            for column in 0..stride {
                                part[row * stride + column] =
                                    (own.start * 16 + column + row + round) as f32;
                            }
                        }
                    }
                    rank.wait()?;
                    exchange.gather(2, 100, &mut gathered);
                    let right = (0..200)
                        .filter(|i| gathered[*i] == (i % 100 + i / 100 + round) as f32)
                        .count();
                    sums.fetch_add(right, Ordering::Relaxed);
                    rank.wait()?;
                }
                Ok(())
            }
        };
        let team = Team::new(ranks, make).unwrap();
        let mut own = make();
        for _ in 0..20 {
            team.pass(&mut own).unwrap();
        }
        assert_eq!(sums.load(Ordering::Relaxed), 20 * 50 * 3 * 200);
    }

    #[test]
    fn a_panic_of_any_rank_ends_the_pass_for_all() {
        for culprit in 0..3 {
            let make = || {
                move |rank: &Rank<'_>| {
                    rank.wait()?;
                    assert_ne!(rank.index(), culprit, "this is the panic of a test");
                    rank.wait()?;
                    rank.wait()
                }
            };
            let team = Team::new(3, make).unwrap();
            assert_eq!(team.pass(&mut make()), Err(Broken));
            assert_eq!(team.pass(&mut make()), Err(Broken));
        }
    }
}
