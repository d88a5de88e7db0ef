//! Requests that wait for the thread of a model.

use std::{
    collections::VecDeque,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
};

use subnet_sdk::{ModelError, Sampling};

use crate::events::Sender;

/// What a request wants.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Work {
    /// New tokens.
    Generate {
        /// Tokens of prompt and answer together, at most.
        until: usize,
        sampling: Sampling,
        /// Ends the generation.
        end: Option<u32>,
        candidates: usize,
    },
    /// What the model thinks of the tokens from `from` on.
    Examine {
        from: usize,
        candidates: usize,
        sampling: Option<Sampling>,
    },
    /// The most probable tokens that follow.
    Predict { candidates: usize },
}

/// A request and where its answer goes.
pub(crate) struct Job {
    pub(crate) tokens: Vec<u32>,
    pub(crate) work: Work,
    pub(crate) events: Sender,
}

impl Job {
    /// Tokens whose keys and values it needs.
    pub(crate) fn cached_tokens(&self) -> usize {
        match self.work {
            // Nothing follows the last token.
            Work::Generate { until, .. } => until - 1,
            Work::Examine { .. } => self.tokens.len() - 1,
            Work::Predict { .. } => self.tokens.len(),
        }
    }
}

/// A bounded queue.
pub(crate) struct Queue {
    most: usize,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Job>,
    /// Why nothing is taken any more.
    closed: Option<String>,
}

impl Queue {
    /// For this many requests.
    pub(crate) fn new(most: usize) -> Self {
        Self {
            most,
            state: Mutex::new(State::default()),
            changed: Condvar::new(),
        }
    }

    /// Adds a request. **Errors:** the queue is full, or its thread has ended.
    pub(crate) fn push(&self, job: Job) -> Result<(), ModelError> {
        let mut state = self.lock();
        if let Some(reason) = &state.closed {
            return Err(ModelError::Computation(reason.clone()));
        }
        if state.waiting.len() >= self.most {
            return Err(ModelError::Computation(format!(
                "overloaded: {} requests wait for this model already; try again later",
                self.most
            )));
        }
        state.waiting.push_back(job);
        self.changed.notify_one();
        Ok(())
    }

    /// The first request if it suits; with `waits`, waits for one. Nothing when the queue is closed and with `waits`.
    pub(crate) fn take(&self, waits: bool, suits: impl Fn(&Job) -> bool) -> Option<Job> {
        let mut state = self.lock();
        while waits && state.waiting.is_empty() && state.closed.is_none() {
            state = self
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
        if state.closed.is_some() || !suits(state.waiting.front()?) {
            return None;
        }
        state.waiting.pop_front()
    }

    /// Number of requests that wait.
    pub(crate) fn len(&self) -> usize {
        self.lock().waiting.len()
    }

    /// Takes no more, and drops what waits: its senders see that their answers do not come.
    pub(crate) fn close(&self, reason: &str) {
        let mut state = self.lock();
        state.closed.get_or_insert_with(|| reason.into());
        state.waiting.clear();
        self.changed.notify_all();
    }

    /// Whether it takes no more.
    pub(crate) fn is_closed(&self) -> bool {
        self.lock().closed.is_some()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
