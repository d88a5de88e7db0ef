//! Running blocking work: so much at once, so much waiting, each with a deadline.

use std::sync::Arc;

use prometheus::IntGauge;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, timeout_at},
};

/// Why there is no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WorkError {
    /// It took, or would take, too long.
    #[error("not done in time")]
    Late,
    /// The work panicked.
    #[error("the work failed unexpectedly")]
    Panicked,
}

/// Runs blocking work on a bounded number of threads.
#[derive(Clone, Debug)]
pub struct Pool {
    places: Arc<Semaphore>,
    running: Arc<Semaphore>,
    running_now: IntGauge,
}

/// A place in the queue; free when dropped.
#[derive(Debug)]
pub struct Place {
    _permit: OwnedSemaphorePermit,
}

impl Pool {
    /// `running`: pieces of work at once. `waiting`: further ones in the queue. `running_now`: shows how many run.
    pub fn new(running: usize, waiting: usize, running_now: IntGauge) -> Self {
        Self {
            places: Arc::new(Semaphore::new(running.max(1) + waiting)),
            running: Arc::new(Semaphore::new(running.max(1))),
            running_now,
        }
    }

    /// Takes a place; `None` if the queue is full.
    pub fn place(&self) -> Option<Place> {
        let permit = Arc::clone(&self.places).try_acquire_owned().ok()?;
        Some(Place { _permit: permit })
    }

    /// Runs work when its turn comes. Work that is late goes on, keeping its place: it cannot be interrupted, and more of it must not
    /// pile up. **Errors:** see [`WorkError`].
    pub async fn run<T: Send + 'static>(
        &self,
        place: Place,
        deadline: Instant,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, WorkError> {
        /// Counts down also after a panic.
        struct Running(IntGauge);
        impl Drop for Running {
            fn drop(&mut self) {
                self.0.dec();
            }
        }
        let turn = timeout_at(deadline, Arc::clone(&self.running).acquire_owned())
            .await
            .map_err(|_| WorkError::Late)?
            .map_err(|_| WorkError::Panicked)?;
        self.running_now.inc();
        let running = Running(self.running_now.clone());
        let thread = tokio::task::spawn_blocking(move || {
            let _held = (place, turn, running);
            work()
        });
        match timeout_at(deadline, thread).await {
            Err(_) => Err(WorkError::Late),
            Ok(Err(_)) => Err(WorkError::Panicked),
            Ok(Ok(result)) => Ok(result),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{sync::mpsc, time::Duration};

    use super::*;

    fn pool(running: usize, waiting: usize) -> Pool {
        Pool::new(
            running,
            waiting,
            IntGauge::new("running", "help").expect("a name"),
        )
    }

    fn soon() -> Instant {
        Instant::now() + Duration::from_secs(20)
    }

    #[tokio::test]
    async fn places_are_bounded_and_work_waits_for_its_turn() {
        let pool = pool(1, 1);
        let (first, second) = (pool.place().expect("free"), pool.place().expect("free"));
        assert!(pool.place().is_none());
        let (release, held) = mpsc::channel::<()>();
        let running = tokio::spawn({
            let pool = pool.clone();
            async move { pool.run(first, soon(), move || held.recv().is_ok()).await }
        });
        while pool.running_now.get() == 0 {
            tokio::task::yield_now().await;
        }
        // The second waits for its turn, in vain.
        let late = pool
            .run(second, Instant::now() + Duration::from_millis(10), || 2)
            .await;
        assert_eq!(late, Err(WorkError::Late));
        release.send(()).expect("waiting");
        assert_eq!(running.await.expect("ended"), Ok(true));
        let place = pool.place().expect("free again");
        assert_eq!(pool.run(place, soon(), || 3).await, Ok(3));
        assert_eq!(pool.running_now.get(), 0);
    }

    #[tokio::test]
    async fn late_work_keeps_its_place_until_it_ends() {
        let pool = pool(1, 0);
        let (release, held) = mpsc::channel::<()>();
        let place = pool.place().expect("free");
        let deadline = Instant::now() + Duration::from_millis(10);
        let late = pool.run(place, deadline, move || held.recv().is_ok()).await;
        assert_eq!(late, Err(WorkError::Late));
        assert!(pool.place().is_none());
        release.send(()).expect("waiting");
        while pool.place().is_none() {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn a_panic_costs_one_request_only() {
        let pool = pool(1, 0);
        let place = pool.place().expect("free");
        let result = pool
            .run(place, soon(), || -> usize {
                std::panic::panic_any("as planned")
            })
            .await;
        assert_eq!(result, Err(WorkError::Panicked));
        let place = pool.place().expect("free again");
        assert_eq!(pool.run(place, soon(), || 1).await, Ok(1));
    }
}
