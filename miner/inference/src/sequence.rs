//! A request while it is computed.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Instant,
};

use subnet_sdk::{ModelError, Position, Stop, Token};

use crate::{
    choice::{About, Outcome, Wish},
    events::{Event, Sender},
    model::Cache,
    queue::{Job, Work},
};

/// What a model has done and is doing.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) running: AtomicUsize,
    pub(crate) cache_bytes: AtomicUsize,
    pub(crate) generated: AtomicU64,
    pub(crate) computed: AtomicU64,
    pub(crate) refused: AtomicU64,
}

/// A request that is being computed.
pub(crate) struct Sequence {
    pub(crate) tokens: Vec<u32>,
    /// Tokens whose keys and values are in the cache.
    pub(crate) done: usize,
    pub(crate) work: Work,
    pub(crate) cache: Arc<Cache>,
    pub(crate) bytes: usize,
    pub(crate) positions: Vec<Position>,
    pub(crate) events: Sender,
    pub(crate) over: bool,
    /// What is sent when its place and its room are free again.
    pub(crate) last: Option<Event>,
}

impl Sequence {
    /// Nothing of it is computed yet. `bytes`: what is set apart for its keys and values.
    pub(crate) fn new(job: Job, cache: Cache, bytes: usize) -> Self {
        Self {
            cache: Arc::new(cache),
            bytes,
            done: 0,
            tokens: job.tokens,
            work: job.work,
            positions: Vec::new(),
            events: job.events,
            over: false,
            last: None,
        }
    }

    /// Tokens that need to be computed.
    pub(crate) fn target(&self) -> usize {
        match self.work {
            Work::Examine { .. } => self.tokens.len() - 1,
            Work::Generate { .. } | Work::Predict { .. } => self.tokens.len(),
        }
    }

    /// What is wanted about the row of token `index`.
    pub(crate) fn wish(&self, index: usize) -> Option<Wish> {
        let last = index + 1 == self.target();
        match &self.work {
            Work::Generate {
                sampling,
                candidates,
                ..
            } => last.then_some(Wish {
                about: About::Chosen(*sampling),
                candidates: *candidates,
            }),
            Work::Examine {
                from,
                candidates,
                sampling,
            } => (index + 1 >= *from).then(|| Wish {
                about: About::Given(self.tokens[index + 1], *sampling),
                candidates: *candidates,
            }),
            Work::Predict { candidates } => last.then_some(Wish {
                about: About::Nothing,
                candidates: *candidates,
            }),
        }
    }

    /// Takes no further part.
    pub(crate) fn end(&mut self, last: Event) {
        self.last = Some(last);
        self.over = true;
    }

    /// Takes the answer to a wish, which came `now`.
    pub(crate) fn take(&mut self, outcome: Outcome, counters: &Counters, now: Instant) {
        if self.over {
            return;
        }
        if !outcome.log_probability.is_finite() {
            self.end(Event::End(Err(ModelError::Computation(
                "the model computes numbers that are not finite; its weights are damaged or too large for 32 bits".into(),
            ))));
            return;
        }
        match self.work {
            Work::Generate { until, end, .. } => {
                counters.generated.fetch_add(1, Ordering::Relaxed);
                let id = outcome.id;
                self.tokens.push(id);
                let token = Event::Token(Token {
                    id,
                    log_probability: outcome.log_probability,
                    candidates: outcome.candidates,
                });
                if self.events.send(token, now).is_err() {
                    self.over = true;
                } else if end == Some(id) {
                    self.end(Event::End(Ok(Stop::EndOfText)));
                } else if self.tokens.len() >= until {
                    self.end(Event::End(Ok(Stop::Limit)));
                }
            }
            Work::Examine { .. } => {
                self.positions.push(Position {
                    id: outcome.id,
                    log_probability: outcome.log_probability,
                    rank: outcome.rank,
                    gap: outcome.gap,
                    candidates: outcome.candidates,
                });
            }
            Work::Predict { .. } => {
                self.end(Event::Candidates(outcome.candidates));
            }
        }
    }
}
