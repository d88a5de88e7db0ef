//! What the thread of a model tells those who wait for an answer.
//!
//! To wake a thread takes about as long as a small model takes for a token, and whoever is woken needs a processor that the
//! team computes on. So a caller is woken for the first token, then by a token at most once in two milliseconds, for all that came
//! since; besides before a pass with a prompt, and by the end.

use std::{
    collections::VecDeque,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use subnet_sdk::{Candidate, ModelError, Position, Stop, Token};

/// Tokens that come within this time after one that woke the caller do not wake it. One of them waits so long, and for the pass
/// that is under way then.
const PATIENCE: Duration = Duration::from_millis(2);

/// A part of an answer.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Event {
    Token(Token),
    Positions(Vec<Position>),
    Candidates(Vec<Candidate>),
    End(Result<Stop, ModelError>),
}

/// The two ends of one answer. What is under way is bounded by what its request can be answered with.
pub(crate) fn channel() -> (Sender, Receiver) {
    let shared = Arc::new(Shared::default());
    let sender = Sender {
        shared: Arc::clone(&shared),
        woken: None,
        untold: false,
    };
    let receiver = Receiver {
        shared,
        taken: VecDeque::new(),
    };
    (sender, receiver)
}

/// Nobody waits for the answer any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Gone;

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    events: VecDeque<Event>,
    /// The caller sleeps until it is woken.
    sleeps: bool,
    /// The other end is gone.
    over: bool,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn leave(&self) {
        self.lock().over = true;
        self.changed.notify_one();
    }
}

/// The end of the thread of the model.
pub(crate) struct Sender {
    shared: Arc<Shared>,
    /// When a token last woke the caller, or would have if it slept.
    woken: Option<Instant>,
    /// Whether something was sent since.
    untold: bool,
}

impl Sender {
    /// Sends something that is not the last. **Errors:** the caller is gone.
    pub(crate) fn send(&mut self, event: Event, now: Instant) -> Result<(), Gone> {
        self.push(event)?;
        if self.woken.is_none_or(|woken| now - woken >= PATIENCE) {
            self.woken = Some(now);
            self.wake();
        }
        Ok(())
    }

    /// Sends the last part of the answer. **Errors:** the caller is gone.
    pub(crate) fn finish(&mut self, event: Event) -> Result<(), Gone> {
        self.push(event)?;
        self.wake();
        Ok(())
    }

    /// Wakes the caller if it does not know everything.
    pub(crate) fn wake(&mut self) {
        if std::mem::take(&mut self.untold) && self.shared.lock().sleeps {
            self.shared.changed.notify_one();
        }
    }

    fn push(&mut self, event: Event) -> Result<(), Gone> {
        let mut state = self.shared.lock();
        if state.over {
            return Err(Gone);
        }
        state.events.push_back(event);
        self.untold = true;
        Ok(())
    }
}

impl Drop for Sender {
    fn drop(&mut self) {
        self.shared.leave();
    }
}

/// The end of the caller.
pub(crate) struct Receiver {
    shared: Arc<Shared>,
    taken: VecDeque<Event>,
}

impl Receiver {
    /// Waits for the next part; nothing if the thread of the model went away before the last one.
    pub(crate) fn next(&mut self) -> Option<Event> {
        if let Some(event) = self.taken.pop_front() {
            return Some(event);
        }
        let mut state = self.shared.lock();
        while state.events.is_empty() && !state.over {
            state.sleeps = true;
            state = self
                .shared
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
        state.sleeps = false;
        std::mem::swap(&mut state.events, &mut self.taken);
        self.taken.pop_front()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.shared.leave();
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    fn token(id: u32) -> Event {
        Event::Token(Token {
            id,
            log_probability: 0.0,
            candidates: Vec::new(),
        })
    }

    #[test]
    fn everything_arrives_in_order_and_the_end_of_the_sender_is_seen() {
        let (mut sender, mut receiver) = channel();
        let waits = thread::spawn(move || {
            let mut all = Vec::new();
            while let Some(event) = receiver.next() {
                all.push(event);
            }
            all
        });
        let now = Instant::now();
        for id in 0..1000 {
            sender.send(token(id), now).unwrap();
        }
        drop(sender);
        let expected: Vec<Event> = (0..1000).map(token).collect();
        assert_eq!(waits.join().unwrap(), expected);
    }

    #[test]
    fn a_caller_is_woken_for_the_first_token_and_then_once_in_a_while() {
        let (mut sender, _receiver) = channel();
        let start = Instant::now();
        let mut told = |after| {
            sender.send(token(0), start + after).unwrap();
            !sender.untold
        };
        assert!(told(Duration::ZERO));
        assert!(!told(PATIENCE / 2));
        assert!(told(PATIENCE));
        assert!(!told(PATIENCE * 3 / 2));
        sender.wake();
        assert!(!sender.untold);
        sender.finish(Event::End(Ok(Stop::Limit))).unwrap();
        assert!(!sender.untold);
    }

    #[test]
    fn a_caller_that_sleeps_is_woken_for_what_it_was_not_told() {
        let (mut sender, mut receiver) = channel();
        let now = Instant::now();
        sender.send(token(0), now).unwrap();
        assert_eq!(receiver.next(), Some(token(0)));
        let waits = thread::spawn(move || receiver.next());
        while !sender.shared.lock().sleeps {
            thread::yield_now();
        }
        sender.send(token(1), now).unwrap();
        assert!(sender.untold);
        sender.wake();
        assert_eq!(waits.join().unwrap(), Some(token(1)));
    }

    #[test]
    fn a_caller_that_left_is_noticed() {
        let (mut sender, receiver) = channel();
        sender.send(token(1), Instant::now()).unwrap();
        drop(receiver);
        assert_eq!(sender.send(token(2), Instant::now()), Err(Gone));
        assert_eq!(sender.finish(Event::End(Ok(Stop::Limit))), Err(Gone));
    }
}
